"""A small crisis with three events, which the tests of following share."""

from detente.follow.file import loads_events
from tests.conftest import text_of

from .test_filter import SIZE

__all__ = ["EVENTS", "SIZE", "events_for"]

EVENTS = {
    "follows": "plain",
    "sources": [{"id": "paper", "cite": "A newspaper"}],
    "events": [
        {"id": "speech", "date": "2001-05-01", "says": "A speech.", "source": "paper",
         "before": True},
        {"id": "alert", "date": "2001-05-02", "says": "Mobilisation.", "source": "paper",
         "actor": "aland", "move": "escalate to mobilisation"},
        {"id": "answer", "date": "2001-05-03 to 2001-05-04", "says": "No answer, or a weak one.",
         "source": "paper", "actor": "bland", "move": {"hold": 0.8, "offer 0.45": 0.2}},
    ],
}


def events_for(crisis, **changes):
    return loads_events(text_of({**EVENTS, **changes}), crisis)
