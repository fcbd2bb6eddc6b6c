"""The strategies of the variants of a batch, recovered from its results."""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.batch.compiled import RECOVERED, wait
from detente.equilibrium.batch.result import BatchResult
from detente.equilibrium.batch.work import Desk, compiles, flatten
from detente.equilibrium.profiles import Profiles
from detente.errors import SolveError
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree

__all__ = ["Strategies", "fallible_play", "fallible_strategies"]


class Strategies:
    """Recovers strategies chunk by chunk; data of the tree alone are computed once.

    Parameters
    ----------
    game
        Gives the structure.

    Raises
    ------
    SolveError
        The game has interdependent payoffs.
    """

    def __init__(self, game: PublicTree) -> None:
        if not compiles(game):
            raise SolveError(
                "a batch keeps no strategies if payoffs depend on both types; solve one by one")
        self.desk = Desk(game)

    def of(self, numbers: Numbers, found: BatchResult, first: int = 0) -> Floats:
        """Return the probability of the move into each node by the mover's type, (n, max T, S).

        Choices at simultaneous nodes follow in more rows, node after node and participant after
        participant.

        Parameters
        ----------
        numbers
            Of S variants.
        found
            The batch they belong to: fallible, or deliberate with its strategies kept.
        first
            Their position in ``found``. Deliberate variants that were not solved have zeros.
        """
        game = self.desk.game
        if found.reading == "fallible":
            return fallible_strategies(self.desk, numbers, found, first)
        nothing = np.zeros((int(self.desk.plan.sizes[4]), max(game.n_types)))
        return np.stack(
            [found.loose.get(first + k, nothing) for k in range(numbers.size)], axis=-1)


def fallible_strategies(desk: Desk, part: Numbers, found: BatchResult, first: int) -> Floats:
    """Return the strategies (rows, T, S) of a chunk that begins at ``first`` in ``found``."""
    return _recovered(desk, part, found, first, False, None)[0]


def fallible_play(
    desk: Desk, part: Numbers, found: BatchResult, first: int, rows: Ints | None = None
) -> tuple[Floats, Floats]:
    """Return the strategies (rows, T, S) and the public odds (n, S) of a chunk.

    The public odds are those of `BatchResult.q`, which a batch that does not ``keep`` them lacks.
    Of the strategies only some ``rows`` are stored, if these are given.
    """
    pi, odds = _recovered(desk, part, found, first, True, rows)
    loose = [k for k in range(part.size) if first + k in found.loose]
    if loose:
        which = np.array(loose)
        odds[:, which] = Profiles.of_strategies(
            desk.game, part.take(which), np.stack([found.loose[first + k] for k in loose], axis=-1),
            np.ones(len(loose), dtype=bool)).q
    return pi, odds


def _recovered(
    desk: Desk, part: Numbers, found: BatchResult, first: int, keep: bool, rows: Ints | None
) -> tuple[Floats, Floats]:
    from detente.equilibrium.batch.finish import recover_chunk

    wait(RECOVERED, desk.stop)
    game = desk.game
    flat = flatten(part, game, lam=float(found.lam or 0.0))
    if rows is None:
        rows = np.arange(int(desk.plan.sizes[4]))
    pi = np.zeros((len(rows), max(game.n_types), flat.size))
    odds = np.ones((game.n_nodes if keep else 0, flat.size))
    state = np.ascontiguousarray(found.state[:, first : first + flat.size])
    with desk.tools() as (s, _, w):
        recover_chunk(
            desk.plan, s, desk.tree, w, flat.payoff, flat.weight, flat.type_prob, flat.prior,
            flat.seen, state, float(found.lam or 0.0), rows, pi, odds, desk.stop,
        )
    for k in range(flat.size):
        if first + k in found.loose:
            pi[:, :, k] = found.loose[first + k][rows]
    return pi, odds
