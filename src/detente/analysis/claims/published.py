"""The published model that a claim points to: closed form, solver's answer, and where it holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.analysis.claims.result import Finding
    from detente.render import Table
    from detente.scenario.schema import Claim

__all__ = ["propositions_table", "published", "quantities_table"]


MOST_ROWS = 8
"""Quantities of one model that the report shows, those with both answers first."""


def published(claim: Claim) -> dict[str, Any] | None:
    """Return a claim's model at its parameters, JSON-ready; None where it points to none.

    Keys: those of `detente.theory.base.Model.compare`, and ``propositions``: id, says,
    inequality, box, holds (at the parameters, None where the box has others), share, low, high
    (99 % Wilson interval), samples, exact, note.
    """
    if claim.model is None:
        return None
    return _compared(
        str(claim.model), tuple(sorted(claim.given.items())),
        None if claim.proposition is None else str(claim.proposition),
    )


@cache
def _compared(
    name: str, given: tuple[tuple[str, float], ...], proposition: str | None
) -> dict[str, Any]:
    from detente.theory import load
    from detente.theory.claims import CLAIMS

    values: dict[str, Any] = dict(given)
    found = load(name).compare(**values)
    asked = [CLAIMS[proposition]] if proposition is not None else [
        p for p in CLAIMS.values() if p.model == name
    ]
    rows = []
    for p in asked:
        share = p.share()
        known = found["parameters"]
        here = {k: known[k] for k in p.box} if set(p.box) <= set(known) else None
        rows.append({
            "id": p.id, "says": p.says, "inequality": p.inequality,
            "box": {k: list(ends) for k, ends in p.box.items()},
            "holds": None if here is None else p.holds(**here), "share": share.estimate,
            "low": share.low, "high": share.high, "samples": share.samples, "exact": share.exact,
            "note": p.note,
        })
    return {**found, "propositions": rows}


def quantities_table(found: list[Finding]) -> Table:
    """Return each claim's model: closed form and solver's answer side by side."""
    from detente.render import Column, Table

    rows = []
    for f in found:
        if f.published is None:
            continue
        certified = "certified" if f.published["certificate"]["certified"] else "not certified"
        solved = sorted(f.published["rows"], key=lambda r: r["difference"] is None)
        rows += [
            (f.id, f.published["model"], r["quantity"].replace("_", " "), r["closed_form"],
             r["solver"], r["difference"], certified if r["solver"] is not None else "–")
            for r in solved[:MOST_ROWS]
        ]
    return Table("Published models on the same question", [
        "claim", "model", "quantity", Column("closed form", format=".4f"),
        Column("solver", format=".4f"), Column("difference", format="+.1e"), "solver's answer",
    ], rows)


def propositions_table(found: list[Finding]) -> Table:
    """Return where in its model's parameters each claim's proposition holds."""
    from detente.render import Column, Table

    rows = []
    for f in found:
        if f.published is None:
            continue
        for p in f.published["propositions"]:
            box = ", ".join(f"{k} in [{a:g}, {b:g}]" for k, (a, b) in p["box"].items())
            rows.append((
                f"{f.id}: {p['says']}", f"{f.published['model']}: {p['inequality']}", box,
                p["share"], f"{100 * p['low']:.1f} to {100 * p['high']:.1f} %", p["exact"],
            ))
    return Table("Where the published proposition holds", [
        "claim", "exactly when", "over", Column("holds in", format="percent"), "99 %",
        Column("exact share", format="percent"),
    ], rows)


def remarks(found: list[Finding]) -> list[str]:
    """Return each model's citation and parameters, what should be said with it, and the rates."""
    out = []
    for f in found:
        if f.rate is not None:
            out.append(f"{f.id}: a base rate bears on it, {f.rate} (`detente data rates {f.rate}`)")
        if f.published is None:
            continue
        at = ", ".join(f"{k} = {v:g}" for k, v in f.published["parameters"].items())
        out.append(f"{f.id}: {f.published['model']} at {at}. {f.published['citation']}")
        out += [f"{f.id}: {p['note']}" for p in f.published["propositions"] if p["note"]]
    return out
