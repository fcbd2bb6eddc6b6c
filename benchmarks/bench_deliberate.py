"""Deliberate equilibria: regret learning compared with OpenSpiel's, and the certified share.

Run ``python benchmarks/bench_deliberate.py``; ``rows(quick=True)`` takes a minute less.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.deliberate.run import Learning
from detente.game import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["efg_text", "rows"]


def efg_text(game: PublicTree) -> str:
    """Write a public tree as a Gambit game: chance draws the types, then one tree per draw.

    The information set of player i's type t at node n is named ``n-t``. Simultaneous moves become
    moves one after the other that the later players do not see.
    """
    names = " ".join(f'"{p}"' for p in game.players)
    lines = [f'EFG 2 R "game" {{ {names} }} ""']
    deals = list(itertools.product(*map(range, game.n_types)))
    odds = [float(np.prod([game.prior[i][t] for i, t in enumerate(d)])) for d in deals]
    moves = " ".join(f'"d{k}" {p!r}' for k, p in enumerate(odds))
    lines.append(f'c "" 1 "" {{ {moves} }} 0')
    chances = itertools.count(2)
    outcomes = itertools.count(1)
    sets: dict[tuple[int, int, int], int] = {}
    leaf = {int(z): k for k, z in enumerate(game.leaves)}

    def number(i: int, node: int, t: int) -> int:
        used = sum(1 for k in sets if k[0] == i)
        return sets.setdefault((i, node, t), used + 1)

    def choose(i: int, node: int, t: int, size: int) -> None:
        labels = " ".join(f'"m{k}"' for k in range(size))
        lines.append(f'p "" {i + 1} {number(i, node, t)} "{node}-{t}" {{ {labels} }} 0')

    def visit(node: int, deal: tuple[int, ...]) -> None:
        mover = int(game.mover[node])
        kids = list(game.children(node))
        if mover == TERMINAL:
            pay = " ".join(repr(float(game.payoff[i][leaf[node], t])) for i, t in enumerate(deal))
            lines.append(f't "" {next(outcomes)} "" {{ {pay} }}')
            return
        if mover == JOINT:
            joint = game.joints[node]
            for profile in np.ndindex(*joint.sizes):
                for seat in range(len(joint.players)):
                    if not any(profile[seat:]):
                        i = joint.players[seat]
                        choose(i, node, deal[i], joint.sizes[seat])
                visit(kids[int(np.ravel_multi_index(profile, joint.sizes))], deal)
            return
        if mover >= 0:
            choose(mover, node, deal[mover], len(kids))
        else:
            t = deal[TYPE_CHANCE - mover] if mover <= TYPE_CHANCE else 0
            p = [float(game.weight[c]) if mover == CHANCE else
                 float(game.type_prob[game.type_row[c], t]) for c in kids]
            labels = " ".join(f'"c{k}" {x!r}' for k, x in enumerate(p))
            lines.append(f'c "" {next(chances)} "" {{ {labels} }} 0')
        for c in kids:
            visit(c, deal)

    for deal in deals:
        visit(0, deal)
    return "\n".join(lines) + "\n"


def menu_weights(game: PublicTree) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the strategies that mix every menu by its weights."""
    return np.repeat(game.weight[:, None], max(game.n_types), axis=1)


def fastest(work: Callable[[], object], repeats: int) -> float:
    """Return the shortest of several timings, in seconds, because other work disturbs them."""
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return float(best)


def iteration(quick: bool) -> list[dict[str, object]]:
    """Time one iteration of ours and of OpenSpiel's C++ CFR+ on the same game."""
    out: list[dict[str, object]] = []
    shapes: list[dict[str, int]] = [{"offers": 5, "turns": 2, "types": 9}]
    if not quick:
        shapes.append({"offers": 9, "turns": 2, "types": 9})
    for shape in shapes:
        game = random_crisis(0, **shape)  # type: ignore[arg-type]
        learning = Learning(game)
        learning.start(menu_weights(game))
        learning.run(20)
        ours = fastest(lambda run=learning.run: run(20), 10) / 20  # type: ignore[misc]
        work = f"CFR+ iteration, {game.n_information_sets:,} information sets"
        try:
            import pyspiel
        except ImportError:
            out.append({"work": f"{work} (OpenSpiel absent)", "figure": ours * 1e6,
                        "unit": "microseconds", "target": None, "ratio": None})
            continue
        solver = pyspiel.CFRPlusSolver(pyspiel.load_efg_game(efg_text(game)))
        solver.evaluate_and_update_policy()
        theirs = fastest(solver.evaluate_and_update_policy, 3)
        out.append({"work": f"{work}, against OpenSpiel's C++", "figure": ours * 1e6,
                    "unit": "microseconds", "target": 200.0, "ratio": theirs / ours})
    return out


def draws(quick: bool) -> list[dict[str, object]]:
    """Share of realistic draws whose deliberate equilibrium is certified, and time for one."""
    shapes: list[tuple[str, int, dict[str, Any]]] = [
        ("4,728 nodes, 9 types", 10 if quick else 100, {"offers": 9, "turns": 2}),
        ("third party, ratification, unlike priors", 5 if quick else 50,
         {"offers": 4, "third": 3, "ratification": True, "unlike": True}),
    ]
    if not quick:
        shapes.append(("11,157 nodes, 9 types", 20, {"offers": 4, "turns": 3}))
    out: list[dict[str, object]] = []
    for name, count, shape in shapes:
        reached, gaps, times = 0, [], []
        for seed in range(count):
            game = random_crisis(seed, **shape)
            start = solve(game)
            clock = time.perf_counter()
            found = solve_deliberate(game, start, settle=None).certificate
            times.append(time.perf_counter() - clock)
            reached += found.certified
            gaps.append(found.nash_conv)
        out += [
            {"work": f"deliberate draws certified of {count}: {name}",
             "figure": 100.0 * reached / count, "unit": "per cent", "target": 95.0, "ratio": None},
            {"work": f"NashConv, ninth decile: {name}", "figure": float(np.quantile(gaps, 0.9)),
             "unit": "of the stake", "target": 1e-3, "ratio": None},
            {"work": f"one deliberate equilibrium from the fallible, median: {name}",
             "figure": float(np.median(times)), "unit": "seconds", "target": None, "ratio": None},
        ]
    return out


def rows(quick: bool = False) -> list[dict[str, object]]:
    """Return the table's rows: work, figure, unit, target, ratio (ours to the peer's)."""
    return iteration(quick) + draws(quick)


if __name__ == "__main__":
    for row in rows():
        ratio = "" if row["ratio"] is None else f"  {row['ratio']:.0f} x"
        print(f"{row['work']}: {row['figure']:.4g} {row['unit']}{ratio}")
