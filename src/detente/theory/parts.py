"""Parts of a published model: its parameters, their domain, and a solver's answer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["ModelSolution", "Parameter", "need"]


def need(holds: bool, domain: str, **given: float) -> None:
    """Refuse numbers outside a model's domain.

    Parameters
    ----------
    holds
        Whether the numbers are inside.
    domain
        The domain in words or as an inequality. The error message states it.
    given
        The numbers concerned, by name. A number that is not finite is always refused.

    Raises
    ------
    InputError
        The numbers are outside the domain.

    Examples
    --------
    >>> need(0 < 0.5, "0 < a", a=0.5)
    >>> need(0 < -1, "0 < a", a=-1)
    Traceback (most recent call last):
    detente.errors.InputError: outside the model's domain: a = -1; expected 0 < a
    """
    if holds and all(math.isfinite(v) for v in given.values()):
        return
    said = ", ".join(f"{name} = {value:g}" for name, value in given.items())
    raise InputError(f"outside the model's domain: {said}", expected=domain)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model: name, default value, meaning and domain."""

    name: str
    default: float
    meaning: str
    domain: str


@dataclass(frozen=True)
class ModelSolution:
    """The solver's answer: quantities by name, and the fields of the certificate.

    ``certificate`` holds at least ``certified``. For a game it also holds the fields of
    :class:`~detente.equilibrium.Certificate`. ``equilibrium`` is the solved public tree, which can
    be drawn. It is None if the model is not one public tree. The game was solved at ``grid`` and
    ``lam``.
    """

    values: dict[str, float]
    certificate: dict[str, Any]
    equilibrium: Equilibrium | None = field(default=None, repr=False)
    grid: int = 0
    lam: float = 0.0

    @property
    def certified(self) -> bool:
        return bool(self.certificate["certified"])
