"""Forms on synthetic threads: authors and replies as they were written; random bytes do no harm."""

from __future__ import annotations

import json
import random

import pytest

from detente.errors import InputError
from detente.reading.forms.registry import FORMS, chosen, divided
from detente.reading.sources import Source, normalised, source_of
from detente.reading.store import Session
from detente.reading.turnsfile import read_turns, turns_text

NUMBERED = """A thread on a strait.

1. Ann: The pledge is worth little.
It has no parliament behind it.

2. Ben, 3 May: @Ann Parliaments change.

3. Ann: Re #2, so do governments.

#4 Cleo
In reply to 1: a treaty would help.
"""
AVATAR = """Ann's avatar
Ann
3d

The pledge is worth little.

Like (3)
Reply
Share

Ben Ode’s avatar
Ben Ode
Jan 5, 2025
@Ann Parliaments change.
Reply

Avatar of Cleo
Replying to Ben Ode
2 days ago
Treaties last longer.

Avoid short ones.
Report
"""
INTERVIEW = """Introduction without a speaker.

Q: Does the pledge hold?

A: For a year: no longer.
It needs a treaty.

Q: And then?

Envoy (by phone): We shall see.
"""
MAIL = """From: Ann Aal <ann@example.org>
Subject: Pledge
Message-ID: <1@example.org>

The pledge is worth little.

From: Ben <ben@example.org>
Subject: Re: Pledge
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>

On Monday, Ann Aal wrote:
> The pledge is worth little.

Parliaments change.

On Tuesday, Cleo <cleo@example.org> wrote:
> > An older point.
> A point made elsewhere.

I disagree.
SIGNATURE
Ben
""".replace("SIGNATURE", "-- ")
QUOTED = """## Ann

The pledge is worth little.

## Ben

Ann wrote:

> The pledge is worth
little.

Parliaments change.

Dora said:

> Treaties last.

Not always.
"""
HYPOTHESIS = {"rows": [
    {"id": "b", "user": "acct:ben@hypothes.is", "created": "2025-01-02", "text": "Re\u0301plique.",
     "references": ["a"]},
    {"id": "a", "user": "acct:x@hypothes.is", "user_info": {"display_name": "Ann"},
     "created": "2025-01-01", "text": "First.", "target": [{"selector": [
         {"type": "TextQuoteSelector", "exact": "the pledge", "prefix": "of ", "suffix": " is"},
         {"type": "TextPositionSelector", "start": 3, "end": 13}]}]},
    {"id": "c", "user": "acct:y@hypothes.is", "created": "2025-01-03", "text": ""}]}


def made(text, kind="text"):
    return Source("t", "/t", kind, "0", "0", "x", normalised(text))


def shown(source, name):
    return [(t.author, t.reply_to, source.text[t.start:t.end]) for t in FORMS[name].turns(source)]


def test_numbered():
    assert shown(made(NUMBERED), "numbered") == [
        ("", None, "A thread on a strait."),
        ("Ann", None, "The pledge is worth little.\nIt has no parliament behind it."),
        ("Ben", 1, "@Ann Parliaments change."),
        ("Ann", 2, "Re #2, so do governments."),
        ("Cleo", 1, "In reply to 1: a treaty would help.")]


def test_numbers_out_of_order_are_words_of_the_text():
    text = "1. Ann: One.\n7. Ben: not a comment.\n2. Cleo: Two."
    assert [a for a, _, _ in shown(made(text), "numbered")] == ["Ann", "Cleo"]


@pytest.mark.parametrize("mark", ["# 1 ", "## 1. ", "### #1 "])
def test_comments_under_headings_of_markdown(mark):
    """A reply such as >>1 is also a block quotation; the numbers in a row decide."""
    text = (f"{mark}Ann\nThe pledge is worth little.\n\n{mark.replace('1', '2')}Ben\n"
            f">>1 Parliaments change.\n\n{mark.replace('1', '3')}Ann\n@Ben So do governments.\n")
    source = made(text, "markdown")
    assert chosen(source)[0].name == "numbered"
    assert shown(source, "numbered") == [
        ("Ann", None, "The pledge is worth little."), ("Ben", 0, ">>1 Parliaments change."),
        ("Ann", 1, "@Ben So do governments.")]


def test_avatar():
    assert shown(made(AVATAR), "avatar") == [
        ("Ann", None, "The pledge is worth little."),
        ("Ben Ode", 0, "@Ann Parliaments change."),
        ("Cleo", 1, "Treaties last longer.\n\nAvoid short ones.")]


def test_interview():
    assert shown(made(INTERVIEW), "interview") == [
        ("", None, "Introduction without a speaker."),
        ("Q", None, "Does the pledge hold?"),
        ("A", 1, "For a year: no longer.\nIt needs a treaty."),
        ("Q", 2, "And then?"),
        ("Envoy", 3, "We shall see.")]


def test_mail():
    assert shown(made(MAIL), "mail") == [
        ("Ann Aal", None, "The pledge is worth little."),
        ("Ben", 0, "Parliaments change."),
        ("", None, "An older point."),
        ("Cleo", 2, "A point made elsewhere."),
        ("Ben", 3, "I disagree.")]


def test_quoted_markdown():
    assert shown(made(QUOTED, "markdown"), "quoted") == [
        ("Ann", None, "The pledge is worth little."),
        ("Ben", 0, "Parliaments change."),
        ("Dora", None, "Treaties last."),
        ("Ben", 2, "Not always.")]


@pytest.mark.parametrize("data", [HYPOTHESIS, HYPOTHESIS["rows"],
                                  {"annotations": HYPOTHESIS["rows"]}])
def test_hypothesis(data):
    source = source_of(json.dumps(data).encode(), "a.json")
    assert shown(source, "hypothesis") == [("Ann", None, "First."), ("ben", 0, "Réplique.")]


@pytest.mark.parametrize("data, field", [
    ({"rows": 3}, "not a list"), ([3], "not an object"), ([{"text": 3}], "0.text"),
    ([{"text": "a", "references": 3}], "0.references"), ("x", "not a list")])
def test_a_wrong_export_says_the_field(data, field):
    with pytest.raises(InputError, match=field):
        source_of(json.dumps(data).encode(), "a.json")


@pytest.mark.parametrize("text, kind, name", [
    (NUMBERED, "text", "numbered"), (AVATAR, "text", "avatar"), (INTERVIEW, "text", "interview"),
    (MAIL, "mail", "mail"), (QUOTED, "markdown", "quoted"),
    ("One paragraph.\n\nAnother one.", "text", "plain")])
def test_the_form_is_guessed_with_a_reason(text, kind, name):
    form, reason = chosen(made(text, kind))
    assert form.name == name and reason
    assert not any(word in reason for word in ("pledge", "Ann", "Cleo"))
    assert chosen(made(text, kind), "plain")[0].name == "plain"


def test_an_unknown_form_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'interview'"):
        divided(made("x"), "intervew")


WORDS = ["1. Ann:", "#2 Ben", "2. ", "> ", ">>", "Ann's avatar", "Avatar of Bo", "Q:", "A: ",
         "**B**:",
         "From: a <a@b>", "Subject: x", "On Monday, Ann wrote:", "-- ", "@Ann", "re #1", "## Ann",
         "\n", "\n\n", " ", "\t", "a", "É", "\U0001f600", "\u0301", "\u2028", "\x85", "\f", "```",
         "| a |", "<b>", "[x](y)", "1" * 30]


def harmless(text, kind):
    source = made(text, kind)
    for form in FORMS.values():
        form.guess(source)
        before = 0
        for k, turn in enumerate(form.turns(source)):
            assert before <= turn.start < turn.end <= len(source.text)
            assert turn.reply_to is None or 0 <= turn.reply_to < k
            before = turn.end


def random_texts(count, seed):
    draw = random.Random(seed)
    for k in range(count):
        if k % 2:
            yield "".join(draw.choice(WORDS) for _ in range(draw.randint(0, 12)))
        else:
            yield draw.randbytes(draw.randint(0, 60)).decode("latin-1" if k % 4 else "utf-8",
                                                             "replace")


def test_random_bytes_do_no_harm():
    for k, text in enumerate(random_texts(1500, 1)):
        harmless(text, "markdown" if k % 3 else "text")


@pytest.mark.slow
def test_many_random_bytes_do_no_harm():
    for k, text in enumerate(random_texts(10_000, 2)):
        harmless(text, "markdown" if k % 3 else "text")


def test_random_bytes_as_files_do_no_harm():
    draw = random.Random(3)
    for name in ("a.txt", "a.md", "a.json"):
        for _ in range(700):
            data = draw.randbytes(draw.randint(0, 40))
            if name == "a.json":
                value = draw.choice([{}, [], [{}], {"rows": [{"text": "a", "user": 3}]}, None, 3])
                data = draw.choice([data, json.dumps(value).encode()])
            try:
                source_of(data, name)
            except InputError as wrong:
                assert str(wrong).startswith(name)


@pytest.mark.parametrize("name", ["numbered", "interview", "avatar", "mail", "quoted"])
def test_a_long_line_is_read_fast(name):
    import time

    began = time.monotonic()
    for piece in ("a ", "1 ", "> ", "'s ", "on a, ", "A" * 50 + " "):
        FORMS[name].turns(made(piece * 50_000, "markdown"))
    assert time.monotonic() - began < 5  # seconds; a quadratic search takes minutes


@pytest.fixture
def session(tmp_path):
    source = made(NUMBERED)
    with Session.open(tmp_path / "s") as session:
        one = session.add_document("t", "/t", "text", "0", "hash", "x", source.text)
        session.set_turns(one.id, divided(source)[0])
        yield session


def test_turns_are_written_edited_and_read_back(session):
    (document,) = session.documents()
    text = turns_text(session, document)
    assert "pledge" not in text and '"first_line": 3' in text
    found, turns = read_turns(text, session)
    assert found == document and turns == divided(made(NUMBERED))[0]
    edited = text.replace('"Cleo"', '"Clea"').splitlines()
    del edited[3]  # the turn of Ben; Ann answers nothing then
    edited[3] = edited[3].replace('"reply_to": 2', '"reply_to": null')
    _, turns = read_turns("\n".join(edited), session)
    assert [(t.author, t.reply_to) for t in turns] == [
        ("", None), ("Ann", None), ("Ann", None), ("Clea", 1)]


@pytest.mark.parametrize("old, new, said", [
    ('"author": "Ben"', '"autor": "Ben"', r"x:4: autor: unknown field.*did you mean 'author'"),
    ('"author": "Ben"', '"author": 3', "x:4: author: the value has the wrong type"),
    ('"reply_to": 2', '"reply_to": 9', "x:5: reply_to: there is no turn 9"),
    ('"turn": 3', '"turn": 2', "two turns have the number 2"),
    ('"turn": 1, "author": "Ann", "reply_to": null', '"turn": 1, "author": "Ann", "reply_to": 3',
     "circle"),
    ('{"turn": 3', '{"turn": 3, "turn": 3', "x:5: a field is named twice"),
    ('{"turn": 3', '{turn: 3', "x:5:2: the line is not valid JSON"),
    ('"end": ', '"end": 9', "leaves the text"),
    ("hash", "other", "no document with this text"),
    ('"sha_text"', '"sha"', "x:1: the first line"),
])
def test_a_wrong_line_says_line_and_field(session, old, new, said):
    text = turns_text(session, session.documents()[0])
    with pytest.raises(InputError, match=said):
        read_turns(text.replace(old, new), session, file="x")


def test_overlapping_turns_are_refused(session):
    lines = turns_text(session, session.documents()[0]).splitlines()
    lines[3], lines[4] = lines[4], lines[3]
    with pytest.raises(InputError, match="begins before the end of the turn above"):
        read_turns("\n".join(lines), session)
