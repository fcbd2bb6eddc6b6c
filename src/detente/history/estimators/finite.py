"""Test whether a likelihood has a finite maximum, at every mover, by linear programmes.

A binary choice with index z = x b is separated, completely or in part, if some direction d has
``s (x d) >= 0`` in every row and > 0 in one, where s is 1 for the choice made and -1 for the
other. The likelihood then rises without bound along d, and no finite estimate exists
[albert-anderson-1984]; a linear programme finds d [konis-2007].

In a game the index of an earlier mover is linear in its own coefficients, given the later movers'
probabilities; the programme uses the rows that reach the mover. A direction at a later mover also
changes what earlier movers expect, so it is confirmed on the whole likelihood: along d it must not
fall. The same confirmation serves directions of all coefficients together, which are sought among
the scores: at a maximum the scores sum to 0, so that no direction raises the likelihood of some
rows and lowers that of none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from detente.arrays import Floats
from detente.history.estimators.columns import rows_text
from detente.history.estimators.design import Design
from detente.history.estimators.dual import STEP, Array
from detente.history.estimators.parameters import Parameter

__all__ = [
    "Choice", "Direction", "Rows", "choice_rows", "recession", "separating", "unbounded",
]

SLACK = 1e-9
"""A row may go against a direction by this share of the largest row."""

GAIN = 1e-6
"""A row is decided by a direction if it gains at least this share of the largest row."""

RAY = (1.0, 2.0, 4.0)
"""Steps along a direction at which the likelihood is compared, in units of the largest index."""

FALL = 1e-6
"""A fall of the log likelihood along a direction above this says that the maximum is finite."""


@dataclass(frozen=True)
class Choice:
    """A binary choice of a mover.

    Attributes
    ----------
    mover
        The mover in words.
    index
        Function from (K, n) indices to the (n,) index of the choice, with derivatives.
    own
        Numbers of the indices whose coefficients the choice depends on, given later choices.
    yes, no
        (n,) numbers of observations of either choice; both are 0 if a row does not reach it.
    names
        Names of the two choices: (yes, no).
    """

    mover: str
    index: Callable[[Array], Array]
    own: tuple[int, ...]
    yes: Floats
    no: Floats
    names: tuple[str, str] = ("yes", "no")


@dataclass(frozen=True)
class Rows:
    """Conditions ``gain @ d >= 0`` (or = 0 if ``held``) on a direction d, one per row.

    Attributes
    ----------
    gain : (m, p) array
    held : (m,) bool array
    row : (m,) int array
        The row of the data.
    mover : str
    made : tuple of str
        The choice made in each row.
    """

    gain: Floats
    held: NDArray[np.bool_]
    row: NDArray[np.int64]
    mover: str
    made: tuple[str, ...] = ()


@dataclass(frozen=True)
class Direction:
    """A direction along which the likelihood has no finite maximum.

    Attributes
    ----------
    theta : (p,) array
        The direction, scaled so that the largest change of an index is one unit of the error.
    decided : (n,) bool array
        The rows of the data whose likelihood rises.
    mover : str
        The mover whose choices are separated; empty if several are.
    made : tuple of str
        The choices made in these rows.
    """

    theta: Floats
    decided: NDArray[np.bool_]
    mover: str
    made: tuple[str, ...]

    def coefficients(self, design: Design) -> list[tuple[Parameter, float]]:
        """Return the coefficients in the direction, with their shares."""
        size = np.abs(self.theta) * spread(design)
        most = float(size.max(initial=0.0))
        return [(one, float(v))
                for one, v, s in zip(design.parameters, self.theta, size, strict=True)
                if s > 1e-6 * most]

    def words(self, design: Design) -> str:
        """Return the finding in words."""
        parts = self.coefficients(design)
        if len(parts) == 1:
            name, sign = parts[0]
            moves = f"{name} {'rises' if sign > 0 else 'falls'} without bound"
        else:
            most = max(abs(v) for _, v in parts)
            ratio = ", ".join(f"{name} {v / most:+.3g}" for name, v in parts[:8])
            more = f" and {len(parts) - 8} more" if len(parts) > 8 else ""
            moves = f"these coefficients move together without bound: {ratio}{more}"
        count = int(self.decided.sum())
        where = rows_text(design.frame, self.decided)
        if len(self.made) == 1:
            why = f"all {count} rows that it concerns chose {self.made[0]!r} ({where})"
        else:
            why = f"it predicts {count} choices without error ({where})"
        at = f" at {self.mover}" if self.mover else ""
        return (f"no finite maximum (separation){at}: the likelihood keeps rising as {moves}, "
                f"because {why}; leave the variable out, or join categories")


def spread(design: Design) -> Floats:
    """Return the root mean square of each column, 1 for a column of zeros."""
    x = np.concatenate(design.X, axis=1)
    rms = np.sqrt((x * x).mean(axis=0))
    return np.where(rms > 0, rms, 1.0)


def separating(X: Floats, sign: Floats) -> Floats | None:
    """Return a direction that separates a binary choice, or None.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]])
    >>> separating(x, np.array([-1.0, -1.0, 1.0, 1.0])) is not None
    True
    >>> separating(x, np.array([-1.0, 1.0, -1.0, 1.0])) is None
    True
    """
    found = recession(X * sign[:, None], np.zeros(len(X), dtype=bool))
    return None if found is None else found[0]


def recession(
    gain: Floats, held: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_]] | None:
    """Return a direction d with ``gain @ d >= 0``, and the rows with > 0; or None.

    Every row that some such direction decides is decided by the one that is returned: rows are
    removed as they are decided, and the programme is repeated for the others.

    Parameters
    ----------
    gain
        (m, p) rows.
    held
        Rows in which ``gain @ d`` must be 0.
    """
    size = np.sqrt((gain * gain).mean(axis=0)) if gain.size else np.zeros(0)
    active = np.flatnonzero(size > 0)
    if not len(active):
        return None
    unit = gain[:, active] / size[active]
    length = np.sqrt((unit * unit).sum(axis=1))
    unit = unit / np.where(length > 0, length, 1.0)[:, None]
    total = np.zeros(len(active))
    decided = np.zeros(len(gain), dtype=bool)
    for _ in range(len(active)):
        d = _programme(unit[~decided], held[~decided])
        if d is None:
            break
        moved = unit @ d
        most = float(np.abs(moved[~decided]).max())
        new = ~decided & ~held & (moved > GAIN * most)
        against = ~decided & np.where(held, np.abs(moved) > SLACK * 1e2 * most,
                                      moved < -SLACK * 1e2 * most)
        if not new.any() or against.any():
            break
        # Decided rows may lose by later directions; the earlier one outweighs them.
        step = d
        if decided.any():
            loss = np.maximum(0.0, -moved[decided])
            room = (unit @ total)[decided]
            factor = float(np.min(np.where(loss > 0, 0.5 * room / np.where(loss > 0, loss, 1.0),
                                           np.inf)))
            step = d * min(1.0, factor)
        total = total + step
        decided |= new
    if not decided.any():
        return None
    theta = np.zeros(gain.shape[1])
    theta[active] = total / size[active]
    return theta, decided


def _programme(rows: Floats, held: NDArray[np.bool_]) -> Floats | None:
    """Maximise the sum of gains over the box [-1, 1], subject to no loss in any row."""
    free = rows[~held]
    if not len(free):
        return None
    free = np.unique(free.round(13), axis=0)
    fixed = np.unique(rows[held].round(13), axis=0)
    found = linprog(
        -free.sum(axis=0), A_ub=-free, b_ub=np.zeros(len(free)),
        A_eq=fixed if len(fixed) else None, b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1, 1), method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status != 0 or found.x is None or float(found.fun or 0.0) > -GAIN:
        return None
    return np.asarray(found.x)


def choice_rows(choices: Sequence[Choice], design: Design, theta: Floats) -> Rows:
    """Return the conditions that one mover's choices put on its own coefficients."""
    eta = design.eta(theta)
    gains, helds, at, made = [], [], [], []
    for choice in choices:
        reached = np.flatnonzero((choice.yes > 0) | (choice.no > 0))
        both = (choice.yes > 0) & (choice.no > 0)
        sign = np.where(choice.yes > 0, 1.0, -1.0)
        z = np.zeros((design.n, len(design.names)))
        for k in choice.own:
            dual = eta.astype(complex)
            dual[k] += 1j * STEP
            slope = np.imag(choice.index(dual)) / STEP
            z[:, design.slices[k]] = design.X[k] * (slope * sign)[:, None]
        gains.append(z[reached])
        helds.append(both[reached])
        at.append(reached)
        made += [choice.names[0] if s > 0 else choice.names[1] for s in sign[reached]]
    return Rows(np.concatenate(gains), np.concatenate(helds), np.concatenate(at),
                choices[0].mover, tuple(made))


def unbounded(
    sets: Sequence[Rows], design: Design, theta: Floats, loglik: Callable[[Floats], float],
    score: Floats | None = None, unit: float = 1.0,
) -> list[Direction]:
    """Return the directions in which the likelihood has no finite maximum.

    Parameters
    ----------
    sets
        The conditions of each mover.
    design
        The indices.
    theta
        (p,) estimates.
    loglik
        Function from parameters to the log likelihood.
    score
        (n, p) scores at the estimates. They give directions of all coefficients together.
    unit
        Standard size of the error, in the units of the indices.
    """
    sets = list(sets)
    if score is not None:
        sets.append(Rows(score, np.zeros(len(score), dtype=bool), np.arange(len(score)), ""))
    here = loglik(theta)
    found: list[Direction] = []
    for one in sets:
        if one.mover == "" and found:
            break
        if not np.isfinite(one.gain).all():
            continue
        result = recession(one.gain, one.held)
        if result is None:
            continue
        d, rows = result
        change = np.stack([x @ d[s] for x, s in zip(design.X, design.slices, strict=True)])
        most = float(np.abs(change).max())
        if not most > 0:
            continue
        d = d * (unit / most)
        if not _rises(loglik, theta, d, here):
            continue
        decided = np.zeros(design.n, dtype=bool)
        decided[one.row[rows]] = True
        made = tuple(dict.fromkeys(one.made[k] for k in np.flatnonzero(rows) if one.made))
        found.append(Direction(d, decided, one.mover, made))
    return found


def _rises(
    loglik: Callable[[Floats], float], theta: Floats, d: Floats, here: float
) -> bool:
    """Return whether the likelihood does not fall along a ray."""
    for step in RAY:
        there = loglik(theta + step * d)
        if not np.isfinite(there) or there < here - FALL * max(1.0, 1e-6 * abs(here)):
            return False
    return True
