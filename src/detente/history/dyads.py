"""Pairs of states by year, joined from the registered data sets in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from detente.history.database import asked, views

__all__ = ["PARTS", "SOURCES", "UNTIL", "dyad_years"]

SOURCES = {
    "states": "cow-states", "contiguity": "cow-contiguity", "majors": "cow-majors",
    "capability": "cow-nmc", "alliances": "atop", "disputes": "gml-directed-dyads",
    "rivalries": "rivalries",
}

PARTS = {
    "contiguity": "conttype (6: not contiguous), contiguous (by land or at most 24 miles of water)",
    "majors": "major1, major2 (was a major power)",
    "alliances": "atop_defense ... atop_consul, alliance (any of them)",
    "capability": "cinc1, cinc2, capability_ratio (state 1's share of the two's)",
    "disputes": "midongoing, midonset, prior_disputes (onsets in earlier years), peace_years "
    "(years without a dispute before this one, from the pair's first year)",
    "rivalries": "rivalry (Thompson, Sakuwa and Suhas)",
}
"""Parts that `dyad_years` can add, and the columns of each."""

UNTIL = {"disputes": 2010, "alliances": 2018, "capability": 2022, "contiguity": 2016,
         "majors": 2016, "rivalries": 2020}
"""Last year that each source covers; its columns are missing in later years."""


def dyad_years(
    start: int = 1816,
    end: int = 2010,
    *,
    directed: bool = True,
    relevant: bool = False,
    parts: Iterable[str] = tuple(PARTS),
    folder: Path | None = None,
) -> pd.DataFrame:
    """Return one row per pair of states and year in which both were members of the system.

    Parameters
    ----------
    start, end
        First and last year.
    directed
        Whether each pair appears in both orders. If False, it appears once, smaller number first.
    relevant
        Only politically relevant pairs: contiguous, or with a major power.
    parts
        Which of `PARTS` to add.
    folder
        Folder of the downloaded files.

    Raises
    ------
    InputError
        A part is unknown, ``start`` is after ``end``, or a data set has not been downloaded.
    """
    wanted = asked(parts, PARTS, start, end)
    used = set(wanted) | ({"contiguity", "majors"} if relevant else set())
    connection = views(folder, [SOURCES["states"], *(SOURCES[p] for p in sorted(used))])
    try:
        return _query(connection, start, end, directed, relevant, wanted, used)
    finally:
        connection.close()


def _query(
    c: Any, start: int, end: int, directed: bool, relevant: bool, wanted: list[str], used: set[str]
) -> pd.DataFrame:
    order = "<>" if directed else "<"
    # Disputes before `start` affect the peace years, so pairs are formed from the first year.
    first = 1816 if "disputes" in used else start
    c.execute(f"""
        CREATE TEMP TABLE member AS
        SELECT DISTINCT ccode, y.year FROM cow_states s,
          (SELECT unnest(range({first}, {end + 1})) AS year) y
        WHERE y.year BETWEEN s.styear AND s.endyear;
        CREATE TEMP TABLE pair AS
        SELECT a.ccode AS ccode1, b.ccode AS ccode2, a.year AS year
        FROM member a JOIN member b ON a.year = b.year AND a.ccode {order} b.ccode""")
    columns, joins = ["p.ccode1", "p.ccode2", "p.year"], []
    for part in (p for p in PARTS if p in used):
        extra, join = _PART[part](c)
        columns += extra if part in wanted else []
        joins.append(join)
    where = f"p.year >= {start}"
    if relevant:
        where += " AND (g.conttype <= 5 OR m1.ccode IS NOT NULL OR m2.ccode IS NOT NULL)"
    table: pd.DataFrame = c.execute(
        f"SELECT {', '.join(columns)} FROM pair p {' '.join(joins)} WHERE {where} "
        "ORDER BY p.ccode1, p.ccode2, p.year"
    ).df()
    for part in wanted:  # after a source's last year a value is missing, not 0
        late = table.year > UNTIL[part]
        if bool(late.any()):
            names = [x.split(" AS ")[-1].split(".")[-1] for x in _PART[part](None)[0]]
            for name in names:
                column = table[name]
                if column.dtype == float:
                    table[name] = column.mask(late)
                else:
                    table[name] = column.astype("Int64").mask(late)
    return table


def _contiguity(c: Any) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE touch AS
            SELECT ccode1, ccode2, y.year, min(conttype) AS conttype FROM cow_contiguity,
              (SELECT unnest(range(1816, 2100)) AS year) y
            WHERE y.year BETWEEN year(stdate) AND year(enddate)
              AND conttype > 0 GROUP BY ALL""")
    return (
        ["coalesce(g.conttype, 6) AS conttype",
         "CAST(coalesce(g.conttype, 6) <= 3 AS INTEGER) AS contiguous"],
        "LEFT JOIN touch g ON g.ccode1 = p.ccode1 AND g.ccode2 = p.ccode2 AND g.year = p.year",
    )


def _majors(c: Any) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE great AS
            SELECT DISTINCT ccode, y.year FROM cow_majors,
              (SELECT unnest(range(1816, 2100)) AS year) y
            WHERE y.year BETWEEN styear AND endyear""")
    return (
        [f"CAST(m{i}.ccode IS NOT NULL AS INTEGER) AS major{i}" for i in (1, 2)],
        " ".join(
            f"LEFT JOIN great m{i} ON m{i}.ccode = p.ccode{i} AND m{i}.year = p.year"
            for i in (1, 2)
        ),
    )


def _alliances(c: Any) -> tuple[list[str], str]:
    kinds = ["defense", "offense", "neutral", "nonagg", "consul"]
    any_of = " OR ".join(f"t.atop_{k} = 1" for k in kinds)
    return (
        [*(f"coalesce(t.atop_{k}, 0) AS atop_{k}" for k in kinds),
         f"CAST(coalesce({any_of}, false) AS INTEGER) AS alliance"],
        "LEFT JOIN atop t ON t.ccode1 = p.ccode1 AND t.ccode2 = p.ccode2 AND t.year = p.year",
    )


def _capability(c: Any) -> tuple[list[str], str]:
    return (
        ["n1.cinc AS cinc1", "n2.cinc AS cinc2",
         "n1.cinc / nullif(n1.cinc + n2.cinc, 0) AS capability_ratio"],
        " ".join(
            f"LEFT JOIN cow_nmc n{i} ON n{i}.ccode = p.ccode{i} AND n{i}.year = p.year"
            for i in (1, 2)
        ),
    )


def _disputes(c: Any) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""
            CREATE TEMP TABLE fight AS
            SELECT ccode1, ccode2, year, max(midongoing) AS ongoing,
              max(midonset) AS onset
            FROM gml_directed_dyads GROUP BY ALL;
            CREATE TEMP TABLE spell AS
            WITH joined AS (
              SELECT p.*, coalesce(f.ongoing, 0) AS ongoing, coalesce(f.onset, 0) AS onset
              FROM pair p LEFT JOIN fight f
              ON f.ccode1 = p.ccode1 AND f.ccode2 = p.ccode2 AND f.year = p.year),
            counted AS (
              SELECT *,
                coalesce(sum(onset) OVER before, 0) AS prior,
                coalesce(sum(ongoing) OVER before, 0) AS run
              FROM joined WINDOW before AS (PARTITION BY ccode1, ccode2 ORDER BY year
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
            SELECT ccode1, ccode2, year, ongoing, onset, prior,
              row_number() OVER (PARTITION BY ccode1, ccode2, run ORDER BY year) - 1 AS peace
            FROM counted""")
    return (
        ["d.ongoing AS midongoing", "d.onset AS midonset",
         "CAST(d.prior AS BIGINT) AS prior_disputes", "CAST(d.peace AS BIGINT) AS peace_years"],
        "JOIN spell d ON d.ccode1 = p.ccode1 AND d.ccode2 = p.ccode2 AND d.year = p.year",
    )


def _rivalries(c: Any) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE rival AS
            SELECT DISTINCT least(ccode1, ccode2) AS a, greatest(ccode1, ccode2) AS b, y.year
            FROM rivalries, (SELECT unnest(range(1816, 2100)) AS year) y
            WHERE y.year BETWEEN start AND "end" """)
    return (
        ["CAST(r.a IS NOT NULL AS INTEGER) AS rivalry"],
        "LEFT JOIN rival r ON r.a = least(p.ccode1, p.ccode2) "
        "AND r.b = greatest(p.ccode1, p.ccode2) AND r.year = p.year",
    )


_PART = {
    "contiguity": _contiguity, "majors": _majors, "alliances": _alliances,
    "capability": _capability, "disputes": _disputes, "rivalries": _rivalries,
}
