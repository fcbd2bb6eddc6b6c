"""Frustration of the states by year, with both null models, kept between calls.

The series takes minutes. It is written into the folder of the downloaded data every few years, so
that an interrupted call goes on where it stopped. The name of the file holds a hash of the data
and the settings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from detente.defaults import SEED
from detente.errors import DetenteError
from detente.files import write_whole
from detente.world.balance import frustration
from detente.world.between import standing_between
from detente.world.blocs import best_blocs
from detente.world.fromdata import data_sets, from_history, years
from detente.world.nulls import nulls

__all__ = ["DRAWS", "WARS", "major_wars", "series", "year_row"]

DRAWS = 20
"""Draws from each null model per year, fewer than for one year (100), because all years then take
about 3 minutes of one core. The standard error of a mean is a fifth of its spread."""
EVERY = 10
"""Years after which the file is written."""
VERSION = 3
"""To be raised if the same data and settings give another series."""
WARS = ("cow-wars", "cow-majors")
"""Data sets of `major_wars`."""

Tell = Callable[[int, int, str], None]


def year_row(
    year: int, definition: str, folder: Path | None = None, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Any]:
    """Return the measures of one year as plain data.

    The keys are year, states, ties, hostile, both, two (L), many (ties broken in any number of
    blocs), exact (both proved), between (pairs of enemies with a state between them), and for each
    null model mean and standard deviation of L and the share of draws with at most the year's L.
    """
    ties = from_history(year, definition, folder)
    two, many = frustration(ties), best_blocs(ties)
    row: dict[str, Any] = {
        "year": year, "states": ties.n, "ties": ties.m, "hostile": ties.negative,
        "both": int(ties.both.sum()), "two": two.index, "many": many.index,
        "exact": two.exact and many.exact, "between": len(standing_between(ties)),
    }
    for null in nulls(ties, two.index, draws, seed):
        row |= {f"{null.name}_mean": null.mean, f"{null.name}_sd": null.sd,
                f"{null.name}_at_or_below": null.at_or_below}
    return row


def series(
    definition: str = "force+rivalry", folder: Path | None = None, *, draws: int = DRAWS,
    seed: int = SEED, tell: Tell | None = None,
) -> list[dict[str, Any]]:
    """Return the measures of every year of the data; see `year_row`.

    Parameters
    ----------
    definition
        A name of `detente.world.fromdata.DEFINITIONS`.
    folder
        Folder of the downloaded files, in which the series is kept.
    draws, seed
        Of the null models.
    tell
        Called with years done, years in all and a word for the work.

    Raises
    ------
    InputError
        The definition is unknown, or the data has not been downloaded.
    """
    wanted = years(definition)
    place = _place(definition, folder, draws, seed)
    rows = _kept(place)
    for k, year in enumerate(wanted):
        if tell is not None:
            tell(k, len(wanted), "measuring every year of the data")
        if year in rows:
            continue
        rows[year] = year_row(year, definition, folder, draws, seed)
        if (k + 1) % EVERY == 0:
            _keep(place, rows)
    _keep(place, rows)
    return [rows[year] for year in wanted]


def _place(definition: str, folder: Path | None, draws: int, seed: int) -> Path:
    from detente.history.registry import get
    from detente.history.store import cache_folder

    about = [VERSION, definition, draws, seed, *(get(n).sha256 for n in data_sets(definition))]
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:12]
    return (folder or cache_folder()) / f"{digest}-world-series.json"


def _kept(place: Path) -> dict[int, dict[str, Any]]:
    """Return the rows that a file holds; a file that is damaged counts as absent."""
    try:
        return {int(row["year"]): row for row in json.loads(place.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _keep(place: Path, rows: dict[int, dict[str, Any]]) -> None:
    """Write the rows; a folder that cannot be written to keeps nothing."""
    text = json.dumps([rows[y] for y in sorted(rows)], separators=(",", ":"))
    try:
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            write_whole(place, text)
    except (OSError, ValueError, DetenteError):
        return


def major_wars(folder: Path | None = None) -> list[tuple[int, int]]:
    """Return the spells of years with a war between two major powers, first and last year.

    Source: interstate wars [sarkees-wayman-2010] and major powers of the Correlates of War.

    Raises
    ------
    InputError
        The data has not been downloaded.
    """
    from detente.history.read import load

    wars, majors = load("cow-wars", folder), load("cow-majors", folder)
    great: dict[int, list[tuple[int, int]]] = {int(c): [] for c in majors.ccode}
    for code, first, last in zip(majors.ccode, majors.styear, majors.endyear, strict=True):
        great[int(code)].append((int(first), int(last)))

    def major(code: int, year: int) -> bool:
        return any(a <= year <= b for a, b in great.get(code, []))

    now = wars[(wars.cowinterongoing == 1).fillna(False).astype(bool)]
    found = sorted({int(y) for a, b, y in zip(now.ccode1, now.ccode2, now.year, strict=True)
                    if major(int(a), int(y)) and major(int(b), int(y))})
    spells: list[tuple[int, int]] = []
    for year in found:
        if spells and spells[-1][1] == year - 1:
            spells[-1] = (spells[-1][0], year)
        else:
            spells.append((year, year))
    return spells
