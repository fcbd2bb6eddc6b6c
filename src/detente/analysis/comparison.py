"""The result of a comparison: cases side by side, their differences, tables and charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.spread import band
from detente.analysis.tables import ResultCharts, Tables, in_notebook
from detente.arrays import Floats
from detente.scenario.labels import titles_in_sentence, titles_of
from detente.scenario.quantity import Quantity

if TYPE_CHECKING:
    from detente.analysis.compare_claims import Answer, Put
    from detente.equilibrium import BatchResult, Equilibrium
    from detente.game.compile import Compiled
    from detente.render import Chart

__all__ = ["VISIBLE", "Comparison", "Side", "opposed"]

VISIBLE = 5e-4
"""Differences smaller than this are printed as 0.0 points."""


@dataclass(frozen=True, repr=False)
class Side:
    """One of the cases compared.

    Attributes
    ----------
    name : str
        Its name.
    fallible, deliberate : Equilibrium
        Both models at the centre of its ranges.
    batch : BatchResult
        Its samples in the fallible model.
    slopes : dict of str to float or None
        Percentage points of P(question) for a tenth of each open number's range; None if the
        equilibrium is not certified.
    answers : dict of str to Answer
        The results for each claim, by its id.
    """

    name: str
    compiled: Compiled
    fallible: Equilibrium
    deliberate: Equilibrium
    batch: BatchResult
    slopes: dict[str, float] | None
    answers: dict[str, Answer] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Side {self.name}: {self.batch.size} samples>"

    @property
    def certified(self) -> bool:
        """Whether both models, all samples and all claims hold their certificates."""
        return bool(
            self.fallible.certificate.certified and self.deliberate.certificate.certified
            and self.batch.certified.all() and all(a.certified for a in self.answers.values())
        )

    def samples_of(self, name: str) -> Floats:
        """Return the samples of an outcome's probability; 0 if the game has no such outcome."""
        if name not in self.batch.outcome_names:
            return np.zeros(self.batch.size)
        return self.batch.outcome(name)


@dataclass(frozen=True, repr=False)
class Comparison:
    """Cases side by side; the first is the one the others are compared with.

    Attributes
    ----------
    question : str
        The outcome of the lead sentences and drivers: war, or the most probable outcome of the
        first case if no case has war.
    numbers : dict of str to Quantity
        Every number of the cases by its path.
    overruled : dict of str to str
        Each case's own precision, such as "5 to 45", if they differ and one lambda replaced them
        on request; otherwise empty.
    """

    sides: list[Side]
    question: str
    samples: int
    seed: int
    lam: float
    asked: list[Put] = field(default_factory=list)
    numbers: dict[str, Quantity] = field(default_factory=dict)
    overruled: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        from detente.analysis.question import chance_of, mask_of

        names = ", ".join(
            f"{s.name} {chance_of(s.fallible, mask):.3f}" for s in self.sides[:3]
            for tree in [s.compiled.tree]
            for mask in [mask_of(tree.outcome_names, self.question, tree.wars)])
        more = f" and {len(self.sides) - 3} more" if len(self.sides) > 3 else ""
        state = "checked" if self.certified else "not all checked"
        return f"<Comparison: P({self.question}) {names}{more}, fallible, {state}>"

    @cached_property
    def tables(self) -> Tables:
        """The tables "outcomes", "drivers" and "claims", as pandas data frames."""
        return Tables({"outcomes": self.rows, "drivers": self._slopes, "claims": self.claims})

    @cached_property
    def charts(self) -> ResultCharts:
        """The chart "outcomes"."""
        def drawn() -> Chart:
            from detente.render import charts

            words = self.ending_words
            there = {(s.name, e) for s in self.sides for e in s.batch.outcome_names}
            return charts.comparison([
                {**r, "outcome": words[r["outcome"]], "p": r["fallible"]} for r in self.rows()
                if (r["variant"], r["outcome"]) in there])

        return ResultCharts({"outcomes": drawn})

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), self.tables, self.charts,
                           certified=self.certified)

    def _slopes(self) -> list[dict[str, Any]]:
        return [{"parameter": r["parameter"], "variant": name, "points": x}
                for r in self.drivers() for name, x in r["points"].items()]

    @property
    def certified(self) -> bool:
        """Whether all results are certified."""
        return all(side.certified for side in self.sides)

    @property
    def endings(self) -> list[str]:
        """The outcomes of all cases, in their order."""
        return list(dict.fromkeys(n for s in self.sides for n in s.batch.outcome_names))

    @property
    def titles(self) -> dict[str, str]:
        """Actors' titles by name, the first case's first."""
        return {
            name: title for side in reversed(self.sides)
            for name, title in titles_of(side.compiled.scenario).items()
        }

    @property
    def wars(self) -> frozenset[str]:
        """The kinds of outcome that count as war in any of the cases."""
        return frozenset[str]().union(*(s.compiled.tree.wars for s in self.sides))

    @property
    def ending_words(self) -> dict[str, str]:
        """The words for each kind of outcome, with the actors' titles, by its name."""
        titles = titles_in_sentence(self.titles)
        return {str(kind): kind.words(titles) for s in self.sides
                for kind in s.compiled.tree.outcome_kinds}

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per case and outcome, with the difference from the first case.

        ``low`` and ``high`` bound 90 % of the samples certified in the case;
        ``difference_low`` and ``difference_high`` 90 % of the differences sample by sample, if both
        cases are certified. ``signs_differ``: the two models disagree about the direction.
        """
        base, out = self.sides[0], []
        for side in self.sides:
            ok = side.batch.certified
            both = ok & base.batch.certified
            careful, erring = side.deliberate.outcomes(), side.fallible.outcomes()
            first = base.deliberate.outcomes(), base.fallible.outcomes()
            for name in self.endings:
                p = side.samples_of(name)
                d = (p - base.samples_of(name))[both]
                low, high = band(p[ok])
                d_low, d_high = band(d)
                out.append({
                    "variant": side.name, "outcome": name,
                    "deliberate": careful.get(name, 0.0), "fallible": erring.get(name, 0.0),
                    "low": low, "high": high,
                    "difference_deliberate": careful.get(name, 0.0) - first[0].get(name, 0.0),
                    "difference_fallible": erring.get(name, 0.0) - first[1].get(name, 0.0),
                    "signs_differ": opposed(
                        careful.get(name, 0.0) - first[0].get(name, 0.0),
                        erring.get(name, 0.0) - first[1].get(name, 0.0)),
                    "difference_mean": float(d.mean()) if d.size else None,
                    "difference_low": d_low, "difference_high": d_high,
                    "samples": int(both.sum()),
                })
        return out

    def drivers(self) -> list[dict[str, Any]]:
        """Return one row per open number: its slope in every case that has it."""
        paths = dict.fromkeys(p for s in self.sides for p in s.slopes or {})
        found = [
            {"parameter": p, "points": {s.name: (s.slopes or {}).get(p) for s in self.sides}}
            for p in paths
        ]
        return sorted(found, key=lambda r: -max(  # type: ignore[no-any-return]
            abs(x) for x in r["points"].values() if x is not None))  # type: ignore[attr-defined]

    def claims(self) -> list[dict[str, Any]]:
        """Return one row per claim and case, with the difference from the first case.

        ``fallible`` and ``deliberate`` say whether it holds at the centre. They are None if its
        condition has probability zero, or if it is too close to call; ``close_fallible`` and
        ``close_deliberate`` are then true. ``margin`` is by how much it holds
        in the fallible model and ``numbers`` the compared numbers; ``share`` (with its 95 %
        interval) counts the samples in which it holds. ``outside`` is its part outside the game
        (`detente.analysis.claims.outside.Outside`), None if it has none. Differences are those of
        `detente.analysis.compare_claims.difference`.
        """
        from detente.analysis.compare_claims import difference

        out: list[dict[str, Any]] = []
        for c in self.asked:
            base = self.sides[0].answers[c.id]
            for side in self.sides:
                a = side.answers[c.id]
                one, two, n = a.fallible, a.deliberate, a.share
                out.append({
                    "claim": c.id, "says": c.says, "holds_if": c.holds_if, "variant": side.name,
                    "cannot": a.cannot or None, "fallible": one and one.decided,
                    "deliberate": two and two.decided,
                    "close_fallible": one is not None and one.close,
                    "close_deliberate": two is not None and two.close, "margin": one and one.margin,
                    "numbers": [] if one is None else list(one.sides),
                    "share": n and n.share, "share_low": n and n.low, "share_high": n and n.high,
                    "outside": a.outside, "certified": a.certified,
                    **(apart := difference(base, a)),
                    "signs_differ": opposed(
                        apart["difference_deliberate"], apart["difference_fallible"]),
                })
        return out

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        from detente.render.plain import plain

        done: dict[str, Any] = plain({
            "cases": [s.name for s in self.sides], "question": self.question,
            "samples": self.samples, "seed": self.seed, "lambda": self.lam,
            "precision_replaced": dict(self.overruled), "certified": self.certified,
            "certificates": [
                {"case": s.name, "fallible": s.fallible.certificate.as_dict(),
                 "deliberate": s.deliberate.certificate.as_dict(),
                 "samples_certified": int(s.batch.certified.sum())}
                for s in self.sides
            ],
            "outcomes": self.rows(), "drivers": self.drivers(), "claims": self.claims(),
        })
        return done


def opposed(one: float | None, two: float | None) -> bool:
    """Whether two differences have opposite signs, and both are large enough to be printed.

    Examples
    --------
    >>> opposed(0.02, -0.01), opposed(0.02, 0.01), opposed(0.02, -1e-5), opposed(None, 0.1)
    (True, False, False, False)
    """
    if one is None or two is None:
        return False
    return one * two < 0 and min(abs(one), abs(two)) >= VISIBLE
