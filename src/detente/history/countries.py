"""States by year, joined from the registered data sets in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from detente.history import dyads
from detente.history.database import account, asked, members, views
from detente.history.joined import record

__all__ = ["STATE_PARTS", "country_years"]

STATE_PARTS = {
    "capability": "milex, milper, tpop, cinc, cinc_share (renormalised over the year's states)",
    "majors": "major (was a major power)",
    "disputes": "midongoing, onsets (disputes begun that year, by opponent)",
    "trade": "imports, exports (millions of current US dollars)",
    "votes": "ideal_point (of the session of the General Assembly that opened in the year)",
}
"""Parts that `country_years` can add, and the columns of each."""

SOURCES = {**dyads.SOURCES, "trade": "cow-trade", "votes": "un-ideal-points"}

UNTIL = {**dyads.UNTIL, "trade": 2014, "votes": 2019}
"""Last year that each source covers; its columns are missing in later years."""

FROM = {**dyads.FROM, "trade": 1870, "votes": 1946}
"""First year that each source covers within the state system."""

QUERIES = {
    "capability": """SELECT ccode, year, milex, milper, tpop, cinc,
        cinc / nullif(sum(cinc) OVER (PARTITION BY year), 0) AS cinc_share FROM cow_nmc""",
    "majors": """SELECT DISTINCT ccode, y.year, CAST(1 AS BIGINT) AS major FROM cow_majors,
        (SELECT unnest(range(1816, 2100)) AS year) y WHERE y.year BETWEEN styear AND endyear""",
    "disputes": """SELECT ccode1 AS ccode, year, max(midongoing) AS midongoing,
        CAST(sum(midonset) AS BIGINT) AS onsets FROM gml_directed_dyads GROUP BY ALL""",
    "trade": "SELECT ccode, year, imports, exports FROM cow_trade",
    "votes": """SELECT ccode, 1945 + session AS year, "IdealPoint" AS ideal_point
        FROM un_ideal_points""",
}
ZERO = {"majors": ("major",), "disputes": ("midongoing", "onsets")}
"""Columns that are 0 if a state is not in the source in a year that the source covers."""


def country_years(
    start: int = 1816,
    end: int = 2010,
    *,
    parts: Iterable[str] = tuple(STATE_PARTS),
    folder: Path | None = None,
) -> pd.DataFrame:
    """Return one row per state and year in which it was a member of the system.

    Parameters
    ----------
    start, end
        First and last year. The members at the end of `cow-states` are carried forward to ``end``.
    parts
        Which of `STATE_PARTS` to add.
    folder
        Folder of the downloaded files.

    Returns
    -------
    DataFrame
        The states. `detente.history.joined.joined` gives how many state-years of each source were
        joined and why others were left out; `notes` says which years were carried forward.

    Raises
    ------
    InputError
        A part is unknown, ``start`` is after ``end``, a year is outside 1816 to 2022, or a data set
        has not been downloaded.
    """
    wanted = asked(parts, STATE_PARTS, start, end)
    made = []
    c = views(folder, ["cow-states", *(SOURCES[p] for p in wanted)])
    try:
        words = members(c, start, end)
        columns, joins = ["m.ccode", "m.year"], []
        for part in wanted:
            c.execute(f"CREATE TEMP TABLE {part}_part AS {QUERIES[part]}")
            found = [row[0] for row in c.execute(f"DESCRIBE {part}_part").fetchall()]
            for name in found[2:]:
                value = f"{part}_part.{name}"
                if name in ZERO.get(part, ()):
                    value = f"coalesce({value}, 0)"
                columns.append(f"CASE WHEN m.year <= {UNTIL[part]} THEN {value} END AS {name}")
            joins.append(
                f"LEFT JOIN {part}_part ON {part}_part.ccode = m.ccode "
                f"AND {part}_part.year = m.year"
            )
            c.execute(f"CREATE TEMP TABLE {part}_rows AS SELECT row_number() OVER () AS id, ccode, "
                      f"year FROM {part}_part WHERE year <= {UNTIL[part]}")
            made.append(account(c, SOURCES[part], f"{part}_rows", ["ccode", "year"], (start, end),
                                "member", "member"))
            if end > UNTIL[part]:
                words.append(f"{SOURCES[part]} ends in {UNTIL[part]}. Missing in later years: "
                             f"{', '.join(found[2:])}")
        table: pd.DataFrame = c.execute(f"""
            SELECT {", ".join(columns)} FROM member m
            {" ".join(joins)} ORDER BY m.ccode, m.year""").df()
    finally:
        c.close()
    record(table, made, words)
    return table
