"""The alignments of a ties file by each of its definitions, and what a pole's removal changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from detente.errors import InputError
from detente.world.alignment import Alignment, align, poles_of
from detente.world.fold import Undone, undone
from detente.world.poles import Removal, remove
from detente.world.tiesfile import TiesFile

__all__ = ["OPEN", "SAMPLES", "Study", "study"]

SAMPLES = 256
"""Draws from the ranges of a file."""
NAMED = 8
"""Largest number of names in a sentence."""
BOTH, OPEN = "both", ""
"""Sides of an actor that stands with both poles, or with neither in most draws."""

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Study:
    """The alignments and shocks of a ties file.

    Attributes
    ----------
    file : TiesFile
    alignments : dict
        `Alignment` by the name of the definition.
    poles : tuple of str
        The two actors with which the others are compared; empty if the file has no ties.
    removals : dict
        `Removal` by definition; empty if no pole was removed.
    shocks : dict
        `Undone` by the name of the shock.
    samples, seed : int
    """

    file: TiesFile
    alignments: Mapping[str, Alignment]
    poles: tuple[str, ...]
    removals: Mapping[str, Removal]
    shocks: Mapping[str, Undone]
    samples: int
    seed: int

    def title(self, actor: str) -> str:
        """Return the name of an actor to print."""
        held = self.file.actors.get(actor)
        return (held.title if held is not None else "") or actor

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors that have a tie by at least one definition, in the order of the file."""
        tied = {a.ties.actors[k] for a in self.alignments.values() for g in a.groups for k in g}
        known: dict[str, None] = {}
        for a in self.alignments.values():
            known |= dict.fromkeys(a.ties.actors)
        return tuple(name for name in known if name in tied)

    def tied(self, definition: str, *actors: str) -> bool:
        """Return whether all of some actors have ties by a definition."""
        found = self.alignments[definition]
        return {found.ties.actors[k] for g in found.groups for k in g} >= set(actors)

    def stands(self, definition: str, actor: str) -> str:
        """Return the pole with which an actor stands in most draws; `BOTH` or `OPEN` otherwise.

        Of several draws the 95 % interval of the share must lie above a half.
        """
        found = self.alignments[definition]

        def most(pole: str) -> bool:
            share = found.with_pole(actor, pole)
            return (share.low if found.draws > 1 else share.share) > 0.5

        held = [p for p in self.poles if self.tied(definition, actor, p) and most(p)]
        if len(held) == 2:
            return BOTH
        return held[0] if held else OPEN

    @property
    def disputed(self) -> tuple[str, ...]:
        """The actors that stand elsewhere by another definition by which they have ties."""
        return tuple(a for a in self.actors if len({
            self.stands(d, a) for d in self.alignments if self.tied(d, a, *self.poles)}) > 1)

    @property
    def headline(self) -> str:
        """Who stands with whom, if all definitions agree; otherwise about whom they disagree."""
        if not self.poles:
            return ""
        if self.disputed:
            return (f"No headline: the definitions of ties disagree about "
                    f"{_listed(self._titles(self.disputed))}, or one leaves it open.")
        first = next(iter(self.alignments))
        groups: dict[str, list[str]] = {p: [] for p in (*self.poles, BOTH, OPEN)}
        for actor in self.actors:
            by = next((d for d in self.alignments if self.tied(d, actor, *self.poles)), first)
            if actor not in self.poles:
                groups[self.stands(by, actor)].append(self.title(actor))
        one, two = (self.title(p) for p in self.poles)
        if self.stands(first, self.poles[0]) == BOTH:
            said = [f"{one} and {two} stand together"]
        else:
            said = [f"{_stand(groups[p])} with {self.title(p)}" for p in self.poles]
        if groups[BOTH] and self.stands(first, self.poles[0]) == BOTH:
            said.append(f"{_stand(groups[BOTH])} with them")
        if groups[OPEN]:
            said.append(f"open: {_listed(groups[OPEN])}")
        text = "; ".join(said)
        return ("By every definition, in" if len(self.alignments) > 1 else "In") + (
            f" most draws {text}.")

    def _titles(self, actors: Sequence[str]) -> list[str]:
        return [self.title(a) for a in actors]

    @property
    def exact(self) -> bool:
        """Whether every best alignment is proved."""
        return all(a.exact for a in self.alignments.values()) and all(
            r.exact for r in self.removals.values())


def _stand(names: Sequence[str]) -> str:
    return f"{_listed(names) or 'no other'} {'stand' if len(names) > 1 else 'stands'}"


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in words; of more than `NAMED` the first and the number of others."""
    kept = list(names) if len(names) <= NAMED else [*names[:NAMED - 1],
                                                    f"{len(names) - NAMED + 1} more"]
    return ", ".join(kept[:-1]) + (" and " if len(kept) > 1 else "") + kept[-1] if kept else ""


def study(
    file: TiesFile, *, definition: str | None = None, pole: str | None = None,
    samples: int = SAMPLES, seed: int = 0, tell: Tell | None = None,
) -> Study:
    """Align the actors of a file by each definition, and follow its shocks.

    Parameters
    ----------
    definition
        One definition only; all if not given.
    pole
        An actor that is removed and put back.
    samples, seed
        Draws from the file's ranges (a power of 2 is balanced) and their seed.
    tell
        Called with the work done, its total and its name.

    Raises
    ------
    InputError
        No definition or no actor has the name.

    Examples
    --------
    >>> from detente.world.tiesfile import loads_ties
    >>> made = study(loads_ties('''
    ... ties: small
    ... title: Three states
    ... sizes: number of ships
    ... definitions: {treaties: {says: A treaty or a state of war in force}}
    ... actors: {aland: {size: 3}, bland: {size: 2}, cland: {}}
    ... pairs:
    ... - {between: [aland, bland], value: -0.9 to -0.3, counts: [treaties], because: War}
    ... - {between: [bland, cland], value: 0.2 to 0.4, counts: [treaties], because: Pact}
    ... '''), samples=8)
    >>> made.headline
    'In most draws no other stands with aland; cland stands with bland.'
    """
    names = [definition] if definition is not None else list(file.definitions)
    alignments, removals = {}, {}
    for name in names:
        ties = file.ties(name)
        values, sizes = file.sample(name, samples, seed)

        def told(done: int, total: int, what: str = f"aligning by {name}") -> None:
            if tell is not None:
                tell(done, total, what)

        alignments[name] = align(ties, values, sizes, samples=samples, seed=seed, tell=told)
        if pole is not None and (pole in ties.actors or not _known(file, names, pole)):
            removals[name] = remove(ties, values, sizes, _actor(file, pole, ties.actors), seed=seed,
                                    tell=told)
    first = next((a.ties for a in alignments.values() if a.groups), None)
    if pole is not None and not alignments:
        raise InputError("the file has no ties, so no pole can be removed", file=file.path,
                         expected="a file with actors and pairs")
    return Study(
        file, alignments, poles_of(first) if first is not None else (), removals,
        {name: undone(shock, max(samples, 1), seed) for name, shock in file.shocks.items()},
        samples, seed)


def _known(file: TiesFile, names: Sequence[str], actor: str) -> bool:
    """Return whether another definition has the actor."""
    return any(actor in file.ties(n).actors for n in names)


def _actor(file: TiesFile, word: str, actors: Sequence[str]) -> str:
    """Return the actor that a word names: its name, or its title."""
    titles = {a.title.lower(): name for name, a in file.actors.items() if a.title}
    if word not in actors and word.lower() in titles:
        return titles[word.lower()]
    return {a.lower(): a for a in actors}.get(word.lower(), word)
