"""The other equilibria: what else is as consistent with the same assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.findings.answer import percent

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.findings.analysis import Analysis
    from detente.report import Section

__all__ = ["rows", "section"]


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return every equilibrium found: outcomes, nash_conv, found_from, reading, certified."""

    def one(eq: Equilibrium, how: str) -> dict[str, Any]:
        return {
            "reading": eq.reading, "found_from": how, "outcomes": eq.outcomes(),
            "nash_conv": eq.certificate.nash_conv, "residual": eq.certificate.residual,
            "certified": eq.certificate.certified,
        }

    return [
        one(analysis.deliberate, "the fallible equilibrium"),
        one(analysis.fallible, analysis.fallible.found_from),
        *(one(o, o.found_from) for o in analysis.others),
    ]


def section(analysis: Analysis) -> Section:
    """Return the table of equilibria."""
    from detente.report import Column, Section, Table

    found = rows(analysis)
    n = len(analysis.others)
    lead = (
        f"The search ({analysis.starts} random starts, and from lambda 20) found no equilibrium "
        "with other outcomes. That is no proof that there is none."
        if n == 0 else
        f"The search ({analysis.starts} random starts, and from lambda 20) found {n} with other "
        "outcomes, as consistent with the assumptions as the one reported."
    )
    ends = [name for name in analysis.names if any(r["outcomes"][name] >= 0.01 for r in found)]

    def small(r: dict[str, Any]) -> str:
        if r["reading"] == "fallible":
            return f"residual {r['residual']:.1e}" if r["residual"] is not None else "none"
        return f"NashConv {r['nash_conv']:.1e}" if r["nash_conv"] is not None else "none"

    return Section(
        "equilibria", "Other equilibria", lead,
        tables=[Table("", [
            "reading", "found from", *(Column(analysis.say(e), format="percent") for e in ends),
            "certificate",
        ], [
            (r["reading"], r["found_from"], *(r["outcomes"][e] for e in ends),
             small(r) + ("" if r["certified"] else " (not certified)")) for r in found
        ])],
        certified=all(r["certified"] for r in found),
        certificate=f"{sum(r['certified'] for r in found)} of {len(found)} certified; the answer's "
                    f"reading gives {percent(analysis.probability(analysis.deliberate))}",
    )
