"""Numbers for readers: the one formatter of the whole product.

Percentages are whole unless they are under one. Signed values keep their sign. A
positive probability is never written ``0 %`` and a probability below one is never written
``100 %``. If numbers are small, the unit is scaled so that not every label is ``0.00``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

__all__ = [
    "FEW", "MISSING", "count", "error", "listed", "number", "percent", "points", "quoted", "scale",
    "several", "signed", "span",
]

MISSING = "–"
"""Shown for a value that does not exist."""
FEW = 3
"""A list of more probabilities than this is shown as a range."""
ROUNDING = 1e-10
"""Rounding of an error, per unit of the payoffs."""
UNITS = (
    (1.0, ""), (1e3, "thousandths of a "), (1e6, "millionths of a "), (1e9, "billionths of a "),
)
"""Factors by which small numbers are scaled, and the words before the unit."""


def percent(p: float | None) -> str:
    """Write a probability or a share as a percentage.

    Parameters
    ----------
    p : float or None
        1 is 100 %. None, NaN and infinities become an en dash.

    Examples
    --------
    >>> percent(0.1849), percent(0.0042), percent(3e-5), percent(0.0)
    ('18 %', '0.4 %', '<0.1 %', '0 %')
    >>> percent(0.9937), percent(0.9997), percent(1.0), percent(None)
    ('99 %', '>99 %', '100 %', '–')
    """
    if p is None or not math.isfinite(p):
        return MISSING
    if p < 0:
        text = percent(-p)  # just below zero is above −0.1 %
        return f"−{text}" if text[0].isdigit() else f"{'<>'[text[0] == '<']}−{text[1:]}"
    if 0 < p < 0.001:
        return "<0.1 %"
    share = 100 * p
    if share >= 99.5 and p < 1:
        return ">99 %"
    return f"{_trimmed(f'{share:.1f}') if 0 < share < 1 else f'{share:.0f}'} %"


def quoted(name: str) -> str:
    """Return the name of an outcome inside a sentence: in quotation marks if it has several words.

    Examples
    --------
    >>> quoted("settlement"), quoted("fighting goes on")
    ('settlement', '“fighting goes on”')
    """
    return f"“{name}”" if " " in name else name


def span(low: float | None, high: float | None) -> str:
    """Write a range of probabilities; one number if both ends have the same text.

    Examples
    --------
    >>> span(0.01, 0.042), span(0.011, 0.012), span(None, None)
    ('1 % to 4 %', '1 %', '–')
    """
    if low is None or high is None:
        return MISSING
    one, two = percent(low), percent(high)
    return one if one == two else f"{one} to {two}"


def listed(found: Sequence[float]) -> str:
    """Write some probabilities; more than `FEW` of them by their range and their number.

    Examples
    --------
    >>> listed([0.1, 0.3]), listed([0.3, 0.1, 0.2, 0.1]), listed([])
    ('10 %, 30 %', '10 % to 30 % (4 found)', '–')
    """
    if not found:
        return MISSING
    if len(found) <= FEW:
        return ", ".join(percent(p) for p in found)
    return f"{span(min(found), max(found))} ({len(found)} found)"


def signed(x: float | None, digits: int | None = None) -> str:
    """Write a change with its sign; zero has none.

    Parameters
    ----------
    x : float or None
        In any unit.
    digits : int, optional
        Digits after the point. Without it two significant figures are kept, whole numbers whole.

    Examples
    --------
    >>> signed(0.153), signed(-2.24), signed(14.2), signed(0.0), signed(-0.001, 2), signed(None)
    ('+0.15', '−2.2', '+14', '0', '0.00', '–')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    text = f"{abs(x):.{digits}f}" if digits is not None else _figures(abs(x), 2)
    if not text.strip("0."):
        return text
    return ("+" if x > 0 else "−") + text


def points(p: float | None) -> str:
    """Write a difference of probabilities in percentage points, to a tenth or less if under one.

    Parameters
    ----------
    p : float or None
        A difference of probabilities, in [-1, 1].

    Examples
    --------
    >>> points(0.184), points(-0.0123), points(0.0004), points(0.0)
    ('+18', '−1.2', '+0.04', '0')
    """
    return signed(None if p is None else 100 * p)


def number(x: float | None, figures: int = 3) -> str:
    """Write a plain number with so many significant figures.

    Examples
    --------
    >>> number(0.12345), number(-2.0), number(1234567.0), number(0.000012)
    ('0.123', '−2', '1,234,567', '1.2e-05')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    if abs(x) >= 10**figures:
        text = f"{abs(x):,.0f}"
    else:
        text = f"{abs(x):.{figures}g}"
    return f"−{text}" if x < 0 and text.strip("0.") else text


def error(x: float | None, unit: float = 1.0) -> str:
    """Write an error of a certificate; rounding below zero is written as zero.

    An error that is negative beyond rounding is shown with its sign, because such a certificate
    is wrong.

    Parameters
    ----------
    x : float or None
        The error.
    unit : float
        The size of the payoffs, which sets the size of rounding.

    Examples
    --------
    >>> error(2.31e-10), error(-2e-17), error(0.0), error(None), error(-0.02)
    ('2.3e-10', '0', '0', '–', '−2.0e-02')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    if -ROUNDING * unit <= x <= 0:
        return "0"
    return f"{x:.1e}" if x > 0 else f"−{-x:.1e}"


def count(n: int) -> str:
    """Write a count with separators.

    Examples
    --------
    >>> count(2725)
    '2,725'
    """
    return f"{n:,}"


def several(n: int, one: str, more: str = "") -> str:
    """Return a number of things in words.

    Parameters
    ----------
    n
    one, more
        The word for one of them and for several; by default ``one`` with an s.

    Examples
    --------
    >>> several(1, "turn"), several(0, "turn"), several(2, "reply", "replies")
    ('1 turn', '0 turns', '2 replies')
    """
    return f"{n} {one if n == 1 else more or one + 's'}"


def scale(values: Iterable[float], unit: str = "point") -> tuple[float, str]:
    """Return the factor and the unit with which some values are legible.

    Parameters
    ----------
    values : iterable of float
        The values of one column or chart.
    unit : str
        Its unit in the singular.

    Returns
    -------
    factor : float
        Multiply the values by it.
    unit : str
        The unit of the products, in the plural.

    Examples
    --------
    >>> scale([0.4, -2.0]), scale([0.0004, -0.00002])
    ((1.0, 'points'), (1000.0, 'thousandths of a point'))
    >>> scale([])
    (1.0, 'points')
    """
    largest = max((abs(v) for v in values), default=0.0)
    for factor, words in UNITS:
        if largest * factor >= 0.05 or largest == 0.0:
            return factor, words + unit if words else f"{unit}s"
    return UNITS[-1][0], UNITS[-1][1] + unit


def _figures(x: float, figures: int) -> str:
    """Write a non-negative number with significant figures and no exponent."""
    if x == 0:
        return "0"
    places = figures - 1 - math.floor(math.log10(x))
    return _trimmed(f"{x:.{min(max(places, 0), 12)}f}")


def _trimmed(text: str) -> str:
    """Leave out trailing zeros."""
    return text.rstrip("0").rstrip(".") if "." in text else text
