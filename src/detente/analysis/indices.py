"""Global sensitivity: the share of the answer's variance that each range explains.

First-order and total Sobol' indices (`detente.analysis.sobol`) with bootstrap intervals, of the
fallible model and, over fewer rows because each takes many times longer, of the deliberate model.
If many numbers are open, the sampled derivatives screen them first (`detente.analysis.screening`).
The numbers that the screen leaves out still vary, but as one group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.memo import Memo
from detente.analysis.tables import ResultCharts, Tables, in_notebook
from detente.arrays import Floats
from detente.defaults import EPSILON, SEED, WORKERS
from detente.errors import InputError
from detente.limits import MOST_WORKERS, check_count
from detente.scenario.labels import labels, titles_of

if TYPE_CHECKING:
    from detente.analysis.sobol import Indices
    from detente.equilibrium import BatchResult, Equilibrium
    from detente.game.compile import Compiled
    from detente.render import Chart

__all__ = ["Global", "global_drivers", "of_game"]

Tell = Callable[[int, int, str], None]
FEWER, LEAST = 8, 32
"""One row in ``FEWER`` is solved in the deliberate model too, but at least ``LEAST`` rows."""
AT_ONCE = 256
"""Number of games whose strategies are in memory at the same time."""
MANY = 10
"""With more open numbers than this, derivatives screen them first and keep this many."""


@dataclass(frozen=True, repr=False)
class Global:
    """Global drivers of a case.

    Attributes
    ----------
    names : list of str
        The numbers, or one entry for the group that the screen left out.
    indices : Indices or None
        Of P(question); None if it hardly varies or could not be computed.
    rest : list of str
        The numbers in the group, if any.
    points : dict of str to float, or None
        Local derivatives at the centre: points for a tenth of the range.
    bounds : dict of str to float
        Upper bound on each total index from the screening; empty without screening.
    solves, solves_certified : int
        Games solved for the design, and how many hold their certificate.
    screened : int
        Games whose derivatives were taken for the screen, all certified.
    named : dict of str to str
        Names of the numbers in print.
    deliberate : Indices or None
        The indices of the deliberate model, over ``deliberate_samples`` rows; None if the
        probability hardly varies.
    deliberate_solves, deliberate_certified : int
        Games solved for them, and how many hold their certificate.
    """

    case: str
    question: str
    names: list[str]
    indices: Indices | None
    rest: list[str]
    bounds: dict[str, float]
    points: dict[str, float] | None
    samples: int
    solves: int
    solves_certified: int
    screened: int
    seed: int
    lam: float
    named: dict[str, str] = field(default_factory=dict)
    deliberate: Indices | None = None
    deliberate_samples: int = 0
    deliberate_solves: int = 0
    deliberate_certified: int = 0

    @property
    def certified(self) -> bool:
        """Whether all games of the indices hold their certificates, and at least one of the
        screen.
        """
        return (self.points is not None and self.solves == self.solves_certified
                and (self.screened > 0 or not self.rest)
                and self.deliberate_solves == self.deliberate_certified)

    def __repr__(self) -> str:
        state = f"{self.solves_certified} of {self.solves} games checked"
        if self.indices is None:
            return f"<Global drivers of {self.case}: P({self.question}) hardly varies, {state}>"
        first = self.rows()[0]
        return (f"<Global drivers of {self.case}: P({self.question}) "
                f"{self.indices.mean:.3f} on average, first {first['parameter']} "
                f"{first['total']:.2f}, {state}>")

    @cached_property
    def tables(self) -> Tables:
        """The tables "indices" and "bounds" (of the screening), as pandas data frames."""
        return Tables({"indices": self.rows, "bounds": lambda: [
            {"parameter": path, "bound": bound} for path, bound in self.bounds.items()]})

    @cached_property
    def charts(self) -> ResultCharts:
        """The chart "indices"; none if the probability hardly varies."""
        def drawn() -> Chart:
            from detente.render import charts

            return charts.indices(
                [{**r, "parameter": self.named.get(r["parameter"], r["parameter"])}
                 for r in self.rows()], outcome=self.question, most=MANY + 1)

        return ResultCharts({} if self.indices is None else {"indices": drawn})

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), self.tables, self.charts,
                           certified=self.certified)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per input, the largest total index first."""
        found = self.indices
        if found is None:
            return []
        out: list[dict[str, Any]] = [
            {"parameter": name, "first": float(found.first[k]), "total": float(found.total[k]),
             "first_low": float(found.first_band[k, 0]),
             "first_high": float(found.first_band[k, 1]),
             "total_low": float(found.total_band[k, 0]),
             "total_high": float(found.total_band[k, 1]),
             "points": (self.points or {}).get(name)}
            for k, name in enumerate(self.names)
        ]
        other = self.deliberate
        for k, row in enumerate(out):
            row |= {
                "deliberate_total": None if other is None else float(other.total[k]),
                "deliberate_total_low": None if other is None else float(other.total_band[k, 0]),
                "deliberate_total_high": None if other is None else float(other.total_band[k, 1]),
            }
        return sorted(out, key=lambda r: -float(r["total"] or 0.0))

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        found = self.indices
        return {
            "case": self.case, "question": self.question, "samples": self.samples,
            "seed": self.seed, "lambda": self.lam, "indices": self.rows(),
            "mean": None if found is None else found.mean,
            "standard_deviation": None if found is None else found.variance**0.5,
            "top_five_resolved": None if found is None else found.resolved,
            "top_five_agreement": None if found is None else found.agreement,
            "together": self.rest, "screen_bounds": self.bounds,
            "points": self.points, "solves": self.solves,
            "solves_certified": self.solves_certified, "screened": self.screened,
            "deliberate_samples": self.deliberate_samples,
            "deliberate_solves": self.deliberate_solves,
            "deliberate_solves_certified": self.deliberate_certified,
            "certified": self.certified,
        }


def global_drivers(
    case: str | Path | Any,
    *,
    samples: int = 256,
    seed: int = SEED,
    lam: float | None = None,
    epsilon: float = EPSILON,
    workers: int = WORKERS,
    tell: Tell | None = None,
) -> Global:
    """Find the inputs that make the answer uncertain over the ranges.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, a shipped case's name, or a scenario.
    samples : int
        Rows n of the design, a power of 2; n (K + 2) games are solved for K open numbers.

    Raises
    ------
    InputError
        The file has no ranges, or ``samples`` is not a power of 2.
    """
    from detente.analysis.precision import fixed
    from detente.analysis.sobol import check_size
    from detente.cases import find, load
    from detente.game.compile import compile_scenario

    check_size(samples)
    check_count(workers, "workers", field="workers", most=MOST_WORKERS)
    scenario = fixed(load(find(case)) if isinstance(case, (str, Path)) else case, lam)
    compiled = compile_scenario(scenario)
    if not any(q.is_range for q in compiled.graph.rules.numbers.values()):
        raise InputError("the file has no ranges",
                         expected="at least one range, such as `win_chance: 0.4 to 0.6`")
    found = of_game(
        compiled, Memo(compiled).fallible(compiled.lam), samples=samples, epsilon=epsilon,
        seed=seed, workers=workers, tell=tell
    )
    assert found is not None
    return found


def of_game(
    compiled: Compiled, start: Equilibrium, *, samples: int, seed: int, epsilon: float = EPSILON,
    workers: int = WORKERS, tell: Tell | None = None,
) -> Global | None:
    """Find the global drivers of a game solved at its centre; None if no number is open.

    Parameters
    ----------
    start : Equilibrium
        The fallible equilibrium at the centre of the ranges; its lambda is that of the design.
    epsilon : float
        Tremble probability of the deliberate design, as a share of each menu.
    """
    from detente.analysis.precision import starts
    from detente.analysis.question import mask_of, question_of
    from detente.analysis.screening import screen
    from detente.analysis.slopes import points_of, slope
    from detente.analysis.sobol import sobol
    from detente.equilibrium import deliberate_batch, solve_batch

    say = tell or (lambda done, total, what: None)
    scenario, lam = compiled.scenario, compiled.lam
    near = starts(compiled, start)
    numbers = compiled.graph.rules.numbers
    paths = [p for p, q in numbers.items() if q.is_range]
    if not paths:
        return None
    check_count(samples, "rows", field="samples", least=2, each=8 * (MANY + 4) * len(paths))
    question = question_of(start)
    mask = mask_of(compiled.tree.outcome_names, question, compiled.tree.wars)
    here = slope(compiled, start, mask)
    points = None if here is None else {
        p: points_of(here[compiled.paths.index(p)], numbers[p]) for p in paths
    }
    bounds: dict[str, float] = {}
    screened, rest = 0, list[str]()
    if len(paths) > MANY:
        bounds, screened = screen(compiled, start, mask, paths, seed, say)
        order = sorted(paths, key=lambda p: -bounds.get(p, 0.0))
        rest = [p for p in paths if p in order[MANY:]]
    kept = [p for p in paths if p not in rest]
    groups = [[paths.index(p)] for p in kept] + ([[paths.index(p) for p in rest]] if rest else [])
    columns = [compiled.paths.index(p) for p in paths]
    counts, careful_counts = [0, 0], [0, 0]

    def numbers_of(x: Floats) -> Callable[[slice], Any]:
        def part(which: slice) -> Any:
            theta = np.repeat(compiled.centre[None, :], len(x[which]), axis=0)
            theta[:, columns] = x[which]
            return compiled.numbers(theta)

        return part

    known: dict[bytes, tuple[float, bool]] = {}
    """P(question) in the fallible model, and whether it is certified, by point."""

    def enter(x: Floats, done: BatchResult) -> None:
        p = done.outcomes[:, mask].sum(axis=1)
        known.update((row.tobytes(), (float(a), bool(b)))
                     for row, a, b in zip(x, p, done.certified, strict=True))

    def f(x: Floats) -> Floats:
        new = x[[row.tobytes() not in known for row in x]]
        if len(new):
            enter(new, solve_batch(
                compiled.tree, numbers_of(new), len(new), lam=lam, start=near, workers=workers,
                progress=lambda k, total: say(k, total, "global indices"),
            ))
        found = [known[row.tobytes()] for row in x]
        counts[0], counts[1] = len(x), sum(ok for _, ok in found)
        return np.array([p for p, _ in found])

    def careful(x: Floats) -> Floats:
        out = []
        for at in range(0, len(x), AT_ONCE):
            some = x[at : at + AT_ONCE]
            begun = solve_batch(compiled.tree, numbers_of(some), len(some), lam=lam, start=near,
                                workers=workers, keep=True)
            enter(some, begun)
            done = deliberate_batch(
                compiled.tree, numbers_of(some), len(some), starts=begun, epsilon=epsilon,
                workers=workers,
                progress=lambda k, _, at=at: say(  # type: ignore[misc]
                    at + k, len(x), "global indices, deliberate"),
            )
            careful_counts[1] += int(done.certified.sum())
            out.append(done.outcomes[:, mask].sum(axis=1))
        careful_counts[0] = len(x)
        return np.concatenate(out)

    quantities = [numbers[p] for p in paths]
    few = max(min(samples, LEAST), samples // FEWER)
    # The smaller design is the beginning of each block of the larger one; its games come first, so
    # that they are solved once for both models.
    other = sobol(careful, quantities, groups, few, seed)
    found = sobol(f, quantities, groups, samples, seed)
    names = kept + ([f"the other {len(rest)} together"] if rest else [])
    return Global(
        scenario.crisis, question, names, found, rest, bounds, points, samples, counts[0],
        counts[1], screened, seed, lam,
        labels(numbers.values(), titles_of(scenario)), other, few, *careful_counts,
    )
