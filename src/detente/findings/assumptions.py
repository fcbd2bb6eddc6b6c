"""The assumptions: every number of the file, its range, its source and its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.scenario.labels import labels

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["rows", "section"]


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one row a number: field, value (at the centre), range, source, reason."""
    return [
        {
            "field": path, "value": q.centre,
            "range": [q.low, q.high] if q.is_range else None,
            "source": q.source or None, "reason": reason(path, q),
        }
        for path, q in analysis.compiled.graph.rules.numbers.items()
    ]


def reason(path: str, quantity: Any) -> str | None:
    """Return why a number is what it is: the file's reason, or the convention it follows."""
    if quantity.because:
        return str(quantity.because)
    if path.endswith(".stake_weight") and quantity.low == quantity.high == 1.0:
        return "convention: payoffs are counted in units of the stake"
    return None


def section(analysis: Analysis) -> Section:
    """Return the table of assumptions and the sources."""
    from detente.render import Section, Table

    found = analysis.compiled.graph.rules.numbers
    bare = sum(1 for path, q in found.items() if reason(path, q) is None)
    named = labels(found, analysis.titles)
    tables = [Table("", ["number", "value or range", "reason", "source", "its path"], [
        (named[path], str(q), reason(path, q) or "none given", q.source or "–", path)
        for path, q in found.items()
    ])]
    if analysis.scenario.sources:
        tables.append(Table("Sources", ["id", "reference", "date"], [
            (s.id, s.cite, s.date or "–") for s in analysis.scenario.sources
        ]))
    return Section(
        "assumptions", "What is assumed",
        f"The {len(found)} numbers of the file are its author's assumptions, not measurements."
        + (f" {bare} stand without a reason." if bare else ""),
        tables=tables,
    )
