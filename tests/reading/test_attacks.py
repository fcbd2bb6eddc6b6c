"""Attempts to carry words out of a session in disguise, and inputs made to break it."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
import unicodedata
from contextlib import suppress

import pytest

from detente import cli
from detente.cases import loads
from detente.errors import DetenteError, InputError
from detente.follow.file import loads_events
from detente.reading.archetypes import ARCHETYPES
from detente.reading.argdown import argdown, read_argdown
from detente.reading.casefile import claim_rows, source_rows
from detente.reading.confirm import confirm_rows
from detente.reading.draft import draft
from detente.reading.events import add_event, events_text
from detente.reading.flags import flags_of
from detente.reading.forms import mail
from detente.reading.gate import admit
from detente.reading.ingest import read_into
from detente.reading.ledger import ledger
from detente.reading.map import ArgumentMap
from detente.reading.model import Model
from detente.reading.questions import ask
from detente.reading.records import Claim
from detente.reading.sources import Source
from detente.reading.store import Session
from detente.reading.turnsfile import read_turns, turns_text
from detente.reading.words import proposed_author

MILD = "Aland must leave the quiet strait before the winter or pay."
HEATED = "All Placeholdians are vermin."
TEXT = f"Ann: {MILD} Bob agrees.\n\n{HEATED}\n"


@pytest.fixture
def session(tmp_path):
    (tmp_path / "thread.txt").write_text(TEXT, encoding="utf-8")
    with Session.open(tmp_path / "s") as made:
        read_into(made, tmp_path / "thread.txt", "plain")
        made.set_turns(1, [("Ann", None, 0, TEXT.index("\n")),
                           ("Bob", None, TEXT.index("All"), len(TEXT) - 1)])
        yield made


def passage(session, words, twice=False):
    at = TEXT.index(words)
    found = session.confirm(admit(session, 1, at, at + len(words), words).id)
    return session.confirm(found.id, again=True) if twice else found


CYRILLIC = str.maketrans("aeopcyx", "аеорсух")
DISGUISES = {
    "capitals": str.upper,
    "punctuation": lambda t: t.replace(" ", ", "),
    "no spaces": lambda t: t.replace(" ", ""),
    "hyphens": "-".join,
    "signs without a width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "look-alikes": lambda t: t.translate(CYRILLIC),
    "full width": lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
    "accents": lambda t: "".join(c + "\u0301" for c in t),
    "mathematical letters": lambda t: "".join(
        chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in t),
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    "within others": lambda t: f"The author says that {t} and so on",
}


@pytest.mark.parametrize("how", DISGUISES)
def test_a_copy_in_disguise_is_refused(session, how):
    for words, twice in ((MILD, False), (HEATED, True)):
        found = passage(session, words, twice)
        with pytest.raises(InputError, match="cop") as wrong:
            session.add_claim(found.id, author="A", paraphrase=DISGUISES[how](words))
        assert words not in str(wrong.value)
    assert flags_of(DISGUISES[how](HEATED)) or how in ("no spaces", "hyphens")


def test_a_copy_without_spaces_between_words_is_refused(tmp_path):
    words = "他们必须在冬天之前离开安静的海峡否则付出代价"
    with Session.open(tmp_path) as session:
        session.add_document("a", "/a", "text", "0", "0", "text 1", words)
        found = session.confirm(admit(session, 1, 0, len(words), words).id)
        with pytest.raises(InputError, match="cop"):
            session.add_claim(found.id, author="A", paraphrase=f"作者说{words[:18]}")
        assert session.add_claim(found.id, author="A", paraphrase="以离开海峡为条件的要求")


def test_a_short_heated_passage_cannot_be_repeated(tmp_path):
    with Session.open(tmp_path) as session:
        session.add_document("a", "/a", "text", "0", "0", "text 1", "Burn them.")
        found = session.confirm(admit(session, 1, 0, 10, "Burn them.").id)
        session.confirm(found.id, again=True)
        with pytest.raises(InputError, match="copies the passage"):
            session.add_claim(found.id, author="A", paraphrase="He wants to BURN them")
        assert session.add_claim(found.id, author="A", paraphrase="He calls for violence")


def test_no_field_carries_words_past_the_paraphrase(session):
    found, hot = passage(session, MILD), passage(session, HEATED, twice=True)
    good = {"author": "Ann", "paraphrase": "A demand with a threat"}
    for change in ({"author": MILD}, {"note": MILD}, {"slots": {"a": MILD}}, {"formal": MILD},
                   {"paraphrase": f"He says: {MILD}"}):
        with pytest.raises(InputError, match=r"cop|too long"):
            session.add_claim(found.id, **good | change)
        with pytest.raises(InputError, match=r"cop|flag|too long"):  # words of another passage
            session.add_claim(hot.id, **good | change)
    for change in ({"author": "The vermin"}, {"note": HEATED}, {"slots": {"a": HEATED}}):
        with pytest.raises(InputError):
            session.add_claim(hot.id, **good | change)
    one, other = (session.add_claim(p.id, **good) for p in (found, hot))
    for attempt in (
            lambda: session.relate(one.id, other.id, "attack", "confirmed", MILD),
            lambda: ask(session, MILD, [one.id]),
            lambda: session.change_claim(one.id, note=MILD),
            lambda: add_event(session, found.id, date="2031-01-01", says="A demand",
                              way="cannot", reason=MILD),
            lambda: draft(session, "x", "war-with-talks", {"first": "A", "second": "B"},
                          stake=MILD),
            lambda: draft(session, "x", "war-with-talks", {"first": "A", "second": "B"},
                          stake="s", date=MILD),
            lambda: draft(session, MILD[:-1].replace(" ", "-").lower(), "war-with-talks",
                          {"first": "A", "second": "B"}, stake="s"),
            lambda: draft(session, "x", "war-with-talks", {"first": MILD, "second": "B"},
                          stake="s")):
        with pytest.raises(InputError, match="copy a text"):
            attempt()


def test_the_name_of_an_author_is_no_way_out():
    assert proposed_author("Ann Öst") == "Ann Öst"
    for name in ("They must leave the strait", "Placeholdians are vermin", "x" * 200,
                 "a\x1b[31m", "a\u202eb", "a\nb"):
        assert proposed_author(name) == ""


def test_the_name_of_a_file_is_no_way_out(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for k, name in enumerate((
            "All_Placeholdians-are-vermin.txt", "Aland must leave the quiet strait.txt",
            "a\x1b]0;x\x07.txt", "a\x85b.txt")):
        try:
            (tmp_path / name).write_text(TEXT + f"{k}", encoding="utf-8")
        except OSError:
            pytest.skip("the disk refuses such names")
        with Session.open(tmp_path / "s") as session:
            read_into(session, tmp_path / name, "plain")
            found = session.confirm(admit(session, k + 1, 5, 5 + len(MILD), MILD).id)
            found = session.confirm(found.id, again=True)
            session.add_claim(found.id, author="Ann", paraphrase="A demand with a threat")
    with Session.open(tmp_path / "s") as session:
        said = json.dumps([ledger(session), source_rows(session), claim_rows(session)])
        made = draft(session, "x", "war-with-talks", {"first": "A", "second": "B"}, stake="s")
    assert cli.main(["read", "--session", "s", "--json"]) == 0
    said += made.text + capsys.readouterr().out
    assert "document 4" in said
    for part in ("Placeholdians", "quiet", "]0;", "\x85"):
        assert part not in said


@pytest.mark.skipif(os.name == "nt", reason="names of files are Unicode there")
def test_a_name_that_is_not_text_is_refused(tmp_path, capsys):
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(name, "wb") as file:
        file.write(b"Words.")
    assert cli.main(["read", os.fsdecode(name), "--session", str(tmp_path / "s")]) == 2
    assert "not UTF-8" in capsys.readouterr().err


ROW = {"document": 1, "start": 5, "end": 5 + len(MILD), "exact": MILD, "confirm": "yes",
       "author": "Ann", "paraphrase": "A demand with a threat"}


@pytest.mark.parametrize(("change", "says"), [
    ({"paraphrase": "A demand \ud800"}, "control character"), ({"author": "\udfff"}, "control"),
    ({"note": "\x00"}, "control"), ({"paraphrase": "x" * 3000}, "too long"),
    ({"document": True}, "no such document"), ({"start": float("nan")}, "whole numbers"),
    ({"author": "The vermin"}, "flag")])
def test_a_hostile_line_is_refused_with_its_place(session, change, says):
    text = "\ufeff" + json.dumps(ROW | {"paraphrase": "Another demand"}) + "\n" + json.dumps(
        ROW | change)
    with pytest.raises(InputError, match=says) as wrong:
        confirm_rows(session, text, file="c.jsonl")
    assert str(wrong.value).startswith("c.jsonl:2: ") and not session.passages()


def test_two_answers_for_one_passage_are_refused(session):
    lines = [json.dumps(ROW), json.dumps(ROW | {"confirm": "no", "paraphrase": ""})]
    with pytest.raises(InputError, match=r"c\.jsonl:2: confirm: line 1 answers yes"):
        confirm_rows(session, "\n".join(lines), file="c.jsonl")
    assert not session.passages()
    assert confirm_rows(session, f"{lines[0]}\n{lines[0]}").claims == 2


def test_numbers_that_no_table_holds(tmp_path, session, capsys):
    folder = str(session.folder)
    for words in (["relate", "c" + "9" * 30, "attack", "c1"], ["relate", "c" + "9" * 5000,
                  "attack", "c1"], ["turns", "--document", "9" * 30, "--out", "t.jsonl"]):
        assert cli.main(["read", *words, "--session", folder]) == 2
    with pytest.raises(InputError, match="no claim"):
        session.claim(10**30)
    with pytest.raises(InputError, match="no address"):
        Model("http://[bad", "m")


def test_a_passage_keeps_its_speaker_when_the_first_of_two_is_deleted(tmp_path):
    place = tmp_path / "a.txt"
    said = "The strait stays open."
    place.write_text(f"Ann begins the talk here: {said} So she ends.\n\n"
                     f"Bob replies to all of this: {said} And he leaves.")
    with Session.open(tmp_path / "s") as session:
        text = read_into(session, place, "plain").document.text
        for at in (text.index(said), text.rindex(said)):
            session.confirm(admit(session, 1, at, at + len(said), said).id)
        place.write_text(f"Bob replies to all of this: {said} And he leaves.")
        assert read_into(session, place, "plain").again == (1, 1)
        assert [p.status for p in map(session.passage, (1, 2))] == ["lost", "to confirm again"]


def test_a_passage_is_folded_when_its_new_surroundings_raise_a_flag(tmp_path):
    place = tmp_path / "a.txt"
    place.write_text("They should sign. They may wait.")
    with Session.open(tmp_path / "s") as session:
        read_into(session, place, "plain")
        found = session.confirm(admit(session, 1, 0, 17, "They should sign.").id)
        session.add_claim(found.id, author="A", paraphrase="A demand")
        place.write_text("They should sign. They are vermin.")
        read_into(session, place, "plain")
        assert not session.confirm(found.id).usable and not session.claims()
        assert session.confirm(found.id, again=True).usable and session.claims()


def test_the_database_of_another_program_stays_as_it_is(tmp_path):
    other = sqlite3.connect(tmp_path / "session.db")
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE bookmarks (a)")
    other.close()
    before = (tmp_path / "session.db").read_bytes()
    with pytest.raises(InputError, match="no session of detente"):
        Session.open(tmp_path)
    assert (tmp_path / "session.db").read_bytes() == before


def test_a_session_behind_a_link_is_refused(tmp_path):
    Session.open(tmp_path / "s").close()
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "session.db").symlink_to(tmp_path / "s" / "session.db")
    with pytest.raises(InputError, match="plain file"):
        Session.open(tmp_path / "t")


def test_a_large_file_of_turns_is_read_in_linear_time(tmp_path):
    count = 20_000
    with Session.open(tmp_path) as session:
        one = session.add_document("a", "/a", "text", "0", "0", "text 1", "a" * count)
        session.set_turns(1, [("A", k - 1 if k else None, k, k + 1) for k in range(count)])
        _, turns = read_turns(turns_text(session, one), session)
    assert len(turns) == count


AWKWARD = ("Null", "TRUE", "NO", "中国", "Россия", "{{object}}", "{{second.title}}", "a: b", '"q"',
           "# x", "- x", "*a", "&a", "!a", "100%", "A" * 300, "\\", "Chance", "12", "\u2028a", "é")


@pytest.mark.parametrize("form", ARCHETYPES)
def test_drafts_with_awkward_names_pass_the_check(session, form):
    found = passage(session, MILD)
    for name in AWKWARD:
        session.add_claim(found.id, author=name[:80], paraphrase=f"A demand, {name}", note=name)
    of = ARCHETYPES[form]
    for name in AWKWARD[list(ARCHETYPES).index(form)::len(ARCHETYPES)]:  # all, over the forms
        roles = {role: f"{k} land" if k else name for k, role in enumerate(of.roles)}
        made = draft(session, "x-y", form, roles, stake=name, title=name)
        scenario = made.scenario()
        assert scenario.title == " ".join(name.split())
        assert " ".join(name.split()) in [a.title for a in scenario.actors.values()]
        assert not made.misfits and len(scenario.claims) == len(AWKWARD)
    roles = dict(zip(of.roles, ("中国", "日本", "Россия"), strict=False))
    assert len(draft(session, "x-y", form, roles, stake="s").scenario().actors) == len(of.roles)


def test_a_document_may_be_called_unconfirmed(tmp_path):
    (tmp_path / "unconfirmed.txt").write_text(TEXT)
    with Session.open(tmp_path / "s") as session:
        read_into(session, tmp_path / "unconfirmed.txt", "plain")
        found = passage(session, "Bob agrees.", twice=True)
        session.add_claim(found.id, author="", paraphrase="A third person is of this opinion")
        made = draft(session, "x", "war-with-talks", {"first": "A", "second": "B"}, stake="s")
        assert "unconfirmed-2" in made.text


def test_events_with_awkward_words_pass_the_check_of_follow(session):
    roles = {"first": "A", "second": "B"}
    crisis = loads(draft(session, "x", "war-with-talks", roles, stake="s").text)
    found = passage(session, MILD)
    for name in AWKWARD:
        add_event(session, found.id, date="2020-01-31", says=f"A demand, {name}", way="cannot",
                  reason=name)
        made = loads_events(events_text(session, "x"), crisis)
        assert made.file.events[0].says == " ".join(f"A demand, {name}".split())
    for date in ("2031-02-30", "2031-05-05 to 2031-01-01", "２０３１-01-01"):
        with pytest.raises(InputError, match="date"):
            add_event(session, found.id, date=date, says="A demand", way="before")


def test_computed_relations_end_with_the_statement_they_were_computed_for(session):
    found, other = passage(session, MILD), passage(session, HEATED, twice=True)
    one, two = (session.add_claim(p.id, author="A", paraphrase="A demand with a threat",
                                  formal="P(war) < 0.2") for p in (found, other))
    session.relate(one.id, two.id, "attack", "computed")
    session.relate(two.id, one.id, "attack", "confirmed")
    session.change_claim(one.id, note="The same statement")
    assert len(session.relations()) == 2
    session.change_claim(one.id, formal="P(war) > 0.2")
    assert [r.origin for r in session.relations()] == ["confirmed"]
    session.relate(one.id, two.id, "attack", "computed")
    session.refuse(found.id)  # its claim is not shown any more
    session.forget_computed()
    session.confirm(found.id)
    assert [r.origin for r in session.relations()] == ["confirmed"]


def test_a_thousand_messages_with_quotations_are_divided_quickly():
    text = "".join(
        f"From: a{k} <a@b>\nDate: x\nMessage-ID: <{k}>\nIn-Reply-To: <{k - 1}>\n\n"
        f"> unseen words {k}\n\nanswer {k} {'word ' * 300}\n\n" for k in range(1000))
    source = Source("x", "/x", "mail", "0", "0", "x", text)
    began = time.process_time()
    found = mail.turns(source)
    assert len(found) == 2000 and time.process_time() - began < 5  # 8 s if each is joined anew


def test_a_damaged_session_is_an_error_of_the_file(tmp_path, session):
    good = (session.folder / "session.db").read_bytes()
    draws = random.Random(1)
    for _ in range(100):
        data = bytearray(good)
        for _ in range(draws.choice((1, 20, 2000))):
            data[draws.randrange(len(data))] = draws.randrange(256)
        (tmp_path / "session.db").write_bytes(data)
        with suppress(DetenteError), Session.open(tmp_path) as other:
            for read in (other.turns, other.passages, other.relations, lambda: other.kept("x")):
                read()


def test_a_comment_of_argdown_is_escaped():
    one = Claim(1, 1, "A", "See http://a.b // and <!-- c --> /* d */ {e} [f]")
    text = argdown(ArgumentMap((one,), ()))
    assert r"http:\//a.b \// and \<!-- c --\> /\* d \*/ \{e\} \[f\]" in text
    assert read_argdown(text)[0] == {"c1": one.paraphrase}


def test_a_session_without_its_trigger_is_refused(tmp_path):
    Session.open(tmp_path).close()
    Session.open(tmp_path).close()
    other = sqlite3.connect(tmp_path / "session.db")
    other.execute("DROP TRIGGER exact_insert")
    other.close()
    with pytest.raises(InputError, match="changed or damaged"):
        Session.open(tmp_path)


def test_the_page_folds_what_is_flagged_and_no_sentence(tmp_path):
    pytest.importorskip("shiny")
    from detente.web.reading.shown import shown

    (tmp_path / "a.md").write_text(
        f"# The vermin\n\n{HEATED} {MILD}\n\n```\ncode of vermin\n```\n\n> It is <b>fine</b>.\n")
    with Session.open(tmp_path / "s") as session:
        text = read_into(session, tmp_path / "a.md").document.text
        assert "vermin" not in str(shown(session, 1)) and "&lt;b&gt;fine" in str(shown(session, 1))
        at = text.index(MILD)
        found = session.confirm(admit(session, 1, at, at + len(MILD), MILD).id)
        assert MILD not in str(shown(session, 1))
        session.confirm(found.id, again=True)
        assert f"<mark>{MILD}</mark>" in str(shown(session, 1))
