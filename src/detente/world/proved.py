"""A division of a signed network in blocs, with its count of broken ties and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Bools, Ints
from detente.world.division import breaks

if TYPE_CHECKING:
    from detente.world.cover import Cover
    from detente.world.ties import Ties

__all__ = ["SECONDS", "Proved", "whole"]

SECONDS = 60.0
"""Longest time of a search. The networks of all states take less than 10 s. A complete network of
30 equal enemies takes longer: its count is then not proved, and the bound is lower."""


@dataclass(frozen=True)
class Proved:
    """The best division that was found, and how far it is proved to be the best.

    Attributes
    ----------
    ties : Ties
    blocs : ndarray of int (n,)
        Number of each actor's bloc.
    index : int
        Ties that the division breaks, counted from the division.
    bound : int
        No division breaks fewer ties than this, by the program or the search. It is below the
        index if they ran out of time.
    proof : str
        ``linear`` or ``integer``: the program that gave the bound; ``search``: the search that did.
    cycles : int
        Bad cycles that the program used.
    """

    ties: Ties
    blocs: Ints
    index: int
    bound: int
    proof: str
    cycles: int

    @property
    def exact(self) -> bool:
        """Whether the bound equals the index."""
        return self.bound >= self.index

    @property
    def broken(self) -> Bools:
        """Which ties the division breaks, (m,)."""
        return breaks(self.ties.edges, self.ties.signs, self.blocs)

    @property
    def best(self) -> str:
        """The division in words: the best one, or the best one found if the index is not proved."""
        return "best division" if self.exact else "best division found"

    @property
    def certificate(self) -> str:
        """The check of the index in words."""
        kind = "exact" if self.exact else "not proved"
        by = "search" if self.proof == "search" else "program"
        return f"{kind}: counted {self.index}, the {by}'s bound is {self.bound}"

    def as_dict(self) -> dict[str, Any]:
        """Return the count, its proof and the broken ties as plain data."""
        return {
            "index": self.index, "bound": self.bound, "exact": self.exact, "proof": self.proof,
            "broken": [[self.ties.actors[int(k)] for k in self.ties.edges[e]]
                       for e in np.flatnonzero(self.broken)],
        }


def whole(found: Cover) -> tuple[Ints, int, int, str, int]:
    """Return the parts of a cover with unit weights: blocs, count, bound, proof and cycles."""
    return found.blocs, round(found.broken), round(found.bound), found.proof, found.cycles
