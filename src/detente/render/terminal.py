"""The report in a terminal: the same sections, with rich."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

from detente.errors import ReaderGoneError
from detente.printable import printable
from detente.render.plain import cell, is_missing
from detente.render.table import Table
from detente.render.wrap import fold, longest
from detente.streams import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from detente.render.section import Report, Section

__all__ = ["console", "say", "show", "show_section", "show_table"]

BAR = 12
"""Number of characters of a full bar, if the terminal is wide enough."""


def show(report: Report, console: Console | None = None, full: bool = True) -> None:
    """Print a report; a chart is its alternative text, because the tables have its numbers.

    Parameters
    ----------
    report
        What to print.
    console
        The console; standard output if not given.
    full
        Whether the sections follow the brief.

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
    say(report.title, "bold", console=out)
    if report.brief is not None:
        _brief(report.brief, out, full)
        if not full:
            return
    if report.subtitle:
        say(report.subtitle, "dim", console=out)
    if report.brief is None:
        out.print()
        say(report.answer, console=out)
    _badge(out, report.answer_certified, report.certificate)
    for section in report.sections:
        out.print()
        show_section(section, out)
    if report.meta:
        out.print()
        meta = [(name, cell(value)) for name, value in report.meta.items()]
        show_table(Table("Provenance", ["", "value"], meta), out)


def _brief(brief: Section, out: Console, full: bool) -> None:
    """Print the brief: the headline, the tables without frames, the sentences."""
    say(brief.lead, console=out)
    _badge(out, brief.certified, brief.certificate)
    shown = [t for t in brief.tables if full or not t.later]
    for table in shown[:1]:
        show_plain(table if full else shortened(table), out)
    for note in brief.notes:
        say(note, console=out)
    for table in shown[1:]:
        show_plain(table if full else shortened(table), out)


def shortened(table: Table) -> Table:
    """Return a table without the columns that the first screen leaves out.

    Examples
    --------
    >>> from detente.render.table import Column
    >>> shortened(Table("t", ["a", Column("b", later=True)], [(1, 2)])).as_dict()["rows"]
    [{'a': 1}]
    """
    kept = [k for k, column in enumerate(table.heads) if not column.later]
    return Table(table.title, [table.heads[k] for k in kept],
                 [[tuple(row)[k] for k in kept] for row in table.rows])


def show_plain(table: Table, out: Console) -> None:
    """Print a table without frames, one line per row; a long last cell is wrapped below itself."""
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for k, column in enumerate(table.heads):
        grid.add_column(_text(column.heading), justify="right" if column.format else "left",
                        overflow="fold", no_wrap=k == 0)
    shown = [[column.show(value) for column, value in zip(table.heads, row, strict=True)]
             for row in table.rows]
    *before, _ = ([head.heading, *(row[k] for row in shown)]
                  for k, head in enumerate(table.heads))
    room = out.width - sum(max(map(_letters, column)) + 2 for column in before)
    for row in shown:  # a number and its unit stay on one line
        last = "\n".join(fold(row[-1], room)) if room >= longest(row[-1]) else row[-1]
        grid.add_row(*map(_text, [*row[:-1], last]))
    out.print(grid)


def show_section(section: Section, console: Console | None = None) -> None:
    """Print one section."""
    out = _console(console)
    say(section.title, "bold underline", console=out)
    if section.lead:
        say(section.lead, console=out)
    _badge(out, section.certified, section.certificate)
    for table in section.tables:
        show_table(table, out)
    if not section.tables:
        for chart in section.charts:
            say(f"{chart.title}: {chart.alt}", console=out)
    for note in section.notes:
        say(note, "dim", console=out)


def show_table(table: Table, console: Console | None = None) -> None:
    """Print one table; if its columns do not fit side by side, print its rows as lists."""
    from rich import box
    from rich.table import Table as Grid

    out = _console(console)
    bar = BAR if out.width >= 100 else BAR // 2
    shown = [
        [_bar(value, column.show(value), bar) if column.bar else column.show(value)
         for column, value in zip(table.heads, row, strict=True)]
        for row in table.rows
    ]
    heads = table.heads
    cells = [[head.heading, *(row[k] for row in shown)] for k, head in enumerate(heads)]
    full = [max(map(_letters, column)) for column in cells]
    least = [
        whole if head.bar else max(map(longest, column))
        for head, column, whole in zip(heads, cells, full, strict=True)
    ]
    room = out.width - 3 * len(heads) + 1
    if sum(least) > room:
        _show_rows(table, shown, out)
        return
    grid = Grid(
        title=_text(table.title, "bold") if table.title else None,
        title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
    )
    widths = _widths(full, least, room)
    for column, letters in zip(heads, widths, strict=True):
        grid.add_column(
            _text("\n".join(fold(column.heading, letters))),
            justify="right" if column.format and not column.bar else "left",
            no_wrap=True, overflow="fold", width=letters,
        )
    for row in shown:
        grid.add_row(*(_text(text if head.bar else "\n".join(fold(text, letters)))
                       for text, head, letters in zip(row, heads, widths, strict=True)))
    out.print(grid)


def say(text: str = "", style: str = "", *, indent: str = "", console: Console | None = None
        ) -> None:
    """Print a text, its lines broken by `detente.render.wrap.fold`.

    Parameters
    ----------
    text, style
        The text, printed as it is, and a style of rich.
    indent
        What each line after the first begins with.
    console
        The console; standard output if not given.
    """
    out = _console(console)
    out.print(_text("\n".join(fold(printable(text), out.width, indent)), style),
              no_wrap=True, overflow="ignore", crop=False)


def _show_rows(table: Table, shown: list[list[str]], out: Console) -> None:
    """Print the rows as lists: one line for each cell, after its heading."""
    if table.title:
        out.print()
        say(table.title, "bold", console=out)
    for row in shown:
        for k, (head, text) in enumerate(zip(table.heads, row, strict=True)):
            if not text.strip():
                continue
            told = f"{head.heading}: {text}" if head.heading else text
            say(told if k == 0 else f"  {told}", indent="    ", console=out)


def _letters(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split("\n")))


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
    mark = f"[{word}] " if word else ""
    line = _text("\n".join(fold(mark + (certificate or ""), out.width)))
    line.stylize("dim", len(mark))
    line.stylize(style, 0, len(mark.rstrip()))
    out.print(line, no_wrap=True, overflow="ignore", crop=False)


def _text(text: str, style: str = "") -> Any:
    """Return text without rich markup: names in square brackets are printed unchanged."""
    from rich.text import Text

    return Text(printable(text), style)


def _console(given: Console | None) -> Console:
    return given or console()


def console(stream: TextIO | None = None) -> Console:
    """Return the console that every command prints with; it obeys no text of a file.

    Control characters in what is printed are spelt out, and characters that the terminal's encoding
    lacks are substituted. Styles are written only to a terminal.

    Parameters
    ----------
    stream
        ``sys.stdout`` (if not given) or ``sys.stderr``.

    Examples
    --------
    >>> console().print("two [bold]words[/]")
    two words
    """
    from rich.console import Console
    from rich.segment import Segment

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise ReaderGoneError

    class Harmless:
        """A printed object whose text is made printable; its styles stay."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __rich_console__(self, console: Any, options: Any) -> Any:
            for segment in console.render(self.inner, options):
                if segment.control:
                    yield segment
                else:
                    yield Segment(printable(segment.text), segment.style)

    class Hook:
        def process_renderables(self, renderables: Any) -> Any:
            return [Harmless(one) for one in renderables]

    made = Quiet(file=terminal(stream or sys.stdout), highlight=False)  # type: ignore[arg-type]
    made.push_render_hook(Hook())  # type: ignore[arg-type]
    return made
