"""Drawing by vl-convert, in a process of its own.

vl-convert holds Python's lock while it draws, so nothing else of the process would go on meanwhile.
It also reserves some gigabytes of addresses, and aborts if it does not get them (`ulimit -v`); no
exception can be caught then. In a process of its own it takes neither time nor results with it. The
process starts with the first drawing, or with `prepare`, and ends with this one.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer

from detente.errors import NotDrawnError

__all__ = ["draw", "prepare"]

PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import json, sys
sys.path[:] = json.loads(sys.argv[1])
for line in sys.stdin.buffer:
    asked, failed = json.loads(line), ""
    try:
        import vl_convert
        made = getattr(vl_convert, asked["function"])(asked["source"], **asked["options"])
        made = made if isinstance(made, bytes) else made.encode("utf-8")
    except Exception as wrong:
        made, failed = str(wrong).encode("utf-8", "replace"), type(wrong).__name__
    head = json.dumps({"failed": failed, "size": len(made)}).encode()
    sys.stdout.buffer.write(head + b"\\n" + made)
    sys.stdout.buffer.flush()
"""
PATIENCE = 60.0
"""Seconds after which a drawing is given up."""
TRIES = 3
"""Failures in turn after which no process is started again."""
EMPTY = '{"data": {"values": []}, "mark": "point"}'
"""A specification whose drawing takes only the time to start."""


class Artist:
    """A process that draws; started when it is needed, again after it was stopped.

    Threads wait for each other. A process that was forked from this one starts its own.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._failures = 0

    def draw(self, function: str, source: str, options: dict[str, float]) -> bytes:
        """Return what a function of vl-convert makes; see `draw`."""
        if self._owner != os.getpid():
            self._lock, self._process, self._owner = Lock(), None, os.getpid()
        with self._lock:
            # Under a limit of addresses the first failure is taken for all that follow.
            if self._failures >= (1 if _limited() else TRIES):
                raise NotDrawnError(_reason())
            failed, made = self._asked(function, source, options)
        if failed in ("ImportError", "ModuleNotFoundError", "MemoryError"):
            raise NotDrawnError(f"vl-convert cannot draw it ({_words(made)})")
        if failed:
            raise ValueError(f"vl-convert: {_words(made)}")
        return made

    def _asked(
        self, function: str, source: str, options: dict[str, float]
    ) -> tuple[str, bytes]:
        """Return the name of the error, if there was one, and the drawing."""
        line = json.dumps({"function": function, "source": source, "options": options})
        try:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            late = Timer(PATIENCE, process.kill)
            late.start()
            try:
                process.stdin.write(line.encode("utf-8") + b"\n")
                process.stdin.flush()
                head = json.loads(process.stdout.readline())
                made = process.stdout.read(head["size"])
            finally:
                late.cancel()
            if len(made) < head["size"]:
                raise EOFError
        except BaseException as wrong:
            self.close()
            if isinstance(wrong, (OSError, ValueError, EOFError, MemoryError)):
                self._failures += 1
                raise NotDrawnError(_reason()) from wrong
            raise
        self._failures = 0
        return str(head["failed"]), made

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return self._process

    def close(self) -> None:
        """End the process, if there is one and it belongs to this process."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


_artist = Artist()
atexit.register(_artist.close)


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
    ValueError
        vl-convert refuses the source.

    Examples
    --------
    >>> draw("svg_to_png", '<svg xmlns="http://www.w3.org/2000/svg"/>')[:4]
    b'\x89PNG'
    """
    return _artist.draw(function, source, {"scale": scale} if function.endswith("png") else {})


def prepare() -> None:
    """Start the process that draws, which takes a second, so that it is ready when needed."""
    with suppress(NotDrawnError):
        draw("vegalite_to_svg", EMPTY)


def _words(made: bytes) -> str:
    return " ".join(made.decode("utf-8", "replace").split())


def _reason() -> str:
    """Return why the process that draws gave no answer."""
    if _limited():
        return ("the limit of the address space (`ulimit -v`) leaves too little memory to draw it; "
                "a higher limit draws it")
    return "the process that draws ended without an answer; it may have had too little memory"


def _limited() -> bool:
    """Return whether the address space of this process is limited."""
    try:
        import resource
    except ImportError:  # not on Windows
        return False
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return soft != resource.RLIM_INFINITY
