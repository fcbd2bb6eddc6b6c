"""A process that has read the libraries and forks: each fork is one run of the program.

Reading the libraries and the compiled solvers takes longer than many commands, and the tests start
the program many hundred times. A fork has a process, standard streams, a folder and an environment
of its own, and it runs `detente.__main__.program` like ``python -m detente``.
`tests.support.program` falls back to a process that starts from nothing if the environment differs
in what Python or a library reads first.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASIDE = ("detente.web", "detente.reading.embeddings")
"""Rooms with libraries that few commands read."""
EARLY = ("PYTHON", "LANG", "LC_", "TZ", "NUMBA", "OMP_", "OPENBLAS", "MKL", "HOME", "XDG", "TMP")
"""Beginnings of the names of variables that Python or a library reads before a command runs."""

QUARREL = """
crisis: quarrel
title: A quarrel that reads the solvers
actors:
  aland: {role: principal, private: {war_cost: {between: [0.1, 0.5], types: 2}}}
  bland: {role: principal}
stake: {name: the strait, first: aland, status_quo: 0.5}
turns: {first: aland, each: 1}
delay_cost: 0.01 to 0.03
war: {win_chance: 0.6, cost: 0.2}
claims: [{id: war, says: War is likely, holds_if: P(war) > 0.5}]
"""

PROGRAM = '''#!{python} -IS
"""Runs `detente` as a fork of a process that has read the libraries."""
import json, os, socket, sys

there = socket.socket(socket.AF_UNIX)
there.connect({address!r})
asked = {{"words": sys.argv[1:], "cwd": os.getcwd(), "environment": dict(os.environ)}}
socket.send_fds(there, [b"+"], [0, 1, 2])
there.sendall(json.dumps(asked).encode() + b"\\n")
code = int(there.makefile().readlines()[1])
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
'''


def serve(address: str, life: int) -> None:
    """Fork for each connection, until the other end of the pipe ``life`` is closed."""
    import detente

    for found in pkgutil.walk_packages(detente.__path__, "detente."):
        if not found.name.startswith(ASIDE):
            with contextlib.suppress(ImportError):  # an extra that is not here
                import_module(found.name)
    case = Path(address).with_name("quarrel.yaml")
    case.write_text(QUARREL, encoding="utf-8")
    detente.analyse(detente.load(case), samples=4, deliberate_samples=1, starts=0, workers=1)
    gc.freeze()  # else the collector of every fork would copy the memory of the libraries
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who answer
    print("ready", flush=True)
    while life not in (ready := select.select([listener, life], [], [])[0]):
        assert ready == [listener]
        there, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            os.close(life)
            _answer(there)
        there.close()
    shutil.rmtree(Path(address).parent, ignore_errors=True)


def _answer(there: socket.socket) -> None:
    """Run the program in a fork, and say its number and then its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(there, 1, 3)
    asked = json.loads(there.makefile("r", encoding="utf-8").readline())
    child = os.fork()
    if child:
        for stream in streams:
            os.close(stream)
        with contextlib.suppress(BrokenPipeError):  # the caller is gone
            there.sendall(f"{child}\n".encode())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            there.sendall(f"{code}\n".encode())
        os._exit(0)
    there.close()
    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
        os.close(stream)
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
    """The other side: asks the process for runs, of which several may go on at once.

    Parameters
    ----------
    **environment
        Variables that differ from the environment of the tests and are read early.
    """

    def __init__(self, **environment: str) -> None:
        self._changes = environment
        self._starts = threading.Lock()
        self._address = ""
        self._began: dict[str, str] = {}

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether nothing that is read early differs from the environment of the process."""
        self._start()
        return all(environment.get(name) == self._began.get(name)
                   for name in {*environment, *self._began} if name.startswith(EARLY))

    def program(self, folder: Path) -> Path:
        """Write an executable `detente` into a folder, for shells, and return the folder."""
        self._start()
        made = folder / "detente"
        made.write_text(PROGRAM.format(python=sys.executable, address=self._address))
        made.chmod(0o755)
        return folder

    def _start(self) -> None:
        with self._starts:
            if self._address:
                return
            self._began = {**os.environ, **self._changes}
            self._address = str(Path(tempfile.mkdtemp(), "socket"))
            reading, self._life = os.pipe()  # closed when this process ends
            server = subprocess.Popen(
                [sys.executable, "-c", "import sys; from tests.support.warm import serve; "
                 "serve(sys.argv[1], int(sys.argv[2]))", self._address, str(reading)],
                pass_fds=[reading], cwd=ROOT, env=self._began, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE)
            os.close(reading)
            assert server.stdout is not None and server.stdout.readline() == b"ready\n"

    def run(
        self, words: list[str], cwd: Path, stdin: bytes, environment: dict[str, str],
        timeout: float,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the program once."""
        self._start()
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, \
                tempfile.TemporaryFile() as err, socket.socket(socket.AF_UNIX) as there:
            given.write(stdin)
            given.seek(0)
            there.connect(self._address)
            socket.send_fds(there, [b"+"], [f.fileno() for f in (given, out, err)])
            there.sendall(json.dumps({
                "words": words, "cwd": str(cwd), "environment": environment}).encode() + b"\n")
            lines = there.makefile("r", encoding="utf-8")
            child = int(lines.readline())
            killed: list[int] = []
            late = threading.Timer(timeout, lambda: _kill(child, killed))
            late.start()
            code = int(lines.readline())
            late.cancel()
            if killed:
                raise subprocess.TimeoutExpired(words, timeout)
            for stream in (out, err):
                stream.seek(0)
            return subprocess.CompletedProcess(["detente", *words], code, out.read(), err.read())


def _kill(child: int, killed: list[int]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
        killed.append(child)
