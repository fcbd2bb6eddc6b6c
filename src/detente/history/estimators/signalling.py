"""The crisis signalling game of [lewis-schultz-2003]: best replies and all equilibria.

A keeps the status quo (S_A, 0) or challenges; B concedes (V_A, C_B) or resists; A stands firm
(W_A + e_A, W_B + e_B) or backs down (a + e_a, V_B). Errors are standard normal and private.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.dual import STEP, Array, bivariate_normal, clip, mills, normal

__all__ = ["ENDINGS", "PAYOFFS", "challenge", "endings", "equilibria", "implicit", "resist"]


PAYOFFS = ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")
"""The indices, in the order of a formula's parts."""

ENDINGS = ("status quo", "concession", "stand firm", "back down")

RHO = float(1.0 / np.sqrt(2.0))

TAIL = 4.0
"""Standard deviations to a challenge above which ratios of tails replace differences."""

NODES, WEIGHTS = np.polynomial.laguerre.laggauss(40)

GRID = 600
"""Grid of logit p_R, from -14 to 14, for the search for roots."""


def challenge(eta: Array, p_r: Array) -> tuple[Array, Array]:
    """Return A's probability of challenging, and of standing firm after a challenge.

    Parameters
    ----------
    eta
        (7, ...) payoffs in the order of `PAYOFFS`.
    p_r
        (...) A's expectation that B resists.
    """
    S, V, _, W, _, a, _ = eta
    c = (S - (1.0 - p_r) * V) / p_r
    # 1 - F(c-W) F(c-a), in a form that is accurate for small probabilities.
    p_c = normal(W - c) + normal(c - W) * normal(a - c)
    firm = bivariate_normal((W - a) * RHO, W - c, RHO)
    share = np.asarray(firm / np.where(np.real(p_c) > 1e-300, p_c, 1e-300))
    rare = np.asarray(np.real(c - W) > TAIL)
    if rare.any():
        c, W, a = (x[rare] for x in np.broadcast_arrays(c, W, a, share)[:3])
        share = share.copy()
        share[rare] = _firm_in_the_tail(c - W, W - a)
    return p_c, share


def _firm_in_the_tail(x: Array, gap: Array) -> Array:
    """Return the probability of standing firm given a challenge, if challenges are rare.

    Let ``x = c - W`` and ``gap = W - a``. Both probabilities are divided by the density at x. The
    numerator ``integral of f(x + t) F(x + t + gap) / f(x) dt`` is computed by Gauss-Laguerre, which
    avoids cancellation and underflow.
    """
    s = NODES[:, None] / x
    firm = (WEIGHTS[:, None] * np.exp(-0.5 * s * s) * normal(x + s + gap)).sum(axis=0) / x
    y = x + gap
    y = np.where(np.real(y) < -30.0, -30.0, y)
    lift = -0.5 * gap * (x + x + gap)  # log of f(y) / f(x)
    lift = np.where(np.real(lift) > 200.0, 200.0, lift)  # above it the share is 0 to 80 digits
    back = normal(x) * mills(y) * np.exp(lift)
    return np.asarray(firm / (mills(x) + back))


def resist(eta: Array, p_f: Array) -> Array:
    """Return B's probability of resisting if A stands firm with probability ``p_f``."""
    _, _, C, _, W, _, V = eta
    return normal((p_f * W + (1.0 - p_f) * V - C) / np.where(np.real(p_f) > 1e-300, p_f, 1e-300))


def endings(p_c: Array, p_r: Array, p_f: Array) -> Array:
    """Return the probabilities of the four outcomes, (4, ...)."""
    return np.stack([
        clip(1.0 - p_c), clip(p_c * (1.0 - p_r)), clip(p_c * p_r * p_f),
        clip(p_c * p_r * (1.0 - p_f)),
    ])


def best_reply(eta: Array, p_r: Array) -> Array:
    """Return B's best reply to A's best reply to ``p_r``. Its fixed points are the equilibria."""
    return resist(eta, challenge(eta, p_r)[1])


def equilibria(eta: Floats) -> list[Floats]:
    """Return every equilibrium p_R of each game, ascending.

    Bisection narrows each sign change of ``best_reply(p) - p`` on a grid of logit p to 1e-14.

    Parameters
    ----------
    eta
        (7, n) payoffs.

    Examples
    --------
    Three equilibria of one game:

    >>> game = np.array([[0.0], [1.0], [0.0], [-1.9], [-2.9], [-1.2], [1.0]])
    >>> equilibria(game)[0].round(4)
    array([0.2511, 0.5947, 0.8133])
    """
    eta = np.asarray(eta, dtype=float)
    if eta.ndim != 2 or len(eta) != len(PAYOFFS):
        raise InputError(f"payoffs of shape {eta.shape}", expected=f"({len(PAYOFFS)}, n)")
    grid = 1.0 / (1.0 + np.exp(-np.linspace(-14.0, 14.0, GRID)))

    def excess(p: Floats, rows: NDArray[np.int64]) -> Floats:
        return np.asarray(best_reply(eta[:, rows], p) - p)

    n = eta.shape[1]
    everyone = np.arange(n)
    values = np.stack([excess(np.full(n, p), everyone) for p in grid])
    cell, rows = np.nonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    low, high, at_low = grid[cell], grid[cell + 1], values[cell, rows]
    for _ in range(50):
        middle = 0.5 * (low + high)
        same = np.sign(excess(middle, rows)) == np.sign(at_low)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    root = 0.5 * (low + high)
    exact = [grid[values[:, k] == 0.0] for k in range(n)]
    # Outside the grid p_R is within 1e-6 of 0 or 1, and the best reply is constant there.
    for k in range(n):
        for edge, outside in ((0, values[0, k] < 0), (-1, values[-1, k] > 0)):
            if outside:
                p = np.array([grid[edge]])
                for _ in range(100):
                    p = np.clip(best_reply(eta[:, [k]], p), 1e-300, 1.0)
                exact[k] = np.concatenate([exact[k], p])
    return [np.unique(np.concatenate([root[rows == k], exact[k]])) for k in range(n)]


def implicit(eta: Array, p_r: Floats) -> Array:
    """Return ``p_r`` with the derivatives of the equilibrium by its payoffs.

    One Newton step in dual numbers gives the exact derivative and changes the value only slightly.
    """
    slope = np.imag(best_reply(np.real(eta).astype(complex), p_r + 1j * STEP)) / STEP
    return p_r - (best_reply(eta, p_r.astype(complex)) - p_r) / (slope - 1.0)
