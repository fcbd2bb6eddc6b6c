"""Outcomes: how likely each ending is, in both readings and the other equilibria, with bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.findings.answer import listed, of_any_kind, percent, small, span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["rows", "section"]


def rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one row an ending: name, deliberate, fallible, low, high, deliberate_low, ..."""
    careful, erring = analysis.deliberate.outcomes(), analysis.fallible.outcomes()
    out = []
    for k, name in enumerate(analysis.names):
        one = np.zeros(len(analysis.names), dtype=bool)
        one[k] = True
        band, strict = analysis.band.between(one), analysis.deliberate_band.between(one)
        out.append({
            "name": name, "deliberate": careful[name], "fallible": erring[name],
            "low": band and band[0], "high": band and band[1],
            "deliberate_low": strict and strict[0], "deliberate_high": strict and strict[1],
            "others": [o.outcomes()[name] for o in analysis.others if o.certificate.certified],
        })
    return sorted(out, key=lambda r: -(r["deliberate"] + r["fallible"]))


def section(analysis: Analysis) -> Section:
    """Return the section, likeliest ending first."""
    from detente.render import Column, Section, Table, charts

    found = [{**r, "name": analysis.say(r["name"])} for r in analysis.once(rows)]
    top = found[0]
    lead = (
        f"The likeliest ending is {top['name']}: {percent(top['deliberate'])} if governments act "
        f"deliberately, {percent(top['fallible'])} allowing for errors."
    )
    wide = [r for r in found if r["low"] is not None and r["high"] - r["low"] > 0.5]
    if wide:
        open_ends = "; ".join(
            f"{r['name']} {span(r['low'], r['high'])}" for r in wide
        )
        lead += f" Over the stated assumptions even that is open: {open_ends}."
    band = [
        "(no sample certified)" if r["low"] is None else span(r["low"], r["high"]) for r in found
    ]
    table = Table("", [
        "ending", Column("deliberate", format="percent", bar=True),
        Column("fallible", format="percent", bar=True), "5 to 95 % of samples",
        Column("in other equilibria"),
    ], [
        (r["name"], r["deliberate"], r["fallible"], b,
         listed(r["others"]) or "–")
        for r, b in zip(found, band, strict=True)
    ])
    shown = analysis.band.outcomes[analysis.band.certified]
    spread = charts.histogram(
        shown[:, analysis.mask].sum(axis=1).tolist(), outcome=analysis.question,
        marks={
            "deliberate": analysis.probability(analysis.deliberate),
            "fallible": analysis.probability(analysis.fallible),
        },
    )
    return Section(
        "outcomes", "How it ends", lead, tables=[table],
        charts=[charts.outcomes(found), spread],
        notes=[
            "Deliberate: governments follow the equilibrium but for rare trembles. Fallible: they "
            "err, the less the more is at stake, as estimated models of crises assume. The band "
            "runs over the analyst's ranges in the fallible reading; it says what the file leaves "
            "open, not how often the model is wrong.",
            *of_any_kind(analysis.question, analysis.names),
        ],
        certificate=certificate_line(analysis), certified=analysis.certified,
    )


def certificate_line(analysis: Analysis) -> str:
    """Return both certificates and the count of samples in a line."""
    f, d = analysis.fallible.certificate, analysis.deliberate.certificate

    n, ok = len(analysis.band.certified), int(analysis.band.certified.sum())
    m, good = len(analysis.deliberate_band.certified), int(analysis.deliberate_band.certified.sum())
    return (
        f"fallible: residual {small(f.residual)}, lambda {analysis.lam:g}; deliberate: NashConv "
        f"{small(d.nash_conv)} of the stake, floor {analysis.deliberate.epsilon:g}; samples "
        f"certified: {ok} of {n} fallible, {good} of {m} deliberate (floor "
        f"{analysis.epsilon:g}); seed {analysis.seed}"
    )
