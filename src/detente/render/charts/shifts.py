"""How far events move the ranges of a file."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, label_axis, records, wrap
from detente.render.palette import BLUE, INK, ORANGE
from detente.render.section import Chart

__all__ = ["shifts"]


def shifts(rows: Records, *, title: str = "Shifts of the assumptions") -> Chart:
    """Draw the shift of each range, with its standard error.

    Parameters
    ----------
    rows
        One per range and series: ``parameter``, ``series``, ``shift`` and ``error`` (standard
        deviations of the prior).

    Examples
    --------
    >>> shifts([{"parameter": "war cost", "series": "precision over its range", "shift": 0.4,
    ...          "error": 0.1}]).alt
    'Shifts of the assumptions: war cost +0.4 (precision over its range).'
    """
    given = records(rows)
    words = "; ".join(f"{r['parameter']} {r['shift']:+.1f} ({r['series']})" for r in given)
    return both(title, f"{title}: {words}.", lambda width: _draw(given, width))


def _draw(given: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    letters = 20 if width <= NARROW else 40
    rows = [{**r, "parameter": wrap(str(r["parameter"]), letters),
             "low": r["shift"] - 2 * r["error"], "high": r["shift"] + 2 * r["error"]}
            for r in given]
    names = list(dict.fromkeys(r["parameter"] for r in rows))
    series = list(dict.fromkeys(r["series"] for r in rows))
    what = ["lower values ← standard deviations → higher values", "whiskers: two standard errors"]
    if width <= NARROW:
        what = ["← lower    higher →", "standard deviations; whiskers: 2 s.e."]
    end = max([abs(r["low"]) for r in rows] + [abs(r["high"]) for r in rows] + [1.0])
    scale = alt.Scale(domain=[-end, end], nice=True)
    key = alt.Legend(title=None)
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("parameter:N", title=None, sort=names, axis=label_axis()),
        yOffset=alt.YOffset("series:N", sort=series))
    colour = alt.Color("series:N", legend=key, scale=alt.Scale(
        domain=series, range=[BLUE, ORANGE][: len(series)]))
    shape = alt.Shape("series:N", legend=key, scale=alt.Scale(
        domain=series, range=["circle", "square"][: len(series)]))
    whiskers = base.mark_rule(strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=what, scale=scale), x2=alt.X2("high:Q"), color=colour)
    points = base.mark_point(size=60, filled=True, opacity=1).encode(
        x=alt.X("shift:Q", title=what, scale=scale), color=colour, shape=shape)
    zero = alt.Chart(data([{"x": 0}])).mark_rule(color=INK, strokeDash=[2, 2]).encode(
        x=alt.X("x:Q"))
    deepest = max((name.count("\n") for name in names), default=0)
    step = max(32, 14 * (deepest + 1) + 14)
    return alt.layer(zero, whiskers, points).properties(
        width=width, height=step * max(len(names), 1))
