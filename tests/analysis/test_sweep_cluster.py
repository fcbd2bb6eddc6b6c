"""``detente sweep --scheduler`` as a user runs it: a command line starts every process.

The limits of the waits are far above what an idle machine needs, so that load cannot fail a test.
A worker that must lose work is stopped first: parts that it was given cannot end before it is
killed, however fast or slow the machine is.
"""

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
N = 64
"""Samples: eight parts of eight rows, all of which are sent to the cluster at once."""
MANY = 4_000
"""Samples of a sweep that does not end before a signal reaches a process."""

slow = pytest.mark.slow
"""Cases beside the first test, which runs always; each starts processes of its own."""


@contextmanager
def process(*words, cwd):
    with open(cwd / "log.txt", "ab") as log:
        running = subprocess.Popen([sys.executable, "-m", *words], cwd=cwd, stdout=log, stderr=log)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait(600)


def until(what, seconds=600.0):
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


def words(folder, address, wait=600, seed=5, samples=N):
    case = folder / "small.yaml"
    if not case.exists():
        case.write_text(text_of(SMALL))
    return [sys.executable, "-m", "detente", "sweep", str(case), "--samples", str(samples),
            "--seed", str(seed), "--out", str(folder / f"out-{seed}.parquet"),
            "--scheduler", address, "--wait", str(wait)]


def begun(line):
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def parts(folder, seed=5):
    return sorted((folder / f"out-{seed}.parquet.parts").glob("part-*"))


def joined(folder, address, count):
    """Wait until the scheduler has some workers."""
    from distributed import Client

    with Client(address, timeout=600, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=600)


def same_as_here(folder, seed):
    """The file has the bytes of a sweep on this machine."""
    from detente.analysis.sweep import sweep

    here = sweep(folder / "small.yaml", folder / f"here-{seed}.parquet", samples=N, seed=seed)
    return (folder / f"out-{seed}.parquet").read_bytes() == here.path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process")
def test_two_sweeps_on_a_cluster_and_a_worker_is_killed(tmp_path):
    """All rows arrive, and they are those of a sweep on this machine."""
    with scheduler(tmp_path) as (_, address), worker(tmp_path, address) as one, \
            worker(tmp_path, address):
        joined(tmp_path, address, 2)
        plain = subprocess.run(words(tmp_path, address, seed=4), capture_output=True, text=True,
                               timeout=900)
        assert plain.returncode == 0, plain.stderr
        assert f"{N} samples, {N} certified" in plain.stdout and "Traceback" not in plain.stderr
        one.send_signal(signal.SIGSTOP)  # parts that it is given do not end
        running = begun(words(tmp_path, address))
        until(lambda: parts(tmp_path) or running.poll() is not None)
        assert running.poll() is None
        one.send_signal(signal.SIGKILL)
        out, err = running.communicate(timeout=900)
    assert running.returncode == 0, err
    assert f"{N} samples, {N} certified" in out and "Traceback" not in err
    assert same_as_here(tmp_path, 4) and same_as_here(tmp_path, 5)


@slow
def test_the_last_worker_is_lost(tmp_path):
    """There is a message within the wait, and the finished parts are used by the next run."""
    with scheduler(tmp_path) as (_, address):
        with worker(tmp_path, address) as one:
            running = begun(words(tmp_path, address, 20, samples=MANY))
            until(lambda: parts(tmp_path) or running.poll() is not None)
            one.send_signal(signal.SIGKILL)
            _, err = running.communicate(timeout=600)
        assert running.returncode == 2 and "Traceback" not in err, err
        assert "all workers of the scheduler" in err and "20 s" in err and "again" in err
        kept = len(parts(tmp_path))
        assert kept
        with worker(tmp_path, address):
            again = [*words(tmp_path, address, samples=MANY), "--json"]
            ended = subprocess.run(again, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["rows"] == MANY and told["resumed"] >= kept


@slow
def test_the_scheduler_is_lost(tmp_path):
    with scheduler(tmp_path) as (head, address), worker(tmp_path, address):
        running = begun(words(tmp_path, address, 20, samples=MANY))
        until(lambda: parts(tmp_path) or running.poll() is not None)
        head.send_signal(signal.SIGKILL)
        _, err = running.communicate(timeout=600)
    assert running.returncode == 2 and "Traceback" not in err
    assert f"the scheduler at {address} is lost" in err and "again" in err
    assert parts(tmp_path)


def refused(folder, address, wait=2):
    ended = subprocess.run(words(folder, address, wait), capture_output=True, text=True,
                           timeout=600)
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (folder / "out-5.parquet").exists() and not parts(folder)
    return ended.stderr


@slow
def test_no_worker_joins(tmp_path):
    with scheduler(tmp_path) as (_, address):
        assert f"no worker has joined the scheduler at {address} within 20 s" in refused(
            tmp_path, address, 20)


@slow
def test_an_address_that_never_answers(tmp_path):
    """The connection is accepted, and no byte ever comes."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert f"no scheduler answers at {address} within 2 s" in refused(tmp_path, address)


@slow
def test_no_scheduler_listens(tmp_path):
    assert "no scheduler answers at tcp://127.0.0.1:9 within 1 s" in refused(
        tmp_path, "tcp://127.0.0.1:9", 1)


@slow
@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://"])
def test_no_address_of_a_scheduler(tmp_path, address):
    assert f"{address!r} is not the address of a scheduler" in refused(tmp_path, address, 1)


@slow
def test_a_scheduler_that_stops_answering(tmp_path):
    """It is stopped, so its connections stay open."""
    with scheduler(tmp_path) as (head, address), worker(tmp_path, address):
        running = begun(words(tmp_path, address, 20, samples=MANY))
        until(lambda: parts(tmp_path) or running.poll() is not None)
        os.kill(head.pid, signal.SIGSTOP)
        _, err = running.communicate(timeout=600)
    assert running.returncode == 2 and f"the scheduler at {address} is lost" in err
