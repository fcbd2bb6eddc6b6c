"""The oTree app: it runs under oTree with bots, and its table comes back as the same games."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.play.board import Board
from detente.play.debrief import account
from detente.play.export import export, game_document, read_table, rounds
from tests.play.games import interdependent, small
from tests.support.program import detente


def test_the_document_holds_the_whole_game() -> None:
    """Odds and mixes sum to 1, and values are the expectations of what follows."""
    board = Board(small(1), lam=1.0)
    made = json.loads(json.dumps(game_document(board, ["a", "b"])))
    for node in range(board.tree.n_nodes):
        kids = list(board.tree.children(node))
        mover = made["mover"][node]
        if mover >= 0:
            for t in range(2):
                p = [made["mix"][str(mover)][str(c)][t] for c in kids]
                assert sum(p) == pytest.approx(1, abs=1e-9)
                best = sum(x * made["value"][str(mover)][c][t] for x, c in zip(p, kids,
                                                                                strict=True))
                assert made["value"][str(mover)][node][t] == pytest.approx(best, abs=1e-9)
        elif mover == -2:
            assert sum(made["odds"][str(c)] for c in kids) == pytest.approx(1, abs=1e-9)
        elif mover == -3:
            joint = made["joints"][str(node)]
            for seat, i in enumerate(joint["players"]):
                for t in range(2):
                    value = sum(m[t] * w[t] for m, w in zip(
                        joint["mix"][seat], joint["worth"][seat], strict=True))
                    assert made["value"][str(i)][node][t] == pytest.approx(value, abs=1e-8)


def test_the_number_of_rounds_is_the_longest_path() -> None:
    assert rounds(Board.of_case("cuba-1962"), ["united_states", "soviet_union"]) == 5
    assert rounds(Board.of_case("order-2020"), ["west_bloc", "east_bloc"]) == 3
    assert rounds(Board.of_case("cuba-1962"), ["united_states"]) == 3  # two turns and the reply


def test_games_without_an_otree_form_are_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="two persons"):
        export(Board.of_case("cuba-1962"), tmp_path / "one", ["united_states"])
    with pytest.raises(InputError, match="both types"):
        export(Board(interdependent(0), lam=1.0), tmp_path / "two", ["a", "b"])
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_a_project_that_python_can_compile(tmp_path) -> None:
    done = detente("play", "export-otree", "fashoda-1898", tmp_path / "app", "--json")
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)["files"]
    assert {Path(f).name for f in written} >= {"settings.py", "game.json", "__init__.py"}
    for file in written:
        if file.endswith(".py"):
            compile(Path(file).read_text(), file, "exec")
    done = detente("play", "export-otree", "fashoda-1898", tmp_path / "app")
    assert done.returncode == 2 and b"not empty" in done.stderr


@pytest.fixture(scope="session")
def otree(tmp_path_factory) -> Path:
    """oTree's program: DETENTE_OTREE names it, or it is installed into a folder of its own."""
    named = os.environ.get("DETENTE_OTREE")
    if named:
        return Path(named)
    place = tmp_path_factory.mktemp("otree")
    subprocess.run([sys.executable, "-m", "venv", place], check=True, capture_output=True)
    done = subprocess.run([place / "bin" / "pip", "install", "-q", "otree", "requests"],
                          capture_output=True, text=True, timeout=600)
    if done.returncode:
        pytest.skip(f"oTree cannot be installed: {done.stderr.strip()[-200:]}")
    return place / "bin" / "otree"


@pytest.mark.slow
@pytest.mark.otree
@pytest.mark.parametrize(("case", "seats"), [
    ("cuba-1962", []), ("order-2020", []), ("caucasus-2025", []),
    ("kargil-1999", ["india", "pakistan", "united_states"]),
])
def test_bots_play_a_session_and_the_table_comes_back(tmp_path, otree, case, seats) -> None:
    """Payoffs, decisions and luck in oTree's table equal those of the debrief of the same games."""
    board = Board.of_case(case)
    export(board, tmp_path / "app", seats)
    people = 4 * (len(seats) or 2)
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run([otree, "test", "crisis", str(people), "--export=results"],
                          cwd=tmp_path / "app", env=env, capture_output=True, text=True,
                          timeout=900)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert "Bots completed session" in done.stdout + done.stderr
    table = tmp_path / "app" / "results" / "crisis.csv"
    games = read_table(table, board)
    assert len(games) == 4 and all(g.ended and board.over(g.node) for g in games)
    import csv

    rows = [r for r in csv.DictReader(table.open()) if r["group.over"] == "1"]
    assert len(rows) == people
    for game in games:
        assert game.types is not None
        for actor, code in game.persons.items():
            row, = (r for r in rows if r["participant.code"] == code)
            found = account(board, game, actor)
            assert row["player.actor"] == actor
            for column, value in (("payoff", found.payoff), ("expected", found.expected),
                                  ("decision", found.decision), ("luck", found.luck)):
                assert float(row[f"player.{column}_stakes"]) == pytest.approx(value, abs=1e-9)
    done2 = detente("play", "debrief", table, "--json")
    assert done2.returncode == 0, done2.stderr
    assert len(json.loads(done2.stdout)["games"]) == people


@pytest.mark.parametrize(("text", "match"), [
    ("a,b\n1,2\n", "no column"), ("", "empty|no row|no column"),
])
def test_another_table_is_refused(tmp_path, text, match) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=match):
        read_table(file, Board(small(0), lam=1.0))
