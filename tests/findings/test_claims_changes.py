"""Numbers that a claim changes: refused by ``check`` if they can leave their limits anywhere."""

from __future__ import annotations

import numpy as np
import pytest

from detente.cases import find, loads
from detente.claims import syntax as s
from detente.claims.parse import parse
from detente.claims.variants import arithmetic, bounds
from detente.errors import InputError
from tests.conftest import merged, text_of

SMALL = {
    "crisis": "small", "title": "Small",
    "actors": {"aland": {"role": "principal"}, "bland": {"role": "principal"}},
    "stake": {"name": "land", "first": "aland", "status_quo": 0.5},
    "turns": {"first": "aland", "each": 1},
    "delay_cost": 0.01,
    "war": {"win_chance": "0.3 to 0.7", "cost": {"aland": "0.1 to 0.3", "bland": 0.2}},
    "ladder": ["quiet", "war"],
}


def loaded(change, **more):
    claim = {"id": "c", "says": "x", "holds_if": f"P(war, with: {change}) < 0.5"}
    return loads(text_of(merged(SMALL, {**more, "claims": [claim]})))


@pytest.mark.parametrize("change", [
    "war.win_chance = 7",
    "war.win_chance = war.win_chance + 0.5",  # at one end
    "war.win_chance = abs(war.win_chance - 0.5) - 0.01",  # only between the ends
    # Least at 0.44, which is neither the centre nor an end: -0.0001 there, within 0.01 of it.
    "war.win_chance = (war.win_chance - 0.44) * (war.win_chance - 0.44) - 0.0001",
    "war.win_chance = 0.0001 / (war.win_chance - 0.444)",  # a pole within the range
    "war.win_chance = 1.001 - abs(war.win_chance - 0.41) - abs(war.cost.aland - 0.17)",
])
def test_a_change_that_can_leave_the_limits_is_refused_with_its_place(change):
    with pytest.raises(InputError, match=r"between 0 and 1") as e:
        loaded(change)
    assert e.value.line is not None and "war.win_chance becomes" in str(e.value)


@pytest.mark.parametrize("change", [
    "war.win_chance = 1",
    "war.win_chance = 1.4 * war.win_chance",  # 0.98 at most
    "war.win_chance = war.win_chance - war.win_chance",  # 0 everywhere
    "war.win_chance = abs(war.win_chance - 0.5)",  # 0 at least
    "war.win_chance = 0.3 / war.win_chance",  # 1 at most
    "war.win_chance = max(0, min(1, 5 * war.win_chance - war.cost.aland))",
])
def test_a_change_that_stays_within_the_limits_is_accepted(change):
    loaded(change)


def test_a_part_is_not_left_out_and_changed():
    text = find("caucasus-2025").read_text(encoding="utf-8")
    given = "value(patron, try) > best_other(patron, try)"
    both = "P(war, without: spoiler, with: spoiler.cost = 0.1) < 1"
    assert given in text
    with pytest.raises(InputError, match=r"leaves out spoiler\.cost and also changes it") as e:
        loads(text.replace(given, both))
    assert e.value.line is not None


def test_limits_hold_over_random_boxes():
    """Every value within a box lies between the limits."""
    rng = np.random.default_rng(3)
    for text in ("a * b - 2 * a", "abs(a - b) / (b + 3)", "min(a, b, 0.5) - max(a * a, b)",
                 "a / b", "a * (b - a) * b"):
        claim = parse(f"P(war, with: c = {text}) < 1")
        node = next(x.value for x in s.walk(claim) if isinstance(x, s.Change))
        ends = np.sort(rng.normal(size=(50, 2, 2)), axis=2)
        low, high = ends[..., 0], ends[..., 1]
        least, most = bounds(node, {"a": 0, "b": 1}, low, high)
        assert (least <= most).all()
        for _ in range(40):
            x = low + (high - low) * rng.random(low.shape)
            value = arithmetic(node, {"a": 0, "b": 1}, x)
            assert (least - 1e-12 * (1 + np.abs(value)) <= value).all()
            assert (value <= most + 1e-12 * (1 + np.abs(value))).all()


def test_limits_are_reached_if_each_number_occurs_once():
    """Such expressions are monotone in each number, so the ends of a box give the exact limits."""
    rng = np.random.default_rng(4)
    for text in ("a + b", "a - b", "a * b", "a / (b + 9)", "min(a, b)", "max(a, 2 * b)"):
        claim = parse(f"P(war, with: c = {text}) < 1")
        node = next(x.value for x in s.walk(claim) if isinstance(x, s.Change))
        ends = np.sort(rng.uniform(-3, 3, size=(50, 2, 2)), axis=2)
        low, high = ends[..., 0], ends[..., 1]
        least, most = bounds(node, {"a": 0, "b": 1}, low, high)
        corners = np.array([
            arithmetic(node, {"a": 0, "b": 1}, np.stack([ends[:, 0, i], ends[:, 1, k]], axis=1))
            for i in (0, 1) for k in (0, 1)])
        # One or two roundings of numbers up to 9.
        assert np.abs(least - corners.min(axis=0)).max() < 1e-14
        assert np.abs(most - corners.max(axis=0)).max() < 1e-14
