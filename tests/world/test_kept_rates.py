"""Rates that are kept on disk: the same answer, without a count, until the data is another."""

import pytest

from detente.history import rates
from detente.history.store import fetch
from detente.world import kept_rates, number
from tests.history.conftest import raw  # noqa: F401 - a fixture


@pytest.fixture
def folder(raw, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    for name in ("atop", "cow-states"):
        fetch(name, base=str(raw), folder=tmp_path)
    return tmp_path


def test_a_rate_is_counted_once(folder, monkeypatch):
    first = number.rate("pact-renewed")
    assert first.counted == "184 of 1,118"  # published
    monkeypatch.setattr(rates, "answer", None)  # a second count would fail
    assert number.rate("pact-renewed") == first


@pytest.mark.parametrize("text", ["", "{", "[]", '{"value": 1}'])
def test_a_damaged_file_is_counted_again(folder, text):
    first = number.rate("pact-renewed")
    place = next(folder.glob("*-rate.json"))
    place.write_text(text)
    assert number.rate("pact-renewed") == first and len(place.read_text()) > 20


def test_other_code_or_data_is_counted_again(folder, monkeypatch):
    number.rate("pact-renewed")
    monkeypatch.setattr(kept_rates, "_code", lambda: "other")
    assert kept_rates.kept("pact-renewed") is None


def test_no_answer_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    assert number.rate("pact-renewed").why and not list(tmp_path.glob("*-rate.json"))
