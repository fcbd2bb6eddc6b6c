"""The compiled tree is the crisis: counted as unfolded, numbers exact, derivatives exact."""

from __future__ import annotations

import numpy as np
import pytest

from detente.equilibrium import gradient, solve
from detente.errors import SizeError
from detente.game.compile import compile_scenario, measure
from detente.game.pullback import pull_back
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE

RICH = {
    "actors": {
        "aland": {"private": {"war_cost": {"between": [0.1, "0.4 to 0.5"], "types": 3}}},
        "bland": {"private": {"war_cost": {"between": None, "types": None, "low": 0.1, "high": 0.4,
                                            "chance_high": "0.4 to 0.6"}}},
        "union": {"role": "mediator"},
        "cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.3},
    },
    "turns": {"each": 1},
    "ladder": [
        "talks",
        {"mobilisation": {"sunk_cost": 0.03, "audience_cost": 0.2, "risk": "0.01 to 0.05"}},
        "war",
        {"nuclear use": {"risk": 0.02, "loss": 2}},
    ],
    "war": {"win_chance": "0.5 to 0.6", "first_strike": 0.05, "shift_per_turn": -0.02},
    "offers": {"shares": [0.5], "packages": [
        {"name": "trade", "share": 0.6, "face_saving": 0.3,
         "side_payment": {"to": "bland", "worth": 0.1, "cost": 0.05}}]},
    "mechanisms": [
        {"mediator": {"actor": "union", "proposes": 0.55, "attention": 0.8, "face_saving": 0.2,
                      "bias": 0.1, "guarantee": 0.02}},
        {"spoiler": {"actor": "cland", "wrecks": 0.6, "gains": 0.2, "cost": 0.02,
                     "moderates": {"of": "bland", "strength": {
                         "low": 0.1, "high": 0.8, "chance_high": 0.5}}}},
        {"ratification": {"of": "aland",
                          "share_needed": {"values": [0.3, 0.5], "prior": [0.6, 0.4]}}},
        {"third_party_entry": {"actor": "cland", "joins": "bland", "shift": 0.1, "cost": 0.05,
                               "commitment": 0.02, "at_turns": [1]}},
        {"red_line": {"of": "aland", "when": "cland joins", "unanswered_cost": 0.2,
                      "answered_by": "mobilisation"}},
        {"shock": {"at_turns": [1], "chance": 0.2, "changes": {"war.win_chance": 0.1}}},
    ],
}


@pytest.fixture(scope="module")
def rich():
    from tests.conftest import make_crisis

    return compile_scenario(make_crisis(**RICH))


def test_count_equals_the_unfolded_tree(crisis, rich):
    for compiled in (rich, compile_scenario(crisis())):
        assert measure(compiled.scenario).nodes == compiled.tree.n_nodes
        assert compiled.tree.count.sum() == compiled.tree.n_nodes - 1


def test_arrays_are_a_tree_in_breadth_first_order(rich):
    game = rich.tree
    for node in range(game.n_nodes):
        kids = game.children(node)
        assert all(game.parent[c] == node for c in kids)
        assert (len(kids) == 0) == (game.mover[node] == TERMINAL)
        if game.mover[node] == CHANCE or game.mover[node] >= 0:
            assert sum(game.weight[c] for c in kids) == pytest.approx(1, abs=1e-12)
        elif game.mover[node] <= TYPE_CHANCE:
            t = game.n_types[TYPE_CHANCE - game.mover[node]]
            rows = game.type_prob[[game.type_row[c] for c in kids], :t]
            assert rows.sum(axis=0) == pytest.approx(1, abs=1e-12)


def test_own_is_the_last_informative_move(rich):
    game = rich.tree
    for node in range(game.n_nodes):
        mover = int(game.mover[node])
        who = mover if mover >= 0 else TYPE_CHANCE - mover if mover <= TYPE_CHANCE else None
        if who is None:
            assert game.own[node] == -1
            continue
        at, expected = node, -1
        while game.parent[at] >= 0:
            if game.mover[game.parent[at]] in (who, TYPE_CHANCE - who):
                expected = at
                break
            at = int(game.parent[at])
        assert game.own[node] == expected


def test_payoffs_add_up_along_a_history(crisis):
    """A history's payoff by hand: hold costs delay, mobilising its sunk cost, war its lottery."""
    compiled = compile_scenario(crisis(
        ladder=["talks", {"mobilisation": {"sunk_cost": 0.03, "audience_cost": 0.2}}, "war"],
        war={"win_chance": 0.55, "first_strike": 0.1, "shift_per_turn": -0.02},
    ))
    game = compiled.tree
    moves = ["aland: escalate to mobilisation", "bland: hold", "aland: hold", "bland: attack"]
    leaf = [z for z, n in enumerate(game.leaves) if game.story(int(n)) == moves]
    assert len(leaf) == 1
    # aland: two turns of delay, one sunk cost, and the war that bland begins in round 2
    odds = 0.55 - 0.1 - 0.02
    costs = 0.1 + 0.4 * (np.arange(5) + 0.5) / 5
    assert game.payoff[0][leaf[0]] == pytest.approx(odds - costs - 0.03 - 2 * 0.02, abs=1e-12)
    assert game.payoff[1][leaf[0]] == pytest.approx(1 - odds - costs - 0.02, abs=1e-12)
    # yielding after mobilising: the whole audience cost, for the demand was everything
    moves = ["aland: escalate to mobilisation", "bland: hold", "aland: yield"]
    leaf = [z for z, n in enumerate(game.leaves) if game.story(int(n)) == moves]
    assert game.payoff[0][leaf[0]] == pytest.approx(np.full(5, -0.03 - 0.02 - 0.2), abs=1e-12)


def test_many_samples_equal_one_at_a_time(rich):
    rng = np.random.default_rng(5)
    theta = rich.centre * rng.uniform(0.9, 1.1, (4, len(rich.centre)))
    together = rich.numbers(theta)
    for k in range(4):
        alone = rich.numbers(theta[k]).at(0)
        both = zip(arrays(together.at(k)), arrays(alone), strict=True)
        for one, other in both:
            np.testing.assert_allclose(one, other, atol=1e-14)


def arrays(numbers):
    """Every array of a tree's numbers, in one order."""
    found = []
    for value in numbers.values():
        found += list(value) if isinstance(value, tuple) else [value]
    return [x for x in found if x is not None]


def test_derivatives_reach_every_number(rich):
    """Central differences of the solved game agree with the adjoint, number by number."""
    lam = 6.0
    game = rich.tree
    eq = solve(game, lam)
    mask = np.array([n in ("war", "wider war", "loss to all") for n in game.outcome_names])
    slope = pull_back(rich.polynomials, rich.centre, gradient(eq, mask[game.outcome].astype(float)))
    step = 1e-5
    for k in range(len(rich.paths)):
        ends = []
        for sign in (1, -1):
            theta = rich.centre.copy()
            theta[k] += sign * step
            near = lam + sign * step if rich.paths[k] == "precision" else lam
            out = solve(rich.game(theta), near, start=eq).outcomes()
            ends.append(sum(p for n, p in out.items() if n in ("war", "wider war", "loss to all")))
        # differences of solves certified to 1e-8 over a step of 1e-5, whose error is of order h^2
        assert slope[k] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=2e-6), (
            rich.paths[k]
        )


def test_an_offer_listed_twice_changes_nothing(crisis):
    import warnings

    once = compile_scenario(crisis())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        twice = compile_scenario(
            crisis(offers={"shares": [0.45, 0.55, 0.55, 0.65], "each": 1})
        )
    assert twice.tree.n_nodes == once.tree.n_nodes
    assert solve(twice.tree, 10.0).outcomes() == solve(once.tree, 10.0).outcomes()


def test_offers_share_one_weight(crisis):
    game = compile_scenario(crisis()).tree
    weights = {str(game.move_into(c)): game.weight[c] for c in game.children(0)}
    offers = [w for m, w in weights.items() if "offer" in m]
    others = [w for m, w in weights.items() if "offer" not in m]
    assert sum(offers) == pytest.approx(others[0]) and len(offers) == 3


def test_too_large_is_refused_with_what_multiplies_it(crisis):
    with pytest.raises(SizeError, match=r"budget .* times smaller"):
        compile_scenario(crisis(), budget=100)


def test_a_chance_that_leaves_its_bounds_is_refused(crisis):
    from detente.errors import InputError

    scenario = crisis(mechanisms=[
        {"shock": {"chance": 0.5, "changes": {"ladder.mobilisation.risk": 0.5}}}],
        ladder=["talks", {"mobilisation": {"risk": 0.7}}, "war"])
    with pytest.raises(InputError, match=r"ladder.mobilisation.risk"):
        compile_scenario(scenario)


@pytest.mark.slow
def test_a_million_nodes_compile(crisis):
    compiled = compile_scenario(crisis(
        turns={"each": 4}, offers={"shares": [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7], "each": 2},
        ladder=["talks", "ultimatum", "mobilisation", "war"]))
    assert compiled.tree.n_nodes > 1_000_000


def test_a_tree_is_one_short_line(crisis):
    game = compile_scenario(crisis()).tree
    assert repr(game) == f"<PublicTree: {game.n_nodes:,} nodes, players aland, bland>"
