"""The shipped histories: each follows its case, and every event has an entry and a source.

Nothing is solved here: an events file is right or wrong before any equilibrium is known.
"""

from __future__ import annotations

import re

import pytest

from detente.cases import find, load, shipped
from detente.follow.entry import trail
from detente.follow.file import ENDING, load_events
from detente.follow.schema import AS_WRITTEN, last_day
from detente.game.compile import compile_scenario
from detente.scenario.alternatives import single
from detente.scenario.labels import titles_of

HISTORIES = sorted(shipped(ENDING))
ENDED = ("cuba-1962", "fashoda-1898", "guarantees-2022", "july-1914", "kargil-1999")
"""Cases with a history; their file tells how the crisis ended."""
COUNTED_IN_THE_START = {"fashoda-1898": {"speeches"}}
"""Events after the start that are the reason of a number of the start."""
MOST_READINGS = 3


@pytest.fixture(scope="module", params=HISTORIES)
def history(request):
    scenario = load(find(request.param))
    events = load_events(request.param, scenario).file
    return scenario, events, compile_scenario(single(scenario)).tree


def entered(scenario, events, tree, reading):
    steps = [(e.actor, e.reports) if e.way in ("move", "chance") else None
             for e in events.under(reading)]
    return trail(tree, steps, scenario.principals, titles_of(scenario))


def test_five_crises_with_a_known_end_have_their_history():
    assert set(HISTORIES) == set(ENDED)
    assert all(load(find(name)).ended for name in HISTORIES)


def test_it_follows_the_case_beside_it(history):
    scenario, events, _ = history
    assert events.follows == scenario.crisis
    assert events.title
    assert events.notes


def test_every_event_enters_the_tree_under_every_reading(history):
    scenario, events, tree = history
    for reading in events.weights():
        found = entered(scenario, events, tree, reading)
        assert len(found.places) == len(events.events) + 1
        for event, choice, place in zip(
                events.under(reading), found.choices, found.places[1:], strict=True):
            assert len(place), (reading, event.id)
            assert (choice is not None) == (event.way in ("move", "chance")), (reading, event.id)
        assert any(c is not None for c in found.choices)


def test_every_reading_reaches_an_end_of_the_game(history):
    """Readings that stop at different points of the crisis cannot be compared."""
    scenario, events, tree = history
    for reading in events.weights():
        last = entered(scenario, events, tree, reading).places[-1]
        assert all(int(n) in tree.leaves for n in last.nodes), reading


def test_the_game_ends_as_the_crisis_ended(history):
    """One outcome under the entry as written; the outcome is that of the record."""
    scenario, events, tree = history
    last = entered(scenario, events, tree, AS_WRITTEN).places[-1]
    ends = {tree.outcome_names[int(tree.outcome[list(tree.leaves).index(int(n))])]
            for n in last.nodes}
    record = {
        "cuba-1962": {"settlement"}, "fashoda-1898": {"france concedes"},
        "guarantees-2022": {"war"}, "july-1914": {"wider war"},
        "kargil-1999": {"pakistan concedes"},
    }
    assert ends == record[scenario.crisis]


def test_the_dates_are_in_order_and_after_the_start(history):
    scenario, events, _ = history
    days = [last_day(e.date) for e in events.events]
    assert days == sorted(days)
    start = last_day(str(scenario.date))
    counted = COUNTED_IN_THE_START.get(scenario.crisis, set())
    for event, day in zip(events.events, days, strict=True):
        if event.way == "before":
            assert day <= start or event.id in counted, event.id
        else:
            assert day >= start, event.id


def test_every_source_is_used_and_has_a_reference(history):
    _, events, _ = history
    used = {e.source for e in events.events}
    assert used == {s.id for s in events.sources}
    assert all(len(s.cite) > 10 for s in events.sources)


def test_each_reason_is_a_sentence(history):
    """Every `cannot` gives a reason that a reader understands without the rules."""
    _, events, _ = history
    for reading in events.weights():
        for event in events.under(reading):
            if event.way == "cannot":
                assert re.fullmatch(r"[A-Z].*\.", event.cannot), (reading, event.id)
                assert len(event.cannot.split()) >= 6, (reading, event.id)


def test_the_weights_of_readings_are_those_of_the_rules(history):
    _, events, _ = history
    assert 1 <= len(events.readings) <= MOST_READINGS
    assert {r.weight for r in events.readings.values()} <= {1.0, 0.5}


def test_reports_have_the_probabilities_of_the_rules(history):
    _, events, _ = history
    for reading in events.weights():
        for event in events.under(reading):
            assert set(event.reports.values()) <= {1.0, 0.5, 0.1}, (reading, event.id)


def test_a_range_is_narrowed_to_a_half_with_a_reason(history):
    scenario, events, _ = history
    known = compile_scenario(single(scenario)).graph.rules.numbers
    for event in events.events:
        for path, narrow in event.narrowed.items():
            held = known[path]
            middle = (held.low + held.high) / 2
            lower = pytest.approx((held.low, middle))
            upper = pytest.approx((middle, held.high))
            assert (narrow.low, narrow.high) in (lower, upper)
            assert len(event.says.split()) > 10


def test_every_way_of_entering_an_event_is_shown_by_a_history():
    ways, several = set(), 0
    for name in HISTORIES:
        events = load_events(name, load(find(name))).file
        for reading in events.weights():
            ways |= {e.way for e in events.under(reading)}
            several += sum(len(e.reports) > 1 for e in events.under(reading))
    assert ways == {"before", "move", "chance", "learned", "cannot"}
    assert several
