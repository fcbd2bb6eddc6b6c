"""The precision path: outcomes as choices become more careful, from chance to deliberation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.findings.answer import percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["rows", "section"]


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return outcomes at each lambda: ``lambda``, ``certified``, ``outcomes``."""
    return [
        {"lambda": lam, "certified": here.certificate.certified, "outcomes": here.outcomes()}
        for lam, here in analysis.precision_path
    ]


def section(analysis: Analysis) -> Section:
    """Return the chart of the precision path with the deliberate end."""
    from detente.render import Section, charts

    found = rows(analysis)
    good = [r for r in found if r["certified"]]
    lost = [f"{r['lambda']:g}" for r in found if not r["certified"]]
    names = analysis.names
    chart = charts.precision(
        [r["lambda"] for r in good],
        {analysis.say(n): [r["outcomes"][n] for r in good] for n in names},
        deliberate={analysis.say(n): p for n, p in analysis.deliberate.outcomes().items()},
        at=analysis.lam,
    )
    at = {r["lambda"]: sum(r["outcomes"][n] for n, m in zip(names, analysis.mask, strict=True) if m)
          for r in good}
    ends = ", ".join(
        f"{percent(at[x])} at lambda {x:g}" for x in (0.0, 10.0, analysis.lam) if x in at
    )
    return Section(
        "precision", "From blunders to care",
        f"P({analysis.question}): {ends}, {percent(analysis.probability(analysis.deliberate))} "
        "deliberate.",
        charts=[chart],
        notes=[f"Not certified and left out: lambda {', '.join(lost)}."] if lost else [],
        certificate=f"{len(good)} of {len(found)} points certified", certified=not lost,
    )
