"""``detente solve``: the equilibrium of any Gambit game."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.defaults import LAMBDA

if TYPE_CHECKING:
    from detente.equilibrium.general.solve import ExtensiveEquilibrium

NAME = "solve"
HELP = "Solve any Gambit game (.efg): its equilibrium and the certificate."
EPILOG = "Example: detente solve poker.efg --lambda 5 --json"

MOST_OTHERS = 3
"""Other solutions that are printed; the JSON document has all of them."""
LAMBDA_PER_STAKE = LAMBDA
"""The precision used unless one is given: 40 over the largest difference in one player's payoffs,
which is the meaning of 40 in a crisis file, because payoffs there are in units of the stake."""


def command(
    game: Annotated[Path, typer.Argument(help="A Gambit extensive game.", show_default=False)],
    lam: Annotated[
        float | None,
        typer.Option(
            "--lambda", metavar="NUMBER", show_default=False,
            help="Precision of choice, in one over the file's payoff units; 0 is choice at random. "
            "Unless given: 40 divided by the largest difference in a player's payoffs.",
        ),
    ] = None,
    trace: Annotated[
        bool,
        typer.Option(
            "--trace", help="Also give the branch from lambda 0 and further equilibria on it."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Solve any Gambit game (.efg): its agent logit equilibrium and the certificate.

    Exit code 1 means that the solution could not be certified. It is printed and marked.
    """
    import math

    from detente.commands._common import emit_json, finish, progress
    from detente.equilibrium.general.solve import MOST, solve_extensive
    from detente.errors import InputError
    from detente.game.efg import read_efg

    if lam is not None and not (math.isfinite(lam) and lam >= 0):
        raise InputError(f"--lambda is {lam}", expected="a number from 0")
    with progress(f"solving {game.name}"):
        read = read_efg(game)
        if lam is None:
            lam = LAMBDA_PER_STAKE / read.stake if read.stake > 0 else LAMBDA_PER_STAKE
        if not lam * read.stake <= MOST:
            raise InputError(
                f"--lambda is {lam:g}, but the largest difference in a player's payoffs is "
                f"{read.stake:g}",
                expected=f"a number from 0 to {MOST / read.stake:g}, which is {MOST:g} over that "
                "difference",
            )
        solved = solve_extensive(read, lam, trace=trace)
    if as_json:
        emit_json(document(solved, str(game)))
    else:
        show(solved)
    finish(solved.certificate.certified)


def document(solved: ExtensiveEquilibrium, file: str) -> dict[str, Any]:
    """Return the equilibrium as a JSON-ready document, everything in the file's order."""
    game = solved.game
    found: dict[str, Any] = {
        "file": file,
        "title": game.title,
        "lambda": solved.lam,
        "players": _players(solved),
        "certificate": solved.certificate.as_dict(),
    }
    if solved.trace is not None:
        found["trace"] = {
            "lambda": [float(x) for x in solved.trace.lam],
            "folds": list(solved.trace.folds),
        }
    if solved.trace is not None or solved.others:
        found["others"] = [
            {"players": _players(other), "certificate": other.certificate.as_dict()}
            for other in solved.others
        ]
    return found


def _players(solved: ExtensiveEquilibrium) -> list[dict[str, Any]]:
    game = solved.game
    return [
        {
            "name": name,
            "payoff": float(solved.value[0, i]),
            "information_sets": [
                {
                    "label": game.set_name(h),
                    "number": int(game.set_number[h]),
                    "actions": [
                        {"name": game.move_label[a], "probability": float(solved.prob[a])}
                        for a in range(int(game.set_first[h]), int(game.set_first[h + 1]))
                    ],
                }
                for h in game.player_sets(i)
            ],
        }
        for i, name in enumerate(game.players)
    ]


def show(solved: ExtensiveEquilibrium) -> None:
    """Print the equilibrium and its certificate for a person."""
    from detente.render.numbers import error
    from detente.render.table import Column, Table
    from detente.render.terminal import say, show_table

    game, certificate = solved.game, solved.certificate
    shown = (solved, *solved.others[:MOST_OTHERS])
    rows = []
    for i, name in enumerate(game.players):
        who = name
        for h in game.player_sets(i):
            where = game.set_name(h)
            for a in range(int(game.set_first[h]), int(game.set_first[h + 1])):
                move = game.move_label[a] or str(a - int(game.set_first[h]) + 1)
                rows.append((who, where, move, *(_probability(float(s.prob[a])) for s in shown)))
                who = where = ""
    heads: list[str | Column] = [
        "player", "information set", "move", Column("probability", format="s"),
        *(Column(f"other solution {k}", format="s") for k in range(1, len(shown)))]
    show_table(Table(game.title, heads, rows))
    for i, name in enumerate(game.players):
        say(f"expected payoff of {name}: {solved.value[0, i]:.6g}")
    word, style = ("certified", "bold") if certificate.certified else ("NOT CERTIFIED", "bold red")
    say()
    say(f"{word} at lambda {solved.lam:.6g}", style)
    regret = f"{certificate.max_regret:.3g}"
    if certificate.regret_bound is not None:
        regret += f" (bound {certificate.regret_bound:.3g})"
    say(f"  residual {error(certificate.residual)}, largest regret {regret}", indent="  ")
    joint = error(certificate.nash_conv, max(game.stake, 1e-300))
    say(f"  NashConv {joint} in payoff units, {certificate.reached_by}"
        + (f" past folds at {', '.join(f'{f:.4g}' for f in certificate.folds)}"
           if certificate.folds else ""), indent="  ")
    if certificate.note:
        say(f"  note: {certificate.note}", indent="  ")
    for k, other in enumerate(solved.others, 1):
        if not other.certificate.certified:
            say(f"  other solution {k} is not certified: {other.certificate.note}", indent="  ")
    if solved.trace is not None:
        say(f"  the branch was followed from lambda 0 in {len(solved.trace.lam)} points; "
            f"further equilibria at this lambda: {len(solved.others)}", indent="  ")


def _probability(p: float) -> str:
    return f"{p:.6f}" if p >= 1e-4 or p == 0 else f"{p:.2e}"
