"""A sweep: one row per sample of the file's ranges, saved in parts, so that it can be resumed.

During a sweep its finished parts are in ``FILE.parts/`` (`detente.analysis.sweep_parts`), each
written completely. At the end they become one file, and the parts are removed. Each sample has its
own arithmetic, so the rows are the same to the last bit for any number of workers.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.question import columns as named
from detente.analysis.sweep_file import Sweep, arrow, check, column, join, written
from detente.analysis.sweep_file import read as read_file
from detente.analysis.sweep_parts import MANIFEST, PARTIAL, Parts, cannot_write, key_of, locked
from detente.defaults import SEED, WORKERS
from detente.errors import InputError
from detente.limits import MOST_WORKERS, WAIT, check_count
from detente.scenario.labels import titles_in_sentence, titles_of

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.equilibrium.batch.solve import BatchResult
    from detente.game.compile import Compiled

__all__ = ["Job", "Sweep", "sweep"]

PART_BYTES = 64 << 20
LONGEST = 512
"""Most rows of a part; an interruption loses at most one part per worker."""
Tell = Callable[[int, int, str], None]
MOST_NAMED = 5
"""Files that one note names."""


@dataclass(frozen=True)
class Job:
    """The definition of a sweep, small enough to be sent to every worker.

    Attributes
    ----------
    scenario : Scenario
    n, seed : int
        Samples, and the seed of the Sobol' sequence.
    """

    scenario: Any
    n: int
    seed: int

    @cached_property
    def compiled(self) -> Compiled:
        """The game."""
        from detente.game.compile import compile_scenario

        return compile_scenario(self.scenario)

    @cached_property
    def start(self) -> list[Equilibrium]:
        """The centre of the ranges at several precisions, from which every sample is solved."""
        from detente.analysis.precision import starts
        from detente.equilibrium import solve

        return starts(self.compiled, solve(self.compiled.tree, self.compiled.lam))

    @cached_property
    def theta(self) -> NDArray[np.float64]:
        """The numbers of every sample, (n, K)."""
        from detente.analysis.samples import draws

        return draws(self.compiled, self.n, self.seed)

    @property
    def ranges(self) -> dict[str, int]:
        """The numbers that are open, with their column in `theta`."""
        numbers = self.compiled.graph.rules.numbers
        return {p: k for k, p in enumerate(self.compiled.paths) if numbers[p].is_range}

    @property
    def words(self) -> dict[str, str]:
        """The words for each outcome, with the actors' titles, by its name."""
        titles = titles_in_sentence(titles_of(self.scenario))
        return {str(kind): kind.words(titles) for kind in self.compiled.tree.outcome_kinds}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the arrays that every worker computes itself."""
        return {k: vars(self)[k] for k in ("scenario", "n", "seed")}

    def length(self) -> int:
        """Return the number of rows of a part; it does not depend on the number of workers."""
        tree = self.compiled.tree
        each = 8 * (sum(u.size for u in tree.payoff) + tree.n_nodes + tree.type_prob.size + 1)
        fit = min(LONGEST, max(8, PART_BYTES // each // 8 * 8))
        return int(min(fit, max(8, -(-self.n // 64) * 8)))

    def solve(
        self, rows: NDArray[np.int64], length: int, workers: int = 1
    ) -> Iterator[BatchResult]:
        """Solve some samples, and yield the results ``length`` at a time, in order."""
        from detente.equilibrium.batch.solve import iter_batch

        yield from iter_batch(
            self.compiled.tree, lambda which: self.compiled.numbers(self.theta[rows[which]]),
            len(rows), lam=self.compiled.lam, start=self.start, workers=workers, chunk=length,
        )

    def probabilities(self, outcomes: Any = None) -> dict[str, Any]:
        """Return the columns of probabilities by name, from those of the outcomes (S, n)."""
        tree = self.compiled.tree
        given = np.empty((0, len(tree.outcome_names))) if outcomes is None else outcomes
        return named(tree.outcome_names, given, tree.wars)

    def table(self, rows: NDArray[np.int64], found: BatchResult) -> Any:
        """Return solved samples as an Arrow table, one row per sample.

        ``P(war)`` is the probability of any war, as in every other output.
        """
        pyarrow = arrow()
        columns: dict[str, Any] = {"sample": rows.astype(np.int64)}
        columns |= {path: self.theta[rows, k] for path, k in self.ranges.items()}
        columns |= {column(name): p for name, p in self.probabilities(found.outcomes).items()}
        columns["residual"] = found.residual
        columns["certified"] = found.certified
        columns["reached_by"] = [str(word) for word in found.reached_by]
        return pyarrow.table({
            name: pyarrow.array(
                np.ascontiguousarray(x) if isinstance(x, np.ndarray) else x,
                pyarrow.string() if name == "reached_by" else None)
            for name, x in columns.items()
        })


def sweep(
    case: str | Path | Any,
    out: str | Path,
    *,
    samples: int = 4096,
    seed: int = SEED,
    lam: float | None = None,
    workers: int = WORKERS,
    scheduler: str | None = None,
    wait: float = WAIT,
    tell: Tell | None = None,
) -> Sweep:
    """Solve samples of a case's ranges (fallible model) into a Parquet file.

    Parameters
    ----------
    case : str, Path or Scenario
        A crisis file, a shipped case's name, or a scenario.
    out : str or Path
        The file; its finished parts are in ``OUT.parts/`` until all are complete.
    samples : int
        Sobol' samples, at most `detente.limits.MOST_SAMPLES`.
    workers : int
        Threads (without a scheduler).
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://...``) whose workers do the work.
    wait : float
        Seconds to wait for the scheduler, and for a worker if there is none.
    tell : callable, optional
        Called with (rows done, rows, what).

    Raises
    ------
    InputError
        The parts or the file belong to another sweep, another process writes this output, the
        samples are too many, no scheduler or worker answers, or a package is not installed.
    OutputError
        The file cannot be written.
    SolveError
        The cluster was lost, or a part failed on it.
    """
    from detente.analysis.precision import fixed
    from detente.cases import read
    from detente.version import __version__

    arrow()
    check_count(samples, field="--samples")
    check_count(workers, "workers", field="--workers", most=MOST_WORKERS)
    if isinstance(case, (str, Path)):
        found = read(case)
        sha, scenario = found.sha256, found.scenario
    else:
        sha, scenario = hashlib.sha256(repr(case).encode()).hexdigest(), case
    job = Job(fixed(scenario, lam), samples, seed)
    check_count(samples, field="--samples", each=16 * len(job.compiled.paths) + 64)
    about = {"case": scenario.crisis, "file_sha256": sha, "version": __version__,
             "samples": samples, "seed": seed, "lambda": None if lam is None else float(lam)}
    say = tell or (lambda done, total, what: None)
    place = Path(out)
    parts = place.with_name(place.name + ".parts")
    if place.exists():
        check(about, written(place), place)
        if parts.is_dir():
            with suppress(InputError), locked(parts):
                left_over = _left(parts, about, job)
                left_over.clean()
                left_over.remove()
        return read_file(place, about, samples, job.words)
    with locked(parts):
        own = _open(parts, about, job)
        notes: list[str] = []
        resumed = _fill(own, job, workers, scheduler, wait, say, notes)
        while (bad := join(own, place, about, tuple(job.probabilities()))) is not None:
            notes.append(f"{own.place(bad)} was damaged and has been solved again")
            own.place(bad).unlink(missing_ok=True)
            _fill(own, job, workers, scheduler, wait, say, notes)
        own.remove()
        notes += _strangers(own)
    return replace(read_file(place, about, resumed, job.words), notes=tuple(notes))


def _left(parts: Path, about: dict[str, Any], job: Job) -> Parts:
    """Return the parts of a finished sweep that were not removed yet."""
    try:
        length = int(json.loads((parts / MANIFEST).read_text())["part"])
    except (ValueError, KeyError, TypeError, OSError):
        length = job.length()
    return Parts(parts, key_of({**about, "part": length}), max(1, length), job.n)


def _open(parts: Path, about: dict[str, Any], job: Job) -> Parts:
    """Write the manifest of the parts, or check that it is this sweep's."""
    manifest = parts / MANIFEST
    if manifest.exists():
        try:
            there = json.loads(manifest.read_text())
            length = int(there["part"])
            if not 1 <= length <= LONGEST:
                raise ValueError(length)
        except (ValueError, KeyError, TypeError, OSError) as wrong:
            raise InputError("the list of parts cannot be read", file=str(manifest),
                             expected="another --out, or move that folder") from wrong
        check(about, there, parts)
    else:
        length = job.length()
    own = Parts(parts, key_of({**about, "part": length}), length, job.n)
    own.clean()
    if not manifest.exists():
        try:
            partial = parts / f"{PARTIAL}manifest"
            partial.write_text(json.dumps({**about, "part": length}, indent=1))
            os.replace(partial, manifest)
        except OSError as wrong:
            raise cannot_write(wrong, parts) from wrong
    return own


def _fill(
    own: Parts, job: Job, workers: int, scheduler: str | None, wait: float, say: Tell,
    notes: list[str],
) -> int:
    """Solve the parts that are absent or damaged; return the number of rows that were there."""
    have, left = [], []
    for first in own.firsts:
        if own.read(first) is not None:
            have.append(first)
            continue
        left.append(first)
        if own.damaged(first):
            notes.append(f"{own.place(first)} was damaged and has been solved again")
    resumed = done = sum(map(own.rows, have))

    def stage(what: str) -> None:
        say(done, job.n, what)

    stage("samples")
    for first, table in _solved(job, left, own.length, workers, scheduler, wait, stage):
        own.write(first, table)
        done += table.num_rows
        stage("samples")
    return resumed


def _strangers(own: Parts) -> list[str]:
    """Return a note on the files in the folder of parts that were left alone."""
    found = own.others()
    if not found:
        return []
    listed = ", ".join(found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [f"{own.folder} holds files that are not of this sweep; they were not used and not "
            f"removed: {listed}{more}"]


def _solved(
    job: Job, left: list[int], length: int, workers: int, scheduler: str | None, wait: float,
    stage: Callable[[str], None],
) -> Iterator[tuple[int, Any]]:
    """Yield (first row, table) of the parts that are not there yet, as they are ready."""
    if not left:
        return
    if scheduler is not None:
        from detente.analysis.sweep_dask import spread

        yield from spread(job, left, length, scheduler, wait, stage)
        return
    # Only the last part may be short, so concatenated parts keep their bounds.
    rows = np.concatenate([np.arange(first, min(first + length, job.n)) for first in left])
    for k, found in enumerate(job.solve(rows, length, workers)):
        yield left[k], job.table(rows[k * length : k * length + found.size], found)
