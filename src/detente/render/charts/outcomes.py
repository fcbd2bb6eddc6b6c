"""Outcomes: the probability of each outcome in every model, with the range over the samples."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import (
    NARROW,
    Records,
    both,
    data,
    label_axis,
    percent_axis,
    records,
    wrap,
)
from detente.render.palette import BLUE, GREY, INK, ORANGE, SKY
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["outcomes"]

BAND = "fallible, 5–95 % of the samples"
SHAPES = {
    "deliberate": ("circle", BLUE, INK),
    "fallible": ("diamond", "transparent", ORANGE),
    "another equilibrium": ("M-.1,-1L.1,-1L.1,1L-.1,1Z", GREY, GREY),
    BAND: ("M-1.5,-.45L1.5,-.45L1.5,.45L-1.5,.45Z", SKY, "transparent"),
}
SIZES = {"deliberate": 90, "fallible": 210, "another equilibrium": 260}
"""The hollow diamond is larger than the dot, so that both are visible if the models agree."""


def outcomes(rows: Records, title: str = "Outcomes") -> Chart:
    """Draw each outcome: dots deliberate, diamonds fallible, ticks for others, a bar for the band.

    Parameters
    ----------
    rows
        One per ending: ``name``; ``deliberate``, ``fallible`` (probabilities, either may be
        missing); ``low``, ``high`` (the 5th and 95th percentile over the ranges, may be missing);
        ``others`` (probabilities in the other equilibria, a list, may be missing).
    title
        Shown above the chart.

    Examples
    --------
    >>> chart = outcomes([{"name": "war", "deliberate": 0.18, "fallible": 0.19,
    ...                    "low": 0.05, "high": 0.41, "others": [0.30]}])
    >>> chart.alt
    'war: 18 % deliberate, 19 % fallible, 5 % to 41 % over the samples, 30 % in other equilibria.'
    """
    given = records(rows)
    return both(title, _words(given), lambda width: _draw(given, width))


def _draw(given: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    letters = 16 if width <= NARROW else 28
    names = [wrap(str(row["name"]), letters) for row in given]
    points = [
        {"ending": name, "p": p, "reading": reading, "size": SIZES[reading]}
        for name, row in zip(names, given, strict=True)
        for reading, values in (
            ("another equilibrium", row.get("others") or []),
            ("deliberate", [row.get("deliberate")]),
            ("fallible", [row.get("fallible")]),
        )
        for p in values
        if p is not None
    ]
    bands = [
        {"ending": name, "low": row["low"], "high": row["high"]}
        for name, row in zip(names, given, strict=True)
        if row.get("low") is not None and row.get("high") is not None
    ]
    used = [r for r in SHAPES if any(p["reading"] == r for p in points) or (r == BAND and bands)]
    x = alt.X(
        "p:Q", title="probability", scale=alt.Scale(domain=[0, 1]), axis=percent_axis(width)
    )
    y = alt.Y(
        "ending:N", title=None, sort=names,
        axis=label_axis(),
    )
    legend = alt.Legend(title=None, symbolSize=110, columns=1 if width <= NARROW else 4)

    def scale(part: int) -> Any:
        return alt.Scale(domain=used, range=[SHAPES[r][part] for r in used])

    dots = (
        alt.Chart(data(points))
        .mark_point(strokeWidth=2, opacity=1)
        .encode(
            x=x, y=y,
            shape=alt.Shape("reading:N", scale=scale(0), legend=legend),
            fill=alt.Fill("reading:N", scale=scale(1), legend=legend),
            stroke=alt.Stroke("reading:N", scale=scale(2), legend=legend),
            size=alt.Size("size:Q", legend=None, scale=None),
        )
    )
    ranges = (
        alt.Chart(data(bands))
        .mark_bar(height=11, color=SKY, opacity=0.55, cornerRadius=2)
        .encode(x=alt.X("low:Q", title="probability"), x2=alt.X2("high:Q"), y=y)
    )
    deepest = max((name.count("\n") for name in names), default=0)
    step = 34 if not deepest else 14 * (deepest + 1) + 12
    return alt.layer(ranges, dots).properties(width=width, height=step * max(len(names), 1))


def _words(given: list[dict[str, Any]]) -> str:
    said = []
    for row in given:
        parts = [
            f"{cell(row[reading], 'percent')} {reading}"
            for reading in ("deliberate", "fallible")
            if row.get(reading) is not None
        ]
        if row.get("low") is not None and row.get("high") is not None:
            low, high = cell(row["low"], "percent"), cell(row["high"], "percent")
            parts.append(f"{low} to {high} over the samples")
        if row.get("others"):
            parts.append(f"{cell(row['others'], 'percent')} in other equilibria")
        said.append(f"{row['name']}: {', '.join(parts)}")
    return "; ".join(said) + "."
