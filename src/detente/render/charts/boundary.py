"""The region in which a claim holds, over its two most important inputs."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, records
from detente.render.palette import BLUE, INK, ORANGE
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["boundary"]

HOLDS, FAILS = "holds", "does not hold"


def boundary(
    rows: Records,
    *,
    x: str,
    y: str,
    centre: tuple[float, float] | None = None,
    most: int = 600,
    title: str = "Region in which the claim holds",
) -> Chart:
    """Draw samples in the plane of two inputs, marked by whether the claim holds.

    Colour and shape both show the answer: the claim holds at dots and not at hollow diamonds.

    Parameters
    ----------
    rows
        One per sample: ``x``, ``y`` (the inputs' values) and ``holds`` (true, false, or None if the
        claim's condition has probability zero; such a sample is not drawn).
    x, y
        The inputs' names, with units.
    centre
        The analyst's central values, marked by a cross.
    most
        Largest number of points drawn, evenly selected.

    Examples
    --------
    >>> boundary([{"x": 0.1, "y": 0.2, "holds": True}, {"x": 0.3, "y": 0.2, "holds": False}],
    ...          x="aland.war_cost", y="war.win_chance").alt
    'Over aland.war_cost and war.win_chance the claim holds in 50 % of 2 samples.'
    """
    given = [row for row in records(rows) if row.get("holds") is not None]
    held = sum(bool(row["holds"]) for row in given)
    share = cell(held / len(given), "percent") if given else "none"
    stride = -(-len(given) // most) or 1
    shown = [
        {"x": row["x"], "y": row["y"], "claim": HOLDS if row["holds"] else FAILS}
        for row in given[::stride]
    ]
    return both(
        title, f"Over {x} and {y} the claim holds in {share} of {len(given)} samples.",
        lambda width: _draw(shown, x, y, centre, width),
    )


def _draw(
    shown: list[dict[str, Any]], x: str, y: str, centre: tuple[float, float] | None, width: int
) -> Any:
    import altair as alt

    domain, key = [HOLDS, FAILS], alt.Legend(title=None, symbolSize=80)
    ticks = alt.Axis(tickCount=6 if width > NARROW else 3)
    across = alt.X("x:Q", title=x, scale=alt.Scale(zero=False), axis=ticks)
    up = alt.Y("y:Q", title=y, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    dots = alt.Chart(data(shown)).mark_point(size=34, strokeWidth=1.3, opacity=0.85).encode(
        x=across, y=up,
        shape=alt.Shape("claim:N", legend=key, scale=alt.Scale(
            domain=domain, range=["circle", "diamond"])),
        fill=alt.Fill("claim:N", legend=key, scale=alt.Scale(
            domain=domain, range=[BLUE, "transparent"])),
        stroke=alt.Stroke("claim:N", legend=key, scale=alt.Scale(
            domain=domain, range=[BLUE, ORANGE])),
    )
    layers = [dots]
    if centre is not None:
        middle = alt.Chart(data([{"x": centre[0], "y": centre[1], "text": "centre"}]))
        layers.append(
            middle.mark_point(shape="cross", size=160, filled=True, color=INK, opacity=1)
            .encode(x=across, y=up)
        )
        layers.append(middle.mark_text(dy=-14, fontWeight="bold").encode(
            x=across, y=up, text=alt.Text("text:N")))
    return alt.layer(*layers).properties(width=width, height=205)
