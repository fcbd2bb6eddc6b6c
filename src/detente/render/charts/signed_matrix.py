"""A signed network as a matrix, with the actors in the order of their blocs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, fixed, records
from detente.render.palette import BLUE, INK, PURPLE, VERMILLION
from detente.render.section import Chart

__all__ = ["signed_matrix"]

KINDS = ("friendly", "hostile", "both at once")
LABELS = 60
"""Most actors whose names are written; with more, only the blocs are told apart."""
FEW = 24
"""The same on a telephone."""


def signed_matrix(
    cells: Records, order: Sequence[str], blocs: Sequence[int], *,
    title: str = "Ties in the order of the blocs",
) -> Chart:
    """Draw each tie twice, in the row and the column of both actors.

    Parameters
    ----------
    cells
        One per tie: ``first``, ``second``, ``kind`` (friendly, hostile or both at once) and
        ``broken`` (whether the division breaks it).
    order
        The actors by bloc.
    blocs
        Numbers of actors of each bloc, in the same order.

    Examples
    --------
    >>> signed_matrix([{"first": "a", "second": "b", "kind": "hostile", "broken": False}],
    ...               ["a", "b"], [1, 1]).alt
    'Ties between 2 actors in 2 blocs: 0 friendly, 1 hostile, 0 both at once; 0 broken.'
    """
    ties = records(cells)
    place = {name: k for k, name in enumerate(order)}
    rows = [{"x": place[a], "y": place[b], "kind": t["kind"], "broken": bool(t["broken"]),
             "pair": f"{t['first']} and {t['second']}"}
            for t in ties for a, b in ((t["first"], t["second"]), (t["second"], t["first"]))]
    number = {k: sum(t["kind"] == k for t in ties) for k in KINDS}
    text = (f"Ties between {len(order)} actors in {len(blocs)} blocs: "
            + ", ".join(f"{n} {k}" for k, n in number.items())
            + f"; {sum(bool(t['broken']) for t in ties)} broken.")
    return both(title, text, lambda width: _draw(rows, list(order), list(blocs), width))


def _plain(name: str) -> str:
    r"""Return a name without what ends a text in an expression: a backslash or a line break.

    Examples
    --------
    >>> _plain("North\nland")
    'North land'
    """
    return " ".join(name.replace("\\", "").split())


def _draw(rows: list[dict[str, Any]], order: list[str], blocs: list[int], width: int) -> Any:
    import altair as alt

    n = len(order)
    named = n <= (FEW if width <= NARROW else LABELS)
    size = (width - (110 if named else 20)) / max(n, 1)
    scale = alt.Scale(domain=[-0.5, n - 0.5], nice=False, zero=False)
    # A label is an expression: the name at a place of a list.
    names = "[" + ",".join("'" + _plain(a).replace("'", "\\'") + "'" for a in order) + "]"
    axis: dict[str, Any] = {
        "values": list(range(n)) if named else [], "labelExpr": f"{names}[datum.value]",
        "grid": False, "ticks": False, "domain": False, "title": None, "labelOverlap": False,
        "tickCount": n, "labelFontSize": 9 if n > 30 else 11}
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(**axis, orient="top", labelAngle=-90))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[n - 0.5, -0.5], nice=False, zero=False),
              axis=alt.Axis(**axis))
    edges, at = [], 0
    for count in [0, *blocs]:
        at += count
        edges.append({"at": at - 0.5})
    layers = []
    for position in ({"x": alt.X("at:Q", scale=scale)}, {"y": alt.Y("at:Q")}):
        layers.append(alt.Chart(data(edges)).mark_rule(color=INK, opacity=0.4).encode(**position))
    kinds = list(KINDS)
    layers.append(alt.Chart(data(rows)).mark_point(filled=True, opacity=1).encode(
        x=x, y=y, tooltip=["pair:N", "kind:N", "broken:N"],
        size=fixed("Size", max(4.0, min(140.0, 0.5 * size * size))),
        color=alt.Color("kind:N", title=None, scale=alt.Scale(
            domain=kinds, range=[BLUE, VERMILLION, PURPLE])),
        shape=alt.Shape("kind:N", title=None, scale=alt.Scale(
            domain=kinds, range=["square", "diamond", "triangle-up"]))))
    layers.append(alt.Chart(data([r for r in rows if r["broken"]])).mark_point(
        filled=False, color=INK, strokeWidth=1.5, shape="circle").encode(
        x=x, y=y, size=fixed("Size", max(16.0, min(220.0, size * size)))))
    return alt.layer(*layers).properties(width=width, height=width)
