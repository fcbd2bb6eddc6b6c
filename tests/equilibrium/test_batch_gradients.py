"""Derivatives of a batch against those of its variants, solved and differentiated one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.equilibrium.test_batch import SHAPES, draws

from detente.equilibrium import gradient, solve, solve_batch
from detente.equilibrium.batch.derivatives import batch_gradients
from detente.errors import InputError, SolveError
from detente.game import PublicTree, decide, end, together, tree
from detente.game.numbers import Numbers


@pytest.mark.parametrize("shape", SHAPES)
def test_each_variant_has_its_own_derivatives(shape: str) -> None:
    games, numbers = draws(shape, 4)
    lams = np.array([2.0, 5.0, 8.0, 11.0])
    part = replace(numbers(slice(0, 4)), precision=lams)
    found = solve_batch(games[0], part.take, 4, lam=8.0)
    weights = np.random.default_rng(3).uniform(size=(len(games[0].leaves), 4))
    by = batch_gradients(games[0], part, found, weights)
    for k, game in enumerate(games):
        one = gradient(solve(game, float(lams[k])), weights[:, k])
        mine = by[k]
        assert mine is not None
        # Residuals are below 1e-9, and no draw is near a fold, which would magnify them.
        assert mine.probability == pytest.approx(one.probability, abs=1e-8)
        assert mine.lam == pytest.approx(one.lam, abs=1e-7)
        for i in range(game.n_players):
            np.testing.assert_allclose(mine.payoff[i], one.payoff[i], rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(mine.prior[i], one.prior[i], rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(mine.weight, one.weight, rtol=1e-6, atol=1e-7)


def test_simultaneous_moves() -> None:
    def game(cost: float) -> PublicTree:
        fight = end("war", a=[-cost, 0.2], b=-0.4)
        return tree({"a": {"weak": 0.5, "tough": 0.5}, "b": 1}, together(
            {"a": ["arm", "wait"], "b": ["arm", "wait"]},
            {("arm", "arm"): fight, ("arm", "wait"): end("gain", a=0.5, b=-0.2),
             ("wait", "arm"): end("loss", a=-0.2, b=0.5), ("wait", "wait"): end("peace", a=0.3)}))

    games = [game(c) for c in (0.1, 0.7)]
    part = Numbers.stack(games)
    weights = np.repeat(np.array([1.0, 0.0, 0.0, 0.0])[:, None], 2, axis=1)
    found = solve_batch(games[0], part.take, 2, lam=4.0)
    for one, mine in zip(games, batch_gradients(games[0], part, found, weights), strict=True):
        assert mine is not None
        alone = gradient(solve(one, 4.0), weights[:, 0])
        np.testing.assert_allclose(mine.payoff[0], alone.payoff[0], rtol=1e-6, atol=1e-8)


def test_part_of_a_batch() -> None:
    """Each variant's arithmetic is its own, so a part has the derivatives of the whole."""
    games, numbers = draws("two principals", 6)
    found = solve_batch(games[0], numbers, 6, lam=6.0)
    weights = np.ones((len(games[0].leaves), 6)) * games[0].outcome[:, None]
    whole = batch_gradients(games[0], numbers(slice(0, 6)), found, weights)
    part = batch_gradients(games[0], numbers(slice(2, 6)), found, weights[:, 2:], first=2)
    assert [x.lam for x in part if x] == [x.lam for x in whole[2:] if x] and len(part) == 4


def test_refusals_and_variants_that_are_not_certified() -> None:
    game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.5)}))
    part = Numbers.stack([game, game])
    found = solve_batch(game, part.take, 2, lam=3.0)
    with pytest.raises(InputError, match="leaf_weights"):
        batch_gradients(game, part, found, np.ones((3, 2)))
    with pytest.raises(SolveError, match="only for the fallible model"):
        batch_gradients(game, part, replace(found, reading="deliberate"), np.ones((2, 2)))
    less = replace(found, certified=np.array([True, False]))
    by = batch_gradients(game, part, less, np.ones((2, 2)))
    assert by[0] is not None and by[1] is None
