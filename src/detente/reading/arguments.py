"""Abstract argumentation: the extensions of a framework of arguments and attacks.

A framework is a set of arguments with a relation of attack [dung-1995]. A labelling calls each
argument in, out or undecided. It is complete if an argument is in exactly if all of its attackers
are out, and out exactly if one of them is in. The sets of arguments that are in are the complete
extensions. The least is the grounded extension, the maximal ones are the preferred extensions, and
those that leave no argument undecided are the stable extensions.

The condition on an argument concerns its attackers only. The search therefore goes through the
strongly connected components in the order of the attacks [baroni-giacomin-guida-2005]. Within a
component it propagates labels and branches only on an argument that stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from detente.errors import InputError, nearest, one_of

__all__ = ["MOST_EXTENSIONS", "Framework", "complete", "components", "grounded", "preferred",
           "stable"]

Extension = frozenset[str]

IN, OUT, UNDECIDED = 1, 2, 4
ANY = IN | OUT | UNDECIDED
MOST_EXTENSIONS = 20_000
"""Extensions that are listed; their number may grow exponentially."""


@dataclass(frozen=True)
class Framework:
    """Arguments and attacks.

    Attributes
    ----------
    arguments : tuple of str
        The names, in the order of output.
    attacks : frozenset of (str, str)
        Attacker and target. An argument may attack itself.

    Raises
    ------
    InputError
        A name is given twice, or an attack names no argument.

    Examples
    --------
    >>> framework = Framework.of("abc", ["ab", "ba", "bc"])
    >>> sorted(framework.attackers["c"])
    ['b']
    """

    arguments: tuple[str, ...]
    attacks: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        twice = sorted({a for a in self.arguments if self.arguments.count(a) > 1})
        if twice:
            raise InputError(f"the argument {twice[0]!r} is given twice",
                             expected="a name of its own for each argument")
        for name in sorted(set(chain.from_iterable(self.attacks)) - set(self.arguments)):
            raise InputError(f"an attack names {name!r}, which is no argument",
                             expected=one_of(name, self.arguments),
                             nearest=nearest(name, self.arguments))

    @classmethod
    def of(cls, arguments: Iterable[str], attacks: Iterable[Iterable[str]] = ()) -> Framework:
        """Return a framework from names and pairs of names."""
        pairs = [tuple(pair) for pair in attacks]
        return cls(tuple(arguments), frozenset((a, b) for a, b in pairs))

    @cached_property
    def attackers(self) -> Mapping[str, frozenset[str]]:
        """The attackers of each argument."""
        return self._neighbours(1)

    @cached_property
    def targets(self) -> Mapping[str, frozenset[str]]:
        """The arguments that each argument attacks."""
        return self._neighbours(0)

    def _neighbours(self, end: int) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {a: set() for a in self.arguments}
        for pair in self.attacks:
            found[pair[end]].add(pair[1 - end])
        return {a: frozenset(those) for a, those in found.items()}


def components(framework: Framework) -> list[tuple[str, ...]]:
    """Return the strongly connected components, each after those that attack it.

    Examples
    --------
    >>> components(Framework.of("abcd", ["ab", "ba", "ac", "cd"]))
    [('a', 'b'), ('c',), ('d',)]
    """
    from graphlib import TopologicalSorter

    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    place = {a: k for k, a in enumerate(framework.arguments)}
    if not place:
        return []
    rows = [place[a] for a, _ in framework.attacks]
    columns = [place[b] for _, b in framework.attacks]
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(place), len(place)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    members: dict[int, list[str]] = {}
    for a, label in zip(framework.arguments, labels.tolist(), strict=True):
        members.setdefault(label, []).append(a)
    order: TopologicalSorter[int] = TopologicalSorter({label: set() for label in members})
    for i, j in zip(rows, columns, strict=True):
        if labels[i] != labels[j]:
            order.add(int(labels[j]), int(labels[i]))
    return [tuple(members[label]) for label in order.static_order()]


def grounded(framework: Framework) -> Extension:
    """Return the grounded extension: the arguments that must be accepted.

    It is the least complete extension, and so a subset of every preferred one. Two arguments that
    attack each other leave both out.

    Examples
    --------
    >>> sorted(grounded(Framework.of("abc", ["ab", "bc"])))
    ['a', 'c']
    >>> grounded(Framework.of("ab", ["ab", "ba"]))
    frozenset()
    """
    inside: set[str] = set()
    outside: set[str] = set()
    ready = [a for a in framework.arguments if not framework.attackers[a]]
    while ready:
        inside.update(ready)
        lost = {b for a in ready for b in framework.targets[a]} - outside
        outside |= lost
        touched = {c for b in lost for c in framework.targets[b]} - inside - outside
        ready = [c for c in touched if framework.attackers[c] <= outside]
    return frozenset(inside)


def complete(framework: Framework) -> list[Extension]:
    """Return the complete extensions: conflict-free sets of exactly what they defend.

    Raises
    ------
    InputError
        There are more than `MOST_EXTENSIONS`.

    Examples
    --------
    >>> [sorted(e) for e in complete(Framework.of("ab", ["ab", "ba"]))]
    [[], ['a'], ['b']]
    """
    return _search(framework, ANY)


def preferred(framework: Framework) -> list[Extension]:
    """Return the preferred extensions: the maximal sets that defend themselves.

    They are maximal in each strongly connected component, given the labels of the earlier ones.

    Examples
    --------
    >>> [sorted(e) for e in preferred(Framework.of("abcd", ["ab", "ba", "ac", "bc", "cd"]))]
    [['a', 'd'], ['b', 'd']]
    >>> preferred(Framework.of("abc", ["ab", "bc", "ca"]))
    [frozenset()]
    """
    return _search(framework, ANY, maximal=True)


def stable(framework: Framework) -> list[Extension]:
    """Return the stable extensions: conflict-free sets that attack everything else.

    Examples
    --------
    >>> stable(Framework.of("abc", ["ab", "bc", "ca"]))
    []
    """
    return _search(framework, IN | OUT)


def _search(framework: Framework, allowed: int, maximal: bool = False) -> list[Extension]:
    """Return the extensions whose labels are among ``allowed``, in the order of their names."""
    partial: list[dict[str, int]] = [{}]
    for part in components(framework):
        longer: list[dict[str, int]] = []
        for before in partial:
            found = list(_inside(framework, part, before, allowed))
            if maximal:
                found = _maximal(found, part)
            longer += [before | labels for labels in found]
            if len(longer) > MOST_EXTENSIONS:
                raise InputError(
                    f"the framework of {len(framework.arguments)} arguments has more than "
                    f"{MOST_EXTENSIONS} extensions of this kind",
                    expected="fewer mutual attacks without a decision, or a smaller question")
        partial = longer
    sets = [frozenset(a for a, label in labels.items() if label == IN) for labels in partial]
    place = {a: k for k, a in enumerate(framework.arguments)}
    return sorted(sets, key=lambda e: sorted(place[a] for a in e))


def _maximal(found: list[dict[str, int]], part: tuple[str, ...]) -> list[dict[str, int]]:
    sets = [frozenset(a for a in part if labels[a] == IN) for labels in found]
    return [labels for labels, own in zip(found, sets, strict=True)
            if not any(own < other for other in sets)]


def _inside(
    framework: Framework, part: tuple[str, ...], before: Mapping[str, int], allowed: int
) -> Iterator[dict[str, int]]:
    """Yield the complete labellings of a component, given the labels of its outer attackers."""
    members = frozenset(part)
    outer = {a: [before[b] for b in framework.attackers[a] - members] for a in part}
    inner = {a: framework.attackers[a] & members for a in part}
    near = {a: [a, *(framework.targets[a] & members)] for a in part}

    def narrowed(domains: dict[str, int], touched: Iterable[str]) -> dict[str, int] | None:
        """Remove labels that no labelling of the neighbours permits; None if none is left."""
        domains = dict(domains)
        waiting = list(touched)
        while waiting:
            a = waiting.pop()
            own = domains[a]
            around = [*outer[a], *(domains[b] for b in inner[a])]
            if not all(d & OUT for d in around):
                own &= ~IN
            if not any(d & IN for d in around):
                own &= ~OUT
            if any(d == IN for d in around) or not any(d & UNDECIDED for d in around):
                own &= ~UNDECIDED
            if not own:
                return None
            cut = {b: domains[b] for b in inner[a]}
            if own == IN:
                cut = {b: d & OUT for b, d in cut.items()}
            elif own == UNDECIDED:
                cut = {b: d & ~IN for b, d in cut.items()}
            for needed in (OUT, UNDECIDED):
                sought = IN if needed == OUT else UNDECIDED
                able = [b for b in cut if cut[b] & sought]
                if own == needed and sought not in outer[a] and len(able) == 1:
                    cut[able[0]] &= sought
            changed = [b for b, d in cut.items() if d != domains[b]]
            if a in cut:  # it attacks itself
                own &= cut[a]
            if own != domains[a]:
                changed.append(a)
            domains.update(cut)
            domains[a] = own
            if not all(domains[b] for b in changed):
                return None
            # A narrower domain concerns the argument itself and those it attacks.
            waiting += [c for b in changed for c in near[b]]
        return domains

    def extend(domains: dict[str, int]) -> Iterator[dict[str, int]]:
        open_ = [a for a in part if domains[a] & (domains[a] - 1)]
        if not open_:
            yield domains
            return
        # The argument with the most neighbours decides the most others.
        a = max(open_, key=lambda x: len(inner[x]) + len(near[x]))
        for label in (IN, OUT, UNDECIDED):
            if domains[a] & label:
                tried = narrowed(domains | {a: label}, near[a])
                if tried is not None:
                    yield from extend(tried)

    start = narrowed(dict.fromkeys(part, allowed), part)
    if start is not None:
        yield from extend(start)
