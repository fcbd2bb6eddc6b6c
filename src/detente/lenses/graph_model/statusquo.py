"""Status-quo analysis: paths from the status quo to an equilibrium.

Sources: [li-kilgour-hipel-2005]; [li-hipel-kilgour-noakes-2005].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from detente.errors import SolveError
from detente.lenses.graph_model.model import GraphModel
from detente.lenses.graph_model.reach import shortest_paths

__all__ = ["Evolution", "from_status_quo"]


@dataclass(frozen=True)
class Evolution:
    """Whether and how a state can be reached from the status quo.

    Attributes
    ----------
    state : int
    path : tuple of (decision maker, state) or None
        A shortest legal sequence of any moves. None: unreachable. Empty: the status quo itself.
    improving_path : the same
        As ``path``, but every mover prefers the state moved to.
    """

    state: int
    path: tuple[tuple[int, int], ...] | None
    improving_path: tuple[tuple[int, int], ...] | None

    @property
    def verdict(self) -> str:
        """One of ``here``, ``by improvements``, ``needs a step back``, ``out of reach``."""
        if self.path == ():
            return "here"
        if self.improving_path is not None:
            return "by improvements"
        return "needs a step back" if self.path is not None else "out of reach"


def from_status_quo(
    model: GraphModel, states: Iterable[int], start: int | None = None
) -> list[Evolution]:
    """Return for each state how it can be reached from the status quo.

    Parameters
    ----------
    model
        The conflict.
    states
        The states to reach, usually equilibria.
    start
        Initial state; defaults to the model's status quo.

    Raises
    ------
    SolveError
        The model has no status quo, and ``start`` is not given.

    Examples
    --------
    Elmira began in s1. A path to s8 needs a move that does not improve the mover's own outcome.

    >>> from detente.lenses.graph_model.canon import elmira
    >>> [(elmira().states[e.state], e.verdict) for e in from_status_quo(elmira(), [4, 7, 8])]
    [('s5', 'by improvements'), ('s8', 'needs a step back'), ('s9', 'needs a step back')]
    """
    start = model.status_quo if start is None else start
    if start is None:
        raise SolveError("the model has no status quo; set `status_quo` or pass `start`")
    everyone = np.ones(model.n, dtype=bool)
    _, free = shortest_paths(model.moves, everyone, start)
    _, willing = shortest_paths(model.improvements, everyone, start)
    out = []
    for s in states:
        if s == start:
            out.append(Evolution(s, (), ()))
            continue
        path, better = free.get(s), willing.get(s)
        out.append(
            Evolution(
                s,
                None if path is None else tuple(path),
                None if better is None else tuple(better),
            )
        )
    return out
