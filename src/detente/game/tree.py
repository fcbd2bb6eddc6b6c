"""A public game tree with private types, as arrays.

Players draw private types once and independently. After that everything is public: one player
moves at a node, and all players observe the move. Chance is public, too. Its odds may depend on one
player's type, and then all players learn about that type. Payoffs are ``u_i(z, t_i)``. An
information set is therefore exactly a pair (decision node, the mover's type), and no table of
information sets is needed.

Nodes stand in breadth-first order and the children of a node are contiguous, so everything that
belongs to a *move* (its identifier, its menu weight, its chance) is indexed by the child that it
reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from detente.arrays import Floats, Ints
from detente.game.exact import times_power
from detente.game.units import RelativeTree, relative_tree
from detente.identifiers import NO_TITLES, WARS, Move, Outcome, Terms, Type

__all__ = ["CHANCE", "JOINT", "TERMINAL", "TYPE_CHANCE", "Joint", "PublicTree"]

TERMINAL = -1
CHANCE = -2
JOINT = -3
TYPE_CHANCE = -10
"""``mover`` is TYPE_CHANCE - i if the odds depend on player i's type."""


@dataclass(frozen=True)
class Joint:
    """A node where several players choose at once; its children are the move profiles.

    Children are in row-major order over ``sizes``: the last player's choice varies fastest.
    """

    players: tuple[int, ...]
    sizes: tuple[int, ...]
    weights: tuple[Floats, ...]
    """Menu weights, one array per player, each summing to 1."""
    own: tuple[int, ...]
    """Per player: the node reached by its previous own move, -1 if there is none."""


@dataclass(frozen=True)
class PublicTree:
    """The game the solvers see.

    Attributes
    ----------
    players : tuple of str
        Names, N of them.
    types : tuple of tuple of Type
        Per player, its types (one without attributes if nothing is private).
    prior : tuple of float arrays, (T_i,)
        The analyst's prior over each player's types; outcome probabilities use it.
    mover : int array, (n,)
        Player index, or TERMINAL, CHANCE, JOINT, or TYPE_CHANCE - i.
    parent, first, count : int arrays, (n,)
        Parent node (-1 at the root), first child, number of children (0 at terminals).
    level : int array, (depth + 1,)
        Nodes of depth d are ``level[d]:level[d + 1]``.
    own : int array, (n,)
        At a node of player i or a TYPE_CHANCE node of player i: the child reached by the last
        earlier move that carries information on i's type (its own moves and its TYPE_CHANCE
        moves); -1 if there is none, and at all other nodes.
    weight : float array, (n,)
        At a child of a decision node, its base weight in the menu (they sum to 1 over the menu);
        at a child of a CHANCE node, its probability; elsewhere 1.
    type_row : int array, (n,)
        At a child of a TYPE_CHANCE node its row in ``type_prob``; elsewhere -1.
    type_prob : float array, (rows, max T)
        Probability of the move given the type; columns beyond T_i are unused.
    leaves : int array, (m,)
        The terminal nodes, ascending.
    payoff : tuple of float arrays, (m, T_i)
        Player i's payoff at each leaf for each of its types, in units of the stake.
    outcome : int array, (m,)
        Index into ``outcome_kinds`` of each leaf's ending.
    outcome_kinds : tuple of Outcome
        The outcomes.
    move : int array, (n,)
        Index into ``moves`` of the move into each node (-1 at the root).
    moves : tuple of Act or ActionProfile
        The distinct moves.
    observer_prior : tuple of tuple of float arrays, or None
        ``observer_prior[k][i]``: player k's own prior over player i's types (unlike beliefs).
    joint_payoff : tuple of two float arrays (m, T_0, T_1), or None
        Interdependent payoffs ``u_i(z, t_0, t_1)`` for two players; replaces ``payoff``.
    joints : dict from node to Joint
        The simultaneous-move nodes.
    share : float array, (m,) or None
        The share of the stake that goes to the first principal (nan if undefined).
    wars : frozenset of str
        The outcomes that count as war; in a crisis, those that its mechanisms declare.
    stake : float or None
        The stake in units of the payoffs: 1 in a crisis. None: the largest range of any player's
        payoffs.
    scaled : int
        The power of two that `relative` divided out of the payoffs; messages multiply it back.
    terms : int array, (m,) or None
        Index into ``term_kinds`` of the terms of each leaf; None in a game without them.
    term_kinds : tuple of Terms
        The distinct terms.
    """

    players: tuple[str, ...]
    types: tuple[tuple[Type, ...], ...]
    prior: tuple[Floats, ...]
    mover: Ints
    parent: Ints
    first: Ints
    count: Ints
    level: Ints
    own: Ints
    weight: Floats
    type_row: Ints
    type_prob: Floats
    leaves: Ints
    payoff: tuple[Floats, ...]
    outcome: Ints
    outcome_kinds: tuple[Outcome, ...]
    move: Ints
    moves: tuple[Move, ...]
    observer_prior: tuple[tuple[Floats, ...], ...] | None = None
    joint_payoff: tuple[Floats, Floats] | None = None
    joints: dict[int, Joint] = field(default_factory=dict)
    share: Floats | None = None
    wars: frozenset[str] = frozenset(WARS)
    stake: float | None = None
    scaled: int = 0
    terms: Ints | None = None
    term_kinds: tuple[Terms, ...] = ()

    def __repr__(self) -> str:
        return f"<PublicTree: {self.n_nodes:,} nodes, players {', '.join(self.players)}>"

    @property
    def n_nodes(self) -> int:
        return len(self.mover)

    @property
    def n_players(self) -> int:
        return len(self.players)

    @property
    def n_types(self) -> tuple[int, ...]:
        return tuple(map(len, self.types))

    @cached_property
    def n_information_sets(self) -> int:
        """Number of pairs (decision node, type of the mover); joint nodes count once per player."""
        sets = sum(int((self.mover == i).sum()) * t for i, t in enumerate(self.n_types))
        return sets + sum(self.n_types[i] for j in self.joints.values() for i in j.players)

    @cached_property
    def strategic_players(self) -> tuple[int, ...]:
        """Players who have a choice between at least two moves at some node."""
        joint = {i for j in self.joints.values() for i in j.players}
        return tuple(
            i
            for i in range(self.n_players)
            if i in joint or bool(((self.mover == i) & (self.count > 1)).any())
        )

    @cached_property
    def relative(self) -> RelativeTree:
        """The tree without large offsets of its payoffs and in units near its stake.

        Raises
        ------
        InputError
            Doubles cannot hold the differences of the payoffs (see `detente.game.units`).
        """
        return relative_tree(self)

    def written_precision(self, lam: float) -> float:
        """Convert a precision to the units of the payoffs before `relative` divided them."""
        return times_power(lam, -self.scaled)

    def children(self, node: int) -> range:
        """Return the children of ``node``."""
        return range(int(self.first[node]), int(self.first[node] + self.count[node]))

    @cached_property
    def outcome_names(self) -> tuple[str, ...]:
        """The outcomes in words, for display."""
        return tuple(map(str, self.outcome_kinds))

    @cached_property
    def move_names(self) -> tuple[str, ...]:
        """The moves in words without their actors, for display."""
        return tuple(move.deed() for move in self.moves)

    def move_into(self, node: int) -> Move:
        """Return the move that leads to ``node``."""
        return self.moves[int(self.move[node])]

    def story(self, node: int, titles: Mapping[str, str] = NO_TITLES) -> list[str]:
        """Return the moves from the root to ``node`` in words, for display."""
        return [move.words(titles) for move in self.history(node)]

    def history(self, node: int) -> list[Move]:
        """Return the moves from the root to ``node``."""
        moves = []
        while self.parent[node] >= 0:
            moves.append(self.move_into(node))
            node = int(self.parent[node])
        return moves[::-1]

    def with_numbers(self, **numbers: Any) -> PublicTree:
        """Return the same tree with other payoffs, weights, priors or chances."""
        return replace(self, **numbers)
