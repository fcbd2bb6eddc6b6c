"""Explore the distinct public states of a crisis, once each; count the tree they unfold into."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Ints
from detente.errors import SizeError
from detente.game.play import OrderOfPlay
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE
from detente.garbage import uncollected
from detente.identifiers import ActionProfile, Move, Outcome, Terms
from detente.mechanisms.base import (
    CORE,
    Branch,
    Chance,
    Decision,
    Leaf,
    State,
    Together,
    TypeChance,
)
from detente.mechanisms.expr import ONE, ZERO, Expr
from detente.mechanisms.rules import Rules, rules_of

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["Graph", "Size", "explore", "graph_of"]

MOST_STATES = 100_000
"""Most distinct public states of a crisis."""
MOST_EDGES = 80_000
"""Most moves out of them in all. The work grows with this number, not with the states alone."""

WIDE = 100
"""A menu with more moves than this is named if the game is too large."""


@dataclass(frozen=True)
class Size:
    """How large a crisis is as a game.

    Attributes
    ----------
    states : int
        Distinct public states (decisions, chances and terminal nodes).
    nodes : int
        Nodes of the tree they unfold into.
    types : dict of str to int
        Types of each actor that has private information or moves.
    multiplies : list of (str, float)
        The kinds of move that enlarge the tree, largest effect first, each with how many times
        smaller the tree would be without it.
    """

    states: int
    nodes: int
    types: dict[str, int]
    multiplies: list[tuple[str, float]]


@dataclass
class Graph:
    """The distinct public states as a directed graph without cycles.

    Edges are sorted by state; ``first[s] : first[s] + count[s]`` are those out of state ``s``.
    State 0 is the start.
    """

    rules: Rules
    players: tuple[str, ...]
    mover: Ints
    first: Ints
    count: Ints
    to: Ints
    move: Ints
    moves: tuple[Move, ...]
    chance: Ints
    """Row of each edge in ``exprs`` (its probability), -1 if it is chosen."""
    weight: NDArray[np.float64]
    """Of an edge that is chosen: its part of the weight of its kind of move."""
    habit: Ints
    """Row in ``exprs`` of the weight of its kind of move, -1 if the edge is not chosen."""
    pay: Ints
    """Row of each edge in ``pays``."""
    end: Ints
    """Row of each terminal state in ``pays``, -1 elsewhere."""
    outcome: Ints
    outcomes: tuple[Outcome, ...]
    share: NDArray[np.float64]
    terms: Ints
    """Index into ``term_kinds`` of each terminal state, -1 elsewhere."""
    term_kinds: tuple[Terms, ...]
    exprs: list[Expr]
    pays: list[tuple[Expr, ...]]
    owner: Ints
    """Index of the mechanism that owns the step at each state, -1 for the order of play."""
    endings: dict[int, Leaf] = field(default_factory=dict)
    joint: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)

    def unfolded(self) -> NDArray[np.float64]:
        """Return the number of tree nodes below each state, itself included."""
        size = np.ones(len(self.mover))
        for s in np.argsort(-self.depth(), kind="stable"):
            edges = slice(self.first[s], self.first[s] + self.count[s])
            size[s] += size[self.to[edges]].sum()
        return size

    def depth(self) -> Ints:
        """Return the length of the longest path from the start to each state."""
        depth = np.zeros(len(self.mover), dtype=np.int64)
        waiting = np.bincount(self.to, minlength=len(self.mover))
        ready = [0]
        while ready:
            s = ready.pop()
            for e in range(self.first[s], self.first[s] + self.count[s]):
                t = int(self.to[e])
                depth[t] = max(depth[t], depth[s] + 1)
                waiting[t] -= 1
                if waiting[t] == 0:
                    ready.append(t)
        return depth

    def size(self) -> Size:
        """Measure the game without unfolding it."""
        kinds: dict[str, int] = {}
        kind = np.array([kinds.setdefault(_kind(x), len(kinds)) for x in self.moves] or [0])
        order = np.argsort(-self.depth(), kind="stable")
        # Column k: tree size without moves of kind k. Last column: the full tree.
        below = np.ones((len(self.mover), len(kinds) + 1))
        for s in order:
            for e in range(self.first[s], self.first[s] + self.count[s]):
                more = below[self.to[e]].copy()
                more[kind[self.move[e]]] = 0.0
                below[s] += more
        factor = below[0, -1] / below[0, :-1]
        most = sorted(zip(kinds, factor, strict=False), key=lambda kf: -kf[1])[:8]
        return Size(
            states=len(self.mover), nodes=int(below[0, -1]),
            types={p: self.rules.n_types(p) for p in self.players},
            multiplies=[(k, float(f)) for k, f in most if f > 1.05],
        )


def _kind(move: Move) -> str:
    """Return the kind of a move in words: an actor's verb without its object, or a chance event."""
    if isinstance(move, ActionProfile):
        return " and ".join(act.actor for act in move.acts)
    return f"{move.actor}: {move.verb}" if move.actor else move.deed()


def explore(rules: Rules) -> Graph:
    """Visit every distinct public state once.

    Raises
    ------
    SizeError
        More than `MOST_STATES` distinct states, or `MOST_EDGES` moves.
    """

    def too_large(what: str, menu: int = 0) -> SizeError:
        """Return the error, with the menu or the number of turns that multiplies the states."""
        wide = f"; one decision has {menu:,} moves" if menu > WIDE else ""
        return SizeError(
            f"the game is too large: {what}{wide}",
            field="offers" if wide and rules.scenario.offers is not None else "turns.each",
            expected="fewer turns, offers or rungs; shorten the file",
        )

    play = OrderOfPlay(rules)
    players = players_of(rules)
    seat = {name: k for k, name in enumerate(players)}
    ids: dict[object, int] = {}
    queue: list[State | Leaf] = []
    node_of: dict[State, object] = {}
    listed = [0]  # moves of the nodes that were made

    def visit(where: State | Leaf) -> int:
        if isinstance(where, State):
            if where not in node_of:
                found, owner_of[where] = play.node(where)
                node_of[where] = found if isinstance(found, Leaf) else where
                if not isinstance(found, Leaf):
                    nodes[where] = found
                    listed[0] += len(found.moves)  # their states do not exist yet
                    if listed[0] > MOST_EDGES:
                        raise too_large(f"more than {MOST_EDGES:,} moves between its public states",
                                        len(found.moves))
            key = node_of[where]
        else:
            key = where
        if isinstance(key, Leaf):  # drop fields that no payoff reads, so that equal leaves merge
            key = key._replace(state=key.state._replace(made=(), agenda=(), standing=None))
        if key not in ids:
            ids[key] = len(ids)
            queue.append(key)  # type: ignore[arg-type]
            if len(ids) > MOST_STATES:
                raise too_large(f"more than {MOST_STATES:,} distinct public states")
        return ids[key]

    nodes: dict[State, object] = {}
    owner_of: dict[State, int] = {}
    visit(play.start())
    mover, first, count, end, outcome, share, terms = [], [], [], [], [], [], []
    to: list[int] = []
    made, chance, weight, habit, pay = [], [], [], [], []
    owner: list[int] = []
    identifiers: dict[Move, int] = {}
    outcomes: dict[Outcome, int] = {}
    term_kinds: dict[Terms, int] = {}
    exprs: dict[Expr, int] = {}
    nothing = tuple(ZERO for _ in players)
    pays: dict[tuple[Expr, ...], int] = {nothing: 0}
    endings: dict[int, Leaf] = {}
    joint: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def row(terms: object) -> int:
        given = dict(terms or {})  # type: ignore[call-overload]
        vector = tuple(given.get(p, ZERO) for p in players)
        return pays.setdefault(vector, len(pays))

    def row_of(expr: Expr) -> int:
        return exprs.setdefault(expr, len(exprs))

    at = 0
    while at < len(queue):
        here = queue[at]
        first.append(len(to))
        if isinstance(here, Leaf):
            final = here
            name = here.outcome
            for mechanism in rules.mechanisms:
                name = mechanism.outcome(final._replace(outcome=name)) or name
            mover.append(TERMINAL)
            owner.append(CORE)
            count.append(0)
            end.append(row(rules.end_pay(final)))
            kind = Outcome(name, (final.actor or "") if name == "concession" else "")
            outcome.append(outcomes.setdefault(kind, len(outcomes)))
            share.append(np.nan if final.share is None else final.share)
            package = ""
            if name == "settlement" and final.deal is not None and final.deal.package >= 0:
                package = rules.packages[final.deal.package].name
            at_war = name in rules.wars
            agreed = Terms(
                kind, package, None if at_war else final.share,
                rules.parties(final) if name in rules.wars - {"loss to all"} else (),
                final.result, final.winner)
            terms.append(term_kinds.setdefault(agreed, len(term_kinds)))
            endings[at] = final
            at += 1
            continue
        node = nodes[here]
        owner.append(owner_of[here])
        moves: tuple[Branch, ...] = node.moves  # type: ignore[attr-defined]
        if isinstance(node, Decision):
            mover.append(seat[node.actor])
            groups = Counter(m.group or m.act for m in moves)
            weights = [1.0 / groups[m.group or m.act] for m in moves]
            habits = [row_of(rules.habit(node.actor, m.group)) for m in moves]
        else:
            weights, habits = [1.0] * len(moves), [-1] * len(moves)
            if isinstance(node, Chance):
                mover.append(CHANCE)
            elif isinstance(node, TypeChance):
                mover.append(TYPE_CHANCE - seat[node.actor])
            else:
                assert isinstance(node, Together)
                mover.append(JOINT)
                joint[at] = (tuple(seat[a] for a in node.actors), node.sizes)
        for m, w, h in zip(moves, weights, habits, strict=True):
            to.append(visit(m.to))
            made.append(identifiers.setdefault(m.act, len(identifiers)))
            odds = -1
            if isinstance(node, (Chance, TypeChance)):
                odds = row_of(m.chance if m.chance is not None else ONE)
            chance.append(odds)
            weight.append(w)
            habit.append(h)
            pay.append(row(m.pay))
        count.append(len(moves))
        end.append(-1)
        outcome.append(-1)
        terms.append(-1)
        share.append(np.nan)
        at += 1

    def ints(x: list[int]) -> Ints:
        return np.asarray(x, dtype=np.int64)

    return Graph(
        rules=rules, players=players, mover=ints(mover), first=ints(first), count=ints(count),
        to=ints(to), move=ints(made), moves=tuple(identifiers), chance=ints(chance),
        weight=np.asarray(weight, dtype=float), habit=ints(habit), pay=ints(pay), end=ints(end),
        outcome=ints(outcome), outcomes=tuple(outcomes), share=np.asarray(share, dtype=float),
        terms=ints(terms), term_kinds=tuple(term_kinds),
        exprs=list(exprs), pays=list(pays), owner=ints(owner), endings=endings, joint=joint,
    )


def graph_of(scenario: Scenario) -> Graph:
    """Return the explored graph of a crisis; it is computed once per scenario and kept with it.

    Raises
    ------
    SizeError
        More than `MOST_STATES` distinct states, or `MOST_EDGES` moves.
    """
    def made() -> Graph:
        with uncollected():
            return explore(rules_of(scenario))

    return scenario.once("graph", made)


def players_of(rules: Rules) -> tuple[str, ...]:
    """Return the actors who are players: the principals and the movers of mechanisms."""
    found = list(rules.principals)
    for m in rules.mechanisms:
        found += [a for a in m.movers if a not in found]
        found += [a for a in m.private if a not in found]
    return tuple(found)
