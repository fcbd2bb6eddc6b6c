"""Comparison of the variants of a case."""

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
from detente.render.palette import CYCLE
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["comparison"]

SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right")


def comparison(rows: Records, *, title: str = "Comparison of the variants") -> Chart:
    """Draw each outcome's probability in each variant, with its band.

    Parameters
    ----------
    rows
        One per variant and ending: ``variant``, ``outcome``, ``p`` (its probability), and ``low``,
        ``high`` (the band over the ranges, may be missing).

    Examples
    --------
    >>> comparison([{"variant": "as it is", "outcome": "war", "p": 0.18},
    ...             {"variant": "no mediator", "outcome": "war", "p": 0.31}]).alt
    'war: as it is 18 %, no mediator 31 %.'
    """
    given = records(rows)
    words = [
        f"{ending}: "
        + ", ".join(f"{r['variant']} {cell(r.get('p'), 'percent')}" for r in given
                    if r["outcome"] == ending)
        for ending in dict.fromkeys(row["outcome"] for row in given)
    ]
    return both(title, "; ".join(words) + ".", lambda width: _draw(given, width))


def _draw(given: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    letters = 16 if width <= NARROW else 28
    rows = [{**row, "ending": wrap(str(row["outcome"]), letters)} for row in given]
    variants = list(dict.fromkeys(row["variant"] for row in rows))
    endings = list(dict.fromkeys(row["ending"] for row in rows))
    columns = 1 if width <= NARROW else 3
    key = alt.Legend(title=None, symbolSize=110, symbolOpacity=1, columns=columns)
    hues = [CYCLE[k % len(CYCLE)] for k in range(len(variants))]
    hue = alt.Color("variant:N", legend=key, scale=alt.Scale(domain=variants, range=hues))
    shape = alt.Shape("variant:N", legend=key, scale=alt.Scale(
        domain=variants, range=[SHAPES[k % len(SHAPES)] for k in range(len(variants))]))
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("ending:N", title=None, sort=endings, axis=label_axis()),
        yOffset=alt.YOffset("variant:N", sort=variants),
    )
    scale = alt.Scale(domain=[0, 1])
    bands = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_bar(height=8, opacity=0.35)
        .encode(x=alt.X("low:Q", title="probability", scale=scale), x2=alt.X2("high:Q"), color=hue)
    )
    dots = base.transform_filter("isValid(datum.p)").mark_point(
        size=80, filled=True, opacity=1
    ).encode(
        x=alt.X("p:Q", title="probability", scale=scale, axis=percent_axis(width)),
        color=hue, shape=shape,
    )
    deepest = max((name.count("\n") for name in endings), default=0)
    step = max(18 * len(variants) + 10, 14 * (deepest + 1) + 12)
    return alt.layer(bands, dots).properties(width=width, height=step * max(len(endings), 1))
