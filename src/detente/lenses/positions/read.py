"""Read a table of positions from CSV or YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from detente.errors import InputError, nearest, one_of
from detente.lenses.positions.cells import Cell, decimal_commas, read_cell
from detente.lenses.positions.positions import Positions, TableError
from detente.lenses.positions.table import FIELDS, IssueScale, Row, assemble, same_name
from detente.scenario.model import FilePart, Slug
from detente.scenario.problems import Problem
from detente.scenario.yamlfile import MAX_BYTES as MOST_YAML
from detente.scenario.yamlfile import Document, parse_bytes, read_bytes, validate
from detente.tables.kinds import Missing
from detente.tables.text import TextTable, parse_table
from detente.tables.text import read_bytes as read_table_bytes

__all__ = ["PositionsFile", "read", "read_csv", "read_hashed", "read_yaml_table"]

SCALE = ("low", "high", "reference")

CODES = (-99.0, -999.0)
"""Positions that other files use for missing values."""

KEY = re.compile(rb"^(?:\xef\xbb\xbf)?positions[ \t]*:", re.MULTILINE)
"""The key that each YAML table has, at the beginning of a line."""

COLUMNS = {
    "actor": ("actor", "name", "stakeholder", "player", "country", "party"),
    "issue": ("issue", "topic", "question", "dimension"),
    "position": ("position", "pos", "preference", "ideal"),
    "salience": ("salience", "saliency", "importance", "priority", "sal"),
    "capability": (
        "capability",
        "capabilities",
        "power",
        "influence",
        "resources",
        "weight",
        "cap",
    ),
}
Scalar = str | int | float | None


class Source(FilePart):
    """A cited source."""

    id: Slug
    cite: str
    date: str | None = None


class ActorEntry(FilePart):
    """An actor."""

    name: str | None = Field(None, description="The name to print.")
    capability: Scalar = Field(None, description="Power of the actor, on any common scale.")
    reason: str | None = Field(None, description="Reason for this number.")


class PositionEntry(FilePart):
    """The position of an actor on an issue."""

    position: Scalar = Field(None, description="A number, a percentage or a range `30 to 40`.")
    salience: Scalar = Field(None, description="Importance, 0 to 1 or a percentage.")
    capability: Scalar = Field(None, description="Capability on this issue, if different.")
    reason: str | None = Field(None, description="Reason for these numbers.")
    source: Slug | None = Field(None, description="Id of the source.")


class IssueEntry(FilePart):
    """An issue and the actors' positions on it."""

    title: str | None = Field(None, description="The issue in one line.")
    scale: list[float | int] | None = Field(
        None, description="The two ends of its scale.", min_length=2, max_length=2
    )
    means: dict[str, str] = Field(
        default_factory=dict, description="Meaning of points of the scale."
    )
    reference: float | int | None = Field(None, description="Position without agreement.")
    positions: dict[str, PositionEntry] = Field(min_length=1, description="Positions by actor.")


class PositionsFile(FilePart):
    """Actors, issues and positions."""

    positions: Slug = Field(description="A short name of the table.")
    title: str = Field(description="Its subject in one line.")
    summary: str | None = None
    sources: list[Source] = Field(default_factory=list)
    actors: dict[str, ActorEntry] = Field(min_length=2)
    issues: dict[str, IssueEntry] = Field(min_length=1)


def read(path: str | Path, missing: Sequence[str] = ()) -> Positions:
    """Read a table of positions from a .csv, .tsv, .txt, .yaml or .yml file.

    Parameters
    ----------
    path
        The file.
    missing
        Cells of a CSV file that count as empty, as ``TEXT`` or ``COLUMN=TEXT``.

    Raises
    ------
    InputError
        The file is invalid. The error names the file, line and column.
    """
    return read_hashed(path, missing)[0]


def read_hashed(path: str | Path, missing: Sequence[str] = ()) -> tuple[Positions, str]:
    """Read a table of positions as `read` does, and the SHA-256 of its bytes.

    The file is read once, because it may be a pipe. A name without an extension, such as that of
    standard input, is read as YAML if a line begins with ``positions:``, and as CSV otherwise.
    """
    name, ending = str(path), Path(path).suffix.lower()
    if ending not in ("", ".csv", ".tsv", ".txt", ".yaml", ".yml"):
        raise InputError(
            f"the file extension {ending!r} is unknown", file=name,
            expected=".csv, .tsv, .txt, .yaml or .yml",
        )
    is_yaml = ending in (".yaml", ".yml")
    raw = read_bytes(path) if is_yaml else read_table_bytes(path)
    if not ending and KEY.search(raw[:MOST_YAML]):
        is_yaml = True
        if len(raw) > MOST_YAML:
            raise InputError("the file is too large", file=name,
                             expected=f"at most {MOST_YAML} bytes")
    if is_yaml and missing:
        raise InputError("--missing applies to CSV files", file=name,
                         expected="no --missing with YAML; leave the key out")
    found = _yaml(parse_bytes(raw, file=name))[0] if is_yaml else _csv(raw, name, missing)
    return found, hashlib.sha256(raw).hexdigest()


def read_yaml_table(path: str | Path) -> tuple[Positions, PositionsFile]:
    """Read a YAML table. The second value is the file with its texts."""
    return _yaml(parse_bytes(read_bytes(path), file=str(path)))


def _yaml(document: Document) -> tuple[Positions, PositionsFile]:
    written = validate(document, PositionsFile)
    rows = []
    for issue, entry in written.issues.items():
        for actor, said in entry.positions.items():
            at = ("issues", issue, "positions", actor)
            if actor not in written.actors:
                raise document.error(
                    Problem(
                        at,
                        f"no actor {actor!r}",
                        one_of(actor, written.actors) or "an actor under `actors`; add it",
                        nearest=nearest(actor, written.actors),
                        at_key=True,
                    )
                )
            raw = {
                "position": said.position,
                "salience": said.salience,
                "capability": said.capability
                if said.capability is not None
                else written.actors[actor].capability,
            }
            cells = {f: _yaml_cell(document, at, f, v) for f, v in raw.items()}
            rows.append(Row(actor, issue, cells))
    scales = {}
    for name, e in written.issues.items():
        low, high = e.scale or (None, None)
        scales[name] = IssueScale(low, high, e.reference, e.title)
    titles = {name: a.name for name, a in written.actors.items() if a.name}
    try:
        return replace(assemble(rows, scales, titles), heading=written.title), written
    except InputError as wrong:
        raise _in_issue(wrong, document, written) from None


def _in_issue(wrong: InputError, document: Document, written: PositionsFile) -> InputError:
    at: tuple[str, ...] = ("issues",)
    if isinstance(wrong, TableError) and wrong.issue is not None:
        # Names that differ only in case are one in the table, so any of them may have the number.
        named = [i for i in written.issues if same_name(i) == same_name(wrong.issue)]
        at = ("issues", *named[:1])
        for issue in named:
            for actor in written.issues[issue].positions:
                if wrong.actor is not None and same_name(actor) == same_name(wrong.actor):
                    at = ("issues", issue, "positions", actor, wrong.number or "position")
    return document.error(Problem(at, wrong.message, wrong.expected, wrong.nearest, at_key=True))


def _yaml_cell(
    document: Document, at: tuple[str | int, ...], name: str, value: Scalar
) -> Cell | None:
    try:
        return read_cell(value)
    except InputError as wrong:
        raise document.error(Problem((*at, name), wrong.message, wrong.expected)) from None


def read_csv(path: str | Path, missing: Sequence[str] = ()) -> Positions:
    """Read a CSV table: one row per actor and issue.

    Columns, in any order: actor, issue (optional), position, salience, capability (optional), and
    low, high and reference of the issue's scale. Alternative spellings are accepted. The separator
    is a comma, a semicolon or a tab. Only empty cells and those declared are missing.

    Raises
    ------
    InputError
        The file is invalid. The error names the file, line and column.
    """
    return _csv(read_table_bytes(path), str(path), missing)


def _csv(raw: bytes, name: str, missing: Sequence[str]) -> Positions:
    table = parse_table(raw, name)
    declared = Missing.declared(missing, table.names)
    at = _columns(table)
    numeric = [f for f in (*FIELDS, *SCALE) if f in at]
    commas = {f: decimal_commas(table.cells(table.names[at[f]]), table.mark) for f in numeric}
    rows: list[Row] = []
    scales: dict[str, dict[str, float]] = {}
    coded: list[tuple[int, str, str]] = []
    for k, (cells, line) in enumerate(zip(table.rows, table.lines, strict=True)):
        actor = cells[at["actor"]]
        if not actor:
            raise InputError("the row names no actor", file=name, line=line,
                             column=table.places[at["actor"]], expected="an actor per row")
        issue = (cells[at["issue"]] if "issue" in at else "") or "issue"
        read_here: dict[str, Cell | None] = {}
        for f in numeric:
            title, text = table.names[at[f]], cells[at[f]]
            try:
                cell = None if declared.holds(title, text) else read_cell(text, commas[f])
            except InputError as wrong:
                raise InputError(
                    f"column {title!r}, row {k + 1}: {wrong.message}",
                    file=name,
                    line=line,
                    column=table.places[at[f]],
                    expected=f"{wrong.expected}; or declare the cell as missing with --missing "
                    f'"{title}={text[:20]}"',
                ) from None
            if f in FIELDS:
                read_here[f] = cell
                if f == "position" and cell is not None and cell.value in CODES:
                    coded.append((k, issue, text))
            elif cell is not None:
                scales.setdefault(issue, {}).setdefault(f, cell.value)
        rows.append(Row(actor, issue, read_here, f"line {line}"))
    for k, issue, text in coded:
        if scales.get(issue, {}).get("low", 0.0) > min(CODES):
            raise InputError(
                f"column {table.names[at['position']]!r}, row {k + 1}: {text} is often a code for "
                "a missing value", file=name, line=table.lines[k],
                column=table.places[at["position"]],
                expected=f'a position; declare the code with --missing "{text}", or give the '
                "issue's scale a low end that includes it",
            )
    try:
        made = assemble(
            rows,
            {
                k: IssueScale(v.get("low"), v.get("high"), v.get("reference"))
                for k, v in scales.items()
            },
        )
    except InputError as wrong:
        raise _in_row(wrong, table, rows, at) from None
    return replace(made, read_as=_read_as(table, at, commas))


def _in_row(
    wrong: InputError, table: TextTable, rows: Sequence[Row], at: Mapping[str, int]
) -> InputError:
    """Return the error with the line, and with the column if it is about one cell."""
    line, column = table.head, None
    if isinstance(wrong, TableError) and wrong.issue is not None:
        here = [k for k, row in enumerate(rows) if same_name(row.issue) == same_name(wrong.issue)]
        if wrong.actor is not None and wrong.number is not None:
            own = [k for k in here if same_name(rows[k].actor) == same_name(wrong.actor)]
            given = [k for k in own if rows[k].cells.get(wrong.number) is not None]
            here, column = given or own, table.places[at[wrong.number]]
        line = table.lines[here[0]]
    return InputError(wrong.message, file=table.file, line=line, column=column,
                      expected=wrong.expected, nearest=wrong.nearest)


def _read_as(table: TextTable, at: dict[str, int], commas: dict[str, bool]) -> str:
    """Return one line that says what each column was taken for."""
    meaning = {k: f for f, k in at.items()}
    words = []
    for k, title in enumerate(table.names):
        f = meaning.get(k)
        if f is None:
            words.append(f"{title} not used")
        else:
            kind = "name" if f in ("actor", "issue") else "number"
            words.append(f"{title} {kind}" + (f" (the {f})" if f != title.casefold() else "")
                         + (" (decimal commas)" if commas.get(f) else ""))
    return "Columns: " + ", ".join([*words[:40], *["..."] * (len(words) > 40), *table.notes])


def _columns(table: TextTable) -> dict[str, int]:
    header, name = table.names, table.file
    known = {alias: f for f, aliases in COLUMNS.items() for alias in aliases}
    known |= {f: f for f in SCALE}
    at: dict[str, int] = {}
    for k, title in enumerate(header):
        f = known.get(title.strip().casefold())
        if f is None:
            continue
        if f in at:
            raise InputError(
                f"two columns give the {f}: {header[at[f]]!r} and {title!r}",
                file=name,
                line=table.head,
                column=table.places[k],
                expected="one",
            )
        at[f] = k
    for f in ("actor", "position", "salience"):
        if f not in at:
            raise InputError(
                f"no column for the {f}",
                file=name,
                line=table.head,
                expected=f"a column called {' or '.join(COLUMNS[f][:3])}",
                nearest=nearest(f, header),
            )
    return at
