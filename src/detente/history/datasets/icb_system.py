"""International Crisis Behavior, crises."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="icb-system",
    title="International Crisis Behavior, crises",
    version="14",
    description=(
        "International crises 1918-2017: trigger, violence, actors, mediation, "
        "outcome."
    ),
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
        "7/icb1v14.csv"
    ),
    sha256="f0115d16b6ca8266a471cf53c8db54de32a64ba8e5855d727a51ee699014db1f",
    size=107080,
    unit="crisis",
    rows=487,
    traps=(
        (
            "Codebook and data disagree on trigger codes 1 and 2 (verbal, political): "
            "pool them."
        ),
        (
            "A crisis enters the data because a state felt threatened: these are not rates "
            "among all disagreements."
        ),
        "Crises of one protracted conflict are not independent.",
    ),
    variables=(
        Variable("crisno", "code", "number of the crisis"),
        Variable("crisname", "text", "name"),
        Variable(
            "break",
            "code",
            "trigger of the crisis: 1 verbal, 2 political, 3 economic, 4 external change, 5 "
            "other non-violent, 6 internal challenge, 7 non-violent military, 8 indirect "
            "violence, 9 violence",
        ),
        Variable("yrtrig", "year", "year of the trigger"),
        Variable("yrterm", "year", "year of the end"),
        Variable("gravcr", "code", "gravest threat"),
        Variable("crismg", "code", "main way of managing it"),
        Variable("cenviosy", "code", "centrality of violence"),
        Variable("sevviosy", "code", "severity of violence"),
        Variable(
            "viol",
            "code",
            "violence: 1 none, 2 minor clashes, 3 serious clashes, 4 full-scale war",
        ),
        Variable("noactr", "count", "states involved"),
        Variable("powinv", "code", "involvement of powers"),
        Variable("usinv", "code", "involvement of the United States"),
        Variable("suinv", "code", "involvement of the Soviet Union or Russia"),
        Variable("globorg", "code", "involvement of the global organisation"),
        Variable("subout", "code", "substance of the outcome: 1 definite, 2 ambiguous"),
        Variable(
            "forout",
            "code",
            "form of the outcome: 1 formal agreement, 2 semi-formal, 3 tacit understanding, 4"
            " unilateral act, 5 imposed, 6 other, 7 faded",
        ),
        Variable("exsat", "code", "satisfaction with the outcome"),
        Variable("outesr", "code", "tension afterwards"),
        Variable("cractr", "count", "crisis actors"),
        Variable("geog", "code", "region"),
        Variable(
            "protrac",
            "code",
            "protracted conflict: 1 outside one, 2 within one, 3 within a long war",
        ),
        Variable(
            "pcid",
            "code",
            "number of the protracted conflict; 40 to 44 are regions, for crises outside one",
        ),
        Variable("powdissy", "code", "gap in power"),
        Variable("ethnic", "code", "ethnic conflict"),
        Variable("mediate", "code", "mediation, by who mediated"),
        Variable("medwho", "code", "who mediated"),
    ),
)
