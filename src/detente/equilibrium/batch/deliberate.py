"""Deliberate equilibria of many variants of one tree, each from its own fallible equilibrium.

Learning itself is that of `detente.equilibrium.deliberate.solve`, along one path of floors: the
sequence form is built once for all variants and the iterations run outside the interpreter's lock,
one variant per thread. (Variants side by side are not faster here: memory limits an iteration, and
the tables of one variant fit the cache, but those of several do not.) The certificates come from
the compiled examination of `batch_certificate`, LANES variants at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.defaults import EPSILON, WORKERS
from detente.equilibrium.batch.result import BatchResult
from detente.equilibrium.batch.strategies import fallible_strategies
from detente.equilibrium.batch.work import (
    Desk,
    Flat,
    compiles,
    flatten,
    in_order,
    in_units,
    loosened,
    mixes_of,
)
from detente.equilibrium.certificates.public import GAIN_SLACK, NASH_CONV_LIMIT, SUM_SLACK
from detente.equilibrium.deliberate.floors import floors
from detente.equilibrium.deliberate.sequence_form import SequenceForm
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import inwards
from detente.errors import DetenteError, SolveError
from detente.game.exact import times_power
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree
from detente.game.units import holds

__all__ = ["deliberate_batch", "iter_deliberate"]

ROUGH = 2e-4
"""NashConv, as a share of the stake, at which learning leaves a floor that is not the last one."""


def deliberate_batch(
    game: PublicTree,
    numbers: Callable[[slice], Numbers],
    n: int,
    *,
    starts: BatchResult | Equilibrium,
    epsilon: float = EPSILON,
    largest: float | None = None,
    workers: int = WORKERS,
    progress: Callable[[int, int], None] | None = None,
    keep: bool = False,
    stake: float | None = None,
    chunk: int | None = None,
) -> BatchResult:
    """Find deliberate equilibria of the first ``n`` variants at one floor.

    Parameters
    ----------
    game, numbers, n, workers, progress, keep, chunk
        As in `detente.equilibrium.solve_batch`; with ``keep`` the strategies are kept too, in
        ``loose``.
    starts
        The fallible results of (at least) these variants, in the same order; or one equilibrium
        from which all of them start.
    epsilon
        Floor of every move, as a share of its menu weight.
    largest
        Floor at which learning starts; it is halved until ``epsilon``, as
        `detente.equilibrium.solve_deliberate` does. None starts at ``epsilon``. If there are
        several equilibria, the path of floors decides which one is found.
    stake
        Size of the stake in units of the payoffs; scales the limit on NashConv. None: that of the
        game, as in `detente.equilibrium.solve_deliberate`.

    Returns
    -------
    BatchResult
        With NashConv of the floored game; variants above 1e-3 of the stake are marked.

    Raises
    ------
    SolveError
        A floor outside (0, 1), or fewer starts than variants.
    """
    began = time.perf_counter()
    parts = list(iter_deliberate(
        game, numbers, n, starts=starts, epsilon=epsilon, largest=largest, workers=workers,
        progress=progress, keep=keep, stake=stake, chunk=chunk,
    ))
    return BatchResult.join(parts, time.perf_counter() - began)


def iter_deliberate(
    game: PublicTree,
    numbers: Callable[[slice], Numbers],
    n: int,
    *,
    starts: BatchResult | Equilibrium,
    epsilon: float = EPSILON,
    largest: float | None = None,
    workers: int = WORKERS,
    progress: Callable[[int, int], None] | None = None,
    keep: bool = False,
    stake: float | None = None,
    chunk: int | None = None,
) -> Iterator[BatchResult]:
    """Yield finished chunks of `deliberate_batch` in order, as soon as they are ready."""
    from detente.equilibrium.kernels.lanes import LANES

    for floor in (epsilon, epsilon if largest is None else largest):
        if not 0 < floor < 1:
            raise SolveError(f"epsilon, the tremble floor, is {floor}; it must lie between 0 and 1")
    if isinstance(starts, BatchResult) and starts.size < n:
        raise SolveError(f"{starts.size} starts for {n} variants")
    if n < 1:
        raise SolveError(f"n is {n}; a batch needs at least one variant")
    relative = game.relative
    size = (relative.span if stake is None else times_power(stake, -relative.exponent)) or 1.0
    inner, given, written = in_units(game, numbers)
    if isinstance(starts, Equilibrium):
        starts = inwards(starts)
    elif starts.lam is not None:
        starts = replace(starts, lam=relative.precision(starts.lam))
    job = partial(_chunk, starts=starts, path=tuple(floors(largest, float(epsilon))), keep=keep,
                  stake=size, form=SequenceForm.of(game))
    for part in in_order(inner, given, n, job, workers=workers, progress=progress,
                         chunk=chunk or LANES):
        yield written(part)


def _chunk(
    desk: Desk, part: Numbers, first: int, *, starts: BatchResult | Equilibrium,
    path: tuple[float, ...], keep: bool, stake: float, form: SequenceForm,
) -> BatchResult:
    began = time.perf_counter()
    game, flat = desk.game, flatten(part, desk.game)
    result = BatchResult.blank(game, flat.size, "deliberate", None, path[-1], keep)
    if not compiles(game):
        for k in np.flatnonzero(flat.finite):
            if desk.stopped:
                break
            _alone(game, part, int(k), starts, path, stake, result)
        return replace(result, first=first, elapsed=time.perf_counter() - began)
    if isinstance(starts, Equilibrium):
        begin = np.repeat(loosened(game, starts.pi, starts.joint_pi)[:, :, None], flat.size, axis=2)
    else:
        begin = fallible_strategies(desk, part, starts, first)
    learnt = np.zeros(begin.shape)
    solved = np.zeros(flat.size, dtype=bool)
    for k in np.flatnonzero(flat.finite):
        if desk.stopped:
            break
        rows = np.ascontiguousarray(begin[:, :, k])
        learnt[:, :, k], solved[k] = _learn(game, part, int(k), rows, path, stake, form)
    _examine(desk, flat, learnt, solved, result, stake)
    if keep:
        result.loose.update((int(k), learnt[:, :, k]) for k in np.flatnonzero(solved))
    return replace(result, first=first, elapsed=time.perf_counter() - began)


def _learn(
    game: PublicTree, part: Numbers, k: int, begin: Floats, path: tuple[float, ...], stake: float,
    form: SequenceForm,
) -> tuple[Floats, bool]:
    """Learn one variant at each floor of a path, each from the strategies of the one before.

    Return its strategies (rows, T) at the last floor, and whether learning succeeded.
    """
    from detente.equilibrium.deliberate.run import Learning
    from detente.equilibrium.deliberate.solve import AIM, learn

    learning = Learning(game.with_numbers(**part.at(k)), form)
    pi, mixes = begin[: game.n_nodes], mixes_of(game, begin)
    with np.errstate(all="ignore"):
        try:
            for epsilon in path:
                aim = AIM if epsilon == path[-1] else ROUGH
                sigma, _, _ = learn(learning, pi, mixes, epsilon=epsilon, stake=stake, aim=aim)
                pi, mixes = learning.strategies(sigma)
        except (DetenteError, ArithmeticError, ValueError):
            return np.zeros_like(begin), False
        return loosened(game, pi, mixes), True


def _examine(
    desk: Desk, flat: Flat, pi: Floats, solved: NDArray[np.bool_], result: BatchResult,
    stake: float,
) -> None:
    """Certify a chunk's strategies and enter the results in ``result``."""
    from detente.equilibrium.certificates.batch import examine, verdict
    from detente.equilibrium.kernels.lanes import LANES

    game = desk.game
    found = verdict(flat.size, len(game.outcome_names))
    odds = result.q if result.q is not None else np.empty((0, flat.size))
    share = np.empty(0) if game.share is None else np.ascontiguousarray(game.share)
    with desk.tools() as (_, _, w):
        for at in range(0, flat.size, LANES):
            last = min(LANES, flat.size - at)
            which = np.minimum(np.arange(at, at + LANES), flat.size - 1)
            w.pi[:] = pi[:, :, which].reshape(-1, LANES)
            examine(desk.tree, w, flat.payoff, flat.weight, flat.type_prob, flat.prior, share,
                    -1.0, result.epsilon, which, last, True, found, odds)
    result.outcomes[:] = found.outcomes
    result.share[:] = found.share
    result.nash_conv[:] = found.nash_conv
    result.certified[:] = (
        solved & (found.nash_conv <= NASH_CONV_LIMIT * stake) & (found.unsound <= SUM_SLACK)
        & (found.nash_conv >= -GAIN_SLACK * stake) & holds(flat.payoff, stake)
    )
    result.reached_by[solved] = "regret learning"


def _alone(
    game: PublicTree, part: Numbers, k: int, starts: BatchResult | Equilibrium,
    path: tuple[float, ...], stake: float, result: BatchResult,
) -> None:
    """Solve a variant of a game with interdependent payoffs by itself."""
    from detente.equilibrium.deliberate.solve import solve_deliberate
    from detente.equilibrium.fallible.solve import solve

    one = game.with_numbers(**part.at(k))
    try:
        if isinstance(starts, Equilibrium):
            begin = starts
        else:
            begin = solve(one, float(part.precisions(float(starts.lam or 0.0))[k]))
        for epsilon in path:
            eq = begin = solve_deliberate(one, begin, epsilon=epsilon, settle=None, stake=stake)
    except (DetenteError, ArithmeticError, ValueError):
        return
    result.outcomes[k] = [eq.outcomes()[name] for name in game.outcome_names]
    result.nash_conv[k] = eq.certificate.nash_conv
    result.certified[k] = eq.certificate.certified
    result.reached_by[k] = "one by one: regret learning"
    if result.q is not None:
        result.q[:, k] = eq.q
