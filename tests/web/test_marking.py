"""A number that is changed by hand keeps no citation unmarked, and set back it is as before."""

from __future__ import annotations

import warnings

import pytest

from detente.cases import shipped
from detente.cases.load import loads
from detente.scenario.paths import numbers, where
from detente.web.form import written
from detente.web.marking import with_change

warnings.simplefilter("ignore")
PLACE = ("war", "cost")
FORMS = {
    "flow": "war:\n  cost: {value: 0.2, because: a guess, source: s}  # low\n  zzz: 1\n",
    "before": "war:\n  cost: {source: s, because: 'it''s so', value: 0.2}\n",
    "block": "war:\n  cost:\n    value: 0.2  # low\n    because: a guess\n    source: s\n"
             "  zzz: 1\n",
    "folded": "war:\n  cost:\n    because: >-\n      a long\n      guess\n    value: 0.2\n"
              "  zzz: 1\n",
    "source": "war:\n  cost: {value: 0.2, source: s}\n",
    "source in a block": "war:\n  cost:\n    value: 0.2\n    source: s\n",
    "over lines": "war:\n  cost: {value: 0.2,\n    because: \"a \\\n    guess\",\n    source: s}\n",
}


def why(text: str) -> dict[str, str]:
    from ruamel.yaml import YAML

    found: dict[str, str] = dict(YAML(typ="safe", pure=True).load(text)["war"]["cost"])
    return found


@pytest.mark.parametrize("form", FORMS)
def test_the_mark_comes_once_and_goes_if_the_number_is_set_back(form: str) -> None:
    text = FORMS[form]
    first = why(text)
    once = with_change(text, PLACE, "0.3 to 0.4")
    twice = with_change(once, PLACE, "0.5")
    for made, value in ((once, "0.3 to 0.4"), (twice, 0.5)):
        now = why(made)
        assert now["value"] == value and now["because"].startswith("changed by hand (was 0.2);")
        assert now["because"].count("changed by hand") == 1
        assert now["because"].endswith(first.get("because", "the source is of that value"))
        assert now.get("source") == first.get("source")
        assert made.count("#") == text.count("#") and made.count("zzz: 1") == text.count("zzz: 1")
    assert why(with_change(twice, PLACE, "0.2")) == first
    if "because" not in first:
        assert with_change(twice, PLACE, "0.2") == text  # to the letter


@pytest.mark.parametrize("plain", ["war: {cost: 0.2}\n", "war: {cost: {value: 0.2}}\n"])
def test_a_number_without_a_citation_has_no_mark(plain: str) -> None:
    assert with_change(plain, PLACE, "0.3") == plain.replace("0.2", "0.3")


def test_a_reason_that_is_shared_stays() -> None:
    text = ("why: &w a guess\nwar:\n  cost: {value: 0.2, because: *w}\n")
    assert with_change(text, PLACE, "0.3") == text.replace("0.2", "0.3")


def test_cited_numbers_of_a_case_are_marked() -> None:
    text = shipped()["cuba-1962"].read_text(encoding="utf-8")
    crisis = loads(text)
    places, changed = where(crisis), 0
    for path, number in numbers(crisis, defaults=False).items():
        if not (number.because or number.source) or not number.is_range:
            continue
        inner = f"{number.low + 0.25 * (number.high - number.low):.6g} to {number.high:g}"
        made = with_change(text, places[path], inner)
        now = numbers(loads(made))[path]
        assert now.because.startswith("changed by hand (was "), path
        assert now.because.endswith(number.because or "the source is of that value")
        back = numbers(loads(with_change(made, places[path], written(number))))[path]
        assert (back.because, back.source) == (number.because, number.source)
        changed += 1
        if changed == 3:  # a case takes a second to load
            break
    assert changed == 3
