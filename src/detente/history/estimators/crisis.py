"""Payoffs of a crisis as functions of numbers that vary by row, with derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError, nearest
from detente.game.compile import Compiled
from detente.scenario.quantity import LARGEST

__all__ = ["CrisisPayoffs"]

STEP = 1e-30
"""Imaginary step for symbols that depend on numbers; its error is that of rounding."""


class CrisisPayoffs:
    """Payoffs of a compiled crisis at many values of some numbers, with the others at the centre.

    Parameters
    ----------
    compiled
        The crisis.
    paths
        The K numbers that vary.

    Raises
    ------
    InputError
        The number does not exist, or it changes a chance move or a prior.

    Examples
    --------
    >>> from detente.game.compile import compile_scenario
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: quarrel
    ... title: A quarrel
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... stake: {name: the strait, first: aland, status_quo: 0.5}
    ... turns: {first: aland, each: 1}
    ... delay_cost: 0.02
    ... war: {win_chance: 0.6, cost: {aland: 0.2, bland: 0.3}}
    ... ''')
    >>> paid = CrisisPayoffs(compile_scenario(crisis), ["war.cost.aland"])
    >>> [p.shape[-1] for p in paid.value(np.array([[0.1, 0.2, 0.3]]))]
    [3, 3]
    """

    def __init__(self, compiled: Compiled, paths: Sequence[str]) -> None:
        self.compiled, self.paths = compiled, tuple(paths)
        known = compiled.paths
        for path in paths:
            if path not in known:
                raise InputError(
                    f"the crisis has no number {path!r}", expected="the path of a number of its "
                    "file, or PLAYER at OUTCOME", nearest=nearest(path, known),
                )
        self.columns = np.array([known.index(p) for p in paths], dtype=np.int64)
        self.bounds = [
            (q.least if q.least > -LARGEST else -np.inf, q.most if q.most < LARGEST else np.inf)
            for q in (compiled.graph.rules.numbers[p] for p in self.paths)
        ]
        for k, path in zip(self.columns, self.paths, strict=True):
            self._moves_payoffs_alone(int(k), path)

    def _moves_payoffs_alone(self, k: int, path: str) -> None:
        centre = self.compiled.centre
        q = self.compiled.graph.rules.numbers[path]
        step = 1e-3 if centre[k] + 1e-3 <= q.most else -1e-3
        moved = centre.copy()
        moved[k] += step
        both = self.compiled.numbers(np.stack([centre, moved]))

        def changed(x: Floats) -> bool:
            return bool(np.abs(x[..., 0] - x[..., 1]).max(initial=0.0) > 1e-12)

        seen = [p for row in both.observer_prior or () for p in row]
        if any(map(changed, [both.weight, both.type_prob, *both.prior, *seen])):
            raise InputError(
                f"{path} changes a chance move or a prior, not only payoffs",
                expected="a number that affects only payoffs, such as a cost or a weight of the "
                "stake",
            )

    @property
    def centre(self) -> Floats:
        """Values in the file of the numbers that vary, (K,)."""
        return np.asarray(self.compiled.centre[self.columns])

    def _theta(self, eta: Floats) -> Floats:
        theta = np.repeat(self.compiled.centre[None, :], eta.shape[1], axis=0)
        theta[:, self.columns] = eta.T
        return theta

    def value(self, eta: Floats) -> tuple[Floats, ...]:
        """Return payoffs at (K, S) values of the numbers: (leaves, T_i, S) for each player."""
        p = self.compiled.polynomials
        symbols = p.symbols(self._theta(eta))
        return tuple(p.payoffs(symbols, i, eta.shape[1]) for i in range(len(p.graph.players)))

    def back(self, eta: Floats, by: Sequence[Floats]) -> Floats:
        """Convert derivatives by payoffs, (leaves, T_i, S) each, to those by numbers, (K, S)."""
        p = self.compiled.polynomials
        rules, players = p.graph.rules, p.graph.players
        theta = self._theta(eta)
        symbols = p.symbols(theta)
        table = rules.symbols.table
        slopes: list[Any] = [0.0 for _ in symbols]
        for i in range(len(players)):
            _, types, samples = by[i].shape
            rows = np.zeros((p.payoff[i].shape[0], types, samples))
            np.add.at(rows, p.leaf_row, by[i])
            flat = rows.reshape(len(rows), types * samples)
            through = np.asarray(p.payoff[i].T @ flat).reshape(-1, types, samples)
            for m in np.flatnonzero(np.abs(through).max(axis=(1, 2)) > 0):
                factors = p.factors[m][p.factors[m] >= 0]
                for place, s in enumerate(factors):
                    rest: Any = through[m]
                    for other in np.delete(factors, place):
                        rest = rest * symbols[other]
                    slopes[s] = slopes[s] + (rest.sum(axis=0) if table[s].actor is None else rest)
        paths = list(rules.numbers)
        out = np.zeros(eta.shape)
        for symbol, slope in zip(table, slopes, strict=True):
            for k, path in enumerate(self.paths):
                if symbol.value is None:
                    out[k] += slope if symbol.name == path else 0.0
                elif path in symbol.reads:
                    numbers: dict[str, Any] = dict(zip(paths, theta.T, strict=True))
                    numbers[path] = numbers[path] + 1j * STEP
                    moved = np.imag(np.asarray(symbol.value(numbers))) / STEP
                    if moved.ndim == 1 and symbol.actor is not None:
                        moved = np.repeat(moved[:, None], eta.shape[1], axis=1)
                    by_row = np.asarray(moved * slope)
                    out[k] += by_row.sum(axis=0) if by_row.ndim == 2 else by_row
        return out
