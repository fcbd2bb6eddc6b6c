"""The principal branch: folds, windows, and agreement with closed forms along the way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.equilibrium.games import random_tree
from tests.support.random_crisis import random_crisis

from detente.equilibrium import Equilibrium, branches_at, solve, trace_path
from detente.equilibrium.fallible.arclength import follow
from detente.equilibrium.fallible.assemble import reach_of
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import system
from detente.equilibrium.fallible.unreached import NEVER, decision_reach, follow_on
from detente.equilibrium.methods.newton import Work, newton
from detente.game import decide, end, tree


@pytest.fixture(scope="module")
def folded() -> Equilibrium:
    """A crisis of 272 nodes whose principal branch turns back once below lambda 100."""
    return solve(random_crisis(5, turns=2, offers=1, types=3), 100.0, trace=True)


def test_three_equilibria_inside_the_window_and_one_outside(folded: Equilibrium) -> None:
    """Just inside either fold there are three certified, distinct points; just outside, one."""
    high, low = folded.certificate.folds
    assert low < high
    for lam, number in [(low - 0.01, 1), (low + 0.01, 3), ((low + high) / 2, 3),
                        (high - 0.01, 3), (high + 0.01, 1)]:
        found = branches_at(folded.trace, lam)
        assert len(found) == number, lam
        assert all(eq.certificate.certified for eq in found)
        for a in range(number):
            for b in range(a):
                assert np.abs(found[a].pi - found[b].pi).max() > 1e-4


def test_a_solve_inside_the_window_finds_the_window(folded: Equilibrium) -> None:
    """The branch is followed past the precision asked for: it comes back there."""
    high, low = folded.certificate.folds
    for lam, number in [(low + 0.01, 3), ((low + high) / 2, 3), (high - 0.01, 3), (low - 0.01, 1)]:
        eq = solve(folded.game, lam, trace=True)
        # Points have a tolerance of 1e-6; folds are read off the cubic between them.
        assert eq.certificate.folds == pytest.approx((high, low), abs=1e-3)
        found = branches_at(eq.trace, lam)
        assert len(found) == number and all(b.certificate.certified for b in found)
        np.testing.assert_allclose(found[0].pi, eq.pi, atol=1e-8)
        assert ("3 times" in eq.certificate.note) == (number == 3)


def test_an_eigenvalue_crosses_one_at_a_fold(folded: Equilibrium) -> None:
    """I - BC is singular there and nowhere near it between the folds' ends of the branch."""
    def smallest(eq: Equilibrium) -> float:
        equations = system(Sweeps(eq.game))
        y = np.log(np.maximum(eq.q, 1e-300))
        assert eq.lam is not None
        equations.evaluate(equations.pack(y[None, :]), eq.lam)
        jacobian = np.array([equations.tangent(e) for e in np.eye(equations.size)]).T
        return float(np.abs(np.linalg.eigvals(np.eye(equations.size) - jacobian)).min())

    high, low = folded.certificate.folds
    at_fold = smallest(branches_at(folded.trace, high - 1e-4)[0])
    away = smallest(branches_at(folded.trace, low - 10.0)[0])
    # The eigenvalue vanishes like the square root of the distance to the fold.
    assert at_fold < 0.02 * away


def test_traced_and_annealed_agree_where_nothing_folds() -> None:
    game = random_crisis(1, offers=3, turns=2, types=4)
    traced, annealed = solve(game, 25.0, trace=True), solve(game, 25.0)
    assert traced.certificate.folds == ()
    assert traced.certificate.reached_by == "traced"
    np.testing.assert_allclose(traced.pi, annealed.pi, atol=1e-9)


def test_every_point_of_the_trace_lies_on_the_branch(folded: Equilibrium) -> None:
    equations = system(Sweeps(folded.game))
    for x, lam in zip(folded.trace.x[::5], folded.trace.lam[::5], strict=True):
        # 1e-6 is the tolerance of the continuation in log public probability.
        assert np.abs(equations.evaluate(x, lam) - x).max() <= 1e-6


def test_a_traced_game_with_a_closed_form() -> None:
    game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "out": end("out", entrant=0, incumbent=2),
        "in": decide("incumbent", {
            "fight": end("fought", entrant=-1, incumbent=-1),
            "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    eq = solve(game, 5.0, trace=True)
    fight = 1 / (1 + math.exp(10))
    assert eq.pi[2, 0] == pytest.approx(1 / (1 + math.exp(-5 * (1 - 2 * fight))), abs=1e-9)
    assert eq.trace.complete


def test_third_player_and_unlike_priors_are_traced() -> None:
    game = random_crisis(2, offers=2, turns=1, types=3, third=2, unlike=True)
    traced = solve(game, 20.0, trace=True)
    assert traced.certificate.certified
    np.testing.assert_allclose(traced.pi, solve(game, 20.0).pi, atol=1e-9)


def test_precision_path_is_certified_and_ends_at_the_solution() -> None:
    game = random_crisis(3, offers=2, turns=2, types=3)
    path = trace_path(game, 40.0, lambdas=[0.0, 1.0, 10.0, 40.0])
    assert all(point.certificate.certified for _, point in path)
    assert path[-1][1].outcomes == pytest.approx(solve(game, 40.0).outcomes(), abs=1e-9)
    assert path[0][1].certificate.regret_bound is None


@pytest.mark.parametrize(("kind", "folds"), [
    ({"seed": 5, "turns": 2, "offers": 1, "types": 3}, True),  # the fold is on the path
    ({"seed": 20, "turns": 3, "offers": 1, "types": 3}, False),  # folds in unreached subtrees only
])
def test_an_unreached_subtree_does_not_slow_the_continuation(
    kind: dict[str, int], folds: bool
) -> None:
    """Reached folds are passed and others excluded; strategies on the path agree."""
    game = random_crisis(**kind)
    equations = system(Sweeps(game))
    whole, reduced = (follow(equations, 100.0, apart=apart) for apart in (False, True))
    assert whole.complete and reduced.complete
    assert len(whole.folds) == 2
    # Points are good to 1e-6, a fold to the cubic between two of them.
    assert reduced.folds == pytest.approx(whole.folds if folds else [], abs=1e-3)
    assert len(reduced.lam) < len(whole.lam)
    for x, lam in zip(reduced.x, reduced.lam, strict=True):
        residual = np.abs(equations.evaluate(x, lam) - x)
        # The continuation's tolerance: no excluded subtree may have become reached.
        assert residual[decision_reach(equations) >= NEVER].max() <= 1e-6
    near, left = follow_on(equations, reduced.x[-1], reduced.lam[-1], rounds=500, tolerance=1e-3,
                           work=Work())
    assert left <= 1e-3
    point = newton(equations, near, reduced.lam[-1])
    assert point.ok
    equations.evaluate(point.x, reduced.lam[-1])
    reach = reach_of(game, np.exp(equations.y[0]))[game.leaves]
    other = solve(game, reduced.lam[-1], trace=True)
    for k in range(len(game.outcome_names)):
        # Excluded subtrees are reached with less than 1e-12, over some thousand nodes.
        ours, theirs = (float(r[game.outcome == k].sum()) for r in (reach, other.leaf_reach))
        assert ours == pytest.approx(theirs, abs=1e-8)


def test_the_walk_goes_on_when_nearly_all_is_left_aside() -> None:
    """The entrant does not enter: a handful of its unknowns stays in the continuation."""
    rng = np.random.default_rng(0)

    def below(made: int) -> object:
        if made == 4:
            return end("deep", a=float(rng.normal()), b=float(rng.normal()))
        return decide("ab"[made % 2], {m: below(made + 1) for m in "wxyz"})  # type: ignore[misc]

    game = tree({"a": 1, "b": 1}, decide("a", {  # type: ignore[arg-type, dict-item]
        "out": end("out", a=10, b=0), "in": below(1)}))
    equations = system(Sweeps(game))
    trace = follow(equations, 8.0, apart=True)
    assert trace.complete and equations.size > 10 > len(trace.seen[-1])
    eq = solve(game, 8.0, trace=True)
    assert eq.certificate.certified and eq.outcomes()["out"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("lam", [10.0, 1000.0])
def test_only_what_the_walk_passes_is_called_traced(lam: float) -> None:
    """At 1000 Newton's method ends a hair short of its tolerance; what is settled then says so."""
    eq = solve(random_tree(5), lam, trace=True)
    assert eq.certificate.certified
    assert (eq.certificate.reached_by == "traced") == bool(branches_at(eq.trace, lam))
    assert eq.certificate.note or eq.certificate.reached_by == "traced"
