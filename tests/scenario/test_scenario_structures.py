"""Structural alternatives of a file: read, equal to the file edited by hand, refused with place."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import PLAIN, make_crisis, merged, text_of

from detente.cases import loads
from detente.cases.change import changed
from detente.errors import InputError, InputErrors
from detente.scenario.alternatives import MOST, alternatives, single
from detente.scenario.structural import MOST_TURNS, OneOf, restructured

BASE = {"offers": {"shares": [0.5], "each": 1}, "turns": {"each": 2, "first": "aland"}}


def error(**parts) -> InputError:
    with pytest.raises(InputError) as caught:
        make_crisis(**merged(BASE, parts))
    return caught.value


def test_a_list_of_turns_is_the_middle_with_the_others_beside_it():
    crisis = make_crisis(**merged(BASE, {"turns": {"each": [1, 2, 3]}}))
    assert crisis.turns.each == 2
    assert [(a.label, a.changes, a.weight) for a in alternatives(crisis)] == [
        ("1 turn for each side", {"turns.each": 1}, 1.0),
        ("3 turns for each side", {"turns.each": 3}, 1.0)]
    assert single(crisis).model_dump() == make_crisis(**BASE).model_dump()
    assert not alternatives(single(crisis))


def test_a_section_of_structures_equals_the_edited_files():
    crisis = make_crisis(**merged(BASE, {"structures": {
        "bland first": {"set": {"turns.first": "bland"}, "weight": 0.5, "why": "as in 1910"},
        "long": {"set": {"turns.each": 3, "offers.each": 2}, "title": "Long talks"}}}))
    first, long = alternatives(crisis)
    assert (first.label, first.weight, first.why) == ("bland first", 0.5, "as in 1910")
    assert (long.label, long.weight) == ("Long talks", 1.0)
    edited = make_crisis(**merged(BASE, {"turns": {"each": 3}, "offers": {"each": 2}}))
    assert restructured(single(crisis), long.changes).model_dump() == edited.model_dump()


@given(st.lists(st.integers(1, MOST_TURNS), min_size=2, unique=True))
def test_every_list_of_turns_is_read_whole(each):
    """The file's own number and its alternatives are the list, in any order."""
    crisis = loads(text_of(merged(merged(PLAIN, BASE), {"turns": {"each": each}})))
    own = crisis.turns.each
    others = [a.changes["turns.each"] for a in alternatives(crisis)]
    assert sorted([own, *others]) == sorted(each)
    # A middle: as many below it as above it, or one more below.
    assert sum(x < own for x in each) - sum(x > own for x in each) in (0, 1)


def test_the_middle_of_a_list_survives_copies():
    one = OneOf([1, 3, 2])
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == 2 and other.listed == (1, 2, 3)
    assert isinstance(one, int) and range(one) == range(2)


def test_a_change_of_the_crisis_leaves_its_alternatives_out():
    crisis = make_crisis(**merged(BASE, {
        "turns": {"each": [1, 2]}, "structures": {"b": {"set": {"turns.first": "bland"}}}}))
    assert alternatives(crisis)
    assert not alternatives(changed(crisis, {"delay_cost": 0.05}))
    assert changed(crisis, {"turns.each": 1}).turns.each == 1


@pytest.mark.parametrize(("structures", "says", "allowed"), [
    ({"a": {"set": {"turns.echa": 1}}}, "there is no structure turns.echa", "turns.each"),
    ({"a": {"set": {"war.win_chance": 0.5}}}, "there is no structure war.win_chance", "turns.each"),
    ({"a": {"set": {"turns.each": 9}}}, "turns.each cannot be 9", "from 1 to 6"),
    ({"a": {"set": {}}}, "too few", "at least 1"),
    ({"a": {}}, "set is missing", "add it"),
    ({"a": {"set": {"turns.each": 1}, "weight": 1e-9}}, "out of bounds", "at least 0.001"),
    ({"a": {"set": {"turns.each": 1}, "weight": -1}}, "out of bounds", "at least 0.001"),
    ({"a": {"set": {"turns.each": 1}, "wieght": 1}}, "unknown key 'wieght'", "weight"),
    ({"a": {"set": {"turns.each": 2}}}, "same structure as the file as written", "remove"),
    ({"a": {"set": {"offers.shares": [0.4, 0.6]}}, "b": {"set": {"offers.shares": [0.6, 0.4]}}},
     "b is the same structure as a", "remove"),
    ({"a": {"set": {"turns.each": 1}}, "b": {"set": {"turns.each": 3}, "title": "a"}},
     "two structures are shown as 'a'", "for each"),
])
def test_a_wrong_alternative_is_refused_with_its_place(structures, says, allowed):
    wrong = error(structures=structures)
    assert says in str(wrong) and allowed in (wrong.expected or "")
    assert wrong.line is not None and wrong.field.startswith("structures.")


@pytest.mark.parametrize("weight", [".inf", ".nan"])
def test_a_weight_that_is_not_finite_is_refused(weight):
    text = text_of(merged(PLAIN, BASE)) + (
        f"\nstructures: {{a: {{set: {{turns.each: 1}}, weight: {weight}}}}}\n")
    with pytest.raises(InputError) as caught:
        loads(text)
    assert caught.value.field == "structures.a.weight" and caught.value.line is not None


@pytest.mark.parametrize(("each", "places"), [
    ([1, 9, "two"], ["turns.each[1]", "turns.each[2]"]),
    ([1, 2, 1], ["turns.each[2]"]),
    ([2], ["turns.each"]),
    ([1.5, 2], ["turns.each[0]"]),
    ([True, 2], ["turns.each[0]"]),
])
def test_a_wrong_list_of_turns_is_refused_with_its_place(each, places):
    wrong = error(turns={"each": each})
    found = wrong.errors if isinstance(wrong, InputErrors) else [wrong]
    assert [e.field for e in found] == places
    assert all(e.line is not None for e in found)


def test_all_faults_are_collected():
    wrong = error(structures={"a": {"set": {"turns.echa": 1}}, "b": {"set": {"turns.each": 9}},
                              "c": {"set": {"turns.first": "blnd"}}})
    assert isinstance(wrong, InputErrors)
    assert [e.field.split(".")[1] for e in wrong.errors] == ["a", "b", "c"]


def test_the_number_of_alternatives_is_bounded():
    shares = {f"s{k}": {"set": {"offers.shares": [round(0.3 + k / 100, 2)]}}
              for k in range(MOST + 1)}
    make_crisis(**merged(BASE, {"structures": dict(list(shares.items())[:MOST])}))
    assert f"at most {MOST}" in str(error(structures=shares))


@pytest.mark.parametrize(("parts", "place", "name"), [
    ({"structures": {"a long talk": {"set": {"turns.each": 6}}}}, "structures.a long talk",
     "'a long talk'"),
    ({"turns": {"each": [1, 2, 6]}}, "turns.each", "'6 turns for each side'"),
])
def test_an_alternative_that_is_no_valid_crisis_is_named(parts, place, name):
    """0.6 and six rounds of 0.1 make a chance of 1.2."""
    war = {"war": {"win_chance": 0.6, "shift_per_turn": 0.1, "cost": 0.2}}
    make_crisis(**merged(BASE, war))
    wrong = error(**merged(war, parts))
    assert name in wrong.message and "makes the crisis invalid: 0.6 becomes 1.2" in wrong.message
    assert wrong.field == place and wrong.line is not None


def test_no_alternative_has_the_name_of_the_file_as_written():
    wrong = error(structures={"the file as written": {"set": {"turns.each": 1}}})
    assert "two structures are shown as 'the file as written'" in wrong.message
