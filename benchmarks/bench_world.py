"""Time of the exact divisions of the states, for every year of the data and each definition.

The data must have been fetched (`detente data fetch`). The target is ten seconds per year for both
indices, in two blocs and in any number.
"""

from __future__ import annotations

import time
from typing import Any

from detente.errors import InputError
from detente.world.balance import frustration
from detente.world.blocs import best_blocs
from detente.world.fromdata import DEFINITIONS, from_history, years

TARGET = 10.0
"""Seconds per year."""


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Return the slowest year of each definition."""
    return [_slowest(definition, 20 if quick else 1) for definition in DEFINITIONS]


def _slowest(definition: str, step: int) -> dict[str, Any]:
    work = f"world: both indices, slowest year, {definition}"
    slowest, when, total, proved, count = 0.0, 0, 0.0, 0, 0
    try:
        for year in years(definition)[::step]:
            ties = from_history(year, definition)
            began = time.perf_counter()
            exact = frustration(ties).exact and best_blocs(ties).exact
            took = time.perf_counter() - began
            if took > slowest:
                slowest, when = took, year
            total, proved, count = total + took, proved + exact, count + 1
    except InputError as absent:
        return {"work": work, "figure": None, "unit": "s", "target": TARGET, "ratio": None,
                "note": str(absent)}
    return {"work": work, "figure": slowest, "unit": "s", "target": TARGET,
            "ratio": TARGET / max(slowest, 1e-9),
            "note": f"{when}; {proved} of {count} years proved exact; {total:.1f} s in all"}
