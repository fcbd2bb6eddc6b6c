"""Check the names of the numbers that a claim takes from outside the game."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.claims import syntax as s
from detente.claims.names import same
from detente.errors import InputError, nearest, one_of

if TYPE_CHECKING:
    from detente.scenario.outside import Outside

__all__ = ["resolved"]


def resolved(node: s.Asked, outside: Outside | None) -> s.Asked:
    """Return the number with the names of its states, shock or rate as their source has them.

    Raises
    ------
    InputError
        A name is unknown, with its place and the nearest name; two names of a triple are one; or
        the claim asks about ties and there is no ties file.
    """
    if outside is None:
        raise _error(node, f"{node.function}(...) is judged outside the game, and this game was "
                     "not read from a crisis file", "P(...) or value(...)")
    if node.function == "rate":
        return _named(node, outside.rates(), "base rate", "a name that "
                      "`detente data rates --list` prints")
    try:
        known = outside.shocks() if node.function == "returns" else outside.states()
    except InputError as wrong:
        if wrong.file is not None:  # an error inside the ties file has its place there
            raise
        raise _error(node, wrong.message, wrong.expected, remedy=wrong.remedy) from None
    if node.function == "returns":
        return _named(node, known or (), "shock", None if known else
                      "a ties file with a list of `shocks`")
    found = node if known is None else _named(node, known, "state", None)
    names = [x.name for x in found.names]
    for k, label in enumerate(found.names):
        if any(same(label.name, other) for other in names[:k]):
            raise _error(label, f"{label.name} is named twice", "different states")
    return found


def _named(
    node: s.Asked, known: Collection[str], what: str, expected: str | None
) -> s.Asked:
    """Return the number with its names in the spelling of the list."""
    out = []
    for label in node.names:
        found = next((x for x in known if same(x, label.name)), None)
        if found is None:
            source = "" if what == "base rate" else " in the ties file"
            raise _error(label, f"there is no {what} {label.name!r}{source}",
                         expected or one_of(label.name, known), nearest(label.name, known))
        out.append(replace(label, name=found))
    return replace(node, names=tuple(out))


def _error(
    node: s.Part, message: str, expected: str | None, near: str | None = None,
    remedy: str | None = None,
) -> InputError:
    return InputError(message, line=node.at[0], column=node.at[1], expected=expected,
                      nearest=near, remedy=remedy)
