"""Moves and outcomes as structured identifiers; words are made from them only for display.

A move is an `Act`: an actor, a verb and an object. Several acts at once are an `ActionProfile`.
A way in which the crisis ends is an `Outcome`. Each gives its words (`words`, or ``str``), with the
actors' titles if they are given. No part of the package reads these words back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "CHANCE_ACTOR",
    "NO_TITLES",
    "WARS",
    "Act",
    "ActionProfile",
    "Move",
    "Outcome",
    "by_chance",
    "share_text",
]

CHANCE_ACTOR = ""
"""The actor of an act that chance makes."""
WARS = ("war", "wider war", "loss to all")
"""The outcomes that count as war if a game does not say which do."""
NO_TITLES: Mapping[str, str] = {}
"""No titles: actors are shown by their names."""


@dataclass(frozen=True, order=True)
class Act:
    """One move of one actor, or one result of chance.

    Attributes
    ----------
    actor : str
        Who moves; empty for chance.
    verb : str
        What is done, such as ``"escalate"``.
    object : str
        What it is done with, such as a rung, a package or a share; empty if there is none.
    phrase : str
        The words, without the actor: ``{object}`` and ``{whom}`` stand for the object, and
        ``{whom}`` prints an actor's title. Empty: the verb, then the object. The phrase is no
        part of the identity.

    Examples
    --------
    >>> act = Act("aland", "escalate", "general alert", "escalate to {object}")
    >>> str(act), act.deed()
    ('aland: escalate to general alert', 'escalate to general alert')
    >>> act.words({"aland": "Aland"})
    'Aland: escalate to general alert'
    """

    actor: str
    verb: str
    object: str = ""
    phrase: str = field(default="", compare=False)

    def deed(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the words for what is done, without who does it."""
        if not self.phrase:
            return f"{self.verb} {self.object}".rstrip()
        return self.phrase.replace("{object}", self.object).replace(
            "{whom}", titles.get(self.object, self.object)
        )

    def words(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the words for the act, with the actor's title."""
        deed = self.deed(titles)
        return f"{titles.get(self.actor, self.actor)}: {deed}" if self.actor else deed

    def __str__(self) -> str:
        return self.words()


def by_chance(verb: str, object: str = "", phrase: str = "") -> Act:
    """Return a result of chance.

    Examples
    --------
    >>> str(by_chance("ratifies", "aland", "{whom} ratifies"))
    'aland ratifies'
    """
    return Act(CHANCE_ACTOR, verb, object, phrase)


@dataclass(frozen=True, order=True)
class ActionProfile:
    """The acts of several actors at once.

    Examples
    --------
    >>> str(ActionProfile((Act("east", "open"), Act("west", "close"))))
    'east: open, west: close'
    """

    acts: tuple[Act, ...]

    def words(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the words for the acts, in the order of the actors."""
        return ", ".join(act.words(titles) for act in self.acts)

    def deed(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the same as `words`: a profile has no single actor to leave out."""
        return self.words(titles)

    def __str__(self) -> str:
        return self.words()


Move = Act | ActionProfile
"""The acts that lead from one node of a public tree to the next."""


@dataclass(frozen=True, order=True)
class Outcome:
    """A way in which the crisis ends.

    Attributes
    ----------
    kind : str
        Such as ``"war"``, ``"settlement"`` or ``"concession"``; in a game built by hand, the text
        given there.
    actor : str
        Who concedes; empty for other kinds.

    Examples
    --------
    >>> str(Outcome("war")), Outcome("concession", "aland").words({"aland": "Aland"})
    ('war', 'Aland concedes')
    """

    kind: str
    actor: str = ""

    def words(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the words for the outcome, with the actor's title."""
        if self.kind == "concession" and self.actor:
            return f"{titles.get(self.actor, self.actor)} concedes"
        return self.kind

    def __str__(self) -> str:
        return self.words()


def share_text(share: float) -> str:
    """Write a share of the stake so that two different shares never read alike.

    Examples
    --------
    >>> share_text(0.50), share_text(0.12345678)
    ('0.5', '0.12345678')
    """
    short = f"{share:g}"
    return short if float(short) == share else repr(float(share))
