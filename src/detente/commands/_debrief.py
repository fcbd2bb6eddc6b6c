"""The logs of ``detente play debrief`` and ``events``: how they are read and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.play.board import Board
    from detente.play.debrief import Account, Standing
    from detente.play.record import Record

__all__ = ["games_of", "show_debrief"]

MOST_SHOWN = 4
"""Debriefs of single games that are printed; the JSON document has all of them."""


def games_of(logs: list[Path], case: str | None) -> tuple[list[Board], list[list[Record]]]:
    """Read logs, and group them by case and model; every case is solved once."""
    import json

    from detente.commands._game import case_of, reading_of
    from detente.errors import InputError
    from detente.play.board import Board
    from detente.play.exported import header_of_table, read_table
    from detente.play.record import header_of, model_of, read_log

    boards: dict[tuple[Any, ...], Board] = {}
    groups: dict[tuple[Any, ...], list[Record]] = {}
    seals: dict[str, Path] = {}
    for k, file in enumerate(logs):
        if any(file.exists() and other.exists() and file.samefile(other) for other in logs[:k]):
            raise InputError("the file is named twice", file=str(file),
                             expected="each log once, because a game counts once")
        exported = file.suffix.lower() == ".csv"
        head = header_of_table(file) if exported else header_of(file)
        same = None if exported else seals.setdefault(
            json.dumps(head["sealed"], sort_keys=True), file)
        if same is not None and same != file:  # the salts of two games differ
            raise InputError(f"the file holds the same game as {same}", file=str(file),
                             expected="each log once, because a game counts once")
        lam, reading = model_of(head, str(file))
        key = (head["file_sha256"], lam, reading)
        if key not in boards:
            board = Board.of_case(case or case_of(head, str(file)), lam=lam,
                                  reading=reading_of(reading))
            if board.sha256 != head["file_sha256"]:
                raise InputError(
                    f"the crisis file {board.case} has changed since the game, or is another one",
                    file=str(file), line=1,
                    expected="the file as it was; name it with --case")
            boards[key] = board
        groups.setdefault(key, []).extend(
            read_table(file, boards[key]) if exported else [read_log(file, boards[key].tree)])
    return list(boards.values()), list(groups.values())


def show_debrief(
    boards: list[Board], found: list[list[Account]], table: list[Standing], games: int
) -> None:
    """Print the debriefs of single games, if they are few, and that of the class."""
    from detente.play.report import class_sections, game_section
    from detente.render.terminal import say, show_section

    if sum(map(len, found)) <= MOST_SHOWN:
        for board, each in zip(boards, found, strict=True):
            for a in each:
                show_section(game_section(board, a))
                say()
    if sum(map(len, found)) > 1:
        for section in class_sections(table, games):
            show_section(section)
