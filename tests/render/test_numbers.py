"""The one formatter of numbers: order, ends, signs and units."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from detente.render.numbers import error, number, percent, points, scale, signed, span
from detente.render.plain import cell

SHARES = st.floats(0.0, 1.0, allow_subnormal=False)


def value(text: str) -> float:
    """Read a percentage back; an open end lies half a step beyond its bound."""
    shown = float(text.strip("<> %").replace("−", "-"))
    return shown + {"<": -0.05, ">": 0.5}.get(text[0], 0.0)


@given(SHARES, SHARES)
def test_percentages_keep_the_order_of_the_probabilities(p: float, q: float) -> None:
    low, high = sorted((p, q))
    assert value(percent(low)) <= value(percent(high))


@given(SHARES)
def test_a_percentage_is_off_by_no_more_than_its_last_digit(p: float) -> None:
    assert abs(value(percent(p)) - 100 * p) <= (0.5 if p >= 0.01 else 0.05) + 1e-9


@given(st.floats(0.0, 1.0, exclude_min=True, exclude_max=True))
def test_what_is_possible_is_not_zero_and_what_is_not_sure_is_not_all(p: float) -> None:
    assert percent(p) not in ("0 %", "100 %")


@given(st.floats(0.01, 0.994))
def test_percentages_from_one_percent_up_are_whole(p: float) -> None:
    assert re.fullmatch(r"\d+ %", percent(p))


@given(SHARES, SHARES)
def test_a_range_names_both_ends_or_one_that_stands_for_both(p: float, q: float) -> None:
    low, high = sorted((p, q))
    ends = [percent(low), percent(high)]
    assert span(low, high) == (ends[0] if ends[0] == ends[1] else " to ".join(ends))


@given(st.floats(-1e6, 1e6))
def test_a_sign_is_kept_unless_the_number_reads_zero(x: float) -> None:
    for text in (signed(x), signed(x, 2)):
        if text.strip("0."):
            assert text[0] == ("+" if x > 0 else "−")
        else:
            assert abs(x) < 0.0051
    if abs(x) > 1e-9:
        shown = float(signed(x).replace("−", "-"))
        assert abs(shown - x) <= 0.051 * abs(x)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_a_scaled_column_never_reads_zero_throughout(values: list[float]) -> None:
    factor, unit = scale(values)
    largest = max(map(abs, values))
    assert unit.endswith("points") == (factor == 1.0)
    if largest > 1e-9:
        assert any(signed(factor * v, 2).strip("0.") for v in values)


def test_the_formats_of_a_cell_are_the_functions() -> None:
    for x in (0.0042, 0.5, 3e-7):
        assert cell(x, "percent") == percent(x)
        assert cell(x, "points") == points(x)
        assert cell(x, "number") == number(x)
        assert cell(x, "error") == error(x)
    assert cell(None, "percent") == percent(None) == "–"
    assert cell(float("nan"), "points") == points(float("nan")) == "–"
