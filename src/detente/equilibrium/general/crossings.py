"""Continuation past points at which branches cross.

On a branch of a generic game no other branch crosses. In a special game two branches may cross.
With a symmetry one branch keeps the symmetry, and the other breaks it in two ways, which are mirror
images (a pitchfork). Without a symmetry the other branch passes through (a transcritical crossing).
A slightly perturbed game has a principal branch that turns into one side of the other branch.
Which side depends on the perturbation. detente follows the other branch, too, by a fixed rule. If
one side leads to larger precisions and the other to smaller ones, it takes the former, so that the
solution is continuous in lambda. Otherwise the first player whose strategy changes at the crossing
makes the first move of its first affected information set less often. In Gambit rounding errors
decide. It took the same side in the games compared. The solutions on the other side, and on the
first branch behind the crossing, are reported as other solutions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.general import newton as n
from detente.equilibrium.general.branch import Branch, Side
from detente.equilibrium.general.kernels import jacobian, residual, slope, sweep
from detente.equilibrium.general.symmetry import mirror

__all__ = ["leave_crossroads"]


DISTANCES = (0.05, 0.02, 0.1, 0.2, 0.005, 1e-3, 2e-4, 4e-5, 8e-6)
"""Distances at which a point of the crossing branch is sought, in the order of the attempts. The
smallest ones serve a precision just above the crossing."""
LOCATED = 30
"""Most steps of the search for a crossing."""
SOLVED = 1e-9
"""Residual of the log-odds of a solution at a crossing, where Newton's method fails."""
AT = 1e-6
"""Relative difference up to which a requested precision is taken to be at a crossing. The branches
are too close to each other there to tell them apart, so the branch itself is returned."""


def leave_crossroads(branch: Branch) -> bool:
    """Step onto the branch that crosses here; False if none is found or none is needed.

    The crossing is located first. If the requested precision is reached before it, the solution
    there is found and nothing is left to do. Otherwise the direction of the other branch is the
    null vector of the bordered system: a change that keeps the equations satisfied and is not along
    the present branch.
    """
    a = branch.a
    ahead = _ahead(branch)
    y0, lam0 = _crossing(branch, ahead)
    low, high = sorted((branch.lam, lam0))
    at_it = abs(branch.target - lam0) <= AT * abs(lam0)
    if (low <= branch.target < high or at_it) and _landed(branch, ahead):
        if branch.target >= lam0:
            branch.forks.append((lam0, False))
        return False
    branch.y, branch.lam = y0, lam0
    prob = sweep(a, y0)[1]
    v = np.linalg.svd(_bordered(branch, y0, lam0, ahead))[2][-1]
    weights = n.weights(a, y0, prob)
    scale = np.sqrt(float((weights * v[:-1] ** 2).sum()))
    if not np.isfinite(scale) or scale < 1e-12:
        return False
    v = v / scale * _side(a, prob, v[:-1])
    apart: list[Side] = []
    ways: list[tuple[Side | None, Floats | None]] = []  # a start, or the solution itself
    for way in (1.0, -1.0):
        at = [(*found, way * v[:-1], float(way * v[-1])) for far in DISTANCES
              if (found := _step(branch, way * far, v, weights)) is not None]
        start = next((x for x in at if x[1] < branch.target or lam0 >= branch.target), None)
        exact = _between(branch, way * v, weights) if at and start is None else None
        if start is not None or exact is not None:
            apart.append(at[0])
            ways.append((start, exact))
    if not ways:
        return False
    if len(ways) == 2 and apart[0][1] < lam0 < apart[1][1]:
        # Without a symmetry one side of the other branch leads back to smaller precisions.
        ways.reverse()
    branch.forks.append((lam0, _mirrored(branch, apart)))
    # The branch itself continues behind the crossing, too.
    w_lam = (branch.stake / (1.0 + branch.stake * abs(lam0))) ** 2
    straight = ahead / np.sqrt(float((weights * ahead[:-1] ** 2).sum() + w_lam * ahead[-1] ** 2))
    for far in DISTANCES:
        found = _step(branch, far, straight, weights)
        if found is not None and (found[1] < branch.target or lam0 >= branch.target):
            ways.append(((*found, straight[:-1], float(straight[-1])), None))
            break
    for start, exact in ways[1:]:
        if start is not None:
            branch.away.append(start)
        elif exact is not None:
            branch.landed.append(exact)
    start, exact = ways[0]
    if start is None:
        assert exact is not None
        branch.found.append(exact)
        return False
    branch.y, branch.lam, branch.row, branch.row_lam = start
    return True


def _between(branch: Branch, v: Floats, weights: Floats) -> Floats | None:
    """Solve at the requested precision between a crossing and the nearest distance tried."""
    low, high = 0.0, DISTANCES[-1]
    for _ in range(60):  # bisection of the distance
        far = 0.5 * (low + high)
        found = _step(branch, far, v, weights, tolerance=1e-12) or _step(branch, far, v, weights)
        if found is None:
            return None
        y, lam = found
        left = residual(branch.a, y, branch.target, sweep(branch.a, y)[5])
        if float(np.abs(left).max()) < SOLVED:
            return y
        if lam < branch.target:
            low = far
        else:
            high = far
    return None


def _landed(branch: Branch, ahead: Floats) -> bool:
    """Solve at the requested precision near a crossing, and keep the solution.

    Newton's method at one precision fails at a crossing. In a plane across the branch it works, so
    the plane is moved until the precision there is the requested one.
    """
    far, y, lam = 0.0, branch.y, branch.lam
    weights = np.ones(len(y))
    for _ in range(10):
        far += (branch.target - lam) / float(ahead[-1])
        if not abs(far) < 1.0:
            return False
        found = (_step(branch, far, ahead, weights, tolerance=1e-11)
                 or _step(branch, far, ahead, weights))
        # On a straight branch the prediction is the solution, also at the crossing itself.
        y, lam = found or (branch.y + far * ahead[:-1], branch.target)
        left = residual(branch.a, y, branch.target, sweep(branch.a, y)[5])
        if float(np.abs(left).max()) < SOLVED:
            branch.found.append(y)
            return True
        if found is None:
            break
    return False


def _ahead(branch: Branch) -> Floats:
    """Return the direction of the branch at its last point, of length 1."""
    size = len(branch.y)
    matrix, right = np.zeros((size + 1, size + 1)), np.zeros((size + 1, 2))
    tangent = n.tangent if size <= n.COMPILED else n.tangent_large
    tangent(branch.a, branch.y, branch.lam, branch.row, branch.row_lam, 0.0, matrix, right)
    return np.asarray(right[:, 1] / np.linalg.norm(right[:, 1]))


def _step(
    branch: Branch, far: float, v: Floats, weights: Floats, tolerance: float | None = None
) -> tuple[Floats, float] | None:
    """Return the solution at a distance along a direction, in the plane orthogonal to it."""
    y0, lam0 = branch.y, branch.lam
    size = len(y0)
    matrix, right = np.zeros((size + 1, size + 1)), np.zeros((size + 1, 2))
    correct = n.correct if size <= n.COMPILED else n.correct_large
    w_lam = (branch.stake / (1.0 + branch.stake * abs(lam0))) ** 2
    y = y0 + far * v[:-1]
    sign, lam, _ = correct(
        branch.a, y, lam0 + far * v[-1], weights, w_lam, v[:-1], v[-1], matrix, right,
        min(1e-6, 1e-3 * abs(far)) if tolerance is None else tolerance,
    )
    gone = float(v[:-1] @ (y - y0) + v[-1] * (lam - lam0)) / float(v @ v)
    if sign == 0 or not abs(gone - far) < 0.5 * abs(far):
        return None
    return y, float(lam)


def _crossing(branch: Branch, ahead: Floats) -> tuple[Floats, float]:
    """Locate the crossing: the root of the bordered determinant along the branch.

    The determinant has a simple root there. The last point of the branch is returned if no change
    of sign is found near it.
    """
    weights = np.ones(len(branch.y))
    newton = n.newton if len(branch.y) <= n.COMPILED else n.newton_large
    good, exact, _ = newton(branch.a, branch.y, branch.lam, 30)
    if good and float(np.abs(exact - branch.y).max()) < 1e-3:
        branch.y = exact

    def at(s: float) -> tuple[float, Floats, float] | None:
        found = (branch.y, branch.lam) if s == 0.0 else (
            _step(branch, s, ahead, weights, tolerance=1e-11)
            or _step(branch, s, ahead, weights))
        if found is None:
            return None
        sign, size = np.linalg.slogdet(_bordered(branch, *found, ahead))
        return float(sign * np.exp(min(size - scale, 700.0))), *found

    scale = float(np.linalg.slogdet(_bordered(branch, branch.y, branch.lam, ahead))[1])
    low, high = 0.0, 1e-6
    here, there = at(0.0), at(high)
    assert here is not None
    while there is None or there[0] * here[0] > 0.0:
        if high > 0.1:
            return branch.y, branch.lam
        if there is not None:
            low, here = high, there
        high *= 2.0
        there = at(high)
    d_low, d_high, best = here[0], there[0], there
    for _ in range(LOCATED):
        middle = (low * d_high - high * d_low) / (d_high - d_low)
        found = at(middle)
        if found is None:
            break
        best = found
        if found[0] == 0.0 or high - low < 1e-12:
            break
        if found[0] * d_high < 0.0:
            low, d_low = high, d_high
        else:  # the Illinois variant of false position
            d_low *= 0.5
        high, d_high = middle, found[0]
    return best[1], best[2]


def _bordered(branch: Branch, y: Floats, lam: float, row: Floats) -> Floats:
    """Return the Jacobian with the derivative by lambda as a column and ``row`` below."""
    a, size = branch.a, len(y)
    _, prob, _, belief, value, worth = sweep(a, y)
    matrix = np.zeros((size + 1, size + 1))
    jacobian(a, lam, prob, belief, value, worth, matrix)
    matrix[:size, size] = slope(a, worth)
    matrix[size] = row
    return matrix


def _mirrored(branch: Branch, sides: list[Side]) -> bool:
    """Whether a symmetry of the game carries one side of the crossing branch to the other."""
    if len(sides) < 2 or abs(sides[1][1] - sides[0][1]) > 1e-3 * sides[0][1]:
        return False
    newton = n.newton if len(branch.y) <= n.COMPILED else n.newton_large
    profiles = []
    for y, *_ in sides:
        good, exact, _ = newton(branch.a, y, sides[0][1], 30)
        if not good:
            return False
        profiles.append(sweep(branch.a, exact)[1])
    return mirror(branch.game, *profiles) is not None


def _side(a: Any, prob: Floats, v: Floats) -> float:
    """Return the sign with which the first player involved moves away from its first move."""
    changes = []
    for h in range(len(a.set_player)):
        if a.set_player[h] >= 0:
            p = prob[int(a.set_first[h]) : int(a.set_first[h + 1])]
            d = np.concatenate([[0.0], v[a.row[h] : a.row[h] + len(p) - 1]])
            changes.append((int(a.set_player[h]), p * (d - p @ d)))
    largest = max(float(np.abs(c).max()) for _, c in changes)
    for _, change in sorted(changes, key=lambda c: c[0]):
        if abs(change[0]) > 1e-3 * largest:
            return 1.0 if change[0] < 0 else -1.0
    return 1.0
