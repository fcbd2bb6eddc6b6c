"""The brief: what a careful reader must know first, in at most 30 lines of a terminal.

It names the most probable outcome with its terms, the probabilities of the rest in both models with
their ranges, the effect of structure, every disagreement, the three numbers that matter most over
the ranges, the claims in a line each, and what is not in the model. Terminal, page and JSON show
the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from detente.analysis.question import APART
from detente.findings import drivers, structure, terms
from detente.findings.claims.wording import short
from detente.render.numbers import percent, quoted, span
from detente.scenario.labels import in_sentence, labels

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.render import Section

__all__ = ["brief", "early", "headline", "sentences"]

SEEN = 0.005
"""Outcomes less probable than this in both models are not listed."""
MOST_OUTCOMES, MOST_TERMS = 6, 2
MOST_CLAIM_LINES, COLUMNS = 6, 80
"""Lines for claims, one for the number of the others included, in a terminal of 80 columns."""


def tops(analysis: Analysis) -> tuple[str, str]:
    """Return the most probable outcome in the deliberate and in the fallible model."""
    careful, erring = analysis.deliberate.outcomes(), analysis.fallible.outcomes()
    return max(careful, key=lambda k: careful[k]), max(erring, key=lambda k: erring[k])


def close(outcomes: Mapping[str, float]) -> list[str]:
    """Return the most probable outcome and those within `APART` of it, the most probable first.

    Examples
    --------
    >>> close({"war": 0.2, "settlement": 0.42, "status quo": 0.38})
    ['settlement', 'status quo']
    """
    order = sorted(outcomes, key=lambda name: -outcomes[name])
    return [name for name in order if outcomes[order[0]] - outcomes[name] <= APART]


def _each(analysis: Analysis, outcomes: Mapping[str, float]) -> str:
    return " or ".join(f"{analysis.ending_words[name]} ({percent(outcomes[name])})"
                       for name in close(outcomes))


def _named(analysis: Analysis, name: str) -> str:
    words = analysis.ending_words.get(name, name)
    return words[0].upper() + words[1:]


def headline(analysis: Analysis) -> str:
    """Return the answer in two or three sentences: the most probable outcome and its terms.

    There is no single figure if models, equilibria or structures disagree.
    """
    from detente.findings.answer import uncertified

    told = _terms(analysis, {
        *close(analysis.deliberate.outcomes()), *close(analysis.fallible.outcomes())})
    between = nearby(analysis)
    figure = _figure(analysis) if between is None else (
        f"{span(*between)} (rounding decides between several equilibria)")
    text = _most_probable(analysis, figure, single=not told and between is None) + told
    if not analysis.certified:
        text += f" Mind{uncertified(analysis)}."
    return text


def early(analysis: Analysis) -> str:
    """Return the answer at the centre of the ranges in both models; "" if it is not checked.

    It needs neither samples, other equilibria nor other structures, so it has no terms and no
    single figure.
    """
    both = analysis.deliberate, analysis.fallible
    if not all(e.certificate.certified for e in both):
        return ""
    return _most_probable(analysis, _figure(analysis), single=False)


def _figure(analysis: Analysis) -> str:
    """Return the deliberate probability of the most probable outcome."""
    return percent(analysis.deliberate.outcomes()[tops(analysis)[0]])


def nearby(analysis: Analysis) -> tuple[float, float] | None:
    """Return the least and the greatest deliberate probability if rounding decides between them.

    None if starts that differ by a millionth lead to equilibria in which the most probable outcome
    is as probable, within `APART`.
    """
    from detente.equilibrium.search.others import NEAR

    one, _ = tops(analysis)
    near = [eq for eq in analysis.others if NEAR in eq.found_from]
    found = [eq.outcomes()[one] for eq in (analysis.deliberate, *near)]
    return (min(found), max(found)) if max(found) - min(found) > APART else None


def _most_probable(analysis: Analysis, figure: str, *, single: bool = True) -> str:
    """Return the most probable outcome; ``figure`` is its deliberate probability in words."""
    one, two = tops(analysis)
    careful, erring = analysis.deliberate.outcomes(), analysis.fallible.outcomes()
    if len(close(careful)) > 1 or len(close(erring)) > 1:
        return (f"No outcome is clearly the most probable. Deliberate: {_each(analysis, careful)}; "
                f"fallible: {_each(analysis, erring)}.")
    if one != two:
        return (f"The models disagree. Most probable if governments act deliberately: "
                f"{analysis.ending_words[one]} ({figure}); if they make mistakes: "
                f"{analysis.ending_words[two]} ({percent(erring[two])}).")
    if single and abs(careful[one] - erring[one]) <= APART and not differing(analysis):
        return (f"Most probable outcome: {analysis.ending_words[one]}, "
                f"{percent((careful[one] + erring[one]) / 2)}.")
    return (f"Most probable outcome: {analysis.ending_words[one]}, {figure} if "
            f"governments act deliberately, {percent(erring[one])} if they make mistakes.")


def _terms(analysis: Analysis, outcomes: set[str]) -> str:
    """Return the most probable terms of a settlement in each model, if it is a named outcome."""
    found = [r for r in analysis.once(terms.rows)
             if r["outcome"] in outcomes and max(r["deliberate"], r["fallible"]) >= 0.02]
    settled = [r for r in found if r["outcome"] == "settlement"]
    first = [max(settled, key=lambda r: r["deliberate"]), max(settled, key=lambda r: r["fallible"])
             ] if settled else []
    # The top terms of each model, then the next ones if they are half as probable in a model.
    shown = [r for r in sorted(settled, key=lambda r: r not in first)[:MOST_TERMS]
             if 2 * r["deliberate"] >= first[0]["deliberate"]
             or 2 * r["fallible"] >= first[1]["fallible"]]
    words = "; ".join(
        f"{r['package'] or _share(r, analysis)} "
        f"({percent(r['deliberate'])} / {percent(r['fallible'])})" for r in shown
    )
    return f" Terms, deliberate / fallible: {words}." if words else ""


def _share(row: terms.TermsRow, analysis: Analysis) -> str:
    """Return the terms without a package: the share, and whose it is."""
    stake = analysis.scenario.stake
    if row["share"] is None or stake is None:
        return row["terms"].partition(": ")[2] or row["terms"]
    whose = in_sentence(analysis.titles.get(stake.first, stake.first))
    return f"share {row['share']:g} of the stake for {whose}"


def differing(analysis: Analysis) -> bool:
    """Whether other equilibria or structures give another probability of the top outcome."""
    one, _ = tops(analysis)
    p = analysis.deliberate.outcomes()[one], analysis.fallible.outcomes()[one]
    others = [o.outcomes()[one] for o in analysis.others if o.certificate.certified]
    found = analysis.structure
    return bool(
        (others and (max(*others, *p) - min(*others, *p) > APART))
        or (found is not None and found.deciding)
    )


def disagreements(analysis: Analysis) -> list[str]:
    """Return a sentence on other equilibria that give another answer, and on near-ties."""
    out = []
    one, _ = tops(analysis)
    p = analysis.deliberate.outcomes()[one], analysis.fallible.outcomes()[one]
    far = [o.outcomes()[one] for o in analysis.others if o.certificate.certified
           and min(abs(o.outcomes()[one] - x) for x in p) > APART]
    if far:
        found = "another equilibrium" if len(far) == 1 else f"{len(far)} other equilibria"
        out.append(f"In {found} the probability of {quoted(analysis.ending_words[one])} is "
                   f"{span(min(far), max(far))}.")
    ties = analysis.once(terms.ties)
    if ties:
        more = len(ties) - 1
        out.append(terms.words(ties[0], analysis) + (
            f" The same holds for {more} other pair{'s' * (more > 1)}." if more else ""))
    return out


def drivers_of(analysis: Analysis) -> tuple[str, list[dict[str, Any]]]:
    """Return the outcome whose drivers are told, and each number with its share and interval.

    It is the most probable outcome of the fallible model, in which the most samples are solved.
    """
    wanted = tops(analysis)[1]
    named = labels(analysis.compiled.graph.rules.numbers.values(), analysis.titles)
    return wanted, [
        {"parameter": named[r["parameter"]], "share": r["share"], "low": r["share_low"],
         "high": r["share_high"]}
        for r in analysis.once(drivers.rows)
        if r["outcome"] in (wanted, f"{wanted} (alone)") and r["share"] is not None
    ]


def drivers_line(analysis: Analysis) -> str:
    """Return the three numbers that matter most for the most probable outcome, over the ranges.

    A number is named only if its interval excludes 0: the samples may give a small share to a
    number without any effect.
    """
    if not any(q.is_range for q in analysis.compiled.graph.rules.numbers.values()):
        return "No number has a range, so no number can be said to matter most."
    wanted, found = drivers_of(analysis)
    if not found:
        return drivers.no_shares(analysis)
    about = quoted(analysis.ending_words.get(wanted, wanted))
    top = sorted((r for r in found if r["low"] > 0.0), key=lambda r: -r["share"])[:3]
    if not top:
        return (f"The {len(analysis.band.certified)} samples do not show which numbers matter most "
                f"for the probability of {about}.")
    words = "; ".join(
        f"{_number(r['parameter'])} {percent(r['share'])} ({span(r['low'], r['high'])})"
        for r in top
    )
    text = (f"Numbers that matter most for the probability of {about} (share of its variance over "
            f"the ranges, 90 % interval): {words}.")
    between = drivers.of_structure(analysis, wanted)
    if between is not None:
        text += (f" The choice between the {analysis.pooled.count} structures of the file makes up "
                 f"{percent(between)} of the variance over ranges and structures.")
    return text


def _number(name: str) -> str:
    """Return a number's name for a reader who does not know the crisis file."""
    return "precision of choice" if name == "precision" else name


KEY = ("Deliberate: governments choose without mistakes. Fallible: they make mistakes, fewer when "
       "more is at stake. 5 to 95 %: nine in ten samples are within.")
"""The columns of the table of outcomes, in words."""


def missing(analysis: Analysis) -> list[str]:
    """Return what the file says that it cannot express."""
    return [*analysis.scenario.cannot,
            *(f"{c.id}: {c.cannot}" for c in analysis.scenario.claims if c.cannot)]


def missing_line(analysis: Analysis) -> str:
    """Return a line on what is not in the model."""
    found = missing(analysis)
    if not found:
        return "Not in the model: anything that the file leaves out, such as news from outside."
    rest = f" And {len(found) - 1} more, listed in the report." if len(found) > 1 else ""
    return f"Not in the model: {found[0].rstrip('.')}.{rest}"


def covered_line(analysis: Analysis) -> list[str]:
    """Return a line on the alternatives that the ranges of the table cover, if there are any."""
    from detente.findings.outcomes import covered

    if analysis.pooled.count == 1:
        return []
    part = percent(float(analysis.pooled.weights()[0]))
    return [f"The probabilities are those of the file's own structure (weight {part}). The 5 to "
            f"95 % are over {covered(analysis)}, with their weights."]


def sentences(analysis: Analysis) -> list[str]:
    """Return the sentences of the brief after the table of outcomes."""
    made = [KEY, *covered_line(analysis), structure.sentence(analysis), *disagreements(analysis),
            drivers_line(analysis)]
    return [text for text in (*made, missing_line(analysis)) if text]


def outcome_rows(analysis: Analysis) -> list[tuple[Any, ...]]:
    """Return the outcomes with probability and range in both models, the most probable first.

    An outcome that only another structure makes probable is listed too.
    """
    from detente.findings.outcomes import rows

    def ends(low: float | None, high: float | None) -> str:
        return "–" if low is None or high is None else span(low, high)

    several = analysis.pooled.count > 1
    return [
        (_named(analysis, r["name"]), r["deliberate"], ends(r["deliberate_low"],
         r["deliberate_high"]), r["fallible"], ends(r["low"], r["high"]))
        for r in analysis.once(rows)
        if max(r["deliberate"], r["fallible"]) >= SEEN
        or (several and max(r["deliberate_high"] or 0.0, r["high"] or 0.0) >= APART)
    ][:MOST_OUTCOMES]


def brief(analysis: Analysis) -> Section:
    """Return the brief as a section: headline, outcomes, sentences, claims."""
    from detente.render import Column, Section, Table, charts

    tables = [Table("Outcomes", [
        "outcome", Column("deliberate", format="percent"), "5 to 95 %",
        Column("fallible", format="percent"), "5 to 95 %",
    ], outcome_rows(analysis))]
    if analysis.scenario.claims:
        asked = [(f.id, f.says, short(f)) for f in analysis.claims.found]
        shown = asked[:_fitting([(name, text) for name, _, text in asked])]
        if len(asked) > len(shown):
            shown.append((f"{len(asked) - len(shown)} more", "", "see the section Claims"))
        tables.append(Table("Claims", [
            "claim", Column("in words", later=True), "in the model"], shown))
    if len(missing(analysis)) > 1:
        # The page, the Word document and --full have it; the first screen has the first row.
        tables.append(Table("Not in the model", ["limitation"],
                            [(text,) for text in missing(analysis)], later=True))
    wanted, told = drivers_of(analysis)
    pictures = [charts.outcomes([
        {**r, "name": analysis.ending_words[r["name"]]} for r in _outcomes(analysis)])]
    if told:
        pictures.append(charts.shares(told, outcome=analysis.ending_words[wanted], most=5))
    return Section(
        "brief", "In brief", headline(analysis), tables=tables, charts=pictures,
        notes=sentences(analysis), certificate=check_line(analysis), certified=analysis.certified,
    )


def _fitting(claims: Sequence[tuple[str, str]]) -> int:
    """Return how many claims the first screen has room for; one is always shown.

    Examples
    --------
    >>> [_fitting(claims) for claims in ([("a", "holds")] * 6, [("a", "holds")] * 7)]
    [6, 5]
    >>> _fitting([("a", "holds in many " * 50)])
    1
    """
    width = COLUMNS - 2 - max(len(name) for name, _ in claims)
    used = 0
    for n, (_, text) in enumerate(claims):
        used += len(wrap(text, max(width, 1)))
        if n and used + (n < len(claims) - 1) > MOST_CLAIM_LINES:
            return n
    return len(claims)


def _outcomes(analysis: Analysis) -> list[dict[str, Any]]:
    from detente.findings.outcomes import rows

    return [dict(r) for r in analysis.once(rows)]


def check_line(analysis: Analysis) -> str:
    """Return what was checked, in a short line."""
    ok, n = analysis.pooled.passed("fallible")
    good, m = analysis.pooled.passed("deliberate")
    return f"samples passed: {ok} of {n} fallible, {good} of {m} deliberate"
