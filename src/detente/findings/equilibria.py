"""The other equilibria: what else is as consistent with the same assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.findings.answer import FEW, percent, span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["line", "rows", "section"]


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
    # The two reported, then what else there is: one by one, or where many by reading.
    lines = [line([r], r["found_from"], ends) for r in found[:2]]
    if n <= FEW:
        lines += [line([r], r["found_from"], ends) for r in found[2:]]
    else:
        for reading in ("deliberate", "fallible"):
            if alike := [r for r in found[2:] if r["reading"] == reading]:
                lines.append(line(alike, f"{len(alike)} found by the search", ends))
    return Section(
        "equilibria", "Other equilibria", lead,
        tables=[Table("", [
            "reading", "found from", *map(analysis.say, ends),
            "certificate",
        ], lines)],
        notes=[] if n <= FEW else ["Of those that the search found the table gives the least and "
                                   "the greatest of each ending; detente run --json lists each."],
        certified=all(r["certified"] for r in found),
        certificate=f"{sum(r['certified'] for r in found)} of {len(found)} certified; the answer's "
                    f"reading gives {percent(analysis.probability(analysis.deliberate))}",
    )


def line(alike: list[dict[str, Any]], how: str, ends: list[str]) -> tuple[str, ...]:
    """Return a row of the table for equilibria of one reading: figures, or from least to greatest.

    The certificate is the worst of them.
    """
    key, word = (("residual", "residual") if alike[0]["reading"] == "fallible"
                 else ("nash_conv", "NashConv"))
    errors = [r[key] for r in alike]
    worst = "none" if None in errors else f"{word} {max(0.0, *errors):.1e}"
    lost = sum(not r["certified"] for r in alike)
    mark = "" if not lost else " (not certified)" if len(alike) == 1 else (
        f" ({lost} not certified)")
    found = [[r["outcomes"][e] for r in alike] for e in ends]
    return (alike[0]["reading"], how, *(span(min(x), max(x)) for x in found), worst + mark)
