"""The gate: each exact passage enters, and no altered one; edited sources are anchored again."""

from __future__ import annotations

import json
import random

import pytest

from detente.errors import InputError
from detente.reading.anchors import find
from detente.reading.annotations import (
    as_hypothesis,
    as_web_annotation,
    from_hypothesis,
    selectors,
)
from detente.reading.gate import admit, check
from detente.reading.ingest import read_into
from detente.reading.sources import source_of
from detente.reading.store import Session

LETTERS = "abcdeé \u0301\U0001f600\U0001f468\u200d\U0001f469中.,\n\"'"
TEXT = ("Ann says that the pledge is weak. \U0001f600 The café treaty holds! "
        "A second treaty \U0001f468\u200d\U0001f469 may follow. "
        "The treaty holds! No\u0308 one knows.")


def random_text(draw, length):
    return source_of(("x" + "".join(draw.choice(LETTERS) for _ in range(length))).encode(),
                     "a.txt").text


def altered(draw, text, start, end):
    """Return a passage that differs from the text in a way that a proposer might produce."""
    exact = text[start:end]
    k = draw.randrange(len(exact))
    way = draw.choice(("change", "drop", "add", "words", "shift", "stretch"))
    if way == "change":
        exact = exact[:k] + draw.choice(LETTERS + "Z") + exact[k + 1:]
    elif way == "drop":
        exact = exact[:k] + exact[k + 1:]
    elif way == "add":
        exact = exact[:k] + draw.choice(LETTERS + "Z\ufeff") + exact[k:]
    elif way == "words":
        words = exact.split(" ")
        draw.shuffle(words)
        exact = " ".join(words)
    elif way == "shift":
        by = draw.choice((-3, -2, -1, 1, 2, 3))
        start, end = start + by, end + by
    else:
        end += draw.choice((-2, -1, 1, 2))
    return start, end, exact


def test_exact_passages_enter_and_altered_ones_do_not(tmp_path):
    """A passage that an alteration leaves exact, such as equal letters, is not an altered one."""
    draw = random.Random(5)
    refused = accepted = 0
    with Session.open(tmp_path / "s") as session:
        text = random_text(draw, 3000)
        one = session.add_document("a", "/a", "text", "0", "0", "x", text)
        while refused < 10_000:
            start = draw.randrange(len(text))
            end = draw.randrange(start + 1, min(len(text), start + 80) + 1)
            check(one, start, end, text[start:end])
            if accepted < 100:
                admit(session, one, start, end, text[start:end])
                accepted += 1
            wrong = altered(draw, text, start, end)
            if wrong[0] >= 0 and wrong[1] > wrong[0] and text[wrong[0]:wrong[1]] == wrong[2] \
                    and wrong[1] <= len(text):
                continue
            with pytest.raises(InputError):
                check(one, *wrong)
            if refused % 100 == 0:
                with pytest.raises(InputError):
                    admit(session, one, *wrong)
            refused += 1
        for passage in session.passages():
            assert text[passage.start:passage.end] == passage.exact


@pytest.mark.parametrize("start, end, exact", [
    (True, 2, "n"), (0, 2.0, "An"), (0, 2, None), (-3, 0, ""), (2, 2, ""), (3, 1, ""),
    (0, 10**9, TEXT)])
def test_spans_that_are_none(tmp_path, start, end, exact):
    with Session.open(tmp_path / "s") as session:
        one = session.add_document("a", "/a", "text", "0", "0", "x", TEXT)
        with pytest.raises(InputError) as wrong:
            admit(session, one, start, end, exact)
        assert "pledge" not in str(wrong.value)


@pytest.fixture
def place(tmp_path):
    made = tmp_path / "a.txt"
    made.write_text(TEXT, encoding="utf-8")
    return made


def test_the_same_span_is_one_passage(place, tmp_path):
    with Session.open(tmp_path / "s") as session:
        one = read_into(session, place).document
        first = admit(session, one, 0, 3, "Ann")
        assert admit(session, one, 0, 3, "Ann") == first


@pytest.mark.parametrize("encode", [
    lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.encode("utf-16"),
    lambda t: t.replace("\n", "\r\n").encode(),
    lambda t: __import__("unicodedata").normalize("NFD", t).encode()])
def test_another_spelling_of_the_same_text_moves_nothing(place, tmp_path, encode):
    with Session.open(tmp_path / "s") as session:
        one = read_into(session, place).document
        found = [admit(session, one, s.start, s.end, one.text[s.start:s.end])
                 for s in session.sentences()]
        assert len(found) >= 4
        for p in found:
            session.confirm(p.id)
        place.write_bytes(encode(TEXT))
        assert read_into(session, place).state == "unchanged"
        assert [p.status for p in session.passages()] == ["confirmed"] * len(found)


def test_an_edit_anchors_again_and_asks_for_confirmation(place, tmp_path):
    with Session.open(tmp_path / "s") as session:
        one = read_into(session, place).document
        second = one.text.rindex("The treaty holds!")
        kept = admit(session, one, second, second + 17, "The treaty holds!")
        refused = admit(session, one, 0, 3, "Ann")
        gone = admit(session, one, one.text.index("pledge"), one.text.index("pledge") + 6, "pledge")
        session.confirm(kept.id)
        session.confirm(gone.id)
        session.refuse(refused.id)
        session.add_claim(kept.id, author="A", paraphrase="It stays in force")
        place.write_text("\U0001f600 New. The treaty holds! " + TEXT.replace("pledge", "promise"),
                         encoding="utf-8")
        added = read_into(session, place)
        assert (added.state, added.again) == ("changed", (2, 1))
        by = {p.id: p for p in session.passages()}
        text = session.document(one.id).text
        assert by[kept.id].status == "to confirm again" and by[refused.id].status == "refused"
        assert by[kept.id].start == text.rindex("The treaty holds!")
        assert by[gone.id].status == "lost" and session.claims() == []
        with pytest.raises(InputError, match="does not hold this passage"):
            session.confirm(gone.id)
        session.confirm(kept.id)
        assert len(session.claims()) == 1
        place.write_text(TEXT, encoding="utf-8")
        read_into(session, place)
        assert session.passage(gone.id).status == "to confirm again"


def test_random_edits_keep_every_passage_that_is_still_there(place, tmp_path):
    draw = random.Random(8)
    with Session.open(tmp_path / "s") as session:
        one = read_into(session, place).document
        for _ in range(12):
            start = draw.randrange(len(one.text) - 5)
            session.confirm(admit(session, one, start, start + 5,
                                  one.text[start:start + 5]).id)
        for _ in range(15):
            text = session.document(one.id).text
            k = draw.randrange(len(text))
            place.write_text("x" + text[:k] + draw.choice(LETTERS) + text[k + draw.randint(0, 2):],
                             encoding="utf-8")
            read_into(session, place)
            text = session.document(one.id).text
            spans = set()
            for p in session.passages():
                if p.status == "lost":
                    continue
                assert text[p.start:p.end] == p.exact and p.status == "to confirm again"
                spans.add((p.start, p.end))
            for p in session.passages("lost"):  # absent, or another passage has its only place
                at = find(text, p.exact, p.prefix, p.suffix, p.start)
                assert at is None or (at, at + 5) in spans


def test_annotations_out_and_in(place, tmp_path):
    with Session.open(tmp_path / "s") as session:
        one = read_into(session, place).document
        at = one.text.rindex("The treaty holds!")
        passage = admit(session, one, at, at + 17, "The treaty holds!")
        shown = json.dumps(as_web_annotation(one, passage))
        assert "holds" not in shown and f'"start": {at}' in shown and one.sha_text in shown
        with pytest.raises(ValueError, match="not confirmed"):
            selectors(passage, quote=True)
        passage = session.confirm(passage.id)
        claim = session.add_claim(passage.id, author="A", paraphrase="It stays in force")
        made = as_web_annotation(one, passage, claim, quote=True)
        quote = made["target"]["selector"][1]
        assert quote == {"type": "TextQuoteSelector", "exact": "The treaty holds!"}
        assert made["body"]["value"] == "It stays in force"
        exported = json.loads(json.dumps(as_hypothesis(one, [(passage, claim)], quote=True)))
    with Session.open(tmp_path / "other") as session:
        one = read_into(session, place).document
        exported["rows"] += [{"target": [{"selector": [
            {"type": "TextQuoteSelector", "exact": exact}]}]}
            for exact in ("No\u0308 one knows.", "Words that are not there")]
        found, absent = from_hypothesis(session, one, exported)
        assert [(p.start, p.status) for p in found] == [
            (at, "proposed"), (one.text.index("Nö one"), "proposed")]
        assert absent == 1
