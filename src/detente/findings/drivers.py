"""Drivers: exact derivatives of outcomes by every number of the crisis file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from detente.analysis.correlation import correlation_ratio
from detente.analysis.given import first_order
from detente.analysis.slopes import points_of, slopes
from detente.findings.finding import Finding
from detente.render.numbers import percent, scale, signed
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
FEWEST_SAMPLES = 64
"""Samples below which no share of the variance is estimated."""
CLEAR = 0.05
"""A share of the variance from which on a number counts as a driver."""
FEWEST, MOST, PRINTED = 5, 20, 12
"""Rows of the table: at least and at most."""
SHOWN = 5
"""Number of the most influential open numbers with a note on private information or accidents."""


class DriverRow(TypedDict):
    """A number and an outcome: derivative, and percentage points per tenth of the range.

    ``share`` is the share of the variance over all ranges that the number explains by itself, with
    its 90 % interval; it is None for fixed numbers and if too few samples passed their check.
    """

    parameter: str
    outcome: str
    derivative: float
    points: float
    range: bool
    share: float | None
    share_low: float | None
    share_high: float | None


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
    for (name, mask), slope in zip(asked, found, strict=True):
        told = shares_of(analysis, mask)
        for path, d in zip(analysis.compiled.paths, slope, strict=True):
            q = rules.numbers[path]
            out.append({
                "parameter": path, "outcome": name, "derivative": float(d),
                "points": points_of(d, q), "range": bool(q.is_range),
                **told.get(path, NONE),
            })
    return out


class ShareOf(TypedDict):
    """The share of the variance that a number explains by itself, with its 90 % interval."""

    share: float | None
    share_low: float | None
    share_high: float | None


NONE: ShareOf = {"share": None, "share_low": None, "share_high": None}


def shares_of(analysis: Analysis, mask: NDArray[np.bool_]) -> dict[str, ShareOf]:
    """Return each open number's share of the variance of a probability, by path."""
    band, numbers = analysis.band, analysis.compiled.graph.rules.numbers
    ok = band.certified
    if ok.sum() < FEWEST_SAMPLES:
        return {}
    paths = [p for p in analysis.compiled.paths if numbers[p].is_range]
    columns = [analysis.compiled.paths.index(p) for p in paths]
    found = first_order(band.theta[ok][:, columns], band.probability(mask), band.weight)
    if np.isnan(found.share).any():
        return {}
    return {
        path: {"share": float(s), "share_low": float(a), "share_high": float(b)}
        for path, s, a, b in zip(paths, found.share, found.low, found.high, strict=True)
    }


def of_structure(analysis: Analysis, outcome: str) -> float | None:
    """Return the share of an outcome's variance that lies between the structures of the file.

    None if the file lists no alternatives or nothing varies. "war" means every kind of war.
    """
    if analysis.pooled.count == 1:
        return None
    return analysis.pooled.variance("fallible", outcome).share


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


def leading(analysis: Analysis) -> list[DriverRow]:
    """Return the open numbers of the answer, the most important first.

    Importance is the share of the variance over the whole ranges; without shares, the slope at the
    centre.
    """
    found = [r for r in analysis.once(rows) if r["outcome"] == analysis.question and r["range"]]
    return sorted(found, key=lambda r: (-(r["share"] or 0.0), -abs(r["points"])))


def disagree(found: list[DriverRow]) -> bool:
    """Whether the steepest number at the centre is no driver over the whole ranges."""
    told = [r for r in found if r["share"] is not None]
    if not told:
        return False
    steepest = max(told, key=lambda r: abs(r["points"]))
    return abs(steepest["points"]) >= LEAST and (steepest["share"] or 0.0) < CLEAR


def section(analysis: Analysis) -> Section:
    """Return the shares of the variance over the ranges, with the slopes at the centre."""
    from detente.render import Column, Section, Table, charts

    found = [r for r in analysis.once(rows) if r["outcome"] == analysis.question]
    if not found:
        return Section(
            FINDING.key, FINDING.title,
            "No derivative is shown because the solution failed its check.",
            certified=False,
        )
    numbers = analysis.compiled.graph.rules.numbers
    named = labels(numbers.values(), analysis.titles)
    ranged = leading(analysis)
    told = [r for r in ranged if r["share"] is not None]
    top = [r for r in told if (r["share"] or 0.0) >= CLEAR][:3]
    hidden = unknowable([numbers[r["parameter"]] for r in ranged[:SHOWN]
                         if (r["share"] or 0.0) >= LEAST or abs(r["points"]) >= LEAST],
                        analysis.titles)
    fixed = sorted((r for r in found if not r["range"]), key=lambda r: -abs(r["points"]))
    ordered = [*ranged, *fixed]
    shown = [r for r in ordered
             if (r["share"] or 0.0) >= LEAST or abs(r["points"]) >= LEAST]
    shown = (ordered[:FEWEST] if len(shown) < FEWEST else shown)[:MOST]
    factor, unit = scale(r["points"] for r in shown)
    lead = lead_of(top, named, analysis.question) if told else slopes_lead(ranged, named, analysis)
    if disagree(ranged):
        steepest = max(told, key=lambda r: abs(r["points"]))
        lead += (f" At the centre {named[steepest['parameter']]} has the steepest slope, but over "
                 f"the whole ranges it explains {percent(steepest['share'])} of the variance.")
    drawn: list[dict[str, object]] = [
        {"parameter": named[r["parameter"]], "share": r["share"], "low": r["share_low"],
         "high": r["share_high"]} for r in told
    ]
    slopes_drawn: list[dict[str, object]] = [
        {**r, "parameter": named[r["parameter"]]} for r in ranged
    ]
    joint = sum(r["share"] or 0.0 for r in told)
    notes = [
        "Over the whole ranges: the share of the variance of the probability in the samples that "
        "the number explains by itself, with a 90 % interval (given-data estimate, fallible "
        f"model). The shares add up to {percent(min(joint, 1.0))}; interactions account for the "
        "rest." if told else no_shares(analysis),
        "At the centre: exact derivatives, fallible model. A number without a range is moved by a "
        "tenth of its size. A slope need not hold far from the centre. A slope above 100 "
        "percentage points means that the equilibrium changes abruptly near the central values.",
        *hidden,
    ]
    if analysis.indices is None and ranged:
        notes.append("`detente drivers`, or `detente run` with --indices 256, also computes the "
                     "interactions (total Sobol' indices) in both models.")

    between = of_structure(analysis, analysis.question)
    if between is not None:
        notes.insert(1, (
            f"The choice between the {analysis.pooled.count} structures of the file makes up "
            f"{percent(between)} of the variance over ranges and structures (law of total "
            "variance, weighted, fallible model). The shares of the numbers are those within the "
            "structure as written."))

    def share(r: DriverRow) -> str:
        if r["share"] is None:
            return "–"
        return f"{percent(r['share'])} ({percent(r['share_low'])} to {percent(r['share_high'])})"

    return Section(
        FINDING.key, FINDING.title, lead,
        charts=[*([charts.shares(drawn, outcome=analysis.question)] if told else []),
                # The table has the same numbers.
                replace(charts.tornado(slopes_drawn, outcome=analysis.question), on_paper=not told),
                *scatters(analysis, named)],
        tables=[Table("", [
            "number", "share of the variance",
            Column(f"slope at the centre, {unit} per tenth of its range", format="signed"),
            "in the file", Column("path", on_paper=False),
        ], [*([("the structure", percent(between), None,
                f"{analysis.pooled.count} structures", "structures")]
              if between is not None else []),
            *((named[r["parameter"]], share(r), factor * r["points"],
               "range" if r["range"] else "fixed", r["parameter"]) for r in shown)],
            printed=PRINTED)],
        notes=notes,
        certificate=f"{int(analysis.band.certified.sum())} checked samples; one adjoint solve at "
        "the central solution", certified=analysis.fallible.certificate.certified,
    )


def no_shares(analysis: Analysis) -> str:
    """Return the reason why no share of the variance is given."""
    if not any(q.is_range for q in analysis.compiled.graph.rules.numbers.values()):
        why = "no number has a range"
    elif analysis.band.certified.sum() < FEWEST_SAMPLES:
        why = f"fewer than {FEWEST_SAMPLES} samples passed their check"
    else:
        why = "the probability does not vary over the samples"
    return f"No share of the variance is given because {why}."


def lead_of(top: list[DriverRow], named: Mapping[str, str], question: str) -> str:
    """Return the sentence about the numbers that explain most of the uncertainty."""
    if not top:
        return (f"No single number explains as much as {percent(CLEAR)} of the uncertainty about "
                f"P({question}) over the ranges.")
    words = "; ".join(f"{named[r['parameter']]} ({percent(r['share'])})" for r in top)
    return (f"Over the whole ranges, most of the uncertainty about P({question}) comes from: "
            f"{words}.")


def slopes_lead(ranged: list[DriverRow], named: Mapping[str, str], analysis: Analysis) -> str:
    """Return the sentence about the steepest numbers at the centre."""
    top = [r for r in sorted(ranged, key=lambda r: -abs(r["points"]))
           if abs(r["points"]) >= LEAST][:3]
    if not top:
        return f"No input changes P({analysis.question}) by even 0.01 points."
    words = "; ".join(f"{named[r['parameter']]} ({signed(r['points'])} points)" for r in top)
    return (f"Among the numbers with a range, moving one by a tenth of its range changes "
            f"P({analysis.question}) most for: {words}.")


FINDING = Finding("drivers", "Drivers of the outcome", 20, section, lambda a: a.once(rows),
                  list[DriverRow])
