"""From a crisis file to a game: the tree as arrays, and its numbers for any sample.

The tree is unfolded level by level from the graph of distinct public states. Payoffs and chances
stay polynomials in the file's numbers (`detente.game.payoffs`), so the same arrays serve every
sample, and there are derivatives by every number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError, SizeError, nearest, one_of
from detente.game.explore import Graph, Size, graph_of
from detente.game.numbers import Numbers
from detente.game.payoffs import Polynomials
from detente.game.tree import JOINT, TERMINAL, TYPE_CHANCE, Joint, PublicTree

__all__ = ["BUDGET", "Compiled", "compile_scenario", "measure"]

BUDGET = 3_000_000
"""Default limit on the number of nodes of a tree."""


@dataclass(frozen=True, repr=False)
class Compiled:
    """A crisis as a game.

    Attributes
    ----------
    scenario : Scenario
        The file.
    graph : Graph
        Its distinct public states.
    tree : PublicTree
        The game at the centre of the file's ranges.
    edge : (n,) int array
        The edge of the graph that leads into each node, -1 at the root.
    state : (n,) int array
        The public state of each node.
    polynomials : Polynomials
        Payoffs and chances as functions of the file's numbers.
    """

    scenario: Any
    graph: Graph
    tree: PublicTree
    edge: Ints
    state: Ints
    polynomials: Polynomials

    def __repr__(self) -> str:
        tree = self.tree
        return (f"<Compiled {self.scenario.crisis}: {tree.n_nodes:,} nodes, "
                f"{tree.n_information_sets:,} information sets, {len(self.paths)} numbers>")

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Paths of the file's numbers, the order of every vector of numbers."""
        return tuple(self.graph.rules.numbers)

    @cached_property
    def centre(self) -> Floats:
        """The numbers at the centre of their ranges, (K,)."""
        return np.array([q.centre for q in self.graph.rules.numbers.values()])

    @property
    def lam(self) -> float:
        """Precision of choice at the centre of its range."""
        return self.precision(self.centre)

    def precision(self, theta: Floats) -> float:
        """Return the precision of choice among some values of the file's numbers."""
        return float(theta[self.paths.index("precision")])

    def numbers(self, theta: Floats) -> Numbers:
        """Return the tree's numbers for samples of the file's numbers.

        Parameters
        ----------
        theta : (S, K) array
            One row per sample, columns in the order of `paths`.
        """
        return self.polynomials.numbers(np.atleast_2d(theta))

    def values(self, changes: Mapping[str, float]) -> Floats:
        """Return the numbers at the centre with some changed, (K,).

        Raises
        ------
        InputError
            A path is not a number of the file.
        """
        values = self.centre.copy()
        for path, value in changes.items():
            if path not in self.paths:
                raise InputError(
                    f"the case has no number {path!r}", expected=one_of(path, self.paths),
                    nearest=nearest(path, self.paths))
            values[self.paths.index(path)] = value
        return values

    def game(self, theta: Floats | Mapping[str, float] | None = None) -> PublicTree:
        """Return the game at some values of the file's numbers (default: the centre).

        Raises
        ------
        InputError
            A path of the mapping is not a number of the file.
        """
        if theta is None:
            return self.tree
        if isinstance(theta, Mapping):
            theta = self.values(theta)
        return self.tree.with_numbers(**self.numbers(theta).at(0))


def measure(scenario: Any) -> Size:
    """Count a crisis's public states and the nodes of its tree without unfolding it."""
    return graph_of(scenario).size()


def compile_scenario(scenario: Any, budget: int = BUDGET) -> Compiled:
    """Compile a crisis.

    Raises
    ------
    SizeError
        More than ``budget`` nodes. The message names the moves that multiply them.
    """
    graph = graph_of(scenario)
    nodes = int(graph.unfolded()[0])
    if nodes > budget:
        size = graph.size()
        what = "; ".join(f"{v:.1f} times smaller without '{k}'" for k, v in size.multiplies[:3])
        raise SizeError(
            f"the tree would have {nodes:,} public nodes, the budget is {budget:,} ({what})",
            field="turns.each",
            expected="fewer turns, fewer offers or offers.each, or a shorter ladder",
        )
    edge, state, parent, level = unfold(graph)
    tree, polynomials = lay_out(graph, edge, state, parent, level)
    return Compiled(scenario, graph, tree, edge, state, polynomials)


def unfold(graph: Graph) -> tuple[Ints, Ints, Ints, Ints]:
    """Unfold the graph into a tree, level by level.

    Returns
    -------
    edge, state, parent : (n,) int arrays
    level : (depth + 1,) int array
    """
    edges, states, parents, level = [np.array([-1])], [np.array([0])], [np.array([-1])], [0]
    start = 0
    while len(states[-1]):
        here = states[-1]
        n = graph.count[here]
        at = np.repeat(np.arange(len(here)), n)
        offset = np.arange(len(at)) - np.repeat(np.cumsum(n) - n, n)
        edge = graph.first[here][at] + offset
        level.append(level[-1] + len(here))
        edges.append(edge)
        states.append(graph.to[edge])
        parents.append(start + at)
        start += len(here)
    return (
        np.concatenate(edges), np.concatenate(states), np.concatenate(parents),
        np.asarray(level, dtype=np.int64),
    )


def lay_out(
    graph: Graph, edge: Ints, state: Ints, parent: Ints, level: Ints
) -> tuple[PublicTree, Polynomials]:
    """Return the tree's arrays at the centre, and the polynomials behind its numbers."""
    rules, players = graph.rules, graph.players
    n = len(state)
    mover = graph.mover[state]
    count = graph.count[state]
    first = np.where(count > 0, 1 + np.cumsum(count) - count, 0)
    own, last = own_moves(graph, mover, parent, level, len(players))
    leaves = np.flatnonzero(mover == TERMINAL)
    typed = mover[np.maximum(parent, 0)] <= TYPE_CHANCE
    typed[0] = False
    rows = np.flatnonzero(typed)
    type_row = np.full(n, -1)
    type_row[rows] = np.arange(len(rows))
    joints = {}
    for node in np.flatnonzero(mover == JOINT):
        seats, sizes = graph.joint[int(state[node])]
        joints[int(node)] = Joint(
            seats, sizes, tuple(np.full(k, 1.0 / k) for k in sizes),
            tuple(int(last[p][node]) for p in seats),
        )
    polynomials = Polynomials.of(graph, edge, state, parent, level, leaves, rows)
    centre = polynomials.numbers(
        np.array([[q.centre for q in rules.numbers.values()]]).reshape(1, -1)
    ).at(0)
    tree = PublicTree(
        players=players, types=tuple(map(rules.types, players)),
        mover=mover, parent=parent, first=first, count=count, level=level, own=own,
        type_row=type_row, leaves=leaves, outcome=graph.outcome[state[leaves]],
        outcome_kinds=graph.outcomes, move=np.where(edge >= 0, graph.move[edge], -1),
        moves=graph.moves, joints=joints, share=graph.share[state[leaves]],
        wars=rules.wars, stake=1.0, terms=graph.terms[state[leaves]],
        term_kinds=graph.term_kinds, **centre,
    )
    return tree, polynomials


def own_moves(
    graph: Graph, mover: Ints, parent: Ints, level: Ints, n_players: int
) -> tuple[Ints, list[Ints]]:
    """Return, per node, the node after the last move that informs about its mover's type.

    Also that node for every player separately, which joint nodes need.
    """
    n = len(mover)
    last = [np.full(n, -1, dtype=np.int64) for _ in range(n_players)]
    for d in range(1, len(level) - 1):
        here = np.arange(level[d], level[d + 1])
        up = parent[here]
        for p in range(n_players):
            informs = (mover[up] == p) | (mover[up] == TYPE_CHANCE - p)
            if graph.joint:
                informs |= np.array([
                    mover[u] == JOINT and p in _seats(graph, mover, u) for u in up
                ], dtype=bool)
            last[p][here] = np.where(informs, here, last[p][up])
    own = np.full(n, -1, dtype=np.int64)
    for p in range(n_players):
        mine = (mover == p) | (mover == TYPE_CHANCE - p)
        own[mine] = last[p][mine]
    return own, last


def _seats(graph: Graph, mover: Ints, node: int) -> tuple[int, ...]:
    """Return who moves at a joint node (every joint node of a crisis has the same seats)."""
    return next(iter(graph.joint.values()))[0]
