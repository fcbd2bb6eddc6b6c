"""Menus and ladders of one principal's own, shares of its own, and ultimatums."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import make_crisis

from detente.equilibrium import solve
from detente.errors import DetenteError
from detente.game.compile import compile_scenario

LADDER = ["talks", {"alert": {"audience_cost": 0.1, "risk": 0.02}}, "war"]
PACKAGE = {"name": "joint rule", "share": 0.5}


def made(**changes):
    changes = {"ladder": LADDER, "turns": {"each": 2}, "offers": {"shares": [0.4, 0.6]}, **changes}
    return compile_scenario(make_crisis(**changes))


def acts(game):
    """Return every act of the tree as (actor, verb, object)."""
    return {(m.actor, m.verb, m.object) for m in map(game.move_into, range(1, game.n_nodes))}


def alike(one, two):
    """Return the largest difference between the outcomes of two games at lambda 15."""
    a, b = (solve(x.tree, 15.0).outcomes() for x in (one, two))
    return max(abs(a.get(k, 0.0) - b.get(k, 0.0)) for k in {*a, *b})


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(["escalate", "offer", "accept", "yield", "attack"])))
def test_no_history_has_a_move_that_is_ruled_out(kinds):
    """The other principal keeps all its moves, except answers to offers that are never made."""
    found = acts(made(actors={"aland": {"will_not": sorted(kinds)}}).tree)
    assert not {verb for actor, verb, _ in found if actor == "aland"} & kinds
    others = {"escalate", "offer", "yield", "attack"} | (set() if "offer" in kinds else {"accept"})
    assert others <= {verb for actor, verb, _ in found if actor == "bland"}


def test_a_rung_without_a_climber_changes_nothing():
    """A rung of bland alone, which does not escalate, is as good as no rung at all."""
    own = [LADDER[0], {"alert": {**LADDER[1]["alert"], "by": "bland"}}, "war"]
    without = made(ladder=["talks", "war"])
    with_it = made(ladder=own, actors={"bland": {"will_not": ["escalate"]}})
    assert alike(without, with_it) < 1e-12  # the same game, solved to rounding


def test_a_principal_passes_over_the_other_ones_rung():
    """Aland climbs from talks to the strike force; its audience costs are those of its own rungs.

    By hand: the crisis in which bland stays below is the one without bland's rung.
    """
    force = {"strike force": {"audience_cost": 0.3}}
    own = [LADDER[0], {"alert": {"audience_cost": 0.1, "by": "bland"}}, force, "war"]
    game = made(ladder=own)
    climbs = {(a, o) for a, verb, o in acts(game.tree) if verb == "escalate"}
    assert climbs == {("aland", "strike force"), ("bland", "alert"), ("bland", "strike force")}
    still = {"bland": {"will_not": ["escalate"]}}
    assert alike(made(ladder=own, actors=still),
                 made(ladder=[LADDER[0], force, "war"], actors=still)) < 1e-12


def test_the_same_shares_for_each_are_shares_for_both():
    own = {"shares": None, "shares_by": {"aland": [0.4, 0.6], "bland": [0.6, 0.4]}}
    assert alike(made(), made(offers=own)) < 1e-12


def test_each_offers_its_own_shares():
    found = acts(made(offers={"shares": [0.5], "shares_by": {"bland": [0.3]}}).tree)
    offers = {(a, o) for a, verb, o in found if verb == "offer"}
    assert offers == {("aland", "0.5"), ("bland", "0.3")}


@pytest.mark.parametrize("each", [1, 2])
def test_an_ultimatum_is_accepted_or_refused_and_then_its_author_moves(each):
    offers = {"shares": None, "packages": [{**PACKAGE, "ultimatum": True}]}
    game = made(offers=offers, turns={"each": each}).tree
    seen = 0
    for node in range(1, game.n_nodes):
        move = game.move_into(node)
        if (move.actor, move.verb) in (("aland", "offer"), ("bland", "offer")):
            while not game.move_into(game.children(node)[0]).actor:  # the risk of a rung is drawn
                node = game.children(node)[-1]
            answers = {game.move_into(c).verb: c for c in game.children(node)}
            assert set(answers) == {"accept", "refuse"}
            after = answers["refuse"]
            while not game.move_into(game.children(after)[0]).actor:
                after = game.children(after)[-1]
            assert {game.move_into(c).actor for c in game.children(after)} == {move.actor}
            seen += 1
    assert seen >= 2 * each


def test_an_ultimatum_in_the_last_turn_leaves_its_author_the_last_word():
    """By hand: refused, aland attacks (0.45) rather than lapse (0.1), so bland accepts 0.5.

    War is worth 0.45 to aland and -0.05 to bland; the status quo 0.1 and 0.9.
    """
    bare = {"actors": {n: {"private": None} for n in ("aland", "bland")},
            "stake": {"status_quo": 0.1}, "turns": {"first": "bland", "each": 1}, "ladder": None,
            "war": {"win_chance": 0.55, "cost": {"aland": 0.1, "bland": 0.5}}, "habits": "even"}
    game = compile_scenario(make_crisis(**bare, offers={
        "shares": None, "packages": [{**PACKAGE, "ultimatum": True, "by": "aland"}]}))
    eq = solve(game.tree, 200.0)
    assert eq.outcomes()["settlement"] > 0.99


@pytest.mark.parametrize(("changes", "message"), [
    ({"actors": {"aland": {"will_not": ["hold"]}}}, "actors.aland.will_not"),
    ({"actors": {"aland": {"will_not": ["offer"]}, "bland": {"will_not": ["offer"]}}},
     "no principal makes offers"),
    ({"ladder": ["talks", "alert", {"war": {"by": "aland"}}]}, "war is a rung of both"),
    ({"ladder": [{"talks": {"by": "aland"}}, "war"]}, "belongs to one principal"),
    ({"ladder": ["talks", {"alert": {"by": "bland"}}, "war"], "start": {"rung": "alert"}},
     "a rung of bland alone"),
    ({"offers": {"shares_by": {"aland": []}}}, "no share is listed"),
    ({"offers": {"shares": [0.5], "shares_by": {"aland": [0.4], "bland": [0.6]}}},
     "both principals have shares of their own"),
])
def test_mistakes_are_told_with_their_place(changes, message):
    with pytest.raises(DetenteError, match=message):
        made(**changes)
