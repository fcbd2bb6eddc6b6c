"""The numbers of many variants of one tree, side by side.

A batch solves thousands of games that share every array of structure and differ in payoffs, menu
weights, chances and priors. `Numbers` holds these, with the variant on the last axis, because the
batch kernels run over variants innermost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.game.tree import PublicTree

__all__ = ["Numbers"]


@dataclass(frozen=True)
class Numbers:
    """Payoffs, weights, chances and priors of S variants of one tree; the variant axis is last.

    Attributes
    ----------
    payoff : tuple of float arrays, (m, T_i, S)
        As `PublicTree.payoff`, in units of the stake.
    weight : float array, (n, S)
        As `PublicTree.weight`: menu weights and plain chances.
    type_prob : float array, (rows, max T, S)
        As `PublicTree.type_prob`.
    prior : tuple of float arrays, (T_i, S)
        The analyst's priors.
    observer_prior : tuple of tuple of float arrays (T_i, S), or None
        ``observer_prior[k][i]``: player k's own prior over player i's types.
    precision : (S,) float array, or None
        Precision of choice of each variant in the fallible model, if it differs by variant.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> def game(cost):
    ...     return tree({"a": 1}, decide("a", {"fight": end("war", a=-cost), "talk": end("peace")}))
    >>> numbers = Numbers.stack([game(0.1), game(0.3)])
    >>> numbers.size, numbers.payoff[0].shape
    (2, (2, 1, 2))
    >>> game(0).with_numbers(**numbers.at(1)).payoff[0][0, 0]
    np.float64(-0.3)
    """

    payoff: tuple[Floats, ...]
    weight: Floats
    type_prob: Floats
    prior: tuple[Floats, ...]
    observer_prior: tuple[tuple[Floats, ...], ...] | None = None
    precision: Floats | None = None

    @property
    def size(self) -> int:
        """The number of variants S."""
        return int(self.weight.shape[-1])

    def at(self, k: int) -> dict[str, Any]:
        """Return the numbers of variant ``k``, as `PublicTree.with_numbers` takes them."""

        def one(x: Floats) -> Floats:
            return np.ascontiguousarray(x[..., k])

        seen = self.observer_prior
        return {
            "payoff": tuple(one(u) for u in self.payoff),
            "weight": one(self.weight),
            "type_prob": one(self.type_prob),
            "prior": tuple(one(p) for p in self.prior),
            "observer_prior": None if seen is None else tuple(tuple(map(one, o)) for o in seen),
        }

    def take(self, which: slice | NDArray[np.int64]) -> Numbers:
        """Return the chosen variants (views if ``which`` is a slice)."""
        seen = self.observer_prior
        return Numbers(
            payoff=tuple(u[..., which] for u in self.payoff),
            weight=self.weight[..., which],
            type_prob=self.type_prob[..., which],
            prior=tuple(p[..., which] for p in self.prior),
            observer_prior=None
            if seen is None
            else tuple(tuple(p[..., which] for p in o) for o in seen),
            precision=None if self.precision is None else self.precision[which],
        )

    def scaled(self, lam: float) -> Numbers:
        """Return the variants with payoffs times precision over ``lam``.

        Choice depends on payoffs times precision only, so these variants have the same fallible
        equilibria at precision ``lam`` as the given ones have at their own.
        """
        if self.precision is None or np.all(self.precision == lam):
            return replace(self, precision=None)
        factor = self.precision / lam
        return replace(self, payoff=tuple(u * factor for u in self.payoff), precision=None)

    def precisions(self, lam: float) -> Floats:
        """Return the precision of each variant, (S,); ``lam`` for all if none is given."""
        return np.full(self.size, lam) if self.precision is None else self.precision

    def check(self, game: PublicTree) -> None:
        """Raise `InputError` unless every array has the shape ``game`` asks for."""
        s = self.size
        types = game.n_types
        m, n = len(game.leaves), game.n_nodes
        rows = game.type_prob.shape
        found: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
            ("weight", self.weight.shape, (n, s)),
            ("type_prob", self.type_prob.shape, (*rows, s)),
        ]
        if len(self.payoff) != game.n_players or len(self.prior) != game.n_players:
            raise InputError(
                f"numbers for {len(self.payoff)} players", expected=f"{game.n_players} players"
            )
        for i, t in enumerate(types):
            found.append((f"payoff[{i}]", self.payoff[i].shape, (m, t, s)))
            found.append((f"prior[{i}]", self.prior[i].shape, (t, s)))
        if (self.observer_prior is None) != (game.observer_prior is None):
            raise InputError(
                "observer_prior given on one side only",
                expected="unlike beliefs in both the tree and its numbers, or in neither",
            )
        for k, seen in enumerate(self.observer_prior or ()):
            found += [
                (f"observer_prior[{k}][{i}]", seen[i].shape, (t, s)) for i, t in enumerate(types)
            ]
        for name, has, wants in found:
            if has != wants:
                raise InputError(
                    f"numbers of shape {has}", field=name, expected=f"shape {wants}"
                )

    @classmethod
    def stack(cls, games: Sequence[PublicTree]) -> Numbers:
        """Collect the numbers of games that share one structure.

        Raises
        ------
        InputError
            No games, or games whose structure differs.
        """
        if not games:
            raise InputError("no games to stack", expected="at least one")
        one = games[0]
        for k, g in enumerate(games):
            same = (
                g.n_nodes == one.n_nodes
                and g.n_types == one.n_types
                and np.array_equal(g.mover, one.mover)
                and np.array_equal(g.first, one.first)
                and np.array_equal(g.own, one.own)
                and np.array_equal(g.type_row, one.type_row)
                and (g.observer_prior is None) == (one.observer_prior is None)
            )
            if not same:
                raise InputError(
                    f"the structure of game {k} differs from that of game 0",
                    expected="the same nodes, movers and types",
                )
        players = range(one.n_players)

        def join(arrays: list[Floats]) -> Floats:
            return np.stack([np.asarray(a, dtype=np.float64) for a in arrays], axis=-1)

        seen = None
        if one.observer_prior is not None:
            seen = tuple(
                tuple(join([g.observer_prior[k][i] for g in games if g.observer_prior])
                      for i in players)
                for k in players
            )
        return cls(
            payoff=tuple(join([g.payoff[i] for g in games]) for i in players),
            weight=join([g.weight for g in games]),
            type_prob=join([g.type_prob for g in games]),
            prior=tuple(join([g.prior[i] for g in games]) for i in players),
            observer_prior=seen,
        )
