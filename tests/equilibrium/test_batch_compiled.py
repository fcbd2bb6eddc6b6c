"""Half of the batch kernels are compiled in a process of its own on a first run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.equilibrium.batch import compiled

BATCH = """
import numpy as np
from detente.equilibrium import solve_batch
from detente.equilibrium.batch.strategies import Strategies
from detente.game.build import decide, end, tree
from detente.game.numbers import Numbers
game = tree({"a": 2, "b": 1}, decide("a", {"go": decide("b", {"x": end("war"), "y": end("no")}),
                                           "stay": end("peace", a=0.1)}))
def numbers(which):
    return Numbers.stack([game] * 3)
found = solve_batch(game, numbers, 3, lam=2.0, keep=True)
Strategies(game).of(numbers(None), found)
assert found.certified.all()
"""


GOING = np.zeros(1, dtype=np.uint8)
"""Says that the work was not stopped."""


class Started(list):
    does = "raise SystemExit(3)"


@pytest.fixture
def started(monkeypatch):
    """Return the programs started, as if no kernel were kept; each ends as ``does`` says."""
    programs = Started()
    real = subprocess.Popen

    def start(command, **options):
        programs.append(command)
        assert command[:3] == [sys.executable, "-I", "-c"]
        return real([*command[:3], programs.does, *command[4:]], **options)

    monkeypatch.setattr(compiled, "kept", lambda *kernel: False)
    monkeypatch.setattr(compiled.subprocess, "Popen", start)
    monkeypatch.setattr(compiled, "_process", None)
    monkeypatch.setattr(compiled, "_done", {})
    return programs


def test_it_is_started_once_and_its_failure_has_no_effect(started):
    compiled.begin()
    compiled.begin()
    for _ in range(2):
        compiled.wait(compiled.CHECKED, GOING)
        compiled.wait(compiled.RECOVERED, GOING)
    assert len(started) == 1 and compiled._process.wait(60) == 3


def test_it_is_ended_if_it_takes_too_long(started, monkeypatch):
    started.does = "import time; time.sleep(600)"
    monkeypatch.setattr(compiled, "PATIENCE", 0.1)
    compiled.begin()
    compiled.wait(compiled.CHECKED, GOING)
    assert compiled._process.wait(60) not in (None, 0)


def test_what_is_compiled_is_not_waited_for(started):
    """The first function is done, and the process goes on with the second one."""
    started.does = "import sys, time; print(sys.argv[2], flush=True); time.sleep(600)"
    compiled.begin("another:one")
    try:
        compiled.wait(compiled.CHECKED, GOING)
        assert compiled._process.poll() is None
        done = {name: event.is_set() for name, event in compiled._done.items()}
        assert done == {compiled.CHECKED: True, compiled.RECOVERED: False, "another:one": False}
    finally:
        compiled._process.kill()
    compiled.wait("another:one", GOING)


def test_a_forked_process_does_not_wait(started, monkeypatch):
    """No thread of it would ever learn that the kernels are compiled."""
    started.does = "import time; time.sleep(600)"
    compiled.begin()
    try:
        monkeypatch.setattr(compiled, "_owner", compiled._owner + 1)
        compiled.wait(compiled.CHECKED, GOING)
        assert compiled._process.poll() is None
    finally:
        compiled._process.kill()


def test_work_that_was_stopped_does_not_wait(started):
    started.does = "import time; time.sleep(600)"
    compiled.begin()
    try:
        compiled.wait(compiled.CHECKED, np.ones(1, dtype=np.uint8))
        assert compiled._process.poll() is None
    finally:
        compiled._process.kill()


def test_a_function_that_fails_ends_the_waiting(started):
    started.does = compiled.PROGRAM.replace("sys.argv[2:]", "[sys.argv[4], 'os:absent']")
    compiled.begin("os:getpid")
    compiled.wait(compiled.RECOVERED, GOING)
    assert compiled._process.wait(60) == 1
    assert all(event.is_set() for event in compiled._done.values())


def test_it_ends_with_its_parent(started, tmp_path, monkeypatch):
    """The parent's death closes the pipe. A file where the user is does not replace Python's."""
    (tmp_path / "signal.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    started.does = compiled.PROGRAM.replace("sys.argv[2:]", "['time:sleep']").replace(
        ")()\n", ")(600)\n")
    compiled.begin()
    with pytest.raises(subprocess.TimeoutExpired):
        compiled._process.wait(1)
    compiled._process.stdin.close()
    assert compiled._process.wait(60) == 0


def test_an_error_of_the_cache_starts_nothing(started, monkeypatch):
    def lost(*kernel):
        raise LookupError("no metadata")

    monkeypatch.setattr(compiled, "kept", lost)
    compiled.begin()
    assert started == [] and compiled._process is None


def test_the_functions_call_the_kernels_as_they_are():
    """They return only if their arguments fit."""
    compiled.checked()
    compiled.recovered()


@pytest.mark.parametrize("found", [True, None])
def test_it_is_not_started_if_kernels_are_kept_or_cannot_be(started, monkeypatch, found):
    monkeypatch.setattr(compiled, "kept", lambda *kernel: found)
    compiled.begin()
    compiled.wait(compiled.CHECKED, GOING)
    assert started == []


@pytest.mark.slow
def test_the_kernels_are_those_that_a_batch_uses(tmp_path: Path):
    """A batch after it compiles no second one: each has one signature on the disk."""
    here = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "NUMBA_CACHE_DIR": ""}
    names = compiled.CHECKED, compiled.RECOVERED, "detente.lenses.graph_model.compiled:kernels"
    for program, given in ((compiled.PROGRAM, [json.dumps(sys.path), *names]), (BATCH, [])):
        process = subprocess.Popen(
            [sys.executable, "-c", program, *given], env=here, stdin=subprocess.PIPE)
        assert process.wait(600) == 0
        made = [p.name for p in tmp_path.rglob("*.kernel")
                if p.name.startswith(("finish.finish_chunk", "finish.recover_chunk"))]
        assert len(made) == 2, made
