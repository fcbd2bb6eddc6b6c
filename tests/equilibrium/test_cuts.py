"""Sweeps in parts against whole ones, kernels' exp against libm, steps that must give up."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import system
from detente.equilibrium.kernels import views
from detente.equilibrium.kernels.cuts import cut_tree
from detente.equilibrium.methods.extragradient import extragradient
from detente.equilibrium.methods.newton import newton, relax
from detente.equilibrium.methods.norms import gap, spread_exp
from detente.errors import SizeError
from detente.game import PublicTree, decide, end, tree

GAMES: list[dict[str, Any]] = [
    {"seed": 3, "offers": 5, "turns": 2, "types": 5},
    {"seed": 4, "offers": 3, "turns": 2, "types": 9, "ratification": True},
    {"seed": 5, "offers": 2, "turns": 2, "types": 3, "third": 2},
]


def sweep(game: PublicTree) -> tuple[bool, list[NDArray[np.float64]]]:
    """One evaluation, one tangent and one adjoint of the game's equations."""
    sweeps = Sweeps(game)
    equations = system(sweeps)
    x = equations.pack(sweeps.uniform())
    d = np.random.default_rng(1).normal(size=equations.size)
    found = [equations.evaluate(x, 7.0), equations.tangent(d, 0.3), equations.adjoint(d)]
    return sweeps.views[0].cut is not None, found


@pytest.mark.parametrize("shape", GAMES)
def test_parts_give_what_the_whole_gives(
    monkeypatch: pytest.MonkeyPatch, shape: dict[str, Any]
) -> None:
    cut, whole = sweep(random_crisis(**shape))
    assert not cut
    monkeypatch.setattr(views, "cut_tree", partial(cut_tree, large=100))
    cut, parts = sweep(random_crisis(**shape))  # a new tree: nothing remembered
    assert cut
    for a, b in zip(whole, parts, strict=True):
        # Every node's arithmetic is the same; the adjoint adds up in another order.
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-13)


def test_a_cut_keeps_parents_before_children_and_parts_apart() -> None:
    game = random_crisis(3, offers=5, turns=2, types=2)
    cut = cut_tree(game, large=100)
    assert cut is not None
    place = np.full(game.n_nodes, -1)
    place[cut.inner] = np.arange(len(cut.inner))
    part = np.searchsorted(cut.bounds, place, side="right")
    for n in cut.inner[cut.inner > 0].tolist():
        up = int(game.parent[n])
        assert place[up] < place[n]
        assert part[up] in (0, part[n])
    assert min(np.diff((0, *cut.bounds))) > 0


def test_too_many_types_are_refused_by_number() -> None:
    many = {str(t): 1.0 / 3000 for t in range(3000)}
    game = tree({"a": many}, decide("a", {"x": end("x"), "y": end("y", a=1)}))
    with pytest.raises(SizeError, match="3,000 types"):
        solve(game, 1.0)


def test_exp_is_within_two_units_in_the_last_place() -> None:
    x = np.concatenate([-np.logspace(-12, math.log10(700), 4001), [0.0, -0.5, -700.0]])
    index = np.random.default_rng(0).permutation(len(x))
    q = np.zeros(len(x))
    spread_exp(x, index, q)
    exact = np.array([math.exp(v) for v in x])  # libm: within one unit
    np.testing.assert_array_less(np.abs(q[index] - exact), 3 * np.spacing(exact))


def test_a_length_shows_what_is_not_a_number() -> None:
    x, out = np.zeros(5), np.empty(5)
    largest, length = gap(np.array([0.0, -3.0, 4.0, 0.0, 0.0]), x, out)
    assert (largest, length) == (4.0, 5.0)
    assert gap(np.array([0.0, np.nan, 1.0, 0.0, 0.0]), x, out) == (math.inf, math.inf)


def test_steps_end_where_play_cannot_be_worked_out() -> None:
    class Cliff:
        """Defined at its start and nowhere else."""

        ceiling = math.inf

        def evaluate(self, x: NDArray[np.float64], lam: float) -> NDArray[np.float64]:
            return np.where(x == 0.0, 1.0, np.nan)

        def tangent(self, dx: NDArray[np.float64], dlam: float = 0.0) -> NDArray[np.float64]:
            return dx * 2.0

    for point in (extragradient(Cliff(), np.zeros(3), 1.0), newton(Cliff(), np.zeros(3), 1.0),
                  relax(Cliff(), np.zeros(3), 1.0)):
        assert not point.ok and point.residual == 1.0 and (point.x == 0.0).all()
