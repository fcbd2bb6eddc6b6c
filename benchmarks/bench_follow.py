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
Clock = tuple[float, float]
"""Seconds on the wall and of the processors."""
CASE = "cuba-1962"
FEW = 5
"""Events that the target is about."""
LARGE, TURNS = "guarantees-2022", 3
"""A case and its turns, a tree of more than 13,000 nodes."""


def rows(quick: bool = False) -> list[Row]:
    """Return the ratios: following to solving, and a start from nothing to one from a neighbour."""
    n, times = (256, 1) if quick else (4096, 5)
    return [*_following(n, times), _neighbours(16 if quick else 128)]


def _following(n: int, times: int) -> list[Row]:
    scenario = load(find(CASE))
    compiled = compile_scenario(scenario)
    theta, centre = draws(compiled, n, 1), solve(compiled.tree, compiled.lam)
    near = starts(compiled, centre)
    events = load_events(CASE, scenario).file.events
    counts = (FEW, len(events))
    alone: list[Clock] = []
    after: dict[int, list[Clock]] = {count: [] for count in counts}
    for _ in range(times + 1):  # the first round compiles
        begin = _now()
        parts = tuple(solved_samples(compiled, theta, 0, n, lam=compiled.lam, start=near,
                                     workers=2))
        alone.append(_since(begin))
        structure = Structure(OWN, 1.0, compiled, theta, parts)
        for count in counts:
            begin = _now()
            trail = structure.trail([e.step for e in events[:count]], strict=True)
            structure.follow([trail], [np.ones((count + 1, n))], 2)
            after[count].append(_since(begin))
    found = []
    for count in counts:
        pairs = list(zip(alone[1:], after[count][1:], strict=True))
        wall, cpu = (statistics.median((a[k] + b[k]) / a[k] for a, b in pairs) for k in (0, 1))
        total = statistics.median(a[0] + b[0] for a, b in pairs)
        found.append({
            "work": f"follow the first {count} events, {CASE}", "figure": round(wall, 2),
            "unit": "times the solutions", "target": "<= 1.5", "ratio": 1.5 / wall,
            "note": f"{n} samples, median of {times}; {total:.1f} s; processor time {cpu:.2f}"})
    return found


def _now() -> Clock:
    return time.perf_counter(), time.process_time()


def _since(begin: Clock) -> Clock:
    now = _now()
    return now[0] - begin[0], now[1] - begin[1]


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
