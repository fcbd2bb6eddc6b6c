"""Backward induction of the agent quantal response equilibrium, and its adjoint, row by row.

At a node n of player m with precision lambda and base weights w,

    log p_c = log w_c + lambda V_m(c) - log sum_c' w_c' exp(lambda V_m(c')),
    V_i(n) = sum_c p_c V_i(c),    log L(n) = log sum_c p_c L(c),

where L(n) is the probability of the observed ending from n on. The adjoint goes from the root down.
Source: [mckelvey-palfrey-1998] for the equilibrium; reverse accumulation for the derivative.
"""

# mypy: disable-error-code="no-untyped-def,misc"
from __future__ import annotations

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.tree import CHANCE
from detente.kernel_cache import njit

__all__ = ["adjoint", "endings"]


@njit(nogil=True)
def _induct(mover, first, child, row, constant, pay, log_weight, lam, value, log_p):
    """Fill values (D, P) and log probabilities (E,) of one row, leaves first."""
    leaves, players = pay.shape
    for k in range(leaves):
        for i in range(players):
            value[k, i] = pay[k, i]
    for n in range(leaves, len(mover)):
        m = mover[n]
        top = -np.inf
        for e in range(first[n], first[n + 1]):
            x = constant[e]
            if row[e] >= 0:
                x = log_weight[row[e]] if m == CHANCE else x + log_weight[row[e]]
            if m != CHANCE:
                x += lam * value[child[e], m]
            log_p[e] = x
            top = max(top, x)
        if m != CHANCE:
            total = 0.0
            for e in range(first[n], first[n + 1]):
                total += np.exp(log_p[e] - top)
            shift = top + np.log(total)
            for e in range(first[n], first[n + 1]):
                log_p[e] -= shift
        for i in range(players):
            value[n, i] = 0.0
        for e in range(first[n], first[n + 1]):
            p = np.exp(log_p[e])
            for i in range(players):
                value[n, i] += p * value[child[e], i]


@njit(nogil=True)
def endings(
    mover: Ints, first: Ints, child: Ints, row: Ints, constant: Floats, leaf_ending: Ints,
    pay: Floats, log_weight: Floats, lam: Floats, out: Floats,
) -> None:
    """Fill the probabilities of the endings, (S, J)."""
    rows, leaves, players = pay.shape
    value = np.empty((len(mover), players))
    log_p = np.empty(len(child))
    reach = np.empty(len(mover))
    for s in range(rows):
        _induct(mover, first, child, row, constant, pay[s], log_weight[s], lam[s], value, log_p)
        reach[:] = 0.0
        reach[len(mover) - 1] = 1.0
        for n in range(len(mover) - 1, leaves - 1, -1):
            for e in range(first[n], first[n + 1]):
                reach[child[e]] += reach[n] * np.exp(log_p[e])
        for k in range(leaves):
            out[s, leaf_ending[k]] += reach[k]


@njit(nogil=True)
def adjoint(
    mover: Ints, first: Ints, child: Ints, row: Ints, constant: Floats, leaf_ending: Ints,
    pay: Floats, log_weight: Floats, lam: Floats, seen: Ints, loglik: Floats, by_pay: Floats,
    by_weight: Floats, by_lam: Floats,
) -> None:
    """Fill log likelihoods (S,), and their derivatives by payoffs, log weights and lambda."""
    rows, leaves, players = pay.shape
    nodes = len(mover)
    value = np.empty((nodes, players))
    log_p, probability = np.empty(len(child)), np.empty(len(child))
    log_l, share = np.empty(nodes), np.empty(nodes)
    slope = np.empty((nodes, players))
    for s in range(rows):
        _induct(mover, first, child, row, constant, pay[s], log_weight[s], lam[s], value, log_p)
        for k in range(leaves):
            log_l[k] = 0.0 if leaf_ending[k] == seen[s] else -np.inf
        for n in range(leaves, nodes):
            top = -np.inf
            for e in range(first[n], first[n + 1]):
                top = max(top, log_p[e] + log_l[child[e]])
            total = 0.0
            if top > -np.inf:
                for e in range(first[n], first[n + 1]):
                    total += np.exp(log_p[e] + log_l[child[e]] - top)
            log_l[n] = top + np.log(total) if total > 0 else -np.inf
        loglik[s] = log_l[nodes - 1]
        share[:] = 0.0
        share[nodes - 1] = 1.0
        slope[:] = 0.0
        for n in range(nodes - 1, leaves - 1, -1):
            m = mover[n]
            total = 0.0
            for e in range(first[n], first[n + 1]):
                c = child[e]
                p = np.exp(log_p[e])
                part = 0.0
                if share[n] > 0.0 and log_l[c] > -np.inf:
                    part = share[n] * np.exp(log_p[e] + log_l[c] - log_l[n])
                share[c] += part
                for i in range(players):
                    slope[c, i] += slope[n, i] * p
                    part += slope[n, i] * p * value[c, i]
                probability[e] = part  # the derivative by log p of this edge
                total += part
            for e in range(first[n], first[n + 1]):
                g = probability[e]
                if m != CHANCE:
                    g -= np.exp(log_p[e]) * total
                    by_lam[s] += g * value[child[e], m]
                    slope[child[e], m] += lam[s] * g
                if row[e] >= 0:
                    by_weight[s, row[e]] += g
        for k in range(leaves):
            for i in range(players):
                by_pay[s, k, i] = slope[k, i]
