"""Exact best responses to a given strategy profile, and the deviations that certificates bound.

Plain numpy, one level of the tree per step, written so that a reader can check it. It takes nothing
from the solvers, because every certificate rests on it.
"""

from __future__ import annotations

import math

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.profile import StrategyProfile

__all__ = ["BestResponse"]


class BestResponse(StrategyProfile):
    """A strategy profile and each player's best response to it.

    Parameters
    ----------
    game, pi, joint_pi
        As in `detente.equilibrium.profile.StrategyProfile`.
    """

    def best_value(self, player: int, epsilon: float) -> Floats:
        """Value ``(n, T)`` of the player's best response if every move keeps its floor."""
        game, types = self.game, self.game.n_types[player]
        value = np.zeros((game.n_nodes, types))
        value[game.leaves] = self._payoff[player]
        odds = self._shares(player)
        for a, b, nodes in self._steps[::-1]:
            value[nodes] = np.add.reduceat(
                odds[a:b] * value[a:b], game.first[nodes] - a, axis=0
            )
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

    def rounding(self, lam: float) -> float:
        """Bound the effect of rounding errors of the payoffs on the logit choices.

        A worth is a sum of products along at most as many moves as the tree is deep. Each operation
        errs by at most half a unit in the last place of the payoffs' size.
        """
        size = max((float(np.ptp(u)) for u in self._payoff if u.size), default=0.0)
        error = 0.5 * np.finfo(float).eps * (1.0 + len(self.game.level)) * size
        odds = math.expm1(min(2.0 * lam * error, 700.0))
        worst = 0.0
        for _, mix, _, _ in self.choices():
            worst = _max(worst, float((mix * (1.0 - mix) * odds / (1.0 + mix * odds)).max()))
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
            best = self.best_value(i, epsilon)[0] - self.value[i][0]
            out.append(float(self._prior(i, i) @ best))
        return out


def _offered(worth: Floats, weight: Floats) -> Floats:
    """Return the moves' worth, with minus infinity for moves of menu weight 0."""
    return np.where(weight[:, None] > 0, worth, -np.inf)


def _floored_best(worth: Floats, weight: Floats, start: Ints, epsilon: float) -> Floats:
    """Best value of each menu when every move keeps epsilon times its weight."""
    best: Floats = np.maximum.reduceat(_offered(worth, weight), start, axis=0)
    if epsilon == 0:
        return best
    return (1 - epsilon) * best + epsilon * np.add.reduceat(weight[:, None] * worth, start, axis=0)


def _max(a: float, b: float) -> float:
    """Return the larger, and NaN if either is NaN (a comparison would hide it)."""
    return math.nan if math.isnan(a) or math.isnan(b) else max(a, b)
