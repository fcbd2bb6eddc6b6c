"""Random damage to the text of a valid YAML file: of its bytes, its tokens and its structure."""

from __future__ import annotations

import copy
import io
import random
import re
import time
import tracemalloc
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from ruamel.yaml import YAML

from detente.errors import InputError, InputErrors
from detente.scenario.load import InputWarning

__all__ = ["damaged", "damaged_cells", "examined", "run"]

SLOW = 5.0
"""Seconds of processor time for one file of a few kilobytes."""
MOST = 500 * 2**20
"""Bytes of memory for such a file."""

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 0.5, -0.0, 1e308, -1e308, 1e-320, float("nan"),
    float("inf"), 10**39, -(10**18), 2**63, "", " ", "x", "0.1 to 0.2", "20%", "0.2 to 0.1",
    "0.1 to", "nan to inf", "1e308 to -1e308", "0.3 to 0.4 to 0.5", "yes", "null", "~", "-", ">>",
    "YN|--", "Y" * 50, "not", "a and", "(((((", "x if y iff z", "a" * 3000, "\x1b[2J", "\u202e",
    "\x00", "\x85", "\u2028", "\ud800", "\ufeff", "é", "٣", "__class__", "a.b.c", "{}", "[]",
    "P(war) < 0.2", "10 to 20", "50%", "1,5", "-99", "9" * 400, [], {}, [[]], [{}], {"": ""},
    {"a": {"a": {"a": 1}}}, [1, 2], [1, 1], [0.1, 0.2, 0.3], ["a", "a"], [None], {"x": None},
    {"between": [0.1, 0.5], "types": 5}, {"low": 0.1, "high": 0.2}, {"value": 0.3}, {1: 2},
)
TOKENS = (
    ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "*b", "!!int ", "!x ",
    "!!python/object/apply:os.system ", "|", ">", "|2-", "'", '"', "\\", '"\\x1b"', '"\\ud800"',
    '"\\U0010ffff"', '"\\Uffffffff"', "%YAML 1.1\n", "%YAML 9.9\n", "%TAG ! x\n", "---\n", "...\n",
    "--- ", "<<: ", "<<: *a\n", "\t", "\r", "\r\n", "\n", "\n\n  ", "  ", "\x00", "\x07", "\x1b[2J",
    "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "@", "`", "=", "~", "null", "true",
    ".inf", "-.inf", ".nan", "0x1f", "0o17", "0o", "0x", "1e999", "1e-999", "1_000", "12:30:45",
    "2001-01-01", "9" * 41, "9" * 400, "0.1 to 0.2", "20%", "[" * 45, "{a: " * 45, "- " * 45,
    "&a [*a]", "[&b [1, 1], *b, *b]", "a" * 5000,
)


def damaged(r: random.Random, text: str) -> str:
    """Return a text with one to four changes of one kind, or sometimes of two kinds.

    The bytes that are not UTF-8 become lone surrogates, as in a file name.
    """
    if r.random() < 0.5:
        text = _structure(r, text)
        if r.random() < 0.8:
            return text
    for _ in range(r.choice((1, 1, 1, 2, 4))):
        text = _bytes(r, text) if r.random() < 0.5 else _tokens(r, text)
        text = text[:30_000]
    return text


CELLS = (
    "", " ", "0", "1", "-2.5", "1e3", "1,000", "0,5", "1.000,5", ".", ",", "NA", "nan", "inf",
    "-inf", "None", "yes", "x", '"', '"a', '"a,b"', '"a\nb"', '""', "1e999", "-1e308", "1e308",
    "1e-320", "\u2212", "\u22125", "50%", "-5%", "101%", "1e400%", "3 to 1", "1 to 3", "10% to 20%",
    "1 to", "to 3", "nan to inf", "1 to 2 to 3", "1 to 50%", "0x1", "#N/A", "\t", ";", "\u0660",
    "9" * 400, "e" * 5000, "\x1b[2J", "\x00", "\ufeff", "\u202e", "=1+1", "1_000", " 7 ", "-99",
    "-999", "actor", "position", "salience", "low", "high", "issue", "power", "tax", "North",
    "NORTH ", "\u00df", "SS", "\u0130", "\ud800",
)


def damaged_cells(r: random.Random, text: str) -> str:
    """Return the text of a table with a few cells, rows, columns or bytes changed."""
    for _ in range(r.choice((1, 1, 2, 3, 5))):
        kind = r.randrange(8)
        if kind == 0:
            text = _bytes(r, text)
            continue
        mark = next((m for m in "\t;" if m in text), ",")
        rows = [line.split(mark) for line in text.split("\n")]
        row, other = r.choice(rows), r.choice(rows)
        k = r.randrange(max(map(len, rows)))
        if kind in (1, 2, 3):
            row[r.randrange(len(row))] = r.choice(CELLS)
        elif kind == 4:  # a column goes, or takes one text
            cell = r.choice((None, *CELLS))
            for each in rows[r.randrange(2):]:
                if k < len(each):
                    each[k:k + 1] = [] if cell is None else [cell]
        elif kind == 5:
            rows.insert(r.randrange(len(rows) + 1), list(row) * r.choice((1, 1, 1, 30)))
        elif kind == 6:
            row[:], other[:] = list(other), list(row)
        elif len(rows) > 1:
            rows.remove(row)
        text = r.choice((mark, mark, mark, mark, ",", ";", "\t")).join(
            rows[0]) + "".join("\n" + mark.join(each) for each in rows[1:])
        text = text[:30_000] or " "
    return text


def _bytes(r: random.Random, text: str) -> str:
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    at, kind = r.randrange(len(raw) + 1), r.randrange(5)
    if kind == 0:
        raw[at:at + 1] = bytes([r.randrange(256)])
    elif kind == 1:
        del raw[at:at + r.randrange(1, 30)]
    elif kind == 2:
        raw[at:at] = bytes(r.randrange(256) for _ in range(r.randrange(1, 5)))
    elif kind == 3:
        raw[at:at] = raw[at:at + r.randrange(1, 300)] * r.choice((1, 1, 20))
    else:
        del raw[at:]
    return raw.decode("utf-8", "surrogateescape")


def _tokens(r: random.Random, text: str) -> str:
    kind = r.randrange(5)
    if kind < 3:
        words = re.split(r"(\s+|[][{},:#])", text)
        k, j = r.randrange(len(words)), r.randrange(len(words))
        if kind == 0:
            words[k] = r.choice(TOKENS)
        elif kind == 1:
            words.insert(k, r.choice(TOKENS))
        else:
            words[k], words[j] = words[j], words[k]
        return "".join(words)
    lines = text.split("\n")
    k, j = sorted((r.randrange(len(lines)), r.randrange(len(lines))))
    block = lines[k:k + r.randrange(1, 9)]
    if kind == 3:  # a block elsewhere, perhaps with another indent
        shift = r.choice((0, 0, 1, 2, 4))
        lines[j:j] = [" " * shift + line for line in block]
    else:
        lines[k:k + len(block)] = [line[r.choice((0, 1, 2)):] for line in block]
    return "\n".join(lines)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return every (collection, key) of a document."""
    found, left = [], [data]
    while left:
        node = left.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], dict | list):
                left.append(node[key])
    return found


def _structure(r: random.Random, text: str) -> str:
    data = YAML(typ="safe").load(text)
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        places = _places(data)
        if not places:
            break
        (node, key), (other, name) = r.choice(places), r.choice(places)
        kind = r.randrange(8)
        if kind == 0:
            del node[key]
        elif kind in (1, 2):
            node[key] = copy.deepcopy(r.choice(SCALARS))
        elif kind == 3:
            node[key] = copy.deepcopy(other[name])
        elif kind == 4:
            node[key], other[name] = copy.deepcopy(other[name]), copy.deepcopy(node[key])
        elif kind == 5 and isinstance(node, dict):  # another name
            names = [k for n, k in places if isinstance(n, dict)]
            value = node.pop(key)
            node[r.choice((r.choice(names), "x", "", "a b", "é", "\x1b", "no", 1, None))] = value
        elif kind == 6:
            value = copy.deepcopy(node[key])
            node[key] = r.choice(([value], [value] * 3, {"x": value}, {key: value}, [value] * 200))
        elif isinstance(node, list):
            node.insert(r.randrange(len(node) + 1), copy.deepcopy(other[name]))
        elif isinstance(other, dict):
            node[name] = copy.deepcopy(other[name])
    stream = io.StringIO()
    YAML(typ="safe").dump(data, stream)
    return stream.getvalue()


def said(wrong: InputError, *, columns: bool = True) -> str:
    """Return the words of an error; fail if it has no place, or a control character.

    An error about a whole row of a table has no column.
    """
    each = wrong.errors if isinstance(wrong, InputErrors) else (wrong,)
    for one in each:
        assert one.message and one.file, repr(one)
        assert one.line and (one.column or not columns), repr(one)
    words = str(wrong)
    assert all(c.isprintable() or c in "\n\t" for c in words), ascii(words)
    assert len(words) < 30_000, words
    return words


def examined(read: Callable[[], Any], text: str, *, memory: bool, columns: bool = True) -> str:
    """Return what a reader makes of a text, as words; fail if it does what it may not do.

    The result is the value's ``repr`` or the error's words. Every other exception, and every
    warning that is not about the input, leaves this function.
    """

    def once() -> tuple[bool, str]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", InputWarning)
            try:
                return True, repr(read())
            except InputError as wrong:
                return False, said(wrong, columns=columns)

    if memory:
        tracemalloc.start()
    began = time.process_time()
    good, first = once()
    took = time.process_time() - began
    if memory:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MOST, (peak, text)
    assert took < (4 * SLOW if memory else SLOW), (took, text)
    assert once() == (good, first), text
    return first if good else ""


def run(
    read: Callable[[str], Any], seeds: list[str], seed: int, seconds: float, most: int,
    *, damage: Callable[[random.Random, str], str] = damaged, columns: bool = True,
) -> tuple[int, int]:
    """Try damaged texts for seconds of processor time; return the numbers tried and valid."""
    r, stop, count, good = random.Random(seed), time.process_time() + seconds, 0, 0
    while count < most and time.process_time() < stop:
        text = damage(r, r.choice(seeds))
        try:
            good += bool(examined(
                partial(read, text), text, memory=count % 20 == 0, columns=columns))
        except BaseException as wrong:
            wrong.add_note(f"input {count} of seed {seed}: {text!a}")
            raise
        count += 1
    return count, good
