"""The forms, and the choice of one: by name, or the one that fits best."""

from __future__ import annotations

from detente.errors import InputError, nearest, one_of
from detente.reading.bounds import MOST_TURNS
from detente.reading.forms import avatar, hypothesis, interview, mail, numbered, plain, quoted
from detente.reading.forms.form import Form
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORMS", "chosen", "divided", "form_named"]

FORMS: dict[str, Form] = {module.FORM.name: module.FORM for module in (
    hypothesis, mail, avatar, numbered, interview, quoted, plain)}
"""The forms by name; of two that fit equally, the first is taken."""


def form_named(name: str) -> Form:
    """Return a form by its name.

    Raises
    ------
    InputError
        There is no form of this name.
    """
    if name not in FORMS:
        raise InputError(f"there is no form {name!r}", field="--form",
                         expected=one_of(name, FORMS), nearest=nearest(name, FORMS))
    return FORMS[name]


def chosen(source: Source, name: str | None = None) -> tuple[Form, str]:
    """Return a form and the reason for it.

    Parameters
    ----------
    source
        The text.
    name
        The form's name; None takes the one that fits best.

    Raises
    ------
    InputError
        There is no form of this name.
    """
    if name is not None:
        return form_named(name), "chosen by --form"
    guesses = {form.name: form.guess(source) for form in FORMS.values()}
    best = max(FORMS, key=lambda n: guesses[n].fit)
    return FORMS[best], guesses[best].reason


def divided(source: Source, name: str | None = None) -> tuple[list[Spoken], str, str]:
    """Return the turns of a text, the form's name and the reason for the form.

    Raises
    ------
    InputError
        There is no such form, or the text has too many turns.
    """
    form, reason = chosen(source, name)
    turns = form.turns(source)
    if len(turns) > MOST_TURNS:
        raise InputError(f"the form {form.name} finds {len(turns):,} turns", file=source.name,
                         expected=f"at most {MOST_TURNS:,}", remedy="choose another --form")
    return turns, form.name, reason
