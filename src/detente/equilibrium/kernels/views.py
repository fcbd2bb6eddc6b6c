"""A player's view of a public tree: the arrays that the sweeps read.

To player *i* a node is its own decision, a chance by its own type, or a mixture with public
probabilities for every other mover. In each participant's view a joint node becomes its own choice,
followed by the others' choices in sequence, so that the sweeps need no case for simultaneous moves.
All copies of another's choice share one *slot*, one public probability.

Slots number the public probabilities: slot ``c`` belongs to the move into node ``c``, and slots
from ``n`` on belong to the choices at joint nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, Ints
from detente.equilibrium.kernels.cuts import Cut, cut_tree
from detente.equilibrium.kernels.public import END, MIX, OWN, TELL
from detente.equilibrium.kernels.structure import Remembered
from detente.errors import SizeError
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["Slots", "View", "fixed_log_q", "joint_slots", "spans", "vector_shape", "views"]

Unsigned = NDArray[np.uint64]


MANY_TYPES = 2_048
"""Most types of one player."""


def vector_shape(types: int) -> tuple[int, int]:
    """Return the lanes of a vector and the number of vectors that hold ``types`` numbers.

    Examples
    --------
    >>> [vector_shape(t) for t in (1, 2, 3, 8, 9)]
    [(1, 1), (2, 1), (4, 1), (8, 1), (4, 3)]

    Raises
    ------
    SizeError
        Above `MANY_TYPES`: the kernels are compiled for the number of types.
    """
    if types > MANY_TYPES:
        raise SizeError(
            f"a player has {types:,} types; the solver takes at most {MANY_TYPES:,}",
            field="types", expected="a coarser grid over each private quantity")
    if types <= 2:
        return types, 1
    fours = -(-types // 4)
    return (8, fours // 2) if fours % 2 == 0 else (4, fours)


@dataclass(frozen=True)
class Slots:
    """Positions of the public probabilities of joint choices, after those of the n nodes."""

    start: dict[int, tuple[int, ...]]
    """Joint node to the first slot of each participant."""
    total: int


@Remembered
def joint_slots(game: PublicTree) -> Slots:
    """Number the choices at joint nodes."""
    start, total = {}, game.n_nodes
    for node in sorted(game.joints):
        sizes = game.joints[node].sizes
        start[node] = tuple(int(x) for x in total + np.cumsum((0, *sizes[:-1])))
        total += sum(sizes)
    return Slots(start, total)


@dataclass(frozen=True)
class View:
    """Player i's tree.

    Attributes
    ----------
    player : int
        The player whose view it is.
    lanes, groups : tuple of int
        Tuples as long as a vector of types, and as the number of vectors that hold them all.
    size : int
        Number of rows, one per node of the view.
    inner, first, count, own : unsigned arrays
        The inner nodes, their first child, number of children and row of the belief that holds
        there (``size`` is the prior).
    kind : int8 array
        OWN, MIX or TELL.
    slot : int array, (size,) or None
        The slot of the move into each row; None if it is the row itself.
    node : int array, (size,) or None
        The node of the game each row stands for (-1: an intermediate row); None: itself.
    row : int array, (n,) or None
        The row of each node of the game; None: itself.
    moves : int array
        Rows whose public probability follows from i's strategy: its unknowns.
    own_inner : int array
        Positions in ``inner`` of OWN and TELL nodes, for the forward sweep.
    cut : Cut or None
        The parts of a large tree; ``inner`` is then in the cut's order.
    """

    player: int
    lanes: tuple[int, ...]
    groups: tuple[int, ...]
    size: int
    inner: Unsigned
    kind: NDArray[np.int8]
    first: Unsigned
    count: Unsigned
    own: Unsigned
    slot: Ints | None
    node: Ints | None
    row: Ints | None
    moves: Ints
    own_inner: Ints
    cut: Cut | None = None

    @cached_property
    def _place(self) -> list[int]:
        """Position of each row in ``inner``; -1 at endings."""
        place = np.full(self.size, -1)
        place[self.inner.astype(np.int64)] = np.arange(len(self.inner))
        return [int(k) for k in place]

    def first_child(self, row: int) -> int:
        """Return the first row reached from an inner one."""
        return int(self.first[self._place[row]])

    def held_at(self, row: int) -> int:
        """Return the row of the belief that holds at an inner row."""
        return int(self.own[self._place[row]])

    @property
    def width(self) -> int:
        """Number of types, padded."""
        return len(self.lanes) * len(self.groups)


@Remembered
def views(game: PublicTree) -> tuple[View, ...]:
    """Return every player's view of ``game``; only its structure matters."""
    if game.joints:
        slots = joint_slots(game)
        return tuple(_joint_view(game, i, slots) for i in range(game.n_players))
    cut = cut_tree(game)
    return tuple(_plain_view(game, i, cut) for i in range(game.n_players))


def _finish(game: PublicTree, player: int, kind: Ints, first: Ints, count: Ints, own: Ints,
            slot: Ints | None, node: Ints | None, row: Ints | None,
            cut: Cut | None = None) -> View:
    size = len(kind)
    inner = np.flatnonzero(kind != END) if cut is None else cut.inner
    k = kind[inner]
    informs = (k == OWN) | (k == TELL)
    own_inner = np.flatnonzero(informs)
    free = own_inner[(count[inner[own_inner]] > 1) | (k[own_inner] == TELL)]
    moves = spans(first[inner[free]], count[inner[free]])
    source = own[inner]
    unsigned = np.uint64
    lanes, groups = vector_shape(game.n_types[player])
    return View(
        player=player, lanes=(0,) * lanes, groups=(0,) * groups, size=size,
        inner=inner.astype(unsigned), kind=k.astype(np.int8), first=first[inner].astype(unsigned),
        count=count[inner].astype(unsigned),
        own=np.where(source < 0, size, source).astype(unsigned), slot=slot, node=node, row=row,
        moves=np.sort(moves), own_inner=own_inner, cut=cut,
    )


def _plain_view(game: PublicTree, player: int, cut: Cut | None) -> View:
    mover = game.mover
    kind = np.full(len(mover), MIX)
    kind[mover == TERMINAL] = END
    kind[mover == player] = OWN
    kind[mover == TYPE_CHANCE - player] = TELL
    return _finish(game, player, kind, game.first, game.count, game.own, None, None, None, cut)


def _joint_view(game: PublicTree, player: int, slots: Slots) -> View:
    """Lay the tree out again, each joint node as the player's own choice and then the others'."""
    kind: list[int] = []
    first: list[int] = []
    count: list[int] = []
    own: list[int] = []
    slot: list[int] = []
    node: list[int] = []
    row = np.full(game.n_nodes, -1)
    # To do: the game's node, or a joint node with the choices made there so far, in seat order.
    queue: list[tuple[int, dict[int, int] | None, int, int]] = [(0, None, 0, -1)]
    at = 0
    while at < len(queue):
        n, chosen, came, known = queue[at]
        mover = int(game.mover[n])
        first.append(len(queue))
        slot.append(came)
        own.append(known)
        if chosen is None:
            node.append(n)
            row[n] = at
        else:
            node.append(-1)
        if mover == JOINT:
            joint = game.joints[n]
            chosen = chosen or {}
            seats = [s for s in range(len(joint.players)) if s not in chosen]
            mine = [s for s in seats if joint.players[s] == player]
            seat = (mine or seats)[0]
            kind.append(OWN if mine else MIX)
            count.append(joint.sizes[seat])
            for m in range(joint.sizes[seat]):
                after = {**chosen, seat: m}
                informed = len(queue) if mine else known
                target = slots.start[n][seat] + m
                if len(seats) > 1:
                    queue.append((n, after, target, informed))
                else:
                    profile = tuple(after[s] for s in range(len(joint.players)))
                    child = int(game.first[n] + np.ravel_multi_index(profile, joint.sizes))
                    queue.append((child, None, target, informed))
        elif mover == TERMINAL:
            kind.append(END)
            count.append(0)
        else:
            code = OWN if mover == player else TELL if mover == TYPE_CHANCE - player else MIX
            kind.append(code)
            count.append(int(game.count[n]))
            for c in game.children(n):
                queue.append((c, None, c, len(queue) if code != MIX else known))
        at += 1
    rows = [np.array(x, dtype=np.int64) for x in (kind, first, count, own, slot, node)]
    return _finish(game, player, rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], row)


def spans(first: Ints, count: Ints) -> Ints:
    """Return ``count[k]`` numbers from ``first[k]`` up, for every k, end to end.

    Examples
    --------
    >>> spans(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    start = np.cumsum(count) - count
    return np.asarray(np.repeat(first - start, count) + np.arange(int(count.sum())))


def fixed_log_q(game: PublicTree, total: int) -> Floats:
    """Return log public probabilities, (total,), with the chances filled in and 0 elsewhere.

    A chance of 0 is written as 1e-200, so that derivatives by it exist.
    """
    y = np.zeros(total)
    by_chance = np.flatnonzero(game.mover[game.parent] == CHANCE)
    by_chance = by_chance[by_chance > 0]
    y[by_chance] = np.log(np.maximum(game.weight[by_chance], 1e-200))
    return y
