"""The library's own exceptions: few, and worded for the person who meets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "DetenteError", "InputError", "InputErrors", "NotReadyError", "SizeError", "SolveError",
    "UnknownNumberError", "nearest", "together",
]

MOST_SHOWN = 20
"""Errors of one file that are printed."""


class DetenteError(Exception):
    """Anything detente raises on purpose."""


@dataclass
class InputError(DetenteError):
    """Something in a file or an argument is wrong; the command line exits with 2.

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
        return _harmless(text)


def _harmless(text: str) -> str:
    """Spell out control characters, which a file may hold and a terminal would obey."""
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


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
            first.nearest,
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
    found = get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.6)
    return found[0] if found else None
