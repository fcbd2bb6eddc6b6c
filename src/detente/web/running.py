"""One job of a part of the page: begun, shown with its progress, cancelled, and its result kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from shiny import reactive, ui
from shiny.session import get_current_session

from detente.web.jobs import Jobs
from detente.web.progress import Progress
from detente.web.redraw import redraw
from detente.web.show import problem, sections
from detente.web.unexpected import told_error

__all__ = ["Running", "State"]


@dataclass(frozen=True)
class State:
    """The state of a job.

    Attributes
    ----------
    working : bool
    progress : tuple
        Done, in all (0 if it is not known), and what is being done.
    items : tuple
        The items that the function yielded, apart from progress.
    about : object
        What the job was begun with, so that a page can say of which values its result is.
    wrong : Exception or None
    cancelled : bool
    """

    working: bool = False
    progress: tuple[int, int, str] = (0, 0, "")
    items: tuple[Any, ...] = ()
    about: Any = None
    wrong: Exception | None = None
    cancelled: bool = False


class Running:
    """A job that a window begins, and begins again when what it is about has changed.

    Parameters
    ----------
    jobs
        The processes of the app.
    """

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.state: reactive.Value[State] = reactive.Value(State())
        self._task: asyncio.Task[None] | None = None
        session = get_current_session()
        if session is not None:
            session.on_ended(self._stop)

    def begin(self, name: str, *arguments: Any, about: Any = None, soon: bool = False) -> None:
        """End the present work and begin a function of `detente.web.work`; see `Jobs.stream`."""
        self._stop()
        self.state.set(State(working=True, about=about))
        self._task = asyncio.create_task(self._work(name, arguments, about, soon))

    def cancel(self) -> None:
        """End the work; items that are there stay."""
        if self._task is not None and not self._task.done():
            self._stop()
            with reactive.isolate():
                now = self.state()
            self.state.set(State(items=now.items, about=now.about, cancelled=True))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _work(
        self, name: str, arguments: tuple[Any, ...], about: Any, soon: bool
    ) -> None:
        items: tuple[Any, ...] = ()
        try:
            async for item in self.jobs.stream(name, *arguments, soon=soon):
                if isinstance(item, Progress):
                    await self._tell(State(True, (item[0], item[1], item[2]), items, about))
                else:
                    items = (*items, item)
                    await self._tell(State(True, items=items, about=about))
            await self._tell(State(items=items, about=about))
        except Exception as wrong:
            await self._tell(State(items=items, about=about, wrong=told_error(wrong)))

    async def _tell(self, state: State) -> None:
        mine = asyncio.current_task()

        def change() -> None:
            if self._task is mine:  # it was not ended while others were drawn
                self.state.set(state)

        await redraw(change)

    def shown(self, cancel: Any = None) -> Any:
        """Return the progress or the fault as a part of the page; ``cancel`` is a button."""
        now = self.state()
        if now.wrong is not None:
            return problem(now.wrong)
        if now.cancelled:
            return ui.p("Cancelled. The parts that were ready are shown.", class_="note")
        if not now.working:
            return None
        done, total, what = now.progress
        words = what or ("waiting for other work" if self.jobs.waiting else "working")
        return ui.div(
            ui.tags.progress(value=str(done), max=str(total), aria_label=words)
            if total else ui.tags.progress(aria_label=words),
            ui.span(f"{words} ({done:,} of {total:,})" if total else f"{words} ..."),
            cancel, class_="working", role="status")

    def about(self) -> Any:
        """Return what the result is about that is shown; None if there is none."""
        now = self.state()
        return now.about if now.items else None

    def result(self, cancel: Any = None) -> list[Any]:
        """Return progress and, once it is there, the HTML that a job yields.

        ``cancel`` is a button that cancels the job.
        """
        found = self.state()
        return [self.shown(cancel), *(sections(html) for html in found.items[-1:])]
