"""A table of crises: its rows, its endings and its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from detente.errors import InputError, nearest, one_of

__all__ = ["Crises", "Feature", "Known"]

Known = Literal["before", "coded"]
"""before: known when the crisis began; coded: judged by coders who knew how it ended."""


@dataclass(frozen=True)
class Feature:
    """One column that may explain an ending.

    Attributes
    ----------
    name
        The column.
    meaning
        Meaning and unit.
    known
        ``"before"`` or ``"coded"``: see `Known`.
    source
        The registered data set, or the publication.
    """

    name: str
    meaning: str
    known: Known
    source: str


@dataclass(frozen=True)
class Crises:
    """Crises, one per row, with how each ended.

    Attributes
    ----------
    name
        ``mid``, ``rungs`` or ``icb``.
    endings
        The endings, in their order: from the challenger's retreat to war, or up the ladder.
    features
        The features by name.
    rows
        ``crisis``, ``year``, ``pair`` (smaller number first, as in ``2-200``), ``challenger`` and
        ``target`` (COW numbers), ``ending``, and a column of floats per feature, NaN if missing.
    notes
        How many rows were left out and why, and how many values are missing or replaced, and how.
    """

    name: str
    endings: tuple[str, ...]
    features: dict[str, Feature]
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def counts(self) -> dict[str, int]:
        """Return the number of crises by ending, in the order of the endings."""
        found = self.rows["ending"].value_counts()
        return {ending: int(found.get(ending, 0)) for ending in self.endings}

    def coverage(self) -> pd.DataFrame:
        """Return the number of crises and of each ending by year.

        Years without a crisis between the first and the last are rows of zeros.
        """
        years = range(int(self.rows["year"].min()), int(self.rows["year"].max()) + 1)
        table = pd.crosstab(self.rows["year"], self.rows["ending"])
        table = table.reindex(index=pd.Index(years, name="year"), columns=list(self.endings),
                              fill_value=0)
        table.insert(0, "crises", table.sum(axis=1))
        return table.reset_index().rename_axis(columns=None)

    def names(self, which: Literal["all", "before"] = "all") -> list[str]:
        """Return the names of all features, or of those that are known before a crisis."""
        return [f.name for f in self.features.values() if which == "all" or f.known == "before"]

    def select(self, names: Sequence[str]) -> Crises:
        """Return the table with only these features.

        Raises
        ------
        InputError
            The table has no such feature.
        """
        for name in names:
            if name not in self.features:
                raise InputError(f"table {self.name} has no feature {name!r}",
                                 expected=one_of(name, self.features),
                                 nearest=nearest(name, self.features))
        gone = [name for name in self.features if name not in names]
        return replace(self, features={n: self.features[n] for n in names},
                       rows=self.rows.drop(columns=gone))

    def filled(self, like: Crises | None = None) -> Crises:
        """Return the table with each missing value replaced by the median of the feature.

        Parameters
        ----------
        like
            The rows of the median, such as the training rows of a fit. Default: this table. A
            feature without any value there becomes 0.

        Examples
        --------
        >>> rows = pd.DataFrame({"x": [1.0, 3.0, float("nan")]})
        >>> whole = Crises("toy", (), {"x": Feature("x", "", "before", "")}, rows)
        >>> train, test = whole.with_rows(rows[:1]), whole.with_rows(rows[1:])
        >>> test.filled(train).rows["x"].tolist()
        [3.0, 1.0]
        """
        names = list(self.features)
        middle = (like or self).rows[names].median().fillna(0.0)
        return replace(self, rows=self.rows.fillna(middle.to_dict()))

    def with_rows(self, rows: pd.DataFrame) -> Crises:
        """Return the same table with other rows, such as those of a fold."""
        return replace(self, rows=rows.reset_index(drop=True))
