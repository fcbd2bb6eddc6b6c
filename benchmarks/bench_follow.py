"""Following a crisis: its time beside the solutions it rests on, and starts from neighbours.

Peers are the parts of the product itself: the samples solved without following them, and the same
samples solved from nothing.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from detente.analysis.precision import starts
from detente.analysis.samples import draws, solved_samples
from detente.cases import find, load
from detente.equilibrium import solve
from detente.equilibrium.batch.solve import solve_batch
from detente.follow.file import load_events
from detente.follow.following import OWN
from detente.follow.structures import Structure
from detente.game.compile import compile_scenario
from detente.scenario.structural import restructured

Row = dict[str, Any]
CASE = "cuba-1962"
LARGE, TURNS = "guarantees-2022", 3
"""A case and its turns, a tree of more than 13,000 nodes."""


def rows(quick: bool = False) -> list[Row]:
    """Return the ratios: following to solving, and a start from nothing to one from a neighbour."""
    return [_following(256 if quick else 4096, 1 if quick else 3),
            _neighbours(16 if quick else 128)]


def _following(n: int, times: int) -> Row:
    scenario = load(find(CASE))
    compiled = compile_scenario(scenario)
    theta, centre = draws(compiled, n, 1), solve(compiled.tree, compiled.lam)
    near = starts(compiled, centre)
    events = load_events(CASE, scenario).file.events
    alone, both = [], []
    for _ in range(times + 1):
        begin = time.perf_counter()
        parts = tuple(solved_samples(compiled, theta, 0, n, lam=compiled.lam, start=near,
                                     workers=2))
        middle = time.perf_counter()
        structure = Structure(OWN, 1.0, compiled, theta, parts)
        trail = structure.trail([(e.actor, e.reports) if e.way in ("move", "chance") else None
                                 for e in events], strict=True)
        structure.follow([trail], [np.ones((len(events) + 1, n))], 2)
        end = time.perf_counter()
        alone.append(middle - begin)
        both.append(end - begin)
    ratio = statistics.median(b / a for a, b in zip(alone[1:], both[1:], strict=True))
    return {"work": f"follow {len(events)} events, {CASE}", "figure": round(ratio, 2),
            "unit": "times the solutions", "target": "<= 1.5", "ratio": 1.5 / ratio,
            "note": f"{n} samples, median of {times}; {statistics.median(both[1:]):.1f} s"}


def _neighbours(n: int) -> Row:
    scenario = restructured(load(find(LARGE)), {"turns.each": TURNS})
    compiled = compile_scenario(scenario)
    theta, centre = draws(compiled, n, 1), solve(compiled.tree, compiled.lam)
    numbers = compiled.numbers(theta)
    near = starts(compiled, centre)
    solve_batch(compiled.tree, numbers.take, n, lam=compiled.lam, start=near, workers=2)
    begin = time.perf_counter()
    solve_batch(compiled.tree, numbers.take, n, lam=compiled.lam, start=near, workers=2)
    middle = time.perf_counter()
    for k in range(n):
        game = compiled.tree.with_numbers(**numbers.at(k))
        solve(game, compiled.precision(theta[k]))
    end = time.perf_counter()
    ratio = (end - middle) / (middle - begin)
    return {"work": f"samples of {LARGE}, {TURNS} turns each, {compiled.tree.n_nodes:,} nodes",
            "figure": round(ratio, 1), "unit": "times faster from a neighbour",
            "target": ">= 8", "ratio": ratio / 8,
            "note": f"{n} samples; alone {(end - middle) / n:.2f} s each"}
