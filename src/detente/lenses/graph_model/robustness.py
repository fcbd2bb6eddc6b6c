"""Robustness of the equilibria to a swap of adjacent levels in one ranking.

Preferences are the least certain part of a graph model. Each pair of adjacent levels of each
ranking is swapped in turn, and the model is analysed again. If a decision maker has ordered
statements, adjacent statements are swapped too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.errors import SizeError
from detente.lenses.graph_model.model import GraphModel, Preference
from detente.lenses.graph_model.preferences import Statement, by_statements
from detente.lenses.graph_model.stability import CONCEPTS, Stability, analyse

__all__ = ["LIMIT", "Swap", "swaps"]

LIMIT = 512
"""Largest number of states for which every adjacent pair is swapped."""


@dataclass(frozen=True)
class Swap:
    """One swap and its effect on the equilibria.

    Attributes
    ----------
    maker : int
    what : str
        ``"states"`` or ``"statements"``.
    better, worse : tuple of str
        The states of the swapped levels (at most four of each), or the one statement; ``better``
        was preferred or more important before.
    gained, lost : dict of concept -> tuple of int
        Equilibria that appear and disappear; only concepts with a change.
    """

    maker: int
    what: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
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
    """Try every swap of adjacent levels in every ranking.

    Parameters
    ----------
    model
        A model of at most :data:`LIMIT` states with known preferences.
    concepts
        Stability concepts whose equilibria are compared.
    statements
        Ordered statements per decision maker (empty if it has a ranking). Adjacent statements are
        swapped too.
    progress
        Called with the number of swaps done and the total.

    Raises
    ------
    SizeError
        The model has too many states.

    Examples
    --------
    Two swaps in the row player's ranking of chicken change the Nash equilibria:

    >>> from detente.lenses.graph_model.canon import chicken
    >>> [(s.better, s.worse, s.lost["Nash"])
    ...  for s in swaps(chicken(), ["Nash"]) if s.lost and s.maker == 0]
    [(('SW',), ('WW',), (2,)), (('WS',), ('SS',), (1,))]
    """
    if model.size > LIMIT:
        raise SizeError(
            f"{model.size} states are too many to swap adjacent levels one by one",
            expected=f"at most {LIMIT} states",
        )
    base = analyse(model, concepts)
    tried: list[tuple[int, str, tuple[str, ...], tuple[str, ...], Preference]] = []
    for i, preference in enumerate(model.preferences):
        levels = preference.order()
        for upper, lower in pairwise(levels):
            rank = preference.rank.copy()
            rank[upper], rank[lower] = preference.rank[lower[0]], preference.rank[upper[0]]
            names = [tuple(model.states[s] for s in part[:4]) for part in (upper, lower)]
            tried.append((i, "states", names[0], names[1], Preference(rank)))
        own = list(statements[i]) if statements else []
        for j in range(len(own) - 1):
            if own[j].strong != own[j + 1].strong:
                continue
            order = [*own[:j], own[j + 1], own[j], *own[j + 2 :]]
            tried.append((i, "statements", (own[j].text,), (own[j + 1].text,),
                          by_statements(order)))
    out = []
    for k, (i, what, better, worse, preference) in enumerate(tried):
        changed = analyse(model.with_preference(i, preference), concepts)
        gained, lost = _difference(base, changed)
        out.append(Swap(i, what, better, worse, gained, lost))
        if progress:
            progress(k + 1, len(tried))
    return out


def _difference(
    base: Stability, changed: Stability
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    gained, lost = {}, {}
    before, after = base.sets(), changed.sets()
    for concept in before:
        if new := after[concept] - before[concept]:
            gained[concept] = tuple(sorted(new))
        if gone := before[concept] - after[concept]:
            lost[concept] = tuple(sorted(gone))
    return gained, lost
