"""Public trees solved as the general games that they spell out to."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.equilibrium.games import random_tree
from tests.support.random_crisis import random_crisis

from detente.equilibrium import certify, gradient, solve
from detente.equilibrium.fallible.by_spelling import by_spelling
from detente.errors import SolveError
from detente.game import PublicTree, decide, end, together, tree
from detente.game.spelt import spell


def wild(seed: int) -> PublicTree:
    """Two moves each, payoffs 3 N(0, 1) by ending and both types: 80 information sets."""
    def node(made: int) -> object:
        if made == 4:
            return end("end")
        return decide("AB"[made % 2], {m: node(made + 1) for m in "xyz"})  # type: ignore[misc]

    halves = {"s": 0.5, "t": 0.5}
    game = tree({"A": halves, "B": halves}, node(0))  # type: ignore[arg-type]
    pays = 3 * np.random.default_rng(seed).standard_normal((2, len(game.leaves), 2, 2))
    return replace(game, joint_payoff=(pays[0], pays[1]))


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 7])
def test_wild_payoffs_by_both_types_are_certified(seed: int) -> None:
    """Newton's method in lambda alone, which such games got before, lost some of these."""
    found = solve(wild(seed), 40.0).certificate
    assert found.certified and found.reached_by == "traced", found


@pytest.mark.parametrize("seed", range(4))
def test_any_public_tree_is_found_to_be_in_equilibrium(seed: int) -> None:
    """The public tree's certificate knows nothing of the general game."""
    game = random_tree(seed)
    play = by_spelling(game, 3.0)
    assert play is not None
    assert certify(game, play.pi, reading="fallible", lam=3.0, joint_pi=play.joint_pi).certified


@pytest.mark.parametrize(("seed", "lam"), [(1, 100.0), (15, 100.0)])
def test_wild_private_values_fall_back_on_the_general_game(seed: int, lam: float) -> None:
    """Where the public solver's ascent is lost; payoffs 3 N(0, 1) make lambda 100 some 1,500."""
    rng = np.random.default_rng(seed)

    def node(made: int) -> object:
        if made == 4:
            pay = (3 * rng.standard_normal((2, 2))).tolist()
            return end("end", A=pay[0], B=pay[1])
        return decide("AB"[made % 2], {m: node(made + 1) for m in "xyz"})  # type: ignore[misc]

    halves = {"s": 0.5, "t": 0.5}
    game = tree({"A": halves, "B": halves}, node(0))  # type: ignore[arg-type]
    assert solve(game, lam).certificate.certified


def test_three_who_choose_together() -> None:
    moves = {"a": "xy", "b": "xyz", "c": "xy"}
    rng = np.random.default_rng(2)
    game = tree({"a": {"s": 0.3, "t": 0.7}, "b": 1, "c": {"s": 0.5, "t": 0.5}}, together(moves, {
        m: end("".join(m), a=list(rng.normal(size=2)), b=float(rng.normal()),
               c=list(rng.normal(size=2))) for m in itertools.product(*moves.values())}))
    play = by_spelling(game, 2.0)
    assert play is not None
    other = solve(game, 2.0)
    for one, two in zip(play.joint_pi[0], other.joint_pi[0], strict=True):
        np.testing.assert_allclose(one, two, atol=1e-9)  # residuals of some 1e-11


def test_the_same_as_the_public_solver_in_a_crisis() -> None:
    game = random_crisis(3, offers=2, turns=1, types=3, third=2, ratification=True)
    play = by_spelling(game, 10.0)
    assert play is not None
    np.testing.assert_allclose(play.pi, solve(game, 10.0).pi, atol=1e-9)


@pytest.mark.parametrize("seed", [1, 4, 6])
def test_payoffs_by_both_types_and_simultaneous_moves(seed: int) -> None:
    """At once: certified by code of its own, and the same as private values where they are."""
    game = random_tree(seed)
    assert game.joints
    a, b = (np.repeat(u[:, :, None], 2, 2) for u in game.payoff)
    private = solve(game, 2.0)
    same = solve(replace(game, joint_payoff=(a, b.transpose(0, 2, 1))), 2.0)
    np.testing.assert_allclose(same.q, private.q, atol=1e-9)
    for i in range(2):
        np.testing.assert_allclose(same.value[i], private.value[i], atol=1e-8)
    pays = np.random.default_rng(seed).normal(size=(2, len(game.leaves), 2, 2))
    mixed = solve(replace(game, joint_payoff=(pays[0], pays[1])), 10.0)
    assert mixed.certificate.certified and mixed.reading == "fallible" and mixed.lam == 10.0
    assert sum(mixed.outcomes().values()) == pytest.approx(1.0, abs=1e-12)
    with pytest.raises(SolveError, match="Derivatives are not available"):
        gradient(mixed, np.ones(len(game.leaves)))


def test_what_it_leaves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_spelling(random_crisis(1, offers=2, turns=1, types=2, unlike=True), 1.0) is None
    game = random_crisis(1, offers=2, turns=1, types=2)
    monkeypatch.setattr("detente.equilibrium.fallible.by_spelling.LARGEST", 5)
    assert by_spelling(game, 1.0) is None


def test_information_sets_are_found_again() -> None:
    game = random_tree(1)
    general, sets = spell(game)
    assert len(sets) == game.n_information_sets == general.n_information_sets
    assert all(general.set_player[h] == player for (_, player, _), h in sets.items())
