"""Audience cost: tying hands.

Meaning
    A principal that climbs a rung in public is committed to its demand. If it then ends below the
    demand in a peaceful outcome (it yields, accepts less, or lets the deadline pass), it pays
    the audience cost of the rungs that it climbed. The payment is proportional to the shortfall
    between demand and result, less the part that face-saving covers.
Units
    Stakes for a complete retreat: ``cost * (demand - result) / demand``.
Source
    Fearon 1994, 1997.
Direction
    A resisted challenge ends in war more often, and the target concedes more (Fearon 1994). This
    holds if the challenger's cost of war is uncertain, the audience cost is of the order of that
    cost, and the target can still yield after the challenge. A cost for yielding alone would have
    no effect, because waiting or accepting less would avoid it.
Neutral value
    0 on every rung and in `start.commitments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from detente.mechanisms.base import Deal, Leaf, Mechanism, Pay, State
from detente.mechanisms.expr import ONE, ZERO, Expr
from detente.scenario.model import segment

__all__ = ["AudienceCost"]

PEACEFUL = ("settlement", "concession", "status quo")


class AudienceCost(Mechanism):
    """Charges retreat from a public commitment."""

    kind: ClassVar[str] = "audience cost"
    order: ClassVar[int] = 20
    optional: ClassVar[Mapping[str, float]] = {
        "start.commitments": 0.0, "ladder.*.audience_cost": 0.0, "offers.*.face_saving": 0.0,
    }

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        start = scenario.start
        return scenario.stake is not None and (
            any(r.audience_cost is not None for r in scenario.ladder)
            or (start is not None and start.commitments is not None)
        )

    def committed(self, ending: Leaf, actor: str) -> Expr:
        """Return the audience cost a principal has taken on."""
        rules = self.rules
        total = rules.num("start.commitments", actor, ending.state)
        if not ending.state.rung:
            return total
        names = [r.name for r in rules.rungs]
        base = names.index(rules.scenario.start_rung(actor))
        at = ending.state.rung[rules.principals.index(actor)]
        for rung in rules.rungs[base + 1 : at + 1]:
            if rung.by not in (None, actor):
                continue
            total = total + rules.num(f"ladder.{rung.segment}.audience_cost", actor, ending.state)
        return total

    def covers(self, deal: Deal, state: State) -> Expr:
        if deal.package < 0:
            return ZERO
        name = self.rules.packages[deal.package].name
        return self.rules.num(f"offers.{segment(name)}.face_saving", None, state)

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        return {"audience cost": rung.audience_cost}

    def at_end(self, ending: Leaf) -> Pay | None:
        if ending.outcome not in PEACEFUL:
            return None
        rules, pay = self.rules, {}
        bare = ONE
        if ending.deal is not None:
            bare = 1 - rules.covered(ending.deal, ending.state)
        for actor in rules.principals:
            if rules.issues:
                levels = ending.levels or rules.issues.levels({})
                short: Any = rules.issues.short(actor, levels)
                pay[actor] = -(self.committed(ending, actor) * short) * bare
                continue
            demand = rules.demand(actor)
            if demand <= 0.0:
                continue
            if ending.share is None:
                gets = rules.gets(actor, rules.num("stake.status_quo", None, ending.state))
                short = (demand - gets) * (1.0 / demand)
            else:
                mine = ending.share if actor == rules.principals[0] else 1.0 - ending.share
                short = max(0.0, demand - mine) / demand
            pay[actor] = -(self.committed(ending, actor) * short) * bare
        return pay
