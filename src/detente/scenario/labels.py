"""Labels of the numbers of a file: words for the path, and titles for the actors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.scenario.quantity import Quantity

__all__ = ["in_sentence", "label", "labels", "titles_in_sentence", "titles_of"]

WITH_ARTICLE = ("states", "union", "alliance", "kingdom", "republic", "federation", "nations",
                "empire", "council", "league", "bloc", "emirates", "netherlands", "philippines")
DETERMINERS = ("the", "one")
"""First words of a title after which no article stands; small within a sentence."""


def in_sentence(title: str) -> str:
    """Return an actor's title as it stands within a sentence, with its article if it takes one.

    Examples
    --------
    >>> in_sentence("Soviet Union"), in_sentence("Britain"), in_sentence("the alliance")
    ('the Soviet Union', 'Britain', 'the alliance')
    >>> in_sentence("The other bloc of states"), in_sentence("One bloc of states")
    ('the other bloc of states', 'one bloc of states')
    """
    first, *words = title.split() or [""]
    if words and first.lower() in DETERMINERS:
        return first.lower() + title[len(first):]
    return f"the {title}" if (words or [first])[-1].lower() in WITH_ARTICLE else title


def titles_in_sentence(titles: Mapping[str, str]) -> dict[str, str]:
    """Return actors' titles by name, each as it stands within a sentence.

    Examples
    --------
    >>> titles_in_sentence({"ussr": "Soviet Union", "britain": "Britain"})
    {'ussr': 'the Soviet Union', 'britain': 'Britain'}
    """
    return {name: in_sentence(title) for name, title in titles.items()}


def label(number: Quantity, titles: Mapping[str, str]) -> str:
    """Return the label of a number.

    Parameters
    ----------
    number : Quantity
        As `detente.scenario.paths.numbers` returns it, with its owner and its words.
    titles : mapping of str to str
        Actors' titles by name.

    Examples
    --------
    >>> from detente.scenario.quantity import Quantity
    >>> titles = {"aland": "Aland", "bland": "Bland"}
    >>> alert = Quantity(0, 0, 0, words=("general alert", "risk"))
    >>> label(alert, titles)
    'general alert: risk'
    >>> label(Quantity(0, 0, 0, words=("delay cost",), by="aland"), titles)
    'delay cost (Aland)'
    >>> label(Quantity(0, 0, 0, owner="bland", words=("war cost", "least")), titles)
    'Bland: war cost, least'
    """
    words = number.words
    if number.owner:
        words = (titles.get(number.owner, number.owner.replace("_", " ")), *words)
    by = f" ({titles.get(number.by, number.by.replace('_', ' '))})" if number.by else ""
    head, rest = words[0], ", ".join(words[1:])
    return (f"{head}: {rest}" if rest else head) + by


def labels(numbers: Iterable[Quantity], titles: Mapping[str, str]) -> dict[str, str]:
    """Return a label for every number by its path. If two labels are equal, return the paths.

    Examples
    --------
    >>> from detente.scenario.quantity import Quantity
    >>> one = Quantity(0, 0, 0, path="war.cost", words=("war", "cost"))
    >>> two = Quantity(0, 0, 0, path="ladder.war.cost", words=("war", "cost"))
    >>> labels([one, two], {})
    {'war.cost': 'war.cost', 'ladder.war.cost': 'ladder.war.cost'}
    """
    made = {number.path: label(number, titles) for number in numbers}
    often = Counter(made.values())
    return {path: path if often[name] > 1 else name for path, name in made.items()}


def titles_of(scenario: Any) -> dict[str, str]:
    """Return the title of each actor of a scenario by its name."""
    return {name: actor.title or name for name, actor in scenario.actors.items()}
