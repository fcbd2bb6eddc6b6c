"""A desk: the crisis that one window has open, as text, as numbers and as sliders.

The text is the document. A number that is changed in the form is changed in the text, at its place,
so comments and order stay. A slider changes nothing in the text: it says which value of a range is
looked at.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shiny import reactive, ui
from shiny.session import get_current_session

from detente.errors import InputError
from detente.scenario.paths import numbers
from detente.web.aside import Aside
from detente.web.jobs import Jobs
from detente.web.later import Later
from detente.web.live import Live
from detente.web.running import Running
from detente.web.source import Checked, Source, check, checked_before, crisis_of

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario
    from detente.web.folder import Folder

__all__ = ["Checked", "Desk", "Findings", "Source", "allowed", "check", "checked_before",
           "crisis_of"]


def allowed(crisis: Scenario, moved: Mapping[str, float]) -> dict[str, float]:
    """Return those of some values that a crisis has and allows."""
    every = numbers(crisis)
    return {path: value for path, value in moved.items()
            if path in every and every[path].allows(value)}


@dataclass(frozen=True)
class Findings:
    """The findings of an analysis so far.

    Attributes
    ----------
    source : Source or None
        What it is about; None before the first.
    answer : Answer or None
        The answer in both models (`detente.web.work.report.Answer`).
    html : dict
        Sections of the report by the key of the finding, each with the source that it is about:
        those of earlier values stay until there are new ones.
    headline : str
        The answer of the first screen; empty as long as the samples are missing.
    check : str
        The samples that passed their check, beside the headline.
    checked : bool
        Whether every solution did.
    whole : bool
        Whether every section is there.
    """

    source: Source | None = None
    answer: Any = None
    html: Mapping[str, tuple[Source, str]] = field(default_factory=dict)
    headline: str = ""
    check: str = ""
    checked: bool = True
    whole: bool = False


class Desk:
    """The crisis that one window has open.

    Parameters
    ----------
    name
        The file's name without its ending, or that of a shipped case.
    text
        The file's content.
    folder, jobs
        Those of the app.
    own
        Whether the file is in the folder; a shipped case is copied when it is saved.
    case
        The file, beside which a ties file may lie.

    Attributes
    ----------
    text : reactive.Value of str
        The text in the editor.
    saved : reactive.Value of str
        The text on the disk.
    opened : reactive.Value of Checked
        The text that this window opened.
    moved : reactive.Value of dict
        Values of the sliders that were moved, by path.
    """

    def __init__(
        self, name: str, text: str, folder: Folder, jobs: Jobs, *, own: bool, sha256: str = "",
        case: Path | None = None,
    ) -> None:
        self.name, self.folder, self.jobs, self.own = name, folder, jobs, own
        self.case = case
        self.sha256 = self.on_disk = sha256
        """The hash of the file on which the text is based, and of the one that was read last."""
        self.session = get_current_session()
        self.aside = Aside()
        """The work of the page's actions, done one after the other."""
        self._reading = Aside()
        self._newest = text
        self.text: reactive.Value[str] = reactive.Value(text)
        self.saved: reactive.Value[str] = reactive.Value(text)
        self.moved: reactive.Value[dict[str, float]] = reactive.Value({})
        self.checked: reactive.Value[Checked] = reactive.Value(check(text, name, case))
        self.opened: reactive.Value[Checked] = reactive.Value(self.checked.get())
        self.good: reactive.Value[Checked] = reactive.Value(self.checked.get())
        """The last text without an error."""
        self.live: reactive.Value[Any] = reactive.Value(None)
        """The live answer: None, a `detente.web.live.LiveAnswer`, or an `InputError`."""
        self.solver = Live()
        self.solving = Later(self.live)
        """The work on the live answer."""
        self.running = Running(jobs)
        """The analysis of the page's crisis."""
        self.halted: reactive.Value[bool] = reactive.Value(False)
        """Whether it was cancelled or failed, so that no part follows by itself."""
        self.found: reactive.Value[Findings] = reactive.Value(Findings())
        """The findings of the last analysis so far."""

    def write(self, text: str) -> None:
        """Replace the text, and read it; in a thread if it is a new one."""
        self._newest = text
        self.text.set(text)
        found = checked_before(text, self.name, self.case)
        if found is not None:
            self._read(found)
            return

        def work() -> Checked | None:  # of the texts that are typed meanwhile the newest is read
            return check(text, self.name, self.case) if text == self._newest else None

        self._reading.do(work, lambda made, wrong: self._read(made))

    def _read(self, found: Checked | None) -> None:
        if found is None or found.text != self._newest:
            return
        self.checked.set(found)
        if found.crisis is not None:
            with reactive.isolate():
                moved = self.moved()
            left = allowed(found.crisis, moved)
            if left != moved:  # the number of a slider is gone, so no answer could be solved
                self.moved.set(left)
            self.good.set(found)

    def restore(self, text: str, of: str) -> bool:
        """Take a text that the browser has kept; return whether its file is the one of now.

        If it is not, saving says so before it overwrites the file.

        Parameters
        ----------
        text, of
            The text, and the hash of the file on which it is based.
        """
        self.replace(text)
        if not self.own or of == self.on_disk:
            return True
        self.sha256 = of
        return False

    def replace(self, text: str) -> None:
        """Replace the text, also in the editor."""
        self.write(text)
        ui.update_code_editor("text", value=text, session=self.session)

    def change(
        self, edit: Callable[[str, Scenario], str],
        then: Callable[[Exception | None], Awaitable[None] | None],
    ) -> None:
        """Change the text by a function of it and its crisis, which works in a thread.

        Parameters
        ----------
        edit
            Returns the new text, or raises what is wrong. Nothing is changed if the text has an
            error, before or after.
        then
            Called with what is wrong, or with None if the text was changed.
        """
        def work() -> tuple[str, str]:
            text = self._newest
            crisis = check(text, self.name, self.case).crisis
            if crisis is None:
                raise InputError("the text has an error", expected="a text without an error; mend "
                                 "it first")
            after = edit(text, crisis)
            wrong = check(after, self.name, self.case).errors
            if wrong:
                raise wrong[0]
            return text, after

        def done(made: Any, wrong: Exception | None) -> Awaitable[None] | None:
            if wrong is None:
                before, after = made
                if before != self._newest:  # a person has typed meanwhile
                    self.change(edit, then)
                    return None
                self.replace(after)
            return then(wrong)

        self.aside.do(work, done)

    def source(self) -> Source:
        """Return what a job needs; it depends on the last text without an error and the sliders."""
        return Source(self.name, self.good().text, dict(self.moved()), self.case)

    def crisis(self) -> Any:
        """Return the crisis of the last text without an error; None if there was none yet."""
        return self.good().crisis
