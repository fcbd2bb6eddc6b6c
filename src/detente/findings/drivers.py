"""Drivers: exact derivatives of outcomes by every number of the crisis file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from detente.analysis.correlation import correlation_ratio
from detente.analysis.slopes import points_of, slopes
from detente.findings.finding import Finding
from detente.render.numbers import scale, signed
from detente.scenario.labels import label, labels
from detente.scenario.quantity import Kind, Quantity

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Chart, Section

__all__ = ["FINDING", "DriverRow", "rows", "scatters", "section"]

SECRET = (Kind.PRIVATE, Kind.BELIEF)
"""Kinds of number that only an actor knows."""
LUCK = (Kind.ACCIDENT, Kind.CHANCE)
"""Kinds of number that are chances of events."""

DRAWN = 2
"""Open numbers against which the samples are drawn."""
TELLS = 0.05
"""Share of the samples' variance that a number must explain by itself to be drawn."""
LEAST = 0.01
"""Smallest effect on the answer, in points per tenth of the range, of a number that is named."""
FEWEST, MOST = 5, 20
"""Rows of the table: at least and at most."""
SHOWN = 5
"""Number of the most influential open numbers with a note on private information or accidents."""


class DriverRow(TypedDict):
    """A number and an outcome: derivative, and percentage points per tenth of the range."""

    parameter: str
    outcome: str
    derivative: float
    points: float
    range: bool


def rows(analysis: Analysis) -> list[DriverRow]:
    """Return one row per number and outcome.

    ``points`` are percentage points of the outcome for a tenth of the number's range (of its size
    if it has none). The first outcome is the one of the answer; every outcome follows.
    """
    rules = analysis.compiled.graph.rules
    asked: list[tuple[str, NDArray[np.bool_]]] = [(analysis.question, analysis.mask)]
    for k, name in enumerate(analysis.names):
        if name != analysis.question or analysis.mask.sum() > 1:
            one = np.zeros(len(analysis.names), dtype=bool)
            one[k] = True
            label = f"{name} (alone)" if name == analysis.question else name
            asked.append((label, one))
    found = slopes(analysis.compiled, analysis.fallible, [mask for _, mask in asked])
    if found is None:
        return []
    out: list[DriverRow] = []
    for (name, _), slope in zip(asked, found, strict=True):
        for path, d in zip(analysis.compiled.paths, slope, strict=True):
            q = rules.numbers[path]
            out.append({
                "parameter": path, "outcome": name, "derivative": float(d),
                "points": points_of(d, q), "range": bool(q.is_range),
            })
    return out


def scatters(analysis: Analysis, named: dict[str, str]) -> list[Chart]:
    """Return the samples drawn against the open numbers that explain most of their spread."""
    from detente.render import charts

    band, numbers = analysis.band, analysis.compiled.graph.rules.numbers
    p = band.outcomes[:, analysis.mask].sum(axis=1)
    ok = band.certified
    if ok.sum() < 2:
        return []
    told = [
        (correlation_ratio(band.theta[ok, k], p[ok], band.weight), path, k)
        for k, path in enumerate(analysis.compiled.paths) if numbers[path].is_range
    ]
    told = sorted((x for x in told if x[0] >= TELLS), key=lambda x: -x[0])
    return [
        charts.scatter(
            [{"x": float(x), "p": float(y) if good else None, "certified": bool(good)}
             for x, y, good in zip(band.theta[:, k], p, ok, strict=True)],
            parameter=named[path], outcome=analysis.question,
        )
        for _, path, k in told[:DRAWN]
    ]


def unknowable(numbers: Iterable[Quantity], titles: Mapping[str, str]) -> list[str]:
    """Return notes on numbers that research cannot settle: private information and chance.

    The kind of each number decides, which the field of the crisis file declares.

    Examples
    --------
    >>> from detente.scenario.quantity import Kind, Quantity
    >>> risk = Quantity(0, 0, 0, words=("quarantine", "risk"), kind=Kind.ACCIDENT)
    >>> unknowable([risk], {})[0][:56]
    'These numbers are chances of events (quarantine: risk). '
    """
    numbers = list(numbers)
    secret = [label(q, titles) for q in numbers if q.kind in SECRET]
    events = [label(q, titles) for q in numbers if q.kind in LUCK]
    out = []
    if secret:
        out.append(
            f"These numbers are private information of an actor "
            f"({'; '.join(secret)}). Research can narrow them only slightly, "
            "and the actor has an incentive to misreport them.")
    if events:
        out.append(
            f"These numbers are chances of events ({'; '.join(events)}). "
            "Research cannot narrow them, so read the result over their whole range.")
    return out


def section(analysis: Analysis) -> Section:
    """Return the tornado chart of the most influential numbers."""
    from detente.render import Column, Section, Table, charts

    found = [r for r in analysis.once(rows) if r["outcome"] == analysis.question]
    if not found:
        return Section(
            FINDING.key, FINDING.title,
            "No derivative is shown because the solution failed its check.",
            certified=False,
        )
    found.sort(key=lambda r: -abs(r["points"]))
    matter = [r for r in found if r["range"] and abs(r["points"]) >= LEAST]
    numbers = analysis.compiled.graph.rules.numbers
    hidden = unknowable([numbers[r["parameter"]] for r in matter[:SHOWN]], analysis.titles)
    named = labels(numbers.values(), analysis.titles)
    top = matter[:3]
    words = "; ".join(f"{named[r['parameter']]} ({signed(r['points'])} points)" for r in top)
    # Numbers without a range come last: nothing in the file says that they may be otherwise.
    ordered = sorted(found, key=lambda r: not r["range"])
    shown = [r for r in ordered if abs(r["points"]) >= LEAST]
    shown = (ordered[:FEWEST] if len(shown) < FEWEST else shown)[:MOST]
    factor, unit = scale(r["points"] for r in shown)
    drawn: list[dict[str, object]] = [
        {**r, "parameter": named[r["parameter"]]} for r in found if r["range"]
    ]
    asked = [] if analysis.indices is not None or not any(r["range"] for r in found) else [
        "`detente drivers`, or `detente run` with --indices 256, computes the share of the "
        "uncertainty over the whole ranges that each number accounts for."
    ]
    return Section(
        FINDING.key, FINDING.title,
        f"Among the numbers with a range, moving one by a tenth of its range changes "
        f"P({analysis.question}) most for: {words}."
        if top else f"No input changes P({analysis.question}) by even 0.01 points.",
        charts=[charts.tornado(drawn, outcome=analysis.question), *scatters(analysis, named)],
        tables=[Table("", [
            "number", Column(f"{unit} per tenth of its range", format="signed"),
            Column("derivative", format="signed"), "in the file", "path",
        ], [(named[r["parameter"]], factor * r["points"], r["derivative"],
             "range" if r["range"] else "fixed", r["parameter"]) for r in shown])],
        notes=["Exact derivatives at the centre of the ranges, fallible model. A number without a "
               "range is moved by a tenth of its size. The derivatives need not hold far from the "
               "centre; the histogram of the outcomes covers the whole ranges. A slope above 100 "
               "percentage points means that the equilibrium changes abruptly near the central "
               "values. Use the histogram instead.", *hidden, *asked],
        certificate="one adjoint solve at the checked solution", certified=True,
    )


FINDING = Finding("drivers", "Drivers of the outcome", 20, section, lambda a: a.once(rows),
                  list[DriverRow])
