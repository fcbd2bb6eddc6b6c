"""The folder of the app: the only place that it reads from and writes to.

The browser gives names, never paths. A name is made of small letters, digits and hyphens, so no
name leads out of the folder. A symbolic link is not followed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from detente.cases.names import casebook, shipped
from detente.cases.template import new_text
from detente.errors import InputError
from detente.printable import printable
from detente.web import answers, bin
from detente.web.beside import BESIDE, DRAWS, EVENTS, beside, linked, owner, write_copy
from detente.web.editing import with_title
from detente.web.facts import facts_of
from detente.web.files import (
    EXPECTED,
    NAME,
    ChangedError,
    Files,
    Saved,
    checked,
    encoded,
    shipped_file,
)

__all__ = ["EXPECTED", "NAME", "ChangedError", "Entry", "Folder", "Saved"]

CRISIS = re.compile(r"""(?m)^[ \t]*(?:[{][ \t]*)?["']?crisis["']?[ \t]*:""")
"""The key that makes a YAML file a crisis file, also if the rest of it is damaged. The blanks stay
in one line, or the time of the search would grow with the third power of the number of lines."""
MOST_FILES = 500
"""Most files of the folder that the library shows."""


@dataclass(frozen=True)
class Entry:
    """A line of the library.

    Attributes
    ----------
    name, title, date : str
    own : bool
        Whether it is in the folder.
    errors : int
        Errors in the text.
    answer : str
        The last answer that was found for exactly this text; empty if there is none.
    """

    name: str
    title: str
    date: str
    own: bool
    errors: int = 0
    answer: str = ""


class Folder:
    """The folder of the app.

    Parameters
    ----------
    path
        An existing folder.

    Raises
    ------
    InputError
        There is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> folder = Folder(tempfile.mkdtemp())
    >>> folder.create("my-crisis").own
    True
    >>> folder.read("../etc/passwd")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: '../etc/passwd' cannot name a crisis; expected 1 to 60 small ...
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).resolve()
        if not self.path.is_dir():
            raise InputError("there is no such folder", file=str(path),
                             expected="an existing folder")
        self.files = Files(self.path)
        self.id = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        """Tells apart what a browser keeps of files of the same name in several folders."""

    # reading ----------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Return the crises of the folder and the shipped ones, without those of the casebook."""
        known = answers.known_answers(self.files)
        own = [saved for saved, why in self._own() if saved is not None and not why]
        mine = {saved.name for saved in own}
        found = [self._entry(saved, known) for saved in own]
        found += [self._entry(shipped_file(name, path), known)
                  for name, path in sorted(shipped().items()) if name not in mine]
        return found

    def left_out(self) -> list[tuple[str, str]]:
        """Return the YAML files of the folder that the app does not show, with the reasons."""
        found = []
        for place in sorted(self.path.glob("*.yaml"))[:MOST_FILES]:
            if NAME.fullmatch(place.name.removesuffix(".yaml")):
                continue
            name = owner(place.name)
            if not name or self._where(name) is None:
                found.append((printable(place.name), f"the app opens names of {EXPECTED}"))
        for name in self.names():
            found += [(file, "it is a link, which the app does not follow; so it reads no file "
                       f"beside {name}.yaml") for file in linked(self.path / f"{name}.yaml")]
        for saved, why in self._own():
            if why:
                found.append((f"{saved.name}.yaml" if saved else "", why))
        return found

    def names(self) -> list[str]:
        """Return the names of the folder's own crises, at most `MOST_FILES`, without reading them.

        Other files, such as those of events, have no name of a crisis.
        """
        found = sorted(place.name.removesuffix(".yaml") for place in self.path.glob("*.yaml"))
        return [name for name in found if NAME.fullmatch(name)][:MOST_FILES]

    def book(self) -> list[Entry]:
        """Return the crises of the casebook."""
        return [self._entry(shipped_file(name, path), {})
                for name, path in sorted(casebook().items())]

    def read(self, name: str) -> Saved:
        """Return a file of the folder, else a shipped case.

        Raises
        ------
        InputError
            The name is not one, or there is no such file, or it is too large or not text.
        """
        checked(name)
        place = self.path / f"{name}.yaml"
        if os.path.lexists(place):
            return self.files.read(place, name)
        every = {**shipped(), **casebook()}
        if name in every:
            return shipped_file(name, every[name])
        raise InputError(f"there is no crisis {name!r} in this folder",
                         expected="a crisis that the library lists")

    def read_events(self, name: str) -> Saved | None:
        """Return the events file beside a crisis; None if there is none."""
        checked(name)
        place = self.path / f"{name}{EVENTS}"
        if os.path.lexists(place):
            return self.files.read(place, name)
        beside = shipped().get(name)
        there = None if beside is None else beside.with_name(f"{name}{EVENTS}")
        return None if there is None or not there.exists() else shipped_file(name, there)

    def place(self, name: str) -> Path | None:
        """Return the file of a crisis, beside which its ties, ledger and other models may lie.

        None if one of those in the folder is a link, which is not followed.
        """
        checked(name)
        found = self._where(name) or self.path / f"{name}.yaml"
        return None if linked(found) else found

    # writing ----------------------------------------------------------------------------------

    def create(self, name: str, text: str | None = None) -> Saved:
        """Write a new file: the commented template, or a text.

        Raises
        ------
        InputError
            The name is not one, or a crisis of that name exists.
        """
        self._refuse_known(name)
        return self.files.write(f"{name}.yaml", name, new_text(name) if text is None else text)

    def save(self, name: str, text: str, expected: str | None) -> Saved:
        """Write a file of the folder whole, if it is still the one that was opened.

        Parameters
        ----------
        expected
            The hash of the text that was opened; None to write in any case.

        Raises
        ------
        ChangedError
            The file was changed meanwhile.
        OutputError
            The file cannot be written.
        """
        checked(name)
        return self.files.save(f"{name}.yaml", name, text, expected)

    def save_events(self, name: str, text: str, expected: str | None = None) -> Saved:
        """Write the events file beside a crisis; see `save`."""
        checked(name)
        return self.files.save(f"{name}{EVENTS}", name, text, expected)

    def begin(self, name: str, text: str, events: str | None) -> None:
        """Write a new crisis, and its events file if it has one; both or none.

        Raises
        ------
        InputError
            The name is not one, or a crisis of that name exists, or a file of its events.
        """
        self._refuse_known(name)
        write_copy(self.files, name, encoded(text),
                   {} if events is None else {EVENTS: encoded(events)})

    def add_draft(self, name: str, text: str, draws: str) -> str:
        """Write a drafted crisis and its joint draws beside it; return the name it has here."""
        checked(name)
        made = self.free(name) if os.path.lexists(self.path / f"{name}.yaml") else name
        self.files.write(f"{made}{DRAWS}", made, draws)
        self.files.write(f"{made}.yaml", made, text.replace(f"{name}{DRAWS}", f"{made}{DRAWS}"))
        return made

    def copy_as(self, name: str, text: str) -> str:
        """Write a text as a new file whose name begins with ``name``; return that name.

        The files beside the crisis are copied too.
        """
        return self._copied(name, self.free(name), text)

    def free(self, name: str) -> str:
        """Return a name for a copy that no crisis has."""
        checked(name)
        base = re.sub(r"-copy(-\d+)?$", "", name)[:50]
        for k in range(1, MOST_FILES):
            made = f"{base}-copy" if k == 1 else f"{base}-copy-{k}"
            if made not in shipped() and not any(
                    os.path.lexists(self.path / f"{made}{e}") for e in (".yaml", *BESIDE)):
                return made
        raise InputError("there are too many copies", expected="fewer files; delete some")

    def duplicate(self, name: str, to: str | None = None, title: str | None = None) -> str:
        """Copy a crisis into the folder with the files beside it; return the name of the copy.

        Parameters
        ----------
        to
            The name of the copy; None for a free one.
        title
            Its title; None for that of the crisis. A text that is not YAML keeps its own.

        Raises
        ------
        InputError
            A name is not one, or a crisis of the new name exists, or a file beside it.
        """
        text = self.read(name).text
        if title is not None:
            with suppress(InputError):
                text = with_title(text, title)
        return self._copied(name, self.free(name) if to is None else to, text)

    def delete(self, name: str) -> str:
        """Move a crisis and the files beside it to the bin; return what `undo` takes."""
        return bin.delete(self.files, name, BESIDE)

    def undo(self, token: str) -> str:
        """Bring a deleted file back; return its name."""
        return bin.undo(self.files, token, BESIDE)

    def keep_answer(self, sha256: str, answer: str) -> None:
        """Keep the answer that was found for a text, for the library."""
        answers.keep(self.files, sha256, answer)

    def _where(self, name: str) -> Path | None:
        """Return the file of a crisis in the folder, else of a shipped one, else None."""
        own = self.path / f"{name}.yaml"
        return own if os.path.lexists(own) else {**shipped(), **casebook()}.get(name)

    def _copied(self, name: str, made: str, text: str) -> str:
        """Write a text as a copy of a crisis, with the files beside it; return its name."""
        self._refuse_known(made)
        case = self.place(name)
        others = {} if case is None else beside(self.files, name, case)
        raw = encoded(text.replace(f"{name}{DRAWS}", f"{made}{DRAWS}") if DRAWS in others else text)
        write_copy(self.files, made, raw, others)
        return made

    def _refuse_known(self, name: str) -> None:
        checked(name)
        if os.path.lexists(self.path / f"{name}.yaml") or name in shipped():
            raise InputError(f"there is a crisis {name!r} already", expected="another name")

    def _own(self) -> Iterator[tuple[Saved | None, str]]:
        """Yield the files whose names are names, with the reason to leave one out, or ""."""
        names = sorted(
            place.name.removesuffix(".yaml") for place in self.path.glob("*.yaml")
            if NAME.fullmatch(place.name.removesuffix(".yaml")))
        for name in names[:MOST_FILES]:
            try:
                saved = self.files.read(self.path / f"{name}.yaml", name)
            except InputError as wrong:
                yield None, str(wrong)
            else:
                crisis = CRISIS.search(saved.text) or not saved.text.strip()
                yield saved, "" if crisis else "it has no key `crisis`: another kind of file"

    def _entry(self, saved: Saved, known: dict[str, str]) -> Entry:
        title, date, errors = facts_of(saved.text, self.place(saved.name))
        return Entry(saved.name, printable(title) or saved.name, printable(date), saved.own, errors,
                     printable(known.get(saved.sha256, "")))
