"""A comparison as report sections: the outcomes of the cases, and their drivers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from detente.analysis.claims.outside import in_game
from detente.analysis.compare import VISIBLE
from detente.analysis.question import ALONE
from detente.findings.answer import of_any_kind
from detente.findings.claims.outside import answer, short
from detente.findings.drivers import LEAST
from detente.render.numbers import error, percent, quoted, span
from detente.render.numbers import points as points_in_words
from detente.render.plain import cell
from detente.scenario.labels import labels

if TYPE_CHECKING:
    from detente.analysis.compare import Comparison
    from detente.render import Report, Section

__all__ = ["report", "sections"]

LEAST_SHOWN = 5e-5
"""Differences of probabilities below this are shown as zero."""


def joined(low: str, high: str) -> str:
    """Return a band from the words for its ends; one word if both are the same.

    Examples
    --------
    >>> joined("−0.1", "+2.0"), joined("0.0", "0.0")
    ('−0.1 to +2.0', '0.0')
    """
    return low if low == high else f"{low} to {high}"


def points(x: float | None) -> str:
    """Return a difference of probabilities in percentage points.

    Differences below 0.005 points are rounded to zero: they are in the order of the errors of the
    solutions.

    Examples
    --------
    >>> points(0.21), points(-0.0004), points(-2.9e-11), points(None)
    ('+21', '−0.04', '0', '–')
    """
    return points_in_words(0.0 if x is not None and abs(x) < LEAST_SHOWN else x)


def sections(found: Comparison) -> list[Section]:
    """Return the sections."""
    from detente.render import Column, Section, Table, charts

    rows = found.rows()
    base = found.sides[0].name
    asked = found.ending_words.get(found.question, found.question)
    words = dict(found.ending_words)
    if len(found.wars.intersection(found.endings)) > 1 and "war" in words:
        words["war"] = ALONE  # P(war) counts every kind of war
    alike = found.wars if found.question == "war" else {found.question}
    lead = "; ".join(
        f"{s.name}: {cell(_of(rows, s.name, alike, 'deliberate'), 'percent')} deliberate, "
        f"{cell(_of(rows, s.name, alike, 'fallible'), 'percent')} fallible"
        for s in found.sides
    )
    likely = {e: max(r["deliberate"] + r["fallible"] for r in rows if r["outcome"] == e)
              for e in found.endings}
    ordered = sorted(rows, key=lambda r: (-likely[r["outcome"]],
                                          found.endings.index(r["outcome"])))
    there = {(s.name, e) for s in found.sides for e in s.batch.outcome_names}
    table = Table("", [
        "outcome", "case", Column("deliberate", format="percent"),
        Column("fallible", format="percent"), "5 to 95 % of samples",
    ], [
        (words[r["outcome"]], r["variant"], r["deliberate"], r["fallible"],
         span(r["low"], r["high"])) if (r["variant"], r["outcome"]) in there
        else (words[r["outcome"]], r["variant"], None, None, "not possible") for r in ordered
    ])
    apart = Table(f"Differences from {base}, in points", [
        "outcome", "case", "deliberate", "fallible", "same sign", "mean over samples",
        "5 to 95 % of samples",
    ], [
        (words[r["outcome"]], r["variant"], points(r["difference_deliberate"]),
         points(r["difference_fallible"]), _same_sign(r),
         points(r["difference_mean"]),
         joined(points(r["difference_low"]), points(r["difference_high"])))
        for r in ordered if r["variant"] != base
    ])
    out = [Section(
        "comparison", "Outcomes by case",
        f"{most_probable(found)} P({asked}). {lead}.{largest(rows, base, alike, words)}",
        tables=[table, apart],
        charts=[charts.comparison([
            {**r, "outcome": words[r["outcome"]], "p": r["fallible"]} for r in ordered
            if (r["variant"], r["outcome"]) in there])],
        notes=["A number with a range in several cases has the same samples in all of them, so a "
               "difference comes from the differences between the cases. The ranges of "
               "differences cover the samples that passed their check in both cases.",
               *replaced(found),
               *signs([(words[r["outcome"]], r["variant"]) for r in ordered if r["signs_differ"]]),
               *of_any_kind(found.question, found.endings, found.wars)],
        certified=found.certified,
    )]
    drivers = [r for r in found.drivers() if any(
        abs(x) >= LEAST for x in r["points"].values() if x is not None)][:15]
    named = labels(found.numbers.values(), found.titles)
    if drivers:
        out.append(Section(
            "drivers", "Drivers by case",
            f"Percentage points of P({asked}) for a tenth of each number's range.",
            tables=[Table("", ["number", *(s.name for s in found.sides)], [
                (named[r["parameter"]], *(cell(r["points"][s.name], "+.2f") for s in found.sides))
                for r in drivers
            ])],
            notes=["Exact derivatives at the centre of each case's ranges, fallible model. "
                   "Numbers that change it by less than 0.01 points in every case are left out."],
            certified=all(s.slopes is not None for s in found.sides),
        ))
    if found.asked:
        out.append(claims_section(found))
    return out


def replaced(found: Comparison) -> list[str]:
    """Return the note on precisions of the cases that differ and were replaced on request."""
    if not found.overruled:
        return []
    own = ", ".join(f"{name}: {text}" for name, text in found.overruled.items())
    return [f"The precisions of the cases differ ({own}). Lambda is fixed at {found.lam:g} in all "
            "of them, so this difference is not part of the comparison. Without --lambda each case "
            "has its own."]


def most_probable(found: Comparison) -> str:
    """Return a sentence on the most probable outcome of each case, before any other outcome."""
    def top(odds: Mapping[str, float]) -> str:
        return quoted(found.ending_words[max(odds, key=lambda name: odds[name])])

    each = {s.name: (top(s.deliberate.outcomes()), top(s.fallible.outcomes()))
            for s in found.sides}
    kinds = set(each.values())
    if len(kinds) == 1:
        one, two = kinds.pop()
        if one == two:
            return f"The most probable outcome is {one} in each case."
        return (f"The most probable outcome is {one} in the deliberate and {two} in the fallible "
                "model of each case.")
    words = "; ".join(f"{name}: {one}" + (f" / {two}" if two != one else "")
                      for name, (one, two) in each.items())
    return f"Most probable outcome, deliberate / fallible: {words}."


def largest(
    rows: list[dict[str, Any]], base: str, asked: Collection[str], words: Mapping[str, str]
) -> str:
    """Return a sentence on the largest difference, if it is that of an outcome not asked about."""
    apart = [(abs(r[f"difference_{model}"]), model, r) for r in rows if r["variant"] != base
             for model in ("fallible", "deliberate") if r[f"difference_{model}"] is not None]
    size, model, row = max(apart, key=lambda x: x[0], default=(0.0, "", {}))
    if size < VISIBLE or row["outcome"] in asked:
        return ""
    first = next(r for r in rows if r["variant"] == base and r["outcome"] == row["outcome"])
    return (f" The largest difference is that of {quoted(words[row['outcome']])} in the {model} "
            f"model: {percent(first[model])} {base}, {percent(row[model])} {row['variant']}.")


def _same_sign(row: dict[str, Any]) -> str:
    """Return whether both models agree about a direction; a dash if one of them has none."""
    if row["signs_differ"]:
        return "no"
    both = row["difference_deliberate"], row["difference_fallible"]
    return "yes" if all(x is not None and abs(x) >= VISIBLE for x in both) else "–"


def signs(pairs: list[tuple[str, str]]) -> list[str]:
    """Return the note on the differences about whose direction the two models disagree.

    Examples
    --------
    >>> signs([("war", "no mediator")])[0][:73]
    'The two models disagree about the direction of these differences: war (no'
    """
    if not pairs:
        return []
    listed = "; ".join(f"{what} ({case})" for what, case in pairs)
    return [f"The two models disagree about the direction of these differences: {listed}. Such a "
            "difference depends on the model of choice and supports no conclusion by itself."]


def claims_section(found: Comparison) -> Section:
    """Return the claims in each case, and their differences."""
    from detente.render import Section, Table

    rows = found.claims()
    base = found.sides[0].name
    said = Table("", ["claim", "case", "fallible", "deliberate", "holds in, of samples (95 %)"], [
        (r["claim"], r["variant"], _holds(r, "fallible"), _holds(r, "deliberate"),
         "–" if r["share"] is None else f"{cell(r['share'], 'percent')} "
         f"({span(r['share_low'], r['share_high'])})")
        for r in rows
    ])
    compared = Table("Numbers compared, at the centre", ["claim", "case", "fallible"], [
        (r["claim"], r["variant"],
         f"cannot be tested: {r['cannot']}" if r["cannot"] else _numbers(r)) for r in rows
        if in_game(r["outside"])
    ])
    apart = Table(f"Change of the margin from {base}", [
        "claim", "case", "fallible", "deliberate", "same sign", "5 to 95 % of samples",
        "samples whose verdict changes",
    ], [
        (r["claim"], r["variant"], _more(r["difference_fallible"]),
         _more(r["difference_deliberate"]), _same_sign(r),
         joined(_more(r["difference_low"]), _more(r["difference_high"])), _turning(r))
        for r in rows if r["variant"] != base and not r["cannot"] and in_game(r["outside"])
    ])
    turned = list(dict.fromkeys(
        r["claim"] for r in rows for first in rows
        if first["claim"] == r["claim"] and first["variant"] == base
        and None not in (r["fallible"], first["fallible"]) and r["fallible"] != first["fallible"]
    ))
    beside = dict.fromkeys(
        f"{r['claim']} ({r['variant']}): {answer(r['outside'])}" for r in rows
        if not in_game(r["outside"]))
    lead = (
        f"The verdict at the centre changes between the cases for: {', '.join(turned)}."
        if turned else "No verdict at the centre changes between the cases (fallible model)."
    )
    return Section(
        "claims", "Claims by case", lead, tables=[said, apart, compared],
        notes=[f"{c.id}: {c.says} Tested as: {c.holds_if}" for c in found.asked] + [
            "The margin is the difference between the two sides of the comparison, in its units "
            "(the smallest one if a claim joins several). It is positive if the claim comes "
            "nearer to holding. Ranges cover the samples that passed their check in both cases.",
            *beside, *signs([(r["claim"], r["variant"]) for r in rows if r["signs_differ"]])],
        certified=all(a.certified for s in found.sides for a in s.answers.values()),
        certificate="every point and sample was solved and checked separately",
    )


def _holds(row: dict[str, Any], reading: str) -> str:
    if row["cannot"]:
        return "–"
    if not in_game(row["outside"]):
        return short(row["outside"])
    if row[f"close_{reading}"]:
        return "too close to call"
    return {True: "holds", False: "fails", None: "no condition"}[row[reading]]


def _numbers(row: dict[str, Any]) -> str:
    return "; ".join(
        term.words for term in row["numbers"] if not term.constant
    )


def _more(x: float | None) -> str:
    return cell(x, "+.3f")


def _turning(row: dict[str, Any]) -> str:
    """Return the number of samples in which the answer differs from the base."""
    if not row["samples"]:
        return "–"
    return f"{row['gained']} to holding, {row['lost']} from it, of {row['samples']}"


def _of(
    rows: list[dict[str, Any]], case: str, asked: Collection[str], reading: str
) -> float:
    return float(sum(
        r[reading] for r in rows if r["variant"] == case and r["outcome"] in asked))


def _line(found: Comparison) -> str:
    """Return every case's certificate in a line."""
    words = []
    for s in found.sides:
        f, d = s.fallible.certificate, s.deliberate.certificate
        words.append(
            f"{s.name}: residual {error(f.residual)}, NashConv {error(d.nash_conv)}, "
            f"{int(s.batch.certified.sum())} of {s.batch.size} samples passed their check"
        )
    lams = [f"{s.compiled.lam:g}" for s in found.sides]
    told = lams[0] if len(set(lams)) == 1 else ", ".join(
        f"{lam} ({s.name})" for lam, s in zip(lams, found.sides, strict=True))
    return "; ".join(words) + f"; lambda {told}, seed {found.seed}"


def report(found: Comparison) -> Report:
    """Return the comparison as a report."""
    from detente.render import Report

    made = sections(found)
    return Report(
        "Comparison: " + ", ".join(s.name for s in found.sides), "", made[0].lead, made,
        meta={"lambda": found.lam, "seed": found.seed, "samples": found.samples},
        certificate=_line(found), answer_certified=found.certified, data=found.as_dict(),
    )
