"""Status quo, inverse analysis and robustness: each answer is tried out on the changed model."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import SizeError, SolveError
from detente.lenses.graph_model import CONCEPTS, Preference, analyse
from detente.lenses.graph_model.canon import chicken, elmira, prisoners_dilemma
from detente.lenses.graph_model.inverse import invert, raised
from detente.lenses.graph_model.robustness import swaps
from detente.lenses.graph_model.statusquo import from_status_quo
from tests.lenses.graph_model.oracle import models, stable

FEW = settings(max_examples=25, deadline=None)


@FEW
@given(models(states=(3, 5)), st.data())
def test_inverse_share_counts_the_rankings(model, data):
    s = data.draw(st.integers(0, model.size - 1))
    concept = data.draw(st.sampled_from(CONCEPTS))
    for found in invert(model, s, concept):
        good = total = 0
        for order in permutations(range(model.size)):
            rank = np.empty(model.size, dtype=np.int32)
            rank[list(order)] = np.arange(model.size)
            changed = model.with_preference(found.maker, Preference(rank))
            good += stable(changed, found.maker, s, concept)
            total += 1
        assert found.share == pytest.approx(good / total, abs=1e-12)


@FEW
@given(models(states=(3, 6)), st.data())
def test_inverse_advice_works_and_less_does_not(model, data):
    s = data.draw(st.integers(0, model.size - 1))
    concept = data.draw(st.sampled_from(CONCEPTS))
    for found in invert(model, s, concept):
        i = found.maker
        assert found.stable == stable(model, i, s, concept)
        if found.stable:
            assert found.rise == 0 and found.lower == ()
            continue
        assert stable(raised(model, i, s, found.rise), i, s, concept)
        assert not stable(raised(model, i, s, found.rise - 1), i, s, concept)
        rank = model.preferences[i].rank.astype(np.int64) * 2 + 1
        rank[list(found.lower)] = rank[s] - 1
        changed = model.with_preference(i, Preference(rank.astype(np.int32)))
        assert stable(changed, i, s, concept)


def test_status_quo_of_elmira():
    verdicts = {e.state + 1: e.verdict for e in from_status_quo(elmira(), range(9))}
    # the city gains by insisting (1 -> 5); nobody else gains by a move from 1 or 5 but Uniroyal's
    # ways all cost it; modification alone costs the ministry
    assert verdicts[1] == "here" and verdicts[5] == "by improvements"
    assert verdicts[8] == "needs a step back" and verdicts[4] == "needs a step back"
    back = from_status_quo(elmira(), [0], start=8)[0]
    assert back.verdict == "out of reach"  # abandonment has no way back


def test_status_quo_must_exist():
    with pytest.raises(SolveError):
        from_status_quo(chicken(), [0])


def test_swaps_report_what_a_new_analysis_finds():
    model = prisoners_dilemma()
    found = swaps(model)
    assert len(found) == 6  # three pairs of neighbours for each of two
    by_name = {(s.maker, s.better, s.worse): s for s in found}
    # a row player that prefers CC to DC: cooperation is then a Nash state for it, not for column
    change = by_name[0, ("DC",), ("CC",)]
    rank = model.preferences[0].rank.copy()
    rank[[2, 0]] = rank[[0, 2]]
    after = analyse(model.with_preference(0, Preference(rank))).sets()
    before = analyse(model).sets()
    for c in CONCEPTS:
        assert set(change.gained.get(c, ())) == after[c] - before[c]
        assert set(change.lost.get(c, ())) == before[c] - after[c]


def test_swaps_are_refused_for_large_models():
    from detente.lenses.graph_model import OptionForm, by_options

    options = {"a": [f"x{k}" for k in range(10)]}
    model = by_options(OptionForm(options), {"a": ["x0"]})
    with pytest.raises(SizeError):
        swaps(model)
