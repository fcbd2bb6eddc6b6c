"""Score the casebook: the log of the probability of the ending that occurred."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from detente.arrays import Bools, Floats
from detente.casebook.facts import Facts, facts, named
from detente.history.outcomes.mid import ENDINGS
from detente.scenario.schema import Scenario
from detente.scenario.yamlfile import read_yaml

__all__ = ["Solved", "bootstrap", "endings", "log_scores", "solved"]


@dataclass(frozen=True)
class Solved:
    """Probabilities of the endings of one crisis, as means over joint draws.

    Attributes
    ----------
    fallible, deliberate : dict
        By ending.
    checked : tuple of int
        Draws whose solution was checked, in the fallible and in the deliberate model.
    draws : int
        Draws in total.
    """

    fallible: dict[str, float]
    deliberate: dict[str, float]
    checked: tuple[int, int]
    draws: int


def endings() -> dict[str, str]:
    """Return how each crisis of the casebook ended, by its name.

    Examples
    --------
    >>> set(endings()) == set(named())
    True
    """
    held = read_yaml(Path(str(files("detente.casebook"))) / "endings.yaml").data
    return {name: str(one["ending"]) for name, one in held.items()}


def solved(crisis: Scenario, of: Facts, draws: str, workers: int = 1) -> Solved:
    """Solve a crisis at its joint draws, in both readings.

    Numbers without draws stay at their centres.

    Parameters
    ----------
    crisis
        The crisis.
    of
        Its coded facts: who is challenger and who is target.
    draws
        The text of the file of draws.
    workers
        Threads.
    """
    from detente.equilibrium.batch.solve import deliberate_batch, solve_batch
    from detente.game.compile import compile_scenario

    compiled = compile_scenario(crisis)
    held = pd.read_csv(io.StringIO(draws))
    theta = np.repeat(compiled.centre[None, :], len(held), axis=0)
    for path in held.columns:
        theta[:, compiled.paths.index(str(path))] = held[path]

    def numbers(which: slice) -> object:
        return compiled.numbers(theta[which])

    n = len(held)
    first = solve_batch(compiled.tree, numbers, n, workers=workers)  # type: ignore[arg-type]
    second = deliberate_batch(  # type: ignore[call-arg]
        compiled.tree, numbers, n, starts=first, workers=workers)  # type: ignore[arg-type]
    kinds = {
        "war": "war", "settlement": "settlement", "status quo": "stalemate",
        f"{of.challenger.id} concedes": "challenger backs down",
        f"{of.target.id} concedes": "target yields",
    }
    names = [kinds[str(name)] for name in first.outcome_names]

    def mean(values: Floats, kept: Bools) -> dict[str, float]:
        found = dict.fromkeys(ENDINGS, 0.0)
        for name, value in zip(names, values[kept].mean(axis=0), strict=True):
            found[name] += float(value)
        return found

    return Solved(mean(first.outcomes, first.certified), mean(second.outcomes, second.certified),
                  (int(first.certified.sum()), int(second.certified.sum())), n)


def log_scores(
    forecasts: Mapping[str, Mapping[str, float]], ended: Mapping[str, str]
) -> pd.Series[float]:
    """Return the log of the probability of the ending that occurred, by crisis.

    Examples
    --------
    >>> log_scores({"a": {"war": 0.5, "settlement": 0.5}}, {"a": "war"}).round(4).to_dict()
    {'a': -0.6931}
    """
    return pd.Series({name: float(np.log(one[ended[name]])) for name, one in forecasts.items()})


def bootstrap(
    values: pd.Series[float], clusters: Mapping[str, str], n: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Return a 90 % interval of the mean by a bootstrap over clusters.

    Parameters
    ----------
    values
        One value per crisis.
    clusters
        The cluster of each crisis, such as its pair of states.
    n, seed
        Replications, and their seed.
    """
    labels = pd.Series({name: clusters[name] for name in values.index})
    groups = values.groupby(labels).agg(["sum", "count"]).to_numpy(dtype=float)
    rng = np.random.default_rng(seed)
    chosen = groups[rng.integers(len(groups), size=(n, len(groups)))].sum(axis=1)
    low, high = np.quantile(chosen[:, 0] / chosen[:, 1], [0.05, 0.95])
    return float(low), float(high)


def pairs() -> dict[str, str]:
    """Return the pair of states of each crisis of the casebook."""
    return {name: facts(name).pair for name in named()}
