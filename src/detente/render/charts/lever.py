"""An off-ramp: an outcome along the whole range of one lever."""

from __future__ import annotations

from typing import Any

from detente.render.charts._base import (
    NARROW,
    Records,
    both,
    data,
    fixed,
    percent_axis,
    records,
    top_of,
)
from detente.render.palette import BLUE, GREY, INK, ORANGE, SKY
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["lever"]

READINGS = ("deliberate", "fallible")


def lever(
    rows: Records,
    *,
    name: str,
    unit: str | None = None,
    outcome: str = "war",
    target: float | None = None,
    now: float | None = None,
    found: float | None = None,
    title: str | None = None,
) -> Chart:
    """Draw an outcome along a lever, with the target, the present value and the proposed value.

    The curve also shows if the effect of the lever changes its sign.

    Parameters
    ----------
    rows
        One per value of the lever: ``x``; ``deliberate`` and ``fallible`` (probabilities, either
        may be missing); ``low``, ``high`` (the band over the analyst's ranges, may be missing).
    name, unit
        The lever.
    outcome
        The ending's name.
    target
        The target probability.
    now, found
        The lever's present value, and the one proposed.

    Examples
    --------
    >>> lever([{"x": 0.0, "fallible": 0.2}, {"x": 0.3, "fallible": 0.09}],
    ...       name="mediator.face_saving", target=0.1, now=0.0, found=0.27).alt
    'P(war) along mediator.face_saving: fallible 20 % at 0, 9 % at 0.3; target 10 %; now 0; ...'
    """
    given = sorted(records(rows), key=lambda row: float(row["x"]))
    words = []
    for reading in READINGS:
        known = [row for row in given if row.get(reading) is not None]
        if known:
            first, last = known[0], known[-1]
            words.append(
                f"{reading} {cell(first[reading], 'percent')} at {first['x']:.3g}, "
                f"{cell(last[reading], 'percent')} at {last['x']:.3g}"
            )
    words += [f"target {cell(target, 'percent')}"] if target is not None else []
    words += [f"{w} {v:.3g}" for w, v in (("now", now), ("proposed", found)) if v is not None]
    return both(
        title or f"Effect of {name}",
        f"P({outcome}) along {name}: {'; '.join(words)}.",
        lambda width: _draw(
            given, f"{name} ({unit})" if unit else name, outcome, target,
            [(w, v) for w, v in (("now", now), ("proposed", found)) if v is not None], width,
        ),
    )


def _draw(
    given: list[dict[str, Any]],
    label: str,
    outcome: str,
    target: float | None,
    marks: list[tuple[str, float]],
    width: int,
) -> Any:
    import altair as alt

    points = [
        {"x": row["x"], "p": row[reading], "reading": reading}
        for reading in READINGS for row in given if row.get(reading) is not None
    ]
    band = [row for row in given if row.get("low") is not None and row.get("high") is not None]
    used = [r for r in READINGS if any(p["reading"] == r for p in points)]
    x = alt.X(
        "x:Q", title=label, scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(tickCount=6 if width > NARROW else 3),
    )
    top = top_of([p["p"] for p in points] + [r["high"] for r in band]
                 + ([] if target is None else [target]))
    what = [f"P({outcome})"] + (["band: 5–95 % of the samples"] if band else [])
    y = alt.Y(
        "p:Q", title=what, scale=alt.Scale(domain=[0, top]), axis=percent_axis()
    )
    key = alt.Legend(title=None, symbolType="stroke", symbolSize=400)
    layers = []
    if band:
        layers.append(
            alt.Chart(data([{"x": r["x"], "p": r["low"], "high": r["high"]} for r in band]))
            .mark_area(color=SKY, opacity=0.35).encode(x=x, y=y, y2=alt.Y2("high:Q"))
        )
    layers.append(
        alt.Chart(data(points)).mark_line(strokeWidth=2).encode(
            x=x, y=y,
            color=alt.Color("reading:N", legend=key, scale=alt.Scale(
                domain=used, range=[{"deliberate": BLUE, "fallible": ORANGE}[r] for r in used])),
            strokeDash=alt.StrokeDash("reading:N", legend=key, scale=alt.Scale(
                domain=used, range=[{"deliberate": [1, 0], "fallible": [6, 3]}[r] for r in used])),
        )
    )
    if target is not None:
        rule = alt.Chart(data([{"p": target, "text": "target"}]))
        layers.append(rule.mark_rule(color=INK, strokeDash=[2, 2]).encode(y=alt.Y("p:Q")))
        layers.append(
            rule.mark_text(align="right", dy=-7)
            .encode(x=fixed("X", "width"), y=alt.Y("p:Q"), text=alt.Text("text:N"))
        )
    for k, (word, value) in enumerate(marks):
        mark = alt.Chart(data([{"x": value, "text": word}]))
        layers.append(mark.mark_rule(color=GREY, strokeWidth=1.5).encode(x=alt.X("x:Q")))
        layers.append(  # one below the other, because the two may be close together
            mark.mark_text(align="left", dx=4, baseline="top")
            .encode(x=alt.X("x:Q"), y=fixed("Y", 2 + 15 * k), text=alt.Text("text:N"))
        )
    return alt.layer(*layers).properties(width=width, height=240)
