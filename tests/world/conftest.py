"""Signed networks for tests, and the published files where they are."""

import itertools

import numpy as np
import pytest

from tests.history.conftest import raw  # noqa: F401 - a fixture

SETS = ("cow-states", "atop", "cow-mid-directed-dyads", "rivalries", "cow-nmc", "cow-contiguity",
        "cow-majors", "un-ideal-points")


@pytest.fixture(scope="session")
def data(raw, tmp_path_factory):  # noqa: F811
    """Return a folder with the downloaded data sets."""
    from detente.history.store import fetch

    folder = tmp_path_factory.mktemp("world-data")
    for name in SETS:
        fetch(name, base=str(raw), folder=folder)
    return folder


def complete(n):
    """Return the edges of the complete graph."""
    return np.array(list(itertools.combinations(range(n), 2)), dtype=np.int64).reshape(-1, 2)


def brute(n, edges, signs, *, many=False):
    """Return the least number of broken ties over all divisions, by enumeration."""
    from detente.world.division import breaks

    def partitions(k):
        if k == 0:
            yield []
            return
        for rest in partitions(k - 1):
            top = max(rest, default=-1)
            for b in range(min(top + 2, n if many else 2)):
                yield [*rest, b]

    return min(int(breaks(edges, signs, np.array(p)).sum()) for p in partitions(n))
