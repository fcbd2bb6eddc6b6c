"""A process that has read the libraries and forks: each fork is one run of the program.

Reading the libraries takes longer than many commands, and the tests start the program many hundred
times. A fork has a process, standard streams, a folder and an environment of its own, and it runs
`detente.__main__.program` like ``python -m detente``. `tests.support.program` falls back to a
process that starts from nothing if the environment differs in what Python or a library reads first.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from importlib import import_module
from pathlib import Path

ASIDE = ("detente.web", "detente.reading.embeddings")
"""Rooms with libraries that few commands read."""
OWN = ("DETENTE_", "PYTEST_", "COLUMNS", "LINES")
"""Beginnings of the names of variables that are read when a command runs, not before."""


def serve(number: int) -> None:
    """Fork once for each request, and answer with the exit code; end with the other side."""
    import detente

    for found in pkgutil.walk_packages(detente.__path__, "detente."):
        if not found.name.startswith(ASIDE):
            with contextlib.suppress(ImportError):  # an extra that is not here
                import_module(found.name)
    gc.freeze()  # else the collector of every fork would copy the memory of the libraries
    there = socket.socket(fileno=number)
    lines = there.makefile("r", encoding="utf-8")
    for line in lines:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            break
        there.sendall(f"{child}\n".encode())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        there.sendall(f"{code}\n".encode())
    else:
        return
    lines.close()
    there.close()
    for standard, (path, flags) in enumerate(zip(asked["streams"], (
            os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        opened = os.open(path, flags)
        os.dup2(opened, standard)
        os.close(opened)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["detente", *asked["words"]]
    sys.path[0] = asked["cwd"]
    from detente.__main__ import program

    try:
        program()
    except SystemExit as leaving:  # without taking down every library, which no test looks at
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


class Warm:
    """The other side: asks the process for runs, one at a time."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self._socket: socket.socket | None = None
        self._began: dict[str, str] = {}

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether nothing that is read early differs from the environment of the process."""
        self._start()
        names = {name for name in {*environment, *self._began}
                 if environment.get(name) != self._began.get(name)}
        return all(name.startswith(OWN) for name in names)

    def _start(self) -> None:
        if self._socket is not None:
            return
        here, there = socket.socketpair()
        self._began = dict(os.environ)
        subprocess.Popen(
            [sys.executable, "-c", "import sys; from tests.support.warm import serve; "
             "serve(int(sys.argv[1]))", str(there.fileno())], pass_fds=[there.fileno()],
            cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        there.close()
        self._socket = here
        self._lines = here.makefile("r", encoding="utf-8")

    def run(
        self, words: list[str], cwd: Path, stdin: bytes, environment: dict[str, str],
        timeout: float,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the program once; `busy` is held by the caller."""
        self._start()
        assert self._socket is not None
        with tempfile.TemporaryDirectory() as folder:
            streams = [Path(folder, name) for name in ("in", "out", "err")]
            for path, content in zip(streams, (stdin, b"", b""), strict=True):
                path.write_bytes(content)
            self._socket.sendall(json.dumps({
                "words": words, "cwd": str(cwd), "environment": environment,
                "streams": [str(path) for path in streams]}).encode() + b"\n")
            child = int(self._lines.readline())
            killed: list[int] = []
            late = threading.Timer(timeout, lambda: _kill(child, killed))
            late.start()
            code = int(self._lines.readline())
            late.cancel()
            if killed:
                raise subprocess.TimeoutExpired(words, timeout)
            return subprocess.CompletedProcess(
                ["detente", *words], code, streams[1].read_bytes(), streams[2].read_bytes())


def _kill(child: int, killed: list[int]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
        killed.append(child)
