"""A hysteresis loop: the mean choice against the field, with its turning points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, records
from detente.render.numbers import number
from detente.render.palette import BLUE, GREY, INK, ORANGE
from detente.render.plain import plain
from detente.render.section import Chart

__all__ = ["hysteresis"]

OLD, NEW, UNSTABLE = "old course", "new course", "not stable"
PLACES = (1.08, -1.08, 0.5)
"""Heights of the names of marked fields, in turn, so that neighbours do not overlap."""


def hysteresis(
    rows: Records,
    *,
    turns: tuple[float, float, float] | None = None,
    marks: Mapping[str, float] | None = None,
    title: str = "The shock and the way back",
) -> Chart:
    """Draw all states against the field, and label the fields at which the states change course.

    Parameters
    ----------
    rows
        Points of the curve in order: ``h`` (the field), ``m`` (the mean choice, -1 to 1) and
        ``branch``: old course, new course or not stable.
    turns
        The field at which states leave the old course, the field at which they return to it, and
        the absolute mean choice at both; None if there is no fold.
    marks
        Fields to mark by name, such as before, during and after.

    Examples
    --------
    >>> hysteresis([{"h": 0.3, "m": 0.98, "branch": "old course"}], turns=(-0.27, 0.27, 0.7),
    ...            marks={"during": -0.4}).alt
    'States leave the old course at h = −0.27 and return to it at h = 0.27; marked: during −0.4.'
    >>> hysteresis([]).alt
    'There is one state at each field, so there is no loop.'
    """
    shown = records(rows)
    marked = {k: v for k, v in plain(dict(marks or {})).items() if v is not None}
    words = "There is one state at each field, so there is no loop" if turns is None else (
        f"States leave the old course at h = {number(turns[0])} and return to it at "
        f"h = {number(turns[1])}")
    if marked:
        words += "; marked: " + ", ".join(f"{k} {number(v)}" for k, v in marked.items())
    return both(title, words + ".", lambda width: _draw(shown, turns, marked, width))


def _draw(
    shown: list[dict[str, Any]], turns: tuple[float, float, float] | None,
    marks: Mapping[str, float], width: int,
) -> Any:
    import altair as alt

    names = [OLD, NEW, UNSTABLE]
    key = alt.Legend(title=None, symbolType="stroke", symbolSize=400)
    x = alt.X("h:Q", title="field h: advantage of the old course" if width > NARROW
              else "field h", axis=alt.Axis(tickCount=6 if width > NARROW else 4))
    y = alt.Y("m:Q", title="mean choice m", scale=alt.Scale(domain=[-1.15, 1.15], nice=False),
              axis=alt.Axis(values=[-1, 0, 1]))
    layers = [
        alt.Chart(data([{**row, "order": k} for k, row in enumerate(shown)]))
        .mark_line(strokeWidth=2.5).encode(
            x=x, y=y, order=alt.Order("order:Q"),
            color=alt.Color("branch:N", legend=key, scale=alt.Scale(
                domain=names, range=[BLUE, ORANGE, GREY])),
            strokeDash=alt.StrokeDash("branch:N", legend=key, scale=alt.Scale(
                domain=names, range=[[], [9, 3], [2, 3]])),
        )
    ]
    if turns is not None:
        leave, back, m = turns
        ends = [
            {"h": leave, "m": m, "to": -1.0, "text": f"leave at {number(leave, 2)}"},
            {"h": back, "m": -m, "to": 1.0, "text": f"return at {number(back, 2)}"},
        ]
        for k, end in enumerate(ends):
            base = alt.Chart(data([end]))
            layers += [
                base.mark_rule(color=INK, opacity=0.6).encode(x=x, y=y, y2=alt.Y2("to:Q")),
                base.mark_point(size=70, filled=True, color=INK, opacity=1).encode(x=x, y=y),
                base.mark_point(size=60, filled=True, color=INK, opacity=0.6,
                                shape="triangle-down" if k == 0 else "triangle-up")
                .encode(x=x, y=alt.Y("to:Q", title="mean choice m")),
                base.mark_text(align="right" if k == 0 else "left", dx=-8 if k == 0 else 8,
                               dy=-4 if k == 0 else 6, fontWeight="bold")
                .encode(x=x, y=y, text=alt.Text("text:N")),
            ]
    for k, (name, h) in enumerate(marks.items()):
        base = alt.Chart(data([{"h": h, "text": name, "m": PLACES[k % 3]}]))
        layers += [
            base.mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=x),
            base.mark_text(align="left", dx=3).encode(x=x, y=y, text=alt.Text("text:N")),
        ]
    return alt.layer(*layers).properties(width=width, height=230)
