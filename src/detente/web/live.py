"""The live answer: the fallible equilibrium at the values of the sliders.

Each answer is solved from its neighbour, the last answer, and carries its certificate. A change of
the text compiles the game again. A tree of more than `MOST_HERE` nodes is solved in a process,
because it would hold the other windows and the memory of the app.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.equilibrium import Equilibrium, solve
from detente.equilibrium.fallible.solve import solve_close
from detente.errors import SizeError
from detente.game.compile import compile_scenario, measure
from detente.scenario.alternatives import single
from detente.scenario.labels import titles_in_sentence, titles_of
from detente.web.show import error_of

if TYPE_CHECKING:
    from detente.game.compile import Compiled
    from detente.game.tree import PublicTree
    from detente.scenario.schema import Scenario

__all__ = ["MOST_HERE", "Live", "LiveAnswer", "check_size", "is_large"]

MOST_HERE = 200_000
"""Most nodes of a tree that the app's own process solves."""
MOST_SHARED = 1_000_000
"""Most nodes of the solved trees that are kept for windows with the same text."""


@dataclass(frozen=True)
class LiveAnswer:
    """The fallible answer at some values.

    Attributes
    ----------
    moved : dict
        The values that differ from the centre, by path.
    outcomes : dict
        Probability by outcome, in words.
    centre : dict
        The same at the centre of the ranges.
    checked : bool
        Whether the solution passed its check.
    error : str
        The model, and how far the solution is from an exact one.
    milliseconds : float
        Time from the values to the answer. In a process (see `detente.web.work.live`) it includes
        reading the text and solving the game at the centre.
    nodes : int
    """

    moved: Mapping[str, float] = field(default_factory=dict)
    outcomes: Mapping[str, float] = field(default_factory=dict)
    centre: Mapping[str, float] = field(default_factory=dict)
    checked: bool = True
    error: str = ""
    milliseconds: float = 0.0
    nodes: int = 0


class Live:
    """Live answers of one crisis at a time; calls from several threads take turns."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._of: Scenario | None = None
        self._compiled: Compiled
        self._centre: Equilibrium
        self._last: Equilibrium
        self._words: dict[str, str]

    def answer(self, crisis: Scenario, moved: Mapping[str, float]) -> LiveAnswer:
        """Return the answer of a crisis with some numbers moved.

        Raises
        ------
        InputError
            The game is too large, or a number does not exist.
        """
        with self._turn:
            if crisis is not self._of:
                self._compile(crisis)
            began = time.perf_counter()
            found = self._at(crisis, moved)
            took = 1000 * (time.perf_counter() - began)
            return LiveAnswer(
                dict(moved), self._named(found), self._named(self._centre),
                found.certificate.certified, error_of(found), took,
                self._compiled.tree.n_nodes)

    def solved(
        self, crisis: Scenario, moved: Mapping[str, float]
    ) -> tuple[Compiled, Equilibrium]:
        """Return the game of a crisis and its solution with some numbers moved; see `answer`."""
        with self._turn:
            found = self._at(crisis, moved)
            return self._compiled, found

    def _at(self, crisis: Scenario, moved: Mapping[str, float]) -> Equilibrium:
        if crisis is not self._of:
            self._compile(crisis)
        theta = self._compiled.values(moved)
        found = self._solved(self._compiled.game(theta), self._compiled.precision(theta))
        if found.certificate.certified:
            self._last = found
        return found

    def _solved(self, game: PublicTree, lam: float) -> Equilibrium:
        """Return the equilibrium near the last answer; Newton's method alone is tried first."""
        near = solve_close(game, lam, self._last) if lam == self._last.lam else None
        return solve(game, lam, start=self._last) if near is None else near

    def _compile(self, crisis: Scenario) -> None:
        self._compiled, self._centre = _shared.centre(crisis)
        self._last = self._centre
        titles = titles_in_sentence(titles_of(crisis))
        self._words = {str(k): k.words(titles) for k in self._compiled.tree.outcome_kinds}
        self._of = crisis

    def _named(self, found: Equilibrium) -> dict[str, float]:
        return {self._words.get(str(k), str(k)): float(p) for k, p in found.outcomes().items()}


def is_large(crisis: Scenario) -> bool:
    """Return whether the tree of a crisis has more than `MOST_HERE` nodes."""
    return crisis.once("large", lambda: measure(single(crisis)).nodes > MOST_HERE)


def check_size(crisis: Scenario, what: str, remedy: str | None = None) -> None:
    """Refuse a tree that is too large for the app's own process.

    Parameters
    ----------
    crisis
        The crisis.
    what
        The work for which it is too large, as the message says it.
    remedy
        Another way to do it.

    Raises
    ------
    SizeError
        It is.
    """
    if is_large(crisis):
        raise SizeError(
            f"the game has {measure(single(crisis)).nodes:,} nodes, which are too many for {what}",
            expected=f"at most {MOST_HERE:,} nodes: fewer turns, fewer offers, or a shorter ladder",
            remedy=remedy)


class Shared:
    """Solved games that windows with the same text share; the oldest go when they are too large.

    A window keeps the game of its present text itself.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._kept: list[tuple[Scenario, Compiled, Equilibrium]] = []

    def centre(self, crisis: Scenario) -> tuple[Compiled, Equilibrium]:
        """Return the game of a crisis and its solution at the centre; one is solved at a time."""
        with self._turn:
            found = next((one for one in self._kept if one[0] is crisis), None)
            if found is None:
                compiled = compile_scenario(single(crisis))
                found = crisis, compiled, solve(compiled.tree, compiled.lam)
            self._kept = [found, *(one for one in self._kept if one is not found)]
            while len(self._kept) > 1 and self.nodes() > MOST_SHARED:
                self._kept.pop()
            return found[1:]

    def nodes(self) -> int:
        """Return the nodes of the trees that are kept."""
        return sum(one[1].tree.n_nodes for one in self._kept)


_shared = Shared()
