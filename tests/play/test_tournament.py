"""Tournaments: exact tables against brute force and the solver, simulation against the tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from detente.errors import InputError, SolveError
from detente.game import JOINT
from detente.play.board import Board
from detente.play.chart import pairs_chart
from detente.play.strategies import load, register, registry, unregister
from detente.play.strategies.base import Mixes, Strategy, Turn, mixes
from detente.play.tournament import exact, simulate, tournament
from tests.play.games import NINE, interdependent, route, small

TABLES = [n for n, s in registry().items() if not s.memory]


def by_hand(board: Board, tables: dict[int, Mixes]) -> np.ndarray:
    """Mean payoffs of two players: every leaf, every pair of types, step by step."""
    game = board.tree
    out = np.zeros(2)
    for leaf, s, t in product(game.leaves.tolist(), range(2), range(2)):
        p = game.prior[0][s] * game.prior[1][t]
        for node, child, _ in route(game, leaf):
            mover = int(game.mover[node])
            if mover == JOINT:
                for i in game.joints[node].players:
                    p *= tables[i].joint[node][board.choice(child, i), (s, t)[i]]
            elif mover >= 0:
                p *= tables[mover].pi[child, (s, t)[mover]]
            else:
                p *= board.chances(node, {0: s, 1: t})[child - game.children(node).start]
        z = game.leaves.searchsorted(leaf)
        for i in range(2):
            out[i] += p * (game.payoff[i][z, (s, t)[i]] if game.joint_payoff is None else
                           game.joint_payoff[i][z, s, t])
    return out


@pytest.mark.parametrize("make", [small, interdependent])
@pytest.mark.parametrize("seed", range(3))
def test_exact_tables_equal_a_sum_over_all_plays(make, seed) -> None:
    board = Board(make(seed), lam=1.0)
    names = ["equilibrium", "random", "habit", "tit for tat"]
    each = [[mixes(board, p, load(n)()) for n in names] for p in (0, 1)]
    (one, two), _ = exact(board, (0, 1), each)
    for i, j in product(range(len(names)), repeat=2):
        want = by_hand(board, {0: each[0][i], 1: each[1][j]})
        assert [one[i, j], two[i, j]] == pytest.approx(want, abs=1e-12)


@pytest.mark.parametrize("case", NINE)
@pytest.mark.parametrize("reading", ["equilibrium", "deliberate"])
def test_equilibrium_against_itself_is_the_solvers_value(case, reading) -> None:
    """By the analyst's priors; a player with its own prior about the others may expect more."""
    board = Board.of_case(case)
    found = tournament(board, ["equilibrium", reading])
    k = len(found.names) - 1
    solved = board.fallible if reading == "equilibrium" else board.deliberate
    third = [p for p in board.tree.players if p not in found.seats]
    if board.tree.observer_prior is not None or (third and reading == "deliberate"):
        return  # covered below by simulation and by the fallible reading
    for seat, name in enumerate(found.seats):
        i = board.player(name)
        want = float(board.tree.prior[i] @ solved.value[i][0])
        assert found.payoff[seat, k, k] == pytest.approx(want, abs=1e-9)
    war = sum(p for o, p in solved.outcomes().items() if o in board.tree.wars)
    assert found.war[k, k] == pytest.approx(war, abs=1e-9)
    assert found.exact.all() and found.certified


@pytest.mark.parametrize("case", [
    "cuba-1962", "order-2020", pytest.param("caucasus-2025", marks=pytest.mark.slow),
    pytest.param("istanbul-2025", marks=pytest.mark.slow)])
def test_simulated_games_agree_with_the_exact_table(case) -> None:
    """The mean of 2,000 games lies within 4.5 standard errors of the exact mean."""
    board = Board.of_case(case)
    tree = board.tree
    pair = tuple(board.player(p) for p in board.principals[:2])
    for names in (("habit", "equilibrium"), ("equilibrium", "random")):
        tables = {i: mixes(board, i, load("equilibrium")()) for i in range(tree.n_players)}
        tables |= {p: mixes(board, p, load(n)()) for p, n in zip(pair, names, strict=True)}
        (one, two), war = exact(board, pair, [[tables[p]] for p in pair])
        paid, fought = simulate(board, dict(tables), 2000, seed=5)
        for p, want in zip(pair, (one[0, 0], two[0, 0]), strict=True):
            error = paid[:, p].std() / np.sqrt(2000)
            assert abs(paid[:, p].mean() - want) < 4.5 * error + 1e-12
        assert abs(fought.mean() - war[0, 0]) < 4.5 * np.sqrt(
            max(war[0, 0] * (1 - war[0, 0]), 1e-6) / 2000)


def test_no_strategy_beats_the_best_reply_and_the_equilibrium_is_nearly_one() -> None:
    """Against the deliberate equilibrium no strategy does better than its best reply."""
    board = Board.of_case("cuba-1962")
    found = tournament(board, TABLES)
    k = found.names.index("deliberate")
    gain = board.deliberate.certificate.nash_conv
    assert (found.payoff[0, :, k] <= found.payoff[0, k, k] + gain + 0.02).all()
    assert (found.payoff[1, k, :] <= found.payoff[1, k, k] + gain + 0.02).all()


def test_the_cuban_ranking_is_that_of_the_first_version() -> None:
    """The first seat's means then: equilibrium .252, dealer .222, hawk -.244, dove -.485.

    The case has other terms since, so that the order is compared and not the figures.
    """
    board = Board.of_case("cuba-1962")
    found = tournament(board, TABLES)
    mean = dict(zip(found.names, found.means(0).tolist(), strict=True))
    assert mean["dove"] < mean["hawk"] < 0 < min(mean["equilibrium"], mean["dealer"])
    assert found.wars(0)[found.names.index("hawk")] > 0.5
    assert found.wars(0)[found.names.index("dove")] == 0


def test_a_bluffer_with_one_type_is_the_equilibrium() -> None:
    """With nothing to bluff about it mixes as the equilibrium, within its own interval."""
    board = Board.of_case("july-1914")
    third = {i: mixes(board, i, load("equilibrium")()) for i in range(board.tree.n_players)}
    i = board.player("britain")
    assert board.tree.n_types[i] == 1
    bluffer = load("bluffer")()
    bluffer.begin(np.random.default_rng(0))
    for node in np.flatnonzero(board.tree.mover == i)[:5].tolist():
        turn = Turn(board, node, i, 0, board.acts(node, i))
        kids = board.tree.children(node)
        assert bluffer.probabilities(turn) == pytest.approx(
            third[i].pi[kids.start:kids.stop, 0], abs=1e-12)


def test_a_bluffer_plays_its_most_resolute_type_in_half_of_its_games() -> None:
    """Its mean is then the mean of two tables, which are exact."""
    board = Board.of_case("cuba-1962")
    own = mixes(board, 0, load("equilibrium")())
    bold = Mixes(np.repeat(board.fallible.pi[:, :1], 2, axis=1), {})  # type 0 has the low cost
    bold.pi[0] = 1
    other = mixes(board, 1, load("equilibrium")())
    (one, _), _ = exact(board, (0, 1), [[own, bold], [other]])
    want = one[:, 0].mean()
    paid, _ = simulate(board, {0: load("bluffer"), 1: other}, 2000, seed=1)
    assert abs(paid[:, 0].mean() - want) < 4.5 * paid[:, 0].std() / np.sqrt(2000)


def test_the_interval_of_a_simulated_pair_holds_at_its_rate() -> None:
    """90 % intervals of 60 independent runs: 54 on average, deviation 2.3."""
    board = Board.of_case("fashoda-1898")
    tables = {p: mixes(board, p, load("habit")()) for p in (0, 1)}
    (one, _), _ = exact(board, (0, 1), [[tables[0]], [tables[1]]])
    inside = 0
    for seed in range(60):
        paid, _ = simulate(board, dict(tables), 200, seed=seed)
        half = 1.6449 * paid[:, 0].std(ddof=1) / np.sqrt(200)
        inside += abs(paid[:, 0].mean() - one[0, 0]) <= half
    assert 44 <= inside <= 60


def test_strategies_do_what_their_rule_says() -> None:
    board = Board.of_case("cuba-1962")
    acts = board.acts(0, 0)

    def chosen(name: str, node: int = 0, player: int = 0) -> set[str]:
        turn = Turn(board, node, player, 0, board.acts(node, player))
        p = load(name)().probabilities(turn)
        return {turn.acts[k].deed() for k in np.flatnonzero(p)}

    assert chosen("hawk") == {"escalate to general alert"}
    assert chosen("ladder climber") == {"escalate to general alert"}
    assert chosen("dove") == {"yield"}
    assert chosen("dealer") == {"offer withdrawal alone"} == chosen("tit for tat")
    assert chosen("random") == {a.deed() for a in acts} == chosen("habit")
    from detente.game.place import children_named

    alert, = children_named(board.tree, 0, "escalate general alert", "united_states")
    quiet, = children_named(board.tree, alert, "no accident")
    assert chosen("tit for tat", quiet, 1) == {"escalate to quarantine"}
    offer, = children_named(board.tree, 0, "offer open trade", "united_states")
    offered, = children_named(board.tree, offer, "no accident")
    assert chosen("dove", offered, 1) == {"accept"} == chosen("dealer", offered, 1)


def test_tit_for_tat_repeats_the_other_course_in_a_game_without_turns() -> None:
    board = Board.of_case("order-2020")
    node = next(n for n in sorted(board.tree.joints) if board.tree.history(n)
                and any(getattr(m, "acts", ()) for m in board.tree.history(n)))
    last = [a for m in board.tree.history(node) for a in getattr(m, "acts", ())]
    course = [a for a in last if a.actor == "east_bloc"][-1].verb
    turn = Turn(board, node, 0, 0, board.acts(node, 0))
    p = load("tit for tat")().probabilities(turn)
    assert turn.acts[int(p.argmax())].verb == course and p.max() == 1


def test_a_strategy_from_outside_takes_part_and_a_wrong_one_is_refused() -> None:
    class Sleeper(Strategy):
        name = "sleeper"
        about = "does nothing it can avoid"

        def mix(self, turn: Turn) -> list[float]:
            return turn.only(len(turn.acts) - 1)

    board = Board.of_case("fashoda-1898")
    register(Sleeper)
    try:
        assert "sleeper" in tournament(board, ["sleeper", "dove"]).names
        with pytest.raises(ValueError, match="already"):
            register(type("Other", (Sleeper,), {"name": "hawk"}))
    finally:
        unregister("sleeper")
    with pytest.raises(InputError, match=r"no strategy 'sleper'|no strategy"):
        tournament(board, ["sleper"])

    class Wrong(Sleeper):
        def mix(self, turn: Turn) -> list[float]:
            return [0.0] * len(turn.acts)

    with pytest.raises(SolveError, match="not all of them 0"):
        mixes(board, 0, Wrong())


def test_the_chart_shows_every_pair_with_its_number() -> None:
    board = Board.of_case("fashoda-1898")
    found = tournament(board, ["hawk", "dove", "random"])
    chart = pairs_chart(found.rows(), title="Mean payoff", first="Britain", second="France",
                        key="payoff_first")
    shown = chart.to_svg()
    for i, j in product(range(3), repeat=2):
        assert f"{found.payoff[0, i, j]:.2f}".replace("-", "\N{MINUS SIGN}") in shown
    assert "strategy of Britain" in shown and "mean payoff" in shown
    chart.to_altair().to_dict()  # validated against the schema of Vega-Lite
