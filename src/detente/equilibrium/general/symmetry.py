"""Symmetries of an extensive game that carry one strategy profile to another.

A symmetry is a permutation of the players' moves that maps information sets to information sets
and players to players, and keeps menu weights, chances and payoffs. It maps equilibria to
equilibria, so two branches that cross at a symmetric solution are mirror images of each other.

Beliefs and payoffs at an information set are sums over terminal nodes. Each term depends on the
players' moves on the path, the chance probability and the payoffs, not on the order of the moves.
Hence it is enough that the table of terminal nodes, keyed by the set of moves on the path, is kept.
The order matters in the tree of a simultaneous game, where one player is written first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, permutations

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.extensive import ExtensiveGame

__all__ = ["mirror"]


LARGEST_MENU = 6
"""Moves per information set up to which equal probabilities are matched in every order."""
TRIALS = 2_000
"""Partial assignments of information sets that are tried before the search gives up."""

Key = frozenset[int]


def mirror(game: ExtensiveGame, one: Floats, other: Floats, tolerance: float = 1e-6
           ) -> Ints | None:
    """Find a symmetry of the game that carries the profile ``one`` to the profile ``other``.

    Parameters
    ----------
    game
        A game with perfect recall.
    one, other : (A,)
        Probability of every move; entries of chance moves are not read.
    tolerance
        Largest difference of two probabilities that count as equal.

    Returns
    -------
    (A,) int array or None
        ``image`` with ``other[image] = one`` on the players' moves. None if none was found within
        a bounded search, which does not prove that none exists.

    Examples
    --------
    In the battle of the sexes the players and the names of both moves are exchanged together:

    >>> from detente.game.efg import parse_efg
    >>> game = parse_efg('''EFG 2 R "" { "A" "B" } p "" 1 1 "" { "a" "b" } 0
    ... p "" 2 1 "" { "a" "b" } 0 t "" 1 "" { 2 1 } t "" 2 "" { 0 0 }
    ... p "" 2 1 0 t "" 3 "" { 0 0 } t "" 4 "" { 1 2 }''')
    >>> mirror(game, np.array([0.9, 0.1, 0.8, 0.2]), np.array([0.2, 0.8, 0.1, 0.9])).tolist()
    [3, 2, 1, 0]
    >>> mirror(game, np.array([0.9, 0.1, 0.8, 0.2]), np.array([0.8, 0.2, 0.9, 0.1])) is None
    True
    """
    table = _endings(game)
    for image, players in islice(_matches(game, one, other, tolerance), TRIALS):
        if _kept(table, image, players):
            return image
    return None


def _endings(game: ExtensiveGame) -> dict[Key, tuple[float, Floats]]:
    """Return the chance probability and the payoffs times chance of each set of players' moves."""
    table: dict[Key, tuple[float, Floats]] = {}
    for z, payoff in zip(game.leaves.tolist(), game.leaf_payoff, strict=True):
        moves, chance, node = set(), 1.0, z
        while node > 0:
            a = int(game.move[node])
            if game.set_player[game.set_of_move[a]] < 0:
                chance *= float(game.chance[a])
            else:
                moves.add(a)
            node = int(game.parent[node])
        key = frozenset(moves)
        before, total = table.get(key, (0.0, np.zeros(game.n_players)))
        table[key] = before + chance, total + chance * payoff
    return table


def _kept(table: dict[Key, tuple[float, Floats]], image: Ints, players: dict[int, int]) -> bool:
    """Whether the permuted table of terminal nodes is the table itself."""
    scale = max(float(np.abs(u).max(initial=0.0)) for _, u in table.values())
    mine, theirs = list(players), list(players.values())
    for key, (chance, payoff) in table.items():
        found = table.get(frozenset(int(image[a]) for a in key))
        if found is None or abs(found[0] - chance) > 1e-12:
            return False
        if np.abs(found[1][theirs] - payoff[mine]).max(initial=0.0) > 1e-12 * scale:
            return False
    return True


def _matches(
    game: ExtensiveGame, one: Floats, other: Floats, tolerance: float
) -> Iterator[tuple[Ints, dict[int, int]]]:
    """Yield permutations of moves under which the probabilities and the menu weights agree."""
    sets = np.flatnonzero(game.set_player >= 0).tolist()
    image = np.arange(len(game.move_label))
    tried = 0

    def menu(h: int) -> slice:
        return slice(int(game.set_first[h]), int(game.set_first[h + 1]))

    def orders(h: int, to: int) -> Iterator[tuple[int, ...]]:
        a, b = menu(h), menu(to)
        size = a.stop - a.start
        if size != b.stop - b.start:
            return
        if np.abs(np.sort(one[a]) - np.sort(other[b])).max() > tolerance:
            return
        ranked = np.empty(size, dtype=np.int64)
        ranked[np.argsort(one[a], kind="stable")] = np.argsort(other[b], kind="stable")
        options = permutations(range(size)) if size <= LARGEST_MENU else iter([tuple(ranked)])
        for order in options:
            k = list(order)
            if (np.abs(other[b][k] - one[a]).max() <= tolerance
                    and np.abs(game.weight[b][k] - game.weight[a]).max() <= 1e-12):
                yield order

    def assign(k: int, used: set[int], players: dict[int, int]
               ) -> Iterator[tuple[Ints, dict[int, int]]]:
        nonlocal tried
        if k == len(sets):
            yield image.copy(), dict(players)
            return
        h = sets[k]
        who = int(game.set_player[h])
        for to in sets:
            whom = int(game.set_player[to])
            if to in used or players.get(who, whom) != whom:
                continue
            if who not in players and whom in players.values():
                continue
            for order in orders(h, to):
                tried += 1
                if tried > TRIALS:
                    return
                image[menu(h)] = menu(to).start + np.array(order)
                yield from assign(k + 1, used | {to}, {**players, who: whom})

    yield from assign(0, set(), {})
