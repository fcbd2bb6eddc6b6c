"""General games: closed forms, invariants, certificates that bite, public trees spelt out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.equilibrium.certificates.extensive import (
    certify_extensive,
    extensive_nash_conv,
    set_regrets,
)
from detente.equilibrium.general import solve as room
from detente.equilibrium.general.solve import solve_extensive
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


def tiny_game(paid: str) -> ExtensiveGame:
    return parse_efg(f'EFG 2 R "" {{ "A" "B" }} p "" 1 1 "" {{ "l" "r" }} 0 p "" 2 1 "" '
                     f'{{ "l" "r" }} 0 t "" 1 "" {{ {paid} -{paid} }} t "" 2 "" {{ 0 {paid} }} '
                     'p "" 2 1 0 t "" 2 t "" 1')


@pytest.mark.parametrize("paid", ["1e-200", "1e-300"])
def test_payoffs_too_small_to_tell_apart_leave_choice_at_random(paid: str) -> None:
    game = tiny_game(paid)
    solved = solve_extensive(game, 1e11)
    assert solved.certificate.certified and solved.prob.tolist() == [0.5] * 4
    # At 40 per stake, which is 2 of these units, the probabilities are those of the unit 1.
    sharp = solve_extensive(game, 20.0 / float(paid))
    assert sharp.certificate.certified
    assert sharp.prob == pytest.approx(solve_extensive(tiny_game("1"), 20.0).prob, abs=1e-12)


def test_a_stake_below_the_smallest_doubles_is_refused() -> None:
    with pytest.raises(InputError, match="differ by at most"):
        tiny_game("5e-324")


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
    monkeypatch.setattr("detente.equilibrium.general.branch.STEPS", 2)
    monkeypatch.setattr(room._Work, "newton", lambda *_: None)
    room_of_newton = "detente.equilibrium.general.newton.newton"
    monkeypatch.setattr(room_of_newton, lambda a, y, *_: (False, y, 0))
    certificate = solve_extensive(random_game(0), 40.0).certificate
    assert not certificate.certified and "failed" in certificate.note
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
    copy = parse_efg(format_efg(game, even=True))
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
    with pytest.raises(InputError, match="priors differ"):
        to_extensive(unlike)
    types = dict.fromkeys(map(str, range(1000)), 1e-3)
    with pytest.raises(SizeError, match="combinations of types"):
        to_extensive(tree({"A": types, "B": types}, decide("A", {"l": end("l"), "r": end("r")})))
