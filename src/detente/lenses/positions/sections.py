"""Positional bargaining as sections of a report. Every table names its model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.lenses.positions.findings import Findings, answer, show
from detente.lenses.positions.influence import effects
from detente.render.palette import BLUE, INK, SKY
from detente.render.section import Chart, Column, Report, Section, Table
from detente.version import __version__

__all__ = ["report", "sections"]

SHOWN = 40
PRINTED = 3
"""Most rows of a table on paper, so that a report has at most 14 pages."""
RECORD = (
    "On 353 decided issues of the European Union the mean absolute error, on a scale of 100, was"
    " 23.7 for the weighted mean, 23.9 for the plain mean, 28.7 for the median, and 27.9 and 33.5"
    " for two forms of the expected utility model. The bands show the uncertainty of the inputs and"
    " do not include this error."
)


def sections(found: Findings) -> list[Section]:
    """Return the results as sections, in order of importance."""
    out = [_forecasts(found)]
    if len(found.table.issues) <= 20:
        out.append(_influence(found))
    if found.coalitions:
        out.append(_coalitions(found))
    if found.trades:
        out.append(_trades(found))
    if found.rounds:
        out.append(_rounds(found))
    out.append(_inputs(found))
    return out


def report(found: Findings, title: str) -> Report:
    """Return the whole report on one table of positions."""
    return Report(
        title=title,
        subtitle="Positional bargaining: forecasts from the parties' positions",
        answer=answer(found),
        sections=sections(found),
        meta={
            "table": found.name,
            "file_sha256": found.sha256,
            "version": __version__,
            "seed": found.seed,
            "samples": found.samples,
        },
        data=found.as_dict(),
    )


def _forecasts(found: Findings) -> Section:
    table = found.table
    rows = [
        [table.title(b.issue), b.model, show(b.centre), show(b.low), show(b.high)]
        for b in found.bands[: SHOWN * len(found.models)]
    ]
    notes = [
        f"Band: 5 % to 95 % of {found.samples} resampled tables (noise: {found.noise.position:g} "
        f"of the scale in positions, {found.noise.salience:g} in saliences, "
        f"{found.noise.capability:g} in the logarithm of capabilities; uniform over a range if "
        f"the file gives one); seed {found.seed}.",
        RECORD,
    ]
    charts = [_chart(found)] if len(table.issues) <= 12 else []
    return Section(
        id="positions-forecasts",
        title="Forecasts from positions (positional bargaining)",
        lead=answer(found),
        tables=[Table("Forecasts by model", ["issue", "model", "forecast", "5 %", "95 %"], rows,
                      printed=0 if len(table.issues) <= 12 else PRINTED)],
        charts=charts,
        notes=notes,
        certificate=f"closed forms and exact iteration; band of {found.samples} resampled tables",
        certified=True,
    )


def _influence(found: Findings) -> Section:
    table, moved = found.table, effects(found.table)
    rows: list[tuple[float, list[Any]]] = []
    for k, issue in enumerate(table.issues):
        for j, actor in enumerate(table.actors):
            if table.here[j, k]:
                rows.append(
                    (
                        -moved.position[j, k],
                        [
                            table.title(issue),
                            table.title(actor),
                            moved.position[j, k],
                            show(moved.salience[j, k] / 10),
                            show(moved.absent[j, k]),
                        ],
                    )
                )
    rows.sort(key=lambda r: r[0])
    return Section(
        id="positions-influence",
        title="Influence of each actor (compromise model)",
        lead="Effect of each actor's position and salience on the forecast, and the change of the "
        "forecast without the actor.",
        tables=[
            Table(
                "Marginal effects, compromise model",
                [
                    "issue",
                    "actor",
                    Column("per unit of position", format=".3f"),
                    Column("per .1 of salience", unit="of the scale's units"),
                    Column("without the actor", unit="change"),
                ],
                [r for _, r in rows[:SHOWN]],
                printed=PRINTED,
            )
        ],
        certificate="exact derivatives at the given numbers; not resampled",
        certified=True,
    )


def _coalitions(found: Findings) -> Section:
    table = found.table
    (issue, listed), *_ = found.coalitions.items()
    lead = (
        f"Coalitions that can, by taking one common position, move {table.title(issue)} to "
        f"{show(found.target)}."
        if listed
        else f"No coalition of up to three actors can move {table.title(issue)} to "
        f"{show(found.target)}."
    )
    return Section(
        id="positions-coalitions",
        title="Coalitions for a target (compromise model)",
        lead=lead,
        tables=[
            Table(
                f"Coalitions for a forecast of {show(found.target)}, compromise model",
                [
                    "members",
                    "common position",
                    Column("cost", unit="share of the scale, by salience", format=".2f"),
                ],
                [
                    [", ".join(table.title(m) for m in c.members), show(c.position), c.cost]
                    for c in listed
                ],
            )
        ]
        if listed
        else [],
        certificate="exact, at the given numbers",
        certified=True,
    )


def _trades(found: Findings) -> Section:
    name = found.table.title
    return Section(
        id="positions-trades",
        title="Exchanges of support (compromise model)",
        lead="Two actors support each other, each on the issue that matters more to the other, and "
        "both gain. The last column is the sum of the changes for all other actors.",
        tables=[
            Table(
                "Exchanges, compromise model",
                [
                    "gives",
                    "on",
                    "to",
                    "in return for",
                    Column("gain of the first", format=".4f"),
                    Column("gain of the second", format=".4f"),
                    Column("others", format="+.4f"),
                ],
                [
                    [
                        name(t.giver),
                        name(t.issue_given),
                        name(t.taker),
                        name(t.issue_got),
                        t.gain_giver,
                        t.gain_taker,
                        t.others,
                    ]
                    for t in found.trades or ()
                ],
                printed=PRINTED,
            )
        ],
        notes=[
            "Gains are changes of salience-weighted distance to the forecast, in shares of the "
            "scale."
        ],
        certificate="exact, at the given numbers",
        certified=True,
    )


def _rounds(found: Findings) -> Section:
    tables = []
    for (issue, variant), played in list(found.rounds.items())[:8]:
        actors = found.table.issue(issue).actors
        rows: list[Sequence[Any]] = [
            [k, show(r.median), show(r.mean), *(show(x) for x in r.position)]
            for k, r in enumerate(played)
        ]
        tables.append(
            Table(
                f"Expected utility model ({variant}), {found.table.title(issue)}, by round",
                [
                    Column("round", format="d"),
                    "median",
                    "mean",
                    *(found.table.title(a) for a in actors),
                ],
                rows,
            )
        )
    return Section(
        id="positions-rounds",
        title="Rounds of offers (expected utility model)",
        lead="Positions after each round of offers. The JSON has every offer, danger, risk "
        "exponent, probability and utility.",
        tables=tables,
        notes=["Small differences in the inputs can change the course of this model. Compare its "
               "bands."],
        certificate="deterministic, at the given numbers",
        certified=True,
    )


def _inputs(found: Findings) -> Section:
    table = found.table
    rows = [
        [
            table.title(i),
            table.title(a),
            show(table.position[j, k]),
            show(table.salience[j, k]),
            show(table.capability[j, k]),
        ]
        for k, i in enumerate(table.issues[:20])
        for j, a in enumerate(table.actors)
        if table.here[j, k]
    ]
    return Section(
        id="positions-inputs",
        title="Input data (positions)",
        lead=f"{len(table.actors)} actors, {len(table.issues)} issues.",
        tables=[
            Table(
                "Positions, saliences and capabilities as read",
                ["issue", "actor", "position", "salience", "capability"],
                rows[:200],
                printed=0,
            )
        ],
        notes=[
            *[table.read_as] * bool(table.read_as),
            *(table.notes or ["No value in the file was filled in or changed."]),
        ],
    )


def _chart(found: Findings) -> Chart:
    """Draw every model's forecast and band, with each issue's scale from 0 to 100."""
    table = found.table
    values = []
    for b in found.bands:
        k = table.issues.index(b.issue)
        low, span = float(table.low[k]), float(table.range[k])
        place = {n: 100 * (getattr(b, n) - low) / span for n in ("centre", "low", "high")}
        values.append({"issue": table.title(b.issue), "model": b.model, **place})
    y = {"field": "model", "type": "nominal", "title": None, "sort": list(found.models)}
    scale = {"domain": [0, 100]}
    title = "position on the scale (0 = lower end, 100 = upper end)"
    cell = {
        "layer": [
            {
                "mark": {"type": "rule", "size": 6, "opacity": 0.45, "color": SKY},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": scale, "title": title},
                    "x2": {"field": "high"},
                    "y": y,
                },
            },
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 70,
                    "opacity": 1,
                    "color": BLUE,
                },
                "encoding": {
                    "x": {"field": "centre", "type": "quantitative", "title": title},
                    "y": y,
                },
            },
        ],
        "width": 430,
        "height": {"step": 15},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "facet": {
            "row": {
                "field": "issue",
                "type": "nominal",
                "title": None,
                "sort": [table.title(i) for i in table.issues],
                "header": {
                    "labelAngle": 0,
                    "labelAlign": "left",
                    "labelLimit": 180,
                    "labelColor": INK,
                    "labelFontSize": 12,
                },
            }
        },
        "spec": cell,
        "config": {
            "background": "transparent",
            "axis": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12,
                     "titleFontSize": 12, "titleFontWeight": "normal"},
            "facet": {"spacing": 8},
            "view": {"stroke": None},
        },
    }
    words = "; ".join(
        f"{table.title(b.issue)} by {b.model}: {show(b.centre)}, band {show(b.low)} to "
        f"{show(b.high)}"
        for b in found.bands[:24]
    )
    return Chart("Forecasts and bands by model", spec, words)
