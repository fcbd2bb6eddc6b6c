"""The argument map, or the claims, as a text for another program."""

from __future__ import annotations

import json
from typing import Literal, get_args

from detente.errors import InputError, nearest, one_of
from detente.reading.aif import aif
from detente.reading.argdown import argdown
from detente.reading.casefile import claim_rows, rows, source_rows
from detente.reading.map import map_of
from detente.reading.store import Session

__all__ = ["Form", "exported", "form_of"]

Form = Literal["argdown", "aif", "claims"]


def form_of(name: str) -> Form:
    """Return a form of export by its name.

    Raises
    ------
    InputError
        There is no such form.

    Examples
    --------
    >>> form_of("aif")
    'aif'
    """
    known: tuple[Form, ...] = get_args(Form)
    for form in known:
        if form == name:
            return form
    raise InputError(f"there is no form {name!r}", field="as", expected=one_of(name, known),
                     nearest=nearest(name, known))


def exported(session: Session, form: Form) -> str:
    """Return the map as Argdown or AIF, or sources and claims as a part of a crisis file."""
    if form == "argdown":
        return argdown(map_of(session))
    if form == "aif":
        return json.dumps(aif(map_of(session)), indent=1, ensure_ascii=False) + "\n"
    return (f"sources:\n{rows(source_rows(session))}\nclaims:\n"
            f"{rows(claim_rows(session)[0])}\n")
