"""Strategies that fail are named with their file and line, in a game and in a tournament."""

from __future__ import annotations

import sys

import pytest

from detente.errors import InputError, SolveError
from detente.play import strategies
from detente.play.board import Board
from detente.play.seats import machine
from detente.play.strategies import register, unregister
from detente.play.strategies.base import Strategy
from detente.play.table import Table
from detente.play.tournament import tournament

GOOD = """
from detente.play.strategies.base import Strategy

class One(Strategy):
    name = "{name}"
    about = "waits"
    def {method}(self, turn):
        return turn.even
"""


class Failing(Strategy):
    name = "failing"
    about = "fails"

    def mix(self, turn):
        return turn.only(turn.find("no such verb")[0])


class Forgetful(Failing):
    memory = True

    def begin(self, rng):
        raise KeyError("intention")


class Words(Failing):
    def mix(self, turn):
        return ["often"] * len(turn.acts)


class Nothing(Failing):
    def mix(self, turn):
        return None


@pytest.mark.parametrize(("cls", "said"), [
    (Failing, r"'failing' failed with IndexError.*test_strategies.py, line \d+"),
    (Forgetful, r"'failing' failed with KeyError: 'intention'.*test_strategies.py, line \d+"),
    (Words, "gave the weights .*'often'.*one number from 0 per move"),
    (Nothing, "gave the weights None"),
])
def test_a_strategy_that_fails_is_named(cls, said) -> None:
    board = Board.of_case("fashoda-1898")
    register(cls)
    try:
        with pytest.raises(SolveError, match=said):
            Table(board, {"britain": machine("failing"), "france": machine("dove")}, seed=1)
        with pytest.raises(SolveError, match=said):
            tournament(board, ["failing", "dove"], games=2)
    finally:
        unregister("failing")


@pytest.mark.parametrize(("text", "said"), [
    ("x = (", "SyntaxError"),
    ("import no_such_package", "no_such_package"),
    (GOOD.format(name="hawk", method="mix"), "'hawk' already"),
    (GOOD.format(name="Hawk", method="mix"), "small letters"),
    (GOOD.format(name="patient", method="choose"), "no method mix"),
    (GOOD.format(name="patient", method="mix").replace("about", "words"), "no text in about"),
])
def test_a_file_that_cannot_be_used_is_named(tmp_path, monkeypatch, text, said) -> None:
    (tmp_path / "newcomer.py").write_text(text)
    monkeypatch.setattr(strategies, "__path__", [*strategies.__path__, str(tmp_path)])
    strategies._built_in.cache_clear()
    monkeypatch.delitem(sys.modules, "detente.play.strategies.newcomer",
                        raising=False)
    try:
        with pytest.raises(InputError, match=said) as wrong:
            strategies.registry()
        assert wrong.value.file == str(tmp_path / "newcomer.py")
    finally:
        strategies._built_in.cache_clear()
