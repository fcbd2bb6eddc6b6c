"""A number is changed at its place, and every other letter of the file stays."""

from __future__ import annotations

import warnings

import pytest

from detente.cases import shipped
from detente.cases.load import loads
from detente.errors import InputError
from detente.scenario.paths import numbers, where
from detente.web.editing import span_of, with_number
from detente.web.form import written

warnings.simplefilter("ignore")


@pytest.mark.parametrize("case", sorted(shipped()))
def test_every_number_of_a_case_can_be_written_and_nothing_else_changes(case: str) -> None:
    text = shipped()[case].read_text(encoding="utf-8")
    crisis = loads(text, case=shipped()[case])  # its ties file lies beside it
    places, given = where(crisis), numbers(crisis, defaults=False)
    assert len(given) > 10
    for path, number in given.items():
        span = span_of(text, places[path])
        assert span is not None, path
        after = with_number(text, places[path], written(number))
        assert after[:span[0]] == text[:span[0]]
        assert after[len(after) - (len(text) - span[1]):] == text[span[1]:]
    path, number = next((p, q) for p, q in given.items() if q.is_range)
    after = loads(with_number(text, places[path], f"{number.low:g}"), case=shipped()[case])
    changed = {p for p, q in numbers(after).items() if q != numbers(crisis)[p]}
    assert changed == {path} and not numbers(after)[path].is_range


def test_a_default_is_added_at_the_end_where_the_file_may_hold_it() -> None:
    text = "crisis: a\n# the end"
    assert with_number(text, ("precision",), "10 to 20") == f"{text}\nprecision: 10 to 20\n"
    assert with_number(text, ("habits", "attack"), "2") == f"{text}\nhabits:\n  attack: 2\n"
    with pytest.raises(InputError, match="default"):
        with_number(text, ("actors", "aland", "stake_weight"), "2")


@pytest.mark.parametrize("number", [
    "", "a", "0.1 to", "0.4 to 0.2", "1, b: 2", "0.1 # x", "nan to x", "1}\nzzz: {",
    "0.1 to 0.2 to 1"])
def test_what_is_not_a_number_is_refused(number: str) -> None:
    with pytest.raises(InputError):
        with_number("war: {cost: 0.2}\n", ("war", "cost"), number)


def test_a_text_that_is_not_yaml_is_refused_with_its_place() -> None:
    with pytest.raises(InputError) as told:
        with_number("war: [1\n", ("war", "cost"), "1")
    assert told.value.line is not None
