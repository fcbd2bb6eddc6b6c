"""Unlike beliefs: mutual optimism.

Meaning
    An observer has its own prior over another actor's types, which differs from the analyst's. All
    actors know that they disagree. Outcomes are reported under the analyst's prior.
Units
    `optimism`: log-odds that the observer adds from the lowest to the highest of the other's types,
    in equal steps. A positive value means that it believes the other's number to be larger.
Source
    Smith & Stam 2004; Blainey 1988. Fey & Ramsay 2007 object that rational actors with common
    knowledge of each other's optimism would revise their beliefs.
Direction
    More optimism about the other's cost of war: more war. This holds if types that the observer
    considers improbable resist the demand to which it leads.
Neutral value
    `optimism` = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from detente.mechanisms.base import Mechanism, MechanismSpec
from detente.scenario.model import ActorRef
from detente.scenario.quantity import Is, Kind, Number

__all__ = ["UnlikeBeliefs"]


class UnlikeBeliefs(Mechanism):
    """Tilts one observer's prior over another actor's types."""

    kind: ClassVar[str] = "unlike_beliefs"
    order: ClassVar[int] = 90

    class Spec(MechanismSpec):
        """One actor's own prior about another."""

        of: ActorRef = Field(description="The actor that holds the belief.")
        about: ActorRef = Field(description="The actor whose types it is about.")
        quantity: str = Field("war_cost", description="The private quantity.")
        optimism: Annotated[Number, Is(Kind.BELIEF)] = Field(
            description="Log-odds added from the lowest to the highest type; 0 is no difference."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that there is something private to hold beliefs about."""
            if self.of == self.about:
                return [(
                    "about",
                    "an actor knows its own type; the belief is about another actor; name"
                    " that actor",
                )]
            if self.quantity not in scenario.actors[self.about].private:
                return [(
                    "quantity",
                    f"{self.about} has no private {self.quantity!r}; beliefs are about "
                    "private quantities; add it to actors, or name another",
                )]
            return []

    spec: Spec

    @property
    def tilts(self) -> tuple[str, str]:
        return self.spec.of, self.spec.about

    @property
    def tilted_by(self) -> tuple[str, ...]:
        return (f"{self.key}.optimism",)

    def tilted(self, prior: Any, numbers: Mapping[str, Any]) -> Any:
        rules, about = self.rules, self.spec.about
        n = rules.quantities(about)[self.spec.quantity].n_types
        place = rules._spread(about, self.spec.quantity, np.linspace(0.0, 1.0, n))
        raw = prior * np.exp(np.multiply.outer(place, numbers[f"{self.key}.optimism"]))
        return raw / raw.sum(axis=0)
