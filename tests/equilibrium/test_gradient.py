"""Adjoint derivatives against finite differences, to 1e-6 relative with a floor of 1e-9."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.support.random_crisis import random_crisis

from detente.equilibrium import Equilibrium, TreeGradient, gradient, gradients, solve
from detente.equilibrium.fallible.branch import branches_at
from detente.errors import SolveError
from detente.game import CHANCE, PublicTree, decide, end, together, tree

OPTIONS: list[dict[str, Any]] = [
    {"types": 4}, {"types": 3, "third": 2, "ratification": True},
    {"types": 3, "unlike": True, "ratification": True}, {"types": 3, "unlike": True, "third": 2},
]


def difference(f: Callable[[float], float], h: float = 2e-3) -> float:
    """Central differences with two Richardson steps: the error is of order h to the sixth."""
    table = [[(f(h / 2**k) - f(-h / 2**k)) / (2 * h / 2**k)] for k in range(3)]
    for k in range(1, 3):
        for j in range(1, k + 1):
            table[k].append(table[k][j - 1]
                            + (table[k][j - 1] - table[k - 1][j - 1]) / (4**j - 1))
    return table[2][2]


def check(found: float, expected: float) -> None:
    # Probabilities good to 1e-13 over steps of 5e-4 leave an error of some 1e-10.
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


class Case:
    """A solved game, the derivative of P(war), and P(war) as a function of the numbers."""

    def __init__(self, options: dict[str, Any], lam: float) -> None:
        self.game = random_crisis(1, offers=2, turns=1, **options)
        self.eq: Equilibrium = solve(self.game, lam)
        self.lam = lam
        self.at = (self.game.outcome == self.game.outcome_names.index("war")).astype(float)
        self.gradient: TreeGradient = gradient(self.eq, self.at)
        self.rng = np.random.default_rng(7)

    def war(self, game: PublicTree, lam: float | None = None) -> float:
        return float(self.at @ solve(game, self.lam if lam is None else lam,
                                     start=self.eq).leaf_reach)

    def along(self, field: str, direction: Any) -> float:
        base = getattr(self.game, field)

        def moved(h: float) -> float:
            new = (tuple(b + h * d for b, d in zip(base, direction, strict=True))
                   if isinstance(base, tuple) else base + h * direction)
            return self.war(replace(self.game, **{field: new}))

        return difference(moved)


@pytest.fixture(scope="module", params=[(o, lam) for o in OPTIONS for lam in (4.0, 40.0)],
                ids=lambda p: f"{'-'.join(p[0])}-{p[1]:g}")
def case(request: pytest.FixtureRequest) -> Case:
    return Case(*request.param)


def test_probability_itself(case: Case) -> None:
    assert case.gradient.probability == pytest.approx(case.eq.outcomes()["war"], abs=1e-12)


def test_by_payoffs(case: Case) -> None:
    d = [case.rng.normal(size=u.shape) * 0.2 for u in case.game.payoff]
    found = sum(float((a * b).sum()) for a, b in zip(d, case.gradient.payoff, strict=True))
    check(found, case.along("payoff", d))


def test_by_one_payoff(case: Case) -> None:
    """The entry with the largest derivative, alone."""
    by = np.abs(case.gradient.payoff[0])
    z, t = np.unravel_index(int(by.argmax()), by.shape)
    d = [np.zeros_like(u) for u in case.game.payoff]
    d[0][z, t] = 0.3
    check(0.3 * float(case.gradient.payoff[0][z, t]), case.along("payoff", d))


def test_by_lambda(case: Case) -> None:
    check(case.gradient.lam, difference(lambda h: case.war(case.game, case.lam + h)))


def test_by_chances(case: Case) -> None:
    d = np.zeros(case.game.n_nodes)
    for n in np.flatnonzero(case.game.mover == CHANCE):
        x = 0.1 * case.rng.normal()
        d[case.game.first[n] : case.game.first[n] + 2] = [x, -x]
    check(float(d @ case.gradient.weight), case.along("weight", d))


def test_by_menu_weights(case: Case) -> None:
    game = case.game
    d = np.zeros(game.n_nodes)
    for n in np.flatnonzero(game.mover >= 0):
        c = list(game.children(int(n)))
        d[c] = 0.1 * game.weight[c] * case.rng.normal(size=len(c))
        d[c] -= game.weight[c] * d[c].sum()
    check(float(d @ case.gradient.weight), case.along("weight", d))


def test_by_priors(case: Case) -> None:
    for i in range(2):
        d = [np.zeros_like(p) for p in case.game.prior]
        d[i] = 0.02 * case.rng.normal(size=len(d[i]))
        d[i] -= d[i].mean()
        check(float(d[i] @ case.gradient.prior[i]), case.along("prior", d))


def test_by_chances_that_depend_on_type(case: Case) -> None:
    if not len(case.game.type_prob):
        pytest.skip("this crisis has no chance by type")
    d = 0.02 * case.rng.normal(size=case.game.type_prob.shape)
    d[1::2] = -d[::2]
    check(float((d * case.gradient.type_prob).sum()), case.along("type_prob", d))


def test_by_what_each_believes(case: Case) -> None:
    seen = case.game.observer_prior
    if seen is None:
        assert case.gradient.observer_prior is None
        return
    assert case.gradient.observer_prior is not None
    d = [[0.02 * case.rng.normal(size=len(p)) for p in row] for row in seen]
    d = [[x - x.mean() for x in row] for row in d]

    def moved(h: float) -> float:
        return case.war(replace(case.game, observer_prior=tuple(
            tuple(p + h * x for p, x in zip(r, e, strict=True))
            for r, e in zip(seen, d, strict=True))))

    found = sum(float(a @ b) for r, e in zip(d, case.gradient.observer_prior, strict=True)
                for a, b in zip(r, e, strict=True))
    check(found, difference(moved))


def test_joint_nodes() -> None:
    """Matching pennies before a choice: payoffs, menu weights and lambda."""
    def after(x: float, y: float) -> object:
        return decide("row", {"end": end("calm", row=x, col=y),
                              "push": end("war", row={"a": 0.3, "b": -0.2}, col=-0.1)})

    root = together({"row": "UD", "col": "LR"}, {
        ("U", "L"): after(1.1, 0), ("U", "R"): after(0, 1.1),
        ("D", "L"): after(0, 1.1), ("D", "R"): after(0.28, 0)})  # type: ignore[dict-item]
    game = tree({"row": {"a": 0.4, "b": 0.6}, "col": 1}, root)
    eq = solve(game, 3.0)
    at = (game.outcome == game.outcome_names.index("war")).astype(float)
    g = gradient(eq, at)
    rng = np.random.default_rng(1)
    d = [0.2 * rng.normal(size=u.shape) for u in game.payoff]
    check(sum(float((a * b).sum()) for a, b in zip(d, g.payoff, strict=True)),
          difference(lambda h: float(at @ solve(replace(game, payoff=tuple(
              u + h * x for u, x in zip(game.payoff, d, strict=True))), 3.0).leaf_reach)))
    check(g.lam, difference(lambda h: float(at @ solve(game, 3.0 + h).leaf_reach)))
    joint = game.joints[0]

    def weighed(h: float) -> float:
        w = joint.weights[0] * np.array([1 + h, 1 - h])
        new = replace(joint, weights=(w, joint.weights[1]))
        return float(at @ solve(replace(game, joints={0: new}), 3.0).leaf_reach)

    check(float(g.joint_weight[0][0] @ (joint.weights[0] * [1, -1])), difference(weighed))


def test_a_chance_of_zero_has_a_derivative() -> None:
    game = random_crisis(1, offers=2, turns=1, types=3)
    n = int(np.flatnonzero(game.mover == CHANCE)[0])
    c = list(game.children(n))

    def with_risk(p: float) -> PublicTree:
        w = game.weight.copy()
        w[c] = [1 - p, p]
        return replace(game, weight=w)

    at = (game.outcome == game.outcome_names.index("war by accident")).astype(float)
    g = gradient(solve(with_risk(0.0), 10.0), at)
    up = [(float(at @ solve(with_risk(h), 10.0).leaf_reach) - g.probability) / h
          for h in (1e-4, 5e-5)]
    # One-sided, so of first order after extrapolation: error about h squared.
    assert g.weight[c[1]] - g.weight[c[0]] == pytest.approx(2 * up[1] - up[0], rel=1e-6)


def test_several_outcomes_sum_to_nothing() -> None:
    game = random_crisis(4, offers=3, turns=1, types=3)
    eq = solve(game, 20.0)
    at = [(game.outcome == k).astype(float) for k in range(len(game.outcome_names))]
    found = gradients(eq, at)
    for i in range(2):
        np.testing.assert_allclose(sum(g.payoff[i] for g in found), 0.0, atol=1e-9)
    assert sum(g.lam for g in found) == pytest.approx(0.0, abs=1e-9)
    assert sum(g.probability for g in found) == pytest.approx(1.0, abs=1e-12)


def test_refuses_what_it_cannot_do() -> None:
    game = random_crisis(4, offers=2, turns=1, types=3)
    eq = solve(game, 5.0)
    with pytest.raises(SolveError, match="one per leaf"):
        gradient(eq, np.ones(3))
    with pytest.raises(SolveError, match="fallible"):
        gradient(replace(eq, reading="deliberate"), np.ones(len(game.leaves)))


# The principal branch of this crisis folds at lambda 33.68 and turns back at 33.18: between the two
# there are three equilibria, and two of them meet at the fold.
FOLDED = {"seed": 109, "offers": 1, "turns": 2, "types": 2}


@pytest.mark.parametrize("distance", [0.2, 0.05])
def test_agrees_with_differences_near_a_fold(distance: float) -> None:
    game = random_crisis(**FOLDED)
    traced = solve(game, 40.0, trace=True)
    fold = max(traced.certificate.folds)
    at = fold - distance
    war = (game.outcome == game.outcome_names.index("war")).astype(float)
    rng = np.random.default_rng(0)
    along = [rng.normal(size=p.shape) for p in game.payoff]
    branches = branches_at(traced.trace, at)
    assert len(branches) == 3
    for eq in branches:
        def probability(h: float, eq: Equilibrium = eq) -> float:
            moved = game.with_numbers(payoff=tuple(
                p + h * d for p, d in zip(game.payoff, along, strict=True)))
            return float(war @ solve(moved, at, start=eq).leaf_reach)

        found = gradient(eq, war)
        expected = sum(float((g * d).sum()) for g, d in zip(found.payoff, along, strict=True))
        # The branches part like a square root: steps must stay well inside the distance.
        assert difference(probability, 2e-4 * distance) == pytest.approx(expected, rel=1e-6,
                                                                         abs=1e-9)


def test_no_derivative_where_a_residual_would_be_magnified() -> None:
    game = random_crisis(**FOLDED)
    traced = solve(game, 40.0, trace=True)
    eq = branches_at(traced.trace, max(traced.certificate.folds) - 0.05)[0]
    war = (game.outcome == game.outcome_names.index("war")).astype(float)
    loose = replace(eq, certificate=replace(eq.certificate, residual=1e-5))
    with pytest.raises(SolveError, match="fold"):
        gradient(loose, war)
