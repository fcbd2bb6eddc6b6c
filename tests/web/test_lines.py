"""Differing lines: few are counted exactly, and many in a short time."""

from __future__ import annotations

import random
import time

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from detente.errors import InputError
from detente.scenario.yamlfile import MAX_BYTES
from detente.web.editing import with_number
from detente.web.endings import with_endings
from detente.web.folder import CRISIS
from detente.web.lines import changed_lines, line_changes


def test_a_changed_line_is_one_wherever_it_is() -> None:
    lines = [f"key-{k}: {k % 3}" for k in range(400)]
    for at in (0, 7, 200, 399):
        other = [*lines[:at], "new", *lines[at + 1:]]
        assert changed_lines("\n".join(lines), "\n".join(other)) == 1
        assert line_changes("\n".join(lines), "\n".join(other)) == [f"-{lines[at]}", "+new"]
    assert changed_lines("a", "a") == 0 and line_changes("a", "a") == []
    assert changed_lines("", "a\nb") == 2 and line_changes("a\nb", "") == ["-a", "-b"]


@pytest.mark.parametrize("kind", ["few kinds", "in another order", "empty", "unlike"])
def test_the_largest_texts_are_compared_in_a_moment(kind: str) -> None:
    """The time of this process alone; without the limit the first takes hours."""
    dice = random.Random(1)
    if kind == "few kinds":
        one, two = ([f"a: {k % n}" for k in range(MAX_BYTES // 5)] for n in (7, 5))
    elif kind == "in another order":
        one = [f"{k:06d}" for k in range(MAX_BYTES // 7)]
        two = dice.sample(one, len(one))
    elif kind == "empty":
        one, two = ["a"] + [""] * MAX_BYTES, ["b"] + [""] * (MAX_BYTES - 9) + ["c"]
    else:
        one, two = ([f"{c}{k}" for k in range(MAX_BYTES // 7)] for c in "ab")
    before, after = "\n".join(one), "\n".join(two)
    began = time.process_time()
    assert changed_lines(before, after) > 0 and line_changes(before, after)
    assert time.process_time() - began < 10  # about 1 s on an idle machine


@pytest.mark.parametrize("letter", ["\n", " ", "{", "'", "\t"])
def test_a_file_of_one_letter_is_searched_in_a_moment(letter: str) -> None:
    """A search whose time grows with the square of the length takes hours and holds all windows."""
    began = time.process_time()
    assert not CRISIS.search(letter * MAX_BYTES + "x")
    assert time.process_time() - began < 5
    assert CRISIS.search(f"{letter if letter.isspace() else ''}crisis: a")


@pytest.mark.parametrize("number", ["1" * MAX_BYTES + "x", "0.2 to " + "1" * MAX_BYTES, " " * 999])
def test_a_long_number_is_refused_in_a_moment(number: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError, match="is not a number") as told:
        with_number("war: {cost: 0.2}\n", ("war", "cost"), number)
    assert time.process_time() - began < 5 and len(str(told.value)) < 300


@pytest.mark.parametrize("mixed", ["", "b\n"])
def test_line_breaks_of_the_largest_texts_are_kept_in_a_moment(mixed: str) -> None:
    before = "a\r\n" * (MAX_BYTES // 4) + mixed + "c\r\n" + "a\r\n" * 9
    typed = before.replace("\r", "")
    began = time.process_time()
    assert with_endings(before, typed) == before
    assert with_endings(before, typed.replace("c", "d\n" * 9)) == before.replace("c", "d\r\n" * 9)
    many = with_endings(before, "x\n" + "a\n" * (MAX_BYTES // 5))
    assert many.startswith("x\r\n") and many.endswith("a\r\n")
    assert time.process_time() - began < 20  # about 2 s on an idle machine
