"""Offers in a bargaining experiment."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="student-offers",
    title="Offers in a bargaining experiment",
    version="games 1.1.2",
    description="A classroom ultimatum game over 100 points.",
    citation=(
        (
            "Kenkel & Signorino (2014). Estimating extensive form games in R. Journal of "
            "Statistical Software 56(8)."
        ),
    ),
    licence="GPL (>= 2)",
    address="cran/games/b806bbf19b229f445d5068d833d26133d06d08d0/data/student_offers.rda",
    sha256="3f255202dbcc0e9da46f9994e48081ae7649d2cc35a6ecc8c8f6158ee85885f7",
    size=255,
    unit="play",
    rows=32,
    traps=(
        "32 plays: small samples separate easily.",
    ),
    variables=(
        Variable("offer", "real", "offer, 0 to 100"),
        Variable("accept", "flag", "accepted"),
        Variable("gender1", "flag", "player 1 is a woman"),
        Variable("gender2", "flag", "player 2 is a woman"),
    ),
)
