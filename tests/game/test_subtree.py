"""The game below a node continues the whole game: with its beliefs, the same choices solve it."""

import numpy as np
import pytest
from tests.conftest import make_crisis

from detente.equilibrium import solve
from detente.equilibrium.profile import StrategyProfile
from detente.game.compile import compile_scenario
from detente.game.subtree import below
from detente.game.tree import TERMINAL


@pytest.mark.parametrize("changes", [
    {"turns": {"each": 1}},
    {"turns": {"each": 1}, "ladder": ["talks", {"mobilisation": {"risk": 0.05}}, "war"]},
])
def test_conditional_outcomes_are_those_of_the_game_below(changes):
    """At moderate precision each game has one equilibrium, which both ways must find."""
    tree = compile_scenario(make_crisis(**changes)).tree
    eq = solve(tree, 4.0)
    profile = StrategyProfile(tree, eq.pi, eq.joint_pi)
    tried = 0
    for node in range(0, tree.n_nodes, max(1, tree.n_nodes // 40)):
        if tree.mover[node] == TERMINAL:
            continue
        part = below(tree, node)
        priors = tuple(profile.belief_at(node, i) for i in range(tree.n_players))
        found = solve(part.tree.with_numbers(prior=priors), 4.0)
        inside = np.isin(tree.leaves, part.nodes)
        reach = eq.leaf_reach * inside
        want = np.bincount(tree.outcome, reach / reach.sum(), len(tree.outcome_kinds))
        assert np.abs(np.array(list(found.outcomes().values())) - want).max() < 1e-8
        tried += 1
    assert tried >= 10


def test_nodes_moves_and_leaves_are_the_same():
    tree = compile_scenario(make_crisis(turns={"each": 1})).tree
    node = int(tree.first[0]) + 1
    part = below(tree, node)
    for k, whole in enumerate(part.nodes.tolist()):
        assert part.tree.count[k] == tree.count[whole]
        if k:
            assert part.tree.move_into(k) == tree.move_into(whole)
            assert part.nodes[part.tree.parent[k]] == tree.parent[whole]
        if part.tree.count[k]:
            assert part.nodes[part.tree.first[k]] == tree.first[whole]
    assert part.nodes[part.tree.leaves].tolist() == [z for z in tree.leaves if z in part.nodes]
