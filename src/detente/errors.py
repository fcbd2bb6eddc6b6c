"""The library's own exceptions: few, and worded for the person who meets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches

from detente.printable import printable

__all__ = [
    "MOST_NAMED", "DetenteError", "InputError", "InputErrors", "NotDrawnError", "NotReadyError",
    "OutputError", "ReaderGoneError", "SizeError", "SolveError", "UnknownNumberError",
    "check_names", "few_searches", "misspelt", "nearest", "one_of", "together",
]

MOST_SHOWN = 20
"""Errors of one file that are printed."""

MOST_NAMED = 12
"""Allowed names that an error lists."""

LONGEST_NAME = 100
"""Letters of the longest name that is compared with others; the cost grows with their square."""

_searches: ContextVar[list[int] | None] = ContextVar("searches", default=None)
"""The number of searches for a nearest name that are left; None if it is not limited."""


class DetenteError(Exception):
    """Anything detente raises on purpose."""


@dataclass
class InputError(DetenteError):
    """Something in a file or an argument is wrong; the command line exits with 2.

    A message has three parts: what is wrong, what is allowed, and what to do.

    Parameters
    ----------
    message
        What was wrong, in one sentence.
    file, line, column
        Where (line and column count from 1).
    field
        The path of the field, such as ``war.win_chance``.
    expected
        What would be right.
    nearest
        The nearest known name, for a misspelt one.
    remedy
        What to do, if the other parts do not say it.

    Examples
    --------
    >>> print(InputError("unknown key 'wra'", file="a.yaml", line=3, column=1, nearest="war"))
    a.yaml:3:1: unknown key 'wra' (did you mean 'war'?)
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    expected: str | None = None
    nearest: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = ":".join(str(x) for x in (self.file, self.line, self.column) if x is not None)
        text = f"{where}: " if where else ""
        if self.field:
            text += f"{self.field}: "
        text += self.message
        if self.expected:
            text += f"; expected {self.expected}"
        if self.nearest:
            text += f" (did you mean {self.nearest!r}?)"
        if self.remedy:
            text += f"; {self.remedy}"
        return printable(text)


class InputErrors(InputError):  # noqa: N818 - it is several errors
    """Several things that are wrong with one file, in the order of the file.

    As an `InputError` it has the message and the place of the first. ``str`` prints one line for
    each, up to `MOST_SHOWN`.

    Examples
    --------
    >>> print(InputErrors([InputError("a", line=1), InputError("b", line=2)]))
    1: a
    2: b
    """

    def __init__(self, errors: Sequence[InputError]) -> None:
        first = errors[0]
        super().__init__(
            first.message, first.file, first.line, first.column, first.field, first.expected,
            first.nearest, first.remedy,
        )
        self.errors = tuple(errors)

    def __str__(self) -> str:
        lines = [str(error) for error in self.errors[:MOST_SHOWN]]
        more = len(self.errors) - len(lines)
        return "\n".join([*lines, f"and {more} more"] if more else lines)


def together(errors: Sequence[InputError]) -> InputError | None:
    """Return one error for several: None for none, the error itself for one.

    Examples
    --------
    >>> str(together([InputError("the only one")]))
    'the only one'
    """
    if len(errors) < 2:
        return errors[0] if errors else None
    return InputErrors(errors)


@dataclass
class OutputError(DetenteError):
    """A result cannot be written: a full disk, a closed output; the command line exits with 74.

    Parameters
    ----------
    message
        What was wrong, in one sentence.
    file
        The place of the output, if it is a file.
    expected
        What would be right.

    Examples
    --------
    >>> print(OutputError("cannot write: no space left on device", file="report.html"))
    report.html: cannot write: no space left on device
    """

    message: str
    file: str | None = None
    expected: str | None = None

    def __str__(self) -> str:
        text = f"{self.file}: {self.message}" if self.file else self.message
        return printable(f"{text}; expected {self.expected}" if self.expected else text)


class NotDrawnError(DetenteError):
    """A chart cannot be drawn on this machine; a page says so in its place."""


class ReaderGoneError(DetenteError):
    """The program that read our output has left; the command line exits with 141."""


class SizeError(InputError):
    """A game too large for the budget, with what multiplies it and what would shrink it."""


class SolveError(DetenteError):
    """A solver was asked for something it cannot do (not: a result that failed its certificate)."""


class NotReadyError(DetenteError, AttributeError):
    """A result of an analysis was read before its step was done.

    Parameters
    ----------
    name
        The result.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the analysis has not computed {name!r}; it is available after its step; call "
            "step() until that step is done, or run()"
        )


class UnknownNumberError(DetenteError, LookupError):
    """A mechanism asks for a number that is neither given nor declared optional.

    This is an error of the program, not of the crisis file: most often a misspelt path.
    """


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, or None.

    Examples
    --------
    >>> nearest("mediater", ["mediator", "spoiler"])
    'mediator'
    """
    found = _close(str(name), [str(k) for k in known], 1, 0.6)
    return found[0] if found else None


def check_names(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse a keyword that does not exist.

    Parameters
    ----------
    given, known
        The names that were given, and the allowed ones.
    what
        The word for one of them, such as "setting".

    Raises
    ------
    InputError
        One of the names is not allowed. The error says the nearest.

    Examples
    --------
    >>> check_names(["samples"], ["samples", "seed"], "setting")
    >>> check_names(["sampels"], ["samples", "seed"], "setting")
    Traceback (most recent call last):
    detente.errors.InputError: there is no setting 'sampels'; ... (did you mean 'samples'?)
    """
    names = list(known)
    for name in given:
        if name not in names:
            raise InputError(f"there is no {what} {name!r}", expected=one_of(name, names),
                             nearest=nearest(name, names))


def misspelt(name: object, known: Iterable[str]) -> str:
    """Return the words for a name that does not exist: the allowed names and the nearest.

    Examples
    --------
    >>> misspelt("outcoms", ["outcomes", "drivers"])
    "'outcoms' does not exist; choose one of outcomes, drivers (did you mean 'outcomes'?)"
    """
    names = list(known)
    near = nearest(str(name), names)
    return (f"{name!r} does not exist; choose one of {', '.join(names)}"
            + (f" (did you mean {near!r}?)" if near else ""))


def one_of(name: str, known: Iterable[str], most: int = MOST_NAMED) -> str | None:
    """Return the words for the allowed names; None if there are none.

    Parameters
    ----------
    name
        The name that is not allowed.
    known
        The allowed names.
    most
        The number of names that are listed. If there are more, the nearest are listed.

    Examples
    --------
    >>> one_of("wra", ["turns", "war"])
    'one of turns, war'
    >>> one_of("wra", ["turns", "war", "ladder"], most=2)
    'one of war, turns, ... (3 in all)'
    """
    names = [str(k) for k in known]
    if not names:
        return None
    if len(names) <= most:
        return names[0] if len(names) == 1 else "one of " + ", ".join(names)
    close = _close(str(name), names, most, 0.4)
    listed = list(dict.fromkeys([*close, *names[:most]]))[:most]
    return f"one of {', '.join(listed)}, ... ({len(names)} in all)"


def _close(name: str, known: list[str], most: int, least: float) -> list[str]:
    """Return the known names with a similarity of at least ``least``, the nearest first."""
    left = _searches.get()
    if left is not None:
        if left[0] <= 0:
            return []
        left[0] -= 1
    if len(name) > LONGEST_NAME:
        return []
    return get_close_matches(
        name, [k for k in known if len(k) <= LONGEST_NAME], n=most, cutoff=least)


@contextmanager
def few_searches(most: int = 2 * MOST_SHOWN) -> Iterator[None]:
    """Limit the searches for a nearest name inside, so that n errors about n names stay linear.

    The default is enough for the errors that are printed. A limit that is already set remains.

    Examples
    --------
    >>> with few_searches(1):
    ...     nearest("wra", ["war"]), nearest("wra", ["war"])
    ('war', None)
    """
    if _searches.get() is not None:
        yield
        return
    token = _searches.set([most])
    try:
        yield
    finally:
        _searches.reset(token)
