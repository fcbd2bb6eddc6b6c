"""What to call a number of the file in print: its path said in words, actors by their titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["label", "labels", "spoken", "titles_of"]

ENDS = ("least", "greatest")


def label(path: str, titles: Mapping[str, str]) -> str:
    """Return a number's path in words.

    Parameters
    ----------
    path : str
        As in the file, such as ``ladder.general_alert.risk``.
    titles : mapping of str to str
        Actors' titles by name.

    Examples
    --------
    >>> titles = {"aland": "Aland", "bland": "Bland"}
    >>> label("ladder.general_alert.risk", titles)
    'general alert: risk'
    >>> label("delay_cost.aland", titles)
    'delay cost (Aland)'
    >>> label("actors.bland.private.war_cost.between.0", titles)
    'Bland: war cost, least'
    >>> label("actors.bland.private.war_cost.chance_high", titles)
    'Bland: war cost, chance that it is high'
    """
    parts = path.split(".")
    whom = ""
    if len(parts) > 2 and parts[0] == "actors":
        head, rest = titles.get(parts[1], said(parts[1])), parts[2:]
        if rest[0] == "private":
            rest = rest[1:]
    else:
        if len(parts) > 1 and parts[-1] in titles:
            whom = f" ({titles[parts.pop()]})"
        if len(parts) > 2 and parts[0] in ("ladder", "offers"):
            parts = parts[1:]
        head, rest = said(parts[0]), parts[1:]
    if len(rest) > 1 and rest[-2] == "between" and rest[-1] in ("0", "1"):
        rest = [*rest[:-2], ENDS[int(rest[-1])]]
    elif len(rest) > 1 and rest[-2] == "values" and rest[-1].isdigit():
        rest = [*rest[:-2], f"value {int(rest[-1]) + 1}"]
    elif len(rest) > 1 and rest[-1] in ("low", "high"):
        rest = [*rest[:-1], f"if {rest[-1]}"]
    elif rest and rest[-1] == "chance_high":
        rest = [*rest[:-1], "chance that it is high"]
    words = ", ".join(map(said, rest))
    return (f"{head}: {words}" if words else head) + whom


def labels(paths: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return a label for every path, the path itself where two would be called alike.

    Examples
    --------
    >>> labels(["war.cost", "ladder.war.cost"], {})
    {'war.cost': 'war.cost', 'ladder.war.cost': 'ladder.war.cost'}
    """
    made = {path: label(path, titles) for path in paths}
    often = Counter(made.values())
    return {path: path if often[name] > 1 else name for path, name in made.items()}


def titles_of(scenario: Any) -> dict[str, str]:
    """Return what to call each actor of a scenario in print."""
    return {name: actor.title or name for name, actor in scenario.actors.items()}


def spoken(text: str, titles: Mapping[str, str]) -> str:
    """Return a label with actors under the names to print.

    Only whole words are replaced, and not those within the path of a number.

    Examples
    --------
    >>> spoken("aland concedes", {"aland": "Aland"}), spoken("P(aland.yield)", {"aland": "Aland"})
    ('Aland concedes', 'P(aland.yield)')
    """
    if not titles:
        return text
    known = "|".join(re.escape(name) for name in sorted(titles, key=len, reverse=True))
    return re.sub(rf"(?<![\w.])({known})(?![\w.])", lambda m: titles[m[1]], text)


def said(word: str) -> str:
    return word.replace("_", " ")
