"""Archetypes: three forms of crisis from which a draft begins.

Each has a file of this name in ``drafts/``, in which every number is a wide placeholder marked as
unconfirmed. An archetype is added by its file and one entry here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from detente.errors import InputError, nearest, one_of

__all__ = ["ARCHETYPES", "Archetype", "archetype", "identifier", "skeleton"]

BLOCK = re.compile(r"^# \{if (\w+)\}\n(.*?)^# \{end\}\n", re.MULTILINE | re.DOTALL)

PLACE = re.compile(r"\{\{([a-z.]+)\}\}")
NAMELESS = "actor"
"""The identifier of a title without Latin letters or digits."""
LONGEST = 40
"""Letters of the longest identifier."""
YAML_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
"""Words that YAML reads as something else than text."""


@dataclass(frozen=True)
class Archetype:
    """A form of crisis.

    Attributes
    ----------
    id, title, says
        Its name, a heading, and when it fits.
    roles
        The roles that must be filled, each with its question.
    optional
        Roles that may be filled.
    """

    id: str
    title: str
    says: str
    roles: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)


ARCHETYPES = {a.id: a for a in (
    Archetype(
        "demand-and-red-line", "Demand and red line",
        "One side makes a demand and can raise the pressure. The other has announced a line.",
        {"challenger": "Which government makes the demand?",
         "target": "Which government has announced the line?"}),
    Archetype(
        "war-with-talks", "War with talks",
        "Two sides fight a limited war and negotiate meanwhile.",
        {"first": "Which side asks for the larger part of what is at stake?",
         "second": "Which is the other side?"}),
    Archetype(
        "brokered-settlement", "Settlement brokered from outside",
        "A third government proposes terms. Another may gain if they fail.",
        {"first": "Which side asks for the larger part of what is at stake?",
         "second": "Which is the other side?", "mediator": "Which government proposes terms?"},
        {"third": "Which government may gain if the settlement fails?"}),
)}
"""The archetypes by name."""


def archetype(name: str) -> Archetype:
    """Return an archetype by its name.

    Raises
    ------
    InputError
        There is no such archetype.
    """
    if name not in ARCHETYPES:
        raise InputError(f"no archetype is called {name!r}", field="archetype",
                         expected=one_of(name, ARCHETYPES), nearest=nearest(name, ARCHETYPES))
    return ARCHETYPES[name]


def identifier(title: str) -> str:
    """Return the name of an actor in a crisis file for its title.

    Examples
    --------
    >>> identifier("The Tirrenian League"), identifier("Öland"), identifier("12 Cities")
    ('the_tirrenian_league', 'oland', 'actor_12_cities')
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    name = name[:LONGEST].strip("_")
    plainly = name[:1].isalpha() and name not in YAML_WORDS
    return name if plainly else f"{NAMELESS}_{name}".strip("_")


def skeleton(name: str, roles: Mapping[str, str], stake: str) -> str:
    """Return the part of a crisis file that an archetype states.

    Parameters
    ----------
    name
        The archetype.
    roles
        The title of the actor in each role.
    stake
        What is at stake, in words.

    Raises
    ------
    InputError
        A role is missing, unknown or empty, or two actors have one name.
    """
    of = archetype(name)
    known = {**of.roles, **of.optional}
    for role in roles:
        if role not in known:
            raise InputError(f"the archetype {name} has no role {role!r}", field="role",
                             expected=one_of(role, known), nearest=nearest(role, known))
    missing = [role for role in of.roles if not roles.get(role, "").strip()]
    if missing:
        raise InputError(f"the role {missing[0]!r} is not filled", field="role",
                         expected=f"an answer to: {of.roles[missing[0]]}",
                         remedy=f"add --role '{missing[0]}=NAME'")
    given = {role: " ".join(title.split()) for role, title in roles.items() if title.strip()}
    names = {role: identifier(title) for role, title in given.items()}
    for role, title in given.items():  # scripts other than Latin have no letters left
        if names[role] == NAMELESS:
            names[role] = f"{NAMELESS}_{list(dict.fromkeys(given.values())).index(title) + 1}"
    twice = [n for n in names.values() if list(names.values()).count(n) > 1]
    if twice:
        raise InputError(f"two roles have the actor {twice[0]!r}", field="role",
                         expected="another actor for each role")
    text = files("detente.reading").joinpath(f"drafts/{name}.yaml").read_text(encoding="utf-8")
    text = BLOCK.sub(lambda m: m[2] if m[1] in given else "", text)
    filled = {"object": json.dumps(" ".join(stake.split()), ensure_ascii=False)}
    for role, title in given.items():
        filled |= {role: names[role], f"{role}.title": json.dumps(title, ensure_ascii=False)}
    return PLACE.sub(lambda m: filled[m[1]], text)  # once, because a title may look like a place
