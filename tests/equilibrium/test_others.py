"""The search for other equilibria, on games whose equilibria are all known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from tests.conftest import make_crisis
from tests.equilibrium.games import random_tree
from tests.support.random_crisis import random_crisis

from detente.equilibrium import find_others, solve, solve_deliberate
from detente.equilibrium.deliberate.sequence_form import SequenceForm
from detente.equilibrium.search.others import DISTANCE, KINDS, distance, random_play, starts_for
from detente.game import PublicTree, chance_by_type, decide, end, together, tree
from detente.game.compile import compile_scenario


def roots(excess, points: int = 4001) -> list[float]:
    """Every root in (0, 1) that a fine grid in log odds brackets."""
    grid = logit(np.linspace(-25, 25, points))
    value = np.array([excess(p) for p in grid])
    turn = np.flatnonzero(np.sign(value[1:]) != np.sign(value[:-1]))
    return [brentq(excess, grid[k], grid[k + 1], xtol=1e-14) for k in turn]


def logit(x):
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def stag_hunt() -> PublicTree:
    return tree({"a": 1, "b": 1}, together({"a": ["stag", "hare"], "b": ["stag", "hare"]}, {
        ("stag", "stag"): end("stag", a=4, b=4), ("stag", "hare"): end("missed", a=0, b=3),
        ("hare", "stag"): end("missed", a=3, b=0), ("hare", "hare"): end("hare", a=3, b=3)}))


def test_all_three_equilibria_of_a_stag_hunt():
    lam = 5.0
    game = stag_hunt()
    known = solve(game, lam)
    others = find_others(game, known, solve_deliberate(game, known, settle=None), starts=16)
    # Replies rise in the other's probability, so that every equilibrium is symmetric: a root.
    want = roots(lambda p: logit(lam * (4 * p - 3)) - p)
    assert len(want) == 3
    found = [known, *(o for o in others if o.reading == "fallible")]
    # A certified residual of 1e-8 over a slope of excess of at least 1e-2.
    assert sorted(float(e.joint_pi[0][0][0, 0]) for e in found) == pytest.approx(want, abs=1e-6)
    exact = [e for e in others if e.reading == "deliberate"]
    played = {max(e.outcomes(), key=lambda k: e.outcomes()[k]) for e in exact}
    assert "stag" in played or "hare" in played


def lewis_schultz(w_b: float, types: int) -> tuple[PublicTree, np.ndarray, np.ndarray, np.ndarray]:
    """Lewis & Schultz's crisis (2003) with normal shocks, exactly but for a grid of types.

    The challenger learns the better of its two worths if resisted, m = max(W + e1, a + e2); which
    of the two it was depends on m alone and decides nothing else of its own, so that it is a
    chance by type. The target learns its worth of war.
    """
    worth_war, worth_back = -1.9, -1.2
    u = (np.arange(types) + 0.5) / types
    m = np.array([brentq(lambda x, v=v: norm.cdf(x - worth_war) * norm.cdf(x - worth_back) - v,
                         -12, 12) for v in u])
    war = norm.pdf(m - worth_war) * norm.cdf(m - worth_back)
    fight = war / (war + norm.pdf(m - worth_back) * norm.cdf(m - worth_war))
    target = w_b + norm.ppf(u)
    prior = {str(k): 1 / types for k in range(types)}
    game = tree({"A": prior, "B": prior}, decide("A", {
        "keep": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": chance_by_type("A", {
                "fight": (list(fight), end("war", A=list(m), B=list(target))),
                "back down": (list(1 - fight), end("backed down", A=list(m), B=1))})})}))
    return game, m, fight, target


def resisting(lam, m, fight, target):
    """Excess of the target's reply over the probability of resistance it replies to."""
    def excess(p):
        challenge = logit(lam * ((1 - p) + p * m))
        fought = (challenge * fight).sum() / challenge.sum()
        return logit(lam * (fought * target + (1 - fought))).mean() - p
    return excess


def test_lewis_schultz_has_three_equilibria_and_all_are_found():
    lam = 100.0
    game, *parts = lewis_schultz(-2.9, 64)
    known = solve(game, lam)
    others = find_others(game, known, solve_deliberate(game, known, settle=None))
    found = sorted(float(e.q[4]) for e in (known, *others) if e.reading == "fallible")
    # The same game's equilibrium equation in one unknown; certified residuals are 1e-8.
    assert found == pytest.approx(roots(resisting(lam, *parts)), abs=1e-6)
    # The published roots. 64 types a side and choice that errs a little at lambda 100 move them:
    # with 400 types and lambda 400 the equation's own roots are within .002 of these.
    assert found == pytest.approx([0.25110462, 0.59472283, 0.81332172], abs=0.02)


def test_lewis_schultz_has_one_equilibrium_at_a_lower_cost_of_war():
    lam = 100.0
    game, *parts = lewis_schultz(-2.6, 64)
    known = solve(game, lam)
    others = find_others(game, known, solve_deliberate(game, known, settle=None), starts=8)
    want = roots(resisting(lam, *parts))
    assert len(want) == 1
    assert float(known.q[4]) == pytest.approx(want[0], abs=1e-6)
    assert want[0] == pytest.approx(0.93074522, abs=0.02)
    assert [e for e in others if e.reading == "fallible"] == []


def test_starts_changed_by_a_millionth_find_the_fork_of_a_crisis():
    """With nine private types and four offers, learning forks; each branch passes its check.

    The trial is in the documentation, "Several equilibria". Which branches are found depends on the
    processor; that there are several does not.
    """
    game = compile_scenario(make_crisis(
        precision=None, habits=None, stake={"status_quo": 0.4}, ladder=["talks", "war"],
        actors={"aland": {"private": {"war_cost": {"between": [0.1, 0.4], "types": 9}}},
                "bland": {"private": {"war_cost": {"between": [0.1, 0.5], "types": 9}}}},
        war={"win_chance": 0.575}, offers={"shares": [0.42, 0.48, 0.54, 0.6]})).tree
    known = solve(game, 15.0)
    exact = solve_deliberate(game, known)
    near = find_others(game, known, exact, starts=1).nearby
    assert near
    for eq in near:
        assert eq.certificate.certified and distance(eq, exact) > DISTANCE


def test_starts_changed_by_a_millionth_lead_to_the_only_equilibrium():
    """An ultimatum with one type each: backward induction has one answer."""
    game = tree({"a": 1, "b": 1}, decide("a", {
        "low": decide("b", {"accept": end("low", a=0.9, b=0.1), "refuse": end("none")}),
        "high": decide("b", {"accept": end("high", a=0.5, b=0.5), "refuse": end("none")})}))
    known = solve(game, 10.0)
    assert find_others(game, known, solve_deliberate(game, known), starts=1).nearby == ()


def test_what_is_found_is_certified_distinct_and_independent_of_threads():
    game = random_crisis(1, offers=3, turns=2, types=5)
    known = solve(game)
    exact = solve_deliberate(game, known, settle=None)
    calls = []
    one = find_others(game, known, exact, starts=8, seed=3, workers=1)
    two = find_others(game, known, exact, starts=8, seed=3, workers=2,
                      progress=lambda done, of: calls.append((done, of)))
    assert [(e.found_from, e.outcomes()) for e in one] == [(e.found_from, e.outcomes())
                                                           for e in two]
    assert calls == [(k, 8) for k in range(1, 9)]
    for reading, main in (("fallible", known), ("deliberate", exact)):
        all_of = [main, *(e for e in one if e.reading == reading)]
        assert all(e.certificate.certified for e in all_of)
        assert all(e.found_from for e in all_of)
        assert all(distance(a, b) > DISTANCE for k, a in enumerate(all_of) for b in all_of[:k])


@pytest.mark.parametrize("kind", KINDS)
def test_random_play_is_play(kind):
    from detente.equilibrium.certificates.best_response import BestResponse

    for seed in range(5):
        game = random_tree(seed)
        pi, joint = random_play(game, SequenceForm.of(game), np.random.default_rng(seed), kind)
        play = BestResponse(game, pi, joint)
        assert play.proper(1e-12)
        assert play.below_floor(0.02) <= 1e-12


def test_the_search_says_where_it_began_and_how_far_it_went():
    game = stag_hunt()
    known = solve(game, 7.0)
    exact = solve_deliberate(game, known, epsilon=0.02, settle=None)
    searched = find_others(game, known, exact, starts=2, seed=5)
    assert (searched.lam, searched.lambda_from, searched.epsilon) == (7.0, 3.5, 0.02)
    assert (searched.starts, searched.starts_asked, searched.seed) == (2, 2, 5)
    assert list(searched) == list(searched.found)


def test_large_trees_get_fewer_starts():
    assert starts_for(stag_hunt(), 32) == 32
    large = random_crisis(0, offers=4, turns=3, types=9)
    assert starts_for(large, 32) < 32
