"""The zone of agreement: the two sides' gains, the efficient frontier and the packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, records
from detente.render.palette import BLUE, GREEN, GREY, INK, ORANGE, VERMILLION
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["agreement"]

OFFERED, OTHER = "on offer", "efficient, not on offer"
NASH, KALAI, NONE = "Nash", "Kalai-Smorodinsky", "no agreement"
SHAPES = {OFFERED: "circle", OTHER: "square", NASH: "diamond", KALAI: "triangle-up", NONE: "cross"}
COLOURS = {OFFERED: BLUE, OTHER: GREY, NASH: VERMILLION, KALAI: ORANGE, NONE: INK}
Pair = tuple[float, float]


def agreement(
    packages: Records, frontier: Sequence[Pair], *, sides: Pair | tuple[str, str],
    points: Mapping[str, Pair | None] | None = None, zone: Sequence[Pair] = (),
    bands: tuple[Pair, Pair] | None = None, title: str | None = None,
) -> Chart:
    """Draw the gains of both sides over the value of no agreement, which lies at 0.

    Parameters
    ----------
    packages
        One each: ``mark`` (a letter beside its point), ``name``, ``offered`` (whether a side may
        propose it), ``first`` and ``second`` (gains in stakes).
    frontier
        Efficient pairs of gains, in order.
    sides
        The two sides' titles.
    points
        The points named ``Nash`` and ``Kalai-Smorodinsky``; None if there is none.
    zone
        Corners of the area in which both gain, in order.
    bands
        5th and 95th percentile of each side's value of no agreement, as differences from 0.

    Examples
    --------
    >>> agreement([{"mark": "A", "name": "a pledge", "offered": True, "first": 0.3, "second": 0.1}],
    ...           [(0.5, 0.0), (0.0, 0.5)], sides=("Aland", "Bland")).alt
    'Gains of Aland and Bland over no agreement, in stakes. A: a pledge (0.3, 0.1).'
    """
    shown = records(packages)
    named = {k: v for k, v in (points or {}).items() if v is not None}
    words = "; ".join(f"{r['mark']}: {r['name']} ({cell(r['first'], '.2g')}, "
                      f"{cell(r['second'], '.2g')})" for r in shown)
    text = f"Gains of {sides[0]} and {sides[1]} over no agreement, in stakes. {words}."
    if named:
        text += " " + "; ".join(f"{k} point ({cell(x, '.2g')}, {cell(y, '.2g')})"
                                for k, (x, y) in named.items()) + "."
    return both(
        title or "Zone of agreement", text,
        lambda width: _draw(shown, list(frontier), list(zone), named, bands, sides, width),
    )


def _draw(
    shown: list[dict[str, Any]], frontier: list[Pair], zone: list[Pair], named: Mapping[str, Pair],
    bands: tuple[Pair, Pair] | None, sides: Any, width: int,
) -> Any:
    import altair as alt

    rows = [{"x": r["first"], "y": r["second"], "kind": OFFERED if r["offered"] else OTHER,
             "mark": r["mark"]} for r in shown]
    rows += [{"x": x, "y": y, "kind": k, "mark": ""} for k, (x, y) in named.items()]
    rows.append({"x": 0.0, "y": 0.0, "kind": NONE, "mark": ""})
    low, high = zip(*(_ends([r[axis] for r in rows] + [p[i] for p in zone])
                      for i, axis in enumerate("xy")), strict=True)
    scales = [alt.Scale(domain=[a, b], nice=False) for a, b in zip(low, high, strict=True)]
    x = alt.X("x:Q", title=f"gain of {sides[0]} (stakes)", scale=scales[0],
              axis=alt.Axis(tickCount=4 if width <= NARROW else 8))
    y = alt.Y("y:Q", title=f"gain of {sides[1]} (stakes)", scale=scales[1])
    layers = []
    if zone:
        area = [{"x": a, "y": b, "at": k} for k, (a, b) in enumerate(zone)]
        layers.append(alt.Chart(data(area)).mark_area(color=GREEN, opacity=0.18, clip=True).encode(
            x=x, y=y, y2=alt.datum(0)))
    line = [{"x": a, "y": b, "at": k} for k, (a, b) in enumerate(frontier)]
    layers.append(alt.Chart(data(line)).mark_line(color=GREEN, strokeWidth=2, clip=True).encode(
        x=x, y=y, order=alt.Order("at:Q")))
    for row in ({"x": 0.0}, {"y": 0.0}):
        rule = alt.Chart(data([row])).mark_rule(color=INK, opacity=0.5, strokeDash=[4, 3])
        layers.append(rule.encode(x=x) if "x" in row else rule.encode(y=y))
    if bands is not None:
        (a, b), (c, d) = bands
        layers.append(alt.Chart(data([{"x": a, "to": b, "y": 0.0}])).mark_rule(
            color=INK, strokeWidth=3, opacity=0.7, clip=True).encode(x=x, x2=alt.X2("to:Q"), y=y))
        layers.append(alt.Chart(data([{"x": 0.0, "y": c, "to": d}])).mark_rule(
            color=INK, strokeWidth=3, opacity=0.7, clip=True).encode(x=x, y=y, y2=alt.Y2("to:Q")))
    kinds = [k for k in SHAPES if any(r["kind"] == k for r in rows)]
    dots = alt.Chart(data(rows))
    paint = alt.Scale(domain=kinds, range=[COLOURS[k] for k in kinds])
    hollow = f"datum.kind == '{NASH}' || datum.kind == '{KALAI}'"  # they may cover a package
    layers.append(dots.mark_point(filled=True, strokeWidth=2.5).encode(
        x=x, y=y,
        shape=alt.Shape("kind:N", title=None, scale=alt.Scale(
            domain=kinds, range=[SHAPES[k] for k in kinds])),
        fill=alt.Fill("kind:N", title=None, scale=paint),
        stroke=alt.Stroke("kind:N", title=None, scale=paint),
        fillOpacity=alt.condition(hollow, alt.value(0), alt.value(1)),
        size=alt.condition(hollow, alt.value(260), alt.value(70))))
    layers.append(dots.mark_text(dx=9, dy=-8, align="left", fontWeight="bold").encode(
        x=x, y=y, text=alt.Text("mark:N")))
    return alt.layer(*layers).properties(width=width, height=260 if width <= NARROW else 360)


def _ends(values: list[float]) -> Pair:
    """Return the ends of an axis: all values with a margin."""
    a, b = min(values), max(values)
    pad = 0.08 * max(b - a, 0.1)
    return a - pad, b + pad
