"""Game, graph model and positions of one case, side by side."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from detente.commands._lenses import files, lenses
from detente.errors import InputError
from detente.graphmodel.file import loads

CASES = Path(str(resources.files("detente"))) / "cases"
CUBA = CASES / "cuba-1962" / "cuba-1962.yaml"


def test_which_lenses_a_case_has():
    assert set(files(CUBA)) == {"graph"}
    assert set(files(CASES / "caucasus-2025" / "caucasus-2025.yaml")) == {"graph", "positions"}
    assert files("elsewhere.yaml") == {} and lenses("elsewhere.yaml") == []


def _row(name, p):
    return {"name": name, "deliberate": p, "fallible": p, "low": None, "high": None}


def test_disagreement_is_said_and_nothing_is_averaged():
    rows = [_row("settlement", 0.6), _row("status quo", 0.01), _row("war", 0.1)]
    first, *rest = lenses(CUBA, rows)
    remarks = {r[0]: r[-1] for r in first.tables[0].rows}
    assert "nobody gains from the first step" in remarks["settlement"]
    assert "rare in the game" in remarks["status quo"] and remarks["war"] == ""
    assert [r[1] for r in first.tables[0].rows] == [0.6, 0.01, 0.1]
    assert {s.id for s in rest} >= {"graph-equilibria", "graph-coalitions"}


def test_agreement_is_said_too():
    first, *_ = lenses(CUBA, [_row("war", 0.1), _row("no such ending", 0.9)])
    assert "Nothing" in first.lead


def test_all_three():
    case = CASES / "caucasus-2025" / "caucasus-2025.yaml"
    made = lenses(case, [_row("settlement", 0.3)], samples=50)
    assert {"lenses", "graph-equilibria", "positions-forecasts"} <= {s.id for s in made}
    assert any("compromise model" in note for note in made[0].notes)


def test_an_ending_must_be_a_state():
    text = """\
graph: one
title: One
decision_makers:
  a: {options: {x: X}, preferences: [x]}
endings: {war: x and not x}
"""
    with pytest.raises(InputError, match="no state is") as caught:
        loads(text)
    assert (caught.value.line, caught.value.column) == (5, 16)
