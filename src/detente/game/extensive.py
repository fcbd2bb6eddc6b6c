"""Any finite extensive game with perfect recall, as arrays.

In a `PublicTree` an information set is a pair (public node, type). A general game, such as one read
from a Gambit ``.efg`` file, needs a table of them. Nodes stand in the order of the file: depth
first, the root at 0, so a parent comes before its children and a plain loop over the indices is a
sweep. Moves are numbered through all information sets, chance included, and belong to the set and
not to the node: `move` gives, for each node, the move that led into it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError, nearest, one_of
from detente.game.exact import Relative, nearest_double, relative_payoffs

__all__ = ["MAX_NODES", "ExtensiveGame"]


MAX_NODES = 1_000_000
"""Most nodes of a general game."""


@dataclass(frozen=True)
class ExtensiveGame:
    """An extensive game with n nodes, H information sets, A moves, K outcomes and N players.

    Attributes
    ----------
    title, comment : str
        The two free texts at the head of an ``.efg`` file.
    players : tuple of str
        Names, N of them.
    parent : int array, (n,)
        Parent node; -1 at the root, which is node 0. ``parent[k] < k``.
    move : int array, (n,)
        The move into the node, counted through all sets; -1 at the root.
    infoset : int array, (n,)
        Information set of the node, -1 at terminal nodes.
    set_player : int array, (H,)
        The player who moves there; -1 for chance.
    set_first : int array, (H + 1,)
        Moves of set h are ``set_first[h]:set_first[h + 1]``.
    set_label : tuple of str
        Names of the sets, possibly empty.
    set_number : int array, (H,)
        The set's number in the file, counted for each player.
    move_label : tuple of str
        Names of the A moves.
    chance : float array, (A,)
        Probability of chance moves; 0 at the moves of players.
    weight : float array, (A,)
        Base weight of each player's move in its menu, summing to 1 over a set (equal weights are
        the textbook agent logit equilibrium); 1 at chance moves.
    outcome : int array, (n,)
        Outcome attached to the node, -1 for none. Inner nodes may have one: payoffs add up along
        the path.
    outcome_label : tuple of str
        Names of the outcomes.
    outcome_number : int array, (K,)
        Numbers of the outcomes in the file.
    outcome_payoff : float array, (K, N)
        Payoffs of the outcomes, in the file's units, rounded to doubles. The solver uses the exact
        differences of the numbers in ``payoff_text`` (see `relative`).
    node_label : tuple of str
        Names of the nodes, or empty for none at all.
    chance_text, payoff_text : tuple of str and tuple of tuple of str, or None
        The numbers as they were written, so that ``1/3`` stays ``1/3`` when written again. A
        payoff is exactly the written one if ``outcome_payoff`` has the double nearest to it.

    Examples
    --------
    >>> from detente.game.efg import parse_efg
    >>> game = parse_efg('EFG 2 R "x" { "A" "B" } p "" 1 1 "" { "l" "r" } 0 '
    ...                  't "" 1 "" { 1 2 } t "" 2 "" { 3/2 0 }')
    >>> game.n_nodes, game.n_sets, game.leaf_payoff.tolist()
    (3, 1, [[1.0, 2.0], [1.5, 0.0]])
    """

    title: str
    comment: str
    players: tuple[str, ...]
    parent: Ints
    move: Ints
    infoset: Ints
    set_player: Ints
    set_first: Ints
    set_label: tuple[str, ...]
    set_number: Ints
    move_label: tuple[str, ...]
    chance: Floats
    weight: Floats
    outcome: Ints
    outcome_label: tuple[str, ...]
    outcome_number: Ints
    outcome_payoff: Floats
    node_label: tuple[str, ...] = ()
    chance_text: tuple[str, ...] | None = None
    payoff_text: tuple[tuple[str, ...], ...] | None = None

    @property
    def n_nodes(self) -> int:
        return len(self.parent)

    @property
    def n_players(self) -> int:
        return len(self.players)

    @property
    def n_sets(self) -> int:
        """Number of information sets, chance included."""
        return len(self.set_player)

    @property
    def n_information_sets(self) -> int:
        """Number of information sets of the players."""
        return int((self.set_player >= 0).sum())

    @cached_property
    def set_of_move(self) -> Ints:
        """Information set each move belongs to, (A,)."""
        return np.repeat(np.arange(self.n_sets), np.diff(self.set_first))

    @cached_property
    def child_start(self) -> Ints:
        """Children of node k are ``child[child_start[k]:child_start[k + 1]]``, (n + 1,)."""
        counts = np.bincount(self.parent[1:], minlength=self.n_nodes)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def child(self) -> Ints:
        """All nodes but the root by parent and, under one parent, in the order of the moves."""
        order = np.lexsort((self.move[1:], self.parent[1:]))
        return np.asarray(order + 1, dtype=np.int64)

    @cached_property
    def leaves(self) -> Ints:
        """Nodes where the game ends, ascending, (m,)."""
        return np.flatnonzero(self.infoset < 0)

    @cached_property
    def path_payoff(self) -> Floats:
        """Payoffs gathered from the root up to and including each node, (n, N)."""
        own = np.zeros((self.n_nodes, self.n_players))
        has = self.outcome >= 0
        own[has] = self.outcome_payoff[self.outcome[has]]
        return self.path_sum(own)

    @cached_property
    def leaf_payoff(self) -> Floats:
        """Total payoffs of the terminal nodes, (m, N)."""
        return self.path_payoff[self.leaves]

    @cached_property
    def depth(self) -> Ints:
        """Number of moves before each node, (n,)."""
        return np.asarray(self.path_sum((self.parent >= 0).astype(float)), dtype=np.int64)

    def path_sum(self, step: Floats) -> Floats:
        """Add ``step`` up from the root to each node, both included, (n, ...)."""
        # Pointer doubling needs log2(depth) rounds. Each round adds to a node the sum
        # known for the stretch that ends at the ancestor where its own stretch begins.
        total, up = step.copy(), self.parent
        while (below := np.flatnonzero(up >= 0)).size:
            total[below] = total[below] + total[up[below]]
            up = np.where(up >= 0, up[up], -1)
        return total

    @cached_property
    def levels(self) -> tuple[Ints, ...]:
        """Nodes by depth."""
        order = np.argsort(self.depth, kind="stable")
        cuts = np.cumsum(np.bincount(self.depth))[:-1]
        return tuple(np.split(order, cuts))

    @cached_property
    def stake(self) -> float:
        """The largest range of a player's payoffs over the terminal nodes, in the file's units."""
        return nearest_double(self.relative.stake)

    @cached_property
    def relative(self) -> Relative:
        """The payoffs of the endings less each player's least payoff, in a unit near the stake.

        Raises
        ------
        InputError
            Doubles cannot hold the differences of the payoffs (see `detente.game.exact`).
        """
        return relative_payoffs(self)

    @cached_property
    def last_own(self) -> Ints:
        """For each node and player the player's last move before it, -1 for none, (n, N)."""
        last = np.full((self.n_nodes, self.n_players), -1, dtype=np.int64)
        mover = np.append(self.set_player, -1)[self.infoset]
        made = np.flatnonzero((self.parent >= 0) & (mover[self.parent] >= 0))
        last[made, mover[self.parent[made]]] = self.move[made]
        up = self.parent
        while (below := np.flatnonzero(up >= 0)).size:
            last[below] = np.where(last[below] >= 0, last[below], last[up[below]])
            up = np.where(up >= 0, up[up], -1)
        return last

    @cached_property
    def set_parent(self) -> Ints:
        """For each set the mover's own last move before it, -1 for none (perfect recall), (H,)."""
        parent = np.full(self.n_sets, -1, dtype=np.int64)
        nodes = np.flatnonzero(self.infoset >= 0)
        sets = self.infoset[nodes]
        strategic = self.set_player[sets] >= 0
        nodes, sets = nodes[strategic], sets[strategic]
        parent[sets] = self.last_own[nodes, self.set_player[sets]]
        return parent

    def forgetful_set(self) -> tuple[int, int, int] | None:
        """Return a set whose mover has forgotten a move of its own, with two nodes that show it.

        Perfect recall holds if all nodes of a set have the same last move of the mover, and
        therefore the same sequence of its moves. This also excludes meeting a set twice on a path.

        Returns
        -------
        tuple of int or None
            The set and two of its nodes, or None if the game has perfect recall.
        """
        nodes = np.flatnonzero(self.infoset >= 0)
        sets = self.infoset[nodes]
        strategic = self.set_player[sets] >= 0
        nodes, sets = nodes[strategic], sets[strategic]
        if len(nodes) == 0:
            return None
        last = self.last_own[nodes, self.set_player[sets]]
        first = np.full(self.n_sets, -1, dtype=np.int64)
        first[sets[::-1]] = np.arange(len(nodes))[::-1]
        unlike = np.flatnonzero(last != last[first[sets]])
        if len(unlike) == 0:
            return None
        k = int(unlike[0])
        return int(sets[k]), int(nodes[first[sets[k]]]), int(nodes[k])

    def set_name(self, h: int) -> str:
        """Return the set's name, or its number if the file gives no name."""
        return self.set_label[h] or str(int(self.set_number[h]))

    def history(self, node: int) -> list[str]:
        """Return the labels of the moves from the root to ``node``."""
        moves = []
        while self.parent[node] >= 0:
            moves.append(self.move_label[self.move[node]])
            node = int(self.parent[node])
        return moves[::-1]

    def player_sets(self, player: int) -> list[int]:
        """Return the player's information sets in the order in which the file first has them."""
        return [int(h) for h in np.flatnonzero(self.set_player == player)]

    def with_numbers(self, **numbers: Any) -> ExtensiveGame:
        """Return the same game with other payoffs, chances or weights.

        Raises
        ------
        InputError
            A field that is not one of ``outcome_payoff``, ``chance``, ``weight``.
        """
        known = ("outcome_payoff", "chance", "weight")
        for name in numbers:
            if name not in known:
                raise InputError(f"{name!r} is not a field of numbers of a game",
                                 expected=one_of(name, known), nearest=nearest(name, known))
        return replace(self, **numbers)
