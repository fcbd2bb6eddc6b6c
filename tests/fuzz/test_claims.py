"""Mutated claims: each is checked, or refused with a place; nothing else happens.

``python -m pytest -m long tests/fuzz/test_claims.py`` tries them for an hour.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from detente.cases import loads
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import refuse_changes
from detente.errors import InputError
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import text_of

SLOWEST = 5.0
"""Seconds for one claim of at most some hundred characters, on a loaded machine."""
SEEDS = [
    "P(war) < 20%", "P(war | aland.mobilisation then bland.yield) > 0.5 and not P(war) >= 0.3",
    "value(aland, attack) > best_other(aland, attack)", "0.1 < P(war) <= 0.3",
    "P(war, with: war.win_chance = 0.6) - P(war) > -0.01", "belief(bland, aland high) > 0.2",
    "choice(aland, escalate mobilisation) > 0.5 after bland.yield",
    "for every type of aland: value(aland) > 0.1", "abs(war.cost - 0.05) / 0.1 < max(0.2, 1e-3)",
    "P(war, without: offers) > P(war) * 2", "prior(bland, aland high) == 0.4",
    "P(war, with: war.cost = war.cost + 0.01, with: delay_cost = 0) < 1 or P(happens(risk)) > 0",
]
TOKENS = [
    "P(", "value(", "belief(", "choice(", "prior(", "best_other(", "happens(", ")", "(", ",", "|",
    "<", "<=", "==", "!=", ">", ">=", "+", "-", "*", "/", "and", "or", "not", "after", "then",
    "for every type of", "for some type of", ":", "with:", "without:", "=", "aland", "bland",
    "war", "war.cost", "war.win_chance", "high", "low", "offers", "0", "7", "1e308", "1e-320",
    "20%", "'", '"', "abs(", "min(", "\t", "\n", "\x1b[31m", "é", "\u202e", "\x00", "1e999", ".",
]


def mutated(rng):
    """Return a claim with some tokens or characters changed, removed, repeated or swapped."""
    text = SEEDS[rng.integers(len(SEEDS))]
    for _ in range(rng.integers(1, 4)):
        if rng.random() < 0.3:  # characters
            k = int(rng.integers(len(text) + 1))
            letter = chr(int(rng.integers(1, 0x250))) if rng.random() < 0.5 else ""
            text = text[:k] + letter + text[k + int(rng.integers(0, 3)):]
            continue
        words = text.split(" ")
        k = int(rng.integers(len(words)))
        kind = rng.integers(5)
        if kind == 0:
            words[k] = TOKENS[rng.integers(len(TOKENS))]
        elif kind == 1:
            words.insert(k, TOKENS[rng.integers(len(TOKENS))])
        elif kind == 2:
            del words[k]
        elif kind == 3:
            words[k] = " ".join([words[k]] * int(rng.integers(2, 60)))
        else:
            other = SEEDS[rng.integers(len(SEEDS))].split(" ")
            words[k:] = other[int(rng.integers(len(other))):]
        text = " ".join(words)
    return text


@pytest.fixture(scope="module")
def known():
    graph = compile_scenario(loads(text_of(SMALL))).graph
    return Names.of_graph(graph), graph.rules.numbers


def tried(text, known):
    """Return the checked claim or the refusal of a text."""
    names, numbers = known
    began = time.process_time()  # the clock would also count other processes
    try:
        found = check(parse(text), names)
        refuse_changes(found, numbers)
    except InputError as wrong:
        assert wrong.line is not None and wrong.column is not None, text
        assert 1 <= wrong.line <= text.count("\n") + 1 or wrong.line <= len(text.splitlines()) + 1
        assert str(wrong) and all(c.isprintable() or c in "\n\t" for c in str(wrong)), text
        found = str(wrong)
    assert time.process_time() - began < SLOWEST, text
    return found


def attempt(seed, number, known):
    rng = np.random.default_rng(seed)
    passed = 0
    for _ in range(number):
        text = mutated(rng)
        found = tried(text, known)
        passed += not isinstance(found, str)
        if rng.random() < 0.05:
            assert tried(text, known) == found
    return passed


def test_mutated_claims_are_checked_or_refused_with_a_place(known):
    for text in SEEDS[:1]:
        assert not isinstance(tried(text, known), str)
    assert attempt(12, 1500, known) > 0


@pytest.mark.long
def test_mutated_claims_for_an_hour(known):
    end, seed = time.monotonic() + 3600, 1000
    while time.monotonic() < end:
        attempt(seed, 500, known)
        seed += 1
