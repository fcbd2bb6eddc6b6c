"""Outcomes over the analyst's ranges: a histogram, and one input against the outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from detente.render.charts._base import Records, both, data, percent_axis, records, top_of
from detente.render.palette import BLUE, GREY, ORANGE, VERMILLION
from detente.render.plain import cell, plain
from detente.render.section import Chart

__all__ = ["histogram", "scatter"]

LINES = (VERMILLION, ORANGE, GREY)
DASHES: tuple[list[int], ...] = ([], [6, 3], [2, 3], [8, 3, 2, 3])


def histogram(
    values: Sequence[float],
    *,
    outcome: str = "war",
    marks: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Chart:
    """Draw the distribution of an outcome's probability over samples of the inputs.

    Parameters
    ----------
    values : (S,)
        Its probability in each certified sample.
    outcome
        The ending's name.
    marks
        Probabilities to mark by name, such as the deliberate and the fallible one at the centre.

    Examples
    --------
    >>> histogram([0.1, 0.2, 0.3], marks={"deliberate": 0.18}).alt
    'P(war) in 3 samples: median 20 %, from 10 % to 30 %; marked: deliberate 18 %.'
    """
    shares = sorted(v for v in plain(list(values)) if v is not None)
    marked = {name: p for name, p in plain(dict(marks or {})).items() if p is not None}
    words = f"P({outcome}) in {len(shares)} samples"
    if shares:
        middle = (shares[(len(shares) - 1) // 2] + shares[len(shares) // 2]) / 2
        words += f": median {cell(middle, 'percent')}, from {cell(shares[0], 'percent')}"
        words += f" to {cell(shares[-1], 'percent')}"
    if marked:
        words += "; marked: " + ", ".join(f"{k} {cell(p, 'percent')}" for k, p in marked.items())
    return both(
        title or f"P({outcome}) over the stated ranges", words + ".",
        lambda width: _bars(shares, marked, outcome, width),
    )


def _bars(shares: list[float], marked: Mapping[str, float], outcome: str, width: int) -> Any:
    import altair as alt

    top = top_of([*shares, *marked.values()])
    bins = 40 if len(shares) >= 400 else 20
    counts = [0] * bins
    for share in shares:
        counts[min(int(share / top * bins), bins - 1)] += 1
    rows = [
        {
            "low": top * k / bins, "high": top * (k + 1) / bins, "none": 0,
            "share": n / max(len(shares), 1),
        }
        for k, n in enumerate(counts)
    ]
    x = alt.X(
        "low:Q", title=f"P({outcome})", scale=alt.Scale(domain=[0, top]),
        axis=percent_axis(width, top),
    )
    bars = (
        alt.Chart(data(rows)).mark_bar(color=BLUE, opacity=0.5, binSpacing=1)
        .encode(x=x, x2=alt.X2("high:Q"), y=alt.Y(
            "share:Q", title="share of the samples", axis=percent_axis()), y2=alt.Y2("none:Q"))
    )
    if not marked:
        return bars.properties(width=width, height=180)
    names = list(marked)
    key = alt.Legend(title=None, symbolType="stroke", symbolSize=300)
    lines = (
        alt.Chart(data([{"low": p, "mark": name} for name, p in marked.items()]))
        .mark_rule(strokeWidth=2)
        .encode(
            x=alt.X("low:Q"),
            color=alt.Color("mark:N", legend=key, scale=alt.Scale(
                domain=names, range=[LINES[k % len(LINES)] for k in range(len(names))])),
            strokeDash=alt.StrokeDash("mark:N", legend=key, scale=alt.Scale(
                domain=names, range=[DASHES[k % len(DASHES)] for k in range(len(names))])),
        )
    )
    return alt.layer(bars, lines).properties(width=width, height=180)


def scatter(
    rows: Records,
    *,
    parameter: str,
    unit: str | None = None,
    outcome: str = "war",
    most: int = 500,
    title: str | None = None,
) -> Chart:
    """Draw an outcome against one input, one point per sample.

    Parameters
    ----------
    rows
        One per sample: ``x`` (the input's value), ``p`` (the outcome's probability) and,
        optionally, ``certified``.
    parameter, unit
        The input's name and unit.
    outcome
        The ending's name.
    most
        Largest number of certified points drawn, evenly selected, so that pages stay small. The
        same limit holds for the samples that failed their certificate.

    Examples
    --------
    >>> scatter([{"x": 0.1, "p": 0.3}, {"x": 0.2, "p": 0.4}], parameter="war cost").alt
    'P(war) against war cost in 2 samples; correlation +1.00.'
    """
    given = [r for r in records(rows) if r.get("x") is not None and r.get("p") is not None]
    words = f"P({outcome}) against {parameter} in {len(given)} samples"
    together = _correlation([r["x"] for r in given], [r["p"] for r in given])
    if together is not None:
        words += f"; correlation {cell(together, '+.2f')}"
    good = [r for r in given if r.get("certified") is not False]
    failed = [r for r in given if r.get("certified") is False]
    stride = max(1, math.ceil(len(good) / most))
    shown = [
        {"x": r["x"], "p": r["p"], "kind": kind}
        for kind, part in (("certified", good[::stride]), ("not certified", failed[:most]))
        for r in part
    ]
    label = f"{parameter} ({unit})" if unit else parameter
    return both(
        title or f"P({outcome}) against {parameter}", words + ".",
        lambda width: _points(shown, label, outcome, width),
    )


def _points(shown: list[dict[str, Any]], label: str, outcome: str, width: int) -> Any:
    import altair as alt

    kinds = list(dict.fromkeys(r["kind"] for r in shown))
    marked = "not certified" in kinds
    legend = alt.Legend(title=None) if marked else None
    domain = ["certified", "not certified"]
    return (
        alt.Chart(data(shown)).mark_point(filled=True)
        .encode(
            x=alt.X("x:Q", title=label, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)),
            y=alt.Y("p:Q", title=f"P({outcome})", axis=percent_axis(),
                    scale=alt.Scale(domain=[0, top_of([r["p"] for r in shown])])),
            color=alt.Color("kind:N", legend=legend,
                            scale=alt.Scale(domain=domain, range=[BLUE, VERMILLION])),
            shape=alt.Shape("kind:N", legend=legend,
                            scale=alt.Scale(domain=domain, range=["circle", "cross"])),
            size=alt.condition("datum.kind == 'certified'", alt.value(20), alt.value(70)),
            opacity=alt.condition("datum.kind == 'certified'", alt.value(0.75), alt.value(1)),
        )
        .properties(width=width, height=170)
    )


def _correlation(x: list[float], y: list[float]) -> float | None:
    """Return Pearson's correlation, None if one of the two does not vary."""
    n = len(x)
    if n < 2:
        return None
    mx, my = math.fsum(x) / n, math.fsum(y) / n
    sx = math.fsum((a - mx) ** 2 for a in x)
    sy = math.fsum((b - my) ** 2 for b in y)
    if sx <= 0 or sy <= 0:
        return None
    return math.fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / math.sqrt(sx * sy)
