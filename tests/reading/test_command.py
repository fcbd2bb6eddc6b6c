"""``detente read`` as a user runs it: from a thread to claims, and every mistake with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from detente import cli
from detente.reading.questions import questions
from detente.reading.schemas import schemas
from detente.reading.store import Session
from tests.support.program import detente

THREAD = """1. Ann: Moscow must withdraw before talks begin, because nobody trusts the pledge.
It is not enough.

2. Ben: @Ann The pledge will hold if Ankara guarantees it. Good morning.

3. Cleo: Those people are vermin and the talks will fail.
"""


def run(capsys, *words):
    """Run a command in this process and return its exit code and both outputs."""
    code = cli.main([str(w) for w in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("t.txt").write_text(THREAD)
    assert run(capsys, "read", "t.txt", "--session", "s")[0] == 0
    return tmp_path


def rows(name="c.jsonl"):
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def fill(answers, name="c.jsonl"):
    Path(name).write_text("".join(json.dumps(row | answers(row)) + "\n" for row in rows(name)))


def valid(document, name):
    schema = json.loads(
        (Path(cli.__file__).parent / "reading" / f"{name}.schema.json").read_text())
    jsonschema.validate(document, schema)
    assert set(document) == set(schema["properties"])  # and no key that is not published


def test_from_a_thread_to_claims_in_processes_of_their_own(tmp_path):
    (tmp_path / "t.txt").write_text(THREAD)
    done = detente("read", "t.txt", "--session", "s", "--json", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    made = json.loads(done.stdout)
    valid(made, "read")
    assert made["documents"][0]["form"] == "numbered" and made["documents"][0]["replies"] == 1
    assert made["candidates"][0]["actors"] == ["russia"]
    assert made["counts"]["folded"] == 1 and b"pledge" not in done.stdout
    done = detente("read", "candidates", "--session", "s", "--out", "c.jsonl", cwd=tmp_path)
    assert done.returncode == 0 and b"pledge" not in done.stdout
    place = tmp_path / "c.jsonl"
    assert place.stat().st_mode & 0o077 == 0
    lines = place.read_text().splitlines()
    first = json.loads(lines[0]) | {"confirm": "yes", "paraphrase": "A sets withdrawal as a "
                                    "condition of talks", "template": "outcome-likely",
                                    "slots": {"outcome": "war", "least": 0.2},
                                    "formal": "P(war) > 0.2"}
    lines[0] = json.dumps(first)
    lines[1] = json.dumps(json.loads(lines[1]) | {"confirm": "no"})
    place.write_text("\n".join(lines))
    done = detente("read", "confirm", "c.jsonl", "--session", "s", "--json", cwd=tmp_path)
    made = json.loads(done.stdout)
    valid(made, "read-confirm")
    assert (made["confirmed"], made["refused"], made["claims"]) == (1, 1, 1)
    assert sorted(x.name for x in (tmp_path / "s").iterdir()) == ["session.db"]


def test_words_that_exchange_files_follow_their_schemas_in_processes_of_their_own(tmp_path):
    def made(word, *words):
        done = detente("read", word, *words, "--json", cwd=tmp_path)
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        document = json.loads(done.stdout)
        valid(document, f"read-{word}")
        return document

    assert len(made("examples")["wrote"]) == 3
    session = ("--session", "s")
    for words in (("vessen-comments.txt", "vessen-thread.txt"), ("confirm", "decisions.jsonl")):
        assert detente("read", *words, *session, cwd=tmp_path).returncode == 0
    found = made("candidates", "--out", "c.jsonl", *session)
    lines = (tmp_path / "c.jsonl").read_text().splitlines()
    assert found["candidates"] == len(lines)
    assert found["folded"] == sum(json.loads(line)["exact"] is None for line in lines)
    wrote = made("turns", "--out", "t.jsonl", *session)
    assert wrote.pop("wrote") == "t.jsonl"
    read = made("turns", "t.jsonl", *session)
    assert read.pop("wrote") is None and read == wrote  # the file was not edited
    wrote = made("annotations", "--out", "a.json", "--hypothesis", "--quotes", *session)
    assert wrote["quotes"] and wrote["annotations"] == json.loads(
        (tmp_path / "a.json").read_text())["total"]
    read = made("annotations", "a.json", *session)
    assert (read["annotations"], read["absent"]) == (wrote["annotations"], 0)
    assert made("export", "--as", "argdown", *session)["text"].startswith("===")
    assert made("export", "--as", "claims", "--out", "x.yaml", *session) == {
        "form": "claims", "wrote": "x.yaml", "text": None}


def test_the_shipped_schemas_are_those_of_the_documents():
    for name, schema in schemas().items():
        held = (Path(cli.__file__).parent / "reading" / name).read_text()
        assert json.loads(held) == schema, "run `python -m detente.reading.schemas`"


def test_a_file_that_is_read_twice_changes_nothing(folder, capsys):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    fill(lambda row: {"confirm": "yes", "paraphrase": "A neutral claim"} if row["exact"] else {})
    for _ in range(2):
        code, said, _ = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
        assert code == 0 and "Confirmed 4" in said
    with Session.open("s") as session:
        assert len(session.claims()) == 4 == len(session.passages())


def test_a_folded_passage_needs_its_words_and_two_answers(folder, capsys):
    assert run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")[0] == 0
    assert rows()[-1]["exact"] is None and rows()[-1]["flags"] == ["dehumanising"]
    fill(lambda row: {"confirm": "yes"} if row["flags"] else {})
    code, said, wrong = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert code == 2 and "c.jsonl:5: exact: the passage is folded away" in wrong and not said
    code, _, wrong = run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    assert code == 2 and "--force" in wrong
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--flagged", "--force")
    fill(lambda row: {"confirm": "yes"} if row["flags"] else {})
    code, said, _ = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert code == 0 and "1 flagged passages need a second confirmation" in said
    fill(lambda row: {"confirm_again": "yes", "paraphrase": "C expects no agreement"}
         if row["flags"] else {})
    assert run(capsys, "read", "confirm", "c.jsonl", "--session", "s")[0] == 0
    with Session.open("s") as session:
        assert [c.paraphrase for c in session.claims()] == ["C expects no agreement"]


@pytest.mark.parametrize("change, said", [
    ({"confirm": "maybe"}, "c.jsonl:1: confirm: the answer is not known; expected yes, no"),
    ({"confirm": "yes", "paraphrase": 3}, "c.jsonl:1: paraphrase: the value has the wrong type"),
    ({"confirm": "yes", "slots": "x"}, "c.jsonl:1: slots: the value has the wrong type"),
    ({"confirm": "yes", "template": "outcome-likly"}, "did you mean 'outcome-likely'"),
    ({"confirm": "yes", "template": "outcome-likely", "slots": {"outcom": "war"}},
     "c.jsonl:1: outcom: unknown field 'outcom'"),
    ({"confirm": "yes", "slots": {"outcome": "war"}}, "c.jsonl:1: slots: there are slots, and no"),
    ({"confirm": "yes", "formal": "nobody trusts withdraw"},
     "c.jsonl:1: formal: the statement is not in the claims language"),
    ({"paraphrase": "It is said"}, "c.jsonl:1: paraphrase: the passage is not confirmed"),
    ({"confirm": "yes", "document": 9}, "c.jsonl:1: document: the session has no such document"),
    ({"confirm": "yes", "start": 9}, "c.jsonl:1: exact: document 1, 9 to 82: the words differ"),
    ({"confirm": "yes", "start": "9"}, "c.jsonl:1: exact: document 1: the span is not two"),
    ({"confirm": "yes", "exact": "Other words."}, "c.jsonl:1: exact: document 1, 8 to 82"),
    ({"confrim": "yes"}, "unknown field 'confrim'"),
    ({"Moscow must withdraw before talks begin": "yes"}, "the line has an unknown field"),
    ({"confirm": "yes", "paraphrase": "Moscow must withdraw before talks begin, because nobody"},
     "c.jsonl:1: passage 1, paraphrase: the paraphrase copies 8 words"),
])
def test_a_wrong_line_says_line_and_field_and_stores_nothing(folder, capsys, change, said):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    lines = Path("c.jsonl").read_text().splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | change)
    lines[1] = json.dumps(json.loads(lines[1]) | {"confirm": "no"})
    Path("c.jsonl").write_text("\n".join(lines))
    code, out, wrong = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert code == 2 and out == "" and said in wrong, wrong
    assert "nobody" not in wrong and "withdraw" not in wrong
    with Session.open("s") as session:
        assert session.passages() == []


def test_all_wrong_lines_are_listed(folder, capsys):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    fill(lambda row: {"confirm": "perhaps"})
    _, _, wrong = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert re.findall(r"c\.jsonl:(\d):", wrong) == list("12345")


def test_a_changed_file_asks_for_confirmation_again(folder, capsys):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    fill(lambda row: {"confirm": "yes"} if row["exact"] else {})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    Path("t.txt").write_text("A note before it.\n\n" + THREAD.replace("Good morning.", ""))
    code, said, _ = run(capsys, "read", "t.txt", "--session", "s")
    assert code == 0 and "3 passages found again, 1 lost" in said
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--force")
    assert [r["status"] for r in rows()[:3]] == ["to confirm again"] * 3


def test_turns_and_annotations_through_files(folder, capsys):
    assert run(capsys, "read", "turns", "--session", "s", "--out", "turns.jsonl")[0] == 0
    text = Path("turns.jsonl").read_text()
    assert "pledge" not in text
    Path("turns.jsonl").write_text(text.replace('"author": "Ben"', '"author": "Dora"'))
    code, said, _ = run(capsys, "read", "turns", "turns.jsonl", "--session", "s")
    assert code == 0 and "3 turns" in said
    code, said, _ = run(capsys, "read", "t.txt", "--session", "s", "--json")
    assert json.loads(said)["documents"][0]["form"] == "edited"
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    assert "Dora" in {r["said_by"] for r in rows()}
    fill(lambda row: {"confirm": "yes", "paraphrase": "In neutral words"} if row["exact"] else {})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    for more, words in (([], False), (["--quotes"], True), (["--hypothesis", "--quotes"], True)):
        code, _, wrong = run(capsys, "read", "annotations", "--session", "s", "--out",
                             f"a{len(more)}.json", *more)
        assert code == 0, wrong
        text = Path(f"a{len(more)}.json").read_text()
        assert ("withdraw" in text) == words and "neutral" in text and "vermin" not in text
    code, said, _ = run(capsys, "read", "t.txt", "--session", "other")
    code, said, _ = run(capsys, "read", "annotations", "a2.json", "--session", "other")
    assert code == 0 and "4 marks are passages of document 1; 0 are not" in said
    code, _, wrong = run(capsys, "read", "turns", "--session", "s")
    assert code == 2 and "either a file to read or --out" in wrong


def test_the_score_of_cues_and_of_a_program(folder, capsys):
    code, _, wrong = run(capsys, "read", "score", "--session", "s")
    assert code == 2 and "no confirmed passage" in wrong
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--first", "2")
    fill(lambda row: {"confirm": "yes"})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    code, said, _ = run(capsys, "read", "score", "--session", "s", "--json")
    made = json.loads(said)
    valid(made, "read-score")
    # The three sentences with a cue hold both confirmed ones.
    assert made["at"] == [{"n": 3, "right": 2, "found": 2, "precision": 2 / 3, "recall": 1.0}]
    one = rows()[0]
    Path("p.jsonl").write_text("\n".join(json.dumps(
        {"document": 1, "start": a, "end": b}) for a, b in ((one["start"], one["end"]), (83, 100))))
    code, said, _ = run(capsys, "read", "score", "p.jsonl", "--session", "s", "--json")
    assert json.loads(said)["at"] == [
        {"n": 2, "right": 1, "found": 1, "precision": 0.5, "recall": 0.5}]
    Path("p.jsonl").write_text('{"document": 1, "start": 5, "end": 5000}\n{"document": 7}\n')
    code, _, wrong = run(capsys, "read", "score", "p.jsonl", "--session", "s")
    assert code == 2 and "p.jsonl:1: start" in wrong and "p.jsonl:2: a span needs" in wrong


def test_an_error_in_a_later_file_keeps_the_files_before_it(tmp_path):
    for name, text in (("a.txt", THREAD), ("b.txt", THREAD), ("c.txt", " ")):
        (tmp_path / name).write_text(text)
    done = detente("read", "a.txt", "b.txt", "no.txt", "--session", "s", cwd=tmp_path)
    assert done.returncode == 2 and b"no.txt: cannot read" in done.stderr
    assert not (tmp_path / "s").exists()  # every name is checked first
    done = detente("read", "a.txt", "b.txt", "c.txt", "--session", "s", cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == 2 and done.stdout == b"" and "c.txt: the file holds no text" in said
    assert said.startswith("Stored in the session: a.txt, b.txt.")
    with Session.open(tmp_path / "s", create=False) as session:
        assert [d.name for d in session.documents()] == ["a.txt", "b.txt"]
        assert len(session.turns(2)) == 3  # whole, with its turns and sentences
        assert session.sentences(2)


def test_an_interrupt_keeps_the_files_before_it(tmp_path, monkeypatch, capsys):
    from detente.reading import ingest

    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(THREAD)
    read = ingest.read_source

    def stopped(file):
        if file.name == "b.txt":
            raise KeyboardInterrupt
        return read(file)

    monkeypatch.setattr(ingest, "read_source", stopped)
    code, out, wrong = run(capsys, "read", "a.txt", "b.txt", "--session", "s")
    assert code == 130 and out == "" and wrong.startswith("Stored in the session: a.txt.")
    with Session.open("s", create=False) as session:
        assert [d.name for d in session.documents()] == ["a.txt"]


@pytest.mark.parametrize("words, said", [
    (["http://example.org/t.txt"], "an address"), (["//host/t"], "an address"),
    (["t.txt", "--form", "numberd"], "did you mean 'numbered'"),
    (["t.txt", "--case", "no-such-case"], "no-such-case"), ([], "no session in this folder")])
def test_wrong_words_make_no_session(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    Path("t.txt").write_text(THREAD)
    code, out, wrong = run(capsys, "read", *words, "--session", "new")
    assert code == 2 and out == "" and said in wrong and wrong.count("\n") == 1
    assert not Path("new").exists()


def test_the_actors_of_a_case_are_searched(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("t.txt").write_text("Moscow will answer.")
    code, said, _ = run(capsys, "read", "t.txt", "--session", "s", "--case", "cuba-1962", "--json")
    assert code == 0 and json.loads(said)["candidates"][0]["actors"] == ["soviet_union"]


def test_reading_opens_no_connection(folder, capsys, monkeypatch):
    import socket

    def refused(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    Path("u.html").write_text("<p>Text <img src='http://example.org/a.png'></p>")
    for words in (["u.html", "t.txt"], ["candidates", "--out", "c.jsonl"],
                  ["turns", "--out", "turns.jsonl"]):
        assert run(capsys, "read", *words, "--session", "s")[0] == 0


def test_a_folded_passage_is_refused_unread(folder, capsys):
    assert run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")[0] == 0
    fill(lambda row: {"confirm": "no"} if row["flags"] else {})
    assert rows()[-1]["exact"] is None
    code, said, _ = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert code == 0 and "refused 1" in said
    with Session.open("s") as session:
        assert [p.status for p in session.passages()] == ["refused"]
    fill(lambda row: {"end": 10**6} if row["flags"] else {})
    code, _, wrong = run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    assert code == 2 and "the span is empty or leaves the text" in wrong


def test_a_withdrawn_claim_is_a_candidate_again(folder, capsys):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl")
    fill(lambda row: {} if row["flags"] else {"confirm": "yes", "paraphrase": "A claim"})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    with Session.open("s") as session:
        last = session.claims()[-1]
    run(capsys, "read", "relate", f"c{last.id}", "attack", "c1", "--session", "s")
    run(capsys, "read", "question", "Which?", "c1", f"c{last.id}", "--session", "s")
    assert run(capsys, "read", "withdraw", f"c{last.id}", "--session", "s")[0] == 0
    code, _, wrong = run(capsys, "read", "withdraw", f"c{last.id}", "--session", "s")
    assert code == 2 and f"the session has no claim {last.id}" in wrong
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--force")
    again = [r for r in rows() if r["status"] == "to confirm again"]
    assert len(again) == 1
    fill(lambda row: {"confirm": "yes", "author": "B", "paraphrase": "A corrected claim"}
         if row["status"] == "to confirm again" else {})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    with Session.open("s") as session:
        corrected = session.claims()[-1]
        assert corrected.paraphrase == "A corrected claim" and not session.relations()
        # SQLite gives the new claim the old id: it must not inherit the old one's question
        assert dict(questions(session))["Which?"] == [1]


def test_a_file_that_was_moved_is_the_document_that_it_was(folder, capsys):
    """A folder with texts and session is often moved as a whole; its claims stay on their texts."""
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--first", "1")
    fill(lambda row: {"confirm": "yes", "author": "A", "paraphrase": "A claim"})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    Path("here").mkdir()
    Path("t.txt").rename("here/t.txt")
    assert "read it at its new place" in run(capsys, "read", "--session", "s")[1]
    said = run(capsys, "read", "here/t.txt", "--session", "s")[1]
    assert "  2  " not in said.split("Next")[0] and "Passages: 1 confirmed" in said
    Path("here").rename("there")
    Path("there/t.txt").write_text("Foreword.\n\n" + THREAD)  # moved and edited
    said = run(capsys, "read", "there/t.txt", "--session", "s")[1]
    assert "1 passage found again, 0 lost" in said and "  2  " not in said.split("Next")[0]
    Path("there/other").mkdir()
    Path("there/t.txt").rename("there/other.txt")
    Path("there/other/t.txt").write_text("Another text of the same name.\n")
    said = run(capsys, "read", "there/other/t.txt", "--session", "s")[1]
    assert "  2  t.txt: 31 characters" in said and "missing" in said
    Path("copy.txt").write_text(Path("there/other.txt").read_text())
    Path("there/other.txt").rename("there/t.txt")  # the document's file is there again
    assert "  3  copy.txt" in run(capsys, "read", "copy.txt", "--session", "s")[1]


def test_a_changed_source_keeps_claims_and_says_that_edited_turns_are_replaced(folder, capsys):
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--first", "1")
    fill(lambda row: {"confirm": "yes", "author": "A", "paraphrase": "A claim"})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    run(capsys, "read", "turns", "--session", "s", "--out", "turns.jsonl")
    assert run(capsys, "read", "turns", "turns.jsonl", "--session", "s")[0] == 0
    replaced = "the turns that you had edited are replaced"
    assert replaced not in run(capsys, "read", "t.txt", "--session", "s")[1]  # no change
    Path("t.txt").write_text("Foreword.\n\n" + THREAD)
    assert replaced in run(capsys, "read", "t.txt", "--session", "s")[1]
    run(capsys, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--first", "1",
        "--force")
    assert rows()[0]["status"] == "to confirm again"
    fill(lambda row: {"confirm": "yes"})
    run(capsys, "read", "confirm", "c.jsonl", "--session", "s")
    with Session.open("s") as session:
        assert [(c.author, c.paraphrase) for c in session.claims()] == [("A", "A claim")]
