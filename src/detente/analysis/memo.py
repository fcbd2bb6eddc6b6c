"""A memo of solved games: each game of one crisis is compiled once and solved once per lambda."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats
from detente.limits import check_memory

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

    Attributes
    ----------
    solves : int
        Number of games solved one by one.

    Raises
    ------
    MemoryError
        The limit of the address space is too low for the libraries.
    """

    def __init__(self, compiled: Compiled) -> None:
        check_memory()
        self.compiled = compiled
        self.solves = 0
        self._solved: dict[tuple[bytes, float], Equilibrium] = {}
        self._cold: dict[tuple[bytes, float], Equilibrium] = {}

    @cached_property
    def lab(self) -> Lab:
        """The crisis and the variants that its claims name, each compiled once."""
        from detente.claims.variants import Lab

        return Lab(self.compiled)

    @cached_property
    def checked(self) -> dict[str, s.Expr]:
        """The file's claims by id, checked."""
        from detente.claims import check_claims

        return check_claims(self.compiled.scenario, graph=self.compiled.graph)

    def fallible(
        self, lam: float, theta: Floats | None = None, start: Equilibrium | None = None, *,
        cold: bool = False,
    ) -> Equilibrium:
        """Return the fallible equilibrium at some numbers, solved on the first call only.

        A game that is solved already is not solved again from another start, unless ``cold`` is
        true.

        Parameters
        ----------
        lam : float
            Precision of choice.
        theta : (K,) array, optional
            The file's numbers; the centre of the ranges if not given.
        start : Equilibrium, optional
            A neighbour from which the first call continues.
        cold : bool
            Return the equilibrium that is reached from lambda 0, also if another start has led to
            one before.
        """
        from detente.equilibrium import solve

        at = self.compiled.centre if theta is None else np.asarray(theta, dtype=float)
        key = at.tobytes(), float(lam)
        known = self._cold if cold else self._solved
        if key not in known:
            centre = np.array_equal(at, self.compiled.centre)
            game = self.compiled.tree if centre else self.compiled.game(at)
            self.solves += 1
            found = known[key] = solve(game, lam, start=None if cold else start)
            if cold or start is None:
                self._cold[key] = found
                self._solved.setdefault(key, found)
        return known[key]

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
