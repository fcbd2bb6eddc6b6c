"""Claims that compare the crisis with one in which a number or the time is another."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

OUTCOME = Slot("outcome", "outcome", "For which end of the crisis?")
NUMBER = Slot("number", "path", "Which number of the file?")
VALUE = Slot("value", "number", "With which value is it compared?", default="0", least=-10,
             most=10)
MARGIN = Slot("margin", "number", "By how much at least?", default="0.05")
FIRST = Slot("number", "first strike", "Which advantage of moving first?")

TEMPLATES = (
    Template(
        "condition-drives", "This condition makes this end more probable: {number}; {outcome}.",
        "P({outcome}, with: {number} = {value}) < P({outcome}) - {margin}",
        "Tested as: if “{number}” were {value}, “{outcome}” would be less probable by {margin}.",
        (NUMBER, VALUE, OUTCOME, MARGIN),
        ("because", "superior", "cost", "advantage", "strength", "guarantee", "public"),
    ),
    Template(
        "condition-restrains", "This condition makes this end less probable: {number}; {outcome}.",
        "P({outcome}, with: {number} = {value}) > P({outcome}) + {margin}",
        "Tested as: if “{number}” were {value}, “{outcome}” would be more probable by {margin}.",
        (NUMBER, VALUE, OUTCOME, MARGIN),
        ("restrain", "deter", "risk", "afraid", "cost", "keeps them from"),
    ),
    Template(
        "matters-more", "The first condition matters more than the second: {number}; {other}.",
        "abs(P({outcome}) - P({outcome}, with: {number} = {value})) > "
        "abs(P({outcome}) - P({outcome}, with: {other} = {second}))",
        "Tested as: the probability of “{outcome}” changes more if “{number}” is {value} than "
        "if “{other}” is {second}.",
        (NUMBER, VALUE, Slot("other", "path", "With which number is it compared?"),
         Slot("second", "number", "With which value of that number?", default="0", least=-10,
              most=10), OUTCOME),
        ("more than", "not arms", "money", "rather than", "decides"),
    ),
    Template(
        "time-changes", "With another number of turns this end would be more probable: {outcome}.",
        "P({outcome}, with: turns.each = {turns}) > P({outcome}) + {margin}",
        "Tested as: with {turns}, “{outcome}” is more probable by {margin}.",
        (Slot("turns", "turns", "How many turns instead?"), OUTCOME, MARGIN),
        ("time", "hurry", "deadline", "wait", "longer", "too soon", "window"),
    ),
    Template(
        "no-deal-holds", "Surprise pays so well that no deal can hold.",
        "P({agreement}, with: {number} = 0) > P({agreement}) + {margin}",
        "Tested as: without an advantage of the first strike, “{agreement}” is more probable by "
        "{margin}.",
        (FIRST, Slot("agreement", "agreement", "Which agreement?"), MARGIN),
        ("surprise", "no deal", "hold", "trust", "cannot be kept"),
        proposition="no-deal-holds", model="fearon-1995-first-strike",
    ),
    Template(
        "safer-to-strike", "War is likely because it is safer to strike first.",
        "P({war}, with: {number} = 0) < P({war}) - {margin}",
        "Tested as: without an advantage of the first strike, war is less probable by {margin}.",
        (FIRST, Slot("war", "war", "Which war?"), MARGIN),
        ("strike first", "safer", "before they", "offensive", "pre-empt"),
        proposition="strike-or-be-struck-risk", model="schelling-1960",
    ),
)
