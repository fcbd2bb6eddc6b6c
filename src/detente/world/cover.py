"""The division that breaks the fewest ties, proved by a program over bad cycles or by a search.

Every division breaks a tie of each bad cycle, and every set of ties that meets all bad cycles
belongs to a division. The best division is therefore the smallest cover of the bad cycles
(Barahona & Mahjoub [barahona-mahjoub-1986] for two blocs, Demaine et al. [demaine-2006] for any
number). Cycles are added only while they are violated, triangles first [aref-mason-wilson-2020].
In dense networks the linear bound is low. If it leaves a gap, the search of `detente.world.dolls`
comes next, and the integer program last.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from detente.arrays import Floats, Ints
from detente.errors import SolveError
from detente.world.cycles import Cycle, bad_triangles, violated
from detente.world.division import (
    breaks,
    by_tree,
    improved_many,
    improved_two,
    joined,
    matrix,
    relabelled,
)
from detente.world.dolls import searched
from detente.world.proved import SECONDS

__all__ = ["Cover", "smallest_cover"]

TRIANGLES = 2000
"""Bad triangles with which the program starts."""
ROUNDS = 200
GAP, NODES = 1.0, 20
"""Limits of a quick search: weight between count and bound, and nodes of an integer program. They
are not times, so that every machine finds the same."""
CHOICES, QUICK, BRIEF = 30_000_000, 1_000_000, 50_000
"""Limits of the search without a program: about 7 s, .2 s if it must be quick, and 10 ms."""
SOME, FEW = 15, 3
"""Rounds of the linear program if it must be quick, and brief."""
PER_SECOND = 2_000_000
"""Choices that the search is allowed per second that is left."""
LIMIT = 1
"""Status of scipy's `milp` if it stopped at a limit."""
SLICE = 0.1
"""Seconds after which an interruption of the integer program is seen."""
TIGHT = 1e-6
"""Tolerance of the program's bound, ten times the feasibility tolerance of HiGHS."""


@dataclass(frozen=True)
class Cover:
    """A division, the weight that it breaks, and the bound that no division can go below.

    Attributes
    ----------
    blocs : ndarray of int (n,)
    broken : float
        Weight of the ties that the division breaks, counted from the division.
    bound : float
        Lower bound from the program. Integer weights: rounded up.
    proof : str
        ``linear`` (bound of the linear relaxation), ``search`` (no division was left out), or
        ``integer`` (bound of the integer program).
    cycles : int
        Bad cycles in the program.
    """

    blocs: Ints
    broken: float
    bound: float
    proof: str
    cycles: int

    @property
    def exact(self) -> bool:
        """Whether no division breaks less."""
        return self.bound >= self.broken - TIGHT * max(1.0, abs(self.broken))


def smallest_cover(
    n: int, edges: Ints, signs: Ints, weights: Floats | None = None, *, many: bool = False,
    quick: bool = False, brief: bool = False, seconds: float = SECONDS,
) -> Cover:
    """Return a division that breaks the least weight, with the bound that proves it.

    Parameters
    ----------
    n
        Number of actors.
    edges
        Pairs of actors, the smaller index first, each pair once, (m, 2).
    signs
        1 or -1, (m,).
    weights
        Weight of each tie, positive, (m,); 1 if not given.
    many
        Whether any number of blocs is allowed; otherwise two (of which one may be empty).
    quick
        Whether to begin with a search of `QUICK` choices, to end the linear program after `SOME`
        rounds, to leave the integer one out if that leaves a gap above `GAP`, and to stop it after
        `NODES` nodes. The division may then not be the best; the bound holds.
    brief
        The same with `BRIEF` choices and `FEW` rounds, for networks like others without a proof.
    seconds
        Time after which the search and the integer program are stopped, with the same effect.

    Raises
    ------
    SolveError
        HiGHS stopped without a solution.

    Examples
    --------
    >>> edges = np.array([[0, 1], [0, 2], [1, 2]])
    >>> found = smallest_cover(3, edges, np.array([-1, -1, -1]))
    >>> found.broken, found.bound, found.exact
    (1.0, 1.0, True)
    """
    w = np.ones(len(edges)) if weights is None else np.asarray(weights, dtype=float)
    return _Search(n, edges, signs, w, many, quick or brief, brief, seconds).run()


class _Search:
    def __init__(
        self, n: int, edges: Ints, signs: Ints, w: Floats, many: bool, quick: bool, brief: bool,
        seconds: float,
    ) -> None:
        self.quick, self.until, self.stopped = quick, time.monotonic() + seconds, False
        self.choices = (BRIEF if brief else QUICK) if quick else CHOICES
        self.rounds = (FEW if brief else SOME) if quick else ROUNDS
        self.n, self.edges, self.signs, self.w, self.many = n, edges, signs, w, many
        self.whole = bool(len(w) == 0 or (w == np.round(w)).all())
        self.signed = matrix(n, edges, signs * w)
        self.cycles: dict[Cycle, None] = {}
        self.best = self._improved(np.zeros(n, dtype=np.int64))
        self.least = self._weight(self.best)

    def run(self) -> Cover:
        if not len(self.edges) or self.least == 0:
            return self._result(0.0, "linear")
        if self.quick and (bound := self._searched(self.choices)) >= self.least - self._slack():
            return self._result(bound, "search")
        self.cycles = dict.fromkeys(bad_triangles(
            self.n, self.edges, self.signs, many=self.many, most=TRIANGLES))
        bound = self._by_rounds("linear", 0.0)
        if self.stopped or bound >= self.least - self._slack() or self._ends(bound):
            return self._result(bound, "linear")
        if not self.quick:
            found = self._searched(min(self.choices, int(self._left() * PER_SECOND)))
            if found >= self.least - self._slack():
                return self._result(found, "search")
            bound = max(bound, found)
        bound = self._by_rounds("integer", bound)
        return self._result(bound, "integer")

    def _by_rounds(self, proof: str, bound: float) -> float:
        """Solve a program and add violated cycles until none is left; return the bound."""
        for _ in range(self.rounds):
            x, value = self._linear() if proof == "linear" else self._integer()
            bound = max(bound, self._lifted(value))
            self._round(x)
            if self.stopped or bound >= self.least - self._slack():
                return bound
            more = violated(self.n, self.edges, self.signs, x, many=self.many)
            before = len(self.cycles)
            self.cycles.update(dict.fromkeys(more))
            if len(self.cycles) == before:
                break
        return bound

    def _slack(self) -> float:
        return TIGHT * max(1.0, self.least)

    def _searched(self, choices: int) -> float:
        """Search without a program; return the bound, and keep the division if it is better."""
        found = searched(self.signed, many=self.many, choices=choices, until=self.until)
        self._keep(found.blocs if found.complete else self._improved(found.blocs))
        return found.bound

    def _ends(self, bound: float) -> bool:
        """Return whether the search ends before an integer program."""
        return self._left() <= 0 or (self.quick and self.least - bound > GAP)

    def _left(self) -> float:
        return self.until - time.monotonic()

    def _result(self, bound: float, proof: str) -> Cover:
        return Cover(relabelled(self.best), self.least, bound, proof, len(self.cycles))

    def _lifted(self, value: float) -> float:
        return float(math.ceil(value - TIGHT * max(1.0, value))) if self.whole else value

    def _weight(self, blocs: Ints) -> float:
        return float(self.w[breaks(self.edges, self.signs, blocs)].sum())

    def _improved(self, blocs: Ints) -> Ints:
        if not len(self.edges):
            return blocs
        return (improved_many if self.many else improved_two)(self.signed, blocs)

    def _rows(self) -> csr_array:
        ties = np.fromiter((e for c in self.cycles for e in c), dtype=np.int64)
        rows = np.repeat(np.arange(len(self.cycles)), [len(c) for c in self.cycles])
        return csr_array((np.ones(len(ties)), (rows, ties)),
                         shape=(len(self.cycles), len(self.edges)))

    def _linear(self) -> tuple[Floats, float]:
        """Return the optimum of the relaxation, and a bound checked by its dual values.

        The dual values, scaled so that no tie is used beyond its weight, are a packing of bad
        cycles. Its total is a lower bound by arithmetic alone.
        """
        if not self.cycles:
            return np.zeros(len(self.edges)), 0.0
        A: Any = self._rows()
        done = linprog(self.w, A_ub=-A, b_ub=-np.ones(A.shape[0]), method="highs")
        if done.x is None:
            raise SolveError(f"HiGHS did not solve the linear program: {done.message}")
        packing = np.maximum(-done.ineqlin.marginals, 0.0)
        used = float(np.max(A.T @ packing / self.w, initial=0.0))
        return np.asarray(done.x), float(packing.sum()) / max(1.0, used)

    def _integer(self) -> tuple[Floats, float]:
        """Return the optimum of the program and its bound.

        At a limit the search is marked as stopped, and the best division stands for the optimum.
        """
        limits: Any = {"time_limit": max(self._left(), 0.0)}
        if self.quick:
            limits["node_limit"] = NODES
        A = self._rows()
        done = _interruptible(lambda: milp(
            self.w, integrality=np.ones(len(self.w), dtype=np.int64), bounds=Bounds(0, 1),
            constraints=LinearConstraint(A, lb=1.0), options=limits))
        if done.status == LIMIT:
            self.stopped = True
            bound = done.mip_dual_bound
            kept = breaks(self.edges, self.signs, self.best).astype(float)
            return kept, 0.0 if bound is None or not math.isfinite(bound) else float(bound)
        if done.x is None:
            raise SolveError(f"HiGHS did not solve the integer program: {done.message}")
        return np.round(done.x), float(done.mip_dual_bound)

    def _round(self, x: Floats) -> None:
        """Try the divisions that the point suggests."""
        for blocs in self._many(x) if self.many else self._two(x):
            self._keep(self._improved(blocs))

    def _keep(self, blocs: Ints) -> None:
        """Keep a division if it breaks less than the best one so far."""
        weight = self._weight(blocs)
        if weight < self.least - 1e-12:
            self.best, self.least = blocs, weight

    def _many(self, x: Floats) -> list[Ints]:
        friendly = self.signs > 0
        return [joined(self.n, self.edges[friendly & (x < t)]) for t in (0.3, 0.5, 0.7)]

    def _two(self, x: Floats) -> list[Ints]:
        return [by_tree(self.n, self.edges, self.signs, x)]


def _interruptible(work: Callable[[], Any]) -> Any:
    """Return what a function returns, and let Ctrl-C end the wait for it.

    HiGHS looks at no signal, and a search may take a minute.
    """
    made: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(SLICE)
    if failed:
        raise failed[0]
    return made[0]
