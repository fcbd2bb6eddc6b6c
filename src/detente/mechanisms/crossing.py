"""Crossings of a red line, as files write them: an actor, its deed and, if it climbs, a rung."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

__all__ = ["JOINS", "MOBILISES", "REACHES", "Crossing", "crossing"]

JOINS, MOBILISES, REACHES = "joins", "mobilises", "reaches"


class Crossing(NamedTuple):
    """A crossing: an actor, its deed (`joins`, `mobilises` or `reaches`), and the rung."""

    actor: str
    deed: str
    rung: str = ""


def crossing(said: str, deeds: Collection[str] = (JOINS, MOBILISES, REACHES)) -> Crossing:
    """Read a crossing.

    Parameters
    ----------
    said
        Such as ``cland joins`` or ``aland reaches limited strike``.
    deeds
        The deeds that are allowed.

    Raises
    ------
    ValueError
        The text has another form; its argument is the part behind the actor.

    Examples
    --------
    >>> crossing("cland mobilises")
    Crossing(actor='cland', deed='mobilises', rung='')
    >>> crossing("aland reaches limited strike").rung
    'limited strike'
    >>> crossing("cland mobilises", ("joins", "reaches"))
    Traceback (most recent call last):
    ...
    ValueError: mobilises
    """
    actor, _, deed = said.partition(" ")
    verb, _, rung = deed.partition(" ")
    if verb not in deeds or (verb == REACHES) != bool(rung):
        raise ValueError(deed)
    return Crossing(actor, verb, rung)
