"""Diagnosis of estimates: identification, separation and convergence, as warnings in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from detente.arrays import Floats
from detente.history.estimators.design import Design
from detente.history.estimators.maximise import GRADIENT, Maximum

__all__ = ["diagnose", "separating"]


HUGE = 12.0
"""An index above this decides the choice, because its normal tail is below machine epsilon."""


def separating(X: Floats, sign: Floats) -> Floats | None:
    """Return a direction that separates a binary choice, or None.

    The choice is separated, completely or quasi-completely, if some b has ``sign * (X b) >= 0`` in
    every row and > 0 in at least one row. The likelihood then increases without bound along b. A
    linear programme finds b. Source: [albert-anderson-1984].

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]])
    >>> separating(x, np.array([-1.0, -1.0, 1.0, 1.0])) is not None
    True
    >>> separating(x, np.array([-1.0, 1.0, -1.0, 1.0])) is None
    True
    """
    if not X.size:
        return None
    rms = np.sqrt((X * X).mean(axis=0))
    rows = (X / np.where(rms > 0, rms, 1.0)) * sign[:, None]
    found = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    ends = found.status == 0 and found.fun is not None and found.fun < -1e-7 * len(rows) ** 0.5
    return np.asarray(found.x) if ends else None


def diagnose(
    maximum: Maximum,
    design: Design,
    loose: Sequence[Sequence[str]],
    definite: bool,
    counts: Floats | None = None,
    last: Sequence[tuple[str, int, int]] = (),
    limit: float = HUGE,
) -> tuple[list[str], bool]:
    """Return warnings, and whether the maximum can be trusted.

    Parameters
    ----------
    maximum
        Final point of the search.
    loose
        Groups of parameters that are not identified.
    definite
        Whether the Hessian is negative definite.
    counts
        (n, J) counts of outcomes.
    last
        Binary choices decided by one index: (index, outcome if 1, outcome if 0).
    limit
        An index above this decides a choice; infinite if indices are not in units of the error.
    """
    words = [
        "not identified: " + ", ".join(group) + " can be changed together without changing any "
        "probability; leave one of them out" if len(group) > 1
        else f"not identified: {group[0]} changes no probability; leave it out"
        for group in loose
    ]
    separated = False
    for name, won, lost in last if counts is not None else ():
        assert counts is not None
        k = design.indices.index(name)
        arises = (counts[:, won] > 0) | (counts[:, lost] > 0)
        both = (counts[:, won] > 0) & (counts[:, lost] > 0)
        X = design.X[k][arises]
        if not X.size:
            continue
        sign = np.where(counts[arises, won] > 0, 1.0, -1.0)
        # A row with both outcomes must lie on the boundary.
        rows = np.concatenate([X, -X[both[arises]] * sign[both[arises], None] ** 2])
        signs = np.concatenate([sign, sign[both[arises]]])
        direction = separating(rows, signs)
        if direction is not None:
            who = [c for c, b in zip(design.columns[k], direction, strict=True) if abs(b) > 1e-6]
            words.append(
                f"separation: {', '.join(who)} in {name} predict the choice between outcomes "
                f"{won + 1} and {lost + 1} without error, so their coefficients grow without bound"
            )
            separated = True
    if not separated and not loose:
        for k, s in enumerate(design.slices):
            largest = float(np.abs(design.X[k] @ maximum.theta[s]).max(initial=0.0))
            if largest > limit:
                words.append(
                    f"{design.indices[k]} reaches {largest:.0f}"
                    " in units of the error, so that some choices are predicted without error; its "
                    "coefficients may have no finite maximum (separation)"
                )
                separated = True
    if not definite and not loose:
        words.append(
            "the Hessian is not negative definite at the estimate, so that it is not a proper "
            "maximum and has no standard errors"
        )
    steep = maximum.gradient > GRADIENT * max(1.0, design.n)
    if steep:
        words.append("the search did not converge: the gradient at its end is "
                     f"{maximum.gradient:.1e}")
    return words, not (words and (steep or separated or not definite or loose))
