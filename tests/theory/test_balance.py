"""The process of balance: its equation, its end, and numbers that follow by hand."""

from itertools import combinations

import numpy as np
import pytest

from detente.theory import load
from detente.theory.marvel import matrix, ties_at


def symmetric(n, seed):
    a = np.random.default_rng(seed).normal(size=(n, n))
    return (a + a.T) / 2


@pytest.mark.parametrize("seed", range(5))
def test_the_closed_form_solves_the_equation(seed):
    """Central differences; their error is a sixth of the third derivative times the step squared.

    The third derivative is 6 X^4 and X stays below 2 |X0| up to half the time, so the bound is
    16 |X0|^4 h^2, and rounding adds less than 1e-9.
    """
    first = symmetric(5, seed)
    size, h = np.linalg.norm(first, 2), 1e-5
    t = 0.5 / size
    slope = (ties_at(first, t + h) - ties_at(first, t - h)) / (2 * h)
    X = ties_at(first, t)
    assert np.abs(slope - X @ X).max() < 16 * size**4 * h**2 + 1e-9
    assert (ties_at(first, 0) == first).all()


@pytest.mark.parametrize("seed", range(10))
def test_the_end_is_two_blocs(seed):
    """Shortly before t* every triangle is balanced."""
    first = symmetric(8, seed)
    X = ties_at(first, (1 - 1e-9) / np.linalg.eigvalsh(first)[-1])
    for i, j, k in combinations(range(8), 3):
        assert X[i, j] * X[j, k] * X[i, k] > 0


def test_numbers_by_hand():
    """One tie x: eigenvalues x, -x, 0. Ties 1, 1, 1: eigenvalues 2, -1, -1, v = (1, 1, 1)/3^.5."""
    model = load("marvel-2011")
    one = model.closed_form(xAB=-0.25, xAC=0, xBC=0)
    assert one["time"] == pytest.approx(4, abs=1e-12)
    assert one["AB"] == pytest.approx(-0.5, abs=1e-12)
    assert one["AC"] == pytest.approx(0, abs=1e-12)
    three = model.solver(xAB=1, xAC=1, xBC=1).values
    assert three["time"] == pytest.approx(0.5, abs=1e-9)
    assert [three[k] for k in ("AB", "AC", "BC")] == pytest.approx([1 / 3] * 3, abs=1e-9)


def test_turning_a_state_round_turns_its_ties():
    """Switching: minus signs on the ties of one state leave the time and turn its last ties."""
    model = load("marvel-2011")
    plain = model.closed_form(xAB=0.5, xAC=0.3, xBC=-0.2)
    turned = model.closed_form(xAB=-0.5, xAC=-0.3, xBC=-0.2)
    assert turned["time"] == pytest.approx(plain["time"], rel=1e-12)
    assert [turned[k] for k in ("AB", "AC", "BC")] == pytest.approx(
        [-plain["AB"], -plain["AC"], plain["BC"]], abs=1e-12)
    assert np.trace(matrix(1, 2, 3)) == 0
