"""The reference forecast of two states equals the one that stands beside a draft."""

from __future__ import annotations

import pytest

from detente.casebook.facts import facts, named
from detente.casebook.forecast import known, reference
from detente.errors import InputError
from detente.history.store import path_of


def test_every_crisis_of_the_casebook_has_its_forecasts():
    for name in named():
        found = known(name)
        assert found is not None and set(found) == {"base rates", "time", "logit"}
        for forecast in found.values():  # written with six digits
            assert sum(forecast.values()) == pytest.approx(1.0, abs=1e-5)


@pytest.fixture(scope="module")
def data():
    try:
        path_of("icb-actor"), path_of("cow-states")
    except InputError as wrong:
        pytest.skip(f"published data is absent: {wrong}")


def test_numbers_that_name_no_pair_are_refused(data):
    with pytest.raises(InputError, match="no state"):
        reference(1, 365, 1962)
    with pytest.raises(InputError, match="two states"):
        reference(2, 2, 1962)


@pytest.mark.slow
def test_by_two_states_and_a_year_it_is_that_of_the_casebook(data):
    of = facts("book-memel-1939")
    made = reference(of.challenger.cow, of.target.cow, of.year)
    for forecaster, forecast in known("book-memel-1939").items():
        # shipped with six digits; the logit is estimated to a gradient of 1e-7
        assert made.forecasts[forecaster] == pytest.approx(forecast, abs=1e-4), forecaster
