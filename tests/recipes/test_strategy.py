"""The strategy of docs/how-to/add-a-strategy.md takes part in a tournament."""

from __future__ import annotations

import numpy as np
import pytest

from detente.play.board import Board
from detente.play.strategies import register, registry, unregister
from detente.play.strategies.base import mixes
from detente.play.tournament import tournament
from tests.recipes.page import module


@pytest.fixture
def patient():
    made = module("add-a-strategy.md", "recipe_strategy").Patient
    register(made)
    yield made
    unregister("patient")


def test_it_waits_until_the_closing_reply(patient) -> None:
    board = Board.of_case("fashoda-1898")
    assert "patient" in registry()
    found = tournament(board, ["patient", "dove"])
    assert found.exact.all()
    # Two patient sides let the deadline pass unless an accident comes first.
    k = found.names.index("patient")
    table = mixes(board, 0, patient())
    assert set(np.unique(table.pi[board.tree.mover[np.maximum(board.tree.parent, 0)] == 0])) == {
        0.0, 1.0}
    assert 0 <= found.war[k, k] < 0.1 and found.payoff[0, k, k] != found.payoff[0, 1 - k, k]
