"""The batch's housekeeping: laying a chunk's numbers out, threads, order, interruption."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.batch_result import BatchResult
from detente.errors import SolveError
from detente.game.numbers import Numbers
from detente.game.tree import CHANCE, JOINT, PublicTree

if TYPE_CHECKING:
    from detente.equilibrium.batch_anderson import Memory
    from detente.equilibrium.batch_certificate import Working
    from detente.equilibrium.batch_kernels import Space
    from detente.equilibrium.solution import Equilibrium

__all__ = ["Desk", "Flat", "flatten", "in_order", "is_public"]

Floats = NDArray[np.float64]
CHUNK_BYTES = 64 << 20
"""Numbers of one chunk take about this much memory."""
LONGEST = 2048
"""Most variants in a chunk."""


@dataclass(frozen=True)
class Flat:
    """A chunk's numbers as (rows, S) tables."""

    payoff: Floats
    weight: Floats
    type_prob: Floats
    prior: Floats
    """The analyst's, then each observer's."""
    seen: Floats
    """The priors the players act on."""
    finite: NDArray[np.bool_]
    """Variants in which every number is finite."""

    @property
    def size(self) -> int:
        return int(self.weight.shape[1])


def flatten(part: Numbers) -> Flat:
    """Lay a chunk's numbers out as tables."""
    size = part.size

    def table(arrays: tuple[Floats, ...]) -> Floats:
        rows = [np.ascontiguousarray(a, dtype=np.float64).reshape(-1, size) for a in arrays]
        return np.concatenate(rows) if len(rows) > 1 else rows[0]

    prior = table(part.prior)
    seen = prior
    if part.observer_prior is not None:
        seen = np.concatenate([table(o) for o in part.observer_prior])
        prior = np.concatenate([prior, seen])
    flat = Flat(table(part.payoff), table((part.weight,)), table((part.type_prob,)), prior, seen,
                np.ones(size, dtype=bool))
    for rows in (flat.payoff, flat.weight, flat.type_prob, flat.prior):
        # Summing is cheaper than testing every number; infinities may cancel only into nan.
        with np.errstate(invalid="ignore", over="ignore"):
            flat.finite[:] &= np.isfinite(rows.sum(axis=0))
    return flat


def is_public(game: PublicTree) -> bool:
    """Whether the kernels can take the tree (no simultaneous moves, private payoffs)."""
    return not game.joints and game.joint_payoff is None and not bool((game.mover == JOINT).any())


class Desk:
    """What the workers of one batch share, and the working arrays they take turns with."""

    def __init__(self, game: PublicTree) -> None:
        self.game = game
        self.stop = np.zeros(1, dtype=np.uint8)
        self._idle: SimpleQueue[tuple[Space, Memory, Working]] = SimpleQueue()
        self._states: dict[int, Floats] = {}
        if is_public(game):
            from detente.equilibrium.batch_certificate import structure
            from detente.equilibrium.batch_plan import layout

            self.plan = layout(game)
            self.tree = structure(game)

    @property
    def stopped(self) -> bool:
        return bool(self.stop[0])

    @contextmanager
    def tools(self) -> Iterator[tuple[Space, Memory, Working]]:
        """Lend a set of working arrays to one thread."""
        from detente.equilibrium.batch_anderson import memory
        from detente.equilibrium.batch_certificate import working
        from detente.equilibrium.batch_kernels import space

        try:
            one = self._idle.get_nowait()
        except Empty:
            one = space(self.plan), memory(self.plan), working(self.game)
        try:
            yield one
        finally:
            self._idle.put(one)

    def state_of(self, eq: Equilibrium) -> Floats:
        """Return the state (rows, 1) that an equilibrium stands for."""
        if id(eq) not in self._states:
            self._states[id(eq)] = self._state_of(eq)
        return self._states[id(eq)]

    def _state_of(self, eq: Equilibrium) -> Floats:
        plan, game = self.plan, eq.game
        n = int(plan.sizes[4])
        if game.observer_prior is None:
            odds = np.asarray(eq.q)[plan.old]
        else:
            from detente.equilibrium.bestresponse import Play

            play = Play(game, eq.pi)
            by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
            odds = np.empty(n * game.n_players)
            for view in range(game.n_players):
                seen = np.where(by == CHANCE, game.weight, 1.0)
                for i in range(game.n_players):
                    if i != view:
                        seen = seen * play.posterior(view, i)[1]
                odds[view * n : (view + 1) * n] = seen[plan.old]
        return np.ascontiguousarray(odds[plan.state_row][:, None])


def _length(game: PublicTree, n: int) -> int:
    """Choose how many variants make a chunk: the same whatever the number of workers."""
    from detente.equilibrium.batch_math import LANES

    each = 8 * (sum(u.size for u in game.payoff) + game.n_nodes + game.type_prob.size + 1)
    fit = max(LANES, min(LONGEST, CHUNK_BYTES // each // LANES * LANES))
    # At least four chunks, so that two workers both have something to do.
    share = -(-n // (4 * LANES)) * LANES
    return int(min(fit, max(LANES, share)))


def in_order(
    game: PublicTree,
    numbers: Callable[[slice], Numbers],
    n: int,
    job: Callable[[Desk, Numbers, int], BatchResult],
    *,
    workers: int,
    progress: Callable[[int, int], None] | None,
    chunk: int | None = None,
    desk: Desk | None = None,
) -> Iterator[BatchResult]:
    """Run ``job`` on one chunk after another in threads; yield the results in order.

    Numbers are asked for in the calling thread, at most one chunk ahead of the workers. Whatever
    ends the iteration (an interrupt, an error) stops the workers at their next block.
    """
    if workers < 1:
        raise SolveError(f"a batch needs at least one worker, not {workers}")
    if chunk is not None and chunk < 1:
        raise SolveError(f"a chunk needs at least one variant, not {chunk}")
    desk = desk or Desk(game)
    length = chunk or _length(game, n)
    waiting: deque[tuple[int, Future[BatchResult]]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="batch")

    def send(at: int) -> None:
        part = numbers(slice(at, min(at + length, n)))
        part.check(game)
        if part.size != min(at + length, n) - at:
            raise SolveError(
                f"{part.size} variants given where {min(at + length, n) - at} were asked for")
        waiting.append((min(at + length, n), pool.submit(job, desk, part, at)))

    def finished() -> Iterator[BatchResult]:
        done, result = waiting.popleft()
        yield result.result()
        if progress is not None:
            progress(done, n)

    try:
        for at in range(0, n, length):
            if len(waiting) > workers:
                yield from finished()
            send(at)
        while waiting:
            yield from finished()
    finally:
        desk.stop[0] = 1
        pool.shutdown(wait=True, cancel_futures=True)

