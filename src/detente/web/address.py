"""The part of an address that names a case and holds the values of its sliders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode

__all__ = ["MOST", "case_of", "moved_of", "query", "reading_of"]

MOST = 200
"""Most sliders that an address may set."""


def query(name: str, moved: Mapping[str, float]) -> str:
    """Return the query of an address.

    Examples
    --------
    >>> query("cuba-1962", {"war.win_chance": 0.8})
    '?case=cuba-1962&at=war.win_chance:0.8'
    """
    parts = {"case": name}
    if moved:
        parts["at"] = ",".join(f"{path}:{value:.6g}" for path, value in sorted(moved.items()))
    return "?" + urlencode(parts, safe=":,", quote_via=quote)


def case_of(search: str) -> str | None:
    """Return the name of the case; None if the address names none."""
    return parse_qs(search.lstrip("?")).get("case", [None])[0]


def reading_of(search: str) -> str | None:
    """Return the name of the reading session; None if the address names none.

    Examples
    --------
    >>> reading_of("?read=notes"), reading_of("?case=cuba-1962")
    ('notes', None)
    """
    return parse_qs(search.lstrip("?")).get("read", [None])[0]


def moved_of(search: str) -> dict[str, float]:
    """Return the values of the sliders; what is not a path with a number is left out.

    Examples
    --------
    >>> moved_of("?case=a&at=war.cost:0.3,bad,precision:nan")
    {'war.cost': 0.3}
    """
    found: dict[str, float] = {}
    for part in parse_qs(search.lstrip("?")).get("at", [""])[0].split(",")[:MOST]:
        path, _, number = part.rpartition(":")
        try:
            value = float(number)
        except ValueError:
            continue
        if path and math.isfinite(value):
            found[path] = value
    return found
