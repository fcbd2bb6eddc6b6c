"""What a base rate asks. It imports nothing heavy, so that files can name questions cheaply."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Question"]


@dataclass(frozen=True)
class Question:
    """Given X, how often Y, over one data set.

    Attributes
    ----------
    name
        How it is asked for.
    title
        The question in words.
    data
        The data set.
    given, event
        Conditions on its columns, in SQL. Rows where either is missing are left out and counted.
    definition
        What was counted, in words.
    warning
        What the number is not.
    cluster
        A SQL expression equal for rows that may depend on one another; empty where none are known.
    weight
        For counts of many plays in a row: the SQL expression of how many are in the
        condition; ``event`` is then the expression of how many of these show the event.
    parties
        A further data set that has to be in the cache for the clusters to be known: the states on
        either side of each dispute. ``cluster`` is then ``pair``, the first-day opponents.
    beside
        The ending of a crisis file that comes nearest to the event, to be shown beside it; empty
        where none does.
    """

    name: str
    title: str
    data: str
    given: str
    event: str
    definition: str
    warning: str
    cluster: str = ""
    weight: str = ""
    beside: str = ""
    parties: str = ""
