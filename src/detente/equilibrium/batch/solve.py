"""Thousands of variants of one tree: the fallible model, every variant with its certificate.

Variants are solved in chunks, chunks by threads. Within a chunk LANES variants go side by side
through the compiled kernels; those that do not converge from the neighbour are annealed if they are
many, and those that are still not certified are solved one by one by `detente.equilibrium.solve`,
with Newton's method from the neighbour. Every variant's
arithmetic is its own, so results do not depend on the number of workers to the last bit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.arrays import Floats, Ints
from detente.defaults import LAMBDA, WORKERS
from detente.equilibrium.batch.compiled import CHECKED, wait
from detente.equilibrium.batch.deliberate import deliberate_batch
from detente.equilibrium.batch.result import BatchResult
from detente.equilibrium.batch.work import (
    Desk,
    compiles,
    flatten,
    in_order,
    in_units,
    loosened,
)
from detente.equilibrium.certificates.public import (
    GAIN_SLACK,
    REGRET_SLACK,
    RESIDUAL_LIMIT,
    SUM_SLACK,
)
from detente.equilibrium.units import inner_precision, inwards
from detente.errors import DetenteError, SolveError
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree
from detente.game.units import holds

if TYPE_CHECKING:
    from detente.equilibrium.solution import Equilibrium

__all__ = ["BatchResult", "deliberate_batch", "iter_batch", "solve_batch"]

Progress = Callable[[int, int], None]
Start: TypeAlias = "Equilibrium | Sequence[Equilibrium] | None"


def solve_batch(
    game: PublicTree,
    numbers: Callable[[slice], Numbers],
    n: int,
    *,
    lam: float = LAMBDA,
    start: Start = None,
    workers: int = WORKERS,
    progress: Progress | None = None,
    keep: bool = False,
    nash_conv: bool = False,
    chunk: int | None = None,
) -> BatchResult:
    """Solve ``n`` variants of ``game`` for the fallible reading.

    Parameters
    ----------
    game
        Gives the structure; its own numbers are not used.
    numbers
        Returns the numbers of the variants in a slice; called for one chunk at a time, so that
        never more than a few chunks' payoffs are held.
    n
        How many variants there are.
    lam
        Precision of choice of variants whose numbers give none. Variants of different precision
        are solved together, because choice depends on payoffs times precision only.
    start
        A solved neighbour, usually the centre of the variants, or several neighbours at different
        precisions: each variant starts from the one whose precision is nearest. Without any,
        variants are annealed from lambda 0.
    workers
        Threads. Results are the same for any number.
    progress
        Called with (variants done, n) after each chunk.
    keep
        Keep the public odds of every move, (n nodes, S).
    nash_conv
        Also compute the gain of a best strategy in the game itself.
    chunk
        Variants in a chunk; chosen from the size of the tree if not given.

    Returns
    -------
    BatchResult
        Variants that no method could certify are marked, not left out.

    Raises
    ------
    SolveError
        A negative or infinite lambda, or a neighbour from another tree.
    InputError
        Numbers of the wrong shape.

    Examples
    --------
    >>> import numpy as np
    >>> from detente.equilibrium.batch.solve import solve_batch
    >>> from detente.game import decide, end, tree
    >>> from detente.game.numbers import Numbers
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> def numbers(which):
    ...     k = np.arange(100)[which]
    ...     one = Numbers.stack([game] * len(k))
    ...     payoff = one.payoff[0].copy()
    ...     payoff[1, 0] = k / 100                      # the value of talking rises
    ...     return Numbers((payoff,), one.weight, one.type_prob, one.prior)
    >>> found = solve_batch(game, numbers, 100, lam=10.0)
    >>> bool(found.certified.all()), round(float(found.outcome("war")[10]), 6)
    (True, 0.268941)
    """
    began = time.perf_counter()
    parts = list(iter_batch(
        game, numbers, n, lam=lam, start=start, workers=workers, progress=progress, keep=keep,
        nash_conv=nash_conv, chunk=chunk,
    ))
    return BatchResult.join(parts, time.perf_counter() - began)


def iter_batch(
    game: PublicTree,
    numbers: Callable[[slice], Numbers],
    n: int,
    *,
    lam: float = LAMBDA,
    start: Start = None,
    workers: int = WORKERS,
    progress: Progress | None = None,
    keep: bool = False,
    nash_conv: bool = False,
    chunk: int | None = None,
) -> Iterator[BatchResult]:
    """Yield finished chunks of `solve_batch` in order, as soon as they are ready.

    After an interrupt the consumer keeps the chunks already yielded.
    """
    lam, precision = float(lam), inner_precision(game, lam)
    near = neighbours(start)
    for one in near:
        if one.game.n_nodes != game.n_nodes:
            raise SolveError(
                f"the neighbour belongs to a tree of {one.game.n_nodes} nodes; this tree has "
                f"{game.n_nodes}"
            )
    if n < 1:
        raise SolveError(f"n is {n}; a batch needs at least one variant")
    inner, given, written = in_units(game, numbers)

    def part_of(which: slice) -> Numbers:
        part = given(which)
        if part.precision is None or lam == precision:
            return part
        return replace(part, precision=part.precision * (precision / lam))

    job = partial(_chunk, lam=precision, near=tuple(map(inwards, near)), keep=keep,
                  nash_conv=nash_conv)
    for part in in_order(inner, part_of, n, job, workers=workers, progress=progress, chunk=chunk):
        yield replace(written(part), lam=lam)


def neighbours(start: Start) -> tuple[Equilibrium, ...]:
    """Return the solved neighbours as a tuple, empty if there is none."""
    if start is None:
        return ()
    return tuple(start) if isinstance(start, Sequence) else (start,)


def nearest(near: Sequence[Equilibrium], precision: Floats) -> Ints:
    """Return, for each variant, the neighbour whose precision is nearest by ratio."""
    given = np.log1p([float(one.lam or 0.0) for one in near])
    gap = np.abs(np.log1p(precision)[:, None] - given[None, :])
    return np.asarray(gap.argmin(axis=1))


def _chunk(
    desk: Desk, part: Numbers, first: int, *, lam: float, near: tuple[Equilibrium, ...],
    keep: bool, nash_conv: bool,
) -> BatchResult:
    """Solve one chunk together, and then one by one the variants that are not certified."""
    began = time.perf_counter()
    game = desk.game
    at = part.precisions(lam)
    which = nearest(near, at) if near else None
    if compiles(game):
        found = _together(desk, part, lam, near, which, keep, nash_conv)
    else:
        found = BatchResult.blank(game, part.size, "fallible", lam, None, keep)
    # A residual can be within its limit although the iteration has not converged.
    for k in np.flatnonzero(~found.certified | (found.reached_by == "not solved")):
        if desk.stopped:
            break
        start = near[which[k]] if which is not None else None
        _alone(game, part, int(k), found, float(at[k]), start)
    return replace(found, first=first, elapsed=time.perf_counter() - began)


def _together(
    desk: Desk, part: Numbers, lam: float, near: Sequence[Equilibrium], which: Ints | None,
    keep: bool, nash_conv: bool,
) -> BatchResult:
    """Solve one chunk together, variants of like precision side by side.

    A block takes as long as its slowest variant, and variants of high precision take longest.
    """
    from detente.equilibrium.batch.finish import finish_chunk
    from detente.equilibrium.batch.fixed import ANNEALED, STARTED, solve_chunk
    from detente.equilibrium.certificates.batch import verdict

    game, plan = desk.game, desk.plan
    stake = game.stake or 1.0
    at = part.precisions(lam)
    order = None
    if which is not None and not (at[1:] >= at[:-1]).all():
        order = np.argsort(at, kind="stable")
        at, which = at[order], which[order]
    flat = flatten(part, game, lam=lam, order=order)
    d, size = len(plan.state_row), flat.size
    begin = np.empty((d, 0))
    if which is not None:
        begin = np.ascontiguousarray(np.hstack([desk.state_of(one) for one in near])[:, which])
    # A residual of r in public odds is at most about lambda r in a probability of choice.
    tol = min(1e-10, 1e-9 / max(lam, 1.0))
    found = verdict(size, len(game.outcome_names))
    odds = np.empty((game.n_nodes if keep else 0, size))
    share = np.empty(0) if game.share is None else np.ascontiguousarray(game.share)
    arrays = (flat.payoff, flat.weight, flat.type_prob)
    with desk.tools() as (s, m, w):
        state, how = solve_chunk(plan, s, m, flat, begin, lam, tol, desk.stop)
        wait(CHECKED, desk.stop)
        finish_chunk(plan, s, desk.tree, w, *arrays, flat.prior, flat.seen, share, state, lam,
                     nash_conv, found, odds, desk.stop)
    # Payoffs were multiplied by precision over lambda: regrets go back to the file's units.
    unit = at / lam if lam > 0 else np.ones(size)
    excess, gains = found.excess / unit, found.nash_conv / unit
    certified = (
        (found.residual <= RESIDUAL_LIMIT) & (found.unsound <= SUM_SLACK)
        & ((excess <= REGRET_SLACK * stake) | (lam == 0)) & flat.finite
        & holds(flat.payoff, stake)
    )
    if nash_conv:
        certified &= found.nash_conv >= -GAIN_SLACK * stake
    words = np.full(size, "not solved", dtype="<U40")
    words[how == STARTED] = "neighbour"
    words[how == ANNEALED] = "annealed"
    result = BatchResult(
        "fallible", lam, None, game.outcome_names, found.outcomes, found.share, found.residual,
        excess, gains, certified, words, 0.0, odds if keep else None, state=state,
    )
    return result if order is None else result.take(np.argsort(order))


def _alone(
    game: PublicTree, part: Numbers, k: int, found: BatchResult, lam: float,
    start: Equilibrium | None,
) -> None:
    """Solve variant ``k`` by itself, and enter it in ``found`` if it is more accurate."""
    from detente.equilibrium.fallible.solve import solve, solve_close

    numbers = part.at(k)
    if not _finite(numbers):
        return
    one = game.with_numbers(**numbers)
    try:
        eq = solve_close(one, lam, start) if start is not None else None
        if eq is None:
            eq = solve(one, lam, start=start)
    except (DetenteError, ArithmeticError, ValueError, np.linalg.LinAlgError):
        return
    c = eq.certificate
    if not c.certified and found.residual[k] <= (c.residual if c.residual is not None else np.inf):
        return
    found.outcomes[k] = [eq.outcomes()[name] for name in game.outcome_names]
    if game.share is not None:
        known = ~np.isnan(game.share)
        total = float(eq.leaf_reach[known].sum())
        found.share[k] = (eq.leaf_reach[known] @ game.share[known]) / total if total else np.nan
    found.residual[k] = np.nan if c.residual is None else c.residual
    found.max_regret_excess[k] = (
        np.nan if c.max_regret is None or c.regret_bound is None else c.max_regret - c.regret_bound
    )
    found.nash_conv[k] = c.nash_conv
    found.certified[k] = c.certified
    found.reached_by[k] = f"one by one: {c.reached_by}"
    found.loose[k] = loosened(game, eq.pi, eq.joint_pi)
    if found.q is not None:
        found.q[:, k] = eq.q


def _finite(numbers: dict[str, object]) -> bool:
    seen = numbers["observer_prior"] or ()
    arrays = [*numbers["payoff"], numbers["weight"], numbers["type_prob"],  # type: ignore[misc]
              *numbers["prior"], *(p for o in seen for p in o)]  # type: ignore[misc,attr-defined]
    return all(bool(np.isfinite(a).all()) for a in arrays)  # type: ignore[call-overload]
