"""Other equilibria: other solutions under the same assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.findings.finding import Finding
from detente.render.numbers import FEW, error, percent, span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["FINDING", "EquilibriumRow", "line", "rows", "section"]


class EquilibriumRow(TypedDict):
    """An equilibrium: probabilities of the outcomes and its errors, in units of the stake."""

    reading: str
    found_from: str
    outcomes: dict[str, float]
    nash_conv: float | None
    residual: float | None
    certified: bool


def rows(analysis: Analysis) -> list[EquilibriumRow]:
    """Return every equilibrium found, the two of the answer first."""

    def one(eq: Equilibrium, how: str) -> EquilibriumRow:
        return {
            "reading": eq.reading, "found_from": how, "outcomes": eq.outcomes(),
            "nash_conv": eq.certificate.nash_conv, "residual": eq.certificate.residual,
            "certified": bool(eq.certificate.certified),
        }

    return [
        one(analysis.deliberate, "the fallible equilibrium"),
        one(analysis.fallible, analysis.fallible.found_from),
        *(one(o, o.found_from) for o in analysis.others),
    ]


def section(analysis: Analysis) -> Section:
    """Return the table of equilibria."""
    from detente.render import Section, Table

    found = analysis.once(rows)
    n, searched = len(analysis.others), analysis.others
    effort = (f"(continuation from lambda {searched.lambda_from:g}, "
              f"{searched.starts} random starts)")
    lead = (
        f"The search {effort} found no equilibrium with other outcomes. "
        "This does not prove that none exists."
        if n == 0 else
        f"The search {effort} found {n} with other outcomes. They are as consistent with the "
        "assumptions as the one reported."
    )
    ends = [name for name in analysis.names if any(r["outcomes"][name] >= 0.01 for r in found)]
    # The two of the answer, then the others: each in its own row, or by model if there are many.
    lines = [line([r], r["found_from"], ends) for r in found[:2]]
    if n <= FEW:
        lines += [line([r], r["found_from"], ends) for r in found[2:]]
    else:
        for reading in ("deliberate", "fallible"):
            if alike := [r for r in found[2:] if r["reading"] == reading]:
                lines.append(line(alike, f"{len(alike)} found by the search", ends))
    return Section(
        FINDING.key, FINDING.title, lead,
        tables=[Table("", [
            "model", "found from", *(analysis.ending_words[e] for e in ends),
            "certificate",
        ], lines)],
        notes=[] if n <= FEW else ["For each outcome the table gives the smallest and the largest "
                                   "probability in the other equilibria. `detente run --json` "
                                   "lists every equilibrium."],
        certified=all(r["certified"] for r in found),
        certificate=f"{sum(r['certified'] for r in found)} of {len(found)} passed their check; "
                    f"P({analysis.question}) in the deliberate model: "
                    f"{percent(analysis.probability(analysis.deliberate))}",
    )


def line(alike: list[EquilibriumRow], how: str, ends: list[str]) -> tuple[str, ...]:
    """Return a row for equilibria of one model: values, or ranges if there are several.

    The certificate is the worst of them.
    """
    fallible = alike[0]["reading"] == "fallible"
    errors = [r["residual"] if fallible else r["nash_conv"] for r in alike]
    known = [x for x in errors if x is not None]
    word = "residual" if fallible else "NashConv"
    worst = "none" if len(known) < len(errors) else f"{word} {error(max(0.0, *known))}"
    lost = sum(not r["certified"] for r in alike)
    mark = "" if not lost else " (check failed)" if len(alike) == 1 else (
        f" ({lost} failed the check)")
    found = [[r["outcomes"][e] for r in alike] for e in ends]
    return (alike[0]["reading"], how, *(span(min(x), max(x)) for x in found), worst + mark)


FINDING = Finding("equilibria", "Other equilibria", 90, section, lambda a: a.once(rows),
                  list[EquilibriumRow])
