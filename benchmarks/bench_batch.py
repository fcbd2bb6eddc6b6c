"""Batches: thousands of variants of one tree, all certified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.variants import variants
from detente.equilibrium import solve
from detente.equilibrium.batch.solve import BatchResult, deliberate_batch, solve_batch
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree

Row = dict[str, Any]
SMALL = {"offers": 2, "turns": 1, "types": 6, "rungs": 1}
LARGE = {"offers": 2, "turns": 3, "types": 9, "rungs": 2, "offers_each": 2}


def rows(quick: bool = False) -> list[Row]:
    """Return the figures of the batch kernels."""
    return [*small(quick), *large(quick)]


def _held(numbers: Callable[[slice], Numbers], n: int, step: int = 4096) -> (
    Callable[[slice], Numbers]
):
    """Compute the numbers beforehand, so that only solving is timed."""
    ready = {at: numbers(slice(at, min(at + step, n))) for at in range(0, n, step)}

    def part(which: slice) -> Numbers:
        at = which.start // step * step
        return ready[at].take(slice(which.start - at, which.stop - at))

    return part


def _rate(work: str, target: float, n: int, found: BatchResult) -> Row:
    failed = int((~found.certified).sum())
    alone = sum(str(r).startswith("one by one") for r in found.reached_by)
    return {
        "work": work, "figure": n / found.elapsed, "unit": "games/s",
        "target": f">= {target:,.0f}", "ratio": n / found.elapsed / target if not failed else 0.0,
        "note": f"{n:,} games, {failed} not certified, {alone} solved one by one; 2 threads",
    }


def small(quick: bool) -> list[Row]:
    """Return rates on a small tree."""
    n = 4096 if quick else 65536
    game, numbers = variants(n, **SMALL)
    part = _held(numbers, n)
    out = []
    for lam, target in ((10.0, 150_000.0), (40.0, 20_000.0)):
        centre = solve(game, lam)
        solve_batch(game, part, min(n, 512), lam=lam, start=centre)
        label = f"batch, {game.n_information_sets} sets, lambda {lam:g}"
        found = solve_batch(game, part, n, lam=lam, start=centre)
        out.append(_rate(f"{label}, from a neighbour", target, n, found))
        found = solve_batch(game, part, n, lam=lam)
        out.append(_rate(f"{label}, annealed", target, n, found))
    return out


def large(quick: bool) -> list[Row]:
    """Return the time for a report's samples on a realistic tree."""
    n, learnt = (128, 16) if quick else (1024, 128)
    game, numbers = variants(n, draws=6, **LARGE)
    centre = solve(game)
    solve_batch(game, numbers, 32, start=centre)
    fallible = solve_batch(game, numbers, n, start=centre)
    deliberate_batch(game, numbers, 2, starts=fallible)
    deliberate = deliberate_batch(game, numbers, learnt, starts=fallible)
    seconds = fallible.elapsed + deliberate.elapsed
    failed = int((~fallible.certified).sum() + (~deliberate.certified).sum())
    return [
        _samples(game, "fallible", n, fallible), _samples(game, "deliberate", learnt, deliberate),
        {"work": f"{n} fallible and {learnt} deliberate, {game.n_nodes:,} nodes, 9 types",
         "figure": seconds, "unit": "s", "target": None if quick else "<= 20 s, all certified",
         "ratio": None if quick else (20 / seconds if not failed else 0.0),
         "note": f"{failed} not certified; numbers of the variants included; 2 threads"},
    ]


def _samples(game: PublicTree, reading: str, n: int, found: BatchResult) -> Row:
    alone = sum(str(r).startswith("one by one") for r in found.reached_by)
    return {"work": f"{reading} samples, {game.n_nodes:,} nodes",
            "figure": 1e3 * found.elapsed / n, "unit": "ms each", "target": None, "ratio": None,
            "note": f"{int(found.certified.sum())} of {n} certified, {alone} one by one"}
