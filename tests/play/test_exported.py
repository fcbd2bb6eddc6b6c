"""Tables of oTree that were changed by hand: each is read right or refused with its line."""

from __future__ import annotations

import csv
import json

import pytest

from detente.errors import InputError
from detente.play.board import Board
from detente.play.debrief import account
from detente.play.exported import read_table
from tests.support.program import detente

BOARD = Board.of_case("fashoda-1898")
PATH = [1, 10, 69, 299, 805, 1465, 2175]
"""Britain holds, France escalates, Britain holds, France offers, Britain lets the deadline pass."""
ROW = {
    "participant.code": "p", "session.code": "s", "player.actor": "britain", "player.node": "0",
    "player.belief_1": "40", "group.path": json.dumps(PATH), "group.types": "[1, 3]",
    "group.over": "1", "group.seed": "3", "group.id_in_subsession": "1",
    "subsession.case": "fashoda-1898", "subsession.file_sha256": BOARD.sha256,
    "subsession.reading": "fallible", "subsession.precision": "15"}


def table(folder, games: int = 1, **changed: str):
    """Write the rows of both players; a name of a column has ``__`` for its point."""
    change = {k.replace("__", "."): v for k, v in changed.items()}
    file = folder / "crisis.csv"
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(ROW))
        writer.writeheader()
        for g in range(games):
            for actor, code in (("britain", "p"), ("france", "q")):
                writer.writerow({**ROW, "player.actor": actor, "participant.code": code,
                                 "group.id_in_subsession": str(g + 1), **change})
    return file


def test_a_table_is_read_and_beliefs_off_the_path_are_left_out(tmp_path) -> None:
    game, = read_table(table(tmp_path), BOARD)
    assert game.ended and len(account(BOARD, game, "britain").scored) == 1
    for node in ("5", "99999999"):
        game, = read_table(table(tmp_path, player__node=node), BOARD)
        assert account(BOARD, game, "britain").scored == ()


@pytest.mark.parametrize("change", [
    {"group__types": "[1e400, 3]"}, {"group__path": "[1e400]"}, {"group__path": "[1.7]"},
    {"group__path": "[" * 100_000}, {"group__path": '"12"'}, {"group__types": "{}"},
    {"player__actor": "france"}, {"group__path": "[2, 1]"},
])
def test_a_game_that_is_none_is_refused(tmp_path, change) -> None:
    with pytest.raises(InputError, match=r"not readable|does not exist in this case") as wrong:
        read_table(table(tmp_path, **change), BOARD)
    assert wrong.value.line == 2


@pytest.mark.parametrize(("games", "over"), [(2, "1"), (1, "0")])
def test_an_events_file_is_one_game(tmp_path, games, over) -> None:
    done = detente("play", "events", table(tmp_path, games, group__over=over))
    assert done.returncode == 2 and done.stdout == b""
    assert f"{games if over == '1' else 0} games that have ended" in done.stderr.decode()
