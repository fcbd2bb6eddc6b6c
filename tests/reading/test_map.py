"""The map: proposals from replies, relations by origin, standing and the computed attacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.analysis.claims.result import Claims, Pair
from detente.errors import InputError
from detente.reading.map import compute, counts, enter, map_of, proposals
from detente.reading.questions import ALL, OTHERS, ask, questions, withdraw
from tests.reading.threads import exchange


def test_replies_are_proposed_and_do_not_count(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        found = {(p.from_claim, p.to_claim): (p.kind, p.origin) for p in proposals(session)}
        assert found == {  # Bob dissents from Ann; Cyn assents to both claims of Bob
            (2, 1): ("attack", "cue"), (3, 1): ("attack", "cue"),
            (4, 2): ("support", "cue"), (4, 3): ("support", "cue")}
        assert map_of(session).relations == ()
        assert all(map_of(session).standing(k) == "stands" for k in (1, 2, 3, 4))


def test_a_relation_that_is_entered_again_replaces_the_earlier_one(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        enter(session, 2, "attack", 1)
        session.relate(2, 1, "attack", "computed", "held together in none of 64 samples")
        enter(session, 2, "attack", 1, "a reason")
        assert [(r.kind, r.origin, r.note) for r in session.relations()] == [
            ("attack", "computed", "held together in none of 64 samples"),
            ("attack", "cue", "a reason")]  # the reply has a cue
        enter(session, 2, "support", 1)
        assert [(r.kind, r.origin) for r in session.relations()] == [
            ("attack", "computed"), ("support", "cue")]
        enter(session, 2, "none", 1)
        assert session.relations() == [] and (2, 1) in {
            (p.from_claim, p.to_claim) for p in proposals(session)}


def test_standing(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.relate(2, 1, "attack", "cue")
        session.relate(4, 2, "support", "confirmed")
        assert (2, 1) not in {(p.from_claim, p.to_claim) for p in proposals(session)}
        mapped = map_of(session)
        assert [mapped.standing(k) for k in (1, 2)] == ["does not stand", "stands"]
        assert mapped.against(1) == [2] and mapped.behind(2) == [4]
        assert mapped.strengths == {"c1": 0.125, "c2": 0.75, "c3": 0.5, "c4": 0.5}
        session.relate(1, 2, "attack", "confirmed")
        assert map_of(session).standing(1) == "stands in some readings"
        assert len(map_of(session).preferred) == 2


def test_floating_claim(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        for a, b in ((1, 2), (2, 1), (1, 3), (2, 3), (3, 4)):
            session.relate(a, b, "attack", "confirmed")
        assert map_of(session).standing(4) == "stands in every reading"


def test_computed_attacks_are_replaced(tmp_path: Path) -> None:
    def found(*pairs: tuple[str, str]) -> Claims:
        return Claims([], [Pair(a, b, True, 0, 0, 64) for a, b in pairs], "a model")

    with exchange(tmp_path) as session:
        session.relate(3, 1, "attack", "reply")
        made = compute(session, found(("c1", "c2")))
        assert {(r.from_claim, r.to_claim) for r in made} == {(1, 2), (2, 1)}
        assert all("none of 64 samples" in r.note for r in made)
        compute(session, found(("c2", "c3"), ("c9", "c1")))  # c9 is not in the session
        assert counts(session.relations()) == {"attack, computed": 2, "attack, reply": 1}


def test_claims_without_a_usable_passage_are_left_out(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        session.relate(2, 1, "attack", "confirmed")
        session.refuse(session.claim(2).passage)
        assert [c.id for c in map_of(session).claims] == [1, 3, 4]
        assert map_of(session).standing(1) == "stands"


def test_questions(tmp_path: Path) -> None:
    with exchange(tmp_path) as session:
        assert questions(session) == [(ALL, [1, 2, 3, 4])]
        ask(session, " Is war  probable? ", [2, 1])
        ask(session, "Do talks help?", [3])
        assert questions(session) == [
            ("Is war probable?", [1, 2]), ("Do talks help?", [3]), (OTHERS, [4])]
        withdraw(session, "Do talks help?")
        assert questions(session)[1] == (OTHERS, [3, 4])
        with pytest.raises(InputError, match=r"no claim 9 .*expected one of"):
            ask(session, "A question", [9])
        with pytest.raises(InputError, match="question is empty"):
            ask(session, "  ", [1])
