"""Question of a base rate. The module imports no data package, so that it loads fast."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Question"]


@dataclass(frozen=True)
class Question:
    """Share of the rows of one data set that show an event, given a condition.

    Attributes
    ----------
    name
        Identifier in the registry.
    title
        The question in words.
    data
        The data set.
    given, event
        Conditions on its columns, in SQL. Rows are omitted and counted if either is missing.
    definition
        Definition of the counted rows and of the event, in words.
    warning
        Interpretation that the data does not support.
    cluster
        SQL expression that is equal for rows that may depend on one another; empty if none do.
    weight
        If a row counts several observations: the SQL expression of the number that meet the
        condition. ``event`` is then the expression of the number of these that show the event.
    parties
        Further data set that the clusters need: the states on either side of each dispute.
        ``cluster`` is then ``pair``, the opponents on the first day.
    beside
        Outcome of a crisis file that is most similar to the event and is shown beside it; empty if
        no outcome is similar.
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

    @property
    def needs(self) -> tuple[str, ...]:
        """The data sets without which nothing can be counted."""
        return (self.data,)

    @property
    def sets(self) -> tuple[str, ...]:
        """The data sets to download: those needed, and those of the clusters."""
        return tuple(name for name in (self.data, self.parties) if name)

    @property
    def unit(self) -> str:
        """Unit of the answer."""
        return "share"
