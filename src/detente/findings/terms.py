"""Terms: on which package or share the crisis settles, and who concedes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import TypedDict

from detente.analysis.terms import TIE, NearTie, near_ties, probabilities
from detente.findings.finding import Finding
from detente.render.numbers import percent, span
from detente.scenario.labels import in_sentence, titles_in_sentence

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.equilibrium import Equilibrium
    from detente.render import Section

__all__ = ["FINDING", "TermsRow", "rows", "section", "share_line", "words"]

RARE = 0.005
"""Terms less probable than this in both models are not listed in the table."""


class TermsRow(TypedDict):
    """Terms of an outcome: probability in both models, 5th and 95th percentile of the samples."""

    terms: str
    outcome: str
    package: str
    share: float | None
    deliberate: float
    fallible: float
    low: float | None
    high: float | None
    deliberate_low: float | None
    deliberate_high: float | None


def rows(analysis: Analysis) -> list[TermsRow]:
    """Return one row per distinct terms, the most probable first."""
    tree = analysis.compiled.tree
    careful = probabilities(tree, analysis.deliberate.leaf_reach)
    erring = probabilities(tree, analysis.fallible.leaf_reach)
    own = {one: k for k, one in enumerate(tree.term_kinds)}
    out: list[TermsRow] = []
    pool = analysis.pooled
    for one in dict.fromkeys([*own, *pool.term_kinds()]):
        k = own.get(one)  # None if only another structure has these terms
        low, high = pool.terms("fallible", one)
        low_d, high_d = pool.terms("deliberate", one)
        out.append({
            "terms": one.words(titles_in_sentence(analysis.titles)), "outcome": str(one.outcome),
            "package": one.package, "share": one.share,
            "deliberate": 0.0 if k is None else float(careful[k]),
            "fallible": 0.0 if k is None else float(erring[k]), "low": low, "high": high,
            "deliberate_low": low_d, "deliberate_high": high_d,
        })
    return sorted(out, key=lambda r: -(r["deliberate"] + r["fallible"]))


def expected_share(eq: Equilibrium) -> tuple[float, float, float] | None:
    """Return the mean, 5th and 95th percentile of the share given a settlement.

    None if no settlement occurs.
    """
    tree = eq.game
    if tree.share is None:
        return None
    settled = np.array([str(tree.outcome_kinds[k]) == "settlement" for k in tree.outcome])
    weight = np.where(settled & ~np.isnan(tree.share), eq.leaf_reach, 0.0)
    if weight.sum() < 1e-6:
        return None
    share = np.nan_to_num(tree.share)
    order = np.argsort(share, kind="stable")
    upto = np.cumsum(weight[order]) / weight.sum()
    low, high = (float(share[order][np.searchsorted(upto, p)]) for p in (0.05, 0.95))
    return float(weight @ share / weight.sum()), low, high


def share_line(analysis: Analysis) -> str:
    """Return the expected share given a settlement in both models, or an empty text."""
    stake = analysis.scenario.stake
    both = expected_share(analysis.deliberate), expected_share(analysis.fallible)
    if stake is None or both[0] is None or both[1] is None:
        return ""
    who = in_sentence(analysis.titles.get(stake.first, stake.first))
    return (f"Given a settlement, the expected share of {who} is {both[0][0]:.2f} (deliberate; "
            f"90 % of it {both[0][1]:g} to {both[0][2]:g}) and {both[1][0]:.2f} (fallible; "
            f"{both[1][1]:g} to {both[1][2]:g}).")


def ties(analysis: Analysis) -> list[NearTie]:
    """Return the near-ties between settlements in the fallible model."""
    return near_ties(analysis.compiled, analysis.fallible)


def words(tie: NearTie, analysis: Analysis) -> str:
    """Return the sentence about a near-tie."""
    who = in_sentence(analysis.titles.get(tie.actor, tie.actor))
    titles = titles_in_sentence(analysis.titles)
    far = ("they are worth the same" if tie.difference < 5e-4
           else f"they differ by {tie.difference:.3f} of the stake")
    return (f"The choice between {tie.one.package or tie.one.words(titles)} and "
            f"{tie.two.package or tie.two.words(titles)} is not explained: to {who}, who chooses, "
            f"{far}.")


def lead(found: Sequence[TermsRow]) -> str:
    """Return the sentence on the most probable terms of a settlement in each model."""
    settled = [r for r in found if r["outcome"] == "settlement"]
    if not settled:
        return "The table lists the outcomes with their terms."
    one = max(settled, key=lambda r: r["deliberate"])
    two = max(settled, key=lambda r: r["fallible"])
    if one is two:
        return (f"The most probable terms of a settlement are {_object(one)}: "
                f"{percent(one['deliberate'])} deliberate, {percent(one['fallible'])} fallible.")
    return (f"The most probable terms of a settlement are {_object(one)} in the deliberate model "
            f"({percent(one['deliberate'])}) and {_object(two)} in the fallible model "
            f"({percent(two['fallible'])}).")


def _object(row: TermsRow) -> str:
    return row["terms"].partition(": ")[2] or row["terms"]


def section(analysis: Analysis) -> Section | None:
    """Return the table of terms, the expected share and the near-ties."""
    from detente.render import Column, Section, Table

    found = analysis.once(rows)
    if len({r["outcome"] for r in found}) == len(found) and not any(r["package"] for r in found):
        return None  # the outcomes say it all

    def ends(low: float | None, high: float | None) -> str:
        return "–" if low is None or high is None else span(low, high)

    shown = [r for r in found if max(r["deliberate"], r["fallible"]) >= RARE]
    return Section(
        FINDING.key, FINDING.title,
        f"{lead(found)} {share_line(analysis)}".rstrip(),
        tables=[Table("", [
            "terms", Column("share", format=".2f"), Column("deliberate", format="percent"),
            "5 to 95 %", Column("fallible", format="percent"), "5 to 95 %",
        ], [
            (r["terms"], r["share"], r["deliberate"],
             ends(r["deliberate_low"], r["deliberate_high"]), r["fallible"],
             ends(r["low"], r["high"])) for r in shown
        ])],
        notes=[*(words(tie, analysis) for tie in analysis.once(ties)),
               "The share is that of the first principal of the stake. Two offers are a near-tie "
               "if their values to the actor who chooses differ by less than "
               f"{TIE:g} of the stake."],
        certificate="from the checked solutions and the samples whose odds are kept",
        certified=analysis.certified,
    )


FINDING = Finding("terms", "Terms of the outcome", 12, section, lambda a: a.once(rows),
                  list[TermsRow])
