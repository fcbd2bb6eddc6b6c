"""Read texts into a session, read the session for its page, and solve a case for its claims."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from detente.errors import DetenteError
from detente.web.progress import Progress, told
from detente.web.reading.place import names_only
from detente.web.show import html_of

__all__ = ["MOST_CANDIDATES", "ledger", "read", "view"]

SAMPLES, DELIBERATE = 256, 32
MOST_CANDIDATES = 500
"""Most candidates that the page has at once; more follow when these are decided or passed."""


def read(place: str, path: str) -> Iterator[Any]:
    """Yield progress, then the state of a text that was read, its turns and its sentences.

    Parameters
    ----------
    place
        The session's folder.
    path
        The file.
    """
    from detente.reading.ingest import read_into
    from detente.reading.quiet import quiet
    from detente.reading.store import Session

    yield Progress(0, 0, "reading the text")
    with names_only(), quiet(), Session.open(place, create=False) as session:
        made = read_into(session, path)
    yield made.state, made.turns, made.sentences


def view(
    place: str, document: int = 0, passed: Collection[tuple[int, int, int]] = ()
) -> Iterator[Any]:
    """Yield the parts of the page by the names that `detente.web.reading.desk.Desk` has for them.

    Parameters
    ----------
    place
        The session's folder.
    document
        The document whose text is shown; 0 for the first.
    passed
        The places of candidates that are left out.
    """
    from detente.reading.actors import gazetteer
    from detente.reading.candidates import pending
    from detente.reading.fresh import state_now
    from detente.reading.ledger import ledger as made_of
    from detente.reading.map import map_of, proposals
    from detente.reading.quiet import quiet
    from detente.reading.sections import ledger_sections, map_section
    from detente.reading.store import Session
    from detente.web.reading.shown import shown
    from detente.web.reading.view import Candidates, ClaimLine, key_of

    with names_only(), quiet(), Session.open(place, create=False) as session:
        documents = {str(d.id): d.name + ("" if state_now(d) != "edited since" else
                                          " (edited since; read it again)")
                     for d in session.documents()}
        claims = tuple(ClaimLine(c.id, c.paraphrase, c.formal, c.note) for c in session.claims())
        yield {"documents": documents, "claims": claims}
        yield Progress(0, 0, "putting the sentences in order")
        rows = list(pending(session, gazetteer()))
        left = [row for row in rows if key_of(row) not in set(passed)]
        yield {"candidates": Candidates(left[:MOST_CANDIDATES], len(left) > MOST_CANDIDATES)}
        if documents:
            number = document if str(document) in documents else int(next(iter(documents)))
            yield {"text": _or_wrong(lambda: str(shown(session, number, rows)))}
        if not claims:
            yield {"map": None, "ledger": None}
        else:
            yield Progress(0, 0, "comparing the claims")
            yield {"map": _or_wrong(lambda: html_of(
                [map_section(map_of(session), proposals(session))]))}
            yield {"ledger": _or_wrong(lambda: html_of(ledger_sections(made_of(session))))}


def _or_wrong(work: Callable[[], str]) -> str | DetenteError:
    try:
        return work()
    except DetenteError as wrong:
        return wrong


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
    with names_only(), quiet(), Session.open(place, create=False) as session:
        for item in told(lambda tell: judge(
                session, crisis, samples=SAMPLES, deliberate_samples=DELIBERATE, tell=tell)):
            if isinstance(item, Progress):
                yield item
                continue
            compute(session, item.claims)
            yield html_of(ledger_sections(made_of(session, item)))
