"""Militarized disputes of the nineteenth century."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="war1800",
    title="Militarized disputes of the nineteenth century",
    version="games 1.1.2",
    description=(
        "Crises 1816-1899 for the strategic model: does the challenger escalate, "
        "does the target go to war."
    ),
    citation=(
        (
            "Kenkel & Signorino (2014). Estimating extensive form games in R. Journal of "
            "Statistical Software 56(8)."
        ),
    ),
    licence="GPL (>= 2)",
    address="cran/games/b806bbf19b229f445d5068d833d26133d06d08d0/data/war1800.rda",
    sha256="316e53d99efb96ac0c7108a51d5c8aceade4481cfcc9f129fe5912b16f732963",
    size=11069,
    unit="dispute dyad",
    rows=313,
    traps=(
        "31 rows lack a covariate of the usual model, leaving 282.",
    ),
    variables=(
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("year", "year", "calendar year"),
        Variable("cap_1", "real", "capability of state 1"),
        Variable("cap_2", "real", "capability of state 2"),
        Variable("balanc", "real", "state 1's share of the two's capabilities"),
        Variable("s_wt_re1", "real", "state 1's weighted similarity of alliances (S)"),
        Variable("s_wt_re2", "real", "state 2's"),
        Variable("dem1", "count", "Polity score of state 1, -10 to 10"),
        Variable("dem2", "count", "Polity score of state 2"),
        Variable("distance", "count", "distance, miles"),
        Variable("peaceyrs", "count", "years of peace"),
        Variable("midnum", "code", "number of the dispute"),
        Variable("revis1", "flag", "state 1 sought to revise"),
        Variable("revis2", "flag", "state 2 sought to revise"),
        Variable("sq", "flag", "ended in the status quo"),
        Variable("capit", "flag", "state 2 capitulated"),
        Variable("war", "flag", "ended in war"),
        Variable("esc", "flag", "state 1 escalated"),
        Variable("regime1", "category", "regime of state 1"),
        Variable("regime2", "category", "regime of state 2"),
    ),
)
