"""At its neutral number a mechanism leaves the equilibrium as it is without it; else it changes it.

The neutral game is another tree (numbers never prune), so equality here is between two different
games that must agree in everything that matters.
"""

from __future__ import annotations

import pytest

from detente.equilibrium import solve
from detente.game.compile import compile_scenario
from tests.conftest import make_crisis

CLAND = {"cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.3}}
UNION = {"union": {"role": "mediator", "stake_weight": 0.3}}


def entry(kind, actors=None, **spec):
    changes = {"mechanisms": [{kind: spec}]}
    if actors:
        changes["actors"] = actors
    return changes


def rung(**numbers):
    return {"ladder": ["talks", {"mobilisation": numbers}, "war"]}


CASES = {
    "audience cost": (rung(audience_cost=0.0), rung(audience_cost=0.3)),
    "sunk cost": (rung(sunk_cost=0.0), rung(sunk_cost=0.1)),
    "risk": (rung(risk=0.0), rung(risk=0.2)),
    "first strike": ({"war": {"first_strike": 0.0}}, {"war": {"first_strike": 0.1}}),
    "odds seen": ({"war": {"seen_by": 0.55}}, {"war": {"seen_by": {"aland": 0.7, "bland": 0.4}}}),
    "war endings": tuple({"war": {"endings": {"stalemate": {"chance": x, "share": 0.4}}}}
                         for x in (0.0, 0.4)),
    "shifting power": ({"war": {"shift_per_turn": 0.0}}, {"war": {"shift_per_turn": -0.1}}),
    "red_line": tuple(
        entry("red_line", of="bland", when="aland reaches mobilisation", unanswered_cost=x,
              answered_by="mobilisation") for x in (0.0, 0.3)),
    "mediator": tuple(
        entry("mediator", UNION, actor="union", proposes=0.5, at_turns=[1], attention=x,
              guarantee=0.1) for x in (0.0, 0.9)),
    "spoiler": tuple(
        entry("spoiler", CLAND, actor="cland", wrecks=x, gains=0.2) for x in (0.0, 0.7)),
    "ratification": tuple(
        entry("ratification", of="bland", share_known=x, softness=0.005) for x in (0.0, 0.5)),
    "third_party_entry": tuple(
        entry("third_party_entry", CLAND, actor="cland", joins="bland", shift=x, cost=0.01)
        for x in (0.0, 0.3)),
    "alliance": tuple(
        entry("alliance", CLAND, actor="cland", joins="bland", shift=x, cost=0.3 * x,
              pledges_at=[1], pledge=x, restrains_at=[2], restraint=x, mobilises_at=[2],
              mobilise_cost=0.1 * x, readiness=0.3 * x)
        for x in (0.0, 0.3)),
    "attrition": tuple(
        {**entry("attrition", at="talks", cost=x, decision=x)} for x in (0.0, 0.1)),
    "unlike_beliefs": tuple(
        entry("unlike_beliefs", of="aland", about="bland", optimism=x) for x in (0.0, 2.0)),
    "shock": tuple(
        entry("shock", at_turns=[1], chance=x, changes={"war.win_chance": 0.2})
        for x in (0.0, 0.8)),
}


def endings(changes):
    """Probabilities of the endings, kinds of war and of lapse added up."""
    eq = solve(compile_scenario(make_crisis(**changes)).tree, 12.0)
    assert eq.certificate.certified
    out = {}
    for name, p in eq.outcomes().items():
        same = {"wider war": "war", "fighting goes on": "status quo"}.get(name, name)
        out[same] = out.get(same, 0.0) + p
    return out


@pytest.mark.parametrize("kind", CASES)
def test_neutral_is_without(kind):
    neutral, moved = CASES[kind]
    plain = endings({})
    # both are certified to a residual of 1e-8 in probabilities
    assert endings(neutral) == pytest.approx(plain, abs=1e-6)
    there = endings(moved)
    assert max(abs(there[k] - plain[k]) for k in plain) > 1e-4


@pytest.mark.parametrize("kind", ["mediator", "spoiler", "ratification", "third_party_entry",
                                  "alliance", "attrition", "shock"])
def test_left_out_it_leaves_no_trace(kind):
    plain = compile_scenario(make_crisis()).tree
    there = compile_scenario(make_crisis(**CASES[kind][1])).tree
    assert set(there.move_names) > set(plain.move_names)
    assert there.n_nodes > plain.n_nodes


def test_mechanisms_compose():
    """All of them in one crisis: it compiles, solves and certifies."""
    kinds = ["red_line", "mediator", "spoiler", "ratification", "third_party_entry", "attrition",
             "unlike_beliefs", "shock"]
    entries = [CASES[k][1]["mechanisms"][0] for k in kinds]
    compiled = compile_scenario(make_crisis(
        actors={**CLAND, **UNION}, mechanisms=entries, offers={"shares": [0.5], "each": 1},
        war={"first_strike": 0.05, "shift_per_turn": -0.02},
        ladder=["talks", {"mobilisation": {"audience_cost": 0.2, "sunk_cost": 0.02,
                                           "risk": 0.02}}, "war"], turns={"each": 1}))
    eq = solve(compiled.tree, 20.0)
    assert eq.certificate.certified
    assert sum(eq.outcomes().values()) == pytest.approx(1, abs=1e-12)
