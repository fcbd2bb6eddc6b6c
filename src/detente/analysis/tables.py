"""Results as pandas tables, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tables"]

Rows = list[dict[str, Any]]


class Tables(Mapping[str, "pd.DataFrame"]):
    """Data frames by name, made from rows; numbers stay numbers.

    Parameters
    ----------
    made : mapping of str to callable
        The function that returns the rows of each table.

    Examples
    --------
    >>> tables = Tables({"outcomes": lambda: [{"outcome": "war", "fallible": 0.2}]})
    >>> tables, float(tables["outcomes"]["fallible"].sum())
    (tables: outcomes, 0.2)
    """

    def __init__(self, made: Mapping[str, Callable[[], Rows]]) -> None:
        self._rows = dict(made)
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, key: str) -> pd.DataFrame:
        import pandas as pd

        if key not in self._rows:
            raise KeyError(f"{key!r}; choose one of {', '.join(self)}")
        if key not in self._made:
            frame = pd.DataFrame(self._rows[key]())
            for name in frame.columns:
                known = frame[name].dropna()
                if frame[name].dtype == object and len(known) and all(
                    isinstance(x, (int, float)) and not isinstance(x, bool) for x in known
                ):
                    frame[name] = frame[name].astype(float)
            self._made[key] = frame
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"tables: {', '.join(self)}"
