"""Colours that colour-blind readers can distinguish, in one place.

The eight colours of Okabe and Ito (2008), less black (text) and yellow (too light on paper). Text
and axes take the page's own colour, so that one drawing is legible on light pages, dark pages and
paper.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["BLUE", "GREEN", "GREY", "INK", "ORANGE", "PURPLE", "SKY", "VERMILLION", "colours"]

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREY = "#8C8C8C"
INK = "currentColor"

CYCLE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, GREY)

USUAL = (
    ("war", VERMILLION),
    ("fighting", VERMILLION),
    ("loss", PURPLE),
    ("settle", GREEN),
    ("accept", GREEN),
    ("status quo", GREY),
    ("deadline", GREY),
)
"""Colours of the outcomes that every case has; the same in all charts and cases."""


def colours(names: Iterable[str]) -> dict[str, str]:
    """Give each name a colour; the same names get the same colours in every chart.

    More than seven names repeat the colours. Charts with more series also distinguish them by
    position or label.

    Examples
    --------
    >>> colours(["war", "settlement", "aland concedes"])
    {'war': '#D55E00', 'settlement': '#009E73', 'aland concedes': '#0072B2'}
    """
    names = list(dict.fromkeys(names))
    given: dict[str, str] = {}
    for name in names:
        for word, colour in USUAL:
            if word in name.lower() and colour not in given.values():
                given[name] = colour
                break
    free = [c for c in CYCLE if c not in given.values()] or list(CYCLE)
    others = [n for n in names if n not in given]
    given |= {name: free[k % len(free)] for k, name in enumerate(others)}
    return {name: given[name] for name in names}
