"""The claims as a section of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.analysis.claims.result import ClaimResult, Claims, Share
from detente.findings.claims import outside
from detente.findings.claims.kinds import ClaimsFound
from detente.findings.claims.published import propositions_table, quantities_table
from detente.findings.claims.published import remarks as published_remarks
from detente.findings.claims.wording import answer, flip_words, lambda_words, sides, unexplained
from detente.findings.finding import Finding, frame
from detente.render.numbers import percent, span

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Chart, Section, Table

__all__ = ["FINDING", "claims_of", "rows", "section", "show"]

MOST_CHARTS, PRINTED = 4, 12
NAMED = 256
"""Samples below which no important input is named: related columns would name a wrong one."""


def claims_of(analysis: Analysis) -> Claims:
    """Return the results for the claims of an analysis."""
    return analysis.claims


def rows(analysis: Analysis) -> Any:
    """Return the claims as JSON holds them; None if the case has none."""
    return claims_of(analysis).as_dict() if analysis.scenario.claims else None


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per claim and model: the verdict at the centre and the share of samples."""
    if not analysis.scenario.claims:
        return frame([])
    return frame([
        {"claim": f.id, "says": f.says, "reading": reading, "holds": v and v.holds,
         "margin": v and v.margin, "certified": v and v.certified,
         "share": share and share.share, "low": share and share.low, "high": share and share.high}
        for f in claims_of(analysis).found
        for reading, share in (("fallible", f.share), ("deliberate", f.deliberate_share))
        for v in (f.verdict(reading),)
    ])


def section(analysis: Analysis) -> Section | None:
    """Return the claims, the verdict on each, and the inputs that would change it."""
    if not analysis.scenario.claims:
        return None
    return show(claims_of(analysis))


def show(claims: Claims) -> Section:
    """Return the section of the results."""
    from detente.render import Section

    tested = [f for f in claims.found if f.holds_if is not None]
    asked = [f for f in tested if f.in_game]
    world = [f for f in tested if f.outside is not None]
    tables = [
        words_table(claims), outside.verdicts_table(world), outside.definitions_table(world),
        outside.numbers_table(world),
        structure_table(asked), alternatives_table(asked),
        contrary_table(claims),
        conditions_table(tested), numbers_table(asked),
        inputs_table(asked, claims.named), flips_table(asked, claims.named), facts_table(asked),
        *types_tables(asked),
        quantities_table(claims.found), propositions_table(claims.found),
    ]
    notes = [
        f"Every verdict is conditional on this model and these inputs: {claims.model}. A verdict "
        "is neither a forecast nor an opinion of this report.",
        "A claim about an actor's values must hold for each of its types unless it names one. A "
        "claim whose condition has probability zero is neither true nor false.",
        *(f"{f.id}: {w}." for f in asked for w in f.warnings), *outside.notes(world),
        *published_remarks(claims.found),
    ]
    solved = claims.certified if asked or any(f.published for f in claims.found) else None
    return Section(
        "claims", FINDING.title,
        lead_of(claims.found, asked, tested),
        tables=[t for t in tables if t is not None and t.rows],
        charts=charts(asked, claims.named), notes=notes,
        certificate=None if solved is None else "every point and sample was solved and checked "
        "separately" if solved else "some points or samples failed their check; see the tables",
        certified=solved,
    )


def lead_of(
    found: list[ClaimResult], asked: list[ClaimResult], tested: list[ClaimResult]
) -> str:
    """Return how many claims there are, and how many of them are tested inside and outside."""
    beside = sum(f.outside is not None and f.outside.alone and not f.outside.missing
                 for f in tested)
    left = sum(f.outside is not None and bool(f.outside.missing) for f in tested)
    text = f"Claims about this crisis in the file: {len(found)}. The model can test {len(asked)} "
    text += "of them."
    if beside:
        text += f" {beside} more {'is' if beside == 1 else 'are'} judged outside the game."
    if left:
        text += f" {left} {'is' if left == 1 else 'are'} not judged, because data is missing."
    return text + " The claims are those of their authors."


def charts(asked: list[ClaimResult], named: dict[str, str]) -> list[Chart]:
    """Return the boundaries of the claims that hold in some of the inputs and fail in others."""
    from detente.analysis.claims.chart import boundary_map

    drawn = [f for f in asked if f.grid is not None]
    drawn.sort(key=lambda f: abs((f.share.share if f.share and f.share.share else 0.0) - 0.5))
    return [
        boundary_map(f.grid, f"Region in which “{f.says}” holds", named)
        for f in drawn[:MOST_CHARTS] if f.grid is not None
    ]


def words_table(claims: Claims) -> Table:
    """Return each claim in words with its verdict in words."""
    from detente.render import Table

    return Table("Verdicts", ["claim", "verdict"], [
        (f"{f.id}: {f.says}" + (f" ({f.source})" if f.source else ""), answer(f))
        for f in claims.found
    ])


def conditions_table(asked: list[ClaimResult]) -> Table:
    """Return the condition of each claim."""
    from detente.render import Table

    return Table("Conditions", ["claim", "holds if (and how the words are interpreted)"], [
        (f.id, f"{f.holds_if}" + (f" — {f.note}" if f.note else "")) for f in asked
    ])


def numbers_table(asked: list[ClaimResult]) -> Table:
    """Return the numbers compared, in both models."""
    from detente.render import Table

    return Table("Numbers compared, at the centre", ["claim", "fallible", "deliberate"], [
        (f.id, *(sides(v) if v is not None else None
                 for v in map(f.verdict, ("fallible", "deliberate")))) for f in asked
    ])


def inputs_table(asked: list[ClaimResult], named: dict[str, str]) -> Table:
    """Return the share of the samples in which each claim holds."""
    from detente.render import Table

    return Table("Share of the samples in which each claim holds", [
        "claim", "fallible (95 %)", "deliberate (95 %)", "at lambda", "most important inputs",
    ], [
        (f.id, *(("–", "–") if unexplained(f) else
                 (counted(f.share), counted(f.deliberate_share))), lambda_words(f),
         inputs_of(f, named))
        for f in asked
    ])


def inputs_of(asked: ClaimResult, named: dict[str, str]) -> str:
    """Return the two inputs that explain most of a claim's verdict; a dash if samples are few."""
    if asked.share is None or asked.share.certified < NAMED:
        return "–"
    return "; ".join(named.get(path, path) for path, r in asked.matters[:2] if r > 0) or "–"


def structure_table(asked: list[ClaimResult]) -> Table:
    """Return the verdicts over the structural neighbours, and the neighbours that change them."""
    from detente.render import Table

    return Table("Verdicts over the structural neighbours, at the centre", [
        "claim", "holds, fallible", "holds, deliberate", "verdict changed by",
    ], [
        (f.id, held_of([a.fallible for a in f.structure]),
         held_of([a.deliberate for a in f.structure]),
         "; ".join(a.label for a in f.changed_by()) or "–") for f in asked if f.structure
    ])


def alternatives_table(asked: list[ClaimResult]) -> Table:
    """Return each claim's share of the samples at each structure of the file."""
    from detente.render import Table

    rows = []
    for f in asked:
        stated = [a for a in f.structure if a.weight is not None]
        if stated:
            rows.append((f.id, "as it is", counted(f.share)))
            rows += [(f.id, a.label, a.note or counted(a.share)) for a in stated]
            rows.append((f.id, "all, by weight", percent(f.pooled())))
    return Table("Share of the samples by structure of the file, fallible", [
        "claim", "structure", "holds in",
    ], rows)


def held_of(found: list[bool | None]) -> str:
    """Return in how many of the neighbours with an answer a claim holds.

    Examples
    --------
    >>> held_of([True, False, None]), held_of([None])
    ('1 of 2', '–')
    """
    known = [x for x in found if x is not None]
    return f"{sum(known)} of {len(known)}" if known else "–"


def counted(share: Share | None) -> str | None:
    """Return a share with its 95 % interval."""
    if share is None or share.share is None or share.low is None or share.high is None:
        return None
    return (f"{percent(share.share)} ({span(share.low, share.high)}) of "
            f"{share.held + share.failed}")


def facts_table(asked: list[ClaimResult]) -> Table:
    """Return the parts of values: over histories, and the probability of the decision."""
    from detente.render import Column, Table

    return Table("Details of the numbers (centre, fallible)", [
        "claim", "number", Column("pooled", format=".3f"), Column("least", format=".3f"),
        Column("greatest", format=".3f"), Column("P(condition)", format="percent"),
        Column("decision arises, given it", format="percent"),
    ], [
        (f.id, x.text, x.pooled, x.least, x.greatest, x.condition, x.arises)
        for f in asked for x in f.facts
        if x.arises is not None or x.condition < 1.0
    ], printed=PRINTED)


def types_tables(asked: list[ClaimResult]) -> list[Table]:
    """Return, for claims that run over types, each type's numbers."""
    from detente.render import Column, Table

    out = []
    for f in asked:
        typed = [x for x in f.facts if x.types]
        if not typed:
            continue
        rows = []
        for k, (label, _, weight) in enumerate(typed[0].types):
            values = [x.types[k][1] if k < len(x.types) else None for x in typed[:3]]
            rows.append((label, weight, *values))
        rows = rows[:16]
        out.append(Table(f"{f.id}, by type", [
            "type", Column("share among the types that decide", format="percent"),
            *(Column(x.text, format=".3f") for x in typed[:3]),
        ], rows))
    return out


def flips_table(asked: list[ClaimResult], named: dict[str, str]) -> Table:
    """Return the nearest values of single inputs that change each answer."""
    from detente.render import Table

    return Table("Changes of one input that change the verdict", ["claim", "change"], [
        (f.id, flip_words(x, named)) for f in asked for x in f.flips
    ], printed=PRINTED)


def contrary_table(claims: Claims) -> Table:
    """Return the claims that contradict each other, side by side."""
    from detente.render import Table

    by_id = {f.id: f for f in claims.found}

    def told(name: str) -> str:
        f = by_id[name]
        share = f.share.share if f.share and f.share.share is not None else None
        return f"{f.says} ({percent(share)} of the samples)"

    return Table("Claims that contradict each other", ["one", "the other", "how"], [
        (told(p.first), told(p.second),
         "one holds exactly if the other does not" if p.opposite
         else f"never both; neither holds in {p.neither} of {p.samples} samples")
        for p in claims.pairs
    ])


FINDING = Finding("claims", "Claims and verdicts", 130, section, rows, ClaimsFound | None,
                 table)
