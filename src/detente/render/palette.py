"""Colours that those who see colour differently can tell apart, in one place.

The eight colours of Okabe and Ito (2008), less black (text) and yellow (too light on paper). Text
and axes take the page's own colour, so that one drawing serves light pages, dark pages and paper.
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
"""Endings that every case has keep their colour from chart to chart and from case to case."""


def colours(names: Iterable[str]) -> dict[str, str]:
    """Give each name a colour, the same for the same names whatever the chart.

    Names beyond the seven colours repeat them: charts with more series tell them apart by
    position or label too.

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
