"""The HTML page: it asks nothing of any network, runs nothing, and shows text as text."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.printable import printable
from detente.render import Chart, Column, Report, Section, Table

from .sample import NASTY, outcome_rows, sample_report

FETCHING = {"src", "href", "xlink:href", "srcset", "action", "formaction", "data", "poster",
            "background", "ping", "manifest", "cite", "longdesc"}


class Page(HTMLParser):
    """Collects tags, attributes, and text outside and inside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: dict[str, str] = {}
        self._in: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in ("script", "style", "title", "h1"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        where = self._in[-1] if self._in else "body"
        self.text[where] = self.text.get(where, "") + data


@pytest.fixture(scope="module")
def html() -> str:
    return sample_report(NASTY).to_html()


def test_makes_no_request(html: str) -> None:
    page = Page(html)
    for tag, name, value in page.attributes:
        if name in FETCHING:
            assert value.startswith("#"), f"<{tag} {name}={value!r}> leaves the page"
        if name == "style" or name in ("fill", "stroke", "clip-path", "filter", "mask"):
            assert not re.search(r"url\((?!#)", value), f"<{tag} {name}={value!r}>"
        assert not name.startswith("on"), f"<{tag}> has {name}"
    assert "url(" not in page.text["style"] and "@import" not in page.text["style"]
    assert not {"iframe", "object", "embed", "link", "base", "form", "video", "audio"} & set(
        page.tags
    )
    assert "default-src 'none'" in html


def test_runs_nothing_and_carries_valid_json(html: str) -> None:
    page = Page(html)
    scripts = [v for tag, name, v in page.attributes if tag == "script" and name == "type"]
    assert page.tags.count("script") == 1 and scripts == ["application/json"]
    document = json.loads(page.text["script"], parse_constant=lambda name: pytest.fail(name))
    assert document["note"] == "</script><script>alert(1)</script>"
    assert document["missing"] is None


def test_text_stays_text(html: str) -> None:
    page = Page(html)
    assert page.text["h1"] == NASTY
    assert f"Talks make no difference. {NASTY}" in page.text["body"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_text_stays_text(text: str) -> None:
    table = Table(text, ["a", Column(text + "x", format="percent")], [(text, 0.5)])
    report = Report(text, text, text, [Section("one", text, text, tables=[table], notes=[text],
                                               certificate=text, certified=False)],
                    meta={text: text}, data={text: text})
    page = Page(report.to_html())
    plain = Page(Report("x", "x", "x", [
        Section("one", "x", "x", tables=[Table("x", ["a", Column("y", format="percent")],
                                               [("x", 0.5)])],
                notes=["x"], certificate="x", certified=False)], meta={"x": "x"},
        data={"x": "x"}).to_html())
    assert [t for t in page.tags if t != "wbr"] == plain.tags  # wbr: where a name may break
    assert page.text["h1"] == printable(text)  # control characters are spelt out
    assert json.loads(page.text["script"]) == {text: text}


def test_identifiers_are_unique_and_references_resolve(html: str) -> None:
    page = Page(html)
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = {v[1:] for _, name, v in page.attributes if name in ("href", "xlink:href")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", html))
    assert wanted <= set(ids)


def test_is_small_enough_to_send(html: str) -> None:
    assert len(html.encode()) < 1_000_000  # the bound of the brief: a page one can mail


def test_order_answer_first_then_sections_as_given_then_provenance(html: str) -> None:
    ids = [s.id for s in sample_report().sections]
    marks = ["class=\"answer\"", *(f"<section id=\"{i}\"" for i in ids),
             "<section id=\"provenance\""]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_what_is_not_certified_is_marked() -> None:
    marked, clean = (sample_report(certified=c) for c in (False, True))
    assert not marked.certified and clean.certified
    assert "check failed</span>" in marked.to_html()
    assert "failed their check" in marked.to_html()
    assert "check failed</span>" not in clean.to_html()


def test_every_chart_says_in_words_what_it_shows_and_is_well_formed() -> None:
    report = sample_report(NASTY)
    drawn = [chart for section in report.sections for chart in section.charts]
    assert len(drawn) >= 9
    for chart in drawn:
        assert chart.alt
        for narrow in (False, True):
            root = ET.fromstring(chart.to_svg(narrow=narrow))
            assert root.tag.endswith("svg")
            assert float(root.attrib["width"]) <= (340 if narrow else 780)


def test_notebook_forms_need_no_page() -> None:
    report = sample_report()
    outcomes = next(s for s in report.sections if s.id == "outcomes")
    for thing in (report, outcomes, outcomes.tables[0], outcomes.charts[0]):
        shown = thing._repr_html_()
        assert "<html" not in shown and 'class="detente inset"' in shown
    assert outcomes.tables[0].rows[0][0] in outcomes.tables[0]._repr_html_()


def test_a_caller_s_own_html_is_the_only_thing_not_escaped() -> None:
    section = Section("s", "t", html="<svg><title>drawn</title></svg>")
    assert "<svg><title>drawn</title></svg>" in section._repr_html_()


def test_chart_with_nothing_or_both_or_no_words_is_refused() -> None:
    for spec, svg, alt in ((None, None, "x"), ({}, "<svg/>", "x"), (None, "<svg/>", " ")):
        with pytest.raises(ValueError):
            Chart("c", spec, alt, svg=svg)


def test_table_values_appear_as_written() -> None:
    rows = [(r["name"], r["deliberate"]) for r in outcome_rows()]
    shown = Table("t", ["ending", Column("p", format="percent")], rows)._repr_html_()
    for name, p in rows:
        assert f">{name}<" in shown and f">{p:.0%}<".replace("%", "\u00a0%") in shown
