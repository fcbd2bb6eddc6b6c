"""How far to trust it: the certificates in words, and what they do not cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["section"]


def section(analysis: Analysis) -> Section:
    """Return the certificates of both readings and of the samples."""
    from detente.render import Section, Table

    def small(x: float | None) -> str:
        return "–" if x is None else f"{max(x, 0.0):.1e}"

    rows = [
        (eq.reading, small(eq.certificate.residual), small(eq.certificate.max_regret),
         small(eq.certificate.regret_bound), small(eq.certificate.nash_conv),
         eq.certificate.reached_by, "yes" if eq.certificate.certified else "no")
        for eq in (analysis.fallible, analysis.deliberate)
    ]
    bands = [
        (name, len(b.certified), int(b.certified.sum()), int((~b.certified).sum()), small(b.worst))
        for name, b in (("fallible", analysis.band), ("deliberate", analysis.deliberate_band))
    ]
    failed = sum(r[3] for r in bands)
    notes = [
        "Certified means: a program that shares nothing with the solver but the game's arrays has "
        "checked that no government gains by another choice beyond the error its reading allows.",
        "Largest regret: what another move would gain at one decision, however seldom it is "
        "reached; of all decisions the nearest to its bound, in the deliberate reading the "
        "largest. NashConv: what all governments together would gain by other plans, where "
        "decisions count by how often they are reached.",
        "It does not mean that the crisis is like the model. The result is conditional on the "
        "assumptions listed below; no sentence here says what will happen.",
        *analysis.warnings,
    ]
    lead = "Both readings and all samples hold their certificates." if analysis.certified else (
        f"Not everything could be certified: {failed} samples failed and are left out of the bands."
        if failed else "Not everything could be certified; see the table."
    )
    return Section(
        "trust", "How far to trust it", lead,
        tables=[
            Table("Certificates", [
                "reading", "residual", "largest regret (stakes)", "its bound", "NashConv (stakes)",
                "reached by", "certified",
            ], rows),
            Table("Samples of the ranges", [
                "reading", "requested", "certified", "failed", "worst certified",
            ], bands),
        ],
        notes=notes, certified=analysis.certified,
        certificate=f"lambda {analysis.lam:g}, floor {analysis.deliberate.epsilon:g} "
                    f"({analysis.epsilon:g} in the samples), seed {analysis.seed}",
    )
