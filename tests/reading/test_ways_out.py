"""Ways by which words of a text could leave unseen: short copies, names, and edited sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError
from detente.reading import ingest
from detente.reading.casefile import claim_rows, source_rows
from detente.reading.fresh import state_now
from detente.reading.gate import admit
from detente.reading.ingest import read_into
from detente.reading.ledger import ledger
from detente.reading.names import shown_names
from detente.reading.sources import read_source
from detente.reading.store import Session
from detente.web.work import reading as job
from tests.support.program import detente

SHORT = "Aland will lose it."
LONG = "Aland must leave the quiet strait before the winter or pay."


def claim(session: Session, document: int, words: str, paraphrase: str) -> None:
    at = session.document(document).text.index(words)
    found = session.confirm(admit(session, document, at, at + len(words), words).id)
    session.add_claim(found.id, author="Ann", paraphrase=paraphrase)


@pytest.mark.parametrize("copy", [
    SHORT, f"Ann says: {SHORT}", "In short, ALAND WILL LOSE IT soon", "Ann: Aland-will-lose-it."])
def test_a_short_passage_cannot_be_repeated_within_other_words(tmp_path: Path, copy: str) -> None:
    with Session.open(tmp_path) as session:
        session.add_document("a", "/a", "text", "0", "0", "text 1", SHORT)
        with pytest.raises(InputError, match="copies the passage"):
            claim(session, 1, SHORT, copy)
        claim(session, 1, SHORT, "Aland is expected to lose it all")


def test_a_file_that_is_named_by_words_of_another_text_shows_its_number(tmp_path: Path) -> None:
    names = ("a.txt", "aland-must-leave-the-quiet.txt")
    with Session.open(tmp_path / "s") as session:
        for name, text in zip(names, (LONG, "Another text."), strict=True):
            (tmp_path / name).write_text(text, encoding="utf-8")
            read_into(session, tmp_path / name)
        assert shown_names(session) == {1: "a.txt", 2: "document 2"}
        claim(session, 2, "Another text.", "A remark")
        said = json.dumps([ledger(session), source_rows(session), claim_rows(session)])
    assert "document 2" in said and "quiet" not in said


def test_a_session_that_was_cut_to_nothing_is_no_empty_session(tmp_path: Path) -> None:
    """A list without claims would look like an answer."""
    (tmp_path / "a.txt").write_text(LONG, encoding="utf-8")
    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0
    (tmp_path / "s" / "session.db").write_bytes(b"")
    done = detente("read", "map", "--session", "s", cwd=tmp_path)
    assert done.returncode == 2 and b"its file holds no table" in done.stderr
    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0


def test_a_file_that_another_program_stored_meanwhile_is_anchored_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a.txt"
    place.write_text(f"It is not so that {LONG}", encoding="utf-8")
    new = read_source(place)
    place.write_text(LONG, encoding="utf-8")

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(ingest, "divide", divide)
        with Session.open(tmp_path / "s") as other:
            read_into(other, place)
            claim(other, 1, LONG, "A demand with a threat")
        return divide(*given)

    divide = ingest.divide
    monkeypatch.setattr(ingest, "divide", slow)
    with Session.open(tmp_path / "s") as session:
        assert ingest.stored(session, new).state == "changed"
        found, = session.passages()
        assert found.status == "to confirm again" and session.claims() == []
        assert session.document(1).text[found.start:found.end] == LONG


def test_the_page_shows_the_name_of_a_bad_file_and_no_path(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_text("%PDF-1.4\n" + LONG)
    Session.open(tmp_path / "s").close()
    with pytest.raises(InputError, match=r"bad\.pdf: the file cannot be parsed") as wrong:
        list(job.read(str(tmp_path / "s"), str(tmp_path / "bad.pdf")))
    assert str(tmp_path) not in str(wrong.value) and LONG not in str(wrong.value)


def test_an_edited_source_is_named_until_it_is_read_again(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text(LONG, encoding="utf-8")
    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0
    with Session.open(tmp_path / "s") as session:
        claim(session, 1, LONG, "A demand with a threat")
        document = session.document(1)
        assert state_now(document) == ""
        assert next(job.view(str(tmp_path / "s")))["documents"] == {"1": "a.txt"}
    place.write_text(f"It is not so that {LONG}", encoding="utf-8")
    for words in (["map", "--json"], ["export", "--as", "argdown"]):
        done = detente("read", *words, "--session", "s", cwd=tmp_path)
        assert done.returncode == 0 and b"a.txt was edited after it was read" in done.stderr
        assert b"A demand with a threat" in done.stdout and b"winter" not in done.stderr
    assert "edited since" in next(job.view(str(tmp_path / "s")))["documents"]["1"]
    shown = detente("read", "--session", "s", cwd=tmp_path)
    assert b"edited since" in shown.stdout and b"read the file again" in shown.stdout

    assert detente("read", "a.txt", "--session", "s", cwd=tmp_path).returncode == 0
    done = detente("read", "map", "--session", "s", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["claims"] == [] and not done.stderr  # waits for a confirmation
    place.unlink()
    done = detente("read", "--session", "s", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["documents"][0]["state"] == "missing"
