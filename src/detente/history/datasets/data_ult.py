"""Simulated ultimatum data."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="data-ult",
    title="Simulated ultimatum data",
    version="games 1.1.2",
    description="For the ultimatum model; the greatest offer is 15.",
    citation=(
        (
            "Kenkel & Signorino (2014). Estimating extensive form games in R. Journal of "
            "Statistical Software 56(8)."
        ),
    ),
    licence="GPL (>= 2)",
    address="cran/games/b806bbf19b229f445d5068d833d26133d06d08d0/data/data_ult.rda",
    sha256="89387cb3796c3683dcec4120dfdfff82d46e3a0947e3949feaba37150484d65c",
    size=125635,
    unit="play",
    rows=1500,
    traps=(
        "Simulated.",
    ),
    variables=(
        Variable("offer", "real", "offer, 0 to 15"),
        Variable("accept", "flag", "accepted"),
        Variable("w1", "real", "regressor"),
        Variable("w2", "real", "regressor"),
        Variable("x1", "real", "regressor"),
        Variable("x2", "real", "regressor"),
        Variable("x3", "real", "regressor"),
        Variable("x4", "real", "regressor"),
        Variable("z1", "real", "regressor"),
        Variable("z2", "real", "regressor"),
        Variable("z3", "real", "regressor"),
        Variable("z4", "real", "regressor"),
    ),
)
