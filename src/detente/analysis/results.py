"""The results of an analysis: those that its steps left, and those derived from them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from detente.analysis.question import chance_of, mask_of, question_of
from detente.analysis.samples import Band, Samples
from detente.analysis.settings import Settings
from detente.arrays import Bools, Floats
from detente.errors import NotReadyError
from detente.scenario.labels import titles_in_sentence, titles_of

if TYPE_CHECKING:
    from detente.analysis.alternatives import Pool, Sampled
    from detente.analysis.claims.result import Claims
    from detente.analysis.indices import Global
    from detente.analysis.memo import Memo
    from detente.analysis.structure import Structure
    from detente.equilibrium import Equilibrium, OtherEquilibria
    from detente.game.compile import Compiled

__all__ = ["Results"]

T = TypeVar("T")


class Results:
    """The results of an analysis that are done; any other one raises `NotReadyError`.

    Parameters
    ----------
    settings : Settings
    weights : (samples,) array or None
        How many samples each sample counts for.
    """

    def __init__(self, settings: Settings, weights: Floats | None) -> None:
        self.settings, self.weights = settings, weights
        self._done: dict[str, Any] = {}
        self._parts: dict[str, list[Any]] = {
            "samples": [], "deliberate samples": [], "structures": []}
        self._kept: dict[Any, Any] = {}
        self._until: tuple[int, ...] = ()
        self._withheld = False

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

        if self._withheld:
            raise NotReadyError("claims")
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
        self._forget()
        place = (work if key is None else key, given)
        if place not in self._kept:
            self._kept[place] = work(self)
        found: T = self._kept[place]
        return found

    def _forget(self) -> None:
        """Drop what `once` keeps if a step has added results since."""
        until = (len(self._done), *(len(some) for some in self._parts.values()))
        if until != self._until:
            self._kept, self._until = {}, until

    @property
    def lam(self) -> float:
        """Precision of choice of the fallible model at the centre."""
        return self.compiled.lam

    @property
    def epsilon(self) -> float:
        """Tremble probability of the deliberate model.

        The solution at the centre lowers it until outcomes settle, and the samples then have the
        same one. Until that solution is done it is the one of the settings.
        """
        centre = self._done.get("deliberate")
        return self.settings.epsilon if centre is None else float(centre.epsilon)

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
        titles = titles_in_sentence(self.titles)
        others = self.structure.others if self.structure is not None else ()
        trees = [self.compiled.tree, *(n.solution[0].tree for n in others if n.solution)]
        return self.once(lambda _: {
            str(kind): kind.words(titles) for tree in trees for kind in tree.outcome_kinds
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
