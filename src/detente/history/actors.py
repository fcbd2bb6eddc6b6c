"""Actors of international crises with the state numbers of the Correlates of War.

ICB mixes two systems of numbers: Germany 255 and 260, Yemen 678 and 679, Serbia 340 and 345.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from detente.history.database import ABSENT, LAST, members, views
from detente.history.joined import Joined, record

__all__ = ["TWINS", "crisis_actors"]

TWINS = ((255, 260), (678, 679), (340, 345))
"""Numbers that the Correlates of War and Gleditsch and Ward use for one state in other years."""


def crisis_actors(folder: Path | None = None) -> pd.DataFrame:
    """Return one row per state in a crisis, with its COW number in the year of its trigger.

    A number is replaced by its twin of `TWINS` if only the twin was a member of the state system in
    that year. Actors that were no members are left out and counted.

    Parameters
    ----------
    folder
        Folder of the downloaded files.

    Returns
    -------
    DataFrame
        ``icb-actor`` with the further columns ``ccode`` and ``year``.

    Raises
    ------
    InputError
        ``icb-actor`` or ``cow-states`` has not been downloaded.
    """
    c = views(folder, ["cow-states", "icb-actor"])
    try:
        words = members(c, 1816, LAST)
        system = set(c.execute("SELECT ccode, year FROM member").fetchall())
        actors: pd.DataFrame = c.execute("SELECT * FROM icb_actor").df()
    finally:
        c.close()
    twin = {a: b for pair in TWINS for a, b in (pair, pair[::-1])}
    numbers: list[int | None] = []
    changed: dict[tuple[int, int], int] = {}
    unknown = 0
    for number, year in zip(actors.cracid, actors.yrtrig, strict=True):
        if pd.isna(number) or pd.isna(year):
            unknown += 1
            numbers.append(None)
            continue
        own, when = int(number), int(year)
        other = twin.get(own, own)
        if (own, when) not in system and (other, when) in system:
            changed[own, other] = changed.get((own, other), 0) + 1
            own = other
        numbers.append(own if (own, when) in system else None)
    actors["ccode"] = pd.array(numbers, dtype="Int64")
    actors["year"] = actors.yrtrig.astype("Int64")
    table = actors[actors.ccode.notna()].reset_index(drop=True)
    absent = len(actors) - len(table) - unknown
    dropped = {"the number or the year is missing": unknown, ABSENT: absent}
    words += [f"icb-actor: number {a} read as {b} in {n} rows, because only {b} was a member of "
              "the state system in that year" for (a, b), n in sorted(changed.items())]
    record(table, [Joined("icb-actor", len(table), {w: n for w, n in dropped.items() if n})], words)
    return table
