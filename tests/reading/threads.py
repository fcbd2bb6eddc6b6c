"""Sessions for the tests: an exchange of three turns, with confirmed passages and claims."""

from __future__ import annotations

import hashlib
from pathlib import Path

from detente.reading.records import Passage
from detente.reading.store import Session

ANN = "The blockade must not be lifted, or the whole harbour is given away."
BOB = "No, that is wrong. Your envoys bring nothing home, and every round of talks is wasted."
CYN = "Indeed, Bob. And the swine of the harbour company deserve a good ducking."
TEXT = "\n".join((ANN, BOB, CYN))
PASSAGES = ("The blockade must not be lifted", "No, that is wrong.",
            "Your envoys bring nothing home, and every round of talks is wasted.",
            "And the swine of the harbour company deserve a good ducking.")
"""The last one is heated, in invented mild words; it is flagged."""


def passage(session: Session, exact: str, *, flagged: bool = False, document: int = 1) -> Passage:
    """Store an exact passage as the gate would, and confirm it."""
    text = session.document(document).text
    start = text.index(exact)
    end = start + len(exact)
    made = session.insert_passage(
        document, start, end, exact, text[max(0, start - 32):start], text[end:end + 32],
        flagged=flagged, proposer="analyst")
    session.confirm(made.id)
    return session.confirm(made.id, again=True) if flagged else session.passage(made.id)


def exchange(folder: Path) -> Session:
    """Return an open session with three turns and four claims about the Cuban case."""
    session = Session.open(folder)
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    one = session.add_document("harbour.txt", "/texts/harbour.txt", "text", sha, sha, "test", TEXT)
    second, third = len(ANN) + 1, len(ANN) + len(BOB) + 2
    session.set_turns(one.id, [("Ann", None, 0, len(ANN)),
                               ("Bob", 0, second, second + len(BOB)),
                               ("Cyn", 1, third, len(TEXT))])
    first, wrong, wasted, heated = (
        passage(session, exact, flagged=k == 3) for k, exact in enumerate(PASSAGES))
    session.add_claim(first.id, author="Ann", paraphrase="War is improbable.",
                      template="outcome-unlikely", slots={"outcome": "war", "most": "0.5"},
                      formal="P(war) < 0.5", note="Tested below one half.")
    session.add_claim(wrong.id, author="Bob", paraphrase="War is more probable than not.",
                      template="outcome-likely", slots={"outcome": "war", "least": "0.5"},
                      formal="P(war) > 0.5", note="Tested above one half.")
    session.add_claim(wasted.id, author="Bob", paraphrase="Negotiation achieves little.",
                      template="talks-useless", slots={"agreement": "settlement", "most": "0.1"},
                      formal="P(settlement) < 0.1", note="Tested below one tenth.")
    session.add_claim(heated.id, author="Cyn", paraphrase="A company is to be punished.",
                      note="It concerns no move of the case.")
    return session


def leaks(output: str) -> list[str]:
    """Return the runs of four words of the exchange that an output holds.

    Four words in a row of any text here are in no paraphrase and in no page of detente.
    """
    import re

    words = re.findall(r"\w+", TEXT.casefold())
    said = " ".join(re.findall(r"\w+", output.casefold()))
    runs = {" ".join(words[k:k + 4]) for k in range(len(words) - 3)}
    return sorted(run for run in runs if run in said)
