"""A memo of solved games: each game of one crisis is compiled once and solved once per lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats

if TYPE_CHECKING:
    from detente.claims import syntax as s
    from detente.claims.variants import Lab
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["LADDER", "Memo"]

LADDER = (0.0, 1.0, 2.0, 4.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 60.0)
"""Values of lambda at which outcomes and claims are computed."""


class Memo:
    """Fallible equilibria of one compiled crisis, by the file's numbers and lambda.

    Parameters
    ----------
    compiled : Compiled
        The crisis.
    checked : dict of str to claim, optional
        Its claims by id, checked; they are checked here if not given.
    """

    def __init__(self, compiled: Compiled, checked: dict[str, s.Expr] | None = None) -> None:
        from detente.claims import check_claims
        from detente.claims.variants import Lab

        self.compiled = compiled
        self.lab: Lab = Lab(compiled)
        self.checked: dict[str, s.Expr] = (
            check_claims(compiled.scenario, graph=compiled.graph) if checked is None else checked)
        self._solved: dict[tuple[bytes, float], Equilibrium] = {}

    def fallible(
        self, lam: float, theta: Floats | None = None, start: Equilibrium | None = None
    ) -> Equilibrium:
        """Return the fallible equilibrium at some numbers, solved on the first call only.

        Parameters
        ----------
        lam : float
            Precision of choice.
        theta : (K,) array, optional
            The file's numbers; the centre of the ranges if not given.
        start : Equilibrium, optional
            A neighbour from which the first call continues.
        """
        from detente.equilibrium import solve

        at = self.compiled.centre if theta is None else np.asarray(theta, dtype=float)
        key = at.tobytes(), float(lam)
        if key not in self._solved:
            game = self.compiled.tree if theta is None else self.compiled.game(at)
            self._solved[key] = solve(game, lam, start=start)
        return self._solved[key]

    def keep(self, equilibrium: Equilibrium) -> None:
        """Enter a fallible equilibrium at the centre that was solved elsewhere."""
        if equilibrium.lam is not None and equilibrium.reading == "fallible":
            key = self.compiled.centre.tobytes(), float(equilibrium.lam)
            self._solved.setdefault(key, equilibrium)

    def path(self, lam: float) -> list[tuple[float, Equilibrium]]:
        """Return the fallible equilibria at the centre, lambda ascending and ``lam`` among them.

        Each continues from the last one whose certificate holds.
        """
        out: list[tuple[float, Equilibrium]] = []
        start: Equilibrium | None = None
        for at in sorted({*LADDER, float(lam)}):
            here = self.fallible(at, start=start)
            start = here if here.certificate.certified else start
            out.append((at, here))
        return out
