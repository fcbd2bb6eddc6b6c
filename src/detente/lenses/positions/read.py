"""Read a table of positions from CSV or YAML."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from detente.errors import InputError, nearest, one_of
from detente.lenses.positions.cells import Cell, read_cell
from detente.lenses.positions.positions import Positions
from detente.lenses.positions.table import FIELDS, IssueScale, Row, assemble
from detente.scenario.model import FilePart, Slug
from detente.scenario.problems import Problem
from detente.scenario.yamlfile import Document, load_model

__all__ = ["PositionsFile", "file_hash", "read", "read_csv", "read_yaml_table"]

MAX_BYTES = 20_000_000
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


def read(path: str | Path) -> Positions:
    """Read a table of positions from a .csv, .tsv, .txt, .yaml or .yml file.

    Raises
    ------
    InputError
        The file is invalid. The error names the file, line and column.
    """
    ending = Path(path).suffix.lower()
    if ending in (".yaml", ".yml"):
        return read_yaml_table(path)[0]
    if ending in (".csv", ".tsv", ".txt"):
        return read_csv(path)
    raise InputError(
        f"the file extension {ending!r} is unknown", file=str(path),
        expected=".csv, .tsv, .txt, .yaml or .yml",
    )


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read_yaml_table(path: str | Path) -> tuple[Positions, PositionsFile]:
    """Read a YAML table. The second value is the file with its texts."""
    written, document = load_model(path, PositionsFile)
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
    where = next((i for i in written.issues if repr(i) in wrong.message), None)
    at = ("issues",) if where is None else ("issues", where)
    return document.error(Problem(at, wrong.message, wrong.expected, wrong.nearest, at_key=True))


def _yaml_cell(
    document: Document, at: tuple[str | int, ...], name: str, value: Scalar
) -> Cell | None:
    try:
        return read_cell(value)
    except InputError as wrong:
        raise document.error(Problem((*at, name), wrong.message, wrong.expected)) from None


def read_csv(path: str | Path) -> Positions:
    """Read a CSV table: one row per actor and issue.

    Columns, in any order: actor, issue (optional), position, salience, capability (optional), and
    low, high and reference of the issue's scale. Alternative spellings are accepted. The separator
    is a comma, a semicolon or a tab.

    Raises
    ------
    InputError
        The file is invalid. The error names the file, line and column.
    """
    name = str(path)
    try:
        raw = Path(path).read_bytes()
    except OSError as wrong:
        reason = (
            "there is no such file" if isinstance(wrong, FileNotFoundError) else str(wrong.strerror)
        )
        raise InputError(reason, file=name, expected="a file that you may read") from None
    if len(raw) > MAX_BYTES:
        raise InputError("the file is too large", file=name, expected=f"at most {MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        raise InputError("the text is not UTF-8", file=name, line=line,
                         expected="text in UTF-8; save the table again in UTF-8") from None
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    try:
        return _rows(reader, name, mark)
    except csv.Error as wrong:
        raise InputError(f"the row cannot be read as CSV: {wrong}", file=name,
                         line=reader.line_num,
                         expected="cells separated by commas, semicolons or tabs") from None


def _rows(reader: Any, name: str, mark: str) -> Positions:
    header = next(reader, None)
    if not header or not any(h.strip() for h in header):
        raise InputError("the file is empty", file=name, line=1, expected="a row of column names")
    at = _columns(header, name)
    rows: list[Row] = []
    scales: dict[str, dict[str, float]] = {}
    for cells in reader:
        line = reader.line_num
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(header):
            raise InputError(
                f"{len(cells)} cells in a row of a table with {len(header)} columns",
                file=name,
                line=line,
                expected="decimal points or quotes if commas separate the cells"
                if mark == "," and len(cells) > len(header)
                else f"{len(header)} cells",
            )
        actor = cells[at["actor"]].strip()
        if not actor:
            raise InputError("the row names no actor", file=name, line=line,
                             column=at["actor"] + 1, expected="an actor per row")
        issue = cells[at["issue"]].strip() if "issue" in at else "issue"
        read_here = {}
        for f in (*FIELDS, "low", "high", "reference"):
            if f not in at:
                continue
            try:
                cell = read_cell(cells[at[f]])
            except InputError as wrong:
                raise InputError(
                    wrong.message,
                    file=name,
                    line=line,
                    column=at[f] + 1,
                    field=f,
                    expected=wrong.expected,
                ) from None
            if f in FIELDS:
                read_here[f] = cell
            elif cell is not None:
                scales.setdefault(issue, {}).setdefault(f, cell.value)
        rows.append(Row(actor, issue or "issue", read_here, f"line {line}"))
    try:
        return assemble(
            rows,
            {
                k: IssueScale(v.get("low"), v.get("high"), v.get("reference"))
                for k, v in scales.items()
            },
        )
    except InputError as wrong:
        raise InputError(
            wrong.message, file=name, expected=wrong.expected, nearest=wrong.nearest
        ) from None


def _columns(header: list[str], name: str) -> dict[str, int]:
    known = {alias: f for f, aliases in COLUMNS.items() for alias in aliases}
    known |= {f: f for f in ("low", "high", "reference")}
    at: dict[str, int] = {}
    for k, title in enumerate(header):
        f = known.get(title.strip().casefold())
        if f is None:
            continue
        if f in at:
            raise InputError(
                f"two columns give the {f}: {header[at[f]]!r} and {title!r}",
                file=name,
                line=1,
                column=k + 1,
                expected="one",
            )
        at[f] = k
    for f in ("actor", "position", "salience"):
        if f not in at:
            raise InputError(
                f"no column for the {f}",
                file=name,
                line=1,
                expected=f"a column called {' or '.join(COLUMNS[f][:3])}",
                nearest=nearest(f, header),
            )
    return at
