"""Events entered into a tree: the places where the crisis may stand, and the evidence of reports.

After each event the crisis stands at one of several nodes, none below another. The evidence of a
node is the probability of the reports given the moves that lead to it: a factor of 1 for a move
about which nothing was reported, P(report | move) for the others. Chance and the moves of third
parties that are not reported are summed over; the moves of principals must be reported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError
from detente.follow.refusals import no_place, unknown_move
from detente.game.place import act_of, children_named, menu, movers
from detente.game.tree import JOINT, TERMINAL, PublicTree
from detente.identifiers import NO_TITLES

__all__ = ["END", "Choice", "EventError", "Place", "Trail", "ahead", "enter", "trail"]


@dataclass
class EventError(InputError):
    """An event that does not fit the tree; ``event`` is its position."""

    event: int = -1


@dataclass(frozen=True)
class Place:
    """A place where the crisis may stand.

    Attributes
    ----------
    nodes : (F,) int array
        Nodes, none below another.
    evidence : (F,) array
        P(reports | the path to the node).
    waiting : frozenset of str
        Actors who moved at the same time as the last reported one, and are not reported yet.
    """

    nodes: Ints
    evidence: Floats
    waiting: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.nodes)


@dataclass(frozen=True)
class Choice:
    """A decision or a chance that an event resolved, or that comes next.

    Attributes
    ----------
    at : Place
        The nodes at which it was made.
    ways : dict of str to Place
        By label, the nodes that follow, with the evidence so far and without that of the report.
    """

    at: Place
    ways: Mapping[str, Place]


@dataclass(frozen=True)
class Trail:
    """A list of events entered into one tree.

    Attributes
    ----------
    places : tuple of Place
        Where the crisis may stand before the first event and after each.
    choices : tuple of Choice or None
        What each event resolved; None for events that are no step in the tree.
    """

    places: tuple[Place, ...]
    choices: tuple[Choice | None, ...] = ()
    tree: PublicTree | None = field(default=None, repr=False)

    @property
    def nodes(self) -> Ints:
        """All nodes on the way: those of every place and choice, and all nodes above them."""
        tree = self.tree
        assert tree is not None
        seen = set()
        stack = [int(n) for p in self.places for n in p.nodes]
        stack += [int(n) for c in self.choices if c is not None
                  for w in (c.at, *c.ways.values()) for n in w.nodes]
        while stack:
            node = stack.pop()
            if node >= 0 and node not in seen:
                seen.add(node)
                stack.append(int(tree.parent[node]))
        return np.array(sorted(seen), dtype=np.int64)


END = "the end: "
"""The beginning of the label of an end, in a list of what may come next."""
ROOT = Place(np.zeros(1, dtype=np.int64), np.ones(1))
NOWHERE = Place(np.empty(0, dtype=np.int64), np.empty(0))
"""The place after events that cannot happen in a tree."""


def trail(
    tree: PublicTree, entries: Sequence[tuple[str, Mapping[str, float]] | None],
    principals: Collection[str], titles: Mapping[str, str] = NO_TITLES, *, strict: bool = True,
) -> Trail:
    """Enter events into a tree.

    Parameters
    ----------
    tree
    entries
        (actor, {label: P(report | label)}) per event, the actor empty for chance; None for an
        event that is no step in the tree.
    principals
        Actors whose moves must be reported.
    strict
        Whether an event that does not fit is an error. Otherwise it and all later events have
        probability 0: their places have no nodes.

    Raises
    ------
    EventError
        An event does not fit, and ``strict`` is true.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> trail(game, [("a", {"talk": 1.0})], ["a"]).places[-1].nodes.tolist()
    [2]
    """
    places: list[Place] = [ROOT]
    choices: list[Choice | None] = []
    for k, entry in enumerate(entries):
        if entry is None:
            places.append(places[-1])
            choices.append(None)
            continue
        if not len(places[-1]):
            places.append(NOWHERE)
            choices.append(None)
            continue
        try:
            place, choice = enter(tree, places[-1], *entry, principals, titles)
        except InputError as error:
            if not strict:
                places.append(NOWHERE)
                choices.append(None)
                continue
            raise EventError(error.message, expected=error.expected, nearest=error.nearest,
                             event=k) from None
        places.append(place)
        choices.append(choice)
    return Trail(tuple(places), tuple(choices), tree)


def enter(
    tree: PublicTree, place: Place, actor: str, reports: Mapping[str, float],
    principals: Collection[str], titles: Mapping[str, str] = NO_TITLES,
) -> tuple[Place, Choice]:
    """Enter one event: an actor's move, or a result of chance if ``actor`` is empty.

    Returns
    -------
    place, choice
        Where the crisis may stand after it, and what it resolved.

    Raises
    ------
    InputError
        It is the turn of another actor, or no menu there has such a label.
    """
    if actor in place.waiting:
        return _same_time(tree, place, actor, reports, titles)
    if actor:
        def here(node: int) -> bool:
            return actor in movers(tree, node)
    else:
        def here(node: int) -> bool:
            if movers(tree, node) or int(tree.mover[node]) == TERMINAL:
                return False
            return any(_found(tree, node, label, "", titles) for label in reports)
    reached, other = _descend(tree, place, here, principals)
    if not len(reached):
        raise no_place(tree, place.nodes, other, actor, reports, principals, titles)
    ways: dict[str, list[tuple[int, float]]] = {}
    after: list[tuple[int, float]] = []
    factor = _factors(tree, reached.nodes.tolist(), actor, reports, titles)
    for node, e in zip(reached.nodes.tolist(), reached.evidence.tolist(), strict=True):
        for child, move in menu(tree, node).items():
            ways.setdefault(act_of(move, actor).deed(titles), []).append((child, e))
            if child in factor:
                after.append((child, e * factor[child]))
    waiting = frozenset(
        a for n in reached.nodes.tolist() if int(tree.mover[n]) == JOINT
        for a in movers(tree, n) if a != actor)
    return (_place(after, waiting),
            Choice(reached, {label: _place(found) for label, found in ways.items()}))


def ahead(
    tree: PublicTree, place: Place, principals: Collection[str],
    titles: Mapping[str, str] = NO_TITLES,
) -> Choice:
    """Return what may come next: the next moves of principals, and the endings before them."""
    def here(node: int) -> bool:
        return int(tree.mover[node]) == TERMINAL or any(
            a in principals for a in movers(tree, node))

    reached, _ = _descend(tree, place, here, principals)
    ways: dict[str, list[tuple[int, float]]] = {}
    for node, e in zip(reached.nodes.tolist(), reached.evidence.tolist(), strict=True):
        if int(tree.mover[node]) == TERMINAL:
            leaf = int(np.searchsorted(tree.leaves, node))
            label = END + tree.outcome_kinds[int(tree.outcome[leaf])].words(titles)
            ways.setdefault(label, []).append((node, e))
        for child, move in menu(tree, node).items():
            ways.setdefault(move.words(titles), []).append((child, e))
    return Choice(reached, {label: _place(found) for label, found in ways.items()})


def _same_time(
    tree: PublicTree, place: Place, actor: str, reports: Mapping[str, float],
    titles: Mapping[str, str],
) -> tuple[Place, Choice]:
    """Enter the move of an actor who moved at the same time as the last one."""
    pairs = list(zip(place.nodes.tolist(), place.evidence.tolist(), strict=True))
    ups = sorted({int(tree.parent[n]) for n, _ in pairs})
    factor = _factors(tree, ups, actor, reports, titles)
    ways: dict[str, list[tuple[int, float]]] = {}
    for node, e in pairs:
        ways.setdefault(act_of(tree.move_into(node), actor).deed(titles), []).append((node, e))
    after = [(n, e * factor[n]) for n, e in pairs if n in factor]
    return (_place(after, place.waiting - {actor}),
            Choice(place, {label: _place(found) for label, found in ways.items()}))


def _factors(
    tree: PublicTree, nodes: Sequence[int], actor: str, reports: Mapping[str, float],
    titles: Mapping[str, str],
) -> dict[int, float]:
    """Return P(report | the move into each child) for the moves that the reports name.

    Raises
    ------
    InputError
        No menu has a label, or two labels name one move.
    """
    factor: dict[int, float] = {}
    for label, p in reports.items():
        found = [c for n in nodes for c in _found(tree, n, label, actor, titles)]
        if not found:
            raise unknown_move(tree, nodes, label, actor, titles)
        twice = [c for c in found if c in factor]
        if twice:
            deed = act_of(tree.move_into(twice[0]), actor).deed(titles)
            raise InputError(f"two labels name the move {deed!r}",
                             expected="each move once, with its P(report given the move)")
        factor.update(dict.fromkeys(found, p))
    return factor


def _descend(
    tree: PublicTree, place: Place, here: Callable[[int], bool], principals: Collection[str]
) -> tuple[Place, list[int]]:
    """Go down through unreported chance and third parties to the nodes where ``here`` holds.

    Returns
    -------
    place, others
        These nodes, and those at which the way down ended.
    """
    found: list[tuple[int, float]] = []
    other: list[int] = []
    stack = list(zip(place.nodes.tolist(), place.evidence.tolist(), strict=True))[::-1]
    while stack:
        node, e = stack.pop()
        if here(node):
            found.append((node, e))
        elif int(tree.mover[node]) == TERMINAL or any(a in principals for a in movers(tree, node)):
            other.append(node)
        else:
            stack.extend((child, e) for child in reversed(tree.children(node)))
    return _place(found), other


def _found(
    tree: PublicTree, node: int, label: str, actor: str, titles: Mapping[str, str]
) -> list[int]:
    try:
        return children_named(tree, node, label, actor, titles)
    except InputError:
        return []


def _place(pairs: Sequence[tuple[int, float]], waiting: frozenset[str] = frozenset()) -> Place:
    return Place(np.array([n for n, _ in pairs], dtype=np.int64),
                 np.array([e for _, e in pairs], dtype=float), waiting)
