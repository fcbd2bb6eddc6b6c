"""The game of ``detente play``: how it begins or is resumed, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.play.board import Board
    from detente.play.table import Table

__all__ = ["begun", "case_of", "ending", "how_to_go_on", "reading_of", "resumed"]


def begun(
    case: str | None, *, seats: str | None, everyone: bool, names: str | None, machine: str,
    types: list[str], elicit: bool, pause: bool, lam: float | None, seed: int | None,
    log: Path | None, force: bool,
) -> Table:
    """Return the table of a new game."""
    import secrets

    from detente.commands._common import check_output
    from detente.errors import InputError
    from detente.play.board import Board
    from detente.play.log import Log, key_of
    from detente.play.table import Table

    if case is None:
        raise InputError("no case was named", expected="a crisis file or the name of a shipped "
                         "case, such as: detente play cuba-1962 --as united_states")
    if log is not None:
        if not force:
            _keep_log(log)
        check_output(log, case, force=force)
        check_output(key_of(log), case, log, force=force)
    board = Board.of_case(case, lam=lam, reading=reading_of(machine))
    taken = _seats(board, seats, everyone, names, machine)
    given = _types(board, types)
    board.equilibrium  # noqa: B018 - solved before the game begins
    seed = secrets.randbelow(2**31) if seed is None else seed
    return Table(board, taken, seed=seed, types=given, paused=pause,
                 log=None if log is None else Log(log, about={"elicit": elicit}))


def _keep_log(log: Path) -> None:
    """Refuse to replace the log of another game, and say how its game can go on."""
    from detente.errors import InputError
    from detente.play.record import header_of

    if not log.is_file():  # a read of a pipe would wait for its writer
        return
    try:
        header_of(log)
    except InputError:
        return
    raise InputError("the log of another game is there", file=str(log),
                     expected="another name; or --resume in the place of --log, to go on with a "
                     "stopped game; or --force to replace it")


def resumed(case: str | None, log: Path, given: list[str]) -> tuple[Table, bool]:
    """Return the table of a stopped game, and whether it asks for beliefs."""
    from detente.errors import InputError
    from detente.play.board import Board
    from detente.play.record import header_of, model_of
    from detente.play.resume import resume

    if given:
        raise InputError(f"{given[0]} cannot be given with --resume", field=given[0],
                         expected="--resume alone, because the log says how the game is played")
    head = header_of(log)
    lam, reading = model_of(head, str(log))
    board = Board.of_case(case or case_of(head, str(log)), lam=lam, reading=reading_of(reading))
    return resume(log, board), head.get("elicit") is True


def case_of(head: Mapping[str, Any], file: str) -> str:
    """Return the case that a log or a table names; a game is never played from standard input."""
    from detente.cases.names import STDIN
    from detente.errors import InputError

    case: str = head["case"]
    if case in (STDIN, "/dev/stdin"):
        raise InputError("the case cannot come from standard input", file=file, line=1,
                         expected="the name of a file or of a shipped case; name it with the log")
    return case


def reading_of(machine: str) -> Any:
    """Return the model whose values advise, for the strategy of the machines."""
    return "deliberate" if machine.strip().lower() == "deliberate" else "fallible"


def _seats(
    board: Board, seats: str | None, everyone: bool, names: str | None, strategy: str
) -> dict[str, Any]:
    """Return the seats: persons where asked, machines elsewhere."""
    from detente.errors import InputError
    from detente.play.seats import machine, person

    players = board.tree.players
    asked = [word.strip() for word in (seats or "").split(",") if word.strip()]
    if not asked and not everyone:
        raise InputError("no seat was named",
                         expected=f"--as with one of {', '.join(players)}; or --all")
    chosen = [players[board.player(word)] for word in asked] if asked else list(players)
    if everyone:
        chosen += [p for p in players if p not in chosen]
    called = [word.strip() for word in (names or "").split(",")] if names else []
    if len(called) > len(chosen):
        raise InputError(f"{len(called)} names for {len(chosen)} seats",
                         expected="at most one name per seat", field="--name")
    out = {p: machine(strategy) for p in players}
    for k, p in enumerate(chosen):
        out[p] = person(called[k] if k < len(called) else "")
    return out


def _types(board: Board, given: list[str]) -> dict[str, int]:
    """Return the types that are given, by actor, from 0."""
    from detente.errors import InputError

    out = {}
    for text in given:
        name, _, value = text.partition("=")
        i = board.player(name.strip())
        many = board.tree.n_types[i]
        if not (value.strip().isascii() and value.strip().isdigit()
                and 1 <= int(value.strip()[:6]) <= many):
            known = "; ".join(f"{k} {t}" for k, t in enumerate(board.tree.types[i], 1))
            raise InputError(f"{text!r} gives no type", field="--type",
                             expected=f"{board.tree.players[i]}=NUMBER, the number one of: {known}")
        out[board.tree.players[i]] = int(value) - 1
    return out


def ending(shown: Any, table: Table, finished: bool) -> None:
    """Say how the game ended."""
    from detente.render.numbers import number

    board = table.board
    shown.say()
    if finished:
        outcome = table.terms or table.outcome
        assert outcome is not None
        shown.say(f"The crisis has ended: {outcome.words(board.titles)}.", "bold")
        for k in table.persons:
            i = board.player(k)
            value = float(board.profile.value[i][0, table.types[k]])
            shown.say(f"{board.title(k)}: payoff {number(table.payoff(k))}; the expected payoff of "
                      f"its type before the game was {number(value)}.")
    elif shown.left:
        shown.say("The game was ended here, before the crisis was over.")
    else:
        shown.say("The input ended before the crisis did, so the game was stopped here.")
    if not table.revealed:
        how_to_go_on(shown, table)
        return
    for i, name in enumerate(board.tree.players):
        if board.tree.n_types[i] > 1:
            shown.say(f"Type of {board.title(name)}: {board.tree.types[i][table.types[name]]}.")
    if table.log.path is not None:
        shown.say(f"The log is {table.log.path}. Its debrief:")
        _command(shown, "debrief", str(table.log.path))


def how_to_go_on(shown: Any, table: Table) -> None:
    """Print the command that resumes a stopped game."""
    if not table.revealed and table.log.path is not None:
        shown.say()
        shown.say("The types stay sealed. To go on with this game:")
        case = [table.board.case] if table.board.case else []
        _command(shown, *case, "--resume", str(table.log.path))


def _command(shown: Any, *words: str) -> None:
    import shlex

    shown.out.print(f"detente play {shlex.join(words)}", soft_wrap=True, markup=False)
