"""Endings of war: victory, defeat, and stalemate at a line.

Meaning
    A war ends as victory of one principal, which is the defeat of the other, or as stalemate: it
    stops at a line that divides the stake. Chance draws first whether there is a stalemate, then
    who wins. Each ending may cost a principal more than war itself does. The ending is seen in the
    terms of the outcome: ``war: stalemate``, ``war: victory of NAME``. The outcome stays war, so
    the probability of war is that of all its endings.
Units
    `stalemate.chance`: probability, which may depend on the attacker. `stalemate.share`: share of
    `stake.first` at the line. Costs: stakes.
Source
    Fearon 1995 has the lottery over the whole stake; Wagner 2000, Slantchev 2003 and Powell 2004
    have wars that stop before that.
Direction
    With chance s of a stalemate, share x of the first principal at the line and odds p, war is
    worth (1 - s) p + s x stakes to it before costs, so that a likelier stalemate lowers its worth
    if p > x and raises it if p < x, by p - x per unit of s and stake. The other principal gains
    as much as the first loses: the bargaining range moves towards the line and keeps its width.
    The side that would win more often than the line gives it (the stronger one) therefore attacks
    less, where the other side neither attacks nor yields and there are no offers: it then chooses
    between war and the status quo alone. If the other side may yield, a smaller threat also makes
    it yield less, and war may become more probable in the fallible model. A stalemate that costs
    both more makes war worth less to both.
Neutral value
    `stalemate.chance` = 0 and costs of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from detente.identifiers import by_chance
from detente.mechanisms.base import Branch, Leaf, Mechanism, Pay
from detente.mechanisms.expr import Expr

__all__ = ["WarEndings"]


class WarEndings(Mechanism):
    """Draws how a war ends, and charges the costs of each ending."""

    kind: ClassVar[str] = "war endings"
    order: ClassVar[int] = 24
    optional: ClassVar[Mapping[str, float]] = {
        "war.endings.stalemate.cost": 0.0, "war.endings.victory.cost": 0.0,
        "war.endings.defeat.cost": 0.0,
    }

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.war is not None and scenario.war.endings is not None

    def stalemate(self, war: Leaf) -> Expr:
        """Return the chance that a war ends in stalemate; after an accident, the mean of both."""
        path, state = "war.endings.stalemate.chance", war.state
        if war.actor is not None:
            return self.rules.num(path, war.actor, state)
        first, second = self.rules.principals
        return 0.5 * (self.rules.num(path, first, state) + self.rules.num(path, second, state))

    def war_ends(self, war: Leaf, odds: Expr) -> tuple[Branch, ...]:
        first, second = self.rules.principals
        still = self.stalemate(war)
        decided = 1 - still
        return (
            Branch(by_chance("wins the war", first, "{whom} wins the war"),
                   war._replace(result="victory", winner=first), chance=decided * odds),
            Branch(by_chance("stalemate", "", "the war stops at a line"),
                   war._replace(result="stalemate"), chance=still),
            Branch(by_chance("wins the war", second, "{whom} wins the war"),
                   war._replace(result="victory", winner=second), chance=decided * (1 - odds)),
        )

    def at_end(self, ending: Leaf) -> Pay | None:
        if ending.outcome != "war" or not ending.result:
            return None

        def result(principal: str) -> str:
            if not ending.winner:
                return "stalemate"
            return "victory" if principal == ending.winner else "defeat"

        return {p: -self.rules.num(f"war.endings.{result(p)}.cost", p, ending.state)
                for p in self.rules.principals}
