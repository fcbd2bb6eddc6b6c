"""One structure of a crisis, solved at samples of its ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis.precision import starts
from detente.analysis.samples import solved_samples
from detente.arrays import Floats
from detente.equilibrium import solve
from detente.equilibrium.batch.work import compiles
from detente.follow.entry import Trail, ahead, trail
from detente.follow.observe import Observed, observe
from detente.scenario.labels import titles_of

if TYPE_CHECKING:
    from detente.equilibrium import BatchResult
    from detente.game.compile import Compiled

__all__ = ["Structure", "Tell", "solved_structure", "staged"]

Tell = Callable[..., Any]
"""Called with (done, total, stage)."""


def staged(tell: Tell | None, stage: str) -> Tell | None:
    """Return a function that reports the same amounts under another stage; None without one."""
    if tell is None:
        return None
    told = tell
    told(0, 0, stage)
    return lambda done, total, *_: told(done, total, stage)


@dataclass(frozen=True, repr=False)
class Structure:
    """One structure of the crisis, solved at its samples.

    Attributes
    ----------
    label : str
    weight : float
        Its prior weight; those of all structures add up to 1.
    compiled : Compiled
    theta : (S, K) array
    parts : tuple of BatchResult
        The fallible solutions, in chunks.
    base : (S,) array or None
        Weight of each sample under the prior, if the samples are not plain.
    """

    label: str
    weight: float
    compiled: Compiled
    theta: Floats
    parts: tuple[BatchResult, ...]
    base: Floats | None = None
    proposals: tuple[tuple[int, Floats, Floats], ...] = ()
    """Count of samples and beta parameters of each round of importance sampling."""

    def trail(self, entries: Sequence[Any], *, strict: bool) -> Trail:
        """Return a list of events entered into its tree."""
        scenario = self.compiled.scenario
        return trail(self.compiled.tree, entries, scenario.principals, titles_of(scenario),
                     strict=strict)

    def follow(
        self, trails: Sequence[Trail], factors: Sequence[Floats], workers: int
    ) -> list[Observed]:
        """Follow its samples through lists of events; factors are those of narrowed ranges."""
        scenario, tree = self.compiled.scenario, self.compiled.tree
        ways = [ahead(tree, t.places[-1], scenario.principals, titles_of(scenario))
                for t in trails]
        found = observe(tree, lambda w: self.compiled.numbers(self.theta[w]), self.parts, trails,
                        ways, workers=workers)
        return [one.times(f) for one, f in zip(found, factors, strict=True)]


def solved_structure(
    label: str, weight: float, compiled: Compiled, theta: Floats, workers: int,
    tell: Tell | None = None,
) -> Structure:
    """Solve a structure at samples of its ranges, (S, K)."""
    if tell is not None:
        tell(0, 0, f"solving the centre of the ranges: {label}")
    centre = solve(compiled.tree, compiled.lam)

    def told(done: int, total: int) -> None:
        if tell is not None:
            tell(done, total, f"solving samples: {label}")

    parts = tuple(solved_samples(
        compiled, theta, 0, len(theta), lam=compiled.lam, start=starts(compiled, centre),
        workers=workers, keep=not compiles(compiled.tree), progress=told))
    return Structure(label, weight, compiled, theta, parts)
