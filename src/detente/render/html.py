"""The report as one HTML page that opens offline, prints, and makes no network request.

Charts are inline SVG (one for a page, one for a telephone), so the page has no script. It contains
the run's JSON document as data. The templates escape every text, and control characters are spelt
out.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from detente.defaults import WORKERS
from detente.errors import NotDrawnError
from detente.printable import printable, printable_json
from detente.render.plain import cell, is_missing, plain
from detente.render.wrap import tie

if TYPE_CHECKING:
    from detente.render.section import Chart, Report, Section, Table

__all__ = [
    "bare_section", "bare_table", "chart_html", "fragment", "page", "section_html", "table_html",
]

_unique = count(1)


def page(report: Report) -> str:
    """Return the whole page.

    Examples
    --------
    >>> from detente.render import Report
    >>> html = page(Report("A <b>crisis</b>", "Findings", "War: 18 %.", []))
    >>> "A &lt;b&gt;crisis&lt;/b&gt;" in html, html.startswith("<!doctype html>")
    (True, True)
    """
    document = None if report.data is None else _inert(report.data)
    _draw_ahead(report)
    return _render("page.html.j2", report=report, document=document)


def _draw_ahead(report: Report) -> None:
    """Draw the charts of a report side by side; drawings are kept for the templates."""
    sections = [*report.sections, *([report.brief] if report.brief else [])]
    charts = [chart for section in sections for chart in section.charts]

    def one(job: tuple[Chart, bool]) -> None:
        with suppress(NotDrawnError):  # said on the page
            job[0].to_svg(narrow=job[1])

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, [(c, narrow) for c in charts for narrow in (False, True)
                            if not narrow or c.narrow is not None]))


def fragment(report: Report) -> str:
    """Return the report for a notebook's cell, with its style but no page around it."""
    return _render("fragment.html.j2", kind="report", thing=report)


def bare_section(section: Section) -> str:
    """Return one section without a style, for a page that has the style already."""
    return _render("bare.html.j2", section=section)


def bare_table(table: Table) -> str:
    """Return one table without a style; see `bare_section`."""
    return _render("bare_table.html.j2", table=table)


def section_html(section: Section) -> str:
    """Return one section for a notebook's cell."""
    return _render("fragment.html.j2", kind="section", thing=section)


def table_html(table: Table) -> str:
    """Return one table for a notebook's cell."""
    return _render("fragment.html.j2", kind="table", thing=table)


def chart_html(chart: Chart) -> str:
    """Return one chart for a notebook's cell."""
    return _render("fragment.html.j2", kind="chart", thing=chart)


def _render(name: str, **values: Any) -> str:
    return printable(str(_templates().get_template(name).render(**values)))


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("detente.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "drawing": _drawing, "joints": _joints, "prose": _prose, "provenance": _provenance,
        "share": _share,
    }
    return made


def _joints(text: str) -> Markup:
    """Let a dotted name break after its dots, so that a table with long names stays narrow."""
    return Markup(re.sub(
        r"(?<=[A-Za-z][._/])(?=[A-Za-z])(?![^<]*>)", "<wbr>", str(_prose(text))))


def _prose(text: str) -> Markup:
    """Return a text with code for its backticks; a number and its unit stay on one line.

    Examples
    --------
    >>> str(_prose("3 % with `a < b`")) == "3\u00a0% with <code>a &lt; b</code>"
    True
    """
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(tie(text)))))


def _share(value: Any) -> float:
    """Return the share of its track that a bar fills."""
    if is_missing(value) or isinstance(value, str):
        return 0.0
    return min(max(float(value), 0.0), 1.0)


def _provenance(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}" if not is_missing(value) else cell(value)
    return cell(value)


def _inert(data: Any) -> Markup:
    """Write JSON so that no text in it can close the HTML element around it."""
    text = json.dumps(plain(data), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(printable_json(text))


def _drawing(chart: Chart, narrow: bool = False) -> Markup:
    """Return a chart's SVG, changed so that it can be combined with others on a page.

    Identifiers become unique in the page, the width is that of the column, and the alternative text
    replaces the labels of the chart's parts.
    """
    try:
        svg = chart.to_svg(narrow=narrow)
    except NotDrawnError as wrong:
        return Markup('<p class="note bad">This chart is missing: {}. {}</p>').format(
            wrong, chart.alt)
    mark = f"d{next(_unique)}-"

    def own(tag: re.Match[str]) -> str:
        text = re.sub(r' (aria-[a-z]+|role)="[^"]*"', "", tag[0])
        text = re.sub(r' id="([^"]+)"', rf' id="{mark}\1"', text)
        text = re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}\1)", text)
        return re.sub(r'href="#([^"]+)"', rf'href="#{mark}\1"', text)

    svg = re.sub(r"<[a-zA-Z][^>]*>", own, svg)  # in tags only, not in text
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))
