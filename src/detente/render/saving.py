"""The forms in which a report is saved; the ending of the file's name chooses one."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.render.section import Report

__all__ = ["ENDINGS", "check_ending", "content"]

ENDINGS = (".html", ".htm", ".docx")

_Path = str | os.PathLike[str]


def check_ending(path: _Path) -> str:
    """Return the ending of an output; refuse it if a report has no such form.

    Parameters
    ----------
    path
        Where the report goes.

    Returns
    -------
    str
        One of `ENDINGS`, in small letters.

    Raises
    ------
    InputError
        The ending is another one, or the packages for it are missing.

    Examples
    --------
    >>> check_ending("report.HTML")
    '.html'
    >>> check_ending("report.pdf")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: report.pdf: a report cannot be saved as .pdf; expected .html or
    .htm (the whole report) or .docx (the brief, for Word)
    """
    ending = PurePath(path).suffix.lower()
    if ending not in ENDINGS:
        raise InputError(
            f"a report cannot be saved as {ending}" if ending else "the name has no ending",
            file=str(path), expected=".html or .htm (the whole report) or .docx (the brief, for "
            "Word)")
    if ending == ".docx":
        from detente.render.word import check_word

        check_word()
    return ending


def content(report: Report, path: _Path) -> str | bytes:
    """Return what is written to a file of that name: a page, or the bytes of a Word document.

    Examples
    --------
    >>> from detente.render import Report
    >>> content(Report("The strait crisis", "", "War: 18 %.", []), "a.html")[:15]
    '<!doctype html>'
    """
    if check_ending(path) == ".docx":
        from detente.render.word import document

        return document(report)
    return report.to_html()
