"""Outcomes: the probability of each outcome in both models and in the other equilibria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.findings.answer import of_any_kind
from detente.findings.finding import Finding, frame
from detente.render.numbers import error, listed, percent, span

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["FINDING", "OutcomeRow", "certificate_line", "rows", "section", "table"]

ROUNDED = 0.005
"""Differences of probabilities below this do not show in whole percentages."""
ENOUGH = 20
"""With fewer samples the 5th or the 95th percentile is that of the extreme sample."""
WIDE = 0.5
"""Ranges wider than this are not robust."""


class OutcomeRow(TypedDict):
    """An outcome: probabilities, and the 5th and 95th percentile over the samples.

    The samples cover the ranges and the structural alternatives of the file, with their weights.
    """

    name: str
    deliberate: float
    fallible: float
    low: float | None
    high: float | None
    deliberate_low: float | None
    deliberate_high: float | None
    others: list[float]


def rows(analysis: Analysis) -> list[OutcomeRow]:
    """Return one row per outcome, the most probable first."""
    careful, erring = analysis.deliberate.outcomes(), analysis.fallible.outcomes()
    out: list[OutcomeRow] = []
    pool = analysis.pooled
    for name in pool.names():  # one that only another structure has is 0 in the file as written
        band, strict = pool.between("fallible", name), pool.between("deliberate", name)
        out.append({
            "name": name, "deliberate": careful.get(name, 0.0), "fallible": erring.get(name, 0.0),
            "low": band and band[0], "high": band and band[1],
            "deliberate_low": strict and strict[0], "deliberate_high": strict and strict[1],
            "others": [o.outcomes().get(name, 0.0) for o in analysis.others
                       if o.certificate.certified],
        })
    return sorted(out, key=lambda r: -(r["deliberate"] + r["fallible"]))


def outside(found: Sequence[OutcomeRow]) -> list[tuple[str, str]]:
    """Return the outcomes whose probability at the centre is outside its range, with the model.

    Differences of less than 0.005 are left out.

    Examples
    --------
    >>> outside([{"name": "war", "deliberate": 0.3, "fallible": 0.1, "deliberate_low": 0.0,
    ...           "deliberate_high": 0.2, "low": 0.0, "high": 0.2, "others": []}])
    [('war', 'deliberate')]
    """
    out = []
    for r in found:
        for model, p, low, high in (
            ("deliberate", r["deliberate"], r["deliberate_low"], r["deliberate_high"]),
            ("fallible", r["fallible"], r["low"], r["high"]),
        ):
            if low is not None and high is not None and not (
                    low - ROUNDED <= p <= high + ROUNDED):
                out.append((r["name"], model))
    return out


def outside_note(analysis: Analysis) -> list[str]:
    """Return a note on the central probabilities that are outside their range."""
    found = outside(analysis.once(rows))
    if not found:
        return []
    named = ", ".join(f"{analysis.ending_words[name]} ({model})" for name, model in found)
    (_, n), (_, m) = map(analysis.pooled.passed, ("fallible", "deliberate"))
    few = f" There are only {min(n, m)} samples in one of the models." if min(n, m) < ENOUGH else ""
    return [f"The probability at the centre of the ranges is outside the 5 to 95 % of the samples "
            f"for: {named}. The centre is one point, and a sample moves all numbers at once.{few}"]


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per outcome and model, with the errors of the model's solution."""
    found: list[dict[str, Any]] = []
    for r in analysis.once(rows):
        for eq, p, low, high in (
            (analysis.deliberate, r["deliberate"], r["deliberate_low"], r["deliberate_high"]),
            (analysis.fallible, r["fallible"], r["low"], r["high"]),
        ):
            found.append({
                "outcome": r["name"], "reading": eq.reading, "probability": p, "low": low,
                "high": high, "residual": eq.certificate.residual,
                "nash_conv": eq.certificate.nash_conv, "epsilon": eq.epsilon,
                "samples_epsilon": analysis.epsilon if eq is analysis.deliberate else None,
                "certified": bool(eq.certificate.certified),
            })
    return frame(found)


def most_probable(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence on the most probable outcome, or on one for each model if they differ.

    Examples
    --------
    >>> text = most_probable([{"name": "war", "deliberate": 0.6, "fallible": 0.48},
    ...                       {"name": "settlement", "deliberate": 0.4, "fallible": 0.52}])
    >>> text.removeprefix("The most probable outcome is ")
    'war (60 %) if governments act deliberately, and settlement (52 %) if they make mistakes.'
    """
    one = max(found, key=lambda r: r["deliberate"])
    two = max(found, key=lambda r: r["fallible"])
    if one["name"] != two["name"]:
        return (f"The most probable outcome is {one['name']} ({percent(one['deliberate'])}) if "
                f"governments act deliberately, and {two['name']} ({percent(two['fallible'])}) if "
                "they make mistakes.")
    return (f"The most probable outcome is {one['name']}: {percent(one['deliberate'])} if "
            f"governments act deliberately, {percent(one['fallible'])} if they make mistakes.")


def section(analysis: Analysis) -> Section:
    """Return the section, the most probable outcome first."""
    from detente.render import Column, Section, Table, charts

    found: list[dict[str, Any]] = [
        {**r, "name": analysis.ending_words[r["name"]]} for r in analysis.once(rows)
    ]
    lead = most_probable(found)
    wide = [(r["name"], ends, model) for r in found for ends, model in (
        ((r["deliberate_low"], r["deliberate_high"]), "deliberate"),
        ((r["low"], r["high"]), "fallible"),
    ) if ends[0] is not None and ends[1] - ends[0] > WIDE]
    if wide:
        open_ends = "; ".join(
            f"{name} runs from {span(*ends)} in the {model} model" for name, ends, model in wide
        )
        lead += f" This is not robust: across {covered(analysis)} {open_ends}."
    def band(low: float | None, high: float | None) -> str:
        return "(no sample passed)" if low is None else span(low, high)

    shown_table = Table("", [
        "outcome", Column("deliberate", format="percent"), "5 to 95 %",
        Column("fallible", format="percent"), "5 to 95 %",
        "other equilibria",
    ], [
        (r["name"], r["deliberate"], band(r["deliberate_low"], r["deliberate_high"]),
         r["fallible"], band(r["low"], r["high"]), listed(r["others"]))
        for r in found
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
        FINDING.key, FINDING.title, lead, tables=[shown_table],
        charts=[replace(charts.outcomes(found), on_paper=False), spread],  # it is in the brief
        notes=[
            "Deliberate: governments follow the equilibrium, with rare trembles. Fallible: "
            "governments make mistakes, and make fewer when more is at stake (logit quantal "
            f"response). The 5 to 95 % of the samples cover {covered(analysis)} in each model; "
            "they show your uncertainty, not the model's error.",
            *outside_note(analysis),
            *of_any_kind(analysis.question, analysis.names, analysis.compiled.tree.wars),
        ],
        certificate=certificate_line(analysis), certified=analysis.certified,
    )


def covered(analysis: Analysis) -> str:
    """Return what the samples cover, in words."""
    structures = analysis.pooled.count
    if structures == 1:
        return "the file's ranges"
    return f"the file's ranges, its precision and its {structures} structures"


def certificate_line(analysis: Analysis) -> str:
    """Return both certificates and the count of samples in a line."""
    f, d = analysis.fallible.certificate, analysis.deliberate.certificate

    ok, n = analysis.pooled.passed("fallible")
    good, m = analysis.pooled.passed("deliberate")
    return (
        f"fallible: residual {error(f.residual)}, lambda {analysis.lam:g}; deliberate: NashConv "
        f"{error(d.nash_conv)} of the stake, tremble probability {analysis.epsilon:g}; samples "
        f"that passed: {ok} of {n} fallible, {good} of {m} deliberate; seed {analysis.seed}"
    )


FINDING = Finding("outcomes", "Outcomes", 10, section, lambda a: a.once(rows), list[OutcomeRow],
                  table)
