"""The file of a sweep: its columns and its definition, and the summary that is read from it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.analysis.spread import band
from detente.analysis.sweep_parts import Parts, cannot_write
from detente.analysis.tables import ResultCharts, Tables, in_notebook
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.render import Chart

__all__ = ["Sweep", "arrow", "check", "column", "join", "read", "written"]

KEY, OUTCOMES = b"detente.sweep", b"detente.outcomes"
"""Metadata of the file: the definition of the sweep, and the names of the outcomes."""


@dataclass(frozen=True, repr=False)
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    path : Path
        The file.
    n, certified : int
        Its rows, and how many hold their certificate.
    resumed : int
        Rows that an earlier run had already solved.
    about : dict
        The definition: case, hash of the file, version, samples, seed, lambda.
    outcomes : dict of str to dict
        Mean, 5th and 95th percentile of each outcome's probability over the certified rows.
    words : mapping of str to str
        The words for each outcome, with the actors' titles.
    notes : tuple of str
        Damaged parts that were solved again, and files in the folder of parts that are not of this
        sweep.
    """

    path: Path
    n: int
    certified: int
    resumed: int
    about: dict[str, Any]
    outcomes: dict[str, dict[str, float]]
    words: Mapping[str, str] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        means = ", ".join(f"{self.words.get(name, name)} {p['mean']:.3f}" for name, p in sorted(
            self.outcomes.items(), key=lambda item: -item[1]["mean"])[:2])
        return (f"<Sweep of {self.about['case']}: mean {means or 'unknown'}, {self.certified} of "
                f"{self.n} samples checked>")

    @cached_property
    def tables(self) -> Tables:
        """The tables "outcomes" and "samples" (the rows of the file), as pandas data frames."""
        return Tables({"outcomes": self._outcomes, "samples": self._samples})

    def _outcomes(self) -> list[dict[str, Any]]:
        return [{"outcome": name, **p, "samples": self.certified}
                for name, p in self.outcomes.items()]

    def _samples(self) -> list[dict[str, Any]]:
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(self.path).to_pylist()
        return rows

    @cached_property
    def charts(self) -> ResultCharts:
        """The chart "outcomes": the range of each probability over the samples."""
        def drawn() -> Chart:
            from detente.render import charts

            return charts.outcomes(
                [{"name": self.words.get(name, name), "low": p["low"], "high": p["high"]}
                 for name, p in self.outcomes.items()],
                "Outcomes over the samples, 5 to 95 % (fallible)")

        return ResultCharts({"outcomes": drawn} if self.outcomes else {})

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), Tables({"outcomes": self._outcomes}),
                           self.charts, certified=self.certified == self.n)

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {**self.about, "file": str(self.path), "rows": self.n, "certified": self.certified,
                "resumed": self.resumed, "outcomes": self.outcomes, "notes": list(self.notes)}


def arrow() -> Any:
    """Import pyarrow, or raise an error that says how to install it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise InputError(
            "a sweep writes Parquet, which needs pyarrow", expected="the extra `data`. In "
            "the folder of the clone run: .venv/bin/python -m pip install -e '.[data]'"
        ) from missing
    return pyarrow


def check(about: dict[str, Any], there: dict[str, Any] | None, place: Path) -> None:
    """Refuse to continue or replace the file of another sweep."""
    if there is None:
        raise InputError("the output file exists and is not a sweep", file=str(place),
                         expected="another --out, or move the file")
    for key, value in about.items():
        if there.get(key) != value:
            words = {"file_sha256": "another version of the case's file"}
            what = words.get(key, f"{key} {there.get(key)}, not {value}")
            raise InputError(f"the earlier run of the sweep had {what}", file=str(place), field=key,
                             expected="the same settings, or another --out")


def column(outcome: str) -> str:
    """Return the name of the column with an outcome's probability."""
    return f"P({outcome})"


def join(
    own: Parts, place: Path, about: dict[str, Any], outcomes: Sequence[str]
) -> int | None:
    """Write the parts as one file, a row group each, completely or not at all.

    Returns
    -------
    int or None
        The first row of a part that is damaged; None if the file is written.
    """
    import pyarrow.parquet as pq

    metadata = {KEY: json.dumps(about).encode(), OUTCOMES: json.dumps(list(outcomes)).encode()}
    partial = place.with_name(f".{place.name}.tmp")  # the lock allows one writer
    writer = schema = None
    try:
        for first in own.firsts:
            table = own.read(first)
            if table is None or (schema and table.schema.names != schema.names):
                return first
            if writer is None:
                schema = table.schema.with_metadata(metadata)
                writer = pq.ParquetWriter(partial, schema)
            writer.write_table(table.replace_schema_metadata(metadata))
        if writer is not None:
            writer.close()
        os.replace(partial, place)
    except OSError as wrong:
        raise cannot_write(wrong, place) from wrong
    finally:
        if writer is not None:
            with suppress(OSError):
                writer.close()
        partial.unlink(missing_ok=True)
    return None


def written(place: Path) -> dict[str, Any] | None:
    """Return the definition stored in a finished sweep, None if the file is not a sweep."""
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        metadata = pq.read_schema(place).metadata or {}
        json.loads(metadata[OUTCOMES])
        found: dict[str, Any] = json.loads(metadata[KEY])
    except (OSError, ArrowException, KeyError, ValueError):
        return None
    return found


def read(place: Path, about: dict[str, Any], resumed: int, words: Mapping[str, str]) -> Sweep:
    """Return the sweep's summary from its file."""
    import pyarrow.parquet as pq

    names: list[str] = json.loads(pq.read_schema(place).metadata[OUTCOMES])
    table = pq.read_table(place, columns=[*map(column, names), "certified"])
    ok = table["certified"].to_numpy()
    summary = {}
    for name in names if ok.any() else []:
        x = table[column(name)].to_numpy()[ok]
        low, high = band(x)
        assert low is not None and high is not None  # some are certified
        summary[name] = {"mean": float(x.mean()), "low": low, "high": high}
    return Sweep(place, table.num_rows, int(ok.sum()), resumed, about, summary, words)
