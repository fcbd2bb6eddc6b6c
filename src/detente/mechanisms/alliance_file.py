"""The part of the crisis file about an ally, and its checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from detente.errors import nearest
from detente.identifiers import NO_TITLES
from detente.mechanisms.base import MechanismSpec
from detente.mechanisms.crossing import JOINS, MOBILISES, REACHES, Crossing, crossing
from detente.scenario.model import ActorRef, PrincipalRef
from detente.scenario.quantity import Cost, Is, Kind, Probability

__all__ = ["AllianceSpec", "sentences"]

NEEDS = {
    "pledge": ("pledges_at",), "restraint": ("restrains_at",),
    "mobilise_cost": ("mobilises_at", "at_line"), "readiness": ("mobilises_at", "at_line"),
    "line_cost": ("red_lines",), "rival": ("decline",), "at_line": ("red_lines",),
}
"""Fields that have no effect without one of others."""


class AllianceSpec(MechanismSpec):
    """An ally of a principal, which decides for itself."""

    actor: ActorRef = Field(description="The ally.")
    joins: PrincipalRef = Field(description="The principal on whose side it stands.")
    shift: Annotated[Probability, Is(Kind.SHIFT)] = Field(
        description="Chance to win, moved toward its side if it joins."
    )
    cost: Cost = Field(
        description="Cost to it of joining a war (stakes); a private `join_cost` is added."
    )
    commitment: Cost | None = Field(
        None, description="Cost of staying out that it has from before the crisis (stakes)."
    )
    pledges_at: list[int] = Field(
        [], description="Rounds at whose start it may pledge its support."
    )
    pledge: Cost | None = Field(
        None, description="Cost of breaking a pledge (stakes); it is added to the commitment."
    )
    restrains_at: list[int] = Field(
        [], description="Rounds at whose start it may restrain its principal: from then on it owes "
        "no support in a war that its own side begins."
    )
    restraint: Cost | None = Field(
        None, description="Cost of joining a war that its own side began against its restraint "
        "(stakes)."
    )
    mobilises_at: list[int] = Field([], description="Rounds at whose start it may mobilise.")
    mobilise_cost: Cost | None = Field(None, description="Cost of mobilising (stakes).")
    readiness: Annotated[Probability, Is(Kind.SHIFT)] | None = Field(
        None, description="Added to `shift` if it joins after it mobilised."
    )
    attacks_at: list[int] = Field(
        [], description="Rounds at whose start it may begin the war itself."
    )
    red_lines: list[str] = Field(
        [], description="Crossings at which it decides: '<principal> reaches <rung>', '<ally> "
        "mobilises' or '<ally> joins'. With a line of the last kind it is asked to join a war only "
        "once that actor is in it."
    )
    at_line: list[Literal["mobilise", "attack"]] = Field(
        [], description="Its moves at a crossing before a war, besides standing aside."
    )
    line_cost: Cost | None = Field(
        None, description="Cost of a crossing that it does not answer, unless the other side "
        "concedes (stakes)."
    )
    decline: Cost | None = Field(
        None, description="Cost of every outcome but a war in which it takes part: power that "
        "shifts away from it meanwhile (stakes)."
    )
    rival: ActorRef | None = Field(
        None, description="The ally of the other side to which power shifts; if given, only a war "
        "in which the rival takes part too spares it the `decline`."
    )

    @property
    def lines(self) -> tuple[Crossing, ...]:
        """Its red lines."""
        return tuple(map(crossing, self.red_lines))

    @property
    def may_mobilise(self) -> bool:
        """Whether some menu lets it mobilise."""
        return bool(self.mobilises_at) or "mobilise" in self.at_line

    def problems(self, scenario: Any) -> list[tuple[str, str]]:
        """Check its side, its rounds, its lines, and that every number has an effect."""
        if scenario.actors[self.actor].role == "principal":
            return [("actor", "a principal cannot be an ally; an ally is another actor; name an "
                     "actor with role: third party")]
        if scenario.war is None or scenario.turns is None:
            return [("", "the file has no war or no turns; an ally decides before and in a war "
                     "between turns; add both, or leave the mechanism out")]
        return [*self._side(scenario), *self._rounds(scenario), *self._lines(scenario),
                *self._idle()]

    def _side(self, scenario: Any) -> Iterator[tuple[str, str]]:
        favours = scenario.actors[self.actor].sides_with
        if favours not in (None, self.joins):
            yield ("joins", f"{self.actor} sides with {favours}; an ally joins the side whose "
                   f"payoff it shares; write joins: {favours}, or correct sides_with")
        others = allies(scenario, self)
        if any(other.actor == self.actor for other in others):
            yield ("actor", f"{self.actor} is an ally twice; one entry holds all moves of an ally; "
                   "make one entry of the two")
        enemies = [o.actor for o in others if o.joins != self.joins]
        if self.rival is not None and self.rival not in enemies:
            yield ("rival", f"{self.rival} is not an ally of the other side; a rival is one of "
                   f"{', '.join(enemies) or 'the allies of the other side, and there is none'}; "
                   "correct the name or remove rival")

    def _rounds(self, scenario: Any) -> Iterator[tuple[str, str]]:
        most = scenario.turns.each
        for field in ("pledges_at", "restrains_at", "mobilises_at", "attacks_at"):
            late = [t for t in getattr(self, field) if not 1 <= t <= most]
            if late:
                yield (field, f"there is no turn {late[0]}; each principal has {most} turns; list "
                       f"turns from 1 to {most}")

    def _lines(self, scenario: Any) -> Iterator[tuple[str, str]]:
        rungs = [r.name for r in scenario.ladder if r.ending is None]
        others = allies(scenario, self)
        deeds = {
            JOINS: [o.actor for o in others],
            MOBILISES: [o.actor for o in others if o.may_mobilise],
            REACHES: list(scenario.principals),
        }
        for k, said in enumerate(self.red_lines):
            at = f"red_lines.{k}"
            try:
                found = crossing(said)
            except ValueError:
                yield (at, f"{said!r} is not a crossing; a crossing is '<ally> joins', '<ally> "
                       "mobilises' or '<principal> reaches <rung>'; correct the text")
                continue
            known = deeds[found.deed]
            if found.actor not in known:
                near = nearest(found.actor, known)
                remedy = f"did you mean {near}?" if near else "name one of them"
                allowed = (f"an actor that does is {', '.join(known)}; {remedy}" if known else
                           "no actor of this file does; add an alliance, or remove the line")
                yield (at, f"{found.actor} never {found.deed} in this crisis; {allowed}")
            elif found.deed == REACHES and found.rung not in rungs:
                yield (at, f"there is no rung {found.rung!r}; a line is a rung below war; name one "
                       f"of {', '.join(rungs)}")
            elif found.deed != JOINS and not self.at_line:
                yield (at, "at_line is missing; a crossing before a war needs something that the "
                       "ally may do; write at_line: [mobilise], [attack] or both")

    def _idle(self) -> Iterator[tuple[str, str]]:
        for field, others in NEEDS.items():
            if getattr(self, field) not in (None, []) and not any(
                getattr(self, o) not in (None, []) for o in others
            ):
                yield (field, f"{field} has no effect without {' or '.join(others)}; give "
                       f"{others[0]}, or remove {field}")


def allies(scenario: Any, but: AllianceSpec) -> list[AllianceSpec]:
    """Return the other entries of the kind."""
    return [e.spec for e in scenario.mechanisms
            if isinstance(e.spec, AllianceSpec) and e.spec is not but]


def sentences(spec: AllianceSpec, titles: Mapping[str, str] = NO_TITLES) -> tuple[str, ...]:
    """Return the sentences that explain an ally's moves to the one who plays it.

    Examples
    --------
    >>> spec = AllianceSpec(actor="cland", joins="bland", shift=0.2, cost=0.1, pledges_at=[1])
    >>> sentences(spec)[0]
    'At the start of round 1 you may pledge support: to stay out of a war then has a cost.'
    """
    told = []
    for rounds, deed in (
        (spec.pledges_at, "pledge support: to stay out of a war then has a cost"),
        (spec.restrains_at, "restrain your side: you then owe no support in a war that it begins, "
         "and joining such a war has a cost"),
        (spec.mobilises_at, "mobilise: it has a cost now and adds to your weight in a war"),
        (spec.attacks_at, "begin the war yourself"),
    ):
        if rounds:
            said = " and ".join(map(str, rounds))
            told.append(f"At the start of round{'s' if len(rounds) > 1 else ''} {said} you may "
                        f"{deed}.")
    said_of = [(x.deed, f"{titles.get(x.actor, x.actor)} {x.deed} {x.rung}".rstrip())
               for x in spec.lines]
    before = [words for deed, words in said_of if deed != JOINS]
    if before:
        told.append(f"Your red lines are: {'; '.join(before)}. At the first crossing you may "
                    f"{' or '.join(spec.at_line)}, or stand aside.")
    waits = [words for deed, words in said_of if deed == JOINS]
    told.append("If war comes, you decide whether to join it"
                + (f", once this has happened: {'; '.join(waits)}." if waits else "."))
    return tuple(told)
