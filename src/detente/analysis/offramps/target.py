"""Target of an off-ramp: an outcome's probability above or below a level."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.question import mask_of
from detente.errors import InputError, nearest, one_of
from detente.identifiers import WARS

__all__ = ["Target", "parse_target"]

_FORM = re.compile(
    r"^\s*(?:P\(\s*(?P<in>[^)]+?)\s*\)|(?P<bare>[A-Za-z_][\w ]*?))\s*"
    r"(?P<sense><=|>=|<|>|at most|at least)\s*(?P<level>\d*\.?\d+)\s*$"
)


@dataclass(frozen=True)
class Target:
    """The probability of ``outcome`` at most (or at least) ``level``.

    Attributes
    ----------
    outcome : str
        An outcome, or ``war`` for every violent outcome.
    level : float
        A probability.
    at_least : bool
        Whether the level is a lower bound.
    mask : bool array, (n_outcomes,)
        The outcomes that count.
    """

    outcome: str
    level: float
    at_least: bool
    mask: NDArray[np.bool_]

    def miss(self, p: Any) -> Any:
        """Return the distance of a probability from the target; zero or less means that it is
        met.
        """
        return self.level - p if self.at_least else p - self.level

    def __str__(self) -> str:
        return f"P({self.outcome}) {'at least' if self.at_least else 'at most'} {self.level:g}"


def parse_target(
    text: str, names: tuple[str, ...], wars: Collection[str] = WARS
) -> Target:
    """Read a target.

    Parameters
    ----------
    text
        A probability (P(war) is at most this), or a condition such as ``settlement >= 0.6`` or
        ``P(war) at most 0.1``.
    names
        The outcomes of the case.
    wars
        The outcomes that count as war.

    Raises
    ------
    InputError
        The outcome does not exist, the level is not a probability, or the form is wrong.

    Examples
    --------
    >>> str(parse_target("0.1", ("war", "settlement")))
    'P(war) at most 0.1'
    >>> str(parse_target("P(settlement) >= 0.6", ("war", "settlement")))
    'P(settlement) at least 0.6'
    """
    try:
        outcome, sense, level = "war", "<=", float(text)
    except ValueError:
        found = _FORM.match(text)
        if found is None:
            raise InputError(
                f"{text!r} is not a target", field="--target",
                expected="a probability, or a condition such as 'settlement >= 0.6'",
            ) from None
        outcome = (found["in"] or found["bare"]).strip()
        sense, level = found["sense"], float(found["level"])
    if not 0.0 <= level <= 1.0:
        raise InputError(f"{level:g} is not a probability", field="--target", expected="0 to 1")
    known = {name.replace(" ", "_"): name for name in names}
    asked = outcome.replace(" ", "_")
    if asked == "war" and any(name in wars for name in names):
        mask = mask_of(names, "war", wars)
    elif asked in known:
        mask = np.array([name == known[asked] for name in names], dtype=bool)
    else:
        raise InputError(
            f"the case has no outcome {outcome!r}", field="--target",
            expected=one_of(outcome, names), nearest=nearest(outcome, names),
        )
    return Target(outcome, level, sense in (">=", ">", "at least"), mask)
