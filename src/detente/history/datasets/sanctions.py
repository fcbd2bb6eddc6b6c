"""Threats and impositions of economic sanctions."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="sanctions",
    title="Threats and impositions of economic sanctions",
    version="sigInt 0.2.0",
    description=(
        "Counts of the outcomes of the crisis signalling game, 1970-2000, with "
        "covariates."
    ),
    citation=(
        (
            "Crisman-Cox & Gibilisco (2019). Estimating signaling games in international "
            "relations: Problems and solutions. Political Science Research and Methods."
        ),
        (
            "Morgan, Bapat & Kobayashi (2014). Threat and imposition of economic sanctions "
            "1945-2005: Updating the TIES dataset. Conflict Management and Peace Science 31(5),"
            " 541-558."
        ),
    ),
    licence="GPL (>= 3)",
    address="cran/sigInt/f32e33382bbe979471378a300021c3d0d40a0cb2/data/sanctionsData.rdata",
    sha256="984691a72d3c396fac79fa666b52c0964c9af3b8aa589f261c58cc73adb66ab8",
    size=28983,
    unit="directed dyad-decade",
    rows=418,
    traps=(
        "Each row counts many plays; plays of one dyad are not independent.",
    ),
    variables=(
        Variable("gameID", "text", "dyad and decade"),
        Variable("dyadID", "code", "dyad"),
        Variable("tenyear", "year", "decade"),
        Variable("ccode1", "country", "COW number of the first state"),
        Variable("ccode2", "country", "COW number of the second state"),
        Variable("sq", "count", "endings: status quo"),
        Variable("cd", "count", "endings: challenge, concession"),
        Variable("sf", "count", "endings: challenge, resistance, sanctions imposed"),
        Variable("bd", "count", "endings: challenge, resistance, backing down"),
        Variable("senderecondep", "real", "challenger's trade dependence"),
        Variable("senderdemocracy", "count", "challenger's Polity score"),
        Variable("contig", "code", "contiguity: 1 land, 2 to 5 wider water, 6 none"),
        Variable("ally", "real", "allied, share of the decade"),
        Variable("anticipatedsendercosts", "count", "costs the challenger expects"),
        Variable("anticipatedtargetcosts", "count", "costs the target expects"),
        Variable("targetecondep", "real", "target's trade dependence"),
        Variable("lncaprat", "real", "log ratio of capabilities"),
        Variable("targetdemocracy", "count", "target's Polity score"),
        Variable("PRhat", "real", "first-stage probability of resisting"),
        Variable("PFhat", "real", "first-stage probability of standing firm"),
        Variable("PRnpl", "real", "probability of resisting at the published estimate"),
        Variable("PFnpl", "real", "probability of standing firm at it"),
    ),
)
