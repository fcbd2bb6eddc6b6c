"""Load a ties file, ``NAME.ties.yaml``, alone or beside a case. Errors name the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np

from detente.arrays import Floats
from detente.defaults import SEED
from detente.errors import InputError, nearest, one_of
from detente.scenario.beside import Source
from detente.scenario.problems import Problem
from detente.scenario.ranges import Quantity
from detente.scenario.sobol import points
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml, validate
from detente.world.schema import DATA, Actor, Definition, Shock, TiesSchema
from detente.world.ties import Ties, make_ties, plain_name

__all__ = ["ENDING", "TiesFile", "beside", "loads_ties", "read_ties", "shipped_ties"]

ENDING = ".ties.yaml"
LEAST = 1e-9
"""Least size: the energy of a tie has the product of two sizes, which a double must hold."""


@dataclass(frozen=True)
class TiesFile:
    """A ties file that has been read and checked.

    Attributes
    ----------
    file : TiesSchema
    path : str
        The file that it was read from, for messages.
    sha256 : str
        The hash of the bytes that were read.
    folder : Path or None
        Folder of the downloaded data, if the ties come from data; None is the user's own.
    """

    file: TiesSchema
    path: str = "<text>"
    sha256: str = ""
    folder: Path | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The name that the file gives itself."""
        return self.file.name

    @property
    def title(self) -> str:
        """The name to print."""
        return self.file.title

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """The definitions of a tie by name, in the order of the file."""
        return self.file.definitions

    @property
    def actors(self) -> Mapping[str, Actor]:
        """The actors by name; empty if the ties come from data."""
        return self.file.actors

    @property
    def shocks(self) -> Mapping[str, Shock]:
        """The shocks by name."""
        return self.file.shocks

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by id."""
        return {s.id: s for s in self.file.sources}

    def shown(self, word: str) -> str:
        """Return the name to print of the actor that a word names; the word itself if none."""
        named = {plain_name(k): a.title or k for k, a in self.actors.items()}
        return named.get(plain_name(word), word)

    def definition(self, name: str) -> Definition:
        """Return a definition.

        Raises
        ------
        InputError
            No definition has this name.
        """
        if name not in self.definitions:
            raise InputError(f"no definition is called {name!r}", file=self.path,
                             expected=one_of(name, self.definitions),
                             nearest=nearest(name, self.definitions))
        return self.definitions[name]

    def ties(self, definition: str) -> Ties:
        """Return the ties of one definition, with every number at its centre.

        The network holds all actors of the file, those without a tie as well.

        Raises
        ------
        InputError
            No definition has this name, or its data has not been downloaded.
        """
        held = self._held
        if definition not in held:
            held[definition] = self._made(definition)
        return held[definition]

    @cached_property
    def _held(self) -> dict[str, Ties]:
        return {}

    def _made(self, definition: str) -> Ties:
        about = self.definition(definition)
        if self.file.from_ is not None:
            from detente.world.fromdata import from_history, with_capabilities

            year = self.file.from_.year
            try:
                made = from_history(year, str(about.data), self.folder)
            except InputError as error:
                raise replace(error, file=self.path, field=f"definitions.{definition}") from error
            return with_capabilities(made, self.folder)
        values: dict[tuple[str, str], float] = {}
        evidence: dict[tuple[str, str], tuple[str, ...]] = {}
        both = []
        for _, tie in self._pairs(definition):
            pair = (tie.between[0], tie.between[1])
            values[pair] = tie.value.centre
            cite = self.sources[tie.source].cite if tie.source else ""
            evidence[pair] = (f"{tie.because} ({cite})" if cite else tie.because,)
            if tie.both:
                both.append(pair)
        sizes = {k: a.size.centre for k, a in self.actors.items() if a.size is not None}
        return make_ties(
            self.actors, values, both=both, sizes=sizes, evidence=evidence, definition=definition,
            words=about.says, year=self.file.year, title=self.title,
            sources=tuple(s.cite for s in self.file.sources))

    def _pairs(self, definition: str) -> Iterator[tuple[int, Any]]:
        """Yield position in the file and tie, in the order of `Ties.edges`."""
        place = {name: k for k, name in enumerate(self.actors)}
        held = [(k, t) for k, t in enumerate(self.file.pairs) if definition in t.counts]
        yield from sorted(held, key=lambda x: sorted(place[a] for a in x[1].between))

    def sample(self, definition: str, samples: int, seed: int = SEED) -> tuple[Floats, Floats]:
        """Draw values and sizes from the ranges of the file: scrambled Sobol' points.

        All ranges of the file are drawn together, so that two definitions with the same seed hold
        the same draw of a tie that both count. Ties from data have no range.

        Parameters
        ----------
        definition
            Name of the definition.
        samples
            Number of points S. The sequence is balanced if it is a power of 2.
        seed
            Seed of the scrambling.

        Returns
        -------
        values : ndarray (S, m)
            In the order of the ties of `ties`.
        sizes : ndarray (S, n)
            In the order of its actors.
        """
        made = self.ties(definition)
        values = np.repeat(made.values[None], samples, axis=0)
        sizes = np.repeat(made.sizes[None], samples, axis=0)
        ranges: dict[tuple[str, Any], Quantity] = {}
        for name, actor in self.actors.items():
            if actor.size is not None and actor.size.is_range:
                ranges["size", name] = actor.size
        for k, tie in enumerate(self.file.pairs):
            if tie.value.is_range:
                ranges["tie", k] = tie.value
        if not ranges or samples == 0 or self.file.from_ is not None:
            return values, sizes
        u = points(len(ranges), samples, seed)
        drawn = {key: q.ppf(u[:, c]) for c, (key, q) in enumerate(ranges.items())}
        for c, name in enumerate(self.actors):
            if ("size", name) in drawn:
                sizes[:, c] = drawn["size", name]
        for c, (k, _) in enumerate(self._pairs(definition)):
            if ("tie", k) in drawn:
                values[:, c] = drawn["tie", k]
        return values, sizes


def read_ties(path: str | Path, folder: Path | None = None) -> TiesFile:
    """Read a ties file and check it.

    Parameters
    ----------
    path
        The file.
    folder
        Folder of the downloaded data, for files with ``from``.

    Raises
    ------
    InputError
        If the file has an error; `detente.errors.InputErrors` if it has several.
    """
    return _checked(read_yaml(path), folder)


def loads_ties(text: str, *, file: str = "<text>", folder: Path | None = None) -> TiesFile:
    """Read a ties file from its text; see `read_ties`.

    Examples
    --------
    >>> made = loads_ties('''
    ... ties: small
    ... title: Two neighbours
    ... definitions: {treaties: {says: A treaty or a state of war in force}}
    ... actors: {aland: {}, bland: {}}
    ... pairs: [{between: [aland, bland], value: -0.9 to -0.3, counts: [treaties], because: War}]
    ... ''')
    >>> made.ties("treaties").values.round(3).tolist()
    [-0.6]
    >>> made.sample("treaties", 4)[0].shape
    (4, 1)
    """
    return _checked(parse_yaml(text, file=file), folder)


def beside(case: str | Path, folder: Path | None = None) -> TiesFile | None:
    """Return the ties file beside a case file ``NAME.yaml``; None if there is none.

    Raises
    ------
    InputError
        The ties file has an error.
    """
    place = Path(case)
    ties = place.with_name(place.name.removesuffix(".yaml") + ENDING)
    return read_ties(ties, folder) if ties.is_file() else None


def shipped_ties() -> dict[str, Path]:
    """Return the ties files of this room by name; those of cases stand beside the cases.

    Examples
    --------
    >>> sorted(shipped_ties())
    ['world-1938', 'world-1962']
    """
    folder = Path(str(files("detente.world"))) / "shipped"
    return {f.name.removesuffix(ENDING): f for f in sorted(folder.glob(f"*{ENDING}"))}


def _checked(document: Document, folder: Path | None) -> TiesFile:
    made = validate(document, TiesSchema)
    wrong = document.gather(_problems(made))
    if wrong is not None:
        raise wrong
    return TiesFile(made, document.file, document.sha256, folder)


def _problems(made: TiesSchema) -> Iterator[Problem]:
    ids = [s.id for s in made.sources]
    for name in sorted({s for s in ids if ids.count(s) > 1}):
        yield Problem(("sources",), f"two sources have the id {name!r}", "an id for each")
    yield from _kind(made)
    yield from _actors(made)
    seen: set[tuple[str, frozenset[str]]] = set()
    for k, tie in enumerate(made.pairs):
        at: tuple[str | int, ...] = ("pairs", k)
        for end, actor in enumerate(tie.between):
            if actor not in made.actors:
                yield Problem((*at, "between", end), f"there is no actor {actor!r}",
                              one_of(actor, made.actors), nearest(actor, made.actors))
        for c, name in enumerate(tie.counts):
            if name not in made.definitions:
                yield Problem((*at, "counts", c), f"no definition is called {name!r}",
                              one_of(name, made.definitions), nearest(name, made.definitions))
            if (name, frozenset(tie.between)) in seen:
                yield Problem((*at, "counts", c), f"{' and '.join(tie.between)} have a tie by the "
                              f"definition {name!r} already", "one tie per pair and definition")
            seen.add((name, frozenset(tie.between)))
    for at, source in _named(made):
        if source not in ids:
            yield Problem(at, f"no source has the id {source!r}", one_of(source, ids),
                          nearest(source, ids))


def _kind(made: TiesSchema) -> Iterator[Problem]:
    """Check that ties are listed here or come from data, and not both."""
    for key, held in (("actors", made.actors), ("pairs", made.pairs)):
        if made.from_ is not None and held:
            yield Problem((key,), f"{key} are given as well as `from`", "one of them", at_key=True)
    if made.from_ is None and not made.actors and not made.shocks:
        yield Problem((), "the file has no actors", "actors with pairs, `from: {year: ...}`, or "
                      "shocks alone")
    if (made.from_ is not None or made.actors) and not made.definitions:
        yield Problem((), "the file has no definition of a tie", "`definitions` with at least one")
    if any(a.size is not None for a in made.actors.values()) and not made.sizes:
        yield Problem(("actors",), "sizes are given without their meaning",
                      "a sentence at `sizes`: what a size measures", at_key=True)
    for name, about in made.definitions.items():
        at = ("definitions", name)
        if made.from_ is None and about.data is not None:
            yield Problem((*at, "data"), "the file lists its own ties", "`says` alone; or use "
                          "`from: {year: ...}` in place of actors and pairs", at_key=True)
        if made.from_ is None and not about.says:
            yield Problem(at, "the definition does not say what counts as a tie",
                          "one sentence at `says`", at_key=True)
        if made.from_ is not None and about.data is None:
            yield Problem(at, "the definition names no data",
                          "one of the data's at `data`: "
                          f"{', '.join(get_args(DATA))}", at_key=True)


def _actors(made: TiesSchema) -> Iterator[Problem]:
    """Check that each actor has a name of its own, and a size that can be computed with."""
    keys = {plain_name(k): k for k in made.actors}
    printed: dict[str, str] = {}
    for key, actor in made.actors.items():
        name = plain_name(actor.title or key)
        other = printed.setdefault(name, key)
        if keys.get(name, key) != key:
            other = keys[name]
        if other != key:
            yield Problem(("actors", key), f"the name {actor.title or key!r} is that of "
                          f"{other!r} too", "a name of its own for each actor", at_key=True)
        if actor.size is not None and actor.size.low < LEAST:
            yield Problem(("actors", key, "size"), f"the size {actor.size.low:g} is too small",
                          f"sizes of at least {LEAST:g}; write all sizes in a smaller unit")


def _named(made: TiesSchema) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every mention of a source with its place."""
    for name, actor in made.actors.items():
        if actor.size is not None and actor.size.source:
            yield ("actors", name, "size", "source"), actor.size.source
    for k, tie in enumerate(made.pairs):
        for at, source in (((), tie.source), (("value",), tie.value.source)):
            if source:
                yield ("pairs", k, *at, "source"), source
    for name, shock in made.shocks.items():
        if shock.source:
            yield ("shocks", name, "source"), shock.source
        for key in ("precision", "pull", "before", "during", "after"):
            if getattr(shock, key).source:
                yield ("shocks", name, key, "source"), getattr(shock, key).source
