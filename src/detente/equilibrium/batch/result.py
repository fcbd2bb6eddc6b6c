"""The result of a batch: outcomes and certificates of many variants of one tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.solution import Reading
from detente.game.tree import PublicTree

__all__ = ["BatchResult"]


@dataclass(frozen=True)
class BatchResult:
    """Outcomes of S variants, each with its certificate.

    Attributes
    ----------
    reading : {"fallible", "deliberate"}
    lam, epsilon : float or None
        Precision of choice; floor of every move.
    outcome_names : tuple of str
        The outcomes.
    outcomes : (S, kinds) float array
        Probability of each, by the analyst's prior.
    share : (S,) float array
        Expected share of the stake of the first principal over the terminal nodes that have one
        (nan if none has).
    residual : (S,) float array
        Fallible: largest difference between a probability and the logit choice; nan otherwise.
    max_regret_excess : (S,) float array
        Fallible: largest regret at an information set less its bound, ln(1/w)/lambda; nan
        otherwise.
    nash_conv : (S,) float array
        Deliberate: NashConv of the floored game, in stakes. Fallible: that of the game itself
        if it was requested, else nan.
    certified : (S,) bool array
        Whether every requirement of the model is met.
    reached_by : (S,) array of str
        "neighbour", "annealed", "regret learning", "one by one: ..." after the slower path, or
        "not solved".
    elapsed : float
        Seconds.
    q : (n, S) float array or None
        Public probability of the move into each node (of the profile, if moves are simultaneous),
        if it was requested.
    first : int
        Position of the first of these variants in the whole batch.
    state : (d, S) float array
        The solver's unknowns, from which strategies can be recovered.
    loose : dict from position to strategies (n, max T)
        Strategies of the variants that the state does not describe; choices at simultaneous nodes
        follow in more rows, node after node and participant after participant.
    """

    reading: Reading
    lam: float | None
    epsilon: float | None
    outcome_names: tuple[str, ...]
    outcomes: Floats
    share: Floats
    residual: Floats
    max_regret_excess: Floats
    nash_conv: Floats
    certified: NDArray[np.bool_]
    reached_by: NDArray[np.str_]
    elapsed: float
    q: Floats | None = None
    first: int = 0
    state: Floats = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    loose: dict[int, Floats] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """The number of variants S."""
        return len(self.certified)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield one variant after the other as a JSON-ready record."""
        for k in range(self.size):
            yield self.record(k)

    def outcome(self, name: str) -> Floats:
        """Return the probability of one outcome, (S,)."""
        return np.asarray(self.outcomes[:, self.outcome_names.index(name)])

    def record(self, k: int) -> dict[str, Any]:
        """Return variant ``k`` with its certificate, ready for JSON."""

        def number(x: Any) -> float | None:
            return float(x) if np.isfinite(x) else None

        return {
            "outcomes": {
                n: number(p) for n, p in zip(self.outcome_names, self.outcomes[k], strict=True)
            },
            "share": number(self.share[k]),
            "certificate": {
                "reading": self.reading, "lam": self.lam, "epsilon": self.epsilon,
                "residual": number(self.residual[k]),
                "max_regret_excess": number(self.max_regret_excess[k]),
                "nash_conv": number(self.nash_conv[k]),
                "reached_by": str(self.reached_by[k]), "certified": bool(self.certified[k]),
            },
        }

    def take(self, which: NDArray[np.int64]) -> BatchResult:
        """Return the chosen variants, in the order given."""
        return replace(
            self, outcomes=self.outcomes[which], share=self.share[which],
            residual=self.residual[which], max_regret_excess=self.max_regret_excess[which],
            nash_conv=self.nash_conv[which], certified=self.certified[which],
            reached_by=self.reached_by[which],
            q=None if self.q is None else np.take(self.q, which, axis=1),
            state=np.take(self.state, which, axis=1),
            loose={k: self.loose[int(v)] for k, v in enumerate(which) if int(v) in self.loose},
        )

    @classmethod
    def blank(
        cls, game: PublicTree, size: int, reading: Reading, lam: float | None,
        epsilon: float | None, keep: bool,
    ) -> BatchResult:
        """Return an empty result for ``size`` variants."""

        def empty() -> Floats:
            return np.full(size, np.nan)

        return cls(
            reading=reading, lam=lam, epsilon=epsilon, outcome_names=game.outcome_names,
            outcomes=np.full((size, len(game.outcome_names)), np.nan), share=empty(),
            residual=empty(), max_regret_excess=empty(), nash_conv=empty(),
            certified=np.zeros(size, dtype=bool),
            reached_by=np.full(size, "not solved", dtype="<U40"), elapsed=0.0,
            q=np.full((game.n_nodes, size), np.nan) if keep else None, state=np.empty((0, size)),
        )

    @classmethod
    def join(cls, parts: Sequence[BatchResult], elapsed: float | None = None) -> BatchResult:
        """Put finished chunks together, in the order given."""
        one = parts[0]
        first = one.first
        return cls(
            one.reading, one.lam, one.epsilon, one.outcome_names,
            np.concatenate([p.outcomes for p in parts]), np.concatenate([p.share for p in parts]),
            np.concatenate([p.residual for p in parts]),
            np.concatenate([p.max_regret_excess for p in parts]),
            np.concatenate([p.nash_conv for p in parts]),
            np.concatenate([p.certified for p in parts]),
            np.concatenate([p.reached_by for p in parts]),
            sum(p.elapsed for p in parts) if elapsed is None else elapsed,
            None if one.q is None else np.concatenate([p.q for p in parts if p.q is not None], 1),
            first, np.concatenate([p.state for p in parts], axis=1),
            {p.first - first + k: pi for p in parts for k, pi in p.loose.items()},
        )
