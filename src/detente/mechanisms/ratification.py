"""Ratification at home.

Meaning
    A deal must pass a domestic vote. The share that the vote needs may be private to the side that
    holds it.
Units
    Share of the stake; `softness` is the scale of the vote in shares. If the stake has issues, the
    vote is on the part of the stake that the side has by its own weights.
Source
    Putnam 1988; Iida 1993.
Direction
    A higher share needed (a smaller win-set): fewer deals pass, and those that pass are better for
    the constrained side (Schelling's conjecture). This holds if the other side still gains from
    offering that share. The effect on the terms is large if the other side makes the last offer.
    If the constrained side makes it, its terms are the best ones already. The vote is not a hard
    threshold: the chance that it passes is logistic in the share less the need.
Neutral value
    A share needed that lies many times `softness` below every offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from detente.identifiers import by_chance, share_text
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Chance,
    Deal,
    Event,
    Mechanism,
    MechanismSpec,
    Node,
    Reaction,
    State,
    TypeChance,
    within_one,
)
from detente.mechanisms.expr import Expr
from detente.scenario.model import PrincipalRef
from detente.scenario.private import Private
from detente.scenario.quantity import Is, Kind, Probability

__all__ = ["Ratification"]


def vote(share: Any, needed: Any, softness: float) -> Any:
    """Return the chance that a share passes: ``1 / (1 + exp(-(share - needed) / softness))``."""
    return 1.0 / (1.0 + np.exp(-(share - needed) / softness))


class Ratification(Mechanism):
    """A vote on every pending deal."""

    kind: ClassVar[str] = "ratification"
    order: ClassVar[int] = 60

    class Spec(MechanismSpec):
        """A domestic vote."""

        of: PrincipalRef = Field(description="The principal that must ratify.")
        share_needed: Private | None = Field(
            None,
            description="Share for this side that passes with probability 1/2, if private to it.",
        )
        share_known: Annotated[Probability, Is(Kind.SHARE)] | None = Field(
            None, description="Share for this side that passes with probability 1/2, if public."
        )
        softness: float = Field(
            0.03, gt=0, le=1, description="Scale of the vote in shares (structure)."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that one need is given."""
            if (self.share_needed is None) == (self.share_known is None):
                return [(
                    "",
                    "none or both of share_needed and share_known are given; exactly one "
                    "is allowed; give share_needed if it is private, else share_known",
                )]
            if self.share_needed is not None and not within_one(self.share_needed):
                return [(
                    "share_needed",
                    "the value of some type is not a share; a share lies between 0 and 1; correct"
                    " the values",
                )]
            return []

    spec: Spec

    @property
    def hidden(self) -> bool:
        """Whether the need is private."""
        return self.spec.share_needed is not None

    @property
    def private(self) -> dict[str, dict[str, Any]]:
        return {self.spec.of: {"share_needed": self.spec.share_needed}} if self.hidden else {}

    def on(self, event: Event, state: State) -> Reaction | None:
        return Reaction(steps=(("vote", event.data),)) if event.kind == "deal" else None

    def passes(self, deal: Deal) -> Expr:
        """Return the chance that the deal is ratified."""
        soft = self.spec.softness
        if deal.share is None:
            return self._passes_levels(deal)
        share = float(self.rules.gets(self.spec.of, deal.share))  # type: ignore[arg-type]
        name = f"{self.key}.passes.{share_text(deal.share)}"
        if self.hidden:
            return self.rules.by_type(
                self.spec.of, f"{self.key}.share_needed", name, lambda r: vote(share, r, soft)
            )
        path = f"{self.key}.share_known"
        return self.rules.derived(name, lambda x: vote(share, x[path], soft), (path,))

    def _passes_levels(self, deal: Deal) -> Expr:
        """Return the chance that a package passes: the vote is on this side's part of the stake."""
        rules, of, soft = self.rules, self.spec.of, self.spec.softness
        levels = rules.levels(deal)
        assert levels is not None
        part = rules.issues.part(of, of, levels)
        need = f"{self.key}.share_needed" if self.hidden else f"{self.key}.share_known"
        reads = tuple(rules._reads(of, need).values()) if self.hidden else (need,)

        def chance(numbers: Mapping[str, Any]) -> Any:
            if self.hidden:
                needed = rules._spread(of, need, rules._table(of, need, numbers)[0])
            else:
                needed = numbers[need]
            return vote(part.value(numbers), needed, soft)

        name = f"{self.key}.passes.{'/'.join(levels)}"
        typed = of if self.hidden else part.actor
        return rules.derived(name, chance, tuple(dict.fromkeys((*part.reads, *reads))), typed)

    def by_type(self, deal: Deal) -> bool:
        """Whether the chance that a deal passes depends on the type of the side that ratifies."""
        levels = self.rules.levels(deal)
        of = self.spec.of
        return self.hidden or (
            levels is not None and self.rules.issues.part(of, of, levels).actor is not None)

    def step(self, state: State, step: AgendaItem) -> Node:
        deal = step.data
        assert isinstance(deal, Deal)
        p = self.passes(deal)
        moves = (
            Branch(by_chance("ratifies", self.spec.of, "{whom} ratifies"), state, chance=p),
            Branch(
                by_chance("does not ratify", self.spec.of, "{whom} does not ratify"),
                self.rules.collapse(state), chance=1 - p,
            ),
        )
        return TypeChance(self.spec.of, moves) if self.by_type(deal) else Chance(moves)
