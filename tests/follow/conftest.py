"""The small crisis, and the crisis followed."""

import pytest

from detente.follow.begin import begin
from tests.conftest import make_crisis

from .small import SIZE, events_for


@pytest.fixture(scope="module")
def crisis():
    return make_crisis(**SIZE)


@pytest.fixture(scope="module")
def found(crisis):
    return begin(crisis, events_for(crisis), samples=64, seed=3, resample=False)
