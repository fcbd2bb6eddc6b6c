"""The language of formulas: names of columns, numbers, operators and a fixed list of functions.

The parts of a formula are built by formulaic. Columns get neutral names before, so that a name may
hold dots, spaces or the name of a function. A name with other marks than letters, digits, ``_``
and dots is quoted with backticks, such as ``per cent`` between two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.errors import InputError, nearest

__all__ = ["FUNCTIONS", "Part", "columns_in", "part", "quoted"]

FUNCTIONS = (
    "C", "Diff", "Helmert", "I", "Sum", "Treatment", "abs", "bs", "cc", "center", "cr", "cs", "exp",
    "exp10", "exp2", "log", "log10", "log1p", "log2", "poly", "scale", "sqrt", "standardize",
)
"""Functions that a formula may use."""

KEYWORDS = ("base", "df", "degree", "raw", "include_intercept", "True", "False", "None")
"""Names that a call may hold beside columns."""

MAX_LENGTH = 20_000
"""Longest formula, in characters."""

MAX_DEPTH = 50
"""Deepest nesting of parentheses."""

MAX_POWERS = 4
"""Most powers in one call of a function."""

MAX_SIZE = 100
"""Largest number that is an exponent or an argument of a function, such as a degree."""

MAX_TERMS = 20_000
"""Largest number of products that a power of a sum stands for."""

MAX_STARS = 10
"""Most ``*`` signs, each of which doubles the number of terms."""

TOKEN = re.compile(
    r"(?P<quoted>`[^`]*`)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d](?:[\w.]*\w)?)"
    r"""|(?P<text>"[^"\\]*"|'[^'\\]*')"""
    r"|(?P<mark>\*\*|[-+*/:^(),={}])|(?P<space>\s+)"
)


@dataclass(frozen=True)
class Part:
    """A right-hand side whose columns have neutral names.

    Attributes
    ----------
    written
        The part as the user wrote it.
    text
        The part with neutral names, for formulaic.
    columns
        Column to its neutral name.
    """

    written: str
    text: str
    columns: dict[str, str]

    def shown(self, label: str) -> str:
        """Return a label of formulaic's with the columns' own names."""
        own = {neutral: name for name, neutral in self.columns.items()}
        return re.sub(r"c_\d+_", lambda m: own.get(m[0], m[0]), label)


def quoted(name: str) -> str:
    """Return a column's name as a formula writes it.

    Examples
    --------
    >>> quoted("z.1"), quoted("per cent")
    ('z.1', '`per cent`')
    """
    found = TOKEN.fullmatch(name)
    return name if found and found.lastgroup == "name" else f"`{name}`"


def columns_in(text: str) -> list[str]:
    """Return the names of columns in a right-hand side, whether or not the data has them.

    Examples
    --------
    >>> columns_in("log(gdp) + `z.1`:C(region)")
    ['gdp', 'z.1', 'region']
    """
    return list(dict.fromkeys(name for kind, name, _ in _tokens(text, None) if kind == "column"))


def part(text: str, known: Sequence[str], numbers: Mapping[str, int] | None = None) -> Part:
    """Return a right-hand side with neutral names for its columns.

    Parameters
    ----------
    text
        The right-hand side, such as ``x + log(gdp)``.
    known
        The columns of the data.
    numbers
        Number of each column, which makes its neutral name.

    Raises
    ------
    InputError
        The text is not a formula, names no column of the data, or uses an unknown function.

    Examples
    --------
    >>> part("z.1 + sqrt(log)", ["log", "z.1"]).text
    'c_1_ + sqrt(c_0_)'
    """
    at = numbers if numbers is not None else {name: k for k, name in enumerate(known)}
    out: list[str] = []
    columns: dict[str, str] = {}
    for kind, name, raw in _tokens(text, at):
        if kind == "column":
            columns[name] = f"c_{at[name]}_"
            out.append(columns[name])
        else:
            out.append(raw)
    return Part(text, "".join(out), columns)


def _tokens(text: str, known: Mapping[str, int] | None) -> Iterable[tuple[str, str, str]]:
    """Yield (kind, name, text) of each token; kinds are column, function and other."""
    if len(text) > MAX_LENGTH:
        raise InputError(f"a part of the formula has {len(text):,} characters",
                         expected=f"at most {MAX_LENGTH:,}")
    at, depth, before, named = 0, 0, "", 0
    inside: list[bool] = []  # for each open parenthesis: whether a function's
    powers, growth, stars, inner, exponent = 0, 1.0, 0, 1.0, False
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise _unreadable(text, at, f"{text[at]!r} is not allowed")
        raw, kind = found[0], found.lastgroup
        at = found.end()
        depth += (raw in "({") - (raw in ")}") if kind == "mark" else 0
        if depth > MAX_DEPTH:
            raise _unreadable(text, found.start(), f"more than {MAX_DEPTH} parentheses are open")
        if raw in ("(", "{"):
            inside.append(raw == "{" or before.removeprefix("np.") in FUNCTIONS)
        elif raw in (")", "}") and inside:
            inside.pop()
        chained = exponent and raw in ("**", "^")
        if kind != "space":
            exponent = kind == "number" and before in ("**", "^")
        inner = inner * max(1.0, float(raw)) if exponent and kind == "number" else inner
        if chained or inner > MAX_SIZE:
            raise _unreadable(text, found.start(), "a power of a power is too large")
        if not any(inside):
            powers, inner = 0, 1.0
            stars += raw == "*"
            if before in ("**", "^") and kind == "number":
                growth *= max(1.0, float(raw))
        named += kind in ("name", "quoted")
        if (growth > 1.0 and (named + 1.0) ** min(growth, 100.0) > MAX_TERMS) or stars > MAX_STARS:
            raise _unreadable(text, found.start(), "interactions of too many terms")
        powers += raw in ("**", "^")
        if before in ("**", "^", ",", "=") and kind != "space":
            big = kind == "number" and not float(raw) <= MAX_SIZE
            if big or powers > MAX_POWERS or (before in ("**", "^") and kind != "number"):
                raise _unreadable(
                    text, found.start(), f"{raw[:20]!r} after {before!r} is too large (at most "
                    f"{MAX_SIZE}, and {MAX_POWERS} powers)")
        before = before if kind == "space" else raw
        if kind == "quoted":
            yield "column", _column(" ".join(raw[1:-1].split()), known), raw
        elif kind != "name":
            yield "other", "", raw
        elif text[at:].lstrip().startswith("(") and (known is None or raw not in known or
                                                     raw.removeprefix("np.") in FUNCTIONS):
            name = raw.removeprefix("np.")
            if name not in FUNCTIONS:
                raise InputError(f"no function is called {name!r}",
                                 expected="one of " + ", ".join(FUNCTIONS),
                                 nearest=nearest(name, FUNCTIONS))
            yield "function", name, name
        elif depth and raw in KEYWORDS and (known is None or raw not in known):
            yield "other", "", raw
        else:
            yield "column", _column(raw, known), raw


def _column(name: str, known: Mapping[str, int] | None) -> str:
    if known is not None and name not in known:
        raise InputError(
            f"the data has no column {name!r}",
            expected="a column of the data; put backticks around a name with spaces or signs",
            nearest=nearest(name, known),
        )
    return name


def _unreadable(text: str, at: int, why: str) -> InputError:
    return InputError(
        f"cannot read the formula: {why} at position {at + 1} of {text[:80]!r}",
        expected="names of columns, numbers, + - * / : ^ and parentheses; put backticks around a "
        "name with spaces or signs",
    )
