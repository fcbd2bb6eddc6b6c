"""The answer in one sentence: both readings, the band, the other equilibria, and no more precision
than the inputs have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis

__all__ = ["FEW", "listed", "of_any_kind", "percent", "sentence", "small", "span"]

FEW = 3
"""More probabilities than this are told by their range."""


def percent(p: float) -> str:
    """Write a probability as whole percents, and extremes as such.

    Examples
    --------
    >>> percent(0.184), percent(0.001), percent(0.9999)
    ('18 %', 'under 1 %', 'over 99 %')
    """
    if 0.0 < p < 0.005:
        return "under 1 %"
    if 0.995 < p < 1.0:
        return "over 99 %"
    return f"{100 * p:.0f} %"


def small(x: float | None) -> str:
    """Write an error of a certificate; below zero, where only rounding puts it, it is none.

    Examples
    --------
    >>> small(2.3e-10), small(-2e-17), small(None)
    ('2.3e-10', '0.0e+00', 'none')
    """
    return "none" if x is None else f"{max(x, 0.0):.1e}"


def span(low: float | None, high: float | None) -> str:
    """Return a range of probabilities in words, one figure where both ends read alike.

    Examples
    --------
    >>> span(0.01, 0.042), span(0.011, 0.012), span(None, None)
    ('1 % to 4 %', '1 %', '–')
    """
    if low is None or high is None:
        return "–"
    one, two = percent(low), percent(high)
    return one if one == two else f"{one} to {two}"


def listed(found: Sequence[float]) -> str:
    """Return some probabilities, their range and number where they are more than a few.

    Examples
    --------
    >>> listed([0.1, 0.3]), listed([0.3, 0.1, 0.2, 0.1])
    ('10 %, 30 %', '10 % to 30 % (4 found)')
    """
    if len(found) <= FEW:
        return ", ".join(percent(p) for p in found)
    return f"{span(min(found), max(found))} ({len(found)} found)"


def of_any_kind(question: str, names: Iterable[str]) -> list[str]:
    """Return what to say where the ending asked about stands for several.

    Examples
    --------
    >>> of_any_kind("war", ["settlement", "war", "loss to all"])
    ['War counts war of any kind: war and loss to all.']
    >>> of_any_kind("war", ["settlement", "war"]), of_any_kind("fighting goes on", ["war"])
    ([], [])
    """
    from detente.analysis.question import WAR

    kinds = [name for name in WAR if name in names]
    if question != "war" or kinds == ["war"]:
        return []
    words = ", ".join(kinds[:-1]) + " and " * (len(kinds) > 1) + kinds[-1]
    return [f"War counts war of any kind: {words}."]


def sentence(analysis: Analysis) -> str:
    """Say what the model answers, given the file's assumptions.

    Where the deliberate reading, the fallible one and other equilibria differ by more than 0.05
    there is no headline figure, and the sentence says so.
    """
    from detente.analysis.question import APART

    careful = analysis.probability(analysis.deliberate)
    erring = analysis.probability(analysis.fallible)
    rest = distinct(analysis, [careful, erring])
    every = [careful, erring, *rest]
    band = analysis.band.between(analysis.mask)
    what = analysis.question[0].upper() + analysis.question[1:]
    head = f"{what}: "
    if max(every) - min(every) > APART:
        head += "no single figure. "
    text = (
        f"{head}{percent(careful)} if governments act deliberately, "
        f"{percent(erring)} allowing for errors"
    )
    if band is not None:
        low, high = (percent(b) for b in band)
        text += f"; {low} to {high} over the stated assumptions" if low != high else (
            f"; {low} over all the stated assumptions"
        )
    if rest:
        text += f"; {'another equilibrium gives' if len(rest) == 1 else 'other equilibria give'} "
        text += listed(rest)
    if not analysis.certified:
        text += uncertified(analysis)
    return text + "."


def uncertified(analysis: Analysis) -> str:
    """Say what could not be certified."""
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
    return f" (not certified: {', '.join(parts)})"


def distinct(analysis: Analysis, known: list[float], apart: float = 0.01) -> list[float]:
    """Return the probabilities that other equilibria give, where they are new by ``apart``."""
    out: list[float] = []
    for other in analysis.others:
        if not other.certificate.certified:
            continue
        p = analysis.probability(other)
        if all(abs(p - q) > apart for q in [*known, *out]):
            out.append(p)
    return sorted(out)
