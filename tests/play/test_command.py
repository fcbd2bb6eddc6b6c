"""``detente play`` as a user runs it: through a pipe, with a log, interrupted, with wrong words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from detente.play.board import Board
from detente.play.log import Log
from detente.play.seats import person
from detente.play.table import Table
from tests.support.program import PROGRAM, detente

CUBA = ("play", "cuba-1962", "--as", "united_states", "--seed", "4")


def told(errors: bytes) -> list[str]:
    """Return the lines of standard error without those of progress."""
    return [line for line in errors.decode().splitlines() if line[:1] != "["]


def moves(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def test_a_scripted_game_ends_and_its_log_is_debriefed(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    done = detente(*CUBA, "--log", log, stdin=moves("offer withdrawal alone"))
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0, done.stderr
    for words in ("Briefing for the United States", "Your aims", "the missiles in Cuba",
                  "Only you know this: your war cost is", "local superiority of the United States",
                  "Cuba has a government of its own", "● ", "offer pledge and private trade"):
        assert words in " ".join(text.split()) + " ", words  # lines may be wrapped anywhere
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert events[0]["event"] == "game" and events[-1]["event"] == "reveal"
    assert events[-1]["seed"] == 4
    done = detente("play", "debrief", log, "--json")
    found = json.loads(done.stdout)
    game, = found["games"]
    gap = game["payoff"] - game["expected"] - game["decision"] - game["others"] - game["chance"]
    assert done.returncode == 0 and abs(gap) < 1e-12
    assert found["persons"][0]["precision"] is None  # no figure after one game
    assert game["moments"][0]["made"] == "offer withdrawal alone"
    text = detente("play", "debrief", log).stdout.decode()
    assert "own decisions" in text and "luck: chance" in text


def test_the_end_of_the_input_is_polite_and_keeps_the_log(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    done = detente(*CUBA, "--log", log, stdin=moves("hold"))
    assert done.returncode == 0 and told(done.stderr) == []
    assert "input ended before the crisis did" in " ".join(done.stdout.decode().split())
    kinds = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert kinds[-1] == "stopped" and "reveal" not in kinds and "move" in kinds
    done = detente("play", "--resume", log, stdin=moves("quit"))
    assert done.returncode == 0 and b"Type of" in done.stdout, done.stderr
    kinds = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert kinds[-3:] == ["resumed", "stopped", "reveal"]
    found = json.loads(detente("play", "debrief", log, "--json").stdout)["games"][0]
    assert found["outcome"] == ""
    gap = found["payoff"] - found["expected"] - found["decision"] - found["others"]
    assert gap == pytest.approx(found["chance"], abs=1e-12)


def test_ctrl_c_keeps_the_log(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    child = subprocess.Popen([*PROGRAM, *CUBA, "--log", str(log)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             # A job in the background ignores the signal from its start.
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert child.stdin is not None
    child.stdin.write(b"hold\n")
    child.stdin.flush()
    for _ in range(600):
        if log.exists() and '"move"' in log.read_text():
            break
        time.sleep(0.2)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 130 and len(told(err)) == 1
    kinds = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert kinds[-1] == "stopped" and "reveal" not in kinds and "move" in kinds
    assert f"detente play cuba-1962 --resume {log}" in out.decode() and b"Type of" not in out


def test_json_is_one_document_and_the_same_seed_gives_the_same_game() -> None:
    script = moves("hold", "hold", "accept", "yield")
    one, two = (detente(*CUBA, "--json", stdin=script) for _ in range(2))
    found = json.loads(one.stdout)
    assert one.returncode == 0 and one.stdout == two.stdout
    assert found["finished"] and found["outcome"] and set(found["payoffs"]) == set(found["seats"])
    assert b"Briefing" in one.stderr
    assert found["moves"][0] == {"move": "united_states: hold", "by": {"united_states": "person"}}


def test_words_of_the_table_work_from_a_script(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    done = detente(*CUBA, "--log", log, "--type", "united_states=1", stdin=moves(
        "help", "state", "briefing", "history", "beliefs", "nonsense", "99", "hold", "back",
        "history", "yield"))
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0, done.stderr
    for words in ("Answer with the number of a move", "Nothing has happened yet",
                  "war cost is high: 70 %", "no move here is called 'nonsense'",
                  "there is no move 99", "The last move is taken back",
                  "The crisis has ended: United States concedes"):
        assert words in text, words
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert "take back" in [e["event"] for e in events]
    assert events[-1]["types"]["united_states"]["type"] == 0
    found = json.loads(detente("play", "debrief", log, "--json").stdout)
    assert [m["made"] for m in found["games"][0]["moments"]] == ["yield"]


def test_a_facilitator_puts_results_in_a_pause() -> None:
    done = detente(*CUBA, "--pause", stdin=moves(
        "hold", "", "put surrender", "put yield"))
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0, done.stderr
    assert "Pause. Next: chance" in text and "Pause. Next: Soviet Union" in text
    assert "no move here is called 'surrender'" in text
    assert "The crisis has ended: Soviet Union concedes" in text


def test_beliefs_are_asked_for_and_scored(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    done = detente(*CUBA, "--elicit", "--log", log, stdin=moves("many", "40 %", "yield"))
    assert done.returncode == 0 and b"not a percentage" in done.stdout
    game = json.loads(detente("play", "debrief", log, "--json").stdout)["games"][0]
    stated, = game["stated"]
    assert stated["stated"] == 0.4 and stated["bayes"] == pytest.approx(0.7)
    assert stated["excess"] == pytest.approx(0.09)


def test_the_question_for_a_belief_takes_the_words_of_the_table() -> None:
    done = detente(*CUBA, "--elicit", "--json", stdin=moves(
        "history", "0.4", "40", "hold", "back", "35 %", "state", "hold", "quit"))
    text = " ".join(done.stderr.decode().split())
    assert done.returncode == 0, text
    for words in ("Nothing has happened yet", "'0.4' may be a share or a percentage; expected the "
                  "percentage: 40 % or 0.4 %", "The last move is taken back",
                  "The game was ended here"):
        assert words in text, words
    found = json.loads(done.stdout)
    assert not found["finished"] and "not a percentage" not in text


def test_persons_take_every_seat_in_turn_and_at_once() -> None:
    done = detente("play", "order-2020", "--all", "--seed", "1", "--json", "--name", "Ada,Ben",
                   stdin=moves(*["open"] * 12))
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {s["name"] for s in found["seats"].values()} == {"Ada", "Ben"}
    assert found["outcome"] == "both open"


def test_a_class_of_games_gives_a_precision(tmp_path) -> None:
    """Six games of one person, and one of another: a figure for the first only."""
    logs, board = [], Board.of_case("fashoda-1898")
    for seed in range(7):
        logs.append(tmp_path / f"{seed}.jsonl")
        name = "Ada" if seed < 6 else "Ben"
        table = Table(board, {"britain": person(name)}, seed=seed, log=Log(logs[-1]))
        while not table.over:
            table.act("britain", 0)
        table.close()
    found = json.loads(detente("play", "debrief", *logs, "--json").stdout)
    ada, ben = found["persons"]
    assert (ada["person"], ada["games"], ben["games"]) == ("Ada", 6, 1)
    assert ada["precision"]["low"] < ada["precision"]["high"] and ben["precision"] is None
    twice = detente("play", "debrief", logs[0], logs[1], logs[0])
    assert twice.returncode == 2 and b"named twice" in twice.stderr
    text = detente("play", "debrief", *logs).stdout.decode()
    assert "Ada" in text and "Statistics of the games" in text


def test_a_tournament_prints_a_table_and_saves_a_chart(tmp_path) -> None:
    page = tmp_path / "page.html"
    done = detente("play", "tournament", "fashoda-1898", "--strategies", "hawk,dove,tit-for-tat",
                   "--out", page)
    assert done.returncode == 0, done.stderr
    assert "tit for tat" in done.stdout.decode() and "<svg" in page.read_text()
    found = json.loads(detente("play", "tournament", "fashoda-1898", "--strategies",
                               "equilibrium,bluffer", "--games", "50", "--json").stdout)
    pairs = {(p["first"], p["second"]): p for p in found["pairs"]}
    assert pairs["equilibrium", "equilibrium"]["exact"]
    assert not pairs["bluffer", "equilibrium"]["exact"]
    assert pairs["bluffer", "equilibrium"]["error_first"] > 0


@pytest.mark.parametrize(("words", "said"), [
    (("cuba-1962",), "no seat was named"),
    (("cuba-1962", "--as", "russia"), "no player 'russia'"),
    (("cuba-1962", "--as", "united_state"), "did you mean 'united_states'"),
    (("cuba-1962", "--all", "--machine", "hawkish"), "no strategy 'hawkish'"),
    (("cuba-1962", "--all", "--type", "soviet_union=9"), "gives no type"),
    (("cuba-1962", "--all", "--name", "a,b,c"), "3 names for 2 seats"),
    (("cuba-1962", "--all", "--lambda", "-1"), "--lambda"),
    (("-", "--all"), "standard input"),
    (("debrief", "no-such-file"), "no such file"),
    (("tournament", "cuba-1962", "--strategies", "hork"), "no strategy 'hork'"),
    (("export-otree", "cuba-1962", "app", "--machine", "hawk"), "fallible or deliberate"),
])
def test_wrong_words_are_one_message(tmp_path, words, said) -> None:
    done = detente("play", *words, cwd=tmp_path)
    message = "\n".join(told(done.stderr))
    assert done.returncode == 2 and said in message, message
    assert done.stdout == b"" and message.startswith("detente: ") and message.count("\n") == 0
    assert list(tmp_path.iterdir()) == []


def test_a_log_replaces_no_other_file(tmp_path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    done = detente(*CUBA, "--log", other, stdin=moves("yield"))
    assert done.returncode == 2 and other.read_text() == "mine"
    os.mkfifo(tmp_path / "pipe")  # nothing writes to it, so a read would never end
    done = detente(*CUBA, "--log", tmp_path / "pipe", stdin=moves("yield"))
    assert done.returncode == 2 and b"a device or a pipe" in done.stderr
    done = detente(*CUBA, "--log", "/proc/no/such/game.jsonl", stdin=moves("yield"))
    assert done.returncode == 74 and len(told(done.stderr)) == 1


def test_a_debrief_with_another_file_of_the_case_is_refused(tmp_path) -> None:
    from detente.cases import find

    mine = tmp_path / "mine.yaml"
    mine.write_text(Path(find("fashoda-1898")).read_text())
    log = tmp_path / "game.jsonl"
    done = detente("play", mine, "--as", "britain", "--log", log, "--seed", "1",
                   stdin=moves("yield"))
    assert done.returncode == 0, done.stderr
    assert detente("play", "debrief", log).returncode == 0
    mine.write_text(mine.read_text() + "\n# changed\n")
    done = detente("play", "debrief", log)
    assert done.returncode == 2 and b"has changed since the game" in done.stderr
    done = detente("play", "debrief", log, "--case", "fashoda-1898")
    assert done.returncode == 0


def test_a_logged_game_is_followed_to_its_own_end(tmp_path) -> None:
    """The log as an events file: `detente follow` ends at the node at which the game ended."""
    from detente.cases import find, load
    from detente.follow.entry import trail
    from detente.follow.file import load_events
    from detente.play.board import Board
    from detente.play.record import read_log

    log, file = tmp_path / "game.jsonl", tmp_path / "game.events.yaml"
    assert detente(*CUBA, "--log", log, stdin=moves("offer withdrawal alone")).returncode == 0
    done = detente("play", "events", log, "--out", file)
    assert done.returncode == 0 and b"detente follow cuba-1962" in done.stdout, done.stderr
    crisis = load(find("cuba-1962"))
    board = Board.of_case("cuba-1962")
    entries = [(e.actor, e.reports) for e in load_events(file, crisis).file.events]
    (node,) = trail(board.tree, entries, crisis.principals).places[-1].nodes
    assert node == read_log(log, board.tree).node
    assert detente("play", "events", log, "--out", log).returncode == 2


def test_a_game_of_a_file_is_followed_by_the_name_in_the_file(tmp_path) -> None:
    """The log names the file; the events file must name the crisis."""
    from detente.cases import find, load
    from detente.follow.file import load_events

    mine, log, file = (tmp_path / f for f in ("mine.yaml", "game.jsonl", "game.events.yaml"))
    mine.write_text(Path(find("fashoda-1898")).read_text())
    assert detente("play", mine, "--as", "britain", "--seed", "1", "--log", log,
                   stdin=moves("yield")).returncode == 0
    done = detente("play", "events", log, "--out", file)
    assert f"detente follow {mine} {file}" in done.stdout.decode(), done.stderr
    assert load_events(file, load(mine)).file.follows == "fashoda-1898"


def test_the_rest_of_a_long_line_is_no_answer(monkeypatch) -> None:
    """After 1,000 bytes the rest of a line was read as the next answer, and 8 is an attack."""
    import io
    import sys

    from detente.play.terminal import lines

    text = b"x" * 1000 + b"8\n" + b"y" * 999 + b"\n" + b"1\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    read = lines()
    assert [read(), read(), read(), read()] == ["x" * 1000, "y" * 999, "1", None]


def test_a_player_cannot_put_a_move_as_a_facilitator_does(monkeypatch) -> None:
    """Such a move would count as luck."""
    import io

    from rich.console import Console

    from detente.play.terminal import Terminal

    monkeypatch.setattr("sys.stdin", io.StringIO())
    table = Table(Board.of_case("fashoda-1898"), {"britain": person()}, seed=1)
    answers, said = iter(["put hold"]), io.StringIO()
    Terminal(table, Console(file=said), lambda: next(answers, None)).play()
    assert table.steps == [] and "facilitator's word" in said.getvalue()
