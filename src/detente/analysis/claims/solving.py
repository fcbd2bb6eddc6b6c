"""Solve the variants that claims need: at one point in either model, or over samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.ahead import in_step
from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.occurs import chances
from detente.analysis.claims.solved import World, error_of
from detente.arrays import Bools, Floats, Ints
from detente.claims import syntax as s
from detente.claims.variants import Key, Lab, key_of, variants_in
from detente.defaults import EPSILON, WORKERS
from detente.equilibrium.profiles import Profiles

if TYPE_CHECKING:
    from detente.equilibrium import BatchResult, Equilibrium

__all__ = ["Over", "Point", "over"]

CHUNK = 128
"""Samples whose strategy profiles are held in memory at once."""


@dataclass
class Point:
    """Claims at one point of the inputs, in one equilibrium of the crisis.

    Parameters
    ----------
    lab
        The crisis and its variants.
    base
        The equilibrium of the crisis itself.
    theta
        The numbers, (K,).
    start
        The same model at a neighbouring point, to continue from; None to begin at lambda 0.
    """

    lab: Lab
    base: Equilibrium
    theta: Floats
    start: Point | None = None
    solved: dict[Key, Equilibrium] = field(default_factory=dict)

    def equilibrium(self, key: Key) -> Equilibrium:
        """Return the equilibrium of a variant, in the model of the base."""
        if not key:
            return self.base
        if key not in self.solved:
            self.solved[key] = self._solve(key)
        return self.solved[key]

    def prepare(self, keys: Sequence[Key], workers: int) -> None:
        """Solve variants side by side, so that `equilibrium` finds them solved."""
        wanted = [k for k in keys if k and k not in self.solved]
        for k in wanted:  # compiled one after the other, because several may share a structure
            self.lab.crisis(k)
        with ThreadPoolExecutor(max(1, workers)) as pool:
            list(pool.map(self.equilibrium, wanted))

    def _solve(self, key: Key) -> Equilibrium:
        from detente.equilibrium import solve, solve_deliberate
        from detente.equilibrium.deliberate.floors import floors

        compiled = self.lab.crisis(key).compiled
        game = compiled.game(self.lab.theta(key, self.theta[None])[0])
        if self.base.reading == "fallible":
            assert self.base.lam is not None
            near = self.start.equilibrium(key) if self.start is not None else None
            if near is None and compiled is self.lab.base and self.base.certificate.certified:
                near = self.base
            return solve(game, self.base.lam, start=near)
        epsilon = EPSILON if self.base.epsilon is None else self.base.epsilon
        at = self.lab.crisis(key).compiled.lam
        begin = self.start.equilibrium(key) if self.start is not None else solve(game, at)
        # The same floors as in the base, so that the variant does not differ in that.
        for floor in floors(max(epsilon, EPSILON), epsilon):
            begin = solve_deliberate(game, begin, epsilon=floor, settle=None)
        return begin

    def world(self, variants: tuple[s.Variant, ...]) -> World:
        """Return the solved variant, as `Meaning` asks for it."""
        key = key_of(variants)
        crisis = self.lab.crisis(key)
        eq = self.equilibrium(key)
        return World(crisis.histories, Profiles.of(eq), crisis.compiled,
                     self.lab.theta(key, self.theta[None]),
                     error_of(eq.reading, eq.certificate.nash_conv))

    def certified(self, claim: s.Expr) -> bool:
        """Whether all solutions that the claim needs hold their certificates."""
        return all(self.equilibrium(k).certificate.certified for k in variants_in(claim))


@dataclass(frozen=True)
class Over:
    """Claims over S samples.

    Attributes
    ----------
    holds, margin : (C, S) arrays
        As in `Truth`.
    certified : (C, S) bool array
        Whether all solutions that the claim needs in the sample hold their certificates.
    close : (C, S) bool array, or None if no sample is
        Whether the sample is too close to call: ``holds`` is then not reliable.
    occurs : (C, S) array, or None if it is not known
        How probable the events are that the claim is about; see
        `detente.analysis.claims.occurs.chances`.
    """

    holds: Floats
    margin: Floats
    certified: Bools
    close: Bools | None = None
    occurs: Floats | None = None

    @classmethod
    def join(cls, parts: Sequence[Over]) -> Over:
        """Put samples of the same claims together, in the order given."""
        def both(name: str) -> Any:
            return np.concatenate([getattr(p, name) for p in parts], axis=1)

        close = [np.zeros_like(p.certified) if p.close is None else p.close for p in parts]
        known = all(p.occurs is not None for p in parts)
        return cls(both("holds"), both("margin"), both("certified"), np.concatenate(close, axis=1),
                   both("occurs") if known else None)

    def take(self, c: int) -> Over:
        """Return claim ``c`` alone."""
        return Over(self.holds[c : c + 1], self.margin[c : c + 1], self.certified[c : c + 1],
                    None if self.close is None else self.close[c : c + 1],
                    None if self.occurs is None else self.occurs[c : c + 1])

    def of_samples(self, which: Ints) -> Over:
        """Return all claims at some of the samples, in the order of ``which``."""
        return Over(self.holds[:, which], self.margin[:, which], self.certified[:, which],
                    None if self.close is None else self.close[:, which],
                    None if self.occurs is None else self.occurs[:, which])

    @property
    def decided(self) -> Floats:
        """``holds``, but nan if it is too close to call, (C, S)."""
        return self.holds if self.close is None else np.where(self.close, np.nan, self.holds)


def over(
    lab: Lab,
    claims: Sequence[s.Expr],
    theta: Floats,
    centre: Point,
    *,
    workers: int = WORKERS,
    tell: Callable[[int, int], None] | None = None,
    known: BatchResult | None = None,
) -> Over:
    """Evaluate claims over samples of the inputs, in the fallible model.

    Parameters
    ----------
    theta : (S, K) array
        The file's numbers.
    centre
        The fallible equilibria at the centre, as neighbours.
    known
        The crisis itself solved at these samples (more may follow them), with its public odds.
    """
    keys, told = wanted(claims)
    lam = centre.base.lam
    assert lam is not None
    centre.prepare(keys, workers)
    return gathered(claims, len(theta), {
        k: plays(lab, k, theta, centre, lam, workers, k in told, None if k else known)
        for k in keys
    }, workers, tell)


def wanted(claims: Sequence[s.Expr]) -> tuple[list[Key], set[Key]]:
    """Return the variants that claims need, and those of which they need values or beliefs."""
    keys = list(dict.fromkeys(k for c in claims for k in [*variants_in(c), ()]))
    return keys, {k for c in claims if tells(c) for k in variants_in(c)}


def gathered(
    claims: Sequence[s.Expr], size: int, streams: dict[Key, Iterator[World]], workers: int,
    tell: Callable[[int, int], None] | None = None,
) -> Over:
    """Evaluate claims on solved samples, which come a chunk at a time for each variant."""
    holds, margin = (np.full((len(claims), size), np.nan) for _ in range(2))
    certified, close = (np.zeros((len(claims), size), dtype=bool) for _ in range(2))
    occurs = np.full((len(claims), size), np.nan)
    at = 0
    for worlds in in_step(streams, workers):
        here = slice(at, at + next(iter(worlds.values())).play.size)
        for c, claim in enumerate(claims):
            meaning = Meaning(claim, lambda v, w=worlds: w[key_of(v)])  # type: ignore[misc]
            found = meaning.truth()
            occurs[c, here] = chances(meaning, here.stop - here.start)
            holds[c, here], margin[c, here] = found.holds, found.margin
            close[c, here] = found.close
            used = variants_in(claim) or [()]
            certified[c, here] = np.all([worlds[k].play.certified for k in used], axis=0)
        at = here.stop
        if tell is not None:
            tell(at, size)
    return Over(holds, margin, certified, close, occurs)


def tells(claim: s.Expr) -> bool:
    """Whether a claim uses values, choices or beliefs, and not only probabilities."""
    return any(
        isinstance(x, s.Value | s.Choice) or (isinstance(x, s.Belief) and not x.prior)
        for x in s.walk(claim)
    )


def plays(
    lab: Lab, key: Key, theta: Floats, centre: Point, lam: float, workers: int, told: bool,
    known: BatchResult | None = None,
) -> Iterator[World]:
    """Yield the solved samples of one variant, a chunk at a time."""
    from detente.analysis.precision import starts
    from detente.equilibrium import solve_batch
    from detente.equilibrium.batch.solve import iter_batch
    from detente.equilibrium.batch.strategies import Strategies

    crisis = lab.crisis(key)
    compiled, start = crisis.compiled, centre.equilibrium(key)
    own = lab.theta(key, theta)
    tree = compiled.tree
    # If priors are unlike, public odds alone do not determine values.
    unlike = told and tree.observer_prior is not None

    def numbers(which: slice) -> Any:
        return compiled.numbers(own[which])

    near = starts(compiled, start) if start.certificate.certified else None
    if unlike:
        back = Strategies(tree)
        found = known or solve_batch(tree, numbers, len(own), lam=lam, start=near, workers=workers)
        for here in chunks(len(own)):
            pi = back.of(numbers(here), found, here.start)
            play = Profiles.of_strategies(tree, numbers(here), pi, found.certified[here])
            yield World(crisis.histories, play, compiled, own[here])
        return
    if known is not None and known.q is not None and known.q.shape[1] >= len(own):
        for here in chunks(len(own)):
            play = Profiles.of_odds(tree, numbers(here), lam, known.q[:, here],
                                    known.certified[here])
            yield World(crisis.histories, play, compiled, own[here])
        return
    for part in iter_batch(
        tree, numbers, len(own), lam=lam, start=near, workers=workers, keep=True,
        chunk=length(len(own)),
    ):
        here = slice(part.first, part.first + part.size)
        assert part.q is not None
        play = Profiles.of_odds(tree, numbers(here), lam, part.q, part.certified)
        yield World(crisis.histories, play, compiled, own[here])


def chunks(n: int) -> Iterator[slice]:
    """Yield the samples a chunk at a time."""
    each = length(n)
    for at in range(0, n, each):
        yield slice(at, min(at + each, n))


def length(n: int) -> int:
    """Return the samples in a chunk: `CHUNK`, or fewer so that there are four chunks to share."""
    from detente.equilibrium.kernels.lanes import LANES

    return min(CHUNK, -(-n // (4 * LANES)) * LANES)
