"""The alignments of a ties file by each of its definitions, and what a pole's removal changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from detente.errors import InputError, nearest, one_of
from detente.render.numbers import percent
from detente.world.alignment import Alignment, Share, align, poles_of
from detente.world.fold import Undone, undone
from detente.world.poles import Removal, remove
from detente.world.ties import plain_name
from detente.world.tiesfile import TiesFile

__all__ = ["CLEAR", "OPEN", "SAMPLES", "Study", "clear", "study"]

SAMPLES = 256
"""Draws from the ranges of a file."""
NAMED = 8
"""Largest number of names in a sentence."""
BOTH, OPEN, APART = "both", "", "apart"
"""Places of an actor: clearly with both poles, not clear, or clearly against both."""
CLEAR = 0.75
"""Least lower end of the 95 % interval of a share of draws that a headline states as clear.

Three draws in four are a choice. A share near one half is a toss-up: another seed, or ranges that
differ a little, may turn it. The lower end is asked for so that few draws prove little.
"""

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

    def joined(self, definition: str, actor: str, pole: str) -> bool:
        """Return whether a chain of ties joins an actor to a pole by a definition."""
        found = self.alignments[definition]
        return any({actor, pole} <= {found.ties.actors[k] for k in g} for g in found.groups)

    def stands(self, definition: str, actor: str) -> str:
        """Return the pole with which an actor clearly stands, or `BOTH`, `APART` or `OPEN`.

        `CLEAR` has the rule.
        """
        found = self.alignments[definition]
        if self.between_poles(definition) == BOTH and clear(
                found.against(actor, self.poles[0]), found.draws):
            return APART
        held = [p for p in self.poles if self.joined(definition, actor, p)
                and clear(found.with_pole(actor, p), found.draws)]
        if len(held) == 2:
            return BOTH
        return held[0] if held else OPEN

    def between_poles(self, definition: str) -> str:
        """Return ``apart`` or `BOTH` if the poles clearly stand so by a definition, or `OPEN`."""
        one, two = self.poles
        found = self.alignments[definition]
        if not self.joined(definition, one, two):
            return OPEN
        if clear(found.with_pole(two, one), found.draws):
            return BOTH
        return APART if clear(found.against(two, one), found.draws) else OPEN

    def places(self, actor: str) -> set[str]:
        """Return where an actor stands, by each definition that joins it to a pole."""
        return {self.stands(d, actor) for d in self.alignments
                if any(self.joined(d, actor, p) for p in self.poles)}

    @property
    def disputed(self) -> tuple[str, ...]:
        """The actors that clearly stand elsewhere by another definition.

        Both poles are listed if they clearly stand together by one definition and apart by another.
        """
        if not self.poles:
            return ()
        poles = {self.between_poles(d) for d in self.alignments} >= {BOTH, APART}
        return tuple(a for a in self.actors if (
            poles if a in self.poles else len(self.places(a) - {OPEN}) > 1))

    @property
    def undecided(self) -> tuple[str, ...]:
        """The actors, other than the poles, that a definition does not clearly place."""
        return tuple(a for a in self.actors if a not in self.poles and OPEN in self.places(a))

    @property
    def headline(self) -> str:
        """Who clearly stands with whom by every definition, and who is undecided.

        If one definition clearly contradicts another, there is no headline. `CLEAR` has the rule.
        """
        if not self.poles:
            return ""
        if self.disputed:
            return (f"No headline: the definitions of ties disagree about "
                    f"{_listed(self._titles(self.disputed))}.")
        listed: dict[str, list[str]] = {p: [] for p in (*self.poles, BOTH, APART)}
        alone: list[str] = []
        for actor in self.actors:
            held = self.places(actor)
            if actor in self.poles or OPEN in held:
                continue
            (listed[held.pop()] if held else alone).append(self.title(actor))
        one, two = (self.title(p) for p in self.poles)
        known = {self.between_poles(d) for d in self.alignments if self.joined(d, *self.poles)}
        if known == {BOTH}:
            said = [f"{one} and {two} stand together"]
        else:
            said = [f"with {self.title(p)}: {_listed(listed[p]) or 'no other'}" for p in self.poles]
        if listed[BOTH]:
            said.append(f"with both: {_listed(listed[BOTH])}")
        if listed[APART]:
            said.append(f"against both: {_listed(listed[APART])}")
        if self.undecided:
            said.append(f"undecided: {_listed(self._titles(self.undecided))}")
        if OPEN in known:
            said.append(f"also undecided: whether {one} and {two} stand apart")
        if alone:
            said.append(f"no chain of ties to them: {_listed(alone)}")
        return f"{self._scope()} {'; '.join(said)}.{self._others()}"

    def _scope(self) -> str:
        drawn = any(a.draws > 1 for a in self.alignments.values())
        words = [*(["by every definition"] if len(self.alignments) > 1 else []),
                 f"in at least {percent(CLEAR)} of draws" if drawn else "at the values of the file"]
        text = ", ".join(words)
        return f"{text[0].upper()}{text[1:]}:"

    def _others(self) -> str:
        shares = [a.others.share for a in self.alignments.values() if a.others is not None]
        if max(shares, default=0) <= 0.5:
            return ""
        one = all(a.draws == 1 for a in self.alignments.values())
        return (" Other alignments are stable as well" if one else
                " In most draws other alignments are stable as well") + (
            "." if min(shares) > 0.5 else ", by at least one definition.")

    def rule(self) -> str:
        """Return the rule of the headline in words."""
        if all(a.draws == 1 for a in self.alignments.values()):
            return ("The headline lists an actor with a pole if they are on one side in every best "
                    "alignment, by every definition that joins them.")
        return (f"The headline lists an actor with a pole only if the whole interval of its share "
                f"is at or above {percent(CLEAR)}, by every definition that joins them. "
                "The others are undecided: another seed, or ranges that differ a little, may turn "
                "a share near one half.")

    def _titles(self, actors: Sequence[str]) -> list[str]:
        return [self.title(a) for a in actors]

    @property
    def exact(self) -> bool:
        """Whether every best alignment is proved."""
        return all(a.exact for a in self.alignments.values()) and all(
            r.exact for r in self.removals.values())


def clear(share: Share, draws: int) -> bool:
    """Return whether a share of draws is clear: see `CLEAR`. One draw has no interval.

    Examples
    --------
    >>> clear(Share.of(80, 100), 100), clear(Share.of(90, 100), 100), clear(Share.of(1, 1), 1)
    (False, True, True)
    """
    return share.share == 1.0 if draws == 1 else share.low >= CLEAR


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
    ... '''), samples=64)
    >>> made.headline
    'In at least 75 % of draws: with aland: no other; with bland: cland.'
    """
    names = [definition] if definition is not None else list(file.definitions)
    alignments, removals = {}, {}
    gone = None if pole is None else _actor(file, names, pole)
    for name in names:
        ties = file.ties(name)
        values, sizes = file.sample(name, samples, seed)

        def told(done: int, total: int, what: str = f"aligning by {name}") -> None:
            if tell is not None:
                tell(done, total, what)

        alignments[name] = align(ties, values, sizes, samples=samples, seed=seed, tell=told)
        if gone in ties.actors:
            removals[name] = remove(ties, values, sizes, gone, seed=seed, tell=told)
    first = next((a for a in alignments.values() if a.groups), None)
    return Study(
        file, alignments, _poles(first) if first is not None else (), removals,
        {name: undone(shock, max(samples, 1), seed) for name, shock in file.shocks.items()},
        samples, seed)


def _poles(found: Alignment) -> tuple[str, str]:
    return poles_of(found.ties, found.apart.mean(axis=0))


def _actor(file: TiesFile, names: Sequence[str], word: str) -> str:
    """Return the actor that a word names by at least one definition: its name, or its title."""
    if not names:
        raise InputError("the file has no ties, so no pole can be removed", file=file.path,
                         expected="a file with actors and pairs")
    actors = list(dict.fromkeys(a for n in names for a in file.ties(n).actors))
    known = {plain_name(a.title): key for key, a in file.actors.items() if a.title}
    known |= {plain_name(a): a for a in actors}
    if plain_name(word) not in known:
        raise InputError(f"there is no actor {word!r}", file=file.path,
                         expected=one_of(word, actors), nearest=nearest(word, actors))
    return known[plain_name(word)]
