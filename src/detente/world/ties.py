"""A signed network: actors, and ties that are friendly (positive) or hostile (negative).

Every network carries the definition by which its ties were counted, because another definition
gives another network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.errors import InputError, nearest, one_of
from detente.world.division import grouped, joined

__all__ = ["Ties", "make_ties", "plain_name"]


@dataclass(frozen=True)
class Ties:
    """A signed network with what its ties rest on.

    Attributes
    ----------
    actors : tuple of str
        Names of the n actors. Networks from data hold only states with a tie.
    sizes : ndarray (n,)
        Size of each actor at the centre of its range; 1 if none is stated.
    edges : ndarray of int (m, 2)
        Indices of the two actors of each tie, the smaller first. A pair has one tie at most.
    values : ndarray (m,)
        Value of each tie at its centre, from -1 (hostile) to 1 (friendly), never 0.
    both : ndarray of bool (m,)
        Whether the two are friend and enemy at once. Such a tie counts as negative.
    evidence : tuple of tuple of str
        What each tie rests on: treaties, disputes or sources.
    definition, words : str
        Name of the definition, and what counts as a tie in one sentence.
    year : int or None
    title : str
    codes : tuple of int
        COW numbers of the states, if the ties come from data.
    sources : tuple of str
        References of what the ties rest on.

    Examples
    --------
    >>> triangle = make_ties("abc", {("a", "b"): 1, ("b", "c"): -1, ("a", "c"): -0.5})
    >>> triangle.n, triangle.m, triangle.signs.tolist()
    (3, 3, [1, -1, -1])
    """

    actors: tuple[str, ...]
    sizes: Floats
    edges: Ints
    values: Floats
    both: Bools
    evidence: tuple[tuple[str, ...], ...]
    definition: str
    words: str
    year: int | None = None
    title: str = ""
    codes: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of actors."""
        return len(self.actors)

    @property
    def m(self) -> int:
        """Number of ties."""
        return len(self.edges)

    @property
    def signs(self) -> Ints:
        """1 for a friendly tie, -1 for a hostile one, (m,)."""
        return np.where(self.values > 0, 1, -1).astype(np.int64)

    @property
    def negative(self) -> int:
        """Number of hostile ties, those that are friendly as well included."""
        return int((self.values < 0).sum())

    def index(self, actor: str) -> int:
        """Return the position of an actor; case, spaces and underscores do not matter.

        Raises
        ------
        InputError
            No actor has this name.
        """
        if actor in self.actors:
            return self.actors.index(actor)
        plain = [plain_name(a) for a in self.actors]
        if plain.count(plain_name(actor)) != 1:
            raise InputError(f"there is no actor {actor!r} in this network",
                             expected=one_of(actor, self.actors),
                             nearest=nearest(actor, self.actors))
        return plain.index(plain_name(actor))

    def between(self, a: str, b: str) -> int | None:
        """Return the position of the tie between two actors, or None if they have none.

        Examples
        --------
        >>> pair = make_ties("abc", {("b", "a"): -1})
        >>> pair.between("a", "b"), pair.between("a", "c")
        (0, None)
        """
        pair = sorted((self.index(a), self.index(b)))
        found = np.flatnonzero((self.edges == pair).all(axis=1))
        return int(found[0]) if len(found) else None

    def of(self, actor: str) -> Iterator[tuple[str, int]]:
        """Yield the other actor and the position of each tie of an actor."""
        k = self.index(actor)
        for e, (i, j) in enumerate(self.edges):
            if k in (i, j):
                yield self.actors[int(j if i == k else i)], e

    def part(self, kept: Iterable[int]) -> Ties:
        """Return the network among some of the actors.

        Parameters
        ----------
        kept
            Their indices.

        Examples
        --------
        >>> path = make_ties("abc", {("a", "b"): 1, ("b", "c"): -1})
        >>> path.part([1, 2]).actors, path.part([1, 2]).edges.tolist()
        (('b', 'c'), [[0, 1]])
        """
        order = sorted(set(kept))
        new = np.full(self.n, -1, dtype=np.int64)
        new[order] = np.arange(len(order))
        ends = new[self.edges] if self.m else np.empty((0, 2), dtype=np.int64)
        inside = np.flatnonzero((ends >= 0).all(axis=1))
        return Ties(
            tuple(self.actors[k] for k in order), self.sizes[order], ends[inside],
            self.values[inside], self.both[inside], tuple(self.evidence[e] for e in inside),
            self.definition, self.words, self.year, self.title,
            tuple(self.codes[k] for k in order) if self.codes else (), self.sources)

    def components(self) -> list[list[int]]:
        """Return the indices of the actors of each connected component, the largest first."""
        return grouped(joined(self.n, self.edges))


def plain_name(name: str) -> str:
    """Return a name by which actors are told apart: case and underscores do not matter.

    Examples
    --------
    >>> plain_name("United_States")
    'united states'
    """
    return " ".join(name.replace("_", " ").split()).casefold()


def make_ties(
    actors: Iterable[str], values: dict[tuple[str, str], float], *,
    both: Iterable[tuple[str, str]] = (), sizes: dict[str, float] | None = None,
    evidence: dict[tuple[str, str], tuple[str, ...]] | None = None,
    definition: str = "given", words: str = "ties as given", year: int | None = None,
    title: str = "", codes: tuple[int, ...] = (), sources: tuple[str, ...] = (),
) -> Ties:
    """Return a network from values by pair of names, checked.

    Raises
    ------
    InputError
        An actor is named twice or unknown, a pair appears twice or joins an actor to itself, a
        value is 0 or outside -1 to 1, or a pair that is friend and enemy at once is positive.

    Examples
    --------
    >>> make_ties("ab", {("a", "b"): 0})
    Traceback (most recent call last):
    ...
    detente.errors.InputError: the tie of 'a' and 'b' has the value 0; expected a number from -1
    (hostile) to 1 (friendly) that is not 0
    """
    names = tuple(actors)
    place = {name: k for k, name in enumerate(names)}
    if len(place) < len(names):
        raise InputError("an actor is named twice", expected="a name of its own for each actor")
    twice = {frozenset(pair) for pair in both}
    found: dict[tuple[int, int], tuple[float, bool, tuple[str, ...]]] = {}
    for (a, b), value in values.items():
        for name in (a, b):
            if name not in place:
                raise InputError(f"there is no actor {name!r}", expected=one_of(name, names),
                                 nearest=nearest(name, names))
        i, j = sorted((place[a], place[b]))
        if i == j:
            raise InputError(f"{a!r} has a tie to itself", expected="two different actors")
        if (i, j) in found:
            raise InputError(f"{a!r} and {b!r} have two ties", expected="one tie per pair")
        if not value or not -1 <= value <= 1:
            raise InputError(f"the tie of {a!r} and {b!r} has the value {value:g}",
                             expected="a number from -1 (hostile) to 1 (friendly) that is not 0")
        also = frozenset((a, b)) in twice
        if also and value > 0:
            raise InputError(f"{a!r} and {b!r} are friend and enemy at once, with a positive value",
                             expected="a negative value, because such a tie counts as negative")
        found[i, j] = (float(value), also, (evidence or {}).get((a, b), ()))
    order = sorted(found)
    return Ties(
        names, np.array([(sizes or {}).get(a, 1.0) for a in names], dtype=float),
        np.array(order, dtype=np.int64).reshape(-1, 2),
        np.array([found[e][0] for e in order], dtype=float),
        np.array([found[e][1] for e in order], dtype=bool),
        tuple(found[e][2] for e in order), definition, words, year, title, codes, sources)
