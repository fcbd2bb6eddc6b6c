"""Each mechanism moves the equilibrium as its literature says, over draws from its region.

The regions are those of the mechanisms' docstrings. Every test compares two settings of one number
in crises drawn at random, in both readings.
"""

from __future__ import annotations

import numpy as np
import pytest

from detente.equilibrium import solve
from detente.game.compile import compile_scenario
from tests.mechanisms.tools import Solved, make_crisis, rises

BARE = {"ladder": ["talks", "war"], "offers": None, "delay_cost": 0.01}


def private(low: float, high: float, types: int = 5) -> dict:
    return {"private": {"war_cost": {"between": [low, high], "types": types}}}


def ultimatum(rng: np.random.Generator, **changes):
    """Fearon's ultimatum: bland would fight for more; aland offers once, then bland decides."""
    base = {
        "actors": {"aland": private(0.05, 0.1, 2), "bland": private(0.02, 0.4, 9)},
        "stake": {"status_quo": 0.97}, "turns": {"each": 1}, "ladder": ["talks", "war"],
        "war": {"win_chance": rng.uniform(0.4, 0.55)}, "delay_cost": 0.002,
        "offers": {"shares": [round(0.45 + 0.05 * k, 3) for k in range(11)], "each": 1},
    }
    for key, value in changes.items():
        base[key] = {**base[key], **value} if isinstance(value, dict) and key in base else value
    return make_crisis(**base)


def challenge(rng: np.random.Generator, quo: float = 0.05, **rung):
    """A challenge by aland that bland may resist, and aland's closing reply: Fearon 1994.

    With ``quo`` small every type of aland has reason to challenge; about .4 divides the types.
    """
    return make_crisis(
        actors={"aland": private(0.3, rng.uniform(0.8, 1.1)), "bland": private(0.3, 0.9)},
        stake={"status_quo": quo}, war={"win_chance": rng.uniform(0.55, 0.7)},
        delay_cost=0.005, offers=None, ladder=["talks", {"challenge": rung}, "war"],
        turns={"each": 1},
    )


CHALLENGE = "aland: escalate to challenge"


# stake and offers -------------------------------------------------------------------------------


def test_uncertainty_about_the_cost_of_war_makes_war():
    def make(rng, width):
        return ultimatum(rng, actors={
            "aland": private(0.05, 0.1, 2), "bland": private(0.21 - width, 0.21 + width, 9)})

    rises(make, 0.02, 0.18, lambda s: s.war, seed=1, strictly=0.02)


def test_a_dearer_war_for_the_one_who_offers_makes_less_war():
    def make(rng, cost):
        return ultimatum(rng, actors={
            "aland": private(cost, cost + 0.05, 2), "bland": private(0.02, 0.4, 9)})

    rises(make, 0.02, 0.3, lambda s: -s.war, seed=2, strictly=0.02)


# ladder -----------------------------------------------------------------------------------------


def test_autonomous_risk_makes_war_by_accident():
    def make(rng, risk):
        return make_crisis(
            actors={"aland": private(0.3, 0.8), "bland": private(0.3, 0.8)},
            stake={"status_quo": rng.uniform(0.4, 0.6)}, start={"rung": "mobilisation"},
            ladder=["talks", {"mobilisation": {"risk": risk}}, "war"])

    rises(make, 0.01, 0.15, lambda s: s.event("slips into war"), seed=3, strictly=0.02)


def test_a_threat_that_leaves_something_to_chance_makes_the_target_yield():
    """Given that the first draw is survived: Schelling 1966, ch. 3."""

    def make(rng, risk):
        return challenge(rng, audience_cost=0.15, risk=risk)

    rises(make, 0.02, 0.4, lambda s: s.given((CHALLENGE, "no accident"), "bland concedes"),
          seed=4, strictly=0.02)


# audience cost ----------------------------------------------------------------------------------


def test_audience_cost_makes_a_resisted_challenge_end_in_war():
    def make(rng, cost):
        return challenge(rng, audience_cost=cost)

    resisted = (CHALLENGE, "bland: hold")
    rises(make, 0.05, 0.5, lambda s: s.given(resisted, "war"), seed=5, strictly=0.05)


def test_audience_cost_makes_the_target_concede():
    def make(rng, cost):
        return challenge(rng, audience_cost=cost)

    rises(make, 0.05, 0.5, lambda s: s.given((CHALLENGE,), "bland concedes"), seed=6,
          strictly=0.05)


# sunk cost --------------------------------------------------------------------------------------


def test_sunk_cost_keeps_some_from_climbing():
    def make(rng, cost):
        return challenge(rng, 0.26, audience_cost=0.5, sunk_cost=cost)

    rises(make, 0.0, 0.2, lambda s: -s.event(CHALLENGE), seed=7, strictly=0.03)


def test_sunk_cost_leaves_the_more_resolved():
    def make(rng, cost):
        # At this status quo some types gain from the challenge at either cost and others do not.
        return challenge(rng, 0.32, audience_cost=0.5, sunk_cost=cost)

    def resolve(s: Solved) -> float:
        game = s.eq.game
        if s.event(CHALLENGE) < 0.01:  # made by trembles only, which say nothing about types
            return float("nan")
        node = next(c for c in game.children(0)
                    if str(game.move_into(c)) == CHALLENGE)
        return -float(s.eq.belief_at(node, "aland") @ np.arange(5))

    rises(make, 0.0, 0.1, resolve, seed=8, strictly=0.02)


# first strike -----------------------------------------------------------------------------------


def test_first_strike_above_the_sum_of_costs_is_war():
    def make(rng, gain):
        return make_crisis(
            actors={"aland": private(0.05, 0.12), "bland": private(0.05, 0.12)},
            stake={"status_quo": 0.5}, war={"win_chance": rng.uniform(0.45, 0.55),
                                            "first_strike": gain},
            offers={"shares": [0.45, 0.5, 0.55], "each": 1})

    rises(make, 0.0, 0.2, lambda s: s.war, seed=9, strictly=0.5)


# odds as each sees them -------------------------------------------------------------------------


def test_optimism_of_both_sides_is_war():
    def make(rng, more):
        p = rng.uniform(0.45, 0.55)
        return make_crisis(
            actors={"aland": private(0.05, 0.15, 3), "bland": private(0.05, 0.15, 3)},
            stake={"status_quo": 0.5},
            war={"win_chance": p, "seen_by": {"aland": p + more, "bland": p - more}},
            offers={"shares": [0.45, 0.5, 0.55], "each": 1})

    # At .2 each the estimates differ by .4, more than the costs of both sides together (.1 to .3).
    rises(make, 0.0, 0.2, lambda s: s.war, seed=21, strictly=0.3)


def test_a_better_estimate_is_worth_what_a_cheaper_war_is():
    """By hand: war pays weight * p - cost, so p + d is worth as much as cost - weight * d."""
    seen = {"aland": 0.65, "bland": 0.5}  # aland: .1 better; bland: .05 better for itself
    one = make_crisis(war={"win_chance": 0.55, "cost": 0.2, "seen_by": seen})
    two = make_crisis(war={"win_chance": 0.55, "cost": {"aland": 0.1, "bland": 0.15}})
    a, b = (solve(compile_scenario(x).tree, 40.0).outcomes() for x in (one, two))
    assert a == pytest.approx(b, abs=1e-12)  # one game, solved to rounding


# shifting power ---------------------------------------------------------------------------------


def test_a_falling_side_fights_now():
    def make(rng, fall):
        return make_crisis(
            actors={"aland": private(0.05, 0.15, 3), "bland": private(0.05, 0.1, 3)},
            stake={"status_quo": rng.uniform(0.5, 0.55)},
            war={"win_chance": 0.55, "shift_per_turn": -fall}, **{
                **BARE, "delay_cost": 0.002})

    # Two rounds of 0.25 leave a chance of 0.05; a larger fall is no probability after the last one.
    rises(make, 0.0, 0.25, lambda s: s.event("aland: attack"), seed=10, strictly=0.3)


# red line ---------------------------------------------------------------------------------------


def lined(rng, cost, **more):
    return make_crisis(
        actors={"aland": private(0.3, 0.7), "bland": private(0.4, 0.9)},
        stake={"status_quo": 0.6}, war={"win_chance": rng.uniform(0.5, 0.65)}, offers=None,
        turns={"first": "bland"},
        ladder=["talks", "incursion", "war"], mechanisms=[{"red_line": {
            "of": "aland", "when": "bland reaches incursion", "unanswered_cost": cost,
            "answered_by": "incursion"}}], **more)


def test_a_crossed_line_is_answered():
    crossed = "bland: escalate to incursion"

    def answered(s: Solved) -> float:
        return s.event(crossed, "aland: escalate to incursion") / s.event(crossed)

    rises(lined, 0.0, 0.4, answered, seed=11, strictly=0.1)


# mediator ---------------------------------------------------------------------------------------


def mediated(rng, **spec):
    base = {"actor": "union", "proposes": 0.5, "at_turns": [2], "attention": 0.9,
            "face_saving": 0.2}
    return make_crisis(
        actors={"aland": private(0.2, 0.6), "bland": private(0.2, 0.6),
                "union": {"role": "mediator", "stake_weight": 0.5}},
        stake={"status_quo": rng.uniform(0.4, 0.5)}, war={"win_chance": rng.uniform(0.5, 0.6)},
        start={"rung": "mobilisation", "commitments": 0.5}, offers=None,
        no_deal={"cost": 0.1}, mechanisms=[{"mediator": {**base, **spec}}])


def test_face_saving_makes_less_war():
    rises(lambda rng, x: mediated(rng, face_saving=x), 0.0, 0.8, lambda s: -s.war, seed=12,
          strictly=0.01)


def test_face_saving_and_guarantee_make_settlements():
    rises(lambda rng, x: mediated(rng, face_saving=x), 0.0, 0.8, lambda s: s.p("settlement"),
          seed=13, strictly=0.05)
    rises(lambda rng, x: mediated(rng, guarantee=x), 0.0, 0.3, lambda s: s.p("settlement"),
          seed=14, strictly=0.05)


def test_attention_makes_settlements():
    rises(lambda rng, x: mediated(rng, attention=x, face_saving=0.8), 0.2, 0.9,
          lambda s: s.p("settlement"), seed=15, strictly=0.1)


def test_bias_moves_the_settlement():
    def make(rng, bias):
        return mediated(rng, proposes=[0.44, 0.5, 0.56], face_saving=0.7, bias=bias)

    rises(make, -4.0, 4.0, lambda s: s.mean_share("settlement"), seed=16, strictly=0.01)


# spoiler ----------------------------------------------------------------------------------------


def test_a_stronger_spoiler_means_fewer_settlements():
    def make(rng, wrecks):
        return make_crisis(
            actors={"cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.1},
                    "aland": private(0.2, 0.5), "bland": private(0.2, 0.5)},
            stake={"status_quo": 0.5}, no_deal={"cost": 0.15}, turns={"each": 1},
            war={"win_chance": rng.uniform(0.45, 0.55)},
            offers={"shares": [0.45, 0.5, 0.55], "each": 1},
            mechanisms=[{"spoiler": {"actor": "cland", "wrecks": wrecks, "gains": 0.3,
                                     "cost": 0.01}}])

    rises(make, 0.1, 0.8, lambda s: -s.p("settlement"), seed=17, strictly=0.1)


# ratification -----------------------------------------------------------------------------------


def ratified(rng, needed, shares=(0.35, 0.45, 0.55)):
    """A vote in bland; aland, the other side, makes the last offer (Putnam 1988; Iida 1993)."""
    return make_crisis(
        actors={"aland": private(0.2, 0.4), "bland": private(0.2, 0.4)},
        stake={"status_quo": 0.5}, no_deal={"cost": 0.2}, turns={"first": "bland", "each": 1},
        war={"win_chance": rng.uniform(0.45, 0.55)}, offers={"shares": list(shares), "each": 1},
        mechanisms=[{"ratification": {"of": "bland", "share_known": needed}}])


def test_a_smaller_win_set_passes_fewer_deals_and_better_ones():
    """Schelling's conjecture: the constrained side gets more where it still gets a deal."""
    rises(ratified, 0.3, 0.52, lambda s: -s.p("settlement"), seed=18, strictly=0.02)
    rises(ratified, 0.3, 0.52, lambda s: -s.mean_share("settlement"), seed=19, strictly=0.01)


# third party ------------------------------------------------------------------------------------


def protected(rng, commitment):
    return make_crisis(
        actors={"aland": private(0.05, 0.25), "bland": private(0.2, 0.4),
                "cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.2}},
        stake={"status_quo": 0.45}, war={"win_chance": rng.uniform(0.6, 0.7)},
        **{**BARE, "mechanisms": [{"third_party_entry": {
            "actor": "cland", "joins": "bland", "shift": 0.3, "cost": 0.15,
            "commitment": commitment}}]})


def test_commitment_brings_the_third_party_in_and_deters():
    def joins(s: Solved) -> float:
        return s.event("cland: join bland") / s.war

    rises(protected, 0.0, 0.25, joins, seed=20, strictly=0.3)
    rises(protected, 0.0, 0.25, lambda s: -s.event("aland: attack"), seed=21, strictly=0.05)


# attrition --------------------------------------------------------------------------------------


def attrition(rng, **spec):
    base = {"at": "mobilisation", "cost": 0.02, "decision": 0.1}
    return make_crisis(
        actors={"aland": private(0.3, 0.5), "bland": private(0.3, 0.5)},
        stake={"status_quo": rng.uniform(0.49, 0.51)}, start={"rung": "mobilisation"},
        war={"win_chance": rng.uniform(0.5, 0.55)}, delay_cost=0.005,
        offers={"shares": [0.4, 0.6], "each": 1},
        mechanisms=[{"attrition": {**base, **spec}}])


def test_dearer_fighting_brings_settlement():
    rises(lambda rng, x: attrition(rng, cost=x), 0.0, 0.25, lambda s: s.p("settlement"), seed=22,
          strictly=0.05)


def test_decisive_fighting_ends_by_arms():
    def make(rng, decision):
        return attrition(rng, decision=decision)

    rises(make, 0.05, 0.6, lambda s: s.given(("time passes",), "war"), seed=23, strictly=0.1)


def test_battles_teach():
    """After a front that moved for bland, bland is believed the stronger; by Bayes' rule."""
    from tests.mechanisms.tools import readings

    solved = readings(attrition(np.random.default_rng(0), strength={
        "of": "bland", "advance": {"low": 0.2, "high": 0.7, "chance_high": 0.5}}))
    eq = solved["fallible"].eq
    game = eq.game
    label = [*map(str, game.moves)].index("the front moves for bland")
    for node in np.flatnonzero(game.move == label)[:20]:
        before = eq.belief_at(int(game.parent[node]), "bland").reshape(5, 2)
        after = eq.belief_at(int(node), "bland").reshape(5, 2)
        odds = after[:, 1] / after[:, 0] / (before[:, 1] / before[:, 0])
        assert odds == pytest.approx(0.7 / 0.2, rel=1e-9)


def test_strength_in_the_field_decides_who_prevails():
    """Payoffs by hand, and the strong type fights on where the weak one settles."""
    from tests.mechanisms.tools import readings

    solved = readings(attrition(np.random.default_rng(0), decision=0.5, strength={
        "of": "bland", "advance": {"low": 0.1, "high": 0.9, "chance_high": 0.5}}))
    game = solved["fallible"].eq.game
    won = [*map(str, game.moves)].index("bland prevails")
    costs = 0.3 + 0.2 * (np.arange(5) + 0.5) / 5
    for node in np.flatnonzero(game.move == won)[:10]:
        z = int(np.searchsorted(game.leaves, node))
        turns = sum(m.startswith("aland: ") for m in game.story(int(node)))
        assert game.payoff[0][z] == pytest.approx(-costs - 0.02 - 0.005 * turns, abs=1e-9)
    eq = solved["fallible"].eq
    leaves = game.leaves[game.outcome == game.outcome_names.index("settlement")]
    strong = sum(eq.reach[n] * eq.belief_at(int(n), "bland").reshape(5, 2)[:, 1].sum()
                 for n in leaves)
    assert strong / eq.reach[leaves].sum() < 0.5 - 1e-3


# unlike beliefs ---------------------------------------------------------------------------------


def test_optimism_about_the_others_cost_makes_war():
    def make(rng, optimism):
        return ultimatum(rng, mechanisms=[{"unlike_beliefs": {
            "of": "aland", "about": "bland", "optimism": optimism}}])

    rises(make, 0.0, 3.0, lambda s: s.war, seed=24, strictly=0.05)


# shock ------------------------------------------------------------------------------------------


def test_a_likelier_shock_does_what_it_changes():
    def make(rng, chance):
        return make_crisis(
            actors={"aland": private(0.3, 0.6), "bland": private(0.3, 0.6)},
            stake={"status_quo": rng.uniform(0.45, 0.55)}, start={"rung": "mobilisation"},
            ladder=["talks", {"mobilisation": {"risk": 0.01}}, "war"],
            mechanisms=[{"shock": {"chance": chance,
                                   "changes": {"ladder.mobilisation.risk": 0.3}}}])

    rises(make, 0.05, 0.9, lambda s: s.event("slips into war"), seed=25, strictly=0.1)


# coordination -----------------------------------------------------------------------------------


def blocs(rng, old=0.3, returning=0.1, fall=-0.5):
    taste = {"private": {"new_value": {"between": [-0.05, 0.15], "types": 3}}}
    return make_crisis(
        actors={"aland": {"private": {"war_cost": None, **taste["private"]}},
                "bland": {"private": {"war_cost": None, **taste["private"]}}},
        stake=None, turns=None, ladder=None, war=None, offers=None, delay_cost=None,
        mechanisms=[
            {"coordination": {"blocs": ["aland", "bland"], "rounds": 3, "old_value": old,
                              "new_value": 0.1, "same": rng.uniform(0.15, 0.25), "leaving": 0.05,
                              "returning": returning, "after": 1}},
            {"shock": {"at_turns": [1], "chance": 0.9, "passes_at": [2], "passes": 0.9,
                       "changes": {"coordination.old_value": fall}}}])


def test_a_deeper_shock_closes():
    rises(lambda rng, x: blocs(rng, fall=-x), 0.05, 0.6,
          lambda s: s.event("aland: closed, bland: closed"), seed=26, strictly=0.2)


def test_a_dearer_way_back_keeps_closed():
    rises(lambda rng, x: blocs(rng, returning=x), 0.05, 1.5, lambda s: -s.p("both open"), seed=27,
          strictly=0.2)
