"""Random changes of two shipped crisis files: a crisis, or an error that says where.

The default run takes some seconds with a fixed seed. ``-m long`` tries an hour of other seeds.
"""

from __future__ import annotations

import random
from importlib.resources import files

import pytest

from detente.cases import loads
from tests.support.damage import run

SEEDS = [
    (files("detente.cases") / name / f"{name}.yaml").read_text(encoding="utf-8")
    for name in ("cuba-1962", "guarantees-2022")
]


def test_changed_crisis_files_give_a_crisis_or_an_error_with_a_place() -> None:
    # The number is bounded by time, too, so that a busy machine does not take longer.
    tried, valid = run(loads, SEEDS, 1962, 5.0, 300)
    assert tried > 5
    assert valid or tried < 100


@pytest.mark.long
def test_an_hour_of_changed_crisis_files() -> None:
    assert run(loads, SEEDS, random.SystemRandom().randrange(2**32), 3600.0, 10**9)[0] > 1000
