"""Compiled sweeps over one player's view of a public tree.

Every kernel works on one player *i* at a time (see `detente.equilibrium.views`): the nodes are
``OWN`` (i moves), ``MIX`` (somebody else or chance moves, with public probabilities ``q``), ``TELL``
(chance by i's type) or endings. Node numbers are unsigned: signed ones cost a test at every
access. Rows of ``value``, ``mix`` and ``belief`` are nodes (the children a
move reaches), columns i's types, padded to the length of ``lanes``, a tuple whose length the
compiler knows.

The equations, with ``c`` running over the children of node ``n``:

============  ==================================================================================
`backward`    own: ``mix[c,t] ~ w[c] exp(lam value[c,t])``, ``value[n,t] = sum_c mix value[c,t]``;
              others': ``value[n,t] = sum_c q[c] value[c,t]``
`forward`     ``q[c] = sum_t belief[own(n),t] mix[c,t]``,
              ``belief[c,t] = belief[own(n),t] mix[c,t] / q[c]``
`tangent`     the derivative of forward(backward(q, lam)) along ``dlogq`` and ``dlam``
`adjoint`     its transpose
============  ==================================================================================
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

__all__ = [
    "END", "MIX", "OWN", "TELL", "adjoint", "backward", "backward_log", "forward", "forward_log",
    "tangent",
]

END, OWN, MIX, TELL = 0, 1, 2, 3
FLAGS = {"contract", "reassoc", "nsz", "arcp"}
TINY = 1e-290
"""Products below this are about to underflow: the log domain takes over."""
NEVER = -1e3
"""Stands for log 0: exp of it is 0, and differences of it stay finite."""


@intrinsic  # type: ignore[untyped-decorator]
def _bits(typingctx: Any, x: Any) -> Any:  # pragma: no cover - compiled
    """Reinterpret a float as an integer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _float(typingctx: Any, x: Any) -> Any:  # pragma: no cover - compiled
    """Reinterpret an integer as a float."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), codegen


@njit(cache=True, nogil=True, fastmath={"contract"})
def exp_(x: float) -> float:  # pragma: no cover - compiled
    """Exponential of a number in [-inf, 700] without a branch, to 2 units in the last place.

    Splits off a power of two by adding a large number, so that loops over it become vectors;
    below -708 it returns the smallest normal number times a factor below 2.
    """
    x = max(x, -708.0)
    shifted = x * 1.4426950408889634 + 6755399441055744.0
    k = shifted - 6755399441055744.0
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * _float((_bits(shifted) + 1023) << 52)


@njit(cache=True, nogil=True, fastmath=FLAGS)
def backward(inner, kind, first, count, weight, q, lam, value, mix, scratch, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill ``value`` at inner nodes and ``mix`` at children of own nodes, leaves first."""
    T = len(lanes)
    top, total, mean = scratch[0], scratch[1], scratch[2]
    for back in range(len(inner)):
        k = len(inner) - 1 - back
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for t in range(T):
                mean[t] = 0.0
            for c in range(a, b):
                share = q[c]
                for t in range(T):
                    mean[t] += share * value[c, t]
            for t in range(T):
                value[n, t] = mean[t]
        elif kind[k] == OWN:
            for t in range(T):
                top[t] = value[a, t]
                total[t] = 0.0
                mean[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    top[t] = max(top[t], value[c, t])
            for c in range(a, b):
                base = weight[c]
                for t in range(T):
                    e = base * exp_(lam * (value[c, t] - top[t]))
                    mix[c, t] = e
                    total[t] += e
                    mean[t] += e * value[c, t]
            for t in range(T):
                total[t] = 1.0 / total[t]
                value[n, t] = mean[t] * total[t]
            for c in range(a, b):
                for t in range(T):
                    mix[c, t] *= total[t]
        else:
            for t in range(T):
                mean[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    mean[t] += mix[c, t] * value[c, t]
            for t in range(T):
                value[n, t] = mean[t]


@njit(cache=True, nogil=True, fastmath=FLAGS)
def forward(inner, first, count, own, mix, belief, q, y, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Update beliefs by Bayes at own and telling nodes; return the smallest product met.

    ``own`` is the row of ``belief`` that holds at each node. Where the smallest product of two
    positive numbers is near underflow the caller turns to `forward_log`.
    """
    T = len(lanes)
    least = 1.0
    for k in range(len(inner)):
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            s = 0.0
            for t in range(T):
                b = belief[o, t]
                m = mix[c, t]
                x = b * m
                belief[c, t] = x
                s += x
                least = min(least, x if min(b, m) > 0.0 else 1.0)
            if s > 0.0:
                q[c] = s
                y[c] = math.log(s)
                s = 1.0 / s
                for t in range(T):
                    belief[c, t] *= s
            else:
                q[c] = 0.0
                y[c] = NEVER
                for t in range(T):
                    belief[c, t] = belief[o, t]
    return least


@njit(cache=True, nogil=True)
def backward_log(inner, kind, first, count, weight, q, lam, value, mix, logmix, scratch, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """`backward`, with the logarithm of every mix beside it."""
    T = len(lanes)
    top, total, mean = scratch[0], scratch[1], scratch[2]
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


@njit(cache=True, nogil=True)
def forward_log(inner, first, count, own, logmix, logbelief, belief, q, y, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """`forward` on logarithms: nothing underflows, however long the path or high ``lam``."""
    T = len(lanes)
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


@njit(cache=True, nogil=True, fastmath=FLAGS)
def tangent(inner, kind, first, count, own, q, lam, value, mix, belief, dlogq, dlam, dvalue, dlog,
            out, scratch, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Write to ``out`` the derivative of i's public log probabilities along (dlogq, dlam).

    ``dvalue`` holds the direction's payoffs at the leaves (zero unless they move) and is
    overwritten at inner nodes; ``dlog`` becomes d log mix, then d log belief.
    """
    T = len(lanes)
    mean, both = scratch[0], scratch[1]
    for back in range(len(inner)):
        k = len(inner) - 1 - back
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for t in range(T):
                mean[t] = 0.0
            for c in range(a, b):
                share = q[c]
                turn = share * dlogq[c]
                for t in range(T):
                    mean[t] += share * dvalue[c, t] + turn * value[c, t]
            for t in range(T):
                dvalue[n, t] = mean[t]
        elif kind[k] == OWN:
            for t in range(T):
                mean[t] = 0.0
                both[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    mean[t] += mix[c, t] * dvalue[c, t]
            for c in range(a, b):
                for t in range(T):
                    x = lam * (dvalue[c, t] - mean[t]) + dlam * (value[c, t] - value[n, t])
                    dlog[c, t] = x
                    both[t] += mix[c, t] * x * value[c, t]
            for t in range(T):
                dvalue[n, t] = mean[t] + both[t]
        else:
            for t in range(T):
                mean[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    mean[t] += mix[c, t] * dvalue[c, t]
                    dlog[c, t] = 0.0
            for t in range(T):
                dvalue[n, t] = mean[t]
    for k in range(len(inner)):
        if kind[k] == MIX:
            continue
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            s = 0.0
            for t in range(T):
                dlog[c, t] += dlog[o, t]
                s += belief[c, t] * dlog[c, t]
            out[c] = s
            for t in range(T):
                dlog[c, t] -= s


@njit(cache=True, nogil=True, fastmath=FLAGS)
def adjoint(inner, kind, first, count, own, q, lam, value, mix, belief, seed, vbar, lbar, out,
            scratch, lanes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Transpose of `tangent`: add to ``out`` the sensitivity to ``dlogq``; return that to ``dlam``.

    ``seed`` weighs i's public log probabilities. ``lbar`` starts as the direct weight of log
    beliefs (zero for a plain transpose) and ends as the sensitivity to log mix before
    normalisation, at the prior's row to log prior; ``vbar`` starts as the direct weight of values
    and ends as the sensitivity to them, at leaves to payoffs.
    """
    T = len(lanes)
    total, rest = scratch[0], scratch[1]
    for back in range(len(inner)):
        k = len(inner) - 1 - back
        if kind[k] == MIX:
            continue
        o = own[k]
        a = first[k]
        for c in range(a, a + count[k]):
            s = seed[c]
            for t in range(T):
                s -= lbar[c, t]
            for t in range(T):
                lbar[c, t] += belief[c, t] * s
                lbar[o, t] += lbar[c, t]
    slope = 0.0
    for k in range(len(inner)):
        n = inner[k]
        a = first[k]
        b = a + count[k]
        if kind[k] == MIX:
            for c in range(a, b):
                share = q[c]
                s = 0.0
                for t in range(T):
                    vbar[c, t] += share * vbar[n, t]
                    s += vbar[n, t] * value[c, t]
                out[c] += share * s
        elif kind[k] == OWN:
            for t in range(T):
                total[t] = 0.0
            for c in range(a, b):
                for t in range(T):
                    x = lbar[c, t] + vbar[n, t] * mix[c, t] * value[c, t]
                    lbar[c, t] = x
                    total[t] += x
                    slope += x * (value[c, t] - value[n, t])
            for t in range(T):
                rest[t] = vbar[n, t] - lam * total[t]
            for c in range(a, b):
                for t in range(T):
                    vbar[c, t] += lam * lbar[c, t] + mix[c, t] * rest[t]
                    lbar[c, t] -= mix[c, t] * total[t]
        else:
            for c in range(a, b):
                for t in range(T):
                    lbar[c, t] += vbar[n, t] * mix[c, t] * value[c, t]
                    vbar[c, t] += mix[c, t] * vbar[n, t]
    return slope
