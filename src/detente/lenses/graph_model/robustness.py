"""Robustness: which single swap in somebody's ranking changes the set of equilibria?

Preferences are the least certain part of a graph model. Each pair of adjacent levels of each
ranking is exchanged in turn and everything is analysed anew; with ordered statements, adjacent
statements too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.errors import SizeError
from detente.lenses.graph_model.model import GraphModel, Preference
from detente.lenses.graph_model.preferences import Statement, by_statements
from detente.lenses.graph_model.stability import CONCEPTS, Analysis, analyse

__all__ = ["LIMIT", "Swap", "swaps"]

LIMIT = 512
"""The most states for which every adjacent pair is tried."""


@dataclass(frozen=True)
class Swap:
    """One exchange, and what it does.

    Attributes
    ----------
    maker : int
    what : str
        ``"states"`` or ``"statements"``.
    better, worse : str
        What was exchanged, the formerly preferred or more important first.
    gained, lost : dict of concept -> tuple of int
        Equilibria that appear and disappear; only concepts with a change.
    """

    maker: int
    what: str
    better: str
    worse: str
    gained: dict[str, tuple[int, ...]]
    lost: dict[str, tuple[int, ...]]

    @property
    def matters(self) -> bool:
        return bool(self.gained or self.lost)


def swaps(
    model: GraphModel,
    concepts: Sequence[str] = CONCEPTS,
    statements: Sequence[Sequence[Statement]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Swap]:
    """Try every exchange of neighbours in every ranking.

    Parameters
    ----------
    model
        At most :data:`LIMIT` states, preferences known.
    concepts
        Which sets of equilibria to watch.
    statements
        Per decision maker its ordered statements (empty where it has a ranking), to exchange
        neighbouring ones too.
    progress
        Called with what is done and how much there is.

    Raises
    ------
    SizeError
        The model has too many states.

    Examples
    --------
    In chicken it matters to the first who would rather crash than give way, and to win at all:

    >>> from detente.lenses.graph_model.canon import chicken
    >>> [(s.better, s.worse, s.lost["Nash"])
    ...  for s in swaps(chicken(), ["Nash"]) if s.lost and s.maker == 0]
    [('SW', 'WW', (2,)), ('WS', 'SS', (1,))]
    """
    if model.size > LIMIT:
        raise SizeError(
            f"{model.size} states are too many to exchange neighbours one by one",
            expected=f"at most {LIMIT}",
        )
    base = analyse(model, concepts)
    tried: list[tuple[int, str, str, str, Preference]] = []
    for i, preference in enumerate(model.preferences):
        levels = preference.order()
        for upper, lower in pairwise(levels):
            rank = preference.rank.copy()
            rank[upper], rank[lower] = preference.rank[lower[0]], preference.rank[upper[0]]
            names = [" = ".join(model.states[s] for s in part[:4]) for part in (upper, lower)]
            tried.append((i, "states", names[0], names[1], Preference(rank)))
        own = list(statements[i]) if statements else []
        for j in range(len(own) - 1):
            if own[j].strong != own[j + 1].strong:
                continue
            order = [*own[:j], own[j + 1], own[j], *own[j + 2 :]]
            tried.append((i, "statements", own[j].text, own[j + 1].text, by_statements(order)))
    out = []
    for k, (i, what, better, worse, preference) in enumerate(tried):
        changed = analyse(model.with_preference(i, preference), concepts)
        gained, lost = _difference(base, changed)
        out.append(Swap(i, what, better, worse, gained, lost))
        if progress:
            progress(k + 1, len(tried))
    return out


def _difference(
    base: Analysis, changed: Analysis
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    gained, lost = {}, {}
    before, after = base.sets(), changed.sets()
    for concept in before:
        if new := after[concept] - before[concept]:
            gained[concept] = tuple(sorted(new))
        if gone := before[concept] - after[concept]:
            lost[concept] = tuple(sorted(gone))
    return gained, lost
