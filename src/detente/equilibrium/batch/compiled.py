"""Half of the batch kernels are compiled in a process of its own, if none are on the disk.

numba compiles one function at a time in a process. The kernels that check a solution take as long
as those that find it, so a first run compiles them beside.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from contextlib import suppress
from threading import Lock

import numpy as np

from detente.kernel_cache import kept

__all__ = ["begin", "finishers", "wait"]

PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from detente.equilibrium.batch.compiled import finishers
finishers()
"""
PATIENCE = 300.0
"""Seconds after which the process is ended and the kernels are compiled here."""

_lock = Lock()
_process: subprocess.Popen[bytes] | None = None


def begin() -> None:
    """Begin to compile, unless kernels are kept already or no place can keep them."""
    global _process
    with _lock, suppress(OSError):
        if _process is not None or kept("detente.equilibrium.batch.finish") is not False:
            return
        _process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        atexit.register(_process.kill)


def wait() -> None:
    """Wait until the process has ended, if there is one. A failure of it has no effect here."""
    if _process is None or _process.returncode is not None:
        return
    with _lock:
        try:
            _process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            _process.kill()
            _process.wait()


def finishers() -> None:
    """Compile the kernels that recover and check the strategies of a chunk."""
    from detente.equilibrium.batch.finish import finish_chunk, recover_chunk
    from detente.equilibrium.batch.work import Desk, flatten
    from detente.equilibrium.certificates.batch import verdict
    from detente.game.build import decide, end, tree
    from detente.game.numbers import Numbers

    game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    desk = Desk(game)
    flat = flatten(Numbers.stack([game]), game, lam=1.0)
    state = np.full((len(desk.plan.state_row), flat.size), 0.5)
    found, odds = verdict(flat.size, len(game.outcome_names)), np.empty((0, flat.size))
    rows = np.arange(int(desk.plan.sizes[4]))
    pi = np.zeros((len(rows), max(game.n_types), flat.size))
    arrays = (flat.payoff, flat.weight, flat.type_prob, flat.prior, flat.seen)
    with desk.tools() as (s, _, w):
        finish_chunk(desk.plan, s, desk.tree, w, *arrays, np.empty(0), state, 1.0, False, found,
                     odds, desk.stop)
        recover_chunk(desk.plan, s, desk.tree, w, *arrays, state, 1.0, rows, pi, odds, desk.stop)
