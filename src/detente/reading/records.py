"""The records of a reading session: documents, turns, sentences, passages, claims, relations.

Offsets count code points of the document's extracted, normalised text. The first is 0, and the end
is the offset after the last code point. No record prints the words of a text: such fields are left
out of ``repr``, so that a log or an error message cannot carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

__all__ = [
    "KINDS", "ORIGINS", "STATUSES", "Claim", "Document", "Kind", "Origin", "Passage", "Relation",
    "Sentence", "Spoken", "Status", "Turn",
]

Status = Literal["proposed", "confirmed", "refused", "to confirm again", "lost"]
"""``to confirm again``: the source changed after the confirmation. ``lost``: the source changed,
and the passage is not in its text any more."""
STATUSES: tuple[Status, ...] = get_args(Status)

Kind = Literal["attack", "support"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Origin = Literal["reply", "cue", "confirmed", "computed"]
"""``reply``, ``cue``: read from the text. ``confirmed``: stated by the analyst. ``computed``: from
the samples of a case, such as two claims that hold together in none."""
ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass(frozen=True)
class Document:
    """A text that was read, with what identifies it.

    Attributes
    ----------
    id : int
    name : str
        The name of the file, without its folder.
    path : str
        The file, with its folder.
    kind : str
        ``text``, ``markdown``, ``html``, ``pdf``, ``mail`` or ``hypothesis``.
    sha_bytes, sha_text : str
        SHA-256, in hexadecimal, of the file's bytes, and of the extracted text in UTF-8.
    extractor : str
        The program that extracted the text, with its version.
    text : str
        The extracted, normalised text (Unicode NFC, lines end with a line feed).
    """

    id: int
    name: str
    path: str
    kind: str
    sha_bytes: str
    sha_text: str
    extractor: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Turn:
    """One author's part of an exchange.

    Attributes
    ----------
    id, document : int
    order : int
        Its place in the document, from 0.
    author : str
        The author as the text names it; empty if the text names none.
    reply_to : int or None
        The id of the turn that it answers.
    start, end : int
        Its span in the document's text.
    """

    id: int
    document: int
    order: int
    author: str = field(repr=False)
    reply_to: int | None
    start: int
    end: int


class Spoken(NamedTuple):
    """A turn before it is stored; ``reply_to`` is the place of a turn in the same list, or None."""

    author: str
    reply_to: int | None
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence's span; ``turn`` is the id of the turn that holds it, or None."""

    id: int
    document: int
    turn: int | None
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """An exact piece of a document's text, admitted by `detente.reading.gate`.

    Attributes
    ----------
    id, document : int
    start, end : int
        Its span in the document's text.
    exact : str
        The text in this span.
    prefix, suffix : str
        At most 32 code points before and after it.
    status : str
        See `Status`.
    flagged : bool
        Whether a flag was raised: the passage is folded away and needs a second confirmation.
    confirmed_twice : bool
        Whether it has the second confirmation.
    proposer : str
        By which way it was proposed: ``analyst``, ``cues``, or the name of a model.
    """

    id: int
    document: int
    start: int
    end: int
    exact: str = field(repr=False)
    prefix: str = field(repr=False)
    suffix: str = field(repr=False)
    status: Status
    flagged: bool
    confirmed_twice: bool
    proposer: str = "analyst"

    @property
    def usable(self) -> bool:
        """Whether a claim may rest on it: confirmed, and confirmed twice if it is flagged.

        Examples
        --------
        >>> one = Passage(1, 1, 0, 3, "abc", "", "", "confirmed", True, False)
        >>> one.usable, one
        (False, Passage(id=1, document=1, start=0, end=3, status='confirmed', flagged=True, ...))
        """
        return self.status == "confirmed" and (self.confirmed_twice or not self.flagged)


@dataclass(frozen=True)
class Claim:
    """A statement in the analyst's neutral words, which rests on one confirmed passage.

    Attributes
    ----------
    id, passage : int
    author : str
        The name of the person or government that says it, as the analyst wrote it.
    paraphrase : str
        The analyst's neutral words; the only words that leave the session.
    template : str
        The id of the proposition that it states; empty if none was chosen.
    slots : Mapping
        The values of the template's slots, such as the actor and the move.
    formal : str
        The statement in the claims language; empty if it has no formal form.
    note : str
        What the analyst decided when formalising it.
    """

    id: int
    passage: int
    author: str
    paraphrase: str
    template: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    formal: str = ""
    note: str = ""


@dataclass(frozen=True)
class Relation:
    """An attack or a support between two claims, with its origin."""

    from_claim: int
    to_claim: int
    kind: Kind
    origin: Origin
    note: str = ""
