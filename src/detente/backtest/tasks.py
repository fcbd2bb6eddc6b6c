"""One fit of one forecaster on one split, and the folder that keeps finished ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.backtest.forecaster import codes, shares
from detente.backtest.registry import find, stamp
from detente.backtest.splits import Split
from detente.errors import InputError, SolveError
from detente.files import write_whole
from detente.history.outcomes.table import Crises

__all__ = ["LEAST", "Part", "Store", "code_hash", "one", "pool", "pooled",
           "table_hash"]

LEAST = 1e-9
"""Smaller probabilities are raised to this, so that no score is infinite."""

ROOMS = ("backtest/models", "equilibrium", "game", "history", "mechanisms", "scenario")
FILES = ("backtest/forecaster.py", "backtest/tasks.py", "cases/modelfile.py")
"""Code and model files that can change a forecast. Scores and pages are made afresh each time."""

SUM = 1e-6
"""Largest distance of a forecast's sum from 1; forecasters that solve games stop at about 1e-9."""


@dataclass(frozen=True)
class Part:
    """The forecasts of one split, and what the fit said."""

    p: NDArray[np.float64]
    params: dict[str, float]
    trouble: str | None


def one(name: str, table: Crises, split: Split, seed: int) -> Part:
    """Fit a forecaster on the training rows and forecast the test rows.

    Missing features are replaced by the medians of the training rows, in both parts, so that all
    forecasters get the same rows and none depends on a test row.

    A fit that fails numerically forecasts base rates and is counted as failed.

    Raises
    ------
    InputError
        The forecaster does not exist, needs a feature that the table lacks, or returns numbers that
        are no probabilities.
    """
    known = table.with_rows(table.rows.iloc[split.train])
    train = known.filled()
    test = table.with_rows(table.rows.iloc[split.test].drop(columns="ending")).filled(known)
    try:
        fitted = find(name).fit(train, seed=seed)
        p = np.asarray(fitted.forecast(test), dtype=float)
        params, trouble = dict(fitted.params), fitted.trouble
    except (SolveError, ArithmeticError, np.linalg.LinAlgError) as wrong:
        p = np.tile(shares(codes(train), len(table.endings)), (len(test), 1))
        params, trouble = {}, f"the fit failed, base rates are used: {wrong}"
    good = (p.shape == (len(test), len(table.endings)) and bool(np.isfinite(p).all())
            and bool((p >= 0).all()) and bool((abs(p.sum(axis=1) - 1) < SUM).all()))
    if not good:
        raise InputError(f"{name} returned numbers that are no probabilities on {split.name}",
                         expected=f"({len(test)}, {len(table.endings)}) numbers whose rows sum to "
                         "1")
    p = np.maximum(p, LEAST)
    return Part(p / p.sum(axis=1, keepdims=True), params, trouble)


def pooled(name: str, names: Sequence[str]) -> list[str]:
    """Return the members of a pool if all of them are on the board themselves, else none.

    Their forecasts are then there already, and no game is fitted twice.

    Examples
    --------
    >>> pooled("pool:base+time", ["base", "time"]), pooled("pool:base+time", ["base"])
    (['base', 'time'], [])
    """
    kind, _, argument = name.partition(":")
    members = [part.strip() for part in argument.split("+")] if kind == "pool" else []
    return members if all(m in names and not pooled(m, names) for m in members) else []


def pool(parts: Sequence[Part]) -> Part:
    """Return the mean of the forecasts of several forecasters for one split."""
    p = np.mean([part.p for part in parts], axis=0)
    return Part(p, {}, "; ".join(part.trouble for part in parts if part.trouble) or None)


def table_hash(table: Crises) -> str:
    """Return a hash of the rows, the features and the endings of a table."""
    digest = hashlib.sha256(json.dumps([table.name, table.endings, list(table.rows)]).encode())
    rows = table.rows.astype(dict.fromkeys(("pair", "ending"), object))
    digest.update(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def code_hash() -> str:
    """Return a hash of the code and the shipped model files that make the forecasts."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    inside = [f for room in ROOMS for f in sorted((root / room).rglob("*"))]
    for file in (*inside, *(root / name for name in FILES)):
        if file.suffix in (".py", ".yaml") and file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


class Store:
    """The finished parts of a backtest in a folder.

    The name of a part holds a hash of the table, the split, the settings, the code and the
    forecaster with its files. A part is therefore only read again if all of them are unchanged.

    Parameters
    ----------
    folder
        The folder; None keeps nothing.
    """

    def __init__(self, folder: Path | None, table: Crises, seed: int) -> None:
        self._folder = folder
        self._ground = f"{table_hash(table)} {code_hash()} {seed}"
        self._stamps: dict[str, str] = {}

    def path(self, name: str, split: Split) -> Path | None:
        """Return the file of a part."""
        if self._folder is None:
            return None
        if name not in self._stamps:
            self._stamps[name] = stamp(name)
        digest = hashlib.sha256(f"{self._ground} {self._stamps[name]} {split.name}".encode())
        digest.update(split.train.astype("int64").tobytes())
        digest.update(split.test.astype("int64").tobytes())
        return self._folder / f"{digest.hexdigest()[:24]}.json"

    def get(self, name: str, split: Split) -> Part | None:
        """Return a finished part, or None."""
        path = self.path(name, split)
        if path is None or not path.is_file():
            return None
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return Part(np.array(found["p"], dtype=float), found["params"], found["trouble"])
        except (ValueError, KeyError, OSError):
            return None  # it is computed again

    def put(self, name: str, split: Split, part: Part) -> None:
        """Keep a finished part."""
        path = self.path(name, split)
        if path is not None:
            write_whole(path, json.dumps({"p": part.p.tolist(), "params": part.params,
                                          "trouble": part.trouble}))
