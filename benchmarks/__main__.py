"""Print one table of all measurements: `python -m benchmarks` from the repository's root.

Every ``bench_*.py`` in this folder has ``rows(quick=False) -> list[dict]`` with the keys work,
figure, unit, target, ratio and note. ``ratio`` is the figure relative to the target (or to a peer
in the same run). A target is reached if the ratio is at least 1.

    python -m benchmarks            everything
    python -m benchmarks --quick    smaller sizes
    python -m benchmarks batch      only bench_batch.py
    python -m benchmarks --json     one JSON document on standard output
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import platform
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = dict[str, Any]


def names() -> list[str]:
    """Return the names of the benchmarks."""
    return sorted(p.stem.removeprefix("bench_") for p in HERE.glob("bench_*.py"))


def run(name: str, quick: bool) -> list[Row]:
    """Run one benchmark; a failure becomes a row with a note."""
    began = time.perf_counter()
    try:
        rows = list(importlib.import_module(f"benchmarks.bench_{name}").rows(quick))
    except Exception as error:
        traceback.print_exc()
        rows = [{"work": name, "note": f"failed: {type(error).__name__}: {error}"}]
    unit = 1 << 30 if sys.platform == "darwin" else 1 << 20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    rows.append({"work": f"{name}: peak memory so far", "figure": round(peak, 2),
                 "unit": "GB", "note": f"{time.perf_counter() - began:.0f} s in all"})
    return [{"benchmark": name, **row} for row in rows]


def reached(row: Row) -> str:
    """Return "yes" or "no" for a row with a target, otherwise an empty text."""
    ratio = row.get("ratio")
    if row.get("target") is None or not isinstance(ratio, (int, float)) or math.isnan(ratio):
        return ""
    return "yes" if ratio >= 1 else "no"


def show(rows: list[Row]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    def text(value: Any) -> str:
        if isinstance(value, float):
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        return "" if value is None else f"{value}"

    table = Table(title=f"detente benchmarks, {os.cpu_count()} cores, {platform.machine()}, "
                        f"Python {platform.python_version()}")
    for column in ("work", "figure", "unit", "target", "ratio", "reached", "note"):
        table.add_column(column, justify="right" if column in ("figure", "ratio") else "left")
    before = None
    for row in rows:
        if row["benchmark"] != before:
            table.add_section()
            before = row["benchmark"]
        table.add_row(*(text(row.get(k)) for k in ("work", "figure", "unit", "target", "ratio")),
                      reached(row), text(row.get("note")))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def main() -> None:
    """Run the requested benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", metavar="name", help=f"of {', '.join(names())}")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    args = parser.parse_args()
    unknown = [name for name in args.only if name not in names()]
    if unknown:
        parser.error(f"no benchmark called {unknown[0]!r}; there are {', '.join(names())}")
    rows: list[Row] = []
    for name in args.only or names():
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += run(name, args.quick)
    if args.json:
        print(json.dumps([{**r, "reached": reached(r)} for r in rows], indent=1, default=str))
    else:
        show(rows)


if __name__ == "__main__":
    main()
