"""The first screen of a crisis followed through events: the headline, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.follow.document import APART, Study, day
from detente.follow.following import ERRORS, FEW, MOSTLY, UNRELIABLE
from detente.follow.rows import Step
from detente.follow.schema import AS_WRITTEN
from detente.render.numbers import percent, quoted, span

if TYPE_CHECKING:
    from detente.render import Section

__all__ = ["CARRIED", "IN_GAME", "SEEN", "answer", "brief", "check_line", "doubts",
           "evidence_line", "label_at", "offramp_line"]

SEEN = 0.01
"""Outcomes that never reach this probability are left out of charts and of the first screen."""
IN_GAME = ("move", "chance", "learned")
"""Ways of entering an event that change what the game says."""
CARRIED = 0.25
"""Shifts below this many standard deviations say little about a range by itself."""
CLEAR = 2.0
"""A ratio below this says little for the file or for habit."""


def answer(study: Study) -> str:
    """Return the headline: the most probable outcome, or why there is none."""
    found, k = study.found, study.found.count
    when = f"After {day(study.events()[-1].date, year=True)}" if k else "Before any event"
    checks = study.checks()
    if not checks["certified"]:
        return f"{when}: no figure, because {_trouble(study)}."
    if checks["beaten_by_habits"]:
        return (f"{when}: no headline, because {_unsupported(study)}. The forecasts below rest on "
                "a file that the moves do not support.")
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
        said.append(("evidence", evidence_line(study)))
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
    if study.goal is not None:
        said.append(("off-ramps from here", offramp_line(study)))
    return Section(
        "now", "Present state of the crisis", answer(study),
        tables=[Table("Outcomes", heads, rows),
                Table("", ["", ""], said)],
        certificate=check_line(study), certified=study.checks()["certified"])


def offramp_line(study: Study) -> str:
    """Return in words which single change meets the target from here."""
    assert study.goal is not None
    goal, now = study.goal
    at = f"now {percent(now)} in draws of the file's own structure"
    if goal.miss(now) <= 0:
        return f"{goal} holds already from here ({at})"
    failed = sum(r.solved - r.passed for r in study.ramps)
    doubt = f" ({failed} solutions failed their check)" if failed else ""
    working = [r for r in study.ramps if r.change is not None]
    if not working:
        return f"no single lever reaches {goal} from here ({at}){doubt}"
    return (f"{goal} ({at}): the cheapest single change from here is "
            f"{study.labels.get(working[0].path, working[0].path)} to {working[0].change:.3g}"
            f"{doubt}")


def evidence_line(study: Study) -> str:
    """Return in words whether the moves speak for the file or for habit."""
    if study.found.pool.evidence(study.found.count) <= 0:
        return "the events are impossible under the file"
    entered = [e for reading in study.found.readings for e in study.found.list_of(reading)]
    if not any(e.way in ("move", "chance") for e in entered):
        return "none yet, because no event is a move"
    ratio = study.found.against_habit
    for_file, ratio = ratio > 1, max(ratio, 1 / ratio)
    mean = ", mean of the readings" if len(study.found.readings) > 1 else ""
    if ratio < CLEAR:
        better, worse = ("the crisis file", "habit") if for_file else ("habit", "the crisis file")
        return (f"weak: the moves are {_ratio(ratio)} times as probable under {better} as under "
                f"{worse}{mean}")
    return (f"the moves speak {_ratio(ratio)} to 1 for "
            f"{'the crisis file' if for_file else 'mere habit'}{mean}")


def _unsupported(study: Study) -> str:
    """Return in words why the moves do not speak for the crisis file."""
    ratio, error = study.found.against_habit, study.found.against_habit_error
    if ratio <= 0:
        return "no sample of the crisis file allows these events"
    which = "the file"
    if ratio < 1:
        ratio, error, which = 1 / ratio, error / ratio**2, "habit"
    shown = f"ratio {_ratio(ratio)} for {which}, standard error {error:.2g}"
    if which == "habit" and ratio > 1 + ERRORS * error:
        much = "better" if ratio >= CLEAR else "a little better"
        return (f"governments that only follow their habits explain the moves {much} than the "
                f"crisis file does ({shown})")
    return f"the moves do not tell the crisis file from habit ({shown})"


def _ratio(x: float) -> str:
    """Return a ratio of at least 1 in words."""
    return f"{x:.2f}" if x < 1.1 else f"{x:.1f}" if x < 10 else f"{x:.0f}" if x < 1000 else \
        "over 1000"


def check_line(study: Study) -> str:
    """Return on which samples and checks the figures rest."""
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


def doubts(study: Study) -> list[str]:
    """Return the alarms that concern a figure, in sentences."""
    checks, said = study.checks(), []
    if not checks["certified"]:
        said.append(f"The figures are not reliable: {_trouble(study)}.")
    if checks["beaten_by_habits"]:
        words = _unsupported(study)
        said.append(f"{words[0].upper()}{words[1:]}, so the moves do not support these figures.")
    if checks["readings_differ"] > APART:
        said.append("The readings of the events differ, and the figures are their mean by "
                    "weight.")
    return said


def label_at(step: Step, k: int) -> str:
    """Return the mark of an event on the axis of a chart."""
    return day(step["date"]) if k else "start"
