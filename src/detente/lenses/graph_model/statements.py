"""The grammar of statements about options: ``accept and not insist``, ``accept if insist``.

Words: ``not``, ``and``, ``or``, ``if``, ``iff``, ``if … then``. The signs ``- ~ ! & | <- -> <->``
are alternatives. An option is named by its id, by ``actor.id`` if two actors use one id, or by its
number from 1. ``if`` and ``iff`` bind weakest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from detente.arrays import Bools
from detente.errors import InputError, nearest, one_of

__all__ = ["KEYWORDS", "check_option", "evaluate", "mentioned"]


KEYWORDS = frozenset({"not", "and", "or", "if", "iff", "then", "true", "false"})

GRAMMAR = r"""
?start: iff
?iff: given | iff ("iff"i | "<->") given -> iff
?given: either
      | either ("if"i | "<-") either -> given
      | "if"i either "then"i either -> then
      | either "->" either -> then
?either: both | either ("or"i | "|") both -> either
?both: negation | both ("and"i | "&") negation -> both
?negation: atom | ("not"i | "-" | "~" | "!") negation -> negation
?atom: NAME -> option | INT -> number | "true"i -> yes | "false"i -> no | "(" iff ")"
NAME: /[A-Za-z_]\w*(\.[A-Za-z_]\w*)?/i
INT: /[0-9]+/
%import common.WS
%ignore WS
"""


_OPTION = re.compile(r"[A-Za-z_]\w*")


def check_option(name: str) -> None:
    """Refuse the name of an option that a statement cannot name.

    Raises
    ------
    InputError
        The name is a word of the grammar, or holds other signs than letters, digits and ``_``.

    Examples
    --------
    >>> check_option("yield_now")
    >>> check_option("not")
    Traceback (most recent call last):
    detente.errors.InputError: an option cannot be called 'not', because statements use that ...
    """
    if name.casefold() in KEYWORDS:
        raise InputError(
            f"an option cannot be called {name!r}, because statements use that word",
            expected=f"a name other than {', '.join(sorted(KEYWORDS))}; choose another",
        )
    if not _OPTION.fullmatch(name):
        raise InputError(
            f"an option cannot be called {name!r}, because statements cannot name it",
            expected="letters, digits and _, beginning with a letter; choose another name",
        )


@cache
def _parser() -> Any:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


@cache
def _tree(text: str) -> Any:
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput

    if len(text) > 2000:
        raise InputError("the statement is too long", expected="at most 2000 characters")
    if text.count("(") > 50:
        raise InputError("the statement is nested too deeply", expected="at most 50 brackets")
    try:
        return _parser().parse(text)
    except UnexpectedInput as wrong:
        at = getattr(wrong, "column", -1)
        token = str(getattr(wrong, "token", "") or "")
        ended = isinstance(wrong, UnexpectedEOF) or (
            not isinstance(wrong, UnexpectedCharacters) and not token
        )
        where = "at its end" if ended else f"at character {at}"
        raise InputError(
            f"the statement {text!r} cannot be read {where}",
            expected="options joined by not, and, or, if, iff, with brackets",
        ) from None


def evaluate(text: str, columns: Mapping[str, Bools]) -> Bools:
    """Return the states in which a statement holds.

    Parameters
    ----------
    text
        The statement.
    columns
        Option id -> (S,) bool, whether it is taken. Numbers refer to the distinct columns in order.

    Raises
    ------
    InputError
        The statement cannot be read, or names an option that does not exist.

    Examples
    --------
    >>> a, b = np.array([0, 1, 0, 1], bool), np.array([0, 0, 1, 1], bool)
    >>> evaluate("a if b", {"a": a, "b": b}).astype(int).tolist()
    [1, 1, 0, 1]
    >>> evaluate("-1 iff 2", {"a": a, "b": b}).astype(int).tolist()
    [0, 1, 1, 0]
    >>> evaluate("a and c", {"a": a, "b": b})
    Traceback (most recent call last):
    detente.errors.InputError: the statement 'a and c' names no option 'c'; expected one of a, b
    """
    return _value(_tree(text), columns, text)


def mentioned(text: str) -> set[str]:
    """Return the options that a statement names, as written.

    Examples
    --------
    >>> sorted(mentioned("accept if not insist"))
    ['accept', 'insist']
    """
    return {str(t.children[0]) for t in _tree(text).find_pred(lambda t: t.data == "option")}


def _value(tree: Any, columns: Mapping[str, Bools], text: str) -> Bools:
    if tree.data == "option":
        return _column(str(tree.children[0]), columns, text)
    if tree.data == "number":
        distinct = list({id(c): c for c in columns.values()}.values())
        k = int(tree.children[0])
        if not 1 <= k <= len(distinct):
            raise InputError(
                f"the statement {text!r} names option number {k}",
                expected=f"a number from 1 to {len(distinct)}",
            )
        return distinct[k - 1]
    if tree.data in ("yes", "no"):
        return np.full(len(next(iter(columns.values()))), tree.data == "yes")
    parts = [_value(child, columns, text) for child in tree.children]
    meanings: dict[str, Callable[..., Bools]] = {
        "negation": lambda a: ~a,
        "both": lambda a, b: a & b,
        "either": lambda a, b: a | b,
        "given": lambda a, b: a | ~b,  # a if b
        "then": lambda a, b: ~a | b,  # if a then b
        "iff": lambda a, b: a == b,
    }
    return meanings[tree.data](*parts)


def _column(name: str, columns: Mapping[str, Bools], text: str) -> Bools:
    if name in columns:
        return columns[name]
    raise InputError(
        f"the statement {text!r} names no option {name!r}",
        expected=one_of(name, columns),
        nearest=nearest(name, columns),
    )
