"""Every number carries its path, its kind and its words; nothing is guessed from a spelling."""

from typing import Annotated, ClassVar

import pytest

from detente.cases import load, loads, shipped
from detente.findings.drivers import unknowable
from detente.mechanisms import forget, register
from detente.mechanisms.base import Mechanism, MechanismSpec
from detente.scenario.labels import label, labels, titles_of
from detente.scenario.paths import numbers
from detente.scenario.quantity import Is, Kind, NonNegative, Probability


@pytest.mark.parametrize("case", sorted(shipped()))
def test_every_number_of_a_case_has_its_path_kind_and_words(case):
    scenario = load(case)
    found = numbers(scenario)
    for path, q in found.items():
        assert q.path == path and q.words, path
        # What a shock changes is an amount added to another number, of no kind of its own.
        assert q.kind is not Kind.OTHER or ".changes." in path, path
    named = labels(found.values(), titles_of(scenario))
    assert len(set(named.values())) == len(found)


def test_kinds_are_those_of_the_fields():
    found = numbers(load("cuba-1962"))
    assert found["ladder.quarantine.risk"].kind is Kind.ACCIDENT
    assert found["war.win_chance"].kind is Kind.ODDS
    drift = numbers(load("guarantees-2022"))["war.shift_per_turn"]
    assert drift.kind is Kind.SHIFT and unknowable([drift], {}) == []
    assert found["actors.united_states.private.war_cost.high"].kind is Kind.PRIVATE
    assert found["actors.united_states.private.war_cost.chance_high"].kind is Kind.BELIEF


class Patrols(Mechanism):
    """A mechanism whose names mislead: the chance of an accident has no "risk" in it."""

    kind: ClassVar[str] = "patrols"

    class Spec(MechanismSpec):
        """Patrols at sea."""

        collision: Annotated[Probability, Is(Kind.ACCIDENT)]
        risk: Annotated[NonNegative, Is(Kind.COST)]


CRISIS = """
crisis: strait
title: The strait
actors: {aland: {role: principal, title: Aland}, bland: {role: principal}}
stake: {name: the strait, first: aland, status_quo: 0.5}
turns: {first: aland, each: 1}
delay_cost: {aland: 0.01 to 0.02, bland: 0.03}
war: {win_chance: 0.6, cost: 0.2}
mechanisms:
  - patrols: {collision: 0.01 to 0.05, risk: 0.1 to 0.2}
"""


def test_an_accident_is_known_by_its_kind_and_not_by_its_name():
    register(Patrols)
    try:
        found = numbers(loads(CRISIS))
    finally:
        forget("patrols")
    assert len(unknowable([found["patrols.collision"]], {})) == 1
    assert unknowable([found["patrols.risk"], found["war.cost"]], {}) == []
    titles = {"aland": "Aland"}
    assert label(found["delay_cost.aland"], titles) == "delay cost (Aland)"
    assert label(found["patrols.collision"], titles) == "patrols: collision"
