"""``detente solve`` as a user runs it: numbers of every size, crossings, names, bad files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import outputs

HEAD = 'EFG 2 R "pennies" { "A" "B" }\n'
TREE = """p "" 1 1 "" {{ "H" "T" }} 0
p "" 2 1 "" {{ "h" "t" }} 0
t "" 1 "" {{ {0} -3{1} }}
t "" 2 "" {{ {2} 1{1} }}
p "" 2 1 "" {{ "h" "t" }} 0
t "" 3 "" {{ {3} 2{1} }}
t "" 4 "" {{ {4} -1{1} }}
"""
# The solution of p = logit(8 (7 q - 2)), q = logit(-8 (7 p - 3)), which `test_units` finds by
# bisection: 40 per stake of 5.
RIGHT = (0.445279, 0.554721, 0.281790, 0.718210)


def detente(*words: str, columns: int = 80) -> tuple[int, str, str]:
    done = outputs(*words, timeout=600, COLUMNS=str(columns))
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def solved(path: Path, *words: str) -> tuple[int, Any]:
    code, out, err = detente("solve", str(path), "--json", *words)
    assert code in (0, 1), err
    return code, json.loads(out)


def probabilities(found: Any) -> list[float]:
    return [a["probability"] for p in found["players"] for s in p["information_sets"]
            for a in s["actions"]]


@pytest.mark.parametrize("offset", ["0", "1000000000", "100000000000000000", "-3e40"])
@pytest.mark.parametrize("unit", ["", "e-300", "e250"])
def test_a_constant_and_the_unit_change_nothing(tmp_path: Path, offset: str, unit: str) -> None:
    whole = int(float(offset)) if "e" in offset else int(offset)
    paid = [f"{whole + u}{unit}" for u in (3, -1, -2, 1)]
    (tmp_path / "game.efg").write_text(HEAD + TREE.format(paid[0], unit, *paid[1:]))
    code, found = solved(tmp_path / "game.efg")
    assert code == 0 and found["certificate"]["certified"]
    assert probabilities(found) == pytest.approx(RIGHT, abs=1e-6)
    # The default lambda is 40 over the stake of 5 units.
    assert found["lambda"] == pytest.approx(float(f"8e{-int(unit[1:] or 0)}"), rel=1e-12)


@pytest.mark.parametrize(("paid", "said"), [
    ("1e999999999", ":4:13: the number 1e999999999 is too large or too long"),
    ("1/0", ":4:13: 1/0 divides by zero"),
    ("9" * 701, f":4:13: the number {'9' * 20}... (701 characters) is too large"),
    ("1e-310", ""),
])
def test_numbers_beyond_the_limits(tmp_path: Path, paid: str, said: str) -> None:
    (tmp_path / "game.efg").write_text(HEAD + TREE.format(paid, "", -1, -2, 1))
    code, out, err = detente("solve", str(tmp_path / "game.efg"))
    if said:
        assert code == 2 and out == "" and said in err and "expected" in err
    else:
        assert code == 0


def test_a_stake_below_every_unit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "game.efg").write_text(
        HEAD + 'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1e-400 0 } t "" 2 "" { 0 0 }')
    code, out, err = detente("solve", str(tmp_path / "game.efg"))
    assert code == 2 and out == "" and "differ by at most" in err and "another unit" in err


def test_lambda_is_limited_per_stake(tmp_path: Path) -> None:
    (tmp_path / "game.efg").write_text(HEAD + TREE.format("3e9", "e9", "-1e9", "-2e9", "1e9"))
    code, out, err = detente("solve", str(tmp_path / "game.efg"), "--lambda", "1e6")
    assert code == 2 and out == "" and "a number from 0 to 200" in err
    code, found = solved(tmp_path / "game.efg", "--lambda", "8e-9")
    assert code == 0 and probabilities(found) == pytest.approx(RIGHT, abs=1e-6)


CROSSING = """EFG 2 R "three players, each with one information set" { "1" "2" "3" }
p "" 1 1 "" { "U1" "D1" } 0
p "" 2 1 "" { "U2" "D2" } 0
p "" 3 1 "" { "U3" "D3" } 0 t "" 1 "" { 9 8 12 } t "" 2 "" { 0 0 0 }
p "" 3 1 0 t "" 2 t "" 3 "" { 3 4 6 }
p "" 2 1 0
p "" 3 1 0 t "" 2 t "" 3
p "" 3 1 0 t "" 4 "" { 9 8 2 } t "" 2"""


@pytest.mark.parametrize("lam", ["0.59673", "0.5968", "0.6", "0.602", "3.3333333"])
def test_a_crossing_is_passed_and_the_other_solutions_are_told(tmp_path: Path, lam: str) -> None:
    """(1/2, 1/2, p) solves at every lambda; a second branch crosses at .596755."""
    (tmp_path / "game.efg").write_text(CROSSING)
    code, found = solved(tmp_path / "game.efg", "--lambda", lam)
    note = found["certificate"]["note"]
    assert code == 0 and "mirror" not in note and "symmetry" not in note
    if float(lam) < 0.596755:
        assert note == "" and probabilities(found)[:4] == pytest.approx([0.5] * 4, abs=1e-9)
        return
    assert "another branch of solutions crosses this branch at lambda 0.596755" in note
    assert max(probabilities(found)[::2]) < 0.6
    others = [probabilities(o)[::2] for o in found["others"]]
    assert any(min(o) > 0.95 for o in others)
    assert any(o[:2] == pytest.approx([0.5, 0.5], abs=1e-9) for o in others)
    if lam == "3.3333333":
        assert probabilities(found)[::2] == pytest.approx([0.387, 0.446, 0.357], abs=1e-3)
        code, out, _ = detente("solve", str(tmp_path / "game.efg"), "--lambda", lam, columns=200)
        assert code == 0 and "other solution 1" in out and "other solution 2" in out


@pytest.mark.parametrize("columns", [30, 60, 80, 300])
def test_long_names_are_never_cut_until_two_look_alike(tmp_path: Path, columns: int) -> None:
    one, two = "honour_the_commitment_and_mobilise_fully_now", (
        "honour_the_commitment_and_mobilise_fully_later")
    (tmp_path / "game.efg").write_text(
        f'EFG 2 R "names" {{ "A_government_with_a_very_long_name_indeed_1" }} p "" 1 1 "a set" '
        f'{{ "{one}" "{two}" }} 0 t "" 1 "" {{ 1 }} t "" 2 "" {{ 0 }}')
    code, out, _ = detente("solve", str(tmp_path / "game.efg"), columns=columns)
    shown = "".join(out.split())
    assert code == 0
    # Wrapped in columns, the pieces of a name stand in lines; each distinct end must be there.
    assert "now" in shown and "later" in shown and "…" not in out and "..." not in out
    if columns >= 300:
        assert one in shown and two in shown


@pytest.mark.parametrize("words", [(), ("--json",), ("--trace",)])
def test_escape_sequences_of_a_file_are_spelt_out(tmp_path: Path, words: tuple[str, ...]) -> None:
    bad = "\x1b[31mred\x1b]0;PWNED\x07\x9b2J\u202e"
    (tmp_path / "game.efg").write_text(
        f'EFG 2 R "{bad}title" {{ "{bad}A" }} p "" 1 1 "{bad}set" {{ "{bad}l" "r" }} 0 '
        't "" 1 "" { 1 } t "" 2 "" { 0 }', encoding="utf-8")
    code, out, err = detente("solve", str(tmp_path / "game.efg"), *words)
    assert code == 0
    assert not any(c in out + err for c in "\x1b\x07\x9b\u202e")
    (tmp_path / "wrong.efg").write_text(f'EFG 2 R "{bad}', encoding="utf-8")
    code, out, err = detente("solve", str(tmp_path / "wrong.efg"), *words)
    assert code == 2 and not any(c in out + err for c in "\x1b\x07\x9b\u202e")
