"""Global sensitivity as a section: the share of each range in the answer's variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.findings.finding import Finding, frame
from detente.render.numbers import percent, points, signed

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.analysis.indices import Global
    from detente.render import Report, Section

__all__ = ["FINDING", "GlobalDrivers", "of_report", "report", "rows", "section"]


class IndexRow(TypedDict):
    """Sobol' indices of one input, with 95 % intervals."""

    parameter: str
    first: float
    total: float
    first_low: float
    first_high: float
    total_low: float
    total_high: float
    points: float | None
    deliberate_total: float | None
    deliberate_total_low: float | None
    deliberate_total_high: float | None


GlobalDrivers = TypedDict("GlobalDrivers", {
    "case": str, "question": str, "samples": int, "seed": int, "lambda": float,
    "indices": list[IndexRow], "mean": float | None, "standard_deviation": float | None,
    "top_five_resolved": bool | None, "top_five_agreement": float | None,
    "together": list[str], "screen_bounds": dict[str, float],
    "points": dict[str, float] | None, "solves": int, "solves_certified": int,
    "screened": int, "deliberate_samples": int, "deliberate_solves": int,
    "deliberate_solves_certified": int, "certified": bool,
})
"""Global sensitivity of the outcome's probability to the ranges of the file."""


def rows(analysis: Analysis) -> Any:
    """Return the indices for JSON; None if they were not requested."""
    return None if analysis.indices is None else analysis.indices.as_dict()


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per input, the largest total index first."""
    return frame([] if analysis.indices is None else analysis.indices.rows())


def of_report(analysis: Analysis) -> Section | None:
    """Return the section for a report, None if it was not requested."""
    return None if analysis.indices is None else section(analysis.indices)


def section(found: Global) -> Section:
    """Return the section: the most important inputs, and if their order is resolved."""
    from detente.render import Section, Table

    certificate = (
        f"{found.solves_certified} of {found.solves} games passed their check; "
        f"lambda {found.lam:g}, seed {found.seed}; deliberate: {found.deliberate_certified} of "
        f"{found.deliberate_solves}"
    )
    if found.indices is None:
        return Section(
            "global-drivers", FINDING.title,
            f"P({found.question}) hardly varies over the file's ranges, or some solutions failed. "
            "The variance is too small to be attributed to individual inputs.",
            certified=found.certified, certificate=certificate,
        )
    inputs, ix = found.rows(), found.indices
    name = {r["parameter"]: found.named.get(r["parameter"], r["parameter"]) for r in inputs}
    top = "; ".join(f"{name[r['parameter']]} ({r['total']:.2f})" for r in inputs[:3])
    notes = [
        "First order: the share of the variance that disappears if this number alone is known. "
        "Total: the share that remains if all other numbers are known. Intervals are 95 %, by "
        f"bootstrap of {found.samples} rows.",
    ]
    if not ix.resolved:
        notes.insert(0, "The order of the first five inputs is not resolved. It is the same in "
                        f"only {percent(ix.agreement)} of the resamples. Use more samples.")
    if found.rest:
        notes.append(
            f"{len(found.rest) + len(found.names) - 1} numbers are open. The mean squared "
            f"derivative over {found.screened} samples bounds each one's total index; the "
            f"{len(found.names) - 1} with the largest bounds are shown alone. These are taken "
            "together: "
            + "; ".join(found.named.get(p, p) for p in found.rest) + "."
        )
        if float(ix.total[-1]) > inputs[min(4, len(inputs) - 1)]["total"] - 1e-12:
            notes.insert(0, "The screening step omitted at least one important input, because the "
                            "inputs taken together have as large an index as the first five.")

    def band(r: dict[str, Any], which: str) -> str:
        return f"{r[which]:.2f} ({r[which + '_low']:.2f} to {r[which + '_high']:.2f})"

    if found.deliberate is None:
        notes.append("In the deliberate model the variance is too small to be attributed to "
                     "individual inputs, or some solutions failed.")
    else:
        first = max(inputs, key=lambda r: float(r["deliberate_total"]))["parameter"]
        notes.append(
            f"The deliberate model is solved at {found.deliberate_samples} rows only, because each "
            "solution takes much longer. Its intervals are wide. "
            + (f"Both models put {name[first]} first." if first == inputs[0]["parameter"] else
               f"It puts {name[first]} first, the fallible model {name[inputs[0]['parameter']]}."))
    table = Table("", ["number", "total (95 %)", "first order (95 %)", "total, deliberate (95 %)",
                       "points per tenth of its range, at the centre"], [
        (name[r["parameter"]], band(r, "total"), band(r, "first"),
         "–" if r["deliberate_total"] is None else band(r, "deliberate_total"),
         "–" if r["points"] is None else signed(r["points"])) for r in inputs
    ])
    return Section(
        "global-drivers", FINDING.title,
        f"P({found.question}) is {percent(ix.mean)} on average over the ranges, with a standard "
        f"deviation of {points(ix.variance**0.5).lstrip('+')} points. The largest total indices: "
        f"{top}.",
        charts=list(found.charts.values()), tables=[table],
        notes=notes, certified=found.certified, certificate=certificate,
    )


def report(found: Global) -> Report:
    """Return the finding as a separate report."""
    from detente.render import Report

    made = section(found)
    return Report(
        f"Drivers: {found.case}", f"P({found.question})", made.lead, [made],
        meta={"case": found.case, "lambda": found.lam, "seed": found.seed,
              "samples": found.samples},
        certificate=made.certificate, answer_certified=found.certified, data=found.as_dict(),
    )


FINDING = Finding("global_drivers", "Sources of uncertainty", 25, of_report, rows,
                  GlobalDrivers | None, table)
