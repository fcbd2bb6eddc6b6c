"""A claim's verdict at one point, and the share of samples in which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Share", "Term", "Verdict"]


class Term(NamedTuple):
    """One of the numbers that a claim compares, at one point.

    Attributes
    ----------
    text : str
        As the claim writes it.
    value : float or None
        Pooled over types if it differs by type; None if its condition has probability zero.
    constant : bool
        Whether the claim writes the number itself.

    Examples
    --------
    >>> Term("P(war)", 0.1312, False).words
    'P(war) = 0.131'
    """

    text: str
    value: float | None
    constant: bool

    @property
    def words(self) -> str:
        """The text and the value."""
        return f"{self.text} = {'none' if self.value is None else f'{self.value:.3g}'}"


@dataclass(frozen=True)
class Verdict:
    """A claim at the centre of the inputs, in one equilibrium.

    Attributes
    ----------
    reading : str
        ``fallible``, ``deliberate``, or the name of another equilibrium.
    holds : bool or None
        None if its condition has probability zero.
    margin : float or None
        Difference of the compared sides, in their units; positive if the claim holds.
    certified : bool
    sides : list of Term
        The numbers compared.
    close : bool
        Too close to call: the solution's accuracy does not decide it, so ``holds`` is not reliable.
    """

    reading: str
    holds: bool | None
    margin: float | None
    certified: bool
    sides: list[Term]
    close: bool = False

    @property
    def decided(self) -> bool | None:
        """``holds``, but None if it is too close to call."""
        return None if self.close else self.holds


@dataclass(frozen=True)
class Share:
    """Share of the samples in which a claim holds.

    Attributes
    ----------
    requested, certified, held, failed, never, close : int
        Numbers of samples; only certified ones count in the later numbers. In ``never`` the
        condition has probability zero, and ``close`` are too close to call.
    share, low, high : float or None
        Share of the samples with an answer in which it holds, and its 95 % Wilson interval.
    occurs : float or None
        Mean probability of the events that it is about, over the certified samples.
    """

    requested: int
    certified: int
    held: int
    failed: int
    never: int
    share: float | None
    low: float | None
    high: float | None
    close: int = 0
    occurs: float | None = None
