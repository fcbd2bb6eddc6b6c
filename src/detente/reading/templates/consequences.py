"""Claims about the consequences of an event for the end of the crisis."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

OUTCOME = Slot("outcome", "outcome", "For which end of the crisis?")
EVENT = Slot("event", "event", "Which event does the sentence speak of?")
MARGIN = Slot("margin", "number", "By how much at least?", default="0.05")

TEMPLATES = (
    Template(
        "makes-likelier", "This event makes this end more probable: {event}; {outcome}.",
        "P({outcome} | {event}) > P({outcome} | not {event}) + {margin}",
        "Tested as: “{outcome}” is more probable by {margin} if “{event}” happens than if it "
        "does not. The comparison is of histories and not of causes.",
        (EVENT, OUTCOME, MARGIN),
        ("leads to", "brings", "provoke", "invite", "encourage", "because", "escalat"),
    ),
    Template(
        "makes-unlikelier", "This event makes this end less probable: {event}; {outcome}.",
        "P({outcome} | {event}) < P({outcome} | not {event}) - {margin}",
        "Tested as: “{outcome}” is less probable by {margin} if “{event}” happens than if it "
        "does not. The comparison is of histories and not of causes.",
        (EVENT, OUTCOME, MARGIN),
        ("prevent", "restrain", "deter", "calm", "avoid", "holds back", "stops"),
    ),
    Template(
        "leads-to", "Once this has happened, this end follows: {event}; {outcome}.",
        "P({outcome} | {event}) > {least}",
        "Tested as: given “{event}”, “{outcome}” has a probability above {least}.",
        (EVENT, OUTCOME,
         Slot("least", "number", "Above which probability does it follow?", default="0.9")),
        ("once", "means war", "certain", "inevitabl", "no way back", "then there will"),
    ),
    Template(
        "irreversible", "After this event there is no return: {event}; {outcome}.",
        "P({outcome} | {event}) < {most}",
        "Tested as: given “{event}”, “{outcome}” has a probability below {most}.",
        (EVENT, Slot("outcome", "outcome", "To which end is there no return?"),
         Slot("most", "number", "Below which probability is it irreversible?", default="0.1")),
        ("irreversible", "no return", "never again", "cannot go back", "for good", "too late"),
        proposition="shock-irreversible", model="richardson-1960",
    ),
)
