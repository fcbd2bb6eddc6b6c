"""On a first run a second process compiles kernels that are needed later.

numba compiles one function at a time in a process. The kernels that check a solution take as long
as those that find it, so a first run compiles both at the same time.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import time
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.kernel_cache import kept

if TYPE_CHECKING:
    from detente.equilibrium.batch.work import Desk
    from detente.game.tree import PublicTree

__all__ = ["CHECKED", "RECOVERED", "begin", "checked", "recovered", "wait"]

CHECKED = "detente.equilibrium.batch.compiled:checked"
"""Compiles the kernels that check a chunk; a name for `wait`."""
RECOVERED = "detente.equilibrium.batch.compiled:recovered"
"""Compiles the kernel that recovers the strategies of a chunk; a name for `wait`."""
PROGRAM = """
import json, os, signal, sys
from threading import Thread
def leave_with_parent():
    sys.stdin.read()
    os._exit(0)
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = json.loads(sys.argv[1])
Thread(target=leave_with_parent, daemon=True).start()
from importlib import import_module
for name in sys.argv[2:]:
    module, _, function = name.partition(":")
    getattr(import_module(module), function)()
    print(name, flush=True)
"""
"""Gets the parent's path of modules and names of functions. The parent holds its standard input
open, so that it ends when the parent ends, in whatever way."""
PATIENCE = 300.0
"""Seconds after which the process is ended and the kernels are compiled here."""
MOMENT = 0.2
"""Seconds between two looks at whether the work was stopped."""

_lock = Lock()
_process: subprocess.Popen[str] | None = None
_owner = 0
"""The process that began it: one forked from that has no thread that follows it."""
_done: dict[str, Event] = {}


def begin(*then: str) -> None:
    """Begin to compile, unless kernels are kept already or no folder can be written to.

    Nothing depends on it: if the process cannot be started or fails, the kernels are compiled when
    they are called.

    Parameters
    ----------
    *then
        Functions to call after `CHECKED` and `RECOVERED`, as ``module:name``.
    """
    global _process, _owner
    with _lock:
        try:
            if (_process is not None or not sys.executable
                    or kept("detente.equilibrium.batch.finish", "recover_chunk") is not False):
                return
            names = CHECKED, RECOVERED, *then
            _process = subprocess.Popen(
                [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path), *names],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        except Exception:  # as the cache itself goes on without a kept kernel
            return
        _owner = os.getpid()
        atexit.register(_process.kill)
        _done.update({name: Event() for name in names})
        Thread(target=_follow, args=(_process,), daemon=True).start()


def _follow(process: subprocess.Popen[str]) -> None:
    """Note what is compiled as the process says so, and everything when it has ended."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            if line.strip() in _done:
                _done[line.strip()].set()
    process.wait()
    for event in _done.values():
        event.set()


def wait(name: str, stop: NDArray[np.uint8]) -> None:
    """Wait until a function has compiled its kernels, if there is a process for it.

    Parameters
    ----------
    name
        `CHECKED`, `RECOVERED` or a function given to `begin`.
    stop
        Ends the waiting if its first entry is not 0.
    """
    event = _done.get(name)
    if event is None or _owner != os.getpid():
        return
    last = time.monotonic() + PATIENCE
    while not event.wait(MOMENT) and not stop[0]:
        if time.monotonic() > last and _process is not None:
            _process.kill()
            return


def checked() -> None:
    """Compile the kernels that recover and check the strategies of a chunk."""
    from detente.equilibrium.batch.finish import finish_chunk
    from detente.equilibrium.certificates.batch import verdict

    game, desk, arrays, state = _small()
    found, odds = verdict(1, len(game.outcome_names)), np.empty((0, 1))
    with desk.tools() as (s, _, w):
        finish_chunk(desk.plan, s, desk.tree, w, *arrays, np.empty(0), state, 1.0, False, found,
                     odds, desk.stop)


def recovered() -> None:
    """Compile the kernel that recovers strategies alone."""
    from detente.equilibrium.batch.finish import recover_chunk

    game, desk, arrays, state = _small()
    rows = np.arange(int(desk.plan.sizes[4]))
    pi = np.zeros((len(rows), max(game.n_types), 1))
    with desk.tools() as (s, _, w):
        recover_chunk(desk.plan, s, desk.tree, w, *arrays, state, 1.0, rows, pi,
                      np.empty((0, 1)), desk.stop)


def _small() -> tuple[PublicTree, Desk, tuple[Any, ...], Floats]:
    """Return a game of one decision, its desk, the arrays of one variant of it, and a state."""
    from detente.equilibrium.batch.work import Desk, flatten
    from detente.game.build import decide, end, tree
    from detente.game.numbers import Numbers

    game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    desk = Desk(game)
    flat = flatten(Numbers.stack([game]), game, lam=1.0)
    arrays = (flat.payoff, flat.weight, flat.type_prob, flat.prior, flat.seen)
    return game, desk, arrays, np.full((len(desk.plan.state_row), 1), 0.5)
