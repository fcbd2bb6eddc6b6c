"""The ladder of evidence: how probable the same events are under rival assumptions.

The evidence of rivals can be compared only for the same entry of the events. Readings enter them
differently, so a reading is compared with blind play under the same reading.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.cases.change import variant
from detente.errors import InputError
from detente.follow.begin import begin
from detente.follow.following import FEW, OWN
from detente.follow.posterior import bits, effective
from detente.follow.schema import AS_WRITTEN
from detente.follow.structures import staged

if TYPE_CHECKING:
    from detente.follow.following import Following
    from detente.follow.structures import Tell

__all__ = ["Rung", "ladder"]

SAMPLES = 256
"""Samples of a rival that is solved for the comparison alone."""


@dataclass(frozen=True)
class Rung:
    """One assumption and the evidence of the events under it.

    Attributes
    ----------
    name : str
    kind : str
        "model", "blind", "reading", "structure", "precision" or "variant".
    bits : float or None
        -log2 of the probability of the events; infinite if it cannot hold them.
    blind : float or None
        The same for governments that follow their habits only, under the same entry.
    error : float or None
        Standard error of ``bits``.
    samples : int
    effective : float
        Effective number of samples.
    note : str
        Why there is no figure.
    """

    name: str
    kind: str
    bits: float | None
    blind: float | None = None
    error: float | None = None
    samples: int = 0
    effective: float = 0.0
    note: str = ""


def ladder(
    found: Following, *, fixed: Following | None = None, rivals: bool = True,
    tell: Tell | None = None,
) -> list[Rung]:
    """Return the rungs: the model, habit, readings, structures, precision fixed, and variants.

    Parameters
    ----------
    fixed
        The same with the precision fixed at the centre of its range.
    rivals
        Whether the file's variants are solved too.
    """
    rows = [_rung("the crisis file, events as written", "model", found, reading=AS_WRITTEN),
            _habit(found)]
    rows += [_rung(f"reading: {reading}", "reading", found, reading=reading)
             for reading in found.readings if reading != AS_WRITTEN]
    for s in found.structures if len(found.structures) > 1 else ():
        rows.append(_rung("structure: " + (s.label if s.label != OWN else "as written"),
                          "structure", found, structure=s.label, reading=AS_WRITTEN))
    if fixed is not None:
        rows.append(_rung(f"precision fixed at {found.scenario.precision.centre:g}", "precision",
                          fixed, reading=AS_WRITTEN))
    variants = found.scenario.variants if rivals else {}
    events = found.events.first(found.count)  # later events need not fit a rival
    for k, (name, one) in enumerate(variants.items(), 1):
        words = f"variant: {one.title or name}"
        stage = f"evidence, {words} ({k} of {len(variants)})"
        try:
            rival = begin(variant(found.scenario, name), events, samples=SAMPLES,
                          seed=found.seed, workers=found.workers, resample=False,
                          tell=staged(tell, stage))
            rows.append(_rung(words, "variant", rival, reading=AS_WRITTEN))
        except InputError as error:
            rows.append(Rung(words, "variant", None,
                             note=f"cannot hold the events: {error.message}"))
    return rows


def _habit(found: Following) -> Rung:
    """Return the rung of governments that follow their habits only (blind play)."""
    pool, k = found.pool.take(reading=AS_WRITTEN), found.count
    weights = [p.prior * p.found.blind[k] for p in pool.parts]
    size, blind = sum(map(len, weights)), pool.blind(k)
    name = "habit alone, events as written"
    if blind <= 0:
        return Rung(name, "blind", None, None, None, size, 0.0, "cannot hold the events")
    error = math.sqrt(sum(len(w) * float(w.var()) for w in weights))
    return Rung(name, "blind", bits(blind), bits(blind), error / blind / math.log(2.0), size,
                effective(np.concatenate(weights)))


def _rung(
    name: str, kind: str, found: Following, *, structure: str | None = None,
    reading: str | None = None,
) -> Rung:
    pool, k = found.pool.take(structure=structure, reading=reading), found.count
    evidence, blind = pool.evidence(k), pool.blind(k)
    size = sum(len(p.found.certified) for p in pool.parts)
    if evidence <= 0:
        return Rung(name, kind, None, bits(blind), None, size, 0.0, "cannot hold the events")
    few = pool.effective(k)
    return Rung(name, kind, bits(evidence), bits(blind), pool.error(k) / evidence / math.log(2.0),
                size, few, f"not reliable: fewer than {FEW} effective samples" if few < FEW else "")
