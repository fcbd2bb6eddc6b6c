"""Compiled sweeps over one player's view of a public tree.

Every kernel works on one player *i* at a time (see `detente.equilibrium.kernels.views`): the nodes
are ``OWN`` (i moves), ``MIX`` (another player or chance moves, with public probabilities ``q``),
``TELL`` (chance by i's type) or endings. Rows of ``value``, ``mix`` and ``belief`` are nodes (the
children a move reaches), columns i's types, padded to ``len(groups)`` vectors of ``len(lanes)``
each, tuples whose lengths the compiler knows. Node numbers are unsigned: signed ones cost a test at
every access.

The equations, with ``c`` running over the children of node ``n``:

============  ==================================================================================
`backward`    own: ``mix[c,t] ~ w[c] exp(lam value[c,t])``, ``value[n,t] = sum_c mix value[c,t]``;
              others': ``value[n,t] = sum_c q[c] value[c,t]``
`forward`     ``q[c] = sum_t belief[own(n),t] mix[c,t]``,
              ``belief[c,t] = belief[own(n),t] mix[c,t] / q[c]``
tangents      `tangent_up`, `tangent_down`: the derivatives of backward and of forward along
              ``dlogq`` and ``dlam``
adjoints      `adjoint_up`, `adjoint_down`: their transposes, in the opposite order
============  ==================================================================================
"""
# The compiler types these functions, and intrinsics take their context argument from it:
# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"

from __future__ import annotations

import math

import numpy as np

from detente.equilibrium.kernels.vectors import (
    add,
    divide,
    exp,
    fill,
    fma,
    load,
    maximum,
    mul,
    product_floor,
    store,
    sub,
    total,
)
from detente.kernel_cache import njit

__all__ = [
    "END", "MIX", "NEVER", "OWN", "TELL", "TINY", "adjoint_down", "adjoint_up", "backward",
    "backward_log", "forward", "forward_log", "tangent_down", "tangent_up",
]

END, OWN, MIX, TELL = 0, 1, 2, 3
TINY = 1e-290
"""Products below this may underflow; then the log domain is used."""
NEVER = -1e3
"""Stands for log 0: exp of it is 0, and differences of it stay finite."""


@njit(nogil=True)
def backward(  # pragma: no cover - compiled
    inner, kind, first, count, weight, q, lam, value, mix, lanes, groups,
):
    """Fill ``value`` at inner nodes and ``mix`` at children of own nodes, leaves first."""
    size = len(inner)
    precision = fill(lam, lanes)
    for back in range(size):
        k = np.uint64(size - 1 - back)
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for group in range(len(groups)):
                g = np.uint64(group)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    mean = fma(fill(q[c], lanes), load(value, c, g, lanes), mean)
                store(value, n, g, mean)
        elif kind[k] == OWN:
            for group in range(len(groups)):
                g = np.uint64(group)
                top = load(value, a, g, lanes)
                for c in range(a, b):
                    top = maximum(top, load(value, c, g, lanes))
                least = mul(precision, top)
                norm = fill(0.0, lanes)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    v = load(value, c, g, lanes)
                    e = mul(fill(weight[c], lanes), exp(sub(mul(precision, v), least)))
                    store(mix, c, g, e)
                    norm = add(norm, e)
                    mean = fma(e, v, mean)
                norm = divide(fill(1.0, lanes), norm)
                store(value, n, g, mul(mean, norm))
                for c in range(a, b):
                    store(mix, c, g, mul(load(mix, c, g, lanes), norm))
        else:
            for group in range(len(groups)):
                g = np.uint64(group)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    mean = fma(load(mix, c, g, lanes), load(value, c, g, lanes), mean)
                store(value, n, g, mean)


@njit(nogil=True)
def forward(  # pragma: no cover - compiled
    inner, first, count, own, mix, belief, q, y, lanes, groups,
):
    """Update beliefs by Bayes at own and telling nodes; return 0 unless something underflows.

    ``own`` is the row of ``belief`` that holds at each node. If a product of two positive numbers
    falls below TINY, the result is positive and the caller uses `forward_log`.
    """
    least = fill(1.0, lanes)
    for node in range(len(inner)):
        k = np.uint64(node)
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            parts = fill(0.0, lanes)
            for group in range(len(groups)):
                g = np.uint64(group)
                held = load(belief, o, g, lanes)
                share = load(mix, c, g, lanes)
                x = mul(held, share)
                store(belief, c, g, x)
                parts = add(parts, x)
                least = product_floor(least, held, share)
            s = total(parts)
            if s > 0.0:
                q[c] = s
                y[c] = math.log(s)
                scale = fill(1.0 / s, lanes)
                for group in range(len(groups)):
                    g = np.uint64(group)
                    store(belief, c, g, mul(load(belief, c, g, lanes), scale))
            else:
                q[c] = 0.0
                y[c] = NEVER
                for group in range(len(groups)):
                    g = np.uint64(group)
                    store(belief, c, g, load(belief, o, g, lanes))
    # The sum over lanes of the shortfall below TINY, as a share of it: 0 if there is none.
    short = sub(fill(1.0, lanes), divide(least, fill(TINY, lanes)))
    return total(maximum(short, fill(0.0, lanes)))


@njit(nogil=True)
def backward_log(  # pragma: no cover - compiled
    inner, kind, first, count, weight, q, lam, value, mix, logmix, types,
):
    """`backward`, also with the logarithm of every mix; padding is not changed."""
    T = types
    top, total, mean = np.empty(T), np.empty(T), np.empty(T)
    for back in range(len(inner)):
        k = len(inner) - 1 - back
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == OWN:
            for t in range(T):
                top[t] = value[a, t]
                total[t] = 0.0
                mean[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    top[t] = max(top[t], value[c, t])
            for c in range(a, b):
                base = math.log(weight[c]) if weight[c] > 0 else -math.inf
                for t in range(T):
                    x = base + lam * (value[c, t] - top[t])
                    logmix[c, t] = x
                    total[t] += math.exp(x)
            for t in range(T):
                total[t] = math.log(total[t])
            for c in range(a, b):
                for t in range(T):
                    logmix[c, t] -= total[t]
                    mix[c, t] = math.exp(logmix[c, t])
                    mean[t] += mix[c, t] * value[c, t]
        else:
            for t in range(T):
                mean[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    share = q[c] if kind[k] == MIX else mix[c, t]
                    mean[t] += share * value[c, t]
        for t in range(T):
            value[n, t] = mean[t]


@njit(nogil=True)
def forward_log(  # pragma: no cover - compiled
    inner, first, count, own, logmix, logbelief, belief, q, y, types,
):
    """`forward` on logarithms: nothing underflows on long paths or at high ``lam``."""
    T = types
    for k in range(len(inner)):
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            top = -math.inf
            for t in range(T):
                x = logbelief[o, t] + logmix[c, t]
                logbelief[c, t] = x
                top = max(top, x)
            s = 0.0
            if top > -math.inf:
                for t in range(T):
                    s += math.exp(logbelief[c, t] - top)
                top += math.log(s)
            y[c] = top if top > -math.inf else NEVER
            q[c] = math.exp(top)
            for t in range(T):
                x = logbelief[c, t] - top if top > -math.inf else logbelief[o, t]
                logbelief[c, t] = x
                belief[c, t] = math.exp(x)


@njit(nogil=True)
def tangent_up(  # pragma: no cover - compiled
    inner, kind, first, count, q, lam, value, mix, dlogq, dlam, dvalue, dlog, lanes, groups,
):
    """Differentiate `backward` along (dlogq, dlam): ``dvalue`` at inner nodes, ``dlog`` of mixes.

    ``dvalue`` holds the direction's payoffs at the leaves (zero unless they move).
    """
    size = len(inner)
    precision = fill(lam, lanes)
    raised = fill(dlam, lanes)
    for back in range(size):
        k = np.uint64(size - 1 - back)
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for group in range(len(groups)):
                g = np.uint64(group)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    inside = fma(fill(dlogq[c], lanes), load(value, c, g, lanes),
                                 load(dvalue, c, g, lanes))
                    mean = fma(fill(q[c], lanes), inside, mean)
                store(dvalue, n, g, mean)
        elif kind[k] == OWN:
            for group in range(len(groups)):
                g = np.uint64(group)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    mean = fma(load(mix, c, g, lanes), load(dvalue, c, g, lanes), mean)
                here = load(value, n, g, lanes)
                both = mean
                for c in range(a, b):
                    v = load(value, c, g, lanes)
                    x = fma(precision, sub(load(dvalue, c, g, lanes), mean),
                            mul(raised, sub(v, here)))
                    store(dlog, c, g, x)
                    both = fma(mul(load(mix, c, g, lanes), x), v, both)
                store(dvalue, n, g, both)
        else:
            for group in range(len(groups)):
                g = np.uint64(group)
                mean = fill(0.0, lanes)
                for c in range(a, b):
                    mean = fma(load(mix, c, g, lanes), load(dvalue, c, g, lanes), mean)
                    store(dlog, c, g, fill(0.0, lanes))
                store(dvalue, n, g, mean)


@njit(nogil=True)
def tangent_down(  # pragma: no cover - compiled
    inner, first, count, own, belief, dlog, out, lanes, groups,
):
    """Differentiate `forward`: ``dlog`` turns from mixes to beliefs, ``out`` is d log q."""
    for node in range(len(inner)):
        k = np.uint64(node)
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            parts = fill(0.0, lanes)
            for group in range(len(groups)):
                g = np.uint64(group)
                x = add(load(dlog, c, g, lanes), load(dlog, o, g, lanes))
                store(dlog, c, g, x)
                parts = fma(load(belief, c, g, lanes), x, parts)
            s = total(parts)
            out[c] = s
            for group in range(len(groups)):
                g = np.uint64(group)
                store(dlog, c, g, sub(load(dlog, c, g, lanes), fill(s, lanes)))


@njit(nogil=True)
def adjoint_up(  # pragma: no cover - compiled
    inner, first, count, own, belief, seed, lbar, lanes, groups,
):
    """Transpose of `tangent_down`: ``seed`` weighs i's public log probabilities.

    ``lbar`` starts as the direct weight of log beliefs (zero for a plain transpose) and becomes the
    sensitivity to log mixes, at the prior's row to log prior.
    """
    size = len(inner)
    for back in range(size):
        k = np.uint64(size - 1 - back)
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            parts = fill(0.0, lanes)
            for group in range(len(groups)):
                parts = add(parts, load(lbar, c, np.uint64(group), lanes))
            s = fill(seed[c] - total(parts), lanes)
            for group in range(len(groups)):
                g = np.uint64(group)
                x = fma(load(belief, c, g, lanes), s, load(lbar, c, g, lanes))
                store(lbar, c, g, x)
                store(lbar, o, g, add(load(lbar, o, g, lanes), x))


@njit(nogil=True)
def adjoint_down(  # pragma: no cover - compiled
    inner, kind, first, count, q, lam, value, mix, vbar, lbar, out, lanes, groups,
):
    """Transpose of `tangent_up`: add the sensitivity to ``dlogq`` to ``out``, return that to dlam.

    ``lbar`` ends as the sensitivity to log mix before normalisation; ``vbar`` starts as the direct
    weight of values and ends as the sensitivity to them, at leaves to payoffs.
    """
    precision = fill(lam, lanes)
    slope = fill(0.0, lanes)
    for node in range(len(inner)):
        k = np.uint64(node)
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for c in range(a, b):
                share = fill(q[c], lanes)
                parts = fill(0.0, lanes)
                for group in range(len(groups)):
                    g = np.uint64(group)
                    above = load(vbar, n, g, lanes)
                    store(vbar, c, g, fma(share, above, load(vbar, c, g, lanes)))
                    parts = fma(above, load(value, c, g, lanes), parts)
                out[c] += q[c] * total(parts)
        elif kind[k] == OWN:
            for group in range(len(groups)):
                g = np.uint64(group)
                above = load(vbar, n, g, lanes)
                here = load(value, n, g, lanes)
                norm = fill(0.0, lanes)
                for c in range(a, b):
                    v = load(value, c, g, lanes)
                    x = fma(mul(above, load(mix, c, g, lanes)), v, load(lbar, c, g, lanes))
                    store(lbar, c, g, x)
                    norm = add(norm, x)
                    slope = fma(x, sub(v, here), slope)
                rest = sub(above, mul(precision, norm))
                for c in range(a, b):
                    x = load(lbar, c, g, lanes)
                    share = load(mix, c, g, lanes)
                    store(vbar, c, g, fma(precision, x, fma(share, rest, load(vbar, c, g, lanes))))
                    store(lbar, c, g, sub(x, mul(share, norm)))
        else:
            for group in range(len(groups)):
                g = np.uint64(group)
                above = load(vbar, n, g, lanes)
                for c in range(a, b):
                    share = mul(above, load(mix, c, g, lanes))
                    store(lbar, c, g, fma(share, load(value, c, g, lanes), load(lbar, c, g, lanes)))
                    store(vbar, c, g, add(share, load(vbar, c, g, lanes)))
    return total(slope)
