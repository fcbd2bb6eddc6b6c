"""Every stability notion against its definition, on random graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import SolveError
from detente.lenses.graph_model import CONCEPTS, READINGS, analyse, analyse_extended
from detente.lenses.graph_model.coalitions import coalition_stability
from detente.lenses.graph_model.reach import reachable, shortest_paths
from tests.lenses.graph_model.oracle import coalition_stable, models, reach, stable

FEW = settings(max_examples=60, deadline=None)


def _by_definition(model, concept, reading="b", strong=False):
    return [
        [stable(model, i, s, concept, reading, strong) for s in range(model.size)]
        for i in range(model.n)
    ]


@FEW
@given(models())
def test_simple_preferences(model):
    found = analyse(model)
    for concept in CONCEPTS:
        assert found.stable[concept].tolist() == _by_definition(model, concept), concept


@FEW
@given(models(strong=True))
def test_strong_sanctions(model):
    fast, general = analyse(model, strong=True), analyse_extended(model, strong=True)
    for concept in ("GMR", "SMR", "SEQ"):
        expected = _by_definition(model, concept, strong=True)
        assert fast.stable[concept].tolist() == expected, concept
        assert general.stable[concept].tolist() == expected, concept


@FEW
@given(models(unknown=True, strong=True), st.sampled_from(READINGS), st.booleans())
def test_unknown_preferences(model, reading, strong):
    found = analyse_extended(model, reading, strong=strong)
    for concept in found.stable:
        expected = _by_definition(model, concept, reading, strong)
        assert found.stable[concept].tolist() == expected, concept


@FEW
@given(models(unknown=True))
def test_stability_notions_nest(model):
    for reading in READINGS:
        found = analyse_extended(model, reading).stable
        assert not (found["Nash"] & ~found["SMR"]).any()
        assert not (found["SMR"] & ~found["GMR"]).any()
        assert not (found["Nash"] & ~found["SEQ"]).any()
        assert not (found["SEQ"] & ~found["GMR"]).any()
    a, b, c, d = (analyse_extended(model, r).stable for r in READINGS)
    for concept in CONCEPTS:
        for between in (b, c):
            assert not (a[concept] & ~between[concept]).any()
            assert not (between[concept] & ~d[concept]).any()


@FEW
@given(models(makers=(2, 3), states=(2, 5)))
def test_coalition_stability(model):
    found = coalition_stability(model)
    for members, by_concept in found.items():
        for concept, values in by_concept.items():
            expected = [coalition_stable(model, members, s, concept) for s in range(model.size)]
            assert values.tolist() == expected, (members, concept)
    single = analyse(model)
    for i in range(model.n):
        for concept in ("Nash", "GMR", "SMR"):
            assert (found[i,][concept] == single.stable[concept][i]).all()


@FEW
@given(models(makers=(2, 3)), st.data())
def test_reaching_and_paths(model, data):
    who = data.draw(st.sets(st.integers(0, model.n - 1), min_size=1))
    mask = np.isin(np.arange(model.n), list(who))
    s = data.draw(st.integers(0, model.size - 1))
    expected = reach(lambda j, t: set(model.moves.of(j, t).tolist()), who, s)
    assert set(np.nonzero(reachable(model.moves, mask, s))[0].tolist()) == expected
    _, paths = shortest_paths(model.moves, mask, s)
    assert set(paths) == expected
    for end, path in paths.items():
        at, last = s, None
        for i, t in path:
            assert i in who and i != last and t in model.moves.of(i, at)
            at, last = t, i
        assert at == end


def test_unknown_preferences_are_refused_by_the_simple_analysis():
    from detente.lenses.graph_model.canon import chicken
    from detente.lenses.graph_model.preferences import by_ranking

    blurred = chicken().with_preference(0, by_ranking([0, 1, 2, 3], 4, [(0, 1)]))
    with pytest.raises(SolveError, match="unknown"):
        analyse(blurred)
