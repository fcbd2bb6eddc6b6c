"""The most probable paths, as bars."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import (
    NARROW,
    Records,
    both,
    data,
    fixed,
    percent_axis,
    records,
    wrap,
)
from detente.render.palette import colours
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["paths"]

LINE = 15
BAR = 12


def paths(rows: Records, *, most: int = 8, title: str = "Most probable paths") -> Chart:
    """Draw the most probable paths, each with its moves above its bar.

    Parameters
    ----------
    rows
        One per path: ``moves`` (labels, in order), ``outcome`` (the ending's name),
        ``probability``.
    most
        Largest number of paths drawn; the most probable is first.

    Examples
    --------
    >>> paths([{"moves": ["aland: hold", "bland: hold"], "outcome": "status quo",
    ...         "probability": 0.41}]).alt
    '41 %: aland: hold, bland: hold; status quo.'
    """
    given = sorted(records(rows), key=lambda row: -row["probability"])[:most]
    words = " ".join(
        f"{cell(row['probability'], 'percent')}: {cell(row['moves'])}; {row['outcome']}."
        for row in given
    )
    return both(title, words or "No path to show.", lambda width: _draw(given, width))


def _draw(given: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    letters = 46 if width <= NARROW else 92
    top, rows = 0, []
    for row in given:
        lines = wrap(" → ".join(row["moves"]), letters).split("\n")
        bar = top + LINE * len(lines) + 2
        rows.append({
            "lines": lines, "y": top, "bar": bar, "end": bar + BAR, "zero": 0,
            "p": row["probability"],
            "text": f"{cell(row['probability'], 'percent')}  {row['outcome']}",
            "outcome": row["outcome"],
        })
        top = bar + BAR + 14
    names = list(dict.fromkeys(row["outcome"] for row in given))
    colour = colours(names)
    largest = max((row["p"] for row in rows), default=1.0)
    room = 1.6 if width > NARROW else 2.2
    down = alt.Scale(domain=[0, max(top, 1)], range=[0, max(top, 1)])
    base = alt.Chart(data(rows))
    x = alt.X(
        "p:Q", title="probability of the whole path",
        scale=alt.Scale(domain=[0, min(1.0, largest) * room], nice=False),
        axis=percent_axis(width, grid=False),
    )
    bars = base.mark_bar().encode(
        x=x,
        x2=alt.X2("zero:Q"),
        y=alt.Y("bar:Q", scale=down, axis=None),
        y2=alt.Y2("end:Q"),
        color=alt.Color(
            "outcome:N", legend=None,
            scale=alt.Scale(domain=names, range=[colour[n] for n in names]),
        ),
    )
    moves = base.mark_text(align="left", baseline="top", lineHeight=LINE).encode(
        x=fixed("X", 0), y=alt.Y("y:Q", scale=down, axis=None), text=alt.Text("lines:N")
    )
    ends = base.mark_text(align="left", baseline="top", dx=5).encode(
        x=alt.X("p:Q"), y=alt.Y("bar:Q", scale=down, axis=None), text=alt.Text("text:N")
    )
    size = 11 if width <= NARROW else 12
    layers = [bars, moves.encode(size=fixed("Size", size)), ends.encode(size=fixed("Size", size))]
    return alt.layer(*layers).properties(width=width, height=max(top, 1))
