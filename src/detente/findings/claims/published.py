"""Tables of the published models that claims point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.render.numbers import span

if TYPE_CHECKING:
    from detente.analysis.claims.result import ClaimResult
    from detente.render import Table

__all__ = ["propositions_table", "quantities_table", "remarks"]

MOST_ROWS, PRINTED = 8, 6
"""Quantities of one model that the report shows; those with both answers come first."""


def quantities_table(found: list[ClaimResult]) -> Table:
    """Return each claim's model: closed form and solver's answer side by side."""
    from detente.render import Column, Table

    rows = []
    for f in found:
        if f.published is None:
            continue
        certified = "checked" if f.published["certificate"]["certified"] else "check failed"
        solved = sorted(f.published["rows"], key=lambda r: r["difference"] is None)
        rows += [
            (f.id, f.published["model"], r["quantity"].replace("_", " "), r["closed_form"],
             r["solver"], r["difference"], certified if r["solver"] is not None else "–")
            for r in solved[:MOST_ROWS]
        ]
    return Table("Published models on the same question", [
        "claim", "model", "quantity", Column("closed form", format=".4f"),
        Column("solver", format=".4f"), Column("difference", format="+.1e"), "solver's answer",
    ], rows, printed=PRINTED)


def propositions_table(found: list[ClaimResult]) -> Table:
    """Return the region of its model's parameters in which each claim's proposition holds."""
    from detente.render import Column, Table

    rows = []
    for f in found:
        if f.published is None:
            continue
        for p in f.published["propositions"]:
            box = ", ".join(f"{k} in [{a:g}, {b:g}]" for k, (a, b) in p["box"].items())
            box += f", given {p['given']}" if p["given"] else ""
            rows.append((
                f"{f.id}: {p['says']}", f"{f.published['model']}: {p['inequality']}", box,
                p["share"], span(p["low"], p["high"]), p["exact"],
            ))
    return Table("Region of the published proposition", [
        "claim", "exactly when", "over", Column("holds in", format="percent"), "99 %",
        Column("exact share", format="percent"),
    ], rows)


def remarks(found: list[ClaimResult]) -> list[str]:
    """Return each model's citation, parameters and notes, and the base rates."""
    out = []
    for f in found:
        if f.rate is not None:
            out.append(f"{f.id}: base rate {f.rate} (`detente data rates {f.rate}`)")
        if f.published is None:
            continue
        at = ", ".join(f"{k} = {v:g}" for k, v in f.published["parameters"].items())
        out.append(f"{f.id}: {f.published['model']} at {at}. {f.published['citation']}")
        out += [f"{f.id}: {p['note']}" for p in f.published["propositions"] if p["note"]]
    return out
