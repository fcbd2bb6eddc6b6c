"""The state of a run of regret learning on one game: arrays, start, steps, averages, NashConv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
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


class Learning:
    """Regret learning on one game.

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
        n, types = game.n_players, game.n_types
        seqs = [p.n_sequences for p in form.player]
        menus = [len(p.node) for p in form.player]
        meta = np.zeros((n, cfr.COLUMNS), dtype=np.int64)
        meta[:, cfr.SEQS], meta[:, cfr.MENUS] = seqs, menus
        meta[:, cfr.SEQ], meta[:, cfr.MENU] = _before(seqs), _before(menus)
        meta[:, cfr.CELL] = len(form.cell_last) * np.arange(n)
        wide = -4 * (-max(types) // 4)
        rows = [_rows(u, wide) for u in numbers.payoff]
        meta[:, cfr.PAY] = _before([len(r) for r in rows])
        if game.joint_payoff is not None:
            meta[:, cfr.OTHER] = types[::-1]
        self.meta, at = meta.astype(np.uint64), meta[:, cfr.SEQ]
        self.menus = (
            _flat([p.first + k for p, k in zip(form.player, at, strict=True)], np.uint64),
            _flat([p.count for p in form.player], np.uint64),
            _flat([p.parent + k for p, k in zip(form.player, at, strict=True)], np.uint64),
            _flat([p.fixed for p in form.player]),
        )
        self.ends = (
            _flat([p.cell_start for p in form.player], np.uint64),
            _flat([np.delete(form.cell_last[p.cells] + at, i, axis=1)
                   for i, p in enumerate(form.player)], np.uint64),
            _flat(rows),
        )
        self.weight = _flat(list(numbers.weight))
        observers = numbers.prior if game.observer_prior is not None else numbers.prior[:1]
        self.prior = np.zeros((len(observers), n, wide))
        for k, seen in enumerate(observers):
            for i, p in enumerate(seen):
                self.prior[k, i, : len(p)] = p
        size = sum(seqs)
        self.d, self.z, self.v, self.x, self.total, self._best = np.zeros((6, size, wide))
        self.X = np.zeros((len(observers), size))
        self.px = np.zeros((size if game.joint_payoff is not None else 1, wide))
        self.epsilon = EPSILON
        self.step = 1

    # Laying out ------------------------------------------------------------------------------

    def _split(self, table: Floats) -> list[Floats]:
        """Return each player's rows and types of a table over all sequences."""
        return [
            table[m[cfr.SEQ] : m[cfr.SEQ] + m[cfr.SEQS], :types]
            for m, types in zip(self.meta.astype(np.int64), self.game.n_types, strict=True)
        ]

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
        """Start from strategies ``pi`` ``(n, max T)``.

        The starting regrets are `size` (in stakes) times the strategy, times the probability that
        chance and the others lead to the menu, because regrets deep in the tree have that scale.
        """
        self.epsilon, self.step = epsilon, 1
        sigma = by_sequence(self.form, self.game, pi, joint_pi or {})
        self._set(sigma)
        for i, z in enumerate(self._split(self.z)):
            p = self.form.player[i]
            if not len(p.node):
                continue
            reach = self.numbers.public[p.node].copy()
            row = self.X[min(i, len(self.X) - 1)]
            for j in range(self.game.n_players):
                if j != i:
                    reach *= row[int(self.meta[j, cfr.SEQ]) + self.form.last[p.node, j]]
            w = self.numbers.weight[i][1:, None]
            z[0] = 0.0
            z[1:] = size * reach[p.menu[1:], None] * sigma[i][1:] / np.where(w > 0, w, 1.0)
        self.total[:] = 0.0

    def _set(self, sigma: Sequence[Floats]) -> None:
        """Take mixes by sequence as the current strategy (inside the floor)."""
        for i, d in enumerate(self._split(self.d)):
            p = self.form.player[i]
            d[0] = 1.0
            if not len(p.node):
                continue
            w = self.numbers.weight[i][1:, None]
            luck = p.fixed[p.menu[1:], None]
            free = np.maximum(sigma[i][1:] - self.epsilon * w, 0.0)
            free /= np.maximum(np.add.reduceat(free, p.first - 1, axis=0)[p.menu[1:]], 1e-300)
            d[1:] = np.where(luck, self.numbers.chance[i][1:], free)
        cfr.forward(self.epsilon, self.meta, self.menus, self.weight, self.prior, self._now,
                    self.total, 0.0)

    # Running ---------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """Iterate `steps` times."""
        cfr.iterate(steps, self.step, self.epsilon, self.meta, self.menus, self.ends, self.weight,
                    self.prior, self._now, self.total, self.v, self.z)
        self.step += steps

    def average(self) -> list[Floats]:
        """Return the averaged mixes by sequence ``(K, T_i)``, or the current ones."""
        out = []
        for i, (total, x) in enumerate(
            zip(self._split(self.total), self._split(self.x), strict=True)
        ):
            p = self.form.player[i]
            sigma = np.ones_like(total)
            if len(p.node):
                above = np.add.reduceat(total[1:], p.first - 1, axis=0)[p.menu[1:]]
                now = np.add.reduceat(x[1:], p.first - 1, axis=0)[p.menu[1:]]
                with np.errstate(invalid="ignore", divide="ignore"):
                    sigma[1:] = np.where(above > 0, total[1:] / above, x[1:] / now)
            out.append(sigma)
        return out

    def current(self) -> list[Floats]:
        """Return the current mixes by sequence, floor included."""
        out = []
        for i, d in enumerate(self._split(self.d)):
            w = self.numbers.weight[i][:, None]
            sigma = (1 - self.epsilon) * d + self.epsilon * w
            p = self.form.player[i]
            if len(p.node):
                luck = p.fixed[p.menu[1:]]
                sigma[1:][luck] = d[1:][luck]
            sigma[0] = 1.0
            out.append(sigma)
        return out

    def nash_conv(self, sigma: Sequence[Floats] | None = None) -> float:
        """NashConv in the floored game of mixes by sequence (default: the averages)."""
        held = self.d.copy(), self.x.copy(), self.X.copy(), self.px.copy(), self.total.copy()
        self._set(self.average() if sigma is None else sigma)
        gain = cfr.gaps(self.epsilon, self.meta, self.menus, self.ends, self.weight, self.prior,
                        self._now, self.v, self._best)
        self.d, self.x, self.X, self.px, self.total = held
        return float(gain.sum())

    def strategies(
        self, sigma: Sequence[Floats]
    ) -> tuple[Floats, dict[int, tuple[Floats, ...]]]:
        """Return node-indexed strategies and joint mixes from mixes by sequence."""
        return behaviour(self.form, self.game, sigma)


def _before(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _rows(payoff: Floats, wide: int) -> Floats:
    """Return payoffs with the player's own types last, padded: (C, wide) or (C * T_other, wide)."""
    if payoff.ndim == 3:
        payoff = payoff.swapaxes(1, 2).reshape(-1, payoff.shape[1])
    out = np.zeros((len(payoff), wide))
    out[:, : payoff.shape[1]] = payoff
    return out


def _flat(parts: Sequence[NDArray[Any]], kind: Any = None) -> NDArray[Any]:
    return np.ascontiguousarray(np.concatenate(parts), dtype=kind)
