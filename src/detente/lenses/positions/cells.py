"""Cells of a table of positions: a number, a percentage, a range, or empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.errors import InputError

__all__ = ["MISSING", "Cell", "read_cell"]

MISSING = frozenset(
    {"", "na", "n/a", "nan", "none", "null", "-", ".", "?", "missing", "-99", "-999"}
)
_NUMBER = r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_CELL = re.compile(rf"^({_NUMBER})\s*(%?)(?:\s*(?:to|–|…|\.\.)\s*({_NUMBER})\s*(%?))?$")


@dataclass(frozen=True)
class Cell:
    """A number and its range.

    Attributes
    ----------
    value : float
        The number, or the middle of the range.
    spread : float or None
        Half of the range's width; None if the cell holds a plain number.
    percent : bool
        Whether the cell has a percent sign; the value is then a share of 1.
    """

    value: float
    spread: float | None = None
    percent: bool = False


def read_cell(value: object) -> Cell | None:
    """Read a cell, or return None if it is empty.

    Raises
    ------
    InputError
        The cell is neither a number nor a range.

    Examples
    --------
    >>> read_cell("80%"), read_cell("n/a")
    (Cell(value=0.8, spread=None, percent=True), None)
    >>> read_cell("0.25 to 0.75")
    Cell(value=0.5, spread=0.25, percent=False)
    """
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value:
            return None
        if value in (float("inf"), float("-inf")):
            raise InputError("the number is infinite", expected="a finite number")
        return Cell(float(value))
    text = str(value).strip()
    if text.isdecimal() and len(text) < 16:  # the usual case, without the pattern
        return Cell(float(text))
    if text.casefold() in MISSING:
        return None
    found = _CELL.match(text)
    if not found:
        raise InputError(
            f"{text[:40]!r} is not a number",
            expected="a number, a percentage or a range such as 0.2 to 0.6",
        )
    first, sign, second, sign_2 = found.groups()
    percent = bool(sign or sign_2)
    scale = 0.01 if percent else 1.0
    a = float(first.replace(",", ".")) * scale
    if not abs(a) < 1e300:
        raise InputError(f"{text!r} is too large", expected="a finite number")
    if second is None:
        return Cell(a, None, percent)
    b = float(second.replace(",", ".")) * scale
    if b < a:
        raise InputError(f"the range {text!r} begins with the larger number",
                         expected="the smaller number first")
    return Cell((a + b) / 2, (b - a) / 2, percent)
