"""Crises followed by their moves: does a game foretell the ending and the moves better than habit?

``python -m estimates.followed`` prints two tables for the shipped crises that have events and a
known ending. The rival is the same tree in which governments follow their habits only (precision
0), so it knows the same menus and the same moves so far. The events are taken as written, without
their other readings. ``--samples`` sets the samples of the ranges.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

import numpy as np

from detente import follow
from detente.follow.evidence import Rung, ladder
from detente.follow.following import Following
from detente.follow.posterior import Pool
from detente.follow.schema import AS_WRITTEN

CRISES = ("fashoda-1898", "july-1914", "cuba-1962", "kargil-1999", "guarantees-2022")


@dataclass(frozen=True)
class Followed:
    """One crisis with the forecasts of its ending.

    Attributes
    ----------
    crisis, ending : str
    moves : int
        Entered moves of governments, of third parties and of chance.
    game, habit : list of float
        Probability of the ending at the start, half-way through the moves that left it open, and
        before the last of those.
    evidence : Rung
        -log2 of the probability of all entered moves, for the game and for habit, with its error
        and the effective samples.
    passed : tuple of int
        How many samples passed their check, and how many there are.
    pareto_k : float or None
        Shape of the tail of the weights; above .7 they are unreliable.
    """

    crisis: str
    ending: str
    moves: int
    game: list[float]
    habit: list[float]
    evidence: Rung
    passed: tuple[int, int]
    pareto_k: float | None


def informative(found: Following) -> list[int]:
    """Return the positions of the events that are moves in the game."""
    return [k for k, event in enumerate(found.list_of()) if event.actor or event.chance]


def as_written(found: Following) -> Pool:
    """Return the posterior of the events as the file has them."""
    return found.pool.take(reading=AS_WRITTEN)


def one(crisis: str, samples: int) -> Followed:
    """Follow a crisis through the game and through habit."""
    game, habit = follow(crisis, samples=samples), follow(crisis, samples=samples, lam=0.0)
    moves = informative(game)
    pools = as_written(game), as_written(habit)
    ending = max(pools[0].names(), key=lambda name: pools[0].forecast(game.count, name))
    still = [k for k in moves if pools[1].forecast(k, ending) < 1.0 - 1e-9]
    points = [0, still[len(still) // 2], still[-1]]
    chances = [[pool.forecast(k, ending) for k in points] for pool in pools]
    return Followed(crisis, ending.replace("_", " "), len(moves), *chances,
                    ladder(game, rivals=False)[0], game.passed, game.pareto_k)


def gains(found: list[Followed], draws: int = 20_000) -> list[str]:
    """Return rows: mean log score of the ending, game less habit, with an interval by crisis."""
    rng = np.random.default_rng(1)
    picked = rng.integers(0, len(found), (draws, len(found)))
    rows = []
    for k, when in enumerate(("the start", "half of the moves", "before the deciding move")):
        game, habit = (np.log([getattr(f, who)[k] for f in found]) for who in ("game", "habit"))
        low, high = np.quantile((game - habit)[picked].mean(axis=1), [0.025, 0.975])
        rows.append(f"| {when} | {game.mean():.2f} | {habit.mean():.2f} | "
                    f"{(game - habit).mean():+.2f} [{low:+.2f}, {high:+.2f}] |")
    return rows


def main() -> None:
    """Print the tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1024)
    samples = parser.parse_args().samples
    found = [one(crisis, samples) for crisis in CRISES]
    print("| crisis | ending | moves | game: start, half, last | habit: start, half, last | "
          "bits of the moves: game | habit | samples passed | effective, Pareto k |\n|"
          + "---|" * 9)
    for f in found:
        odds = (", ".join(f"{p:.0%}" for p in which).replace("%", " %")
                for which in (f.game, f.habit))
        e = f.evidence
        print(f"| `{f.crisis}` | {f.ending} | {f.moves} | {' | '.join(odds)} | {e.bits:.1f} ± "
              f"{e.error:.1f} | {e.blind:.1f} | {f.passed[0]:,} of {f.passed[1]:,} | "
              f"{e.effective:.0f}, {'none' if f.pareto_k is None else f'{f.pareto_k:.2f}'} |")
    print("\n| forecast made at | game | habit | gain of the game |\n|---|---|---|---|")
    print("\n".join(gains(found)))
    moves = sum(f.moves for f in found)
    bits = [(f.evidence.bits or math.inf, f.evidence.blind or math.inf) for f in found]
    game, habit = (sum(both) / moves for both in zip(*bits, strict=True))
    print(f"\nBits for each of the {moves} moves: game {game:.2f}, habit {habit:.2f}; the game is "
          f"ahead in {sum(one < other for one, other in bits)} of {len(found)} crises.")


if __name__ == "__main__":
    main()
