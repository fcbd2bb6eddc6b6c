"""The state of a run of regret learning on one game: arrays, start, steps, averages, NashConv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, Ints
from detente.defaults import EPSILON
from detente.equilibrium.deliberate import cfr
from detente.equilibrium.deliberate.sequence_form import (
    FormNumbers,
    SequenceForm,
    behaviour,
    by_sequence,
)
from detente.game.tree import PublicTree

__all__ = ["Learning"]


class _Laid(NamedTuple):
    """The part of a run that depends on the structure of the game only; see `cfr`."""

    meta: NDArray[np.uint64]
    menus: tuple[Any, ...]
    cells: NDArray[np.uint64]
    others: NDArray[np.uint64]
    lasts: tuple[Ints, ...]
    """For each player, every other player's last sequence at its menus, (menus, others)."""


class Learning:
    """Regret learning on one game.

    Strategies are tables of mixes by sequence, as `average` and `current` return them; `strategies`
    converts them.

    Parameters
    ----------
    game
        The game.
    form
        Its sequence form, if it is computed already (variants of one tree share it).
    """

    def __init__(self, game: PublicTree, form: SequenceForm | None = None) -> None:
        self.game = game
        self.form = form = form or SequenceForm.of(game)
        numbers = self.numbers = FormNumbers.of(game, form)
        laid = self._laid = _laid(game, form)
        self.meta, self.menus = laid.meta, laid.menus
        blocks = [_blocks(t) for t in game.n_types]
        self.ends = (laid.cells, laid.others, np.concatenate(
            [_rows(u, b) for u, b in zip(numbers.payoff, blocks, strict=True)]))
        self.weight = _flat(list(numbers.weight))
        observers = numbers.prior if game.observer_prior is not None else numbers.prior[:1]
        self.prior = np.concatenate(
            [_padded(p[None], b) for seen in observers for p, b in zip(seen, blocks, strict=True)])
        self.chance = self._table(numbers.chance)
        size, sequences = len(self.chance), len(self.weight)
        self.d, self.z, self.v, self.x, self.total, self._best = np.zeros((6, size, cfr.TYPES))
        self.X = np.zeros((len(observers), sequences))
        both = size if game.joint_payoff is not None else 1
        self.px = np.zeros((both, cfr.TYPES))
        # A second set of arrays for NashConv.
        self._aside = (np.zeros_like(self.d), np.zeros_like(self.x), np.zeros_like(self.X),
                       np.zeros_like(self.px))
        self._unused = np.zeros_like(self.total)
        self._odds = np.zeros(len(form.cell_last))
        self.epsilon = EPSILON
        self.step = 1

    # Laying out ------------------------------------------------------------------------------

    def _table(self, parts: Sequence[Floats]) -> Floats:
        """Return arrays by player, sequence and type as one table."""
        return np.concatenate([_padded(p, _blocks(p.shape[1])) for p in parts])

    def _split(self, table: Floats) -> list[Floats]:
        """Return each player's rows and types of a table over all sequences, (K, T)."""
        out = []
        for m, types in zip(self.meta.astype(np.int64), self.game.n_types, strict=True):
            rows, blocks = int(m[cfr.ROW]), int(m[cfr.BLOCKS])
            mine = table[rows : rows + int(m[cfr.SEQS]) * blocks]
            out.append(mine.reshape(-1, blocks * cfr.TYPES)[:, :types])
        return out

    @property
    def _now(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.d, self.x, self.X, self.px

    def start(
        self,
        pi: Floats,
        joint_pi: Mapping[int, Sequence[Floats]] | None = None,
        *,
        epsilon: float = EPSILON,
        size: float = 0.03,
    ) -> None:
        """Start from strategies ``pi`` ``(n, max T)``; see `restart`."""
        sigma = self._table(by_sequence(self.form, self.game, pi, joint_pi or {}))
        self.restart(sigma, epsilon=epsilon, size=size)

    def restart(self, sigma: Floats, *, epsilon: float, size: float) -> None:
        """Start from a table of mixes.

        The starting regrets are `size` (in stakes) times the strategy, times the probability that
        chance and the others lead to the menu, because regrets deep in the tree have that scale.
        """
        self.epsilon, self.step = epsilon, 1
        cfr.enter(sigma, self.chance, epsilon, self.meta, self.menus, self.weight, self.d)
        cfr.forward(epsilon, self.meta, self.menus, self.weight, self.prior, self._now,
                    self._unused, 0.0)
        reach = [
            self.numbers.public[p.node] * self.X[min(i, len(self.X) - 1)][last].prod(axis=1)
            for i, (p, last) in enumerate(zip(self.form.player, self._laid.lasts, strict=True))
        ]
        cfr.regrets(sigma, size, _flat(reach), self.meta, self.menus, self.weight, self.z)
        self.total[:] = 0.0

    # Running ---------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """Iterate `steps` times."""
        cfr.iterate(steps, self.step, self.epsilon, self.meta, self.menus, self.ends, self.weight,
                    self.prior, self._now, self.total, self.v, self.z, self._odds)
        self.step += steps

    def average(self) -> Floats:
        """Return the table of averaged mixes, or of the current ones if there is no average."""
        sigma = np.empty_like(self.d)
        cfr.average(self.meta, self.menus, self.total, self.x, sigma)
        return sigma

    def current(self) -> Floats:
        """Return the table of current mixes, floor included."""
        sigma = np.empty_like(self.d)
        cfr.current(self.epsilon, self.meta, self.menus, self.weight, self.d, sigma)
        return sigma

    def nash_conv(self, sigma: Floats | Sequence[Floats] | None = None) -> float:
        """NashConv in the floored game of mixes by sequence (default: the averages).

        The mixes are a table or one array ``(K, T_i)`` for each player.
        """
        if sigma is None:
            sigma = self.average()
        elif not isinstance(sigma, np.ndarray):
            sigma = self._table(sigma)
        now = self._aside
        cfr.enter(sigma, self.chance, self.epsilon, self.meta, self.menus, self.weight, now[0])
        cfr.forward(self.epsilon, self.meta, self.menus, self.weight, self.prior, now,
                    self._unused, 0.0)
        gain = cfr.gaps(self.epsilon, self.meta, self.menus, self.ends, self.weight, self.prior,
                        now, self.v, self._best, self._odds)
        return float(gain.sum())

    def strategies(
        self, sigma: Floats | Sequence[Floats]
    ) -> tuple[Floats, dict[int, tuple[Floats, ...]]]:
        """Return node-indexed strategies and joint mixes from mixes by sequence."""
        parts = self._split(sigma) if isinstance(sigma, np.ndarray) else sigma
        return behaviour(self.form, self.game, parts)


def _laid(game: PublicTree, form: SequenceForm) -> _Laid:
    """Return the structure of a game as `cfr` takes it, laid out once for each sequence form."""
    types = tuple(game.n_types)
    key = types, game.joint_payoff is not None
    kept = vars(form).setdefault("_laid", {})
    if key not in kept:
        kept[key] = _lay(form, types, key[1])
    found: _Laid = kept[key]
    return found


def _lay(form: SequenceForm, types: tuple[int, ...], both: bool) -> _Laid:
    n = len(types)
    seqs = [p.n_sequences for p in form.player]
    menus = [len(p.node) for p in form.player]
    blocks = np.array([_blocks(t) for t in types])
    meta = np.zeros((n, cfr.COLUMNS), dtype=np.int64)
    meta[:, cfr.SEQS], meta[:, cfr.MENUS], meta[:, cfr.BLOCKS] = seqs, menus, blocks
    meta[:, cfr.SEQ], meta[:, cfr.MENU] = _before(seqs), _before(menus)
    meta[:, cfr.CELL] = len(form.cell_last) * np.arange(n)
    meta[:, cfr.ROW], meta[:, cfr.HEAD] = _before(seqs * blocks), _before(blocks)
    other = np.array(types[::-1]) if both else np.zeros(n, dtype=np.int64)
    meta[:, cfr.OTHER] = other
    meta[:, cfr.PAY] = _before(len(form.cell_last) * blocks * np.maximum(other, 1))
    at = meta[:, cfr.SEQ]
    ends = []
    for i, p in enumerate(form.player):
        last = np.delete(form.cell_last[p.cells] + at, i, axis=1)
        if both:  # rows of the other's table instead of its sequences
            last = meta[1 - i, cfr.ROW] + (last - at[1 - i]) * blocks[1 - i]
        ends.append(last)
    return _Laid(
        meta.astype(np.uint64),
        (
            _flat([p.first + k for p, k in zip(form.player, at, strict=True)], np.uint64),
            _flat([p.count for p in form.player], np.uint64),
            _flat([p.parent + k for p, k in zip(form.player, at, strict=True)], np.uint64),
            _flat([p.fixed for p in form.player]),
        ),
        _flat([p.cell_start for p in form.player], np.uint64), _flat(ends, np.uint64),
        tuple(np.delete(form.last[p.node] + at, i, axis=1) for i, p in enumerate(form.player)),
    )


def _blocks(types: int) -> int:
    """Return how many rows of a table hold so many types."""
    return -(-types // cfr.TYPES)


def _before(sizes: Any) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _padded(rows: Floats, blocks: int) -> Floats:
    """Return rows (R, T) as a table (R * blocks, TYPES), padded with zeros."""
    out = np.zeros((len(rows), blocks * cfr.TYPES))
    out[:, : rows.shape[1]] = rows
    return out.reshape(-1, cfr.TYPES)


def _rows(payoff: Floats, blocks: int) -> Floats:
    """Return payoffs as rows of the player's own types: of each cell, or cell and other's type."""
    if payoff.ndim == 3:
        payoff = payoff.swapaxes(1, 2).reshape(-1, payoff.shape[1])
    return _padded(payoff, blocks)


def _flat(parts: Sequence[NDArray[Any]], kind: Any = None) -> NDArray[Any]:
    return np.ascontiguousarray(np.concatenate(parts), dtype=kind)
