"""Faults that an attack found in the zone of agreement and in the packages of several issues."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from detente.analysis import analyse
from detente.analysis.agreement import agreement
from detente.cases import loads
from detente.game.explore import graph_of
from detente.mechanisms.issues_gaps import package_gaps
from detente.mechanisms.reservation import SAMPLES, reservations, samples
from detente.scenario.efficient import packages_of

BASE = """
crisis: a
title: A
actors: {{aland: {{role: principal{more}}}, bland: {{role: principal}}}}
stake:
  name: a border
  first: aland
  issues:
    land: {{weight: {{aland: 0.7, bland: 0.3}}, levels: {{kept: 0, {land}: 1}}, status_quo: kept}}
    water: {{weight: {{aland: 0.3, bland: 0.7}}, levels: {{kept: 0, {water}}}, status_quo: kept}}
turns: {{first: aland, each: 1}}
war: {war}
delay_cost: 0.02
offers: {offers}
"""


def crisis(**parts: str):
    given = {"more": "", "land": "ceded", "water": "ceded: 1", "offers": "{efficient: 3}",
             "war": "{win_chance: 0.9, cost: {aland: 0.1, bland: 0.2}}", **parts}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return loads(BASE.format(**given))


@pytest.mark.parametrize(("more", "by_war", "expected"), [
    # Aland prefers war (.9 - .1) to no deal (0), so the failure of the talks is war.
    ("", 1.0, (0.8, -0.1)),
    # It never attacks, and Bland prefers no deal (1) to war (.1 - .2).
    (", will_not: [attack]", 0.0, (0.0, 1.0)),
])
def test_no_agreement_is_war_only_if_some_side_may_attack(more, by_war, expected):
    found = agreement(analyse(crisis(more=more), samples=4, deliberate_samples=1, starts=1,
                              structure=False))
    assert np.allclose(found.by_war, by_war)
    assert np.allclose(found.disagreement, expected)


def test_a_war_that_ends_at_a_line_leaves_no_gap_if_terms_beat_it():
    # A certain stalemate gives .5 - .1 and .5 - .2; the swap gives each side .7.
    swap = "{packages: [{name: swap, levels: {land: ceded, water: kept}}]}"
    line = ("{win_chance: 0.9, cost: {aland: 0.1, bland: 0.2}, "
            "endings: {stalemate: {chance: 1, share: 0.5}}}")
    assert package_gaps(graph_of(crisis(offers=swap, war=line)).rules) == []
    # Without it the war is worth .8 to Aland, more than the swap, though other terms beat it.
    assert package_gaps(graph_of(crisis(offers=swap)).rules)


def test_generated_packages_have_names_of_their_own():
    long = "all of the northern province and every one of its river ba"
    made = packages_of(crisis(
        land=long, water="xx half ceded: 0.5, xx all ceded: 1", offers="{efficient: 6}"))
    names = [p.name for p in made]
    assert len(set(names)) == len(names) > 3
    assert all(len(name) <= 60 for name in names)


def test_private_weights_and_costs_without_ranges_have_their_gaps_checked():
    known = (", private: {weight_of_land: {low: 0.2, high: 0.8, chance_high: 0.5}, "
             "war_cost: {between: [0.1, 0.4], types: 3}}")
    text = BASE.replace("weight: {{aland: 0.7, bland: 0.3}}", "weight: {{bland: 0.3}}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = loads(text.format(more=known, land="ceded", water="ceded: 1",
                                 offers="{efficient: 3}", war="{win_chance: 0.6, cost: 0.1}"))
    assert isinstance(package_gaps(graph_of(made).rules), list)
    low, high = reservations(graph_of(made).rules, samples(graph_of(made).rules))
    assert low.shape == (6, SAMPLES) and high.shape[1] == SAMPLES
