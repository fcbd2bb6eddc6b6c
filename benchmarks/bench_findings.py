"""Findings: time of a report for every case, and cost of claims, off-ramps and sweeps.

Wall time counts; the note gives the processor time, since other work on the machine stretches the
one and not the other.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from detente.analysis import analyse
from detente.analysis.claims import evaluate
from detente.analysis.memo import Memo
from detente.analysis.offramps.find import seek
from detente.analysis.offramps.levers import levers_of
from detente.analysis.offramps.target import parse_target
from detente.analysis.samples import draws
from detente.analysis.sweep import sweep
from detente.cases import find, load, loads
from detente.equilibrium import solve, solve_batch
from detente.findings.report import report as whole_report
from detente.game.compile import compile_scenario
from detente.scenario.beside import Lever

Row = dict[str, Any]
CASES = ("cuba-1962", "guarantees-2022", "istanbul-2025", "table-2026", "caucasus-2025",
         "order-2020")
SMALL = """
crisis: small
title: A crisis of thirty information sets
actors:
  aland: {role: principal, private: {war_cost: {low: 0.1, high: 0.4 to 0.6, chance_high: 0.4}}}
  bland: {role: principal, private: {war_cost: {between: [0.1, 0.5], types: 5}}}
stake: {name: the strait, first: aland, status_quo: 0.3 to 0.5}
turns: {first: aland, each: 1}
delay_cost: 0.01 to 0.03
ladder: [talks, {mobilisation: {sunk_cost: 0.03, audience_cost: 0.1 to 0.3, risk: 0.05}}, war]
war: {win_chance: 0.5 to 0.7, cost: 0 to 0.1}
offers: {shares: [0.45, 0.5, 0.55, 0.6], each: 1}
claims:
  - {id: rare, says: War is rare., holds_if: "P(war) < 0.2"}
  - id: strike
    says: It must strike.
    holds_if: "value(aland, attack) > best_other(aland, attack)"
  - {id: offers, says: Offers help., holds_if: "P(war, without: offers) > P(war) + 0.05"}
  - id: bluff
    says: Who mobilises is thought strong.
    holds_if: "belief(bland, aland.war_cost low | aland.mobilisation) > 0.7"
"""
LEVERS = {
    "offers.minor_concession_in_writing.face_saving": (0, 0.9), "war.first_strike": (0, 0.08),
    "start.commitments.russia": (0, 0.25), "start.commitments.alliance": (0, 0.2),
    "stake.status_quo": (0.15, 0.45), "war.shift_per_turn": (-0.06, 0.0),
    "ladder.declared_deadline.risk": (0, 0.04), "no_deal.cost": (0.01, 0.1),
    "ladder.declared_deadline.audience_cost": (0, 0.25), "delay_cost.russia": (0, 0.03),
}


def rows(quick: bool = False) -> list[Row]:
    """Return the figures of the findings."""
    analyse(loads(SMALL), samples=16, deliberate_samples=2, starts=1)  # load the compiled kernels
    return [*cases(quick), *claims(quick), *offramps(), *sweeps(quick)]


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return the result of work, its wall time and its processor time, in seconds."""
    wall, used = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - used


def cases(quick: bool) -> list[Row]:
    """Return the time of the whole report of each shipped case."""
    n = 256 if quick else 4096
    out = []
    for name in CASES[:1] if quick else CASES:
        def work(name: str = name) -> Any:
            found = analyse(name, samples=n)
            return found, whole_report(found)

        (found, report), wall, used = timed(work)
        tree = found.compiled.tree
        failed = int((~found.band.certified).sum() + (~found.deliberate_band.certified).sum())
        out.append({
            "work": f"all findings, {name}", "figure": wall, "unit": "s",
            "target": None if quick else "<= 60 s", "ratio": None if quick else 60 / wall,
            "note": f"{n:,} samples, {tree.n_nodes:,} nodes, {len(report.sections)} sections, "
                    f"{failed} samples not certified; processor {used:.0f} s",
        })
    return out


def claims(quick: bool) -> list[Row]:
    """Return the time of many samples of a small case's claims."""
    n = 1024 if quick else 16384
    compiled = compile_scenario(loads(SMALL))
    centre = solve(compiled.tree)
    evaluate(compiled, centre, samples=64)
    found, wall, used = timed(lambda: evaluate(compiled, centre, samples=n))
    lost = sum(f.share.requested - f.share.certified for f in found.found if f.share)
    return [{
        "work": f"{len(found.found)} claims, {n:,} samples, "
                f"{compiled.tree.n_information_sets} sets",
        "figure": wall, "unit": "s", "target": None if quick else "<= 5 s",
        "ratio": None if quick else 5 / wall,
        "note": f"with flips and boundaries, fallible; {lost} not certified; "
                f"processor {used:.1f} s",
    }]


def offramps() -> list[Row]:
    """Return the number of solves in a search over ten levers."""
    levers = {path: Lever.model_validate({"from": a, "to": b, "difficulty": 1})
              for path, (a, b) in LEVERS.items()}
    scenario = load(find("guarantees-2022")).model_copy(update={"levers": levers})
    compiled = compile_scenario(scenario)
    solve(compiled.tree)
    start, one, _ = timed(lambda: solve(compiled.tree))
    goal = parse_target("0.05", compiled.tree.outcome_names)
    found, wall, used = timed(lambda: seek(Memo(compiled), levers_of(compiled), goal, start))
    search, along, alone, both = found
    return [{
        "work": f"off-ramps, {len(along)} levers, {compiled.tree.n_nodes:,} nodes",
        "figure": wall / one, "unit": "solves' time", "target": "<= 60",
        "ratio": 60 * one / wall,
        "note": f"{sum(x is not None for x in alone)} alone, "
                f"{'a' if both is not None else 'no'} combination; "
                f"{search.memo.solves} solved from "
                f"neighbours, {sum(len(x.values) for x in along)} along lines; one solve from "
                f"nothing {one:.2f} s; processor {used:.1f} s",
    }]


def sweeps(quick: bool) -> list[Row]:
    """Return the throughput of a sweep into a file beside the batch solver's own."""
    n = 512 if quick else 16384
    name = "cuba-1962"
    compiled = compile_scenario(load(find(name)))
    start, theta = solve(compiled.tree), draws(compiled, n, 1962)

    def batch() -> Any:
        return solve_batch(compiled.tree, lambda which: compiled.numbers(theta[which]), n,
                           start=start)

    with tempfile.TemporaryDirectory() as place:
        sweep(name, Path(place) / "warm.parquet", samples=64)
        pairs = []
        for k in range(2 if quick else 3):  # alternate, so that other work disturbs both
            _, alone, own = timed(batch)
            _, whole, used = timed(
                lambda k=k: sweep(name, Path(place) / f"{k}.parquet", samples=n))
            pairs.append((alone, own, whole, used))
    best, beside = min(p[0] for p in pairs), min(p[2] for p in pairs)
    own, used = min(p[1] for p in pairs), min(p[3] for p in pairs)
    return [{
        "work": f"sweep of {name}", "figure": n / beside, "unit": "rows/s",
        "target": "80 % of the batch's", "ratio": best / beside / 0.8,
        "note": f"{n:,} samples; batch {n / best:,.0f} games/s; compiling and the centre are in; "
                f"processor {used:.1f} s against {own:.1f} s",
    }]
