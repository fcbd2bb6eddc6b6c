"""Shared by the commands: JSON output, progress, the exit code; files are in `_outputs`."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from detente.commands._outputs import check_output, save, saved
from detente.files import write_whole
from detente.printable import printable_json
from detente.streams import encoding, terminal

__all__ = [
    "Progress", "check_output", "emit_json", "finish", "progress", "save", "saved", "write_whole",
]

PATIENCE = 2.0
"""Seconds of work before progress is shown."""

INTERVAL = 5.0
"""Seconds between plain lines of progress if standard error is a file or a pipe."""

COMPILING = "compiling the solvers (once)"
"""Stage shown while numba compiles; the compiled solvers are kept for later runs."""

POLL = 0.2
"""Seconds between two looks at the compiler."""

UNCERTIFIED = 1


def emit_json(document: object) -> None:
    """Print one JSON document on standard output.

    Numbers that are not finite are refused; a missing number is None.

    Raises
    ------
    ValueError
        A NaN or an infinity is in the document.

    Examples
    --------
    >>> emit_json([{"name": "war", "deliberate": 0.18}])
    [
      {
        "name": "war",
        "deliberate": 0.18
      }
    ]
    >>> emit_json(float("nan"))
    Traceback (most recent call last):
    ValueError: ...
    """
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False, default=_plain)
    try:
        text.encode(encoding(sys.stdout))
    except (UnicodeEncodeError, LookupError):  # JSON has a spelling of its own for every character
        text = json.dumps(document, indent=2, allow_nan=False, default=_plain)
    print(printable_json(text))


def _plain(value: Any) -> Any:
    """Turn numpy's scalars and arrays, paths and tuples' kin into JSON types."""
    for name in ("as_dict", "tolist", "item"):
        if callable(made := getattr(value, name, None)):
            return made()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def finish(certified: bool) -> None:
    """Leave with exit code 1 if a printed result could not be certified."""
    if not certified:
        raise typer.Exit(UNCERTIFIED)


class Progress:
    """Shows on standard error how far the work is, if it lasts longer than two seconds.

    A terminal shows one live line. A file or a pipe gets a plain line at each new stage and one
    every five seconds. Short work prints nothing.

    Call it with the amount done, the total and the stage. Calls are cheap and safe from any thread.

    Parameters
    ----------
    what
        The first stage, such as "solving".
    """

    def __init__(self, what: str) -> None:
        self.what, self.done, self.total = what, 0, 0
        self._bar: Any = None
        self._task: Any = None
        self._began = time.monotonic()
        self._told: str | None = None  # the stage of the last plain line
        self._told_at = -INTERVAL
        self._compiled = -1.0  # the last time at which numba was seen to compile
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __call__(self, done: int = 0, total: int = 0, what: str | None = None) -> None:
        """Report ``done`` of ``total`` (0 if it is unknown) and the stage."""
        with self._lock:
            self.done, self.total, self.what = done, total, what or self.what
            if self._bar is not None:
                self._draw()
            elif self._told is not None and self._told != self.stage():
                self._tell()

    def say(self, text: str) -> None:
        """Print a line above the progress, if standard error is a terminal."""
        with self._lock:
            # Beside a live line, sys.stderr is a proxy that is no terminal.
            if self._bar is None and not terminal(sys.stderr).isatty():
                return
            from detente.render.terminal import console

            shown = console(sys.stderr) if self._bar is None else self._bar.console
            shown.print(text, markup=False, highlight=False)

    def stage(self) -> str:
        """Return the words for what is being done: the stage, or that numba compiles."""
        now = time.monotonic()
        if _compiler_is_busy():
            self._compiled = now
        return COMPILING if 0 <= now - self._compiled < 3 * POLL else self.what

    def _show(self) -> None:
        """Wait, then show the live line or print plain lines until the work ends."""
        if self._stop.wait(PATIENCE):
            return
        while True:
            with self._lock:
                if self._stop.is_set():
                    return
                if self._bar is not None:
                    self._draw()
                elif terminal(sys.stderr).isatty():
                    self._begin_bar()
                elif time.monotonic() - self._told_at >= INTERVAL:
                    self._tell()
                else:
                    self.stage()
            if self._stop.wait(POLL):
                return

    def _begin_bar(self) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        from detente.render.terminal import console

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=console(sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task(self.stage())
        self._draw()
        self._bar.start()

    def _draw(self) -> None:
        """Show the stage and the amount on the live line."""
        stage = self.stage()
        busy = stage == COMPILING
        self._bar.update(self._task, description=stage, completed=0 if busy else self.done,
                         total=None if busy else self.total or None)

    def _tell(self) -> None:
        """Print a plain line: stage, amount, seconds since the beginning."""
        stage = self._told = self.stage()
        self._told_at = time.monotonic()
        amount = f" {self.done}/{self.total}" if self.total and stage != COMPILING else ""
        seconds = time.monotonic() - self._began
        print(f"[{seconds:.0f} s] {stage}{amount} ...", file=sys.stderr, flush=True)

    def _begin(self) -> None:
        self._thread.start()

    def _close(self) -> None:
        self._stop.set()
        with self._lock:
            if self._bar is not None:
                self._bar.stop()


def _compiler_is_busy() -> bool:
    """Whether numba compiles at this moment in another thread.

    Its lock says only whether this thread holds it, so it is tried without waiting. Numba
    also holds it while a kept kernel is read from the disk, which is no compilation.
    """
    numba = sys.modules.get("numba.core.compiler_lock")
    lock = getattr(getattr(numba, "global_compiler_lock", None), "_lock", None)
    if lock is None or getattr(sys.modules.get("detente.kernel_cache"), "loading", False):
        return False
    if lock.acquire(blocking=False):
        lock.release()
        return False
    return True


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Show progress on standard error if the work inside lasts longer than two seconds.

    Examples
    --------
    >>> with progress("solving") as report:
    ...     for k in range(3):
    ...         report(k + 1, 3)
    """
    shown = Progress(what)
    shown._begin()
    try:
        yield shown
    finally:
        shown._close()
