"""Who stands between two enemies: brute force, and the states of 1914 and 1938."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.world.between import (
    at_once,
    between_by_year,
    counts,
    standing_between,
    stands_between,
)
from detente.world.ties import make_ties


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([0, 1, -1, -2]), min_size=15, max_size=15))
def test_brute_force(signs):
    """-2: friend and enemy at once, which counts as enemy only."""
    names = "abcdef"
    values = {p: s for p, s in zip(itertools.combinations(names, 2), signs, strict=True) if s}
    ties = make_ties(names, {p: float(max(s, -1)) for p, s in values.items()},
                     both=[p for p, s in values.items() if s == -2])
    sign = {frozenset(p): s for p, s in values.items()}
    expected = {
        (k, pair) for pair in itertools.combinations(names, 2) if sign.get(frozenset(pair), 0) < 0
        for k in names if all(sign.get(frozenset((k, e)), 0) > 0 for e in pair)}
    found = standing_between(ties)
    assert {(b.actor, b.enemies) for b in found} == expected and len(found) == len(expected)
    for b in found:
        assert stands_between(ties, b.actor, *b.enemies)
    assert {(a, b) for a, b, _ in at_once(ties)} == {p for p, s in values.items() if s == -2}


def test_the_states_of_1938(data):
    """Force and rivalries, with a pact with each: Britain and the USSR 5."""
    (_, ties, found), = between_by_year([1938], folder=data)
    number = counts(found)
    assert {k: n for k, n in number.items() if n >= 4} == {
        "France": 8, "Egypt": 6, "United Kingdom": 5, "Russia": 5, "Romania": 4}
    for b in found:
        shown = b.as_dict(ties)
        assert all("defence pact in force since" in x[0] for x in shown["friendly"])
        assert shown["hostile"]


def test_an_unknown_actor():
    ties = make_ties(["aland", "bland", "cland"], {("aland", "bland"): 1})
    with pytest.raises(InputError, match="did you mean 'bland'"):
        stands_between(ties, "aland", "blend", "cland")
