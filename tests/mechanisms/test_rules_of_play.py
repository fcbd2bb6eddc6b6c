"""What the order of play promises, and what a file may not ask of it."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError
from detente.game.compile import compile_scenario
from tests.conftest import make_crisis

CLAND = {"cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.3}}


def leaf(game, moves):
    found = [z for z, n in enumerate(game.leaves) if game.story(int(n)) == moves]
    assert len(found) == 1, moves
    return found[0]


@pytest.mark.parametrize(("changes", "message"), [
    ({"actors": {"aland": {"private": {"war_costs": {"between": [0.1, 0.2]}}}}}, "war_costs"),
    ({"actors": {"bland": {"demand": 0.3}}}, "expected at least 0.6"),
    ({"actors": CLAND, "mechanisms": [
        {"third_party_entry": {"actor": "cland", "joins": "bland", "shift": 0.1, "cost": 0.1}},
        {"red_line": {"of": "aland", "when": "cland joins", "unanswered_cost": 0.1,
                      "answered_by": "mobilisation"}}]}, "never joins in the crisis"),
    ({"mechanisms": [{"attrition": {"at": "war", "cost": 0.1, "decision": 0.1}}]}, "an outcome"),
    ({"mechanisms": [{"spoiler": {"actor": "bland", "wrecks": 0.5, "gains": 0.1}}]},
     "third party"),
    ({"actors": CLAND, "mechanisms": [{"spoiler": {
        "actor": "cland", "wrecks": 0.5, "gains": 0.1, "moderates": {
            "of": "bland", "strength": {"between": [0.5, 1.5]}}}}]}, "between 0 and 1"),
])
def test_refused(changes, message):
    with pytest.raises(InputError, match=message):
        make_crisis(**changes)


def test_a_turn_spent_on_a_deal_that_falls_costs_what_waiting_costs():
    game = compile_scenario(make_crisis(
        offers={"shares": [0.5], "each": 1},
        mechanisms=[{"ratification": {"of": "bland", "share_known": 0.5}}])).tree
    fell = ["aland: offer 0.5", "bland: accept", "bland does not ratify", "the turn is gone",
            "aland: yield"]
    held = ["aland: offer 0.5", "bland: hold", "aland: yield"]
    one, two = leaf(game, fell), leaf(game, held)
    for i in (0, 1):
        assert game.payoff[i][one] == pytest.approx(game.payoff[i][two], abs=1e-12)


def test_the_spoiler_moves_once_and_gains_only_from_a_deal_not_made_good():
    game = compile_scenario(make_crisis(
        actors=CLAND, offers={"shares": [0.5], "each": 1}, turns={"each": 2},
        mechanisms=[{"spoiler": {"actor": "cland", "wrecks": 0.5, "gains": 0.2}}])).tree
    tries = [*map(str, game.moves)].index("cland: try to stop the deal")
    fell = [*map(str, game.moves)].index("the deal falls")
    cland = game.players.index("cland")
    settled = game.outcome_names.index("settlement")
    for z, node in enumerate(game.leaves):
        names = game.story(int(node))
        assert names.count(str(game.moves[tries])) <= 1
        if str(game.moves[fell]) not in names:
            continue
        again = game.outcome[z] == settled
        share = game.share[z]
        if again:
            assert game.payoff[cland][z] == pytest.approx(0.3 * (1 - share))
        elif game.outcome_names[game.outcome[z]] == "status quo":
            assert game.payoff[cland][z] == pytest.approx(0.3 * 0.6 + 0.2)


def test_the_closing_reply_can_accept_the_last_offer():
    """Two turns each are four moves; an offer in the fourth one leaves the fifth to accept it."""
    game = compile_scenario(make_crisis()).tree
    depth = {0: 0}
    for n in range(1, game.n_nodes):
        depth[n] = depth[int(game.parent[n])] + 1
    offers = [n for n in range(1, game.n_nodes) if "offer" in str(game.move_into(n))]
    assert offers and max(depth[n] for n in offers) == 4
    assert np.all(game.count[offers] > 0)


def test_the_worth_of_the_stake_may_be_private():
    game = compile_scenario(make_crisis(actors={"aland": {"private": {
        "war_cost": None, "stake_weight": {"low": 0.5, "high": 2.0, "chance_high": 0.5}}}},
        war={"cost": {"aland": 0.2}})).tree
    z = leaf(game, ["aland: hold", "bland: yield"])
    assert game.payoff[0][z] == pytest.approx([0.5 - 0.02, 2.0 - 0.02])
