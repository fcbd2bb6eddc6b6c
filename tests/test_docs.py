"""Every example of the documentation runs: Python sessions, crisis files, commands."""

from __future__ import annotations

import doctest
import os
import re
import sys
import warnings
from pathlib import Path

import pytest

from detente.cases import loads
from tests.support.warm import Warm

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^([ \t]*)```(\w+)[^\n]*\n(.*?)^\1```", re.M | re.S)
sys.path.insert(0, str(ROOT / "docs"))
import shown  # noqa: E402 - a module of the documentation


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
def test_crisis_files(page, tmp_path):
    """A ties file of the page lies beside its crisis file."""
    files = [b for b in blocks(page, "yaml") if re.search(r"^crisis:", b, re.M)]
    if not files:
        pytest.skip("no crisis file on this page")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _, info, body in shown.blocks(page.read_text()):
            shown.write_file(info, body, tmp_path)
        for text in files:
            name = re.search(r"^crisis:\s*(\S+)", text, re.M)[1]
            assert loads(text, case=tmp_path / f"{name}.yaml").crisis


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """A folder with a `detente` that has read the libraries, if such a thing can be."""
    if not hasattr(os, "fork"):
        return None
    return Warm(PYTHONUTF8="1").program(tmp_path_factory.mktemp("programs"))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_print_what_the_page_shows(page, programs, monkeypatch):
    """Each command runs as a user runs it; `python docs/shown.py PAGE` writes real output."""
    raw = Path(os.environ.get("DETENTE_TEST_DATA", ROOT / ".." / "shared" / "data" / "raw"))
    if raw.is_dir():
        monkeypatch.setenv("DETENTE_DATA_BASE", str(raw.resolve()))
    if not any("$ " in b for b in blocks(page, "console")):
        pytest.skip("no command on this page")
    if shown.DATA in page.read_text() and not shown.data_is_here():
        pytest.skip("the page's commands need historical data, which is not on this machine")
    wrong = shown.differences(page, programs)
    assert not wrong, "\n\n".join(wrong)


def test_a_wrong_output_is_noticed(tmp_path, programs):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ detente cases\nno-such-case  A title\n```\n")
    assert len(shown.differences(page, programs)) == 1
    page.write_text("```console\n$ detente check nosuch\n```\n")
    assert "exit 2" in shown.differences(page, programs)[0]
    page.write_text("```console\n$ detente check nosuch | head -3\n```\n")
    assert "exit 2" in shown.differences(page, programs)[0]
    page.write_text("```console\n$ detente cases\n...\ncuba-1962  ...\n...\n```\n")
    assert shown.differences(page, programs) == []
