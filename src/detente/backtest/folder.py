"""The folder of a backtest: its tables, its page, and the finished parts."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.analysis.sweep_parts import LOCK, locked
from detente.backtest.page import report
from detente.backtest.run import PARTS, Backtest
from detente.errors import InputError
from detente.files import write_whole

__all__ = ["FILES", "check", "held", "save"]

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
        other = sorted({p.name for p in folder.iterdir()} - {PARTS, LOCK, *FILES} - killed)
        if other:
            raise InputError(f"the folder holds other files, such as {other[0]}",
                             file=str(folder), field="--out",
                             expected="a new or empty folder, or that of an earlier backtest")


@contextmanager
def held(folder: Path | None) -> Iterator[None]:
    """Check and lock the folder of a backtest while the work inside runs; None locks nothing.

    The operating system releases the lock of a process that was killed.

    Raises
    ------
    InputError
        The folder holds other things, or another backtest writes there.
    OutputError
        The folder cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "board"
    >>> with held(place), held(place):  # doctest: +IGNORE_EXCEPTION_DETAIL
    ...     pass
    Traceback (most recent call last):
    ...
    detente.errors.InputError: another backtest writes this output
    """
    if folder is None:
        yield
        return
    try:
        check(folder)
    except OSError as wrong:
        raise InputError(f"the place cannot be used: {wrong.strerror}", file=str(folder),
                         field="--out", expected="a folder, which may be new") from None
    with locked(folder, "backtest", "folder"):
        yield


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
