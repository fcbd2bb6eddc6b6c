"""The contract of a forecaster, and two helpers that most forecasters use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.history.outcomes.table import Crises

__all__ = ["ADDED", "Find", "Fit", "Fitted", "Forecaster", "codes", "design", "learn", "shares"]

ADDED = 0.5
"""Added to the count of each ending, so that no ending has probability 0 (Jeffreys' prior)."""


class Fitted(Protocol):
    """A forecaster that has been estimated.

    Attributes
    ----------
    params
        Its parameters by name, for the table of their drift; may be empty.
    trouble
        A sentence if the estimation failed or is doubtful, else None.
    """

    @property
    def params(self) -> dict[str, float]:
        """Parameters by name."""
        ...

    @property
    def trouble(self) -> str | None:
        """A sentence if the estimation failed."""
        ...

    def forecast(self, table: Crises) -> NDArray[np.float64]:
        """Return probabilities (n, endings) for the rows of a table. Rows sum to 1."""
        ...


class Forecaster(Protocol):
    """A rule that learns from crises and forecasts how others end.

    ``fit`` sees training rows only. ``forecast`` must not read the column ``ending``; it gets a
    table without one.
    """

    @property
    def name(self) -> str:
        """Name on the board."""
        ...

    def fit(self, table: Crises, *, seed: int) -> Fitted:
        """Estimate the forecaster on a table."""
        ...


Find = Callable[[str], Forecaster]
"""Returns the forecaster of a name; given to forecasters that are made of others."""


@dataclass(frozen=True)
class Fit:
    """A simple `Fitted`: a function from a table to probabilities."""

    how: Callable[[Crises], NDArray[np.float64]]
    params: dict[str, float] = field(default_factory=dict)
    trouble: str | None = None

    def forecast(self, table: Crises) -> NDArray[np.float64]:
        """Return probabilities (n, endings)."""
        return self.how(table)


def codes(table: Crises) -> NDArray[np.intp]:
    """Return the position of each row's ending in ``table.endings``."""
    place = {ending: k for k, ending in enumerate(table.endings)}
    return np.array([place[e] for e in table.rows["ending"]], dtype=np.intp)


def shares(found: NDArray[np.intp], endings: int) -> NDArray[np.float64]:
    """Return the shares of the endings with `ADDED` on each count.

    Examples
    --------
    >>> shares(np.array([1, 1, 1]), 2).tolist()
    [0.125, 0.875]
    """
    counts = np.bincount(found, minlength=endings) + ADDED
    made: NDArray[np.float64] = counts / counts.sum()
    return made


def design(table: Crises, like: Crises | None = None) -> NDArray[np.float64]:
    """Return the features (n, k), each with mean 0 and standard deviation 1 in ``like``.

    Parameters
    ----------
    table
        The rows to return.
    like
        The table whose mean and deviation are used: the training table. Default ``table``.
    """
    names = list(table.features)
    base = (like or table).rows[names].to_numpy(float)
    scale = base.std(axis=0)
    scale[scale == 0] = 1.0
    made: NDArray[np.float64] = (table.rows[names].to_numpy(float) - base.mean(axis=0)) / scale
    return made


def learn(module: str) -> Any:
    """Import a module of scikit-learn.

    Raises
    ------
    InputError
        scikit-learn is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        raise InputError(
            "this forecaster needs scikit-learn, which is not installed",
            expected="the extra `backtest`. In the folder of the clone run: "
            ".venv/bin/python -m pip install -e '.[backtest]'",
        ) from missing
