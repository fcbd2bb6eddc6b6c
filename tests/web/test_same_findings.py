"""The page, its files and `detente run` say the same of one crisis: the same findings."""

from __future__ import annotations

import hashlib
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")
pytest.importorskip("nupunkt", reason="the extra `reading` is not installed")

from detente.cases import find
from detente.findings.registry import findings
from detente.web.desk import Source
from detente.web.folder import Folder
from detente.web.show import html_of
from detente.web.tabs import tabs
from detente.web.work import report as job
from tests.reading.threads import exchange, leaks
from tests.support.program import detente

SAMPLES, DELIBERATE, STARTS = 8, 4, 0
EXTRA = {"brief", "provenance"}
"""Parts of the report that are no finding of their own."""


def test_every_finding_has_a_tab() -> None:
    shown = [key for tab in tabs() for key in tab.findings]
    assert set(shown) == {f.key for f in findings()} | EXTRA
    assert len(shown) == len(set(shown))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crisis with a graph model and a ledger beside it."""
    folder = tmp_path_factory.mktemp("crises")
    (folder / "mine.yaml").write_text(
        (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8"))
    (folder / "mine.graph.yaml").write_bytes(
        find("cuba-1962").with_name("cuba-1962.graph.yaml").read_bytes())
    exchange(folder / "notes").close()
    done = detente("read", "ledger", "--session", "notes", "--out", "mine.ledger.json",
                   "--force", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "mine.yaml"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SAMPLES", SAMPLES), ("DELIBERATE", DELIBERATE), ("STARTS", STARTS)):
        monkeypatch.setattr(job, name, value)


def source(place: Path, **moved: float) -> Source:
    folder = Folder(place.parent)
    return Source("mine", folder.read("mine").text, moved, folder.place("mine"))


def bare(html: str) -> str:
    """Return HTML without the numbers of its drawings, which count up in one process."""
    return re.sub(r"\bd\d+-", "d-", html)


def test_the_page_has_the_sections_of_the_report(place: Path) -> None:
    from detente.analysis import analyse

    html: dict[str, str] = {}
    for item in job.analyse(source(place)):
        if isinstance(item, job.Part):
            html |= item.html
    alone: Any = analyse(place, samples=SAMPLES, deliberate_samples=DELIBERATE, starts=STARTS,
                         workers=1)
    for finding in findings():
        same = bare(html[finding.key]) == bare(html_of(finding.sections(alone)))
        assert same, finding.key
    assert "graph model" in html["lenses"] and "War is improbable." in html["ledger"]
    assert leaks(html["ledger"]) == []
    assert hashlib.sha256(place.read_bytes()).hexdigest() in html["provenance"]


def test_a_report_of_moved_sliders_says_so_and_names_no_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.analysis.settings import Settings

    monkeypatch.setattr(job, "Settings", lambda: Settings(
        samples=SAMPLES, deliberate_samples=DELIBERATE, starts=STARTS, workers=1))
    sha256 = hashlib.sha256(place.read_bytes()).hexdigest()
    *_, still = job.file(source(place), "html")
    *_, moved = job.file(source(place, **{"war.win_chance": 0.55}), "html")
    assert sha256 in still.decode() and "sliders moved" not in still.decode()
    assert sha256 not in moved.decode() and "sliders moved" in moved.decode()
    assert "0.55" in moved.decode()
    *_, data = job.file(source(place), "json")
    assert json.loads(data)["file_sha256"] == sha256
    *_, brief = job.file(source(place), "docx")
    with ZipFile(BytesIO(brief)) as word:
        assert "A quarrel about a strait" in word.read("word/document.xml").decode()
