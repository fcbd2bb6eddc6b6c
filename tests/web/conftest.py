"""The app in a process of its own, and a window of a real browser in front of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome")
                 if (found := shutil.which(name))), None)

PATIENCE = 300.0
"""Seconds that a test waits for anything. The first answer on a machine compiles the solvers, which
takes a minute beside other work, so a shorter time would find a slow machine and no mistake."""


@dataclass(frozen=True)
class Running:
    """An app that runs: the address with its key, the address without, and its folder."""

    key: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        return self.key.partition("?")[0]

    def case(self, name: str, more: str = "") -> str:
        return f"{self.address}?case={name}{more}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start `detente app` in an empty folder, as a user does."""
    folder = tmp_path_factory.mktemp("crises")
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", "app", str(folder), "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "http://" in line, process.stderr.read() if process.stderr else line
    yield Running(line.split()[-1], folder, process)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser; the tests that need one are skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def patient(browser: Any, **options: Any) -> Any:
    """Return a context of the browser whose windows wait for `PATIENCE`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.set_default_timeout(1000 * PATIENCE)
    return context


@pytest.fixture
def window(app: Running, browser: Any) -> Iterator[Any]:
    """A window that has the key; an error of a script in the page fails the test."""
    context = patient(browser)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(app.key)
    page.wait_for_url(app.address)
    yield page
    context.close()
    assert not wrong


def open_tab(page: Any, key: str) -> None:
    """Open a tab of a case by its key, in its group."""
    from detente.web.groups import grouped

    for group in grouped():
        if key in {tab.key for tab in group.tabs}:
            page.click(f"#tab a[data-value={group.key}]")
            page.click(f"#tab_{group.key} a[data-value={key}]")
            return
    page.click(f"#tab a[data-value={key}]")
