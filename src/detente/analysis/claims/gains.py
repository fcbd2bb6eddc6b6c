"""Gains of the principals over no agreement, as numbers of a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.agreement import Agreement, Proposal, agreement_at
from detente.arrays import Floats
from detente.claims import syntax as s
from detente.identifiers import Terms

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["gain", "zone"]


def zone(compiled: Compiled | None, theta: Floats | None) -> Agreement:
    """Return the zone of agreement of a crisis at samples of its numbers."""
    assert compiled is not None and theta is not None
    return agreement_at(compiled.graph.rules, np.atleast_2d(theta))


def gain(node: s.Gain, found: Agreement) -> Floats:
    """Return a principal's gain over no agreement (stakes), (S,).

    It is nan at samples without an agreement that is better for both sides, if no settlement is
    named, and at all samples if a variant has left out the settlement.
    """
    side = found.principals.index(node.actor)
    if node.split:
        return found.split.gain[:, side]
    if node.terms is None:
        return found.nash.gain[:, side]
    assert isinstance(node.terms, s.EndsIn)
    for one in found.proposals:
        if one.offered and any(_means(one, terms) for terms in node.terms.terms):
            return one.gain[:, side]
    return np.full(len(found.disagreement), np.nan)


def _means(one: Proposal, terms: Terms) -> bool:
    """Whether a settlement on offer has these terms."""
    if terms.package:
        return one.name in (terms.package, f"{terms.package} (mediator)")
    return one.share is not None and terms.share is not None \
        and abs(one.share - terms.share) < 1e-9
