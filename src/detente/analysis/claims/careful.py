"""Claims over samples of the inputs in the deliberate model, which uses fewer samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from detente.analysis.claims.solved import World, error_of
from detente.analysis.claims.solving import (
    Over,
    Point,
    chunks,
    gathered,
    wanted,
)
from detente.analysis.samples import Samples
from detente.claims import syntax as s
from detente.claims.variants import Key, Lab
from detente.defaults import EPSILON, WORKERS
from detente.equilibrium.profiles import Profiles

if TYPE_CHECKING:
    from detente.equilibrium import BatchResult

__all__ = ["over_deliberate"]


def over_deliberate(
    lab: Lab, claims: Sequence[s.Expr], drawn: Samples, centre: Point, n: int, *,
    epsilon: float = EPSILON, workers: int = WORKERS,
    tell: Callable[[int, int], None] | None = None, first: int = 0,
) -> Over:
    """Evaluate claims over some samples of the inputs, in the deliberate model.

    Parameters
    ----------
    drawn
        The samples; the crisis itself is not solved again if it is solved already.
    centre
        The fallible equilibrium at the centre, from which the samples are solved.
    n : int
        Samples.
    epsilon : float
        Tremble probability of the crisis and its variants; that of ``drawn`` if it has one.
    first : int
        The first of the samples.
    """
    keys, told = wanted(claims)
    if drawn.deliberate is not None and drawn.deliberate.epsilon is not None:
        epsilon = drawn.deliberate.epsilon
    centre.prepare(keys, workers)
    return gathered(claims, n, {
        k: plays(lab, k, drawn if not k else Samples(drawn.theta), centre, first, n, epsilon,
                 workers, k in told)
        for k in keys
    }, workers, tell)


def plays(
    lab: Lab, key: Key, drawn: Samples, centre: Point, first: int, n: int, epsilon: float,
    workers: int, told: bool,
) -> Iterator[World]:
    """Yield one variant's solved samples ``first`` to ``first + n``, a chunk at a time."""
    from detente.analysis.precision import starts as neighbours
    from detente.equilibrium import deliberate_batch, solve_batch
    from detente.equilibrium.batch.strategies import Strategies

    crisis = lab.crisis(key)
    compiled, own = crisis.compiled, lab.theta(key, drawn.theta[first : first + n])
    tree = compiled.tree

    def numbers(which: slice) -> Any:
        return compiled.numbers(own[which])

    found: BatchResult | None = drawn.deliberate
    if found is None or found.size < first + n or found.q is None:
        start = centre.equilibrium(key)
        starts = (drawn.fallible if not first else None) or solve_batch(
            tree, numbers, n, lam=compiled.lam, workers=workers,
            start=neighbours(compiled, start) if start.certificate.certified else None,
        )
        found = deliberate_batch(
            tree, numbers, n, starts=starts, epsilon=epsilon, largest=max(epsilon, EPSILON),
            workers=workers, keep=True)
        first = 0
    assert found.q is not None
    back = Strategies(tree) if told else None
    for here in chunks(n):
        at = slice(first + here.start, first + here.stop)
        ok = found.certified[at]
        if back is None:
            play = Profiles.of_public(tree, numbers(here), found.q[:, at], ok)
        else:
            pi = back.of(numbers(here), found, at.start)
            play = Profiles.of_strategies(tree, numbers(here), pi, ok)
        yield World(crisis.histories, play, compiled, own[here],
                    error_of("deliberate", found.nash_conv[at]))
