"""`detente app` as a user starts and ends it."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from tests.web.conftest import PATIENCE

PROGRAM = [sys.executable, "-m", "detente", "app"]


def ended(*words: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command that is expected to end by itself."""
    start = [sys.executable, "-c", code, "app"] if code else PROGRAM
    return subprocess.run([*start, *words], capture_output=True, text=True, timeout=PATIENCE)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = ended(str(tmp_path), "--no-browser", "--port", port)
    assert done.returncode == 2 and done.stdout == ""
    assert port in done.stderr and "without --port" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [
    ("no-such-folder",), (".", "--host", "no.such.host.invalid"), (".", "--port", "70000")])
def test_bad_input_is_one_line_and_exit_2(words: tuple[str, ...]) -> None:
    done = ended(*words, "--no-browser")
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    code = ("import sys, importlib.util as u; real = u.find_spec; sys.modules['shiny'] = None;"
            "u.find_spec = lambda n, *a: None if n == 'shiny' else real(n, *a);"
            "from detente.cli import main; sys.exit(main())")
    done = ended(str(tmp_path), "--no-browser", code=code)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert 'pip install "detente[app]"' in done.stderr


@pytest.mark.parametrize("host", [None, "127.0.0.1"])
def test_it_starts_says_its_address_on_one_line_and_ctrl_c_ends_it(
    tmp_path: Path, host: str | None
) -> None:
    words = [] if host is None else ["--host", host]
    process = subprocess.Popen(
        [*PROGRAM, str(tmp_path), "--no-browser", "--port", "0", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A test that runs in the background inherits that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("detente app: http://127.0.0.1:") and len(line.split("token=")[1]) > 30
    with contextlib.suppress(HTTPError):  # it answers before it is interrupted
        urlopen(line.split()[-1].partition("?")[0], timeout=PATIENCE)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130 and out == "" and "Traceback" not in told
    assert ("Warning" in told) == (host is not None)
