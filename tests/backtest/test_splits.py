"""No training row is in a test fold, and every row is tested once."""

import numpy as np
import pytest

from detente.backtest.splits import forward, kfold
from detente.errors import InputError


def test_folds_part_whole_pairs(toy):
    pairs = toy.rows["pair"].to_numpy()
    splits = kfold(toy)
    assert sorted(np.concatenate([s.test for s in splits])) == list(range(len(toy)))
    for s in splits:
        assert not set(pairs[s.train]) & set(pairs[s.test])
        assert len(s.train) + len(s.test) == len(toy)


def test_origins_learn_from_the_past_only(toy):
    years = toy.rows["year"].to_numpy()
    splits = forward(toy, first=1900, step=7)
    tested = np.concatenate([s.test for s in splits])
    assert sorted(tested) == list(np.flatnonzero(years >= 1900))
    for s in splits:
        assert years[s.train].max() < int(s.name) <= years[s.test].min()
        assert years[s.test].max() < int(s.name) + 7
        assert len(s.train) == (years < int(s.name)).sum()


def test_an_origin_without_a_past_is_refused(toy):
    with pytest.raises(InputError, match="expected a year from"):
        forward(toy, first=1700)
    with pytest.raises(InputError, match="the forecasts begin in 2300"):
        forward(toy, first=2300)
