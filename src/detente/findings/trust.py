"""Checks of the solutions: the certificates in words, and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.findings.finding import Finding

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "CheckRow", "rows", "section"]


class CheckRow(TypedDict):
    """The certificate of one model's solution; errors in units of the stake."""

    reading: str
    residual: float | None
    max_regret: float | None
    regret_bound: float | None
    nash_conv: float | None
    reached_by: str
    certified: bool
    samples: int
    samples_certified: int
    worst_sample: float | None


def rows(analysis: Analysis) -> list[CheckRow]:
    """Return one row per model: errors of the solution at the centre and of the samples."""
    pool = analysis.pooled
    return [
        {
            "reading": eq.reading, "residual": eq.certificate.residual,
            "max_regret": eq.certificate.max_regret, "regret_bound": eq.certificate.regret_bound,
            "nash_conv": eq.certificate.nash_conv, "reached_by": eq.certificate.reached_by,
            "certified": bool(eq.certificate.certified), "samples": pool.passed(model)[1],
            "samples_certified": pool.passed(model)[0], "worst_sample": pool.worst(model),
        }
        for eq, model in ((analysis.fallible, "fallible"), (analysis.deliberate, "deliberate"))
    ]


def section(analysis: Analysis) -> Section:
    """Return the certificates of both models and of the samples."""
    from detente.render import Column, Section, Table

    found = rows(analysis)
    failed = sum(r["samples"] - r["samples_certified"] for r in found)
    if analysis.certified:
        lead = "Both solutions and all samples passed their checks."
    elif failed:
        lead = (f"{failed} samples failed their check. They are left out of the ranges. The table "
                "shows which solutions passed.")
    else:
        lead = "At least one solution failed its check. The table shows which."
    return Section(
        FINDING.key, FINDING.title, lead,
        tables=[
            Table("Checks", [
                "model", Column("residual", format="error"),
                Column("regret nearest to its bound", unit="stakes", format="error"),
                Column("bound", unit="stakes", format="error"),
                Column("NashConv", unit="stakes", format="error"), "method", "passed",
            ], [(r["reading"], r["residual"], r["max_regret"], r["regret_bound"], r["nash_conv"],
                 r["reached_by"], r["certified"]) for r in found]),
            Table("Samples of the ranges", [
                "model", Column("requested", format=","), Column("passed", format=","),
                Column("failed", format=","), Column("largest error that passed", format="error"),
            ], [(r["reading"], r["samples"], r["samples_certified"],
                 r["samples"] - r["samples_certified"], r["worst_sample"]) for r in found]),
        ],
        notes=[
            "A solution passes if an independent program finds that no government gains by another "
            "choice, beyond the error that its model allows.",
            "Regret is the gain from another move at one decision, even if the game almost never "
            "reaches it. The fallible model shows the decision whose regret is nearest to its "
            "bound; the deliberate model shows the largest regret. NashConv is the joint gain of "
            "all governments from other plans; decisions count by the probability of reaching "
            "them.",
            "A check does not show that the crisis resembles the model. Every result is "
            "conditional on the listed assumptions.",
            *analysis.warnings,
        ],
        certified=analysis.certified,
        certificate=f"lambda {analysis.lam:g}, tremble probability "
                    f"{analysis.epsilon:g}, seed {analysis.seed}",
    )


FINDING = Finding("trust", "Checks of the solutions", 110, section, rows, list[CheckRow])
