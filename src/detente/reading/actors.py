"""References to governments in a text: a gazetteer with metonyms, extended by a case's actors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, RootModel

from detente.scenario.model import FilePart
from detente.scenario.yamlfile import load_model

__all__ = ["Gazetteer", "Mention", "gazetteer"]


class _Actor(FilePart):
    title: str = Field(description="The name to show.")
    names: list[str] = Field(description="Names, words made from them, and metonyms.")


class _Actors(RootModel[dict[str, _Actor]]):
    pass


class Mention(NamedTuple):
    """A reference to an actor: its id and the span of its name."""

    actor: str
    start: int
    end: int


class Gazetteer:
    """Names and the actors that they refer to.

    Parameters
    ----------
    ids
        The actor's id for each name.
    titles
        The title of each actor.

    Examples
    --------
    >>> known = gazetteer()
    >>> [m.actor for m in known.mentions("Washington answers the Kremlin; turkey is served.")]
    ['united_states', 'russia']
    >>> known = gazetteer({"soviet_union": "Soviet Union"})
    >>> [m.actor for m in known.mentions("Washington answers the Kremlin.")]
    ['united_states', 'soviet_union']
    """

    def __init__(self, ids: Mapping[str, str], titles: Mapping[str, str]) -> None:
        self.ids, self.titles = dict(ids), dict(titles)
        longest = sorted(self.ids, key=lambda n: (-len(n), n))
        self._pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)") if longest else None

    def mentions(self, text: str) -> list[Mention]:
        """Return the references in a text, in its order; the longest name counts."""
        if self._pattern is None:
            return []
        return [Mention(self.ids[found[0]], *found.span())
                for found in self._pattern.finditer(text)]

    def actors(self, text: str) -> tuple[str, ...]:
        """Return the actors that a text refers to, each once, in its order."""
        return tuple(dict.fromkeys(m.actor for m in self.mentions(text)))


@lru_cache(maxsize=1)
def _known() -> dict[str, _Actor]:
    return load_model(Path(__file__).with_name("actors.yaml"), _Actors)[0].root


def gazetteer(case: Mapping[str, str] | None = None) -> Gazetteer:
    """Return the shipped gazetteer, extended by the actors of a case.

    Parameters
    ----------
    case
        The titles of the case's actors by their ids. An actor whose id or title is in the
        gazetteer takes over all names of that entry.
    """
    ids: dict[str, str] = {}
    titles = {key: one.title for key, one in _known().items()}
    for actor, title in (case or {}).items():
        ids.setdefault(title, actor)
        titles[actor] = title
    for actor, title in (case or {}).items():
        for key, one in _known().items():
            if key == actor or one.title.casefold() == title.casefold():
                for name in one.names:
                    ids.setdefault(name, actor)
    for key, one in _known().items():
        for name in one.names:
            ids.setdefault(name, key)
    return Gazetteer(ids, titles)
