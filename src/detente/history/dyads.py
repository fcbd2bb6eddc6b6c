"""Pairs of states by year, joined from the registered data sets in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from detente.history.database import account, asked, members, views
from detente.history.joined import record

__all__ = ["FROM", "PARTS", "SOURCES", "UNTIL", "dyad_years"]

SOURCES = {
    "states": "cow-states", "contiguity": "cow-contiguity", "majors": "cow-majors",
    "capability": "cow-nmc", "alliances": "atop", "disputes": "gml-directed-dyads",
    "rivalries": "rivalries",
}

PARTS = {
    "contiguity": "conttype (6: not contiguous), contiguous (by land or at most 24 miles of water)",
    "majors": "major1, major2 (was a major power)",
    "alliances": "atop_defense ... atop_consul (promised by state 1 to state 2; in undirected "
    "pairs by either to the other), alliance (any of them)",
    "capability": "cinc1, cinc2, cinc_share1, cinc_share2 (renormalised over the year's states), "
    "capability_ratio (state 1's share of the two's)",
    "disputes": "midongoing, midonset, prior_disputes (onsets in earlier years), peace_years "
    "(years without a dispute before this one, from the pair's first year)",
    "rivalries": "rivalry (Thompson, Sakuwa and Suhas)",
}
"""Parts that `dyad_years` can add, and the columns of each."""

UNTIL = {"disputes": 2010, "alliances": 2018, "capability": 2022, "contiguity": 2016,
         "majors": 2016, "rivalries": 2020}
"""Last year that each source covers; its columns are missing in later years."""

FROM = dict.fromkeys(UNTIL, 1816)
"""First year that each source covers within the state system."""


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
        First and last year. The members at the end of `cow-states` are carried forward to ``end``.
    directed
        Whether each pair appears in both orders. If False, it appears once, smaller number first,
        and holds what either state promised to or did with the other.
    relevant
        Only politically relevant pairs: contiguous, or with a major power. After the last year of
        these sources, pairs that were relevant then are kept.
    parts
        Which of `PARTS` to add.
    folder
        Folder of the downloaded files.

    Returns
    -------
    DataFrame
        The pairs. `detente.history.joined.joined` gives how many rows of each source were joined
        and why others were left out; `notes` says which years were carried forward.

    Raises
    ------
    InputError
        A part is unknown, ``start`` is after ``end``, a year is outside 1816 to 2022, or a data set
        has not been downloaded.
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
    words = members(c, first, end)
    c.execute(f"""
        CREATE TEMP TABLE pair AS
        SELECT a.ccode AS ccode1, b.ccode AS ccode2, a.year AS year
        FROM member a JOIN member b ON a.year = b.year AND a.ccode {order} b.ccode""")
    columns, joins = ["p.ccode1", "p.ccode2", "p.year"], []
    for part in (p for p in PARTS if p in used):
        extra, join = _PART[part](c, directed)
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
            names = [x.split(" AS ")[-1].split(".")[-1] for x in _PART[part](None, directed)[0]]
            for name in names:
                column = table[name]
                if column.dtype == float:
                    table[name] = column.mask(late)
                else:
                    table[name] = column.astype("Int64").mask(late)
            words.append(f"{SOURCES[part]} ends in {UNTIL[part]}. Missing in later years: "
                         f"{', '.join(names)}")
    if relevant and end > UNTIL["majors"]:
        words.append(f"pairs that were politically relevant at the end of {UNTIL['majors']} are "
                     f"carried forward to {end}")
    c.register("made", table[["ccode1", "ccode2", "year"]])
    c.execute("CREATE TEMP TABLE one AS SELECT DISTINCT unnest([ccode1, ccode2]) AS ccode, year "
              "FROM made")
    made = []
    for part in (p for p in PARTS if p in used):
        if part in _BY_STATE:
            made.append(account(c, SOURCES[part], f"{part}_rows", ["ccode", "year"], (start, end),
                                "member", "one"))
        else:
            # the disputes of earlier years count as prior disputes
            since, of = (first, "pair") if part == "disputes" and not relevant else (start, "made")
            made.append(account(c, SOURCES[part], f"{part}_rows", ["ccode1", "ccode2", "year"],
                                (since, end), "pair", of))
    record(table, made, words)
    return table


_BY_STATE = ("majors", "capability")


def _rows(c: Any, part: str, directed: bool, select: str) -> None:
    """Create the table of a source's rows, with an id and the pair in the order of the table.

    In undirected pairs the smaller number comes first, so that a row of either order is found.
    """
    pair = "ccode1, ccode2" if directed else (
        "least(ccode1, ccode2) AS ccode1, greatest(ccode1, ccode2) AS ccode2")
    c.execute(f"CREATE TEMP TABLE {part}_rows AS SELECT * REPLACE ({pair}) FROM ({select})"
              if not directed else f"CREATE TEMP TABLE {part}_rows AS {select}")


def _contiguity(c: Any, directed: bool) -> tuple[list[str], str]:
    if c is not None:
        _rows(c, "contiguity", directed, """
            SELECT s.id, ccode1, ccode2, y.year, conttype FROM
              (SELECT row_number() OVER () AS id, * FROM cow_contiguity) s,
              (SELECT unnest(range(1816, 2023)) AS year) y
            WHERE conttype > 0 AND y.year BETWEEN year(stdate) AND
              CASE WHEN enddate = (SELECT max(enddate) FROM cow_contiguity) THEN 2022
              ELSE year(enddate) END""")
        c.execute("""CREATE TEMP TABLE touch AS
            SELECT ccode1, ccode2, year, min(conttype) AS conttype FROM contiguity_rows
            GROUP BY ALL""")
    return (
        ["coalesce(g.conttype, 6) AS conttype",
         "CAST(coalesce(g.conttype, 6) <= 3 AS INTEGER) AS contiguous"],
        "LEFT JOIN touch g ON g.ccode1 = p.ccode1 AND g.ccode2 = p.ccode2 AND g.year = p.year",
    )


def _majors(c: Any, directed: bool) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE majors_rows AS
            SELECT s.id, ccode, y.year FROM
              (SELECT row_number() OVER () AS id, * FROM cow_majors) s,
              (SELECT unnest(range(1816, 2023)) AS year) y
            WHERE y.year BETWEEN styear AND
              CASE WHEN endyear = (SELECT max(endyear) FROM cow_majors) AND endmonth = 12
                AND endday = 31 THEN 2022 ELSE endyear END;
            CREATE TEMP TABLE great AS SELECT DISTINCT ccode, year FROM majors_rows""")
    return (
        [f"CAST(m{i}.ccode IS NOT NULL AS INTEGER) AS major{i}" for i in (1, 2)],
        " ".join(
            f"LEFT JOIN great m{i} ON m{i}.ccode = p.ccode{i} AND m{i}.year = p.year"
            for i in (1, 2)
        ),
    )


def _alliances(c: Any, directed: bool) -> tuple[list[str], str]:
    kinds = ["defense", "offense", "neutral", "nonagg", "consul"]
    if c is not None:
        _rows(c, "alliances", directed, "SELECT row_number() OVER () AS id, * FROM atop")
        most = ", ".join(f"max(atop_{k}) AS atop_{k}" for k in kinds)
        c.execute(f"""CREATE TEMP TABLE pact AS SELECT ccode1, ccode2, year, {most}
            FROM alliances_rows GROUP BY ALL""")
    any_of = " OR ".join(f"t.atop_{k} = 1" for k in kinds)
    return (
        [*(f"coalesce(t.atop_{k}, 0) AS atop_{k}" for k in kinds),
         f"CAST(coalesce({any_of}, false) AS INTEGER) AS alliance"],
        "LEFT JOIN pact t ON t.ccode1 = p.ccode1 AND t.ccode2 = p.ccode2 AND t.year = p.year",
    )


def _capability(c: Any, directed: bool) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE capability_rows AS
            SELECT row_number() OVER () AS id, ccode, year, cinc,
              cinc / nullif(sum(cinc) OVER (PARTITION BY year), 0) AS share FROM cow_nmc""")
    return (
        ["n1.cinc AS cinc1", "n2.cinc AS cinc2",
         "n1.share AS cinc_share1", "n2.share AS cinc_share2",
         "n1.cinc / nullif(n1.cinc + n2.cinc, 0) AS capability_ratio"],
        " ".join(
            f"LEFT JOIN capability_rows n{i} ON n{i}.ccode = p.ccode{i} AND n{i}.year = p.year"
            for i in (1, 2)
        ),
    )


def _disputes(c: Any, directed: bool) -> tuple[list[str], str]:
    if c is not None:
        _rows(c, "disputes", directed,
              "SELECT row_number() OVER () AS id, * FROM gml_directed_dyads")
        c.execute("""
            CREATE TEMP TABLE fight AS
            SELECT ccode1, ccode2, year, max(midongoing) AS ongoing,
              max(midonset) AS onset
            FROM disputes_rows GROUP BY ALL;
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


def _rivalries(c: Any, directed: bool) -> tuple[list[str], str]:
    if c is not None:
        c.execute("""CREATE TEMP TABLE rivalries_rows AS
            SELECT s.id, ccode1, ccode2, y.year FROM
              (SELECT row_number() OVER () AS id, least(ccode1, ccode2) AS ccode1,
                greatest(ccode1, ccode2) AS ccode2, start, "end" FROM rivalries) s,
              (SELECT unnest(range(1816, 2023)) AS year) y
            WHERE y.year BETWEEN start AND "end";
            CREATE TEMP TABLE rival AS
            SELECT DISTINCT ccode1 AS a, ccode2 AS b, year FROM rivalries_rows""")
    return (
        ["CAST(r.a IS NOT NULL AS INTEGER) AS rivalry"],
        "LEFT JOIN rival r ON r.a = least(p.ccode1, p.ccode2) "
        "AND r.b = greatest(p.ccode1, p.ccode2) AND r.year = p.year",
    )


_PART = {
    "contiguity": _contiguity, "majors": _majors, "alliances": _alliances,
    "capability": _capability, "disputes": _disputes, "rivalries": _rivalries,
}
