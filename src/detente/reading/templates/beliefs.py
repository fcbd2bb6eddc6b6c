"""Claims about an actor's inference from what another has done."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

ACTOR = Slot("actor", "private", "About whom is the inference?")
OBSERVER = Slot("observer", "actor", "Who infers?", of="actor")
QUANTITY = Slot("quantity", "quantity", "Which private quantity?", of="actor")
END = Slot("end", "end", "Which end of that quantity is inferred?")
STEP = Slot("step", "step", "After which step?", of="actor")
THEN = Slot("then", "step", "And then which one, which takes it back or lets it pass?", of="actor")

TEMPLATES = (
    Template(
        "empty-threats", "A threat that is not carried out destroys credibility: {actor}: {step}, "
        "then {then}.",
        "belief({observer}, {actor}.{quantity} {end} | {actor}.{step} then {actor}.{then}) > "
        "prior({observer}, {actor}.{quantity} {end})",
        "Tested as: after “{step}” and then “{then}”, {observer} believes more firmly than at the "
        "start that the {quantity} of {actor} is {end}.",
        (ACTOR, OBSERVER, QUANTITY, END, STEP, THEN),
        ("threat", "credib", "empty", "not carried out", "bluff", "red line"),
        proposition="empty-threats", model="kreps-wilson-1982", rate="mid-threat-initiator-yields",
    ),
    Template(
        "generosity-is-weakness", "A generous offer is interpreted as weakness: {actor}: {offer}.",
        "belief({observer}, {actor}.{quantity} {end} | {actor}.{offer}) > "
        "prior({observer}, {actor}.{quantity} {end})",
        "Tested as: after “{offer}”, {observer} believes more firmly than at the start that the "
        "{quantity} of {actor} is {end}.",
        (ACTOR, OBSERVER, QUANTITY, END,
         Slot("offer", "offer", "Which offer?", of="actor")),
        ("weakness", "goodwill", "generous", "concession", "sign of", "soft"),
        proposition="generosity-is-weakness", model="kydd-2000",
    ),
    Template(
        "shows", "This step shows something about the side that makes it: {actor}: {step}.",
        "belief({observer}, {actor}.{quantity} {end} | {actor}.{step}) > "
        "prior({observer}, {actor}.{quantity} {end})",
        "“Shows” is tested as: after “{step}”, {observer} believes more firmly than at the start "
        "that the {quantity} of {actor} is {end}.",
        (ACTOR, OBSERVER, QUANTITY, END, STEP),
        ("shows", "proves", "reveals", "signal", "demonstrates", "means that they"),
    ),
    Template(
        "convinces", "This step convinces the other side: {actor}: {step}.",
        "belief({observer}, {actor}.{quantity} {end} | {actor}.{step}) > {least}",
        "“Convinces” is tested as: after “{step}”, {observer} believes with a probability above "
        "{least} that the {quantity} of {actor} is {end}.",
        (ACTOR, OBSERVER, QUANTITY, END, STEP,
         Slot("least", "number", "Above which belief?", default="0.8")),
        ("convince", "believe", "take seriously", "understand", "knows that"),
    ),
)
