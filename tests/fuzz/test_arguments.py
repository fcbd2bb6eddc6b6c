"""Random command lines: each ends with an exit code that the documents state, and no traceback.

The lines are run in this process, which takes a fraction of the time that starting Python takes.
Each is made from words of the real command line (names, options, values at and beyond every
limit), and from random text. Commands that would solve for long get small files only.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente import cli
from tests.support.program import CRISIS

CODES = {0, 1, 2}
"""0: done; 1: not checked, or no memory; 2: bad input."""

SLOW = 60.0
"""Seconds of processor time that no line may take; the slowest takes some seconds."""

VALUES = (
    "0", "1", "-1", "2", "3", "8", "1e6", "1e308", "-1e308", "1e400", "nan", "inf", "-inf", "0.1",
    "1_000", "0x10", "1e999999999", "9" * 400, "", " ", "--", "-", "=", "a=b", "a=1", "a=nan",
    "lam=3", "grid=5", "a" * 5000, "\x1b[2J", "\u202e", "\udc80", "..", "/", ".", "~", "*", "%s",
    "{}", "$(true)", "ü", "tcp://localhost:1", "settlement >= 0.6", "war <= 1", "P(war)", "(", "[",
)
FILES = ("case.yaml", "game.efg", "table.csv", "empty.yaml", "folder", "no-such-file", "cuba-1962",
         "/dev/null")
WORDS = {
    "bargain": ("caucasus-2025",), "models": ("fearon-1995", "fearon-1994"),
    "explain": ("war.cost", "mediator", "lambda"), "new": ("my-crisis",),
    "data": ("list", "show", "cite", "rates", "icb-system", "--list"),
    "fit": ("egame12", "game", "ultimatum", "signalling"),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with small files, in which the lines run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path / "data"))
    monkeypatch.setenv("DETENTE_DATA_BASE", str(tmp_path))  # no line reaches a server
    monkeypatch.delenv("DETENTE_DEBUG", raising=False)
    (tmp_path / "case.yaml").write_text(CRISIS, encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "game.efg").write_text('EFG 2 R "g" {"A"}\n"" t "a" 1 "" {1}\n')
    (tmp_path / "table.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "folder").mkdir()
    return tmp_path


def options() -> dict[str, list[str]]:
    """Return the options of every command, from its help."""
    found = {}
    for module in cli.command_modules():
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            cli.main([module.NAME, "--help"])
        words = shown.getvalue().replace(",", " ").split()
        found[module.NAME] = sorted({w for w in words if w.startswith("--") and len(w) > 2})
    return found


def lines(seed: int, known: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield random command lines, most of which get beyond the reading of the words."""
    r = random.Random(seed)
    names = sorted(known)
    while True:
        name = r.choice(names) if r.random() < 0.95 else r.choice(VALUES)
        line = [name]
        for _ in range(r.choice((0, 1, 1, 2, 2, 3, 4, 6))):
            kind = r.random()
            if kind < 0.35:
                line.append(r.choice(WORDS.get(name, ()) or FILES))
            elif kind < 0.5:
                line.append(r.choice(FILES))
            elif kind < 0.85 and known.get(name):
                line += [r.choice(known[name]), r.choice((*VALUES, *FILES))]
            elif kind < 0.95:
                line.append(r.choice(known.get(name) or VALUES))
            else:
                line.append("".join(chr(r.randrange(1, 0x3000)) for _ in range(r.randrange(1, 20))))
        # Work is small: few samples, and no shipped case is solved.
        heavy = name in ("run", "drivers", "compare", "follow", "offramps", "claims", "sweep",
                         "models")
        if heavy and any(w in ("cuba-1962", "fearon-1995", "fearon-1994") for w in line):
            continue
        if "--new" in line or "--scheduler" in line:  # asks questions; waits for a server
            continue
        if name == "app":  # serves until it is interrupted; tests/web starts it
            continue
        if heavy and name != "models":
            line += ["--samples", "2"]
        yield line


def attempt(line: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run a line; return its exit code and both outputs."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(line)
    return code, out.getvalue(), err.getvalue()


def examine(line: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a line and fail if it does what no line may do."""
    began = time.process_time()  # the clock would also count other processes
    code, out, err = attempt(line, monkeypatch)
    assert code in CODES, (line, code, err)
    assert "Traceback" not in out + err and "internal error" not in err, (line, err)
    assert not any(c in out + err for c in "\x1b\x07\u202e\r"), (line, out, err)
    assert time.process_time() - began < SLOW, line
    if code == 2:
        assert "detente: " in err, (line, err)


@pytest.mark.skipif(os.name == "nt", reason="the names of devices differ")
def test_no_line_fails_in_a_way_that_is_not_stated(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = options()
    stop = time.process_time() + 8
    for count, line in enumerate(lines(1962, known)):
        examine(line, monkeypatch)
        if time.process_time() > stop or count >= 400:
            break
    assert (place / "case.yaml").read_text(encoding="utf-8") == CRISIS


@pytest.mark.long
def test_an_hour_of_lines(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = options()
    stop = time.process_time() + 3600
    for line in lines(time.time_ns(), known):
        examine(line, monkeypatch)
        if time.process_time() > stop:
            break
