"""Payoffs and chances of a compiled tree as polynomials, for many samples at once.

Every payoff term belongs to an edge or a terminal node of the graph of public states; a leaf's
payoff is their sum along its history. Leaves with the same sum share one row. A row is a sparse
combination of monomials, a monomial a product of symbols, a symbol a number of the file or a smooth
function of some: so values are two products, and derivatives by every number of the file are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from detente.arrays import Floats, Ints
from detente.errors import InputError
from detente.game.explore import Graph
from detente.game.numbers import Numbers
from detente.mechanisms.expr import Expr

__all__ = ["Polynomials"]

NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Sums:
    """Some sums of monomials, with only those monomials that occur in them.

    Attributes
    ----------
    matrix : sparse (rows, M') array
        The combinations.
    factors : (M', D) int array
        The symbols of each monomial, padded with -1.
    rows : (rows,) int array
        The rows of `Polynomials.chance` that they are.
    back : int array
        Where each row that was asked for is among them.
    """

    matrix: Any
    factors: Ints
    rows: Ints
    back: Ints

    @classmethod
    def of(cls, matrix: Any, factors: Ints, rows: Ints = NONE, back: Ints = NONE) -> Sums:
        """Leave out the monomials that occur in no row."""
        used = np.unique(matrix.indices)
        return cls(matrix[:, used], factors[used], rows, back)


class _Menus(NamedTuple):
    """The different menus of a tree, one after the other. Most menus of a tree are alike."""

    base: Floats
    """Of every move: the part of the weight of its kind of move, (u,)."""
    habit: Ints
    """Of every move: the place of that kind's weight among the habits, (u,)."""
    starts: Ints
    """The move at which each menu begins."""
    rows: Ints
    """The move of each node in `Polynomials.chosen`, (c,)."""

    @classmethod
    def of(cls, base: Floats, habit: Ints, starts: Ints) -> _Menus:
        """Collect the menus that begin at ``starts``."""
        known: dict[bytes, int] = {}
        kept, at, rows = [], 0, np.empty(len(base), dtype=np.int64)
        for begin, end in pairwise([*starts, len(base)]):
            key = base[begin:end].tobytes() + habit[begin:end].tobytes()
            if key not in known:
                known[key] = at
                kept.append((begin, end, at))
                at += end - begin
            rows[begin:end] = np.arange(end - begin) + known[key]
        one = [slice(begin, end) for begin, end, _ in kept]
        return cls(np.concatenate([base[k] for k in one] or [base[:0]]),
                   np.concatenate([habit[k] for k in one] or [habit[:0]]),
                   np.array([first for _, _, first in kept], dtype=np.int64), rows)


class _Parts(NamedTuple):
    """The sums of a tree: payoffs by player, habits, chances, chances by the actor of a type."""

    payoff: tuple[Sums, ...]
    habit: Sums
    menus: _Menus
    fixed: Ints
    """The nodes whose weight is the same in all samples."""
    plain: Ints
    """The nodes reached by chances that depend on no type."""
    chance: Sums
    by_type: tuple[tuple[int, Ints, Sums], ...]


@dataclass(frozen=True)
class Polynomials:
    """The numbers of a tree as functions of the file's numbers.

    Attributes
    ----------
    graph : Graph
        Where the symbols are.
    factors : (M, D) int array
        The symbols of each monomial, padded with -1.
    leaf_row : (m,) int array
        Row of each leaf in ``payoff``.
    payoff : tuple of sparse (rows, M) arrays, one per player
        Payoff rows as combinations of monomials.
    chance_edge : (n,) int array
        Row in ``chance`` of each node reached by chance, -1 elsewhere.
    chance : sparse (rows, M) array
        Probabilities as combinations of monomials.
    menu : (n,) float array
        Of nodes that are chosen: the part of the weight of their kind of move; 1 elsewhere.
    chosen : (c,) int array
        The nodes reached by a choice in a menu, in order; nodes of one menu stand together.
    menus : (menus,) int array
        Position in ``chosen`` at which each menu starts.
    habit : (c,) int array
        Row in ``chance`` of the weight of the kind of move that leads to each of them.
    type_nodes : (r,) int array
        The nodes reached by TYPE_CHANCE moves, in the order of ``type_prob``.
    type_actor : (r,) int array
        The actor whose type they depend on.
    """

    graph: Graph
    factors: Ints
    leaf_row: Ints
    payoff: tuple[Any, ...]
    chance_edge: Ints
    chance: Any
    menu: Floats
    chosen: Ints
    menus: Ints
    habit: Ints
    type_nodes: Ints
    type_actor: Ints

    @classmethod
    def of(
        cls, graph: Graph, edge: Ints, state: Ints, parent: Ints, level: Ints, leaves: Ints,
        typed: Ints,
    ) -> Polynomials:
        """Collect the polynomials of an unfolded graph."""
        monomials: dict[tuple[int, ...], int] = {}

        def matrix(rows: list[Expr]) -> Any:
            at, column, value = [], [], []
            for r, expr in enumerate(rows):
                for key, c in expr.terms.items():
                    at.append(r)
                    column.append(monomials.setdefault(key, len(monomials)))
                    value.append(c)
            return at, column, value, len(rows)

        raw = [matrix([p[i] for p in graph.pays]) for i in range(len(graph.players))]
        raw_chance = matrix(graph.exprs)
        size = len(monomials)

        def build(parts: Any) -> Any:
            at, column, value, rows = parts
            return sparse.csr_array((value, (at, column)), shape=(rows, max(size, 1)))

        leaf_row, sums = histories(graph, edge, state, parent, level, leaves)
        width = max((len(k) for k in monomials), default=0)
        factors = np.full((max(size, 1), max(width, 1)), -1, dtype=np.int64)
        for key, k in monomials.items():
            factors[k, : len(key)] = key
        by_chance = np.where(edge >= 0, graph.chance[edge], -1)
        habit = np.where(edge >= 0, graph.habit[edge], -1)
        chosen = np.flatnonzero(habit >= 0)
        above = parent[chosen]
        new = np.ones(len(chosen), dtype=bool)
        new[1:] = above[1:] != above[:-1]
        return cls(
            graph=graph, factors=factors, leaf_row=leaf_row,
            payoff=tuple((sums @ build(r)).tocsr() for r in raw),
            chance_edge=by_chance, chance=build(raw_chance),
            menu=np.where((edge >= 0) & (by_chance < 0), graph.weight[edge], 1.0),
            chosen=chosen, menus=np.flatnonzero(new), habit=habit[chosen],
            type_nodes=typed,
            type_actor=-(graph.mover[state[parent[typed]]] + 10) if len(typed) else typed,
        )

    # values -----------------------------------------------------------------------------------

    def symbols(self, theta: Floats) -> list[Any]:
        """Evaluate every symbol: (S,) for numbers, (T, S) if it depends on an actor's type."""
        numbers = dict(zip(self.graph.rules.numbers, np.asarray(theta).T, strict=True))
        return [self._symbol(s, numbers) for s in self.graph.rules.symbols.table]

    def _symbol(self, symbol: Any, numbers: dict[str, Any]) -> Any:
        if symbol.value is None:
            return numbers[symbol.name]
        found = np.asarray(symbol.value(numbers))
        samples = len(next(iter(numbers.values())))
        if symbol.actor is not None and found.ndim == 1:
            found = np.repeat(found[:, None], samples, axis=1)
        return found

    @cached_property
    def _parts(self) -> _Parts:
        """The sums that `numbers` evaluates, each with the monomials that it uses."""
        plain = np.flatnonzero(self.chance_edge >= 0)
        plain = plain[~np.isin(plain, self.type_nodes)]
        by_type = [np.flatnonzero(self.type_actor == i) for i in np.unique(self.type_actor)]
        habit = self._chances(self.habit)
        fixed = np.ones(len(self.menu), dtype=bool)
        fixed[self.chosen] = fixed[plain] = False
        return _Parts(
            tuple(Sums.of(rows, self.factors) for rows in self.payoff), habit,
            _Menus.of(self.menu[self.chosen], habit.back, self.menus),
            np.flatnonzero(fixed), plain, self._chances(self.chance_edge[plain]),
            tuple((int(self.type_actor[mine[0]]), mine,
                   self._chances(self.chance_edge[self.type_nodes[mine]])) for mine in by_type),
        )

    def _chances(self, rows: Ints) -> Sums:
        """Return the rows of ``chance`` that are used, and the place of each of ``rows`` in it."""
        used, back = np.unique(rows, return_inverse=True)
        return Sums.of(self.chance[used], self.factors, used, back)

    def payoffs(self, symbols: list[Any], player: int, samples: int) -> Floats:
        """Return a player's payoffs by leaf, (m, T, S), from the values of the symbols."""
        values = self._values(self._parts.payoff[player], symbols, player, samples)
        return np.asarray(values[self.leaf_row])

    def _values(self, sums: Sums, symbols: list[Any], player: int | None, samples: int) -> Floats:
        """Return the sums' values, (rows, T, S); T is 1 if no type matters.

        A monomial that depends on another actor's type is nan, because payoffs may not use it.
        """
        rules, players = self.graph.rules, self.graph.players
        types = 1 if player is None else rules.n_types(players[player])
        # One more symbol of value 1 for the places that a monomial does not use.
        value = np.ones((len(symbols) + 1, types, samples))
        for s in np.unique(sums.factors[sums.factors >= 0]):
            actor = rules.symbols.table[s].actor
            if actor is None or (player is not None and actor == players[player]):
                value[s] = symbols[s]
            else:
                value[s] = np.nan
        monomials = value[sums.factors[:, 0]]
        for column in sums.factors.T[1:]:
            monomials *= value[column]
        flat = monomials.reshape(len(monomials), types * samples)
        if not np.isfinite(flat).all():
            if np.isnan(flat).any():
                raise AssertionError("a payoff or chance depends on another actor's type")
            flat = np.nan_to_num(flat)
        return np.asarray(sums.matrix @ flat).reshape(-1, types, samples)

    def numbers(self, theta: Floats) -> Numbers:
        """Return payoffs, weights, chances and priors for samples ``theta`` (S, K)."""
        rules, players = self.graph.rules, self.graph.players
        samples = len(theta)
        symbols = self.symbols(theta)
        payoff = []
        for i in range(len(players)):
            payoff.append(self.payoffs(symbols, i, samples))
        parts = self._parts
        weight = np.empty((len(self.menu), samples))
        weight[parts.fixed] = self.menu[parts.fixed][:, None]
        if len(self.chosen):
            weight[self.chosen] = self.menu_weights(symbols, samples)[0]
        if len(parts.plain):
            values = self._values(parts.chance, symbols, None, samples)
            self._check(values, parts.chance.rows)
            weight[parts.plain] = values[parts.chance.back, 0]
        width = max((rules.n_types(p) for p in players), default=1)
        type_prob = np.zeros((len(self.type_nodes), width, samples))
        for i, mine, chances in parts.by_type:
            values = self._values(chances, symbols, i, samples)
            self._check(values, chances.rows)
            type_prob[mine, : values.shape[1]] = values[chances.back]
        prior = tuple(self._prior(p, theta) for p in players)
        return Numbers(
            payoff=tuple(payoff), weight=weight, type_prob=type_prob, prior=prior,
            observer_prior=self._observers(prior, theta),
            precision=np.array(theta[:, list(rules.numbers).index("precision")], dtype=float),
        )

    def menu_weights(self, symbols: list[Any], samples: int) -> tuple[Floats, Floats]:
        """Return the menu weight of every chosen node (c, S), and the sum of its menu (c, S).

        A menu's kinds of move share it in proportion to their habits, and the moves of one kind
        share theirs equally.
        """
        menus = self._parts.menus
        values = self._values(self._parts.habit, symbols, None, samples)[:, 0]
        raw = menus.base[:, None] * values[menus.habit]
        total = np.add.reduceat(raw, menus.starts, axis=0)
        total = np.repeat(total, np.diff(np.append(menus.starts, len(raw))), axis=0)
        return (raw / total)[menus.rows], total[menus.rows]

    def _check(self, values: Floats, rows: Ints) -> None:
        bad = (values < -1e-12) | (values > 1 + 1e-12)
        if bad.any():
            row, value = rows[np.argwhere(bad)[0][0]], values[bad][0]
            names = {
                self.graph.rules.symbols.table[s].name
                for key in self.graph.exprs[row].terms for s in key
            }
            raise InputError(
                f"a chance that depends on {', '.join(sorted(names))} is {value:.3g}",
                expected="numbers that keep it between 0 and 1 over all their ranges",
            )

    def _prior(self, player: str, theta: Floats) -> Floats:
        rules = self.graph.rules
        if not rules.quantities(player):
            return np.ones((1, len(theta)))
        numbers = dict(zip(rules.numbers, np.asarray(theta).T, strict=True))
        out: Any = np.ones((1, len(theta)))
        for q in rules.quantities(player):
            p = np.broadcast_to(rules._table(player, q, numbers)[1],
                                (rules.quantities(player)[q].n_types, len(theta)))
            out = (out[:, None, :] * p[None, :, :]).reshape(-1, len(theta))
        return np.ascontiguousarray(out)

    def _observers(
        self, prior: tuple[Floats, ...], theta: Floats
    ) -> tuple[tuple[Floats, ...], ...] | None:
        rules, players = self.graph.rules, self.graph.players
        unlike = [(m, *m.tilts) for m in rules.mechanisms if m.tilts is not None]
        if not unlike:
            return None
        seen = [list(prior) for _ in players]
        numbers = dict(zip(rules.numbers, np.asarray(theta).T, strict=True))
        for m, observer, about in unlike:
            if observer in players and about in players:
                k, i = players.index(observer), players.index(about)
                seen[k][i] = m.tilted(seen[k][i], numbers)
        return tuple(tuple(s) for s in seen)


def histories(
    graph: Graph, edge: Ints, state: Ints, parent: Ints, level: Ints, leaves: Ints
) -> tuple[Ints, Any]:
    """Return each leaf's row, and how often each payoff term occurs in a row (sparse counts)."""
    terms = len(graph.pays)
    row = np.zeros(len(state), dtype=np.int64)
    counts = sparse.csr_array((1, terms), dtype=float)

    def extend(rows: Ints, added: Ints) -> Ints:
        nonlocal counts
        plain = added <= 0
        out = rows.copy()
        if plain.all():
            return out
        key = rows[~plain] * terms + added[~plain]
        new, back = np.unique(key, return_inverse=True)
        base, term = new // terms, new % terms
        more = sparse.csr_array(
            (np.ones(len(new)), (np.arange(len(new)), term)), shape=(len(new), terms)
        )
        start = counts.shape[0]
        grown = (counts[base] + more).tocsr()
        counts = sparse.vstack([counts, grown]).tocsr()
        out[~plain] = start + back
        return out

    for d in range(1, len(level) - 1):
        here = slice(int(level[d]), int(level[d + 1]))
        row[here] = extend(row[parent[here]], graph.pay[edge[here]])
    leaf = extend(row[leaves], graph.end[state[leaves]])
    used, back = np.unique(leaf, return_inverse=True)
    return back, counts[used]
