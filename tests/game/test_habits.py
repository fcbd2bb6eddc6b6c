"""Habits: the weights of a menu, what changes nothing, derivatives, and the calibration."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import make_crisis

from detente.analysis.slopes import slope
from detente.equilibrium import solve, solve_batch, solve_deliberate
from detente.game import decide, end, tree
from detente.game.compile import compile_scenario
from detente.game.numbers import Numbers
from detente.scenario.habits import DEFAULTS

KINDS = ("hold", "escalate", "offer", "accept", "yield", "attack", "lapse")
SMALL = {
    "precision": None,
    "turns": {"each": 1}, "offers": {"shares": [0.45, 0.6], "each": 1},
    "actors": {n: {"private": {"war_cost": {"between": [0.1, 0.5], "types": 2}}}
               for n in ("aland", "bland")},
}


def weights(game, node):
    """Return the weights of a menu by kind of move, summed over offers."""
    found = {}
    for c in game.children(node):
        verb = game.move_into(c).verb
        found[verb] = found.get(verb, 0.0) + float(game.weight[c])
    return found


def menus(game):
    return [n for n in range(game.n_nodes) if game.mover[n] >= 0]


def test_a_menu_has_the_weights_of_the_file_and_offers_share_one():
    given = {"hold": 5, "escalate": 3, "offer": 2, "accept": 4, "yield": 1, "attack": 0.5,
             "lapse": 6}
    game = compile_scenario(make_crisis(**SMALL, habits=given)).tree
    for node in menus(game):
        found = weights(game, node)
        total = sum(given[v] for v in found)
        for verb, w in found.items():
            assert w == pytest.approx(given[verb] / total), (verb, game.story(node))


def test_even_habits_are_the_textbook_logit():
    """Every kind has one weight, and the odds of a last menu are those of the logit formula."""
    game = compile_scenario(make_crisis(**SMALL, habits="even")).tree
    lam = 12.0
    eq = solve(game, lam)
    tested = 0
    for node in menus(game):
        found = list(weights(game, node).values())
        assert found == pytest.approx([1 / len(found)] * len(found))
        ends = list(game.children(node))
        if not all(game.mover[c] == -1 for c in ends):
            continue
        who = int(game.mover[node])
        at = [int(np.flatnonzero(game.leaves == c)[0]) for c in ends]
        value = np.stack([game.payoff[who][z] for z in at])  # (moves, types)
        odds = np.exp(lam * value)
        odds /= odds.sum(axis=0)
        held = eq.belief_at(node, who)[: value.shape[1]]
        assert eq.q[ends] == pytest.approx(odds @ held, abs=1e-9)
        tested += 1
    assert tested > 5


def test_only_the_ratios_of_weights_matter():
    given = {kind: DEFAULTS[kind][1] for kind in KINDS}
    one = solve(compile_scenario(make_crisis(**SMALL, habits=given)).tree, 15.0)
    other = solve(compile_scenario(make_crisis(
        **SMALL, habits={kind: 7 * w for kind, w in given.items()})).tree, 15.0)
    assert one.q == pytest.approx(other.q, abs=1e-10)


def test_at_lambda_zero_choices_are_the_weights():
    """Payoffs have no effect, so the odds are those of the weights, by hand."""
    game = compile_scenario(make_crisis(**SMALL, habits=None)).tree
    eq = solve(game, 0.0)
    first = {game.move_into(c).verb: 0.0 for c in game.children(0)}
    for c in game.children(0):
        first[game.move_into(c).verb] += float(eq.q[c])
    total = sum(DEFAULTS[k][1] for k in first)
    for kind, p in first.items():
        assert p == pytest.approx(DEFAULTS[kind][1] / total, abs=1e-12), kind


def test_an_actor_may_have_habits_of_its_own():
    changed = {**SMALL, "habits": "even", "actors": {
        **SMALL["actors"], "bland": {**SMALL["actors"]["bland"], "habits": {"attack": 0.001}}}}
    game = compile_scenario(make_crisis(**changed)).tree
    for node in menus(game):
        found = weights(game, node)
        mine = game.players[game.mover[node]] == "bland"
        if not mine:
            assert found["attack"] == pytest.approx(1 / len(found))
            continue
        # A kind that it leaves out keeps the weight that the file gives it: here even, 1.
        given = {**dict.fromkeys(found, 1.0), "attack": 0.001}
        total = sum(given.values())
        assert found == pytest.approx({k: w / total for k, w in given.items()})


@pytest.fixture(scope="module")
def solved():
    compiled = compile_scenario(make_crisis(**SMALL, habits=None))
    return compiled, solve(compiled.tree, compiled.lam)


def test_derivatives_by_every_weight(solved):
    """Against central differences of the solved game, in the logarithm of the weight."""
    compiled, eq = solved
    lam = compiled.lam
    mask = np.array([n == "war" for n in compiled.tree.outcome_names])
    found = slope(compiled, eq, mask)
    assert found is not None
    columns = [k for k, path in enumerate(compiled.paths) if "habits." in path]
    assert len(columns) == len(KINDS)

    def war(theta):
        return solve(compiled.game(theta), lam, start=eq).outcomes()["war"]

    moved = 0
    for k in columns:
        h = 1e-3 * compiled.centre[k]
        ends = []
        for step in (h, 2 * h):
            up, down = compiled.centre.copy(), compiled.centre.copy()
            up[k] += step
            down[k] -= step
            ends.append((war(up) - war(down)) / (2 * step))
        expected = (4 * ends[0] - ends[1]) / 3  # Richardson: the error is of order h^4
        assert found[k] == pytest.approx(expected, rel=1e-5, abs=1e-9), compiled.paths[k]
        moved += abs(expected) > 1e-6
    assert moved >= 5


def test_derivative_by_precision(solved):
    compiled, eq = solved
    lam = compiled.lam
    mask = np.array([n == "war" for n in compiled.tree.outcome_names])
    found = slope(compiled, eq, mask)
    assert found is not None
    k = compiled.paths.index("precision")

    def war(at):
        return solve(compiled.tree, at, start=eq).outcomes()["war"]

    ends = [(war(lam + h) - war(lam - h)) / (2 * h) for h in (0.02, 0.04)]
    assert found[k] == pytest.approx((4 * ends[0] - ends[1]) / 3, rel=1e-5)


def test_trembles_follow_the_weights(solved):
    """A move that a type would regret is made with the tremble probability times its weight."""
    compiled, eq = solved
    game, epsilon = compiled.tree, 0.01
    found = solve_deliberate(game, eq, epsilon=epsilon, settle=None)
    assert found.certificate.certified
    kinds = set()
    for node in menus(game):
        i = int(game.mover[node])
        if found.reach[node] < 0.01:  # regrets are weighed by reach, so a rare menu is less exact
            continue
        ends = np.array(list(game.children(node)))
        for t in range(game.n_types[i]):
            value = found.value[i][ends, t]
            for c, v in zip(ends, value, strict=True):
                if v < value.max() - 0.02 and found.belief_at(node, i)[t] > 0.05:
                    least = epsilon * game.weight[c]
                    assert found.pi[c, t] == pytest.approx(least, abs=2e-3)
                    assert found.pi[c, t] >= least - 1e-12
                    kinds.add(game.move_into(int(c)).verb)
    assert {"attack", "yield"} <= kinds
    weight = {game.move_into(int(c)).verb: epsilon * game.weight[c] for c in game.children(0)}
    # The bound of 2e-3 tells weights apart: even ones would give every kind a fifth of epsilon.
    assert abs(weight["attack"] - epsilon / 5) > 1e-3


@pytest.mark.parametrize("lam", [2.0, 5.0])
def test_the_regret_bound_is_that_of_the_weights(lam):
    """One choice of two moves: regret w/(w + (1-w) e^lam), bound ln(1/w)/lam, in closed form.

    With a weight of 1e-6 on the better move the regret is above the bound of even weights, ln 2 /
    lam, so that a bound without the weights would refuse the solution.
    """
    w = 1e-6
    game = tree({"one": 1}, decide("one", {"left": end("l", one=0), "right": end("r", one=1)},
                                   {"left": 1 - w, "right": w}))
    regret = (1 - w) / (1 - w + w * np.exp(lam))
    found = solve(game, lam).certificate
    assert found.certified
    assert found.max_regret == pytest.approx(regret, rel=1e-9)
    assert found.regret_bound == pytest.approx(np.log(1 / w) / lam, rel=1e-9)
    assert regret > np.log(2) / lam
    batch = solve_batch(game, Numbers.stack([game]).take, 1, lam=lam)
    assert batch.certified.all()
    assert batch.max_regret_excess[0] == pytest.approx(regret - np.log(1 / w) / lam, rel=1e-9)
