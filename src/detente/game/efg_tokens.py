"""The words of a Gambit ``.efg`` file, one after the other, each with its line and column."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from detente.errors import InputError
from detente.game.exact import LARGEST, LONGEST, MOST_POWER, exact

__all__ = ["Reader", "Token"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<brace>[{}])
      | (?P<comma>,)
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>[+-]?(?:\d+(?:/\d+|\.\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
          (?=[\s{},"]|$))
      | (?P<word>[^\s{},"]+)
      | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r'\\(["\\])')


def _short(text: str, most: int = 20) -> str:
    """Return a text that shows if it was cut, so that a number is not read as a smaller one."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


class Token(NamedTuple):
    kind: str
    text: str
    at: int


class Reader:
    """The tokens of one text, and errors that name their place."""

    def __init__(self, text: str, file: str | None) -> None:
        self.source, self.file = text, file
        self._from = 0
        self.now = self._next()

    def _next(self) -> Token:
        found = _TOKEN.match(self.source, self._from)
        if found is None:  # an opening quote without a closing one
            rest = self.source[self._from :]
            at = self._from + len(rest) - len(rest.lstrip())
            raise self.error("a text without a closing quote", at, expected='a closing "')
        kind = str(found.lastgroup)
        self._from = found.end()
        return Token(kind, found.group(kind), found.start(kind))

    def error(
        self, message: str, at: int | None = None, expected: str | None = None
    ) -> InputError:
        offset = self.now.at if at is None else at
        line = self.source.count("\n", 0, offset) + 1
        column = offset - self.source.rfind("\n", 0, offset)
        return InputError(message, file=self.file, line=line, column=column, expected=expected)

    def shown(self) -> str:
        if self.now.kind == "end":
            return "the file ends"
        text = " ".join(self.now.text[:100].split())  # a name may have line ends
        return f"found {text if len(text) <= 30 else text[:27] + '...'}"

    def take(self, kind: str, expected: str, value: str | None = None) -> Token:
        token = self.now
        if token.kind != kind or (value is not None and token.text != value):
            raise self.error(self.shown(), expected=expected)
        if kind != "end":
            self.now = self._next()
        return token

    def at(self, kind: str, value: str | None = None) -> bool:
        return self.now.kind == kind and (value is None or self.now.text == value)

    def text(self, expected: str) -> str:
        text = self.take("text", expected).text[1:-1]
        return _ESCAPE.sub(r"\1", text) if "\\" in text else text

    def whole(self, expected: str, least: int) -> int:
        token = self.take("number", expected)
        if not token.text.lstrip("+").isdigit() or len(token.text) > 12:
            raise self.error(f"found {token.text[:30]}", token.at, expected)
        value = int(token.text)
        if value < least:
            raise self.error(f"found {token.text}", token.at, expected)
        return value

    def number(self, expected: str) -> tuple[Fraction, str, int]:
        """Take a number; return its exact value, its text and its place."""
        token = self.take("number", expected)
        try:
            return exact(token.text), token.text, token.at
        except ZeroDivisionError:
            raise self.error(f"{_short(token.text)} divides by zero", token.at, expected) from None
        except OverflowError:
            raise self.error(
                f"the number {_short(token.text)} is too large or too long", token.at,
                f"an absolute value of at most {LARGEST:g}, at most {LONGEST} characters and a "
                f"power of ten from -{MOST_POWER} to {MOST_POWER}",
            ) from None
