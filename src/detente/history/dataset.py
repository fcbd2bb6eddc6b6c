"""The description of a data set. Each data set has one file in ``datasets/``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

__all__ = ["DataSet", "Kind", "Variable"]

Kind = Literal["country", "year", "count", "code", "flag", "real", "text", "date", "category"]
"""country: COW or Gleditsch-Ward state number; code: see the variable's meaning; date: a day."""


@dataclass(frozen=True)
class Variable:
    """One documented column."""

    name: str
    kind: Kind
    meaning: str
    missing: tuple[float, ...] | None = None
    """Codes for a missing value in this column; None: the codes of the data set."""


@dataclass(frozen=True)
class DataSet:
    """One published file: its address, and how it is verified, read and cited.

    Attributes
    ----------
    address
        OWNER/REPOSITORY/COMMIT/PATH, appended to the base address.
    sha256, size
        Hash and number of the file's bytes.
    unit
        The unit of observation.
    missing
        Codes for a missing value in the numeric columns.
    traps
        Properties of the data that mislead. They are shown with the data.
    """

    name: str
    title: str
    version: str
    description: str
    citation: tuple[str, ...]
    licence: str
    address: str
    sha256: str
    size: int
    unit: str
    rows: int
    variables: tuple[Variable, ...]
    missing: tuple[float, ...] = ()
    traps: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Name in the cache. It begins with the hash, so that versions do not collide."""
        return f"{self.sha256[:12]}-{self.address.rsplit('/', 1)[-1]}"

    def verify(self, content: bytes) -> bool:
        """Return whether these are the published bytes."""
        return hashlib.sha256(content).hexdigest() == self.sha256

    def variable(self, name: str) -> Variable | None:
        """Return the documentation of one column, or None."""
        return next((v for v in self.variables if v.name == name), None)
