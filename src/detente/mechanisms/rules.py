"""The rules of one crisis: its actors, its numbers as symbols, its mechanisms side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.errors import InputError
from detente.mechanisms.base import (
    CORE,
    OWN_WARS,
    AgendaItem,
    Branch,
    Deal,
    Event,
    Leaf,
    Mechanism,
    Pay,
    State,
)
from detente.mechanisms.expr import ZERO, Expr, Symbols
from detente.mechanisms.issues import Issues, Levels
from detente.mechanisms.numbers import Numbers, matches
from detente.scenario.efficient import packages_of

__all__ = ["Rules", "matches", "rules_of"]

MOST_TYPES = 64


def rules_of(scenario: Any) -> Rules:
    """Return the rules of a crisis; they are made once per scenario and kept with it."""
    found: Rules = scenario.once("rules", lambda: Rules(scenario))
    return found


class Rules(Numbers):
    """The facts of a crisis that its mechanisms may read.

    Attributes
    ----------
    scenario : Scenario
        The typed crisis file.
    numbers : dict of str to Quantity
        Every number of the file by its path.
    principals : tuple of str
        ``stake.first`` and the other one; empty if there is no stake.
    mechanisms : list of Mechanism
        In the order in which they react.
    """

    def __init__(self, scenario: Any) -> None:
        from detente.mechanisms import present, private_read
        from detente.scenario.paths import numbers

        self.scenario = scenario
        self.numbers: Mapping[str, Any] = numbers(scenario)
        self.symbols = Symbols()
        self._num: dict[tuple[str, str | None], tuple[str, Expr]] = {}
        self.rungs: list[Any] = list(scenario.rungs)
        """The rungs below war, in order."""
        self.packages: tuple[Any, ...] = packages_of(scenario)
        """The named packages: those of the file, then the generated ones."""
        self.issues = Issues(self)
        self.principals: tuple[str, ...] = ()
        if scenario.stake is not None:
            both = [a for a, spec in scenario.actors.items() if spec.role == "principal"]
            first = scenario.stake.first
            self.principals = (first, *(a for a in both if a != first))
            if len(self.principals) != 2:
                raise InputError(
                    f"{len(both)} principals", field="actors",
                    expected="two principals if there is a stake",
                )
        entries = sorted(present(scenario), key=lambda e: e[0].order)
        self.private_read = private_read(scenario)
        """The private quantities of each actor that the file may give it."""
        self.private: dict[str, dict[str, Any]] = {
            a: dict(spec.private) for a, spec in scenario.actors.items() if spec.private
        }
        self._private_path: dict[tuple[str, str], str] = {
            (a, q): f"actors.{a}.private.{q}" for a, qs in self.private.items() for q in qs
        }
        self._private_name: dict[tuple[str, str], str] = {at: at[1] for at in self._private_path}
        self.mechanisms: list[Mechanism] = []
        self.optional: dict[str, float] = {}
        """Numbers that the file may leave out, and the value that stands for each."""
        for k, (cls, spec, key) in enumerate(entries):
            below = f"{key}." if spec is not None else ""
            self.optional |= {below + path: value for path, value in cls.optional.items()}
            self.mechanisms.append(cls(self, spec, k, key))
            for actor, quantities in self.mechanisms[-1].private.items():
                for name, private in quantities.items():
                    self.private.setdefault(actor, {})[f"{key}.{name}"] = private
                    self._private_path[actor, f"{key}.{name}"] = f"{key}.{name}"
                    self._private_name[actor, f"{key}.{name}"] = name
        self.wars: frozenset[str] = frozenset(OWN_WARS).union(
            name for m in self.mechanisms for name, war in m.endings.items() if war
        )
        """Names of the outcomes that count as war."""
        for actor in self.private:
            n = self.n_types(actor)
            if n > MOST_TYPES:
                raise InputError(
                    f"{n} types", field=f"actors.{actor}.private",
                    expected=f"at most {MOST_TYPES}; use fewer types or fewer quantities",
                )

    # the ladder and the war -------------------------------------------------------------------

    def climbed(self, state: State, actor: str) -> Any:
        """Return the rung ``actor`` stands on."""
        return self.rungs[state.rung[self.principals.index(actor)]]

    def other(self, principal: str) -> str:
        """Return the other principal."""
        return self.principals[1 - self.principals.index(principal)]

    def demand(self, principal: str) -> float:
        """Return the share of the stake that a principal publicly demands for itself."""
        demand = self.scenario.actors[principal].demand
        return 1.0 if demand is None else float(demand)

    def to_first(self, principal: str) -> float:
        """Return the share to `stake.first` if ``principal`` concedes all that is demanded."""
        first, second = self.principals
        return self.demand(first) if principal == second else 1.0 - self.demand(second)

    def gets(self, principal: str, share: float | Expr) -> float | Expr:
        """Return what ``principal`` has of the stake when `stake.first` has ``share``."""
        return share if principal == self.principals[0] else 1 - share

    def levels(self, deal: Deal) -> Levels | None:
        """Return the level of each issue under a deal; None if the stake has no issues."""
        if not self.issues:
            return None
        return self.issues.levels(self.packages[deal.package].levels)

    def divides(self, ending: Leaf) -> bool:
        """Whether the outcome divides the stake: by a share, or by levels of issues."""
        return ending.share is not None or ending.levels is not None

    def part(self, actor: str, side: str, ending: Leaf) -> float | Expr:
        """Return the part of the stake that a principal has when the crisis ends.

        In a stake with issues the weights of ``actor`` count. An outcome that divides nothing
        leaves the status quo.
        """
        if ending.share is not None:
            return self.gets(side, ending.share)
        if self.issues:
            levels = ending.levels or self.issues.levels({})
            return self.issues.worth(actor, side, levels)
        return self.gets(side, self.num("stake.status_quo", None, ending.state))

    def weight(self, actor: str) -> Expr:
        """Return the worth of the whole stake to ``actor``; it may be private."""
        if "stake_weight" in self.quantities(actor):
            return self.known(actor, "stake_weight")
        return self.num(f"actors.{actor}.stake_weight")

    def odds(self, state: State, striker: str | None) -> Expr:
        """Return the chance that `stake.first` wins a war begun in ``state``.

        Shifts that add up to less than 0 or more than 1 move it to 0 or 1, because a war that is
        worth more than a sure victory would make threats credible that are not.
        """
        return self.bounded(self.odds_sum(state, striker))

    def odds_sum(self, state: State, striker: str | None) -> Expr:
        """Return the sum of `war.win_chance` and all shifts, which may lie beyond 0 and 1."""
        p = self.num("war.win_chance", None, state)
        for m in self.mechanisms:
            more = m.odds(state, striker)
            if more is not None:
                p = p + more
        return p

    def war_cost(self, actor: str, state: State) -> Expr:
        """Return a principal's cost of war: the public part plus the private part."""
        return self.num("war.cost", actor, state) + self.known(actor, "war_cost")

    def covered(self, deal: Deal, state: State) -> Expr:
        """Return the part of the cost of a retreat that the form of a deal covers."""
        out = ZERO
        for m in self.mechanisms:
            out = out + m.covers(deal, state)
        return out

    def parties(self, ending: Leaf) -> tuple[str, ...]:
        """Return the actors besides the principals that take part in the war of a terminal node."""
        return tuple(dict.fromkeys(a for m in self.mechanisms for a in m.parties(ending)))

    def remarks(self) -> list[str]:
        """Return the remarks of the mechanisms about this crisis."""
        return [text for m in self.mechanisms for text in m.remarks()]

    # events -----------------------------------------------------------------------------------

    def emit(self, event: Event, state: State) -> tuple[State, Pay]:
        """Let every mechanism react; return the next state and the payoff terms."""
        steps: list[AgendaItem] = []
        slots = list(state.slots)
        pay: dict[str, Expr] = {}
        for m in self.mechanisms:
            reaction = m.on(event, state)
            if reaction is None:
                continue
            if reaction.slot is not ...:
                slots[m.index] = reaction.slot
            steps += [AgendaItem(m.index, what, data) for what, data in reaction.steps]
            for actor, x in (reaction.pay or {}).items():
                pay[actor] = pay.get(actor, ZERO) + x
        state = state._replace(slots=tuple(slots), agenda=(*steps, *state.agenda))
        return state, pay

    def propose(self, deal: Deal, state: State, then: AgendaItem) -> tuple[State, Pay]:
        """Submit an accepted deal to the actors that may still stop it.

        ``then`` is the core step that follows if the deal falls: "waited" if a turn was used for
        it, "resume" if not.
        """
        agenda = (AgendaItem(CORE, "settle", deal), then, *state.agenda)
        return self.emit(Event("deal", None, deal), state._replace(agenda=agenda))

    def collapse(self, state: State) -> State:
        """Return the state in which the pending deal has fallen."""
        agenda = state.agenda
        while agenda and not (agenda[0].owner == CORE and agenda[0].what == "settle"):
            agenda = agenda[1:]
        return state._replace(agenda=agenda[1:], standing=None)

    def to_war(self, striker: str | None, state: State) -> tuple[State, Pay]:
        """Return the state in which war has come, before third parties and the outcome."""
        agenda = (AgendaItem(CORE, "war", striker),)
        return self.emit(Event("war", striker), state._replace(agenda=agenda, standing=None))

    def war_ends(self, war: Leaf, odds: Expr | None = None) -> tuple[Branch, ...]:
        """Return the ways in which a war may end; empty if the file does not divide them.

        Without ``odds`` the odds of war in its state hold.
        """
        if odds is None:
            odds = self.odds(war.state, war.actor)
        return tuple(b for m in self.mechanisms for b in m.war_ends(war, odds))

    def end_pay(self, ending: Leaf) -> dict[str, Expr]:
        """Return every actor's payoff terms at a terminal node."""
        pay: dict[str, Expr] = {}
        for m in self.mechanisms:
            for actor, x in (m.at_end(ending) or {}).items():
                pay[actor] = pay.get(actor, ZERO) + x
        return pay
