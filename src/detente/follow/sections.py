"""A crisis followed through events, as report sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.follow.document import Study, day
from detente.follow.entry import END
from detente.follow.first import (
    IN_GAME,
    SEEN,
    answer,
    brief,
    check_line,
    doubts,
    label_at,
    offramp_line,
)
from detente.follow.learnt import assumptions, beliefs, claims, evidence
from detente.follow.rows import Step
from detente.render.numbers import percent, quoted, span
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.render import Report, Section, Table

__all__ = ["answer", "report", "sections"]

FLAT = 0.005
"""A lever that moves the probability by less has no chart."""
MOST_WAYS = 8


def sections(study: Study) -> list[Section]:
    """Return the sections, the brief first."""
    steps = study.steps
    made = [brief(study, steps), _timeline(study, steps), _ahead(study)]
    made += [s for s in (_surprise(study, steps), assumptions(study), beliefs(study),
                         evidence(study), claims(study), _offramps(study),
                         _unmapped(study)) if s is not None]
    return made


def _timeline(study: Study, steps: list[Step]) -> Section:
    from detente.render import Section, Table, charts

    names = [r["name"] for r in steps[0]["outcomes"]
             if any((f["probability"] or 0.0) >= SEEN for s in steps for f in s["outcomes"]
                    if f["name"] == r["name"])]
    drawn = [s for k, s in enumerate(steps) if k == 0 or s["way"] in IN_GAME]
    rows = [{"step": k, "label": label_at(s, k), "name": f["name"], "p": f["probability"],
             "low": f["low"], "high": f["high"]} for name in names[:5]
            for k, s in enumerate(drawn) for f in s["outcomes"]
            if f["name"] == name and f["probability"] is not None]
    table = Table("", ["date", "event", "entered as", *names[:4]], [
        (day(s["date"], year=True) if s["date"] else "", s["says"], s["entered"],
         *(percent(next((f["probability"] for f in s["outcomes"] if f["name"] == n), None))
           for n in names[:4])) for s in steps])
    notes = ["Probability of each outcome after each event: the mean over samples, weighted by how "
             "well each explains the events. The band covers 90 % of that weight."]
    tables = [table, *_terms(study, steps)]
    if steps[-1]["readings"]:
        tables.append(Table("By reading of the events", ["reading", "weight before",
                                                          "after the events", *names[:4]], [
            (reading, percent(weight), percent(_posterior(study, reading)),
             *(percent(next((f["probability"] for f in steps[-1]["readings"][reading]
                             if f["name"] == n), None)) for n in names[:4]))
            for reading, weight in study.found.readings.items()]))
        notes.append("Readings enter the same events differently. A reading gains weight if the "
                     "crisis file explains its entry better than habit alone does.")
    return Section("timeline", "Probabilities over the events", _moved(steps), tables=tables,
                   charts=[charts.timeline(rows)] if study.found.count else [], notes=notes,
                   certificate=check_line(study), certified=study.checks()["certified"])


def _terms(study: Study, steps: list[Step]) -> list[Table]:
    """Return the table of the most probable terms after each event; none without terms."""
    from detente.render import Table

    found = [{f["name"]: f for f in study.forecasts(k, "terms")} for k in range(len(steps))]
    most = {n: max(each[n]["probability"] or 0.0 for each in found) for n in found[0]}
    names = sorted((n for n, p in most.items() if p >= 2 * SEEN), key=lambda n: -most[n])[:4]
    if not names:
        return []
    return [Table("Terms after each event, with 5 to 95 % of the samples", ["date", *names], [
        (day(s["date"], year=True) if s["date"] else "start",
         *(f"{percent(each[n]['probability'])} ({span(each[n]['low'], each[n]['high'])})"
           for n in names)) for s, each in zip(steps, found, strict=True)])]


def _moved(steps: list[Step]) -> str:
    """Return how far the events moved the most probable outcome."""
    top = steps[-1]["outcomes"][0]
    if len(steps) == 1:
        return ""
    before = next(f["probability"] for f in steps[0]["outcomes"] if f["name"] == top["name"])
    return (f"The events moved the probability of {quoted(top['name'])} from {percent(before)} to "
            f"{percent(top['probability'])}.")


def _posterior(study: Study, reading: str) -> float | None:
    k, pool = study.found.count, study.found.pool
    total = pool.evidence(k)
    part = sum(pool.posterior(p, k).sum() for p in pool.parts if p.reading == reading)
    return float(part / total) if total > 0 else None


def _ahead(study: Study) -> Section:
    from detente.render import Column, Section, Table

    ways = study.next()
    if study.settled or not ways:
        return Section("next", "Possible next moves", "The crisis has ended." if ways else
                       "No sample of the crisis file allows the events.")
    names = [r["name"] for r in study.forecasts(study.found.count)
             if (r["probability"] or 0.0) >= SEEN][:4]
    value = study.found.pool.value_of_next()
    first, chance = ways[0]["move"], percent(ways[0]["probability"])
    lead = (f"Most probably the crisis ends before another move: {quoted(ending)} ({chance})."
            if (ending := first.removeprefix(END)) != first else
            f"The most probable next move is {first} ({chance}).")
    return Section(
        "next", "Possible next moves", " ".join([lead, *doubts(study)]),
        tables=[Table("", ["move", Column("probability", format="percent"),
                           *(f"then {n}" for n in names)], [
            (w["move"], w["probability"], *(percent(w["after"].get(n, 0.0)) for n in names))
            for w in ways[:MOST_WAYS]])],
        notes=[f"Observing the next move lowers the uncertainty about the outcome by {value:.2f} "
               "bits on average. \"Then\" columns: the probability of the outcome if that move is "
               "made."],
        certificate=check_line(study), certified=study.checks()["certified"])


def _surprise(study: Study, steps: list[Step]) -> Section | None:
    from detente.render import Section, Table, charts

    rows = [s for s in steps if s["bits"] is not None]
    if not rows:
        return None
    drawn = [{"label": f"{day(s['date'])}: {s['entered']}", "bits": s["bits"],
              "expected": s["expected_bits"]} for s in rows]
    return Section(
        "surprise", "Surprise of each move", _most_surprising(rows),
        charts=[charts.surprise(drawn)],
        tables=[Table("", ["date", "move", "bits", "expected", "standard deviation",
                           "chance before it"], [
            (day(s["date"], year=True), s["entered"], cell(s["bits"], ".1f"),
             cell(s["expected_bits"], ".1f"), cell(s["expected_sd"], ".1f"),
             cell(s["chance_bits"], ".1f")) for s in rows])],
        notes=["A move of probability 1/2 has a surprise of one bit, 1/4 two bits. The expected "
               "surprise is the mean over the mover's own menu, after chance has passed. The last "
               "column is the surprise of reaching the decision at all, such as no accident."],
        certificate=check_line(study), certified=study.checks()["certified"])


def _most_surprising(rows: list[Step]) -> str:
    """Return the move that was most surprising in terms of its own menu."""
    def excess(s: Step) -> float:
        more = (s["bits"] or 0.0) - (s["expected_bits"] or 0.0)
        return more / max(s["expected_sd"] or 0.0, 0.1)

    worst = max(rows, key=excess)
    if excess(worst) < 2:
        return "No move was more surprising than the crisis file leads one to expect."
    return (f"The move of {day(worst['date'])} ({worst['entered']}) was {excess(worst):.1f} "
            "standard deviations more surprising than the crisis file leads one to expect.")


def _offramps(study: Study) -> Section | None:
    from detente.render import Section, Table, charts

    if study.goal is None:
        return None
    goal = study.goal[0]
    name, line = study.labels, offramp_line(study)
    drawn = [charts.lever(
        [{"x": float(x), "fallible": float(m), "low": float(lo), "high": float(hi)}
         for x, m, lo, hi in zip(r.values, r.mean, r.low, r.high, strict=True)],
        name=name.get(r.path, r.path), outcome=goal.outcome, target=goal.level,
        now=r.now, found=r.change) for r in study.ramps[:4] if np.ptp(r.mean) > FLAT]
    return Section(
        "offramps", "Off-ramps from here", f"{line[:1].upper()}{line[1:]}.", charts=drawn,
        tables=[Table("", ["lever", "who", "now", "needed", "outcome along its range",
                           "largest share of draws that meet it"], [
            (name.get(r.path, r.path), study.titles.get(r.who or "", r.who or "not stated"),
             f"{r.now:.3g}", "–" if r.change is None else f"{r.change:.3g}",
             span(float(r.mean.min()), float(r.mean.max())), percent(float(r.met.max())))
            for r in study.ramps])],
        notes=["The game that is left is solved again at each value of a lever, from what the "
               "sides believe now, over draws of what the events leave of the ranges. The lever "
               "has the value from here on; it changes nothing that has happened."],
        certificate=f"{sum(r.passed for r in study.ramps)} of {sum(r.solved for r in study.ramps)} "
                    "solutions along the levers passed their check",
        certified=all(r.certified for r in study.ramps))


def _unmapped(study: Study) -> Section | None:
    from detente.render import Section, Table

    listed = [e for e in study.events() if e.way in ("cannot", "before")]
    if not listed:
        return None
    without = sum(e.way == "cannot" for e in listed)
    return Section(
        "unmapped", "Events without a place in the game",
        f"{without} of {study.found.count} events have no place in the game."
        if without else "Every event has a place in the game.",
        tables=[Table("", ["date", "event", "reason"], [
            (day(e.date, year=True), e.says, e.cannot if e.way == "cannot" else "part of the start")
            for e in listed])])


def report(study: Study) -> Report:
    """Return the report."""
    from detente.render import Report

    first, *rest = sections(study)
    found = study.found
    return Report(
        found.events.file.title or study.scenario.title, "followed through its events", first.lead,
        rest, meta={"case": study.scenario.crisis, "events": found.events.name,
                    "seed": found.seed, "samples": sum(len(s.theta) for s in found.structures)},
        certificate=check_line(study), answer_certified=study.checks()["certified"],
        brief=first, data=study.as_dict(first.lead))
