"""Odds of war as each side sees them.

Meaning
    Each principal acts on its own estimate of the chance that `stake.first` would win a war, and
    each knows the other's estimate: they agree to disagree. `war.win_chance` stays the analyst's
    figure. It holds for a side that is left out here, and for all that the report says about war.
    Private information about costs or strength may stand beside it.
Units
    Probability that `stake.first` wins.
Source
    Blainey 1973, ch. 3 (wars begin when both sides expect to win); Fey and Ramsay 2007 show that
    sides with a common prior cannot both be optimistic and agree to fight, so that disagreement of
    this kind needs unlike priors; Fearon 1995.
Direction
    More optimism of both sides at once: more war, where some offer satisfies both without it. The
    estimate of a side enters as its cost of war does: a chance of winning higher by d is worth the
    same to it as a cost of war lower by d times its weight of the stake.
Neutral value
    The analyst's `war.win_chance`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from detente.mechanisms.base import Leaf, Mechanism, Pay

__all__ = ["OddsSeen"]


class OddsSeen(Mechanism):
    """Adds to a principal's payoff of war what its own estimate of the odds adds."""

    kind: ClassVar[str] = "odds seen"
    order: ClassVar[int] = 23

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.war is not None and scenario.war.seen_by is not None

    def at_end(self, ending: Leaf) -> Pay | None:
        # Both see the result of a war that is decided in the field, and where a stalemate stops.
        # The term stands at victory and at defeat alike. Its mean is then the worth of war as the
        # principal sees it, although chance draws the result with the analyst's odds.
        if ending.outcome != "war" or ending.share is not None or ending.result == "stalemate":
            return None
        rules, pay = self.rules, {}
        first = rules.principals[0]
        shifts = rules.odds_sum(ending.state, ending.actor) - rules.num("war.win_chance")
        odds = rules.odds(ending.state, ending.actor)
        for p in rules.principals:
            if rules.scenario.war.seen_by.of(p) is None:
                continue
            more = rules.bounded(rules.num("war.seen_by", p) + shifts) - odds
            pay[p] = rules.weight(p) * (more if p == first else -more)
        return pay
