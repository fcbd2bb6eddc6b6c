"""The order of play: what happens next in a public state.

Principals alternate, one move per turn: hold, escalate by one rung, offer, yield, attack, and
accept in the one turn after an offer was made to them. A principal makes no move that its
`will_not` names. Around those turns mechanisms put their steps on the agenda.

An ultimatum is a package that the other principal can only accept or refuse, and then its author
moves: in its next turn, or, if it was set in the last turn, by a last word of its own.

After the last turn the other principal gives one closing reply: it accepts the standing offer,
yields, attacks, or lets the deadline pass. Without this reply the principal who moves last could
impose the status quo or make an offer without an answer, and the number of turns would decide
the outcome (see the documentation, "Order of play").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from detente.errors import InputError
from detente.identifiers import Act, by_chance, share_text
from detente.mechanisms.base import (
    CORE,
    AgendaItem,
    Branch,
    Chance,
    Deal,
    Decision,
    Event,
    Leaf,
    Node,
    Pay,
    State,
)
from detente.mechanisms.expr import ONE, ZERO, Expr
from detente.mechanisms.rules import Rules
from detente.mechanisms.stake import shares_of

__all__ = ["OrderOfPlay"]

def add(a: Pay | None, b: Pay | None) -> dict[str, Expr]:
    """Add two payoffs."""
    out = dict(a or {})
    for k, x in (b or {}).items():
        out[k] = out.get(k, ZERO) + x
    return out


class OrderOfPlay:
    """The order of play of one crisis."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        s = rules.scenario
        self.turns = s.turns
        if s.turns is not None:
            first = s.turns.first
            self.order = (first, rules.other(first))
            self.last_turn = 2 * s.turns.each
        self.offers = offers_of(rules)

    def start(self) -> State:
        """Return the initial state."""
        rules = self.rules
        rung: tuple[int, ...] = ()
        if rules.principals and rules.scenario.ladder:
            names = [r.name for r in rules.rungs]
            rung = tuple(names.index(rules.scenario.start_rung(p)) for p in rules.principals)
        state = State(
            turn=0, rung=rung, made=tuple((0, -1) for _ in rules.principals), standing=None,
            agenda=(), slots=tuple(m.slot() for m in rules.mechanisms),
        )
        state, pay = rules.emit(Event("round", None, 1), state)
        if pay:
            raise InputError(
                "a mechanism charges a payoff at the start of round 1",
                expected="no payoff there; charge it at a later event",
            )
        return state

    def node(self, state: State) -> tuple[Any, int]:
        """Return the next decision, chance event or terminal node from ``state``, and its owner.

        The owner is the index of a mechanism, or CORE.
        """
        found: Any = state
        owner = CORE
        while isinstance(found, State):
            if found.agenda:
                step, rest = found.agenda[0], found._replace(agenda=found.agenda[1:])
                owner = step.owner
                if step.owner == CORE:
                    found = self.core(step, rest)
                else:
                    found = self.rules.mechanisms[step.owner].step(rest, step)
            elif self.turns is None:
                raise InputError(
                    "the crisis has no further step and no outcome", field="turns",
                    expected="turns of the principals, or a mechanism that ends the crisis",
                )
            else:
                owner, found = CORE, self.turn(found)
        return found, owner

    def core(self, step: AgendaItem, state: State) -> Node:
        """Return the node of a step of the order of play itself."""
        rules = self.rules
        if step.what == "resume":
            return state
        if step.what == "waited":  # the deal fell; the turn used for it counts as a turn spent
            actor = str(step.data)
            rung = state.rung[rules.principals.index(actor)] if state.rung else 0
            state = state._replace(agenda=(AgendaItem(CORE, "advance"), *state.agenda))
            state, pay = rules.emit(Event("stays", actor, rung), state)
            waiting = {actor: -rules.num("delay_cost", actor, state)}
            gone = by_chance("turn gone", "", "the turn is gone")
            return Chance((Branch(gone, state, add(waiting, pay), ONE),))
        if step.what == "advance":
            turn = state.turn + 1
            state = state._replace(turn=turn)
            if turn % 2 == 0 and turn < self.last_turn:
                state, pay = rules.emit(Event("round", None, turn // 2 + 1), state)
                if pay:
                    return Chance((Branch(by_chance("time passes"), state, pay, ONE),))
            return state
        if step.what == "deadline":  # the deal accepted in the closing reply fell
            return Leaf("status quo", state._replace(standing=None))
        if step.what == "settle":
            deal = step.data
            assert isinstance(deal, Deal)
            return Leaf("settlement", state, deal.share, deal, levels=rules.levels(deal))
        if step.what == "fought":
            attacker = step.data if isinstance(step.data, str) else None
            return Chance(rules.war_ends(Leaf("war", state, actor=attacker)))
        if step.what == "refused":  # after the last turn, the author of an ultimatum moves
            return self.last_word(str(step.data), state)
        assert step.what == "war"
        striker = step.data if isinstance(step.data, str) else None
        war = Leaf("war", state, actor=striker)
        ends = rules.war_ends(war)
        beyond = [r for r in rules.scenario.ladder if r.ending == "loss to all"]
        if not beyond:
            return Chance(ends) if ends else war
        later = state._replace(agenda=(AgendaItem(CORE, "fought", striker), *state.agenda))
        risk = rules.num(f"ladder.{beyond[0].segment}.risk", striker, state)
        reached = by_chance("loss to all", beyond[0].name, "{object}")
        limited = by_chance("limited", "", "the war stays conventional")
        return Chance((
            Branch(reached, Leaf("loss to all", state, actor=striker), chance=risk),
            Branch(limited, later if ends else war, chance=1 - risk),
        ))

    def turn(self, state: State) -> Decision:
        """Return the menu of the principal whose turn it is."""
        rules = self.rules
        actor = self.order[state.turn % 2]
        if state.turn == self.last_turn:
            return self.closing_reply(actor, state)
        me = rules.principals.index(actor)
        waiting: Pay = {actor: -rules.num("delay_cost", actor, state)}

        def goes_on(
            verb: str, event: Event, after: State, object: str = "", phrase: str = ""
        ) -> Branch:
            after = after._replace(agenda=(AgendaItem(CORE, "advance"), *after.agenda))
            after, pay = rules.emit(event, after)
            act = Act(actor, verb, object, phrase)
            return Branch(act, after, add(waiting, pay), group=verb)

        quiet = state._replace(standing=None)
        stays = Event("stays", actor, state.rung[me] if state.rung else 0)
        if self.is_ultimatum(state.standing):
            refuses = goes_on("hold", stays, quiet)
            refuses = replace(refuses, act=Act(actor, "refuse"))
            return Decision(actor, (refuses, *self.endings(actor, state, "waited", ("accept",))))
        will_not = rules.scenario.actors[actor].will_not
        moves = [goes_on("hold", stays, quiet)]
        up = rules.scenario.rung_above(actor, state.rung[me]) if state.rung else None
        if up is not None and "escalate" not in will_not:
            rung = tuple(up if k == me else r for k, r in enumerate(state.rung))
            moves.append(goes_on(
                "escalate", Event("escalates", actor, up), quiet._replace(rung=rung),
                rules.rungs[up].name, "escalate to {object}",
            ))
        count, last = state.made[me]
        offers = rules.scenario.offers
        if offers is not None and count < offers.each and "offer" not in will_not:
            for place, (label, deal) in enumerate(self.offers[me]):
                if place <= last:
                    continue
                made = tuple((count + 1, place) if k == me else m for k, m in enumerate(state.made))
                moves.append(goes_on(
                    "offer", Event("offers", actor, deal),
                    state._replace(standing=deal, made=made), label,
                ))
        return Decision(actor, (*moves, *self.endings(actor, state, "waited")))

    def closing_reply(self, actor: str, state: State) -> Decision:
        """Return the menu of the principal who answers once after the last turn."""
        if self.is_ultimatum(state.standing):
            author = AgendaItem(CORE, "refused", self.rules.other(actor))
            after = state._replace(standing=None, agenda=(author, *state.agenda))
            refuses = Branch(Act(actor, "refuse"), after, group="lapse")
            return Decision(actor, (refuses, *self.endings(actor, state, "deadline", ("accept",))))
        return self.last_word(actor, state)

    def last_word(self, actor: str, state: State) -> Decision:
        """Return a menu without a later turn: let the deadline pass, or end the crisis."""
        lapse = Branch(
            Act(actor, "lapse", "", "let the deadline pass"),
            Leaf("status quo", state._replace(standing=None)), group="lapse",
        )
        return Decision(actor, (lapse, *self.endings(actor, state, "deadline")))

    def is_ultimatum(self, deal: Deal | None) -> bool:
        """Whether an offer can only be accepted or refused."""
        if deal is None or deal.package < 0:
            return False
        return bool(self.rules.packages[deal.package].ultimatum)

    def endings(
        self, actor: str, state: State, fallen: str,
        kinds: Collection[str] = ("accept", "yield", "attack"),
    ) -> list[Branch]:
        """Return the moves that may end the crisis: accept, yield and attack.

        ``fallen`` is the core step that follows if an accepted deal falls.
        """
        rules = self.rules
        quiet = state._replace(standing=None)
        kinds = set(kinds) - set(rules.scenario.actors[actor].will_not)
        moves = []
        if state.standing is not None and "accept" in kinds:
            after, pay = rules.propose(state.standing, state, AgendaItem(CORE, fallen, actor))
            moves.append(Branch(Act(actor, "accept"), after, pay, group="accept"))
        if "yield" in kinds:
            end = Leaf("concession", quiet, actor=actor)
            if rules.issues:
                end = end._replace(levels=rules.issues.demand(rules.other(actor)))
            else:
                end = end._replace(share=rules.to_first(actor))
            moves.append(Branch(Act(actor, "yield"), end, group="yield"))
        if rules.scenario.war is not None and "attack" in kinds:
            after, pay = rules.to_war(actor, quiet)
            moves.append(Branch(Act(actor, "attack"), after, pay, group="attack"))
        return moves


def offers_of(rules: Rules) -> tuple[tuple[tuple[str, Deal], ...], ...]:
    """Return each principal's possible offers in the order in which it would concede."""
    offers = rules.scenario.offers
    if not rules.principals or offers is None:
        return ((), ())
    first, second = rules.principals
    deals = [
        (share_text(s), Deal(float(s)), p) for p in rules.principals for s in shares_of(rules, p)
    ]
    deals += [
        (p.name, Deal(None if p.share is None else float(p.share), package=k), p.by)
        for k, p in enumerate(rules.packages)
    ]

    def conceded(principal: str) -> tuple[tuple[str, Deal], ...]:
        mine = [(label, deal) for label, deal, by in deals if by in (None, principal)]
        return tuple(sorted(mine, key=lambda d: (-part_at_centre(rules, principal, d[1]),
                                                 d[1].package)))

    return conceded(first), conceded(second)


def part_at_centre(rules: Rules, principal: str, deal: Deal) -> float:
    """Return a principal's part of the stake under a deal, at the centre of the ranges."""
    if deal.share is not None:
        return float(rules.gets(principal, deal.share))  # type: ignore[arg-type]
    return rules.issues.at_centre(principal, rules.levels(deal))  # type: ignore[arg-type]
