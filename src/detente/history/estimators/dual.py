"""Distribution functions that carry first derivatives in an imaginary part.

A complex number a + ib with tiny b behaves as the dual number a + b·d/dx. One evaluation of a
likelihood at ``x + 1e-30j`` therefore gives its value and its exact derivative (the complex step).
The functions here extend the normal distribution to such arguments. Source: [squire-trapp-1998].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, ndtr, owens_t

__all__ = ["EPS", "STEP", "Array", "bivariate_normal", "clip", "logistic", "mills", "normal"]

Array = NDArray[Any]
"""Floats, or complex numbers that represent dual numbers."""

EPS = float(np.finfo(float).eps)
"""Least distance of probabilities from 0 and 1, as in the reference programs."""

STEP = 1e-30
"""The imaginary step. Its square is negligible relative to any probability above `EPS`."""


def _density(x: Array) -> Array:
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi))


def normal(x: Array) -> Array:
    """Return the standard normal cdf.

    Examples
    --------
    >>> normal(np.array([0.0])), normal(np.array([0.0 + 1e-30j])).imag / 1e-30
    (array([0.5]), array([0.39894228]))
    """
    if not np.iscomplexobj(x):
        return np.asarray(ndtr(x))
    return np.asarray(ndtr(x.real) + 1j * _density(x.real) * x.imag)


def logistic(x: Array) -> Array:
    """Return the logistic cdf, without overflow."""
    with np.errstate(over="ignore"):
        return np.where(np.real(x) >= 0, 1.0 / (1.0 + np.exp(-np.where(np.real(x) >= 0, x, 0.0))),
                        1.0 - 1.0 / (1.0 + np.exp(np.where(np.real(x) < 0, x, 0.0))))


def mills(x: Array) -> Array:
    """Return (1 - F(x)) / f(x) of the standard normal, with full relative accuracy in the tail.

    Examples
    --------
    >>> mills(np.array([0.0, 50.0])).round(6)
    array([1.253314, 0.019992])
    """
    value = np.sqrt(np.pi / 2.0) * erfcx(np.real(x) / np.sqrt(2.0))
    if np.iscomplexobj(x):
        value = value + 1j * (np.real(x) * value - 1.0) * np.imag(x)
    return np.asarray(value)


def clip(p: Array, low: float = EPS, high: float = 1.0 - EPS) -> Array:
    """Return probabilities clipped to [low, high]. The derivative is 0 outside."""
    return np.where(np.real(p) < low, low, np.where(np.real(p) > high, high, p))


def bivariate_normal(h: Array, k: Array, rho: float) -> Array:
    """Return Pr(X <= h, Y <= k) for standard normals of correlation ``rho``.

    Uses Owen's T function [owen-1956]; derivatives are in closed form.

    Examples
    --------
    Without correlation it is the product, and Pr(X<0, Y<0) = 1/4 + asin(rho)/(2 pi):

    >>> z = np.zeros(1)
    >>> float(bivariate_normal(z, z, 0.0)[0]), round(float(bivariate_normal(z, z, 0.5)[0]), 6)
    (0.25, 0.333333)
    """
    a, b = np.broadcast_arrays(np.real(h), np.real(k))
    s = np.sqrt(1.0 - rho * rho)
    # Owen's formula divides by h and k; a shift by 1e-150 changes the probability by less.
    a1 = np.where(np.abs(a) < 1e-150, np.copysign(1e-150, a), a)
    b1 = np.where(np.abs(b) < 1e-150, np.copysign(1e-150, b), b)
    value = 0.5 * (ndtr(a1) + ndtr(b1) - ((a1 < 0) != (b1 < 0)))
    value = value - owens_t(a1, (b1 / a1 - rho) / s) - owens_t(b1, (a1 / b1 - rho) / s)
    value = np.clip(value, 0.0, 1.0)
    if not (np.iscomplexobj(h) or np.iscomplexobj(k)):
        return np.asarray(value)
    slope = _density(a) * ndtr((b - rho * a) / s) * np.imag(h)
    slope = slope + _density(b) * ndtr((a - rho * b) / s) * np.imag(k)
    return np.asarray(value + 1j * slope)
