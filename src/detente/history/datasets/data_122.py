"""Simulated data, four outcomes, two players."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="data-122",
    title="Simulated data, four outcomes, two players",
    version="games 1.1.2",
    description="For egame122.",
    citation=(
        (
            "Kenkel & Signorino (2014). Estimating extensive form games in R. Journal of "
            "Statistical Software 56(8)."
        ),
    ),
    licence="GPL (>= 2)",
    address="cran/games/b806bbf19b229f445d5068d833d26133d06d08d0/data/data_122.rda",
    sha256="6d6d0a21eb10d3c3cfcf710913903d9ed943a6939724180bb97620c3fcce7284",
    size=64454,
    unit="play",
    rows=1000,
    traps=(
        "Simulated.",
    ),
    variables=(
        Variable("f1", "category", "factor"),
        Variable("f2", "category", "factor"),
        Variable("x1", "real", "regressor of player 1"),
        Variable("x2", "real", "regressor of player 1"),
        Variable("x3", "real", "regressor of player 1"),
        Variable("x4", "real", "regressor of player 1"),
        Variable("x5", "real", "regressor of player 1"),
        Variable("z1", "real", "regressor of player 2"),
        Variable("z2", "real", "regressor of player 2"),
        Variable("z3", "real", "regressor of player 2"),
        Variable("a1", "flag", "player 1 moved right"),
        Variable("a2", "flag", "player 2 moved right"),
        Variable("y", "category", "ending: LL, LR, RL, RR"),
    ),
)
