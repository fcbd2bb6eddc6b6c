"""General games: the principal branch against Gambit's, and agreement on Gambit's catalogue.

``python -m benchmarks.bench_general`` prints both tables; ``rows(quick=True)`` takes about a
minute. Times are of one call that includes the certificate, best of five for detente.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from detente.equilibrium.certificates.extensive import certify_extensive
from detente.equilibrium.general.solve import solve_extensive
from detente.errors import InputError
from detente.game.build import Spec, decide, end, tree
from detente.game.efg import parse_efg
from detente.game.efg_write import format_efg
from detente.game.extensive import ExtensiveGame
from detente.game.spelt import to_extensive

__all__ = ["catalogue", "gambit_solve", "random_game", "rows"]

PRECISIONS = (0.5, 1.0, 2.0, 5.0, 10.0)


def random_game(
    seed: int, types: int = 2, rounds: int = 1, moves: int = 3, normal: float | None = None
) -> ExtensiveGame:
    """Two players with types who move alternately; payoffs in [0, 1], or normal with this
    deviation.

    There are ``types * (1 + moves + ... + moves ** (2 * rounds - 1))`` information sets.
    """

    def node(made: int) -> Spec:
        if made == 2 * rounds:
            return end("end")
        return decide("AB"[made % 2], {str(m): node(made + 1) for m in range(moves)})

    drawn = {str(t): 1 / types for t in range(types)}
    game = to_extensive(tree({"A": drawn, "B": drawn}, node(0)))
    rng = np.random.default_rng(seed)
    shape = game.outcome_payoff.shape
    paid = rng.random(shape) if normal is None else normal * rng.standard_normal(shape)
    # Gambit calculates with exact numbers; three decimals keep its arithmetic fast.
    return game.with_numbers(outcome_payoff=np.round(paid, 3))


def gambit_solve(game: ExtensiveGame, text: str, lam: float) -> tuple[np.ndarray, float]:
    """Gambit's point as log-probabilities of our moves, and the seconds it took."""
    import pygambit

    theirs = pygambit.read_efg(io.BytesIO(text.encode()))
    began = time.perf_counter()
    found = pygambit.qre.logit_solve_lambda(theirs, lam)[0]
    seconds = time.perf_counter() - began
    prob, k = np.ones(len(game.chance)), 0
    for i in range(game.n_players):  # Gambit's order: player, set, move
        for h in game.player_sets(i):
            for a in range(int(game.set_first[h]), int(game.set_first[h + 1])):
                prob[a] = float(found[k])
                k += 1
    with np.errstate(divide="ignore"):
        return np.log(prob), seconds


def _timed(game: ExtensiveGame, lam: float, times: int = 5) -> tuple[Any, float]:
    best = np.inf
    for _ in range(times):
        began = time.perf_counter()
        solved = solve_extensive(game, lam)
        best = min(best, time.perf_counter() - began)
    return solved, best


def branch(quick: bool) -> Iterator[dict[str, object]]:
    """Trace the branch to lambda 10, by both, on the same games."""
    shapes = [("24 sets of 3 moves", {"types": 6})]
    if not quick:
        shapes += [
            ("30 sets of 2 moves", {"types": 2, "rounds": 2, "moves": 2}),
            ("60 sets of 2 moves", {"types": 4, "rounds": 2, "moves": 2}),
        ]
    solve_extensive(random_game(0), 1.0)  # compile the kernels or load them
    for name, shape in shapes:
        game = random_game(1, **shape)
        solved, ours = _timed(game, 10.0)
        row: dict[str, object] = {
            "work": f"principal branch to lambda 10, {name}", "figure": ours, "unit": "s",
            "target": "1,000 x pygambit", "ratio": None,
        }
        assert solved.certificate.certified and solved.certificate.reached_by == "traced"
        try:
            log_prob, theirs = gambit_solve(game, format_efg(game, even=True), 10.0)
        except ImportError:
            row["work"] = f"{row['work']} (pygambit is not installed)"
        else:
            check = certify_extensive(game, log_prob, 10.0)
            row["ratio"] = theirs / ours
            row["work"] = (
                f"{row['work']} (pygambit {theirs:.1f} s, "
                f"{'certified' if check.certified else f'residual {check.residual:.0e}'})"
            )
        yield row


def catalogue() -> Iterator[dict[str, object]]:
    """Compare with Gambit on every tree of its catalogue: one row for each game and precision."""
    from importlib.resources import files

    from pygambit import catalog

    for name in sorted(catalog.games()["Game"]):
        place = files("pygambit") / "catalog_data" / f"{name}.efg"
        if not place.is_file():
            continue  # a game in strategic form
        text = place.read_text(encoding="utf-8")
        try:
            game = parse_efg(text, name)
        except InputError as refused:
            yield {"game": name, "lambda": None, "note": str(refused).split("; ")[0]}
            continue
        own = game.set_player[game.set_of_move] >= 0
        for lam in PRECISIONS:
            solved = solve_extensive(game, lam)
            log_prob, _ = gambit_solve(game, text, lam)
            check = certify_extensive(game, log_prob, lam)
            apart = float(np.abs(np.exp(log_prob) - solved.prob)[own].max())
            yield {
                "game": name, "lambda": lam, "certified": solved.certificate.certified,
                "gambit_certified": check.certified, "gambit_residual": check.residual,
                "apart": apart, "note": solved.certificate.note,
            }


def random_trees(quick: bool) -> Iterator[dict[str, object]]:
    """Share of random trees, with payoffs 3 N(0, 1), that are traced and certified."""
    count = 40 if quick else 200
    for rounds in (1,) if quick else (1, 2):
        for lam in (40.0, 100.0):
            began = time.perf_counter()
            good, stalled = 0, 0
            for seed in range(count):
                game = random_game(seed, rounds=rounds, normal=3.0)
                certificate = solve_extensive(game, lam).certificate
                good += certificate.certified and certificate.reached_by == "traced"
            sets = game.n_information_sets
            seconds = (time.perf_counter() - began) / count
            yield {
                "work": f"{count} random trees of {sets} sets, payoffs 3 N(0, 1), traced and "
                f"certified at lambda {lam:g} ({1e3 * seconds:.1f} ms each)",
                "figure": 100 * good / count, "unit": "%", "target": "100 %", "ratio": None,
            }
            if rounds == 1 and lam == 40.0 and not quick:
                for seed in range(count):
                    game = random_game(seed, rounds=rounds, normal=3.0)
                    try:
                        log_prob, _ = gambit_solve(game, format_efg(game, even=True), lam)
                    except ImportError:
                        break
                    stalled += not certify_extensive(game, log_prob, lam).certified
                else:
                    yield {
                        "work": "  of these, pygambit's points that our certificate passes",
                        "figure": 100 * (1 - stalled / count), "unit": "%", "target": "",
                        "ratio": None,
                    }


def agreement() -> Iterator[dict[str, object]]:
    """Summarise the comparison with the catalogue in two rows."""
    try:
        points = [row for row in catalogue() if row["lambda"] is not None]
    except ImportError:
        return
    passed = [row for row in points if row["gambit_certified"]]
    yield {
        "work": f"catalogue: largest distance from pygambit's point, over {len(passed)} of "
        f"{len(points)} that pass our certificate",
        "figure": max(float(str(row["apart"])) for row in passed), "unit": "", "target": "1e-6",
        "ratio": None,
    }
    yield {
        "work": f"catalogue: our points certified, of {len(points)}",
        "figure": sum(bool(row["certified"]) for row in points), "unit": "", "target": "all",
        "ratio": None,
    }


def rows(quick: bool = False) -> list[dict[str, object]]:
    """Return the table's rows: work, figure, unit, target, ratio (peer's time over ours)."""
    return [*branch(quick), *random_trees(quick), *agreement()]


def _print_catalogue() -> None:
    print(f"{'game':<42} {'lambda':>6}  ours  Gambit  residual   apart  note")
    for row in catalogue():
        if row["lambda"] is None:
            print(f"{row['game']!s:<42}  refused: {row['note']}")
            continue
        ours, theirs = ("yes" if row[k] else "NO" for k in ("certified", "gambit_certified"))
        print(
            f"{row['game']!s:<42} {row['lambda']:>6}  {ours:>4}  {theirs:>6}  "
            f"{row['gambit_residual']:8.1e} {row['apart']:7.1e}  {row['note']}"
        )


if __name__ == "__main__":
    for row in rows():
        ratio = "" if row["ratio"] is None else f"  {row['ratio']:,.0f} x"
        print(f"{row['work']}: {row['figure']:.4g} {row['unit']}{ratio}")
    print()
    try:
        _print_catalogue()
    except ImportError:
        print("pygambit is not installed: no comparison with its catalogue")
