"""Damaged tables and formulas: an answer, or an error that says where and what to do."""

import os
import time

import numpy as np
import pandas as pd
import pytest

from detente.errors import InputError
from detente.history.estimators.design import build
from detente.history.estimators.formula import columns_in
from detente.lenses.positions.read import read_csv
from detente.tables.kinds import Missing, key_column, text_column, typed_column
from detente.tables.text import parse_table

GOOD = b"actor,position,salience,low,high\nA,1.5,80%,0,10\nB,2 to 4,0.5,,\nNA,9,0.25,,\n"
CELLS = ["", "1", "-2.5", "1e3", "1,000", "0,5", ".", "NA", "nan", "None", "yes", "no", "x", '"',
         '"a', '"a,b"', '"a\nb"', "1e999", "\u2212", "50%", "3 to 1", "inf", "0x1", "#N/A", "\t",
         ";", "\u0660", "9" * 400, "e" * 5000, "\x1b[2J", "\ufeff", "=1+1", "1_000", " 7 "]
PIECES = ["x", "z", "`z.1`", "z.1", "k", "log(", "poly(", "C(", "I(", "bs(", ")", "(", "+", "-",
          "*", ":", "^", "**", "2", "3.5", "0", "1", ",", "=", "{", "}", "`", "'a'", "df", "|", "~",
          "__import__", ".", "x.x", "9" * 30, "np.log(", "exp(", "\u00e9", "%", "!", "\x00", "[x]"]
SECONDS = 5.0
"""One small input takes no longer, whatever it holds."""


def damaged(rng, raw):
    """Return the bytes with a few of them changed, cut out, repeated or replaced by cells."""
    raw = bytearray(raw)
    for _ in range(int(rng.integers(1, 6))):
        at, kind = int(rng.integers(0, len(raw) + 1)), rng.integers(0, 5)
        if kind == 0:
            raw[at:at + 1] = bytes([int(rng.integers(0, 256))])
        elif kind == 1:
            del raw[at:at + int(rng.integers(1, 12))]
        elif kind == 2:
            raw[at:at] = raw[at:at + int(rng.integers(1, 30))]
        elif kind == 3:
            raw[at:at] = str(rng.choice(CELLS)).encode()
        else:
            lines = bytes(raw).split(b"\n")
            k = int(rng.integers(0, len(lines)))
            cells = lines[k].split(b",")
            cells[int(rng.integers(0, len(cells)))] = str(rng.choice(CELLS)).encode()
            lines[k] = b",".join(cells)
            raw = bytearray(b"\n".join(lines))
    return bytes(raw)


def answer(work):
    """Return the answer or the error's text; anything but an answer or our error fails."""
    began = time.process_time()  # the clock would also count other processes
    try:
        found = repr(work())
    except InputError as wrong:
        text = str(wrong)
        assert wrong.message and len(text) < 20_000
        assert not any(ord(c) < 32 and c not in "\n\t" for c in text)
        found = text
    assert time.process_time() - began < SECONDS
    return found


def read_all(raw, folder):
    def columns():
        table = parse_table(raw, "t.csv")
        out = []
        for name in table.names:
            for read in (typed_column, text_column, key_column):
                try:
                    out.append(read(table, name, Missing()))
                except InputError as wrong:
                    assert wrong.line and wrong.column and wrong.expected
                    out.append(str(wrong))
        return out

    def positions():
        (folder / "t.csv").write_bytes(raw)
        try:
            return read_csv(folder / "t.csv")
        except InputError as wrong:
            assert wrong.file
            raise

    return answer(columns), answer(positions)


def tables(seed, count, folder):
    rng = np.random.default_rng(seed)
    for k in range(count):
        raw = damaged(rng, GOOD)
        first = read_all(raw, folder)
        if k % 10 == 0:
            assert read_all(raw, folder) == first  # the same answer every time


def formulas(seed, count):
    rng = np.random.default_rng(seed)
    n = 40
    table = pd.DataFrame({"x": rng.normal(size=n), "z": rng.normal(size=n),
                          "z.1": rng.normal(size=n), "k": rng.choice(["a", "b", "NA"], n)})
    for _ in range(count):
        text = "".join(rng.choice(PIECES, int(rng.integers(1, 9))))
        if rng.random() < 0.5:
            text = "x + " + text
        answer(lambda text=text: columns_in(text))
        answer(lambda text=text: build("", {"u": text}, table).X)


def test_damaged_tables(tmp_path):
    tables(1, 1500, tmp_path)


def test_damaged_formulas():
    formulas(2, 400)


@pytest.mark.parametrize("text", [
    "x**22", "(x + z)^22", "((x + z)**4)**4", "*".join(["x", "z", "k"] * 8), "I(9**9**9**9)",
    "I(((((10**9)**9)**9)**9)**9)", "(" * 60 + "x" + ")" * 60, "bs(x, df=999999999)",
    "x + x**99 + z",
])
def test_formulas_that_would_grow_without_bound_are_refused(text):
    table = pd.DataFrame({"x": np.arange(9.0) ** 2, "z": np.arange(9.0), "k": list("abcabcabc")})
    with pytest.raises(InputError, match="cannot read the formula"):
        build("", {"u": text}, table)


def test_usual_powers_are_read():
    table = pd.DataFrame({c: np.random.default_rng(k).normal(size=40) for k, c in enumerate("abc")})
    part = "(a + b + c)**2 + I(a**2) + I(b**2) + I(c**3)"
    assert build("", {"u": part}, table).X[0].shape == (40, 1 + 3 + 3 + 3)


@pytest.mark.long
def test_damaged_tables_and_formulas_for_an_hour(tmp_path):
    end, seed = time.monotonic() + float(os.environ.get("DETENTE_FUZZ_SECONDS", "3600")), 100
    while time.monotonic() < end:
        tables(seed, 500, tmp_path)
        formulas(seed, 200)
        seed += 1
