"""``detente solve``: what it prints, in which order, and its exit codes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from detente import cli
from detente.game.efg import read_efg

FILES = Path(__file__).parent / "data" / "efg"


def solve_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = cli.main(["solve", *words, "--json"])
    out = capsys.readouterr().out

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return code, json.loads(out, parse_constant=refuse)


@pytest.mark.parametrize("file", sorted(FILES.glob("*.efg")), ids=lambda f: f.stem)
def test_json_holds_everything_in_the_files_order(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = solve_json(capsys, str(file), "--lambda", "2")
    game = read_efg(file)
    assert code == 0 and found["lambda"] == 2.0
    assert [p["name"] for p in found["players"]] == list(game.players)
    for i, player in enumerate(found["players"]):
        sets = game.player_sets(i)
        assert [s["number"] for s in player["information_sets"]] == [
            int(game.set_number[h]) for h in sets
        ]
        for h, said in zip(sets, player["information_sets"], strict=True):
            assert said["label"] == (game.set_label[h] or str(game.set_number[h]))
            moves = range(int(game.set_first[h]), int(game.set_first[h + 1]))
            assert [a["name"] for a in said["actions"]] == [game.move_label[a] for a in moves]
            assert math.isclose(sum(a["probability"] for a in said["actions"]), 1)
    certificate = found["certificate"]
    assert certificate["certified"] and certificate["reached_by"] == "traced"
    assert certificate["residual"] <= 1e-8
    assert certificate["max_regret"] <= certificate["regret_bound"] + 1e-9
    assert certificate["nash_conv"] >= 0


def test_entry_deterrence_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = solve_json(capsys, str(FILES / "entry.efg"), "--lambda", "5")
    entrant = found["players"][0]["information_sets"][0]
    assert entrant["label"] == "market" and entrant["actions"][1]["name"] == "in"
    fight = 1 / (1 + math.exp(10))
    enter = 1 / (1 + math.exp(-5 * (1 - 2 * fight)))
    assert entrant["actions"][1]["probability"] == pytest.approx(enter, abs=1e-12)


def test_lambda_zero_is_choice_at_random(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = solve_json(capsys, str(FILES / "poker.efg"), "--lambda", "0")
    shares = {a["probability"] for p in found["players"] for s in p["information_sets"]
              for a in s["actions"]}
    assert code == 0 and shares == {0.5}
    assert found["certificate"]["regret_bound"] is None


def test_the_default_lambda_is_40_over_the_stake(capsys: pytest.CaptureFixture[str]) -> None:
    # Alice's payoffs in stripped-down poker run from -2 to 2.
    _, found = solve_json(capsys, str(FILES / "poker.efg"))
    assert found["lambda"] == 10.0


def test_trace_adds_the_branch(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = solve_json(capsys, str(FILES / "crisis.efg"), "--trace", "--lambda", "5")
    assert found["trace"]["lambda"][0] == 0.0 and max(found["trace"]["lambda"]) >= 5
    assert found["trace"]["folds"] == [] and found["others"] == []


def test_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["solve", str(FILES / "everything.efg"), "--trace"]) == 0
    out = capsys.readouterr().out
    for word in ('player "one"', "back\\slash", "unsure", "certified at lambda", "NashConv",
                 "followed from lambda 0"):
        assert word in out


def test_uncertified_is_printed_marked_and_exits_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.equilibrium.certificates import extensive as extensive_certificate

    monkeypatch.setattr(extensive_certificate, "RESIDUAL_LIMIT", -1.0)
    code, found = solve_json(capsys, str(FILES / "entry.efg"), "--lambda", "1")
    assert code == 1 and found["certificate"]["certified"] is False
    assert "residual" in found["certificate"]["note"]
    assert cli.main(["solve", str(FILES / "entry.efg")]) == 1
    assert "NOT CERTIFIED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bad.efg:1:1: "),
        ('EFG 2 R "t" { "A" } t "" 1 "" { 1 2 }', "bad.efg:1:35: "),
        ('EFG 2 R "t" { "A" } p "" 1 1 "" { "l" "r" } 0 p "" 1 1 0 t "" 0 t "" 0 t "" 0',
         "perfect recall"),
        ("\x00\x01", "bad.efg:1:1: "),
    ],
)
def test_bad_files_are_one_line_and_exit_2(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.efg").write_text(text)
    assert cli.main(["solve", str(tmp_path / "bad.efg"), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and said in told.err


@pytest.mark.parametrize("lam", ["-1", "nan", "inf", "1e300", "many"])
def test_bad_precisions_exit_2(lam: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["solve", str(FILES / "entry.efg"), "--lambda", lam]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert cli.main(["solve", "no-such-file.efg"]) == 2
