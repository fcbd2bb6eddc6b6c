"""Parts of the answer: the outcomes that count as war, and the figures that failed their check."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from detente.identifiers import WARS

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis

__all__ = ["of_any_kind", "uncertified"]


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


def uncertified(analysis: Analysis) -> str:
    """Return the figures that failed their check."""
    parts = []
    if not analysis.fallible.certificate.certified:
        parts.append("the fallible figure")
    if not analysis.deliberate.certificate.certified:
        parts.append("the deliberate figure")
    (ok, n), (good, m) = map(analysis.pooled.passed, ("fallible", "deliberate"))
    if ok + good < n + m:
        parts.append(f"{n + m - ok - good} of {n + m} samples")
    return f" (check failed: {', '.join(parts)})"
