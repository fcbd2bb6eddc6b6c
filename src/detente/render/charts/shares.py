"""Drivers over the whole ranges: each input's own share of the variance, with its interval."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import (
    NARROW,
    Records,
    both,
    data,
    label_axis,
    percent_axis,
    records,
    top_of,
    wrap,
)
from detente.render.palette import BLUE, INK
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["shares"]


def shares(
    rows: Records, *, outcome: str = "war", most: int = 10, title: str | None = None
) -> Chart:
    """Draw the share of an outcome's variance that each input explains by itself.

    Parameters
    ----------
    rows
        One per input: ``parameter``; ``share`` (0 to 1); ``low``, ``high`` (ends of its interval).
    outcome
        The outcome whose probability is meant.
    most
        Largest number of inputs drawn; the largest share is first.

    Examples
    --------
    >>> shares([{"parameter": "precision", "share": 0.4, "low": 0.35, "high": 0.45}]).alt
    'Share of the variance of P(war) over the ranges: precision 40 % (35 % to 45 %).'
    """
    largest = sorted(records(rows), key=lambda r: -(r.get("share") or 0.0))[:most]
    words = "; ".join(
        f"{r['parameter']} {cell(r['share'], 'percent')} ({cell(r['low'], 'percent')} to "
        f"{cell(r['high'], 'percent')})" for r in largest
    )
    return both(
        title or f"Sources of the uncertainty about P({outcome})",
        f"Share of the variance of P({outcome}) over the ranges: {words}.",
        lambda width: _draw(largest, outcome, width),
    )


def _draw(largest: list[dict[str, Any]], outcome: str, width: int) -> Any:
    import altair as alt

    letters = 18 if width <= NARROW else 48
    rows = [{**r, "parameter": wrap(str(r["parameter"]), letters)} for r in largest]
    names = [row["parameter"] for row in rows]
    top = top_of([row["high"] for row in rows])
    what = f"share of the variance of P({outcome})"
    x = alt.X("share:Q", title=what, scale=alt.Scale(domain=[0, top]),
              axis=percent_axis(width, top))
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("parameter:N", title=None, sort=names, axis=label_axis()))
    bars = base.mark_bar(height=14, color=BLUE).encode(x=x)
    whiskers = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=what), x2=alt.X2("high:Q"))
    deepest = max((name.count("\n") for name in names), default=0)
    step = max(24, 14 * (deepest + 1) + 12)
    return alt.layer(bars, whiskers).properties(width=width, height=step * max(len(names), 1))
