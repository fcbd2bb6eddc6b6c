"""Payoffs in exact arithmetic, and as doubles without their offset and their unit.

Adding a constant to all payoffs of one player changes nothing, and neither does another unit if the
precision is measured in the same unit. Doubles keep 16 digits. Hence a large constant, such as 1e17
beside differences of 1, would round the differences away. Numbers of a file are therefore kept as
fractions until each player's least payoff is subtracted and a power of two is divided out. The
solver, the certificate and the derivatives use the result, which is the game as written to within
one rounding of each difference.

A game that was built from doubles has lost its digits before. It is refused if the spacing of
doubles at the size of its payoffs could change an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import frexp, gcd
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError, SizeError

if TYPE_CHECKING:
    from detente.game.extensive import ExtensiveGame

__all__ = [
    "LARGEST", "LONGEST", "MOST_POWER", "Relative", "exact", "nearest_double", "relative_payoffs",
    "rounded_away", "times_power",
]

LARGEST = 1e300
"""Largest absolute value of a number, and largest stake. Its inverse is the smallest stake."""
LONGEST = 700
"""Most characters of a number."""
MOST_POWER = 1000
"""Largest absolute value of a power of ten."""
SPACING = 1e-9
"""Largest spacing of doubles at the size of a payoff, as a share of the stake. At the default
precision of 40 per stake it moves a probability by at most 1e-8, the certificate's tolerance."""
WHOLE = 2.0**53
"""Whole numbers up to this one are doubles."""
MOST_BITS = 500_000_000
"""Most bits of all exact sums of payoffs along the paths of one game, for one player."""


@lru_cache(maxsize=65_536)
def exact(text: str) -> Fraction:
    """Return the exact value of a decimal number, with or without a power of ten, or a fraction.

    Raises
    ------
    OverflowError
        More than `LONGEST` characters, a power of ten beyond `MOST_POWER`, or an absolute value
        above `LARGEST`.
    ZeroDivisionError
        A fraction over 0.

    Examples
    --------
    >>> exact("1/3"), exact("-2.50"), exact("1e-3")
    (Fraction(1, 3), Fraction(-5, 2), Fraction(1, 1000))
    """
    if len(text) > LONGEST:
        raise OverflowError(f"a number of {len(text):,} characters")
    above, _, below = text.partition("/")
    if below:
        value = Fraction(int(above), int(below))
    else:
        digits, _, power = above.lower().partition("e")
        whole, _, decimals = digits.partition(".")
        shift = -len(decimals)
        if power:
            if len(power.lstrip("+-0")) > len(str(MOST_POWER)) or abs(int(power)) > MOST_POWER:
                raise OverflowError(f"a power of ten of {power[:20]}")
            shift += int(power)
        value = Fraction(int(whole + decimals))
        if shift:
            value = value * 10**shift if shift > 0 else value / 10**-shift
    if abs(value) > LARGEST:
        raise OverflowError("an absolute value that is too large")
    return value


def nearest_double(value: Fraction) -> float:
    """Return the double nearest to a fraction; infinite beyond the largest double."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def times_power(value: float, power: int) -> float:
    """Multiply by a power of two; infinite beyond the largest double.

    Examples
    --------
    >>> times_power(3.0, -1), times_power(1.0, 2000)
    (1.5, inf)
    """
    with np.errstate(over="ignore", under="ignore"):
        return float(np.ldexp(value, power))


@dataclass(frozen=True)
class Relative:
    """The payoffs of the endings without offset and unit.

    Player i's payoff at ending z is ``offset[i] + payoff[z, i] * 2**exponent``.

    Attributes
    ----------
    payoff : (m, N) array
        From 0 to the player's range, which is below 2 and for one player at least 1.
    offset : tuple of Fraction
        Each player's least payoff.
    exponent : int
        The power of two in the stake; 0 if the stake is 0.
    stake : Fraction
        The largest range of any player's payoffs, in the units of the file.
    """

    payoff: Floats
    offset: tuple[Fraction, ...]
    exponent: int
    stake: Fraction

    @property
    def span(self) -> float:
        """The stake in units of that power: 0, or from 1 to below 2."""
        return nearest_double(self.stake / Fraction(2) ** self.exponent)

    def precision(self, lam: float) -> float:
        """Convert a precision from the units of the file to those of ``payoff``."""
        return times_power(lam, self.exponent)

    def written_precision(self, lam: float) -> float:
        """Convert a precision from the units of ``payoff`` to those of the file."""
        return times_power(lam, -self.exponent)

    def written(self, value: Floats) -> Floats:
        """Return expected payoffs (..., N) in the units of the file."""
        return np.asarray(np.array([nearest_double(o) for o in self.offset])
                          + np.ldexp(value, self.exponent))


def relative_payoffs(game: ExtensiveGame) -> Relative:
    """Subtract each player's least payoff and divide the stake's power of two out, exactly.

    Raises
    ------
    InputError
        Payoffs that are not finite; a stake outside 1 / `LARGEST` to `LARGEST`; or payoffs given
        as doubles whose spacing is too wide for the stake.
    SizeError
        Fractions along the paths that need too many digits.
    """
    along = bool((game.outcome[game.infoset >= 0] >= 0).any())
    if game.payoff_text is None and not along:
        return _from_doubles(game)
    columns = [_column(game, i, along) for i in range(game.n_players)]
    offsets = tuple(min(values, default=Fraction(0)) for values, _ in columns)
    stake = max((max(values, default=Fraction(0)) - offset
                 for (values, _), offset in zip(columns, offsets, strict=True)),
                default=Fraction(0))
    _check_stake(stake)
    exponent = _power(stake)
    scale = Fraction(2) ** exponent
    payoff = np.zeros((len(game.leaves), game.n_players))
    for i, ((values, which), offset) in enumerate(zip(columns, offsets, strict=True)):
        payoff[:, i] = np.array([nearest_double((v - offset) / scale) for v in values])[which]
    if game.payoff_text is None or _changed(game):
        _check_doubles(game, nearest_double(stake))
    return Relative(payoff, offsets, exponent, stake)


def _from_doubles(game: ExtensiveGame) -> Relative:
    """One subtraction of doubles is exact to within one rounding, so no fractions are needed."""
    paid = game.leaf_payoff
    if not np.isfinite(paid).all():
        raise InputError("a payoff is not finite", expected="finite payoffs")
    least = paid.min(axis=0)
    with np.errstate(over="ignore"):
        span = paid - least
    stake = float(span.max(initial=0.0))
    _check_stake(stake)
    _check_doubles(game, stake)
    exponent = frexp(stake)[1] - 1 if stake > 0 else 0
    return Relative(np.ldexp(span, -exponent), tuple(Fraction(float(x)) for x in least), exponent,
                    Fraction(stake))


def _check_stake(stake: Fraction | float) -> None:
    if stake and not 1 / LARGEST <= stake <= LARGEST:
        much = nearest_double(stake) if isinstance(stake, Fraction) else stake
        raise InputError(
            f"the payoffs of a player differ by at most {much:.3g}",
            expected=f"a largest difference from {1 / LARGEST:g} to {LARGEST:g}, or none; choose "
            "another unit",
        )


def _check_doubles(game: ExtensiveGame, stake: float) -> None:
    for i, name in enumerate(game.players):
        problem = rounded_away(game.leaf_payoff[:, i], stake)
        if problem:
            raise InputError(f"payoffs of {name!r}: {problem}",
                             expected="payoffs without such a constant; subtract it first")


def rounded_away(payoff: Floats, stake: float) -> str:
    """Say why doubles cannot hold the differences of some payoffs; empty if they can.

    Parameters
    ----------
    payoff
        One player's payoffs.
    stake
        The largest range of any player's payoffs.

    Examples
    --------
    >>> rounded_away(np.array([1e17, 1e17 + 32.0]), 32.0)
    'doubles near 1e+17 are 16 apart, too far for a stake of 32'
    >>> rounded_away(np.array([1e9 + 1, 1e9 - 3]), 4.0)
    ''
    """
    most = float(np.abs(payoff).max(initial=0.0))
    if most <= WHOLE and bool((payoff == np.rint(payoff)).all()):
        return ""
    apart = float(np.spacing(most))
    if apart <= SPACING * stake or (stake == 0 and most <= WHOLE):
        return ""
    return f"doubles near {most:.3g} are {apart:.2g} apart, too far for a stake of {stake:.3g}"


def _changed(game: ExtensiveGame) -> bool:
    """Whether some payoff is no longer the one that was written."""
    assert game.payoff_text is not None
    return any(
        nearest_double(exact(w)) != v
        for row, now in zip(game.payoff_text, game.outcome_payoff.tolist(), strict=True)
        for w, v in zip(row, now, strict=True)
    )


def _entries(game: ExtensiveGame, i: int) -> list[Fraction]:
    """Return a player's payoff in every outcome: as written, or the double if that was changed."""
    found = []
    for k, value in enumerate(game.outcome_payoff[:, i].tolist()):
        written = exact(game.payoff_text[k][i]) if game.payoff_text is not None else None
        if written is None or nearest_double(written) != value:
            if not np.isfinite(value):
                raise InputError("a payoff is not finite", expected="finite payoffs")
            written = Fraction(value)
        found.append(written)
    return found


def _column(game: ExtensiveGame, i: int, along: bool) -> tuple[list[Fraction], Ints]:
    """Return a player's distinct exact total payoffs, and which of them each ending has."""
    entries = [*_entries(game, i), Fraction(0)]  # the last entry is for no outcome
    if not along:
        used, which = np.unique(game.outcome[game.leaves], return_inverse=True)
        return [entries[k] for k in used.tolist()], which.reshape(-1)
    common = 1
    for entry in entries:
        common = common * entry.denominator // gcd(common, entry.denominator)
        if common.bit_length() * game.n_nodes > MOST_BITS:
            raise SizeError(
                f"the payoffs of {game.players[i]!r} have a common denominator of more than "
                f"{int(common.bit_length() * 0.301):,} digits, and payoffs along a path add up",
                expected="payoffs at the endings only, or numbers with fewer digits",
            )
    whole = [e.numerator * (common // e.denominator) for e in entries]
    total: list[int] = []
    for parent, k in zip(game.parent.tolist(), game.outcome.tolist(), strict=True):
        total.append(whole[k] + (total[parent] if parent >= 0 else 0))
    place: dict[int, int] = {}
    which = np.array([place.setdefault(total[z], len(place)) for z in game.leaves.tolist()],
                     dtype=np.int64)
    return [Fraction(t, common) for t in place], which


def _power(stake: Fraction) -> int:
    """Return k with 2**k <= stake < 2**(k + 1), 0 for 0."""
    if not stake:
        return 0
    k = stake.numerator.bit_length() - stake.denominator.bit_length()
    return k if stake >= Fraction(2) ** k else k - 1
