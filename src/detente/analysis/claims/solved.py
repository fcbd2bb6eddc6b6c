"""One solved variant of a crisis, as the meaning of a claim asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.agreement import Agreement
from detente.analysis.claims.gains import zone
from detente.arrays import Floats
from detente.claims import syntax as s
from detente.claims.histories import Histories
from detente.equilibrium.profiles import Profiles
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["World", "error_of", "path_of"]

FALLIBLE_ERROR = 1e-7
DELIBERATE_ERROR = 1e-4


@dataclass(frozen=True)
class World:
    """One solved variant of the crisis over S samples.

    Attributes
    ----------
    histories : Histories
    play : Profiles
    compiled : Compiled or None
        None for a game built by hand.
    theta : (S, K) array or None
        The file's numbers, in the order of ``compiled.paths``.
    error : float or (S,) array
        Error of a probability, a belief or a value of the solution; see `error_of`.
    """

    histories: Histories
    play: Profiles
    compiled: Compiled | None = None
    theta: Floats | None = None
    error: float | Floats = FALLIBLE_ERROR

    @cached_property
    def leaf(self) -> Floats:
        """Probability of each leaf, (m, S)."""
        return self.play.reach[self.play.tree.leaves]

    @cached_property
    def _chances(self) -> dict[s.Event, Floats]:
        return {}

    def chance(self, event: s.Event) -> Floats:
        """Return the probability of an event, (S,)."""
        if event not in self._chances:
            self._chances[event] = self.leaf[self.histories.happened(event)].sum(axis=0)
        return self._chances[event]

    @cached_property
    def zone(self) -> Agreement:
        """The zone of agreement at these samples."""
        return zone(self.compiled, self.theta)


def error_of(reading: str, nash_conv: Floats | float | None = None) -> Floats | float:
    """Return the error of a solution's numbers.

    Parameters
    ----------
    reading
        ``fallible``: residuals are up to 1e-8, so numbers are right to `FALLIBLE_ERROR`.
        ``deliberate``: to `DELIBERATE_ERROR`, or to NashConv if that is larger.
    nash_conv
        NashConv of the deliberate solutions; unknown ones count as 0.

    Examples
    --------
    >>> error_of("fallible"), float(error_of("deliberate", 0.002))
    (1e-07, 0.002)
    """
    if reading == "fallible":
        return FALLIBLE_ERROR
    known = np.nan_to_num(np.asarray(0.0 if nash_conv is None else nash_conv, dtype=float))
    return np.asarray(np.maximum(DELIBERATE_ERROR, known))


def path_of(world: World, path: str) -> Floats:
    """Return a number of the file in every sample, (S,)."""
    if world.compiled is None or world.theta is None:
        raise InputError(f"a game built by hand has no number {path!r}",
                         expected="a game compiled from a crisis file")
    return np.asarray(world.theta[:, world.compiled.paths.index(path)])
