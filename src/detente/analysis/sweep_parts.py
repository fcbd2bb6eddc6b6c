"""The finished parts of a sweep: one folder, locked, with a key in each part.

The key is the hash of all settings of the sweep. A part is used only if its key, its first row and
its number of rows are right and all its pages pass their checksums. Other files in the folder are
never used and never removed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente import lock
from detente.errors import InputError, OutputError

__all__ = ["LOCK", "MANIFEST", "PARTIAL", "Parts", "cannot_write", "key_of", "locked"]

PART = b"detente.part"
"""Metadata of a part: key of the sweep, first row, rows."""
MANIFEST, LOCK, PARTIAL = "manifest.json", ".lock", ".part."


def key_of(settings: Mapping[str, Any]) -> str:
    """Return the hash of a sweep's settings, in hexadecimal.

    Examples
    --------
    >>> key_of({"seed": 1, "samples": 8}) == key_of({"samples": 8, "seed": 1})
    True
    >>> key_of({"seed": 1}) == key_of({"seed": 2})
    False
    """
    return hashlib.sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()


def cannot_write(wrong: OSError, place: Path) -> OutputError:
    """Return the error for a place that cannot be written to."""
    return OutputError(f"cannot write: {(wrong.strerror or str(wrong)).lower()}", file=str(place),
                       expected="a place that you may write to and that has room")


@dataclass(frozen=True)
class Parts:
    """The parts of one sweep.

    Attributes
    ----------
    folder : Path
    key : str
        Hash of the settings.
    length, samples : int
        Rows of a part (the last one may be shorter), and of all parts.
    """

    folder: Path
    key: str
    length: int
    samples: int

    @property
    def firsts(self) -> list[int]:
        """The first row of each part."""
        return list(range(0, self.samples, self.length))

    def place(self, first: int) -> Path:
        """Return the file of a part."""
        return self.folder / f"part-{self.key[:16]}-{first:012d}.parquet"

    def rows(self, first: int) -> int:
        """Return the number of rows of a part."""
        return min(self.length, self.samples - first)

    def _mark(self, first: int) -> bytes:
        return json.dumps([self.key, first, self.rows(first)]).encode()

    def write(self, first: int, table: Any) -> None:
        """Write a part, completely or not at all."""
        import pyarrow.parquet as pq

        partial = self.folder / f"{PARTIAL}{first}"
        marked = table.replace_schema_metadata({PART: self._mark(first)})
        try:
            pq.write_table(marked, partial, write_page_checksum=True)
            os.replace(partial, self.place(first))
        except OSError as wrong:
            raise cannot_write(wrong, self.place(first)) from wrong

    def read(self, first: int) -> Any:
        """Return a part as a table, None if it is absent, damaged or of another sweep."""
        import pyarrow.parquet as pq
        from pyarrow import ArrowException

        try:
            table = pq.read_table(self.place(first), page_checksum_verification=True,
                                  partitioning=None)
            table.validate(full=True)
        except (OSError, ArrowException, ValueError):
            return None
        mark = (table.schema.metadata or {}).get(PART)
        return table if mark == self._mark(first) and table.num_rows == self.rows(first) else None

    def damaged(self, first: int) -> bool:
        """Whether the file of a part is there and cannot be used."""
        return os.path.lexists(self.place(first)) and self.read(first) is None

    def others(self) -> list[str]:
        """Return the names of the files in the folder that are not of this sweep."""
        own = {self.place(first).name for first in self.firsts} | {MANIFEST, LOCK}
        with suppress(FileNotFoundError):
            return sorted(name for name in os.listdir(self.folder) if name not in own)
        return []

    def clean(self) -> None:
        """Remove what an interrupted write has left; call it only with the lock."""
        for path in self.folder.glob(f"{PARTIAL}*"):
            with suppress(OSError):
                path.unlink()

    def remove(self) -> None:
        """Remove the parts of this sweep and its manifest; other files stay."""
        for path in [*(self.place(first) for first in self.firsts), self.folder / MANIFEST]:
            with suppress(OSError):
                path.unlink()


@contextmanager
def locked(folder: Path, what: str = "sweep", place: str = "output file") -> Iterator[None]:
    """Make a folder and hold its lock; remove both at the end if nothing else is in it.

    The operating system releases the lock if the process ends in any way, so a file that is left
    from a killed process locks nothing.

    Parameters
    ----------
    what, place
        What is computed, and where one of it may write, for the message.

    Raises
    ------
    InputError
        Another process holds the lock.
    OutputError
        The folder cannot be made.
    """
    with ExitStack() as held:
        held.callback(_remove, folder)  # runs after the lock is released
        _take(folder, held, what, place)
        yield


def _remove(folder: Path) -> None:
    """Remove the folder if nothing is in it."""
    with suppress(OSError):
        folder.rmdir()


def _take(folder: Path, held: ExitStack, what: str, place: str) -> None:
    """Make the folder and take its lock, which ``held`` then holds."""
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(lock.locked(folder / LOCK, wait=0))
            return
        except FileNotFoundError:  # another process removed the folder at this moment
            continue
        except lock.HeldError as other:
            raise InputError(
                f"another {what} writes this output"
                + (f" (process {other.owner})" if other.owner else ""),
                file=str(folder), expected=f"one {what} per {place}; wait until the other one "
                "ends, or give another --out",
            ) from None
        except OSError as wrong:
            raise cannot_write(wrong, folder) from wrong
