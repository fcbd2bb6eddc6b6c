"""Covariates of a pair of states before a crisis, from the table of ICB crises."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from detente.history.outcomes.icb import CODED as _CODED
from detente.history.outcomes.known import BEFORE as _BEFORE
from detente.history.outcomes.known import known_before
from detente.history.outcomes.mid import ENDINGS

__all__ = ["BEFORE", "CODED", "ENDINGS", "crises", "described", "others"]

BEFORE = tuple(feature.name for feature in _BEFORE)
"""Covariates known before a crisis."""

CODED = tuple(feature.name for feature in _CODED)
"""Covariates that ICB coded with hindsight."""


@lru_cache(maxsize=1)
def crises(folder: Path | None = None) -> pd.DataFrame:
    """Return the table of ICB crises: sides, ending and covariates.

    A covariate is missing if no value of the state was known before the crisis.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    from detente.history.outcomes.tables import crises as table

    return table("icb", folder, filled=False).rows


def described(
    challenger: int, target: int, year: int, folder: Path | None = None
) -> pd.DataFrame:
    """Return the covariates `BEFORE` of a pair in one row; a value not known by then is missing.

    Parameters
    ----------
    challenger, target
        Numbers of the Correlates of War.
    year
        The year of the trigger.
    """
    asked = pd.DataFrame({"challenger": [challenger], "target": [target], "year": [year]})
    return known_before(asked, folder, filled=False)[0]


def others(
    pair: str, raw: pd.DataFrame, folder: Path | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the crises of all other pairs, and a row, without missing values.

    The medians of the other pairs' crises stand for missing values in both.

    Parameters
    ----------
    pair
        The pair to leave out, smaller number first.
    raw
        One row of covariates `BEFORE`, as `described` gives.
    """
    table = crises(folder)
    kept = table[table["pair"] != pair]
    middle = kept[[*BEFORE, *CODED]].median().to_dict()
    return kept.fillna(middle), raw.fillna(middle)
