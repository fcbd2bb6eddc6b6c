"""Beliefs, conditional payoffs and exact best responses of a given strategy profile.

Plain numpy, one level of the tree at a time. It is written to be checked by eye and is the ground
on which every certificate stands, so it takes nothing from the solvers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.certificates.simultaneous import Group, groups
from detente.equilibrium.kernels.structure import Remembered
from detente.errors import SolveError
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["Play"]


@dataclass(frozen=True)
class _Menus:
    """The choices of one player at ordinary nodes, menus laid end to end."""

    edges: Ints
    """Nodes reached by the moves."""
    start: Ints
    """Where each menu begins in `edges`."""
    menu: Ints
    """Which menu each move belongs to."""

    def sums(self, x: Floats) -> Floats:
        return np.add.reduceat(x, self.start, axis=0)

    def largest(self, x: Floats) -> Floats:
        out: Floats = np.maximum.reduceat(x, self.start, axis=0)
        return out


@dataclass(frozen=True)
class _Frame:
    """What follows from the tree's structure alone."""

    by: Ints
    """Who moves into each node."""
    steps: list[tuple[int, int, Ints]]
    """As `_levels` yields them."""
    menus: list[_Menus]
    telling: list[tuple[Ints, Ints]]
    """Per player: nodes its moves lead to, and those that chance by its type leads to."""
    joints: list[Group]


def _menus_of(game: PublicTree, by: Ints, player: int) -> _Menus:
    edges = np.flatnonzero(by == player)
    parent = game.parent[edges]
    new = np.ones(len(edges), dtype=bool)
    new[1:] = parent[1:] != parent[:-1]
    return _Menus(edges, np.flatnonzero(new), np.cumsum(new) - 1)


@Remembered
def _frame(game: PublicTree) -> _Frame:
    by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
    players = range(game.n_players)
    menus = [_menus_of(game, by, i) for i in players]
    telling = [(menus[i].edges, np.flatnonzero(by == TYPE_CHANCE - i)) for i in players]
    return _Frame(by, list(_levels(game)), menus, telling, groups(game))


class Play:
    """A strategy profile with the beliefs and payoffs it implies.

    Parameters
    ----------
    game
        The game.
    pi : (n, >= max T)
        Probability of the move into each node by the mover's type; read at children of decision
        nodes only.
    joint_pi
        Mixes at simultaneous-move nodes, per participant ``(moves, T)``.

    Raises
    ------
    SolveError
        Arrays of the wrong shape, or a simultaneous node without its mixes.
    """

    def __init__(
        self,
        game: PublicTree,
        pi: Floats,
        joint_pi: Mapping[int, Sequence[Floats]] | None = None,
    ) -> None:
        self.game = game
        self.pi = np.asarray(pi, dtype=np.float64)
        if self.pi.ndim != 2 or len(self.pi) != game.n_nodes or (
            self.pi.shape[1] < max(game.n_types)
        ):
            raise SolveError(
                f"strategies of shape {self.pi.shape} for a game of {game.n_nodes} nodes and "
                f"{max(game.n_types)} types"
            )
        self.joint_pi = {k: tuple(np.asarray(m, dtype=np.float64) for m in v)
                         for k, v in (joint_pi or {}).items()}
        for node, joint in game.joints.items():
            shapes = [(k, game.n_types[p]) for p, k in zip(joint.players, joint.sizes, strict=True)]
            if [m.shape for m in self.joint_pi.get(node, ())] != shapes:
                raise SolveError(f"no mixes of shapes {shapes} for the simultaneous node {node}")
        self._frame = _frame(game)
        self._by, self._steps = self._frame.by, self._frame.steps
        self._seen: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
        self._mixes = [[g.mixes(self.joint_pi, k) for k in range(len(g.players))]
                       for g in self._frame.joints]
        self._odds = [self._public_odds(i) for i in range(game.n_players)]
        self._payoff = [self._payoff_of(i) for i in range(game.n_players)]
        self.value = [self._value(i) for i in range(game.n_players)]

    # Beliefs ---------------------------------------------------------------------------------

    def _likelihood(self, player: int) -> tuple[Ints, Floats]:
        """Moves that carry information on a player's type, and their probability by type."""
        game, types = self.game, self.game.n_types[player]
        edges = list(self._frame.telling[player])
        factor = [self.pi[edges[0], :types], game.type_prob[game.type_row[edges[1]], :types]]
        for group, mixes in zip(self._frame.joints, self._mixes, strict=True):
            if player in group.players:
                k = group.players.index(player)
                edges.append(group.children.ravel())
                factor.append(group.likelihood(mixes[k], k))
        return np.concatenate(edges), np.concatenate(factor)

    def _prior(self, observer: int, player: int) -> Floats:
        seen = self.game.observer_prior
        return self.game.prior[player] if seen is None else seen[observer][player]

    def posterior(self, observer: int, player: int) -> tuple[Floats, Floats]:
        """Return beliefs ``(n, T)`` about a player's type, and the odds of each of its moves.

        The odds ``(n,)`` are those of the move into each node given that its parent is reached; 1
        where the move tells nothing about this player. After a move of probability zero the
        beliefs stay as they were.
        """
        prior = self._prior(observer, player)
        key = (player, prior.tobytes())
        if key in self._seen:
            return self._seen[key]
        game = self.game
        edges, factor = self._likelihood(player)
        telling = np.zeros(game.n_nodes, dtype=bool)
        telling[edges] = True
        row = np.zeros(game.n_nodes, dtype=np.int64)
        row[edges] = np.arange(len(edges))
        belief = np.empty((game.n_nodes, len(prior)))
        odds = np.ones(game.n_nodes)
        belief[0] = prior
        for a, b, _ in self._steps:
            now = belief[game.parent[a:b]]
            c = np.flatnonzero(telling[a:b])
            if len(c):
                joint = now[c] * factor[row[a + c]]
                total = joint.sum(axis=1)
                odds[a + c] = total
                seen = total > 0
                now[c[seen]] = joint[seen] / total[seen, None]
            belief[a:b] = now
        self._seen[key] = belief, odds
        return belief, odds

    def _public_odds(self, player: int) -> Floats:
        """Odds ``(n,)`` of every move as the player sees it, its own information left out."""
        game = self.game
        odds = np.where(self._by == CHANCE, game.weight, 1.0)
        odds[0] = 1.0
        for other in range(game.n_players):
            if other != player:
                odds = odds * self.posterior(player, other)[1]
        return odds

    # Payoffs ---------------------------------------------------------------------------------

    def _payoff_of(self, player: int) -> Floats:
        """Payoffs ``(m, T)`` at the endings; interdependent ones in expectation over the other."""
        game = self.game
        if game.joint_payoff is None:
            return game.payoff[player]
        belief = self.posterior(player, 1 - player)[0][game.leaves]
        spec = "zab,zb->za" if player == 0 else "zab,za->zb"
        out: Floats = np.einsum(spec, game.joint_payoff[player], belief)
        return out

    def _value(self, player: int, epsilon: float | None = None) -> Floats:
        """Values ``(n, T)``: of the profile, or of the best response within a floor."""
        game, types = self.game, self.game.n_types[player]
        value = np.zeros((game.n_nodes, types))
        value[game.leaves] = self._payoff[player]
        odds = np.repeat(self._odds[player][:, None], types, axis=1)
        if epsilon is None:
            edges, factor = self._likelihood(player)
        else:
            edges = np.flatnonzero(self._by == TYPE_CHANCE - player)
            factor = game.type_prob[game.type_row[edges], :types]
        odds[edges] *= factor
        for a, b, nodes in self._steps[::-1]:
            value[nodes] = np.add.reduceat(
                odds[a:b] * value[a:b], game.first[nodes] - a, axis=0
            )
            if epsilon is None:
                continue
            mine = nodes[game.mover[nodes] == player]
            if len(mine):
                edges = a + np.flatnonzero(self._by[a:b] == player)
                start = np.concatenate([[0], np.cumsum(game.count[mine])[:-1]])
                value[mine] = _floored_best(value[edges], game.weight[edges], start, epsilon)
            for group in self._frame.joints:
                at = group.between(int(nodes[0]), int(nodes[-1]) + 1)
                if player in group.players and len(at):
                    k = group.players.index(player)
                    worth = group.worth(k, self._odds[player], value, at)
                    value[group.nodes[at]] = _floored_best(
                        worth.reshape(-1, types), group.weights(game, k)[at].ravel(),
                        np.arange(len(at)) * group.sizes[k], epsilon)
        return value

    def choices(self) -> Iterator[tuple[Floats, Floats, Floats, _Menus]]:
        """Yield, for each block of menus: worth and mix (moves, T), weights (moves,), layout."""
        for i, menus in enumerate(self._frame.menus):
            e = menus.edges
            if len(e):
                types = self.game.n_types[i]
                yield self.value[i][e], self.pi[e, :types], self.game.weight[e], menus
        for group, mixes in zip(self._frame.joints, self._mixes, strict=True):
            for k, i in enumerate(group.players):
                size, types = group.sizes[k], self.game.n_types[i]
                menu = np.repeat(np.arange(len(group.nodes)), size)
                menus = _Menus(np.arange(len(menu)), np.arange(len(group.nodes)) * size, menu)
                worth = group.worth(k, self._odds[i], self.value[i])
                yield (worth.reshape(-1, types), mixes[k].reshape(-1, types),
                       group.weights(self.game, k).ravel(), menus)

    # What certificates ask -------------------------------------------------------------------

    def proper(self, slack: float) -> bool:
        """Whether every mix is a probability distribution."""
        return all(
            bool(np.isfinite(mix).all() and (mix >= -slack).all()
                 and (np.abs(menus.sums(mix) - 1) <= slack).all())
            for _, mix, _, menus in self.choices()
        )

    def below_floor(self, epsilon: float) -> float:
        """Return the most by which a move falls short of epsilon times its menu weight."""
        return max((float((epsilon * w[:, None] - mix).max()) for _, mix, w, _ in self.choices()),
                   default=0.0)

    def logit_residual(self, lam: float) -> float:
        """Return the largest difference between a probability and the logit choice."""
        worst = 0.0
        for worth, mix, weight, menus in self.choices():
            with np.errstate(divide="ignore"):
                score = lam * worth + np.log(weight)[:, None]
            power = np.exp(score - menus.largest(score)[menus.menu])
            logit = power / menus.sums(power)[menus.menu]
            worst = _max(worst, float(np.abs(logit - mix).max()))
        return worst

    def worst_regret(self, lam: float) -> tuple[float, float | None]:
        """Return the regret nearest to (or most above) its bound, and the bound (None at 0)."""
        found, limit, margin = 0.0, None, -math.inf
        for worth, mix, weight, menus in self.choices():
            regret = menus.largest(_offered(worth, weight)) - menus.sums(mix * worth)
            if lam == 0:
                found = _max(found, float(regret.max()))
                continue
            least = np.minimum.reduceat(np.where(weight > 0, weight, 1.0), menus.start)
            bound = np.log(1 / least)[:, None] / lam
            over = regret - bound
            k = np.unravel_index(int(np.argmax(over)), over.shape)
            if not over[k] <= margin:
                margin, found = float(over[k]), float(regret[k])
                limit = float(bound[k[0], 0])
        return found, limit

    def largest_gain(self, epsilon: float) -> float:
        """Return the largest gain from one move at any information set, within the floor."""
        return max((
            float((_floored_best(worth, w, menus.start, epsilon) - menus.sums(mix * worth)).max())
            for worth, mix, w, menus in self.choices()), default=0.0)

    def gains(self, epsilon: float) -> list[float]:
        """Return each player's gain from its best strategy within the floor, by its own prior."""
        out = []
        for i in range(self.game.n_players):
            best = self._value(i, epsilon)[0] - self.value[i][0]
            out.append(float(self._prior(i, i) @ best))
        return out


def _levels(game: PublicTree) -> Iterator[tuple[int, int, Ints]]:
    """Yield, from the root down, the children's range of each level and their parents."""
    for d in range(1, len(game.level) - 1):
        up = np.arange(game.level[d - 1], game.level[d])
        yield int(game.level[d]), int(game.level[d + 1]), up[game.count[up] > 0]


def _offered(worth: Floats, weight: Floats) -> Floats:
    """Return worth, minus infinity for moves that are never on the menu."""
    return np.where(weight[:, None] > 0, worth, -np.inf)


def _floored_best(worth: Floats, weight: Floats, start: Ints, epsilon: float) -> Floats:
    """Best value of each menu when every move keeps epsilon times its weight."""
    best: Floats = np.maximum.reduceat(_offered(worth, weight), start, axis=0)
    if epsilon == 0:
        return best
    return (1 - epsilon) * best + epsilon * np.add.reduceat(weight[:, None] * worth, start, axis=0)


def _max(a: float, b: float) -> float:
    """Return the larger, and NaN where either is (a comparison would hide it)."""
    return math.nan if math.isnan(a) or math.isnan(b) else max(a, b)
