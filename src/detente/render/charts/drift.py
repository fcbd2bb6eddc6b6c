"""Estimated parameters by origin: whether they stay the same as data is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, records
from detente.render.palette import colours
from detente.render.section import Chart

__all__ = ["drift"]


def drift(rows: Records, *, title: str = "Parameters by origin") -> Chart:
    """Draw parameters against the first forecast year, one line each.

    Parameters
    ----------
    rows
        ``origin`` (year), ``parameter`` and ``value``.
    title
        Shown above the chart.

    Examples
    --------
    >>> drift([{"origin": 1900, "parameter": "war", "value": 0.2},
    ...        {"origin": 1910, "parameter": "war", "value": 0.1}]).alt
    'war: 0.2 in 1900, 0.1 in 1910.'
    """
    points = records(rows)
    names = list(dict.fromkeys(str(p["parameter"]) for p in points))
    said = []
    for name in names:
        mine = sorted((p for p in points if p["parameter"] == name), key=lambda p: p["origin"])
        said.append(f"{name}: {mine[0]['value']:.3g} in {mine[0]['origin']}, "
                    f"{mine[-1]['value']:.3g} in {mine[-1]['origin']}")
    return both(title, "; ".join(said) + ".", lambda width: _draw(points, names, width))


def _draw(points: list[dict[str, Any]], names: Sequence[str], width: int) -> Any:
    import altair as alt

    colour = colours(list(names))
    legend = alt.Legend(title=None, columns=1 if width <= NARROW else 2,
                        labelLimit=width - 40)
    return (
        alt.Chart(data(points)).mark_line(point=True)
        .encode(
            x=alt.X("origin:Q", title="first year forecast",
                    axis=alt.Axis(format="d", tickCount=6 if width > NARROW else 3),
                    scale=alt.Scale(zero=False)),
            y=alt.Y("value:Q", title="estimate", scale=alt.Scale(zero=False)),
            color=alt.Color("parameter:N", legend=legend,
                            scale=alt.Scale(domain=list(names),
                                            range=[colour[n] for n in names])),
            shape=alt.Shape("parameter:N", legend=legend, scale=alt.Scale(domain=list(names))),
        )
        .properties(width=width, height=240)
    )
