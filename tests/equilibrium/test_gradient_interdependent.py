"""Derivatives where payoffs depend on both types, against differences of re-solved games."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.equilibrium.games import random_tree
from tests.equilibrium.test_gradient import check, difference

from detente.equilibrium import Equilibrium, gradient, gradients, solve
from detente.equilibrium.fallible.interdependent import TypePairs
from detente.equilibrium.fallible.interdependent_derivatives import adjoint
from detente.errors import SolveError
from detente.game import PublicTree, chance_by_type, decide, end, tree
from detente.game.tree import CHANCE
from detente.identifiers import Outcome


def with_tables(seed: int, unlike: bool) -> PublicTree:
    """A tree with chances and chances by type, its payoffs and outcomes redrawn."""
    game = random_tree(seed, joint=False, unlike=unlike)
    rng = np.random.default_rng(seed)
    m = len(game.leaves)
    return replace(game, joint_payoff=(rng.normal(size=(m, 2, 2)), rng.normal(size=(m, 2, 2))),
                   outcome=rng.integers(0, 2, m), outcome_kinds=(Outcome("x"), Outcome("y")))


class Case:
    def __init__(self, seed: int, lam: float) -> None:
        self.game, self.lam = with_tables(seed, seed % 2 == 1), lam
        self.eq: Equilibrium = solve(self.game, lam)
        assert self.eq.certificate.certified
        self.at = (self.game.outcome == 0).astype(float)
        self.found = gradient(self.eq, self.at)
        self.rng = np.random.default_rng(seed + 100)

    def share(self, game: PublicTree, lam: float | None = None) -> float:
        return float(self.at @ solve(game, self.lam if lam is None else lam,
                                     start=self.eq).leaf_reach)

    def along(self, change: Callable[[float], dict[str, Any]]) -> float:
        return difference(lambda h: self.share(replace(self.game, **change(h))))


# Trees 2, 5 and 6 have chances and chances by type; in odd ones priors are unlike.
@pytest.fixture(scope="module", params=[(2, 1.0), (3, 8.0), (5, 8.0), (6, 8.0)],
                ids=lambda p: f"seed-{p[0]}-{p[1]:g}")
def case(request: pytest.FixtureRequest) -> Case:
    return Case(*request.param)


def test_the_sum_itself(case: Case) -> None:
    assert case.found.probability == pytest.approx(float(case.at @ case.eq.leaf_reach), abs=1e-12)


def test_by_payoffs_and_lambda(case: Case) -> None:
    both = case.game.joint_payoff
    assert both is not None
    d = [0.3 * case.rng.normal(size=u.shape) for u in both]
    expected = case.along(lambda h: {"joint_payoff": tuple(
        u + h * x for u, x in zip(both, d, strict=True))})
    check(sum(float((a * b).sum()) for a, b in zip(d, case.found.payoff, strict=True)), expected)
    check(case.found.lam, difference(lambda h: case.share(case.game, case.lam + h)))


def test_by_chances_and_weights(case: Case) -> None:
    game, d = case.game, np.zeros(case.game.n_nodes)
    for n in np.flatnonzero(game.mover == CHANCE):
        x = 0.1 * case.rng.normal()
        d[game.first[n] : game.first[n] + 2] = [x, -x]
    for n in np.flatnonzero(game.mover >= 0):
        c = list(game.children(int(n)))
        d[c] = 0.1 * game.weight[c] * case.rng.normal(size=len(c))
        d[c] -= game.weight[c] * d[c].sum()
    check(float(d @ case.found.weight), case.along(lambda h: {"weight": game.weight + h * d}))
    if len(game.type_prob):
        e = 0.1 * case.rng.normal(size=game.type_prob.shape)
        e[1::2] = -e[::2]
        check(float((e * case.found.type_prob).sum()),
              case.along(lambda h: {"type_prob": game.type_prob + h * e}))


def test_by_priors_and_beliefs(case: Case) -> None:
    def drawn(row: tuple[np.ndarray, ...]) -> list[np.ndarray]:
        d = [0.05 * case.rng.normal(size=len(p)) for p in row]
        return [x - x.mean() for x in d]

    prior, seen = case.game.prior, case.game.observer_prior
    d = drawn(prior)
    check(sum(float(a @ b) for a, b in zip(d, case.found.prior, strict=True)),
          case.along(lambda h: {"prior": tuple(p + h * x for p, x in zip(prior, d, strict=True))}))
    if seen is None:
        assert case.found.observer_prior is None
        return
    assert case.found.observer_prior is not None
    e = [drawn(row) for row in seen]
    found = sum(float(a @ b) for row, by in zip(e, case.found.observer_prior, strict=True)
                for a, b in zip(row, by, strict=True))
    check(found, case.along(lambda h: {"observer_prior": tuple(
        tuple(p + h * x for p, x in zip(row, by, strict=True))
        for row, by in zip(seen, e, strict=True))}))


def test_the_adjoint_is_the_transpose_of_the_tangent(case: Case) -> None:
    system = TypePairs(case.game)
    mask = system.mask.ravel()
    system.evaluate(system.start() + 0.1 * case.rng.normal(size=system.size) * mask, 3.0)
    v, w = (case.rng.normal(size=system.size) * mask for _ in range(2))
    back = adjoint(system, w)
    assert w @ system.tangent(v) == pytest.approx(back.x @ v, rel=1e-11)
    assert w @ system.tangent(0 * v, 1.0) == pytest.approx(back.lam, rel=1e-11)


def test_agrees_with_private_values_where_payoffs_are_private() -> None:
    game = random_tree(3, joint=False)
    a, b = (np.repeat(u[:, :, None], 2, 2) for u in game.payoff)
    both = replace(game, joint_payoff=(a, b.transpose(0, 2, 1)))
    at = np.arange(len(game.leaves)) / len(game.leaves)
    one, other = gradient(solve(game, 2.0), at), gradient(solve(both, 2.0), at)
    # Two solves to residuals of 1e-11 or so.
    np.testing.assert_allclose(other.weight, one.weight, atol=1e-9)
    np.testing.assert_allclose(other.payoff[0].sum(axis=2), one.payoff[0], atol=1e-9)
    np.testing.assert_allclose(other.payoff[1].sum(axis=1), one.payoff[1], atol=1e-9)
    assert other.lam == pytest.approx(one.lam, abs=1e-9)


def test_a_chance_of_zero_has_a_derivative() -> None:
    """Showing a card that only one type ever shows: what if the other did, rarely?"""
    def shown(p: float) -> PublicTree:
        game = tree({"A": {"K": 0.4, "Q": 0.6}, "B": {"x": 0.5, "y": 0.5}}, chance_by_type("A", {
            "shown": ([0.7, p], decide("B", {"go": end("in"), "stop": end("out")})),
            "hidden": ([0.3, 1 - p], decide("B", {"go": end("in"), "stop": end("out")}))}))
        pays = np.random.default_rng(4).normal(size=(2, 4, 2, 2))
        return replace(game, joint_payoff=(pays[0], pays[1]))

    at = np.array([1.0, 0.0, 1.0, 0.0])
    found = gradient(solve(shown(0.0), 3.0), at).type_prob
    moved = [float(at @ solve(shown(h), 3.0).leaf_reach) for h in (0.0, 1e-4, 5e-5)]
    up = [(moved[1] - moved[0]) / 1e-4, (moved[2] - moved[0]) / 5e-5]
    # One-sided, so of first order after extrapolation: error about h squared.
    assert found[0, 1] - found[1, 1] == pytest.approx(2 * up[1] - up[0], rel=1e-6)


def test_refuses_what_it_cannot_do() -> None:
    eq = solve(with_tables(2, False), 1.0)
    with pytest.raises(SolveError, match="one per leaf"):
        gradient(eq, np.ones(1))
    loose = replace(eq, certificate=replace(eq.certificate, residual=0.1))
    with pytest.raises(SolveError, match="fold"):
        gradients(loose, [np.arange(len(eq.game.leaves), dtype=float)])


def test_a_start_that_leads_nowhere_is_not_called_a_neighbour() -> None:
    eq = solve(with_tables(4, False), 8.0)
    near = solve(eq.game, 8.0, start=eq)
    assert (near.found_from, near.certificate.reached_by) == ("neighbour", "neighbour")
    lost = solve(eq.game, 8.0, start=replace(eq, pi=np.full_like(eq.pi, np.nan)))
    assert (lost.found_from, lost.certificate.reached_by) == ("lambda 0", "traced")
    assert lost.certificate.certified
