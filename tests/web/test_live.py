"""The live answer is the answer of the game at the sliders' values."""

from __future__ import annotations

import pytest

import detente
from detente.cases import load, shipped
from detente.cases.change import with_numbers
from detente.errors import InputError
from detente.scenario.alternatives import single
from detente.scenario.paths import numbers
from detente.web.live import Live


@pytest.mark.parametrize("case", sorted(shipped()))
def test_it_equals_a_solution_from_scratch(case: str) -> None:
    crisis = load(case)
    ranges = [p for p, q in numbers(crisis).items() if q.is_range]
    ends = numbers(crisis)
    moved = {ranges[0]: ends[ranges[0]].low, ranges[-1]: ends[ranges[-1]].high}
    live = Live()
    live.answer(crisis, {})
    found = live.answer(crisis, moved)
    alone = detente.solve(with_numbers(single(crisis), moved))
    assert found.checked and found.error.startswith("fallible: residual")
    # Both solve to residuals far below this; the way to the solution is the only difference.
    assert list(found.outcomes.values()) == pytest.approx(list(alone.outcomes().values()), abs=1e-6)
    back = live.answer(crisis, {})
    assert list(back.outcomes.values()) == pytest.approx(list(back.centre.values()), abs=1e-6)


def test_a_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError):
        Live().answer(load("cuba-1962"), {"war.no_such": 0.5})
