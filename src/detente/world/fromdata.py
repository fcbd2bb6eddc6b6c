"""Ties of the states of one year, counted from the registered data.

Friendly: a defence pact in force (ATOP 5 [leeds-2002]). Hostile: a dispute in which either of the
two used force against the other (MID 5 [palmer-2021]: hostility 4, use of force, or 5, war; the
higher of the two sides' levels counts, so that the victim of an attack is a party too), or a
strategic rivalry [thompson-2021]. The two must be on opposite sides of the dispute. Positions in
votes of the General Assembly can replace these ties, or be added to them; see
`detente.world.votes`. Both states must be members of the state system on at least one day of the
year [cow-2017]; a pact or rivalry of a state that had ended before, or did not exist yet, is left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.errors import InputError, nearest, one_of
from detente.world import votes
from detente.world.ties import Ties

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFINITIONS", "FIRST", "LAST", "capabilities", "data_sets", "from_history",
    "with_capabilities", "years",
]

FIRST = 1816
LAST = {"disputes": 2014, "pacts": 2018, "votes": 2019}
"""Last years of the dispute data, the alliance data and the votes."""
VOTES, ABSENT = 1946, 1964
"""First year of the votes, and the year of the session in which almost nothing was voted on."""
FORCE = 4
"""Level of hostility from which force is used: 4 use of force, 5 war."""

_FRIENDS = "friendly: a defence pact in force (ATOP 5)"
_RIVALS = "a strategic rivalry (Thompson et al.)"
_VOTES = "positions in UN votes of two neighbours or two major powers"
DEFINITIONS = {
    "force": f"{_FRIENDS}; hostile: force used in a dispute of the year (MID 5)",
    "force-5": f"{_FRIENDS}; hostile: force used in a dispute of the year or of the four years "
               "before it (MID 5)",
    "rivalry": f"{_FRIENDS}; hostile: {_RIVALS}",
    "force+rivalry": f"{_FRIENDS}; hostile: force used in a dispute of the year (MID 5), or "
                     f"{_RIVALS}",
    "votes": f"{_VOTES}; friendly: at most 0.5 standard deviations apart; hostile: at least 2, "
             "which is not enmity",
    "votes-narrow": f"{_VOTES}; friendly: at most 0.25 standard deviations apart; hostile: at "
                    "least 2.5, which is not enmity",
    "force+rivalry+votes": f"{_FRIENDS}, or UN votes of neighbours or major powers at most 0.5 "
                           "deviations apart; hostile: force used in a dispute of the year (MID "
                           f"5), {_RIVALS}, or such votes at least 2 apart",
}
"""What counts as a tie, by the name of the definition."""
_BACK = {"force": 0, "force-5": 4, "force+rivalry": 0, "force+rivalry+votes": 0}
"""Years before the year in which a dispute still counts."""
_PACTS = tuple(name for name in DEFINITIONS if name not in ("votes", "votes-narrow"))
"""The definitions by which a defence pact is a tie."""

Pair = tuple[int, int]


def data_sets(definition: str) -> tuple[str, ...]:
    """Return the names of the data sets that a definition needs.

    Examples
    --------
    >>> data_sets("force")
    ('cow-states', 'atop', 'cow-mid-directed-dyads')
    """
    sets = ["cow-states"] if definition not in _PACTS else ["cow-states", "atop"]
    if definition in _BACK:
        sets.append("cow-mid-directed-dyads")
    if "rivalry" in definition:
        sets.append("rivalries")
    return (*sets, *(votes.SETS if definition in votes.CUTS else ()))


def years(definition: str) -> Sequence[int]:
    """Return the years for which a definition has data.

    Examples
    --------
    >>> years("force+rivalry")[-1], years("rivalry")[-1]
    (2014, 2018)
    >>> years("votes")[0], years("votes")[-1], 1964 in years("votes")
    (1946, 2019, False)
    """
    _known(definition)
    last = LAST["disputes"] if definition in _BACK else LAST[
        "pacts" if definition in _PACTS else "votes"]
    if definition not in votes.CUTS:
        return range(FIRST, last + 1)
    return tuple(y for y in range(VOTES, last + 1) if y != ABSENT)


def from_history(year: int, definition: str = "force", folder: Path | None = None) -> Ties:
    """Return the ties of the states in one year; every value is 1 or -1.

    A pair that has a pact and is hostile as well is negative, and marked in `Ties.both`. The
    network holds the states that have a tie. Names are those of the Correlates of War list, in
    which Serbia is listed as Yugoslavia.

    Parameters
    ----------
    year
        A year of `years`.
    definition
        A name of `DEFINITIONS`.
    folder
        Folder of the downloaded files.

    Raises
    ------
    InputError
        The definition is unknown, the year is outside the data, or a data set has not been
        downloaded.

    Examples
    --------
    >>> from_history(2024)
    Traceback (most recent call last):
    ...
    detente.errors.InputError: there are no ties for the year 2024; expected a year from 1816 to
    2014, because the dispute data (MID 5) ends there; for a later year write a ties file
    """
    covered = years(definition)
    if year not in covered:
        raise InputError(f"there are no ties for the year {year}",
                         expected=_expected(year, definition))
    from detente.history.store import held, path_of

    absent = [name for name in data_sets(definition) if not held(name, folder)]
    if absent:
        raise InputError(f"{', '.join(absent)} have not been downloaded" if len(absent) > 1 else
                         f"{absent[0]} has not been downloaded",
                         expected=f"`detente data fetch {' '.join(absent)}` first")
    paths = tuple((name, str(path_of(name, folder))) for name in data_sets(definition))
    return _counted(_tables(paths), year, definition)


SMALL = 1e-4
"""Share of capabilities of a state without a figure; the least one of the data is near it."""


def capabilities(folder: Path | None = None) -> dict[tuple[int, int], float]:
    """Return the share of world capabilities (CINC, `SMALL` to 1) by country code and year.

    Raises
    ------
    InputError
        The data set ``cow-nmc`` has not been downloaded.
    """
    from detente.history.read import load

    nmc = load("cow-nmc", folder)[["ccode", "year", "cinc"]].dropna()
    return {(int(c), int(y)): max(float(v), SMALL)
            for c, y, v in nmc.itertuples(index=False) if v is not None}


def with_capabilities(ties: Ties, folder: Path | None = None) -> Ties:
    """Return ties from data with the states' sizes: their shares of world capabilities in the year.

    Alignments need sizes, because a large friend draws more than a small one. The record of the
    method over wars uses the same sizes. A state below 0.0001, or without a figure, has 0.0001.

    Raises
    ------
    InputError
        The data set ``cow-nmc`` has not been downloaded.
    """
    share, year = capabilities(folder), int(ties.year or 0)
    return replace(ties, sizes=np.array([share.get((c, year), SMALL) for c in ties.codes]))


def _expected(year: int, definition: str) -> str:
    """Return the years that a definition covers, with the reason why a year is not among them."""
    first, last = years(definition)[0], years(definition)[-1]
    if year == ABSENT and definition in votes.CUTS:
        return (f"another year from {first} to {last}, because almost nothing was put to a vote in "
                f"the session of {ABSENT}")
    if year > last:
        data = ("the dispute data (MID 5)" if definition in _BACK else
                "the alliance data (ATOP 5)" if definition in _PACTS else "the data of UN votes")
        return (f"a year from {first} to {last}, because {data} ends there; for a later year write "
                "a ties file")
    begins = "the UN votes begin" if definition in votes.CUTS else "the state system begins"
    return f"a year from {first}, in which {begins}, to {last}"


def _known(definition: str) -> None:
    if definition not in DEFINITIONS:
        raise InputError(f"no definition is called {definition!r}",
                         expected=one_of(definition, DEFINITIONS),
                         nearest=nearest(definition, DEFINITIONS))


@dataclass(frozen=True)
class _Tables:
    """The columns that are needed, as arrays: reading the files takes a second."""

    states: Ints
    """(S, 3): number, first and last year; membership at the end of the list is carried on."""
    names: dict[int, str]
    pacts: Ints
    """(P, 4): the smaller and the greater number, first and last year of a spell."""
    disputes: Ints
    """(D, 6): the smaller and the greater number, year, dispute, and the level of each."""
    rivalries: Ints
    """(R, 4): the smaller and the greater number, first and last year."""
    rivals: tuple[str, ...]
    voters: Ints
    """(V, 2): number and year."""
    points: Floats
    """(V,): position in the votes, in standard deviations of the session."""
    contiguous: Ints
    """(C, 4): the smaller and the greater number, first and last year of a spell."""
    majors: Ints
    """(M, 3): number, first and last year."""
    citations: tuple[str, ...]


@lru_cache(maxsize=8)
def _tables(paths: tuple[tuple[str, str], ...]) -> _Tables:
    from detente.history.registry import get

    held = {name: _columns(name, path) for name, path in paths}
    states, names = held["cow-states"]
    rivalries, rivals = held.get("rivalries", (_FOUR, ()))
    voters, points = held.get("un-ideal-points", (_NONE, np.empty(0)))
    return _Tables(
        states, names, held.get("atop", _FOUR),
        held.get("cow-mid-directed-dyads", np.empty((0, 6), dtype=np.int64)), rivalries, rivals,
        voters, points, held.get("cow-contiguity", _FOUR), held.get("cow-majors", _NONE),
        tuple(c for name, _ in paths for c in get(name).citation))


@lru_cache(maxsize=8)
def _columns(name: str, path: str) -> Any:
    """Return what the ties need of a data set, which several definitions share."""
    from detente.history.read import read_file, typed
    from detente.history.registry import get

    return _READ[name](typed(read_file(Path(path), get(name)), get(name)))


_NONE, _FOUR = np.empty((0, 3), dtype=np.int64), np.empty((0, 4), dtype=np.int64)


def _states(table: pd.DataFrame) -> tuple[Ints, dict[int, str]]:
    return _listed(table), {int(c): str(n) for c, n in zip(table.ccode, table.statenme,
                                                           strict=True)}


def _rivalries(table: pd.DataFrame) -> tuple[Ints, tuple[str, ...]]:
    rows = np.column_stack([_sorted(table), _whole(table, "start"), _whole(table, "end")])
    return rows, tuple(map(str, table.rivalry))


def _listed(table: pd.DataFrame) -> Ints:
    """Return number, first and last year of each spell; one at the end of the list is carried on.

    The lists end in 2016 and other data later.
    """
    ends = table.endyear.max()
    lasting = table.endyear == ends
    if "endmonth" in table.columns:
        lasting &= (table.endmonth == 12) & (table.endday == 31)
    last = table.endyear.mask(lasting, max(LAST.values()))
    return np.column_stack([_whole(table, "ccode"), _whole(table, "styear"),
                            last.to_numpy(dtype=np.int64)])


def _contiguous(table: pd.DataFrame) -> Ints:
    """Return spells of contiguity by land or over at most 400 miles of water."""
    near = table[table.conttype.gt(0).fillna(False).astype(bool)]
    last = near.enddate.dt.year.mask(near.enddate == table.enddate.max(), max(LAST.values()))
    return np.column_stack([_sorted(near), near.stdate.dt.year.to_numpy(dtype=np.int64),
                            last.to_numpy(dtype=np.int64)])


def _whole(table: pd.DataFrame, column: str) -> Ints:
    return np.asarray(table[column].to_numpy(dtype=np.int64), dtype=np.int64)


def _sorted(table: pd.DataFrame) -> Ints:
    """Return the two states of each row, the smaller number first."""
    pairs: Ints = np.column_stack([_whole(table, "ccode1"), _whole(table, "ccode2")])
    return np.sort(pairs, axis=1)


def _pacts(atop: pd.DataFrame) -> Ints:
    """Return unbroken spells of years in which a pair has a defence pact."""
    pacts = atop[(atop.atop_defense == 1).fillna(False).astype(bool)]
    rows = np.unique(np.column_stack([_sorted(pacts), _whole(pacts, "year")]), axis=0)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[1:, :2] != rows[:-1, :2]).any(axis=1) | (rows[1:, 2] != rows[:-1, 2] + 1)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(rows)) - 1
    return np.column_stack([rows[first], rows[last, 2]])


def _disputes(table: pd.DataFrame) -> Ints:
    ordered = table[(table.ccode1 < table.ccode2).fillna(False).astype(bool)]
    levels = [ordered[c].fillna(0).to_numpy(dtype=np.int64) for c in ("hostlev1", "hostlev2")]
    columns = [_sorted(ordered), _whole(ordered, "year"), _whole(ordered, "dispnum"), *levels]
    rows: Ints = np.column_stack(columns)
    kept: Bools = np.maximum(levels[0], levels[1]) >= FORCE
    return np.asarray(rows[kept], dtype=np.int64)


_READ: dict[str, Callable[[pd.DataFrame], Any]] = {
    "cow-states": _states, "atop": _pacts, "cow-mid-directed-dyads": _disputes,
    "rivalries": _rivalries, "un-ideal-points": votes.positions, "cow-contiguity": _contiguous,
    "cow-majors": _listed,
}


def _counted(tables: _Tables, year: int, definition: str) -> Ties:
    states = tables.states
    members = set(states[(states[:, 1] <= year) & (states[:, 2] >= year), 0].tolist())
    friends: dict[Pair, list[str]] = {}
    enemies: dict[Pair, list[str]] = {}

    def note(held: dict[Pair, list[str]], a: int, b: int, words: str) -> None:
        if a in members and b in members:
            held.setdefault((int(a), int(b)), []).append(words)

    for a, b, since, until in tables.pacts:
        if since <= year <= until:
            note(friends, a, b, f"defence pact in force since {since} (ATOP)")
    if definition in _BACK:
        d = tables.disputes
        for a, b, when, number, *levels in d[(d[:, 2] <= year)
                                             & (d[:, 2] >= year - _BACK[definition])]:
            kind = "war" if max(levels) > FORCE else "use of force"
            note(enemies, a, b, f"dispute {number}: {kind} in {when} (MID)")
    if "rivalry" in definition:
        for (a, b, since, until), name in zip(tables.rivalries, tables.rivals, strict=True):
            if since <= year <= until:
                note(enemies, a, b, f"strategic rivalry {name}, since {since}")
    if definition in votes.CUTS:
        near, far = votes.CUTS[definition]
        for a, b, apart in votes.distances(tables.voters, tables.points, year, tables.contiguous,
                                           tables.majors):
            if apart <= near or apart >= far:
                note(friends if apart <= near else enemies, a, b,
                     f"UN votes of {year}: {apart:.2f} standard deviations apart")
    return _network(tables, year, definition, friends, enemies)


def _network(
    tables: _Tables, year: int, definition: str, friends: dict[Pair, list[str]],
    enemies: dict[Pair, list[str]],
) -> Ties:
    pairs = sorted({*friends, *enemies})
    codes = sorted({code for pair in pairs for code in pair})
    place = {code: k for k, code in enumerate(codes)}

    def flags(of: Iterable[bool]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.fromiter(of, dtype=bool, count=len(pairs))

    hostile = flags(p in enemies for p in pairs)
    return Ties(
        tuple(tables.names[c] for c in codes), np.ones(len(codes)),
        np.array([[place[a], place[b]] for a, b in pairs], dtype=np.int64).reshape(-1, 2),
        np.where(hostile, -1.0, 1.0), hostile & flags(p in friends for p in pairs),
        tuple((*friends.get(p, ()), *enemies.get(p, ())) for p in pairs),
        definition, DEFINITIONS[definition], year, f"The states of {year}", tuple(codes),
        tables.citations)
