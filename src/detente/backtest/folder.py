"""The folder of a backtest: its tables, its page, and the finished parts."""

from __future__ import annotations

import io
import json
from pathlib import Path

from detente.backtest.page import report
from detente.backtest.run import PARTS, Backtest
from detente.errors import InputError
from detente.files import write_whole

__all__ = ["FILES", "check", "save"]

FILES = ("forecasts.parquet", "leaderboard.csv", "calibration.csv", "params.csv", "run.json",
         "backtest.html")
"""The files of a finished backtest; finished fits are in the folder ``parts``."""


def check(folder: Path) -> None:
    """Refuse a folder that holds other things than a backtest.

    Raises
    ------
    InputError
        The place is a file, or a folder with other files in it.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("the place is a file", file=str(folder), field="--out",
                         expected="a folder, which may be new")
    if folder.is_dir():
        killed = {p.name for p in folder.glob(".detente-*.part")}  # left by a killed run
        other = sorted({p.name for p in folder.iterdir()} - {PARTS, *FILES} - killed)
        if other:
            raise InputError(f"the folder holds other files, such as {other[0]}",
                             file=str(folder), field="--out",
                             expected="a new or empty folder, or that of an earlier backtest")


def save(found: Backtest, folder: Path) -> list[Path]:
    """Write every file of `FILES`, each whole or not at all.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    content: dict[str, str | bytes] = {}
    parquet = io.BytesIO()
    found.forecasts.to_parquet(parquet, index=False)
    content["forecasts.parquet"] = parquet.getvalue()
    for name in ("leaderboard", "calibration", "params"):
        content[f"{name}.csv"] = getattr(found, name).to_csv(index=False)
    content["run.json"] = json.dumps(found.run, indent=1) + "\n"
    content["backtest.html"] = report(found).to_html()
    return [write_whole(folder / name, content[name]) for name in FILES]
