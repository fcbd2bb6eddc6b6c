"""Damaged logs: each value of each line is changed, and each change is one message or harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError
from detente.play.board import Board
from detente.play.debrief import accounts, standings
from detente.play.log import Log, key_of
from detente.play.record import header_of, model_of, read_log
from detente.play.report import class_sections, game_section
from detente.play.resume import resume
from detente.play.seats import person
from detente.play.table import Table

VALUES: tuple[Any, ...] = (
    None, True, -1, float("inf"), float("nan"), 10**30, 1.5, 10**6, "x", "\ud800", [], {},
    {"a": {}}, "lacking",
)


@pytest.fixture(scope="module")
def board() -> Board:
    return Board.of_case("cuba-1962")


def places(event: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in event.items():
        yield (*before, key)
        if isinstance(value, dict):
            yield from places(value, (*before, key))


def changed(lines: list[str], k: int, place: tuple[str, ...], value: Any) -> str:
    event = json.loads(lines[k])
    part = event
    for key in place[:-1]:
        part = part[key]
    if value == "lacking":
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return "\n".join([*lines[:k], json.dumps(event), *lines[k + 1:]]) + "\n"


def game(board: Board, log: Path) -> Table:
    table = Table(board, {"united_states": person("Ada")}, seed=4, log=Log(log))
    table.act("united_states", "hold")
    table.take_back()
    table.believe("united_states", "soviet_union", "war cost is high", 0.4)
    table.act("united_states", "hold")
    return table


def use(board: Board, file: Path) -> None:
    """Do with a log everything that the commands do with it."""
    model_of(header_of(file), str(file))
    record = read_log(file, board.tree)
    record.as_events(board)
    found = accounts(board, [record])
    for one in found:
        str(game_section(board, one).as_dict())
    str([s.as_dict() for s in class_sections(standings([board], [found]), 1)])


@pytest.mark.parametrize("finished", [True, False])
def test_every_change_of_a_log_is_one_message_or_harmless(tmp_path, board, finished) -> None:
    log = tmp_path / "game.jsonl"
    table = game(board, log)
    if finished:
        table.close()
    else:
        table.leave()
        key = key_of(log).read_bytes()
    lines = log.read_text().splitlines()
    refused = 0
    for k, line in enumerate(lines):
        for n, place in enumerate(places(json.loads(line))):
            for value in VALUES[n % 3::3] if finished else VALUES:
                log.write_text(changed(lines, k, place, value))
                try:
                    if finished:
                        use(board, log)
                    else:
                        key_of(log).write_bytes(key)
                        resume(log, board).log.shut()
                except InputError as wrong:
                    assert wrong.file and wrong.expected, (place, value)
                    refused += 1
    assert refused > 100


def test_a_log_that_is_cut_is_refused_in_a_line_and_shorter_after_one(tmp_path, board) -> None:
    log = tmp_path / "game.jsonl"
    game(board, log).leave()
    lines = log.read_text().splitlines(keepends=True)
    path: list[int] = []
    for k, line in enumerate(lines):
        event = json.loads(line)
        if event["event"] in ("move", "chance"):
            path.append(event["to"])
        elif event["event"] == "take back":
            while path and path[-1] != event["to"]:
                path.pop()
        log.write_text("".join(lines[: k + 1]))
        found = read_log(log, board.tree)
        assert [child for _, child, _ in found.path] == path and found.types is None
        if k + 1 < len(lines):
            cut = lines[k + 1][: len(lines[k + 1]) // 2]
            log.write_text("".join(lines[: k + 1]) + cut)
            with pytest.raises(InputError, match="remove that line"):
                read_log(log, board.tree)
    log.write_text(lines[0][:40])
    with pytest.raises(InputError, match="not JSON"):
        read_log(log, board.tree)


def test_a_log_of_very_many_lines_is_refused_and_only_its_first_line_read_for_the_case(
    tmp_path, board
) -> None:
    """Three million lines took half a minute and 1.6 GB; a game has some hundreds at most."""
    from detente.play.record import MOST_LINES

    log = tmp_path / "game.jsonl"
    game(board, log).leave()
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join([lines[0], *['{"event": "pause"}\n'] * MOST_LINES]))
    for read in (header_of, lambda file: read_log(file, board.tree)):
        with pytest.raises(InputError, match="more than 100,000 lines"):
            read(log)
    log.write_text(lines[0] + "no JSON\n")
    assert header_of(log)["case"] == board.case
