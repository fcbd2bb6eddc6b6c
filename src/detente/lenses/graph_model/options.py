"""From options to states and moves.

Every decision maker has yes/no options, and a state is a feasible combination of options. A move
changes any of a decision maker's own options and keeps the others' options. Combinations can be
infeasible, options or patterns can be irreversible, and equivalent combinations can be merged into
one state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools
from detente.errors import InputError, SizeError, nearest, one_of
from detente.kernel_cache import njit
from detente.lenses.graph_model.model import Moves
from detente.lenses.graph_model.statements import check_option, evaluate

__all__ = ["MOST_MOVES", "MOST_OPTIONS", "OneWay", "OptionForm", "StateSpace", "matches"]

MOST_OPTIONS = 20
MOST_MOVES = 40_000_000
"""Most moves of a model. 33 million took 5 seconds and 0.7 GB on one core."""


@dataclass(frozen=True)
class OneWay:
    """A move of ``maker`` that cannot be made, from states of one description to another.

    ``start`` and ``end`` are statements or patterns.
    """

    maker: str
    start: str
    end: str


@dataclass(frozen=True)
class OptionForm:
    """A conflict written as options.

    Attributes
    ----------
    options : mapping of decision maker -> its option ids
    infeasible : sequence of str
        Statements or patterns (``"YY--"``); a combination that matches one of them is omitted.
    kept, dropped : sequence of option ids
        Options that cannot be withdrawn after they are taken, or taken after they are withdrawn.
    one_way : sequence of OneWay
        Further moves that cannot be made.
    merged : mapping of state name -> statement or pattern
        Combinations that form one state.
    """

    options: Mapping[str, Sequence[str]]
    infeasible: Sequence[str] = ()
    kept: Sequence[str] = ()
    dropped: Sequence[str] = ()
    one_way: Sequence[OneWay] = ()
    merged: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """All (decision maker, option), in order."""
        return tuple((maker, o) for maker, own in self.options.items() for o in own)

    def space(self) -> StateSpace:
        """Build the states and the moves.

        States are in the order of their combinations as binary numbers, in which the *first* option
        varies fastest. Merged states are last.

        Raises
        ------
        SizeError
            The form has too many options or moves.
        InputError
            A statement cannot be read, no combination is feasible, or two merged states overlap.

        Examples
        --------
        >>> form = OptionForm({"a": ["x", "y"]}, infeasible=["x and y"], kept=["x"])
        >>> space = form.space()
        >>> space.labels, [space.moves.of(0, s).tolist() for s in range(3)]
        (('NN', 'YN', 'NY'), [[1, 2], [], [0, 1]])
        """
        names = self.columns
        k = len(names)
        if not k:
            raise InputError("there are no options", expected="at least one option")
        if k > MOST_OPTIONS:
            many = f"{2**k:,}" if k <= 40 else "too many"
            raise SizeError(
                f"{k} options make {many} combinations",
                expected=f"at most {MOST_OPTIONS} options; merge or drop some",
            )
        for _, option in names:
            check_option(option)
        codes = np.arange(2**k, dtype=np.int64)
        for pattern in self.infeasible:
            codes = codes[~matches(pattern, codes, names)]
        if not len(codes):
            raise InputError("every combination of options is infeasible",
                             expected="at least one feasible combination; remove a condition")
        return self._space(codes)

    def _space(self, codes: NDArray[np.int64]) -> StateSpace:
        names, sizes = self.columns, [len(own) for own in self.options.values()]
        of, merged_codes = self._merge(codes)
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        masks = [((1 << size) - 1) << int(offsets[i]) for i, size in enumerate(sizes)]
        locked_on = sum({1 << self.number(o) for o in self.kept})
        locked_off = sum({1 << self.number(o) for o in self.dropped})
        states = int(of.max()) + 1
        start = np.zeros((len(sizes), states + 1), dtype=np.int64)
        parts: list[NDArray[np.int32]] = []
        total = self._count(codes, masks)
        if total > MOST_MOVES:
            raise SizeError(
                f"the model has about {total:,} moves",
                expected=f"at most {MOST_MOVES:,}; split the options of one decision maker, "
                "or declare combinations infeasible",
            )
        done = 0
        for i, (maker, mask) in enumerate(zip(self.options, masks, strict=True)):
            group = np.argsort(codes & ~mask, kind="stable")
            keys = (codes & ~mask)[group]
            firsts = np.concatenate(([0], np.nonzero(np.diff(keys))[0] + 1, [len(keys)]))
            blocked = self._blocked(maker, codes, names)
            a, b = _within_groups(codes, group, firsts, locked_on, locked_off, *blocked)
            if len(merged_codes):
                pair = np.unique(of[a].astype(np.int64) * states + of[b])
                a, b = (pair // states).astype(np.int32), (pair % states).astype(np.int32)
                a, b = a[a != b], b[a != b]
            else:
                by = np.argsort(a, kind="stable")
                a, b = a[by], b[by]
            start[i] = done
            start[i, 1:] += np.cumsum(np.bincount(a, minlength=states))
            parts.append(b.astype(np.int32))
            done += len(b)
        moves = Moves(start, np.concatenate(parts))
        shown = np.empty(states, dtype=np.int64)
        shown[of[::-1]] = codes[::-1]  # a merged state shows its first member
        vectors = (shown[:, None] >> np.arange(len(names))) & 1 == 1
        labels = [_label(v, sizes) for v in vectors]
        for name, s in merged_codes.items():
            labels[s] = name
        return StateSpace(
            tuple(labels), moves, vectors, codes, of, tuple(names), dict(merged_codes)
        )

    def number(self, option: str) -> int:
        """Return the position of an option, named by its id or as ``maker.id``."""
        columns = self.columns
        hit = [j for j, (m, o) in enumerate(columns) if option in (o, f"{m}.{o}")]
        if not hit:
            raise InputError(
                f"no option {option!r}", expected=one_of(option, [o for _, o in columns]),
                nearest=nearest(option, [o for _, o in columns]),
            )
        if len(hit) > 1:
            raise InputError(
                f"two decision makers have an option {option!r}",
                expected=" or ".join(f"{columns[j][0]}.{option}" for j in hit),
            )
        return hit[0]

    def _merge(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.int32], dict[str, int]]:
        """Return the state of each combination, and the index of each merged state."""
        merged = np.full(len(codes), -1, dtype=np.int64)
        for k, (name, pattern) in enumerate(self.merged.items()):
            hit = matches(pattern, codes, self.columns)
            if not hit.any():
                raise InputError(
                    f"no combination matches the merged state {name!r}: {pattern!r}",
                    field=f"merged.{name}", expected="a pattern that matches a feasible state",
                )
            if (merged[hit] >= 0).any():
                raise InputError(
                    f"the merged state {name!r} overlaps another", field=f"merged.{name}",
                    expected="merged states without a common combination",
                )
            merged[hit] = k
        single = merged < 0
        of = np.empty(len(codes), dtype=np.int32)
        of[single] = np.arange(int(single.sum()), dtype=np.int32)
        of[~single] = merged[~single] + int(single.sum())
        return of, {name: int(single.sum()) + k for k, name in enumerate(self.merged)}

    def _blocked(
        self, maker: str, codes: NDArray[np.int64], names: tuple[tuple[str, str], ...]
    ) -> tuple[Bools, Bools]:
        rules = [rule for rule in self.one_way if rule.maker == maker]
        start = np.zeros((len(rules), len(codes)), dtype=bool)
        end = np.zeros((len(rules), len(codes)), dtype=bool)
        for r, rule in enumerate(rules):
            start[r] = matches(rule.start, codes, names)
            end[r] = matches(rule.end, codes, names)
        return start, end

    @staticmethod
    def _count(codes: NDArray[np.int64], masks: Sequence[int]) -> int:
        total = 0
        for mask in masks:
            _, sizes = np.unique(codes & ~mask, return_counts=True)
            total += int((sizes.astype(np.int64) * (sizes - 1)).sum())
        return total


@dataclass(frozen=True)
class StateSpace:
    """States and moves made from options.

    Attributes
    ----------
    labels : tuple of str
        ``"YN|N"``: options taken, with a bar between decision makers; or a merged state's name.
    moves : Moves
    vectors : (S, K) bool
    codes : (F,) int64
        The feasible combinations as binary numbers, first option lowest.
    of : (F,) int32
        The state each combination belongs to.
    columns : tuple of (decision maker, option)
    merged : dict of name -> state
    """

    labels: tuple[str, ...]
    moves: Moves
    vectors: Bools
    codes: NDArray[np.int64]
    of: NDArray[np.int32]
    columns: tuple[tuple[str, str], ...]
    merged: dict[str, int]

    def where(self, text: str) -> Bools:
        """Return the states in which a statement or pattern holds, (S,) bool.

        Raises
        ------
        InputError
            The text cannot be read, or it holds in only some members of a merged state.
        """
        at = matches(text, self.codes, self.columns)
        out = np.zeros(len(self.labels), dtype=bool)
        out[self.of[at]] = True
        if self.merged:
            other = np.zeros(len(self.labels), dtype=bool)
            other[self.of[~at]] = True
            for name, s in self.merged.items():
                if out[s] and other[s]:
                    raise InputError(
                        f"{text!r} holds in some of the combinations merged into {name!r} "
                        "and not in others",
                        expected="a statement that holds in all of them or in none",
                    )
        return out


def matches(text: str, codes: NDArray[np.int64], columns: Sequence[tuple[str, str]]) -> Bools:
    """Return which combinations a pattern or a statement describes.

    A pattern has one sign per option: Y, N or - (either). Spaces and bars are ignored.

    Examples
    --------
    >>> matches("Y-", np.arange(4), [("a", "x"), ("b", "y")]).astype(int).tolist()
    [0, 1, 0, 1]
    """
    bare = text.replace("|", "").replace(" ", "")
    if bare and set(bare) <= set("YN-") and text not in [option for _, option in columns]:
        if len(bare) != len(columns):
            raise InputError(
                f"the pattern {text!r} has {len(bare)} signs", expected=f"{len(columns)}"
            )
        hit = np.ones(len(codes), dtype=bool)
        for j, sign in enumerate(bare):
            if sign != "-":
                hit &= ((codes >> j) & 1 == 1) == (sign == "Y")
        return hit
    return evaluate(text, _Columns(codes, columns))


class _Columns(dict[str, Bools]):
    """Option columns by id and by ``maker.id``. An id that two makers use must be qualified."""

    def __init__(self, codes: NDArray[np.int64], columns: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        ids = [o for _, o in columns]
        for j, (maker, option) in enumerate(columns):
            column = (codes >> j) & 1 == 1
            if ids.count(option) == 1:
                self[option] = column
            self[f"{maker}.{option}"] = column


def _label(vector: Bools, sizes: Sequence[int]) -> str:
    text = "".join("Y" if taken else "N" for taken in vector)
    cuts = np.concatenate(([0], np.cumsum(sizes)))
    return "|".join(text[a:b] for a, b in pairwise(cuts))


@njit()
def _within_groups(codes, group, firsts, locked_on, locked_off, start, end):  # type: ignore[no-untyped-def]
    """Return all allowed moves within groups of states that differ only in one maker's options."""
    total = 0
    for g in range(len(firsts) - 1):
        size = firsts[g + 1] - firsts[g]
        total += size * (size - 1)
    a, b = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    count = 0
    for g in range(len(firsts) - 1):
        for p in range(firsts[g], firsts[g + 1]):
            for q in range(firsts[g], firsts[g + 1]):
                s, t = group[p], group[q]
                if s == t or codes[s] & ~codes[t] & locked_on or codes[t] & ~codes[s] & locked_off:
                    continue
                allowed = True
                for r in range(len(start)):
                    if start[r, s] and end[r, t]:
                        allowed = False
                        break
                if allowed:
                    a[count], b[count] = s, t
                    count += 1
    return a[:count], b[:count]
