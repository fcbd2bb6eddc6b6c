"""Settings of an analysis, in one object."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Integral
from typing import Any

from detente.defaults import (
    DELIBERATE_SAMPLES,
    EPSILON,
    SAMPLES,
    SEED,
    STARTS,
    WORKERS,
)
from detente.errors import InputError, check_names
from detente.limits import MOST_LAMBDA, MOST_SAMPLES, MOST_STARTS, MOST_WORKERS, check_count

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Settings of an analysis.

    Attributes
    ----------
    lam : float or None
        Precision of choice in the fallible model, per unit of the stake; None takes the file's,
        with its range.
    epsilon : float
        Largest tremble probability in the deliberate model, as a share of each menu. The solution
        at the centre halves it until outcomes settle; the samples have the same one.
    samples, deliberate_samples : int
        Sobol' samples of the file's ranges in each model.
    starts : int
        Random starts of the search for other equilibria.
    indices : int
        Rows of the design for Sobol' indices, a power of 2 (0: no indices).
    seed : int
        Seed of the samples and of the search.
    workers : int
        Threads; they do not change the results.
    structure : bool
        Whether the structural neighbours are solved.

    Examples
    --------
    >>> Settings(samples=64).epsilon
    0.01
    """

    lam: float | None = None
    epsilon: float = EPSILON
    samples: int = SAMPLES
    deliberate_samples: int = DELIBERATE_SAMPLES
    starts: int = STARTS
    indices: int = 0
    seed: int = SEED
    workers: int = WORKERS
    structure: bool = True

    @classmethod
    def of(cls, **settings: Any) -> Settings:
        """Return settings by name.

        Raises
        ------
        InputError
            A name is not a setting, or a setting is out of its bounds.

        Examples
        --------
        >>> Settings.of(sampels=64)
        Traceback (most recent call last):
        detente.errors.InputError: there is no setting 'sampels'; ... (did you mean 'samples'?)
        """
        check_names(settings, [field.name for field in fields(cls)], "setting")
        return cls(**settings)

    def __post_init__(self) -> None:
        """Check every setting.

        Raises
        ------
        InputError
            A setting is out of its bounds.
        """
        most = {"starts": MOST_STARTS, "workers": MOST_WORKERS, "seed": None}
        least = {"samples": 1, "deliberate_samples": 1, "starts": 0, "indices": 0, "seed": 0,
                 "workers": 1}
        for name, low in least.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < low:
                raise InputError(
                    f"the setting {name} is {value!r}", field=name,
                    expected=f"a whole number of at least {low}",
                )
            if (limit := most.get(name, MOST_SAMPLES)) is not None:
                check_count(int(value), name.replace("_", " "), field=name, least=low, most=limit)
        if self.lam is not None and not 0 <= self.lam <= MOST_LAMBDA:
            raise InputError(f"lambda is {self.lam!r}", field="lam",
                             expected=f"a number from 0 to {MOST_LAMBDA:g}")
        if not 0 < self.epsilon < 1:
            raise InputError(f"the tremble probability is {self.epsilon!r}", field="epsilon",
                             expected="a number between 0 and 1, such as 0.01")
