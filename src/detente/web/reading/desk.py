"""The session that one window has open: what is shown of it, and changes to it.

The loop that answers all windows never reads a session. A process reads it for the page, and a
thread writes a decision, which may wait for another window's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shiny import reactive

from detente.web.aside import Aside
from detente.web.reading.place import names_only, place_of
from detente.web.running import Running
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.reading.store import Session
    from detente.web.folder import Folder
    from detente.web.jobs import Jobs
    from detente.web.reading.view import Key

__all__ = ["Desk"]

class Desk:
    """The session that one window has open.

    Each part is None until it is read, and stays until a new one is ready.

    Parameters
    ----------
    folder, jobs, name
        The app's folder, its processes, and the session's name.

    Attributes
    ----------
    documents : reactive.Value of dict
        The names of the documents by their ids.
    claims : reactive.Value of tuple of ClaimLine
    candidates : reactive.Value of Candidates
    text, map, ledger : reactive.Value of str or Exception
        HTML, or what is wrong.
    note : reactive.Value
        The last message.
    changes : reactive.Value of int
        Grows whenever the session is read again.
    candidate : reactive.Value of dict
        The candidate that is shown.
    passed : set of tuple
        The places of the candidates that were passed.
    """

    def __init__(self, folder: Folder, jobs: Jobs, name: str) -> None:
        self.folder, self.jobs, self.name = folder, jobs, name
        self.documents: reactive.Value[Any] = reactive.Value(None)
        self.claims: reactive.Value[Any] = reactive.Value(None)
        self.candidates: reactive.Value[Any] = reactive.Value(None)
        self.text: reactive.Value[Any] = reactive.Value(None)
        self.map: reactive.Value[Any] = reactive.Value(None)
        self.ledger: reactive.Value[Any] = reactive.Value(None)
        self.note: reactive.Value[Any] = reactive.Value(None)
        self.changes: reactive.Value[int] = reactive.Value(0)
        self.candidate: reactive.Value[Any] = reactive.Value(None)
        self.running = Running(jobs)
        self.passed: set[Key] = set()
        self._document = 0
        self._aside = Aside()

    @property
    def place(self) -> Path:
        """The session's folder."""
        return place_of(self.folder, self.name)

    def serve(self) -> None:
        """Read the session, and keep each part when it is ready."""

        @reactive.effect
        def _parts() -> None:
            now = self.running.state()
            with reactive.isolate():
                for name, part in (pair for item in now.items for pair in item.items()):
                    if getattr(self, name)() != part:
                        getattr(self, name).set(part)

        self.look()

    def look(self) -> None:
        """Read the session again."""
        with reactive.isolate():
            self.changes.set(self.changes() + 1)
            self.running.begin("reading:view", str(self.place), self._document,
                               frozenset(self.passed), soon=True)

    def show(self, document: int) -> None:
        """Show the text of a document."""
        with reactive.isolate():
            known = [int(number) for number in self.documents() or ()]
        if document in known and document != (self._document or known[0]):
            self._document = document
            self.look()

    def named(self) -> dict[str, str]:
        """Return the claims by id, in the analyst's words, for a list."""
        return {str(c.id): f"c{c.id}: {c.paraphrase}" for c in self.claims() or ()}

    def no_candidate(self) -> None:
        """Show no candidate until the session is read again, and then the first."""
        self.candidate.set(None)

    def do(
        self, work: Callable[[Session], Any], after: Callable[[], None] | None = None
    ) -> None:
        """Change the session in a thread, one change after the other.

        Parameters
        ----------
        work
            Changes the session and returns a message, which is shown; its error is shown too.
        after
            Called if there was no error, before the session is read again.
        """
        def then(made: Any, wrong: Exception | None) -> None:
            if wrong is not None:
                self.note.set(problem(wrong))
                return
            self.note.set(made)
            if after is not None:
                after()
            self.look()

        self._aside.do(lambda: self.read(work), then)

    def read(self, work: Callable[[Session], Any]) -> Any:
        """Open the session for work in a thread; an unexpected error loses its words."""
        from detente.reading.quiet import quiet
        from detente.reading.store import Session

        with names_only(), quiet(), Session.open(self.place, create=False) as session:
            return work(session)
