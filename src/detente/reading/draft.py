"""Draft a crisis file from a session: an archetype, the sources and the claims.

The draft states who takes part and what each can do in the plainest form. Every number is a wide
placeholder, with "unconfirmed" as the beginning of its reason and as its source. The analyst
replaces them one by one, and `detente check` passes from the beginning.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from detente.errors import InputError
from detente.reading.archetypes import archetype, skeleton
from detente.reading.casefile import UNCONFIRMED, claim_rows, rows, source_rows, text_of

if TYPE_CHECKING:
    from detente.reading.store import Session
    from detente.scenario.schema import Scenario

__all__ = ["UNCONFIRMED", "WARNING", "Draft", "draft"]

WARNING: Literal["a starting point, not a forecast"] = "a starting point, not a forecast"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LIMITS = (
    "The archetype leaves out every government that fills no role of it.",
    "No number of this draft rests on a source.",
)


@dataclass(frozen=True, repr=False)
class Draft:
    """A drafted crisis file.

    Attributes
    ----------
    name, archetype
        The crisis and the archetype.
    text
        The crisis file.
    claims
        Number of claims in it.
    misfits
        By the name of a claim, why its formalisation does not fit the draft.
    """

    name: str
    archetype: str
    text: str
    claims: int
    misfits: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Draft of {self.name} by {self.archetype}: {WARNING}>"

    def scenario(self) -> Scenario:
        """Return the crisis, checked."""
        from detente.cases import loads

        return loads(self.text, file=f"{self.name}.yaml")


def draft(
    session: Session, name: str, form: str, roles: Mapping[str, str], *, stake: str,
    title: str = "", date: str = "",
) -> Draft:
    """Draft a crisis file.

    Parameters
    ----------
    session
        Its claims and their sources enter the file.
    name
        The name of the crisis.
    form
        The archetype; see `detente.reading.archetypes.ARCHETYPES`.
    roles
        The title of the actor in each role of the archetype.
    stake
        What is at stake, in neutral words.
    title, date
        The title and the day of the crisis; by default the name and today.

    Raises
    ------
    InputError
        A name is not valid, or a role is missing or unknown.

    Examples
    --------
    >>> import tempfile
    >>> from detente.reading.store import Session
    >>> with Session.open(tempfile.mkdtemp()) as session:
    ...     made = draft(session, "the-strait", "war-with-talks",
    ...                  {"first": "Aland", "second": "Bland"}, stake="the strait")
    >>> made, made.scenario().principals
    (<Draft of the-strait by war-with-talks: a starting point, not a forecast>, ('aland', 'bland'))
    """
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a crisis", field="name",
                         expected="1 to 60 small letters, digits and hyphens, such as my-crisis")
    if not stake.strip():
        raise InputError("nothing is at stake", field="stake",
                         expected="what is in dispute, in neutral words")
    for place, said in (("name", name.replace("-", " ")), ("stake", stake), ("title", title),
                        ("date", date), *roles.items()):
        session.check_own(said, place)
    body = skeleton(form, roles, stake)
    head = _head(session, name, form, title, date)
    bare = Draft(name, form, f"{head}\n{body}", 0).scenario()
    listed, misfits = claim_rows(session, bare)
    claims = f"\nclaims:\n{rows(listed)}\n" if listed else ""
    limits = "\ncannot:\n" + "\n".join(f"  - {text_of(x)}" for x in LIMITS) + "\n"
    made = Draft(name, form, f"{head}\n{body}{limits}{claims}", len(listed), misfits)
    made.scenario()
    return made


def _head(session: Session, name: str, form: str, title: str, date: str) -> str:
    of = archetype(form)
    day = date or datetime.date.today().isoformat()
    sources = [*source_rows(session), {
        "id": UNCONFIRMED, "cite": f"Unconfirmed placeholder of the archetype {of.id}; replace the "
        "value, the reason and the source"}]
    summary = (f"Drafted from a reading session by the archetype “{of.title}”: {of.says} Say here "
               "in neutral words what each government wants and where the crisis stands.")
    return f"""\
# Drafted by `detente read draft`: {WARNING}.
# Every number is unconfirmed. Replace its value, its reason and its source.
crisis: {text_of(name)}
title: {text_of(title or name.replace("-", " ").capitalize())}
summary: {text_of(summary)}
date: {text_of(day)}
sources:
{rows(sources)}
"""
