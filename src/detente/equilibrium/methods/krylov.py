"""GMRES in which the last Krylov space preconditions the next solve.

The Jacobians of neighbouring points differ little and are the identity but for a few large
eigenvalues. One solve leaves ``A Z = V H``, so on the space it spanned the operator's inverse is
known: ``M v = v + Z y - V H y`` with ``y = H^+ V' v`` inverts the operator exactly there, does not
change the rest, and costs no product.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.methods.norms import length as length_of

__all__ = ["Memory", "gmres"]


class Memory:
    """An approximate inverse of the operator, exact on the space of the last solve.

    Parameters
    ----------
    limit
        Most vectors kept.
    """

    def __init__(self, limit: int = 60) -> None:
        self.limit = limit
        self._kept: tuple[Floats, Floats, Floats, Floats] | None = None

    def forget(self) -> None:
        """Reset to the identity."""
        self._kept = None

    def keep(self, V: Floats, Z: Floats, H: Floats) -> None:
        """Remember ``A Z' = V' H`` (rows of V orthonormal, one more than Z has)."""
        m = min(len(Z), self.limit)
        if m < 3:
            return  # too small a space to replace the present one
        small = H[: m + 1, :m]
        inverse = np.asarray(np.linalg.pinv(small, rcond=1e-6), dtype=float)
        self._kept = (V[: m + 1].copy(), Z[:m].copy(), inverse, small @ inverse)

    def apply(self, v: Floats) -> Floats:
        """Return M v."""
        if self._kept is None:
            return v
        V, Z, inverse, image = self._kept
        inside = V @ v
        return np.asarray(v + (inverse @ inside) @ Z - (image @ inside) @ V)


def gmres(
    product: Callable[[Floats], Floats],
    rhs: Floats,
    *,
    tolerance: float = 1e-3,
    limit: int = 100,
    memory: Memory | None = None,
) -> tuple[Floats, float, int]:
    """Solve ``A x = rhs`` by right-preconditioned GMRES without restarts.

    Parameters
    ----------
    product
        Returns A v.
    rhs
        Right-hand side, (size,).
    tolerance
        Of the residual relative to ``rhs``.
    limit
        Most products.
    memory
        Preconditions the solve; afterwards it holds the solve's Krylov space.

    Returns
    -------
    x : (size,) array
    residual : float
        Relative residual reached.
    products : int

    Examples
    --------
    >>> import numpy as np
    >>> a = np.diag([1.0, 1.0, -9.0])
    >>> x, residual, products = gmres(lambda v: a @ v, np.ones(3), tolerance=1e-12)
    >>> np.round(a @ x, 9).tolist(), products
    ([1.0, 1.0, 1.0], 2)
    """
    size = len(rhs)
    norm = length_of(rhs)
    if norm == 0.0 or size == 0:
        return np.zeros(size), 0.0, 0
    limit = min(limit, size)
    V = np.empty((limit + 1, size))
    Z = np.empty((limit, size))
    H = np.zeros((limit + 1, limit))
    raw = np.zeros((limit + 1, limit))
    cs, sn = np.zeros(limit), np.zeros(limit)
    g = np.zeros(limit + 1)
    V[0], g[0] = rhs / norm, norm
    k = 0
    for k in range(limit):
        Z[k] = memory.apply(V[k]) if memory is not None else V[k]
        w = product(Z[k])
        basis = V[: k + 1]
        h = basis @ w
        w = w - h @ basis
        again = basis @ w
        w = w - again @ basis
        H[: k + 1, k] = h + again
        length = length_of(w)
        H[k + 1, k] = length
        raw[: k + 2, k] = H[: k + 2, k]
        column = H[:, k]
        for j in range(k):
            column[j], column[j + 1] = (cs[j] * column[j] + sn[j] * column[j + 1],
                                        -sn[j] * column[j] + cs[j] * column[j + 1])
        radius = float(np.hypot(column[k], column[k + 1]))
        cs[k], sn[k] = (column[k] / radius, column[k + 1] / radius) if radius > 0 else (1.0, 0.0)
        column[k], column[k + 1] = radius, 0.0
        g[k], g[k + 1] = cs[k] * g[k], -sn[k] * g[k]
        done = abs(g[k + 1]) <= tolerance * norm
        V[k + 1] = w / length if length > 0 else 0.0
        if done or length <= 1e-14 * norm:
            break
    m = k + 1
    diagonal = np.abs(np.diag(H)[:m])
    if m and diagonal.min() == 0.0:
        return np.zeros(size), 1.0, m
    coefficients = np.linalg.solve(H[:m, :m], g[:m])
    x = coefficients @ Z[:m]
    if memory is not None and np.isfinite(raw).all():
        memory.keep(V[: m + 1], Z[:m], raw)
    return x, float(abs(g[m]) / norm), m
