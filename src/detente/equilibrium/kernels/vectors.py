"""Short vectors of floats for compiled kernels: a row of types or of variants, in registers.

The compiler cannot prove that the arrays of a sweep are distinct, so it leaves the short loops over
types scalar. Here the vectors are written as LLVM instructions. The width of a vector is the length
of the tuple ``lanes`` that is passed with it.

Measurements justify this code. With plain numba loops and `math.exp` in the two
batch sweeps alone (`backward`, `forward`), 2,048 samples of cuba-1962 at lambda 40 (2,725 nodes)
take 1.45 to 1.7 times as long on one thread, and 512 variants of a random crisis (387 nodes) 1.35
to 1.6 times (medians of three runs, three alternations).
"""
# numba and llvmlite carry no types:
# mypy: disable-error-code="import-untyped,no-untyped-call"

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.extending import intrinsic, register_model

__all__ = [
    "Vector", "add", "divide", "exp", "fill", "fma", "load", "maximum", "mul", "product_floor",
    "store", "sub", "total", "where_positive", "worse",
]

DOUBLE, INT = ir.DoubleType(), ir.IntType(64)


class Vector(types.Type):  # type: ignore[misc]
    """``lanes`` floats in registers."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        super().__init__(name=f"Vector({lanes})")


@register_model(Vector)
class _Model(PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Vector) -> None:
        super().__init__(manager, fe_type, ir.VectorType(DOUBLE, fe_type.lanes))


def _splat(builder: Any, value: Any, lanes: int) -> Any:
    vector = ir.VectorType(value.type, lanes)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(
        ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


def _constant(value: float, lanes: int) -> Any:
    return ir.Constant(ir.VectorType(DOUBLE, lanes), [value] * lanes)


def _call(builder: Any, name: str, *args: Any) -> Any:
    kind = args[0].type
    full = f"llvm.{name}.v{kind.count}f64"
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(kind, [kind] * len(args)), full)
    return builder.call(function, args)


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, row: Any, group: Any,
             lanes: int) -> Any:
    """Return the address of a group of lanes in a row of a C-contiguous array."""
    view = context.make_array(array_type)(context, builder, array)
    width = builder.extract_value(view.shape, 1)
    at = builder.add(builder.mul(row, width), builder.mul(group, ir.Constant(INT, lanes)))
    address = builder.gep(view.data, [at])
    return builder.bitcast(address, ir.VectorType(DOUBLE, lanes).as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def load(typingctx: Any, array: Any, row: Any, group: Any, lanes: Any) -> Any:
    """Read ``array[row, group * width : (group + 1) * width]``."""
    width = lanes.count

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = _pointer(context, builder, signature.args[0], args[0], args[1], args[2], width)
        return builder.load(at, align=8)

    return Vector(width)(array, types.uint64, types.uint64, lanes), codegen


@intrinsic  # type: ignore[untyped-decorator]
def store(typingctx: Any, array: Any, row: Any, group: Any, value: Any) -> Any:
    """Write a vector where `load` would read it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = _pointer(context, builder, signature.args[0], args[0], args[1], args[2],
                      signature.args[3].lanes)
        builder.store(args[3], at, align=8)
        return context.get_dummy_value()

    return types.void(array, types.uint64, types.uint64, value), codegen


@intrinsic  # type: ignore[untyped-decorator]
def fill(typingctx: Any, value: Any, lanes: Any) -> Any:
    """Return a vector of one number."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _splat(builder, args[0], signature.return_type.lanes)

    return Vector(lanes.count)(types.float64, lanes), codegen


def _binary(operation: Any) -> Any:
    def typed(typingctx: Any, a: Any, b: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return operation(builder, *args)

        return a(a, b), codegen

    return typed


def _add(typingctx: Any, a: Any, b: Any) -> Any:
    """Return a + b."""
    return _binary(lambda builder, x, y: builder.fadd(x, y))(typingctx, a, b)


def _sub(typingctx: Any, a: Any, b: Any) -> Any:
    """Return a - b."""
    return _binary(lambda builder, x, y: builder.fsub(x, y))(typingctx, a, b)


def _mul(typingctx: Any, a: Any, b: Any) -> Any:
    """Return a * b."""
    return _binary(lambda builder, x, y: builder.fmul(x, y))(typingctx, a, b)


def _divide(typingctx: Any, a: Any, b: Any) -> Any:
    """Return a / b."""
    return _binary(lambda builder, x, y: builder.fdiv(x, y))(typingctx, a, b)


def _greater(builder: Any, x: Any, y: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", x, y), x, y)


def _maximum(typingctx: Any, a: Any, b: Any) -> Any:
    """Return the greater of a and b, lane by lane."""
    return _binary(_greater)(typingctx, a, b)


add, sub, mul = intrinsic(_add), intrinsic(_sub), intrinsic(_mul)
divide, maximum = intrinsic(_divide), intrinsic(_maximum)


@intrinsic  # type: ignore[untyped-decorator]
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _call(builder, "fma", *args)

    return a(a, b, c), codegen


@intrinsic  # type: ignore[untyped-decorator]
def total(typingctx: Any, a: Any) -> Any:
    """Return the sum of the lanes."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = [builder.extract_element(args[0], ir.Constant(ir.IntType(32), k))
                 for k in range(signature.args[0].lanes)]
        while len(parts) > 1:
            pairs = [builder.fadd(x, y) for x, y in zip(parts[::2], parts[1::2], strict=False)]
            parts = pairs + parts[len(parts) - len(parts) % 2 :]
        return parts[0]

    return types.float64(a), codegen


def _worse(typingctx: Any, a: Any, b: Any) -> Any:
    """Return the greater of a and b, lane by lane; NaN where either is NaN."""

    def larger(builder: Any, old: Any, new: Any) -> Any:
        known = builder.fcmp_ordered("ord", old, old)
        above = builder.fcmp_unordered(">", new, old)  # true if new is NaN
        return builder.select(builder.and_(known, above), new, old)

    return _binary(larger)(typingctx, a, b)


worse = intrinsic(_worse)


@intrinsic  # type: ignore[untyped-decorator]
def where_positive(typingctx: Any, sign: Any, a: Any, b: Any) -> Any:
    """Return a in the lanes where ``sign`` is above 0, and b elsewhere."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zero = _constant(0.0, signature.args[0].lanes)
        return builder.select(builder.fcmp_ordered(">", args[0], zero), args[1], args[2])

    return a(sign, a, b), codegen


@intrinsic  # type: ignore[untyped-decorator]
def product_floor(typingctx: Any, floor: Any, a: Any, b: Any) -> Any:
    """Lower ``floor`` to a * b in the lanes where both are positive."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        least, x, y = args
        zero = _constant(0.0, signature.args[0].lanes)
        both = builder.and_(builder.fcmp_ordered(">", x, zero), builder.fcmp_ordered(">", y, zero))
        product = builder.select(both, builder.fmul(x, y), least)
        return builder.select(builder.fcmp_ordered("<", product, least), product, least)

    return floor(floor, a, b), codegen


@intrinsic  # type: ignore[untyped-decorator]
def exp(typingctx: Any, a: Any) -> Any:
    """Return the exponential of numbers up to 700, to 2 units in the last place, branch-free.

    A power of two is split off by adding a large number; what remains is 1 + r + r² g(r) on half an
    octave, with g of degree 9 through the Chebyshev points there (relative error 1.6e-17). Terms
    are summed in pairs, not one after the other: the processor then works on several at once.
    Below -708 the result stays at the smallest normal number.
    """
    coefficients = [
        0.5000000000000001, 0.16666666666666669, 0.04166666666662399, 0.008333333333330051,
        0.0013888888917281794, 0.00019841269863105968, 2.480152119021773e-05,
        2.7557268378684192e-06, 2.7620138719733994e-07, 2.5100424157005067e-08,
    ]

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lanes = signature.args[0].lanes

        def number(value: float) -> Any:
            return _constant(value, lanes)

        x = _greater(builder, args[0], number(-708.0))
        magic = number(6755399441055744.0)
        shifted = _call(builder, "fma", x, number(1.4426950408889634), magic)
        k = builder.fsub(shifted, magic)
        r = _call(builder, "fma", k, number(-0.6931471803691238), x)
        r = _call(builder, "fma", k, number(-1.9082149292705877e-10), r)
        square = builder.fmul(r, r)
        fourth = builder.fmul(square, square)
        g0, g2, g4, g6, g8 = (
            _call(builder, "fma", r, number(high), number(low))
            for low, high in zip(coefficients[::2], coefficients[1::2], strict=True))
        upper = _call(builder, "fma", square, g6, g4)
        lower = _call(builder, "fma", square, g2, g0)
        g = _call(builder, "fma", fourth, _call(builder, "fma", fourth, g8, upper), lower)
        p = _call(builder, "fma", square, g, builder.fadd(r, number(1.0)))
        whole = ir.VectorType(INT, lanes)
        bits = builder.add(builder.bitcast(shifted, whole), ir.Constant(whole, [1023] * lanes))
        power = builder.shl(bits, ir.Constant(whole, [52] * lanes))
        return builder.fmul(p, builder.bitcast(power, ir.VectorType(DOUBLE, lanes)))

    return a(a), codegen
