"""Reliability: how often an event happened at each level of its forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, percent_axis, records
from detente.render.palette import GREY, colours
from detente.render.section import Chart

__all__ = ["reliability"]


def reliability(rows: Records, *, title: str = "Reliability") -> Chart:
    """Draw observed shares against forecast probabilities, one line per ending.

    Parameters
    ----------
    rows
        ``ending``, ``forecast`` (mean forecast of a bin), ``observed`` (share that happened) and
        ``n`` (crises in the bin).
    title
        Shown above the chart.

    Examples
    --------
    >>> chart = reliability([{"ending": "war", "forecast": 0.2, "observed": 0.25, "n": 40}])
    >>> chart.alt
    'war: forecast 20 %, observed 25 % (40 crises). A perfect forecast lies on the diagonal.'
    """
    points = records(rows)
    names = list(dict.fromkeys(str(p["ending"]) for p in points))
    said = []
    for name in names:
        top = max((p for p in points if p["ending"] == name), key=lambda p: float(p["n"]))
        said.append(f"{name}: forecast {100 * top['forecast']:.0f} %, observed "
                    f"{100 * top['observed']:.0f} % ({top['n']} crises)")
    return both(title, "; ".join(said) + ". A perfect forecast lies on the diagonal.",
                lambda width: _draw(points, names, width))


def _draw(points: list[dict[str, Any]], names: Sequence[str], width: int) -> Any:
    import altair as alt

    colour = colours(list(names))
    legend = alt.Legend(title=None, columns=1 if width <= NARROW else 3)
    hue = alt.Color("ending:N", legend=legend,
                    scale=alt.Scale(domain=list(names), range=[colour[n] for n in names]))
    shape = alt.Shape("ending:N", legend=legend, scale=alt.Scale(domain=list(names)))
    whole = alt.Scale(domain=[0, 1])
    x = alt.X("forecast:Q", title="mean forecast", scale=whole, axis=percent_axis(width))
    y = alt.Y("observed:Q", title="observed share", scale=whole, axis=percent_axis(width))
    base = alt.Chart(data(points))
    line = alt.Chart(data([{"forecast": 0, "observed": 0}, {"forecast": 1, "observed": 1}]))
    size = alt.Size("n:Q", title="crises in the bin", scale=alt.Scale(range=[20, 300]),
                    legend=None)
    return alt.layer(
        line.mark_line(color=GREY, strokeDash=[4, 4]).encode(x=x, y=y),
        base.mark_line(strokeWidth=1, opacity=0.6).encode(x=x, y=y, color=hue),
        base.mark_point(filled=True, opacity=1).encode(x=x, y=y, color=hue, shape=shape,
                                                       size=size),
    ).properties(width=width, height=300 if width > NARROW else 240)
