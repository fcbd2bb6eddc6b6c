"""One analysis of one crisis: everything that is computed once and that findings read.

Examples
--------
>>> from detente.analysis import analyse
>>> found = analyse("cuba-1962", samples=16, deliberate_samples=4, starts=2)  # doctest: +SKIP
>>> found.answer  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from detente.analysis.question import chance_of, mask_of, question_of
from detente.analysis.samples import draws
from detente.analysis.spread import band
from detente.arrays import Floats
from detente.defaults import EPSILON, LAMBDA
from detente.scenario.labels import spoken, titles_of

if TYPE_CHECKING:
    from detente.analysis.indices import Global
    from detente.equilibrium import BatchResult, Equilibrium, OtherEquilibria
    from detente.game.compile import Compiled

__all__ = ["Analysis", "Band", "analyse"]

KEPT = 512
"""Samples whose public odds are kept: as many as claims are asked of."""

T = TypeVar("T")
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Band:
    """One reading over samples of the file's ranges.

    Attributes
    ----------
    outcomes : (S, n_outcomes) array
        Probabilities of the endings.
    certified : (S,) bool array
    theta : (S, K) array
        The numbers of each sample.
    worst : float
        The largest residual (fallible) or NashConv (deliberate) among the certified.
    solved : BatchResult or None
        The batch behind it; the public odds of its first samples (`KEPT`), which claims are asked
        of.
    """

    outcomes: Floats
    certified: NDArray[np.bool_]
    theta: Floats
    worst: float | None
    solved: BatchResult | None = None

    def between(self, mask: NDArray[np.bool_]) -> tuple[float, float] | None:
        """Return the 5th and 95th percentile of the summed probability of some endings."""
        low, high = band(self.outcomes[self.certified][:, mask].sum(axis=1))
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True)
class Analysis:
    """A crisis, its game, its equilibria, and its samples.

    Attributes
    ----------
    scenario : Scenario
    compiled : Compiled
    fallible, deliberate : Equilibrium
        The two readings of the one selection.
    others : OtherEquilibria
        Distinct equilibria the search found besides.
    band, deliberate_band : Band
        Both readings over the file's ranges.
    seed : int
    sha256 : str
        Of the file.
    warnings : list of str
        What the compiler found worth saying (gaps between offers).
    indices : Global or None
        Sobol' indices over the ranges, where they were asked for and anything is open.
    """

    scenario: Any
    compiled: Compiled
    fallible: Equilibrium
    deliberate: Equilibrium
    others: OtherEquilibria
    band: Band
    deliberate_band: Band
    seed: int
    sha256: str
    lam: float
    epsilon: float
    starts: int
    warnings: list[str] = field(default_factory=list)
    indices: Global | None = None
    _kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, work: Callable[[Analysis], T], given: Hashable = None) -> T:
        """Return what a finding works out of the analysis, worked out the first time only.

        Parameters
        ----------
        work : callable
            Such as ``drivers.rows``; what it returns is shared and must not be changed.
        given : hashable
            What it depends on besides the analysis; where that differs it is worked out anew.
        """
        key = (work, given)
        if key not in self._kept:
            self._kept[key] = work(self)
        found: T = self._kept[key]
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of ending, in the tree's order."""
        return self.compiled.tree.outcome_names

    @cached_property
    def question(self) -> str:
        """The ending that the answer is about: war, or the likeliest where there is no war."""
        return question_of(self.fallible)

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which endings the answer adds up."""
        return mask_of(self.names, self.question)

    def probability(self, equilibrium: Equilibrium) -> float:
        """Return the probability of what the answer is about."""
        return chance_of(equilibrium, self.mask)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What to call each actor in print."""
        return titles_of(self.scenario)

    def say(self, text: str) -> str:
        """Return a label with actors under the names to print (`spoken`)."""
        return spoken(text, self.titles)

    @property
    def certified(self) -> bool:
        """Whether both readings and every sample hold their certificates."""
        return bool(
            self.fallible.certificate.certified
            and self.deliberate.certificate.certified
            and self.band.certified.all()
            and self.deliberate_band.certified.all()
            and (self.indices is None or self.indices.certified)
        )


def analyse(
    case: str | Path | Any,
    *,
    lam: float = LAMBDA,
    epsilon: float = EPSILON,
    samples: int = 1024,
    deliberate_samples: int = 128,
    starts: int = 32,
    indices: int = 0,
    seed: int = 1962,
    workers: int = 2,
    tell: Tell | None = None,
) -> Analysis:
    """Analyse a crisis.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, the name of a shipped case, or a scenario already loaded.
    lam : float
        Precision of choice of the fallible reading, per unit of the stake.
    epsilon : float
        Floor of the deliberate reading, as a share of each menu.
    samples, deliberate_samples : int
        Sobol' samples of the file's ranges for each reading.
    starts : int
        Random starts of the search for other equilibria.
    indices : int
        Rows of the design for Sobol' indices, a power of 2 (0: none); up to 13 games a row.
    seed : int
        Of the samples and of the search.
    workers : int
        Threads.
    tell : callable, optional
        Called with (done, total, what).

    Raises
    ------
    InputError
        The file is not a valid crisis, or its game is too large; or ``indices`` is no power of 2.
    """
    from detente.analysis.indices import of_game
    from detente.analysis.sobol import check_size
    from detente.claims import check_claims
    from detente.equilibrium import find_others, solve, solve_deliberate
    from detente.game.compile import compile_scenario
    from detente.scenario.load import InputWarning, file_sha256, find, load

    say = tell or (lambda done, total, what: None)
    if indices:
        check_size(indices, "--indices")
    say(0, 0, "reading")
    path, sha256, remarks = None, "", []
    if isinstance(case, (str, Path)):
        path = find(case)
        with catch_warnings(record=True) as caught:
            simplefilter("always", InputWarning)
            case = load(path)
        sha256 = file_sha256(path)
        remarks = [str(w.message) for w in caught if issubclass(w.category, InputWarning)]
    say(0, 0, "compiling")
    compiled = compile_scenario(case)
    check_claims(case, path, graph=compiled.graph)
    say(0, 0, "solving")
    fallible = solve(compiled.tree, lam)
    deliberate = solve_deliberate(compiled.tree, fallible, epsilon=epsilon)
    say(0, 0, "looking for other equilibria")
    others = find_others(compiled.tree, fallible, deliberate, starts=starts, seed=seed,
                         workers=workers)
    band, deliberate_band = bands(
        compiled, fallible, samples, deliberate_samples, lam, epsilon, seed, workers, say
    )
    return Analysis(
        scenario=case, compiled=compiled, fallible=fallible, deliberate=deliberate, others=others,
        band=band, deliberate_band=deliberate_band, seed=seed, sha256=sha256, lam=lam,
        epsilon=epsilon, starts=starts, warnings=[*remarks, *compiled.graph.rules.remarks()],
        indices=of_game(
            compiled, fallible, samples=indices, epsilon=epsilon, seed=seed, workers=workers,
            tell=say
        ) if indices else None,
    )






def bands(
    compiled: Compiled, fallible: Equilibrium, samples: int, deliberate_samples: int, lam: float,
    epsilon: float, seed: int, workers: int, say: Tell,
) -> tuple[Band, Band]:
    """Solve both readings over samples of the ranges, every sample with its certificate."""
    from detente.equilibrium import BatchResult, deliberate_batch, solve_batch

    theta = draws(compiled, samples, seed)

    def numbers(which: slice) -> Any:
        return compiled.numbers(theta[which])

    def later(which: slice) -> Any:
        return numbers(slice(which.start + kept, which.stop + kept))

    def solve(part: Callable[[slice], Any], n: int, before: int) -> BatchResult:
        return solve_batch(
            compiled.tree, part, n, lam=lam, start=fallible, workers=workers, keep=not before,
            progress=lambda done, total: say(before + done, samples, "fallible samples"),
        )

    # Odds of thousands of samples of a large tree would fill the memory.
    kept = min(samples, KEPT)
    found = solve(numbers, kept, 0)
    if samples > kept:
        rest = solve(later, samples - kept, kept)
        found = BatchResult.join([found, replace(rest, first=kept)])
    residual = np.asarray(found.residual)
    first = Band(
        found.outcomes, found.certified, theta,
        float(residual[found.certified].max()) if found.certified.any() else None, found,
    )
    n = min(deliberate_samples, samples)
    careful = deliberate_batch(
        compiled.tree, numbers, n, starts=found, epsilon=epsilon, workers=workers, keep=True,
        progress=lambda done, total: say(done, total, "deliberate samples"),
    )
    conv = np.asarray(careful.nash_conv)
    return first, Band(
        careful.outcomes, careful.certified, theta[:n],
        float(conv[careful.certified].max()) if careful.certified.any() else None, careful,
    )
