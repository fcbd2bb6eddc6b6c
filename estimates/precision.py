"""Estimate the precision lambda on recorded crises: by table, with its profile.

    python -m estimates.precision [--fetch] [--draws 200]

The script fits the shipped model files to the tables of crises. It prints lambda with a 90 %
interval of Laplace's approximation, the profile of the log posterior, and lambda times the distance
between a player's best and worst ending, which is the size that choices depend on. In the linear
models all utilities are estimated, so only this product is identified, and lambda is fixed at 1.
The last line is the mean log likelihood per crisis if these numbers are read at lambda 40.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.backtest.models.game import STARTS
from detente.cases.modelfile import read_model
from detente.history import crises
from detente.history.modelfiles.estimate import Estimate
from detente.history.modelfiles.posterior import Posterior
from detente.history.modelfiles.profile import profile

TABLES = ("mid", "icb", "rungs")
LOG_LAMBDA = "precision"
GRID = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 40.0)


def estimated(starts: int = STARTS) -> Iterator[tuple[str, Estimate]]:
    """Yield the fit of each shipped model to its table."""
    for table in TABLES:
        rows = crises(table).rows
        for kind in ("tight", "linear"):
            name = f"{kind}-{table}"
            yield name, read_model(name).fit(rows, seed=0, starts=starts)


def interval(estimate: Estimate) -> tuple[float, float, float] | None:
    """Return lambda and the ends of its 90 % interval; None if the model fixes it."""
    if LOG_LAMBDA not in estimate.model.coefficients:
        return None
    k = estimate.model.coefficients.index(LOG_LAMBDA)
    centre, half = estimate.value[k], 1.645 * np.sqrt(estimate.laplace[k, k])
    return tuple(np.exp([centre, centre - half, centre + half]))  # type: ignore[return-value]


def distances(estimate: Estimate, draws: int) -> dict[str, Floats]:
    """Return lambda times (best - worst ending), the mean over the rows: value, 5 %, 95 %."""
    design, seen = estimate.posterior.design, estimate.posterior.seen

    def mean(theta: Floats) -> Floats:
        here = Posterior(estimate.model, design, seen)
        return np.asarray(estimate.model.game.spread(*here.parts(theta)).mean(axis=1))

    drawn = np.array([mean(theta) for theta in estimate.draws(draws)])
    ends = np.quantile(drawn, [0.05, 0.95], axis=0)
    centre = mean(estimate.value)
    return {who: np.array([centre[i], *ends[:, i]])
            for i, who in enumerate(estimate.model.compiled.tree.players)}


def read_at(estimate: Estimate, lam: float) -> float:
    """Return the mean log likelihood if the precision of all rows is ``lam``."""
    numbers, utilities = estimate.posterior.parts(estimate.value)
    numbers = numbers.copy()
    numbers[list(estimate.model.links).index(LOG_LAMBDA)] = lam
    return float(estimate.model.game.rows(numbers, utilities, estimate.posterior.seen)[0].mean())


def main() -> None:
    """Print lambda for every table and model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fetch", action="store_true", help="download the data sets first")
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    if asked.fetch:
        fetch_all()
    for name, estimate in estimated():
        rows = len(estimate.rows)
        print(f"{name}: {rows} crises, {len(estimate.value)} coefficients, log likelihood "
              f"{estimate.loglik:.1f} ({estimate.loglik / rows:.4f} per crisis), "
              f"{len(estimate.maxima)} maxima found")
        found = interval(estimate)
        if found is None:
            print("  lambda: fixed at 1")
        else:
            print(f"  lambda: {found[0]:.1f}, 90 % interval {found[1]:.1f} to {found[2]:.1f}")
        for who, (centre, low, high) in distances(estimate, asked.draws).items():
            print(f"  lambda x (best - worst ending), {who}: {centre:.1f} "
                  f"({low:.1f} to {high:.1f})")
        if found is not None:
            table: pd.DataFrame = profile(estimate, LOG_LAMBDA, np.log(GRID))
            fall = table["log_posterior"] - estimate.level
            print("  profile of the log posterior: " + ", ".join(
                f"{lam:g}: {f:.1f}" for lam, f in zip(GRID, fall, strict=True)))
            print(f"  mean log likelihood if read at lambda 40: {read_at(estimate, 40.0):.3f}")


def fetch_all() -> None:
    """Download the data sets that the tables need."""
    from detente.history.registry import registry
    from detente.history.store import fetch, held

    for name in registry():
        if not held(name):
            fetch(name)


if __name__ == "__main__":
    main()
