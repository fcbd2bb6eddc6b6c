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

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter

from detente.analysis.ahead import ahead
from detente.analysis.memo import Memo
from detente.analysis.results import Results
from detente.analysis.samples import KEPT, checked_weights, draws, solved_samples
from detente.analysis.settings import Settings
from detente.arrays import Floats
from detente.errors import check_names
from detente.scenario.alternatives import alternatives as listed

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["Analysis", "Step", "analyse", "begin"]

Self = TypeVar("Self", bound="Analysis")
Tell = Callable[[int, int, str], None]
PARTS = ("scenario", "compiled", "memo", "fallible", "deliberate", "others", "structure", "theta",
         "band", "deliberate_band", "indices")
"""Results that `Analysis.with_parts` can replace."""


@dataclass(frozen=True)
class Step:
    """A step of an analysis that is done.

    Attributes
    ----------
    name : str
        "load", "compile", "fallible", "deliberate", "others", "structure", "samples",
        "deliberate samples", "structures", "indices", "sampled" (only claims are left) or "claims".
    done, total : int
        Samples done and in all, for a step that is done in chunks; otherwise 1 and 1.
    """

    name: str
    done: int = 1
    total: int = 1


class Analysis(Results):
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
        super().__init__(settings, checked_weights(weights, settings.samples))
        self.failed: Exception | None = None
        self.sha256 = ""
        self.path: Path | None = None
        self.warnings: list[str] = []
        self.cancelled = False
        self._case, self.tell = case, tell or (lambda done, total, what: None)
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

        Raises
        ------
        InputError
            An analysis has no result of that name.
        """
        check_names(parts, PARTS, "result")
        other = object.__new__(type(self))
        derived = ("question", "mask", "titles", "tables", "charts")
        other.__dict__.update({k: v for k, v in vars(self).items() if k not in derived})
        other._kept, other._done = {}, {**self._done, **parts}
        other._parts = {name: list(some) for name, some in self._parts.items()}
        other._steps, other._until = iter(()), ()
        return other

    def beside(self: Self) -> Self:
        """Return a view for another thread while the claims are evaluated.

        It shares every result, computed before or meanwhile. Its claims raise `NotReadyError`.
        """
        self._forget()  # so that both keep results in one place
        other = object.__new__(type(self))
        own = ("tables", "charts")
        other.__dict__.update({k: v for k, v in vars(self).items() if k not in own})
        other._steps, other._withheld = iter(()), True
        return other

    def _work(self) -> Iterator[Step]:
        from detente.claims import check_claims
        from detente.equilibrium import find_others, solve_deliberate
        from detente.equilibrium.batch.compiled import begin
        from detente.game.compile import compile_scenario

        asked, done, tell = self.settings, self._done, self.tell
        tell(0, 0, "reading the file")
        self._load()
        yield Step("load")
        if asked.workers > 1:
            begin(*_kernels_beside(self.path))
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
        examined = None
        if asked.structure or listed(self.scenario):
            from detente.analysis.structure import examine

            # One structure often takes as long as all others together: the search goes on beside.
            examined = ahead(lambda: examine(
                self.scenario, fallible, deliberate, epsilon=asked.epsilon, workers=asked.workers,
                nearby=asked.structure), asked.workers)
        tell(0, 0, "looking for other equilibria")
        done["others"] = find_others(
            compiled.tree, fallible, deliberate, starts=asked.starts, seed=asked.seed,
            workers=asked.workers, half=memo.fallible(compiled.lam / 2),
            progress=lambda k, n: tell(k, n, "looking for other equilibria"),
        )
        yield Step("others")
        if examined is not None:
            tell(0, 0, "structural neighbours")
            done["structure"] = examined()
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
            yield Step("sampled")
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
        self.tell(0, n, "fallible samples")
        for first, last in ((0, kept), (kept, n)):
            if first == last:
                continue
            for part in solved_samples(
                compiled, theta, first, last, lam=self.lam, start=near,
                workers=self.settings.workers, keep=not first,
            ):
                done.append(part)
                upto = part.first + part.size
                self.tell(upto, n, "fallible samples")
                yield Step("samples", upto, n)

    def _deliberate_samples(self, compiled: Compiled, theta: Floats) -> Iterator[Step]:
        from detente.equilibrium.batch.deliberate import iter_deliberate

        n = min(self.settings.deliberate_samples, len(theta))
        starts = self.band.solved
        assert starts is not None
        self.tell(0, n, "deliberate samples")
        for part in iter_deliberate(
            compiled.tree, lambda which: compiled.numbers(theta[which]), n, starts=starts,
            epsilon=self.epsilon, largest=self.settings.epsilon, workers=self.settings.workers,
            keep=True,
        ) if n else ():
            self._parts["deliberate samples"].append(part)
            upto = part.first + part.size
            self.tell(upto, n, "deliberate samples")
            yield Step("deliberate samples", upto, n)

    def _structures(self) -> Iterator[Step]:
        stated = self.structure.alternatives if self.structure is not None else []
        if not stated:
            return
        from detente.analysis.alternatives import each_sampled

        self.tell(0, len(stated), "structural alternatives")
        for k, one in enumerate(each_sampled(stated, self.settings, self.weights)):
            self._parts["structures"].append(one)
            self.tell(k + 1, len(stated), "structural alternatives")
            yield Step("structures", k + 1, len(stated))


def _kernels_beside(path: Path | None) -> list[str]:
    """Return the functions that compile the kernels of other models beside a crisis file."""
    graph = path is not None and path.with_name(f"{path.name.split('.')[0]}.graph.yaml").is_file()
    return ["detente.lenses.graph_model.compiled:kernels"] if graph else []


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
