"""The answer in one sentence: both models, the range over the inputs, the other equilibria."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from detente.identifiers import WARS
from detente.render.numbers import span

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.samples import Band

__all__ = ["of_any_kind", "sentence"]


def of_any_kind(
    question: str, names: Collection[str], wars: Collection[str] = WARS
) -> list[str]:
    """Return a note if the outcome asked about stands for several: ``wars`` says which.

    Examples
    --------
    >>> of_any_kind("war", ["settlement", "war", "loss to all"])
    ['"War" includes every violent outcome: war and loss to all.']
    >>> of_any_kind("war", ["settlement", "war"]), of_any_kind("fighting goes on", ["war"])
    ([], [])
    """
    order = [*WARS, *names]
    kinds = sorted((name for name in names if name in wars), key=order.index)
    if question != "war" or kinds == ["war"]:
        return []
    words = ", ".join(kinds[:-1]) + " and " * (len(kinds) > 1) + kinds[-1]
    return [f'"War" includes every violent outcome: {words}.']


def sentence(analysis: Analysis) -> str:
    """Return the answer: the headline of the brief, the same words everywhere."""
    from detente.findings.brief import headline

    return headline(analysis)


def over(analysis: Analysis, band: Band, where: str = "") -> str:
    """Return the 5 to 95 % range of a model over the samples, in brackets."""
    ends = band.between(analysis.mask)
    return "" if ends is None else f" ({span(*ends)}{where})"


def uncertified(analysis: Analysis) -> str:
    """Return the figures that failed their check."""
    parts = []
    if not analysis.fallible.certificate.certified:
        parts.append("the fallible figure")
    if not analysis.deliberate.certificate.certified:
        parts.append("the deliberate figure")
    failed = int((~analysis.band.certified).sum())
    careful = int((~analysis.deliberate_band.certified).sum())
    if failed or careful:
        parts.append(f"{failed + careful} of "
                     f"{len(analysis.band.certified) + len(analysis.deliberate_band.certified)} "
                     "samples")
    return f" (check failed: {', '.join(parts)})"


def distinct(analysis: Analysis, known: list[float], apart: float = 0.01) -> list[float]:
    """Return the probabilities in other equilibria that differ from the known ones by ``apart``."""
    out: list[float] = []
    for other in analysis.others:
        if not other.certificate.certified:
            continue
        p = analysis.probability(other)
        if all(abs(p - q) > apart for q in [*known, *out]):
            out.append(p)
    return sorted(out)
