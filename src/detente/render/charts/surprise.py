"""Surprise of each event, beside the surprise that was to be expected."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, label_axis, records, wrap
from detente.render.palette import BLUE, INK
from detente.render.section import Chart

__all__ = ["surprise"]


def surprise(rows: Records, *, title: str = "Surprise of each move") -> Chart:
    """Draw the surprise of moves in bits, with the expected surprise as a mark.

    Parameters
    ----------
    rows
        One per move: ``label``, ``bits`` and ``expected`` (bits).

    Examples
    --------
    >>> surprise([{"label": "24 Oct: alert", "bits": 1.9, "expected": 2.4}]).alt
    'Surprise of each move, in bits (1 bit: a toss of a coin): 24 Oct: alert 1.9, ...'
    """
    given = records(rows)
    words = "; ".join(f"{r['label']} {r['bits']:.1f}, expected {r['expected']:.1f}" for r in given)
    return both(title, f"{title}, in bits (1 bit: a toss of a coin): {words}.",
                lambda width: _draw(given, width))


def _draw(given: list[dict[str, Any]], width: int) -> Any:
    import altair as alt

    letters = 20 if width <= NARROW else 40
    rows = [{**r, "label": wrap(str(r["label"]), letters)} for r in given]
    names = [r["label"] for r in rows]
    top = max([r["bits"] for r in rows] + [r["expected"] for r in rows] + [1.0])
    scale = alt.Scale(domain=[0, top], nice=True)
    what = "bits (1 bit: a toss of a coin); line: expected"
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=names, axis=label_axis()))
    bars = base.mark_bar(height=14, color=BLUE).encode(x=alt.X("bits:Q", title=what, scale=scale))
    ticks = base.mark_tick(color=INK, thickness=3, height=24).encode(
        x=alt.X("expected:Q", title=what, scale=scale))
    deepest = max((name.count("\n") for name in names), default=0)
    step = max(28, 14 * (deepest + 1) + 12)
    return alt.layer(bars, ticks).properties(width=width, height=step * max(len(names), 1))
