"""The map of an exchange: attacks and supports between claims, and the claims that stand.

Relations that the analyst entered keep the origin that they were read from: a reply, a cue in the
reply, or the analyst's own reading. Computed relations are mutual attacks between claims that held
together in no sample of a case. Proposals from replies are listed for the analyst and do not count
before they are entered, because neither a reply nor similar words tell attack from support.

Extensions use attacks only. Supports count in the strengths, because the literature has several
meanings of support and they lead to different extensions [cohen-et-al-2014].
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from detente.cases.ledgerfile import Standing
from detente.errors import InputError, nearest, one_of
from detente.reading.arguments import Extension, Framework, grounded, preferred
from detente.reading.records import KINDS, Claim, Origin, Relation
from detente.reading.strengths import df_quad

if TYPE_CHECKING:
    from detente.analysis.claims.result import Claims
    from detente.reading.store import Session

__all__ = ["STANDINGS", "ArgumentMap", "Proposal", "compute", "enter", "map_of", "name_of",
           "number_of", "proposals"]

STANDINGS: tuple[Standing, ...] = get_args(Standing)

DISSENT = re.compile(
    r"\b(?:no|not so|wrong|false|but|however|nonsense|disagree|on the contrary|untrue|mistaken|"
    r"never|you forget|hardly)\b", re.IGNORECASE)
ASSENT = re.compile(
    r"\b(?:yes|agree|agreed|indeed|exactly|true|right|as you say|well said|precisely|likewise)\b",
    re.IGNORECASE)


def name_of(claim: int) -> str:
    """Return the name of a claim in maps, ledgers and case files.

    Examples
    --------
    >>> name_of(3), number_of("c3")
    ('c3', 3)
    """
    return f"c{claim}"


def number_of(name: str) -> int:
    """Return the id of a claim by its name."""
    return int(name.removeprefix("c"))


@dataclass(frozen=True)
class ArgumentMap:
    """The claims of a session with their relations.

    Attributes
    ----------
    claims : tuple of Claim
    relations : tuple of Relation
    """

    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...]

    def of_kind(self, kind: str) -> list[tuple[str, str]]:
        """Return the pairs of names with a relation of one kind."""
        return sorted({(name_of(r.from_claim), name_of(r.to_claim))
                       for r in self.relations if r.kind == kind})

    @cached_property
    def framework(self) -> Framework:
        """The claims with the attacks between them."""
        return Framework.of([name_of(c.id) for c in self.claims], self.of_kind("attack"))

    @cached_property
    def grounded(self) -> Extension:
        """The grounded extension."""
        return grounded(self.framework)

    @cached_property
    def preferred(self) -> list[Extension]:
        """The preferred extensions."""
        return preferred(self.framework)

    @cached_property
    def strengths(self) -> Mapping[str, float | None]:
        """The DF-QuAD strength of each claim, from equal base scores of 0.5."""
        return df_quad(self.framework.arguments, self.of_kind("attack"), self.of_kind("support"))

    def standing(self, claim: int) -> Standing:
        """Return the standing of a claim in the exchange."""
        name = name_of(claim)
        if name in self.grounded:
            return "stands"
        inside = [name in e for e in self.preferred]
        if all(inside):
            return "stands in every reading"
        return "stands in some readings" if any(inside) else "does not stand"

    def against(self, claim: int) -> list[int]:
        """Return the claims that attack a claim."""
        return sorted({r.from_claim for r in self.relations
                       if r.to_claim == claim and r.kind == "attack"})

    def behind(self, claim: int) -> list[int]:
        """Return the claims that support a claim."""
        return sorted({r.from_claim for r in self.relations
                       if r.to_claim == claim and r.kind == "support"})


def map_of(session: Session) -> ArgumentMap:
    """Return the map of a session: claims on usable passages, and the relations entered so far."""
    return ArgumentMap(tuple(session.claims()), tuple(session.relations()))


def compute(session: Session, claims: Claims) -> list[Relation]:
    """Replace the computed relations by those that follow from the samples of a case.

    Parameters
    ----------
    session
        The session.
    claims
        Results of the session's claims on the case, as `detente.reading.judge` returns them.

    Returns
    -------
    list of Relation
        Two attacks, one in each direction, for each pair of claims that held together in no sample.
    """
    known = {name_of(c.id) for c in session.claims()}
    with session.transaction():
        session.forget_computed()
        for pair in claims.pairs:
            if {pair.first, pair.second} <= known:
                note = f"held together in none of {pair.samples} samples"
                note += "; one holds exactly if the other fails" if pair.opposite else ""
                one, two = number_of(pair.first), number_of(pair.second)
                session.relate(one, two, "attack", "computed", note)
                session.relate(two, one, "attack", "computed", note)
    return [r for r in session.relations() if r.origin == "computed"]


@dataclass(frozen=True)
class Proposal:
    """A relation that the analyst may enter: one claim was made in reply to another.

    Attributes
    ----------
    from_claim, to_claim : int
    kind : "attack", "support" or None
        None if the reply has no cue, or cues of both kinds.
    origin : "reply" or "cue"
    """

    from_claim: int
    to_claim: int
    kind: Literal["attack", "support"] | None
    origin: Literal["reply", "cue"]


def proposals(session: Session) -> list[Proposal]:
    """Return the pairs of claims of which one was made in reply to the other's turn.

    Pairs that already have a relation are left out. The kind is read from words of dissent or
    assent in the reply's text up to the claim.
    """
    claims = session.claims()
    passages = {p.id: p for p in session.passages()}
    turns = session.turns()
    texts = {d.id: d.text for d in session.documents()}
    turn_of = {c.id: next((t for t in turns if t.document == passages[c.passage].document
                           and t.start <= passages[c.passage].start < t.end), None)
               for c in claims}
    done = {(r.from_claim, r.to_claim) for r in session.relations()}
    found = []
    for one in claims:
        turn = turn_of[one.id]
        if turn is None or turn.reply_to is None:
            continue
        for other in claims:
            asked = turn_of[other.id]
            if asked is not None and asked.id == turn.reply_to and (one.id, other.id) not in done:
                said = texts[turn.document][turn.start:passages[one.passage].end]
                kind = _kind(said)
                found.append(Proposal(one.id, other.id, kind, "cue" if kind else "reply"))
    return found


def enter(session: Session, one: int, kind: str, other: int, note: str = "") -> None:
    """Enter the relation that the analyst sees between two claims; ``none`` removes it.

    It replaces an earlier one of the same two claims in this direction, and keeps the origin of
    that one, or of the proposal that `proposals` lists. Computed relations stay.

    Raises
    ------
    InputError
        There is no such kind or claim, or both are one claim.
    """
    known = (*KINDS, "none")
    if kind not in known:
        raise InputError(f"{kind!r} is no relation", field="kind", expected=one_of(kind, known),
                         nearest=nearest(kind, known))
    if kind == "none":
        session.unrelate(one, other)
        return
    with session.transaction():
        origins = {(p.from_claim, p.to_claim): p.origin for p in proposals(session)}
        origin: Origin = origins.get((one, other), "confirmed")
        for held in session.relations():
            if (held.from_claim, held.to_claim) == (one, other) and held.origin != "computed":
                origin = held.origin
                session.unrelate(one, other, origin)
        session.relate(one, other, kind, origin, note)


def _kind(said: str) -> Literal["attack", "support"] | None:
    """Return the kind that the cues of a reply suggest; None if they are absent or mixed."""
    against, behind = bool(DISSENT.search(said)), bool(ASSENT.search(said))
    if against == behind:
        return None
    return "attack" if against else "support"


def counts(found: Sequence[Relation]) -> dict[str, int]:
    """Return the number of relations by kind and origin, such as ``attack, computed``."""
    out: dict[str, int] = {}
    for r in found:
        key = f"{r.kind}, {r.origin}"
        out[key] = out.get(key, 0) + 1
    return dict(sorted(out.items()))
