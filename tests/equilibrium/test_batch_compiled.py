"""Half of the batch kernels are compiled in a process of its own on a first run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


class Started(list):
    does = "raise SystemExit(3)"


@pytest.fixture
def started(monkeypatch):
    """Return the programs started, as if no kernel were kept; each ends as ``does`` says."""
    programs = Started()
    real = subprocess.Popen

    def start(command, **options):
        programs.append(command)
        return real([sys.executable, "-c", programs.does], **options)

    monkeypatch.setattr(compiled, "kept", lambda module: False)
    monkeypatch.setattr(compiled.subprocess, "Popen", start)
    monkeypatch.setattr(compiled, "_process", None)
    return programs


def test_it_is_started_once_and_its_failure_has_no_effect(started):
    compiled.begin()
    compiled.begin()
    compiled.wait()
    compiled.wait()
    assert len(started) == 1 and compiled._process.returncode == 3


def test_it_is_ended_if_it_takes_too_long(started, monkeypatch):
    started.does = "import time; time.sleep(600)"
    monkeypatch.setattr(compiled, "PATIENCE", 0.1)
    compiled.begin()
    compiled.wait()
    assert compiled._process.returncode not in (None, 0)


@pytest.mark.parametrize("found", [True, None])
def test_it_is_not_started_if_kernels_are_kept_or_cannot_be(started, monkeypatch, found):
    monkeypatch.setattr(compiled, "kept", lambda module: found)
    compiled.begin()
    compiled.wait()
    assert started == []


@pytest.mark.slow
def test_the_kernels_are_those_that_a_batch_uses(tmp_path: Path):
    """A batch after it compiles no second one: each has one signature on the disk."""
    here = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "NUMBA_CACHE_DIR": ""}
    for program in (compiled.PROGRAM, BATCH):
        subprocess.run([sys.executable, "-c", program], env=here, check=True, timeout=600)
        made = [p.name for p in tmp_path.rglob("*.kernel")
                if p.name.startswith(("finish.finish_chunk", "finish.recover_chunk"))]
        assert len(made) == 2, made
