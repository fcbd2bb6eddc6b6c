"""Alliance: an ally that decides for itself.

Meaning
    An actor stands on the side of a principal. At the rounds listed it may pledge its support,
    restrain its principal, mobilise, begin the war, or stand aside. If war comes, the allies of
    both sides are asked whether they join: first those that pledged, then in the order of the file.
    An ally may have red lines, at which it decides again, and a motive of its own for war.
    A pledge and a commitment cost their owner if it stays out. After a restraint it owes no support
    in a war that its own side begins, and to join such a war has a cost. To restrain after a pledge
    breaks the pledge. Everybody sees these moves. The private `join_cost` of an ally is known to it
    alone, so a pledge or a mobilisation is also a signal.
Units
    `shift`, `readiness`: chance to win, moved toward the side joined. Shifts that add up to less
    than 0 or more than 1 move it to 0 or 1. All others: stakes.
Source
    Snyder 1984 [snyder-1984] (abandonment and entrapment); Fearon 1997 [fearon-1997] (tying hands
    and sinking costs); Morrow 2000 [morrow-2000] (why alliances are written down); Benson 2012
    [benson-2012] (conditional and unconditional promises); Powell 2006 [powell-2006] for `decline`
    (power that shifts if there is no war).
Direction
    A larger `pledge`: given the pledge, the ally joins more often, if some of its types would stay
    out without it. The opponent attacks less after the pledge, if it prefers the status quo to a
    war in which the ally joins, and a war in which the ally stays out to the status quo. The
    principal attacks more after the pledge if the opponent stands firm (entrapment), if it prefers
    a war with the ally to the status quo, and the status quo to a war alone. In that region
    the opponent may also concede at once, and with more turns it does so more often. Attacks
    as a whole may then fall, so a pledge can raise or lower war.
    A larger `restraint`: given the restraint, the principal attacks less if the opponent stands
    firm, in the same region as entrapment.
    A larger `decline`: the ally begins the war more often, if it may and if the decline is of the
    order of its cost of joining.
    Base weights of the moves, for an ally that takes no account of payoffs: stand aside 50, pledge
    20, restrain 20, mobilise 10, begin a war 1, join and stay out even. They are an assumption of
    the package, chosen so that an ally begins a war by mistake in about one of fifty menus; the
    file can set them under `habits` (`wait`, `pledge`, `restrain`, `mobilise`, `enter`, `join`,
    `out`).
Neutral value
    `shift`, `cost` and all others 0: no outcome depends on the ally. `attacks_at` and `attack` at a
    red line are structure and have no neutral value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from detente.identifiers import Act
from detente.mechanisms.alliance_file import AllianceSpec, sentences
from detente.mechanisms.base import (
    CORE,
    OWN_WARS,
    AgendaItem,
    Branch,
    Decision,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Pay,
    Reaction,
    State,
)
from detente.mechanisms.crossing import JOINS, MOBILISES
from detente.mechanisms.expr import ZERO, Expr

__all__ = ["Alliance", "Ally"]

PLEDGED, RESTRAINED, CROSSED, ANSWERED, IN, OUT = (
    "pledged", "restrained", "crossed", "answered", "in", "out")


class Ally(NamedTuple):
    """The public state of an ally."""

    stance: str = ""
    mobilised: bool = False
    line: str = ""
    war: str = ""


class Alliance(Mechanism):
    """Decides whether to pledge, restrain, mobilise, begin a war, and join one."""

    kind: ClassVar[str] = "alliance"
    order: ClassVar[int] = 36
    habit_kinds: ClassVar[tuple[str, ...]] = (
        "pledge", "restrain", "mobilise", "enter", "wait", "join", "out")
    habit_defaults: ClassVar[Mapping[str, float]] = {
        "wait": 50.0, "pledge": 20.0, "restrain": 20.0, "mobilise": 10.0, "enter": 1.0,
    }
    endings: Mapping[str, bool] = {"wider war": True}
    optional: ClassVar[Mapping[str, float]] = {
        "commitment": 0.0, "pledge": 0.0, "restraint": 0.0, "mobilise_cost": 0.0,
        "readiness": 0.0, "line_cost": 0.0, "decline": 0.0,
    }
    quantities: ClassVar[Mapping[str, str]] = {
        "join_cost": "the cost to this ally of joining a war (stakes); it is added to the cost of "
        "its alliance",
    }
    Spec: ClassVar[type[MechanismSpec]] = AllianceSpec
    spec: AllianceSpec

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        return {spec.actor: ("join_cost",)}

    @property
    def movers(self) -> tuple[str, ...]:
        return (self.spec.actor,)

    def prepare(self) -> None:
        self.lines = self.spec.lines
        self.waits_for = {x.actor for x in self.lines if x.deed == JOINS}

    def slot(self) -> Ally:
        return Ally()

    def now(self, state: State, **changes: Any) -> State:
        """Return ``state`` with changes of this ally's own state."""
        return self.put(state, self.mine(state)._replace(**changes))

    # events -----------------------------------------------------------------------------------

    def on(self, event: Event, state: State) -> Reaction | None:
        me: Ally = self.mine(state)
        if event.kind == "war":
            first = next(m for m in self.rules.mechanisms if isinstance(m, Alliance))
            return Reaction(steps=(("call", event.actor),)) if first is self else None
        if event.kind == "round":
            spec = self.spec
            listed = (spec.pledges_at, spec.restrains_at, spec.mobilises_at, spec.attacks_at)
            if any(event.data in rounds for rounds in listed):
                return Reaction(steps=(("turn", event.data),))
            return None
        if me.war or not self.crosses(event, state):
            return None
        if any(i.owner == CORE and i.what == "war" for i in state.agenda):
            return Reaction(slot=me._replace(line=CROSSED), steps=(("join", None),))
        if me.line:
            return None
        if me.mobilised and self.spec.at_line == ["mobilise"]:
            return Reaction(slot=me._replace(line=ANSWERED))
        steps = (("line", None),) if self.spec.at_line else ()
        return Reaction(slot=me._replace(line=CROSSED), steps=steps)

    def crosses(self, event: Event, state: State) -> bool:
        """Whether an event crosses one of this ally's red lines."""
        if event.actor is None:
            return False
        if event.kind in (JOINS, MOBILISES):
            return any((x.actor, x.deed) == (event.actor, event.kind) for x in self.lines)
        return event.kind == "escalates" and any(
            x.actor == event.actor and x.rung == self.rules.climbed(state, event.actor).name
            for x in self.lines
        )

    def called(self, state: State, striker: object) -> list[Alliance]:
        """Return the allies that are asked to join: those that pledged, then the others.

        An ally that waits for another is asked if that one is in.
        """
        allies = [m for m in self.rules.mechanisms if isinstance(m, Alliance)]
        asked = [m for m in allies if not m.mine(state).war
                 and (not m.waits_for or striker in m.waits_for)]
        return sorted(asked, key=lambda m: m.mine(state).stance != PLEDGED)

    # steps ------------------------------------------------------------------------------------

    def step(self, state: State, step: AgendaItem) -> Node:
        if step.what == "call":
            items = (AgendaItem(m.index, "join") for m in self.called(state, step.data))
            return state._replace(agenda=(*items, *state.agenda))
        if step.what == "join":
            return self.joining(state)
        moves = self.at_turn(state, step.data) if step.what == "turn" else self.at_line(state)
        if not moves:
            return state
        aside = Branch(Act(self.spec.actor, "stand aside"), state, group="wait")
        return Decision(self.spec.actor, (*moves, aside))

    def joining(self, state: State) -> Decision:
        """Return the choice whether to join a war that has come."""
        name = self.spec.actor
        joined, pay = self.rules.emit(Event(JOINS, name), self.now(state, war=IN))
        return Decision(name, (
            Branch(Act(name, "join", self.spec.joins, "join {whom}"), joined, pay, group="join"),
            Branch(Act(name, "stay out"), self.now(state, war=OUT), group="out"),
        ))

    def at_turn(self, state: State, round_: object) -> list[Branch]:
        """Return its moves at the start of a listed round, standing aside not counted."""
        spec, me, name = self.spec, self.mine(state), self.spec.actor
        moves = []
        if round_ in spec.pledges_at and not me.stance:
            act = Act(name, "pledge", spec.joins, "pledge support to {whom}")
            moves.append(Branch(act, self.now(state, stance=PLEDGED), group="pledge"))
        if round_ in spec.restrains_at and me.stance != RESTRAINED:
            broken = {name: -self.num("pledge")} if me.stance == PLEDGED else None
            act = Act(name, "restrain", spec.joins, "restrain {whom}")
            moves.append(Branch(act, self.now(state, stance=RESTRAINED), broken, group="restrain"))
        if round_ in spec.mobilises_at and not me.mobilised:
            moves.append(self.mobilises(state))
        if round_ in spec.attacks_at:
            moves.append(self.begins(state))
        return moves

    def at_line(self, state: State) -> list[Branch]:
        """Return its moves at a crossing, standing aside not counted."""
        answered = self.now(state, line=ANSWERED)
        moves = []
        if "mobilise" in self.spec.at_line and not self.mine(state).mobilised:
            moves.append(self.mobilises(answered))
        if "attack" in self.spec.at_line:
            moves.append(self.begins(answered))
        return moves

    def mobilises(self, state: State) -> Branch:
        """Return the move to mobilise."""
        name = self.spec.actor
        after, pay = self.rules.emit(Event(MOBILISES, name), self.now(state, mobilised=True))
        bill = {**pay, name: pay.get(name, ZERO) - self.num("mobilise_cost", None, state)}
        return Branch(Act(name, "mobilise"), after, bill, group="mobilise")

    def begins(self, state: State) -> Branch:
        """Return the move to begin the war."""
        name = self.spec.actor
        war, pay = self.rules.to_war(name, self.now(state, war=IN))
        return Branch(Act(name, "attack"), war, pay, group="enter")

    # payoffs ----------------------------------------------------------------------------------

    def odds(self, state: State, striker: str | None) -> Expr | None:
        me = self.mine(state)
        if me.war != IN:
            return None
        shift = self.num("shift", None, state)
        if me.mobilised:
            shift = shift + self.num("readiness", None, state)
        return shift if self.spec.joins == self.rules.principals[0] else -shift

    def began(self, striker: str | None) -> bool:
        """Whether its own side began a war, the ally itself not counted."""
        return striker == self.spec.joins or any(
            m.spec.actor == striker and m.spec.joins == self.spec.joins
            for m in self.rules.mechanisms if isinstance(m, Alliance) and m is not self
        )

    def at_end(self, ending: Leaf) -> Pay | None:
        name, me, state = self.spec.actor, self.mine(ending.state), ending.state
        bill = ZERO
        if ending.outcome in OWN_WARS:
            freed = me.stance == RESTRAINED and self.began(ending.actor)
            if me.war == IN:
                bill = self.num("cost", None, state) + self.rules.known(name, "join_cost")
                if freed:
                    bill = bill + self.num("restraint", None, state)
            elif me.war == OUT and not freed:
                bill = self.num("commitment", None, state)
                if me.stance == PLEDGED:
                    bill = bill + self.num("pledge", None, state)
        won = ending.outcome == "concession" and ending.actor != self.spec.joins
        if me.line == CROSSED and me.war != IN and not won:
            bill = bill + self.num("line_cost", None, state)
        if not self.spared(ending):
            bill = bill + self.num("decline", None, state)
        return {name: -bill}

    def spared(self, ending: Leaf) -> bool:
        """Whether a war stopped the shift of power: it is in, and so is the rival if it has one."""
        rivals = [m for m in self.rules.mechanisms
                  if isinstance(m, Alliance) and m.spec.actor == self.spec.rival]
        return ending.outcome in OWN_WARS and all(
            m.mine(ending.state).war == IN for m in (self, *rivals))

    def outcome(self, ending: Leaf) -> str | None:
        return "wider war" if ending.outcome == "war" and self.parties(ending) else None

    def parties(self, ending: Leaf) -> tuple[str, ...]:
        return (self.spec.actor,) if self.mine(ending.state).war == IN else ()

    # words ------------------------------------------------------------------------------------

    def rungs_beside(self) -> Mapping[str, tuple[Act, Mapping[str, Any]]]:
        spec = self.spec
        if not spec.may_mobilise:
            return {}
        notes = {"cost": spec.mobilise_cost, "readiness": spec.readiness}
        return {"mobilisation of {whom}": (Act(spec.actor, "mobilise"), notes)}

    def briefing(self, actor: str) -> tuple[str, ...]:
        titles = {name: a.title or name for name, a in self.rules.scenario.actors.items()}
        return sentences(self.spec, titles) if actor == self.spec.actor else ()
