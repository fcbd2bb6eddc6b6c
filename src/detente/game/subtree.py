"""The part of a tree below a node: the game that is left once the crisis stands there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.numbers import Numbers
from detente.game.tree import Joint, PublicTree

__all__ = ["Below", "below"]


class Below:
    """The game that is left at a node.

    Moves above the node are history. Their message about types is in the beliefs, which are the
    priors of this game.

    Parameters
    ----------
    whole
        The tree.
    node
        The node that becomes the root.

    Attributes
    ----------
    tree : PublicTree
        The game below; its priors are those of the whole tree.
    nodes : (n,) int array
        The number of each of its nodes in the whole tree.
    """

    def __init__(self, whole: PublicTree, node: int) -> None:
        inside = np.zeros(whole.n_nodes, dtype=bool)
        inside[node] = True
        for d in range(1, len(whole.level) - 1):
            here = np.arange(whole.level[d], whole.level[d + 1])
            inside[here] |= inside[whole.parent[here]]
        nodes = np.flatnonzero(inside)  # breadth-first, as the whole tree is
        new = np.full(whole.n_nodes, -1, dtype=np.int64)
        new[nodes] = np.arange(len(nodes))
        depth = np.searchsorted(whole.level, nodes, side="right")
        _, sizes = np.unique(depth, return_counts=True)
        self.whole, self.nodes = whole, nodes
        self.leaves = np.searchsorted(whole.leaves, nodes[np.isin(nodes, whole.leaves)])

        def known(at: Ints) -> Ints:
            """Return nodes by their new numbers; -1 for what lies above."""
            return np.where(at >= 0, new[np.maximum(at, 0)], -1)

        own = known(whole.own[nodes])
        own[own == 0] = -1  # the move into the root is history
        first = np.where(whole.count[nodes] > 0, new[whole.first[nodes] % whole.n_nodes], 0)
        parent = known(whole.parent[nodes])
        parent[0] = -1
        rows = whole.type_row[nodes].copy()
        rows[0] = -1
        self.rows = np.flatnonzero(np.isin(np.arange(len(whole.type_prob)), rows[rows >= 0]))
        place = np.full(len(whole.type_prob) + 1, -1, dtype=np.int64)
        place[self.rows] = np.arange(len(self.rows))
        joints = {}
        for at, joint in whole.joints.items():
            if inside[at]:
                told = known(np.array(joint.own))
                joints[int(new[at])] = Joint(
                    joint.players, joint.sizes, joint.weights,
                    tuple(int(x) if x > 0 else -1 for x in told))
        move = whole.move[nodes].copy()
        move[0] = -1
        weight = whole.weight[nodes].copy()
        weight[0] = 1.0
        self.tree = replace(
            whole, mover=whole.mover[nodes], parent=parent, first=first,
            count=whole.count[nodes], level=np.concatenate([[0], np.cumsum(sizes)]), own=own,
            weight=weight, type_row=np.where(rows >= 0, place[rows], -1),
            type_prob=whole.type_prob[self.rows], leaves=np.flatnonzero(
                np.isin(nodes, whole.leaves)),
            payoff=tuple(u[self.leaves] for u in whole.payoff),
            outcome=whole.outcome[self.leaves], move=move, joints=joints,
            joint_payoff=None if whole.joint_payoff is None else (
                whole.joint_payoff[0][self.leaves], whole.joint_payoff[1][self.leaves]),
            share=None if whole.share is None else whole.share[self.leaves],
            terms=None if whole.terms is None else whole.terms[self.leaves])

    def numbers(
        self, whole: Numbers, prior: tuple[Floats, ...],
        observer_prior: tuple[tuple[Floats, ...], ...] | None = None,
    ) -> Numbers:
        """Return the numbers of the game below from those of the whole tree.

        Parameters
        ----------
        whole
        prior
            The analyst's beliefs about each player's types at the node, (T_i, S).
        observer_prior
            Each player's own, if priors are unlike.
        """
        weight = whole.weight[self.nodes].copy()
        weight[0] = 1.0
        return Numbers(
            tuple(u[self.leaves] for u in whole.payoff), weight, whole.type_prob[self.rows],
            prior, observer_prior, whole.precision)


def below(whole: PublicTree, node: int) -> Below:
    """Return the game that is left at a node.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1, "b": 1}, decide("a", {
    ...     "quit": end("quit"), "go": decide("b", {"x": end("x"), "y": end("y")})}))
    >>> [str(below(game, 2).tree.move_into(c)) for c in (1, 2)]
    ['b: x', 'b: y']
    """
    return Below(whole, node)
