"""The search for cyclic garbage goes on when the last thread has left."""

from __future__ import annotations

import gc
from threading import Barrier, Thread

import pytest

from detente.garbage import uncollected


@pytest.fixture(autouse=True)
def running():
    gc.enable()
    yield
    gc.enable()


def test_overlapping_threads_leave_the_search_running():
    """The first one leaves while the second is inside, and the second leaves last."""
    both, left = Barrier(2), Barrier(2)
    seen = []

    def first():
        with uncollected():
            both.wait(60)
        left.wait(60)

    def second():
        with uncollected():
            both.wait(60)
            left.wait(60)
            seen.append(gc.isenabled())
        seen.append(gc.isenabled())

    threads = [Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [False, True]


def test_a_search_that_was_off_stays_off_and_an_error_ends_the_pause():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
    gc.enable()
    with pytest.raises(ValueError), uncollected():
        raise ValueError
    assert gc.isenabled()
