"""Exact payoffs: offsets and units are removed before anything is rounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.game.build import decide, end, tree
from detente.game.efg import parse_efg
from detente.game.exact import exact
from detente.game.extensive import ExtensiveGame


def game(*payoffs: str, inner: str = "0") -> ExtensiveGame:
    """One player chooses between endings with these payoffs; ``inner`` is paid at the root."""
    ends = " ".join(f't "" {k + 2} "" {{ {u} }}' for k, u in enumerate(payoffs))
    moves = " ".join(f'"{k}"' for k in range(len(payoffs)))
    return parse_efg(f'EFG 2 R "" {{ "A" }} p "" 1 1 "" {{ {moves} }} 1 "" {{ {inner} }} {ends}')


@pytest.mark.parametrize(("text", "value"), [
    ("12", 12), ("-.5", Fraction(-1, 2)), ("5.", 5), ("1/3", Fraction(1, 3)), ("1e5", 10**5),
    ("1.25E-2", Fraction(1, 80)), ("+7", 7), ("0e1000", 0), ("-6/4", Fraction(-3, 2)),
])
def test_numbers_are_read_exactly(text: str, value: Fraction) -> None:
    assert exact(text) == value == Fraction(value)


@given(st.fractions(), st.integers(-30, 30))
def test_decimals_and_fractions_of_python_agree(value: Fraction, power: int) -> None:
    assert exact(f"{value.numerator}/{value.denominator}") == value
    assert exact(f"{value.numerator}e{power}") == value.numerator * Fraction(10) ** power


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=5),
       st.integers(-(10**40), 10**40), st.integers(-290, 250))
@settings(max_examples=60, deadline=None)
def test_offset_and_unit_leave_the_same_differences(
    paid: list[int], offset: int, power: int
) -> None:
    """An offset is added and a unit is chosen exactly; the differences are rounded only once."""
    plain = game(*map(str, paid))
    moved = game(*(f"{u + offset}e{power}" for u in paid))
    spread = max(paid) - min(paid)
    shares = (np.array(paid) - min(paid)) / (spread or 1)
    for one in (plain, moved):
        span = one.relative.span
        assert one.relative.payoff[:, 0] == pytest.approx(shares * span, rel=4e-16, abs=0)
        assert (1 <= span < 2) if spread else span == 0
    assert moved.relative.offset == ((min(paid) + offset) * Fraction(10) ** power,)


def test_payoffs_of_a_path_add_up_exactly() -> None:
    """1e17 on the way and -1e17 + u at the ending is u."""
    one = game("-99999999999999999", "-99999999999999998", inner="100000000000000000")
    assert one.relative.offset == (1,) and one.relative.payoff[:, 0].tolist() == [0.0, 1.0]
    thirds = game("1/3", "2/3", inner="-1/3")
    assert thirds.relative.offset == (0,) and thirds.relative.stake == Fraction(1, 3)


def test_a_changed_payoff_is_the_double_that_was_given() -> None:
    one = game("1/3", "100000000000000001")
    payoff = one.outcome_payoff.copy()
    payoff[2] = 1.0  # the second ending
    changed = one.with_numbers(outcome_payoff=payoff)
    assert changed.relative.stake == 1 - Fraction(1, 3)


@pytest.mark.parametrize(("payoffs", "ok"), [
    ((1e17 + 16, 1e17), False),  # doubles there are 16 apart
    ((1e9 + 3, 1e9), True),  # whole numbers below 2**53 are exact
    ((1e9 + 0.5, 1e9 + 0.25), False),  # written as 0.51 and 0.26 they would be the same doubles
    ((1e5 + 0.5, 1e5 + 0.25), True),
    ((4e299, -4e299), True),
    ((1e-301, 0.0), False),
    ((1e308, -1e308), False),
    ((np.nan, 0.0), False),
    ((np.inf, 0.0), False),
    ((0.3, 0.3), True),
])
def test_doubles_are_refused_if_their_spacing_hides_differences(
    payoffs: tuple[float, float], ok: bool
) -> None:
    hand = tree({"A": 1}, decide("A", {"l": end("l", A=payoffs[0]), "r": end("r", A=payoffs[1])}))
    text = game("0", "1")
    values = np.array([[0.0], [payoffs[0]], [payoffs[1]]])
    spelt = text.with_numbers(outcome_payoff=values)
    for made in (hand, spelt):
        if ok:
            assert np.isfinite(made.relative.span)
        else:
            with pytest.raises(InputError, match="payoff"):
                _ = made.relative


def test_whole_numbers_that_are_no_doubles_are_refused() -> None:
    with pytest.raises(InputError, match="100000000000000003"):
        tree({"A": 1}, end("x", A=100000000000000003))
    with pytest.raises(InputError, match="is no double"):
        tree({"A": 1}, end("x", A=10**400))


def test_chances_are_exact() -> None:
    """Ten tenths are one; a chance that a double would make 0 is refused."""
    tenths = " ".join(f'"{k}" 0.1' for k in range(10))
    ten = parse_efg(f'EFG 2 R "" {{ "A" }} c "" 1 "" {{ {tenths} }} 0 ' + 't "" 0 ' * 10)
    assert ten.chance.tolist() == [0.1] * 10
    with pytest.raises(InputError, match="1e-300"):
        parse_efg('EFG 2 R "" { "A" } c "" 1 "" { "a" 1e-310 "b" 1 } 0 t "" 0 t "" 0', "f.efg")
