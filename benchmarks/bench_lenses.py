"""Times of the graph model and of positional bargaining for typical sizes.

There is no peer to run beside: no package with these
concepts for n decision makers is on the registry, so forming the reachable sets of a model stands
in for how it is usually done. Times are of one run after a warm-up, on the machine at hand.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from detente.lenses.graph_model import OptionForm, analyse, analyse_extended, by_options
from detente.lenses.positions import Positions, bands, power, read
from detente.lenses.positions.expected_utility import play


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


def _row(work: str, seconds: float, target: float | None = None, note: str = "") -> dict[str, Any]:
    return {"work": work, "figure": seconds, "unit": "s", "target": target, "note": note,
            "ratio": None if target is None else target / seconds}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Return the table's rows; ``quick`` has no effect because all of it takes seconds."""
    analyse(model(1))  # compile
    analyse_extended(model(1))
    small = issues(3, 5)
    bands(small, ("compromise",), samples=20)
    play(small.position.T, small.salience.T, small.capability.T, 100.0, rounds=1)

    big, middle, one = model(4), model(2), issues(1, 100)
    found = [
        _row("16 options, 4 decision makers: build 65,536 states", timed(lambda: model(4))),
        _row("  the four concepts", timed(lambda: analyse(big)), 30.0),
    ]
    fast, general = timed(lambda: analyse(middle)), timed(lambda: analyse_extended(middle))
    found.append(_row("256 states: backward search", fast,
                      note=f"{general / fast:.0f} x as fast as forming the reachable sets"))
    with tempfile.TemporaryDirectory() as folder:
        path = written(issues(353, 28), Path(folder))
        found.append(_row("353 issues, 28 actors: read, forecast, band of 500",
                          timed(lambda: bands(read(path), ("compromise",))), 2.0))
    play_one = (one.position.T, one.salience.T, one.capability.T, 100.0)
    found.append(_row("expected utility, 100 actors, 10 rounds",
                      timed(lambda: play(*play_one, rounds=10)), 1.0))
    votes = {str(k): 1 + k % 10 for k in range(100)}
    found.append(_row("power indices, 100 voters, quota 276", timed(lambda: power(votes, 276))))
    return found


if __name__ == "__main__":
    for row in rows():
        print(row)
