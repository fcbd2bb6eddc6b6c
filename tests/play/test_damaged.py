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


def test_a_log_that_names_standard_input_is_refused_at_once(tmp_path, board) -> None:
    """The program waited for the text of a crisis that would never come."""
    from detente.commands._debrief import games_of
    from detente.commands._game import resumed

    log = tmp_path / "game.jsonl"
    game(board, log).leave()
    head, *rest = log.read_text().splitlines()
    for case in ("-", "/dev/stdin"):
        log.write_text("\n".join([json.dumps({**json.loads(head), "case": case}), *rest]) + "\n")
        for read in (lambda: games_of([log], None), lambda: resumed(None, log, [])):
            with pytest.raises(InputError, match="cannot come from standard input"):
                read()


def test_a_copy_of_a_log_is_not_a_second_game(tmp_path, board) -> None:
    """A copy made one game count twice in the statistics of its player."""
    from detente.commands._debrief import games_of

    one, two, other = (tmp_path / f"{name}.jsonl" for name in ("one", "two", "other"))
    game(board, one).close()
    game(board, other).close()  # the same seed and moves, and a game of its own
    two.write_bytes(one.read_bytes())
    (_,), (found,) = games_of([one, other], None)
    assert len(found) == 2
    with pytest.raises(InputError, match=r"two\.jsonl.*the same game as .*one\.jsonl"):
        games_of([one, other, two], None)


def test_a_forged_end_and_a_second_game_in_one_file_are_refused(tmp_path) -> None:
    """The moves decide on the outcome, and two logs that were joined are not the log of a game."""
    from detente.play.seats import machine

    board = Board.of_case("fashoda-1898")
    log, other = tmp_path / "game.jsonl", tmp_path / "other.jsonl"
    for file in (log, other):
        Table(board, {p: machine("random") for p in board.principals}, seed=1, log=Log(file)
              ).close()
    lines = log.read_text().splitlines()
    *rest, end, reveal = lines
    assert json.loads(end)["outcome"] == "britain concedes"

    def refused(text: str, said: str) -> None:
        log.write_text(text)
        with pytest.raises(InputError, match=said):
            read_log(log, board.tree)

    forged = json.dumps({**json.loads(end), "outcome": "settlement"})
    refused("\n".join([*rest, forged, reveal]), "end in 'britain concedes', and the line says oth")
    refused("\n".join([*rest, *other.read_text().splitlines()]), "another game begins here")
    log.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())  # saved by a Windows editor
    assert read_log(log, board.tree).ended
