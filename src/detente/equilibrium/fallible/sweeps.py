"""The logit answers of the fallible model, their derivative and its transpose, by player.

``y`` holds log public probabilities by column and slot, ``(K, slots)``. There is one column unless
three or more players hold unlike priors; then column k holds the beliefs of player k.
"""

# mypy cannot count the arguments that tuples stand for:
# mypy: disable-error-code="call-arg"

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.kernels import public as kernels
from detente.equilibrium.kernels.cuts import each
from detente.equilibrium.kernels.public import TELL
from detente.equilibrium.kernels.views import View, fixed_log_q, joint_slots, views
from detente.game.tree import PublicTree

__all__ = ["PlayerSweep", "Sweeps"]


FAINT = 1e-150
"""Replaces a chance by type or a prior of 0, so that beliefs and derivatives are defined."""


@dataclass(frozen=True)
class Piece:
    """The inner nodes that one call of a kernel covers, parents first."""

    tree: tuple[NDArray[Any], ...]
    """inner, kind, first, count."""
    informing: tuple[NDArray[Any], ...]
    """inner, first, count, own of the OWN and TELL nodes."""
    gathering: tuple[NDArray[Any], ...]
    """The same, but nodes whose belief is above the cut belong to the top, because the transposed
    forward sweep adds to that row and two parts must not write to one row.
    """


def pieces(view: View) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Return the stages of a sweep from the leaves up, and of one from the root down."""
    tree = (view.inner, view.kind, view.first, view.count)
    k = view.own_inner
    informing = (view.inner[k], view.first[k], view.count[k], view.own[k])
    cut = view.cut
    if cut is None:
        whole = [[Piece(tree, informing, informing)]]
        return whole, whole
    above = (view.own[k] < cut.below) | (view.own[k] == view.size)
    parts = []
    for a, b in zip((0, *cut.bounds[:-1]), cut.bounds, strict=True):
        inside = (k >= a) & (k < b)
        mine = inside | above if a == 0 else inside & ~above
        parts.append(Piece(tuple(x[a:b] for x in tree), tuple(x[inside] for x in informing),
                           tuple(x[mine] for x in informing)))
    top, rest = parts[:1], parts[1:]
    return [rest, top], [top, rest]


class PlayerSweep:
    """One player's arrays and the four sweeps over them."""

    def __init__(self, game: PublicTree, view: View, columns: list[tuple[int, Floats]]) -> None:
        self.view = view
        self.shape = (view.lanes, view.groups)
        i, size, lanes = view.player, view.size, view.width
        types = game.n_types[i]
        self.columns = [k for k, _ in columns]
        self.mix = np.zeros((size, lanes))
        self.value = np.zeros((size, lanes))
        self.q, self._own_q = np.ones(size), np.ones(size)
        self.belief = [np.zeros((size + 1, lanes)) for _ in columns]
        self.log_domain = False
        self._logs: list[Floats] | None = None
        self._work: list[list[Floats] | None] = [None, None]
        k = view.own_inner
        self.informing = (view.inner[k], view.first[k], view.count[k], view.own[k])
        self.up, self.down = pieces(view)
        self.weight = np.ones(size)
        self.set_numbers(game, columns)
        self.types = types

    def set_numbers(self, game: PublicTree, columns: list[tuple[int, Floats]]) -> None:
        """Take payoffs, weights, chances and priors from ``game``."""
        view, types = self.view, game.n_types[self.view.player]
        leaves = game.leaves if view.row is None else view.row[game.leaves]
        self.value[leaves, :types] = game.payoff[view.player]
        if view.node is None:
            self.weight = np.ascontiguousarray(game.weight, dtype=float)
        else:
            at = view.node >= 0
            self.weight[at] = game.weight[view.node[at]]
            for node, joint in game.joints.items():
                if view.player in joint.players:
                    assert view.row is not None
                    seat = joint.players.index(view.player)
                    a = view.first_child(view.row[node])
                    self.weight[a : a + joint.sizes[seat]] = joint.weights[seat]
        for k in np.flatnonzero(view.kind == TELL):
            rows = np.arange(int(view.first[k]), int(view.first[k] + view.count[k]))
            nodes = rows if view.node is None else view.node[rows]
            self.mix[rows, :types] = np.maximum(game.type_prob[game.type_row[nodes], :types], FAINT)
        for belief, (_, prior) in zip(self.belief, columns, strict=True):
            belief[view.size, :types] = np.maximum(prior, FAINT)

    def respond(self, y: Floats, lam: float, out: Floats) -> None:
        """Answer the others' public probabilities: i's own go to ``out``, in every column."""
        v = self.view
        column = y[v.player if len(y) > 1 else 0]
        np.exp(column if v.slot is None else column[v.slot], out=self.q)
        self.answer(lam, out, self._own_q)

    def answer(self, lam: float, out: Floats, q_out: Floats) -> None:
        """Answer the public odds in ``q``; i's own go to ``q_out`` and, as logs, to ``out``."""
        v = self.view
        if not self.log_domain:
            self.backward(lam)
            if self.publish(out, q_out):
                return
            self.log_domain = True
        if self._logs is None:
            self._logs = [np.zeros_like(self.mix)] + [np.zeros_like(b) for b in self.belief]
            with np.errstate(divide="ignore"):
                self._logs[0][:] = np.log(self.mix)  # keeps the chances by type
                for logs, belief in zip(self._logs[1:], self.belief, strict=True):
                    logs[-1] = np.log(belief[-1])
        logmix = self._logs[0]
        for stage in self.up:
            each(lambda p: kernels.backward_log(*p.tree, self.weight, self.q, lam, self.value,
                                                self.mix, logmix, self.types), stage)
        for k, belief, logs in zip(self.columns, self.belief, self._logs[1:], strict=True):
            rows = out[k] if v.slot is None else np.zeros(v.size)
            for stage in self.down:
                each(lambda p, b=belief, l=logs, r=rows: kernels.forward_log(  # type: ignore[misc]
                    *p.informing, logmix, l, b, q_out, r, self.types), stage)
            if v.slot is not None:
                self._scatter(rows, out[k])

    def backward(self, lam: float) -> None:
        """Fill values and mixes from the leaves up, large trees part by part."""
        for stage in self.up:
            each(lambda p: kernels.backward(*p.tree, self.weight, self.q, lam, self.value, self.mix,
                                            *self.shape), stage)

    def publish(self, out: Floats, q_out: Floats) -> bool:
        """Run the linear forward sweep in every column; False if a product underflows."""
        v = self.view
        safe = True
        for k, belief in zip(self.columns, self.belief, strict=True):
            rows = out[k] if v.slot is None else np.zeros(v.size)
            short = 0.0
            for stage in self.down:
                found = each(lambda p, b=belief, r=rows: kernels.forward(  # type: ignore[misc]
                    *p.informing, self.mix, b, q_out, r, *self.shape), stage)
                short += sum(float(x or 0.0) for x in found)
            safe &= short == 0.0
            if v.slot is not None:
                self._scatter(rows, out[k])
        return safe

    def _scatter(self, rows: Floats, out: Floats) -> None:
        v = self.view
        out[v.moves if v.slot is None else v.slot[v.moves]] = rows[v.moves]

    def tangent(self, dy: Floats, lam: float, dlam: float, out: Floats) -> None:
        """Write the change of i's log public probabilities along (dy, dlam), column by column."""
        v = self.view
        dvalue, dlog = self._scratch_rows(adjoint=False)
        column = dy[v.player if len(dy) > 1 else 0]
        dq = column if v.slot is None else column[v.slot]
        for k, belief in zip(self.columns, self.belief, strict=True):
            rows = out[k] if v.slot is None else np.zeros(v.size)
            self._tangent(dq, lam, dlam, dvalue, dlog, belief, rows)
            if v.slot is not None:
                self._scatter(rows, out[k])

    def _tangent(self, dq: Floats, lam: float, dlam: float, dvalue: Floats, dlog: Floats,
                 belief: Floats, rows: Floats) -> None:
        for stage in self.up:
            each(lambda p: kernels.tangent_up(*p.tree, self.q, lam, self.value, self.mix, dq, dlam,
                                              dvalue, dlog, *self.shape), stage)
        for stage in self.down:
            each(lambda p: kernels.tangent_down(*p.informing, belief, dlog, rows, *self.shape),
                 stage)

    def _scratch_rows(self, adjoint: bool = True) -> list[Floats]:
        """Return work space by row; the tangent's stays zero at leaves and at the prior."""
        key = int(adjoint)
        if self._work[key] is None:
            size, lanes = self.mix.shape
            self._work[key] = [np.zeros((size, lanes)), np.zeros((size + 1, lanes))]
        found = self._work[key]
        assert found is not None
        return found

    def adjoint(self, seed: Floats, lam: float, out: Floats,
                seen: list[tuple[int, Floats]] | None = None) -> AdjointResult:
        """Add to ``out`` the sensitivity of ``seed . (i's log public probabilities)`` to y.

        ``seen`` lists the columns of ``seed`` with their beliefs, if these are not the sweep's own.
        """
        result = AdjointResult(np.zeros_like(self.value), np.zeros_like(self.mix), [], 0.0)
        if seen is None:
            seen = list(zip(self.columns, self.belief, strict=True))
        for k, belief in seen:
            slope, vbar, lbar = self._pull(seed[k], belief, lam, out)
            result.lam += slope
            result.value += vbar
            result.log_mix += lbar[:-1]
            result.log_prior.append(lbar[-1].copy())
        return result

    def pull(self, seed: Floats, lam: float, out: Floats) -> None:
        """Do the same as `adjoint`, but keep only ``out``."""
        for k, belief in zip(self.columns, self.belief, strict=True):
            self._pull(seed[k], belief, lam, out)

    def _pull(self, seed: Floats, belief: Floats, lam: float,
              out: Floats) -> tuple[float, Floats, Floats]:
        v = self.view
        vbar, lbar = self._scratch_rows()
        vbar.fill(0.0)
        lbar.fill(0.0)
        target = out[v.player if len(out) > 1 else 0]
        given = np.zeros(v.size)
        given[v.moves] = seed[v.moves if v.slot is None else v.slot[v.moves]]
        rows = target if v.slot is None else np.zeros(v.size)
        for stage in self.up:
            each(lambda p: kernels.adjoint_up(*p.gathering, belief, given, lbar, *self.shape),
                 stage)
        slope = 0.0
        for stage in self.down:
            found = each(lambda p: kernels.adjoint_down(*p.tree, self.q, lam, self.value, self.mix,
                                                        vbar, lbar, rows, *self.shape), stage)
            slope += sum(float(x or 0.0) for x in found)
        if v.slot is not None:
            np.add.at(target, v.slot, rows)
        return slope, vbar, lbar


class AdjointResult:
    """Sensitivities from a player's adjoint sweep."""

    def __init__(self, value: Floats, log_mix: Floats, log_prior: list[Floats], lam: float) -> None:
        self.value = value
        """To the player's values, (rows, lanes); at leaves to its payoffs."""
        self.log_mix = log_mix
        """To log menu weights or log chances by type, by the type it applies to."""
        self.log_prior = log_prior
        """To the log prior over the player's types, one per column."""
        self.lam = lam


class Sweeps:
    """All players' sweeps over one tree, and the positions of their unknowns.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": {"weak": 0.5, "tough": 0.5}, "b": 1}, decide("a", {
    ...     "hold": end("peace", b=1),
    ...     "threaten": decide("b", {
    ...         "yield": end("concession", a=1),
    ...         "resist": decide("a", {"fight": end("war", a=[-1.0, 0.1], b=-0.5),
    ...                                "retreat": end("retreat", a=-0.3, b=1)})})}))
    >>> sweeps = Sweeps(game)
    >>> y = sweeps.uniform()
    >>> y.shape == (1, sweeps.slots)
    True
    """

    shared_q: bool
    """Whether all players read one array of public probabilities."""

    def __init__(self, game: PublicTree) -> None:
        self.game = game
        self.slots = joint_slots(game).total
        self.strategic = game.strategic_players
        self.n_columns = (game.n_players
                          if game.observer_prior is not None and game.n_players > 2 else 1)
        self.views = views(game)
        self.players = [PlayerSweep(game, v, self._columns(game, v.player)) for v in self.views]
        self.y0 = np.tile(fixed_log_q(game, self.slots), (self.n_columns, 1))
        self.shared_q = self.n_columns == 1 and not game.joints
        if self.shared_q:
            # All players share one array of public probabilities: each reads the others' entries.
            q = np.exp(self.y0[0])
            for p in self.players:
                p.q = q
        self._fix_tellers()

    def _columns(self, game: PublicTree, player: int) -> list[tuple[int, Floats]]:
        """Return the columns in which player's moves are seen, with the prior held there."""
        seen = game.observer_prior
        if seen is None:
            return [(0, game.prior[player])]
        if game.n_players == 2:
            return [(0, seen[1 - player][player])]
        return [(k, seen[k][player]) for k in range(game.n_players) if k != player]

    def set_numbers(self, game: PublicTree) -> None:
        """Take other numbers for the same structure."""
        self.game = game
        for p in self.players:
            p.set_numbers(game, self._columns(game, p.view.player))
            p.log_domain, p._logs = False, None
        self.y0 = np.tile(fixed_log_q(game, self.slots), (self.n_columns, 1))
        if self.shared_q:
            self.players[0].q[:] = np.exp(self.y0[0])
        self._fix_tellers()

    def _fix_tellers(self) -> None:
        """Set the public odds of chances by type of players who never choose; they are constant."""
        for i, p in enumerate(self.players):
            if i not in self.strategic and len(p.view.own_inner):
                p.respond(self.y0, 0.0, self.y0)
        if self.shared_q:
            self.players[0].q[:] = np.exp(self.y0[0])

    def release(self) -> None:
        """Free every player's arrays; the sweeps cannot be used afterwards."""
        for p in self.players:
            p.mix = p.value = p.q = np.empty((0, 0))
            p.belief, p._work, p._logs = [], [None, None], None

    def slots_of(self, player: int) -> NDArray[np.int64]:
        """Return the slots whose public probability follows from ``player``'s strategy."""
        v = self.views[player]
        return v.moves if v.slot is None else v.slot[v.moves]

    def uniform(self) -> Floats:
        """Return y at lambda 0, at which all players mix by the menu weights."""
        y = self.y0.copy()
        for i in self.strategic:
            self.players[i].respond(y, 0.0, y)
        return y
