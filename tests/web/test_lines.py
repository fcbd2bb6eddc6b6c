"""Differing lines: few are counted exactly, and many in a short time."""

from __future__ import annotations

import random
import time

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from detente.scenario.yamlfile import MAX_BYTES
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
