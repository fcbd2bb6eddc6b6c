"""The principal branch in pieces: continuation past points at which branches cross.

On a branch of a generic game no other branch crosses. In a special game two branches may cross.
With a symmetry one branch keeps the symmetry, and the other breaks it in two ways, which are mirror
images (a pitchfork). Without a symmetry the other branch passes through (a transcritical crossing).
A slightly perturbed game has a principal branch that turns into one side of the other branch.
Which side depends on the perturbation. detente follows the other branch, too, by a fixed rule:
the first player whose strategy changes at the crossing makes the first move of its first affected
information set less often. In Gambit rounding errors decide. It took the same side in the games
compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.general import newton as n
from detente.equilibrium.general import trace as t
from detente.equilibrium.general.kernels import sweep
from detente.equilibrium.general.symmetry import mirror
from detente.game.extensive import ExtensiveGame

__all__ = ["Branch", "leave_crossroads"]


STEPS = 20_000
"""Most steps of one piece."""
DISTANCES = (0.05, 0.02, 0.1, 0.2, 0.005, 1e-3, 2e-4, 4e-5)
"""Distances at which a point of the crossing branch is sought, in the order of the attempts. The
smallest ones serve a precision just above the crossing."""


class Branch:
    """A trace under way.

    Parameters
    ----------
    game
        The game.
    a
        Its arrays.
    target
        Precision at which equilibria are wanted, in the units of ``a``.
    reach
        Precision up to which the search for more of them continues, in the same units.
    """

    def __init__(self, game: ExtensiveGame, a: Any, target: float, reach: float) -> None:
        self.game, self.a, self.stake = game, a, game.relative.span
        self.target, self.reach = target, reach
        self.start(np.zeros(int(a.row[-1])))

    def start(self, y: Floats) -> None:
        """Begin at lambda 0."""
        self.y, self.lam = y, 0.0
        self.row, self.row_lam = np.zeros(len(y)), 1.0
        self.status = t.TIRED
        self.found: list[Floats] = []
        self.folds: list[float] = []
        self.forks: list[tuple[float, bool]] = []
        self.away: list[tuple[Floats, float, Floats, float]] = []
        self._paths: list[tuple[Floats, Floats]] = []

    def go(self, fineness: float, kept: int) -> None:
        """Follow the branch from its last point."""
        size = len(self.y)
        follow = t.follow if size <= n.COMPILED else t.follow_large
        self._plan = (fineness, kept)
        (
            self.status, crossings, found, path_lam, path_y, stored, folds, bends, y, lam, _,
        ) = follow(
            self.a, self.y, self.lam, self.target, self.stake, STEPS, 0.1, self.reach, kept,
            fineness, self.row, self.row_lam,
        )
        self.y, self.lam = y, float(lam)
        self.found += [crossings[k].copy() for k in range(found)]
        self.folds += [float(f) for f in folds[:bends]]
        self._paths.append((path_lam[:stored].copy(), path_y[:stored].copy()))

    def path(self) -> tuple[Floats, Floats]:
        """Return the points passed."""
        lams, points = zip(*self._paths, strict=True)
        return np.concatenate(lams), np.concatenate(points)

    def note(self) -> str:
        """Return a note: the precisions of crossings, and if the other sides are mirror images."""
        parts = []
        written = self.game.relative.written_precision
        for symmetric, text in (
            (True, "a symmetry of the game splits the branch at lambda {}; "
                   "the mirror image is a solution, too"),
            (False, "another branch of solutions crosses this branch at lambda {}"),
        ):
            at = ", ".join(f"{written(lam):.6g}" for lam, found in self.forks if found == symmetric)
            if at:
                parts.append(text.format(at))
        return "; ".join(parts)

    def other_sides(self) -> list[Floats]:
        """Solve on the other side of every crossing."""
        found = []
        for y, lam, v, v_lam in self.away:
            other = Branch(self.game, self.a, self.target, self.target)
            other.y, other.lam, other.row, other.row_lam = y, lam, v, v_lam
            other.go(self._plan[0], 1)
            found += other.found
        return found


def leave_crossroads(branch: Branch) -> bool:
    """Step onto the branch that crosses here; False if none is found.

    The direction is the null vector of the bordered system: a change that keeps the equations
    satisfied and is not along the present branch.
    """
    a, size = branch.a, len(branch.y)
    matrix, right = np.zeros((size + 1, size + 1)), np.zeros((size + 1, 2))
    tangent = n.tangent if size <= n.COMPILED else n.tangent_large
    # The tangent here, then the bordered matrix; its smallest singular value is the crossing's.
    _, prob = tangent(a, branch.y, branch.lam, branch.row, branch.row_lam, 0.0, matrix, right)
    ahead = right[:, 1] / np.linalg.norm(right[:, 1])
    v = _null_direction(branch, ahead)
    weights = n.weights(a, branch.y, prob)
    scale = np.sqrt(float((weights * v[:-1] ** 2).sum()))
    if not np.isfinite(scale) or scale < 1e-12:
        return False
    v = v / scale * _side(a, prob, v[:-1])
    correct = n.correct if size <= n.COMPILED else n.correct_large
    w_lam = (branch.stake / (1.0 + branch.stake * abs(branch.lam))) ** 2
    sides = []
    for way in (1.0, -1.0):
        for far in DISTANCES:
            y = branch.y + way * far * v[:-1]
            sign, lam, _ = correct(
                a, y, branch.lam + way * far * v[-1], weights, w_lam, v[:-1], v[-1], matrix, right,
                min(1e-6, 1e-3 * far),
            )
            gone = float(v[:-1] @ (y - branch.y) + v[-1] * (lam - branch.lam))
            if sign != 0 and abs(gone / (v @ v) - way * far) < 0.5 * far and (
                lam < branch.target or branch.lam >= branch.target
            ):
                sides.append((y, float(lam), way * v[:-1], float(way * v[-1])))
                break
        if way > 0 and not sides and sign != 0:
            # The requested precision is nearer to the crossing than every distance tried.
            newton = n.newton if size <= n.COMPILED else n.newton_large
            good, exact, _ = newton(a, y, branch.target, 30)
            if good:
                branch.forks.append((branch.lam, False))
                branch.found.append(exact)
                return False
    if not sides:
        return False
    branch.forks.append((branch.lam, _mirrored(branch, sides)))
    branch.y, branch.lam, branch.row, branch.row_lam = sides[0]
    branch.away += sides[1:]
    return True


def _mirrored(branch: Branch, sides: list[tuple[Floats, float, Floats, float]]) -> bool:
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


def _null_direction(branch: Branch, ahead: Floats) -> Floats:
    from detente.equilibrium.general.kernels import jacobian, slope

    a, size = branch.a, len(branch.y)
    _, prob, _, belief, value, worth = sweep(a, branch.y)
    matrix = np.zeros((size + 1, size + 1))
    jacobian(a, branch.lam, prob, belief, value, worth, matrix)
    matrix[:size, size] = slope(a, worth)
    matrix[size] = ahead
    return np.asarray(np.linalg.svd(matrix)[2][-1])


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
