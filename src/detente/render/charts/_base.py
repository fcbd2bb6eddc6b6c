"""Shared parts of the Vega-Lite charts: data, style and the two widths."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from detente.render.palette import INK
from detente.render.plain import plain
from detente.render.section import Chart

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NARROW", "WIDE", "Records", "both", "data", "fixed", "label_axis", "percent_axis", "records",
    "top_of", "wrap",
]

WIDE, NARROW = 760, 320
"""Widths in pixels of a chart with its margins, on a page and on a telephone."""

Records: TypeAlias = "Iterable[Mapping[str, Any]] | pd.DataFrame"

LINE = 14
"""Height in pixels of a line of an axis' labels."""

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def records(rows: Records) -> list[dict[str, Any]]:
    """Return rows of any input type as plain dictionaries.

    Examples
    --------
    >>> records([{"name": "war", "low": float("nan")}])
    [{'name': 'war', 'low': None}]
    """
    listed: Any = rows.to_dict("records") if hasattr(rows, "to_dict") else rows
    return [plain(row) for row in listed]


def data(rows: list[dict[str, Any]]) -> Any:
    """Return rows as Altair's inline data."""
    import altair as alt

    return alt.InlineData(values=rows)


def fixed(channel: str, value: float | str) -> Any:
    """Return a channel of that class with one value, such as a height in pixels.

    Altair's ``value`` does the same; a chart then builds a table of all classes, 10 ms a channel.
    """
    import altair as alt

    made: Any = getattr(alt, f"{channel}Value")
    return made(value)


def label_axis() -> Any:
    """Return an axis of names that may have several lines, each centred on its row."""
    import altair as alt

    lines = "split(datum.label, '\\n')"
    lift = {
        "condition": [
            {"test": f"length({lines}) == {n}", "value": -LINE / 2 * (n - 1)} for n in range(2, 7)
        ],
        "value": 0,
    }
    return alt.Axis(labelExpr=lines, labelOffset=lift, labelPadding=9, ticks=False, domain=False)


def percent_axis(width: int = WIDE, top: float | None = None, **settings: Any) -> Any:
    """Return an axis for probabilities, written as everywhere in the report: ``20 %``.

    If ``top``, the end of the axis, is given, the last label is there.
    """
    import altair as alt

    if top is None:
        settings["tickCount"] = 5 if width > NARROW else 3
    else:  # Vega drops every other value if there are more of them than tickCount
        count = 5 if width > NARROW else 2
        settings["values"] = [round(top * k / count, 6) for k in range(count + 1)]
    return alt.Axis(labelExpr="format(100 * datum.value, '~g') + ' %'", **settings)


def top_of(values: Iterable[float]) -> float:
    """Return the end of an axis of probabilities: less than 1 if all are small.

    Examples
    --------
    >>> top_of([0.01, 0.013]), top_of([0.3]), top_of([])
    (0.02, 0.5, 1.0)
    """
    largest = max(values, default=1.0)
    return next((t for t in (0.02, 0.05, 0.1, 0.2, 0.5) if largest <= t), 1.0)


def wrap(text: str, letters: int) -> str:
    """Break a label into lines of at most so many letters; dotted names break after a dot.

    Examples
    --------
    >>> wrap("aland: escalate to mobilisation", 20).split(chr(10))
    ['aland: escalate to', 'mobilisation']
    >>> wrap("ladder.mobilisation.audience_cost", 22).split(chr(10))
    ['ladder.mobilisation.', 'audience_cost']
    """
    lines = [""]
    for word in text.split():
        pieces = [word] if len(word) <= letters else re.split(r"(?<=[A-Za-z][._])", word)
        pieces = [part for piece in pieces for part in textwrap.wrap(piece, letters)]
        for k, piece in enumerate(pieces):
            joined = f"{lines[-1]} {piece}" if k == 0 and lines[-1] else lines[-1] + piece
            if len(joined) <= letters:
                lines[-1] = joined
            else:
                lines.append(piece)
    return "\n".join(line for line in lines if line) or text


def both(title: str, alt: str, draw: Callable[[int], Any]) -> Chart:
    """Draw an Altair chart for a page and for a telephone.

    Parameters
    ----------
    title, alt
        As in :class:`~detente.render.Chart`.
    draw
        Returns the chart for a whole width in pixels.
    """
    from altair.utils.schemapi import debug_mode

    # Every part of a chart would be validated as it is made, which takes longer than all the rest.
    # The tests validate the charts.
    with debug_mode(False):
        wide, narrow = _dress(draw(WIDE), WIDE), _dress(draw(NARROW), NARROW)
    return Chart(title, wide, alt, narrow=narrow)


def _dress(chart: Any, width: int) -> dict[str, Any]:
    """Give a chart detente's look: quiet axes, the page's ink, one type size.

    The look is written into the specification. Each of Altair's methods for it would copy the
    chart with all its data.
    """
    import altair as alt

    spec: dict[str, Any] = chart.to_dict(validate=False)
    look = _look(width)
    if not isinstance(chart, alt.VConcatChart):
        look["autosize"] = {"type": "fit-x", "contains": "padding"}
    config = spec.setdefault("config", {})
    for key, value in look.items():
        config[key] = {**config.get(key, {}), **value} if isinstance(value, dict) else value
    return spec


def _look(width: int) -> dict[str, Any]:
    """Return the configuration of a chart of this width."""
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": FONT, "background": "transparent", "padding": 4, "view": {"stroke": None},
        "axis": {
            **text, "domainColor": INK, "tickColor": INK, "gridColor": "#888888",
            "gridOpacity": 0.3, "domainOpacity": 0.5, "tickOpacity": 0.5,
            "titleFontWeight": "normal", "labelLimit": width // 2, "titlePadding": 8,
        },
        "legend": {
            **text, "titleFontWeight": "normal", "labelLimit": 0, "orient": "top",
            "direction": "horizontal", "columns": 2 if width < WIDE else 4, "symbolStrokeWidth": 2,
        },
        "header": text, "text": {"color": INK, "fontSize": 12},
    }
