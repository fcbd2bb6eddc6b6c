"""Solve a case for the claims of a reading session, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.web.progress import Progress, told
from detente.web.show import html_of

__all__ = ["ledger"]

SAMPLES, DELIBERATE = 256, 32


def ledger(place: str, text: str) -> Iterator[Any]:
    """Yield progress, then the sections of the ledger.

    Parameters
    ----------
    place
        The session's folder.
    text
        The crisis file.
    """
    import warnings

    from detente.cases import InputWarning, loads
    from detente.reading.judge import judge
    from detente.reading.ledger import ledger as made_of
    from detente.reading.map import compute
    from detente.reading.quiet import quiet
    from detente.reading.sections import ledger_sections
    from detente.reading.store import Session

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        crisis = loads(text)
    with quiet(), Session.open(place, create=False) as session:
        for item in told(lambda tell: judge(
                session, crisis, samples=SAMPLES, deliberate_samples=DELIBERATE, tell=tell)):
            if isinstance(item, Progress):
                yield item
                continue
            compute(session, item.claims)
            yield html_of(ledger_sections(made_of(session, item)))
