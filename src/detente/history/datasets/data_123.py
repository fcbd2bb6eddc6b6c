"""Simulated data, four outcomes, three players."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="data-123",
    title="Simulated data, four outcomes, three players",
    version="games 1.1.2",
    description="For egame123.",
    citation=(
        (
            "Kenkel & Signorino (2014). Estimating extensive form games in R. Journal of "
            "Statistical Software 56(8)."
        ),
    ),
    licence="GPL (>= 2)",
    address="cran/games/b806bbf19b229f445d5068d833d26133d06d08d0/data/data_123.rda",
    sha256="cffca7df92e70d649c8931ccafe82760f7d110a81646ec1d09eef25748902e41",
    size=63421,
    unit="play",
    rows=1000,
    traps=(
        "Simulated.",
    ),
    variables=(
        Variable("x1", "real", "regressor"),
        Variable("x2", "real", "regressor"),
        Variable("x3", "real", "regressor"),
        Variable("x4", "real", "regressor"),
        Variable("x5", "real", "regressor"),
        Variable("x6", "real", "regressor"),
        Variable("x7", "real", "regressor"),
        Variable("x8", "real", "regressor"),
        Variable("a1", "flag", "player 1 moved right"),
        Variable("a2", "flag", "player 2 moved right"),
        Variable("a3", "flag", "player 3 moved right"),
        Variable("y", "code", "ending, 1 to 4 from left to right"),
    ),
)
