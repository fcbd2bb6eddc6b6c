"""``detente sweep --scheduler`` as a user runs it: a command line starts every process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.analysis.crisis import SMALL
from tests.conftest import text_of

pytest.importorskip("distributed")
pq = pytest.importorskip("pyarrow.parquet")
N = 400

pytestmark = pytest.mark.slow


@contextmanager
def process(*words, cwd):
    with open(cwd / "log.txt", "ab") as log:
        running = subprocess.Popen([sys.executable, "-m", *words], cwd=cwd, stdout=log, stderr=log)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait(30)


def until(what, seconds=120.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "nothing came in time"
        time.sleep(0.05)
    return found


@contextmanager
def scheduler(folder):
    """A scheduler on a local address; yield (process, address)."""
    contact = folder / "scheduler.json"
    with process("dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                 "--no-show", "--scheduler-file", str(contact), cwd=folder) as running:
        def address():
            try:
                return json.loads(contact.read_text())["address"]
            except (OSError, ValueError):
                return None
        yield running, until(address)


def worker(folder, address):
    return process("dask", "worker", address, "--host", "127.0.0.1", "--nthreads", "1",
                   "--no-nanny", "--no-dashboard", "--local-directory", str(folder / "work"),
                   cwd=folder)


def words(folder, address, wait=60):
    case = folder / "small.yaml"
    case.write_text(text_of(SMALL))
    return [sys.executable, "-m", "detente", "sweep", str(case), "--samples", str(N), "--seed", "5",
            "--out", str(folder / "out.parquet"), "--scheduler", address, "--wait", str(wait)]


def parts(folder):
    return sorted((folder / "out.parquet.parts").glob("part-*"))


def test_a_worker_is_killed(tmp_path):
    """All rows arrive, and they are those of a sweep on this machine."""
    from detente.analysis.sweep import sweep

    with scheduler(tmp_path) as (_, address), worker(tmp_path, address) as one, \
            worker(tmp_path, address):
        running = subprocess.Popen(words(tmp_path, address), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        until(lambda: parts(tmp_path) or running.poll() is not None)
        one.send_signal(signal.SIGKILL)
        out, err = running.communicate(timeout=300)
    assert running.returncode == 0, err
    assert f"{N} samples, {N} certified" in out and "Traceback" not in err
    here = sweep(tmp_path / "small.yaml", tmp_path / "here.parquet", samples=N, seed=5)
    assert (tmp_path / "out.parquet").read_bytes() == here.path.read_bytes()


def test_the_last_worker_is_lost(tmp_path):
    """There is a message within the wait, and the finished parts are used by the next run."""
    with scheduler(tmp_path) as (_, address):
        with worker(tmp_path, address) as one:
            running = subprocess.Popen(words(tmp_path, address, 3), stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True)
            until(lambda: parts(tmp_path) or running.poll() is not None)
            one.send_signal(signal.SIGKILL)
            began = time.monotonic()
            _, err = running.communicate(timeout=120)
        took = time.monotonic() - began
        assert running.returncode == 2 and "Traceback" not in err
        assert "all workers of the scheduler" in err and "3 s" in err and "again" in err
        assert took < 60
        kept = len(parts(tmp_path))
        assert kept
        with worker(tmp_path, address):
            ended = subprocess.run([*words(tmp_path, address), "--json"], capture_output=True,
                                   text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["rows"] == N and told["resumed"] >= kept


def test_the_scheduler_is_lost(tmp_path):
    with scheduler(tmp_path) as (head, address), worker(tmp_path, address):
        running = subprocess.Popen(words(tmp_path, address, 3), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        until(lambda: parts(tmp_path) or running.poll() is not None)
        head.send_signal(signal.SIGKILL)
        _, err = running.communicate(timeout=120)
    assert running.returncode == 2 and "Traceback" not in err
    assert f"the scheduler at {address} is lost" in err and "again" in err
    assert parts(tmp_path)


def refused(folder, address, wait=2):
    began = time.monotonic()
    ended = subprocess.run(words(folder, address, wait), capture_output=True, text=True,
                           timeout=120)
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr and not (folder / "out.parquet").exists()
    assert not (folder / "out.parquet.parts").exists() or not parts(folder)
    assert time.monotonic() - began < 90
    return ended.stderr


def test_no_worker_joins(tmp_path):
    with scheduler(tmp_path) as (_, address):
        assert f"no worker has joined the scheduler at {address} within 2 s" in refused(
            tmp_path, address)


def test_an_address_that_never_answers(tmp_path):
    """The connection is accepted, and no byte ever comes."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert f"no scheduler answers at {address} within 2 s" in refused(tmp_path, address)


def test_no_scheduler_listens(tmp_path):
    assert "no scheduler answers at tcp://127.0.0.1:9 within 1 s" in refused(
        tmp_path, "tcp://127.0.0.1:9", 1)


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://"])
def test_no_address_of_a_scheduler(tmp_path, address):
    assert f"{address!r} is not the address of a scheduler" in refused(tmp_path, address, 1)


def test_a_scheduler_that_stops_answering(tmp_path):
    """It is stopped, so its connections stay open."""
    with scheduler(tmp_path) as (head, address), worker(tmp_path, address):
        running = subprocess.Popen(words(tmp_path, address, 3), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        until(lambda: parts(tmp_path) or running.poll() is not None)
        os.kill(head.pid, signal.SIGSTOP)
        _, err = running.communicate(timeout=120)
    assert running.returncode == 2 and f"the scheduler at {address} is lost" in err
