"""Drawing by vl-convert, which must not take the results with it if it fails.

vl-convert reserves some gigabytes of addresses. If it does not get them it aborts the process, and
no exception can be caught. Therefore, under a limit of the address space (`ulimit -v`), a process
of its own draws. If that process fails, the chart is missing and everything else is there.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from detente.errors import NotDrawnError

__all__ = ["draw"]

PROGRAM = """
import sys, vl_convert
options = {"scale": float(sys.argv[2])} if sys.argv[1].endswith("png") else {}
made = getattr(vl_convert, sys.argv[1])(sys.stdin.buffer.read().decode("utf-8"), **options)
sys.stdout.buffer.write(made if isinstance(made, bytes) else made.encode("utf-8"))
"""
PATIENCE = 60.0
"""Seconds after which a drawing is given up."""

_missing: list[str] = []


def draw(function: str, source: str, *, scale: float = 1.0) -> bytes:
    r"""Return a drawing in the bytes of its file.

    Parameters
    ----------
    function
        A function of vl-convert, such as ``vegalite_to_svg`` or ``svg_to_png``.
    source
        Its argument.
    scale
        Pixels per unit of a picture in pixels.

    Raises
    ------
    NotDrawnError
        The machine has too little memory, or vl-convert cannot be used.

    Examples
    --------
    >>> draw("svg_to_png", '<svg xmlns="http://www.w3.org/2000/svg"/>')[:4]
    b'\x89PNG'
    """
    if _limited():
        return _apart(function, source, scale)
    try:
        import vl_convert

        made = getattr(vl_convert, function)(source, **_options(function, scale))
    except (ImportError, MemoryError) as wrong:
        why = " ".join(str(wrong).split())
        raise NotDrawnError(f"vl-convert cannot draw it ({why})") from wrong
    return made if isinstance(made, bytes) else str(made).encode("utf-8")


def _apart(function: str, source: str, scale: float) -> bytes:
    """Draw in a process of its own; the first failure is taken for all that follow."""
    if not _missing:
        try:
            done = subprocess.run(
                [sys.executable, "-c", PROGRAM, function, str(scale)], input=source.encode("utf-8"),
                capture_output=True, timeout=PATIENCE,
            )
        except (OSError, subprocess.SubprocessError, MemoryError) as wrong:
            _missing.append(str(wrong))
        else:
            if done.returncode == 0 and done.stdout:
                return done.stdout
            _missing.append(f"exit {done.returncode}")
    raise NotDrawnError(
        "the limit of the address space (`ulimit -v`) leaves too little memory to draw it; a "
        "higher limit draws it")


def _options(function: str, scale: float) -> dict[str, float]:
    return {"scale": scale} if function.endswith("png") else {}


@cache
def _limited() -> bool:
    """Return whether the address space of this process is limited."""
    try:
        import resource
    except ImportError:  # not on Windows
        return False
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return soft != resource.RLIM_INFINITY
