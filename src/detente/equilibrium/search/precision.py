"""The precision path: outcomes as a function of lambda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.defaults import LAMBDA
from detente.equilibrium.certificates.public import Certificate
from detente.equilibrium.fallible.assemble import assemble
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import system
from detente.equilibrium.methods.anneal import anneal
from detente.equilibrium.units import inner_precision
from detente.game.tree import PublicTree

__all__ = ["PathPoint", "trace_path"]


@dataclass(frozen=True)
class PathPoint:
    """One precision along the path: outcome probabilities with their certificate."""

    lam: float
    outcomes: dict[str, float]
    certificate: Certificate


def trace_path(
    game: PublicTree, lam_max: float = LAMBDA, *, lambdas: Sequence[float] | None = None
) -> list[tuple[float, PathPoint]]:
    """Return outcomes along lambda 0 to ``lam_max``, each point certified.

    Parameters
    ----------
    game
        A public tree.
    lam_max
        The last precision of the path.
    lambdas
        The precisions of the points, ascending; by default 21 of them, denser near 0.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": {"weak": 0.5, "tough": 0.5}, "b": 1}, decide("a", {
    ...     "hold": end("peace", b=1),
    ...     "threaten": decide("b", {
    ...         "yield": end("concession", a=1),
    ...         "resist": decide("a", {"fight": end("war", a=[-1.0, 0.1], b=-0.5),
    ...                                "retreat": end("retreat", a=-0.3, b=1)})})}))
    >>> path = trace_path(game, 10.0, lambdas=[0, 5, 10])
    >>> [lam for lam, point in path], all(point.certificate.certified for _, point in path)
    ([0.0, 5.0, 10.0], True)
    """
    if lambdas is None:
        lambdas = (lam_max * np.linspace(0.0, 1.0, 21) ** 1.5).tolist()
    if game.joint_payoff is not None:
        from detente.equilibrium.fallible.solve import solve

        points, before = [], None
        for lam in lambdas:
            before = solve(game, float(lam), start=before)
            points.append((float(lam), PathPoint(float(lam), before.outcomes(),
                                                 before.certificate)))
        return points
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game.relative.tree)
        equations = system(sweeps)
        y, at, path = sweeps.uniform(), 0.0, []
        x = equations.pack(y)
        reached_by = "annealed"
        for written in map(float, lambdas):
            lam = inner_precision(game, written)
            note = ""
            if equations.size:
                if lam != at:
                    climb = anneal(equations, x, at, lam)
                    x = climb.point.x
                    if climb.jumps:
                        below = game.relative.written_precision(climb.jumps[-1])
                        note = f"the branch has a fold below lambda {below:.4g}"
                equations.evaluate(x, lam)
                y = equations.y
            eq = assemble(sweeps, y, lam, found_from="lambda 0", reached_by=reached_by, note=note)
            path.append((written, PathPoint(written, eq.outcomes(), eq.certificate)))
            at = lam
        return path
