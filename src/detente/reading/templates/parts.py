"""Claims that compare the crisis with one in which a part is missing."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

OUTCOME = Slot("outcome", "outcome", "For which end of the crisis?")
AGREEMENT = Slot("agreement", "agreement", "Which agreement does the sentence speak of?")
PART = Slot("part", "part", "Which part would be missing?")
MARGIN = Slot("margin", "number", "By how much at least?", default="0.05")

TEMPLATES = (
    Template(
        "needed-for", "Without this part, this end would be less probable: {part}; {outcome}.",
        "P({outcome}, without: {part}) < P({outcome}) - {margin}",
        "Tested as: without “{part}”, “{outcome}” is less probable by {margin}.",
        (PART, OUTCOME, MARGIN),
        ("without", "thanks to", "needs", "only because", "ended it", "brings"),
    ),
    Template(
        "prevents", "Without this part, this end would be more probable: {part}; {outcome}.",
        "P({outcome}, without: {part}) > P({outcome}) + {margin}",
        "Tested as: without “{part}”, “{outcome}” is more probable by {margin}.",
        (PART, OUTCOME, MARGIN),
        ("without", "prevent", "would have", "saves", "face", "avoids"),
    ),
    Template(
        "too-small", "This part is too small to matter: {part}; {outcome}.",
        "abs(P({outcome}) - P({outcome}, without: {part})) < {margin}",
        "“Too small” is tested as: with and without “{part}” the probability of “{outcome}” "
        "differs by less than {margin}.",
        (PART, OUTCOME, Slot("margin", "number", "Below which difference is it too small?",
                             default="0.02")),
        ("no matter", "irrelevant", "too small", "does not count", "nothing to do"),
    ),
    Template(
        "mediator-cannot", "This mediator does not bring an agreement: {mediator}.",
        "P({agreement}) - P({agreement}, without: {mediator}) < {margin}",
        "Tested as: “{agreement}” is not more probable by {margin} with “{mediator}” than "
        "without it.",
        (Slot("mediator", "mediator", "Which mediation?"), AGREEMENT, MARGIN),
        ("mediat", "broker", "partial", "biased", "neutral", "go-between"),
        proposition="partial-mediator", model="kydd-2003", rate="icb-agreement",
    ),
    Template(
        "spoiler-wrecks", "A third party that gains from war stops the agreement: {spoiler}.",
        "P({agreement}, without: {spoiler}) > P({agreement}) + {margin}",
        "Tested as: without “{spoiler}”, “{agreement}” is more probable by {margin}.",
        (Slot("spoiler", "spoiler", "Which third party?"), AGREEMENT,
         Slot("margin", "number", "By how much at least?", default="0.1")),
        ("sabotag", "wreck", "spoil", "third part", "undermine", "counter-demand"),
        proposition="spoilers-succeed", model="kydd-walter-2002",
    ),
)
