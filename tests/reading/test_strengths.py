"""DF-QuAD against its closed forms and its monotonicity."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.reading.strengths import combined, df_quad

unit = st.floats(0, 1)
several = st.lists(unit, max_size=5)
ROUNDING = 1e-9


def test_published_values() -> None:
    assert combined(0.5, [0.5], []) == 0.25
    assert combined(0.5, [], [0.5]) == 0.75
    assert math.isclose(combined(0.8, [0.5, 0.5], []), 0.2)


@given(unit, several, several, unit)
def test_direction(base: float, against: list[float], behind: list[float], one: float) -> None:
    here = combined(base, against, behind)
    assert -ROUNDING <= here <= 1 + ROUNDING
    assert combined(base, [*against, one], behind) <= here + ROUNDING
    assert combined(base, against, [*behind, one]) >= here - ROUNDING


def test_a_chain_is_exact() -> None:
    found = df_quad("abcd", [("a", "b"), ("b", "c"), ("c", "d")], [])
    assert found == {"a": 0.5, "b": 0.25, "c": 0.375, "d": 0.3125}


@given(st.floats(0, 1))
def test_mutual_attack(base: float) -> None:
    # x = b (1 - x) has the solution b / (1 + b)
    found = df_quad("ab", [("a", "b"), ("b", "a")], [], {"a": base, "b": base})
    assert found["a"] is not None
    assert math.isclose(found["a"], base / (1 + base), abs_tol=1e-9)


def test_wrong_input() -> None:
    with pytest.raises(InputError, match="base score of 'a' is 2"):
        df_quad("a", [], [], {"a": 2})
    with pytest.raises(InputError, match="names no argument"):
        df_quad("a", [("a", "b")], [])
