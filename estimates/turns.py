"""Trials of the order of play: how far answers move with structure that history does not give.

    python -m estimates.turns [--cases NAME ...] [--rules RULE ...] [--each N ...] [--textbook]

Each shipped case is solved in both models with 1, 2 and 3 turns per side, and with the other side
first, under five rules for the end of a crisis:

* ``none``: the crisis ends in the status quo after the last turn; no offer is made on it. The side
  that moves last therefore owns the status quo.
* ``reply``: the rule of the product. After the last turn the other side gives one closing reply.
* ``deadline``: the crisis ends in the status quo after each round with probability 1/3. After the
  last round it ends.
* ``stationary``: after the last turn the position reached goes on for two more rounds, which is the
  expected number if a crisis ends with probability 1/3 per round. Each round costs what waiting
  costs and risks what the rungs risk. No side chooses in them; then the status quo is paid.
* ``both``: the closing reply, and a random deadline after each round before the last.

`--textbook` fixes the precision at 40 and uses even habits, as the first trials did. Otherwise the
precision and the habits are those of each file. The last table gives, per rule, how far the
probability of war and the most probable outcome move over the structures, and the size of the game.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

import detente.game.explore as explore
from detente.cases import load, shipped
from detente.equilibrium import solve, solve_deliberate
from detente.errors import DetenteError
from detente.game.compile import compile_scenario
from detente.game.play import OrderOfPlay
from detente.identifiers import by_chance
from detente.mechanisms.base import (
    CORE,
    AgendaItem,
    Branch,
    Chance,
    Decision,
    Event,
    Leaf,
    Node,
    State,
)
from detente.mechanisms.expr import ONE
from detente.scenario.structural import turned

ENDS = 1 / 3
"""Probability that the crisis ends after a round, under `deadline` and `stationary`."""
LARGEST = 100_000
"""Public nodes of the largest game that is solved."""
WARS = ("war", "wider war", "loss to all")


class NoReply(OrderOfPlay):
    """The crisis ends in the status quo after the last turn, on which no offer is made."""

    def core(self, step: AgendaItem, state: State) -> Node:
        """End the crisis when the last turn is over."""
        if step.what == "advance" and state.turn + 1 == self.last_turn:
            return Leaf("status quo", state._replace(turn=state.turn + 1, standing=None))
        return super().core(step, state)

    def turn(self, state: State) -> Decision:
        """Return the menu without offers on the last turn."""
        menu = super().turn(state)
        if state.turn < self.last_turn - 1:
            return menu
        return Decision(menu.actor, tuple(m for m in menu.moves if m.group != "offer"))


class Both(OrderOfPlay):
    """After each round but the last the crisis ends in the status quo with probability 1/3.

    An offer that stands when the crisis ends lapses with it. After the last round there is a
    closing reply.
    """

    def core(self, step: AgendaItem, state: State) -> Node:
        """Draw whether the crisis goes on after a round."""
        over = state.turn + 1
        if step.what == "advance" and over % 2 == 0 and over < self.last_turn:
            on = state._replace(agenda=(AgendaItem(CORE, "next round"), *state.agenda))
            return Chance((
                Branch(by_chance("the deadline passes"),
                       Leaf("status quo", state._replace(standing=None)), chance=ONE * ENDS),
                Branch(by_chance("the talks go on"), on, chance=ONE * (1 - ENDS)),
            ))
        if step.what == "next round":
            return super().core(step._replace(what="advance"), state)
        return super().core(step, state)


class RandomDeadline(Both, NoReply):
    """A random deadline as in `Both`, and no closing reply."""


class Stationary(NoReply):
    """After the last turn the position reached goes on for two rounds without choices.

    A crisis that ends with probability 1/3 per round goes on for (1 - 1/3) / (1/3) = 2 more.
    """

    def core(self, step: AgendaItem, state: State) -> Node:
        """Repeat the position after the last turn."""
        if step.what == "advance" and state.turn + 1 == self.last_turn:
            again = tuple(
                AgendaItem(CORE, "stays", actor) for _ in range(2) for actor in self.order)
            over = AgendaItem(CORE, "over")
            return state._replace(standing=None, agenda=(*again, over, *state.agenda))
        if step.what == "stays":
            actor = str(step.data)
            rules = self.rules
            rung = state.rung[rules.principals.index(actor)] if state.rung else 0
            after, pay = rules.emit(Event("stays", actor, rung), state)
            waiting = {actor: -rules.num("delay_cost", actor, state)}
            total = dict(waiting)
            for who, amount in (pay or {}).items():
                total[who] = total[who] + amount if who in total else amount
            return Chance((Branch(by_chance("position repeats"), after, total, ONE),))
        if step.what == "over":
            return Leaf("status quo", state._replace(turn=state.turn + 1))
        return super().core(step, state)


RULES = {
    "none": NoReply, "reply": OrderOfPlay, "deadline": RandomDeadline, "stationary": Stationary,
    "both": Both,
}


@contextmanager
def order_of_play(rule: str) -> Iterator[None]:
    """Compile crises under another rule; the product itself has only the closing reply."""
    with patch.object(explore, "OrderOfPlay", RULES[rule]):
        yield


@dataclass(frozen=True)
class Row:
    """One case under one rule and one structure."""

    nodes: int
    seconds: float
    fallible: dict[str, float]
    deliberate: dict[str, float]
    certified: bool

    def war(self, model: str) -> float:
        """Return the probability of war of any kind."""
        odds: dict[str, float] = getattr(self, model)
        return sum(p for k, p in odds.items() if k in WARS)

    def top(self, model: str) -> tuple[str, float]:
        """Return the most probable outcome and its probability."""
        odds: dict[str, float] = getattr(self, model)
        name = max(odds, key=lambda k: odds[k])
        return name, odds[name]


def structures(scenario: Any, turns: list[int]) -> Iterator[tuple[str, Any]]:
    """Yield the crisis with other turns, and each of them with the other side first."""
    other = next(p for p in scenario.principals if p != scenario.turns.first)
    for each in turns:
        one = turned(scenario, each)
        yield f"{each}", one
        yield f"{each}, other side first", one.model_copy(
            update={"turns": one.turns.model_copy(update={"first": other})})


def textbook(scenario: Any) -> Any:
    """Return the crisis with even habits and a precision of 40."""
    from detente.analysis.precision import fixed
    from detente.scenario.habits import EVEN

    actors = {k: a.model_copy(update={"habits": None}) for k, a in scenario.actors.items()}
    return fixed(scenario.model_copy(update={"habits": EVEN, "actors": actors}), 40.0)


def solved(scenario: Any, rule: str) -> Row | None:
    """Solve a crisis at the centre in both models; None if the game is too large."""
    bare = scenario.model_copy(update={"levers": {}, "claims": [], "variants": {}})
    began = time.perf_counter()
    try:
        with order_of_play(rule):
            compiled = compile_scenario(bare, LARGEST)
        fallible = solve(compiled.tree, compiled.lam)
        deliberate = solve_deliberate(compiled.tree, fallible)
    except DetenteError:
        return None
    return Row(
        compiled.tree.n_nodes, time.perf_counter() - began, fallible.outcomes(),
        deliberate.outcomes(), fallible.certificate.certified and deliberate.certificate.certified,
    )


def said(row: Row | None) -> str:
    """Return the line of a row: size, P(war), and the most probable outcomes."""
    if row is None:
        return "not solved: the game has too many nodes"
    tops = [row.top(model) for model in ("fallible", "deliberate")]
    likely = " / ".join(f"{name} {p:.2f}" for name, p in tops)
    if tops[0][0] == tops[1][0]:
        likely = f"{tops[0][0]} {tops[0][1]:.2f} / {tops[1][1]:.2f}"
    mark = "" if row.certified else "  (not checked)"
    war = f"{row.war('fallible'):.3f} / {row.war('deliberate'):.3f}"
    return f"{row.nodes:7,}  {war}  {likely}{mark}"


def spread(rows: list[Row]) -> tuple[float, float, int]:
    """Return the mean range of P(war), that of the outcomes, and the number of likeliest ones."""
    war = np.mean([np.ptp([r.war(m) for r in rows]) for m in ("fallible", "deliberate")])
    moved = []
    for model in ("fallible", "deliberate"):
        names = {k for r in rows for k in getattr(r, model)}
        odds = np.array([[getattr(r, model).get(k, 0.0) for k in sorted(names)] for r in rows])
        apart = 0.5 * np.abs(odds[:, None] - odds[None]).sum(axis=2)  # total variation
        moved.append(apart.sum() / (len(rows) * (len(rows) - 1)))
    tops = {r.top(m)[0] for r in rows for m in ("fallible", "deliberate")}
    return float(war), float(np.mean(moved)), len(tops)


def short(row: Row | None, what: str) -> str:
    """Return a cell: P(war), or the most probable outcome, in both models."""
    if row is None:
        return "–"
    if what == "war":
        return f"{row.war('fallible'):.3f} / {row.war('deliberate'):.3f}"
    (one, p), (two, q) = row.top("fallible"), row.top("deliberate")
    return f"{one} {p:.2f} / {q:.2f}" if one == two else f"{one} {p:.2f} / {two} {q:.2f}"


def markdown(rows: dict[str, dict[str, Row | None]], what: str) -> list[str]:
    """Return the trials of one rule as a table of Markdown, a row per case."""
    labels = list(next(iter(rows.values())))
    labels = [x for x in labels if "," not in x] + [x for x in labels if "," in x]
    out = ["| case | " + " | ".join(labels) + " |", "|---" * (len(labels) + 1) + "|"]
    out += [f"| {name} | " + " | ".join(short(found[x], what) for x in labels) + " |"
            for name, found in rows.items()]
    return out


def main() -> None:
    """Print the trials."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", nargs="+", default=None)
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--each", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--textbook", action="store_true")
    asked = parser.parse_args()
    found: dict[str, dict[str, dict[str, Row | None]]] = {rule: {} for rule in asked.rules}
    for name in asked.cases or shipped():
        scenario = load(name)
        if scenario.turns is None:
            continue
        if asked.textbook:
            scenario = textbook(scenario)
        for rule in asked.rules:
            print(f"{name}, rule {rule}: turns, nodes, P(war) in both models, likeliest outcome")
            rows = found[rule][name] = {}
            for label, one in structures(scenario, asked.each):
                rows[label] = solved(one, rule)
                print(f"  {label:22} {said(rows[label])}", flush=True)
    print("over the structures solved under every rule: range of P(war), mean distance of two "
          "structures\n(total variation of their outcomes), different likeliest outcomes, nodes")
    for name in next(iter(found.values())):
        shared = [label for label in next(iter(found.values()))[name]
                  if all(found[rule][name][label] is not None for rule in asked.rules)]
        for rule in asked.rules:
            done = [r for label in shared if (r := found[rule][name][label]) is not None]
            if len(done) < 2:
                continue
            war, moved, tops = spread(done)
            nodes = int(np.mean([r.nodes for r in done]))
            print(f"  {name:16} {rule:11} {war:.3f}  {moved:.3f}  {tops}  {nodes:7,}")
    for rule in asked.rules:
        for what in ("war", "likeliest"):
            print(f"\n{rule}: {what}, fallible / deliberate\n")
            print("\n".join(markdown(found[rule], what)))


if __name__ == "__main__":
    main()
