"""The report in a terminal: the same sections, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.render.plain import cell, is_missing
from detente.render.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from detente.render.section import Report, Section

__all__ = ["show", "show_section", "show_table"]

BAR = 12
"""Number of characters of a full bar, if the terminal is wide enough."""
LONGEST = (40, 26, 18, 12, 8, 1)
"""Lengths up to which words are not broken; the first that fits the terminal is used."""


def show(report: Report, console: Console | None = None) -> None:
    """Print a report; a chart is its alternative text, because the tables have its numbers.

    Parameters
    ----------
    report
        What to print.
    console
        The console; standard output if not given.

    Examples
    --------
    >>> from detente.render import Report
    >>> show(Report("The strait crisis", "Findings", "War: 18 %.", []))
    The strait crisis
    Findings
    <BLANKLINE>
    War: 18 %.
    """
    out = _console(console)
    out.print(_text(report.title, "bold"))
    if report.subtitle:
        out.print(_text(report.subtitle, "dim"))
    out.print()
    out.print(_text(report.answer))
    _badge(out, report.answer_certified, report.certificate)
    for section in report.sections:
        out.print()
        show_section(section, out)
    if report.meta:
        out.print()
        meta = [(name, cell(value)) for name, value in report.meta.items()]
        show_table(Table("Provenance", ["", "value"], meta), out)


def show_section(section: Section, console: Console | None = None) -> None:
    """Print one section."""
    out = _console(console)
    out.print(_text(section.title, "bold underline"))
    if section.lead:
        out.print(_text(section.lead))
    _badge(out, section.certified, section.certificate)
    for table in section.tables:
        show_table(table, out)
    if not section.tables:
        for chart in section.charts:
            out.print(_text(f"{chart.title}: {chart.alt}"))
    for note in section.notes:
        out.print(_text(note, "dim"))


def show_table(table: Table, console: Console | None = None) -> None:
    """Print one table."""
    from rich import box
    from rich.table import Table as Grid

    out = _console(console)
    grid = Grid(
        title=_text(table.title, "bold") if table.title else None,
        title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
    )
    bar = BAR if out.width >= 100 else BAR // 2
    shown = [
        [_bar(value, column.show(value), bar) if column.bar else column.show(value)
         for column, value in zip(table.heads, row, strict=True)]
        for row in table.rows
    ]
    heads = table.heads
    words = [
        [w for row in shown for w in row[k].split()] + head.heading.split()
        for k, head in enumerate(heads)
    ]
    longest = [max(map(len, column), default=1) for column in words]
    whole = next(
        (n for n in LONGEST if sum(min(x, n) + 3 for x in longest) <= out.width), LONGEST[-1]
    )
    whole_cells = [
        max(map(len, [head.heading, *(row[k] for row in shown)])) for k, head in enumerate(heads)
    ]
    least = [
        full if head.bar else min(letters, whole)
        for head, letters, full in zip(heads, longest, whole_cells, strict=True)
    ]
    widths = _widths(whole_cells, least, out.width - 3 * len(heads) + 1)
    for column, letters in zip(heads, widths, strict=True):
        grid.add_column(
            _text(column.heading),
            justify="right" if column.format and not column.bar else "left",
            no_wrap=column.bar, overflow="fold", width=letters,
        )
    for row in shown:
        grid.add_row(*map(_text, row))
    out.print(grid)


def _widths(full: list[int], least: list[int], room: int) -> list[int]:
    """Return column widths that fit the space: the widest shrink, none below its least width.

    Examples
    --------
    >>> _widths([4, 30, 50], [4, 8, 8], 50)
    [4, 23, 23]
    """
    for most in range(max(full, default=0), 0, -1):
        widths = [max(low, min(x, most)) for x, low in zip(full, least, strict=True)]
        if sum(widths) <= room:
            return widths
    return least


def _bar(value: Any, shown: str, letters: int) -> str:
    if is_missing(value) or isinstance(value, str):
        return shown
    return f"{shown:>7} " + "█" * round(letters * min(max(float(value), 0.0), 1.0))


def _badge(out: Console, certified: bool | None, certificate: str | None) -> None:
    if certified is None and not certificate:
        return
    word, style = {True: ("solution checked", "green"), False: ("check failed", "bold red")}.get(
        certified, ("", "")  # type: ignore[arg-type]
    )
    line = _text(f"[{word}] " if word else "", style)
    line.append(certificate or "", "dim")
    out.print(line)


def _text(text: str, style: str = "") -> Any:
    """Return text without rich markup: names in square brackets are printed unchanged."""
    from rich.text import Text

    return Text(text, style)


def _console(console: Console | None) -> Console:
    from rich.console import Console

    return console or Console(highlight=False)
