"""How many samples each claim gets: fewer if variants of a large game must be solved for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.claims.careful import over_deliberate
from detente.analysis.claims.result import Share
from detente.analysis.claims.sampling import share
from detente.analysis.claims.solving import Over, Point
from detente.analysis.samples import Samples
from detente.claims import syntax as s
from detente.claims.variants import Lab, variants_in

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["MOST_NODES", "careful_counts", "careful_shares", "common", "counts_of", "evaluated",
           "large_variants"]

CAREFUL = 128
"""Samples in the deliberate model."""
LARGE = 1000
"""Variants of a game with more information sets than this are solved at fewer samples."""
FEWER = 256
"""Samples in the fallible model at which the variants of a large game are solved."""
MOST_NODES = 20_000
"""Nodes of the largest variant for which changes of single inputs and a boundary are searched."""
LOOKS = (16, 32)
"""Samples in the deliberate model at which the variants of a large game are solved: the second
number only if the first leaves open whether a claim holds in more than half of the samples."""


def counts_of(compiled: Compiled, claims: Sequence[s.Expr], samples: int) -> list[int]:
    """Return the number of fallible samples for each claim: fewer if large games must be solved."""
    large = compiled.tree.n_information_sets > LARGE
    return [min(FEWER, samples) if large and any(variants_in(c)) else samples for c in claims]


def large_variants(lab: Lab, claims: Sequence[s.Expr]) -> list[int]:
    """Return the places of the claims that compare with a variant of more than `MOST_NODES`.

    A search for changes of single inputs and a boundary solve several hundred games for a claim.
    """
    return [k for k, claim in enumerate(claims) if any(
        key and lab.crisis(key).compiled.tree.n_nodes > MOST_NODES for key in variants_in(claim))]


def evaluated(
    counts: Sequence[int], work: Callable[[list[int], int], Over]
) -> list[Over]:
    """Return each claim over its number of samples; claims of one number are evaluated together."""
    out: dict[int, Over] = {}
    for n in sorted(set(counts)):
        these = [k for k, count in enumerate(counts) if count == n]
        made = work(these, n)
        out |= {k: made.take(place) for place, k in enumerate(these)}
    return [out[k] for k in range(len(counts))]


def common(found: Sequence[Over]) -> Over:
    """Return all claims over the samples that every one of them has."""
    n = min(one.holds.shape[1] for one in found)

    def rows(name: str) -> Any:
        return np.concatenate([getattr(one, name)[:, :n] for one in found])

    close = [np.zeros_like(one.certified) if one.close is None else one.close for one in found]
    return Over(rows("holds"), rows("margin"), rows("certified"),
                np.concatenate([x[:, :n] for x in close]))


def careful_counts(
    compiled: Compiled, claims: Sequence[s.Expr], asked: int | None, samples: int, known: int
) -> list[tuple[int, ...]]:
    """Return the numbers of deliberate samples for each claim, one after the other.

    By default the number of ``known`` samples (`CAREFUL` if there are none), or `LOOKS` if a claim
    compares with a variant of a large game, because the variant must be solved.
    """
    if asked is not None:
        return [(min(asked, samples),)] * len(claims)
    most = min(CAREFUL, samples, known or samples)
    large = compiled.tree.n_information_sets > LARGE
    few = tuple(sorted({min(n, most) for n in LOOKS}))
    return [few if large and any(variants_in(c)) else (most,) for c in claims]


def careful_shares(
    lab: Lab, claims: Sequence[s.Expr], drawn: Samples, centre: Point,
    looks: Sequence[tuple[int, ...]], **settings: Any,
) -> dict[int, Share]:
    """Return the share of the deliberate samples in which each claim holds.

    A claim gets its next number of samples as long as the interval of its share contains 1/2.
    """
    found: dict[int, Over] = {}
    shares: dict[int, Share] = {}
    waiting = [k for k, numbers in enumerate(looks) if numbers[-1]]
    while waiting:
        groups: dict[tuple[int, int], list[int]] = {}
        for k in waiting:
            begin = found[k].holds.shape[1] if k in found else 0
            until = next(n for n in looks[k] if n > begin)
            groups.setdefault((begin, until), []).append(k)
        for (begin, until), these in sorted(groups.items()):
            made = over_deliberate(lab, [claims[k] for k in these], drawn, centre, until - begin,
                                   first=begin, **settings)
            for place, k in enumerate(these):
                more = made.take(place)
                found[k] = Over.join([found[k], more]) if k in found else more
                shares[k] = share(found[k], 0, drawn.weights)
        waiting = [k for k in waiting
                   if found[k].holds.shape[1] < looks[k][-1] and _open(shares[k])]
    return shares


def _open(one: Share) -> bool:
    """Whether the interval of a share contains 1/2, or there is none."""
    return one.low is None or one.high is None or one.low <= 0.5 <= one.high
