"""Global sensitivity as a section: which ranges make the answer uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.indices import Global
    from detente.render import Report, Section

__all__ = ["of_report", "report", "section"]


def of_report(analysis: Analysis) -> Section | None:
    """Return the section for a report, None where it was not asked for."""
    return None if analysis.indices is None else section(analysis.indices)


def section(found: Global) -> Section:
    """Return the section: what to find out first, and whether the order can be trusted."""
    from detente.render import Section, Table, charts

    certificate = (
        f"{found.solves_certified} of {found.solves} games certified; lambda {found.lam:g}, seed "
        f"{found.seed}; deliberate: {found.deliberate_certified} of {found.deliberate_solves}"
    )
    if found.indices is None:
        return Section(
            "global-drivers", "What makes it uncertain",
            f"P({found.question}) hardly varies over the file's ranges, or could not be computed "
            "everywhere: there is nothing to divide among them.",
            certified=found.certified, certificate=certificate,
        )
    rows, ix = found.rows(), found.indices
    name = {r["parameter"]: found.named.get(r["parameter"], r["parameter"]) for r in rows}
    top = "; ".join(f"{name[r['parameter']]} ({r['total']:.2f})" for r in rows[:3])
    notes = [
        "First order: the share of the variance that would go if this number alone were known. "
        "Total: the share that would stay if all the others were. Intervals are 95 %, by "
        f"bootstrap of {found.samples} rows.",
    ]
    if not ix.resolved:
        notes.insert(0, "The order of the first five is not resolved: it is the same in only "
                        f"{ix.agreement:.0%} of the resamples. More samples may settle it.")
    if found.rest:
        notes.append(
            f"{len(found.rest) + len(found.names) - 1} numbers are open. The mean squared "
            f"derivative over {found.screened} samples bounds each one's total index; the "
            f"{len(found.names) - 1} with the largest bounds are shown alone, the others together: "
            + "; ".join(found.named.get(p, p) for p in found.rest) + "."
        )
        if float(ix.total[-1]) > rows[min(4, len(rows) - 1)]["total"] - 1e-12:
            notes.insert(0, "The numbers taken together weigh as much as the first five shown "
                            "alone: the screen has left out at least one that matters.")

    def band(r: dict[str, Any], which: str) -> str:
        return f"{r[which]:.2f} ({r[which + '_low']:.2f} to {r[which + '_high']:.2f})"

    if found.deliberate is None:
        notes.append("In the deliberate reading it hardly varies, or could not be computed "
                     "everywhere: there is nothing to divide among the numbers.")
    else:
        first = max(rows, key=lambda r: float(r["deliberate_total"]))["parameter"]
        notes.append(
            f"The deliberate reading is solved at {found.deliberate_samples} rows only, since each "
            "takes many times longer: its intervals are wide. "
            + (f"Both readings put {name[first]} first." if first == rows[0]["parameter"] else
               f"It puts {name[first]} first, the fallible {name[rows[0]['parameter']]}."))
    table = Table("", ["number", "total (95 %)", "first order (95 %)", "total, deliberate (95 %)",
                       "points per tenth of its range, at the centre"], [
        (name[r["parameter"]], band(r, "total"), band(r, "first"),
         "–" if r["deliberate_total"] is None else band(r, "deliberate_total"),
         "–" if r["points"] is None else f"{r['points']:+.1f}") for r in rows
    ])
    return Section(
        "global-drivers", "What makes it uncertain",
        f"P({found.question}) is {ix.mean:.0%} on average over the ranges, standard deviation "
        f"{100 * ix.variance**0.5:.1f} points. Most of that is owed, alone or with others, to: "
        f"{top}.",
        charts=[charts.indices([{**r, "parameter": name[r["parameter"]]} for r in rows],
                               outcome=found.question, most=11)], tables=[table],
        notes=notes, certified=found.certified, certificate=certificate,
    )


def report(found: Global) -> Report:
    """Return the finding as a report of its own."""
    from detente.render import Report

    made = section(found)
    return Report(
        f"Drivers: {found.case}", f"P({found.question})", made.lead, [made],
        meta={"case": found.case, "lambda": found.lam, "seed": found.seed,
              "samples": found.samples},
        certificate=made.certificate, answer_certified=found.certified, data=found.as_dict(),
    )
