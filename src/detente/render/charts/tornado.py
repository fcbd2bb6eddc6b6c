"""Drivers: the effect of each input on an outcome."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, label_axis, records, wrap
from detente.render.numbers import scale
from detente.render.palette import BLUE, VERMILLION
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["tornado"]

FEW, VISIBLE = 3, 0.005


def tornado(
    rows: Records, *, outcome: str = "war", most: int = 12, title: str | None = None
) -> Chart:
    """Draw the inputs with the largest effect on an outcome, in points per tenth of their range.

    Parameters
    ----------
    rows
        One per input: ``parameter`` (its name or, better, its meaning in words) and ``points``
        (percentage points by which the outcome's probability rises as the parameter rises by a
        tenth of its range).
    outcome
        The outcome whose probability is meant.
    most
        Largest number of inputs drawn; the largest effect is first. Inputs that move the outcome by
        less than 0.005 points are left out; if no input moves it more, the first three are drawn in
        a smaller unit.

    Examples
    --------
    >>> tornado([{"parameter": "war.first_strike", "points": 1.4},
    ...          {"parameter": "mediator.face_saving", "points": -2.2}]).alt
    'Per tenth of its range: mediator.face_saving −2.2 points, war.first_strike +1.4 points.'
    """
    given = [row for row in records(rows) if row.get("points") is not None]
    largest = sorted(given, key=lambda row: -abs(row["points"]))[:most]
    largest = [r for r in largest if abs(r["points"]) >= VISIBLE] or largest[:FEW]
    factor, unit = scale(r["points"] for r in largest)
    largest = [{**r, "points": factor * r["points"]} for r in largest]
    form = _form(largest)
    words = ", ".join(f"{r['parameter']} {cell(r['points'], form)} {unit}" for r in largest)
    return both(
        title or f"Effect of the inputs on P({outcome})",
        f"Per tenth of its range: {words or 'no input has an effect'}.",
        lambda width: _draw(largest, outcome, unit, width),
    )


def _form(largest: list[dict[str, Any]]) -> str:
    """Return the number of digits that distinguishes the effects."""
    return "+.1f" if largest and abs(largest[0]["points"]) >= 1 else "+.2f"


def _draw(largest: list[dict[str, Any]], outcome: str, unit: str, width: int) -> Any:
    import altair as alt

    letters = 18 if width <= NARROW else 48
    rows = [
        {
            "parameter": wrap(str(row["parameter"]), letters),
            "points": row["points"],
            "text": cell(row["points"], _form(largest)),
            "way": "raises" if row["points"] > 0 else "lowers",
        }
        for row in largest
    ]
    names = [row["parameter"] for row in rows]
    margin = 1.25 if width > NARROW else 1.6
    reach = margin * max((abs(row["points"]) for row in rows), default=1.0) or 1.0
    y = alt.Y("parameter:N", title=None, sort=names, axis=label_axis())
    what = f"P({outcome}), {unit} per tenth of the range"
    x = alt.X(
        "points:Q", scale=alt.Scale(domain=[-reach, reach], nice=False),
        title=what if width > NARROW else [f"P({outcome}), {unit}", "per tenth of the range"],
        axis=alt.Axis(tickCount=5 if width > NARROW else 3),
    )
    base = alt.Chart(data(rows)).encode(y=y)
    bars = base.mark_bar(height=14).encode(
        x=x,
        color=alt.Color(
            "way:N", legend=alt.Legend(title=None, symbolType="square"),
            scale=alt.Scale(domain=["raises", "lowers"], range=[VERMILLION, BLUE]),
        ),
    )
    right = base.transform_filter("datum.points > 0").mark_text(align="left", dx=4)
    left = base.transform_filter("datum.points <= 0").mark_text(align="right", dx=-4)
    zero = alt.Chart(data([{"points": 0}])).mark_rule(opacity=0.6, color="currentColor")
    deepest = max((name.count("\n") for name in names), default=0)
    return alt.layer(
        bars,
        right.encode(x=alt.X("points:Q"), text=alt.Text("text:N")),
        left.encode(x=alt.X("points:Q"), text=alt.Text("text:N")),
        zero.encode(x=alt.X("points:Q")),
    ).properties(width=width, height=max(24, 14 * (deepest + 1) + 12) * max(len(names), 1))
