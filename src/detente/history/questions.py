"""The registered base rates. A new entry here adds a base rate."""

from __future__ import annotations

from detente.history.question import Question

__all__ = ["QUESTIONS"]

# Outside protracted conflicts pcid is the number of the region, so each crisis is its own cluster.
ICB_CLUSTER = "CASE WHEN protrac = 1 THEN -crisno ELSE pcid END"

# A dispute is clustered by the states that opposed each other on its first day (another data set).
PAIR, PARTIES = "pair", "gml-participants"

NOT_ALL = (
    "A crisis is in the data because a government felt threatened: this is not a rate among all "
    "disagreements."
)
NOT_THREATS = (
    "Most disputes and most pairs in crises contain no coercive threat: this is not the success "
    "rate of threats."
)
HIDDEN = (
    "Disputes coded as stalemates hide most backing down, so yielding is undercounted; and few "
    "disputes stop at a threat. This is not the success rate of threats."
)


def _violence(name: str, title: str, given: str, definition: str, warning: str = "") -> Question:
    return Question(
        name, title, "icb-system", f"viol IS NOT NULL AND {given}", "viol = 4",
        f"International crises with violence coded; {definition}full-scale war is the gravest of "
        "four levels.", " ".join(filter(None, [warning, NOT_ALL])), ICB_CLUSTER,
        beside="war",
    )


def _form(name: str, title: str, codes: str, words: str, beside: str = "") -> Question:
    return Question(
        name, title, "icb-system", "forout IS NOT NULL", f"forout IN ({codes})",
        f"International crises with a form of outcome coded; {words}.", NOT_ALL, ICB_CLUSTER,
        beside=beside,
    )


QUESTIONS = {
    q.name: q
    for q in (
        _violence("icb-war", "Crises that reach full-scale war:", "true", ""),
        _violence("icb-war-violent-trigger", "Crises triggered by violence that reach war:",
                  '"break" IN (8, 9)', "the trigger was direct or indirect violence; "),
        _violence("icb-war-military-trigger", "Crises triggered by a non-violent military act "
                  "that reach war:", '"break" = 7', "the trigger was military, not violent; "),
        _violence("icb-war-verbal-trigger", "Crises triggered by words or political acts that "
                  "reach war:", '"break" IN (1, 2)', "the trigger was verbal or political; ",
                  "The codebook and the data disagree on the two codes, so they are pooled."),
        _form("icb-agreement", "Crises that end in an agreement or tacit understanding:",
              "1, 2, 3", "formal, semi-formal and tacit agreement count", "settlement"),
        _form("icb-unilateral", "Crises that end by a unilateral act:", "4", "unilateral acts"),
        _form("icb-imposed", "Crises that end in an imposed agreement:", "5", "imposition"),
        _form("icb-faded", "Crises that fade:", "7", "no discernible end", "status quo"),
        Question("mid-war", "Militarized disputes that become wars:", "gml-disputes",
                 "hostlev IS NOT NULL", "hostlev = 5",
                 "Disputes; war is 1,000 battle deaths among regular forces.", NOT_THREATS,
                 PAIR, beside="war", parties=PARTIES),
        Question("mid-war-reciprocated", "Reciprocated disputes that become wars:",
                 "gml-disputes", "recip = 1", "hostlev = 5",
                 "Disputes in which the target answered with a militarized action.", NOT_THREATS,
                 PAIR, beside="war", parties=PARTIES),
        Question("mid-threat-target-yields", "Disputes that stop at a threat in which the target "
                 "yields:", "gml-disputes", "hostlev = 2", "coalesce(outcome, -9) = 4",
                 "Disputes whose highest level is a threat to use force; side B yields; "
                 "an unknown outcome counts as not yielding.", HIDDEN, PAIR, parties=PARTIES),
        Question("mid-threat-initiator-yields", "Disputes that stop at a threat in which the "
                 "initiator yields:", "gml-disputes", "hostlev = 2", "coalesce(outcome, -9) = 3",
                 "Disputes whose highest level is a threat to use force; side A yields; "
                 "an unknown outcome counts as not yielding.", HIDDEN, PAIR, parties=PARTIES),
        Question("sanctions-concession", "Threats of sanctions after which the target concedes:",
                 "sanctions", "", "cd",
                 "Challenges in dyad-decades 1970-2000: concession before sanctions are imposed.",
                 "Threats are not made at random: states threaten if they expect success.",
                 "dyadID", "cd + sf + bd"),
        Question("sanctions-back-down", "Threats of sanctions, resisted, from which the "
                 "challenger backs down:", "sanctions", "", "bd",
                 "Resisted challenges in dyad-decades 1970-2000: no sanctions follow.",
                 "Threats are not made at random: states threaten if they expect success.",
                 "dyadID", "sf + bd"),
    )
}
