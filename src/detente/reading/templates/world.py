"""Claims about the world around a crisis: alignments, shocks and the record.

They are judged outside the game, on the ties file beside the case and on base rates. A case without
a ties file has no options for states and shocks.
"""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

STATE = Slot("state", "state", "Which state?")
OTHER = Slot("other", "other state", "Which other state?", of="state")
SHOCK = Slot("shock", "shock", "Which shock of the ties file?")
RATE = Slot("rate", "rate", "Which base rate counts it?")
LEAST = Slot("least", "number", "Above which share does it hold?", default="0.5")
MOST = Slot("most", "number", "Below which share does it hold?", default="0.5")
RARE = Slot("most", "number", "Below which share does it hold?", default="0.1")

TEMPLATES = (
    Template(
        "stand-together", "These two states are on one side: {state} and {other}.",
        "aligned({state}, {other}) > {least}",
        "Tested as: the share of draws of the ties in which “{state}” and “{other}” are on one "
        "side is above {least}.",
        (STATE, OTHER, LEAST),
        ("bloc", "one side", "allies of", "together", "axis", "camp"),
    ),
    Template(
        "stand-apart", "These two states are not on one side: {state} and {other}.",
        "aligned({state}, {other}) < {most}",
        "Tested as: the share of draws of the ties in which “{state}” and “{other}” are on one "
        "side is below {most}.",
        (STATE, OTHER, MOST),
        ("turned away", "lost its ally", "no longer", "left the", "switch sides"),
    ),
    Template(
        "friend-of-both", "This state is a friend of two that are hostile to each other: {state}; "
        "{pair}.",
        "between({state}; {pair}) > {least}",
        "Tested as: the share of draws of the ties in which “{state}” is between “{pair}” is above "
        "{least}.",
        (STATE, Slot("pair", "pair of states", "Between which two states?", of="state"), LEAST),
        ("between", "both sides", "balances", "in the middle"),
    ),
    Template(
        "comes-back", "After this shock the states return to their old course: {shock}.",
        "returns({shock}) > {least}",
        "Tested as: the share of draws in which the states are on their old course after "
        "“{shock}” is above {least}.",
        (SHOCK, LEAST),
        ("back to normal", "recover", "return", "passes"),
    ),
    Template(
        "no-way-back", "After this shock the states do not return to their old course: {shock}.",
        "returns({shock}) < {most}",
        "Tested as: the share of draws in which the states are on their old course after "
        "“{shock}” is below {most}.",
        (SHOCK, RARE),
        ("never the same", "no return", "irreversible", "forever", "for good"),
    ),
    Template(
        "happens-often", "In the record this is common: {rate}.",
        "rate({rate}) > {least}",
        "Tested as: the base rate “{rate}” is above {least}. It counts past cases, not this one.",
        (RATE, LEAST),
        ("always", "usually", "history shows", "as so often", "every time"),
    ),
    Template(
        "happens-rarely", "In the record this is rare: {rate}.",
        "rate({rate}) < {most}",
        "Tested as: the base rate “{rate}” is below {most}. It counts past cases, not this one.",
        (RATE, RARE),
        ("never in history", "hardly ever", "rarely", "seldom", "no example"),
    ),
)
