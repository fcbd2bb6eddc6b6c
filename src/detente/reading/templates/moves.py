"""Claims about a move: who must make it, who makes it, and when."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

ACTOR = Slot("actor", "actor", "Who moves?")
MOVE = Slot("move", "move", "Which move does the sentence speak of?", of="actor")

TEMPLATES = (
    Template(
        "must-act", "This side must make this move: {actor}: {move}.",
        "value({actor}, {move}) > best_other({actor}, {move})",
        "“Must” is tested as: for every type of {actor} the move “{move}” is better than every "
        "other, at the first decision that offers it.",
        (ACTOR, MOVE),
        ("must", "have to", "has to", "no choice", "forced to", "only way"),
    ),
    Template(
        "shoot-or-lose", "After this step the same side must go on or lose: {actor}: {step}, "
        "then {move}.",
        "value({actor}, {move}) > best_other({actor}, {move}) after {actor}.{step}",
        "“Must” is tested as: after “{step}” the move “{move}” is better than every other for "
        "every type of {actor}.",
        (ACTOR, Slot("step", "step", "After which step of the same side?", of="actor"), MOVE),
        ("gun", "threat", "back down", "point of no return", "committed", "stop now", "retreat"),
        proposition="shoot-or-lose", model="schultz-2001", rate="mid-threat-initiator-yields",
    ),
    Template(
        "will-act", "This side will make this move: {actor}: {move}.",
        "P({actor}.{move}) > {least}",
        "“Will” is tested as: the probability that {actor} ever makes the move “{move}” is above "
        "{least}.",
        (ACTOR, MOVE, Slot("least", "number", "Above which probability does it hold?",
                           default="0.5")),
        ("will", "going to", "prepares", "plans to", "is about to"),
    ),
    Template(
        "will-not-act", "This side will not make this move: {actor}: {move}.",
        "P({actor}.{move}) < {most}",
        "“Will not” is tested as: the probability that {actor} ever makes the move “{move}” is "
        "below {most}.",
        (ACTOR, MOVE, Slot("most", "number", "Below which probability does it hold?",
                           default="0.1")),
        ("will not", "won't", "bluff", "never", "dare", "not going to", "empty"),
    ),
    Template(
        "answers", "If this happens, this side answers: {event}; {actor}: {move}.",
        "P({actor}.{move} | {event}) > {least}",
        "Tested as: given “{event}”, {actor} makes the move “{move}” with a probability above "
        "{least}.",
        (ACTOR, MOVE, Slot("event", "event", "After which event?"),
         Slot("least", "number", "Above which probability does it hold?", default="0.5")),
        ("if", "once", "after", "answer", "respond", "retaliat", "in return"),
    ),
    Template(
        "first-mover-gains", "The side that moves first gains: {actor}: {move}, before {other}: "
        "{reply}.",
        "value({actor} | {actor}.{move}) > value({actor} | {other}.{reply})",
        "Tested as: for every type, the payoff of {actor} is higher if it makes the move "
        "“{move}” than if {other} makes the move “{reply}”.",
        (ACTOR, MOVE, Slot("other", "actor", "Who is the other side?", of="actor"),
         Slot("reply", "move", "Which move of the other side?", of="other")),
        ("first", "strike", "before they", "pre-empt", "initiative", "gain time", "surprise"),
        proposition="strike-or-be-struck", model="schelling-1960",
    ),
    Template(
        "prefers", "This side fares better after the first event than after the second: {actor}: "
        "{event}; {other}.",
        "value({actor} | {event}) > value({actor} | {other})",
        "Tested as: the payoff of {actor} is higher after “{event}” than after “{other}”.",
        (ACTOR, Slot("event", "event", "After which event does it fare better?"),
         Slot("other", "event", "With which event is that compared?")),
        ("better", "prefer", "rather", "interest", "gains more", "worse"),
    ),
)
