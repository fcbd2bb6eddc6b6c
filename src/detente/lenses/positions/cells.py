"""Cells of a table of positions: a number, a percentage, a range, or empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from detente.errors import InputError
from detente.tables.kinds import COMMA, THOUSANDS, meant

__all__ = ["Cell", "decimal_commas", "read_cell"]

_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL = re.compile(rf"^({_NUMBER})\s*(%?)(?:\s*(?:to|–|…|\.\.)\s*({_NUMBER})\s*(%?))?$")

HUGE = 1e300
"""Numbers above this are refused."""


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


def decimal_commas(cells: Iterable[str], mark: str) -> bool:
    """Return whether the commas in a column's cells are clearly decimal commas.

    They are if commas do not separate the cells, no cell has a decimal point, and some number
    cannot be one with thousands, such as ``0,5``.

    Examples
    --------
    >>> decimal_commas(["0,5", "1,250"], ";"), decimal_commas(["1,250"], ";")
    (True, False)
    >>> decimal_commas(["0,5"], ","), decimal_commas(["0,5", "0.7"], ";")
    (False, False)
    """
    if mark == ",":
        return False
    tokens = [t for c in cells for t in re.findall(r"[0-9.,]+", c)]
    if any("." in t.strip(".") for t in tokens):
        return False
    commas = [t for t in tokens if "," in t]
    return any(COMMA.fullmatch(t) and not THOUSANDS.fullmatch(t) for t in commas)


def read_cell(value: object, commas: bool = False) -> Cell | None:
    """Read a cell, or return None if it is empty.

    Parameters
    ----------
    value
        A text or a number.
    commas
        Whether a comma in the text is a decimal comma.

    Raises
    ------
    InputError
        The cell is neither a number nor a range.

    Examples
    --------
    >>> read_cell("80%"), read_cell("")
    (Cell(value=0.8, spread=None, percent=True), None)
    >>> read_cell("0.25 to 0.75")
    Cell(value=0.5, spread=0.25, percent=False)
    >>> read_cell("12,500")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: '12,500' is not a number; expected 12500 or 12.500, whichever is ...
    """
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value:
            return None
        if not abs(value) < HUGE:
            raise InputError(f"the number {str(value)[:40]} is too large",
                             expected="a finite number")
        return Cell(float(value))
    text = str(value).strip()
    if text.isascii() and text.isdecimal() and len(text) < 16:  # the usual case
        return Cell(float(text))
    if not text:
        return None
    found = _CELL.match(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text) if commas else text)
    if not found:
        hint = meant(text)
        raise InputError(
            f"{text[:40]!r} is not a number",
            expected=(f"{hint}; " if hint else "") + "a number with a decimal point, a percentage, "
            "a range such as 0.2 to 0.6, or an empty cell",
        )
    first, sign, second, sign_2 = found.groups()
    percent = bool(sign or sign_2)
    scale = 0.01 if percent else 1.0
    a, b = float(first) * scale, float(second or first) * scale
    if not max(abs(a), abs(b)) < HUGE:
        raise InputError(f"{text[:40]!r} is too large", expected="a finite number")
    if second is None:
        return Cell(a, None, percent)
    if b < a:
        raise InputError(f"the range {text[:40]!r} begins with the larger number",
                         expected="the smaller number first")
    return Cell((a + b) / 2, (b - a) / 2, percent)
