"""The stake and its division.

Meaning
    A stake worth 1 to each principal (unless the file weighs it) is divided by agreement, by one
    side's concession or by war, or it stays as it is. An offer stands for one turn and then
    expires. A named package may carry a side payment that audiences do not see.
Units
    Shares of the stake in [0, 1]; payoffs in stakes.
Source
    Fearon 1995; Rubinstein 1982.
Direction
    A settlement exists if both sides' costs of war are positive and known (Fearon 1995); private
    information causes war. More certainty about the other side's cost: less war. A higher cost of
    war for the side that makes the offers: less war. Both hold if offers cover the reservation
    shares of the types: a gap in the grid of offers is itself a cause of war.
Neutral value
    None: the stake is the game. `stake_weight` is neutral at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from detente.mechanisms.base import Leaf, Mechanism, Pay
from detente.mechanisms.expr import Expr
from detente.scenario.model import segment

__all__ = ["Stake", "gaps", "shares_of"]

INSIDE = 0.004
"""Distance of the outermost offers from indifference: exact ties mislead limits."""
DEFAULT_OFFERS = 4


class Stake(Mechanism):
    """Payoffs of every terminal node that divides, or does not divide, the stake."""

    kind: ClassVar[str] = "stake"
    order: ClassVar[int] = 0
    optional: ClassVar[Mapping[str, float]] = {"no_deal.cost": 0.0, "war.cost": 0.0}

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.stake is not None

    quantities: ClassVar[Mapping[str, str]] = {
        "war_cost": "the cost of war to this principal (stakes); it is added to war.cost",
        "stake_weight": "the value of the whole stake to this actor, in place of "
        "actors.*.stake_weight",
    }

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        fights = scenario.principals if scenario.war is not None else ()
        return {
            name: ("war_cost", "stake_weight") if name in fights else ("stake_weight",)
            for name in scenario.actors
        }

    def remarks(self) -> list[str]:
        return gaps(self.rules)

    def at_end(self, ending: Leaf) -> Pay | None:
        rules = self.rules
        first, second = rules.principals
        share: Expr | float
        if ending.outcome == "war":
            share = rules.odds(ending.state, ending.actor)
            if ending.share is not None:  # decided in the field, by a private strength
                share = ending.share
        elif ending.outcome == "status quo":
            share = rules.num("stake.status_quo", None, ending.state)
        elif ending.share is not None:
            share = ending.share
        else:
            return None
        pay = {p: rules.weight(p) * rules.gets(p, share) for p in (first, second)}
        for name, actor in rules.scenario.actors.items():
            if actor.sides_with is not None and name not in pay:
                pay[name] = rules.weight(name) * rules.gets(actor.sides_with, share)
        if ending.outcome == "war":
            for p in (first, second):
                pay[p] = pay[p] - rules.war_cost(p, ending.state)
        if ending.outcome == "status quo":
            for p in (first, second):
                pay[p] = pay[p] - rules.num("no_deal.cost", p, ending.state)
        if ending.deal is not None and ending.deal.package >= 0:
            package = rules.scenario.offers.packages[ending.deal.package]
            side = package.side_payment
            if side is not None:
                path = f"offers.{segment(package.name)}.side_payment"
                giver = rules.other(side.to)
                pay[side.to] = pay[side.to] + rules.num(f"{path}.worth", side.to, ending.state)
                bill = "worth" if side.cost is None else "cost"
                pay[giver] = pay[giver] - rules.num(f"{path}.{bill}", giver, ending.state)
        return pay


def reservations(rules: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares (to `stake.first`) at which each type of each principal would rather fight.

    At the centre of the file's ranges: ``p - c`` for the first principal, ``p + c`` for the second,
    by type, shape ``(T_i,)`` each.
    """
    centre = {path: q.centre for path, q in rules.numbers.items()}
    first, second = rules.principals
    p = centre.get("war.win_chance", 0.5)
    out = []
    for actor, sign in ((first, -1.0), (second, 1.0)):
        cost = np.array([centre.get("war.cost", centre.get(f"war.cost.{actor}", 0.0))])
        if "war_cost" in rules.quantities(actor):
            cost = cost + np.real(rules._table(actor, "war_cost", centre)[0])
        out.append(p + sign * cost / max(centre.get(f"actors.{actor}.stake_weight", 1.0), 1e-9))
    return out[0], out[1]


def shares_of(rules: Any) -> list[float]:
    """Return the grid of offered shares: the file's, or one that covers the reservations.

    The default grid is even. It runs from the share that the first principal's strongest type would
    just accept to the share that the second's strongest type would just grant, a little inside each
    end.
    """
    given = rules.scenario.offers.shares
    if given is not None:
        return sorted(set(given))
    if rules.scenario.offers.packages:  # the file names its settlements
        return []
    low, high = reservations(rules)
    grid = np.linspace(low.max() + INSIDE, high.max() - INSIDE, DEFAULT_OFFERS)
    if low.max() >= high.min():
        grid = np.linspace(min(low.max(), high.min()), max(low.max(), high.max()), DEFAULT_OFFERS)
    return sorted({round(float(np.clip(s, 0.0, 1.0)), 3) for s in grid})


def gaps(rules: Any) -> list[str]:
    """Return a remark if some pair of types has no offer that both prefer to war."""
    if not rules.principals or rules.scenario.offers is None or rules.scenario.war is None:
        return []
    shares = np.array([
        *shares_of(rules), *(p.share for p in rules.scenario.offers.packages or [])
    ])
    low, high = reservations(rules)
    first, second = rules.principals
    missing = sum(
        1 for a in low for b in high if a < b and not ((shares > a) & (shares < b)).any()
    )
    if not missing:
        return []
    pairs = len(low) * len(high)
    return [
        f"for {missing} of {pairs} pairs of types of {first} and {second} the grid of offers has "
        "no share that both prefer to war; war between these types is an artefact of the grid; "
        "add shares to offers"
    ]


