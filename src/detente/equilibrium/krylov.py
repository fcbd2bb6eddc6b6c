"""GMRES that remembers: the last Krylov space preconditions the next solve.

The Jacobians of neighbouring points differ little and are the identity but for a few large
eigenvalues. The space spanned by one solve therefore holds, nearly, the eigenvectors that make the
next one slow; ``M = I + V (H^-1 - I) V'`` inverts the operator on it and costs no product.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve, solve_triangular

__all__ = ["Memory", "gmres"]

Floats = NDArray[np.float64]


class Memory:
    """An approximate inverse of the operator, exact on the space of the last solve.

    Parameters
    ----------
    limit
        Most vectors kept.
    """

    def __init__(self, limit: int = 60) -> None:
        self.limit = limit
        self.basis: Floats | None = None
        self._lu: tuple[Floats, NDArray[np.int32]] | None = None

    def forget(self) -> None:
        """Go back to the identity."""
        self.basis = self._lu = None

    def keep(self, basis: Floats, image: Floats) -> None:
        """Remember ``basis`` (rows, orthonormal) and the operator's ``image`` of each row."""
        basis, image = basis[: self.limit], image[: self.limit]
        small = basis @ image.T
        if len(basis) and np.isfinite(small).all():
            with np.errstate(all="ignore"):
                lu = lu_factor(small, check_finite=False)
            if np.abs(np.diag(lu[0])).min() > 1e-10 * np.abs(np.diag(lu[0])).max():
                self.basis, self._lu = basis, lu

    def apply(self, v: Floats) -> Floats:
        """Return M v."""
        if self.basis is None or self._lu is None:
            return v
        inside = self.basis @ v
        return np.asarray(v + (lu_solve(self._lu, inside, check_finite=False) - inside)
                          @ self.basis)


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
        Preconditions the solve and afterwards holds what it learned.

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
    norm = float(np.linalg.norm(rhs))
    if norm == 0.0 or size == 0:
        return np.zeros(size), 0.0, 0
    limit = min(limit, size)
    V = np.empty((limit + 1, size))
    Z = np.empty((limit, size))
    H = np.zeros((limit + 1, limit))
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
        length = float(np.linalg.norm(w))
        H[k + 1, k] = length
        column = H[:, k]
        for j in range(k):
            column[j], column[j + 1] = (cs[j] * column[j] + sn[j] * column[j + 1],
                                        -sn[j] * column[j] + cs[j] * column[j + 1])
        radius = float(np.hypot(column[k], column[k + 1]))
        cs[k], sn[k] = (column[k] / radius, column[k + 1] / radius) if radius > 0 else (1.0, 0.0)
        column[k], column[k + 1] = radius, 0.0
        g[k], g[k + 1] = cs[k] * g[k], -sn[k] * g[k]
        done = abs(g[k + 1]) <= tolerance * norm
        if length > 1e-14 * norm and not done:
            V[k + 1] = w / length
        else:
            break
    m = k + 1
    diagonal = np.abs(np.diag(H)[:m])
    if m and diagonal.min() == 0.0:
        return np.zeros(size), 1.0, m
    coefficients = solve_triangular(H[:m, :m], g[:m], check_finite=False)
    x = coefficients @ Z[:m]
    return x, float(abs(g[m]) / norm), m
