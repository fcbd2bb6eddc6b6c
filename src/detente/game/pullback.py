"""The chain rule from derivatives by a tree's arrays to derivatives by the file's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.game.payoffs import Polynomials

__all__ = ["pull_back"]

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
    p = polynomials
    rules, players = p.graph.rules, p.graph.players
    symbols = p.symbols(theta[None, :])
    slopes = [np.zeros(np.shape(s)[:-1]) for s in symbols]
    for i in range(len(players)):
        rows = np.zeros((p.payoff[i].shape[0], by.payoff[i].shape[1]))
        np.add.at(rows, p.leaf_row, by.payoff[i])
        through(p, symbols, slopes, i, np.asarray(p.payoff[i].T @ rows))
    plain = np.flatnonzero(p.chance_edge >= 0)
    plain = plain[~np.isin(plain, p.type_nodes)]
    rows = np.zeros((p.chance.shape[0], 1))
    np.add.at(rows[:, 0], p.chance_edge[plain], by.weight[plain])
    through(p, symbols, slopes, None, np.asarray(p.chance.T @ rows))
    if len(p.chosen):
        # The weights of a menu are divided by their sum, which changes nothing.
        total = p.menu_weights(symbols, 1)[1][:, 0]
        rows = np.zeros((p.chance.shape[0], 1))
        np.add.at(rows[:, 0], p.habit, by.weight[p.chosen] * p.menu[p.chosen] / total)
        through(p, symbols, slopes, None, np.asarray(p.chance.T @ rows))
    for i in np.unique(p.type_actor):
        mine = np.flatnonzero(p.type_actor == i)
        types = rules.n_types(players[int(i)])
        rows = np.zeros((p.chance.shape[0], types))
        np.add.at(rows, p.chance_edge[p.type_nodes[mine]], by.type_prob[mine, :types])
        through(p, symbols, slopes, int(i), np.asarray(p.chance.T @ rows))

    paths = list(rules.numbers)
    at = {path: k for k, path in enumerate(paths)}
    out = np.zeros(len(paths))
    for symbol, slope in zip(rules.symbols.table, slopes, strict=True):
        if symbol.value is None:
            out[at[symbol.name]] += float(slope)
            continue
        for path in symbol.reads:
            numbers: dict[str, Any] = {q: np.array([v]) for q, v in zip(paths, theta, strict=True)}
            numbers[path] = numbers[path] + 1j * STEP
            moved = np.imag(np.asarray(symbol.value(numbers))) / STEP
            out[at[path]] += float((moved.reshape(np.shape(slope)) * slope).sum())
    out[at["precision"]] += by.lam
    return out + priors(p, theta, by)


def through(
    p: Polynomials, symbols: list[Any], slopes: list[Any], player: int | None, by: Floats
) -> None:
    """Add to each symbol's derivative the effect of the monomials' derivatives ``by`` (M, T)."""
    table, players = p.graph.rules.symbols.table, p.graph.players
    for k in np.flatnonzero(np.abs(by).max(axis=1) > 0):
        factors = p.factors[k][p.factors[k] >= 0]
        for place, s in enumerate(factors):
            rest: Any = np.ones(by.shape[1])
            for other in np.delete(factors, place):
                rest = rest * symbols[other][..., 0]
            if table[s].actor is None:
                slopes[s] = slopes[s] + float((rest * by[k]).sum())
            elif player is not None and table[s].actor == players[player]:
                slopes[s] = slopes[s] + rest * by[k]


def priors(p: Polynomials, theta: Floats, by: Any) -> Floats:
    """Return the part of the derivatives that comes through the priors of types."""
    rules, players = p.graph.rules, p.graph.players
    paths = list(rules.numbers)
    read = {
        path
        for player in players for q in rules.quantities(player)
        for path in rules._reads(player, q).values()
    }
    read |= {path for m in rules.mechanisms for path in m.tilted_by}
    out = np.zeros(len(paths))
    seen = getattr(by, "observer_prior", None)
    for k, path in enumerate(paths):
        if path not in read:
            continue
        moved = theta.astype(complex)
        moved[k] += 1j * STEP
        prior = tuple(p._prior(name, moved[None, :]) for name in players)
        for i in range(len(players)):
            out[k] += float(np.imag(prior[i][:, 0]) / STEP @ by.prior[i])
        observers = p._observers(prior, moved[None, :])
        if observers is not None and seen is not None:
            for mine, slope in zip(observers, seen, strict=True):
                for i in range(len(players)):
                    out[k] += float(np.imag(mine[i][:, 0]) / STEP @ slope[i])
    return out
