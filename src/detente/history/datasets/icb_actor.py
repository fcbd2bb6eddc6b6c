"""International Crisis Behavior, actors."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="icb-actor",
    title="International Crisis Behavior, actors",
    version="14",
    description="Each crisis actor's trigger, response, outcome and attributes.",
    citation=(
        (
            "Brecher, Wilkenfeld, Beardsley, James & Quinn. International Crisis Behavior data,"
            " version 14."
        ),
        "Brecher & Wilkenfeld (1997). A Study of Crisis. University of Michigan Press.",
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address=(
        "Lukitkat/Projeto-Final---Visualizacao-de-dados/522bdbe65292337c3adabd4bd1b72a9b1cb5099"
        "7/icb2v14.csv"
    ),
    sha256="ccffd1fa3bbe8be1394e7e5199c78b161fdc498f0ea7d4faebe0634b621be5ba",
    size=259671,
    unit="state in a crisis",
    rows=1078,
    traps=(
        (
            "Codebook and data disagree on trigger codes 1 and 2 (verbal, political): "
            "pool them."
        ),
        "Actors of one crisis are not independent.",
        (
            "Most crisis dyads contain no coercive threat: a share of crisis dyads is not a "
            "success rate of threats."
        ),
    ),
    variables=(
        Variable("crisno", "code", "number of the crisis"),
        Variable("cracno", "code", "number of the actor in the crisis"),
        Variable("cracid", "country", "COW state number"),
        Variable("actor", "text", "name"),
        Variable("crisname", "text", "name of the crisis"),
        Variable("triggr", "code", "trigger, 1 to 9 as in icb-system"),
        Variable("yrtrig", "year", "year of the trigger"),
        Variable("trigent", "code", "who triggered it"),
        Variable("majres", "code", "major response"),
        Variable("crismg", "code", "main way of managing it"),
        Variable("cenvio", "code", "centrality of violence"),
        Variable("sevvio", "code", "severity of violence"),
        Variable(
            "outcom",
            "code",
            "outcome: 1 victory, 2 compromise, 3 stalemate, 4 defeat, 5 other",
        ),
        Variable("outfor", "code", "form of the outcome"),
        Variable("outevl", "code", "satisfaction"),
        Variable("outesr", "code", "tension afterwards"),
        Variable("viol", "code", "violence, 1 to 4"),
        Variable("pcid", "code", "number of the protracted conflict"),
        Variable("powdis", "code", "gap in power"),
        Variable("gravty", "code", "gravest threat"),
        Variable("regime", "code", "regime"),
        Variable("nuclear", "code", "nuclear capability"),
        Variable("territ", "code", "size of territory"),
        Variable("age", "code", "age of the state"),
    ),
)
