"""Out-of-sample comparison of a strategic model with simpler models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.multinomial import fit_multinomial
from detente.history.estimators.results import FitResult

__all__ = ["SCORES", "scores_of", "worth"]


SCORES = ("log", "brier")

FLOOR = 1e-4
"""Lower bound of forecasts, so that one event of forecast 0 does not determine the score."""


def scores_of(p: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the mean log score (higher is better) and Brier score (lower is better).

    Examples
    --------
    >>> log, brier = scores_of(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]))
    >>> round(float(log), 4), float(brier)
    (-0.6931, 0.5)
    """
    p = np.maximum(p, FLOOR)
    p = p / p.sum(axis=1, keepdims=True)
    plays = counts.sum()
    log = (counts * np.log(p)).sum() / plays
    squares = (p**2).sum(axis=1, keepdims=True) - 2.0 * p + 1.0
    return np.asarray(log), np.asarray((counts * squares).sum() / plays)


def worth(
    fit: Callable[[pd.DataFrame], FitResult],
    data: pd.DataFrame,
    covariates: str,
    *,
    folds: int = 10,
    repeats: int = 10,
    seed: int = 0,
    groups: str | None = None,
) -> pd.DataFrame:
    """Cross-validate a strategic model against a multinomial logit and against base rates.

    Parameters
    ----------
    fit
        Fits the strategic model to a table.
    data
        The whole table.
    covariates
        Right-hand side for the multinomial logit: the same covariates.
    folds, repeats
        Repeated k-fold cross-validation.
    seed
        Seed of the partitions.
    groups
        Column whose equal values stay in one fold.

    Returns
    -------
    DataFrame
        One row per rival and score: the mean of the strategic model and of the rival, the
        difference (positive: the strategic model is better), its 95 % interval, and the number of
        fits that did not converge. The interval is corrected for overlapping training sets
        [nadeau-bengio-2003].

    Raises
    ------
    InputError
        There are fewer rows or groups than folds.
    """
    whole = fit(data)
    assert whole.counts is not None
    table, counts = whole.frame, whole.counts
    units = pd.factorize(table[groups])[0] if groups else np.arange(len(table))
    n_units = int(units.max()) + 1
    if n_units < folds:
        raise InputError(f"{n_units} rows or groups are too few for {folds} folds",
                         expected="at least one row or group per fold; use fewer folds")
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    failed = 0
    for repeat in range(repeats):
        fold = (rng.permutation(n_units) % folds)[units]
        for k in range(folds):
            train, test = table[fold != k], table[fold == k]
            seen, held = counts[fold != k], counts[fold == k]
            model = fit(train)
            failed += not model.converged
            share = seen.sum(axis=0) / seen.sum()
            plain = fit_multinomial(covariates, train, seen, whole.endings)
            forecasts = {
                "strategic": model.predict(test).to_numpy(),
                "multinomial logit": plain.predict(test).to_numpy(),
                "base rates": np.tile(share, (len(test), 1)),
            }
            own = forecasts["strategic"]  # with several equilibria the base rates are the forecast
            forecasts["strategic"] = np.where(np.isnan(own), share, own)
            for name, p in forecasts.items():
                log, brier = scores_of(p, held)
                rows.append({"repeat": repeat, "fold": k, "model": name, "log": float(log),
                             "brier": float(brier)})
    each = pd.DataFrame(rows).pivot(index=["repeat", "fold"], columns="model", values=list(SCORES))
    out = []
    for rival in ("multinomial logit", "base rates"):
        for score in SCORES:
            own, other = each[score]["strategic"], each[score][rival]
            gain = (own - other) * (1.0 if score == "log" else -1.0)
            m = len(gain)
            # Training sets overlap: the variance is inflated by test/train size.
            variance = float(gain.var(ddof=1)) * (1.0 / m + 1.0 / (folds - 1.0))
            half = float(student.ppf(0.975, m - 1)) * variance**0.5
            out.append({
                "rival": rival, "score": score, "strategic": own.mean(), "other": other.mean(),
                "gain": gain.mean(), "low": gain.mean() - half, "high": gain.mean() + half,
                "folds": m, "failed": failed,
            })
    return pd.DataFrame(out)
