"""What a claim may speak of in one crisis: actors, moves, rungs, endings, types, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree

if TYPE_CHECKING:
    from detente.game.explore import Graph

__all__ = ["WAR", "Names", "matching", "parts", "same"]

WAR = ("war", "wider war", "loss to all")
"""The endings that count as war in a game built by hand; in a crisis its mechanisms say so."""


def plain(text: str) -> list[str]:
    """Return a name's words in lower case, without underscores and the words ``to`` and ``the``.

    Examples
    --------
    >>> plain("escalate_to_Limited strike"), plain("offer 0.70")
    (['escalate', 'limited', 'strike'], ['offer', '0.7'])
    """
    words = re.findall(r"[0-9]+(?:\.[0-9]+)?|[^\W\d_]+", text.lower())
    return [f"{float(w):g}" if w[0].isdigit() else w for w in words if w not in ("to", "the")]


def same(a: str, b: str) -> bool:
    """Whether two names are the same but for case, underscores and spaces."""
    return plain(a) == plain(b)


def matching(asked: str, known: Iterable[str]) -> list[str]:
    """Return the names that begin with the words asked for; those that are exactly it alone.

    Examples
    --------
    >>> matching("offer", ["offer 0.5", "offer 0.6", "accept"])
    ['offer 0.5', 'offer 0.6']
    """
    words = plain(asked)
    if not words:
        return []
    known = list(known)
    exact = [name for name in known if plain(name) == words]
    return exact or [name for name in known if plain(name)[: len(words)] == words]


def parts(label: str, players: tuple[str, ...]) -> list[str]:
    """Return what each participant does in the label of a simultaneous move.

    Examples
    --------
    >>> parts("east open, west closed", ("east", "west")), parts("up & left", ("row", "column"))
    (['open', 'closed'], ['up', 'left'])
    """
    for mark in (", ", " & "):
        split = label.split(mark)
        if len(split) == len(players):
            return [
                text.removeprefix(f"{who}: ").removeprefix(f"{who} ")
                for text, who in zip(split, players, strict=True)
            ]
    return [label] * len(players)


@dataclass(frozen=True)
class Names:
    """The names of one crisis.

    Attributes
    ----------
    actors : tuple of str
        Everybody in the file.
    players : tuple of str
        Those who move or know something, and so have values.
    moves : dict of actor to tuple of str
        Labels without the actor's name.
    chances, outcomes : tuple of str
        What chance can do; how it can end.
    rungs : tuple of str
        Rungs of the ladder that are no ending, lowest first.
    start : dict of actor to int
        Position of the rung it begins on.
    acting : tuple of str
        Mechanisms with a moment at which they come into play.
    mechanisms, packages : tuple of str
        What ``without`` can take away, besides ``offers``.
    types : dict of actor to dict of quantity to tuple of str
        Labels of the types.
    numbers : tuple of str
        Paths of the file's numbers.
    structure : frozenset of str
        Paths that are no numbers.
    """

    actors: tuple[str, ...]
    players: tuple[str, ...]
    moves: Mapping[str, tuple[str, ...]]
    chances: tuple[str, ...]
    outcomes: tuple[str, ...]
    rungs: tuple[str, ...] = ()
    start: Mapping[str, int] = field(default_factory=dict)
    acting: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    types: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    structure: frozenset[str] = frozenset()
    wars: tuple[str, ...] = WAR
    """Endings that ``war`` stands for."""
    unlike: bool = False
    """Whether actors hold unlike priors."""

    @classmethod
    def of_graph(cls, graph: Graph) -> Names:
        """Return the names of a crisis whose public states are explored."""
        from detente.scenario.paths import structure

        rules = graph.rules
        scenario = rules.scenario
        known = ()
        if scenario.offers is not None:
            known = tuple(p.name for p in scenario.offers.packages or [])
        rungs = tuple(r.name for r in rules.rungs)
        return cls(
            actors=tuple(scenario.actors), players=graph.players,
            moves=_moves(graph), chances=_chances(graph), outcomes=graph.outcomes, rungs=rungs,
            start={p: rungs.index(scenario.start_rung(p)) for p in rules.principals if rungs},
            acting=tuple(m.key for m in rules.mechanisms if m.index in set(graph.owner.tolist())),
            mechanisms=tuple(e.id for e in scenario.mechanisms), packages=known,
            types={
                actor: {q: spec.discretise().labels for q, spec in rules.quantities(actor).items()}
                for actor in graph.players
            },
            numbers=tuple(rules.numbers), structure=frozenset(structure(scenario)),
            wars=tuple(name for name in graph.outcomes if name in rules.wars),
            unlike=any(m.tilts is not None for m in rules.mechanisms),
        )

    @classmethod
    def of_tree(cls, tree: PublicTree) -> Names:
        """Return the names of a game built by hand; its types are one quantity called ``type``."""
        moves: dict[str, dict[str, None]] = {p: {} for p in tree.players}
        chances: dict[str, None] = {}
        for c in range(1, tree.n_nodes):
            label = tree.move_names[tree.move[c]]
            mover = int(tree.mover[tree.parent[c]])
            if mover >= 0:
                moves[tree.players[mover]][label.removeprefix(f"{tree.players[mover]}: ")] = None
            elif mover == JOINT:
                seats = tuple(tree.players[i] for i in tree.joints[int(tree.parent[c])].players)
                for who, what in zip(seats, parts(label, seats), strict=True):
                    moves[who][what] = None
            else:
                chances[label] = None
        return cls(
            actors=tree.players, players=tree.players,
            moves={who: tuple(found) for who, found in moves.items()}, chances=tuple(chances),
            outcomes=tree.outcome_names,
            types={
                player: {"type": labels}
                for player, labels in zip(tree.players, tree.type_labels, strict=True)
                if len(labels) > 1
            },
            unlike=tree.observer_prior is not None,
        )


def _moves(graph: Graph) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {p: {} for p in graph.players}
    for state, label, mover in _edges(graph):
        if mover >= 0:
            who = graph.players[mover]
            found[who][label.removeprefix(f"{who}: ")] = None
        elif mover == JOINT:
            seats = tuple(graph.players[k] for k in graph.joint[state][0])
            for who, what in zip(seats, parts(label, seats), strict=True):
                found[who][what] = None
    return {who: tuple(labels) for who, labels in found.items()}


def _chances(graph: Graph) -> tuple[str, ...]:
    found = (label for _, label, mover in _edges(graph) if mover == CHANCE or mover <= TYPE_CHANCE)
    return tuple(dict.fromkeys(found))


def _edges(graph: Graph) -> Iterable[tuple[int, str, int]]:
    seen: set[tuple[int, Any]] = set()
    for state, mover in enumerate(graph.mover):
        edges = slice(graph.first[state], graph.first[state] + graph.count[state])
        for label in graph.label[edges]:
            if (mover, label) not in seen:
                seen.add((mover, label))
                yield state, graph.labels[label], int(mover)
