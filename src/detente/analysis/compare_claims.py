"""Claims of several cases side by side, on the same draws.

Every claim is evaluated in every case whose names it fits. If it cannot be evaluated, the reason
replaces its result. Differences are those of a claim's margin, in the units of the sides it
compares, sample by sample over common random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.claims.facts import verdict
from detente.analysis.claims.outside import Outside, in_game, judged
from detente.analysis.claims.result import Share, Verdict
from detente.analysis.claims.sampling import share
from detente.analysis.claims.solving import Over, Point, over
from detente.analysis.spread import band
from detente.arrays import Floats
from detente.claims.variants import Lab
from detente.defaults import WORKERS
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.claims import syntax as s
    from detente.equilibrium import BatchResult, Equilibrium
    from detente.game.compile import Compiled

__all__ = ["Answer", "Put", "answers", "difference", "put"]


@dataclass(frozen=True)
class Put:
    """A claim that is evaluated in every case.

    Attributes
    ----------
    id, says, holds_if : str
        As its file has them; if files use one id for two conditions, the id names the case.
    entry : object
        The file's own entry.
    """

    id: str
    says: str
    holds_if: str
    entry: Any


@dataclass(frozen=True)
class Answer:
    """One claim in one case.

    Attributes
    ----------
    cannot : str
        Why it cannot be evaluated there; empty if it can.
    fallible, deliberate : Verdict or None
        At the centre of the ranges.
    share : Share or None
        Over the samples in the fallible model.
    holds, margin : (S,) arrays
        Sample by sample; nan without an answer or a certificate. ``holds`` is nan too if it is too
        close to call.
    """

    cannot: str = ""
    fallible: Verdict | None = None
    deliberate: Verdict | None = None
    share: Share | None = None
    holds: Floats | None = None
    margin: Floats | None = None
    outside: Outside | None = None
    """Its part outside the game; if it is ``alone`` or data is missing, nothing else is given."""

    @property
    def certified(self) -> bool:
        """Whether all of its solutions hold their certificates."""
        both = (self.fallible, self.deliberate)
        return all(v is None or v.certified for v in both) and (
            self.share is None or self.share.certified == self.share.requested)


def put(cases: Sequence[tuple[str, Any]]) -> list[Put]:
    """Return the claims of some (name, scenario), each condition once under an id of its own."""
    out: dict[str, Put] = {}
    for name, scenario in cases:
        for c in scenario.claims:
            if c.holds_if is None:
                continue
            one = Put(c.id, c.says, c.holds_if, c)
            if c.id in out and out[c.id].holds_if != c.holds_if:
                one = Put(f"{c.id} ({name})", c.says, c.holds_if, c)
            out.setdefault(one.id, one)
    return list(out.values())


def answers(
    claims: Sequence[Put], lab: Lab, fallible: Equilibrium, deliberate: Equilibrium,
    batch: BatchResult, theta: Floats, *, workers: int = WORKERS,
) -> dict[str, Answer]:
    """Evaluate claims in one case: at its centre in both models, and over its samples.

    Parameters
    ----------
    lab
        The case and the variants that claims name, each compiled once.
    batch
        The samples of the case itself, with their public odds, which are not solved again.
    theta : (S, K) array
        The numbers of the samples.
    """
    compiled = lab.base
    centre = Point(lab, fallible, compiled.centre)
    careful = Point(lab, deliberate, compiled.centre, start=centre)
    out: dict[str, Answer] = {}
    fits: list[tuple[Put, s.Expr, Verdict, Verdict]] = []
    for c in claims:
        try:
            x = checked(c, compiled)
            beside = judged(x, c.holds_if, compiled.scenario)
            if not in_game(beside):
                out[c.id] = Answer(outside=beside)
                continue
            both = (verdict(x, c.holds_if, centre, "fallible"),
                    verdict(x, c.holds_if, careful, "deliberate"))
        except InputError as wrong:
            out[c.id] = Answer(cannot=wrong.message)
        else:
            fits.append((c, x, *both))
            out[c.id] = Answer(outside=beside)
    if not fits:
        return out
    found = over(lab, [x for _, x, _, _ in fits], theta, centre, workers=workers, known=batch)
    for k, (c, _, one, two) in enumerate(fits):
        holds, margin = sampled(found, k)
        out[c.id] = replace(out[c.id], fallible=one, deliberate=two, share=share(found, k),
                            holds=holds, margin=margin)
    return out


def sampled(found: Over, k: int) -> tuple[Floats, Floats]:
    """Return whether a claim holds, and its margin, by sample, nan without a certificate."""
    ok = found.certified[k]
    return np.where(ok, found.decided[k], np.nan), np.where(ok, found.margin[k], np.nan)


def checked(claim: Put, compiled: Compiled) -> s.Expr:
    """Return a claim checked against a case.

    Raises
    ------
    InputError
        It does not fit the case.
    """
    from detente.claims.document import check_claims

    alone = compiled.scenario.model_copy(update={"claims": [claim.entry]})
    return check_claims(alone, graph=compiled.graph)[claim.entry.id]


def difference(base: Answer, other: Answer) -> dict[str, Any]:
    """Return how a claim differs between two cases, sample by sample.

    Returns
    -------
    dict
        ``difference_fallible`` and ``difference_deliberate`` of the margins at the centre;
        ``difference_mean``, ``difference_low``, ``difference_high`` of the margins over the samples
        with an answer in both; ``gained`` counts the samples in which it holds only in the other
        case and ``lost`` only in the base, without samples that are too close to call. None if
        there is nothing to compare.
    """
    keys = ("difference_fallible", "difference_deliberate", "difference_mean", "difference_low",
            "difference_high", "gained", "lost", "samples")
    out: dict[str, Any] = dict.fromkeys(keys)
    if base.cannot or other.cannot:
        return out
    for reading in ("fallible", "deliberate"):
        a, b = getattr(base, reading), getattr(other, reading)
        if a is not None and b is not None and a.margin is not None and b.margin is not None:
            out[f"difference_{reading}"] = b.margin - a.margin
    if base.margin is None or other.margin is None or base.holds is None or other.holds is None:
        return out
    both = np.isfinite(base.margin) & np.isfinite(other.margin)
    d = (other.margin - base.margin)[both]
    low, high = band(d)
    out |= {"difference_mean": float(d.mean()) if d.size else None, "difference_low": low,
            "difference_high": high}
    clear = both & np.isfinite(base.holds) & np.isfinite(other.holds)
    x, y = base.holds[clear] == 1, other.holds[clear] == 1
    return out | {"gained": int((y & ~x).sum()), "lost": int((x & ~y).sum()),
                  "samples": int(both.sum())}
