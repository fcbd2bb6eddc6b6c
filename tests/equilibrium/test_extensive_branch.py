"""General games: folds and crossings of the branch, other routes along it, derivatives on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.equilibrium.test_extensive import load, random_game

from detente.equilibrium.general import newton as extensive_newton
from detente.equilibrium.general import solve as room
from detente.equilibrium.general.derivatives import gradient_extensive
from detente.equilibrium.general.solve import solve_extensive
from detente.errors import SolveError
from detente.game.efg import parse_efg
from detente.game.extensive import ExtensiveGame

# --- random games at high precision (where Gambit stalls) ----------------------------------------


def share_certified(seeds: range, lam: float, rounds: int = 1) -> int:
    count = 0
    for seed in seeds:
        solved = solve_extensive(random_game(seed, rounds=rounds), lam)
        assert np.isfinite(solved.prob).all()
        count += solved.certificate.certified and solved.certificate.reached_by == "traced"
    return count


@pytest.mark.parametrize("lam", [40.0, 100.0])
def test_random_trees_are_all_traced_and_certified(lam: float) -> None:
    assert share_certified(range(20), lam) == 20


@pytest.mark.slow
@pytest.mark.parametrize("lam", [40.0, 100.0])
def test_two_hundred_random_trees(lam: float) -> None:
    assert share_certified(range(200), lam) == 200


@pytest.mark.slow
def test_random_trees_with_eighty_sets() -> None:
    assert share_certified(range(20), 40.0, rounds=2) == 20


def test_fine_and_coarse_steps_follow_the_same_branch() -> None:
    from detente.equilibrium.general.branch import Branch
    from detente.equilibrium.general.kernels import arrays_of

    folded = 0
    for seed in range(100):
        game = random_game(seed)
        branches = [Branch(game, arrays_of(game), 40.0, 40.0) for _ in range(2)]
        for branch, fineness in zip(branches, (0.15, 0.01), strict=True):
            branch.go(fineness, 1)
        coarse, fine = branches
        assert len(coarse.folds) == len(fine.folds)
        folded += bool(fine.folds)
        # Folds are read off a cubic between two points of the coarse trace.
        assert coarse.folds == pytest.approx(fine.folds, rel=2e-2)
        assert coarse.found[0] == pytest.approx(fine.found[0], abs=1e-6)
    assert folded >= 2  # so that the comparison includes what is hard


def test_inside_a_fold_window_the_trace_returns_every_crossing() -> None:
    game, folds = next(
        (g, f) for g, f in (
            (g, solve_extensive(g, 40.0).certificate.folds)
            for g in (random_game(seed) for seed in range(100))
        ) if len(f) == 2 and f[0] > 1.02 * f[1]
    )
    middle = 0.5 * (folds[0] + folds[1])
    solved = solve_extensive(game, middle, trace=True)
    found = [solved, *solved.others]
    assert len(found) == 3 and all(s.certificate.certified for s in found)
    assert solved.trace is not None and len(solved.trace.folds) == 2
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(found[one].prob - found[other].prob).max() > 1e-3


@pytest.mark.parametrize("compiled", [extensive_newton.COMPILED, 0])
def test_where_a_symmetry_splits_the_branch_one_way_is_taken_and_the_other_told(
    compiled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensive_newton, "COMPILED", compiled)
    # Battle of the sexes: symmetric play is the only equilibrium at small lambda; later it leaves
    # the branch that survives a small disturbance of the payoffs.
    text = '''EFG 2 R "" { "A" "B" } p "" 1 1 "" { "a" "b" } 0
    p "" 2 1 "" { "a" "b" } 0 t "" 1 "" { 2 1 } t "" 2 "" { 0 0 }
    p "" 2 1 0 t "" 3 "" { 0 0 } t "" 4 "" { 1 2 }'''
    game = parse_efg(text)
    solved = solve_extensive(game, 5.0, trace=True)
    assert solved.certificate.certified and "mirror image" in solved.certificate.note
    mirror = next(o for o in solved.others)
    assert mirror.certificate.certified
    assert mirror.prob[[3, 2, 1, 0]] == pytest.approx(solved.prob, abs=1e-9)
    # Disturbed in favour of the way taken, the branch is smooth and ends up next to it.
    for nudge in (1e-3, -1e-3):
        nudged = game.with_numbers(outcome_payoff=game.outcome_payoff + np.array(
            [[0, 0], [0, 0], [0, 0], [nudge, 0]]
        ))
        near = solve_extensive(nudged, 5.0)
        assert near.certificate.note == "" and near.certificate.certified
        expected = solved if nudge > 0 else mirror
        assert near.prob == pytest.approx(expected.prob, abs=1e-2)


CROSSING = """EFG 2 R "three players, each with one information set" { "1" "2" "3" }
p "" 1 1 "" { "U1" "D1" } 0
p "" 2 1 "" { "U2" "D2" } 0
p "" 3 1 "" { "U3" "D3" } 0 t "" 1 "" { 9 8 12 } t "" 2 "" { 0 0 0 }
p "" 3 1 0 t "" 2 t "" 3 "" { 3 4 6 }
p "" 2 1 0
p "" 3 1 0 t "" 2 t "" 3
p "" 3 1 0 t "" 4 "" { 9 8 2 } t "" 2"""


@pytest.mark.parametrize("lam", [0.59676, 0.5968, 0.5972, 0.6, 0.61, 1.0])
def test_a_crossing_without_a_symmetry_is_not_called_a_mirror_image(lam: float) -> None:
    """The stakes of the players differ, so no relabelling of this game keeps its payoffs.

    Players 1 and 2 are indifferent at (1/2, 1/2, p) for every p, so such a point is
    a solution for every lambda. A second branch crosses at lambda .596755, where the Jacobian of
    the three conditions on that line is singular, and tends to (1, 1, 1).
    """
    game = parse_efg(CROSSING)
    solved = solve_extensive(game, lam, trace=True)
    assert solved.certificate.certified
    assert "another branch" in solved.certificate.note and "0.596755" in solved.certificate.note
    assert solved.prob[0::2].max() < 0.6  # continuous in lambda at the crossing
    assert "mirror" not in solved.certificate.note and "symmetry" not in solved.certificate.note
    up = [o for o in solved.others if o.certificate.certified and o.prob[0::2].min() > 0.9]
    assert lam < 0.6 or up


# --- other routes to the same answer -------------------------------------------------------------


def test_annealing_agrees_with_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    games = [random_game(seed) for seed in (1, 2, 3)] + [load("poker"), load("everything")]
    traced = [solve_extensive(g, 3.0) for g in games]
    gradients = [gradient_extensive(s, s.game.leaf_payoff[:, 0]) for s in traced]
    monkeypatch.setattr(room, "DENSE", 0)
    monkeypatch.setattr("detente.equilibrium.general.derivatives.DENSE", 0)
    for game, one, slope in zip(games, traced, gradients, strict=True):
        two = solve_extensive(game, 3.0)
        assert two.certificate.reached_by == "annealed" and two.certificate.certified
        assert two.prob == pytest.approx(one.prob, abs=1e-8)
        other = gradient_extensive(two, game.leaf_payoff[:, 0])
        assert other.outcome_payoff == pytest.approx(slope.outcome_payoff, abs=1e-7)
    with pytest.raises(SolveError, match="too many for a trace"):
        solve_extensive(games[0], 3.0, trace=True)


def test_lapack_route_agrees_with_the_compiled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    game = random_game(5)
    one = solve_extensive(game, 40.0)
    monkeypatch.setattr(extensive_newton, "COMPILED", 0)
    two = solve_extensive(game, 40.0)
    assert two.certificate.reached_by == "traced"
    assert two.prob == pytest.approx(one.prob, abs=1e-10)


def test_a_neighbours_solution_is_a_start() -> None:
    game = random_game(4)
    one = solve_extensive(game, 2.0)
    two = solve_extensive(game, 2.02, start=one)
    assert two.certificate.reached_by == "neighbour" and two.certificate.certified
    assert two.prob == pytest.approx(solve_extensive(game, 2.02).prob, abs=1e-10)
    with pytest.raises(SolveError, match="log-odds"):
        solve_extensive(load("poker"), 1.0, start=one)


def test_a_deep_tree() -> None:
    """A centipede of 3,000 moves: too deep for recursion, too many unknowns for a dense trace."""
    deep = 3000
    text = 'EFG 2 R "" { "A" "B" } ' + "".join(
        f'p "" {1 + k % 2} {k + 1} "" {{ "stop" "go" }} 0 t "" {k + 1} "" {{ {k % 7} {k % 5} }} '
        for k in range(deep)
    ) + 't "" 0'
    game = parse_efg(text)
    solved = solve_extensive(game, 1.0)
    assert solved.certificate.certified, solved.certificate
    ahead = np.zeros(2)
    for k in range(deep - 1, -1, -1):
        here = np.array([k % 7, k % 5], dtype=float)
        stop = 1 / (1 + math.exp(-(here[k % 2] - ahead[k % 2])))
        assert solved.prob[2 * k] == pytest.approx(stop, abs=1e-9)
        ahead = stop * here + (1 - stop) * ahead


@pytest.mark.parametrize("lam", [-1.0, math.nan, math.inf, 1e13])
def test_impossible_precisions(lam: float) -> None:
    with pytest.raises(SolveError, match="lambda"):
        solve_extensive(load("entry"), lam)


def test_games_without_choices_or_stakes() -> None:
    for text in (
        't "" 1 "" { 3 }', 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0 t "" 1 "" { 3 } t "" 0',
        'p "" 1 1 "" { "only" } 0 t "" 1 "" { 3 }',
        'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 3 } t "" 1',
    ):
        solved = solve_extensive(parse_efg('EFG 2 R "" { "A" } ' + text), 2.0)
        assert solved.certificate.certified
        assert solved.certificate.as_dict()["nash_conv"] == pytest.approx(0, abs=1e-12)
        assert sum(solved.outcomes().values()) == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e-60, 1e60])
def test_payoffs_of_any_size(scale: float) -> None:
    game = load("poker")
    other = game.with_numbers(outcome_payoff=game.outcome_payoff * scale)
    solved = solve_extensive(other, min(5.0 / scale, 1e11))
    assert np.isfinite(solved.prob).all()
    if scale > 1:
        assert solved.certificate.certified
        assert solved.prob == pytest.approx(solve_extensive(game, 5.0).prob, abs=1e-9)


# --- derivatives ---------------------------------------------------------------------------------


def differences(game: ExtensiveGame, lam: float, weights: np.ndarray, change: Any) -> float:
    """Central difference with one Richardson step, of order h^4."""
    base = solve_extensive(game, lam)

    def at(h: float) -> float:
        changed, precision = change(h)
        solved = solve_extensive(changed, precision, start=base)
        assert solved.certificate.reached_by == "neighbour"
        return float(weights @ solved.leaf_reach)

    h = 1e-4
    one = (at(h) - at(-h)) / (2 * h)
    two = (at(2 * h) - at(-2 * h)) / (4 * h)
    return (4 * one - two) / 3


@pytest.mark.parametrize(("name", "lam"), [("crisis", 3.0), ("poker", 2.0), ("random", 2.0)])
def test_every_derivative_against_differences(name: str, lam: float) -> None:
    game = random_game(3) if name == "random" else load(name)
    rng = np.random.default_rng(0)
    weights = rng.normal(size=len(game.leaves))
    slope = gradient_extensive(solve_extensive(game, lam), weights)
    close = {"rel": 1e-6, "abs": 1e-9}

    assert slope.lam == pytest.approx(
        differences(game, lam, weights, lambda h: (game, lam + h)), **close
    )
    cells = [(k, i) for k in range(len(game.outcome_payoff)) for i in range(game.n_players)]
    for k, i in [cells[c] for c in rng.permutation(len(cells))[:12]]:

        def paid(h: float, k: int = k, i: int = i) -> tuple[ExtensiveGame, float]:
            payoff = game.outcome_payoff.copy()
            payoff[k, i] += h
            return game.with_numbers(outcome_payoff=payoff), lam

        assert slope.outcome_payoff[k, i] == pytest.approx(
            differences(game, lam, weights, paid), **close
        )
    for h_set in np.flatnonzero(game.set_player < 0):
        a = int(game.set_first[h_set])

        def drawn(h: float, a: int = a) -> tuple[ExtensiveGame, float]:
            odds = game.chance.copy()
            odds[a] += h
            odds[a + 1] -= h
            return game.with_numbers(chance=odds), lam

        assert slope.chance[a] - slope.chance[a + 1] == pytest.approx(
            differences(game, lam, weights, drawn), **close
        )


def test_derivative_by_an_impossible_chance_is_one_sided() -> None:
    base = load("crisis")
    odds = base.chance.copy()
    odds[:2] = 0.0, 1.0
    game = base.with_numbers(chance=odds)
    weights = np.random.default_rng(2).normal(size=len(game.leaves))
    solved = solve_extensive(game, 2.0)
    slope = gradient_extensive(solved, weights)

    def at(h: float) -> float:
        changed = odds.copy()
        changed[:2] = h, 1 - h
        return float(weights @ solve_extensive(game.with_numbers(chance=changed), 2.0).leaf_reach)

    h = 1e-4
    forward = (-3 * at(0) + 4 * at(h) - at(2 * h)) / (2 * h)  # of order h^2
    assert slope.chance[0] - slope.chance[1] == pytest.approx(forward, abs=1e-6)


def test_payoffs_at_inner_nodes_count_at_every_ending_behind() -> None:
    game = load("everything")
    weights = np.arange(len(game.leaves), dtype=float)
    slope = gradient_extensive(solve_extensive(game, 2.0), weights)
    k = game.outcome_label.index("paid on the way")
    # Attached to the root (where it changes nothing) and to the set off the path (never reached).
    assert slope.outcome_payoff[k] == pytest.approx([0, 0, 0], abs=1e-12)


def test_no_derivative_on_a_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.equilibrium.general.derivatives.SINGULAR", 1.0)
    solved = solve_extensive(load("poker"), 1.0)
    with pytest.raises(SolveError, match="fold"):
        gradient_extensive(solved, np.ones(len(solved.game.leaves)))
    with pytest.raises(SolveError, match="weights"):
        gradient_extensive(solved, np.ones(2))
