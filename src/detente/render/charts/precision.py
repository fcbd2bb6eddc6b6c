"""Outcomes as a function of the precision of choice, lambda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.render.charts._base import NARROW, both, data, fixed, percent_axis
from detente.render.palette import GREY, colours
from detente.render.plain import cell, plain
from detente.render.section import Chart

__all__ = ["precision"]

TITLE = "precision lambda per unit of the stake, root scale"
DASHES: tuple[list[int], ...] = ([], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [1, 2], [12, 4])


def precision(
    lambdas: Sequence[float],
    outcomes: Mapping[str, Sequence[float]],
    *,
    deliberate: Mapping[str, float] | None = None,
    at: float | None = None,
    supported: tuple[float, float] | None = None,
    title: str = "Outcomes by precision of choice",
) -> Chart:
    """Draw outcomes along lambda, with the deliberate end at the right edge.

    Parameters
    ----------
    lambdas : (k,)
        Precisions, per unit of the stake; they need not be sorted (a trace may fold back) and the
        lines follow their order.
    outcomes
        Probability of each outcome at each of them, ``(k,)`` by name.
    deliberate
        Probability of each outcome in the deliberate model.
    at
        The lambda the report uses, marked by a line.
    supported
        The range of lambda that history supports, shaded.

    Raises
    ------
    ValueError
        A series is not as long as ``lambdas``.

    Examples
    --------
    >>> chart = precision([0, 10, 40], {"war": [0.4, 0.25, 0.19]}, deliberate={"war": 0.18}, at=40)
    >>> chart.alt
    'war: 40 % at lambda 0, 19 % at lambda 40, 18 % deliberate.'
    """
    for name, series in outcomes.items():
        if len(series) != len(lambdas):
            raise ValueError(
                f"{name!r} has {len(series)} values; give one for each of {len(lambdas)} lambdas"
            )
    ends = dict(deliberate or {})
    points = [
        {"lambda": lam, "p": p, "ending": name, "step": k}
        for name, series in plain(outcomes).items()
        for k, (lam, p) in enumerate(zip(plain(list(lambdas)), series, strict=True))
    ]
    said = []
    for name, series in outcomes.items():
        text = f"{name}: {cell(series[0], 'percent')} at lambda {lambdas[0]:g}, " if series else ""
        text += f"{cell(series[-1], 'percent')} at lambda {lambdas[-1]:g}" if series else name
        said.append(
            text + (f", {cell(ends[name], 'percent')} deliberate" if name in ends else "")
        )
    return both(
        title,
        "; ".join(said) + "." + (
            f" Shaded: lambda {supported[0]:g} to {supported[1]:g}." if supported else ""),
        lambda width: _draw(points, list(outcomes), ends, at, supported, width),
    )


def _draw(
    points: list[dict[str, Any]],
    names: list[str],
    ends: Mapping[str, float],
    at: float | None,
    supported: tuple[float, float] | None,
    width: int,
) -> Any:
    import altair as alt

    colour = colours(names)
    legend = alt.Legend(
        title=None, symbolType="stroke", symbolSize=400, columns=1 if width <= NARROW else 3
    )
    hue = alt.Color(
        "ending:N", legend=legend,
        scale=alt.Scale(domain=names, range=[colour[n] for n in names]),
    )
    dash = alt.StrokeDash(
        "ending:N", legend=legend,
        scale=alt.Scale(domain=names, range=[DASHES[k % len(DASHES)] for k in range(len(names))]),
    )
    most = max((p["lambda"] for p in points), default=1.0) or 1.0
    room = most * (1.12 if width > NARROW else 1.25)
    x = alt.X(
        "lambda:Q", title=TITLE if width > NARROW else TITLE.split(", "),
        scale=alt.Scale(type="sqrt", domain=[0, room], nice=False),
        axis=alt.Axis(values=[v for v in (0, 1, 5, 10, 20, 40, 100, 200, 400) if v <= most]),
    )
    y = alt.Y(
        "p:Q", title="probability", scale=alt.Scale(domain=[0, 1]), axis=percent_axis()
    )
    layers = [
        alt.Chart(data(points)).mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=hue, strokeDash=dash, order=alt.Order("step:Q"))
    ]
    if supported is not None:
        layers.insert(0, alt.Chart(data([{"lambda": supported[0], "end": supported[1]}]))
                      .mark_rect(color=GREY, opacity=0.18).encode(x=x, x2=alt.X2("end:Q")))
    if at is not None:
        layers.append(
            alt.Chart(data([{"lambda": at}])).mark_rule(color=GREY, strokeDash=[2, 2])
            .encode(x=alt.X("lambda:Q"))
        )
    shown = [{"ending": n, "p": ends[n]} for n in names if ends.get(n) is not None]
    if shown:
        edge = alt.value("width")
        layers += [  # one layer each, because a colour encoding would add dots to the lines' legend
            alt.Chart(data([end])).mark_point(
                size=90, filled=True, opacity=1, color=colour[end["ending"]]
            ).encode(x=edge, y=y)
            for end in plain(shown)
        ]
        layers.append(
            alt.Chart(data([{"note": "deliberate"}])).mark_text(align="right", dy=-8)
            .encode(x=edge, y=fixed("Y", 0), text=alt.Text("note:N"))
        )
    return alt.layer(*layers).properties(width=width, height=190)
