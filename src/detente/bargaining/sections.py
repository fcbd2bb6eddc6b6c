"""Positional bargaining as sections of a report; every table names its model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente import __version__
from detente.bargaining.bands import Band, Noise, bands
from detente.bargaining.expected_utility import Round, expected_utility
from detente.bargaining.influence import Coalition, Trade, effects, shifting_coalitions, trades
from detente.bargaining.positions import Positions
from detente.errors import InputError
from detente.report.section import Chart, Column, Report, Section, Table

__all__ = ["Findings", "answer", "find", "report", "sections"]

SHOWN = 40
RECORD = (
    "On 353 decided issues of the European Union the mean absolute error, on a scale of 100, was"
    " 23.7 for the weighted mean, 23.9 for the plain mean, 28.7 for the median, and 27.9 and 33.5"
    " for two forms of the expected utility model. The bands show what the inputs leave open; that"
    " error comes on top."
)


@dataclass(frozen=True)
class Findings:
    """Everything about one table of positions.

    Attributes
    ----------
    table : Positions
    bands : tuple of Band
    models : tuple of str
    rounds : dict of (issue, variant) -> rounds of the expected utility model
    coalitions : dict of issue -> coalitions that would bring the forecast to the target
    target : float or None
    trades : tuple of Trade or None
        None where there are too many to look for.
    seed, samples : int
    noise : Noise
    path, sha256, name : str
    """

    table: Positions
    bands: tuple[Band, ...]
    models: tuple[str, ...]
    rounds: dict[tuple[str, str], list[Round]]
    coalitions: dict[str, list[Coalition]]
    target: float | None
    trades: tuple[Trade, ...] | None
    seed: int
    samples: int
    noise: Noise
    path: str
    sha256: str
    name: str

    def as_dict(self) -> dict[str, Any]:
        """Return one JSON-ready document."""
        table, moved = self.table, effects(self.table)
        return {
            "positions": self.name,
            "file": self.path,
            "file_sha256": self.sha256,
            "version": __version__,
            "seed": self.seed,
            "samples": self.samples,
            "noise": vars(self.noise),
            "default_model": self.models[0],
            "actors": [{"id": a, "name": table.title(a)} for a in table.actors],
            "issues": [
                {
                    "id": i,
                    "name": table.title(i),
                    "low": table.low[k],
                    "high": table.high[k],
                    "reference": _number(table.reference[k]),
                }
                for k, i in enumerate(table.issues)
            ],
            "forecasts": [
                {
                    "issue": b.issue,
                    "model": b.model,
                    "forecast": b.centre,
                    "low": b.low,
                    "median": b.median,
                    "high": b.high,
                }
                for b in self.bands
            ],
            "influence": [
                {
                    "issue": i,
                    "actor": a,
                    "by_position": moved.position[j, k],
                    "by_salience": moved.salience[j, k],
                    "by_capability": moved.capability[j, k],
                    "without": _number(moved.absent[j, k]),
                }
                for k, i in enumerate(table.issues)
                for j, a in enumerate(table.actors)
                if table.here[j, k]
            ],
            "coalitions": [
                {
                    "issue": i,
                    "target": self.target,
                    "members": list(c.members),
                    "position": c.position,
                    "cost": c.cost,
                }
                for i, found in self.coalitions.items()
                for c in found
            ],
            "trades": None if self.trades is None else [vars(t) for t in self.trades],
            "expected_utility": [
                {
                    "issue": issue,
                    "variant": variant,
                    "rounds": [_round(table, issue, r) for r in rr],
                }
                for (issue, variant), rr in self.rounds.items()
            ],
            "notes": list(table.notes),
        }


def find(
    table: Positions,
    *,
    models: tuple[str, ...],
    issue: str | None = None,
    target: float | None = None,
    samples: int = 500,
    seed: int = 0,
    noise: Noise | None = None,
    rounds: int = 10,
    internals: bool = False,
    path: str = "",
    sha256: str = "",
    name: str = "",
    progress: Any = None,
) -> Findings:
    """Compute the findings about a table, or about one of its issues.

    Parameters
    ----------
    table
        Positions.
    models
        Forecasts, the one to read first.
    issue
        Look at this issue only.
    target
        Which coalitions could bring the forecast there? Needs one issue.
    internals
        Keep the rounds of the expected utility model.
    """
    if issue is not None:
        table = table.issue(issue)
    noise = noise or Noise()
    found = bands(
        table, models, samples=samples, seed=seed, noise=noise, rounds=rounds, progress=progress
    )
    coalitions: dict[str, list[Coalition]] = {}
    if target is not None:
        if len(table.issues) != 1:
            raise InputError("a target needs one issue", expected="--issue NAME with --target")
        coalitions[table.issues[0]] = shifting_coalitions(table, 0, target)
    played: dict[tuple[str, str], list[Round]] = {}
    if internals:
        for i in table.issues[:20]:
            for denominator, ranking in (("pair", "movement"), ("all", "published")):
                played[i, denominator] = expected_utility(
                    table, i, denominator=denominator, ranking=ranking, rounds=rounds
                )
    swaps: tuple[Trade, ...] | None = None
    if len(table.issues) > 1:
        try:
            swaps = tuple(trades(table))
        except InputError:
            swaps = None
    return Findings(
        table,
        tuple(found),
        models,
        played,
        coalitions,
        target,
        swaps,
        seed,
        samples,
        noise,
        path,
        sha256,
        name,
    )


def answer(found: Findings) -> str:
    """Return the finding in a sentence, with its band and its model."""
    first = [b for b in found.bands if b.model == found.models[0]]
    said = [
        f"{found.table.title(b.issue)} {_show(b.centre)} ({_show(b.low)}–{_show(b.high)})"
        for b in first[:4]
    ]
    more = f"; {len(first) - 4} more issues in the table" if len(first) > 4 else ""
    return f"By the {found.models[0]} model: " + "; ".join(said) + more + "."


def sections(found: Findings) -> list[Section]:
    """Return the findings as sections, the most important first."""
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
        subtitle="Positional bargaining: what the parties' positions imply",
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
        [table.title(b.issue), b.model, _show(b.centre), _show(b.low), _show(b.high)]
        for b in found.bands[: SHOWN * len(found.models)]
    ]
    notes = [
        f"Band: 5 % to 95 % of {found.samples} resampled tables (noise: {found.noise.position:g} "
        f"of the scale in positions, {found.noise.salience:g} in saliences, "
        f"{found.noise.capability:g} in the logarithm of capabilities; uniform over a range where "
        f"the file gives one); seed {found.seed}.",
        RECORD,
    ]
    charts = [_chart(found)] if len(table.issues) <= 12 else []
    return Section(
        id="positions-forecasts",
        title="What positions imply (positional bargaining)",
        lead=answer(found),
        tables=[Table("Forecasts by model", ["issue", "model", "forecast", "5 %", "95 %"], rows)],
        charts=charts,
        notes=notes,
        certificate=f"closed forms and exact play; band of {found.samples} resampled tables",
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
                            _show(moved.salience[j, k] / 10),
                            _show(moved.absent[j, k]),
                        ],
                    )
                )
    rows.sort(key=lambda r: r[0])
    return Section(
        id="positions-influence",
        title="Whom to talk to (compromise model)",
        lead="How far each actor's position and salience move the forecast, and what it would be "
        "without them.",
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
            )
        ],
        certificate="exact derivatives of the centre; not resampled",
        certified=True,
    )


def _coalitions(found: Findings) -> Section:
    table = found.table
    (issue, listed), *_ = found.coalitions.items()
    lead = (
        f"Coalitions that by taking one position could bring {table.title(issue)} to "
        f"{_show(found.target)}."
        if listed
        else f"No coalition of up to three could bring {table.title(issue)} to "
        f"{_show(found.target)}."
    )
    return Section(
        id="positions-coalitions",
        title="Who could shift it (compromise model)",
        lead=lead,
        tables=[
            Table(
                f"Coalitions for a forecast of {_show(found.target)}, compromise model",
                [
                    "members",
                    "position to take",
                    Column("cost", unit="share of the scale, by salience", format=".2f"),
                ],
                [
                    [", ".join(table.title(m) for m in c.members), _show(c.position), c.cost]
                    for c in listed
                ],
            )
        ]
        if listed
        else [],
        certificate="exact, at the numbers as given",
        certified=True,
    )


def _trades(found: Findings) -> Section:
    name = found.table.title
    return Section(
        id="positions-trades",
        title="Where trades exist (exchange of support)",
        lead="Two actors support each other, each on the issue the other cares more about; both "
        "gain. The last column is what it does to everyone else together.",
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
            )
        ],
        notes=[
            "Gains are changes of salience-weighted distance to the forecast, in shares of the "
            "scale."
        ],
        certificate="exact, at the numbers as given",
        certified=True,
    )


def _rounds(found: Findings) -> Section:
    tables = []
    for (issue, variant), played in list(found.rounds.items())[:8]:
        actors = found.table.issue(issue).actors
        rows: list[Sequence[Any]] = [
            [k, _show(r.median), _show(r.mean), *(_show(x) for x in r.position)]
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
        title="Round by round (expected utility model)",
        lead="Positions after each round of offers; the JSON holds every offer, danger, risk "
        "exponent, probability and utility.",
        tables=tables,
        notes=["The course of this model turns on small differences: compare its bands."],
        certificate="deterministic, at the numbers as given",
        certified=True,
    )


def _inputs(found: Findings) -> Section:
    table = found.table
    rows = [
        [
            table.title(i),
            table.title(a),
            _show(table.position[j, k]),
            _show(table.salience[j, k]),
            _show(table.capability[j, k]),
        ]
        for k, i in enumerate(table.issues[:20])
        for j, a in enumerate(table.actors)
        if table.here[j, k]
    ]
    return Section(
        id="positions-inputs",
        title="What went in (positions)",
        lead=f"{len(table.actors)} actors, {len(table.issues)} issues.",
        tables=[
            Table(
                "Positions, saliences, capabilities as read",
                ["issue", "actor", "position", "salience", "capability"],
                rows[:200],
            )
        ],
        notes=list(table.notes) or ["Nothing in the file had to be filled in or changed."],
    )


def _chart(found: Findings) -> Chart:
    """Draw every model's forecast and band, each issue's scale from 0 to 100 %."""
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
                "mark": {"type": "rule", "size": 6, "opacity": 0.45, "color": "#56B4E9"},
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
                    "color": "#0072B2",
                },
                "encoding": {
                    "x": {"field": "centre", "type": "quantitative", "title": title},
                    "y": y,
                },
            },
        ],
        "width": 430,
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
                    "labelColor": "currentColor",
                },
            }
        },
        "spec": cell,
        "config": {
            "background": "transparent",
            "axis": {"labelColor": "currentColor", "titleColor": "currentColor"},
            "view": {"stroke": None},
        },
    }
    words = "; ".join(
        f"{table.title(b.issue)} by {b.model}: {_show(b.centre)}, band {_show(b.low)} to "
        f"{_show(b.high)}"
        for b in found.bands[:24]
    )
    return Chart("Forecasts and bands by model", spec, words)


def _round(table: Positions, issue: str, r: Round) -> dict[str, Any]:
    actors = table.issue(issue).actors
    return {
        "median": r.median,
        "mean": r.mean,
        "actors": [
            {
                "actor": a,
                "position": r.position[k],
                "danger": r.danger[k],
                "risk_exponent": r.risk_exponent[k],
            }
            for k, a in enumerate(actors)
        ],
        "offers": [
            {"to": actors[o.to], "by": actors[o.by], "kind": o.kind, "position": o.position}
            for o in r.offers
        ],
        "win_probability": r.win.tolist(),
        "expected_utility": r.utility.tolist(),
        "expected_utility_feared": r.feared.tolist(),
    }


def _number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def _show(x: float | None) -> str:
    """Write a number with the digits that matter."""
    if x is None or np.isnan(x):
        return "–"
    text = f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"
    return text.replace("-", "−")
