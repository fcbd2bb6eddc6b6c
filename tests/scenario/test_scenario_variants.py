"""Variants of a file: checked when it is loaded, and equal to the file edited by hand."""

from __future__ import annotations

import pytest
from tests.conftest import PLAIN, make_crisis, merged, text_of

from detente.cases import loads
from detente.cases.change import changed, variant
from detente.errors import InputError
from detente.scenario import numbers

MEDIATOR = {
    "actors": {"union": {"role": "mediator"}},
    "mechanisms": [{"mediator": {"actor": "union", "proposes": 0.5, "bias": 0.0}}],
}


def same(one, two):
    """Whether two crises are alike in numbers and structure."""
    return numbers(one) == numbers(two) and one.model_dump() == two.model_dump()


@pytest.mark.parametrize(("path", "value", "edit"), [
    ("war.win_chance", 0.62, {"war": {"win_chance": 0.62}}),
    ("delay_cost", 0.05, {"delay_cost": 0.05}),
    ("ladder.mobilisation.risk", 0.2, {
        "ladder": ["talks", {"mobilisation": {"risk": 0.2}}, "war"]}),
    ("actors.aland.private.war_cost.between.1", 0.7, {
        "actors": {"aland": {"private": {"war_cost": {"between": [0.1, 0.7], "types": 5}}}}}),
])
def test_a_changed_number_equals_the_edited_file(path, value, edit):
    base = {"ladder": ["talks", {"mobilisation": {"risk": "0.1 to 0.3"}}, "war"],
            "war": {"win_chance": "0.5 to 0.6"}}
    before = make_crisis(**base)
    after = changed(before, {path: value})
    assert same(after, loads(text_of(merged(merged(PLAIN, base), edit))))
    assert not same(after, before)


@pytest.mark.parametrize(("path", "value", "edit"), [
    ("turns.each", 2, {"turns": {"each": 2}}),
    ("turns.first", "bland", {"turns": {"first": "bland"}}),
    ("offers.shares", [0.4, 0.6], {"offers": {"shares": [0.4, 0.6]}}),
    ("offers.each", 2, {"offers": {"each": 2}}),
    ("actors.aland.private.war_cost.types", 3, {
        "actors": {"aland": {"private": {"war_cost": {"between": [0.1, 0.5], "types": 3}}}}}),
])
def test_a_changed_structure_equals_the_edited_file(path, value, edit):
    base = {"war": {"win_chance": "0.5 to 0.6"}, "offers": {"shares": [0.5], "each": 1},
            "turns": {"each": 1, "first": "aland"}, "actors": {"aland": {"private": {
                "war_cost": {"between": [0.1, 0.5], "types": 5}}}}}
    crisis = make_crisis(**base, variants={"a": {"set": {path: value}}})
    after = variant(crisis, "a")
    assert same(after, loads(text_of(merged(merged(PLAIN, base), edit))))
    assert not same(after, make_crisis(**base))


@pytest.mark.parametrize(("path", "value", "says"), [
    ("turns.each", 7, "a whole number from 1 to 6"),
    ("turns.each", 1.5, "a whole number from 1 to 6"),
    ("turns.first", "blnd", "one of aland, bland"),
    ("offers.shares", [], "a list of shares from 0 to 1"),
    ("offers.shares", [0.5, 1.2], "a list of shares from 0 to 1"),
    ("actors.aland.private.war_cost.types", 1, "a whole number from 2 to 64"),
])
def test_structure_of_a_variant_outside_its_bounds_is_refused(path, value, says):
    with pytest.raises(InputError) as caught:
        make_crisis(offers={"shares": [0.5]}, variants={"a": {"set": {path: value}}})
    assert says in str(caught.value)
    assert caught.value.line is not None and path in str(caught.value)


def test_without_a_mechanism_equals_the_file_that_lacks_it():
    crisis = make_crisis(**MEDIATOR, variants={"alone": {"without": ["mediator"]}})
    assert same(variant(crisis, "alone"), make_crisis(actors=MEDIATOR["actors"]))


@pytest.mark.parametrize(("variants", "says"), [
    ({"a": {}}, "changes nothing"),
    ({"a": {"set": {"war.win_chanse": 0.5}}}, "did you mean 'war.win_chance'"),
    ({"a": {"set": {"war.win_chance": 1.5}}}, "out of bounds"),
    ({"a": {"set": {"war.win_chance": "0.5 to 0.6"}}}, "structure"),
    ({"a": {"without": ["mediater"]}}, "did you mean 'mediator'"),
    ({"a": {"without": ["mediator"], "set": {"mediator.bias": 0.0}}}, "its mechanism is left out"),
    ({"a": {"wihtout": ["mediator"]}}, "did you mean 'without'"),
])
def test_what_is_wrong_is_said_with_its_place(variants, says):
    with pytest.raises(InputError, match=says) as told:
        make_crisis(**MEDIATOR, variants=variants)
    assert told.value.line is not None


def test_a_variant_that_cannot_stand():
    crisis = make_crisis(war={"win_chance": 0.5, "first_strike": 0.3},
                         variants={"strong": {"set": {"war.win_chance": 0.9}}})
    with pytest.raises(InputError, match="becomes"):
        variant(crisis, "strong")
    with pytest.raises(InputError, match="did you mean 'strong'"):
        variant(crisis, "strng")
