"""The oTree app: it runs under oTree with bots, and its table comes back as the same games."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.game import chance, decide, end, tree
from detente.play.board import Board
from detente.play.debrief import account
from detente.play.export import export, game_document, rounds
from detente.play.exported import read_table
from tests.play.games import interdependent, small
from tests.support.program import CRISIS, detente


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


HOSTILE = CRISIS.replace("aland", "lambda_").replace("bland", "class_").replace(
    "actors:", "summary: '<script>alert(1)</script> {{ 1/0 }} $seats'\nactors:").replace(
    "{role: principal}", "{role: principal, title: \"');import os#<b>\"}", 1).replace(
    "{role: principal}", "{role: principal, title: '<b>$c', private: "
    "{war_cost: {low: 0.1, high: 0.4, chance_high: 0.5}}}")
"""Names that are words of Python, and titles with quotes, tags and marks of templates."""


def code_of(folder: Path) -> list[str]:
    """The code of an app without its numbers and its secret."""
    out = []
    for file in [folder / "settings.py", *sorted((folder / "crisis").glob("*.py")),
                 *sorted((folder / "crisis").glob("*.html"))]:
        text = re.sub(r"\d+", "N", re.sub(r'"[0-9a-f]{32}"', "SECRET", file.read_text()))
        out.append("\n".join(x for x in text.split("\n") if x and "_N = models" not in x))
    return out


def test_no_word_of_a_crisis_file_becomes_code(tmp_path) -> None:
    """The code of two apps differs in numbers only, whatever the crisis files say."""
    file = tmp_path / "crisis.yaml"
    file.write_text(HOSTILE)
    export(Board.of_case(file, lam=5), tmp_path / "one")
    export(Board.of_case("fashoda-1898"), tmp_path / "two")
    assert code_of(tmp_path / "one") == code_of(tmp_path / "two")


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
@pytest.mark.parametrize(("case", "seats", "elicit"), [
    ("cuba-1962", [], True), ("order-2020", [], False), ("caucasus-2025", [], False),
    ("kargil-1999", ["india", "pakistan", "united_states"], True),
])
def test_bots_play_a_session_and_the_table_comes_back(tmp_path, otree, case, seats, elicit
                                                      ) -> None:
    _played_through(tmp_path, otree, case, seats, elicit)


def test_one_session_is_played_where_otree_is_present(tmp_path) -> None:
    """The check above for one case, in every run of the suite; nothing is installed for it."""
    named = os.environ.get("DETENTE_OTREE") or shutil.which("otree")
    if not named:
        pytest.skip("oTree is not installed: set DETENTE_OTREE to its program, or use -m otree, "
                    "which installs it into a folder of its own")
    _played_through(tmp_path, Path(named), "fashoda-1898", [], True)


def _played_through(tmp_path: Path, otree: Path, case: str, seats: list[str], elicit: bool) -> None:
    """Payoffs, decisions and luck in oTree's table equal those of the debrief of the same games.

    So do the scores of the stated beliefs; without the setting no belief is asked for.
    """
    board = Board.of_case(case)
    export(board, tmp_path / "app", seats, elicit=elicit)
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

    every = list(csv.DictReader(table.open()))
    rows = [r for r in every if r["group.over"] == "1"]
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
            mine = [r for r in every if r["participant.code"] == code and r["player.node"] != "-1"]
            asked = [o for o in board.others(actor)
                     if elicit and len(board.tree.types[board.player(o)]) > 1]
            said = [(r, k) for r in mine for k in (1, 2) if r.get(f"player.belief_{k}")]
            assert len(said) == len(found.scored) == len(found.own) * len(asked)
            for (r, k), one in zip(said, found.scored, strict=True):
                assert float(r[f"player.belief_{k}"]) == pytest.approx(100 * one.stated)
                assert (r[f"player.true_{k}"] == "1") == one.true
                for column, value in (("bayes", one.bayes), ("brier", one.brier),
                                      ("bayes_brier", one.bayes_brier), ("excess", one.excess)):
                    assert float(r[f"player.{column}_{k}"]) == pytest.approx(value, abs=1e-9)
            if said:
                mean = sum(s.excess for s in found.scored) / len(said)
                assert float(row["player.excess_mean"]) == pytest.approx(mean, abs=1e-9)
    done2 = detente("play", "debrief", table, "--json")
    assert done2.returncode == 0, done2.stderr
    assert len(json.loads(done2.stdout)["games"]) == people


@pytest.mark.slow
@pytest.mark.otree
def test_a_browser_obeys_no_word_of_a_crisis_file(tmp_path, otree) -> None:
    """Keywords of Python as names, tags in texts: bots see them as text.

    oTree's templates print text as it is, so the app must escape it.
    """
    file, app = tmp_path / "crisis.yaml", tmp_path / "app"
    file.write_text(HOSTILE)
    export(Board.of_case(file, lam=5), app, elicit=True)
    bots = app / "crisis" / "tests.py"
    look = "            assert '#<b>' not in self.html and '#&lt;b&gt;' in self.html\n"
    text = bots.read_text()
    text = text.replace("            yield Briefing\n", look + "            assert '<script>alert' "
                        "not in self.html and '{{ 1/0 }}' in self.html\n            yield Briefing"
                        "\n").replace("            options =", look + "            options =")
    bots.write_text(text)
    assert text.count(look) == 2
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run([otree, "test", "crisis", "4"], cwd=app, env=env, capture_output=True,
                          text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


@pytest.mark.parametrize(("text", "match"), [
    ("a,b\n1,2\n", "no column"), ("", "empty|no row|no column"),
])
def test_another_table_is_refused(tmp_path, text, match) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=match):
        read_table(file, Board(small(0), lam=1.0))


def test_a_session_may_end_before_anyone_chooses(tmp_path, monkeypatch) -> None:
    """If chance ends the crisis at its root, the group is paid; there is no move to look up."""
    import sys
    from types import ModuleType, SimpleNamespace
    from unittest.mock import MagicMock

    board = Board(tree({"a": 1, "b": 1}, chance({
        "calm": (0.5, decide("a", {"x": end("x", a=1), "y": decide("b", {
            "m": end("m"), "n": end("n")})})),
        "accident": (0.5, end("war", a=-1, b=-2))})), lam=1.0)
    export(board, tmp_path)
    api = ModuleType("otree.api")
    vars(api).update({name: type(name, (), {}) for name in (
        "BaseConstants", "BaseSubsession", "BaseGroup", "BasePlayer", "Page", "WaitPage")})
    vars(api).update(models=MagicMock(), widgets=MagicMock())
    monkeypatch.setitem(sys.modules, "otree.api", api)
    monkeypatch.setitem(sys.modules, "otree", ModuleType("otree"))
    app: dict = {"__file__": str(tmp_path / "crisis" / "__init__.py")}
    exec(compile((tmp_path / "crisis" / "__init__.py").read_text(), "app", "exec"), app)
    ended = 0
    for seed in range(8):
        people = [SimpleNamespace(id_in_group=k + 1, node=-1, field_maybe_none=lambda _: None)
                  for k in range(2)]
        for one in people:
            one.in_all_rounds = lambda one=one: [one]
        group = SimpleNamespace(id_in_subsession=1, get_players=lambda people=people: people)
        app["creating_session"](SimpleNamespace(
            round_number=1, get_groups=lambda group=group: [group],
            session=SimpleNamespace(config={"seed": seed})))
        if board.over(group.node):
            app["play_on"](group)
            assert group.over and [p.payoff_stakes for p in people] == [-1, -2]
            ended += 1
    assert 0 < ended < 8
