"""A tournament in Axelrod's manner: every strategy against every strategy, in both seats.

A memoryless strategy is a table, (node, type) to probability, so the mean payoffs of a pair are
exact: the sum over the leaves of the probability of the path times the payoff. The others, such as
a bluffer who decides once before the game, are simulated, and their means carry an interval.

Source: [axelrod-1984], ch. 2, for the form of the tournament.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any

import numpy as np

from detente.arrays import Bools, Floats
from detente.errors import InputError
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE
from detente.play.board import Board
from detente.play.strategies import load, registry
from detente.play.strategies.base import Mixes, Strategy, Turn, mixes, ready

__all__ = ["Tournament", "exact", "simulate", "tournament"]

NORMAL = 1.6449
"""Standard errors on each side of a 90 % interval."""


@dataclass(frozen=True)
class Tournament:
    """The mean payoffs of every pair of strategies.

    Attributes
    ----------
    case : str
    seats : tuple of str
        The two actors whose strategies vary; every other actor plays the fallible equilibrium.
    names : tuple of str
        The S strategies.
    payoff : (2, S, S) array
        Mean payoff of each seat; the first seat's strategy is the row, the second's the column.
    error : (2, S, S) array
        Half the width of the 90 % interval; 0 if the mean is exact.
    war : (S, S) array
        Probability of a war of any kind.
    exact : (S, S) bool array
        Whether the pair's numbers are exact.
    certified : bool
        Whether the equilibria that strategies use passed their check.
    games, seed : int
        Games of each simulated pair, and their seed.
    """

    case: str
    seats: tuple[str, str]
    titles: tuple[str, str]
    names: tuple[str, ...]
    payoff: Floats
    error: Floats
    war: Floats
    exact: Bools
    certified: bool
    games: int
    seed: int

    def means(self, seat: int) -> Floats:
        """Return the mean payoff of each strategy in a seat over all opponents, (S,)."""
        return np.asarray(self.payoff[seat].mean(axis=1 - seat))

    def wars(self, seat: int) -> Floats:
        """Return the mean probability of war of each strategy in a seat, (S,)."""
        return np.asarray(self.war.mean(axis=1 - seat))

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per pair."""
        return [
            {"first": a, "second": b, "payoff_first": float(self.payoff[0, i, j]),
             "payoff_second": float(self.payoff[1, i, j]), "war": float(self.war[i, j]),
             "exact": bool(self.exact[i, j]),
             "error_first": float(self.error[0, i, j]), "error_second": float(self.error[1, i, j])}
            for (i, a), (j, b) in product(enumerate(self.names), repeat=2)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        known = registry()
        return {
            "case": self.case, "seats": list(self.seats), "games": self.games, "seed": self.seed,
            "certified": self.certified,
            "strategies": [
                {"name": n, "about": known[n].about if n in known else "",
                 "mean_first": float(self.means(0)[k]), "mean_second": float(self.means(1)[k]),
                 "war_first": float(self.wars(0)[k]), "war_second": float(self.wars(1)[k])}
                for k, n in enumerate(self.names)],
            "pairs": self.rows(),
        }


def tournament(
    board: Board, names: Sequence[str] = (), *, games: int = 1000, seed: int = 0,
    tell: Callable[[int, int], None] | None = None,
) -> Tournament:
    """Play every strategy against every strategy.

    Parameters
    ----------
    board
        The game.
    names
        Strategies; all of them if none is named.
    games
        Games of each pair that must be simulated.
    seed
        Their seed.
    tell
        Called with the number of simulated pairs that are done, and of all.

    Raises
    ------
    InputError
        A strategy does not exist, or fewer than two actors choose.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1, "b": 1}, decide("a", {"out": end("out", b=2), "in": decide("b", {
    ...     "fight": end("war", a=-1, b=-1), "share": end("shared", a=1, b=1)})}))
    >>> found = tournament(Board(game), ["random", "habit"])
    >>> found.payoff[:, 0, 0].tolist()
    [0.0, 1.0]
    """
    classes = {(c := load(n)).name: c for n in names or registry()}
    if len(board.principals) < 2:
        raise InputError("fewer than two actors choose in this game",
                         expected="a case in which two actors choose")
    seats = (board.principals[0], board.principals[1])
    players = tuple(board.player(s) for s in seats)
    labels, size = tuple(classes), len(classes)
    payoff, error = np.zeros((2, size, size)), np.zeros((2, size, size))
    war, sure = np.zeros((size, size)), np.zeros((size, size), dtype=bool)
    tables = {(p, n): mixes(board, p, ready(c)) for n, c in classes.items() if not c.memory
              for p in players}
    plain = [k for k, n in enumerate(labels) if not classes[n].memory]
    if plain:
        found = exact(board, players, [[tables[p, labels[k]] for k in plain] for p in players])
        at = np.ix_(plain, plain)
        payoff[0][at], payoff[1][at], war[at], sure[at] = *found[0], found[1], True
    rest = [(i, j) for i, j in product(range(size), repeat=2) if not sure[i, j]]
    third = {i: mixes(board, i, load("equilibrium")())
             for i in range(board.tree.n_players) if i not in players} if rest else {}
    for k, (i, j) in enumerate(rest):
        one: dict[int, Mixes | type[Strategy]] = dict(third)
        for p, n in zip(players, (labels[i], labels[j]), strict=True):
            one[p] = tables.get((p, n), classes[n])
        paid, wars = simulate(board, one, games, seed=(seed, i, j))
        payoff[:, i, j] = paid[:, list(players)].mean(axis=0)
        spread = paid[:, list(players)].std(axis=0, ddof=1) if games > 1 else np.zeros(2)
        error[:, i, j] = NORMAL * spread / np.sqrt(games)
        war[i, j] = wars.mean()
        if tell is not None:
            tell(k + 1, len(rest))
    good = board.fallible.certificate.certified and (
        "deliberate" not in classes or board.deliberate.certificate.certified)
    return Tournament(board.case, seats, (board.title(seats[0]), board.title(seats[1])), labels,
                      payoff, error, war, sure, good, games, seed)


def exact(
    board: Board, players: Sequence[int], tables: Sequence[Sequence[Mixes]]
) -> tuple[tuple[Floats, Floats], Floats]:
    """Return the exact mean payoffs of all pairs of memoryless strategies.

    Parameters
    ----------
    players
        The two seats.
    tables
        Per seat, its S strategies.

    Returns
    -------
    payoffs : two (S, S) arrays
        Of the first and the second seat, by the analyst's priors.
    war : (S, S) array
        Probability of a war of any kind.
    """
    tree = board.tree
    base = _chance(board)
    for i in range(tree.n_players):
        if i not in players:
            mixed = _paths(board, i, mixes(board, i, load("equilibrium")()))
            base = base * (mixed @ tree.prior[i])
    paths = [np.stack([_paths(board, p, m) for m in ms])
             for p, ms in zip(players, tables, strict=True)]  # (S, m, T)
    reach = [x @ tree.prior[p] for p, x in zip(players, paths, strict=True)]  # (S, m)
    wars = np.array([name in tree.wars for name in tree.outcome_names])[tree.outcome]
    war = (reach[0] * (base * wars)) @ reach[1].T
    if tree.joint_payoff is not None:
        one, two = (x * tree.prior[p] for p, x in zip(players, paths, strict=True))
        found = [np.einsum("z,zab,iza,jzb->ij", base, tree.joint_payoff[p], one, two)
                 if players == (0, 1) else
                 np.einsum("z,zab,izb,jza->ij", base, tree.joint_payoff[p], one, two)
                 for p in players]
        return (found[0], found[1]), war
    worth = [np.einsum("szt,zt,t->sz", x, tree.payoff[p], tree.prior[p])
             for p, x in zip(players, paths, strict=True)]
    return ((worth[0] * base) @ reach[1].T, (reach[0] * base) @ worth[1].T), war


def _chance(board: Board) -> Floats:
    """Return the probability (m,) of all results of plain chance on the way to each leaf."""
    tree = board.tree
    by = np.where(tree.parent >= 0, tree.mover[tree.parent], CHANCE)
    return _down(board, np.where(by == CHANCE, tree.weight, 1.0)[:, None])[:, 0]


def _paths(board: Board, player: int, table: Mixes) -> Floats:
    """Return the probability (m, T) of a player's moves on the way to each leaf, by its type."""
    tree, types = board.tree, board.tree.n_types[player]
    by = np.where(tree.parent >= 0, tree.mover[tree.parent], CHANCE)
    factor = np.where((by == player)[:, None], table.pi, 1.0)
    typed = np.flatnonzero(by == TYPE_CHANCE - player)
    factor[typed] = tree.type_prob[tree.type_row[typed], :types]
    for node, mix in table.joint.items():
        at, kids = tree.joints[node], tree.children(node)
        own = np.unravel_index(np.arange(len(kids)), at.sizes)[at.players.index(player)]
        factor[kids.start:kids.stop] = mix[own]
    return _down(board, factor)


def _down(board: Board, factor: Floats) -> Floats:
    """Return the product of factors along the path to each leaf."""
    tree = board.tree
    out = np.array(factor, dtype=float)
    out[0] = 1.0
    for d in range(1, len(tree.level) - 1):
        a, b = tree.level[d], tree.level[d + 1]
        out[a:b] *= out[tree.parent[a:b]]
    return out[tree.leaves]


def simulate(
    board: Board, strategies: dict[int, Mixes | type[Strategy]], games: int, *,
    seed: Sequence[int] | int = 0,
) -> tuple[Floats, Bools]:
    """Play games, the types drawn from the analyst's priors.

    Parameters
    ----------
    strategies
        Per player, its table, or the class of a strategy with a memory.
    games
        How many.
    seed
        Of all draws.

    Returns
    -------
    payoffs : (games, players) array
    war : (games,) bool array
    """
    tree, rng = board.tree, np.random.default_rng(seed)
    wars = np.array([name in tree.wars for name in tree.outcome_names])
    paid, fought = np.zeros((games, tree.n_players)), np.zeros(games, dtype=bool)
    priors = [np.cumsum(p).tolist() for p in tree.prior]
    drawer = _Drawer(board, strategies, rng)
    for g in range(games):
        types = [drawer.draw(p) for p in priors]
        drawer.living = {i: ready(s, rng) for i, s in strategies.items()
                         if not isinstance(s, Mixes)}
        node = 0
        while not board.over(node):
            node = drawer.after(node, types)
        leaf = int(tree.leaves.searchsorted(node))
        for i in range(tree.n_players):
            paid[g, i] = (tree.payoff[i][leaf, types[i]] if tree.joint_payoff is None else
                          tree.joint_payoff[i][leaf, types[0], types[1]])
        fought[g] = wars[tree.outcome[leaf]]
    return paid, fought


class _Drawer:
    """Draws the steps of simulated games; the cumulative odds of tables and chance are kept."""

    def __init__(
        self, board: Board, strategies: dict[int, Mixes | type[Strategy]],
        rng: np.random.Generator,
    ) -> None:
        self.board, self.strategies, self.rng = board, strategies, rng
        self.living: dict[int, Strategy] = {}
        self._kept: dict[tuple[int, int, int], list[float]] = {}

    def draw(self, total: list[float]) -> int:
        """Draw from cumulative odds."""
        return bisect_right(total, self.rng.random() * total[-1])

    def after(self, node: int, types: Sequence[int]) -> int:
        """Return the node after one step."""
        board, tree = self.board, self.board.tree
        mover = int(tree.mover[node])
        if mover == CHANCE or mover <= TYPE_CHANCE:
            type = 0 if mover == CHANCE else types[TYPE_CHANCE - mover]
            key = (-1, node, type)
            if key not in self._kept:
                odds = board.chances(node, dict(enumerate(types)))
                self._kept[key] = np.cumsum(odds).tolist()
            return int(tree.first[node]) + self.draw(self._kept[key])
        seats = tree.joints[node].players if mover == JOINT else (mover,)
        return board.child(node, {i: self.draw(self._odds(node, i, types[i])) for i in seats})

    def _odds(self, node: int, player: int, type: int) -> list[float]:
        board = self.board
        if player in self.living:
            turn = Turn(board, node, player, type, board.acts(node, player))
            return list(accumulate(self.living[player].probabilities(turn).tolist()))
        key = (player, node, type)
        if key not in self._kept:
            table, kids = self.strategies[player], board.tree.children(node)
            assert isinstance(table, Mixes)
            odds = (table.joint[node] if node in table.joint else
                    table.pi[kids.start:kids.stop])[:, type]
            self._kept[key] = np.cumsum(odds).tolist()
        return self._kept[key]
