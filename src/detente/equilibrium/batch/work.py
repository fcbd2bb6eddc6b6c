"""The organisation of a batch: tables of a chunk's numbers, threads, order, interruption."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, Ints
from detente.equilibrium.batch.result import BatchResult
from detente.errors import SolveError
from detente.game.numbers import Numbers
from detente.game.tree import CHANCE, PublicTree

if TYPE_CHECKING:
    from detente.equilibrium.batch.anderson import Memory
    from detente.equilibrium.batch.kernels import Space
    from detente.equilibrium.certificates.batch import Working
    from detente.equilibrium.solution import Equilibrium

__all__ = ["Desk", "Flat", "compiles", "flatten", "in_order", "in_units", "loosened", "mixes_of"]

CHUNK_BYTES = 64 << 20
"""Numbers of one chunk take about this much memory."""
LONGEST = 2048
"""Most variants in a chunk."""


Part = Callable[[slice], Numbers]


def in_units(
    game: PublicTree, numbers: Part
) -> tuple[PublicTree, Part, Callable[[BatchResult], BatchResult]]:
    """Return a batch in the units of the solvers, and how its results are converted back.

    The unit is that of the tree's own numbers (`PublicTree.relative`), which the variants share.
    """
    relative = game.relative
    if relative.tree is game:
        return game, numbers, lambda part: part

    def inner(which: slice) -> Numbers:
        part = numbers(which)
        return replace(part, payoff=relative.inner(part.payoff))

    def written(part: BatchResult) -> BatchResult:
        power = relative.exponent
        return replace(part, max_regret_excess=np.ldexp(part.max_regret_excess, power),
                       nash_conv=np.ldexp(part.nash_conv, power))

    return replace(relative.tree, scaled=0), inner, written


@dataclass(frozen=True)
class Flat:
    """A chunk's numbers as (rows, S) tables."""

    payoff: Floats
    weight: Floats
    """Of every move, and then of every choice at simultaneous nodes."""
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


def flatten(
    part: Numbers, game: PublicTree, *, lam: float | None = None, order: Ints | None = None
) -> Flat:
    """Return a chunk's numbers as tables; menu weights of simultaneous choices are the tree's.

    Parameters
    ----------
    part, game
        The chunk and its tree.
    lam
        Scale payoffs to this precision, as `Numbers.scaled` does.
    order
        The variants in the order wanted.
    """
    size = part.size
    factor = None
    if lam is not None and part.precision is not None and not np.all(part.precision == lam):
        factor = (part.precision if order is None else part.precision[order]) / lam

    def table(arrays: Sequence[Floats]) -> Floats:
        given = [np.asarray(a, dtype=np.float64).reshape(-1, size) for a in arrays]
        out = np.empty((sum(len(a) for a in given), size))
        at = 0
        for rows in given:
            to = out[at : at + len(rows)]
            if order is None:
                to[:] = rows
            else:
                np.take(rows, order, axis=1, out=to, mode="clip")
            at += len(rows)
        return out

    payoff = table(part.payoff)
    if factor is not None:
        payoff *= factor
    prior = table(part.prior)
    seen = prior
    if part.observer_prior is not None:
        seen = np.concatenate([table(o) for o in part.observer_prior])
        prior = np.concatenate([prior, seen])
    same = [np.repeat(w[:, None], size, axis=1)
            for node in sorted(game.joints) for w in game.joints[node].weights]
    flat = Flat(payoff, table((part.weight, *same)), table((part.type_prob,)), prior,
                seen, np.ones(size, dtype=bool))
    for rows in (flat.payoff, flat.weight, flat.type_prob, flat.prior):
        # Summing is cheaper than testing every number; infinities may cancel only into nan.
        with np.errstate(invalid="ignore", over="ignore"):
            flat.finite[:] &= np.isfinite(rows.sum(axis=0))
    return flat


def compiles(game: PublicTree) -> bool:
    """Whether the kernels can take the tree: payoffs must not depend on another's type."""
    return game.joint_payoff is None


def loosened(
    game: PublicTree, pi: Floats, joint_pi: Mapping[int, Sequence[Floats]]
) -> Floats:
    """Return strategies as the batch keeps them: moves, then choices at simultaneous nodes."""
    if not game.joints:
        return pi
    mixes = [m for node in sorted(game.joints) for m in joint_pi[node]]
    rows = np.zeros((sum(len(m) for m in mixes), pi.shape[1]))
    at = 0
    for m in mixes:
        rows[at : at + len(m), : m.shape[1]] = m
        at += len(m)
    return np.concatenate([pi, rows])


def mixes_of(game: PublicTree, rows: Floats) -> dict[int, tuple[Floats, ...]]:
    """Return the mixes at simultaneous nodes from strategies as `loosened` lays them out."""
    found, at = {}, game.n_nodes
    for node in sorted(game.joints):
        joint, mixes = game.joints[node], []
        for i, size in zip(joint.players, joint.sizes, strict=True):
            mixes.append(np.ascontiguousarray(rows[at : at + size, : game.n_types[i]]))
            at += size
        found[node] = tuple(mixes)
    return found


def _prepared(game: PublicTree) -> tuple[Any, Any]:
    """Return the layout of a tree's structure, computed once for all its batches."""
    from detente.equilibrium.batch.plan import layout
    from detente.equilibrium.certificates.batch import structure

    kept = vars(game)
    if "_batch" not in kept:
        kept["_batch"] = layout(game), structure(game)
    return kept["_batch"]  # type: ignore[no-any-return]


class Desk:
    """The data that the workers of one batch share, and a pool of working arrays."""

    def __init__(self, game: PublicTree) -> None:
        self.game = game
        self.stop = np.zeros(1, dtype=np.uint8)
        self._idle: SimpleQueue[tuple[Space, Memory, Working]] = SimpleQueue()
        self._states: dict[int, Floats] = {}
        if compiles(game):
            self.plan, self.tree = _prepared(game)

    @property
    def stopped(self) -> bool:
        return bool(self.stop[0])

    @contextmanager
    def tools(self) -> Iterator[tuple[Space, Memory, Working]]:
        """Lend a set of working arrays to one thread."""
        from detente.equilibrium.batch.anderson import memory
        from detente.equilibrium.batch.kernels import space
        from detente.equilibrium.certificates.batch import working

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
        if game.observer_prior is None and not game.joints:
            odds = np.asarray(eq.q)[plan.old]
            return np.ascontiguousarray(odds[plan.state_row][:, None])
        from detente.equilibrium.profile import StrategyProfile

        profile = StrategyProfile(game, eq.pi, eq.joint_pi)
        by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
        odds = np.ones(n * int(plan.sizes[5]))
        for view in range(int(plan.sizes[5])):
            unlike = game.observer_prior is not None
            seen = np.ones(n)
            seen[: game.n_nodes] = np.where(by == CHANCE, game.weight, 1.0)
            told = {i: profile.posterior(view, i) for i in range(game.n_players)
                    if not (unlike and i == view)}
            for _, moved in told.values():
                seen[: game.n_nodes] *= moved
            at = game.n_nodes
            for node in sorted(game.joints):
                for i, mix in zip(game.joints[node].players, eq.joint_pi[node], strict=True):
                    if i in told:
                        seen[at : at + len(mix)] = mix @ told[i][0][node]
                    at += len(mix)
            odds[view * n : (view + 1) * n] = seen[plan.old]
        return np.ascontiguousarray(odds[plan.state_row][:, None])


def _length(game: PublicTree, n: int) -> int:
    """Choose the number of variants per chunk; it does not depend on the number of workers."""
    from detente.equilibrium.kernels.lanes import LANES

    each = 8 * (sum(u.size for u in game.payoff) + game.n_nodes + game.type_prob.size + 1)
    fit = max(LANES, min(LONGEST, CHUNK_BYTES // each // LANES * LANES))
    # At least four chunks, so that two workers share the work.
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

    Numbers are computed in the calling thread, at most two chunks per worker ahead. If an interrupt
    or an error ends the iteration, the workers stop at their next block.
    """
    if workers < 1:
        raise SolveError(f"workers is {workers}; a batch needs at least one worker")
    if chunk is not None and chunk < 1:
        raise SolveError(f"chunk is {chunk}; a chunk needs at least one variant")
    desk = desk or Desk(game)
    length = chunk or _length(game, n)
    waiting: deque[tuple[int, Future[BatchResult]]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="batch")

    def send(at: int) -> None:
        part = numbers(slice(at, min(at + length, n)))
        part.check(game)
        if part.size != min(at + length, n) - at:
            raise SolveError(
                f"numbers of {part.size} variants given; {min(at + length, n) - at} are needed")
        waiting.append((min(at + length, n), pool.submit(job, desk, part, at)))

    def finished() -> Iterator[BatchResult]:
        done, result = waiting.popleft()
        yield result.result()
        if progress is not None:
            progress(done, n)

    try:
        for at in range(0, n, length):
            send(at)
            # The consumer may be slow. Limit the queue to two chunks per worker.
            if len(waiting) > 2 * workers:
                yield from finished()
        while waiting:
            yield from finished()
    finally:
        desk.stop[0] = 1
        pool.shutdown(wait=True, cancel_futures=True)

