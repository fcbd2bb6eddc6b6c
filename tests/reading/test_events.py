"""Events of a session: the file passes the check of following, and holds no passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError
from detente.follow.file import loads_events
from detente.reading.draft import draft
from detente.reading.events import add_event, events, events_text
from detente.reading.formalise import formalise, offered, unformalise
from detente.reading.store import Session
from detente.reading.templates import Case
from tests.reading.threads import exchange, leaks

ROLES = {"challenger": "Tirrenia", "target": "Oster"}


def entered(session: Session) -> None:
    add_event(session, 3, date="2031-05-09", says="Tirrenia moves ships.", way="move",
              actor="tirrenia", label="escalate to show of force")
    add_event(session, 1, date="2031-05-02", says="Tirrenia asks for the harbour.", way="before")
    add_event(session, 2, date="2031-05-03 to 2031-05-05", says="A conference meets.",
              way="cannot", reason="The case has no conference.")


def test_the_file_passes_the_check(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        entered(session)
        crisis = draft(session, "the-harbour", "demand-and-red-line", ROLES, stake="the harbour")
        text = events_text(session, "the-harbour")
        found = loads_events(text, crisis.scenario())
    assert [(e.id, e.way) for e in found.file.events] == [
        ("p1", "before"), ("p2", "cannot"), ("p3", "move")]
    assert leaks(text) == []


def test_replaced_and_refused(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        entered(session)
        add_event(session, 3, date="2031-05-01", says="Ships move.", way="cannot",
                  reason="Too far.")
        assert [e["passage"] for e in events(session)] == [3, 1, 2]
        session.refuse(2)
        assert [e["passage"] for e in events(session)] == [3, 1]
        session.refuse(3)
        session.refuse(1)
        with pytest.raises(InputError, match="the session has no event"):
            events_text(session, "the-harbour")


@pytest.mark.parametrize(("given", "message"), [
    ({"way": "moved"}, "did you mean 'move'"),
    ({"way": "move", "label": "hold"}, "needs 'actor'"),
    ({"way": "before", "reason": "why"}, "has no 'reason'"),
    ({"way": "before", "date": "in May"}, "'in May' is not a date"),
    ({"way": "before", "says": "Envoys bring nothing home and every round of talks fails."},
     "copies 9 words"),
])
def test_wrong_events(tmp_path: Path, given: dict[str, str], message: str) -> None:
    with exchange(tmp_path) as session, pytest.raises(InputError, match=message):
        add_event(session, 3, **{"date": "2031-05-02", "says": "An event.", **given})


def test_a_passage_must_be_confirmed(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.refuse(1)
        with pytest.raises(InputError, match="passage 1 is not confirmed"):
            add_event(session, 1, date="2031-05-02", says="An event.", way="before")


def test_formalise(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        crisis = draft(session, "the-harbour", "demand-and-red-line", ROLES, stake="the harbour")
        case = Case.of(crisis.scenario())
        assert "talks" in offered(session, 3, case)[0][1]
        made, filled = formalise(session, 4, case, "will-not-act", {
            "actor": "tirrenia", "move": "attack"}, note="The company acts for Tirrenia.")
        assert made.formal == filled.formal == "P(tirrenia.attack) < 0.1"
        assert made.note.endswith("The company acts for Tirrenia.")
        with pytest.raises(InputError, match="no actor 'bland'"):
            formalise(session, 4, case, "will-not-act", {"actor": "bland", "move": "attack"})
        assert session.claim(4).formal == made.formal  # a failure changes nothing
        assert unformalise(session, 4, "It is a wish.").formal == ""
