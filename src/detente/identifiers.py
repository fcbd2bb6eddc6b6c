"""Moves, outcomes and types as structured identifiers; words are made only for display.

A move is an `Act`: an actor, a verb and an object. Several acts at once are an `ActionProfile`.
A way in which the crisis ends is an `Outcome`. A type of an actor is a `Type`. Each gives its words
(`words`, or ``str``). Moves and outcomes take the actors' titles if they are given. The package
never reads these words back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "CHANCE_ACTOR",
    "NO_TITLES",
    "WARS",
    "Act",
    "ActionProfile",
    "Attribute",
    "Move",
    "Outcome",
    "Terms",
    "Type",
    "by_chance",
    "share_text",
    "spoken",
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


@dataclass(frozen=True, order=True)
class Attribute:
    """One private quantity of a type.

    Attributes
    ----------
    quantity : str
        The quantity, as claims and mechanisms name it.
    position : int
        Its place among the values that the quantity may have.
    level : str
        ``low``, ``middle`` or ``high`` among these values.
    label : str
        The value in words, for display: the number, or a word of the file.
    name : str
        The quantity's own name, without the mechanism that it belongs to.
    value : float or None
        The value at the centre of the file's ranges, in the quantity's units; None in a game built
        by hand.

    Examples
    --------
    >>> Attribute("war_cost", 0, "low", "0.15", "war_cost", 0.15).words
    'war cost 0.15'
    >>> Attribute("type", 1, "high", "resolute").words
    'resolute'
    """

    quantity: str
    position: int
    level: str
    label: str = field(compare=False)
    name: str = field(default="", compare=False)
    value: float | None = field(default=None, compare=False)

    @property
    def words(self) -> str:
        """The quantity and its value in words."""
        return self.label if self.value is None else f"{self.quantity_words} {self.label}"

    @property
    def quantity_words(self) -> str:
        """The quantity in words."""
        return (self.name or self.quantity).replace("_", " ")


@dataclass(frozen=True, order=True)
class Type:
    """One type of an actor: what the actor knows privately.

    Attributes
    ----------
    actor : str
        Whose type it is.
    index : int
        Its row in every array over the actor's types.
    attributes : tuple of Attribute
        The private quantities; empty if nothing is private.

    Examples
    --------
    >>> cost = Attribute("war_cost", 1, "high", "0.4", "war_cost", 0.4)
    >>> one = Type("aland", 1, (cost,))
    >>> str(one), one.attribute("war_cost").level
    ('war cost 0.4', 'high')
    """

    actor: str
    index: int
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, quantity: str) -> Attribute:
        """Return one of its private quantities.

        Raises
        ------
        KeyError
            The type has no such quantity.
        """
        for one in self.attributes:
            if one.quantity == quantity:
                return one
        raise KeyError(quantity)

    def __str__(self) -> str:
        return ", ".join(one.words for one in self.attributes)


@dataclass(frozen=True)
class Terms:
    """The terms on which a crisis ends: a kind of ending with its package or share.

    Attributes
    ----------
    outcome : Outcome
        Such as a settlement, or a concession with the actor who concedes.
    package : str
        The name of the settlement's package; empty for a plain share.
    share : float or None
        The share of the stake that goes to `stake.first`; None if the ending divides nothing.
    parties : tuple of str
        The actors besides the principals that take part in a war.
    result : str
        How a war ended, ``"victory"`` or ``"stalemate"``; empty if the file does not say.
    winner : str
        The actor that won it.

    Examples
    --------
    >>> str(Terms(Outcome("settlement"), "pledge", 0.4)), str(Terms(Outcome("settlement"), "", 0.4))
    ('settlement: pledge', 'settlement: share 0.4')
    >>> str(Terms(Outcome("wider war"), parties=("cland", "dland")))
    'wider war: cland and dland'
    >>> str(Terms(Outcome("concession", "aland"), "", 1.0)), str(Terms(Outcome("war")))
    ('aland concedes', 'war')
    >>> Terms(Outcome("war"), result="victory", winner="aland").words({"aland": "Aland"})
    'war: victory of Aland'
    """

    outcome: Outcome
    package: str = ""
    share: float | None = None
    parties: tuple[str, ...] = ()
    result: str = ""
    winner: str = ""

    @property
    def detail(self) -> str:
        """The words by which a claim names the terms: the package, or the parties to a war."""
        return self.package or " and ".join(self.parties)

    def words(self, titles: Mapping[str, str] = NO_TITLES) -> str:
        """Return the words for the terms, with the actors' titles."""
        head = self.outcome.words(titles)
        if self.package:
            return f"{head}: {self.package}"
        parts = []
        if self.parties:
            parts.append(" and ".join(titles.get(p, p) for p in self.parties))
        if self.result:
            of = f" of {titles.get(self.winner, self.winner)}" if self.winner else ""
            parts.append(f"{self.result}{of}")
        if parts:
            return f"{head}: {', '.join(parts)}"
        if self.outcome.kind == "settlement" and self.share is not None:
            return f"{head}: share {share_text(self.share)}"
        return head

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


def spoken(name: str) -> list[str]:
    """Return the words by which a claim knows a name.

    They are in lower case, without punctuation and the words ``to`` and ``the``. Two names with the
    same words are one name in a claim.

    Examples
    --------
    >>> spoken("escalate_to_Limited strike"), spoken("offer 0.70")
    (['escalate', 'limited', 'strike'], ['offer', '0.7'])
    """
    words = re.findall(r"[0-9]+(?:\.[0-9]+)?|[^\W\d_]+", name.lower())
    return [share_text(float(w)) if w[0].isdigit() else w for w in words if w not in ("to", "the")]
