"""The chain rule from derivatives by a tree's arrays to derivatives by the file's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from detente.arrays import Floats, Ints
from detente.game.payoffs import Polynomials

__all__ = ["pull_back", "pull_back_rows"]

STEP = 1e-30
"""Imaginary step: derivatives of derived symbols and priors are exact to rounding."""


def pull_back(polynomials: Polynomials, theta: Floats, by: Any) -> Floats:
    """Return the derivative by every number of the file.

    Parameters
    ----------
    polynomials : Polynomials
        How the tree's arrays follow from the file's numbers.
    theta : (K,) array
        The numbers.
    by : TreeGradient
        Derivatives by ``payoff`` (tuple of (m, T_i)), ``weight`` (n,), ``type_prob`` (r, T),
        ``prior`` (tuple of (T_i,)) and, if priors are unlike, ``observer_prior``.

    Returns
    -------
    (K,) array
    """
    found: Floats = pull_back_rows(polynomials, theta[None, :], [by])[0]
    return found


def pull_back_rows(polynomials: Polynomials, theta: Floats, by: Sequence[Any]) -> Floats:
    """Return the derivatives by every number of the file in S variants, side by side.

    Parameters
    ----------
    polynomials : Polynomials
        How the tree's arrays follow from the file's numbers.
    theta : (S, K) array
        The numbers of each variant.
    by : sequence of S TreeGradients
        As `pull_back` takes one.

    Returns
    -------
    (S, K) array
    """
    p, size = polynomials, len(theta)
    rules, players = p.graph.rules, p.graph.players
    table = rules.symbols.table
    symbols = [s if t.actor is not None else np.broadcast_to(s, (size,))
               for s, t in zip(p.symbols(theta), table, strict=True)]
    slopes = [np.zeros(np.shape(s)) for s in symbols]
    for i in range(len(players)):
        payoff = np.stack([one.payoff[i] for one in by], axis=-1)
        through(p, symbols, slopes, i, _combined(p.payoff[i], p.leaf_row, payoff))
    weight = np.stack([one.weight for one in by], axis=-1)
    plain = np.flatnonzero(p.chance_edge >= 0)
    plain = plain[~np.isin(plain, p.type_nodes)]
    through(p, symbols, slopes, None,
            _combined(p.chance, p.chance_edge[plain], weight[plain][:, None]))
    if len(p.chosen):
        # The weights of a menu are divided by their sum, which changes nothing.
        total = p.menu_weights(symbols, size)[1]
        share = weight[p.chosen] * p.menu[p.chosen][:, None] / total
        through(p, symbols, slopes, None, _combined(p.chance, p.habit, share[:, None]))
    for i in np.unique(p.type_actor):
        mine = np.flatnonzero(p.type_actor == i)
        types = rules.n_types(players[int(i)])
        chances = np.stack([one.type_prob[mine, :types] for one in by], axis=-1)
        through(p, symbols, slopes, int(i),
                _combined(p.chance, p.chance_edge[p.type_nodes[mine]], chances))

    paths = list(rules.numbers)
    at = {path: k for k, path in enumerate(paths)}
    out = np.zeros((len(paths), size))
    given: dict[str, Any] = dict(zip(paths, np.asarray(theta).T, strict=True))
    for symbol, slope in zip(table, slopes, strict=True):
        if symbol.value is None:
            out[at[symbol.name]] += slope
            continue
        if not slope.any():
            continue
        for path in symbol.reads:
            moved = np.asarray(symbol.value({**given, path: given[path] + 1j * STEP}))
            if symbol.actor is not None and moved.ndim == 1:
                moved = moved[:, None]
            effect = np.imag(moved) / STEP * slope
            out[at[path]] += effect if symbol.actor is None else effect.sum(axis=0)
    out[at["precision"]] += np.array([one.lam for one in by])
    return np.asarray((out + priors(p, theta, by)).T)


def _combined(matrix: Any, row: Ints, by: Floats) -> Floats:
    """Return derivatives by monomials (M, T, S) from those by entries (e, T, S).

    Entry e of the tree's array is row ``row[e]`` of ``matrix``.
    """
    entries, types, size = by.shape
    sums = sparse.csr_array((np.ones(entries), (row, np.arange(entries))),
                            shape=(matrix.shape[0], entries))
    flat = matrix.T @ (sums @ by.reshape(entries, types * size))
    return np.asarray(flat).reshape(-1, types, size)


def through(
    p: Polynomials, symbols: list[Any], slopes: list[Any], player: int | None, by: Floats
) -> None:
    """Add to each symbol's derivative the effect of the monomials' derivatives ``by`` (M, T, S)."""
    table, players = p.graph.rules.symbols.table, p.graph.players
    for k in np.flatnonzero(by.any(axis=(1, 2))):
        factors = p.factors[k][p.factors[k] >= 0]
        for place, s in enumerate(factors):
            rest: Any = by[k]
            for other in np.delete(factors, place):
                rest = rest * symbols[other]
            if table[s].actor is None:
                slopes[s] = slopes[s] + rest.sum(axis=0)
            elif player is not None and table[s].actor == players[player]:
                slopes[s] = slopes[s] + rest


def priors(p: Polynomials, theta: Floats, by: Sequence[Any]) -> Floats:
    """Return the part of the derivatives that comes through the priors of types, (K, S)."""
    rules, players = p.graph.rules, p.graph.players
    paths = list(rules.numbers)
    read = {
        path
        for player in players for q in rules.quantities(player)
        for path in rules._reads(player, q).values()
    }
    read |= {path for m in rules.mechanisms for path in m.tilted_by}
    out = np.zeros((len(paths), len(theta)))
    if not read:
        return out
    slope = [np.stack([one.prior[i] for one in by], axis=-1) for i in range(len(players))]
    seen: list[Any] = [getattr(one, "observer_prior", None) for one in by]
    for k, path in enumerate(paths):
        if path not in read:
            continue
        moved = theta.astype(complex)
        moved[:, k] += 1j * STEP
        prior = tuple(p._prior(name, moved) for name in players)
        for i in range(len(players)):
            out[k] += (np.imag(prior[i]) / STEP * slope[i]).sum(axis=0)
        observers = p._observers(prior, moved)
        if observers is not None and seen[0] is not None:
            for j, mine in enumerate(observers):
                for i in range(len(players)):
                    by_prior = np.stack([one[j][i] for one in seen], axis=-1)
                    out[k] += (np.imag(mine[i]) / STEP * by_prior).sum(axis=0)
    return out
