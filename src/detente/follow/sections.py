"""A crisis followed through events, as report sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.follow.document import APART, Step, Study, day
from detente.follow.following import FEW, MOSTLY, UNRELIABLE
from detente.follow.schema import AS_WRITTEN
from detente.render.numbers import percent, quoted, span
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.render import Report, Section

__all__ = ["answer", "report", "sections"]

SEEN = 0.01
"""Outcomes that never reach this probability are left out of charts and of the first screen."""
FLAT = 0.005
"""A lever that moves the probability by less has no chart."""
MOST_WAYS = 8
MOST_SHIFTS = 8
IN_GAME = ("move", "chance", "learned")
"""Ways of entering an event that change what the game says."""
LITTLE = 0.02
"""Changes of a belief below this are not worth a sentence."""
CARRIED = 0.25
"""Shifts below this many standard deviations say little about a range by itself."""


def answer(study: Study) -> str:
    """Return the headline: the most probable outcome, or why there is none."""
    found, k = study.found, study.found.count
    when = f"After {day(study.events()[-1].date, year=True)}" if k else "Before any event"
    checks = study.checks()
    if not checks["certified"]:
        return f"{when}: no figure, because {_trouble(study)}."
    if checks["beaten_by_habits"]:
        against = 1 / found.against_habit
        return (f"{when}: no headline, because governments that only follow their habits explain "
                f"the moves {_better(against)} the crisis file does "
                f"(ratio {_ratio(against)}). The forecasts below rest on a file that the moves do "
                "not support.")
    if checks["readings_differ"] > APART:
        parts = []
        for reading in found.readings:
            if found.pool.take(reading=reading).evidence(k) > 0:
                top = study.forecasts(k, reading=reading)[0]
                how = AS_WRITTEN if reading == AS_WRITTEN else f"as {quoted(reading)}"
                parts.append(f"{top['name']} {percent(top['probability'])} if they are read {how}")
        return f"{when}, the answer depends on how the events are read: {'; '.join(parts)}."
    top = study.forecasts(k)[0]
    if study.settled:
        terms = study.forecasts(k, "terms")
        ends = terms[0]["name"] if terms and (terms[0]["probability"] or 0.0) > 0.5 else top["name"]
        return f"{when} the crisis has ended: {ends}."
    text = (f"{when}: most probable outcome: {top['name']}, {percent(top['probability'])} "
            f"({span(top['low'], top['high'])} in 90 % of the samples).")
    terms = [t for t in study.forecasts(k, "terms") if t["name"].startswith(top["name"] + ":")]
    shown = [f"{t['name'].partition(': ')[2]} {percent(t['probability'])}" for t in terms[:3]
             if (t["probability"] or 0.0) >= 0.02]
    return text + (f" Terms: {'; '.join(shown)}." if shown else "")


def _trouble(study: Study) -> str:
    """Return in words why a result is not checked."""
    c = study.checks()
    if study.found.pool.evidence(study.found.count) <= 0:
        if study.news:
            return (f"none of {c['samples']} samples lies within the ranges that news narrowed and "
                    "allows the moves; ask for more samples, or write the narrow ranges into the "
                    "crisis file")
        return "no sample of the crisis file allows these events"
    if c["passed"] <= MOSTLY * c["samples"]:
        return f"only {c['passed']} of {c['samples']} samples passed their check"
    if c["effective_samples"] < FEW:
        return (f"only {c['effective_samples']:.0f} effective samples of {c['samples']} carry it "
                f"({FEW} are needed)")
    return (f"a few samples have most of the weight (Pareto k {c['pareto_k']:.2f}, above "
            f"{UNRELIABLE:g})")


def sections(study: Study) -> list[Section]:
    """Return the sections, the brief first."""
    steps = study.steps
    made = [brief(study, steps), _timeline(study, steps), _ahead(study)]
    made += [s for s in (_surprise(study, steps), _assumptions(study), _beliefs(study),
                         _evidence(study), _claims(study), _offramps(study),
                         _unmapped(study)) if s is not None]
    return made


def brief(study: Study, steps: list[Step]) -> Section:
    """Return the first screen."""
    from detente.render import Column, Section, Table

    now, start = steps[-1], {r["name"]: r for r in steps[0]["outcomes"]}
    apart = now["readings"] if study.checks()["readings_differ"] > APART else {}
    shown = [r for r in now["outcomes"]
             if max(r["probability"] or 0.0, start[r["name"]]["probability"] or 0.0,
                    *(f["probability"] or 0.0 for rows in apart.values() for f in rows
                      if f["name"] == r["name"])) >= SEEN]
    heads: list[Any] = ["outcome", Column("at the start", format="percent")]
    if apart:  # no pooled figure if readings disagree
        heads += [Column(reading, format="percent") for reading in apart]
        rows = [(r["name"], start[r["name"]]["probability"],
                 *(next(f["probability"] for f in listed if f["name"] == r["name"])
                   for listed in apart.values())) for r in shown]
    else:
        heads += [Column("now", format="percent"), "5 to 95 %"]
        rows = [(r["name"], start[r["name"]]["probability"], r["probability"],
                 span(r["low"], r["high"])) for r in shown]
    said = [("events in the game", _places(study))]
    surprising = max((s for s in steps if s["bits"] is not None),
                     key=lambda s: (s["bits"] or 0.0) - (s["expected_bits"] or 0.0), default=None)
    if surprising is not None and (surprising["bits"] or 0.0) <= (
            surprising["expected_bits"] or 0.0):
        said.append(("least expected move", "no move was more surprising than expected"))
    elif surprising is not None:
        said.append(("least expected move",
                     f"{day(surprising['date'])}, {surprising['entered']}: "
                     f"{surprising['bits']:.1f} bits, {surprising['expected_bits']:.1f} expected "
                     "(1 bit: a toss of a coin)"))
    if study.found.count:
        said.append(("evidence", _evidence_line(study)))
    strong = [s for s in study.shifts
              if abs(s.shift) >= CARRIED and s.path not in study.news][:2]
    if strong:
        said.append(("assumptions moved", "; ".join(
            f"{study.labels.get(s.path, s.path)} {'up' if s.shift > 0 else 'down'} "
            f"({s.shift:+.1f} standard deviations)" for s in strong)))
    ways = study.next()[:3]
    if ways and not study.settled:
        said.append(("may come next", "; ".join(
            f"{w['move']} {percent(w['probability'])}" for w in ways)
            + (" (mean of the readings)" if apart else "")))
    return Section(
        "now", "Where the crisis stands", answer(study),
        tables=[Table("Outcomes", heads, rows),
                Table("", ["", ""], said)],
        certificate=_check_line(study), certified=study.checks()["certified"])


def _evidence_line(study: Study) -> str:
    if study.found.pool.evidence(study.found.count) <= 0:
        return "the events are impossible under the file"
    entered = [e for reading in study.found.readings for e in study.found.list_of(reading)]
    if not any(e.way in ("move", "chance") for e in entered):
        return "none yet, because no event is a move"
    ratio = study.found.against_habit
    for_file, ratio = ratio > 1, max(ratio, 1 / ratio)
    mean = ", mean of the readings" if len(study.found.readings) > 1 else ""
    if ratio < 2:
        return "the moves do not tell the crisis file from habit (ratio " \
               f"{_ratio(ratio)} for {'the file' if for_file else 'habit'}{mean})"
    return (f"the moves speak {_ratio(ratio)} to 1 for "
            f"{'the crisis file' if for_file else 'mere habit'}{mean}")


def _better(ratio: float) -> str:
    """Return in words how much better habit explains the moves."""
    if ratio < 1.1:  # another seed may turn it
        return "at least as well as"
    return "a little better than" if ratio < 2 else "better than"


def _ratio(x: float) -> str:
    """Return a ratio of at least 1 in words."""
    return f"{x:.2f}" if x < 1.1 else f"{x:.1f}" if x < 10 else f"{x:.0f}" if x < 1000 else \
        "over 1000"


def _check_line(study: Study) -> str:
    c = study.checks()
    k = c["pareto_k"]
    tail = "" if k is None or k <= UNRELIABLE else f", Pareto k {k:.2f}"
    n = c["rounds"]
    rounds = f", {n} round{'' if n == 1 else 's'} of importance sampling" if n else ""
    return (f"{c['passed']} of {c['samples']} samples passed their check; "
            f"{c['effective_samples']:.0f} effective samples{tail}{rounds}; seed "
            f"{study.found.seed}")


def _moves(study: Study) -> list[Any]:
    return [e for e in study.events() if e.way in IN_GAME]


def _places(study: Study) -> str:
    """Return how many events are in the game, in its start and in neither."""
    rest = {"part of the start": "before", "without a place": "cannot"}
    counts = {words: sum(e.way == way for e in study.events()) for words, way in rest.items()}
    return "; ".join([f"{len(_moves(study))} of {study.found.count}",
                      *(f"{n} {words}" for words, n in counts.items() if n)])


def _chart_label(step: Step, k: int) -> str:
    return day(step["date"]) if k else "start"


def _timeline(study: Study, steps: list[Step]) -> Section:
    from detente.render import Section, Table, charts

    names = [r["name"] for r in steps[0]["outcomes"]
             if any((f["probability"] or 0.0) >= SEEN for s in steps for f in s["outcomes"]
                    if f["name"] == r["name"])]
    drawn = [s for k, s in enumerate(steps) if k == 0 or s["way"] in IN_GAME]
    rows = [{"step": k, "label": _chart_label(s, k), "name": f["name"], "p": f["probability"],
             "low": f["low"], "high": f["high"]} for name in names[:5]
            for k, s in enumerate(drawn) for f in s["outcomes"]
            if f["name"] == name and f["probability"] is not None]
    table = Table("", ["date", "event", "entered as", *names[:4]], [
        (day(s["date"], year=True) if s["date"] else "", s["says"], s["entered"],
         *(percent(next((f["probability"] for f in s["outcomes"] if f["name"] == n), None))
           for n in names[:4])) for s in steps])
    notes = ["Probability of each outcome after each event: the mean over samples, weighted by how "
             "well each explains the events. The band covers 90 % of that weight."]
    tables = [table]
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
                   certificate=_check_line(study), certified=study.checks()["certified"])


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
    return Section(
        "next", "Possible next moves", " ".join([
            f"The most probable next move is {ways[0]['move']} "
            f"({percent(ways[0]['probability'])}).", *_doubts(study)]),
        tables=[Table("", ["move", Column("probability", format="percent"),
                           *(f"then {n}" for n in names)], [
            (w["move"], w["probability"], *(percent(w["after"].get(n, 0.0)) for n in names))
            for w in ways[:MOST_WAYS]])],
        notes=[f"Observing the next move is worth {value:.2f} bits on average: so much falls the "
               "uncertainty about the outcome. \"Then\" columns: the probability of the outcome if "
               "that move is made."],
        certificate=_check_line(study), certified=study.checks()["certified"])


def _doubts(study: Study) -> list[str]:
    """Return the alarms that concern a figure, in sentences."""
    checks, doubts = study.checks(), []
    if not checks["certified"]:
        doubts.append(f"The figures are not reliable: {_trouble(study)}.")
    if checks["beaten_by_habits"]:
        against = 1 / study.found.against_habit
        doubts.append("Governments that only follow their habits explain the moves "
                      f"{_better(against)} the crisis file does (ratio {_ratio(against)}), so the "
                      "moves do not support these figures.")
    if checks["readings_differ"] > APART:
        doubts.append("The readings of the events differ, and the figures are their mean by "
                      "weight.")
    return doubts


def _surprise(study: Study, steps: list[Step]) -> Section | None:
    from detente.render import Section, Table, charts

    rows = [s for s in steps if s["bits"] is not None]
    if not rows:
        return None
    drawn = [{"label": f"{day(s['date'])}: {s['entered']}", "bits": s["bits"],
              "expected": s["expected_bits"]} for s in rows]
    return Section(
        "surprise", "How surprising each move was", _most_surprising(rows),
        charts=[charts.surprise(drawn)],
        tables=[Table("", ["date", "move", "bits", "expected", "standard deviation",
                           "chance before it"], [
            (day(s["date"], year=True), s["entered"], cell(s["bits"], ".1f"),
             cell(s["expected_bits"], ".1f"), cell(s["expected_sd"], ".1f"),
             cell(s["chance_bits"], ".1f")) for s in rows])],
        notes=["A move of probability 1/2 has a surprise of one bit, 1/4 two bits. The expected "
               "surprise is the mean over the mover's own menu, after chance has passed. The last "
               "column is the surprise of reaching the decision at all, such as no accident."],
        certificate=_check_line(study), certified=study.checks()["certified"])


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


def _assumptions(study: Study) -> Section | None:
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
        tables.append(Table("Pairs that the moves tie together", [
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
        "assumptions", "Assumptions the moves spoke for or against", lead,
        charts=[charts.shifts(drawn)], tables=tables,
        notes=["If the precision of choice is fixed, the ranges must absorb surprise that belongs "
               "to it; a shift that vanishes over the range of precision is no evidence about the "
               "number.",
               "The ranges were written by people who may have known how the crisis went on.",
               *notes],
        certificate=_check_line(study), certified=study.checks()["certified"])


def _odds(x: float) -> str:
    if x >= 1:
        return f"{x:.1f} to 1" if x < 1000 else "over 1000 to 1"
    return f"1 to {1 / x:.1f}" if x > 0.001 else "1 to over 1000"


def _beliefs(study: Study) -> Section | None:
    from detente.render import Section, Table, charts

    if not study.beliefs or not study.found.count:
        return None
    steps = study.steps
    kept = [k for k, s in enumerate(steps) if k == 0 or s["way"] in IN_GAME]
    rows = [{"step": kept.index(b.events), "label": _chart_label(steps[b.events], b.events),
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
        certificate=_check_line(study), certified=study.checks()["certified"])


def _learnt(study: Study, last: list[Any], first: dict[Any, float]) -> str:
    """Return the belief that the events moved most."""
    most = max(last, key=lambda b: abs(b.analyst - first[b.actor, b.quantity]), default=None)
    if most is None:
        return ""
    if abs(most.analyst - first[most.actor, most.quantity]) < LITTLE:
        return "The events moved no belief by more than two points."
    return (f"The events moved most the belief that {study.titles.get(most.actor, most.actor)} has "
            f"{most.quantity} {most.level}: from {percent(first[most.actor, most.quantity])} to "
            f"{percent(most.analyst)}.")


def _evidence(study: Study) -> Section | None:
    from detente.render import Section, Table

    if not study.found.count:
        return None
    rows = [(r.name, cell(r.bits, ".1f"), cell(r.blind, ".1f"), _verdict(r),
             "–" if not r.samples else f"{r.effective:.0f} of {r.samples}", r.note)
            for r in study.rungs]
    return Section(
        "evidence", "Evidence: the file against its rivals", _evidence_line(study).capitalize()
        + ".",
        tables=[Table("", ["assumption", "bits", "habit alone", "ratio to habit",
                           "effective samples", ""], rows)],
        notes=["Fewer bits explain the events better; one bit is a factor of two. \"Habit alone\" "
               "is the same entry of events if governments follow their habits and ignore what is "
               "at stake. Figures of two rows may be compared only for the same entry of events, "
               "so compare readings by their ratio to habit."],
        certificate=_check_line(study), certified=study.checks()["certified"])


def _verdict(rung: Any) -> str:
    if rung.bits is None or rung.blind is None:
        return "–"
    return _odds(2.0 ** (rung.blind - rung.bits))


def _claims(study: Study) -> Section | None:
    from detente.render import Section, Table

    if not study.claims:
        return None

    def held(one: Any) -> str:
        return f"{percent(one.share)} ({span(one.low, one.high)})"

    turned = [c.id for c in study.claims
              if c.before.share is not None and c.after.share is not None
              and (c.before.share > 0.5) != (c.after.share > 0.5)]
    return Section(
        "claims", "Claims before and after the events",
        f"The events turn the verdict on: {', '.join(turned)}." if turned
        else "The events turn no verdict.",
        tables=[Table("", ["claim", "says", "holds before, of samples", "holds after",
                           "holds from here"], [
            (c.id, c.says, held(c.before), held(c.after),
             held(c.here) if c.here is not None else f"– ({c.why})") for c in study.claims])],
        notes=["\"Before\" and \"after\" are about the whole crisis: over the file's ranges, and "
               "over what the events leave of them. \"From here\" is about what follows now. In "
               "brackets: a 95 % interval. Fallible model, the file's own structure, events as "
               "written."],
        certificate=f"{study.claims[0].after.certified} of {study.claims[0].after.requested} draws "
                    "passed their check",
        certified=all(c.before.certified and c.after.certified for c in study.claims))


def _offramps(study: Study) -> Section | None:
    from detente.render import Section, Table, charts

    if study.goal is None:
        return None
    goal, now = study.goal
    outcome = goal.partition("(")[2].partition(")")[0]
    level = float(goal.rpartition(" ")[2])
    working = [r for r in study.ramps if r.change is not None]
    name = study.labels
    met = now >= level if "at least" in goal else now <= level
    lead = (f"{goal} holds already from here (now {percent(now)})." if met else
            f"{goal} (now {percent(now)}): the cheapest single change from here is "
            f"{name.get(working[0].path, working[0].path)} to {working[0].change:.3g}."
            if working else
            f"No single lever reaches {goal} from here (now {percent(now)}).")
    drawn = [charts.lever(
        [{"x": float(x), "fallible": float(m), "low": float(lo), "high": float(hi)}
         for x, m, lo, hi in zip(r.values, r.mean, r.low, r.high, strict=True)],
        name=name.get(r.path, r.path), outcome=outcome, target=level,
        now=r.now, found=r.change) for r in study.ramps[:4] if np.ptp(r.mean) > FLAT]
    return Section(
        "offramps", "Off-ramps from here", lead, charts=drawn,
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
        certificate=_check_line(study), answer_certified=study.checks()["certified"],
        brief=first, data=study.as_dict(first.lead))
