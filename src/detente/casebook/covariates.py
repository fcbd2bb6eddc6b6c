"""Covariates of a pair of states before a crisis, from the table of ICB crises."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from detente.history.outcomes.icb import CODED as _CODED
from detente.history.outcomes.known import BEFORE as _BEFORE
from detente.history.outcomes.known import known_before
from detente.history.outcomes.mid import ENDINGS

__all__ = ["BEFORE", "CODED", "ENDINGS", "crises", "described"]

BEFORE = tuple(feature.name for feature in _BEFORE)
"""Covariates known before a crisis."""

CODED = tuple(feature.name for feature in _CODED)
"""Covariates that ICB coded with hindsight."""


@lru_cache(maxsize=1)
def crises(folder: Path | None = None) -> pd.DataFrame:
    """Return the table of ICB crises: sides, ending and covariates, without missing values.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    from detente.history.outcomes.tables import crises as table

    return table("icb", folder).rows


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
