"""The ties of one actor, and the enmities among those it has ties with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, records
from detente.render.palette import BLUE, INK, PURPLE, VERMILLION
from detente.render.section import Chart

__all__ = ["neighbourhood"]

STYLE = {"friendly": (BLUE, [1, 0]), "hostile": (VERMILLION, [6, 3]),
         "both at once": (PURPLE, [2, 2])}


def neighbourhood(
    actor: str, around: Sequence[str], ties: Records, *, title: str | None = None
) -> Chart:
    """Draw an actor in the middle and its neighbours around it.

    Parameters
    ----------
    actor
        The actor in the middle.
    around
        The neighbours in the order of the circle; neighbours of one bloc stand together.
    ties
        ``first``, ``second`` and ``kind`` (friendly, hostile or both at once): the actor's own
        ties, and the hostile ties among its neighbours.

    Examples
    --------
    >>> neighbourhood("a", ["b", "c"], [
    ...     {"first": "a", "second": "b", "kind": "friendly"},
    ...     {"first": "a", "second": "c", "kind": "friendly"},
    ...     {"first": "b", "second": "c", "kind": "hostile"}]).alt
    'a: friendly with b, c. Enemies among them: b and c.'
    """
    listed = records(ties)
    said = []
    for kind, words in (("friendly", "friendly with"), ("hostile", "hostile to"),
                        ("both at once", "friend and enemy at once of")):
        others = [t["second"] if t["first"] == actor else t["first"] for t in listed
                  if t["kind"] == kind and actor in (t["first"], t["second"])]
        if others:
            said.append(f"{words} {', '.join(others)}")
    among = [f"{t['first']} and {t['second']}" for t in listed
             if actor not in (t["first"], t["second"])]
    text = f"{actor}: {'; '.join(said) or 'no ties'}."
    if among:
        text += f" Enemies among them: {', '.join(among)}."
    return both(title or f"Ties of {actor}", text,
                lambda width: _draw(actor, list(around), listed, width))


def _draw(actor: str, around: list[str], ties: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    place: dict[str, tuple[float, float]] = {actor: (0.0, 0.0)}
    for k, name in enumerate(around):
        turn = 2 * math.pi * (k + 0.5) / max(len(around), 1)
        place[name] = (math.sin(turn), math.cos(turn))
    kinds = list(STYLE)
    lines = [{"x": place[t["first"]][0], "y": place[t["first"]][1], "to": place[t["second"]][0],
              "up": place[t["second"]][1], "kind": t["kind"]} for t in ties]
    points = [{"name": n, "x": a, "y": b, "tx": 1.08 * a, "ty": 1.08 * b if n != actor else 0.1,
               "side": "own" if n == actor else "middle" if abs(a) < 0.15 else
               "right" if a > 0 else "left"}
              for n, (a, b) in place.items()]
    axis = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    x = alt.X("x:Q", scale=alt.Scale(domain=[-1.9, 1.9], nice=False), axis=axis)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-1.25, 1.25], nice=False), axis=axis)
    layers = [alt.Chart(data(lines)).mark_rule(strokeWidth=2, opacity=0.85).encode(
        x=x, y=y, x2=alt.X2("to:Q"), y2=alt.Y2("up:Q"),
        color=alt.Color("kind:N", title=None, scale=alt.Scale(
            domain=kinds, range=[STYLE[k][0] for k in kinds])),
        strokeDash=alt.StrokeDash("kind:N", title=None, scale=alt.Scale(
            domain=kinds, range=[STYLE[k][1] for k in kinds]))),
        alt.Chart(data(points)).mark_circle(color=INK, size=60, opacity=1).encode(x=x, y=y)]
    sides: dict[str, Any] = {"right": "left", "left": "right", "middle": "center", "own": "center"}
    for side, align in sides.items():
        layers.append(alt.Chart(data([p for p in points if p["side"] == side])).mark_text(
            align=align, fontWeight="bold" if side == "own" else "normal",
            fontSize=(9 if width <= NARROW else 11) + 3 * (side == "own")).encode(
            x=alt.X("tx:Q", scale=alt.Scale(domain=[-1.9, 1.9], nice=False), axis=axis),
            y=alt.Y("ty:Q", scale=alt.Scale(domain=[-1.25, 1.25], nice=False), axis=axis),
            text=alt.Text("name:N")))
    return alt.layer(*layers).properties(width=width, height=width * 0.66)
