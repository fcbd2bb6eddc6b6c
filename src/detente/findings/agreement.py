"""The zone of agreement, for negotiators: which settlements both sides prefer to no agreement."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import TypedDict

from detente.analysis.agreement import Agreement, Proposal, agreement
from detente.analysis.spread import band
from detente.analysis.terms import probabilities
from detente.findings.finding import Finding
from detente.render.numbers import count, number, percent, quoted, signed
from detente.scenario.labels import in_sentence, titles_of

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.arrays import Floats
    from detente.render import Chart, Section

__all__ = ["FINDING", "AgreementRows", "PointRow", "ProposalRow", "ValueRow", "rows", "section",
           "table"]

LOSS = "no deal"
POINTS = ("Nash", "Kalai-Smorodinsky", "each issue in the same proportion")
JOIN = ("alliance", "third_party_entry")
"""Mechanisms with an actor that may join a war."""
SMALL = 0.005
LISTED = 0.05
"""Terms that are not on offer are listed if both sides prefer them at least as often."""
TIED = 0.01
"""Settlements whose probabilities differ by less are named together."""
"""Gains from trade below this (stakes) are not worth a sentence."""


class ValueRow(TypedDict):
    """A value of both sides without agreement (stakes), with 5th and 95th percentile."""

    name: str
    first: float
    first_low: float | None
    first_high: float | None
    second: float
    second_low: float | None
    second_high: float | None


class PointRow(TypedDict):
    """A bargaining solution at the centre: gains (stakes), and the first side's share of issues."""

    point: str
    first: float | None
    second: float | None
    first_low: float | None
    first_high: float | None
    second_low: float | None
    second_high: float | None
    shares: dict[str, float]


class ProposalRow(TypedDict):
    """A settlement: gains at the centre (stakes), acceptance over types and samples, and readings.

    ``first_accepts``, ``second_accepts`` and ``both_accept`` are probabilities over types and
    samples; ``inside`` is the share of samples in which both sides gain on average.
    """

    package: str
    offered: bool
    share: float | None
    levels: dict[str, str]
    first_gain: float
    second_gain: float
    first_accepts: float
    second_accepts: float
    both_accept: float
    over_war: float
    over_no_deal: float
    inside: float
    deliberate: float | None
    fallible: float | None


class AgreementRows(TypedDict):
    """The zone of agreement of a case with a stake."""

    first: str
    second: str
    samples: int
    zone: float
    failure_is_war: float
    values: list[ValueRow]
    points: list[PointRow]
    proposals: list[ProposalRow]


def found(analysis: Analysis) -> Agreement | None:
    """Return the zone of agreement, computed once."""
    return analysis.once(agreement)


def rows(analysis: Analysis) -> AgreementRows | None:
    """Return the zone of agreement as data; None without a stake."""
    made = found(analysis)
    if made is None:
        return None
    weights = analysis.samples.weights

    def ends(values: Floats) -> tuple[float | None, float | None]:
        good = ~np.isnan(values)
        return band(values[good], None if weights is None else weights[good])

    def value(name: str, x: Floats) -> ValueRow:
        a, b = ends(x[1:, 0]), ends(x[1:, 1])
        return {"name": name, "first": float(x[0, 0]), "first_low": a[0], "first_high": a[1],
                "second": float(x[0, 1]), "second_low": b[0], "second_high": b[1]}

    values = [value("war", made.war), value(LOSS, made.no_deal),
              value("no agreement", made.disagreement)]
    points: list[PointRow] = []
    for name, point in zip(POINTS, (made.nash, made.kalai, made.split), strict=True):
        if name == POINTS[2] and len(made.issues) < 2:
            continue
        a, b = ends(point.gain[1:, 0]), ends(point.gain[1:, 1])
        some = bool(point.exists[0])
        points.append({
            "point": name, "first": float(point.gain[0, 0]) if some else None,
            "second": float(point.gain[0, 1]) if some else None, "first_low": a[0],
            "first_high": a[1], "second_low": b[0], "second_high": b[1],
            "shares": {issue: float(x) for issue, x in zip(made.issues, point.shares[0],
                                                           strict=True)} if some else {}})
    return {
        "first": made.principals[0], "second": made.principals[1], "samples": len(made.war) - 1,
        "zone": _mean(made.zone[1:], weights), "failure_is_war": _mean(made.by_war[1:], weights),
        "values": values, "points": points,
        "proposals": [row for row in (_row(one, analysis) for one in made.proposals)
                      if row["offered"] or row["both_accept"] >= LISTED],
    }


def _mean(x: Any, weights: Floats | None) -> float:
    return float(np.average(np.asarray(x, dtype=float), weights=weights))


def _row(one: Proposal, analysis: Analysis) -> ProposalRow:
    weights = analysis.samples.weights
    name = one.name.removesuffix(" (mediator)")
    reached = []
    for eq in (analysis.deliberate, analysis.fallible):
        p = probabilities(analysis.compiled.tree, eq.leaf_reach)
        wanted = [k for k, t in enumerate(analysis.compiled.tree.term_kinds or ())
                  if t.outcome.kind == "settlement" and name == (
                      t.package or ("" if t.share is None else f"{t.share:g}"))]
        reached.append(float(p[wanted].sum()) if one.offered else None)
    return {
        "package": one.name, "offered": one.offered, "share": one.share,
        "levels": dict(one.levels),
        "first_gain": float(one.gain[0, 0]), "second_gain": float(one.gain[0, 1]),
        "first_accepts": _mean(one.accepts[1:, 0], weights),
        "second_accepts": _mean(one.accepts[1:, 1], weights),
        "both_accept": _mean(one.both[1:], weights),
        "over_war": _mean(one.over_war[1:].prod(axis=1), weights),
        "over_no_deal": _mean(one.over_no_deal[1:].prod(axis=1), weights),
        "inside": _mean(one.inside[1:], weights),
        "deliberate": reached[0], "fallible": reached[1],
    }


def table(analysis: Analysis) -> pd.DataFrame:
    """Return the settlements as a data frame."""
    from detente.findings.finding import frame

    made = analysis.once(rows)
    return frame([] if made is None else made["proposals"])


def section(analysis: Analysis) -> Section | None:
    """Return the lead, the chart, and the tables of settlements, points and values."""
    from detente.render import Column, Section, Table

    made = analysis.once(rows)
    if made is None:
        return None
    titles = [analysis.titles[made[side]] for side in ("first", "second")]  # type: ignore[literal-required]
    marks = dict(zip([r["package"] for r in made["proposals"]], _marks(), strict=False))
    gain = [Column(f"gain of {t}", "stakes", "+.2f") for t in titles]
    pair = f"({titles[0]} / {titles[1]})"
    told = [(marks[r["package"]], r["package"] + ("" if r["offered"] else " (not on offer)"),
             f"{signed(r['first_gain'], 2)} / {signed(r['second_gain'], 2)}",
             f"{percent(r['first_accepts'])} / {percent(r['second_accepts'])}",
             r["both_accept"], r["deliberate"], r["fallible"]) for r in made["proposals"]]
    tables = [
        Table(f"Settlements {pair}", [
            "mark", "settlement", "gains (stakes)", "each prefers it",
            Column("both prefer it", format="percent"),
            Column("reached, deliberate", format="percent"),
            Column("reached, fallible", format="percent")], told),
        Table("Value without agreement", ["without agreement", *(
            part for t in titles for part in (Column(t, "stakes", ".2f"), "5 to 95 %"))],
            [(v["name"], v["first"], _ends(v["first_low"], v["first_high"]), v["second"],
              _ends(v["second_low"], v["second_high"])) for v in made["values"]]),
    ]
    if any(p["first"] is not None for p in made["points"]):
        tables.append(Table("Points on the frontier", ["point", *gain, "terms"], [
            (p["point"], p["first"], p["second"], _terms(p, titles[0])) for p in made["points"]]))
    return Section(
        FINDING.key, FINDING.title, _lead(made, analysis), tables=tables,
        charts=[_chart(analysis, made, marks, titles)], notes=list(_notes(made, titles)),
        certificate=f"{count(made['samples'])} samples of the ranges, seed {analysis.seed}; the "
        "zone needs no equilibrium; the columns of what is reached are from the checked solutions",
        certified=analysis.certified,
    )


def _marks() -> list[str]:
    return [*ascii_uppercase, *(a + b for a in ascii_uppercase for b in ascii_uppercase)]


def _ends(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{number(low)} to {number(high)}"


def _terms(point: PointRow, first: str) -> str:
    if point["first"] is None:
        return "no agreement is better for both"
    who = in_sentence(first)
    if list(point["shares"]) == [""]:
        return f"{who} has {number(point['shares'][''], 2)} of the stake"
    return f"share of {who}: " + ", ".join(
        f"{issue} {percent(share)}" for issue, share in point["shares"].items())


def _joiners(analysis: Analysis) -> str:
    """Return a sentence on the third parties that the zone leaves out; empty if none can join."""
    scenario, titles = analysis.scenario, titles_of(analysis.scenario)
    named = [in_sentence(titles.get(name, name)) for name in dict.fromkeys(
        str(m.spec.actor) for m in scenario.mechanisms if m.kind in JOIN)]
    if not named:
        return ""
    who = ", ".join(named[:-1]) + " and " * (len(named) > 1) + named[-1]
    return (f" The zone has two sides only. It leaves out that {who} may join a war; the "
            "probabilities of the game contain it.")


def _lead(made: AgreementRows, analysis: Analysis) -> str:
    return _two_sides(made) + _joiners(analysis)


def _two_sides(made: AgreementRows) -> str:
    best = max(made["proposals"], key=lambda r: r["both_accept"], default=None)
    zone = (f"Some agreement is better for both sides than no agreement in {percent(made['zone'])} "
            f"of {count(made['samples'])} samples.")
    if best is None:
        return f"{zone} The file names no offers."
    if best["both_accept"] < SMALL:
        return f"{zone} No settlement of the list is better for any pair of types."
    what = quoted(best["package"]) if best["share"] is None else best["package"]
    text = (f"{zone} Over types and samples, both sides most often prefer {what}: "
            f"{percent(best['both_accept'])}.")
    alike = [r["package"] for r in made["proposals"]
             if r is not best and best["both_accept"] - r["both_accept"] < TIED]
    if alike:
        text += f" As often, within a point: {'; '.join(map(quoted, alike))}."
    if not best["offered"]:
        on = max((r for r in made["proposals"] if r["offered"]),
                 key=lambda r: r["both_accept"], default=None)
        text += " It is not on offer"
        text += f"; of the offers it is {on['package']} ({percent(on['both_accept'])})." if on \
            else "."
    if best["deliberate"] is not None:
        text += (f" In the game {what} is reached with probability {percent(best['deliberate'])} "
                 f"(deliberate) and {percent(best['fallible'])} (fallible).")
    return text


def _notes(made: AgreementRows, titles: list[str]) -> list[str]:
    by = {p["point"]: p for p in made["points"]}
    out = []
    trade, even = by[POINTS[0]], by.get(POINTS[2])
    if even is not None and trade["first"] is not None and even["first"] is not None:
        more = [trade["first"] - even["first"],
                (trade["second"] or 0.0) - (even["second"] or 0.0)]
        out.append(f"Trading issues in place of dividing each in the same proportion changes the "
                   f"Nash gains by {signed(more[0], 2)} for {in_sentence(titles[0])} and "
                   f"{signed(more[1], 2)} for {in_sentence(titles[1])} (stakes).")
    elif even is not None and trade["first"] is not None:
        out.append("Dividing every issue in the same proportion gives no agreement that is better "
                   "for both sides; trading issues does.")
    return [
        *out,
        "The zone does not say that the parties reach an agreement. The columns of what is reached "
        "give the equilibrium's answer for each settlement.",
        "Values are those of an outcome at the start of the crisis, with the audience costs that "
        "the file states there; types are averaged with their priors. War is without a first "
        "striker and without third parties that join.",
        "No agreement: a type of the other side that prefers war to no deal attacks, and then "
        "there is war; otherwise there is the better of war and no deal. Over types and samples, "
        f"the failure of the talks ends in war with probability {percent(made['failure_is_war'])}.",
        "The frontier and its points divide each issue continuously, also if the file has two "
        "levels only: they are a standard of comparison and not a proposal. Side payments and "
        "face-saving may place a package above it. The Nash point has the greatest product of "
        "gains; the Kalai-Smorodinsky point has gains in proportion to the largest possible ones.",
    ]


def _chart(analysis: Analysis, made: AgreementRows, marks: dict[str, str],
           titles: list[str]) -> Chart:
    from detente.render import charts

    full = found(analysis)
    assert full is not None
    line = full.edge.payoff[0] - full.disagreement[0]
    none = made["values"][2]
    pairs = [(none[f"{side}_low"], none[f"{side}_high"], none[side])  # type: ignore[literal-required]
             for side in ("first", "second")]
    known = all(a is not None for a, _, _ in pairs)
    solved = {p["point"]: None if p["first"] is None or p["second"] is None
              else (p["first"], p["second"]) for p in made["points"][:2]}
    return charts.agreement(
        [{"mark": marks[r["package"]], "name": r["package"], "offered": r["offered"],
          "first": r["first_gain"], "second": r["second_gain"]} for r in made["proposals"]],
        [(float(x), float(y)) for x, y in line], sides=(titles[0], titles[1]), points=solved,
        zone=_zone(line, [(r["first_gain"], r["second_gain"]) for r in made["proposals"]]),
        bands=((pairs[0][0] - pairs[0][2], pairs[0][1] - pairs[0][2]),
               (pairs[1][0] - pairs[1][2], pairs[1][1] - pairs[1][2]))
        if known else None,
        title="Gains of both sides over no agreement, at the central numbers (shaded: both gain)",
    )


def _zone(line: Floats, packages: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the upper edge of the area in which both gain, as far as any agreement reaches.

    Side payments and face-saving may lead beyond the frontier, so that is not the edge.
    """
    x, y = line[::-1, 0], line[::-1, 1]  # x rises and y falls
    crossings = [(0.0, float(np.interp(0.0, x, y))), (float(np.interp(0.0, -y, x)), 0.0)]
    inside = [(a, b) for a, b in (*map(tuple, line), *packages) if a > 0 and b > 0]
    if not inside and min(crossings[0][1], crossings[1][0]) <= 0:
        return []
    right, top = (float(max(pair[k] for pair in (*inside, *crossings))) for k in (0, 1))
    return [(0.0, top), (right, top)]


FINDING = Finding("agreement", "Zone of agreement", 13, section, lambda a: a.once(rows),
                  AgreementRows | None, table)
