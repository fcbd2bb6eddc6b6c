"""A whole default report of each shipped case, in a process of its own, as a user waits for it.

``DETENTE_FIRST`` may name a checkout of an earlier version. Its reports are timed in the same run,
in turn with those of this version, and the ratio is that of their times. Without it the ratio is
that to the target.

    git worktree add ../first COMMIT
    DETENTE_FIRST=../first python -m benchmarks report
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from detente.analysis import begin
from detente.cases import shipped

Row = dict[str, Any]
WHOLE, ANSWER = 10.0, 3.0
"""Targets in seconds, kernels compiled, on two cores without other work: the report, and the
answer without its ranges."""


def rows(quick: bool = False) -> list[Row]:
    """Return the time of the report and of the answer for each shipped case."""
    here = Path(__file__).parent.parent
    first = os.environ.get("DETENTE_FIRST")
    times = 1 if quick else 5
    names = sorted(shipped())[:1] if quick else sorted(shipped())
    out: list[Row] = []
    for name in names:
        report(here, name)  # compile the kernels, fill the caches of the disk
        old = bool(first) and report(Path(first or ""), name) is not None
        pairs = [(report(here, name), report(Path(first or ""), name) if old else None)
                 for _ in range(times)]
        mine = statistics.median(new or 0.0 for new, _ in pairs)
        row: Row = {"work": f"report, {name}", "figure": round(mine, 1), "unit": "s",
                    "target": f"<= {WHOLE:g} s", "ratio": WHOLE / mine,
                    "note": f"median of {times}, 1,024 and 128 samples, a process of its own"}
        if old:
            theirs = statistics.median(was or 0.0 for _, was in pairs)
            row |= {"target": "the earlier version", "ratio": theirs / mine,
                    "note": f"median of {times}; the earlier version {theirs:.1f} s"}
        out.append(row)
        waited = statistics.median(answer(name) for _ in range(times))
        out.append({"work": f"answer, {name}", "figure": round(waited, 1), "unit": "s",
                    "target": f"<= {ANSWER:g} s", "ratio": ANSWER / waited,
                    "note": f"median of {times}, without imports and without ranges"})
    return out


def report(checkout: Path, name: str) -> float | None:
    """Return the seconds that a default report takes, None if that version has no such case."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "detente", "run", name, "--out", f"{folder}/a.html"],
            env=os.environ | {"PYTHONPATH": str((checkout / "src").resolve())}, cwd=folder,
            capture_output=True,
        )
        return time.perf_counter() - began if done.returncode == 0 else None


def answer(name: str) -> float:
    """Return the seconds until the answer is known, other equilibria and structures included."""
    analysis = begin(name)
    began = time.perf_counter()
    while (step := analysis.step()) is not None and step.name != "structure":
        pass
    return time.perf_counter() - began
