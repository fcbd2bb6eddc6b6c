"""Probabilities over a list of events, with bands."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, percent_axis, records, wrap
from detente.render.palette import colours
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["timeline"]

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 2])
"""A dash for each series, so that colour alone distinguishes nothing."""


def timeline(
    rows: Records, *, title: str = "Probabilities after each event",
    what: str = "probability", band: str = "5–95 % of the samples",
) -> Chart:
    """Draw one or more probabilities after each event.

    Parameters
    ----------
    rows
        One per event and series: ``step`` (0 before the first event), ``label`` (of the event),
        ``name`` (of the series), ``p``, and ``low``, ``high`` (the band, may be missing).
    what
        The quantity of the vertical axis.
    band
        What the band shows.

    Examples
    --------
    >>> timeline([{"step": 0, "label": "start", "name": "war", "p": 0.1, "low": 0.0, "high": 0.3},
    ...           {"step": 1, "label": "24 Oct", "name": "war", "p": 0.2, "low": 0.1, "high": 0.4}
    ...           ]).alt
    'Probabilities after each event. war: 10 % (start), 20 % (24 Oct).'
    """
    given = records(rows)
    names = list(dict.fromkeys(str(r["name"]) for r in given))
    words = "; ".join(
        f"{name}: " + ", ".join(f"{cell(r['p'], 'percent')} ({r['label']})"
                                for r in given if r["name"] == name)
        for name in names)
    return both(title, f"{title}. {words}.",
                lambda width: _draw(given, names, what, band, width))


def _draw(
    given: list[dict[str, Any]], names: list[str], what: str, band: str, width: int
) -> Any:
    import altair as alt

    letters = 9 if width <= NARROW else 12
    labels = {r["step"]: wrap(str(r["label"]), letters) for r in given}
    rows = [{**r, "at": f"{r['step']:03d}"} for r in given]
    last = max(labels, default=0)
    shown = {k: text for k, text in labels.items()
             if width > NARROW or k in (0, last) or last <= 4}
    said = "{" + ", ".join(f"'{k:03d}': {text!r}" for k, text in shown.items()) + "}"
    x = alt.X("at:O", title=None, axis=alt.Axis(
        labelExpr=f"split({said}[datum.value] || '', '\\n')", labelAngle=0, labelOverlap=False))
    banded = any(r.get("low") is not None for r in rows)
    y = alt.Y("p:Q", title=[what, *([f"band: {band}"] if banded else [])],
              scale=alt.Scale(domain=[0, 1]), axis=percent_axis(width, 1.0))
    shade = colours(names)
    key = alt.Legend(title=None, symbolType="stroke", symbolSize=400)
    colour = alt.Color("name:N", legend=key, scale=alt.Scale(
        domain=names, range=[shade[n] for n in names]))
    dash = alt.StrokeDash("name:N", legend=key, scale=alt.Scale(
        domain=names, range=[list(DASHES[k % len(DASHES)]) for k in range(len(names))]))
    layers = []
    if banded:
        # One layer a series: with a colour scale of their own, bands would pale the legend.
        for name in names:
            area = [{**r, "p": r["low"]} for r in rows
                    if r["name"] == name and r.get("low") is not None]
            layers.append(alt.Chart(data(area)).mark_area(color=shade[name], opacity=0.15).encode(
                x=x, y=y, y2=alt.Y2("high:Q")))
    layers.append(alt.Chart(data(rows)).mark_line(strokeWidth=2, point={"size": 30}).encode(
        x=x, y=y, color=colour, strokeDash=dash))
    return alt.layer(*layers).properties(width=width, height=260)
