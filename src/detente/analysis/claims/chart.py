"""A claim over the two inputs that matter most to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.render.charts._base import NARROW, both, data
from detente.render.palette import BLUE, GREY, INK, ORANGE
from detente.render.section import Chart

if TYPE_CHECKING:
    from detente.analysis.claims.result import Grid

__all__ = ["boundary_map"]

ANSWERS = ("holds", "does not hold", "no certified answer")
LABEL = "format(datum.value, '~g')"
_OF = {True: ANSWERS[0], False: ANSWERS[1], None: ANSWERS[2]}


def boundary_map(grid: Grid, title: str, named: Mapping[str, str] | None = None) -> Chart:
    """Draw where a claim holds over two inputs, each cell solved, all other inputs at their centre.

    Cells in which it holds carry a dot as well as a colour.

    Examples
    --------
    >>> from detente.analysis.claims.result import Grid
    >>> grid = Grid("war.cost", "delay_cost", [0.1, 0.2], [0.0, 0.1], [[True, True], [False, None]],
    ...             (0.15, 0.05))
    >>> boundary_map(grid, "Where it holds").alt
    'Over war.cost and delay_cost it holds in 2 of 4 cells, fails in 1.'
    """
    names = named or {}
    axes = names.get(grid.x, grid.x), names.get(grid.y, grid.y)
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "claim": _OF[answer]}
        for y, line in zip(grid.ys, grid.holds, strict=True)
        for x, answer in zip(grid.xs, line, strict=True)
    ]
    held = sum(row["claim"] == ANSWERS[0] for row in rows)
    failed = sum(row["claim"] == ANSWERS[1] for row in rows)
    alt = (f"Over {axes[0]} and {axes[1]} it holds in {held} of {len(rows)} cells, fails in "
           f"{failed}.")
    wide, high = ((v[-1] - v[0]) / (len(v) - 1) / 2 for v in (grid.xs, grid.ys))
    for row in rows:
        row |= {"left": row["x"] - wide, "right": row["x"] + wide,
                "low": row["y"] - high, "top": row["y"] + high}
    return both(title, alt, lambda width: _draw(rows, grid, axes, width))


def _draw(cells: list[dict[str, Any]], grid: Grid, axes: tuple[str, str], width: int) -> Any:
    import altair as alt

    shown = [a for a in ANSWERS if any(c["claim"] == a for c in cells)]
    scale = alt.Scale(nice=False, zero=False)
    # An axis with format="~g" takes as few digits as tell its labels apart, and writes 20 as 2e+1.
    across = alt.Axis(tickCount=6 if width > NARROW else 3, labelExpr=LABEL)
    x = alt.X("left:Q", title=axes[0], scale=scale, axis=across)
    y = alt.Y("low:Q", title=axes[1], scale=scale, axis=alt.Axis(tickCount=5, labelExpr=LABEL))
    colours = dict(zip(ANSWERS, (BLUE, ORANGE, GREY), strict=True))
    tiles = alt.Chart(data(cells)).mark_rect(opacity=0.75).encode(
        x=x, x2=alt.X2("right:Q"), y=y, y2=alt.Y2("top:Q"),
        color=alt.Color("claim:N", legend=alt.Legend(title=None, symbolType="square"),
                        scale=alt.Scale(domain=shown, range=[colours[a] for a in shown])),
    )
    dots = alt.Chart(data([c for c in cells if c["claim"] == ANSWERS[0]])).mark_point(
        shape="circle", filled=True, size=14, color="white", opacity=1
    ).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
    middle = alt.Chart(data([{"x": grid.centre[0], "y": grid.centre[1], "text": "centre"}]))
    cross = middle.mark_point(shape="cross", size=160, filled=True, color=INK, opacity=1).encode(
        x=alt.X("x:Q"), y=alt.Y("y:Q"))
    name = middle.mark_text(dy=-14, fontWeight="bold").encode(
        x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("text:N"))
    return alt.layer(tiles, dots, cross, name).properties(width=width, height=215)
