"""Values for readers and for JSON: formatted cells, and documents without NaN."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from detente.render.numbers import MISSING, error, number, percent, points, signed

__all__ = ["MISSING", "cell", "is_missing", "plain"]

WRITERS: Mapping[str, Callable[[float], str]] = {
    "percent": percent, "points": points, "signed": signed, "number": number, "error": error,
}
"""Formats of `cell` in addition to Python's format specifications; see `detente.render.numbers`."""


def is_missing(value: object) -> bool:
    """Return whether a value is missing: None, NaN or an infinity.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(0.0)
    (True, False)
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):  # pandas' own
        return True
    try:
        return not math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False


def cell(value: object, format: str = "") -> str:
    """Write a value for a reader.

    Parameters
    ----------
    value
        Anything; None, NaN and infinities become an en dash.
    format
        ``percent``, ``points``, ``signed``, ``number`` or ``error``, for the functions of these
        names in :mod:`detente.render.numbers`; or a format specification of Python (``.2f``,
        ``+.1f``, ``,``).

    Examples
    --------
    >>> cell(0.1849, "percent"), cell(0.0042, "percent"), cell(3e-5, "percent"), cell(0, "percent")
    ('18 %', '0.4 %', '<0.1 %', '0 %')
    >>> cell(0.9997, "percent"), cell(0.5, ".3f"), cell(None), cell(["hold", "attack"])
    ('>99 %', '0.500', '–', 'hold, attack')
    """
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(part, format) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_missing(value):
        return MISSING
    if isinstance(value, str) or not format:
        return str(value)
    if writer := WRITERS.get(format):
        return writer(float(value))  # type: ignore[arg-type]
    return _minus(f"{value:{format}}")


def _minus(text: str) -> str:
    """Write a typographic minus, and no sign before a number that rounds to zero."""
    if text[:1] in "+-" and not text[1:].strip("0.,%"):
        return text[1:]
    return text.replace("-", "−", 1) if text.startswith("-") else text


def plain(value: Any) -> Any:
    """Convert a value for JSON: numpy types become Python types, NaN and infinities become None.

    Raises
    ------
    TypeError
        A value of a type that has no JSON form.

    Examples
    --------
    >>> import numpy as np
    >>> plain({"x": np.array([1.0, np.nan]), "n": np.int64(3), "t": ("a", True)})
    {'x': [1.0, None], 'n': 3, 't': ['a', True]}
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(v) for v in value)
    if is_missing(value):
        return None
    for name in ("as_dict", "tolist", "item"):
        if callable(made := getattr(value, name, None)):
            return plain(made())
    raise TypeError(f"{type(value).__name__} has no JSON form; use numbers, text or lists")
