"""A session: whole transactions, one file, no words in records that print or in messages."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.reading.database import FILE
from detente.reading.store import Session
from detente.reading.words import shared_run

TEXT = "First sentence, quietly said. Another sentence of the same kind follows it."


@pytest.fixture
def session(tmp_path):
    with Session.open(tmp_path / "s") as made:
        made.add_document("a.txt", "/a.txt", "text", "0", "0", "text 1", TEXT)
        yield made


def admitted(session, start=0, end=29, **more):
    given = {"flagged": False, "proposer": "analyst"} | more
    return session.insert_passage(1, start, end, TEXT[start:end], "", "", **given)


def test_only_one_file_stays_and_only_the_user_reads_it(session):
    admitted(session)
    assert sorted(p.name for p in session.folder.iterdir()) == [FILE]
    if os.name == "posix":
        assert (session.folder / FILE).stat().st_mode & 0o077 == 0


def test_a_session_is_opened_again(session):
    one = admitted(session)
    with Session.open(session.folder, create=False) as again:
        assert again.passage(one.id) == one
        assert again.documents() == session.documents()


def test_a_transaction_is_all_or_nothing(session):
    with pytest.raises(ZeroDivisionError), session.transaction():
        admitted(session)
        session.keep("key", [1])
        raise ZeroDivisionError
    assert session.passages() == [] and session.kept("key") is None


def test_the_database_itself_refuses_other_words(session):
    with pytest.raises(InputError) as wrong:
        session.insert_passage(1, 0, 29, TEXT[:28] + "!", "", "", flagged=False, proposer="x")
    assert "quietly" not in str(wrong.value)
    one = admitted(session)
    direct = sqlite3.connect(session.folder / FILE)
    with pytest.raises(sqlite3.IntegrityError):
        direct.execute("UPDATE passage SET exact = 'Other words' WHERE id = ?", (one.id,))
    direct.close()


def test_no_record_prints_words(session):
    shown = repr((admitted(session), session.documents()))
    assert "quietly" not in shown and "Another" not in shown


def test_a_claim_needs_a_confirmed_passage_and_own_words(session):
    one = admitted(session)
    with pytest.raises(InputError, match="not confirmed"):
        session.add_claim(one.id, author="A", paraphrase="It is said")
    session.confirm(one.id)
    with pytest.raises(InputError, match="empty"):
        session.add_claim(one.id, author="A", paraphrase=" . ")
    claim = session.add_claim(one.id, author="A", paraphrase="It is said", slots={"who": "a"})
    assert session.claims() == [claim] and claim.slots == {"who": "a"}
    assert session.change_claim(claim.id, formal="P(war) < 1").formal == "P(war) < 1"
    session.refuse(one.id)
    assert session.claims() == [] and session.claims(every=True) != []


def test_a_copy_of_a_long_passage_is_no_paraphrase(session):
    two = admitted(session, 30, len(TEXT))
    session.confirm(two.id)
    with pytest.raises(InputError, match="copies 8 words") as wrong:
        session.add_claim(two.id, author="A", paraphrase="He says: " + TEXT[30:].upper())
    assert "same kind" not in str(wrong.value)


def test_a_flagged_passage_needs_two_confirmations(session):
    one = admitted(session, flagged=True)
    with pytest.raises(InputError, match="before the first"):
        session.confirm(one.id, again=True)
    session.confirm(one.id)
    with pytest.raises(InputError, match="second confirmation"):
        session.add_claim(one.id, author="A", paraphrase="It is said")
    session.confirm(one.id, again=True)
    assert session.add_claim(one.id, author="A", paraphrase="It is said")


def test_relations_of_claims_that_are_shown(session):
    one, two = admitted(session), admitted(session, 30, 50)
    ids = []
    for k in (one, two):
        session.confirm(k.id)
        ids.append(session.add_claim(k.id, author="A", paraphrase="It is said").id)
    session.relate(*ids, "attack", "reply")
    session.relate(*ids, "attack", "reply", "again")
    assert [r.note for r in session.relations()] == ["again"]
    for kind, origin in (("atack", "reply"), ("attack", "replay")):
        with pytest.raises(InputError, match="expected one of"):
            session.relate(*ids, kind, origin)
    with pytest.raises(InputError, match="no claim 99"):
        session.relate(ids[0], 99, "attack", "reply")
    session.refuse(two.id)
    assert session.relations() == []


def test_what_is_no_session_is_refused(tmp_path):
    with pytest.raises(InputError, match="no session in this folder"):
        Session.open(tmp_path, create=False)
    for address in ("http://example.org/s", "//host/s", "file:///s", ""):
        with pytest.raises(InputError, match="address"):
            Session.open(address)
    (tmp_path / FILE).write_text("no database, but a text of some length" * 40)
    with pytest.raises(InputError, match="cannot be used"):
        Session.open(tmp_path)
    (tmp_path / FILE).unlink()
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE mine (a)")
    other.commit()
    with pytest.raises(InputError, match="no session of detente"):
        Session.open(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="not a folder"):
        Session.open(tmp_path / "file")


def test_a_newer_session_is_refused(session):
    direct = sqlite3.connect(session.folder / FILE)
    direct.execute("PRAGMA user_version = 99")
    direct.close()
    with pytest.raises(InputError, match="version 99"):
        Session.open(session.folder)


def test_a_busy_session_says_so(session, monkeypatch):
    monkeypatch.setattr("detente.reading.database.PATIENCE", 0.05)
    with Session.open(session.folder) as other, session.transaction(), \
            pytest.raises(InputError, match="another program"):
        other.keep("key", 1)
    assert Path(session.folder / FILE).exists()


def test_shared_run_against_brute_force():
    import random

    draw = random.Random(1)
    for _ in range(200):
        one, two = ([draw.choice("ab") for _ in range(draw.randint(0, 8))] for _ in "12")
        runs = {" ".join(two[i:j]) for i in range(9) for j in range(i, 9)}
        best = max(j - i for i in range(len(one) + 1) for j in range(i, len(one) + 1)
                   if " ".join(one[i:j]) in runs)
        assert shared_run(" ".join(one), " ".join(two)) == best


def test_the_turns_at_a_span_are_those_that_share_a_letter(tmp_path):
    text = "x" * 60
    spans = [(0, 10), (10, 11), (15, 40), (40, 60)]
    with Session.open(tmp_path) as session:
        session.add_document("a", "/a", "text", "0", "0", "text 1", text)
        session.set_turns(1, [("A", None, a, b) for a, b in spans])
        for start in range(60):
            for end in range(start + 1, 61):
                found = [(t.start, t.end) for t in session.turns_at(1, start, end)]
                assert found == [(a, b) for a, b in spans if set(range(a, b)) & set(
                    range(start, end))]
