"""A stopped game goes on: from its log alone, exactly, and never from a wrong or damaged one."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.play.board import Board
from detente.play.log import Log, key_of
from detente.play.record import read_log
from detente.play.resume import resume
from detente.play.seats import machine, person
from detente.play.table import Table
from tests.support.program import PROGRAM, detente

CUBA = ("play", "cuba-1962", "--as", "united_states", "--seed", "4", "--type", "united_states=2")


def moves(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def act(table: Table, rng: np.random.Generator) -> None:
    actor = table.waiting[0]
    table.act(actor, int(rng.integers(len(table.legal(actor)))))


@pytest.mark.parametrize(("case", "seats"), [
    ("cuba-1962", {"united_states": person("Ada"), "soviet_union": machine("bluffer")}),
    ("cuba-1962", {"soviet_union": person(), "united_states": machine("deliberate")}),
    ("order-2020", {"west_bloc": person()}),
    ("kargil-1999", {"india": person(), "united_states": person()}),
])
def test_a_game_that_stops_after_every_move_is_the_game_without_stops(tmp_path, case, seats
                                                                      ) -> None:
    """Same seed and same moves: the same steps, types and revealed log, whatever is between."""
    board = Board.of_case(case)
    for seed in range(4):
        whole = Table(board, seats, seed=seed)
        rng = np.random.default_rng(seed)
        while not whole.over:
            act(whole, rng)
        log = tmp_path / f"{seed}.jsonl"
        table = Table(board, seats, seed=seed, log=Log(log))
        rng = np.random.default_rng(seed)
        while not table.over:
            act(table, rng)
            table.leave()
            if not table.over:
                assert "reveal" not in log.read_text() and key_of(log).exists()
                table = resume(log, board)
        assert table.steps == whole.steps and table.types == whole.types
        assert table.seats == whole.seats
        found = read_log(log, board.tree)
        assert [(n, c) for n, c, _ in found.path] == [(s.node, s.child) for s in whole.steps]
        assert (found.types, found.seed, found.ended) == (whole.types, seed, True)
        assert not key_of(log).exists()


def test_a_pause_results_put_by_hand_and_a_take_back_survive(tmp_path) -> None:
    board, log = Board.of_case("cuba-1962"), tmp_path / "game.jsonl"
    table = Table(board, {"united_states": person()}, seed=2, paused=True, log=Log(log))
    table.act("united_states", "hold")
    table.put("no accident")
    table.put("hold", "soviet_union")
    table.take_back()
    table.put("offer open trade", "soviet_union")
    table.leave()
    again = resume(log, board)
    assert again.paused and again.steps == table.steps and again.movers == table.movers
    again.resume()
    again.leave()
    assert not resume(log, board).paused


def test_a_log_that_is_not_that_of_the_game_is_refused(tmp_path) -> None:
    board, log = Board.of_case("cuba-1962"), tmp_path / "game.jsonl"
    table = Table(board, {"united_states": person()}, seed=2, log=Log(log))
    table.act("united_states", "hold")
    with pytest.raises(InputError, match="another game is writing"):
        resume(log, board)
    table.leave()
    text, key = log.read_text(), key_of(log).read_bytes()
    head, *rest = text.splitlines()

    def refused(match: str, lines: list[str] | None = None, secrets: bytes | None = key) -> None:
        log.write_text(text if lines is None else "\n".join(lines) + "\n")
        key_of(log).unlink(missing_ok=True)
        if secrets is not None:
            key_of(log).write_bytes(secrets)
        before = log.read_bytes()
        with pytest.raises(InputError, match=match) as caught:
            resume(log, board)
        assert str(caught.value).startswith(str(tmp_path)) and log.read_bytes() == before

    first = json.loads(head)
    refused("has changed since the game", [json.dumps({**first, "file_sha256": "0"}), *rest])
    refused("key of the log is not there", secrets=None)
    refused("not the key of a log", secrets=b"hello")
    known = json.loads(base64.b64decode(key))
    for part in ({"seed": 3}, {"salt": "x"}, {"types": {}}, {"types": None}):
        refused("key is that of another game",
                secrets=base64.b64encode(json.dumps({**known, **part}).encode()))
    refused("not JSON.*remove that line", [head, *rest, '{"event": "mo'])
    # Chance drew the other result: the log tells a game that this seed does not give.
    k = next(k for k, line in enumerate(rest) if json.loads(line)["event"] == "chance")
    event = json.loads(rest[k])
    other = next(c for c in board.tree.children(event["node"]) if c != event["to"])
    event |= {"to": other, "result": board.tree.move_into(other).deed()}
    refused("makes another step", [head, *rest[:k], json.dumps(event)])
    refused("does not exist", [head, *rest[1:]])
    log.write_text(text)
    key_of(log).write_bytes(key)
    resume(log, board).close()
    with pytest.raises(InputError, match="finished, and its types are revealed"):
        resume(log, board)


def test_the_key_is_private_and_the_log_holds_no_secret(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    table = Table(Board.of_case("cuba-1962"), {"united_states": person()}, seed=777_777,
                  log=Log(log))
    table.leave()
    assert key_of(log).stat().st_mode & 0o077 == 0
    known = json.loads(base64.b64decode(key_of(log).read_bytes()))
    text = log.read_text()
    assert "777777" not in text and known["salt"] not in text
    assert not any(one["salt"] in text for one in known["types"].values())


def test_the_end_of_the_input_stops_a_game_and_resume_goes_on(tmp_path) -> None:
    log, whole = tmp_path / "my game.jsonl", tmp_path / "whole.jsonl"
    one = detente(*CUBA, "--log", log, "--elicit", stdin=moves("30", "hold"))
    text = " ".join(one.stdout.decode().split())
    assert one.returncode == 0, one.stderr
    assert "types stay sealed" in text and "Type of" not in text
    assert f"detente play cuba-1962 --resume '{log}'" in one.stdout.decode()
    done = detente("play", "debrief", log)
    assert done.returncode == 2 and b"--resume" in done.stderr
    two = detente("play", "--resume", log, "--json", stdin=moves("40"))
    found = json.loads(two.stdout)
    assert (found["finished"], found["seed"], found["types"]) == (False, None, None)
    rest = ("1", "50", "1", "60", "yield")
    three = detente("play", "cuba-1962", "--resume", log, "--json", stdin=moves(*rest))
    straight = detente(*CUBA, "--log", whole, "--elicit", "--json",
                       stdin=moves("30", "hold", "40", *rest))
    assert three.returncode == 0 == straight.returncode, three.stderr
    assert json.loads(three.stdout) == json.loads(straight.stdout)
    stated = json.loads(detente("play", "debrief", log, "--json").stdout)["games"][0]["stated"]
    assert [s["stated"] for s in stated][:2] == [0.3, 0.4]  # asked for once at each place
    done = detente("play", "--resume", log)
    assert done.returncode == 2 and b"finished" in done.stderr and done.stdout == b""


def test_a_closed_terminal_leaves_a_game_that_goes_on(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    ours, theirs = pty.openpty()
    child = subprocess.Popen([*PROGRAM, *CUBA, "--log", str(log)], stdin=theirs, stdout=theirs,
                             stderr=theirs, start_new_session=True)
    os.close(theirs)
    os.set_blocking(ours, False)
    os.write(ours, b"hold\n")
    for _ in range(900):
        with contextlib.suppress(OSError):
            os.read(ours, 65536)
        if log.exists() and '"move"' in log.read_text():
            break
        time.sleep(0.1)
    child.send_signal(signal.SIGHUP)
    os.close(ours)
    child.wait(60)
    done = detente("play", "--resume", log, stdin=moves("history", "quit"))
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0, done.stderr
    assert "> United States: hold" in text and "Type of Soviet Union" in text
    assert detente("play", "debrief", log).returncode == 0


@pytest.mark.parametrize(("words", "said"), [
    (("--resume", "none.jsonl"), "no such file"),
    (("--resume", "none.jsonl", "--seed", "0"), "--seed cannot be given with --resume"),
    (("cuba-1962", "--resume", "none.jsonl", "--as", "soviet_union"), "--as cannot be given"),
    (("--as", "soviet_union"), "no case was named"),
])
def test_wrong_ways_to_resume_are_one_message(tmp_path: Path, words, said) -> None:
    done = detente("play", *words, cwd=tmp_path)
    message = [line for line in done.stderr.decode().splitlines() if line[:1] != "["]
    assert done.returncode == 2 and done.stdout == b"" and len(message) == 1
    assert said in message[0], message
