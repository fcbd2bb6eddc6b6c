"""Times of the graph model and of positional bargaining, against the sizes they are meant for.

Run ``python benchmarks/bench_lenses.py``. There is no peer to run beside: no package with these
concepts for n decision makers is on the registry, so forming the reachable sets of a model stands
in for how it is usually done. Times are of one run after a warm-up, on the machine at hand.
"""

from __future__ import annotations

import csv
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from detente.bargaining import Positions, bands, power, read
from detente.bargaining.expected_utility import play
from detente.graphmodel import OptionForm, analyse, analyse_extended, by_options


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of one run."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def model(options: int, seed: int = 0):  # type: ignore[no-untyped-def]
    """Build a model of four decision makers with as many options each."""
    rng = np.random.default_rng(seed)
    own = {d: [f"{d}{k}" for k in range(options)] for d in "abcd"}
    names = [o for part in own.values() for o in part]
    wants = {
        d: [("" if rng.random() < 0.5 else "not ") + o for o in rng.permutation(names)] for d in own
    }
    return by_options(OptionForm(own), wants)


def issues(count: int, actors: int, seed: int = 0) -> Positions:
    """Build a table of issues with random positions."""
    rng = np.random.default_rng(seed)
    shape = (actors, count)
    return Positions(
        tuple(f"a{k}" for k in range(actors)),
        tuple(f"i{k}" for k in range(count)),
        rng.uniform(0, 100, shape),
        rng.uniform(0, 1, shape),
        rng.uniform(0.1, 3, shape),
        np.zeros(count),
        np.full(count, 100.0),
    )


def written(table: Positions, folder: Path) -> Path:
    """Write a table as CSV and return the file."""
    path = folder / "issues.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["actor", "issue", "position", "salience", "capability", "low", "high"])
        for a, actor in enumerate(table.actors):
            for k, issue in enumerate(table.issues):
                cells = (table.position[a, k], table.salience[a, k], table.capability[a, k])
                out.writerow([actor, issue, *cells, 0, 100])
    return path


def main() -> None:
    """Print the table."""
    analyse(model(1))  # compile
    analyse_extended(model(1))
    small = issues(3, 5)
    bands(small, ("compromise",), samples=20)
    play(small.position.T, small.salience.T, small.capability.T, 100.0, rounds=1)

    rows: list[tuple[str, float, str]] = []
    big = model(4)
    rows.append(("16 options, 4 decision makers: build 65,536 states", timed(lambda: model(4)), ""))
    rows.append(("  the four concepts", timed(lambda: analyse(big)), "30 s"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    rows.append(("  peak memory so far, GB", peak, "4 GB"))
    middle = model(2)
    fast, general = timed(lambda: analyse(middle)), timed(lambda: analyse_extended(middle))
    rows.append(("256 states: backward search", fast, ""))
    rows.append(("256 states: reachable sets formed", general, f"{general / fast:.0f} x slower"))
    with tempfile.TemporaryDirectory() as folder:
        table = issues(353, 28)
        path = written(table, Path(folder))
        rows.append(
            (
                "353 issues, 28 actors: read, forecast, band of 500",
                timed(lambda: bands(read(path), ("compromise",))),
                "2 s",
            )
        )
    one = issues(1, 100)
    rows.append(
        (
            "expected utility, 100 actors, 10 rounds",
            timed(lambda: play(one.position.T, one.salience.T, one.capability.T, 100.0, rounds=10)),
            "1 s",
        )
    )
    votes = {str(k): 1 + k % 10 for k in range(100)}
    rows.append(("power indices, 100 voters, quota 276", timed(lambda: power(votes, 276)), ""))
    print(f"{'work':58} {'seconds':>10}   at most")
    for what, seconds, limit in rows:
        print(f"{what:58} {seconds:10.3f}   {limit}")


if __name__ == "__main__":
    main()
