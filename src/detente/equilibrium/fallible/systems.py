"""The equations of the solvers: ``H(x, lam) - x = 0`` in as few public probabilities as possible.

`Reduction` applies if exactly two players choose: j's answer depends on the other's public
probabilities alone, so the unknown is one player's ``y_a`` and ``H = G_a o G_b``; its Jacobian is
``B C``, with ``C = dG_b/dy_a`` and ``B = dG_a/dy_b``. `Block` keeps every strategic player's
probabilities, for three or more: ``H = G``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.methods.anneal import Climbing
from detente.equilibrium.methods.norms import spread_exp

__all__ = ["Block", "Reduction", "System", "system"]


class System(Climbing, Protocol):
    """The equations of a public tree, with their transposed derivative."""

    sweeps: Sweeps
    y: Floats
    lam: float

    def pack(self, y: Floats) -> Floats:
        """Return the unknowns among all log public probabilities."""

    def adjoint(self, seed: Floats) -> Floats:
        """Return the transpose of dH/dx applied to ``seed``."""


class Reduction:
    """One player's log public probabilities; the other's are eliminated."""

    ceiling = 0.0

    def __init__(self, sweeps: Sweeps) -> None:
        self.sweeps = sweeps
        first, second = sweeps.strategic
        if len(sweeps.slots_of(first)) > len(sweeps.slots_of(second)):
            first, second = second, first
        self.kept, self.other = sweeps.players[first], sweeps.players[second]
        self.slots = sweeps.slots_of(first)
        self.other_slots = sweeps.slots_of(second)
        self.size = len(self.slots)
        self.y = sweeps.y0.copy()
        self._out = np.zeros_like(self.y)
        self._d = np.zeros_like(self.y)
        self._d2 = np.zeros_like(self.y)
        self._seed, self._middle = np.zeros_like(self.y), np.zeros_like(self.y)
        self.lam = 0.0
        self._spare = np.zeros(sweeps.slots)
        self._block: Block | None = None

    def pack(self, y: Floats) -> Floats:
        return np.asarray(y[0, self.slots])

    def whole(self, x: Floats, lam: float) -> tuple[Climbing, Floats]:
        self.evaluate(x, lam)
        return self.block, self.block.pack(self.y)

    def part(self, x: Floats) -> Floats:
        self.block.y.ravel()[self.block.index] = x
        return self.pack(self.block.y)

    @property
    def block(self) -> Block:
        """Both players' equations."""
        if self._block is None:
            self._block = Block(self.sweeps)
        return self._block

    def evaluate(self, x: Floats, lam: float) -> Floats:
        self.lam = lam
        self.y[0, self.slots] = x
        if self.sweeps.shared_q:
            q = self.kept.q
            spread_exp(x, self.slots, q)
            self.other.answer(lam, self.y, q)
            self.kept.answer(lam, self._out, self._spare)
            return np.asarray(self._out[0, self.slots])
        self.other.respond(self.y, lam, self.y)
        self.kept.respond(self.y, lam, self._out)
        return np.asarray(self._out[0, self.slots])

    def tangent(self, dx: Floats, dlam: float = 0.0) -> Floats:
        self._d[0, self.slots] = dx
        self._d2[0, self.other_slots] = 0.0
        self.other.tangent(self._d, self.lam, dlam, self._d2)
        self.kept.tangent(self._d2, self.lam, dlam, self._d)
        return np.asarray(self._d[0, self.slots])

    def adjoint(self, seed: Floats) -> Floats:
        self._seed[0, self.slots] = seed
        self._middle.fill(0.0)
        self.kept.pull(self._seed, self.lam, self._middle)
        return self.pull_other(self._middle)

    def pull_other(self, seed: Floats) -> Floats:
        """Return C' applied to the part of ``seed`` on the eliminated player's slots."""
        out = np.zeros_like(self.y)
        self.other.pull(seed, self.lam, out)
        return np.asarray(out[0, self.slots])


class Block:
    """Every strategic player's log public probabilities, in every column."""

    ceiling = 0.0

    def __init__(self, sweeps: Sweeps) -> None:
        self.sweeps = sweeps
        self.players = [sweeps.players[i] for i in sweeps.strategic]
        total = sweeps.slots
        index = [k * total + sweeps.slots_of(p.view.player) for p in self.players
                 for k in p.columns]
        self.index = np.concatenate(index) if index else np.zeros(0, dtype=np.int64)
        self.size = len(self.index)
        self.y = sweeps.y0.copy()
        self._out, self._spare = np.zeros_like(self.y), np.zeros(sweeps.slots)
        self._answer = np.empty(self.size)
        sizes = [len(sweeps.slots_of(p.view.player)) * len(p.columns) for p in self.players]
        ends = [int(e) for e in np.cumsum([0, *sizes])]
        self.seats = [slice(a, b) for a, b in pairwise(ends)]
        self._replies: list[list[Floats]] = [[] for _ in sizes]
        self.lam = 0.0

    def pack(self, y: Floats) -> Floats:
        return np.asarray(y.ravel()[self.index])

    def whole(self, x: Floats, lam: float) -> tuple[Climbing, Floats]:
        return self, x

    def part(self, x: Floats) -> Floats:
        return x

    def evaluate(self, x: Floats, lam: float) -> Floats:
        self.lam = lam
        self.y.ravel()[self.index] = x
        out = self._out
        if self.sweeps.shared_q:
            spread_exp(x, self.index, self.players[0].q)
            for p in self.players:
                p.answer(lam, out, self._spare)
        else:
            for p in self.players:
                p.respond(self.y, lam, out)
        return np.take(out.ravel(), self.index, out=self._answer, mode="clip")

    def seat(self, x: Floats) -> None:
        """Set the point ``x`` without evaluating the replies."""
        for k in range(len(self.seats)):
            self.move(k, x[self.seats[k]])

    def move(self, k: int, x: Floats) -> None:
        """Set the k-th strategic player's unknowns to ``x``."""
        self.place(self.index[self.seats[k]], x)

    def place(self, index: NDArray[np.int64], x: Floats) -> None:
        """Set the unknowns at some slots to ``x``."""
        self.y.ravel()[index] = x
        if self.sweeps.shared_q:
            spread_exp(x, index, self.players[0].q)

    def reply(self, k: int, lam: float) -> Floats:
        """Return the k-th strategic player's reply to the others; the last two are kept."""
        self.lam = lam
        player, seat = self.players[k], self.seats[k]
        if self.sweeps.shared_q:
            player.answer(lam, self._out, self._spare)
        else:
            player.respond(self.y, lam, self._out)
        kept = self._replies[k]
        into = kept.pop(0) if len(kept) == 2 else np.empty(seat.stop - seat.start)
        kept.append(np.take(self._out.ravel(), self.index[seat], out=into, mode="clip"))
        return into

    def tangent(self, dx: Floats, dlam: float = 0.0) -> Floats:
        d, out = np.zeros_like(self.y), np.zeros_like(self.y)
        d.ravel()[self.index] = dx
        for p in self.players:
            p.tangent(d, self.lam, dlam, out)
        return np.asarray(out.ravel()[self.index])

    def adjoint(self, seed: Floats) -> Floats:
        given, out = np.zeros_like(self.y), np.zeros_like(self.y)
        given.ravel()[self.index] = seed
        for p in self.players:
            p.pull(given, self.lam, out)
        return np.asarray(out.ravel()[self.index])


def system(sweeps: Sweeps) -> System:
    """Return the smallest system that describes the game's fallible equilibria."""
    if len(sweeps.strategic) == 2 and sweeps.n_columns == 1:
        return Reduction(sweeps)
    return Block(sweeps)
