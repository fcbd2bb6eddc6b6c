"""Scrambled Sobol' points without the import of `scipy.stats`, which takes a second.

The points are those of ``scipy.stats.qmc.Sobol(d, scramble=True, seed=seed)`` to the last bit: the
direction numbers of Joe & Kuo from scipy's own file, scrambled by random lower triangular matrices
and a digital shift. If that file is not there, scipy draws the points.

References
----------
Joe & Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections". Matousek
1998, "On the L2-discrepancy for anchored boxes".
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["points"]

BITS = 30
"""Binary digits of a coordinate, as in scipy."""
FILE = Path("stats") / "_sobol_direction_numbers.npz"


def points(d: int, n: int, seed: int) -> NDArray[np.float64]:
    """Return the first ``n`` scrambled Sobol' points in ``d`` dimensions, (n, d).

    Examples
    --------
    >>> first = points(2, 8, 1)
    >>> first.shape, sorted((first[:, 0] * 8).astype(int).tolist())
    ((8, 2), [0, 1, 2, 3, 4, 5, 6, 7])
    """
    base = _directions(d)
    if base is None or not 0 < n <= 2**BITS:
        return _by_scipy(d, n, seed)
    rng = np.random.default_rng(seed)
    powers = np.uint32(1) << np.arange(BITS, dtype=np.uint32)
    shift = rng.integers(2, size=(d, BITS), dtype=np.uint32) @ powers
    lower = np.tril(rng.integers(2, size=(d, BITS, BITS), dtype=np.uint32))
    lower[:, np.arange(BITS), np.arange(BITS)] = 1
    # Digits of the direction numbers, the most significant first: (d, digit, number).
    digits = (base[:, None, :] >> np.arange(BITS - 1, -1, -1, dtype=np.uint32)[:, None]) & 1
    mixed = (lower @ digits) & 1
    scrambled = (mixed << np.arange(BITS - 1, -1, -1, dtype=np.uint32)[:, None]).sum(
        axis=1, dtype=np.uint32)
    # Point k differs from point k - 1 by the direction of the lowest zero digit of k - 1.
    before = np.arange(n - 1, dtype=np.uint32)
    lowest = np.bitwise_count(before ^ (before + np.uint32(1))) - 1 if n > 1 else before
    steps = np.concatenate([shift[None], scrambled.T[lowest]])
    return np.asarray(np.bitwise_xor.accumulate(steps, axis=0) * (1.0 / 2**BITS))


def _directions(d: int) -> NDArray[np.uint32] | None:
    """Return the direction numbers of ``d`` dimensions, (d, BITS); None if they are not at hand."""
    spec = find_spec("scipy")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    file = Path(places[0]) / FILE if places else FILE
    if not file.is_file():
        return None
    with np.load(file) as kept:
        poly, start = kept["poly"], kept["vinit"]
    if d > len(poly):
        return None
    out = np.ones((d, BITS), dtype=np.int64)
    for row in range(1, d):
        p = int(poly[row])
        degree = p.bit_length() - 1
        v = [int(x) for x in start[row, :degree]]
        for j in range(degree, BITS):
            new = v[j - degree]
            for k in range(degree):
                if p >> (degree - 1 - k) & 1:
                    new ^= v[j - k - 1] << (k + 1)
            v.append(new)
        out[row] = v[:BITS]
    return (out << np.arange(BITS - 1, -1, -1)).astype(np.uint32)


def _by_scipy(d: int, n: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    sobol = qmc.Sobol(d=d, scramble=True, seed=seed)
    with warnings.catch_warnings():
        # scipy warns if n is not a power of 2. The caller accepts that.
        warnings.simplefilter("ignore", UserWarning)
        return np.asarray(sobol.random(n))
