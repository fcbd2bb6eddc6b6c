"""The graph model of a conflict: decision makers, states, moves, preferences.

``R_i(s)`` is the set of states that decision maker ``i`` can reach from ``s`` in one own move.
Preferences are ordinal. Sources: [fang-hipel-kilgour-1993]; unknown preference
[li-hipel-kilgour-fang-2004]; strength of preference [hamouda-kilgour-hipel-2004].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Ints
from detente.errors import InputError, nearest, one_of

__all__ = ["UNKNOWN", "GraphModel", "Moves", "Preference"]

Ranks = NDArray[np.int32]
Codes = NDArray[np.int8]

UNKNOWN = 9
"""Code of an unknown preference in :meth:`Preference.compare`."""


@dataclass(frozen=True)
class Preference:
    """One decision maker's ordinal preference over S states.

    Attributes
    ----------
    rank : (S,) int32
        Higher is better; equal ranks mean indifference. Consecutive from 0.
    tier : (S,) int32 or None
        Strength: ``s`` is *strongly* preferred to ``t`` if ``tier[s] > tier[t]``. Tiers agree with
        ranks. None: no strength is stated.
    unknown_pairs : (k, 2) int64
        Pairs of states whose order is not known.
    unknown_splits : tuple of (class (S,), side (S,))
        The order of two states of one class on different sides is unknown. This represents a
        priority statement of unknown direction.
    """

    rank: Ranks
    tier: Ranks | None = None
    unknown_pairs: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    unknown_splits: tuple[tuple[Ranks, Bools], ...] = ()

    @property
    def has_unknown(self) -> bool:
        return bool(len(self.unknown_pairs) or self.unknown_splits)

    def compare(self, s: int) -> Codes:
        """Compare every state with ``s``.

        Returns
        -------
        (S,) int8
            2, 1: strongly or simply preferred to ``s``; 0: as good; -1, -2: worse; 9: unknown.

        Examples
        --------
        >>> Preference(np.array([2, 0, 1], dtype=np.int32)).compare(2).tolist()
        [1, -1, 0]
        """
        out: Codes = np.sign(self.rank - self.rank[s]).astype(np.int8)
        if self.tier is not None:
            out += np.sign(self.tier - self.tier[s]).astype(np.int8)
        for classes, side in self.unknown_splits:
            out[(classes == classes[s]) & (side != side[s])] = UNKNOWN
        for a, b in ((0, 1), (1, 0)):
            out[self.unknown_pairs[self.unknown_pairs[:, a] == s, b]] = UNKNOWN
        return out

    def order(self) -> list[list[int]]:
        """List the states from best to worst, grouped by rank."""
        by_rank = np.argsort(-self.rank.astype(np.int64), kind="stable")
        cuts = np.nonzero(np.diff(self.rank[by_rank]))[0] + 1
        return [part.tolist() for part in np.split(by_rank, cuts)]


@dataclass(frozen=True)
class Moves:
    """Moves of every decision maker, in compressed rows.

    Attributes
    ----------
    start : (n, S + 1) int64
        Decision maker ``i`` can go from ``s`` to ``to[start[i, s]:start[i, s + 1]]``.
    to : (E,) int32
        The states reached.
    """

    start: Ints
    to: Ranks

    def of(self, i: int, s: int) -> Ranks:
        """Return ``R_i(s)``."""
        return self.to[self.start[i, s] : self.start[i, s + 1]]

    @property
    def count(self) -> int:
        return len(self.to)

    @cached_property
    def sources(self) -> Ranks:
        """Initial state of each move, (E,)."""
        n, width = self.start.shape
        lengths = np.diff(self.start, axis=1).ravel()
        return np.repeat(np.tile(np.arange(width - 1, dtype=np.int32), n), lengths)

    @cached_property
    def backward(self) -> Moves:
        """The same moves, listed by their final state."""
        n, width = self.start.shape
        states = width - 1
        start = np.zeros((n, width), dtype=np.int64)
        to = np.empty_like(self.to)
        for i in range(n):
            first, last = self.start[i, 0], self.start[i, -1]
            targets = self.to[first:last]
            start[i] = first
            start[i, 1:] += np.cumsum(np.bincount(targets, minlength=states))
            to[first:last] = self.sources[first:last][np.argsort(targets, kind="stable")]
        return Moves(start, to)

    def only(self, keep: Bools) -> Moves:
        """Return the moves marked in ``keep``, (E,)."""
        kept = np.concatenate(([0], np.cumsum(keep)))
        return Moves(kept[self.start], self.to[keep])

    @classmethod
    def of_lists(cls, lists: Sequence[Mapping[int, Sequence[int]]], states: int) -> Moves:
        """Build from one mapping ``state -> states reached`` per decision maker.

        Examples
        --------
        >>> Moves.of_lists([{0: [1]}, {1: [0, 2]}], 3).of(1, 1).tolist()
        [0, 2]
        """
        start = np.zeros((len(lists), states + 1), dtype=np.int64)
        to: list[int] = []
        for i, of_one in enumerate(lists):
            start[i, 0] = len(to)
            for s in range(states):
                to.extend(sorted(set(of_one.get(s, ())) - {s}))
                start[i, s + 1] = len(to)
        return cls(start, np.array(to, dtype=np.int32))


@dataclass(frozen=True)
class GraphModel:
    """A conflict in graph form.

    Attributes
    ----------
    names : tuple of str
        The n decision makers.
    states : tuple of str
        The S states.
    moves : Moves
        Moves of each decision maker.
    preferences : tuple of Preference
        One per decision maker.
    status_quo : int or None
        Today's state.
    options : tuple of (decision maker, option)
        Columns of the option form, if the model has one.
    vectors : (S, K) bool or None
        Options taken in each state; a merged state shows its first member.
    merged : tuple of int
        States that represent several option vectors.

    Examples
    --------
    The prisoner's dilemma, built by hand:

    >>> import detente.lenses.graph_model as gm
    >>> pd = gm.by_hand(["CC", "CD", "DC", "DD"],
    ...     moves={"row": [("CC", "DC"), ("DC", "CC"), ("CD", "DD"), ("DD", "CD")],
    ...            "column": [("CC", "CD"), ("CD", "CC"), ("DC", "DD"), ("DD", "DC")]},
    ...     ranking={"row": ["DC", "CC", "DD", "CD"], "column": ["CD", "CC", "DD", "DC"]})
    >>> found = gm.analyse(pd)
    >>> found.names("Nash"), found.names("SEQ")
    (['DD'], ['CC', 'DD'])
    """

    names: tuple[str, ...]
    states: tuple[str, ...]
    moves: Moves
    preferences: tuple[Preference, ...]
    status_quo: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    vectors: Bools | None = None
    merged: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return len(self.names)

    @property
    def size(self) -> int:
        return len(self.states)

    @property
    def has_unknown(self) -> bool:
        return any(p.has_unknown for p in self.preferences)

    @property
    def has_strength(self) -> bool:
        return any(p.tier is not None for p in self.preferences)

    @cached_property
    def improvements(self) -> Moves:
        """The unilateral improvements ``R_i+``: moves to a state known to be preferred."""
        return self.moves.only(self._gains(with_unknown=False))

    @cached_property
    def improvements_or_unknown(self) -> Moves:
        """Moves to a state that is preferred or of unknown preference."""
        return self.moves.only(self._gains(with_unknown=True))

    def _gains(self, with_unknown: bool) -> Bools:
        moves = self.moves
        keep = np.zeros(moves.count, dtype=bool)
        for i, preference in enumerate(self.preferences):
            part = slice(moves.start[i, 0], moves.start[i, -1])
            here, there = moves.sources[part], moves.to[part]
            better = preference.rank[there] > preference.rank[here]
            for classes, side in preference.unknown_splits:
                split = (classes[here] == classes[there]) & (side[here] != side[there])
                better[split] = with_unknown
            if len(preference.unknown_pairs):
                a, b = preference.unknown_pairs.T
                known = np.concatenate((a * self.size + b, b * self.size + a))
                pair = np.isin(here.astype(np.int64) * self.size + there, known)
                better[pair] = with_unknown
            keep[part] = better
        return keep

    def state(self, name: str) -> int:
        """Return the index of a state by name."""
        try:
            return self.states.index(name)
        except ValueError:
            raise InputError(
                f"no state {name!r}", expected=one_of(name, self.states[:5000]),
                nearest=nearest(name, self.states[:5000]),
            ) from None

    def maker(self, name: str) -> int:
        """Return the index of a decision maker by name."""
        try:
            return self.names.index(name)
        except ValueError:
            raise InputError(
                f"no decision maker {name!r}", expected=one_of(name, self.names),
                nearest=nearest(name, self.names),
            ) from None

    def with_preference(self, i: int, preference: Preference) -> GraphModel:
        """Return the model with another preference of decision maker ``i``."""
        changed = (*self.preferences[:i], preference, *self.preferences[i + 1 :])
        return replace(self, preferences=changed)
