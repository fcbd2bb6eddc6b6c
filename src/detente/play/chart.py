"""The chart of a tournament: the mean payoff of one seat for every pair of strategies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.render.charts._base import NARROW, both, data, label_axis, wrap
from detente.render.palette import BLUE
from detente.render.section import Chart

__all__ = ["pairs_chart"]

LIGHT = "#ffffff"
LETTERS = 14
"""Letters of a line of a strategy's name."""
DARK_FROM = 0.55
"""Above this part of the scale the numbers are written in white."""


def pairs_chart(
    rows: Sequence[dict[str, Any]], *, title: str, first: str, second: str, key: str = "payoff"
) -> Chart:
    """Draw a number for every pair, as text on a square whose shade grows with it.

    Parameters
    ----------
    rows
        One per pair: ``first``, ``second`` (the strategies) and the number under ``key``.
    title
        Of the chart.
    first, second
        The seats, for the axes.
    key
        The column of the number.

    Examples
    --------
    >>> pairs_chart([{"first": "hawk", "second": "dove", "payoff": 0.9},
    ...              {"first": "hawk", "second": "hawk", "payoff": -0.2}],
    ...             title="Mean payoff", first="Aland", second="Bland").alt
    'Mean payoff: highest 0.90 (hawk against dove), lowest −0.20 (hawk against hawk).'
    """
    best, worst = max(rows, key=lambda r: r[key]), min(rows, key=lambda r: r[key])

    def said(row: dict[str, Any]) -> str:
        return f"{_text(row[key])} ({row['first']} against {row['second']})"

    alt = f"{title}: highest {said(best)}, lowest {said(worst)}."
    return both(title, alt, lambda width: _draw(rows, first, second, key, width))


def _text(value: float, places: int = 2) -> str:
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "\N{MINUS SIGN}")


def _draw(
    rows: Sequence[dict[str, Any]], first: str, second: str, key: str, width: int
) -> Any:
    import altair as alt

    names = list(dict.fromkeys(r["first"] for r in rows))
    low, high = min(r[key] for r in rows), max(r[key] for r in rows)
    span = high - low or 1.0
    narrow = width <= NARROW
    shown = [{"row": wrap(r["first"], LETTERS), "column": r["second"], "value": r[key],
              "text": _text(r[key], 1 if narrow else 2),
              "white": (r[key] - low) / span > DARK_FROM} for r in rows]
    base = alt.Chart(data(shown)).encode(
        x=alt.X("column:N", sort=names, title=f"strategy of {second}", axis=alt.Axis(
            orient="top", labelAngle=-90 if narrow else -60, ticks=False, domain=False)),
        y=alt.Y("row:N", sort=[wrap(n, LETTERS) for n in names], title=f"strategy of {first}",
                axis=label_axis()),
    )
    squares = base.mark_rect(stroke=LIGHT).encode(color=alt.Color(
        "value:Q", scale=alt.Scale(domain=[low, high], range=["#eef4fa", BLUE]),
        legend=alt.Legend(title="mean payoff", gradientLength=150, values=[low, high],
                          format=".2f")))
    numbers = base.mark_text(fontSize=8 if narrow else 12).encode(
        text=alt.Text("text:N"),
        color=alt.condition("datum.white", alt.value("white"), alt.value("#111111")))
    return alt.layer(squares, numbers).properties(
        width=width, height=max(26 * len(names), 60))
