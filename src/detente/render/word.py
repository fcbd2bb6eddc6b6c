"""The brief of a report as a Word document, with the charts as pictures.

python-docx writes it (extra ``word``). The document has real headings, table heads that repeat on
each page, captions that Word can number, and an alternative text for each picture. It has no date,
so the same report gives the same bytes. Every text is plain text: it can hold no field, link or
markup, control characters are spelt out, and characters that XML forbids are removed.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, NotDrawnError
from detente.printable import printable
from detente.render.draw import draw
from detente.render.plain import cell
from detente.render.wrap import tie

if TYPE_CHECKING:
    from detente.render.section import Chart, Report, Section
    from detente.render.table import Table

__all__ = ["check_word", "document", "inert"]

HOW = (
    "In the folder of the clone run: .venv/bin/python -m pip install -e '.[word]' (detente itself "
    "is not on PyPI)"
)
"""The command that installs the extra."""

NOTES = "Basis and limits"
"""Heading of the brief's notes: on which inputs the answer rests, and what it leaves out."""

WIDTH = 17.0
"""Centimetres of a line: A4 and letter paper both have it between margins of 2 cm."""
TALLEST = 7.2
"""Centimetres of the tallest picture, so that the brief has two pages."""
PIXELS = 3.0
"""Pixels of a picture per unit of its SVG; 220 per inch or more in print."""
LETTER = 0.19
"""Centimetres of a letter in a table, on the average."""
SHORT = 12
"""Rows of the longest table that is kept on one page."""
INK, FAINT, LINE, TINT, BLUE = "1A1A1A", "5C5C5C", "BFBFBF", "F4F6F8", "0072B2"

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids in a text."""


def check_word() -> None:
    """Refuse to begin if python-docx is not installed.

    Raises
    ------
    InputError
        The extra ``word`` is missing; the message says how to install it.
    """
    try:
        import docx  # noqa: F401
    except ImportError as wrong:
        raise InputError(
            f"Word documents need the package {wrong.name or 'docx'!r}, which is not installed",
            expected=f"the packages of the extra `word`. {HOW}",
        ) from wrong


def inert(text: str) -> str:
    r"""Return a text on one line that XML can hold: control characters spelt out or removed.

    Examples
    --------
    >>> inert("a\x1b[2J, a line\nbreak, 5 %"), inert("a\ufffe\uffffb")
    ('a\\x1b[2J, a line break, 5\xa0%', 'ab')
    """
    return ILLEGAL.sub("", printable(tie(" ".join(text.split()))))


def document(report: Report) -> bytes:
    """Return the Word document (.docx) of a report's brief.

    Parameters
    ----------
    report
        Its title, subtitle, answer, brief and provenance are written. A report without a brief
        gives its answer and its certificate.

    Returns
    -------
    bytes
        A zip archive as Office Open XML has it.

    Raises
    ------
    InputError
        The extra ``word`` is missing.

    Examples
    --------
    >>> from detente.render import Report
    >>> made = document(Report("The strait crisis", "Findings", "War: 18 %.", []))
    >>> made[:2], document(Report("The strait crisis", "Findings", "War: 18 %.", [])) == made
    (b'PK', True)
    """
    check_word()
    made = _Document(report).write()
    stream = io.BytesIO()
    made.save(stream)
    return _packed(stream.getvalue())


class _Document:
    """A document that is being written; it numbers the figures."""

    def __init__(self, report: Report) -> None:
        import docx

        self.report, self.figures = report, 0
        self.made = docx.Document()
        _prepare(self.made, report)

    def write(self) -> Any:
        report, brief = self.report, self.report.brief
        self.made.add_paragraph(inert(report.title), style="Title")
        if report.subtitle:
            self.prose(report.subtitle, "Subtitle")
        self.made.add_heading(inert(brief.title) if brief else "Answer", 1)
        self.prose(report.answer, "Intense Quote")
        self.certificate(brief)
        if not report.certified:
            self.prose("Some results of the whole report failed their check.")
        if brief is not None:
            self.brief(brief)
        if report.meta:
            self.made.add_heading("Provenance", 2)
            self.prose("; ".join(f"{name} {_short(value)}" for name, value in report.meta.items())
                       + ". Every number depends on the assumptions of the crisis file. The whole "
                       "report (HTML) lists them.", "Small")
        return self.made

    def brief(self, brief: Section) -> None:
        """Write the tables and the notes, then the charts, so that the text begins on page 1."""
        for table in brief.tables[:1]:
            self.table(table)
        if brief.notes:
            self.made.add_heading(NOTES, 2)
            for note in brief.notes:
                self.prose(note, "List Bullet")
        for table in brief.tables[1:]:
            self.table(table)
        if brief.charts:
            self.made.add_heading("Charts", 2)
        for chart in brief.charts:
            self.chart(chart)

    def certificate(self, brief: Section | None) -> None:
        """Write whether the solutions passed their checks, in a line."""
        if brief is not None:
            passed, line = brief.certified, brief.certificate
        else:
            passed, line = self.report.answer_certified, self.report.certificate
        word = None if passed is None else "Solution checked" if passed else "Check failed"
        if word or line:
            self.prose(": ".join(x for x in (word, line) if x), "Small")

    def prose(self, text: str, style: str | None = None, into: Any = None) -> Any:
        """Write a paragraph; what stands between backticks is in the font of code."""
        paragraph = self.made.add_paragraph(style=style) if into is None else into
        for k, part in enumerate(re.split(r"`([^`\n]+)`", text)):
            if part:
                run = paragraph.add_run(inert_part(part))
                if k % 2:
                    run.font.name = "Courier New"
        return paragraph

    def table(self, table: Table) -> None:
        """Write a table; its head repeats on each page, and no row is split."""
        if table.title:
            self.made.add_heading(inert(table.title), 2)
        heads = table.heads
        grid = self.made.add_table(rows=1, cols=len(heads))
        grid.autofit = False
        widths = _widths(table)
        _describe_table(grid, inert(table.title) or ", ".join(inert(h.heading) for h in heads))
        _cells(self, grid.rows[0], [h.heading for h in heads], table, widths, head=True)
        last = len(table.rows) - 1
        for k, row in enumerate(table.rows):
            shown = [column.show(value) for column, value in zip(heads, row, strict=True)]
            # The head stays with the first row, and a short table stays whole.
            keep = k < last and (k == 0 or last < SHORT)
            _cells(self, grid.add_row(), shown, table, widths, keep=keep)
        self.made.add_paragraph(style="Small").paragraph_format.space_after = 0

    def chart(self, chart: Chart) -> None:
        """Write a chart as a picture with its alternative text, and the caption below it."""
        from docx.shared import Cm, Emu

        self.figures += 1
        try:
            svg = chart.to_svg()
            png = draw("svg_to_png", svg, scale=PIXELS)
        except NotDrawnError as wrong:
            self.prose(f"This chart is missing: {wrong}. {chart.alt}", "Small")
        else:
            paragraph = self.made.add_paragraph()
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_before = 0
            picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(WIDTH))
            ratio = min(1.0, Cm(TALLEST) / picture.height)
            picture.width, picture.height = (Emu(round(ratio * x))
                                             for x in (picture.width, picture.height))
            properties = picture._inline.docPr
            properties.set("descr", inert(chart.alt))
            properties.set("name", f"Figure {self.figures}")
        _caption(self.made.add_paragraph(style="Caption"), self.figures,
                 inert(chart.title or chart.alt))


def inert_part(text: str) -> str:
    """Return a part of a text as `inert` does, with the spaces at its ends."""
    before, after = text[:1].isspace(), text[-1:].isspace() and bool(text.strip())
    return " " * before + inert(text) + " " * after


def _short(value: object) -> str:
    """Return a value of the provenance; only the beginning of a hash."""
    text = f"{value:g}" if isinstance(value, float) else cell(value)
    return text[:12] if re.fullmatch("[0-9a-f]{40,}", text) else text


def _widths(table: Table) -> list[float]:
    """Return the widths of the columns in centimetres, by the length of their texts."""
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.heads)
    shown = [[c.heading, *map(c.show, column)]
             for c, column in zip(table.heads, columns, strict=True)]
    letters = [min(max(map(len, column), default=1), 70) + 3 for column in shown]
    needed = [LETTER * n for n in letters]
    return [x * min(1.0, WIDTH / sum(needed)) for x in needed]


def _cells(
    made: _Document, row: Any, texts: list[str], table: Table, widths: list[float], *,
    head: bool = False, keep: bool = False,
) -> None:
    """Fill a row of a table and draw the line below it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm, RGBColor

    properties = row._tr.get_or_add_trPr()
    properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if head:
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for text, column, width, box in zip(texts, table.heads, widths, row.cells, strict=True):
        box.width = Cm(width)
        box._tc.get_or_add_tcPr().append(parse_xml(
            f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="{8 if head else 4}" '
            f'w:space="0" w:color="{LINE}"/></w:tcBorders>'))
        paragraph = box.paragraphs[0]
        paragraph.style = "Cell"
        made.prose(text, into=paragraph)
        paragraph.paragraph_format.keep_with_next = head or keep
        if column.format:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if head:
            for run in paragraph.runs:
                run.font.color.rgb = RGBColor.from_string(FAINT)


def _describe_table(grid: Any, text: str) -> None:
    """Give a table its alternative text, and cells a small margin to their right."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    properties = grid._tbl.tblPr
    properties.append(parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="140" w:type="dxa"/></w:tblCellMar>'))
    look = properties.find(qn("w:tblLook"))
    if look is not None:  # the schema has it after the margins
        properties.append(look)
    described = parse_xml(f"<w:tblDescription {nsdecls('w')}/>")
    described.set(qn("w:val"), text)
    properties.append(described)


def _caption(paragraph: Any, number: int, text: str) -> None:
    """Write a caption whose number Word keeps up to date."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph.add_run("Figure ")
    paragraph._p.append(parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ Figure \\* ARABIC "><w:r><w:t>{number}'
        "</w:t></w:r></w:fldSimple>"))
    paragraph.add_run(f". {text}")


def _prepare(made: Any, report: Report) -> None:
    """Set paper, styles, language and properties."""
    from docx.oxml.ns import qn
    from docx.shared import Cm

    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    # Text 17 cm wide and 23.9 cm high: it fits letter paper too.
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.8)
    section.footer_distance = Cm(0.8)
    _styles(made)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    properties = made.core_properties
    properties.title = inert(report.title)[:200]
    properties.author = properties.last_modified_by = "detente"
    properties.comments = properties.keywords = properties.subject = ""
    properties.language = "en"
    for child in list(properties._element):
        if child.tag.endswith(("}created", "}modified")):  # the same report, the same bytes
            properties._element.remove(child)
    package = made.part.package
    for key in [k for k, rel in package.rels.items() if rel.reltype.endswith("/thumbnail")]:
        del package.rels[key]  # a picture of the template
    _footer(section)


def _styles(made: Any) -> None:
    """Change the styles of python-docx's template to those of the page."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Pt, RGBColor

    made.styles.add_style("Small", WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    made.styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    for name, font, size, bold, colour, before, after in (
        ("Normal", "Georgia", 10.5, False, INK, 0, 4),
        ("Title", "Arial", 20, True, INK, 0, 3),
        ("Subtitle", "Georgia", 10.5, False, FAINT, 0, 4),
        ("Heading 1", "Arial", 14, True, INK, 6, 3),
        ("Heading 2", "Arial", 11.5, True, INK, 8, 3),
        ("Intense Quote", "Georgia", 12, False, INK, 3, 5),
        ("List Bullet", "Georgia", 10.5, False, INK, 0, 3),
        ("Caption", "Arial", 9, False, FAINT, 2, 8),
        ("Small", "Arial", 8.5, False, FAINT, 0, 4),
        ("Cell", "Arial", 9, False, INK, 1.5, 1.5),
    ):
        style = made.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.bold, style.font.italic = bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        fonts = style.element.rPr.rFonts
        for of in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{of}"), None)  # the theme's font would win
        spacing = style.element.rPr.find(qn("w:spacing"))
        if spacing is not None:
            style.element.rPr.remove(spacing)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.1
        form.widow_control = True
        form.keep_with_next = name in ("Title", "Heading 1", "Heading 2")
        if name in ("Title", "Intense Quote"):
            _unframe(style)
    quote = made.styles["Intense Quote"]
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Pt(8)
    quote.paragraph_format.keep_together = True
    properties = quote.element.get_or_add_pPr()
    border = parse_xml(f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="36" w:space="8" '
                       f'w:color="{BLUE}"/></w:pBdr>')
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{TINT}"/>')
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(border)
    spacing.addprevious(shade)


def _unframe(style: Any) -> None:
    """Remove the borders of a style of the template."""
    from docx.oxml.ns import qn

    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def _footer(section: Any) -> None:
    """Write the number of the page at the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph = section.footer.paragraphs[0]
    paragraph.style = "Small"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run("Made with detente. Page ")
    paragraph._p.append(parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def _packed(content: bytes) -> bytes:
    """Return the archive with fixed dates; the author, detente's mark, stands at its beginning."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        names = sorted(given.namelist(), key=lambda name: (name != "docProps/core.xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            plain = name == "docProps/core.xml"
            entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()
