"""Templates: the forms of claims that a sentence may state.

One file per family, with a tuple ``TEMPLATES``. A template is added by one entry there. A family is
added by one file and one name in `FAMILIES`. The analyst decides which template a sentence states
and fills the slots. The program only offers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from detente.errors import InputError, nearest, one_of
from detente.reading.templates.base import Filled, Slot, Template
from detente.reading.templates.checked import checked
from detente.reading.templates.slots import Case, Option

__all__ = ["FAMILIES", "Case", "Filled", "Option", "Slot", "Template", "checked", "suggested",
           "template", "templates"]

FAMILIES = ("endings", "moves", "consequences", "parts", "conditions", "beliefs", "world")
"""The files of this folder that hold templates."""


@cache
def templates() -> dict[str, Template]:
    """Return every template by its id.

    Examples
    --------
    >>> templates()["talks-useless"].proposition
    'talks-pointless'
    """
    listed: list[Template] = [
        t for family in FAMILIES for t in import_module(f"{__name__}.{family}").TEMPLATES]
    return {t.id: t for t in listed}


def template(name: str) -> Template:
    """Return a template by its id.

    Raises
    ------
    InputError
        There is no such template.
    """
    known = templates()
    if name not in known:
        raise InputError(f"no template is called {name!r}", expected=one_of(name, known),
                         nearest=nearest(name, known))
    return known[name]


def suggested(sentence: str, case: Case | None = None) -> list[tuple[Template, tuple[str, ...]]]:
    """Return the templates with the cues that the sentence has, those with most cues first.

    Cues order the list, and nothing is left out because it has none. The analyst decides.

    Parameters
    ----------
    sentence
        The words of the passage; they stay with the caller.
    case
        Leaves out the templates whose slots this crisis cannot fill.

    Examples
    --------
    >>> found = suggested("Having drawn the gun, they must not back down.")
    >>> found[0][0].id, found[0][1]
    ('shoot-or-lose', ('gun', 'back down'))
    """
    text = " ".join(sentence.casefold().split())
    listed = [(t, tuple(c for c in t.cues if c in text)) for t in _fitting(case)]
    return sorted(listed, key=lambda row: -len(row[1]))


def _fitting(case: Case | None) -> Iterable[Template]:
    return (t for t in templates().values() if case is None or t.fits(case))
