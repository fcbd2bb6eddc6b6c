"""A comparison as report sections: outcomes side by side, and what drives them in each case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.plain import cell

if TYPE_CHECKING:
    from detente.findings.compare import Comparison
    from detente.report import Report, Section

__all__ = ["report", "sections"]


def between(low: float | None, high: float | None, form: str = "percent") -> str:
    """Return a band in words."""
    return "–" if low is None else f"{cell(low, form)} to {cell(high, form)}"


def points(x: float | None) -> str:
    """Return a difference of probabilities in percentage points."""
    return "–" if x is None else f"{100 * x:+.1f}"


def sections(found: Comparison) -> list[Section]:
    """Return the sections."""
    from detente.report import Column, Section, Table, charts

    rows = found.rows()
    base = found.sides[0].name
    lead = "; ".join(
        f"{s.name}: {cell(_of(rows, s.name, found.question, 'deliberate'), 'percent')} deliberate, "
        f"{cell(_of(rows, s.name, found.question, 'fallible'), 'percent')} fallible"
        for s in found.sides
    )
    table = Table("", [
        "ending", "case", Column("deliberate", format="percent"),
        Column("fallible", format="percent"), "5 to 95 % of samples",
    ], [
        (r["outcome"], r["variant"], r["deliberate"], r["fallible"], between(r["low"], r["high"]))
        for r in sorted(rows, key=lambda r: found.endings.index(r["outcome"]))
    ])
    apart = Table(f"Differences from {base}, in points", [
        "ending", "case", "deliberate", "fallible", "mean over samples", "5 to 95 % of samples",
    ], [
        (r["outcome"], r["variant"], points(r["difference_deliberate"]),
         points(r["difference_fallible"]), points(r["difference_mean"]),
         f"{points(r['difference_low'])} to {points(r['difference_high'])}")
        for r in sorted(rows, key=lambda r: found.endings.index(r["outcome"]))
        if r["variant"] != base
    ])
    out = [Section(
        "comparison", "Side by side", f"P({found.question}). {lead}.", tables=[table, apart],
        charts=[charts.comparison([{**r, "p": r["fallible"]} for r in rows])],
        notes=["A number left open in several cases is drawn alike in all of them, so a difference "
               "is owed to what differs between them. The bands of differences run over samples "
               "certified in both cases."],
        certified=found.certified, certificate=_line(found),
    )]
    drivers = found.drivers()[:15]
    if drivers:
        out.append(Section(
            "drivers", "What drives it in each",
            f"Percentage points of P({found.question}) for a tenth of each number's range.",
            tables=[Table("", ["number", *(s.name for s in found.sides)], [
                (r["parameter"], *("–" if (x := r["points"][s.name]) is None else f"{x:+.1f}"
                                   for s in found.sides)) for r in drivers
            ])],
            notes=["Exact derivatives at the centre of each case's ranges, fallible reading."],
            certified=all(s.slopes is not None for s in found.sides),
        ))
    return out


def _of(rows: list[dict[str, Any]], case: str, question: str, reading: str) -> float:
    from detente.findings.analysis import WAR

    asked = WAR if question == "war" else (question,)
    return float(sum(
        r[reading] for r in rows if r["variant"] == case and r["outcome"] in asked))


def _line(found: Comparison) -> str:
    """Return every case's certificate in a line."""
    words = []
    for s in found.sides:
        f, d = s.fallible.certificate, s.deliberate.certificate
        words.append(
            f"{s.name}: residual {'none' if f.residual is None else f'{f.residual:.1e}'}, NashConv "
            f"{'none' if d.nash_conv is None else f'{d.nash_conv:.1e}'}, "
            f"{int(s.batch.certified.sum())} of {s.batch.size} samples certified"
        )
    return "; ".join(words) + f"; lambda {found.lam:g}, seed {found.seed}"


def report(found: Comparison) -> Report:
    """Return the comparison as a report."""
    from detente.report import Report

    made = sections(found)
    return Report(
        "Comparison: " + ", ".join(s.name for s in found.sides), "", made[0].lead, made,
        meta={"lambda": found.lam, "seed": found.seed, "samples": found.samples},
        certificate=_line(found), answer_certified=found.certified, data=found.as_dict(),
    )
