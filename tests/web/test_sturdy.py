"""A window that is closed, a process that crashes: seen in a real browser, with real processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import PATIENCE, Running, open_tab

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are found in /proc")
CASE = "caucasus-2025"
"""A case whose analysis takes long enough to be disturbed."""


def below(pid: int) -> list[int]:
    """Return the children of a process."""
    try:
        found = [Path(f"/proc/{pid}/task/{one}/children").read_text()
                 for one in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []
    return [int(word) for text in found for word in text.split()]


def solvers(app: Running) -> list[int]:
    """Return the processes that work: the children of the app's server of processes."""
    return [job for server in below(app.process.pid) for job in below(server)]


def until(what: Any, seconds: float = PATIENCE) -> Any:
    """Wait for something; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def test_a_solver_that_crashes_tells_and_the_text_stays(app: Running, window: Any) -> None:
    window.goto(app.case(CASE))
    window.wait_for_selector(".live")
    before = set(until(lambda: solvers(app)))
    window.click("#side a[data-value=text]")
    window.locator("#text textarea").focus()
    window.keyboard.press("Control+Home")
    window.keyboard.type("# my words\n")
    window.wait_for_selector("text=Text: 1 line changed")
    # The text is read in a thread. Until then the saved one is solved, and going back to it
    # would change nothing.
    until(lambda: not before & set(solvers(app)))
    window.wait_for_selector(".first .working")
    for pid in until(lambda: solvers(app)):
        os.kill(pid, signal.SIGKILL)
    window.wait_for_selector(".first .problem")
    told = window.inner_text(".first .problem")
    assert "has ended" in told and "is kept" in told
    assert window.locator("#text textarea").input_value().startswith("# my words\n")
    assert "1 line changed" in window.inner_text(".changes") and window.locator(".live").count()
    window.click("#discard")  # new values are solved by a new process
    window.wait_for_selector(".first .problem", state="detached")
    window.wait_for_selector(".first .working")
    until(lambda: solvers(app))
    window.click("#cancel")
    window.wait_for_selector("text=Cancelled. The parts that were ready are shown.")
    until(lambda: not solvers(app))
    open_tab(window, "drivers")
    window.wait_for_selector("#drivers-shown .note:has-text('Solve again')")
    window.click("#again")
    window.wait_for_selector(".first .working")
    window.wait_for_selector("#again", state="detached")
    until(lambda: solvers(app))
    window.click("#cancel")
    window.wait_for_selector("#again")
    until(lambda: not solvers(app))


def test_a_window_that_is_closed_ends_its_work(app: Running, window: Any) -> None:
    until(lambda: not solvers(app))  # that of the test before, whose window is closed
    other = window.context.new_page()
    other.goto(app.case(CASE))
    other.wait_for_selector(".live")
    until(lambda: solvers(app))
    other.close()
    until(lambda: not solvers(app))
