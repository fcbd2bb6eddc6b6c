"""Claims about how the crisis ends, and on which terms."""

from __future__ import annotations

from detente.reading.templates.base import Slot, Template

OUTCOME = Slot("outcome", "outcome", "Which end of the crisis does the sentence speak of?")
AGREEMENT = Slot("agreement", "agreement", "Which agreement does the sentence speak of?")

TEMPLATES = (
    Template(
        "outcome-likely", "The most that can be expected is this end: {outcome}.",
        "P({outcome}) > {least}",
        "Tested as: the probability of “{outcome}” is above {least}.",
        (OUTCOME, Slot("least", "number", "Above which probability does it hold?",
                       default="0.5")),
        ("will end", "inevitable", "bound to", "certain", "near", "likely", "coming"),
    ),
    Template(
        "outcome-unlikely", "This end is not to be expected: {outcome}.",
        "P({outcome}) < {most}",
        "Tested as: the probability of “{outcome}” is below {most}.",
        (OUTCOME, Slot("most", "number", "Below which probability does it hold?",
                       default="0.1")),
        ("never", "impossible", "unlikely", "no chance", "not going to", "cannot happen"),
    ),
    Template(
        "talks-useless", "Talks are useless for now.",
        "P({agreement}) < {most}",
        "“Useless” is tested as a probability of “{agreement}” below {most}.",
        (AGREEMENT, Slot("most", "number", "Below which probability are talks useless?",
                         default="0.1")),
        ("talks", "negotiat", "pointless", "useless", "meaningless", "deal", "peace"),
        proposition="talks-pointless", model="smith-stam-2004", rate="icb-agreement",
    ),
    Template(
        "more-probable-end", "This end is more probable: {outcome}, compared with: {other}.",
        "P({outcome}) > P({other})",
        "Tested as: “{outcome}” is more probable than “{other}”.",
        (OUTCOME, Slot("other", "outcome", "With which other end is it compared?")),
        ("rather", "more likely", "sooner", "instead"),
    ),
    Template(
        "never-without-force", "This side does not accept the change without force: {concession}.",
        "P({concession} or {agreement}) < {most}",
        "Tested as: “{concession}” and “{agreement}” together have a probability below {most}.",
        (Slot("concession", "concession", "Who would have to give way?"), AGREEMENT,
         Slot("most", "number", "Below which probability does it hold?", default="0.05")),
        ("never accept", "only force", "by force", "never give", "not surrender"),
        model="powell-2006",
    ),
    Template(
        "larger-part", "An agreement gives the larger part to the side that is named first.",
        "share | {division} > {least}",
        "Tested as: the expected share of the side named first in the file, given “{division}”, "
        "is above {least}.",
        (Slot("division", "division", "Which end divides what is at stake?"),
         Slot("least", "number", "Above which share does it hold?", default="0.5")),
        ("terms", "share", "most of", "more than half", "gets"),
    ),
)
