"""Everything that is computed about a crisis followed through events, also as one document."""

from __future__ import annotations

import datetime
import math
from functools import cached_property
from typing import Any

from detente.analysis.offramps.target import Target
from detente.follow.assumptions import Pair, Shift, pairs, shifts
from detente.follow.begin import begin
from detente.follow.beliefs import beliefs
from detente.follow.entry import END
from detente.follow.evidence import Rung, ladder
from detente.follow.following import OWN, Following
from detente.follow.here import ClaimHere, Ramp, claims_here, offramps_here
from detente.follow.posterior import bits
from detente.follow.rows import Checks, Forecast, RampRow, ShareRow, ShiftRow, Step, Way
from detente.follow.schema import AS_WRITTEN, Event
from detente.follow.structures import staged
from detente.render.plain import plain
from detente.scenario.labels import labels, titles_of
from detente.scenario.paths import canonical
from detente.version import __version__

__all__ = ["APART", "Study", "study"]

APART = 0.05
"""Readings that differ by more than this are shown beside each other."""
FIXED = 512
"""Samples with the precision fixed at its centre."""


class Study:
    """Everything that the report says about a crisis followed through events.

    Parameters
    ----------
    found : Following
    rivals : bool
        Whether precision at its centre, the file's variants and its claims are solved too.
    target : str, optional
        Off-ramps from the present point are found for it, such as ``"war <= 0.1"``.
    tell : callable, optional
    """

    def __init__(
        self, found: Following, *, rivals: bool = True, target: str | None = None,
        tell: Any = None,
    ) -> None:
        self.found = found
        self.scenario = found.scenario
        self.titles = titles_of(found.scenario)
        given = found.scenario.precision
        self.fixed: Following | None = None
        if rivals and given.is_range and found.count:
            self.fixed = begin(
                found.scenario, found.events.first(found.count), lam=given.centre, samples=FIXED,
                seed=found.seed, workers=found.workers, resample=False,
                tell=staged(tell, "evidence with the precision fixed"))
        self.rungs: list[Rung] = ladder(found, fixed=self.fixed, rivals=rivals, tell=tell)
        self.shifts: list[Shift] = shifts(found) if found.count else []
        self.fixed_shifts = {s.path: s for s in shifts(self.fixed)} if self.fixed else {}
        self.pairs: list[Pair] = pairs(found) if found.count else []
        self.beliefs = beliefs(found)
        self.claims: list[ClaimHere] = []
        written = found.pool.take(structure=OWN, reading=AS_WRITTEN)
        if rivals and found.scenario.claims and written.evidence(found.count) > 0:
            self.claims = claims_here(
                found, tell=staged(tell, "claims before and after the events"))
        self.goal: tuple[Target, float] | None = None
        self.ramps: list[Ramp] = []
        if target is not None:
            if tell is not None:
                tell(0, 0, "off-ramps from here")
            goal, self.ramps, now = offramps_here(found, target)
            self.goal = goal, now
        known = found.structures[0].compiled.graph.rules.numbers
        self.news = {canonical(p) for reading in found.readings for e in found.list_of(reading)
                     for p in e.narrowed}
        """The numbers that other news narrowed."""
        self.labels = labels(known.values(), self.titles)
        self.words = {str(o): o.words(self.titles) for s in found.structures
                      for o in s.compiled.tree.outcome_kinds}
        self.words |= {str(t): t.words(self.titles) for s in found.structures
                       for t in s.compiled.tree.term_kinds}

    def events(self) -> list[Event]:
        """The events so far, as written."""
        return self.found.list_of(AS_WRITTEN)

    def forecasts(self, k: int, which: str = "outcomes", reading: str | None = None
                  ) -> list[Forecast]:
        """Return the outcomes, or the terms, after ``k`` events, the most probable first."""
        pool = self.found.pool if reading is None else self.found.pool.take(reading=reading)
        names = pool.names() if which == "outcomes" else pool.terms()
        rows: list[Forecast] = []
        for name in names:
            p = pool.forecast(k, name, which)
            low, high = pool.between(k, name, which)
            rows.append({"name": self.words.get(name, name),
                         "probability": p if math.isfinite(p) else None, "low": low, "high": high})
        return sorted(rows, key=lambda r: -(r["probability"] or 0.0))

    @cached_property
    def steps(self) -> list[Step]:
        """The start and every event."""
        pool = self.found.pool.take(reading=AS_WRITTEN)
        rows: list[Step] = []
        for k in range(self.found.count + 1):
            event = self.events()[k - 1] if k else None
            surprise = self.surprise(k - 1) if k else {}
            rows.append({
                "event": event.id if event else "", "date": event.date if event else "",
                "says": event.says if event else "the start of the crisis file",
                "source": event.source if event else "",
                "entered": self.entered(event) if event else "", "way": event.way if event else "",
                "bits": surprise.get("bits"), "expected_bits": surprise.get("expected"),
                "expected_sd": surprise.get("sd"), "chance_bits": surprise.get("chance"),
                "evidence_bits": bits(pool.evidence(k)), "blind_bits": bits(pool.blind(k)),
                "effective_samples": self.found.pool.effective(k), "outcomes": self.forecasts(k),
                "terms": [r for r in self.forecasts(k, "terms")
                          if (r["probability"] or 0.0) >= 0.005],
                "readings": {r: self.forecasts(k, reading=r) for r in self.found.readings}
                if len(self.found.readings) > 1 else {},
            })
        return rows

    def entered(self, event: Event) -> str:
        """Return how an event was entered, in words."""
        if event.way == "before":
            return "part of the start"
        if event.way == "cannot":
            return f"not in the game: {event.cannot}"
        if event.way == "learned":
            return "; ".join(f"{self.labels.get(p, p)} narrowed to {q}"
                             for p, q in event.narrowed.items())
        who = f"{self.titles.get(event.actor, event.actor)}: " if event.actor else ""
        if list(event.reports.values()) == [1.0]:
            return who + next(iter(event.reports))
        return who + " or ".join(f"{label} ({p:g})" for label, p in event.reports.items())

    def surprise(self, k: int) -> dict[str, float]:
        """Return the surprise of event ``k`` in bits, and what was to be expected.

        ``bits`` is that of the move at its decision, ``chance`` that of the decision being reached;
        ``expected`` and ``sd`` are the mean and the standard deviation of the move's surprise. If
        no move makes an ambiguous report certain, the report surprises by itself, and that is to
        be expected: only the ratios of P(report given the move) say something about the move.
        """
        pool = self.found.pool.take(reading=AS_WRITTEN)
        event = self.events()[k]
        if event.way not in ("move", "chance"):
            return {}
        before, after = pool.evidence(k), pool.evidence(k + 1)
        odds = pool.resolved(k)
        reached = odds.pop("")
        if not (before > 0 and after > 0 and reached > 0):
            return {}
        p = [x / reached for x in odds.values() if x > 0]
        mean = sum(-x * math.log2(x) for x in p)
        square = sum(x * math.log2(x) ** 2 for x in p)
        report = -math.log2(max(event.reports.values()))
        return {"bits": -math.log2(min(after / before / reached, 1.0)) + 0.0,
                "chance": -math.log2(min(reached, 1.0)) + 0.0, "expected": mean + report,
                "sd": math.sqrt(max(square - mean**2, 0.0))}

    def next(self) -> list[Way]:
        """Return what may come next, the most probable first."""
        odds, after = self.found.pool.ahead(), self.found.pool.after()
        rows: list[Way] = [
            {"move": label, "probability": odds[label],
             "after": {self.words.get(n, n): p for n, p in row.items()}}
            for label, row in after.items()]
        return sorted(rows, key=lambda r: -r["probability"])

    @property
    def ended(self) -> bool:
        """Whether the crisis has ended: no move can follow."""
        return bool(self.next()) and all(r["move"].startswith(END) for r in self.next())

    @property
    def settled(self) -> bool:
        """Whether the crisis has ended and one ending is certain."""
        return self.ended and len([r for r in self.next() if r["probability"] > 0]) == 1

    def checks(self) -> Checks:
        """Return what the result rests on."""
        f = self.found
        good, n = f.passed
        k = f.pareto_k
        return {"samples": n, "passed": good, "effective_samples": f.effective,
                "pareto_k": k if k is not None and math.isfinite(k) else None,
                "rounds": f.resampled, "reliable": f.reliable, "certified": f.certified,
                "beaten_by_habits": f.beaten, "against_habit": finite(f.against_habit),
                "against_habit_error": f.against_habit_error,
                "readings_differ": f.readings_differ}

    def as_dict(self, answer: str = "") -> dict[str, Any]:
        """Return the document."""
        f = self.found
        value = f.pool.value_of_next() if f.pool.evidence(f.count) > 0 else None
        made: Any = plain({
            "case": self.scenario.crisis, "title": f.events.file.title or self.scenario.title,
            "version": __version__, "events_sha256": f.events.sha256, "seed": f.seed,
            "answer": answer, "steps": self.steps, "next": self.next(),
            "value_of_next_bits": value,
            "shifts": [self._shift(s) for s in self.shifts],
            "pairs": [{"first": p.first, "second": p.second, "corners": p.corners.tolist(),
                       "log2_ratio": p.logs, "error": p.error} for p in self.pairs],
            "beliefs": [vars(b) for b in self.beliefs],
            "evidence": [{"name": r.name, "kind": r.kind, "bits": r.bits, "blind_bits": r.blind,
                          "error": r.error, "samples": r.samples,
                          "effective_samples": r.effective, "note": r.note} for r in self.rungs],
            "claims": [{"id": c.id, "says": c.says,
                        "before": None if c.before is None else _share(c.before),
                        "after": None if c.after is None else _share(c.after),
                        "here": None if c.here is None else _share(c.here),
                        "why_not_here": c.why, "outside": c.outside} for c in self.claims],
            "offramps": None if self.goal is None else {
                "target": str(self.goal[0]), "now": self.goal[1],
                "levers": [self._ramp(r) for r in self.ramps]},
            "checks": self.checks(),
        })
        return dict(made)

    def _ramp(self, r: Ramp) -> RampRow:
        def listed(x: Any) -> list[float | None]:
            return [finite(float(v)) for v in x]

        return {
            "lever": r.path, "label": self.labels.get(r.path, r.path), "who": r.who, "now": r.now,
            "change": r.change, "values": [float(x) for x in r.values], "mean": listed(r.mean),
            "low": listed(r.low), "high": listed(r.high), "met": listed(r.met),
            "solved": r.solved, "passed": r.passed, "certified": r.certified,
        }

    def _shift(self, s: Shift) -> ShiftRow:
        fixed = self.fixed_shifts.get(s.path)
        return {
            "path": s.path, "label": self.labels.get(s.path, s.path), "shift": s.shift,
            "error": s.error, "upper_to_lower": finite(s.upper), "low": s.low, "high": s.high,
            "fixed_shift": fixed.shift if fixed else None,
            "fixed_error": fixed.error if fixed else None,
            "fixed_upper_to_lower": finite(fixed.upper) if fixed else None,
        }


def _share(s: Any) -> ShareRow:
    return {"holds": s.held, "fails": s.failed, "share": s.share, "low": s.low, "high": s.high}


def finite(x: float) -> float | None:
    """Return a number, None if it is not finite."""
    return x if math.isfinite(x) else None


def day(date: str, *, year: bool = False) -> str:
    """Return the last day of a date in words, without line breaks inside.

    Examples
    --------
    >>> day("1962-10-24 to 1962-10-26").split(), day("1962-10-24", year=True).split()
    (['26', 'Oct'], ['24', 'Oct', '1962'])
    """
    last = datetime.date.fromisoformat(date.rpartition(" to ")[2])
    return f"{last.day}\u00a0{last:%b}" + (f"\u00a0{last.year}" if year else "")


def study(
    found: Following, *, rivals: bool = True, target: str | None = None, tell: Any = None
) -> Study:
    """Return everything that the report says; see `Study`."""
    return Study(found, rivals=rivals, target=target, tell=tell)
