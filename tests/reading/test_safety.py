"""No sentence of a text leaves the session: every output, message and file is searched.

The text is synthetic and written for this test. Its hostility is mild, and its placeholders name
no real group.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from detente import cli
from detente.reading import marks, sources
from detente.reading.forms.registry import FORMS
from detente.reading.store import Session
from detente.reading.words import copied, copying
from tests.reading.made import pdf_of
from tests.support.program import detente

SENTENCES = (
    "Every Placeholdian is vermin and the lot of them must vanish.",
    "Somebody should burn their granaries before winter arrives.",
    "Good people spit on the Placeholdians whenever they speak.",
    "Hit the school at the quarry where they hide the clerk.",
    "Placeholdia will fold because its rulers are barely human.",
    "Aland must withdraw from Placeholdia or sanctions follow.",
)
AUTHORS = ("Zorbax Quill", "Mirelda Thunk")
THREAD = (f"1. {AUTHORS[0]}: {SENTENCES[0]} {SENTENCES[1]}\n\n2. {AUTHORS[1]}: {SENTENCES[2]} "
          f"{SENTENCES[3]}\n\n3. {AUTHORS[0]}: {SENTENCES[4]} {SENTENCES[5]}\n")
HERE = ("session.db", "c.jsonl")
"""The files that may hold words: the session, and the file of candidates."""


def words_of(text):
    return re.findall(r"\w+", text.casefold())


def runs(length=4):
    """Return all runs of four words of the text, which also find a part of a sentence."""
    words = words_of(THREAD)
    return {" ".join(words[k:k + length]) for k in range(len(words) - length + 1)}


RUNS = runs()


def leaks(text):
    words = words_of(text)
    return [r for k in range(len(words) - 3) if (r := " ".join(words[k:k + 4])) in RUNS]


def sources_of(folder):
    """Write the text in every kind of file, whole and damaged."""
    (folder / "in").mkdir()
    made = {
        "a.txt": THREAD.encode(), "b.md": f"# T\n\n> {THREAD}\n\nAnswer.".encode(),
        "c.html": f"<p>{'</p><p>'.join(THREAD.splitlines())}</p>".encode(),
        "d.pdf": pdf_of(*SENTENCES),
        "e.eml": f"From: {AUTHORS[0]} <a@b>\nSubject: x\n\n{THREAD}".encode(),
        "f.json": json.dumps([{"text": s, "user": "acct:x@h"} for s in SENTENCES]).encode(),
        "bad.txt": THREAD.encode() + b"\xff\xfe", "bad.json": THREAD.encode(),
        "bad2.json": json.dumps([{"text": [THREAD]}]).encode(),
        "bad3.json": json.dumps({THREAD: THREAD}).encode(),
        "bad.pdf": b"%PDF-1.4\n" + THREAD.encode(),
    }
    for name, data in made.items():
        (folder / "in" / name).write_bytes(data)
    return [f"in/{name}" for name in made]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capfd, *words):
    code = cli.main([str(w) for w in words])
    said = capfd.readouterr()
    assert not leaks(said.out + said.err), (words, leaks(said.out + said.err))
    assert not any(a in said.out + said.err for a in AUTHORS), words
    return code, said.out, said.err


def files(folder):
    return [p for p in folder.rglob("*") if p.is_file() and p.parent.name != "in"]


def test_the_search_finds_a_part_of_a_sentence():
    assert leaks("... and the LOT of, them ...") and not leaks("Nothing of it.")


def test_no_output_message_or_file_holds_a_sentence(place, capfd, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(place))
    for name in sources_of(place):
        code, _, _ = run(capfd, "read", name, "--session", "s", "--json")
        assert code == (2 if "bad" in name else 0), name
    for form in (*FORMS, "numbered"):
        run(capfd, "read", "in/a.txt", "--session", "s", "--form", form)
    for more in ([], ["--flagged"]):
        code, said, _ = run(capfd, "read", "candidates", "--session", "s", "--out", "c.jsonl",
                            "--force", *more)
        assert code == 0
    rows = [json.loads(x) for x in Path("c.jsonl").read_text().splitlines()]
    folded = [r for r in rows if r["flags"]]
    assert len(folded) >= 8

    def confirm(changed):
        Path("c.jsonl").write_text("\n".join(json.dumps(r) for r in changed))
        return run(capfd, "read", "confirm", "c.jsonl", "--session", "s")

    first, other = rows[0], rows[1]
    wrong = [{"exact": SENTENCES[1]}, {"start": 1}, {"confirm": SENTENCES[0]}, {SENTENCES[0]: "x"},
             {"author": [SENTENCES[0]]}, {"slots": SENTENCES[0]}, {"document": SENTENCES[0]},
             {"start": SENTENCES[0]}, {"confirm_again": SENTENCES[0]}, {"note": {SENTENCES[0]: 1}},
             {"paraphrase": first["exact"]}, {"template": SENTENCES[0]}, {"formal": SENTENCES[0]},
             {"template": "outcome-likely", "slots": {SENTENCES[0]: SENTENCES[1]}}]
    for change in wrong:
        code, _, said = confirm([first | {"confirm": "yes"} | change])
        assert code == 2 and said, change
    Path("c.jsonl").write_text(THREAD)
    assert run(capfd, "read", "confirm", "c.jsonl", "--session", "s")[0] == 2
    code, _, said = confirm([other | {"confirm": "no"}, *(r | {
        "confirm": "yes", "confirm_again": "yes", "author": "A speaker",
        "paraphrase": "The author expects a concession"} for r in rows[2:])])
    assert code == 0, said
    for words in (["turns", "--out", "t.jsonl"], ["annotations", "--out", "w.json"],
                  ["annotations", "--out", "h.json", "--hypothesis"], ["score"],
                  ["score", "--json"]):
        if words[0] == "turns":  # names of authors stand in this file, and no sentence
            assert run(capfd, "read", *words, "--session", "s")[0] == 0
            continue
        assert run(capfd, "read", *words, "--session", "s")[0] == 0
    for name, text in (("p.jsonl", THREAD), ("p.jsonl", json.dumps({SENTENCES[0]: SENTENCES[1]})),
                       ("w2.json", THREAD), ("t2.jsonl", THREAD)):
        Path("in", name).write_text(text)
        for words in (["score"], ["annotations"], ["turns"], ["confirm"]):
            assert run(capfd, "read", *words, f"in/{name}", "--session", "s")[0] == 2
    Path("in/a.txt").write_text("Before. " + THREAD.replace("vermin", "VERMIN"))
    run(capfd, "read", "in/a.txt", "--session", "s")
    held = [p for p in files(place) if p.name not in HERE]
    assert {p.name for p in held} >= {"t.jsonl", "w.json", "h.json"}
    for path in held:
        assert not leaks(path.read_text()), path.name
    assert sorted(p.name for p in Path("s").iterdir()) == ["session.db"]


@pytest.mark.parametrize("text", [SENTENCES[0], SENTENCES[5], THREAD, f'"{SENTENCES[2]}\'s'])
def test_no_word_repeats_a_text_that_is_given_as_an_argument(place, capfd, text):
    """A passage that was copied into an argument is refused, and no message repeats it."""
    Path("in").mkdir()
    Path("in/a.txt").write_text(THREAD)
    run(capfd, "read", "in/a.txt", "--session", "s")
    run(capfd, "read", "candidates", "--session", "s", "--out", "c.jsonl", "--flagged")
    row = json.loads(Path("c.jsonl").read_text().splitlines()[0])
    Path("c.jsonl").write_text(json.dumps(row | {
        "confirm": "yes", "confirm_again": "yes", "author": "A speaker",
        "paraphrase": "The author expects a concession"}))
    assert run(capfd, "read", "confirm", "c.jsonl", "--session", "s")[0] == 0
    drafted = ["draft", "x", "--archetype", "demand-and-red-line", "--stake", "x"]
    on = ["formalise", "cuba-1962", "c1"]
    for words in (
            ["question", text, "c1"], ["relate", text, "attack", "c1"],
            ["relate", "c1", text, "c1"], ["withdraw", text], ["export", "--as", text],
            ["event", "c1", "--date", text, "--before"],
            ["event", "c1", "--date", "2031-01-01", "--before", "--says", text],
            ["event", "c1", "--date", "2031-01-01", "--cannot", text],
            [*on, text], [*on, "outcome-likely", text], [*on, "outcome-likely", f"{text}=x"],
            [*on, "outcome-likely", f"outcome={text}"], [*on, "--none", text],
            [*on, "outcome-likely", "outcome=war", "--note", text],
            ["templates", "cuba-1962", "--template", text],
            ["templates", "cuba-1962", "--claim", text], ["in/a.txt", "--form", text],
            ["propose", "--address", text, "--model", "m"],
            [*drafted, "--role", text], [*drafted, "--role", f"first={text}"],
            ["draft", "x", "--archetype", text, "--role", "first=A", "--stake", "x"]):
        code, _, said = run(capfd, "read", *words, "--session", "s")
        assert code == 2 and said, words
    assert not any(leaks(p.read_text()) for p in files(place) if p.name not in HERE)


def test_a_removed_text_is_gone_from_the_session(place, capfd):
    """The database overwrites what it deletes, so an older version leaves no traces."""
    sources_of(place)
    run(capfd, "read", "in/a.txt", "--session", "s")
    assert SENTENCES[0].encode() in Path("s/session.db").read_bytes()
    Path("in/a.txt").write_text("Calm words.")
    run(capfd, "read", "in/a.txt", "--session", "s")
    data = Path("s/session.db").read_bytes()
    assert not any(s.encode() in data for s in SENTENCES)


@pytest.mark.parametrize("debug", ["", "1"])
def test_an_unexpected_error_says_its_kind_and_no_words(place, capfd, monkeypatch, debug):
    """Errors of the program and of its libraries may repeat the text that they worked on."""
    sources_of(place)
    if debug:
        monkeypatch.setenv("DETENTE_DEBUG", debug)

    def fails(*_, **__):
        raise KeyError(THREAD)

    for module, name in ((marks, "cues_of"), (sources, "normalised")):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, fails)
            if debug:
                with pytest.raises(RuntimeError) as wrong:
                    cli.main(["read", "in/a.txt", "--session", "s"])
                assert not leaks(str(wrong.value)) and wrong.value.__context__ is None
            else:
                code, _, said = run(capfd, "read", "in/a.txt", "--session", "s")
                assert code == 70 and "KeyError at" in said


def test_a_damaged_session_says_no_words(place, capfd):
    sources_of(place)
    run(capfd, "read", "in/a.txt", "--session", "s")
    data = Path("s/session.db").read_bytes()
    for at in range(0, len(data), 4096):
        Path("s/session.db").write_bytes(data[:at] + b"\xaa" * 300 + data[at + 300:])
        code, _, said = run(capfd, "read", "--session", "s")
        assert code in (0, 2), said
    Path("s/session.db").write_bytes(data[:5000])
    assert run(capfd, "read", "--session", "s")[0] == 2


def test_records_and_tracebacks_print_no_words(place, capfd):
    sources_of(place)
    run(capfd, "read", "in/a.txt", "in/f.json", "--session", "s")
    with Session.open("s") as session:
        source = sources.read_source("in/f.json")
        held = [source, *session.documents(), *session.turns(), *session.sentences()]
        assert not leaks(repr(held)) and not any(a in repr(held) for a in AUTHORS)
        with pytest.raises(Exception) as wrong:
            session.insert_passage(1, 0, 5, SENTENCES[0], "", "", flagged=False, proposer="x")
        assert not leaks(str(wrong.value)) and not isinstance(wrong.value, sqlite3.Error)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc shows the files of a process")
def test_a_process_leaves_no_file_elsewhere(place):
    sources_of(place)
    (place / "tmp").mkdir()
    done = detente("read", "in/d.pdf", "in/c.html", "--session", "s", cwd=place,
                   TMPDIR=str(place / "tmp"), HOME=str(place / "tmp"))
    assert done.returncode == 0, done.stderr
    for path in (place / "tmp").rglob("*"):
        if path.is_file() and os.access(path, os.R_OK):
            assert not leaks(path.read_bytes().decode("latin-1")), path
    shutil.rmtree(place / "tmp")


def test_many_names_are_compared_with_a_text_as_each_alone():
    """One reading of the text finds the same copies as a search for each name."""
    rng = random.Random(7)
    for script in ("abc", "\u6211\u4eec\u5fc5\u987b\u79bb\u5f00"):
        for space in (" ", ""):
            def said(words, script=script, space=space):
                return space.join("".join(rng.choices(script, k=rng.randint(1, 9)))
                                  for _ in range(words))

            texts = [said(90) for _ in range(6)]
            owns = {k: said(rng.randint(1, 9)) for k in range(40)}
            owns |= {40 + k: text[at:at + rng.randint(5, 60)] for k, text in enumerate(texts)
                     for at in [rng.randrange(80)]}
            owns[99] = ""
            alone = [{k for k, own in owns.items() if copied(own, [text], 3)} for text in texts]
            assert [copying(owns, [text], 3) for text in texts] == alone
            assert copying(owns, texts, 3) == set.union(*alone)
            assert 2 < len(set.union(*alone)) < len(owns)
