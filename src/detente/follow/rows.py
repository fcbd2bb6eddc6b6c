"""The rows of the JSON document of ``detente follow``, and its published schema."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.analysis.claims.outside import Outside
from detente.publish import schema_of

__all__ = [
    "BeliefRow",
    "Checks",
    "ClaimRow",
    "Document",
    "Forecast",
    "Offramps",
    "PairRow",
    "RampRow",
    "RungRow",
    "ShareRow",
    "ShiftRow",
    "Step",
    "Way",
    "schema",
]


class Forecast(TypedDict):
    """An outcome, or terms, after some events."""

    name: str
    probability: float | None
    low: float | None
    high: float | None


class Step(TypedDict):
    """One event, or the start, and the forecast after it."""

    event: str
    date: str
    says: str
    source: str
    entered: str
    way: str
    bits: float | None
    expected_bits: float | None
    expected_sd: float | None
    chance_bits: float | None
    evidence_bits: float | None
    blind_bits: float | None
    effective_samples: float
    outcomes: list[Forecast]
    terms: list[Forecast]
    readings: dict[str, list[Forecast]]


class Way(TypedDict):
    """Something that may come next."""

    move: str
    probability: float
    after: dict[str, float]


class ShiftRow(TypedDict):
    """The shift of a range by the events."""

    path: str
    label: str
    shift: float
    error: float
    upper_to_lower: float | None
    low: float
    high: float
    fixed_shift: float | None
    fixed_error: float | None
    fixed_upper_to_lower: float | None


class PairRow(TypedDict):
    """Two ranges that the events tie together."""

    first: str
    second: str
    corners: list[list[float]]
    log2_ratio: float
    error: float


class BeliefRow(TypedDict):
    """A belief about a private quantity."""

    events: int
    actor: str
    quantity: str
    level: str
    analyst: float
    low: float | None
    high: float | None


class RungRow(TypedDict):
    """A rung of the ladder of evidence."""

    name: str
    kind: str
    bits: float | None
    blind_bits: float | None
    error: float | None
    samples: int
    effective_samples: float
    note: str


class ShareRow(TypedDict):
    """How often a claim holds."""

    holds: int
    fails: int
    share: float | None
    low: float | None
    high: float | None


class ClaimRow(TypedDict):
    """A claim before the events, after them, and from here."""

    id: str
    says: str
    before: ShareRow | None
    after: ShareRow | None
    here: ShareRow | None
    why_not_here: str
    outside: Outside | None


class RampRow(TypedDict):
    """One lever from the present point."""

    lever: str
    label: str
    who: str | None
    now: float
    change: float | None
    values: list[float]
    mean: list[float | None]
    low: list[float | None]
    high: list[float | None]
    met: list[float | None]
    solved: int
    passed: int
    certified: bool


class Offramps(TypedDict):
    """Levers from the present point, for a target."""

    target: str
    now: float
    levers: list[RampRow]


class Checks(TypedDict):
    """Samples, and alarms, on which the result rests."""

    samples: int
    passed: int
    effective_samples: float
    pareto_k: float | None
    rounds: int
    reliable: bool
    certified: bool
    beaten_by_habits: bool
    against_habit: float | None
    against_habit_error: float
    readings_differ: float


class Document(TypedDict):
    """The document of ``detente follow --json``."""

    case: str
    title: str
    version: str
    events_sha256: str
    seed: int
    answer: str
    steps: list[Step]
    next: list[Way]
    value_of_next_bits: float | None
    shifts: list[ShiftRow]
    pairs: list[PairRow]
    beliefs: list[BeliefRow]
    evidence: list[RungRow]
    claims: list[ClaimRow]
    offramps: Offramps | None
    checks: Checks


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return schema_of(Document, "detente follow --json",
                     "Probabilities are shares of 1; surprise and evidence are in bits.")
