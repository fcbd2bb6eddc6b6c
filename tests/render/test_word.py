"""The Word document: whole, inert, the same each time, and readable by another program."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.files import made_by_detente
from detente.render import Report, Section, Table
from detente.render.saving import check_ending
from tests.support.program import CRISIS, detente

from .sample import NASTY, sample_report

docx = pytest.importorskip("docx", reason="the extra `word` is not installed")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRANGE = NASTY + " \x1b[2J\x07 \u202e \ufffe end ]]> {{ x }} &amp;"


def brief_report(text: str = NASTY) -> Report:
    """Return the sample report with a brief that holds a text everywhere."""
    report = sample_report(text)
    section = {s.id: s for s in report.sections}
    return replace(report, subtitle=text, answer=text, meta={"case": text}, brief=Section(
        "brief", "In brief", text, tables=[
            replace(section["outcomes"].tables[0], title="Outcomes"),
            Table("Claims", ["claim", text], [(text, f"{text} {k}") for k in range(6)])],
        charts=[replace(section["outcomes"].charts[0], alt=text, title=text)],
        notes=[f"A note with `{text}`.", "Another note."], certificate=text, certified=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return brief_report(STRANGE).save(tmp_path_factory.mktemp("word") / "brief.docx")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_is_xml_and_no_text_is_markup(made: Path) -> None:
    found = parts(made)
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)
    text = "".join(ET.fromstring(found["word/document.xml"]).itertext())
    assert '<script>alert("x")</script> &' in text and "{{ x }} &amp;" in text
    assert r"\x1b[2J\x07 \u202e" in text  # spelt out
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe\uffff]", text)
    assert not [n for n in found if "external" in n.lower()]
    targets = [rel.get("TargetMode") for name, content in found.items() if name.endswith(".rels")
               for rel in ET.fromstring(content)]
    assert "External" not in targets  # it asks nothing of any network
    fields = [f.get(f"{W}instr", "") for name in ("word/document.xml", "word/footer1.xml")
              for f in ET.fromstring(found[name]).iter(f"{W}fldSimple")]
    assert {f.split()[0] for f in fields} == {"SEQ", "PAGE"}


def test_headings_heads_of_tables_pictures_and_language(made: Path) -> None:
    opened = docx.Document(str(made))
    headings = [p.text for p in opened.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["In brief", "Outcomes", "Basis and limits", "Claims", "Charts",
                        "Provenance"]
    assert opened.core_properties.language == "en"
    languages = {lang.get(f"{W}val") for lang in opened.styles.element.iter(f"{W}lang")}
    assert languages and all(x.startswith("en") for x in languages)
    for table in opened.tables:
        first, *rest = table.rows
        assert first._tr.find(f".//{W}tblHeader") is not None
        assert all(r._tr.find(f".//{W}cantSplit") is not None for r in table.rows)
        assert all(p.paragraph_format.keep_with_next for p in first.cells[0].paragraphs)
        assert not rest[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next
        assert table._tbl.tblPr.find(f"{W}tblDescription").get(f"{W}val")
        widths = [sum(c.width.cm for c in row.cells) for row in table.rows]
        assert max(widths) <= 17.0 + 0.01  # both A4 and letter have it
    assert len(opened.inline_shapes) == 1
    picture = opened.inline_shapes[0]
    assert picture._inline.docPr.get("descr").startswith("The <script>")
    assert picture.width.cm <= 17.01
    caption = [p for p in opened.paragraphs if p.style.name == "Caption"]
    assert len(caption) == 1 and "Figure" in caption[0].text
    assert opened.sections[0].page_width.cm == pytest.approx(21.0, abs=0.01)


def test_the_same_report_gives_the_same_bytes_and_carries_the_mark(made: Path) -> None:
    again = made.with_name("again.docx")
    brief_report(STRANGE).save(again)
    assert again.read_bytes() == made.read_bytes()
    assert made_by_detente(made)
    brief_report("another").save(made.with_name("again.docx"))  # its own file is replaced
    stream = io.BytesIO()
    docx.Document().save(stream)
    again.write_bytes(stream.getvalue())
    assert not made_by_detente(again)
    with pytest.raises(InputError, match="mark"):
        brief_report().save(again)
    assert again.read_bytes() == stream.getvalue()


@pytest.mark.parametrize("name", ["a.pdf", "a.odt", "a", "a.docx.txt", "a.doc"])
def test_other_endings_are_refused_with_those_allowed(tmp_path: Path, name: str) -> None:
    for refuse in (check_ending, sample_report().save):
        with pytest.raises(InputError) as told:
            refuse(tmp_path / name)
        assert ".html" in str(told.value) and ".docx" in str(told.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_opens_it(made: Path) -> None:
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{made.parent}/profile", "--headless",
         "--convert-to", "txt:Text", "--outdir", str(made.parent), str(made)],
        capture_output=True, timeout=300)
    text = made.with_suffix(".txt")
    assert text.exists(), done.stderr
    assert "Basis and limits" in text.read_text(encoding="utf-8")


QUICK = ("--samples", "8", "--deliberate-samples", "2", "--starts", "0")


def test_the_command_writes_it_and_refuses_its_input(tmp_path: Path) -> None:
    case, place = tmp_path / "quarrel.yaml", tmp_path / "brief.docx"
    case.write_text(CRISIS, encoding="utf-8")
    page = tmp_path / "page.html"  # one run writes both, since it may take minutes
    done = detente("run", case, *QUICK, "--out", place, "--out", page)
    assert done.returncode == 0, done.stderr
    assert b"Brief: " in done.stderr and b"Report: " in done.stderr
    assert "<!doctype html>" in page.read_text("utf-8")
    page.unlink()
    assert "a quärrel" in docx.Document(str(place)).paragraphs[0].text.lower()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["brief.docx", "quarrel.yaml"]
    case.rename(tmp_path / "case.docx")
    done = detente("run", tmp_path / "case.docx", *QUICK, "--out", tmp_path / "case.docx")
    assert done.returncode == 2 and (tmp_path / "case.docx").read_text("utf-8") == CRISIS


def test_without_the_extra_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "quarrel.yaml").write_text(CRISIS, encoding="utf-8")
    blocked = ("import sys; sys.modules['docx'] = None; sys.argv[0] = 'detente'; "
               "from detente.__main__ import program; sys.exit(program())")
    done = subprocess.run(
        [sys.executable, "-c", blocked, "run", "quarrel.yaml", "--samples", "1000000", "--out",
         "a.docx"], cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.count(b"\n") == 1 and b".[word]" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["quarrel.yaml"]
