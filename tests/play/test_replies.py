"""A person's precision: the exact reply, its likelihood, and the coverage of the interval."""

from __future__ import annotations

import numpy as np
import pytest

from detente.play.board import Board
from detente.play.replies import FEWEST, Precision, grid, interval, likelihood, reply
from tests.play.games import NINE, interdependent, small


@pytest.mark.parametrize("case", NINE)
def test_the_reply_at_the_equilibrium_precision_is_the_equilibrium(case) -> None:
    """A logit equilibrium is a logit reply to itself."""
    board = Board.of_case(case)
    for i, t in ((0, 0), (1, board.tree.n_types[1] - 1)):
        found = reply(board, i, t, np.array([board.lam]))
        own = np.flatnonzero(board.tree.mover[np.maximum(board.tree.parent, 0)] == i)
        own = own[own > 0]
        if len(own):
            assert np.abs(found.pi[own, 0] - board.fallible.pi[own, t]).max() < 1e-9
        for node, mix in found.joint.items():
            seat = board.tree.joints[node].players.index(i)
            assert np.abs(mix[:, 0] - board.fallible.joint_pi[node][seat][:, t]).max() < 1e-9
        assert len(own) or found.joint
        assert found.value[0, 0] == pytest.approx(board.profile.value[i][0, t], abs=1e-9)


@pytest.mark.parametrize("make", [small, interdependent])
def test_the_reply_in_small_trees_with_every_kind_of_node(make) -> None:
    board = Board(make(2), lam=0.7)
    assert board.fallible.certificate.certified
    found = reply(board, 0, 1, np.array([0.7]))
    for node in range(board.tree.n_nodes):
        if board.acts(node, 0):
            kids = board.tree.children(node)
            mine = found.joint[node][:, 0] if node in found.joint else found.pi[
                kids.start:kids.stop, 0]
            assert np.abs(mine - board.advice(node, 0, 1)).max() < 1e-8


def test_the_ends_of_the_grid_are_habit_and_best_reply() -> None:
    board = Board.of_case("cuba-1962")
    found = reply(board, 0, 0, np.array([0.0, 1e5]))
    kids = board.tree.children(0)
    assert np.abs(found.pi[kids.start:kids.stop, 0] - board.habits(0, 0)).max() < 1e-12
    best = found.pi[kids.start:kids.stop, 1]
    assert best.max() == pytest.approx(1, abs=1e-12)
    assert best.argmax() == found.value[kids.start:kids.stop, 1].argmax()


def test_no_figure_after_one_game() -> None:
    lambdas = np.geomspace(1, 100, 41)
    assert all(interval(lambdas, np.zeros(41), n) is None for n in range(FEWEST))
    flat = interval(lambdas, np.zeros(41), FEWEST)
    assert flat is not None and flat.high / flat.low > 50  # 90 % of a factor of 112 in logarithms


def play(board: Board, player: int, truth: float, games: int, rng: np.random.Generator) -> (
        Precision | None):
    """Simulate a person of a precision, the others by the equilibrium; return its interval."""
    tree, lambdas = board.tree, grid(board)
    total = np.zeros(len(lambdas))
    known = [reply(board, player, t, lambdas) for t in range(tree.n_types[player])]
    exact = [reply(board, player, t, np.array([truth])) for t in range(tree.n_types[player])]
    for _ in range(games):
        types = [rng.choice(n, p=p) for n, p in zip(tree.n_types, tree.prior, strict=True)]
        node, made = 0, []
        while not board.over(node):
            mover, kids = int(tree.mover[node]), tree.children(node)
            if mover == player:
                odds = exact[types[player]].pi[kids.start:kids.stop, 0]
            elif mover >= 0:
                odds = board.fallible.pi[kids.start:kids.stop, types[mover]]
            else:
                odds = board.chances(node, dict(enumerate(types)))
            node = kids.start + int(rng.choice(len(kids), p=odds / odds.sum()))
            made.append(node)
        total += likelihood(board, player, types[player], made, lambdas, known[types[player]])
    return interval(lambdas, total, games)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Truths drawn from the prior: 90 % of the intervals hold them, by Bayes' rule exactly.

    Of 150 the count has the mean 135 and the standard deviation 3.7; the bounds are 4 of them.
    The widths shrink as measured before: a factor of 4 to 7 after five games, 2 to 4 after twenty.
    """
    board = Board.of_case("fashoda-1898")
    rng = np.random.default_rng(1898)
    inside = below = 0
    for _ in range(150):
        truth = float(np.exp(rng.uniform(np.log(0.5), np.log(200))))
        found = play(board, 0, truth, 8, rng)
        assert found is not None
        inside += found.low <= truth <= found.high
        below += truth < found.middle
    assert 120 <= inside <= 149
    assert 50 <= below <= 100  # the median divides the truths evenly: 75 with deviation 6.1


def test_the_interval_narrows_with_games() -> None:
    board = Board.of_case("fashoda-1898")
    width = {}
    for games in (5, 20, 80):
        found = [play(board, 0, 15.0, games, np.random.default_rng(s)) for s in range(8)]
        width[games] = float(np.median([f.high / f.low for f in found if f is not None]))
    assert width[5] > width[20] > width[80] > 1
    assert width[80] < 2.5
