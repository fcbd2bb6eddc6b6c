"""General games: closed forms, invariants, certificates that bite, derivatives, large games."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.equilibrium import extensive as room
from detente.equilibrium.extensive import solve_extensive
from detente.equilibrium.extensive_certificate import (
    certify_extensive,
    extensive_nash_conv,
    set_regrets,
)
from detente.equilibrium.extensive_gradient import gradient_extensive
from detente.errors import InputError, SizeError, SolveError
from detente.game.build import chance, chance_by_type, decide, end, together, tree
from detente.game.efg import parse_efg, read_efg
from detente.game.efg_write import format_efg
from detente.game.extensive import ExtensiveGame
from detente.game.spelt import to_extensive

FILES = Path(__file__).parents[1] / "data" / "efg"


def load(name: str) -> ExtensiveGame:
    return read_efg(FILES / f"{name}.efg")


def random_game(seed: int, moves: int = 3, types: int = 2, rounds: int = 1) -> ExtensiveGame:
    """Two players with types who move in turn, all payoffs 3 N(0, 1) by ending and types.

    One round is one move of each, so 2 rounds of moves in all make 8 information sets.
    """

    def node(made: int) -> Any:
        if made == 2 * rounds:
            return end("end")
        return decide("AB"[made % 2], {str(m): node(made + 1) for m in range(moves)})

    drawn = {str(t): 1 / types for t in range(types)}
    game = to_extensive(tree({"A": drawn, "B": drawn}, node(0)))
    rng = np.random.default_rng(seed)
    return game.with_numbers(outcome_payoff=3 * rng.standard_normal(game.outcome_payoff.shape))


def probability(game: ExtensiveGame, prob: np.ndarray, infoset: str, move: str) -> float:
    h = game.set_label.index(infoset)
    moves = range(int(game.set_first[h]), int(game.set_first[h + 1]))
    return float(prob[next(a for a in moves if game.move_label[a] == move)])


# --- closed forms and published figures ----------------------------------------------------------


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 5.0, 40.0])
def test_entry_deterrence_in_closed_form(lam: float) -> None:
    solved = solve_extensive(load("entry"), lam)
    fight = 1 / (1 + math.exp(2 * lam))
    enter = 1 / (1 + math.exp(-lam * (1 - 2 * fight)))
    assert solved.certificate.certified
    assert probability(solved.game, solved.prob, "entered", "fight") == pytest.approx(
        fight, rel=1e-11
    )
    assert probability(solved.game, solved.prob, "market", "in") == pytest.approx(enter, abs=1e-13)


def test_centipede_by_backward_recursion() -> None:
    # solver.md, exact tests; the recursion is short enough to repeat here.
    paid = [(0.8, 0.2), (0.4, 1.6), (3.2, 0.8), (1.6, 6.4), (12.8, 3.2)]
    ahead = np.array(paid[4])
    expected = []
    for k in (3, 2, 1, 0):
        who = k % 2
        take = 1 / (1 + math.exp(-(paid[k][who] - ahead[who])))
        expected.append(take)
        ahead = take * np.array(paid[k]) + (1 - take) * ahead
    game = load("centipede")
    solved = solve_extensive(game, 1.0)
    found = [probability(game, solved.prob, s, "take") for s in
             ("fourth", "third", "second", "first")]
    assert found == pytest.approx(expected, abs=1e-13)
    assert found[::-1] == pytest.approx(
        [0.23619296553, 0.376298744171, 0.761576823558, 0.960834277203], abs=1e-11
    )


# P(resist), P(challenge | tough), P(challenge | weak), P(fight | resisted): solver.md section 5.
CRISIS = {
    1.0: (0.589005362746, 0.585324224356, 0.489522538094, 0.355636043292),
    10.0: (0.742348330403, 0.964697191538, 0.243136120871, 0.496766109659),
}


def crisis_figures(game: ExtensiveGame, prob: np.ndarray) -> list[float]:
    tough = probability(game, prob, "tough", "challenge")
    weak = probability(game, prob, "weak", "challenge")
    share = 0.2 * tough / (0.2 * tough + 0.8 * weak)
    fight = share * probability(game, prob, "tough, resisted", "fight") + (
        1 - share
    ) * probability(game, prob, "weak, resisted", "fight")
    return [probability(game, prob, "challenged", "resist"), tough, weak, fight]


@pytest.mark.parametrize("lam", CRISIS)
def test_crisis_signalling_against_gambits_figures(lam: float) -> None:
    game = load("crisis")
    solved = solve_extensive(game, lam)
    assert crisis_figures(game, solved.prob) == pytest.approx(CRISIS[lam], abs=1e-11)


def test_crisis_signalling_reaches_its_closed_form_limit() -> None:
    game = load("crisis")
    solved = solve_extensive(game, 3000.0)
    assert solved.certificate.certified and solved.certificate.reached_by == "traced"
    # The distance from the limit is of order ln(...)/lambda.
    assert crisis_figures(game, solved.prob) == pytest.approx([2 / 3, 1, 0.2, 5 / 9], abs=3e-3)


# bet | King, bet | Queen, call.
POKER = {
    1.0: (0.931785430088, 0.539086796141, 0.614444385853),
    2.0: (0.995177813609, 0.502729476651, 0.66484699749),
    5.0: (0.999998567383, 0.409019809555, 0.69120126061),
}


@pytest.mark.parametrize("lam", POKER)
def test_stripped_down_poker(lam: float) -> None:
    game = load("poker")
    prob = solve_extensive(game, lam).prob
    found = [probability(game, prob, "King", "bet"), probability(game, prob, "Queen", "bet"),
             probability(game, prob, "facing a bet", "call")]
    assert found == pytest.approx(POKER[lam], abs=1e-11)


def test_stripped_down_poker_limit_is_the_nash_equilibrium() -> None:
    game = load("poker")
    solved = solve_extensive(game, 5000.0)
    found = [probability(game, solved.prob, "King", "bet"),
             probability(game, solved.prob, "Queen", "bet"),
             probability(game, solved.prob, "facing a bet", "call")]
    assert found == pytest.approx([1, 1 / 3, 2 / 3], abs=1e-3)
    assert solved.certificate.nash_conv < 1e-3


# --- what must hold for any game -----------------------------------------------------------------

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.2, 5.0), st.floats(0.1, 10.0))
def test_scaling_payoffs_is_scaling_lambda(seed: int, lam: float, scale: float) -> None:
    game = random_game(seed)
    other = game.with_numbers(outcome_payoff=scale * game.outcome_payoff + 7.0)
    one, two = solve_extensive(game, lam * scale), solve_extensive(other, lam)
    assert two.prob == pytest.approx(one.prob, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.0, 10.0))
def test_moves_may_be_listed_in_any_order(seed: int, lam: float) -> None:
    """Each set's moves reversed in the file: the same game, in another depth-first order."""
    game = random_game(seed, moves=2)
    twin = parse_efg(_reversed(game))
    one, two = solve_extensive(game, lam), solve_extensive(twin, lam)
    named = {
        (game.set_label[game.set_of_move[a]], game.move_label[a]): p for a, p in enumerate(one.prob)
    }
    for a, p in enumerate(two.prob):
        key = twin.set_label[twin.set_of_move[a]], twin.move_label[a]
        assert p == pytest.approx(named[key], abs=1e-8)


def _reversed(game: ExtensiveGame) -> str:
    lines = format_efg(game).split("\n")
    nodes = lines[3:]
    children = [[int(c) for c in np.flatnonzero(game.parent == k)] for k in range(game.n_nodes)]
    out, todo = lines[:3], [0]
    while todo:
        k = todo.pop()
        head, brace, rest = nodes[k].partition("{")
        if brace and game.infoset[k] >= 0:
            menu, _, tail = rest.partition("}")
            words = menu.split()
            step = 2 if game.set_player[game.infoset[k]] < 0 else 1
            pairs = [" ".join(words[j : j + step]) for j in range(0, len(words), step)]
            out.append(f"{head}{{ {' '.join(pairs[::-1])} }}{tail}")
        else:
            out.append(nodes[k])
        todo += children[k]
    return "\n".join(out)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.1, 20.0))
def test_regret_is_within_the_entropy_of_the_mix_over_lambda(seed: int, lam: float) -> None:
    game = random_game(seed)
    solved = solve_extensive(game, lam)
    assert solved.certificate.certified
    regrets = set_regrets(game, solved.log_prob)
    for h in np.flatnonzero(game.set_player >= 0):
        moves = slice(*game.set_first[h : h + 2])
        entropy = float(-(solved.prob[moves] * solved.log_prob[moves]).sum())
        assert regrets[h] <= entropy / lam + 1e-9


def test_a_dominated_move_becomes_rarer_with_lambda() -> None:
    game = load("entry")
    shares = [probability(game, solve_extensive(game, lam).prob, "entered", "fight")
              for lam in (0, 0.5, 1, 2, 4, 8)]
    assert shares[0] == 0.5 and all(np.diff(shares) < 0)


def test_payoffs_before_a_choice_do_not_matter_to_it() -> None:
    game = load("everything")
    other = game.with_numbers(
        outcome_payoff=game.outcome_payoff
        + np.outer(np.array(game.outcome_label) == "paid on the way", [5.0, -3.0, 1.0])
    )
    one, two = solve_extensive(game, 2.0), solve_extensive(other, 2.0)
    assert two.prob == pytest.approx(one.prob, abs=1e-12)
    assert two.value[0] == pytest.approx(one.value[0] + [5.0, -3.0, 1.0])


def test_behind_an_impossible_chance_move_play_is_the_limit_of_rare_ones() -> None:
    text = (FILES / "crisis.efg").read_text()
    never = parse_efg(text.replace('"tough" 1/5 "weak" 4/5', '"tough" 0 "weak" 1'))
    rare = parse_efg(text.replace('"tough" 1/5 "weak" 4/5', '"tough" 1/1000000000 "weak" '
                                  "999999999/1000000000"))
    one, two = solve_extensive(never, 3.0), solve_extensive(rare, 3.0)
    assert one.certificate.certified
    # First order in a chance of 1e-9, times derivatives of order lambda.
    assert one.prob == pytest.approx(two.prob, abs=1e-7)


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
    from detente.equilibrium.extensive_branch import Branch
    from detente.equilibrium.extensive_kernels import arrays_of

    folded = 0
    for seed in range(100):
        game = random_game(seed)
        branches = [Branch(arrays_of(game), game.stake, 40.0, 40.0) for _ in range(2)]
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


def test_where_a_symmetry_splits_the_branch_one_way_is_taken_and_the_other_told() -> None:
    # Battle of the sexes: symmetric play is the only equilibrium at small lambda; later it leaves
    # the branch that survives a small disturbance of the payoffs.
    text = '''EFG 2 R "" { "A" "B" } p "" 1 1 "" { "a" "b" } 0
    p "" 2 1 "" { "a" "b" } 0 t "" 1 "" { 2 1 } t "" 2 "" { 0 0 }
    p "" 2 1 0 t "" 3 "" { 0 0 } t "" 4 "" { 1 2 }'''
    game = parse_efg(text)
    solved = solve_extensive(game, 5.0, trace=True)
    assert solved.certificate.certified and "symmetry" in solved.certificate.note
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


# --- other routes to the same answer -------------------------------------------------------------


def test_annealing_agrees_with_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    games = [random_game(seed) for seed in (1, 2, 3)] + [load("poker"), load("everything")]
    traced = [solve_extensive(g, 3.0) for g in games]
    gradients = [gradient_extensive(s, s.game.leaf_payoff[:, 0]) for s in traced]
    monkeypatch.setattr(room, "DENSE", 0)
    monkeypatch.setattr("detente.equilibrium.extensive_gradient.DENSE", 0)
    for game, one, slope in zip(games, traced, gradients, strict=True):
        two = solve_extensive(game, 3.0)
        assert two.certificate.reached_by == "annealed" and two.certificate.certified
        assert two.prob == pytest.approx(one.prob, abs=1e-8)
        other = gradient_extensive(two, game.leaf_payoff[:, 0])
        assert other.outcome_payoff == pytest.approx(slope.outcome_payoff, abs=1e-7)
    with pytest.raises(SolveError, match="too many for a trace"):
        solve_extensive(games[0], 3.0, trace=True)


def test_lapack_route_agrees_with_the_compiled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import detente.equilibrium.extensive_newton as n

    game = random_game(5)
    one = solve_extensive(game, 40.0)
    monkeypatch.setattr(n, "COMPILED", 0)
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


# --- certificates bite ---------------------------------------------------------------------------


def test_a_wrong_profile_is_not_certified() -> None:
    game = load("poker")
    solved = solve_extensive(game, 2.0)
    own = game.set_player[game.set_of_move] >= 0
    assert not certify_extensive(game, np.log(np.full(len(own), 0.5)), 2.0).certified
    assert not certify_extensive(game, solved.log_prob, 2.01).certified
    off = solved.log_prob + np.where(own, 1e-6, 0.0)
    assert "not probability" in certify_extensive(game, off, 2.0).note
    with pytest.raises(SolveError):
        certify_extensive(game, solved.log_prob[:-1], 2.0)
    with pytest.raises(SolveError):
        certify_extensive(game, solved.log_prob, -1.0)


def test_a_failed_search_is_printed_but_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.equilibrium.extensive_branch.STEPS", 2)
    monkeypatch.setattr(room._Work, "newton", lambda *_: None)
    room_of_newton = "detente.equilibrium.extensive_newton.newton"
    monkeypatch.setattr(room_of_newton, lambda a, y, *_: (False, y, 0))
    certificate = solve_extensive(random_game(0), 40.0).certificate
    assert not certificate.certified and "lost" in certificate.note
    assert certificate.reached_by != "traced"


def brute_nash_conv(game: ExtensiveGame, prob: np.ndarray) -> float:
    """NashConv by trying every pure strategy of every player."""
    from itertools import product

    own = game.set_player[game.set_of_move]

    def payoff(p: np.ndarray, i: int) -> float:
        reach = np.ones(game.n_nodes)
        for k in range(1, game.n_nodes):
            reach[k] = reach[game.parent[k]] * p[game.move[k]]
        return float(reach[game.leaves] @ game.leaf_payoff[:, i])

    gain = 0.0
    base = np.where(own >= 0, prob, game.chance)
    for i in range(game.n_players):
        sets = game.player_sets(i)
        menus = [range(int(game.set_first[h]), int(game.set_first[h + 1])) for h in sets]
        best = -math.inf
        for choice in product(*menus):
            p = np.where(own == i, 0.0, base)
            p[list(choice)] = 1.0
            best = max(best, payoff(p, i))
        gain += best - payoff(base, i)
    return gain


@pytest.mark.parametrize("name", ["poker", "crisis", "everything", "centipede"])
def test_nash_conv_against_all_pure_strategies(name: str) -> None:
    game = load(name)
    rng = np.random.default_rng(1)
    for _ in range(5):
        prob = np.concatenate([
            rng.dirichlet(np.ones(k)) for k in np.diff(game.set_first)
        ])
        assert extensive_nash_conv(game, prob) == pytest.approx(
            brute_nash_conv(game, prob), abs=1e-12
        )


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
    monkeypatch.setattr("detente.equilibrium.extensive_gradient.SINGULAR", 1.0)
    solved = solve_extensive(load("poker"), 1.0)
    with pytest.raises(SolveError, match="fold"):
        gradient_extensive(solved, np.ones(len(solved.game.leaves)))
    with pytest.raises(SolveError, match="weights"):
        gradient_extensive(solved, np.ones(2))


# --- public trees spelt out ----------------------------------------------------------------------


def rich_tree() -> Any:
    return tree(
        {"A": {"tough": 0.3, "weak": 0.7}, "B": {"x": 0.5, "y": 0.25, "z": 0.25}, "M": 1},
        chance({
            "calm": (0.6, decide("A", {
                "stay": end("peace", B=1),
                "go": chance_by_type("B", {
                    "ready": ({"x": 0.9, "y": 0.5, "z": 0.1}, decide("B", {
                        "yield": end("won", A=1),
                        "fight": end("war", A={"tough": 0.1, "weak": -1.5},
                                     B={"x": 0.3, "y": -0.2, "z": -0.8}),
                    }, {"yield": 3, "fight": 1})),
                    "late": ({"x": 0.1, "y": 0.5, "z": 0.9}, decide("M", {
                        "help": end("deal", A=0.5, B=0.5, M=0.2), "wait": end("war", A=-0.3)})),
                })})),
            "storm": (0.4, together({"A": ["up", "down"], "B": ["left", "mid", "right"]}, {
                (a, b): end(f"{a}{b}", A=float(i), B=float((2 * i + j) % 3))
                for i, a in enumerate(("up", "down"))
                for j, b in enumerate(("left", "mid", "right"))
            })),
        }),
    )


def test_a_spelt_out_tree_has_the_shape_of_its_public_tree() -> None:
    public = rich_tree()
    game = to_extensive(public, "all of it")
    assert game.forgetful_set() is None
    assert game.n_information_sets == public.n_information_sets
    copy = parse_efg(format_efg(game))
    assert copy.n_nodes == game.n_nodes and copy.move_label == game.move_label
    assert copy.chance == pytest.approx(game.chance, abs=1e-15)
    total = to_extensive(tree({"A": {"a": 0.5, "b": 0.5}}, end("now", A=[1.0, 2.0])))
    assert total.leaf_payoff[:, 0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("lam", [0.0, 1.0, 5.0])
def test_public_solver_and_this_one_agree(lam: float) -> None:
    from detente.equilibrium import solve

    public = rich_tree()
    expected = solve(public, lam).outcomes()
    found = solve_extensive(to_extensive(public), lam).outcomes()
    assert found == pytest.approx(expected, abs=1e-8)


def test_trees_that_cannot_be_spelt_out() -> None:
    unlike = tree({"A": {"a": 0.5, "b": 0.5}, "B": 1}, decide("A", {"l": end("l"), "r": end("r")}),
                  {"B": {"A": [0.9, 0.1]}})
    with pytest.raises(InputError, match="unlike priors"):
        to_extensive(unlike)
    types = dict.fromkeys(map(str, range(1000)), 1e-3)
    with pytest.raises(SizeError, match="combinations of types"):
        to_extensive(tree({"A": types, "B": types}, decide("A", {"l": end("l"), "r": end("r")})))
