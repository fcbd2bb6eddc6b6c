"""The events that may be entered next, with their probability at the centre of the ranges.

This needs one solution, so it is there long before the samples. `detente.follow.document.Study` has
the forecast over the samples, which the events have weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.follow.begin import enter_all
from detente.follow.entry import Place, trail
from detente.follow.schema import AS_WRITTEN
from detente.game.place import act_of, menu, movers
from detente.identifiers import NO_TITLES
from detente.scenario.labels import titles_of

if TYPE_CHECKING:
    from detente.arrays import Floats
    from detente.follow.file import Events
    from detente.game.compile import Compiled
    from detente.game.tree import PublicTree

__all__ = ["Way", "menu_after", "ways_from"]


@dataclass(frozen=True)
class Way:
    """An event that may be entered next.

    Attributes
    ----------
    actor : str
        Empty for a result of chance.
    move : str
        The label of the move, or of the result.
    probability : float
        That it comes, given the events. Results of chance may come before a move, so the
        probabilities of several kinds of events do not add up to 1.
    """

    actor: str
    move: str
    probability: float


def menu_after(compiled: Compiled, events: Events | None, reach: Floats) -> tuple[Way, ...]:
    """Return the events that may follow those of a file, or may come first; none after the end.

    Parameters
    ----------
    compiled
        The game of the crisis.
    events
    reach
        Probability of each node in a solution, (n,).

    Raises
    ------
    InputError
        An event does not fit.
    """
    own = compiled.scenario
    steps = []
    if events is not None:
        enter_all(compiled, events)
        steps = [e.step for e in events.file.under(AS_WRITTEN)]
    titles = titles_of(own)
    place = trail(compiled.tree, steps, own.principals, titles).places[-1]
    return ways_from(compiled.tree, place, reach, own.principals, titles)


def ways_from(
    tree: PublicTree, place: Place, reach: Floats, principals: Collection[str],
    titles: Mapping[str, str] = NO_TITLES,
) -> tuple[Way, ...]:
    """Return the events that may be entered at a place: moves first, then results of chance.

    Between two moves of principals, results of chance and moves of third parties may be left out
    of an events file, so all of them up to the next move of a principal may be entered.

    Parameters
    ----------
    tree, place, principals, titles
    reach
        Probability of each node, (n,).

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.follow.entry import ROOT
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> ways = ways_from(game, ROOT, solve(game, 1.0).reach, ["a"])
    >>> [(way.actor, way.move, round(way.probability, 3)) for way in ways]  # 1 / (1 + exp(-0.1))
    [('a', 'talk', 0.525), ('a', 'fight', 0.475)]
    """
    mass: dict[tuple[str, str], float] = {}

    def add(actor: str, child: int, evidence: float) -> None:
        key = actor, act_of(tree.move_into(child), actor).deed(titles)
        mass[key] = mass.get(key, 0.0) + evidence * float(reach[child])

    stack = list(zip(place.nodes.tolist(), place.evidence.tolist(), strict=True))
    total = sum(e * float(reach[node]) for node, e in stack)
    if place.waiting:  # they moved at the same time as the last one
        for node, e in stack:
            for actor in sorted(place.waiting):
                add(actor, node, e)
        stack = []
    while stack:
        node, e = stack.pop()
        who = movers(tree, node)
        for child in menu(tree, node):
            for actor in who or ("",):
                add(actor, child, e)
            if not any(actor in principals for actor in who):
                stack.append((child, e))
    return tuple(sorted(
        (Way(actor, move, m / total if total > 0 else 0.0) for (actor, move), m in mass.items()),
        key=lambda way: (not way.actor, -way.probability)))
