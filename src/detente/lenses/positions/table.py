"""Convert rows of cells to a table of positions, with notes on every change to the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.lenses.positions.cells import Cell
from detente.lenses.positions.positions import Positions, TableError, in_bounds

__all__ = ["IssueScale", "Row", "assemble", "same_name"]

FIELDS = ("position", "salience", "capability")


@dataclass(frozen=True)
class Row:
    """One actor on one issue. ``place`` is its place in the file, for errors and notes."""

    actor: str
    issue: str
    cells: Mapping[str, Cell | None]
    place: str = ""


@dataclass(frozen=True)
class IssueScale:
    """An issue's scale as written: its ends, and the position without agreement."""

    low: float | None = None
    high: float | None = None
    reference: float | None = None
    title: str | None = None


@dataclass
class _Notes:
    said: list[str] = field(default_factory=list)

    def add(self, text: str, names: Iterable[str] = ()) -> None:
        listed = list(names)
        tail = f": {', '.join(listed[:6])}" if listed else ""
        more = f" and {len(listed) - 6} more" if len(listed) > 6 else ""
        self.said.append(text + tail + more)


def assemble(
    rows: Iterable[Row],
    scales: Mapping[str, IssueScale] | None = None,
    titles: Mapping[str, str] | None = None,
) -> Positions:
    """Build the table.

    Changes to the data are recorded in ``notes``. Names that differ only in case or spaces are
    merged. Rows that repeat an actor on an issue are averaged. Saliences above 1 and up to 100 are
    percentages. An actor without a position on an issue is omitted from it. A missing salience is
    the issue's median. A missing capability is the actor's median on other issues, or the issue's
    median. A missing scale is the range of the positions.

    Raises
    ------
    InputError
        There is no row.
    TableError
        A number is out of bounds, or an issue has no position or mixes percentages and plain
        positions.

    Examples
    --------
    >>> rows = [Row("North", "tax", {"position": Cell(0.0), "salience": Cell(80.0)}),
    ...         Row("north ", "tax", {"position": Cell(20.0), "salience": Cell(80.0)}),
    ...         Row("South", "tax", {"position": Cell(100.0), "salience": Cell(50.0)})]
    >>> table = assemble(rows)
    >>> table.actors, table.position[:, 0].tolist(), table.salience[:, 0].tolist()
    (('North', 'South'), [10.0, 100.0], [0.8, 0.5])
    """
    notes = _Notes()
    rows = _one_name_each(list(rows), notes)
    if not rows:
        raise InputError("the table has no rows", expected="at least two actors")
    actors = list(dict.fromkeys(r.actor for r in rows))
    issues = list(dict.fromkeys(r.issue for r in rows))
    shape = (len(actors), len(issues))
    values = {f: np.full(shape, np.nan) for f in FIELDS}
    spreads = {f: np.full(shape, np.nan) for f in FIELDS}
    percent = {f: np.zeros(shape, dtype=bool) for f in FIELDS}
    seen: dict[tuple[int, int], list[Row]] = {}
    ai, ii = {a: k for k, a in enumerate(actors)}, {i: k for k, i in enumerate(issues)}
    for row in rows:
        seen.setdefault((ai[row.actor], ii[row.issue]), []).append(row)
    for at, same in seen.items():
        for f in FIELDS:
            cells = [c for r in same if (c := r.cells.get(f)) is not None]
            if cells:
                values[f][at] = sum(c.value for c in cells) / len(cells)
                widths = [c.spread for c in cells if c.spread is not None]
                spreads[f][at] = max(widths) if widths else np.nan
                percent[f][at] = cells[0].percent
    twice = [(r[0].actor, r[0].issue, r) for r in seen.values() if len(r) > 1]
    if twice:
        notes.add(
            f"{len(twice)} repeated rows of one actor on one issue were averaged",
            (f"{a} on {i} ({', '.join(r.place for r in rr if r.place)})" for a, i, rr in twice),
        )
    _percentages(values, spreads, percent, actors, issues, notes)
    # A number that is filled in repeats others, so those of the file are checked first.
    in_bounds(actors, issues, ~np.isnan(values["position"]), values, missing=True)
    _fill(values, actors, issues, notes)
    low, high, reference = _scales(values, actors, issues, scales or {}, notes)
    return Positions(
        tuple(actors),
        tuple(issues),
        values["position"],
        values["salience"],
        values["capability"],
        low,
        high,
        reference,
        {f: s for f, s in spreads.items() if not np.isnan(s).all()},
        tuple(notes.said),
        {k: s.title for k, s in (scales or {}).items() if s.title} | dict(titles or {}),
    ).checked()


def same_name(name: str) -> str:
    """Return a text that is equal for names that differ only in case or spaces.

    Examples
    --------
    >>> same_name("North  Sea") == same_name("north sea ")
    True
    """
    return " ".join(name.split()).casefold()


def _one_name_each(rows: list[Row], notes: _Notes) -> list[Row]:
    first: dict[tuple[str, str], str] = {}
    merged: set[str] = set()
    out = []
    for row in rows:
        names = []
        for kind, name in (("actor", row.actor), ("issue", row.issue)):
            kept = first.setdefault((kind, same_name(name)), " ".join(name.split()))
            if kept != name:
                merged.add(f"{name!r} as {kept!r}")
            names.append(kept)
        out.append(Row(names[0], names[1], row.cells, row.place))
    if merged:
        notes.add("names that differ only in case or spaces were merged", sorted(merged))
    return out


def _percentages(
    values: dict[str, NDArray[np.float64]],
    spreads: dict[str, NDArray[np.float64]],
    percent: dict[str, NDArray[np.bool_]],
    actors: list[str],
    issues: list[str],
    notes: _Notes,
) -> None:
    salience = values["salience"]
    plain = np.where(percent["salience"], np.nan, salience)
    if np.nanmax(np.append(plain, -1.0)) > 1 and np.nanmax(plain) <= 100:
        scale = np.where(percent["salience"], 1.0, 0.01)
        values["salience"], spreads["salience"] = salience * scale, spreads["salience"] * scale
        notes.add("saliences above 1 were read as percentages")
    for k, issue in enumerate(issues):
        here = ~np.isnan(values["position"][:, k])
        signs = percent["position"][here, k]
        if signs.any() and not signs.all():
            odd = signs != signs[0]
            raise TableError(
                f"the issue {issue!r} mixes percentages and plain numbers as positions",
                expected="only percentages or only plain numbers",
                issue=issue, actor=actors[np.nonzero(here)[0][odd][0]], number="position",
            )
        if signs.any():
            values["position"][:, k] *= 100
            spreads["position"][:, k] *= 100


def _fill(
    values: dict[str, NDArray[np.float64]], actors: list[str], issues: list[str], notes: _Notes
) -> None:
    here = ~np.isnan(values["position"])
    absent = [
        f"{actors[a]} on {issues[k]}" for a, k in np.argwhere(~here & ~np.isnan(values["salience"]))
    ]
    if absent:
        notes.add("actors without a position on an issue were omitted from it", absent)
    for k, issue in enumerate(issues):
        if not here[:, k].any():
            raise TableError(f"no actor has a position on the issue {issue!r}",
                             expected="at least one position; add one or remove the issue",
                             issue=issue)
    capability = values["capability"]
    if np.isnan(capability[here]).all():
        capability[here] = 1.0
        notes.add("no capabilities were given, so all were set to 1")
    for name in ("salience", "capability"):
        table = values[name]
        missing = here & np.isnan(table)
        if not missing.any():
            continue
        filled = []
        for a, k in np.argwhere(missing):
            own = table[a][~np.isnan(table[a])] if name == "capability" else np.zeros(0)
            column = values[name][here[:, k], k]
            known = column[~np.isnan(column)]
            if len(own):
                value = float(np.median(own))
            elif len(known):
                value = float(np.median(known))
            elif name == "salience":
                value = 1.0
            else:
                value = float(np.nanmedian(table))
            filled.append((a, k, value))
        for a, k, value in filled:
            table[a, k] = value
        notes.add(
            f"missing {name} was filled in ("
            + (
                "the actor's median on other issues, else the median of the issue"
                if name == "capability"
                else "the median of the issue, 1 if there is none"
            )
            + ")",
            (f"{actors[a]} on {issues[k]} = {v:.3g}" for a, k, v in filled),
        )


def _scales(
    values: dict[str, NDArray[np.float64]],
    actors: list[str],
    issues: list[str],
    scales: Mapping[str, IssueScale],
    notes: _Notes,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    x = values["position"]
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    reference = np.full(len(issues), np.nan)
    guessed = []
    for k, issue in enumerate(issues):
        scale = scales.get(issue, IssueScale())
        least, most = low[k], high[k]
        low[k] = least if scale.low is None else scale.low
        high[k] = most if scale.high is None else scale.high
        if least < low[k] or most > high[k]:
            worst = np.nanargmin(x[:, k]) if least < low[k] else np.nanargmax(x[:, k])
            raise TableError(
                f"a position on the issue {issue!r} is outside its scale "
                f"{low[k]:g} to {high[k]:g}",
                expected="positions on the scale, or a wider scale",
                issue=issue, actor=actors[worst], number="position",
            )
        if scale.reference is not None:
            reference[k] = scale.reference
        if scale.low is None or scale.high is None:
            guessed.append(f"{issue} {low[k]:g} to {high[k]:g}")
    if guessed:
        notes.add("no scale was given, so it is the range of the positions", guessed)
    return low, high, reference
