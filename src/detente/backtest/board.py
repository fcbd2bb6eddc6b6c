"""The board: the scores of every forecaster on the same crises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.backtest.scores import Gain, auc, brier, calibration, ece, gain, log_scores, rps
from detente.backtest.scores import proportional as reduction

__all__ = ["AGAINST", "calibrations", "leaderboard", "theory_of", "verdict"]

Floats = NDArray[np.float64]

AGAINST = ("time", "logit", "theory")
"""Forecasters over which gains are given."""

WAR = "war"

FEWEST_CRISES, FEWEST_PAIRS = 50, 20
"""Fewer than these in the test rows are too few to judge: an interval that resamples a handful of
pairs of states is too narrow."""


def theory_of(name: str) -> str | None:
    """Return the control of a game, or of the game in a pool; None if there is no game.

    Examples
    --------
    >>> theory_of("game:tight"), theory_of("pool:game:tight+logit"), theory_of("logit")
    ('theory:tight', 'theory:tight', None)
    """
    kind, _, argument = name.partition(":")
    for part in argument.split("+") if kind == "pool" else [name]:
        first, _, rest = part.strip().partition(":")
        if first == "game":
            return f"theory:{rest}" if rest else "theory"
    return None


def leaderboard(
    forecasts: Mapping[str, Floats], y: NDArray[np.intp], endings: Sequence[str],
    pairs: Sequence[str], failed: Mapping[str, int], *, seed: int,
) -> pd.DataFrame:
    """Return one row per forecaster, best log score first.

    Parameters
    ----------
    forecasts
        Probabilities (n, endings) by forecaster.
    y
        Position of the ending of each crisis, (n,).
    pairs
        The cluster of each crisis.
    failed
        Number of failed fits by forecaster.

    Returns
    -------
    DataFrame
        Scores in nats per crisis; ``reduction`` is the proportional reduction in log loss against
        ``base``; gains have ``_low`` and ``_high``, ends of an interval of 95 %. A gain is missing
        if the other forecaster did not run.
    """
    logs = {name: log_scores(p, y) for name, p in forecasts.items()}
    rows = []
    for name, p in forecasts.items():
        war = list(endings).index(WAR) if WAR in endings else p.shape[1] - 1
        row: dict[str, object] = {
            "model": name, "n": len(y), "log_score": float(logs[name].mean()),
            "brier": float(brier(p, y).mean()), "rps": float(rps(p, y).mean()), "ece": ece(p, y),
            "auc_war": auc(p[:, war], y == war),
            "reduction": reduction(float(logs[name].mean()), float(logs["base"].mean())),
        }
        for other in AGAINST:
            against = theory_of(name) if other == "theory" else other
            found: Gain | None = None
            if against in logs and against != name:
                found = gain(logs[name], logs[against], pairs, seed=seed)
            row |= {f"gain_{other}": found and found.mean, f"gain_{other}_low": found and found.low,
                    f"gain_{other}_high": found and found.high}
        rows.append(row | {"fits_failed": failed[name]})
    return pd.DataFrame(rows).sort_values("log_score", ascending=False, ignore_index=True)


def calibrations(
    forecasts: Mapping[str, Floats], y: NDArray[np.intp], endings: Sequence[str]
) -> pd.DataFrame:
    """Return the reliability of every forecaster by ending and bin of the forecast."""
    rows = [
        (name, ending, mean, share, n)
        for name, p in forecasts.items() for k, ending in enumerate(endings)
        for mean, share, n in calibration(p[:, k], y == k)
    ]
    return pd.DataFrame(rows, columns=["model", "ending", "forecast", "observed", "n"])


def verdict(board: pd.DataFrame, crises: int, pairs: int) -> str:
    """Return the result in one sentence.

    Below `FEWEST_CRISES` crises or `FEWEST_PAIRS` pairs of states that were forecast, nothing is
    judged. Otherwise a gain is claimed only if its interval excludes 0. A game is only compared
    with its `theory`, because that comparison alone tests the structure of the game.
    """
    if crises < FEWEST_CRISES or pairs < FEWEST_PAIRS:
        return (f"The sample is too small to judge ({crises} crises of {pairs} pairs of states; at "
                f"least {FEWEST_CRISES} crises and {FEWEST_PAIRS} pairs are needed).")
    games = board[board["gain_theory"].notna() & board["model"].str.startswith("game")]
    if len(games):
        best = games.iloc[0]
        theory = theory_of(str(best["model"]))
        words = _words(best, "theory")
        if best["gain_theory_low"] > 0:
            return (f"{best['model']} scores better than {theory}, the same covariates without a "
                    f"game ({words}), so this board speaks for the structure of the game; see if "
                    "the other scheme does too.")
        worse = "scores worse than" if best["gain_theory_high"] < 0 else "does not beat"
        which = f"The best of {len(games)} games, " if len(games) > 1 else ""
        text = (f"{which}{best['model']}{',' if which else ''} {worse} {theory}, the same "
                f"covariates without a game ({words}), so there is no evidence for its structure.")
        others = games[games["gain_theory_low"] > 0]
        for _, other in others.iterrows():  # a lower place may still beat its own control
            text += (f" {other['model']} scores lower, but better than its own "
                     f"{theory_of(str(other['model']))} ({_words(other, 'theory')}).")
        return text
    best = board[board["model"] != "time"].iloc[0]
    words = _words(best, "time")
    if best["gain_time_low"] > 0:
        return (f"{best['model']} is the best forecaster without a game and beats the calendar "
                f"({words}).")
    return f"No forecaster beats the calendar: the best, {best['model']}, has {words}."


def _words(row: pd.Series, other: str) -> str:
    mean, low, high = (float(row[f"gain_{other}{end}"]) for end in ("", "_low", "_high"))
    nought = "" if low > 0 or high < 0 else ", which includes 0"
    return (f"{mean:+.3f} nats per crisis over {other}, 95 % interval {low:+.3f} to {high:+.3f}"
            f"{nought}")
