"""Standard output and standard error, so that every text arrives and every failure is known.

`guarded` replaces both streams while a command runs. Each text is made printable, and characters
that the encoding of the stream lacks are substituted. If standard output is closed or full, the
command ends with `OutputError`; if its reader has left, with `ReaderGoneError`.

`terminal` is for rich, which writes its own styles: the caller has made the text printable.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from detente.errors import OutputError, ReaderGoneError
from detente.printable import fit, printable

__all__ = ["Guarded", "Styled", "encoding", "guarded", "notice", "terminal"]


class Guarded(io.TextIOBase):
    """A text stream to which any text can be written.

    Parameters
    ----------
    raw
        The stream behind it; None if the process was started with that stream closed.
    name
        Its name in messages; None for a stream whose failures are ignored, as there is no other
        place to report them.
    """

    encoding = "utf-8"  # any text can be written; `fit` substitutes
    errors = "strict"

    def __init__(self, raw: TextIO | None, name: str | None = "standard output") -> None:
        self.raw, self.name = raw, name

    @property
    def real_encoding(self) -> str:
        """The encoding of the stream behind it."""
        return getattr(self.raw, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write a text with its control characters spelt out."""
        if not isinstance(text, str):
            raise TypeError("a text stream takes text")
        self.write_styled(printable(text))
        return len(text)

    def write_styled(self, text: str) -> None:
        """Write a text that is printable already and may hold the styles of a terminal."""
        with self._failures():
            if self.raw is None:
                raise OSError("it is closed")
            self.raw.write(fit(text, self.real_encoding))

    def flush(self) -> None:
        """Pass everything on."""
        with self._failures():
            if self.raw is not None:
                self.raw.flush()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError as gone:
            if self.name is not None:
                raise ReaderGoneError from gone
        except (OSError, ValueError) as wrong:  # ValueError: the stream was closed since
            if self.name is not None:
                why = getattr(wrong, "strerror", None) or str(wrong)
                raise OutputError(
                    f"cannot write to {self.name}: {why.lower()}",
                    expected="a terminal, a pipe that is read, or a file on a disk with space",
                ) from wrong

    def isatty(self) -> bool:
        """Return False, so that no library writes styles here; see `terminal`."""
        return False

    def fileno(self) -> int:
        """Return the number of the open file behind it."""
        if self.raw is None:
            raise io.UnsupportedOperation("the stream is closed")
        return self.raw.fileno()

    def writable(self) -> bool:
        """Return True."""
        return True


class Styled(io.TextIOBase):
    """The same stream for rich, which writes styles if it is a terminal."""

    def __init__(self, stream: Guarded) -> None:
        self.stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal, by which rich chooses the characters of its boxes."""
        return self.stream.real_encoding

    def write(self, text: str) -> int:
        """Write a printable text with styles."""
        self.stream.write_styled(text)
        return len(text)

    def flush(self) -> None:
        """Pass everything on."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        raw = self.stream.raw
        with suppress(ValueError):
            return raw is not None and raw.isatty()
        return False

    def fileno(self) -> int:
        """Return the number of the open file behind it."""
        return self.stream.fileno()


def terminal(stream: TextIO | Any) -> Styled:
    """Return the stream that rich writes to, for ``sys.stdout`` or ``sys.stderr``.

    Examples
    --------
    >>> terminal(sys.stdout).isatty()
    False
    """
    return Styled(stream if isinstance(stream, Guarded) else Guarded(stream))


def encoding(stream: TextIO | Any) -> str:
    """Return the encoding in which a stream's text leaves the process."""
    return terminal(stream).encoding


@contextmanager
def guarded() -> Iterator[None]:
    r"""Guard standard output and standard error for the time of a command.

    Examples
    --------
    >>> with guarded():
    ...     print("a bell: \x07")
    a bell: \x07
    """
    before = sys.stdout, sys.stderr
    sys.stdout = Guarded(sys.stdout)  # type: ignore[assignment]
    sys.stderr = Guarded(sys.stderr, None)  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


_said: set[str] = set()


def notice(text: str, *, once: str | None = None) -> None:
    """Print a message on standard error, each error on a line of its own.

    Parameters
    ----------
    text
        The message.
    once
        A key; a second message with the same key is not printed in this process.
    """
    if once is not None:
        if once in _said:
            return
        _said.add(once)
    lines = (" ".join(printable(line).split()) for line in text.splitlines())
    shown = "\n".join(line for line in lines if line)
    if shown:
        stream = sys.stderr if isinstance(sys.stderr, Guarded) else Guarded(sys.stderr, None)
        stream.write(f"detente: {shown}\n")
        stream.flush()
