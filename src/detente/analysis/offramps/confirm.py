"""Confirm a proposal: solve it again from lambda 0, in both models, and over the ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.defaults import EPSILON
from detente.intervals import wilson

if TYPE_CHECKING:
    from detente.analysis.offramps.search import Search
    from detente.equilibrium import Equilibrium

__all__ = ["Proposal", "confirm"]


@dataclass(frozen=True)
class Proposal:
    """Settings of levers, and the results of solving them again.

    Attributes
    ----------
    kind : str
        ``one lever`` or ``combination``.
    changes : dict of str to (float, float)
        Each lever's present and proposed value.
    who : list of str
        The actors that must act, by the file.
    cost : float
        Difficulty, in the file's units.
    fallible, deliberate : float
        Probability of the target's outcome in both models, solved from lambda 0.
    certified : bool
        Whether both hold their certificates.
    holds : bool
        Whether the fallible model, solved from lambda 0, meets the target.
    others : list of float
        The outcome's probability in other equilibria found there.
    share : float or None
        Part of the plausible inputs in which the target is met, with ``share_low`` and
        ``share_high`` (95 % Wilson) from ``samples`` certified samples; None if there are none.
    """

    kind: str
    changes: dict[str, tuple[float, float]]
    who: list[str]
    cost: float
    fallible: float
    deliberate: float
    certified: bool
    holds: bool
    others: list[float]
    share: float | None
    share_low: float
    share_high: float
    samples: int
    failed: int
    nash_conv: float | None
    residual: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        out = dict(vars(self))
        out["changes"] = {k: {"from": a, "to": b} for k, (a, b) in self.changes.items()}
        return out


def confirm(
    search: Search, x: NDArray[np.float64], kind: str, samples: int, starts: int, seed: int,
    workers: int, epsilon: float = EPSILON,
) -> Proposal:
    """Solve a proposal again from lambda 0."""
    from detente.analysis.precision import starts as neighbours
    from detente.analysis.question import chance_of
    from detente.analysis.samples import draws
    from detente.equilibrium import find_others, solve_batch, solve_deliberate

    compiled, moves, target = search.compiled, search.moves, search.target
    at = search.theta(x)
    lam = compiled.precision(at)
    fallible = search.memo.fallible(lam, at, cold=True)
    game = fallible.game
    deliberate = solve_deliberate(game, fallible, epsilon=epsilon)
    others = find_others(game, fallible, deliberate, starts=starts, seed=seed, workers=workers,
                         half=search.memo.fallible(lam / 2, at, cold=True))

    def p(eq: Equilibrium) -> float:
        return chance_of(eq, target.mask)

    # An unchanged lever is drawn from its range like every other number.
    moved = np.flatnonzero(moves.moved(x))
    theta = draws(compiled, samples, seed)
    theta[:, moves.column[moved]] = x[moved]
    band = solve_batch(
        compiled.tree, lambda which: compiled.numbers(theta[which]), samples,
        lam=compiled.lam, start=[fallible, *neighbours(compiled, search.start)], workers=workers,
    )
    got = band.outcomes[band.certified][:, target.mask].sum(axis=1)
    hits, n = int((target.miss(got) <= 0).sum()), int(band.certified.sum())
    low, high = wilson(hits, n)
    return Proposal(
        kind=kind,
        changes={moves.paths[k]: (float(moves.now[k]), float(x[k])) for k in moved},
        who=list(dict.fromkeys(w for k in moved if (w := moves.who[k]) is not None)),
        cost=moves.cost(x), fallible=p(fallible), deliberate=p(deliberate),
        certified=fallible.certificate.certified and deliberate.certificate.certified,
        holds=bool(target.miss(p(fallible)) <= 0),
        others=[p(o) for o in others if o.certificate.certified],
        share=hits / n if n else None, share_low=low, share_high=high, samples=n,
        failed=samples - n, nash_conv=deliberate.certificate.nash_conv,
        residual=fallible.certificate.residual,
    )
