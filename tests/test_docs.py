"""Every example of the documentation runs: Python sessions, crisis files, commands."""

from __future__ import annotations

import doctest
import re
import shlex
import warnings
from pathlib import Path

import pytest

from detente.cases import loads

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^([ \t]*)```(\w+)[^\n]*\n(.*?)^\1```", re.M | re.S)
SELDOM = ("fetch", "solve")  # need files or a network that a page does not carry


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language, dedented."""
    found = []
    for indent, name, text in FENCE.findall(page.read_text()):
        if name == language:
            lines = [line.removeprefix(indent) for line in text.splitlines()]
            found.append("\n".join(lines) + "\n")
    return found


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_python_sessions(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "\n".join(b for b in blocks(page, "python") if ">>>" in b)
    if not text:
        pytest.skip("no Python session on this page")
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    test = doctest.DocTestParser().get_doctest(text, {}, ids(page), str(page), 0)
    out: list[str] = []
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(test, out=out.append)
    assert runner.failures == 0, "".join(out)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_crisis_files(page):
    files = [b for b in blocks(page, "yaml") if re.search(r"^crisis:", b, re.M)]
    if not files:
        pytest.skip("no crisis file on this page")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in files:
            assert loads(text).crisis


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands(page, tmp_path, monkeypatch):
    """Commands shown with a dollar sign succeed; those whose output is shown print it."""
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    monkeypatch.chdir(tmp_path)
    files = [b for b in blocks(page, "yaml") if re.search(r"^crisis:", b, re.M)]
    for text in files:
        name = re.search(r"^crisis:\s*(\S+)", text, re.M).group(1)
        Path(f"{name}.yaml").write_text(text)
        Path(f"{name}-misspelt.yaml").write_text(text.replace("actors:", "actros:", 1))
    shown = [
        line.removeprefix("$ ") for b in blocks(page, "console") for line in b.splitlines()
        if line.startswith("$ detente ")
    ]
    shown = [s for s in shown if s.split()[1] not in SELDOM and "misspelt" not in s]
    if not shown:
        pytest.skip("no command on this page")
    app = application(command_modules())
    for line in shown:
        words = shlex.split(line.split(" > ")[0].split(" | ")[0])[1:]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, (line, result.output, result.exception)
