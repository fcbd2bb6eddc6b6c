"""Hostile texts: the patterns take time in proportion to a text, and the limits hold."""

from __future__ import annotations

import json
import re
import time
from contextlib import nullcontext
from dataclasses import asdict

import pytest

from detente.reading import bounds, divide, marks
from detente.reading.actors import gazetteer
from detente.reading.patterns import table
from detente.reading.records import Document
from detente.reading.sources import Source
from detente.reading.store import Session
from tests.reading.test_sturdy import patched, posix
from tests.support.program import detente

parser = pytest.importorskip("re._parser")
SECRET = "Moscow must withdraw before talks begin."
PIECES = ("if ", "if if, ", "a", "lead", "hit hit ", "bomb . ", "strike on hospita ", "take the ",
          "wiped ", "as much ", "é", "\u0300", "a_", "U.S. ", "Dr. A. ", "12.34 ", "-", "> ")
LINES = ("1. A\n@B x\n", "# A\n> b\n\nc\n", " \t" * 99 + "x\n", "a's " * 45 + "avatr\n",
         "on a, " * 30 + "\n>x\n", "A: b\n", "From: a <b>\nTo: c\n\nx\n", "> a\n>> b\n", "a\n\n",
         "avatar of a\nreply to b\nx\n", "liked by " + "a" * 120 + "\n", "1. " + "a " * 90 + "\n")
MORE = 4
"""The longer text has so many times the letters of the shorter one."""
MOST = 9
"""Largest ratio of the times: 4 if the time is in proportion to the text, 16 if to its square."""
FAST = 0.2
"""Seconds below which a ratio is noise."""


def seconds(function, *given):
    began = time.process_time()
    function(*given)
    return time.process_time() - began


def in_proportion(function, short, long):
    """Whether the time grows in proportion; three trials, because other work disturbs a clock."""
    for _ in range(3):
        slow = seconds(function, long)
        if slow < FAST or slow < MOST * seconds(function, short):
            return True
    return False


def repeats(tree, inside=1):
    """Yield each repeat of a parsed pattern: its largest count by those around it, and its body."""
    for kind, given in tree:
        if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            _, most, body = given
            unbounded = most == parser.MAXREPEAT
            yield (None if unbounded else most * inside), inside, body
            yield from repeats(body, inside * (1 if unbounded else most))
        else:
            for part in (given if isinstance(given, (tuple, list)) else (given,)):
                if isinstance(part, parser.SubPattern):
                    yield from repeats(part, inside)
                elif isinstance(part, list):
                    for one in part:
                        if isinstance(one, parser.SubPattern):
                            yield from repeats(one, inside)


@pytest.mark.parametrize("name", ["cues.yaml", "flags.yaml"])
def test_no_pattern_can_backtrack_without_limit(name):
    """A pattern begins at a bound of a word. Only the letters of one word repeat without limit."""
    for one in table(name).values():
        for pattern in one.patterns:
            for branch in pattern.split(r"|\b"):
                assert branch.removeprefix(r"\b") and pattern.startswith(r"\b")
            for most, inside, body in repeats(parser.parse(pattern)):
                if most is None:
                    assert inside == 1
                    assert str(body) == str(parser.parse(r"\w")), pattern
                else:
                    assert most <= 200, pattern
    nested = list(repeats(parser.parse(r"\b(?:a+b){1,3}")))
    assert (None, 3) in [x[:2] for x in nested]  # the search finds a repeat in a repeat


@pytest.mark.parametrize("piece", PIECES)
def test_the_marks_take_time_in_proportion_to_the_text(piece):
    known = gazetteer()

    def found(text):
        document = Source("t", "t", "text", "0", "0", "x", text)
        return marks.marks(document, [(0, len(text))], [(0, len(text))], known)

    length = 25_000
    assert in_proportion(found, *((piece * length)[:n] for n in (length, MORE * length)))


@pytest.mark.parametrize("kind", ["text", "markdown"])
@pytest.mark.parametrize("lines", LINES)
def test_a_text_that_is_divided_here_takes_seconds(lines, kind):
    """The longest text without limits is divided in a time that a user can wait for."""
    many = "".join(re.sub(r"^1\.", f"{k}.", lines) for k in range(1, divide.LONG))[:divide.LONG]
    source = Source("t", "t", kind, "0", "0", "x", many)
    assert seconds(divide.divide, source) < 10


def test_both_ways_to_mark_give_the_same(monkeypatch):
    known = gazetteer({"soviet_union": "Soviet Union"})
    text = "Moscow must go, or war comes. They are vermin. Talks with the Kremlin go on."
    document = Document(1, "t", "/t", "text", "0", "0", "text 1", text)
    spans, turns = [(0, 29), (30, 46), (47, len(text))], [(0, 46), (47, len(text))]
    here = marks.marks(document, spans, turns, known)
    assert here[0].actors == ("soviet_union",) and here[0].flags and not here[2].flags
    monkeypatch.setattr(marks, "LONG", 0)
    assert marks.marks(document, spans, turns, known) == here


def test_a_text_that_could_never_be_listed_is_refused_when_it_is_read(monkeypatch):
    def slow(*_):
        raise MemoryError

    monkeypatch.setattr(marks, "here", slow)
    for length, refused in ((marks.LONG, False), (marks.LONG + 1, True)):
        given = {"source": asdict(Source("t", "t", "text", "0", "0", "x", "a" * length)),
                 "form": "plain"}
        with pytest.raises(MemoryError) if refused else nullcontext():
            divide.answer(json.dumps(given).encode())


@posix
def test_a_slow_list_ends_at_the_limit_and_says_no_words(tmp_path):
    (tmp_path / "a.txt").write_text((SECRET + "\n\n") * 6_000)
    assert bounds.MOST_LETTERS >= (tmp_path / "a.txt").stat().st_size > marks.LONG
    assert detente("read", "a.txt", "--session", "s", "--first", "0", cwd=tmp_path).returncode == 0
    for words in (("read", "--session", "s"),
                  ("read", "candidates", "--session", "s", "--out", "c.jsonl")):
        done = patched("bounds", "bounds.MOST_SECONDS = 0.01", *words, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert b"longer than the limit" in done.stderr and b"withdraw" not in done.stderr
        assert not (tmp_path / "c.jsonl").exists()
    with Session.open(tmp_path / "s", create=False) as session:  # nothing was lost
        assert len(session.sentences()) == 6_000
