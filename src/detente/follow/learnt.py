"""Sections on what the events say: about assumptions, beliefs, rival files and claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.findings.claims.outside import short
from detente.follow.document import Study
from detente.follow.first import CARRIED, IN_GAME, check_line, evidence_line, label_at
from detente.follow.here import ClaimHere
from detente.render.numbers import percent, span
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.render import Section

__all__ = ["assumptions", "beliefs", "claims", "evidence"]

MOST_SHIFTS = 8
LITTLE = 0.02
"""Changes of a belief below this are not worth a sentence."""


def assumptions(study: Study) -> Section | None:
    """Return the section, None if there is nothing to say."""
    from detente.render import Section, Table, charts

    if not study.shifts:
        return None
    shown = study.shifts[:MOST_SHIFTS]
    own, fixed = "precision over its range", "precision fixed at its centre"
    drawn = [{"parameter": study.labels.get(s.path, s.path), "series": own, "shift": s.shift,
              "error": s.error} for s in shown]
    drawn += [{"parameter": study.labels.get(s.path, s.path), "series": fixed,
               "shift": study.fixed_shifts[s.path].shift,
               "error": study.fixed_shifts[s.path].error}
              for s in shown if s.path in study.fixed_shifts]
    rows = []
    for s in shown:
        f = study.fixed_shifts.get(s.path)
        news = " (narrowed by news)" if s.path in study.news else ""
        rows.append((study.labels.get(s.path, s.path) + news, f"{s.shift:+.2f}", _odds(s.upper),
                     f"{s.low:.3g} to {s.high:.3g}", "–" if f is None else f"{f.shift:+.2f}",
                     "–" if f is None else _odds(f.upper)))
    tables = [Table("", ["number", "shift (standard deviations)", "upper to lower half",
                         "5 to 95 % now", "shift, precision fixed",
                         "halves, precision fixed"], rows)]
    if study.pairs:
        tables.append(Table("Interactions of two ranges", [
            "first", "second", "both lower", "lower, upper", "upper, lower", "both upper"], [
            (study.labels.get(p.first, p.first), study.labels.get(p.second, p.second),
             *(percent(float(x)) for x in p.corners.ravel())) for p in study.pairs]))
    top = next((s for s in study.shifts if s.path not in study.news), None)
    lead = (f"The moves spoke most about {study.labels.get(top.path, top.path)}: its mean moved by "
            f"{top.shift:+.1f} standard deviations." if top and abs(top.shift) >= CARRIED else
            "The moves moved no single range by more than a quarter of a standard deviation.")
    notes = []
    if study.fixed is not None and not study.fixed.reliable:
        notes.append(f"With the precision fixed only {study.fixed.effective:.0f} effective samples "
                     "carry the shifts, so they are not reliable.")
    return Section(
        "assumptions", "Shifts of the assumptions", lead,
        charts=[charts.shifts(drawn)], tables=tables,
        notes=["If the precision of choice is fixed, the ranges must absorb surprise that belongs "
               "to it. A shift that vanishes over the range of precision is not evidence about the "
               "number.",
               "The ranges were written by people who may have known how the crisis went on.",
               *notes],
        certificate=check_line(study), certified=study.checks()["certified"])


def _odds(x: float) -> str:
    if x >= 1:
        return f"{x:.1f} to 1" if x < 1000 else "over 1000 to 1"
    return f"1 to {1 / x:.1f}" if x > 0.001 else "1 to over 1000"


def beliefs(study: Study) -> Section | None:
    """Return the section, None if there is nothing to say."""
    from detente.render import Section, Table, charts

    if not study.beliefs or not study.found.count:
        return None
    steps = study.steps
    kept = [k for k, s in enumerate(steps) if k == 0 or s["way"] in IN_GAME]
    rows = [{"step": kept.index(b.events), "label": label_at(steps[b.events], b.events),
             "name": f"{study.titles.get(b.actor, b.actor)}: {b.quantity} {b.level}",
             "p": b.analyst, "low": b.low, "high": b.high}
            for b in study.beliefs if b.events in kept]
    last = [b for b in study.beliefs if b.events == study.found.count]
    first = {(b.actor, b.quantity): b.analyst for b in study.beliefs if b.events == 0}
    return Section(
        "beliefs", "Beliefs about private information", _learnt(study, last, first),
        charts=[charts.timeline(rows, title="Beliefs after each event", what="belief",
                                band="what the other side may believe")],
        tables=[Table("", ["about", "belief at the start", "the analyst's now",
                           "the other side's now, 5 to 95 %"], [
            (f"{study.titles.get(b.actor, b.actor)}: {b.quantity} {b.level}",
             percent(first.get((b.actor, b.quantity))), percent(b.analyst), span(b.low, b.high))
            for b in last])],
        notes=["The other side knows the numbers of the file, which the analyst does not. The "
               "analyst's belief is the mean over the samples; the spread over the samples is what "
               "the other side may believe."],
        certificate=check_line(study), certified=study.checks()["certified"])


def _learnt(study: Study, last: list[Any], first: dict[Any, float]) -> str:
    """Return the belief that the events moved most."""
    most = max(last, key=lambda b: abs(b.analyst - first[b.actor, b.quantity]), default=None)
    if most is None:
        return ""
    if abs(most.analyst - first[most.actor, most.quantity]) < LITTLE:
        return "The events moved no belief by more than two points."
    return (f"The belief that {study.titles.get(most.actor, most.actor)} has {most.quantity} "
            f"{most.level} changed most: from {percent(first[most.actor, most.quantity])} to "
            f"{percent(most.analyst)}.")


def evidence(study: Study) -> Section | None:
    """Return the section, None if there is nothing to say."""
    from detente.render import Section, Table

    if not study.found.count:
        return None
    rows = [(r.name, cell(r.bits, ".1f"), cell(r.blind, ".1f"), _verdict(r),
             "–" if not r.samples else f"{r.effective:.0f} of {r.samples}", r.note)
            for r in study.rungs]
    return Section(
        "evidence", "Evidence: the file against its rivals", evidence_line(study).capitalize()
        + ".",
        tables=[Table("", ["assumption", "bits", "habit alone", "ratio to habit",
                           "effective samples", ""], rows)],
        notes=["Fewer bits explain the events better; one bit is a factor of two. \"Habit alone\" "
               "is the same entry of events if governments follow their habits and ignore what is "
               "at stake. Figures of two rows may be compared only for the same entry of events, "
               "so compare readings by their ratio to habit."],
        certificate=check_line(study), certified=study.checks()["certified"])


def _verdict(rung: Any) -> str:
    if rung.bits is None or rung.blind is None:
        return "–"
    return _odds(2.0 ** (rung.blind - rung.bits))


def claims(study: Study) -> Section | None:
    """Return the section, None if there is nothing to say."""
    from detente.render import Section, Table

    if not study.claims:
        return None

    def held(one: Any, row: ClaimHere) -> str:
        if one is None:
            assert row.outside is not None
            return short(row.outside)
        return f"{percent(one.share)} ({span(one.low, one.high)})"

    drawn = [(c.id, c.before, c.after) for c in study.claims
             if c.before is not None and c.after is not None]
    turned = [name for name, before, after in drawn
              if before.share is not None and after.share is not None
              and (before.share > 0.5) != (after.share > 0.5)]
    return Section(
        "claims", "Claims before and after the events",
        f"The events turn the verdict on: {', '.join(turned)}." if turned
        else "The events turn no verdict.",
        tables=[Table("", ["claim", "says", "holds before, of samples", "holds after",
                           "holds from here"], [
            (c.id, c.says, held(c.before, c), held(c.after, c),
             held(c.here, c) if c.here is not None else f"– ({c.why})") for c in study.claims])],
        notes=["\"Before\" and \"after\" are about the whole crisis: over the file's ranges, and "
               "over what the events leave of them. \"From here\" is about what follows now. In "
               "brackets: a 95 % interval. Fallible model, the file's own structure, events as "
               "written."],
        certificate=f"{drawn[0][2].certified} of {drawn[0][2].requested} draws passed their check"
        if drawn else "",
        certified=all(before.certified and after.certified for _, before, after in drawn)
        if drawn else None)
