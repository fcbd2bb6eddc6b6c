"""The names that a claim may use in one crisis: actors, moves, rungs, outcomes, types, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from detente.game.tree import PublicTree
from detente.identifiers import Act, ActionProfile, Attribute, Move, Outcome, Terms, spoken
from detente.scenario.structural import Setting, settings

if TYPE_CHECKING:
    from detente.game.explore import Graph
    from detente.scenario.outside import Outside

__all__ = ["Names", "matching", "same"]

def same(a: str, b: str) -> bool:
    """Whether two names are the same but for case, underscores and spaces."""
    return spoken(a) == spoken(b)


Known = TypeVar("Known", str, Act)


def matching(asked: str, known: Iterable[Known]) -> list[Known]:
    """Return the names that begin with some words; only the exact matches if there are any.

    An act is compared by the words for its deed.

    Examples
    --------
    >>> matching("offer", ["offer 0.5", "offer 0.6", "accept"])
    ['offer 0.5', 'offer 0.6']
    >>> [str(act) for act in matching("escalate alert", [Act("a", "escalate", "alert"),
    ...                                                  Act("a", "hold")])]
    ['a: escalate alert']
    """
    words = spoken(asked)
    if not words:
        return []
    said = [(item, spoken(item if isinstance(item, str) else item.deed())) for item in known]
    exact = [item for item, text in said if text == words]
    return exact or [item for item, text in said if text[: len(words)] == words]


@dataclass(frozen=True)
class Names:
    """The names of one crisis.

    Attributes
    ----------
    actors : tuple of str
        Every actor in the file.
    players : tuple of str
        The actors with moves or private information; only these have values.
    moves : dict of actor to tuple of Act
        The acts of each player.
    chances : tuple of Act
        The results of chance.
    outcomes : tuple of Outcome
        The outcomes.
    rungs : tuple of str
        Rungs of the ladder that are not outcomes, lowest first.
    start : dict of actor to int
        Position of the rung it begins on.
    acting : tuple of str
        Mechanisms with a move or event of their own.
    mechanisms, packages : tuple of str
        The parts that ``without`` can remove, besides ``offers``.
    types : dict of actor to dict of quantity to tuple of Attribute
        The values that each private quantity may have.
    numbers : tuple of str
        Paths of the file's numbers.
    structure : frozenset of str
        Paths that are not numbers.
    """

    actors: tuple[str, ...]
    players: tuple[str, ...]
    moves: Mapping[str, tuple[Act, ...]]
    chances: tuple[Act, ...]
    outcomes: tuple[Outcome, ...]
    rungs: tuple[str, ...] = ()
    owners: tuple[str | None, ...] = ()
    """The principal whose own rung each is, None for a rung of both."""
    start: Mapping[str, int] = field(default_factory=dict)
    acting: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    types: Mapping[str, Mapping[str, tuple[Attribute, ...]]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    structure: frozenset[str] = frozenset()
    wars: tuple[Outcome, ...] = ()
    """Outcomes that ``war`` stands for."""
    terms: tuple[Terms, ...] = ()
    """The terms on which the crisis may end."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """The structure that ``with`` can set, by path."""
    principals: tuple[str, ...] = ()
    """The two sides that divide the stake; empty without a stake."""
    unlike: bool = False
    """Whether actors hold unlike priors."""
    outside: Outside | None = None
    """Names from outside the crisis: states, shocks and base rates."""

    @classmethod
    def of_graph(cls, graph: Graph) -> Names:
        """Return the names of a crisis whose public states are explored."""
        from detente.scenario.paths import structure

        rules = graph.rules
        scenario = rules.scenario
        known = tuple(p.name for p in rules.packages)
        rungs = tuple(r.name for r in rules.rungs)
        moves, chances = _by_actor(graph.moves, graph.players)
        return cls(
            actors=tuple(scenario.actors), players=graph.players,
            moves=moves, chances=chances, outcomes=graph.outcomes, rungs=rungs,
            owners=tuple(r.by for r in rules.rungs),
            start={p: rungs.index(scenario.start_rung(p)) for p in rules.principals if rungs},
            acting=tuple(m.key for m in rules.mechanisms if m.index in set(graph.owner.tolist())),
            mechanisms=tuple(e.id for e in scenario.mechanisms), packages=known,
            types={
                actor: {q: rules.attributes(actor, q) for q in rules.quantities(actor)}
                for actor in graph.players
            },
            numbers=tuple(rules.numbers), structure=frozenset(structure(scenario)),
            wars=tuple(o for o in graph.outcomes if o.kind in rules.wars),
            terms=graph.term_kinds, settings=settings(scenario),
            unlike=any(m.tilts is not None for m in rules.mechanisms),
            outside=scenario.outside, principals=rules.principals,
        )

    @classmethod
    def of_tree(cls, tree: PublicTree) -> Names:
        """Return the names of a game built by hand; its types are one quantity called ``type``."""
        made = [tree.move_into(c) for c in range(1, tree.n_nodes)]
        moves, chances = _by_actor(made, tree.players)
        return cls(
            actors=tree.players, players=tree.players,
            moves=moves, chances=chances, outcomes=tree.outcome_kinds,
            wars=tuple(o for o in tree.outcome_kinds if o.kind in tree.wars),
            terms=tree.term_kinds or (),
            types={
                player: {
                    one.quantity: tuple(dict.fromkeys(x.attribute(one.quantity) for x in types))
                    for one in types[0].attributes
                }
                for player, types in zip(tree.players, tree.types, strict=True)
                if len(types) > 1
            },
            unlike=tree.observer_prior is not None,
        )


def _by_actor(
    moves: Iterable[Move], players: tuple[str, ...]
) -> tuple[dict[str, tuple[Act, ...]], tuple[Act, ...]]:
    """Return the acts of each player, and those of chance, in the order in which they appear."""
    found: dict[str, dict[Act, None]] = {p: {} for p in players}
    chances: dict[Act, None] = {}
    for move in moves:
        for act in move.acts if isinstance(move, ActionProfile) else (move,):
            (found[act.actor] if act.actor else chances)[act] = None
    return {who: tuple(acts) for who, acts in found.items()}, tuple(chances)
