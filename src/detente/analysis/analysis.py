"""One analysis of one crisis: computed step by step, each result once.

Examples
--------
>>> from detente.analysis import Settings, begin
>>> found = begin("cuba-1962", Settings(samples=16, deliberate_samples=4, starts=2))
>>> found.step().name, found.step().name
('load', 'compile')
>>> found.cancel()
>>> found.step() is None, found.compiled.scenario.crisis
(True, 'cuba-1962')
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter

import numpy as np

from detente.analysis.memo import Memo
from detente.analysis.question import chance_of, mask_of, question_of
from detente.analysis.samples import KEPT, Band, Samples, checked_weights, draws, solved_samples
from detente.analysis.settings import Settings
from detente.arrays import Bools, Floats
from detente.errors import NotReadyError
from detente.scenario.alternatives import alternatives as listed
from detente.scenario.labels import titles_of

if TYPE_CHECKING:
    from detente.analysis.alternatives import Pool, Sampled
    from detente.analysis.claims.result import Claims
    from detente.analysis.indices import Global
    from detente.analysis.structure import Structure
    from detente.equilibrium import Equilibrium, OtherEquilibria
    from detente.game.compile import Compiled

__all__ = ["Analysis", "Step", "analyse", "begin"]

T = TypeVar("T")
Self = TypeVar("Self", bound="Analysis")
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Step:
    """A step of an analysis that is done.

    Attributes
    ----------
    name : str
        "load", "compile", "fallible", "deliberate", "others", "structure", "samples",
        "deliberate samples", "structures", "indices" or "claims".
    done, total : int
        Samples done and in all, for a step that is done in chunks; otherwise 1 and 1.
    """

    name: str
    done: int = 1
    total: int = 1


class Analysis:
    """A crisis, its game, its equilibria and its samples.

    `begin` makes one without computing anything. `step` does the next step, `run` all that are
    left, `cancel` ends the analysis. Results that are done stay usable; a result that is not done
    raises `detente.errors.NotReadyError`.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, the name of a shipped case, or a scenario already loaded.
    settings : Settings
    weights : (samples,) array, optional
        How many samples each sample counts for; 1 each if not given.
    tell : callable, optional
        Called with (done, total, description) during the work.
    """

    def __init__(
        self, case: str | Path | Any, settings: Settings, *, weights: Floats | None = None,
        tell: Tell | None = None,
    ) -> None:
        from detente.analysis.sobol import check_size

        if settings.indices:
            check_size(settings.indices, "--indices")
        self.settings, self.weights = settings, checked_weights(weights, settings.samples)
        self.failed: Exception | None = None
        self.sha256 = ""
        self.path: Path | None = None
        self.warnings: list[str] = []
        self.cancelled = False
        self._case, self._tell = case, tell or (lambda done, total, what: None)
        self._done: dict[str, Any] = {}
        self._parts: dict[str, list[Any]] = {
            "samples": [], "deliberate samples": [], "structures": []}
        self._kept: dict[Any, Any] = {}
        self._until: tuple[int, ...] = ()
        self._steps: Iterator[Step] = self._work()

    def __repr__(self) -> str:
        name = self.scenario.crisis if "load" in self._done else getattr(
            self._case, "crisis", self._case)
        if "deliberate" not in self._done:
            return f"<Analysis of {name}: {', '.join(self._done) or 'not started'}>"
        what = f"P({self.question}) {self.probability(self.deliberate):.3f} deliberate"
        state = "checked" if self.certified else "not all checked"
        return (f"<Analysis of {name}: {what}, {self.probability(self.fallible):.3f} fallible, "
                f"{state}>")

    # The process.

    def step(self) -> Step | None:
        """Do the next step and return it, None if the analysis is done or cancelled.

        Raises
        ------
        InputError
            The crisis file is wrong. A later call raises the same error.
        """
        if self.failed is not None:
            raise self.failed
        if self.cancelled:
            return None
        try:
            return next(self._steps, None)
        except Exception as error:
            self.failed = error
            raise

    def run(self: Self) -> Self:
        """Do all steps that are left; return the analysis itself."""
        while self.step() is not None:
            pass
        return self

    def cancel(self) -> None:
        """End the analysis after the step that is being done; finished results stay usable."""
        self.cancelled = True

    def with_parts(self: Self, **parts: Any) -> Self:
        """Return a copy in which some results are replaced, such as ``fallible``.

        The copy has the results that are done now. It takes no further steps.
        """
        other = object.__new__(type(self))
        derived = ("question", "mask", "titles", "tables", "charts")
        other.__dict__.update({k: v for k, v in vars(self).items() if k not in derived})
        other._kept, other._done = {}, {**self._done, **parts}
        other._parts = {name: list(some) for name, some in self._parts.items()}
        other._steps, other._until = iter(()), ()
        return other

    def _work(self) -> Iterator[Step]:
        from detente.claims import check_claims
        from detente.equilibrium import find_others, solve_deliberate
        from detente.game.compile import compile_scenario

        asked, done, tell = self.settings, self._done, self._tell
        tell(0, 0, "reading the file")
        self._load()
        yield Step("load")
        tell(0, 0, "building the game")
        compiled = compile_scenario(self.scenario)
        check_claims(self.scenario, self.path, graph=compiled.graph)
        self.warnings += compiled.graph.rules.remarks()
        memo = Memo(compiled)
        done |= {"compiled": compiled, "memo": memo}
        yield Step("compile")
        tell(0, 0, "solving")
        fallible = memo.fallible(compiled.lam)
        done["fallible"] = fallible
        yield Step("fallible")
        deliberate = solve_deliberate(compiled.tree, fallible, epsilon=asked.epsilon)
        done["deliberate"] = deliberate
        yield Step("deliberate")
        tell(0, 0, "looking for other equilibria")
        done["others"] = find_others(
            compiled.tree, fallible, deliberate, starts=asked.starts, seed=asked.seed,
            workers=asked.workers, half=memo.fallible(compiled.lam / 2),
            progress=lambda k, n: tell(k, n, "looking for other equilibria"),
        )
        yield Step("others")
        if asked.structure or listed(self.scenario):
            from detente.analysis.structure import examine

            done["structure"] = examine(
                self.scenario, fallible, deliberate, workers=asked.workers, tell=tell,
                nearby=asked.structure)
            yield Step("structure")
        theta = draws(compiled, asked.samples, asked.seed)
        done["theta"] = theta
        yield from self._samples(compiled, fallible, theta)
        yield from self._deliberate_samples(compiled, theta)
        yield from self._structures()
        if asked.indices:
            from detente.analysis.indices import of_game

            done["indices"] = of_game(
                compiled, fallible, samples=asked.indices, epsilon=asked.epsilon, seed=asked.seed,
                workers=asked.workers, tell=tell,
            )
            yield Step("indices")
        if self.scenario.claims:
            tell(0, 0, "claims")
            _ = self.claims
            yield Step("claims")

    def _load(self) -> None:
        from detente.analysis.precision import fixed
        from detente.cases import InputWarning, find, read

        lam = self.settings.lam
        if not isinstance(self._case, (str, Path)):
            self._done |= {"scenario": fixed(self._case, lam), "load": True}
            return
        path = self.path = find(self._case)
        with catch_warnings(record=True) as caught:
            simplefilter("always", InputWarning)
            case = read(path)
        self._done |= {"scenario": fixed(case.scenario, lam), "load": True}
        self.sha256 = case.sha256
        self.warnings += [str(w.message) for w in caught if issubclass(w.category, InputWarning)]

    def _samples(self, compiled: Compiled, fallible: Equilibrium, theta: Floats) -> Iterator[Step]:
        from detente.analysis.precision import starts

        n = len(theta)
        kept = min(n, KEPT)
        near = starts(compiled, fallible)
        done = self._parts["samples"]
        self._tell(0, n, "fallible samples")
        for first, last in ((0, kept), (kept, n)):
            if first == last:
                continue
            for part in solved_samples(
                compiled, theta, first, last, lam=self.lam, start=near,
                workers=self.settings.workers, keep=not first,
            ):
                done.append(part)
                upto = part.first + part.size
                self._tell(upto, n, "fallible samples")
                yield Step("samples", upto, n)

    def _deliberate_samples(self, compiled: Compiled, theta: Floats) -> Iterator[Step]:
        from detente.equilibrium.batch.deliberate import iter_deliberate

        n = min(self.settings.deliberate_samples, len(theta))
        starts = self.band.solved
        assert starts is not None
        self._tell(0, n, "deliberate samples")
        for part in iter_deliberate(
            compiled.tree, lambda which: compiled.numbers(theta[which]), n, starts=starts,
            epsilon=self.epsilon, workers=self.settings.workers, keep=True,
        ) if n else ():
            self._parts["deliberate samples"].append(part)
            upto = part.first + part.size
            self._tell(upto, n, "deliberate samples")
            yield Step("deliberate samples", upto, n)

    def _structures(self) -> Iterator[Step]:
        stated = self.structure.alternatives if self.structure is not None else []
        if not stated:
            return
        from detente.analysis.alternatives import each_sampled

        self._tell(0, len(stated), "structural alternatives")
        for k, one in enumerate(each_sampled(stated, self.settings, self.weights)):
            self._parts["structures"].append(one)
            self._tell(k + 1, len(stated), "structural alternatives")
            yield Step("structures", k + 1, len(stated))

    # Results.

    def _get(self, name: str) -> Any:
        if name not in self._done:
            raise NotReadyError(name)
        return self._done[name]

    @property
    def scenario(self) -> Any:
        """The crisis file."""
        return self._get("scenario")

    @property
    def compiled(self) -> Compiled:
        """The game, compiled once."""
        found: Compiled = self._get("compiled")
        return found

    @property
    def memo(self) -> Memo:
        """The fallible equilibria solved so far, by numbers and lambda."""
        found: Memo = self._get("memo")
        return found

    @property
    def fallible(self) -> Equilibrium:
        """The fallible equilibrium at the centre of the ranges."""
        found: Equilibrium = self._get("fallible")
        return found

    @property
    def deliberate(self) -> Equilibrium:
        """The deliberate equilibrium at the centre of the ranges."""
        found: Equilibrium = self._get("deliberate")
        return found

    @property
    def others(self) -> OtherEquilibria:
        """Distinct equilibria that the search found."""
        found: OtherEquilibria = self._get("others")
        return found

    @property
    def band(self) -> Band:
        """The fallible model over the samples that are done."""
        return self._band("band", "samples")

    @property
    def deliberate_band(self) -> Band:
        """The deliberate model over the samples that are done."""
        return self._band("deliberate_band", "deliberate samples")

    def _band(self, name: str, step: str) -> Band:
        from detente.equilibrium import BatchResult

        if name in self._done:  # given by with_parts
            found: Band = self._done[name]
            return found
        parts = self._parts[step]
        if not parts:
            raise NotReadyError(step)
        return self.once(
            lambda _: Band.of(BatchResult.join(parts), self._get("theta"), self.weights),
            given=(step, len(parts)), key=name,
        )

    @property
    def samples(self) -> Samples:
        """The samples with what is solved at them and their weights."""
        parts = self._parts["deliberate samples"]
        return Samples(self.band.theta, self.band.solved,
                       self.deliberate_band.solved if parts else None,
                       self.band.weights, self.settings.seed)

    @property
    def indices(self) -> Global | None:
        """Sobol' indices over the ranges, None if they were not requested or nothing is open."""
        found: Global | None = self._done.get("indices")
        return found

    @property
    def structure(self) -> Structure | None:
        """The structural neighbours, None if they were not requested."""
        found: Structure | None = self._done.get("structure")
        return found

    @property
    def alternatives(self) -> list[Sampled]:
        """The structural alternatives of the file over their samples, those that are done."""
        return list(self._parts["structures"])

    @property
    def pooled(self) -> Pool:
        """The samples of the file as written and of its structural alternatives, with weights."""
        from detente.analysis.alternatives import pool_of

        return self.once(pool_of)

    @property
    def claims(self) -> Claims:
        """The results for the file's claims, computed on first use."""
        from detente.analysis.claims.evaluate import of_analysis

        return self.once(of_analysis)

    @property
    def precision_path(self) -> list[tuple[float, Equilibrium]]:
        """The fallible equilibria at the centre by lambda, ascending, each solved once."""
        return [(lam, self.fallible if lam == self.lam else here)
                for lam, here in self.memo.path(self.lam)]

    def once(
        self, work: Callable[[Any], T], given: Hashable = None, *, key: Hashable = None
    ) -> T:
        """Return the result of a function of the analysis, computed on the first call only.

        A step that adds results makes it compute again, so that no result of fewer samples stays.

        Parameters
        ----------
        work : callable
            Such as ``drivers.rows``. The result is shared and must not be changed.
        given : hashable
            Other values that the result depends on; a new value computes it again.
        key : hashable
            Name of the result; the function itself if not given.
        """
        until = (len(self._done), *(len(some) for some in self._parts.values()))
        if until != self._until:
            self._kept, self._until = {}, until
        place = (work if key is None else key, given)
        if place not in self._kept:
            self._kept[place] = work(self)
        found: T = self._kept[place]
        return found

    @property
    def lam(self) -> float:
        """Precision of choice of the fallible model at the centre."""
        return self.compiled.lam

    @property
    def epsilon(self) -> float:
        """Tremble probability of the deliberate model."""
        return self.settings.epsilon

    @property
    def seed(self) -> int:
        """Seed of the samples and of the search."""
        return self.settings.seed

    @property
    def starts(self) -> int:
        """Random starts requested for the search."""
        return self.settings.starts

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of outcome, in the tree's order."""
        return self.compiled.tree.outcome_names

    @cached_property
    def question(self) -> str:
        """The outcome that the answer is about: war, or the most probable one without war."""
        return question_of(self.fallible)

    @cached_property
    def mask(self) -> Bools:
        """The outcomes that the answer adds up."""
        return mask_of(self.names, self.question, self.compiled.tree.wars)

    def probability(self, equilibrium: Equilibrium) -> float:
        """Return the probability of the outcome that the answer is about."""
        return chance_of(equilibrium, self.mask)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of each actor in print."""
        return titles_of(self.scenario)

    @property
    def ending_words(self) -> Mapping[str, str]:
        """The words for each kind of outcome, with the actors' titles, by its name in `names`.

        Outcomes that only another structure has are among them.
        """
        others = self.structure.others if self.structure is not None else ()
        trees = [self.compiled.tree, *(n.solution[0].tree for n in others if n.solution)]
        return self.once(lambda _: {
            str(kind): kind.words(self.titles) for tree in trees for kind in tree.outcome_kinds
        }, key="words of outcomes")

    @property
    def certified(self) -> bool:
        """Whether every result that is done holds its certificate."""
        parts = [p for some in self._parts.values() for p in some]
        bands = [self._done[b] for b in ("band", "deliberate_band") if b in self._done]
        return bool(
            all(self._done[e].certificate.certified for e in ("fallible", "deliberate")
                if e in self._done)
            and all(np.all(p.certified) for p in (*parts, *bands))
            and (self.indices is None or self.indices.certified)
        )


def begin(
    case: str | Path | Any, settings: Settings | None = None, *, weights: Floats | None = None,
    tell: Tell | None = None,
) -> Analysis:
    """Begin an analysis without computing anything; see `Analysis.step`."""
    return Analysis(case, settings or Settings(), weights=weights, tell=tell)


def analyse(case: str | Path | Any, *, tell: Tell | None = None, **settings: Any) -> Analysis:
    """Analyse a crisis: begin, and do every step.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, the name of a shipped case, or a scenario already loaded.
    tell : callable, optional
        Called with (done, total, description).
    **settings
        The fields of `Settings`: ``lam``, ``epsilon``, ``samples``, ``deliberate_samples``,
        ``starts``, ``indices``, ``seed``, ``workers``.

    Raises
    ------
    InputError
        The file is not a valid crisis, its game is too large, or ``indices`` is not a power of 2.
    """
    return begin(case, Settings.of(**settings), tell=tell).run()
