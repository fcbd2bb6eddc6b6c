"""Assumptions: every number of the file with its range, source and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from detente.findings.finding import Finding, frame
from detente.scenario.labels import labels
from detente.scenario.quantity import Kind, Quantity

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "AssumptionRow", "rows", "section", "table"]


class AssumptionRow(TypedDict):
    """A number of the file: its value at the centre and its range, in its own units."""

    field: str
    value: float
    range: list[float] | None
    source: str | None
    reason: str | None


def rows(analysis: Analysis) -> list[AssumptionRow]:
    """Return one row per number, in the order of the file."""
    return [
        {
            "field": path, "value": float(q.centre),
            "range": [float(q.low), float(q.high)] if q.is_range else None,
            "source": str(q.source) if q.source else None, "reason": reason(q),
        }
        for path, q in analysis.compiled.graph.rules.numbers.items()
    ]


def reason(quantity: Quantity) -> str | None:
    """Return the reason for a number: the file's, or the convention that it follows."""
    if quantity.because:
        return str(quantity.because)
    if quantity.kind is Kind.WEIGHT and quantity.low == quantity.high == 1.0:
        return "convention: payoffs are counted in units of the stake"
    return None


def table(analysis: Analysis) -> pd.DataFrame:
    """Return the numbers with ``low`` and ``high`` in columns of their own."""
    return frame([
        {"field": r["field"], "value": r["value"], "low": r["range"] and r["range"][0],
         "high": r["range"] and r["range"][1], "source": r["source"], "reason": r["reason"]}
        for r in rows(analysis)
    ])


def section(analysis: Analysis) -> Section:
    """Return the table of assumptions and the sources."""
    from detente.render import Column, Section, Table

    found = analysis.compiled.graph.rules.numbers
    bare = sum(1 for q in found.values() if reason(q) is None)
    named = labels(found.values(), analysis.titles)
    tables = [Table("", ["number", "value or range", "reason", "source",
                        Column("path", on_paper=False)], [
        (named[path], str(q), reason(q) or "none given", q.source or "–", path)
        for path, q in found.items()
    ])]
    if analysis.scenario.sources:
        tables.append(Table("Sources", ["id", "reference", "date"], [
            (s.id, s.cite, s.date or "–") for s in analysis.scenario.sources
        ]))
    return Section(
        FINDING.key, FINDING.title,
        f"The {len(found)} numbers of the file are its author's assumptions, not measurements."
        + (f" {bare} of them have no reason in the file." if bare else ""),
        tables=tables,
    )


FINDING = Finding("assumptions", "Assumptions and sources", 120, section, rows,
                  list[AssumptionRow], table)
