"""Everything that is measured of one signed network, for the command and the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import Bools
from detente.defaults import SEED
from detente.errors import InputError
from detente.world.balance import Frustration, frustration
from detente.world.between import Between, at_once, standing_between
from detente.world.blocs import Blocs, best_blocs
from detente.world.cover import Cover, smallest_cover
from detente.world.nulls import DRAWS, Null, nulls
from detente.world.proved import SECONDS
from detente.world.ties import Ties
from detente.world.tiesfile import TiesFile

__all__ = ["Other", "Study", "measured", "study_file", "study_year"]

SIGNS = 64
"""Samples of a ties file whose signs are open, for the range of the index."""

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Other:
    """The indices by another definition of a tie."""

    definition: str
    words: str
    states: int
    ties: int
    hostile: int
    two: int
    many: int
    two_exact: bool
    exact: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return dict(vars(self))


@dataclass(frozen=True)
class Study:
    """Measures of one network.

    Attributes
    ----------
    ties : Ties
    two : Frustration
    many : Blocs
    nulls : tuple of Null
    between : list of Between
    others : list of Other
        The same year or file by its other definitions.
    open_signs : int
        Ties whose range holds both signs.
    band : tuple of int or None
        Least and greatest index in two blocs over the ranges, if a sign is open.
    band_exact : bool
        Whether the band is proved. If not, the ends are a bound and a count that hold it.
    file, sha256 : str
        The ties file; empty for a year.
    series : list of dict or None
        Rows of `detente.world.series.series`, if asked for.
    wars : list of tuple
        Spells of war between major powers, with the series.
    state : str
        A state whose neighbourhood is shown; empty if none.
    seed : int
    """

    ties: Ties
    two: Frustration
    many: Blocs
    nulls: tuple[Null, Null]
    between: list[Between]
    others: list[Other]
    open_signs: int = 0
    band: tuple[int, int] | None = None
    band_exact: bool = True
    file: str = ""
    sha256: str = ""
    series: list[dict[str, Any]] | None = None
    wars: list[tuple[int, int]] = field(default_factory=list)
    state: str = ""
    seed: int = SEED

    @property
    def exact(self) -> bool:
        """Whether both indices, the band and the states of either bloc are proved."""
        return (self.two.exact and self.many.exact and self.two.settled and self.band_exact)

    @property
    def tied(self) -> Bools:
        """Which actors have a tie, (n,)."""
        has = np.zeros(self.ties.n, dtype=bool)
        has[self.ties.edges.ravel()] = True
        return has

    @property
    def at_once(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The pairs that are friend and enemy at once, with what the tie rests on."""
        return at_once(self.ties)


def study_year(
    year: int, definition: str, folder: Path | None = None, *, draws: int = DRAWS,
    seed: int = SEED, seconds: float = SECONDS, tell: Tell | None = None,
) -> Study:
    """Measure the states of a year; see `detente.world.fromdata.from_history` for the errors."""
    from detente.world.fromdata import DEFINITIONS, from_history, years

    ties = from_history(year, definition, folder)
    others = [from_history(year, name, folder) for name in DEFINITIONS
              if name != definition and year in years(name) and _held(name, folder)]
    return measured(ties, _others(others, seconds), draws=draws, seed=seed, seconds=seconds,
                    tell=tell)


def study_file(
    file: TiesFile, definition: str | None = None, *, draws: int = DRAWS, seed: int = SEED,
    seconds: float = SECONDS, tell: Tell | None = None,
) -> Study:
    """Measure the network of a ties file by one definition; the first if none is named.

    Actors have their titles as names.

    Parameters
    ----------
    file, definition
        The file and the name of one of its definitions.
    draws, seed
        Of the null models.
    seconds
        Longest time of each search; what it does not prove is marked.
    tell
        Called with the work done, its total and its name.

    Raises
    ------
    InputError
        The file has no ties, no definition has this name, or its data has not been downloaded.
    """
    from dataclasses import replace

    if not file.definitions:
        raise InputError("the file has no ties", file=file.path,
                         expected="a file with definitions, actors and pairs",
                         remedy="`detente align` shows the shocks of a file")
    name = definition or next(iter(file.definitions))
    ties = replace(file.ties(name), title=file.title)
    if file.actors:
        ties = replace(ties, actors=tuple(map(file.shown, file.actors)))
    others = [replace(file.ties(d), definition=d) for d in file.definitions if d != name]
    made = measured(ties, _others(others, seconds), draws=draws, seed=seed, seconds=seconds,
                    tell=tell)
    mixed, band, proved = _open(file, name, seconds)
    return replace(made, file=file.path, sha256=file.sha256, open_signs=mixed, band=band,
                   band_exact=proved)


def _held(definition: str, folder: Path | None) -> bool:
    from detente.history.store import held
    from detente.world.fromdata import data_sets

    return all(held(name, folder) for name in data_sets(definition))


def _others(networks: Sequence[Ties], seconds: float) -> list[Other]:
    """Return the indices by other definitions, which share the time of one search."""
    until, out = time.monotonic() + seconds, []
    for ties in networks:
        left = max(until - time.monotonic(), min(seconds, 1.0))
        two, many = frustration(ties, left), best_blocs(ties, left)
        out.append(Other(ties.definition, ties.words, ties.n, ties.m, ties.negative, two.index,
                         many.index, two.exact, two.exact and many.exact))
    return out


def measured(
    ties: Ties, others: Sequence[Other] = (), *, draws: int = DRAWS, seed: int = SEED,
    seconds: float = SECONDS, tell: Tell | None = None,
) -> Study:
    """Measure one network.

    Parameters
    ----------
    others
        The indices by other definitions, for the result.
    draws, seed, seconds, tell
        As in `study_file`.
    """
    if tell is not None:
        tell(0, 0, "dividing the network")
    two, many = frustration(ties, seconds), best_blocs(ties, seconds)
    if tell is not None:
        tell(0, 0, "looking for equally good divisions")
    _ = two.either  # kept for the report
    return Study(ties, two, many, nulls(ties, two.index, draws, seed, tell), standing_between(ties),
                 list(others), seed=seed)


def _open(
    file: TiesFile, definition: str, seconds: float
) -> tuple[int, tuple[int, int] | None, bool]:
    """Return the number of ties of either sign, the band of the index, and if it is proved."""
    values, _ = file.sample(definition, SIGNS)
    mixed = int(((values > 0).any(axis=0) & (values < 0).any(axis=0)).sum())
    if not mixed:
        return 0, None, True
    ties = file.ties(definition)
    signs = np.unique(np.where(values > 0, 1, -1), axis=0)
    found: list[Cover] = []
    for row in signs:
        # one that is not proved leaves the band open, so the others need not be proved
        limit = seconds if all(x.exact for x in found) else min(seconds, 1.0)
        found.append(smallest_cover(ties.n, ties.edges, row, seconds=limit))
    band = min(round(x.bound) for x in found), max(round(x.broken) for x in found)
    return mixed, band, all(x.exact for x in found)
