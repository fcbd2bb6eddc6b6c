"""The closing reply: its menu, what it pays, and the outcome that it changes."""

from __future__ import annotations

import numpy as np
import pytest
from estimates.turns import order_of_play
from tests.conftest import make_crisis

from detente.equilibrium import solve, solve_deliberate
from detente.game.compile import compile_scenario

BARE = {
    "actors": {name: {"private": None} for name in ("aland", "bland")},
    "stake": {"status_quo": 0.1}, "turns": {"each": 1}, "ladder": None, "offers": None,
    "war": {"win_chance": 0.55, "cost": {"aland": 0.1, "bland": 0.5}}, "habits": "even",
}
"""A game solved by hand. War is worth 0.45 to aland and -0.05 to bland. The status quo is worth 0.1
to aland and 0.9 to bland. Each has one turn, and waiting costs 0.02."""


def closing(game):
    """Return the nodes of the closing reply."""
    lapses = [c for c in range(1, game.n_nodes) if game.move_into(c).verb == "lapse"]
    return sorted({int(game.parent[c]) for c in lapses})


def verbs(game, node):
    return [game.move_into(c).verb for c in game.children(node)]


def into(game, *story):
    found = [n for n in range(game.n_nodes) if game.story(n) == list(story)]
    assert len(found) == 1, story
    return found[0]


def test_without_it_the_side_that_moves_last_owns_the_status_quo():
    """By hand: bland holds on the last turn (0.9), so aland gets 0.08 by waiting, 0.45 by war."""
    with order_of_play("none"):
        game = compile_scenario(make_crisis(**BARE)).tree
    eq = solve(game, 200.0)
    assert eq.outcomes()["war"] > 0.99
    assert solve_deliberate(game, eq).outcomes()["war"] > 0.97


def test_with_it_the_other_side_can_answer():
    """By hand: aland would attack at the end, so bland, whose war pays -0.05, yields at once."""
    game = compile_scenario(make_crisis(**BARE)).tree
    eq = solve(game, 200.0)
    assert eq.outcomes()["bland concedes"] > 0.99
    assert solve_deliberate(game, eq).outcomes()["bland concedes"] > 0.97


@pytest.mark.parametrize("each", [1, 2, 3])
def test_one_turn_more_does_not_reverse_the_game_solved_by_hand(each):
    changed = {**BARE, "turns": {"each": each}}
    for first in ("aland", "bland"):
        changed["turns"]["first"] = first
        eq = solve(compile_scenario(make_crisis(**changed)).tree, 200.0)
        assert eq.outcomes()["bland concedes"] > 0.98, (each, first)


def test_its_menu_is_lapse_accept_yield_and_attack():
    game = compile_scenario(make_crisis()).tree
    nodes = closing(game)
    assert nodes
    seen = {tuple(verbs(game, n)) for n in nodes}
    assert seen == {("lapse", "yield", "attack"), ("lapse", "accept", "yield", "attack")}
    for n in nodes:
        # bland moves last, so aland replies; it accepts only if the last move was an offer
        assert game.players[game.mover[n]] == "aland"
        offered = game.move_into(n).verb == "offer"
        assert ("accept" in verbs(game, n)) == offered


def test_the_other_side_replies_if_the_order_is_reversed():
    game = compile_scenario(make_crisis(turns={"first": "bland"})).tree
    assert {game.players[game.mover[n]] for n in closing(game)} == {"bland"}


def test_an_offer_on_the_last_turn_can_be_accepted():
    game = compile_scenario(make_crisis(turns={"each": 1})).tree
    node = into(game, "aland: hold", "bland: offer 0.55", "aland: accept")
    z = int(np.flatnonzero(game.leaves == node)[0])
    assert game.outcome_names[game.outcome[z]] == "settlement"
    assert game.share[z] == 0.55
    # Shares less the waiting costs of each one's own turn.
    assert game.payoff[0][z] == pytest.approx(np.full(5, 0.55 - 0.02))
    assert game.payoff[1][z] == pytest.approx(np.full(5, 0.45 - 0.02))


def test_a_lapse_pays_the_status_quo_and_costs_no_turn():
    game = compile_scenario(make_crisis(turns={"each": 1})).tree
    z = int(np.flatnonzero(game.leaves == into(
        game, "aland: hold", "bland: hold", "aland: let the deadline pass"))[0])
    assert game.outcome_names[game.outcome[z]] == "status quo"
    assert game.payoff[0][z] == pytest.approx(np.full(5, 0.4 - 0.02))
    assert game.payoff[1][z] == pytest.approx(np.full(5, 0.6 - 0.02))


def test_a_deal_that_falls_in_the_closing_reply_ends_in_the_status_quo():
    game = compile_scenario(make_crisis(
        turns={"each": 1},
        mechanisms=[{"ratification": {"of": "aland", "share_known": 0.5}}])).tree
    before = ["aland: hold", "bland: offer 0.45"]
    fell = into(game, *before, "aland: accept", "aland does not ratify")
    lapsed = into(game, *before, "aland: let the deadline pass")
    one, two = (int(np.flatnonzero(game.leaves == n)[0]) for n in (fell, lapsed))
    assert game.outcome_names[game.outcome[one]] == "status quo"
    for i in (0, 1):  # no turn was used, so it costs as much as a lapse
        assert game.payoff[i][one] == pytest.approx(game.payoff[i][two], abs=1e-12)


def test_no_round_begins_with_the_closing_reply():
    """A step of a mechanism that belongs to a round comes in the rounds of the file only."""
    game = compile_scenario(make_crisis(
        turns={"each": 1}, actors={"cland": {"role": "mediator"}},
        mechanisms=[{"mediator": {"actor": "cland", "proposes": 0.5, "at_turns": [1]}}])).tree
    for n in range(1, game.n_nodes):
        if game.move_into(n).verb == "propose":
            assert not any("hold" in word for word in game.story(n))
