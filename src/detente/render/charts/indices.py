"""Global drivers: Sobol' indices of an outcome, with their confidence intervals."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import NARROW, Records, both, data, label_axis, records, wrap
from detente.render.palette import BLUE, INK, ORANGE
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["indices"]

ORDERS = ("total", "first order")


def indices(
    rows: Records, *, outcome: str = "war", most: int = 10, title: str | None = None
) -> Chart:
    """Draw each input's share of the variance of an outcome, alone and with interactions.

    Parameters
    ----------
    rows
        One per input: ``parameter``; ``first`` and ``total`` (its indices); ``first_low``,
        ``first_high``, ``total_low``, ``total_high`` (ends of their intervals, may be missing).
    outcome
        The outcome whose probability is meant.
    most
        Largest number of inputs drawn; the largest total index is first.

    Examples
    --------
    >>> indices([{"parameter": "war.first_strike", "first": 0.3, "total": 0.42}]).alt
    'Share of the variance of P(war): war.first_strike first order 0.30, total 0.42.'
    """
    largest = sorted(records(rows), key=lambda r: -(r.get("total") or 0.0))[:most]
    words = "; ".join(
        f"{r['parameter']} first order {cell(r.get('first'), '.2f')}, "
        f"total {cell(r.get('total'), '.2f')}"
        for r in largest
    )
    return both(
        title or f"Sources of uncertainty about P({outcome})",
        f"Share of the variance of P({outcome}): {words}.",
        lambda width: _draw(largest, outcome, width),
    )


def _draw(largest: list[dict[str, Any]], outcome: str, width: int) -> Any:
    import altair as alt

    letters = 18 if width <= NARROW else 34
    names = [wrap(str(row["parameter"]), letters) for row in largest]
    rows = [
        {
            "parameter": name, "order": order, "index": row[key],
            "low": row.get(f"{key}_low"), "high": row.get(f"{key}_high"),
        }
        for name, row in zip(names, largest, strict=True)
        for order, key in (("total", "total"), ("first order", "first"))
        if row.get(key) is not None
    ]
    shift = alt.YOffset("order:N", sort=list(ORDERS))
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("parameter:N", title=None, sort=names, axis=label_axis()), yOffset=shift
    )
    title = f"share of the variance of P({outcome})"
    bars = base.mark_bar().encode(
        x=alt.X("index:Q", title=title, axis=alt.Axis(tickCount=5 if width > NARROW else 3)),
        color=alt.Color(
            "order:N", legend=alt.Legend(title=None, symbolType="square"),
            scale=alt.Scale(domain=list(ORDERS), range=[BLUE, ORANGE]),
        ),
    )
    whiskers = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(color=INK, strokeWidth=1.5)
        .encode(x=alt.X("low:Q", title=title), x2=alt.X2("high:Q"))
    )
    deepest = max((name.count("\n") for name in names), default=0)
    step = max(34, 14 * (deepest + 1) + 12)
    return alt.layer(bars, whiskers).properties(width=width, height=step * max(len(names), 1))
