"""A stopped game resumed from its log: the same seats, seed and types, and the same moves."""

from __future__ import annotations

import os
from typing import Any

from detente.errors import InputError
from detente.play.board import Board
from detente.play.log import Log, read_key
from detente.play.record import Record, lines_of, record_of
from detente.play.seats import Seat, Step, machine
from detente.play.table import Table
from detente.version import __version__

__all__ = ["resume", "unfinished"]


def unfinished(path: str | os.PathLike[str], board: Board) -> Record:
    """Read the log of a game that was stopped.

    Raises
    ------
    InputError
        The file is not a log of this case, or its game is finished.
    """
    record = record_of(lines_of(path), str(path), board.tree)
    if record.header["file_sha256"] != board.sha256:
        raise InputError(
            f"the crisis file {board.case} has changed since the game, or is another one",
            file=str(path), line=1, expected="the file as it was when the game began")
    if record.types is not None:
        raise InputError(
            "the game is finished, and its types are revealed", file=str(path),
            expected="the log of a game that was stopped; its debrief: detente play debrief")
    return record


def resume(path: str | os.PathLike[str], board: Board) -> Table:
    """Go on with a stopped game.

    Each step of chance and of a machine is drawn again from the seed, and must be that of the log.
    The log is continued.

    Parameters
    ----------
    path
        The log. The key that was written beside it must be there too.
    board
        The game.

    Raises
    ------
    InputError
        The file is not the log of a stopped game of this case, the key is missing or that of
        another game, or a step does not follow from the seed.
    OutputError
        The log cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from detente.play.seats import person
    >>> path = tempfile.mkdtemp() + "/game.jsonl"
    >>> board = Board.of_case("cuba-1962")
    >>> table = Table(board, {"united_states": person()}, seed=8, log=Log(path))
    >>> table.act("united_states", "hold")
    >>> table.leave()
    >>> again = resume(path, board)
    >>> again.steps == table.steps, again.types == table.types
    (True, True)
    """
    lines = lines_of(path)
    record = unfinished(path, board)
    secrets = read_key(path, record.header)
    try:
        seats = {name: _seat(seat) for name, seat in record.header["seats"].items()}
    except InputError as wrong:
        raise InputError(wrong.message, file=str(path), line=1, expected=wrong.expected) from None
    log = Log(path, events=[event for _, event in lines], key=secrets)
    try:
        table = Table(
            board, seats, seed=secrets["seed"], paused=True, log=log,
            types={k: v["type"] for k, v in secrets["types"].items()},
            steps=[Step(node, child, by) for node, child, by in record.path])
    except InputError as wrong:
        log.shut()
        raise InputError(wrong.message, file=str(path), expected=wrong.expected) from None
    log.tell({"event": "resumed", "node": table.node, "detente": __version__})
    table.paused = record.paused
    table.advance()
    return table


def _seat(seat: dict[str, Any]) -> Seat:
    if seat["by"] == "person":
        return Seat(None, str(seat.get("name", "")))
    return machine(seat["strategy"])
