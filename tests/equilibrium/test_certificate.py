"""Certificates against closed forms and published figures, and what they refuse."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.equilibrium.games import (
    entry,
    poker,
    poker_play,
    random_mix,
    random_tree,
    signalling,
    signalling_play,
)

from detente.equilibrium.certificates.public import Certificate, certify, nash_conv
from detente.errors import SolveError
from detente.game import decide, end, together, tree

# Closed forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lam", [1.0, 5.0, 40.0])
def test_entry_deterrence_in_closed_form(lam):
    fight = 1 / (1 + math.exp(2 * lam))
    enter = 1 / (1 + math.exp(-lam * (1 - 2 * fight)))
    pi = np.array([[1.0], [1 - enter], [enter], [fight], [1 - fight]])
    c = certify(entry(), pi, reading="fallible", lam=lam)
    assert c.certified
    # Two exponentials: rounding only.
    assert c.residual < 1e-14
    # The incumbent gives up 2 P(fight) where there is entry; the entrant what staying out costs.
    assert c.nash_conv == pytest.approx(2 * fight * enter + (1 - enter) * (1 - 2 * fight))


@pytest.mark.parametrize(("lam", "row"), [
    (1.0, (0.589005362746, 0.585324224356, 0.489522538094, 0.355636043292)),
    (10.0, (0.742348330403, 0.964697191538, 0.243136120871, 0.496766109659)),
])
def test_published_fallible_signalling_passes(lam, row):
    resist, tough, weak, public = row
    fight = (1 / (1 + math.exp(-lam * 0.6)), 1 / (1 + math.exp(lam)))
    seen = 0.2 * tough * fight[0] + 0.8 * weak * fight[1]
    # The table has twelve digits; a probability moves by at most lambda/4 per unit of payoff.
    assert seen / (0.2 * tough + 0.8 * weak) == pytest.approx(public, abs=1e-11 * lam)
    play = signalling_play(resist, tough, weak, fight)
    c = certify(signalling(), play, reading="fallible", lam=lam)
    assert c.certified
    assert c.residual < 1e-11 * lam
    wrong = certify(signalling(), signalling_play(resist + 1e-6, tough, weak, fight),
                    reading="fallible", lam=lam)
    assert not wrong.certified
    assert "residual" in wrong.note


@pytest.mark.parametrize(("lam", "row"), [
    (1.0, (0.931785430088, 0.539086796141, 0.614444385853)),
    (2.0, (0.995177813609, 0.502729476651, 0.66484699749)),
])
def test_published_fallible_poker_passes(lam, row):
    c = certify(poker(), poker_play(*row), reading="fallible", lam=lam)
    assert c.residual < 1e-11 * lam  # twelve digits in the table


def test_exact_equilibria_gain_nothing():
    assert nash_conv(poker(), poker_play(1, 1 / 3, 2 / 3)) == pytest.approx(0, abs=1e-15)
    play = signalling_play(2 / 3, 1, 0.2, (1, 0))
    assert nash_conv(signalling(), play) == pytest.approx(0, abs=1e-15)
    # By hand: if B always resists, tough still challenges, weak gains .2 * .5 from staying home;
    # B gains nothing, being indifferent.
    play = signalling_play(1, 1, 0.2, (1, 0))
    weak = 0.8 * 0.2 * 0.5
    assert nash_conv(signalling(), play) == pytest.approx(weak, abs=1e-15)


def test_a_threat_off_the_path_is_nash_but_not_within_a_floor():
    threat = np.array([[1.0], [1], [0], [1], [0]])
    assert nash_conv(entry(), threat) == 0
    floor = 0.1
    floored = np.array([[1.0], [1 - floor / 2], [floor / 2], [1 - floor / 2], [floor / 2]])
    # The incumbent is met with probability .05 and then loses 2 (1 - .1) by fighting.
    assert nash_conv(entry(), floored, floor) == pytest.approx(0.05 * 1.8)
    c = certify(entry(), floored, reading="deliberate", epsilon=floor)
    assert not c.certified
    assert "NashConv" in c.note


def test_strategies_below_their_floor_are_marked():
    c = certify(entry(), np.array([[1.0], [0], [1], [0], [1]]), reading="deliberate", epsilon=0.01)
    assert not c.certified
    assert "floor" in c.note


def test_interdependent_payoffs_agree_with_a_showdown():
    """The card decides who wins: as a chance by type, or as payoffs that depend on the card."""
    shown = tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "fold": end("folded"), "bet": decide("two", {"pass": end("passed"), "call": end("met")})}))
    one = np.array([[[-1.0], [-1]], [[1], [1]], [[2], [-2]]])
    both = replace(shown, joint_payoff=(one, -one))
    play = poker_play(0.9, 0.4, 0.7)
    want = certify(poker(), play, reading="fallible", lam=3.0)
    found = certify(both, play[:5], reading="fallible", lam=3.0)
    # The same sums in another order.
    assert found.nash_conv == pytest.approx(want.nash_conv, abs=1e-14)
    assert found.residual == pytest.approx(want.residual, abs=1e-14)

# Invariants --------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 100.0))
def test_rescaling_payoffs_divides_lambda(seed, scale):
    game = random_tree(seed)
    pi, joint = random_mix(game, np.random.default_rng(seed))
    big = replace(game, payoff=tuple(scale * u for u in game.payoff))
    one = certify(game, pi, reading="fallible", lam=2.0, joint_pi=joint)
    two = certify(big, pi, reading="fallible", lam=2.0 / scale, joint_pi=joint)
    assert two.residual == pytest.approx(one.residual, abs=1e-12)
    assert two.nash_conv == pytest.approx(scale * one.nash_conv, rel=1e-9, abs=1e-12 * scale)
    assert two.max_regret == pytest.approx(scale * one.max_regret, rel=1e-9, abs=1e-12 * scale)


def test_a_move_listed_twice_changes_nothing():
    def game(names, weights):
        offers = {n: decide("b", {"accept": end("deal", a=0.6, b=[0.4, 0.3]),
                                  "refuse": end("war", a=0.3, b=[0.35, 0.1])}) for n in names}
        return tree({"a": 1, "b": {"x": 0.4, "y": 0.6}},
                    decide("a", {"hold": end("quiet", a=0.4, b=0.6), **offers},
                           {"hold": 1.0, **weights}))

    once, twice = game(["offer"], {"offer": 1.0}), game(["o", "p"], {"o": 0.5, "p": 0.5})
    answer = [[0.7, 0.2], [0.3, 0.8]]
    pi1 = np.array([[1, 1], [0.3, 0.3], [0.7, 0.7], *answer], dtype=float)
    pi2 = np.array([[1, 1], [0.3, 0.3], [0.35, 0.35], [0.35, 0.35], *answer, *answer], dtype=float)
    for epsilon in (0.0, 0.1):
        assert nash_conv(twice, pi2, epsilon) == pytest.approx(nash_conv(once, pi1, epsilon),
                                                              abs=1e-15)
    regrets = [certify(g, p, reading="fallible", lam=2.0).max_regret
               for g, p in ((once, pi1), (twice, pi2))]
    assert regrets[0] == pytest.approx(regrets[1], abs=1e-15)


# Bad input and output ----------------------------------------------------------------------------


def test_not_numbers_and_not_distributions_are_marked():
    for bad in (np.nan, 0.7):
        c = certify(entry(), np.array([[1.0], [0.5], [bad], [0.5], [0.5]]),
                    reading="fallible", lam=1.0)
        assert not c.certified
        assert "distribution" in c.note
        json.dumps(c.as_dict(), allow_nan=False)


def test_lambda_zero_has_no_bound():
    c = certify(entry(), np.array([[1.0], [0.5], [0.5], [0.5], [0.5]]), reading="fallible", lam=0.0)
    assert c.certified
    assert c.regret_bound is None
    assert c.max_regret == 1.0  # the incumbent's, between -1 and 1 at even odds


def test_wrong_shapes_are_refused():
    with pytest.raises(SolveError, match="shape"):
        certify(entry(), np.ones((4, 1)), reading="fallible", lam=1.0)
    with pytest.raises(SolveError, match="lambda"):
        certify(entry(), np.ones((5, 1)), reading="fallible")
    with pytest.raises(SolveError, match="floor"):
        certify(entry(), np.ones((5, 1)), reading="deliberate", epsilon=2.0)
    game = tree({"a": 1, "b": 1}, together({"a": "xy", "b": "xy"}, {
        p: end("e", a=1) for p in itertools.product("xy", "xy")}))
    with pytest.raises(SolveError, match="simultaneous"):
        certify(game, np.ones((5, 1)), reading="fallible", lam=1.0)


def test_certificates_are_frozen_json():
    c = Certificate("fallible", 1.0, None, 0.0, math.inf, None, 0.1, "annealed", (1.5,), True)
    assert json.loads(json.dumps(c.as_dict(), allow_nan=False))["max_regret"] is None
    with pytest.raises(AttributeError):
        c.certified = False  # type: ignore[misc]
