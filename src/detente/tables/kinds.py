r"""Decide what a column of text cells holds, by one rule, and refuse doubtful cells.

A cell is missing if it is empty or was declared missing. The other cells decide the kind:

- *whole number* or *number*: every cell is a number such as ``-12``, ``0.5`` or ``1e-3``. If the
  file is not separated by commas, decimal commas are read too, provided that they are clear.
- *yes/no*: every cell is one of a pair (yes and no, true and false, y and n, t and f). Yes is 1.
- *category*: other text with few different values (`FEW`, or up to `MANY` if each value has four
  rows on average). Words such as ``NA``, ``None``, ``nan`` and ``null`` are text.
- *text*: other text with more different values.

A cell is doubtful if the rest of the column says that it is something else: a ``.`` or a word among
numbers, ``1,000`` or ``12,500``, a decimal comma between commas, ``50%``, or a cell without any
letter or digit among names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.errors import InputError
from detente.tables.text import TextTable

__all__ = ["COMMA", "FEW", "MANY", "THOUSANDS", "Column", "Missing", "columns_line", "key_column",
           "meant", "number_of", "text_column", "typed_column"]

FEW, MANY = 20, 200
"""Different values up to which text is a category: always, and with four rows per value."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
WHOLE = re.compile(r"[+-]?[0-9]+")
COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]{1,4})?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
NUMERIC = re.compile(
    "[+\\-\u2212\u2013]?\\s*[$\u20ac\u00a3\u00a5]?\\s*[.,]?[0-9][0-9 ,.'_\u2019\u00a0\u202f]*"
    "(?:[eE][+-]?[0-9]+)?\\s*[%$\u20ac\u00a3\u00a5]?"
)
"""Cells that a person may have meant as a number."""

BROKEN = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|####+)", re.IGNORECASE)
"""Errors that a spreadsheet writes in a cell."""

PAIRS = (("yes", "no"), ("true", "false"), ("y", "n"), ("t", "f"))


@dataclass(frozen=True)
class Missing:
    """Cells that count as missing in addition to empty ones.

    Attributes
    ----------
    everywhere
        Texts that are missing in every column.
    of
        Texts that are missing in one column, by column.
    """

    everywhere: frozenset[str] = frozenset()
    of: Mapping[str, frozenset[str]] | None = None

    @staticmethod
    def declared(texts: Iterable[str], names: Sequence[str]) -> Missing:
        """Return the declarations in ``TEXT`` or ``COLUMN=TEXT``.

        Raises
        ------
        InputError
            A declaration is empty.

        Examples
        --------
        >>> some = Missing.declared([".", "x=NA"], ["x", "country"])
        >>> some.holds("x", "NA"), some.holds("country", "NA"), some.holds("country", ".")
        (True, False, True)
        """
        everywhere, of = set[str](), dict[str, set[str]]()
        for text in texts:
            name, mark, cell = text.partition("=")
            if mark and name.strip() in names:
                of.setdefault(name.strip(), set()).add(cell.strip())
            elif text.strip():
                everywhere.add(text.strip())
            else:
                raise InputError("--missing declares an empty text",
                                 expected='a text, such as --missing "."; empty cells are always '
                                 "missing")
        return Missing(frozenset(everywhere), {k: frozenset(v) for k, v in of.items()})

    def holds(self, name: str, cell: str) -> bool:
        """Return whether a cell of a column is missing."""
        if not cell or cell in self.everywhere:
            return True
        return cell in (self.of or {}).get(name, ())


@dataclass(frozen=True)
class Column:
    """A column with its kind.

    Attributes
    ----------
    name
        Its name.
    kind
        ``whole number``, ``number``, ``yes/no``, ``category``, ``text`` or ``empty``.
    values
        One value per row: a number, a text, or None if it is missing.
    missing
        Number of missing cells.
    levels
        Number of different values.
    remark
        How the cells were read, if that is not the usual way.
    """

    name: str
    kind: str
    values: tuple[float | int | str | None, ...]
    missing: int
    levels: int
    remark: str = ""

    def words(self) -> str:
        """Return the name and the kind in words.

        Examples
        --------
        >>> Column("country", "category", ("FR", "NA", None), 1, 2).words()
        'country category of 2 (1 missing)'
        """
        what = f"{self.kind} of {self.levels}" if self.kind == "category" else self.kind
        more = [self.remark] * bool(self.remark) + [f"{self.missing} missing"] * bool(self.missing)
        return f"{self.name} {what}" + (f" ({', '.join(more)})" if more else "")


def columns_line(columns: Iterable[Column]) -> str:
    """Return one line that says what each column was taken for."""
    return "columns: " + ", ".join(c.words() for c in columns)


def number_of(cell: str) -> float | int | None:
    """Return the number that a cell spells, or None if it spells none.

    Examples
    --------
    >>> number_of("-12"), number_of(".5"), number_of("1,000"), number_of("nan")
    (-12, 0.5, None, None)
    """
    if not NUMBER.fullmatch(cell):
        return None
    if WHOLE.fullmatch(cell) and len(cell) < 19:
        return int(cell)
    value = float(cell)
    return value if abs(value) < float("inf") else None


def typed_column(table: TextTable, name: str, missing: Missing) -> Column:
    r"""Return a column with the kind that its cells have.

    Raises
    ------
    InputError
        The table has no such column, or one of its cells is doubtful.

    Examples
    --------
    >>> from detente.tables.text import parse_table
    >>> table = parse_table(b"x,country\n1.5,NO\n2,NA\n.,FR\n", "t.csv")
    >>> typed_column(table, "country", Missing()).words()
    'country category of 3'
    >>> typed_column(table, "x", Missing())
    Traceback (most recent call last):
    ...
    detente.errors.InputError: t.csv:4:1: column 'x', row 3: '.' is not a number, but 2 of the 3 ...
    """
    cells = table.cells(name)
    first = _first(cells, name, missing)
    _no_broken(table, name, first)
    known = {c: v for c in first if (v := number_of(c)) is not None}
    if first and len(known) == len(first):
        return _numbers(table, name, cells, known, missing)
    commas = _decimal_commas(table, first)
    if commas is not None:
        return _numbers(table, name, cells, commas, missing, "decimal commas")
    if any(NUMERIC.fullmatch(c) for c in first):
        raise _doubtful(table, name, cells, first, known, missing)
    pair = _pair(first)
    if pair is not None:
        values = {c: int(c.casefold() == pair[0]) for c in first}
        return _column(table, name, "yes/no", cells, values, missing, f"{pair[0]} = 1")
    _no_symbols(table, name, first)
    few = len(first) <= FEW or (len(first) <= MANY and 4 * len(first) <= len(cells))
    kind = "empty" if not first else "category" if few else "text"
    return _column(table, name, kind, cells, {c: c for c in first}, missing)


def text_column(table: TextTable, name: str, missing: Missing) -> Column:
    """Return a column whose cells are names, whatever they look like.

    Raises
    ------
    InputError
        The table has no such column, or a cell has neither a letter nor a digit.
    """
    cells = table.cells(name)
    first = _first(cells, name, missing)
    _no_broken(table, name, first)
    _no_symbols(table, name, first)
    return _column(table, name, "category", cells, {c: c for c in first}, missing)


def key_column(table: TextTable, name: str, missing: Missing) -> Column:
    r"""Return a column whose values only tell groups apart: equal numbers are one group.

    Raises
    ------
    InputError
        The table has no such column, or a cell has neither a letter nor a digit.

    Examples
    --------
    >>> from detente.tables.text import parse_table
    >>> key_column(parse_table(b"id\n1\n1.0\n2\n", "t.csv"), "id", Missing()).values
    ('1', '1', '2')
    """
    column = text_column(table, name, missing)
    seen = dict.fromkeys(v for v in column.values if v is not None)
    if not all(NUMBER.fullmatch(str(v)) for v in seen):
        return column
    plain = {v: _normal(str(v)) for v in seen}
    values = tuple(None if v is None else plain[v] for v in column.values)
    return Column(name, "category", values, column.missing, len(set(plain.values())))


def _normal(cell: str) -> str:
    if WHOLE.fullmatch(cell):
        return str(int(cell)) if len(cell) < 4_000 else cell
    value = float(cell)
    return str(int(value)) if abs(value) < 2**53 and value == int(value) else repr(value)


def _first(cells: Sequence[str], name: str, missing: Missing) -> dict[str, int]:
    """Return the different cells that are not missing, with the first row of each."""
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if cell not in first:
            first[cell] = row
    return {c: row for c, row in first.items() if not missing.holds(name, c)}


def _column(
    table: TextTable, name: str, kind: str, cells: Sequence[str],
    values: Mapping[str, float | int | str], missing: Missing, remark: str = "",
) -> Column:
    out = tuple(values.get(c) for c in cells)
    return Column(name, kind, out, sum(v is None for v in out), len(set(values.values())), remark)


def _numbers(
    table: TextTable, name: str, cells: Sequence[str], known: Mapping[str, float | int],
    missing: Missing, remark: str = "",
) -> Column:
    whole = all(isinstance(v, int) or (float(v).is_integer() and abs(v) < 2**53)
                for v in known.values())
    values = {c: int(v) if whole else float(v) for c, v in known.items()}
    return _column(table, name, "whole number" if whole else "number", cells, values, missing,
                   remark)


def _decimal_commas(table: TextTable, first: Mapping[str, int]) -> dict[str, float | int] | None:
    """Return the values of a column with decimal commas, or None if that is not clear.

    Commas are clear if they do not separate the cells, no cell has a decimal point, and some cell
    cannot be a number with thousands.
    """
    if table.mark == "," or not first:
        return None
    if not all(COMMA.fullmatch(c) or WHOLE.fullmatch(c) for c in first):
        return None
    if not any(COMMA.fullmatch(c) and not THOUSANDS.fullmatch(c) for c in first):
        return None
    values = {c: number_of(c.replace(",", ".", 1)) for c in first}
    return {c: v for c, v in values.items() if v is not None} if None not in values.values() else (
        None)


def _pair(first: Mapping[str, int]) -> tuple[str, str] | None:
    low = {c.casefold() for c in first}
    return next((p for p in PAIRS if low and low <= set(p)), None)


def _place(table: TextTable, name: str, row: int) -> tuple[str, int, int]:
    return table.file, table.lines[row], table.places[table.index(name)]


def _refused(table: TextTable, name: str, row: int, message: str, expected: str) -> InputError:
    file, line, column = _place(table, name, row)
    return InputError(f"column {name!r}, row {row + 1}: {message}", file=file, line=line,
                      column=column, expected=expected)


def _declare(name: str, cell: str) -> str:
    return f'declare it with --missing "{name}={cell}" if it means that the value is missing'


def _no_broken(table: TextTable, name: str, first: Mapping[str, int]) -> None:
    for cell, row in first.items():
        if BROKEN.match(cell):
            raise _refused(table, name, row, f"{cell[:40]!r} is a spreadsheet's error",
                           f"a value; correct the cell, or {_declare(name, cell[:40])}")


def _no_symbols(table: TextTable, name: str, first: Mapping[str, int]) -> None:
    for cell, row in first.items():
        if not any(c.isalnum() for c in cell):
            raise _refused(
                table, name, row, f"{cell[:40]!r} is not a name",
                f"a text with a letter or a digit; correct the cell, or "
                f"{_declare(name, cell[:40])}",
            )


def _doubtful(
    table: TextTable, name: str, cells: Sequence[str], first: Mapping[str, int],
    known: Mapping[str, float | int], missing: Missing,
) -> InputError:
    """Return the error for a column that is neither numbers nor names."""
    odd = {c: row for c, row in first.items() if c not in known}
    total = sum(c in first for c in cells)
    numbers = sum(c in known for c in cells)
    numeric = [c for c in odd if NUMERIC.fullmatch(c)]
    if not known and len(numeric) < len(odd):  # mostly names, and some cell like a number
        odd = {c: row for c, row in odd.items() if c in numeric}
    # The rarer kind is the likelier mistake; both are named.
    if numbers and numbers < total - numbers and not numeric:
        cell, row = next(iter(known)), first[next(iter(known))]
        other = next(iter(odd))
        return _refused(
            table, name, row, f"{cell[:40]!r} is a number, but {total - numbers} of the {total} "
            f"cells are text, such as {other[:40]!r}",
            "numbers in every row or text in every row; correct the cells",
        )
    cell, row = min(((c, r) for c, r in odd.items()), key=lambda x: x[1])
    hint = meant(cell)
    among = (f", but {numbers} of the {total} cells are numbers" if numbers else
             ", but it looks like one")
    return _refused(
        table, name, row, f"{cell[:40]!r} is not a number{among}",
        (f"{hint}; " if hint else "") + "a number with a decimal point and no other marks, in "
        f"every row; correct the cell, or {_declare(name, cell[:40])}",
    )


def meant(cell: str) -> str:
    """Return what a doubtful cell should be, if it can be said."""
    plain = cell.replace("\u2212", "-").replace("\u2013", "-")
    if COMMA.fullmatch(plain) and not THOUSANDS.fullmatch(plain):
        return plain.replace(",", ".")
    if THOUSANDS.fullmatch(plain):
        return f"{plain.replace(',', '')} or {plain.replace(',', '.', 1)}, whichever is meant"
    if plain.endswith("%") and (share := number_of(plain[:-1].strip())) is not None:
        return f"{share / 100:g}"
    return plain if plain != cell and number_of(plain) is not None else ""
