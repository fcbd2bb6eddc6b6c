"""Numbers about the world that claims ask for: ``aligned``, ``between``, ``returns``, ``rate``.

Meaning
    ``aligned(a, b)``, ``between(a; b, c)`` and ``returns(shock)`` are shares of draws from the
    ranges of a ties file: each is 1 or 0 in a draw. ``rate(name)`` is a base rate of history.
Units
    Each is from 0 to 1, with a 95 % interval: Wilson's for draws, the clustered one for a rate.
Region
    They are judged outside the game. No move in the game changes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Floats
from detente.defaults import SEED
from detente.errors import InputError
from detente.world.number import Number, needs, rate, share

if TYPE_CHECKING:
    from detente.world.align_study import Study
    from detente.world.alignment import Alignment
    from detente.world.study import Study as Network
    from detente.world.tiesfile import TiesFile

__all__ = ["DRAWS", "World"]

DRAWS = 256
"""Draws of a ties file's ranges behind a share, as in `detente align`."""

UNPROVED = "the best alignments were not proved in the time allowed"

Key = tuple[str, ...]


class World:
    """The world outside a crisis: the ties file beside it and base rates, read when asked for.

    It does not belong to the crisis, so crises that differ in their place alone are equal.

    Parameters
    ----------
    case
        The crisis file; None for a text without one. Standard input (``-``) is such a text.

    Examples
    --------
    >>> World(None).shocks()
    Traceback (most recent call last):
    ...
    detente.errors.InputError: this crisis is a text without a file, so no ties file lies beside it;
    expected a crisis file NAME.yaml with NAME.ties.yaml in the same folder
    """

    def __init__(self, case: Path | None) -> None:
        self.case = None if case is None or str(case) == "-" else case

    def __eq__(self, other: object) -> bool:
        return isinstance(other, World)

    def __hash__(self) -> int:
        return hash(World)

    def __reduce__(self) -> tuple[Any, ...]:
        return World, (self.case,)

    # names

    def rates(self) -> Collection[str]:
        """Return the names of the base rates."""
        from detente.history.base_rates import base_rates

        return base_rates()

    def states(self) -> Collection[str] | None:
        """Return the actors of the ties file; None if they come from data that is not installed.

        Raises
        ------
        InputError
            No ties file lies beside the crisis file, or it has an error.
        """
        ties = self.need()
        if ties.actors:
            return tuple(ties.actors)
        if self.absent():
            return None
        return tuple(dict.fromkeys(
            a for name in ties.definitions for a in ties.ties(name).actors))

    def shocks(self) -> Collection[str]:
        """Return the shocks of the ties file.

        Raises
        ------
        InputError
            As for `states`.
        """
        return tuple(self.need().shocks)

    # the file

    @cached_property
    def ties(self) -> TiesFile | None:
        """The ties file beside the case; None if there is none."""
        from detente.world.tiesfile import beside

        return None if self.case is None else beside(self.case)

    def need(self) -> TiesFile:
        """Return the ties file.

        Raises
        ------
        InputError
            There is none, or it has an error.
        """
        if self.case is None:
            raise InputError(
                "this crisis is a text without a file, so no ties file lies beside it",
                expected="a crisis file NAME.yaml with NAME.ties.yaml in the same folder")
        if self.ties is None:
            name = f"{self.case.name.removesuffix('.yaml')}.ties.yaml"
            raise InputError(
                f"the claim asks about ties, and no file {name} lies beside the crisis file",
                expected="a ties file of that name, with definitions, actors and pairs")
        return self.ties

    @property
    def definitions(self) -> Mapping[str, str]:
        """The sentence on what counts as a tie, by the name of the definition."""
        from detente.world.fromdata import DEFINITIONS

        return {name: d.says or DEFINITIONS[str(d.data)]
                for name, d in self.need().definitions.items()}

    # numbers

    def lacking(self, key: Key) -> list[str]:
        """Return the data sets that a number needs and that are not installed."""
        from detente.history.store import held

        if key[0] == "rate":
            return [name for name in needs(key[1]) if not held(name)]
        return self.absent() if key[0] in ("aligned", "between") else []

    def numbers(self, key: Key, samples: int = DRAWS, seed: int = SEED) -> dict[str, Number]:
        """Return a number under each definition of a tie; ``""`` if it needs none.

        Parameters
        ----------
        key
            The function and its names, such as ``("aligned", "aland", "bland")``.
        samples, seed
            Draws of the ties file's ranges.
        """
        kept: dict[Any, dict[str, Number]] = self.__dict__.setdefault("_kept", {})
        place = (key, samples, seed)
        if place not in kept:
            if key[0] == "rate":
                kept[place] = {"": rate(key[1])}
            else:
                kept[place] = {n: Number.none(UNPROVED) if self._open(key, n, samples, seed)
                               else share(x)
                               for n, x in self._drawn(key, samples, seed).items()}
        return kept[place]

    def _open(self, key: Key, definition: str, samples: int, seed: int) -> bool:
        """Return whether a number rests on best alignments that are not proved."""
        return (key[0] == "aligned"
                and not self.study(samples, seed).alignments[definition].exact)

    def _drawn(self, key: Key, samples: int, seed: int) -> dict[str, Floats]:
        if key[0] == "aligned":
            return self.aligned(key[1], key[2], samples, seed)
        if key[0] == "between":
            return self.between(key[1], key[2], key[3], samples, seed)
        return self.returns(key[1], samples, seed)

    def aligned(self, a: str, b: str, samples: int = DRAWS, seed: int = SEED) -> dict[str, Floats]:
        """Return whether two states are on one side, in each draw, by definition.

        Returns
        -------
        dict of str to ndarray (S,)
            1 if they are on one side in every best alignment of the draw, else 0; nan if no chain
            of ties joins them. One draw if the file states no range.
        """
        found = self.study(samples, seed)
        return {name: _aligned(x, a, b) for name, x in found.alignments.items()}

    def study(self, samples: int = DRAWS, seed: int = SEED) -> Study:
        """Return what the ties file says about alignments and shocks, computed once.

        Large networks get fewer draws, because every alignment is counted in each.
        """
        from detente.world.align_study import study
        from detente.world.landscape import parts, weights_of

        kept: dict[Any, Study] = self.__dict__.setdefault("_studies", {})
        if (samples, seed) not in kept:
            file = self.need()
            largest = max((len(part) for name in file.definitions
                           for part in parts(weights_of(file.ties(name)))), default=0)
            kept[samples, seed] = study(file, samples=min(samples, _most(largest)), seed=seed)
        return kept[samples, seed]

    def between(
        self, a: str, b: str, c: str, samples: int = DRAWS, seed: int = SEED
    ) -> dict[str, Floats]:
        """Return whether a state is a friend of two enemies, in each draw, by definition.

        Returns
        -------
        dict of str to ndarray (S,)
            1 if ``a`` has a friendly tie with ``b`` and with ``c``, and these a hostile one. One
            draw if the file states no range.
        """
        file = self.need()
        out = {}
        for name in file.definitions:
            ties = file.ties(name)
            values, _ = _sampled(file, name, samples, seed)
            out[name] = np.ones(len(values))
            for pair, sign in (((a, b), 1), ((a, c), 1), ((b, c), -1)):
                known = all(x in ties.actors for x in pair)
                edge = ties.between(*pair) if known else None
                out[name] *= 0.0 if edge is None else values[:, edge] * sign > 0
        return out

    def returns(self, shock: str, samples: int = DRAWS, seed: int = SEED) -> dict[str, Floats]:
        """Return whether the states are on their old course after a shock, in each draw.

        Returns
        -------
        dict of str to ndarray (S,)
            1 if they came back or never left it. The only key is ``""``: no tie is involved.
        """
        from detente.world.fold import undone

        return {"": undone(self.need().shocks[shock], samples, seed).returns}

    def record(self) -> str:
        """Return the record of alignments in past wars, in a sentence."""
        from detente.world.wars import line

        return line()

    def network(self, definition: str) -> Network:
        """Return all that is measured of a definition's network, computed once."""
        from detente.world.study import measured

        kept: dict[str, Network] = self.__dict__.setdefault("_networks", {})
        if definition not in kept:
            kept[definition] = measured(self.need().ties(definition))
        return kept[definition]

    def null(self, definition: str) -> str:
        """Return the network's frustration beside both null models, in words."""
        made = self.network(definition)
        found = made.two
        each = " and ".join(f"{x.mean:.1f} ± {x.sd:.1f} with {x.words}" for x in made.nulls)
        open_ = "" if found.exact else " found"
        proof = "" if found.exact else f" (not proved: at least {found.bound})"
        return (f"the best two blocs{open_} break {found.index} of {found.ties.m} ties{proof}; "
                f"{each}")

    def absent(self) -> list[str]:
        """Return the data sets of the ties that are not installed."""
        from detente.history.store import held
        from detente.world.fromdata import data_sets

        file = self.need()
        if file.file.from_ is None:
            return []
        names = dict.fromkeys(
            name for d in file.definitions.values() for name in data_sets(str(d.data)))
        names["cow-nmc"] = None  # the sizes
        return [name for name in names if not held(name, file.folder)]


def _sampled(file: TiesFile, definition: str, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Return draws of the values and sizes; one draw if neither has a range."""
    values, sizes = file.sample(definition, samples, seed)
    if (values == values[:1]).all() and (sizes == sizes[:1]).all():
        return values[:1], sizes[:1]
    return values, sizes


def _aligned(found: Alignment, a: str, b: str) -> Floats:
    """Return whether two states are on one side, in each draw."""
    actors = found.ties.actors
    if a not in actors or b not in actors or not any(
            {actors.index(a), actors.index(b)} <= set(group) for group in found.groups):
        return np.array([nan])
    return found.aligned(a, b)


def _most(actors: int) -> int:
    """Return the draws that a few seconds allow: every alignment is counted in each."""
    return DRAWS if actors <= 20 else 32
