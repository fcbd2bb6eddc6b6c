"""The control of a game: its covariates, exclusions and shrinkage, without the game."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Forecaster
from detente.backtest.models.game import columns, model_of, suited
from detente.history.modelfiles.model import ModelFile
from detente.history.modelfiles.theory import Theory, fit_theory
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Control", "make"]

ABOUT = "ridge multinomial with the covariates, exclusions and shrinkage of a model file, no game"


@dataclass(frozen=True)
class FittedControl:
    """A fitted control."""

    theory: Theory
    model: ModelFile

    @property
    def params(self) -> dict[str, float]:
        """The coefficients, per standard deviation of a covariate."""
        return self.theory.params

    @property
    def trouble(self) -> str | None:
        """Doubts about the fit."""
        return None if self.theory.converged else "the search ended before the gradient was 0"

    def forecast(self, table: Crises) -> NDArray[np.float64]:
        """Return probabilities (n, endings)."""
        return columns(table, self.theory.forecast(table.rows), self.model)


@dataclass(frozen=True)
class Control:
    """The covariates of a model file without its game."""

    name: str
    model: ModelFile

    def fit(self, table: Crises, *, seed: int) -> FittedControl:
        """Estimate the control on a table."""
        model = suited(self.model, table)
        return FittedControl(fit_theory(model, table.rows), model)


def make(argument: str, find: Find) -> Forecaster:
    """Return the control of a model file."""
    return Control(f"theory:{argument}", model_of("theory", argument))
