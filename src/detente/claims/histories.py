"""The points in the histories of a tree at which an event happens, and decisions below them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.claims import syntax as s
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree
from detente.identifiers import Act, ActionProfile

__all__ = ["Decisions", "Histories"]


@dataclass(frozen=True)
class Decisions:
    """The first decisions of a player, at or after a cut, that offer certain moves.

    Attributes
    ----------
    nodes : (k,) int array
    acts : list of lists of Act
        ``acts[d]``: the player's options at decision d.
    rows : list of lists of int arrays
        ``rows[d]``: the children each option may lead to (one unless others choose at once).
    """

    nodes: Ints
    acts: list[list[Act]]
    rows: list[list[Ints]]


class Histories:
    """One tree, seen as the set of its histories.

    Parameters
    ----------
    tree
        The game.
    owner
        Per node the mechanism that owns its step, None for the order of play.
    """

    def __init__(self, tree: PublicTree, owner: list[str | None] | None = None) -> None:
        self.tree = tree
        self.owner = None if owner is None else np.array([x or "" for x in owner])
        self._occurs: dict[s.Event, Bools] = {}
        self._happened: dict[s.Event, Bools] = {}
        self._decisions: dict[object, Decisions] = {}

    def down(self, at: Bools) -> Bools:
        """Return the nodes at or below the given ones, (n,)."""
        out, tree = at.copy(), self.tree
        for d in range(1, len(tree.level) - 1):
            here = slice(int(tree.level[d]), int(tree.level[d + 1]))
            out[here] |= out[tree.parent[here]]
        return out

    def first(self, at: Bools) -> Bools:
        """Return the given nodes that have no other given node above them."""
        covered = self.down(at)
        above = covered[np.maximum(self.tree.parent, 0)]
        above[0] = False
        return at & ~above

    def occurs(self, event: s.Event) -> Bools:
        """Return the nodes at which an event happens, (n,): the node after the move."""
        if event not in self._occurs:
            self._occurs[event] = self._find(event)
        return self._occurs[event]

    def _find(self, event: s.Event) -> Bools:
        tree = self.tree
        if isinstance(event, s.EndsIn):
            out = np.zeros(tree.n_nodes, dtype=bool)
            if event.mechanism is not None:
                return out if self.owner is None else np.asarray(self.owner == event.mechanism)
            if event.terms:
                if tree.terms is not None:
                    wanted = [k for k, t in enumerate(tree.term_kinds) if t in event.terms]
                    out[tree.leaves[np.isin(tree.terms, wanted)]] = True
                return out
            wanted = [k for k, o in enumerate(tree.outcome_kinds) if o in event.outcomes]
            out[tree.leaves[np.isin(tree.outcome, wanted)]] = True
            return out
        if isinstance(event, s.Deed):
            return self._deed(event)
        if isinstance(event, s.ChanceEvent):
            came = tree.mover[np.maximum(tree.parent, 0)]
            by_chance = (came == CHANCE) | (came <= TYPE_CHANCE)
            return self._moves(by_chance, event.acts)
        if isinstance(event, s.Sequence):
            found = self.occurs(event.events[0])
            for later in event.events[1:]:
                before = self.down(found)[np.maximum(tree.parent, 0)]
                before[0] = False
                found = self.occurs(later) & before
            return found
        if isinstance(event, s.Either):
            return reduce(np.logical_or, map(self.occurs, event.events))
        if isinstance(event, s.AllOf):
            return self.first(reduce(np.logical_and, (self.down(self.occurs(e))
                                                      for e in event.events)))
        raise AssertionError("an event that does not happen has no node")

    def _moves(self, made: Bools, acts: tuple[Act, ...]) -> Bools:
        tree = self.tree
        wanted = [k for k, move in enumerate(tree.moves) if move in acts]
        out = made & np.isin(tree.move, wanted)
        out[0] = False
        return out

    def _deed(self, event: s.Deed) -> Bools:
        tree = self.tree
        if event.from_start:
            out = np.zeros(tree.n_nodes, dtype=bool)
            out[0] = True
            return out
        if event.actor not in tree.players:
            return np.zeros(tree.n_nodes, dtype=bool)
        i = tree.players.index(event.actor)
        came = tree.mover[np.maximum(tree.parent, 0)]
        out = self._moves(came == i, event.acts)
        for node, joint in tree.joints.items():
            if i in joint.players:
                seat = joint.players.index(i)
                for c in tree.children(node):
                    out[c] |= _act(tree, c, seat) in event.acts
        return out

    def happened(self, event: s.Event) -> Bools:
        """Return the leaves on whose history the event happens, (m,)."""
        if event not in self._happened:
            self._happened[event] = self._leaves(event)
        return self._happened[event]

    def _leaves(self, event: s.Event) -> Bools:
        if isinstance(event, s.Never):
            return ~self.happened(event.event)
        if isinstance(event, s.AllOf):
            return reduce(np.logical_and, map(self.happened, event.events))
        if isinstance(event, s.Either):
            return reduce(np.logical_or, map(self.happened, event.events))
        return np.asarray(self.down(self.occurs(event))[self.tree.leaves])

    @cached_property
    def shares(self) -> Floats:
        """The share of `stake.first` at each leaf, nan if the outcome divides nothing, (m,)."""
        tree = self.tree
        if tree.terms is None:
            return np.full(len(tree.leaves), np.nan)
        each = [np.nan if t.share is None else t.share for t in tree.term_kinds]
        return np.asarray(np.array(each, dtype=float)[tree.terms])

    def cut(self, event: s.Event | None) -> Ints:
        """Return the first points at which the event has happened (without one: the root)."""
        if event is None:
            return np.zeros(1, dtype=np.int64)
        return np.flatnonzero(self.first(self.occurs(event)))

    def decisions(
        self, actor: str, event: s.Event | None, offers: tuple[tuple[Act, ...], ...]
    ) -> Decisions:
        """Return the first decisions of ``actor`` at or after ``event`` that offer all groups."""
        key = (actor, event, offers)
        if key not in self._decisions:
            self._decisions[key] = self._decide(actor, event, offers)
        return self._decisions[key]

    def _decide(
        self, actor: str, event: s.Event | None, offers: tuple[tuple[Act, ...], ...]
    ) -> Decisions:
        tree = self.tree
        if actor not in tree.players:
            return Decisions(np.zeros(0, dtype=np.int64), [], [])
        i = tree.players.index(actor)
        at = np.zeros(tree.n_nodes, dtype=bool)
        at[self.cut(event)] = True
        below = self.down(at)
        mine = tree.mover == i
        for node, joint in tree.joints.items():
            mine[node] = i in joint.players
        offering = np.zeros(tree.n_nodes, dtype=bool)
        for node in np.flatnonzero(mine & below).tolist():
            known = [act for act, _ in self.options(node, i)]
            offering[node] = all(any(x in group for x in known) for group in offers)
        nodes = np.flatnonzero(self.first(offering))
        found = [self.options(int(n), i) for n in nodes]
        acts = [[act for act, _ in options] for options in found]
        rows = [[into for _, into in options] for options in found]
        return Decisions(nodes, acts, rows)

    def options(self, node: int, player: int) -> list[tuple[Act, Ints]]:
        """Return a player's options at a decision: the act, and the children it may lead to."""
        tree = self.tree
        kids = np.arange(tree.first[node], tree.first[node] + tree.count[node])
        if tree.mover[node] != JOINT:
            return [(_act(tree, int(c)), kids[k : k + 1]) for k, c in enumerate(kids)]
        joint = tree.joints[node]
        seat = joint.players.index(player)
        own = np.unravel_index(np.arange(len(kids)), joint.sizes)[seat]
        return [
            (_act(tree, int(kids[own == a][0]), seat), kids[own == a])
            for a in range(joint.sizes[seat])
        ]


def _act(tree: PublicTree, node: int, seat: int = 0) -> Act:
    """Return the act of one participant in the move into ``node``."""
    move = tree.move_into(node)
    return move.acts[seat] if isinstance(move, ActionProfile) else move
