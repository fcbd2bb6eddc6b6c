"""Every template gives a claim that passes the check, in every shipped case that has its slots."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from detente.cases import find, load
from detente.cases.names import shipped
from detente.errors import InputError
from detente.reading.templates import FAMILIES, Case, suggested, template, templates
from detente.theory import TABLE
from detente.theory.claims import CLAIMS

CASES = sorted(shipped())
MOST = 12
"""Fillings that are checked for a template and a case; the first ones and random ones."""


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {name: Case.of(load(find(name))) for name in CASES}


def test_nine_cases() -> None:
    assert len(CASES) == 9


@pytest.mark.parametrize("name", CASES)
def test_every_filling_passes_the_check(name: str, cases: dict[str, Case]) -> None:
    case, rng = cases[name], random.Random(name)
    for one in templates().values():
        listed = list(islice(one.fillings(case), 4000))
        for slots in listed[:1] + rng.sample(listed, min(MOST, len(listed))):
            found = one.fill(case, slots)
            assert found.formal and found.note and "{" not in found.formal + found.note + found.says


def test_every_template_fits_a_case(cases: dict[str, Case]) -> None:
    for one in templates().values():
        assert any(one.fits(case) for case in cases.values()), one.id


def test_names_of_propositions_and_models() -> None:
    named = {t.proposition for t in templates().values()} - {""}
    assert named == set(CLAIMS)  # every proposition of theory has a template
    for t in templates().values():
        assert t.model in {"", *TABLE}
        assert not t.proposition or CLAIMS[t.proposition].model == t.model


def test_rates_exist() -> None:
    from detente.history.questions import QUESTIONS

    assert {t.rate for t in templates().values()} - {""} <= set(QUESTIONS)


def test_ids_are_unique() -> None:
    from importlib import import_module

    every = [t.id for f in FAMILIES
             for t in import_module(f"detente.reading.templates.{f}").TEMPLATES]
    assert len(every) == len(set(every)) == len(templates())


def test_wrong_slots(cases: dict[str, Case]) -> None:
    case = cases["cuba-1962"]
    with pytest.raises(InputError, match=r"no slot 'outcom'.*did you mean 'outcome'"):
        template("outcome-likely").fill(case, {"outcom": "war"})
    with pytest.raises(InputError, match=r"needs 'outcome': Which end.*one of war"):
        template("outcome-likely").fill(case, {})
    with pytest.raises(InputError, match=r"least .* is '1.5'; expected a number from 0 to 1"):
        template("outcome-likely").fill(case, {"outcome": "war", "least": "1.5"})
    with pytest.raises(InputError, match=r"no outcome and no mechanism 'wra'"):
        template("outcome-likely").fill(case, {"outcome": "wra"})
    with pytest.raises(InputError, match=r"did you mean 'must-act'"):
        template("must-akt")


def test_an_event_may_be_an_expression(cases: dict[str, Case]) -> None:
    event = "soviet_union.offer then united_states.accept"
    found = template("leads-to").fill(cases["cuba-1962"], {
        "event": event, "outcome": "settlement"})
    assert found.formal == f"P(settlement | {event}) > 0.9"


def test_suggestions_leave_nothing_out(cases: dict[str, Case]) -> None:
    assert {t.id for t, _ in suggested("no such words")} == set(templates())
    assert suggested("Talks are useless.")[0][0].id == "talks-useless"
    order = {t.id for t, _ in suggested("", cases["order-2020"])}
    assert "talks-useless" not in order and "irreversible" in order
