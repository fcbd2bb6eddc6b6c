"""Read a text file of separated cells: CSV with commas, semicolons or tabs.

Every cell stays text here. `detente.tables.kinds` decides what a column holds.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import InputError, nearest

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_COLUMNS", "TextTable", "parse_table", "read_bytes",
           "read_table"]

MAX_BYTES = 100_000_000
"""Largest file that is read, in bytes."""

MAX_COLUMNS = 5_000
MAX_CELLS = 20_000_000
"""Largest number of cells of a table."""

PROBED = 1_000
"""Rows that decide which of several possible separators a file uses."""

MARKS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class TextTable:
    """A table whose cells are text, without surrounding spaces.

    Attributes
    ----------
    file
        Name of the file, for messages.
    names
        The column names.
    places
        Position in the file of each column, from 1.
    rows
        The cells, one tuple per row.
    lines
        Line of the file at which each row begins, from 1.
    mark
        The separator: ``,``, ``;`` or a tab.
    notes
        Remarks about the parts of the file that are not used.
    head
        Line of the column names, from 1.
    """

    file: str
    names: tuple[str, ...]
    places: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    mark: str
    notes: tuple[str, ...] = ()
    head: int = 1

    def cells(self, name: str) -> list[str]:
        """Return the cells of one column.

        Raises
        ------
        InputError
            The table has no such column.
        """
        k = self.index(name)
        return [row[k] for row in self.rows]

    def index(self, name: str) -> int:
        """Return the index of a column.

        Raises
        ------
        InputError
            The table has no such column.
        """
        if name not in self.names:
            raise InputError(
                f"the table has no column {name!r}", file=self.file, line=self.head,
                expected="one of " + listed(self.names), nearest=nearest(name, self.names),
            )
        return self.names.index(name)


def listed(names: tuple[str, ...], most: int = 12) -> str:
    """Return the first names, and how many more there are.

    Examples
    --------
    >>> listed(("a", "b", "c"), most=2)
    'a, b and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def read_table(path: str | os.PathLike[str]) -> TextTable:
    """Read a table from a file.

    Raises
    ------
    InputError
        The file cannot be read, is not a table, or is larger than the limits of this module. The
        error names the line, and the column if one cell is wrong.
    """
    return parse_table(read_bytes(path), str(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a file of at most `MAX_BYTES`.

    Raises
    ------
    InputError
        The file cannot be read or is too large.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, FileNotFoundError):
            raise InputError("cannot read: there is no such file", file=name,
                             expected="the path of a table") from None
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise InputError(f"the file cannot be read: {reason}", file=name,
                         expected="a file that you may read") from None
    if len(raw) > MAX_BYTES:
        raise InputError("the file is too large", file=name,
                         expected=f"at most {MAX_BYTES:,} bytes; leave out columns or rows")
    return raw


def parse_table(raw: bytes, file: str) -> TextTable:
    r"""Return the table in the bytes of a file.

    The first row that is not blank holds the names of the columns. Blank rows are left out. A
    column without a name, such as the row numbers that other programs write, is left out and
    noted. Line ends may be LF, CR LF or CR. Cells may be quoted with ``"``.

    Raises
    ------
    InputError
        As in `read_table`.

    Examples
    --------
    >>> table = parse_table(b'x;country\n1;NA\n\n2;"a;b"\n', "t.csv")
    >>> table.names, table.rows, table.lines
    (('x', 'country'), (('1', 'NA'), ('2', 'a;b')), (2, 4))
    >>> parse_table(b"x,y\n1\n", "t.csv")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: t.csv:2: the row has 1 cell, but the table has 2 columns; ...
    """
    text = _decoded(raw, file)
    mark = _separator(text, file)
    rows = _records(text, mark, file)
    first = next(rows, None)
    if first is None:
        raise InputError("the file is empty", file=file, line=1,
                         expected="a row of column names, then one row of cells per observation")
    names, places, notes = _header(first[1], first[0], file)
    width, keep = len(first[1]), [p - 1 for p in places]
    found: list[tuple[str, ...]] = []
    lines: list[int] = []
    most = MAX_CELLS // max(1, width)
    for line, cells in rows:
        if len(cells) != width:
            raise _ragged(cells, width, line, mark, file, bool(found))
        if len(found) >= most:
            raise InputError("the table is too large", file=file, line=line,
                             expected=f"at most {MAX_CELLS:,} cells; leave out columns or rows")
        found.append(tuple(cells[k] for k in keep))
        lines.append(line)
    return TextTable(file, tuple(names), tuple(places), tuple(found), tuple(lines), mark,
                     tuple(notes), first[0])


def _decoded(raw: bytes, file: str) -> str:
    for start, code in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if raw.startswith(start):
            raise InputError(f"the text is {code}, not UTF-8", file=file, line=1,
                             expected="text in UTF-8; save the table again in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        before = raw[: wrong.start]
        line = len(before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        begin = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        shown = before[begin:][-20:].decode("utf-8", "replace")
        raise InputError(
            f"the text is not UTF-8: byte {raw[wrong.start]:#04x} after {shown!r}", file=file,
            line=line, expected="text in UTF-8; save the table again in UTF-8",
        ) from None
    if "\0" in text:
        line = len(text[: text.index("\0")].splitlines()) or 1
        raise InputError("the text holds a NUL character", file=file, line=line,
                         expected="a text file; save the table again as CSV in UTF-8")
    return text


def _records(text: str, mark: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the stripped cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=mark, strict=True)
    begin = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            raise InputError(
                f"the row cannot be read as CSV: {wrong}", file=file, line=begin,
                expected="cells separated by commas, semicolons or tabs, and a closing quote for "
                "each opening quote",
            ) from None
        if cells is None:
            return
        cells = [c.strip() for c in cells]
        if any(cells):
            yield begin, cells
        begin = reader.line_num + 1


def _separator(text: str, file: str) -> str:
    """Return the separator: the only one in the header, else the only one that fits the rows."""
    head = ""
    for line in io.StringIO(text, newline=None):
        head += line
        if head.strip() and head.count('"') % 2 == 0:
            break
        if len(head) > 1_000_000:
            break
    quoted, counts = False, dict.fromkeys(MARKS, 0)
    for c in head.strip(" \r\n"):
        if c == '"':
            quoted = not quoted
        elif not quoted and c in counts:
            counts[c] += 1
    possible = [m for m, n in counts.items() if n]
    if len(possible) < 2:
        return possible[0] if possible else ","
    fits = []
    for mark in possible:
        try:
            widths = {len(cells) for _, (_, cells) in
                      zip(range(PROBED), _records(text, mark, file), strict=False)}
        except InputError:
            continue
        if len(widths) == 1:
            fits.append(mark)
    if len(fits) > 1:
        raise InputError(
            "the separator is not clear: the rows can be divided at "
            + " or at ".join(MARKS[m] for m in fits), file=file, line=1,
            expected="one kind of separator; quote the names and cells that hold another",
        )
    return fits[0] if fits else max(possible, key=lambda m: counts[m])


def _header(cells: list[str], line: int, file: str) -> tuple[list[str], list[int], list[str]]:
    if len(cells) > MAX_COLUMNS:
        raise InputError(f"the table has {len(cells):,} columns", file=file, line=line,
                         expected=f"at most {MAX_COLUMNS:,} columns")
    names: list[str] = []
    places: list[int] = []
    notes: list[str] = []
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())
        if not name:
            notes.append(f"column {place} has no name and is left out")
            continue
        if name in seen:
            raise InputError(
                f"two columns are called {name!r}: columns {seen[name]} and {place}", file=file,
                line=line, column=place, expected="a different name for each column",
            )
        seen[name] = place
        names.append(name)
        places.append(place)
    return names, places, notes


def _ragged(
    cells: list[str], width: int, line: int, mark: str, file: str, later: bool
) -> InputError:
    n = len(cells)
    if not later and n == width + 1:
        expected = (f"{width} cells; if the first cell of each row is a row name, give that column "
                    "a name in the header or leave it out")
    elif n > width and mark == ",":
        expected = f"{width} cells; put quotes around cells that hold a comma"
    else:
        expected = f"{width} cells, separated by {MARKS[mark]}"
    return InputError(
        f"the row has {n} cell{'s' if n != 1 else ''}, but the table has {width} "
        f"column{'s' if width != 1 else ''}", file=file, line=line, expected=expected,
    )
