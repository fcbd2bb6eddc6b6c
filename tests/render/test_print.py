"""The printed page: tables with a limit, and a report of a shipped case on A4 and letter paper.

Chromium prints and poppler reads the pages; the tests that need them are skipped without them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from detente.analysis.settings import Settings
from detente.findings.found import Found
from detente.findings.report import report
from detente.render import Column, Report, Section, Table, charts
from detente.render.charts._base import percent_axis

from .sample import sample_report

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
                 if p), None)
printed = pytest.mark.skipif(
    CHROMIUM is None or shutil.which("pdftotext") is None,
    reason="Chromium or poppler (pdftotext) is not installed")

MOST_PAGES = 14
"""The longest report of a shipped case."""
BRIEF = 2
"""The pages of the brief."""
LONG = Table("A long table", ["row", Column("path", on_paper=False)],
             [(f"row {k}", f"path {k}") for k in range(9)], printed=4)
WHOLE = Table("A short table", ["row"], [("only",)], printed=4)
HIDDEN = Table("A table for the screen", ["row"], [("hidden 0",), ("hidden 1",)], printed=0)


def pages(html: str, paper: str, folder: Path) -> list[str]:
    """Print a page on a paper and return the text of each sheet."""
    page, pdf = folder / f"{paper}.html", folder / f"{paper}.pdf"
    page.write_text(html.replace("</head>", f"<style>@page {{ size: {paper} }}</style></head>"),
                    encoding="utf-8")
    subprocess.run([str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
                    "--no-pdf-header-footer", f"--user-data-dir={folder / 'profile'}",
                    f"--print-to-pdf={pdf}", page.as_uri()],
                   check=True, capture_output=True, timeout=180)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True,
                          text=True).stdout
    return text.split("\f")[:-1]


@cache
def shipped_report(case: str) -> Report:
    """Return the report of a shipped case with the fewest samples that give shares of variance."""
    found = Found(case, Settings(samples=64, deliberate_samples=4, starts=2, workers=2))
    found.run()
    return report(found)


def test_rows_left_out_on_paper_are_on_the_screen_and_counted() -> None:
    html = LONG._repr_html_()
    assert LONG.unprinted == 5 and WHOLE.unprinted == 0
    assert html.count('<tr class="on-screen">') == 5
    assert "5 more rows are in the HTML file" in html
    assert all(f"row {k}" in html for k in range(9))
    assert "rows are in the HTML file" not in WHOLE._repr_html_()
    assert len(LONG.as_dict()["rows"]) == 9  # JSON is never shortened


@printed
def test_paper_has_the_first_rows_and_says_how_many_are_left_out(tmp_path: Path) -> None:
    made = Report("t", "", "a", [Section("one", "One", tables=[LONG, WHOLE, HIDDEN])])
    text = "\n".join(pages(made.to_html(), "A4", tmp_path))
    assert "row 3" in text and "row 4" not in text and "path" not in text
    assert "5 more rows are in the HTML file" in text
    assert "A table for the screen: 2 rows are in the HTML file" in text and "hidden" not in text


@printed
def test_controls_and_contents_are_not_printed(tmp_path: Path) -> None:
    section = Section("one", "One", html='<p><span class="control">Press here.</span> Stays.</p>')
    made = Report("t", "", "a", [section, Section("two", "Two"), Section("three", "Three")])
    html = made.to_html()
    text = "\n".join(pages(html, "letter", tmp_path))
    assert '<nav aria-label="Contents"' in html
    assert "Stays." in text and "Press here" not in text
    assert text.count("Three") == 1  # the section's title, not the link to it


@printed
@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_no_title_is_parted_from_what_follows_it(paper: str, tmp_path: Path) -> None:
    made = sample_report()
    titles = {s.title for s in made.sections} | {t.title for s in made.sections for t in s.tables}
    for sheet in pages(made.to_html(), paper, tmp_path):
        last = [line.strip() for line in sheet.splitlines() if line.strip()][-1]
        assert last not in titles


@printed
@pytest.mark.skipif(shutil.which("pdftohtml") is None, reason="poppler is not installed")
def test_the_type_of_charts_is_legible_on_paper(tmp_path: Path) -> None:
    """The smallest letters of the charts are 11 pixels of 760, which is 6.4 pt at 157 mm."""
    pages(sample_report().to_html(), "A4", tmp_path)
    xml = subprocess.run(["pdftohtml", "-xml", "-i", "-stdout", str(tmp_path / "A4.pdf")],
                         check=True, capture_output=True, text=True).stdout
    height = re.search(r'<page [^>]*height="(\d+)"', xml)
    assert height is not None
    unit = 842 / int(height[1])  # points per unit of the file, whose sizes are whole numbers
    sizes = [int(size) * unit for size in re.findall(r'<fontspec [^>]*size="(\d+)"', xml)]
    assert min(sizes) >= 6.4 - unit / 2


@printed
def test_a_chart_that_repeats_a_table_is_on_the_screen_only(tmp_path: Path) -> None:
    chart = charts.tornado([{"parameter": "war cost", "points": 2.0}], title="Slopes drawn")
    made = Report("t", "", "a", [Section("one", "One", charts=[replace(chart, on_paper=False)])])
    assert "Slopes drawn" in made.to_html()
    assert "Slopes drawn" not in "\n".join(pages(made.to_html(), "A4", tmp_path))


@pytest.mark.parametrize(("width", "top"), [(760, 1.0), (320, 1.0), (320, 0.5), (760, 0.02)])
def test_a_percent_axis_ends_at_its_last_label(width: int, top: float) -> None:
    values = percent_axis(width, top).to_dict()["values"]
    assert values[0] == 0 and values[-1] == top
    assert len(values) == (6 if width > 320 else 3)


@printed
@pytest.mark.slow
@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("case", ["caucasus-2025", "cuba-1962"])
class TestShipped:
    """The two cases with other models have the longest reports."""

    def test_has_a_brief_of_two_pages_and_few_pages(
            self, case: str, paper: str, tmp_path: Path) -> None:
        made = shipped_report(case)
        sheets = pages(made.to_html(), paper, tmp_path)
        assert len(sheets) <= MOST_PAGES
        first = [k for k, sheet in enumerate(sheets) if re.search(r"^\s*Outcomes\s*$", sheet, re.M)]
        assert first[0] == 0  # the table of the brief
        assert "The most probable outcome is" in sheets[BRIEF] or "Outcomes" in sheets[BRIEF]
        brief = "\n".join(sheets[:BRIEF])
        for part in ("Claims", "Not in the model", "Structure", "Numbers that matter most"):
            assert part in brief
        titles = {s.title for s in made.sections}
        titles |= {t.title for s in made.sections for t in s.tables if t.title}
        for sheet in sheets:
            last = [line.strip() for line in sheet.splitlines() if line.strip()][-1]
            assert last not in titles
        assert "Choose a state" not in "\n".join(sheets)
