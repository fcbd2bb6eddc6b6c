"""Types of the claims in the JSON document, for its schema."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.analysis.claims.outside import Outside
from detente.analysis.claims.result import AtStructure, Fact, Flip, Grid, Pair, Share, Verdict

__all__ = ["ClaimFound", "ClaimsFound"]

PrecisionPoint = TypedDict("PrecisionPoint", {
    "lambda": float, "holds": bool | None, "margin": float | None, "close": bool,
    "certified": bool,
}, total=False)
"""A claim at one precision."""


class ClaimFound(TypedDict):
    """One claim and its verdicts."""

    id: str
    says: str
    source: str
    holds_if: str | None
    cannot: str | None
    note: str
    verdicts: list[Verdict]
    types: list[tuple[str, str, bool | None]]
    facts: list[Fact]
    share: Share | None
    deliberate_share: Share | None
    structure: list[AtStructure]
    precision: list[PrecisionPoint]
    flips: list[Flip]
    matters: list[tuple[str, float]]
    grid: Grid | None
    warnings: list[str]
    rate: str | None
    published: dict[str, Any] | None
    outside: Outside | None
    certified: bool


class ClaimsFound(TypedDict):
    """All claims of a case, and the pairs that contradict each other."""

    model: str
    certified: bool
    claims: list[ClaimFound]
    contradictions: list[Pair]
