"""The labels of estimates/reading.jsonl: the measure of agreement, and complete columns."""

import json

import numpy as np
import pytest
from estimates.reading import DATA, READERS, interval, kappa


def test_kappa_of_a_table_worked_by_hand():
    # 20 both, 5 only the first, 10 only the second, 15 neither: (.7 - .5) / (1 - .5).
    a = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    b = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert kappa(a, b) == pytest.approx(.4)
    assert kappa(a, a) == pytest.approx(1)
    assert kappa(a, 1 - a) < 0


def test_the_interval_of_a_share_is_that_of_the_normal_law():
    # Bootstrap of a mean: share .7 of 400 rows has standard error sqrt(.21 / 400).
    x = np.repeat([1, 0], [280, 120])
    low, high = interval(400, lambda k: float(x[k].mean()))
    half = 1.96 * (.21 / 400) ** .5
    assert low == pytest.approx(.7 - half, abs=.005)
    assert high == pytest.approx(.7 + half, abs=.005)


def test_every_reader_labelled_every_sentence():
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in rows] == list(range(1, 205))
    assert all(set(r) == {"id", "document", "sentence", *READERS} for r in rows)
    assert {r[name] for r in rows for name in READERS} == {0, 1}
