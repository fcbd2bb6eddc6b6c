"""Random changes of valid ``.efg`` files: a game, or an error that says where.

The default run takes some seconds with a fixed seed. ``-m long`` tries an hour of other seeds.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detente.equilibrium.general.solve import ExtensiveEquilibrium, solve_extensive
from detente.errors import DetenteError, InputError
from detente.game.efg import parse_efg, read_efg
from detente.game.efg_write import format_efg
from detente.game.extensive import ExtensiveGame

SEEDS = [f.read_text() for f in sorted((Path(__file__).parents[1] / "data" / "efg").glob("*.efg"))]
SLOW = 20.0
"""Seconds of processor time for one file of a few kilobytes; a free machine needs milliseconds."""
MOST = 64 * 2**20
"""Bytes of memory for such a file."""
NUMBERS = (
    "0", "-1", "1/3", "1/0", "0/0", "-5/7", "1e5", "1e-5", "1e300", "1e301", "1e-300", "1e-400",
    "1e999999999", "-1e-999999999", "1e+12", "1.5e", ".5", "5.", "-.5e-3", "99999999999999999999",
    "100000000000000003", "100000000000000001", "0.1", "nan", "inf", "0x10", "1_000", "1,5", "+3",
    "9" * 699, "9" * 701, "1/" + "9" * 400, "1e1000", "1e-1001", "1e0000000003", "٣",
)
WORDS = ("c", "p", "t", "{", "}", ",", '""', '"a"', '"', "\\", "EFG", "R", "D", "N", "2", "\x00",
         "\x1b[2J", "\u202e", "\ufeff", "\r", "\n", "é", "\ud800", "'", "#", "//", "(*")
TOKENS = ('p "" 1 1 "" { "l" "r" } 0', 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0', 't "" 1 "" { 1 2 }',
          't "" 0', 't "" 1', 'p "" 2 1 0', 'p "" 1 999999999999 "" { "l" } 0')


def changed(r: random.Random, text: str) -> str:
    """Return a text with a few changes of characters, words, numbers, lines or nodes."""
    for _ in range(r.choice((1, 1, 1, 2, 3, 6))):
        kind = r.randrange(10)
        at = r.randrange(len(text) + 1)
        if kind == 0:
            text = text[:at] + text[at + r.randrange(1, 4) :]
        elif kind == 1:
            text = text[:at] + r.choice(WORDS) + text[at:]
        elif kind == 2:
            text = text[:at] + chr(r.randrange(1, 0x500)) + text[at + 1 :]
        elif kind == 3:
            text = text[:at]
        elif kind in (4, 5, 6):  # a word becomes another one
            words = text.split(" ")
            k = r.randrange(len(words))
            if kind == 4:
                numbers = [j for j, w in enumerate(words) if w[:1].isdigit() or w[:1] in "-."]
                k = r.choice(numbers or [k])
            words[k] = r.choice(NUMBERS) if kind < 6 else r.choice((*WORDS, *words[:200]))
            text = " ".join(words)
        elif kind == 7:
            lines = text.split("\n")
            k, j = r.randrange(len(lines)), r.randrange(len(lines))
            lines[k], lines[j] = lines[j], lines[k]
            text = "\n".join(lines)
        elif kind == 8:
            lines = text.split("\n")
            lines.insert(r.randrange(len(lines) + 1), r.choice((*TOKENS, r.choice(lines))))
            text = "\n".join(lines)
        else:
            a, b = sorted((at, r.randrange(len(text) + 1)))
            text = text[:b] + text[a:b] * r.choice((1, 2, 30)) + text[b:]
        text = text[:20_000] or " "
    return text


def drawn(r: random.Random) -> str:
    """Return a random valid game, with payoffs of many sizes and forms."""
    players = r.randrange(1, 4)
    sets, parts, ends = 0, [], 0

    def node(depth: int) -> None:
        nonlocal sets, ends
        if depth == 0 or r.random() < 0.25:
            ends += 1
            pay = " ".join(number() for _ in range(players))
            parts.append(f't "" {ends} "" {{ {pay} }}')
            return
        sets += 1
        moves = r.randrange(1, 4)
        if r.random() < 0.2:
            names = " ".join(f'"{k}" 1/{moves}' for k in range(moves))
            parts.append(f'c "" {sets} "" {{ {names} }} 0')
        else:
            names = " ".join(f'"{k}"' for k in range(moves))
            parts.append(f'p "" {r.randrange(1, players + 1)} {sets} "" {{ {names} }} 0')
        for _ in range(moves):
            node(depth - 1)

    power, offset = r.choice((0, 0, -3, 20, -290, 290)), r.choice((0, 0, 10**17, -(10**9)))

    def number() -> str:
        value = r.randrange(-9, 10)
        form = r.randrange(3)
        if offset and power == 0:
            return str(offset + value) if form else f"{3 * (offset + value)}/3"
        return f"{value}e{power}" if form else f"{value / 4}e{power}"

    node(r.randrange(1, 5))
    head = " ".join(f'"P{i}"' for i in range(players))
    return f'EFG 2 R "" {{ {head} }}\n' + "\n".join(parts)


def read(text: str) -> ExtensiveGame | str:
    """Return the game, or the message of the error, which has a place."""
    try:
        return parse_efg(text, "f.efg")
    except InputError as wrong:
        said = str(wrong)
        assert said.startswith("f.efg"), said
        # The one problem of no single place is the size of all payoffs together.
        assert wrong.line is not None or "payoffs of" in said, said
        assert len(said) < 1000 and "\n" not in said and "\x1b" not in said, said
        return said


def examine(text: str, memory: bool) -> ExtensiveGame | None:
    """Read a text twice and fail if the reader does what it may not do."""
    if memory:
        tracemalloc.start()
    began = time.process_time()  # the clock would also count other processes
    found = read(text)
    took = time.process_time() - began
    if memory:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MOST, (peak, text)
    assert took < SLOW, (took, text)
    again = read(text)
    if isinstance(found, str):
        assert found == again
        return None
    assert isinstance(again, ExtensiveGame)
    assert np.array_equal(found.relative.payoff, again.relative.payoff)
    written = parse_efg(format_efg(found))
    # Gambit's format keeps every number, so differences are the same to the last bit.
    assert np.array_equal(found.relative.payoff, written.relative.payoff)
    return found


def solved(game: ExtensiveGame) -> ExtensiveEquilibrium | None:
    """Solve a small game at the default precision; only errors of our own may be raised."""
    if game.n_nodes > 60 or game.stake == 0:
        return None
    try:
        eq = solve_extensive(game, 40.0 / game.stake)
    except DetenteError:
        return None
    assert np.isfinite(eq.prob).all()
    return eq


def inputs(seed: int) -> Iterator[tuple[str, bool]]:
    """Yield texts, and whether each is a valid game."""
    r = random.Random(seed)
    while True:
        if r.random() < 0.15:
            yield drawn(r), True
        else:
            yield changed(r, drawn(r) if r.random() < 0.3 else r.choice(SEEDS)), False


def run(seed: int, seconds: float, most: int) -> int:
    stop = time.process_time() + seconds  # load does not reduce the number of files
    count = 0
    for count, (text, valid) in enumerate(inputs(seed), 1):
        game = examine(text, memory=count % 10 == 0)
        if game is not None and (valid or count % 10 == 0):
            eq = solved(game)
            if valid and eq is not None:
                assert eq.certificate.certified, (eq.certificate, text)
        if count >= most or time.process_time() > stop:
            break
    return count


def test_changed_files_give_a_game_or_an_error_with_a_place() -> None:
    assert run(1962, 8.0, 2_000) > 50


@pytest.mark.long
def test_an_hour_of_changed_files() -> None:
    assert run(random.SystemRandom().randrange(2**32), 3600.0, 10**9) > 1000


@pytest.mark.parametrize("text", [
    'EFG 2 R "" { ' + '"a" ' * 1000 + '} p "" 1 1 "" { ' + '"x" ' * 4000 + "} 0 "
    + 't "" 1 "" { ' + "1 " * 1000 + "} " + 't "" 1 ' * 3999,
    'EFG 2 R "" { "a" } ' + "".join(
        f'p "" 1 {k + 1} "" {{ "x" }} {k + 1} "" {{ 1/{k + 3} }} ' for k in range(20_000)
    ) + 't "" 0',
    'EFG 2 R "" { "a" } t "" 1 "" { 1e999999999 }',
    'EFG 2 R "" { "a" } t "" 1 "" { ' + "9" * 1_000_000 + " }",
    'EFG 2 R "" { "a" } c "" 1 "" { "x" 1e-999999999 "y" 1 } 0 t "" 0 t "" 0',
], ids=["nodes times players", "sums of fractions", "power of ten", "digits", "chance"])
def test_small_files_that_ask_for_much_are_bounded(text: str, tmp_path: Path) -> None:
    (tmp_path / "much.efg").write_text(text)
    tracemalloc.start()
    began = time.process_time()
    try:
        read_efg(tmp_path / "much.efg")
    except InputError as wrong:
        assert str(wrong).startswith(str(tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400 * 2**20 and time.process_time() - began < 60


def test_a_tree_of_depth_20_000_is_read_without_recursion() -> None:
    deep = 20_000
    text = 'EFG 2 R "" { "A" "B" } ' + "".join(
        f'p "" {1 + k % 2} {k + 1} "" {{ "x" "y" }} {k % 3} {{ {k % 5} 1/3 }} t "" 0 '
        if k % 3 and k < 3 else f'p "" {1 + k % 2} {k + 1} "" {{ "x" "y" }} {k % 3} t "" 0 '
        for k in range(deep)
    ) + 't "" 0'
    game = parse_efg(text)
    assert int(game.depth.max()) == deep
    # 13,333 of the inner nodes pay B a third; the sum is exact, so one rounding remains.
    assert game.relative.offset[1] * 3 == 0 and game.relative.stake > 4_000
