"""Effect of decision precision: the outcomes at several values of lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.findings.finding import Finding
from detente.render.numbers import percent

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "SUPPORTED", "PrecisionRow", "rows", "section"]

SUPPORTED = (3.0, 15.0)
"""Lambda that history supports: the moves of October 1962 and of the winter of 2021-22 have their
highest evidence between these values. Estimates on 2,105 disputes and 486 crises give 3 to 8 over
the distance between a player's best and worst outcome. See the documentation, "Precision"."""


PrecisionRow = TypedDict("PrecisionRow", {
    "lambda": float, "certified": bool, "outcomes": dict[str, float],
})
"""Probabilities of the outcomes at one precision."""


def rows(analysis: Analysis) -> list[PrecisionRow]:
    """Return the outcomes at each lambda, the smallest first."""
    return [
        {"lambda": lam, "certified": bool(here.certificate.certified), "outcomes": here.outcomes()}
        for lam, here in analysis.precision_path
    ]


def section(analysis: Analysis) -> Section:
    """Return the chart of the precision path and the deliberate model."""
    from detente.render import Section, charts

    found = analysis.once(rows)
    given = analysis.scenario.precision
    good = [r for r in found if r["certified"]]
    lost = [f"{r['lambda']:g}" for r in found if not r["certified"]]
    names, words = analysis.names, analysis.ending_words
    chart = charts.precision(
        [r["lambda"] for r in good],
        {words[n]: [r["outcomes"][n] for r in good] for n in names},
        deliberate={words[n]: p for n, p in analysis.deliberate.outcomes().items()},
        at=analysis.lam,
        supported=SUPPORTED,
    )
    at = {r["lambda"]: sum(r["outcomes"][n] for n, m in zip(names, analysis.mask, strict=True) if m)
          for r in good}
    ends = ", ".join(
        f"{percent(at[x])} at lambda {x:g}" for x in (0.0, 10.0, analysis.lam) if x in at
    )
    return Section(
        FINDING.key, FINDING.title,
        f"P({analysis.question}) is {ends}, and "
        f"{percent(analysis.probability(analysis.deliberate))} "
        "in the deliberate model.",
        charts=[chart],
        notes=[
            f"Shaded: lambda {SUPPORTED[0]:g} to {SUPPORTED[1]:g}, at which the moves of two "
            "crises that were followed are most probable. Estimates on recorded crises lie at the "
            "low end. " + (
                f"The samples run over {given.low:g} to {given.high:g}." if given.is_range
                else f"This run has lambda fixed at {given.centre:g}."),
            *([f"Left out because the solution failed its check: lambda {', '.join(lost)}."]
              if lost else []),
        ],
        certificate=f"{len(good)} of {len(found)} values of lambda passed their check",
        certified=not lost,
    )


FINDING = Finding("precision", "Effect of decision precision (lambda)", 80, section,
                  lambda a: a.once(rows), list[PrecisionRow])
