"""Certificates for extensive games, from the strategies alone.

Only the arrays of the game are shared with the solver. Array operations by level replace its
compiled loops, and best responses use the sequence form. With perfect recall every information set
follows exactly one of its owner's own moves, so a best response is a maximum at each set, taken
from the last sets to the first, over payoffs weighed by chance and by the others.

Payoffs are the exact differences of the numbers as written (`detente.game.exact`), each rounded
once. Hence an offset or a unit of a player's payoffs cannot hide a gain. Errors of rounding are
bounded, too: if they could change a probability by more than the tolerance, or if the gain from a
best response is negative by more than rounding, the profile is not certified.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.certificates.public import (
    REGRET_SLACK,
    RESIDUAL_LIMIT,
    SUM_SLACK,
    Certificate,
    negative_gain,
)
from detente.errors import SolveError
from detente.game.exact import times_power
from detente.game.extensive import ExtensiveGame

__all__ = ["ExtensiveProfile", "certify_extensive", "extensive_nash_conv", "set_regrets"]


class ExtensiveProfile:
    """Reach, beliefs and payoffs of a profile of behaviour strategies.

    Parameters
    ----------
    game
        A game with perfect recall.
    log_prob : (A,)
        Log-probability of every players' move; entries of chance moves are not read.

    Names with an underscore hold payoffs in the units of `ExtensiveGame.relative`, the others in
    those of the game.
    """

    def __init__(self, game: ExtensiveGame, log_prob: Floats) -> None:
        if np.shape(log_prob) != game.chance.shape:
            raise SolveError(f"log_prob has shape {np.shape(log_prob)}; it needs one entry per "
                             "move, "
                             f"({len(game.chance)},)")
        self.game = game
        self.owner = game.set_player[game.set_of_move]
        own = self.owner >= 0
        with np.errstate(divide="ignore"):
            self.log = np.where(own, log_prob, np.log(np.where(own, 1.0, game.chance)))
        self.prob = np.exp(self.log)
        self._value = self._values()
        self.belief = self._beliefs()
        self._worth = self._worths()

    @property
    def value(self) -> Floats:
        """Expected payoffs at every node, (n, N)."""
        return self.game.relative.written(self._value)

    def regrets(self) -> Floats:
        """Gain from the best move at every set, conditional on reaching it; 0 for chance, (H,)."""
        return np.asarray(np.ldexp(self._regrets(), self.game.relative.exponent))

    def gains(self) -> Floats:
        """Gain of each player from its best strategy in the whole game, (N,)."""
        return np.asarray(np.ldexp(self._gains(), self.game.relative.exponent))

    def _along(self, by_move: Floats) -> Floats:
        """Add numbers of moves up along the path to every node, (n,)."""
        step = np.zeros(self.game.n_nodes)
        step[1:] = by_move[self.game.move[1:]]
        with np.errstate(invalid="ignore"):
            return self.game.path_sum(step)

    def _values(self) -> Floats:
        """Expected payoffs at every node, (n, N)."""
        game = self.game
        value = np.zeros((game.n_nodes, game.n_players))
        value[game.leaves] = game.relative.payoff
        for nodes in game.levels[:0:-1]:
            np.add.at(value, game.parent[nodes], self.prob[game.move[nodes], None] * value[nodes])
        return value

    def _beliefs(self) -> Floats:
        """Probability of every node given that its information set is reached, (n,).

        If a set is reached only by impossible chance moves, only the nodes with the fewest of them
        count. All such moves are taken as equally improbable.
        """
        game = self.game
        never = np.isneginf(self.log) & (self.owner < 0)
        reach = self._along(np.where(never, 0.0, self.log))
        count = self._along(never.astype(float))
        inner = np.flatnonzero(game.infoset >= 0)
        sets = game.infoset[inner]
        fewest = np.full(game.n_sets, np.inf)
        np.minimum.at(fewest, sets, count[inner])
        counted = inner[count[inner] == fewest[sets]]
        sets = game.infoset[counted]
        top = np.full(game.n_sets, -np.inf)
        np.maximum.at(top, sets, reach[counted])
        belief = np.zeros(game.n_nodes)
        gap = reach[counted] - np.where(np.isfinite(top), top, 0.0)[sets]
        belief[counted] = np.exp(gap)
        total = np.bincount(sets, weights=belief[counted], minlength=game.n_sets)
        belief[counted] /= np.where(total > 0, total, 1.0)[sets]
        return belief

    def _worths(self) -> Floats:
        """The mover's payoff from each of its moves, conditional on reaching the set, (A,)."""
        game = self.game
        nodes = np.arange(1, game.n_nodes)
        up, move = game.parent[1:], game.move[1:]
        mine = self.owner[move] >= 0
        nodes, up, move = nodes[mine], up[mine], move[mine]
        gain = self.belief[up] * self._value[nodes, self.owner[move]]
        return np.asarray(np.bincount(move, weights=gain, minlength=len(self.owner)), dtype=float)

    def _by_set(self, ufunc: np.ufunc, x: Floats) -> Floats:
        """Reduce over the moves of every set, (H,)."""
        if len(x) == 0:
            return np.zeros(0)
        return np.asarray(ufunc.reduceat(x, self.game.set_first[:-1]))

    def improper(self) -> float:
        """Return the largest difference between the sum of a mix and 1."""
        total = self._by_set(np.add, self.prob)[self.game.set_player >= 0]
        worst = float(np.abs(total - 1).max(initial=0.0))
        return worst if np.isfinite(worst) else np.inf

    def response(self, lam: float) -> Floats:
        """Logit response at precision ``lam`` to these payoffs, as log-probabilities, (A,)."""
        sets = self.game.set_of_move
        with np.errstate(divide="ignore"):
            score = lam * self._worth + np.log(self.game.weight)
        score = score - self._by_set(np.maximum, score)[sets]
        return score - np.log(self._by_set(np.add, np.exp(score)))[sets]

    def rounding(self, lam: float, answer: Floats) -> float:
        """Bound the effect of rounding errors of the payoffs on the logit response ``answer``.

        A worth is a sum of products along at most as many moves as the tree is deep. Each operation
        errs by at most half a unit in the last place of the payoffs' size.
        """
        own = self.owner >= 0
        if not own.any():
            return 0.0
        size = np.ptp(self.game.relative.payoff, axis=0)[self.owner[own]]
        error = 0.5 * np.finfo(float).eps * (2.0 + float(self.game.depth.max())) * size
        p, odds = answer[own], np.expm1(np.minimum(2.0 * lam * error, 700.0))
        with np.errstate(invalid="ignore"):
            return float((p * (1.0 - p) * odds / (1.0 + p * odds)).max())

    def _regrets(self) -> Floats:
        best = self._by_set(np.maximum, self._worth)
        mean = self._by_set(np.add, np.where(self.owner >= 0, self.prob, 0.0) * self._worth)
        return np.where(self.game.set_player >= 0, best - mean, 0.0)

    def _gains(self) -> Floats:
        game = self.game
        m = len(self.owner)
        gain = np.zeros(game.n_players)
        rank = np.zeros(game.n_sets, dtype=np.int64)  # own moves before the set
        for h in range(game.n_sets):  # a set's parent set starts earlier in the file
            before = game.set_parent[h]
            if before >= 0:
                rank[h] = rank[game.set_of_move[before]] + 1
        for i in range(game.n_players):
            weigh = self._along(np.where(self.owner == i, 0.0, self.log))
            leaves = game.leaves
            paid = np.exp(weigh[leaves]) * game.relative.payoff[:, i]
            # Payoffs by the player's last own move; the last entry is for terminal nodes without
            # one.
            after = game.last_own[leaves, i] % (m + 1)
            worth = np.asarray(np.bincount(after, weights=paid, minlength=m + 1), dtype=float)
            sets = np.flatnonzero(game.set_player == i)
            sets = sets[np.argsort(rank[sets], kind="stable")]
            for now in np.split(sets, np.cumsum(np.bincount(rank[sets]))[:-1])[::-1]:
                first, size = game.set_first[now], game.set_first[now + 1] - game.set_first[now]
                starts = np.cumsum(size) - size
                moves = np.arange(size.sum()) + np.repeat(first - starts, size)
                best = np.maximum.reduceat(worth[moves], starts) if len(now) else worth[:0]
                np.add.at(worth, game.set_parent[now] % (m + 1), best)
            gain[i] = worth[m] - self._value[0, i]
        return gain


def set_regrets(game: ExtensiveGame, log_prob: Floats) -> Floats:
    """Gain from the best move at every information set, by conditional payoffs, (H,)."""
    return ExtensiveProfile(game, log_prob).regrets()


def extensive_nash_conv(game: ExtensiveGame, prob: Floats) -> float:
    """Sum over players of the gain from an exact best response, in units of the payoffs.

    Parameters
    ----------
    game
        A game with perfect recall.
    prob : (A,)
        Probability of every move; entries of chance moves are not read.

    Examples
    --------
    >>> from detente.game.efg import parse_efg
    >>> game = parse_efg('EFG 2 R "" { "A" } p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1 } '
    ...                  't "" 2 "" { 3 }')
    >>> extensive_nash_conv(game, np.array([0.5, 0.5]))
    1.0
    """
    with np.errstate(divide="ignore"):
        return float(ExtensiveProfile(game, np.log(prob)).gains().sum())


def certify_extensive(
    game: ExtensiveGame,
    log_prob: Floats,
    lam: float,
    *,
    reached_by: str = "",
    folds: Sequence[float] = (),
    note: str = "",
) -> Certificate:
    """Check a profile against the agent logit equilibrium conditions at precision ``lam``.

    Parameters
    ----------
    game
        A game with perfect recall.
    log_prob : (A,)
        Log-probability of every move.
    lam
        Precision, in one over the units of the payoffs.
    reached_by, folds, note
        Copied into the certificate.

    Raises
    ------
    SolveError
        A negative precision, or an array of the wrong shape.
    """
    if not lam >= 0:
        raise SolveError(f"lambda is {lam}; a certificate needs a number of at least 0")
    problems = []
    relative = game.relative
    precision, span = relative.precision(lam), relative.span
    with np.errstate(over="ignore", invalid="ignore"):
        seen = ExtensiveProfile(game, log_prob)
        own = seen.owner >= 0
        answer = np.exp(seen.response(precision))
        residual = float(np.abs(seen.prob - answer)[own].max(initial=0.0))
        rounding = seen.rounding(precision, answer)
        regrets = seen._regrets()
        gain = float(seen._gains().sum())
        if not seen.improper() <= SUM_SLACK:
            problems.append("the strategies are not probability distributions")
    if not residual <= RESIDUAL_LIMIT:
        problems.append(f"residual {residual:.1e} above {RESIDUAL_LIMIT:.0e}")
    if not rounding <= RESIDUAL_LIMIT:
        problems.append(f"at this lambda rounding errors can change a probability by "
                        f"{rounding:.1e}, above {RESIDUAL_LIMIT:.0e}; choose a smaller lambda")
    if problem := negative_gain(gain, span):
        problems.append(problem)
    strategic = np.flatnonzero(game.set_player >= 0)
    worst, bound = 0.0, None
    if len(strategic) and precision > 0:
        with np.errstate(over="ignore"):
            bounds = seen._by_set(np.maximum, -np.log(np.where(own, game.weight, 1.0))) / precision
        h = strategic[np.argmax((regrets - bounds)[strategic])]
        worst, bound = float(regrets[h]), float(bounds[h])
        if not worst <= bound + REGRET_SLACK * span:
            problems.append(f"regret {times_power(worst, relative.exponent):.2e} above its bound "
                            f"{times_power(bound, relative.exponent):.2e}")
        bound = times_power(bound, relative.exponent)
    elif len(strategic):
        worst = float(regrets.max())
    return Certificate(
        reading="fallible", lam=float(lam), epsilon=None, residual=residual,
        max_regret=times_power(worst, relative.exponent), regret_bound=bound,
        nash_conv=times_power(gain, relative.exponent), reached_by=reached_by,
        folds=tuple(float(f) for f in folds), certified=not problems,
        note="; ".join(p for p in [note, *problems] if p),
    )
