"""A backtest: every forecaster on every split, then the board."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from detente.backtest.board import calibrations, leaderboard, verdict
from detente.backtest.forecaster import codes
from detente.backtest.registry import about, find, lineup, stamp
from detente.backtest.sound import sound, whole
from detente.backtest.splits import FIRST, FOLDS, Scheme, Split, forward, kfold
from detente.backtest.tasks import Part, Store, code_hash, one, pool, pooled, table_hash
from detente.errors import InputError, one_of
from detente.history.outcomes.table import Crises
from detente.history.outcomes.tables import crises
from detente.limits import WAIT
from detente.version import __version__

__all__ = ["MODELS", "Backtest", "Tell", "backtest"]

Tell = Callable[[int, int, str], None] | None

MODELS = ("base", "recent", "time", "logit", "boosting")

PARTS = "parts"


@dataclass(frozen=True, repr=False)
class Backtest:
    """Forecasts of crises whose ending is known, and their scores.

    Attributes
    ----------
    table
        The crises.
    leaderboard, calibration, params, forecasts
        Tables: scores by forecaster; reliability by forecaster, ending and bin; parameters by
        forecaster and origin; a probability per forecaster, crisis and ending.
    verdict
        The result in a sentence.
    run
        Settings and hashes that identify the run.
    notes
        Failed fits, and the notes of the table.
    """

    table: Crises
    leaderboard: pd.DataFrame
    calibration: pd.DataFrame
    params: pd.DataFrame
    forecasts: pd.DataFrame
    verdict: str
    run: dict[str, Any]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Backtest of {self.table.name}: {self.verdict}>"


def backtest(
    table: str | Crises,
    models: Sequence[str] = MODELS,
    *,
    scheme: Scheme = "forward",
    first: int | None = None,
    step: int = 10,
    features: Literal["all", "before"] = "all",
    out: str | Path | None = None,
    seed: int = 0,
    scheduler: str | None = None,
    wait: float = WAIT,
    folder: Path | None = None,
    tell: Tell = None,
) -> Backtest:
    """Score forecasters on crises with known endings; see `detente.public.backtest`."""
    names = lineup(list(models))
    for name in names:
        find(name)
    every = table if isinstance(table, Crises) else crises(table, folder, filled=False)
    sound(every)
    if features not in ("all", "before"):
        raise InputError(f"unknown features {features!r}", field="--features",
                         expected="all or before")
    ground = every.select(every.names(features))
    if scheme not in ("forward", "kfold"):
        raise InputError(f"unknown scheme {scheme!r}", field="--scheme",
                         expected=one_of(scheme, ("forward", "kfold")))
    if scheme == "kfold" and first is not None:
        raise InputError(f"a first year ({first}) with the scheme kfold", field="--from",
                         expected="no first year; folds hold pairs of states of all years")
    whole(step, "--step", 1)
    whole(seed, "--seed", 0)
    if first is not None:
        whole(first, "--from", 1)
    if scheme == "kfold":
        splits = kfold(ground, seed=seed)
    else:
        start = first if first is not None else FIRST.get(ground.name, 1900)
        splits = forward(ground, first=start, step=step)
    place = None if out is None else Path(out) / PARTS
    found = _parts(names, ground, splits, Store(place, ground, seed), seed, scheduler, wait, tell)
    settings = {
        "table": ground.name, "models": names, "scheme": scheme, "features": features,
        "from": None if scheme == "kfold" else int(splits[0].name),
        "step": None if scheme == "kfold" else step, "folds": FOLDS if scheme == "kfold" else None,
        "seed": seed, "cluster": "dyad", "version": __version__, "code_sha256": code_hash(),
        "table_sha256": table_hash(ground), "rows": len(ground),
        "model_sha256": {name: stamp(name) for name in names},
        "about": {name: about(name) for name in names},
    }
    return _result(ground, names, splits, found, settings, seed)


def _parts(
    names: list[str], table: Crises, splits: list[Split], store: Store, seed: int,
    scheduler: str | None, wait: float, tell: Tell,
) -> dict[tuple[str, str], Part]:
    """Return every part, from the store where it is finished."""
    jobs = [(name, split) for name in names for split in splits]
    found: dict[tuple[str, str], Part] = {}
    for name, split in jobs:
        part = store.get(name, split)
        if part is not None:
            found[name, split.name] = part
    left = [(n, s) for n, s in jobs if (n, s.name) not in found and not pooled(n, names)]
    say: Callable[[int, int, str], None] = tell or (lambda done, total, what: None)
    if scheduler is None or not left:
        made: Iterator[tuple[str, Split, Part]] = (
            (name, split, one(name, table, split, seed)) for name, split in left)
    else:
        from detente.backtest.spread import spread

        made = spread(left, table, seed, scheduler, wait, lambda text: say(0, len(jobs), text))
    say(len(found), len(jobs), "fitting")
    for name, split, part in made:
        store.put(name, split, part)
        found[name, split.name] = part
        say(len(found), len(jobs), f"fitting {name}")
    for name, split in jobs:
        members = pooled(name, names)
        if members and (name, split.name) not in found:
            part = pool([found[member, split.name] for member in members])
            store.put(name, split, part)
            found[name, split.name] = part
    return found


def _result(
    table: Crises, names: list[str], splits: list[Split], found: dict[tuple[str, str], Part],
    settings: dict[str, Any], seed: int,
) -> Backtest:
    order = np.concatenate([s.test for s in splits])
    rows = table.rows.iloc[order].reset_index(drop=True)
    y = codes(table)[order]
    p = {n: np.concatenate([found[n, s.name].p for s in splits]) for n in names}
    troubles = {n: [(s.name, found[n, s.name].trouble) for s in splits
                    if found[n, s.name].trouble] for n in names}
    pairs = rows["pair"].astype(str).tolist()
    board = leaderboard(p, y, table.endings, pairs, {n: len(t) for n, t in troubles.items()},
                        seed=seed)
    params = pd.DataFrame(
        [(n, s.name, key, value) for n in names for s in splits
         for key, value in found[n, s.name].params.items()],
        columns=["model", "origin", "parameter", "value"])
    origin = np.repeat([s.name for s in splits], [len(s.test) for s in splits])
    long = pd.concat([
        pd.DataFrame({"model": n, "origin": origin, "crisis": rows["crisis"], "year": rows["year"],
                      "pair": rows["pair"], "ending": ending, "probability": p[n][:, k],
                      "happened": y == k})
        for n in names for k, ending in enumerate(table.endings)
    ], ignore_index=True)
    notes = [f"{n}, {where}: {why}" for n, t in troubles.items() for where, why in t]
    run = settings | {"scored": len(order), "splits": [
        {"name": s.name, "train": len(s.train), "test": len(s.test)} for s in splits]}
    said = verdict(board, len(order), len(set(pairs)))
    return Backtest(table, board, calibrations(p, y, table.endings), params, long, said, run,
                    (*notes, *table.notes))
