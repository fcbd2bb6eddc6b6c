"""A missing bracket of a claim: which one, and the character at which it was expected."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedEOF, UnexpectedInput, UnexpectedToken

from detente.errors import InputError

__all__ = ["missing"]

QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")


def missing(wrong: UnexpectedInput, text: str) -> InputError | None:
    """Return the error about a bracket that would explain why a claim does not parse.

    A claim is blamed for its brackets only if their numbers differ, and only at a place where the
    missing bracket would have been allowed.

    Parameters
    ----------
    wrong
        The parser's error.
    text
        The claim.

    Returns
    -------
    InputError or None
        None if the brackets do not explain the error.

    Examples
    --------
    >>> from detente.claims.parse import parse
    >>> parse("P(war < 0.1")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: 1:7: a ')' is missing before '<' (character 7): the '(' at ...
    """
    if not isinstance(wrong, UnexpectedToken | UnexpectedEOF):
        return None
    bare = QUOTED.sub(lambda found: " " * len(found[0]), text)  # a name in quotes may hold brackets
    ends = isinstance(wrong, UnexpectedEOF) or wrong.token.type == "$END"
    at = len(bare.rstrip()) if ends else wrong.token.start_pos or 0
    line, column = _place(text, at)
    token = "the end" if ends else f"{str(wrong.token)!r}"
    open_before, surplus = _unclosed(bare[:at]), bare.count("(") - bare.count(")")
    if surplus < 0 and not open_before and token == "')'":
        return InputError(f"the ')' at character {at + 1} closes no bracket", line=line,
                          column=column, expected="a '(' before it, or no ')'")
    accepted = getattr(wrong, "accepts", None) or getattr(wrong, "expected", None) or ()
    if surplus <= 0 or not open_before or "RPAR" not in accepted:
        return None
    return InputError(
        f"a ')' is missing before {token} (character {at + 1}): the '(' at character "
        f"{open_before[-1] + 1} is not closed", line=line, column=column, expected="')'")


def _unclosed(text: str) -> list[int]:
    """Return the places of the brackets that a text opens and does not close."""
    found: list[int] = []
    for place, letter in enumerate(text):
        if letter == "(":
            found.append(place)
        elif letter == ")" and found:
            found.pop()
    return found


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")
