"""The reference forecast of a crisis: what the table of past crises says without any game."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.errors import InputError

__all__ = ["Reference", "known", "reference", "states"]


@dataclass(frozen=True)
class Reference:
    """Forecasts of how a crisis of two states ends, without a game.

    Attributes
    ----------
    forecasts : dict
        Probability by forecaster (base rates, time, logit) and ending.
    crises : int
        Crises of other pairs of states that they are estimated on.
    filled : tuple of str
        Covariates that no source covers for this pair and year; the median stands for them.
    """

    forecasts: dict[str, dict[str, float]]
    crises: int
    filled: tuple[str, ...] = ()


@cache
def _kept() -> dict[str, Any]:
    import json

    text = files("detente.casebook").joinpath("references.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def known(name: str) -> dict[str, dict[str, float]] | None:
    """Return the forecasts that are shipped for a crisis of the casebook; None for others.

    Examples
    --------
    >>> list(known("book-fashoda-1898")), known("cuba-1962")
    (['base rates', 'time', 'logit'], None)
    """
    return _kept().get(name)


def states(folder: Path | None = None) -> dict[int, str]:
    """Return the names of states by their number in the Correlates of War.

    Raises
    ------
    InputError
        The data has not been downloaded.
    """
    from detente.history.read import load

    found = load("cow-states", folder).drop_duplicates("ccode", keep="last")
    return {int(code): str(name) for code, name in sorted(
        zip(found["ccode"], found["statenme"], strict=True), key=lambda pair: str(pair[1]))}


def reference(challenger: int, target: int, year: int, folder: Path | None = None) -> Reference:
    """Return forecasts of a crisis by the features of its two states, known before it.

    Crises of the same pair are left out of the estimate, as in the backtest.

    Parameters
    ----------
    challenger, target
        Numbers of the Correlates of War: the source of the threat, and the state that sees it.
    year
        The year of the trigger.

    Raises
    ------
    InputError
        A number is no state's, both are the same, or the data has not been downloaded.
    """
    from detente.casebook.covariates import BEFORE, described, others
    from detente.casebook.reference import references

    names = states(folder)
    for code in (challenger, target):
        if code not in names:
            raise InputError(f"{code} is the number of no state",
                             expected="a number of the Correlates of War, such as 2")
    if challenger == target:
        raise InputError("the challenger and the target are one state", expected="two states")
    low, high = sorted((challenger, target))
    raw = described(challenger, target, year, folder)
    known, row = others(f"{low}-{high}", raw, folder)
    return Reference(references(known, row), len(known),
                     tuple(name for name in BEFORE if raw[name].isna().any()))
