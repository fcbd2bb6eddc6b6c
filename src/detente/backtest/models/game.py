"""A game: the equilibrium of a model file, estimated on the training crises.

``game:NAME`` is a shipped model file, ``game:PATH`` one of your own. Terms of covariates that the
table lacks, such as those that coders judged with hindsight, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Forecaster
from detente.cases.modelfile import model_files, read_model
from detente.errors import InputError, nearest, one_of
from detente.history.modelfiles.estimate import Estimate
from detente.history.modelfiles.model import ModelFile
from detente.history.outcomes.icb import CODED as OF_ICB
from detente.history.outcomes.known import BEFORE
from detente.history.outcomes.mid import CODED as OF_MID
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Game", "make", "model_of", "suited"]

ABOUT = "agent quantal response equilibrium of a model file, by maximum a posteriori"

STARTS = 20
"""Searches per fit: five missed the best maxima of `tight-rungs` and `linear-rungs`."""


def suited(model: ModelFile, table: Crises) -> ModelFile:
    """Return the model with the covariates that the table has.

    A feature of another table, or one that ``--features before`` leaves out, is dropped.

    Raises
    ------
    InputError
        The endings of the model are not those of the table, or no table has a covariate.
    """
    known = {f.name for f in (*BEFORE, *OF_ICB, *OF_MID)} | set(table.features)
    entry = model.entry
    for part in (entry.numbers, entry.utilities):
        for place, one in part.items():
            for name in one.terms:
                if name not in known:
                    raise InputError(
                        f"{place}: no table has a feature {name!r}", file=model.path,
                        expected=one_of(name, sorted(known)), nearest=nearest(name, known))
    if set(model.endings) != set(table.endings):
        raise InputError(
            f"the model {model.name} has the endings {', '.join(model.endings)}",
            field="endings", file=model.path,
            expected=f"those of the table {table.name}: {', '.join(table.endings)}")
    return model.only(table.features)


def columns(table: Crises, p: NDArray[np.float64], model: ModelFile) -> NDArray[np.float64]:
    """Return probabilities in the order of the table's endings."""
    return np.asarray(p[:, [model.endings.index(e) for e in table.endings]])


@dataclass(frozen=True)
class FittedGame:
    """A model file estimated on a table."""

    estimate: Estimate
    model: ModelFile

    @property
    def params(self) -> dict[str, float]:
        """The coefficients, per standard deviation of a covariate."""
        return self.estimate.params

    @property
    def trouble(self) -> str | None:
        """Doubts about the fit."""
        return None if self.estimate.converged else "the search ended before the gradient was 0"

    def forecast(self, table: Crises) -> NDArray[np.float64]:
        """Return probabilities (n, endings)."""
        return columns(table, self.estimate.forecast(table.rows), self.model)


@dataclass(frozen=True)
class Game:
    """The equilibrium of a model file."""

    name: str
    model: ModelFile

    def fit(self, table: Crises, *, seed: int) -> FittedGame:
        """Estimate the model file on a table."""
        model = suited(self.model, table)
        return FittedGame(model.fit(table.rows, seed=seed, starts=STARTS), model)


def model_of(kind: str, argument: str) -> ModelFile:
    """Return the model file that a forecaster's argument names.

    Raises
    ------
    InputError
        There is no argument, or no such file.
    """
    if not argument:
        raise InputError(f"{kind} needs a model file", expected=f"{kind}:FILE, or {kind}: and "
                         f"{one_of('', model_files())}", nearest=nearest(argument, model_files()))
    return read_model(argument)


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster of a model file."""
    return Game(f"game:{argument}", model_of("game", argument))
