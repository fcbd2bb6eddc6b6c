"""The debrief: the identity, the value of moves, beliefs and their scores."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from detente.game import decide, end, tree
from detente.play.beliefs import question, score
from detente.play.board import Board
from detente.play.debrief import account, accounts, standings
from detente.play.record import Record
from detente.play.replies import grid, interval, likelihood
from detente.play.report import class_sections, game_section
from detente.play.seats import person
from detente.play.table import Table
from detente.render.numbers import percent
from tests.play.games import NINE, interdependent, route, small


def record(board: Board, leaf: int, types: dict[str, int]) -> Record:
    return Record("a log", {"seats": {}, "case": ""}, tuple(route(board.tree, leaf)), types, 0)


def paid(board: Board, leaf: int, actor: str, types: dict[str, int]) -> float:
    """The payoff straight from the tree's arrays."""
    game, z, i = board.tree, board.tree.leaves.searchsorted(leaf), board.player(actor)
    if game.joint_payoff is not None:
        return float(game.joint_payoff[i][z, types["a"], types["b"]])
    return float(game.payoff[i][z, types[actor]])


@pytest.mark.parametrize("make", [small, interdependent])
@pytest.mark.parametrize("seed", range(4))
def test_the_identity_holds_at_every_leaf_and_type(make, seed) -> None:
    """payoff - V(root) = own + others + chance (+ types), to rounding."""
    board = Board(make(seed), lam=1.0)
    parts = set()
    for leaf, s, t in product(board.tree.leaves.tolist(), range(2), range(2)):
        types = {"a": s, "b": t}
        for actor in "ab":
            found = account(board, record(board, leaf, types), actor)
            assert found.payoff == pytest.approx(paid(board, leaf, actor, types), abs=1e-12)
            gap = found.payoff - found.expected - found.decision - found.luck
            assert abs(gap) < 1e-12
            parts |= {m.part for m in found.moments}
            assert all(m.cost >= 0 for m in found.own)
    assert "own" in parts and "others" in parts
    assert ("types" in parts) == (make is interdependent)


@pytest.mark.parametrize("case", NINE)
def test_the_identity_holds_in_plays_of_the_shipped_cases(case) -> None:
    board = Board.of_case(case)
    for seed in range(6):
        table = Table(board, {}, seed=seed)
        table.close()
        for actor in board.tree.players:
            found = account(board, table.log.record(board), actor)
            assert found.payoff == table.payoff(actor)
            assert abs(found.payoff - found.expected - found.decision - found.luck) < 1e-12


def test_decisions_and_luck_of_a_simultaneous_choice_are_told_apart() -> None:
    """Matching pennies, both even: the own choice changes nothing, the other's changes +-1."""
    from detente.game import together

    game = tree({"a": 1, "b": 1}, together({"a": "ht", "b": "ht"}, {
        (x, y): end("end", a=1 if x == y else -1, b=-1 if x == y else 1)
        for x in "ht" for y in "ht"}))
    board = Board(game, lam=1.0)
    found = account(board, record(board, 1, {"a": 0, "b": 0}), "a")
    assert [m.part for m in found.moments] == ["own", "others"]
    assert found.decision == pytest.approx(0, abs=1e-9)
    assert found.luck == pytest.approx(1, abs=1e-9)
    assert found.cost == pytest.approx(0, abs=1e-9)


def test_the_cost_of_a_blunder_by_hand() -> None:
    """One decision, payoffs 1 and 0 at lambda log 3: V(root) is 3/4; the worse move costs 1."""
    board = Board(tree({"a": 1}, decide("a", {"good": end("x", a=1), "bad": end("y")})),
                  lam=float(np.log(3)))
    found = account(board, record(board, 2, {"a": 0}), "a")
    assert found.expected == pytest.approx(0.75, abs=1e-12)
    assert found.decision == pytest.approx(-0.75, abs=1e-12)
    assert found.cost == pytest.approx(1.0, abs=1e-12)
    assert found.own[0].best == "good" and dict(found.own[0].advised)["good"] == pytest.approx(0.75)


def test_mean_luck_is_zero_and_mean_decision_too_if_the_equilibrium_plays() -> None:
    """Both are martingale differences by the player's own prior; the exact mean over all leaves."""
    board = Board(small(3), lam=1.0)
    game, profile = board.tree, board.profile
    for actor in "ab":
        sums = np.zeros(2)
        for s, t in product(range(2), range(2)):
            weight = game.prior[0][s] * game.prior[1][t]
            for leaf in game.leaves.tolist():
                p = weight
                for node, child, _ in route(game, leaf):
                    mover = int(game.mover[node])
                    if mover >= 0:
                        p *= profile.pi[child, (s, t)[mover]]
                    elif node in game.joints:
                        for k, i in enumerate(game.joints[node].players):
                            p *= profile.joint_pi[node][k][board.choice(child, i), (s, t)[i]]
                    else:
                        kids = game.children(node)
                        p *= board.chances(node, {0: s, 1: t})[child - kids.start]
                found = account(board, record(board, leaf, {"a": s, "b": t}), actor)
                sums += p * np.array([found.decision, found.luck])
        assert np.abs(sums).max() < 1e-12


def test_sealed_types_give_no_debrief() -> None:
    board = Board(small(0), lam=1.0)
    from dataclasses import replace

    from detente.errors import InputError

    sealed = replace(record(board, int(board.tree.leaves[0]), {}), types=None)
    with pytest.raises(InputError, match="sealed"):
        account(board, sealed, "a")


def test_the_excess_brier_score_is_the_expected_loss_against_bayes() -> None:
    """E[(p - X)^2] - E[(b - X)^2] = (p - b)^2 if X is 1 with probability b."""
    board = Board(tree({"a": {"weak": 0.3, "tough": 0.7}, "b": 1}, decide("a", {
        "x": end("x"), "y": decide("b", {"z": end("z"), "w": end("w", b=1)})})), lam=1.0)
    asked = question(board, "a")
    assert asked is not None and asked.holds.tolist() == [False, True]
    true, false = (score(board, asked, "b", 0, 0.4, t) for t in (1, 0))
    assert true.bayes == pytest.approx(0.7)
    mean = 0.7 * (true.brier - true.bayes_brier) + 0.3 * (false.brier - false.bayes_brier)
    assert mean == pytest.approx(true.excess) == pytest.approx(0.09)


def test_class_statistics_are_means_of_the_games() -> None:
    board = Board.of_case("cuba-1962")
    records = []
    for seed in range(6):
        table = Table(board, {"united_states": person("Ada")}, seed=seed)
        while not table.over:
            table.act("united_states", 0)
        table.close()
        records.append(table.log.record(board))
    found = accounts(board, records)
    one, = standings([board], [found])
    assert (one.person, one.games) == ("Ada", 6)
    assert one.payoff == pytest.approx(np.mean([a.payoff for a in found]))
    assert one.payoff == pytest.approx(one.expected + one.decision + one.others + one.chance)
    assert sum(one.outcomes.values()) == 6 and one.precision is not None
    assert standings([board], [found[:1]])[0].precision is None


def test_a_hyphen_in_a_title_stays_a_hyphen() -> None:
    """Only numbers take the minus sign."""
    board = Board.of_case("july-1914")
    table = Table(board, {}, seed=5)
    table.close()
    for actor in ("austria_hungary", "serbia"):
        section = game_section(board, account(board, table.log.record(board), actor))
        assert "Austria\N{MINUS SIGN}Hungary" not in str(section.lead) + section.title
    assert "Austria-Hungary" in game_section(
        board, account(board, table.log.record(board), "austria_hungary")).title


def test_the_debrief_shows_beliefs_along_the_way() -> None:
    """A row for each step after which the percentage differs from that before."""
    board = Board.of_case("cuba-1962")
    table = Table(board, {"soviet_union": person()}, seed=11)
    while not table.over:
        table.act("soviet_union", 0)
    table.close()
    found = account(board, table.log.record(board), "soviet_union")
    (_, p), = found.beliefs
    shown, = (t for t in game_section(board, found).tables if "Beliefs" in t.title)
    assert len(p) == len(table.steps) + 1
    assert [row[1] for row in shown.rows] == [p[0], *(
        b for a, b in pairwise(p) if percent(a) != percent(b)), p[-1]]


def test_games_are_counted_once_however_many_persons_play() -> None:
    board = Board.of_case("order-2020")
    records = []
    for seed in range(3):
        table = Table(board, dict.fromkeys(board.tree.players, person()), seed=seed)
        while not table.over:
            table.act(table.waiting[0], 0)
        table.close()
        records.append(table.log.record(board))
    found = [accounts(board, records)]
    section, = class_sections(standings([board], found), len(records))
    assert str(section.lead).startswith("3 games of 2 persons")


def test_a_belief_about_another_statement_is_not_scored() -> None:
    """The score is that of the statement that was asked about, not of any other words."""
    board = Board(tree({"a": 1, "b": {"weak": 0.5, "tough": 0.5}}, decide("a", {
        "in": decide("b", {"x": end("x", a=1), "y": end("y", b=1)}), "out": end("z")})), lam=1.0)
    table = Table(board, {"a": person()}, seed=1)
    table.believe("a", "b", "type is weak", 0.9)
    table.believe("a", "b", "type is tough", 0.2)
    table.act("a", "out")
    table.close()
    scored, = account(board, table.log.record(board), "a").scored
    assert (scored.statement, scored.stated) == ("type is tough", 0.2)


@pytest.mark.parametrize("seed", range(4))
def test_a_move_that_a_facilitator_put_is_no_decision_of_the_player(seed) -> None:
    """Every step of both players is put, so all is luck, and no move says anything of lambda."""
    board = Board(small(seed), lam=1.0)
    table = Table(board, {"a": person(), "b": person()}, seed=seed, paused=True)
    while not table.over:
        if table.waiting:
            name = table.waiting[0]
            table.put(table.legal(name)[0].deed(), name)
        else:
            table.step()
    table.close()
    for name in "ab":
        found = account(board, table.log.record(board), name)
        assert found.own == () and found.decision == 0 == found.cost
        assert abs(found.payoff - found.expected - found.luck) < 1e-12
        assert standings([board], [[found] * 6])[0].precision is None


def test_games_of_two_cases_make_one_precision() -> None:
    """The likelihoods of a person's moves multiply over the cases, per unit of the stake."""
    boards = [Board.of_case("fashoda-1898"), Board.of_case("cuba-1962")]
    found = []
    for board in boards:
        records = []
        for seed in range(3):
            table = Table(board, {board.principals[0]: person("Ada")}, seed=seed)
            while not table.over:
                table.act(board.principals[0], 0)
            table.close()
            records.append(table.log.record(board))
        found.append(accounts(board, records))
    one, = standings(boards, found)
    lambdas = grid(boards[0]) * boards[0].stake
    total = sum(
        likelihood(board, board.player(a.actor), a.type, [m.child for m in a.own],
                   lambdas / board.stake)
        for board, each in zip(boards, found, strict=True) for a in each)
    assert (one.games, one.precision) == (6, interval(lambdas, total, 6))
    assert one.payoff == pytest.approx(np.mean([a.payoff for each in found for a in each]))
    assert standings(boards[:1], found[:1])[0].precision is None  # three games are too few
