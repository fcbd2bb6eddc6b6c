"""Scalar arithmetic the batch kernels inline: an exponential without branches.

LLVM turns a loop over variants into vector instructions only where nothing in it branches or calls
the C library, so the exponential is written out.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

__all__ = ["LANES", "fast_exp", "kernel"]

LANES = 16
"""Variants solved side by side; a compile-time constant of every batch kernel."""

kernel: Any = njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
"""Decorator of the batch kernels: compiled once and kept on disk, outside the interpreter's lock;
multiplications and additions may be fused, nothing else is reordered."""


@intrinsic  # type: ignore[untyped-decorator]
def _as_double(typing: Any, x: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), build


@intrinsic  # type: ignore[untyped-decorator]
def _as_integer(typing: Any, x: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), build


@njit(  # type: ignore[untyped-decorator]
    inline="always", fastmath={"contract"}, error_model="numpy"
)
def fast_exp(x: float) -> float:
    """Return exp(x) to about 4e-16 for x between -700 and 700; below, exp(-700).

    The argument is split into a whole number of ln 2 (added through the rounding of
    1.5 * 2**52) and a remainder of at most ln 2 / 2, whose exponential is a Taylor polynomial of
    degree 13.
    """
    x = max(x, -700.0)
    z = x * 1.4426950408889634 + 6755399441055744.0
    k = z - 6755399441055744.0
    r = (x - k * 6.93145751953125e-1) - k * 1.42860682030941723212e-6
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 1.984126984126984e-04
    p = p * r + 1.3888888888888889e-03
    p = p * r + 8.333333333333333e-03
    p = p * r + 4.1666666666666664e-02
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * _as_double((_as_integer(z) + 1023) << 52)  # type: ignore[call-arg,no-any-return]
