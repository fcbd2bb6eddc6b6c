"""Tools of the mechanism tests: solve a crisis in both readings, ask for events along histories.

A direction test draws crises from the region its docstring states, solves each at two settings of
one number, and compares. Both readings are asked: the fallible one at the precision reports use,
and the deliberate one; a comparison counts only where both ends hold their certificates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.equilibrium import Equilibrium, solve, solve_deliberate
from detente.game.compile import compile_scenario
from tests.conftest import make_crisis

DRAWS = 6
WAR = ("war", "wider war", "loss to all")
SLACK = {"fallible": 1e-6, "deliberate": 0.01}
"""What a comparison forgives: the fallible reading is exact; the deliberate one is certified to a
NashConv of 1e-3 of the stake, which leaves probabilities loose by about a floor."""


@dataclass
class Solved:
    """One solved crisis."""

    eq: Equilibrium

    def p(self, *endings: str) -> float:
        """Return the summed probability of some endings."""
        return sum(v for k, v in self.eq.outcomes().items() if k in endings)

    @property
    def war(self) -> float:
        """The probability of war of any kind."""
        return self.p(*WAR)

    def having(self, *labels: str) -> np.ndarray:
        """Return which leaves lie below moves with all of these labels."""
        game = self.eq.game
        seen, words = np.ones(game.n_nodes, dtype=bool), list(map(str, game.moves))
        for label in labels:
            known = words.index(label) if label in words else -2
            here = game.move == known
            for d in range(1, len(game.level) - 1):
                at = np.arange(game.level[d], game.level[d + 1])
                here[at] |= here[game.parent[at]]
            seen &= here
        return seen[game.leaves]

    def event(self, *labels: str) -> float:
        """Return the probability that moves with all of these labels are made."""
        return float(self.eq.leaf_reach[self.having(*labels)].sum())

    def given(self, labels: tuple[str, ...], *endings: str) -> float:
        """Return the probability of some endings given some moves."""
        mask = self.having(*labels)
        names = self.eq.game.outcome_names
        want = np.isin(self.eq.game.outcome, [k for k, n in enumerate(names) if n in endings])
        reach = self.eq.leaf_reach
        return float(reach[mask & want].sum() / max(reach[mask].sum(), 1e-300))

    def mean_share(self, ending: str) -> float:
        """Return the mean share to the first principal given an ending."""
        game = self.eq.game
        at = game.outcome == game.outcome_names.index(ending)
        reach = self.eq.leaf_reach[at]
        return float((reach * game.share[at]).sum() / reach.sum())


def readings(scenario: Any, lam: float = 40.0) -> dict[str, Solved]:
    """Solve a crisis in both readings."""
    game = compile_scenario(scenario).tree
    fallible = solve(game, lam)
    assert fallible.certificate.certified, fallible.certificate
    found = {"fallible": Solved(fallible)}
    deliberate = solve_deliberate(game, fallible)
    if deliberate.certificate.certified:
        found["deliberate"] = Solved(deliberate)
    return found


def draws(seed: int, n: int = DRAWS) -> Iterator[np.random.Generator]:
    """Yield generators, one a draw."""
    for k in range(n):
        yield np.random.default_rng([seed, k])


def rises(
    make: Callable[[np.random.Generator, float], Any], low: float, high: float,
    measure: Callable[[Solved], float], seed: int, *, strictly: float = 0.0, n: int = DRAWS,
) -> None:
    """Assert that a measure is greater at ``high`` than at ``low`` in every draw and reading.

    Over all draws together it must rise by more than ``strictly`` on average, so that a measure
    that never moves fails.
    """
    gains: dict[str, list[float]] = {"fallible": [], "deliberate": []}
    for k, _ in enumerate(draws(seed, n)):
        ends = [readings(make(np.random.default_rng([seed, k]), x)) for x in (low, high)]
        for reading in ends[0].keys() & ends[1].keys():
            gain = measure(ends[1][reading]) - measure(ends[0][reading])
            if np.isnan(gain):  # the measure's condition never arises at one end
                continue
            assert gain >= -SLACK[reading], (reading, k, gain)
            gains[reading].append(gain)
    for reading, found in gains.items():
        assert len(found) >= n // 2, (reading, "too few comparisons", found)
    for reading, found in gains.items():
        assert np.mean(found) > strictly, (reading, found)


__all__ = ["DRAWS", "WAR", "Solved", "draws", "make_crisis", "readings", "rises"]
