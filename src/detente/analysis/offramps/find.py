"""Find off-ramps: each lever alone, the cheapest combination, and the best value found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.memo import Memo
from detente.analysis.offramps.confirm import Proposal, confirm
from detente.analysis.offramps.levers import LeverRanges, Line, levers_of, lines
from detente.analysis.offramps.search import Search, cheapest, single
from detente.analysis.offramps.target import Target, parse_target
from detente.analysis.tables import ResultCharts, Tables, in_notebook
from detente.defaults import EPSILON, SEED, WORKERS
from detente.limits import MOST_STARTS, MOST_WORKERS, check_count
from detente.scenario.labels import labels, titles_of

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled
    from detente.render import Chart

__all__ = ["Offramps", "offramps", "seek"]


@dataclass(frozen=True, repr=False)
class Offramps:
    """The off-ramps of a case.

    Attributes
    ----------
    target : Target
    now, now_deliberate : float
        The outcome's probability at present, in both models.
    moves : LeverRanges
        The levers.
    lines : list of Line
        The outcome along each lever.
    singles, combination : proposals
        The smallest change of each lever alone that reaches the target (None if no value does), and
        the cheapest of all together. A change of zero is no proposal.
    nearest : (path, float)
        The lever whose line comes nearest, and the probability there.
    best : float
        The best probability found in the search.
    solves : int
        Games solved one by one, besides the lines.
    named : dict of str to str
        Names of levers and actors in print.
    """

    case: str
    target: Target
    now: float
    moves: LeverRanges
    lines: list[Line]
    singles: dict[str, Proposal | None]
    combination: Proposal | None
    nearest: tuple[str, float]
    best: float
    solves: int
    seed: int
    lam: float
    certified: bool
    named: dict[str, str] = field(default_factory=dict)
    now_deliberate: float = float("nan")

    @property
    def met(self) -> dict[str, bool]:
        """Whether the target is met at present, by model."""
        return {"fallible": bool(self.target.miss(self.now) <= 0),
                "deliberate": bool(self.target.miss(self.now_deliberate) <= 0)}

    @property
    def proposals(self) -> list[Proposal]:
        """The proposals, each once: no combination that changes what a single lever's does."""
        out = [p for p in self.singles.values() if p is not None]
        both = self.combination
        if both is not None and not any(
                self.moves.alike(self._setting(p), self._setting(both)) for p in out):
            out.append(both)
        return out

    def _setting(self, p: Proposal) -> Any:
        return np.array([p.changes[path][1] if path in p.changes else now
                         for path, now in zip(self.moves.paths, self.moves.now, strict=True)])

    def __repr__(self) -> str:
        made = self.proposals
        state = "checked" if self.certified else "not all checked"
        return (f"<Offramps of {self.case}: {len(made)} proposals for {self.target}, "
                f"now {self.now:.3f}, {state}>")

    @cached_property
    def tables(self) -> Tables:
        """The tables "proposals" and "lines", as pandas data frames."""
        return Tables({"proposals": self._proposals, "lines": self._lines})

    @cached_property
    def charts(self) -> ResultCharts:
        """The outcome along each lever, by the lever's path."""
        def drawn(k: int, line: Line) -> Chart:
            from detente.render import charts

            alone = self.singles[line.path]
            return charts.lever(
                [{"x": float(x), "fallible": float(p)} for x, p, ok in
                 zip(line.values, line.p, line.certified, strict=True) if ok],
                name=self.named.get(line.path, line.path), outcome=self.target.outcome,
                target=self.target.level, now=float(self.moves.now[k]),
                found=None if alone is None or line.path not in alone.changes
                else alone.changes[line.path][1],
            )

        return ResultCharts(
            {line.path: partial(drawn, k, line) for k, line in enumerate(self.lines)})

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), self.tables, self.charts,
                           certified=self.certified)

    def _proposals(self) -> list[dict[str, Any]]:
        made = self.proposals
        return [{
            "proposal": k, "kind": p.kind, "lever": lever, "from": a, "to": b, "cost": p.cost,
            "fallible": p.fallible, "deliberate": p.deliberate, "share": p.share,
            "share_low": p.share_low, "share_high": p.share_high, "residual": p.residual,
            "nash_conv": p.nash_conv, "certified": p.certified,
        } for k, p in enumerate(made) for lever, (a, b) in p.changes.items()]

    def _lines(self) -> list[dict[str, Any]]:
        return [
            {"lever": line.path, "value": float(x), "probability": float(p), "certified": bool(ok)}
            for line in self.lines
            for x, p, ok in zip(line.values, line.p, line.certified, strict=True)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {
            "case": self.case, "target": str(self.target), "outcome": self.target.outcome,
            "level": self.target.level, "now": self.now,
            "now_deliberate": self.now_deliberate, "met": self.met,
            "lambda": self.lam, "seed": self.seed,
            "certified": self.certified, "solves": self.solves,
            "one_lever": [
                {"lever": path, "proposal": None if p is None else p.as_dict()}
                for path, p in self.singles.items()
            ],
            "combination": None if self.combination is None else self.combination.as_dict(),
            "nearest": {"lever": self.nearest[0], "probability": self.nearest[1]},
            "best": self.best,
            "lines": [
                {"lever": line.path, "values": line.values.tolist(),
                 "probability": line.p.tolist(), "certified": line.certified.tolist()}
                for line in self.lines
            ],
        }


def offramps(
    case: str | Path | Any,
    target: str,
    *,
    lam: float | None = None,
    epsilon: float = EPSILON,
    samples: int = 256,
    starts: int = 8,
    seed: int = SEED,
    workers: int = WORKERS,
    tell: Callable[[int, int, str], None] | None = None,
) -> Offramps:
    """Find the smallest changes of a case's levers that reach a target.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, a shipped case's name, or a scenario.
    target : str
        As `parse_target` reads it.
    lam : float or None
        Precision of choice; None takes the file's own, with its range.
    epsilon : float
        Tremble probability of the deliberate model.
    samples : int
        Samples of the ranges at which each proposal is solved.
    starts : int
        Random starts of the search for other equilibria at each proposal.

    Raises
    ------
    InputError
        The file has no levers, or the case does not have the target's outcome.
    """
    from detente.analysis.precision import fixed
    from detente.analysis.question import chance_of
    from detente.cases import find, load
    from detente.equilibrium import solve_deliberate
    from detente.game.compile import compile_scenario

    check_count(samples, field="samples")
    check_count(starts, "starts", field="starts", least=0, most=MOST_STARTS)
    check_count(workers, "workers", field="workers", most=MOST_WORKERS)
    say = tell or (lambda done, total, what: None)
    scenario = fixed(load(find(case)) if isinstance(case, (str, Path)) else case, lam)
    compiled: Compiled = compile_scenario(scenario)
    goal = parse_target(target, compiled.tree.outcome_names, compiled.tree.wars)
    moves = levers_of(compiled)
    say(0, 0, "solving")
    memo = Memo(compiled)
    start = memo.fallible(compiled.lam)
    say(0, 0, "outcome along each lever")
    search, along, alone, both = seek(memo, moves, goal, start, workers)
    now, _ = search.at(moves.now)
    careful = solve_deliberate(compiled.tree, start, epsilon=epsilon)
    solves, confirmed = memo.solves, dict[bytes, Proposal]()

    def tried(x: Any, kind: str) -> Proposal:
        key = np.round(x, 12).tobytes()  # the cheapest combination may move one lever only
        if key not in confirmed:
            confirmed[key] = confirm(search, x, kind, samples, starts, seed, workers, epsilon)
        return replace(confirmed[key], kind=kind)

    singles: dict[str, Proposal | None] = {}
    for k, (path, x) in enumerate(zip(moves.paths, alone, strict=True)):
        say(k, len(alone), "confirming")
        singles[path] = None if x is None or not moves.moved(x).any() else tried(x, "one lever")
    together = None
    if both is not None and moves.moved(both).any():
        (levers,) = np.nonzero(moves.moved(both))
        alone_too = singles[moves.paths[levers[0]]] if len(levers) == 1 else None
        # A combination of one lever is that lever's own smallest change.
        together = (tried(both, "combination") if alone_too is None
                    else replace(alone_too, kind="combination"))
    ends = [
        (line.path, float(line.p[line.certified][np.argmin(goal.miss(line.p[line.certified]))]))
        for line in along if line.certified.any()
    ]
    nearest = min(ends, key=lambda e: goal.miss(e[1]), default=("", now))
    seen = [p for p, eq in search.known.values() if eq.certificate.certified]
    best = min([*seen, *(p for _, p in ends)], key=goal.miss)
    made = [p for p in (*singles.values(), together) if p is not None]
    return Offramps(
        case=scenario.crisis, target=goal, now=now, moves=moves, lines=along, singles=singles,
        combination=together, nearest=nearest, best=best, solves=solves, seed=seed,
        lam=compiled.lam,
        certified=(start.certificate.certified and careful.certificate.certified
                   and all(p.certified and not p.failed for p in made)),
        named=labels(compiled.graph.rules.numbers.values(), titles_of(scenario))
        | titles_of(scenario),
        now_deliberate=chance_of(careful, goal.mask),
    )


def seek(
    memo: Memo, moves: LeverRanges, goal: Target, start: Equilibrium, workers: int = WORKERS
) -> tuple[Search, list[Line], list[Any], Any]:
    """Search in the fallible model, without confirming the proposals.

    Returns
    -------
    search, lines, singles, combination
        The search with all it solved; the outcome along each lever; each lever's smallest move and
        the cheapest of all together as settings (K,), None if there is none.
    """
    search = Search(memo, moves, goal, start)
    search.at(moves.now)
    along = lines(memo.compiled, moves, goal, start, workers)
    alone = [single(search, line, k) for k, line in enumerate(along)]
    return search, along, alone, cheapest(search, begin(moves, along, goal, alone))


def begin(moves: LeverRanges, along: list[Line], goal: Target, alone: list[Any]) -> list[Any]:
    """Return the starts of the search for a combination."""
    ends = moves.now.copy()
    for k, line in enumerate(along):
        if line.certified.any():
            at = np.flatnonzero(line.certified)
            ends[k] = line.values[at[np.argmin(goal.miss(line.p[at]))]]
    found = [x for x in alone if x is not None]
    found.sort(key=moves.cost)
    return [moves.now.copy(), ends, (moves.now + ends) / 2, *found[:1]]
