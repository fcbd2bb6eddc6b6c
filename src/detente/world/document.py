"""The JSON document of ``detente world``, with its published schema.

The schema is in ``world.schema.json``; ``python -m detente.world.schemas`` rewrites it.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.publish import schema_of
from detente.world.nulls import disagree
from detente.world.study import Study
from detente.world.words import verdict

__all__ = ["WorldDocument", "as_dict", "schema"]


class TieRow(TypedDict):
    """One tie: its value from -1 (hostile) to 1 (friendly), and what it rests on."""

    between: list[str]
    value: float
    both: bool
    evidence: list[str]


class TwoRow(TypedDict):
    """A best division in two blocs; ``either`` change blocs among divisions as good.

    The division is the best one found, and not proved, if ``exact`` is false. More actors may be in
    either bloc if ``settled`` is false.
    """

    index: int
    bound: int
    exact: bool
    proof: str
    sides: list[list[str]]
    broken: list[list[str]]
    either: list[str]
    settled: bool


class ManyRow(TypedDict):
    """The best division in any number of blocs; ``alone`` are blocs of one actor."""

    index: int
    bound: int
    exact: bool
    proof: str
    blocs: list[list[str]]
    alone: list[str]
    broken: list[list[str]]


class NullRow(TypedDict):
    """A null model: mean and standard deviation of the index, and the share that is proved."""

    name: str
    words: str
    draws: int
    mean: float
    sd: float
    at_or_below: float
    proved: float
    balanced: bool


class PairRow(TypedDict):
    """A pair that is friend and enemy at once."""

    between: list[str]
    evidence: list[str]


class BetweenRow(TypedDict):
    """An actor between two enemies, and what its three ties rest on."""

    actor: str
    enemies: list[str]
    friendly: list[list[str]]
    hostile: list[str]


class OtherRow(TypedDict):
    """The indices by another definition of a tie."""

    definition: str
    words: str
    states: int
    ties: int
    hostile: int
    two: int
    many: int
    two_exact: bool
    exact: bool


class YearRow(TypedDict):
    """One year of the series."""

    year: int
    states: int
    ties: int
    hostile: int
    both: int
    two: int
    many: int
    exact: bool
    between: int
    shuffled_mean: float
    shuffled_sd: float
    shuffled_at_or_below: float
    rewired_mean: float
    rewired_sd: float
    rewired_at_or_below: float


class WorldDocument(TypedDict):
    """The document of ``detente world YEAR --json`` and ``detente world FILE --json``.

    ``band`` is the range of the index in two blocs over the ranges of a ties file, if a tie may
    have either sign; if ``band_exact`` is false, it lies within these ends. ``series`` and
    ``state`` are null if not asked for.
    """

    title: str
    year: int | None
    definition: str
    words: str
    file: str | None
    file_sha256: str | None
    seed: int
    certified: bool
    actors: list[str]
    sizes: list[float]
    ties: list[TieRow]
    two: TwoRow
    many: ManyRow
    nulls: list[NullRow]
    disagree: bool
    verdict: str
    at_once: list[PairRow]
    between: list[BetweenRow]
    others: list[OtherRow]
    open_signs: int
    band: list[int] | None
    band_exact: bool
    state: str | None
    series: list[YearRow] | None
    wars: list[list[int]]
    sources: list[str]


def as_dict(study: Study) -> dict[str, Any]:
    """Return a study as plain data; see `WorldDocument`."""
    ties = study.ties
    return {
        "title": ties.title, "year": ties.year, "definition": ties.definition,
        "words": ties.words, "file": study.file or None, "file_sha256": study.sha256 or None,
        "seed": study.seed, "certified": study.exact, "actors": list(ties.actors),
        "sizes": ties.sizes.tolist(),
        "ties": [{"between": [ties.actors[int(i)], ties.actors[int(j)]],
                  "value": float(ties.values[e]), "both": bool(ties.both[e]),
                  "evidence": list(ties.evidence[e])} for e, (i, j) in enumerate(ties.edges)],
        "two": study.two.as_dict(), "many": study.many.as_dict(),
        "nulls": [n.as_dict() for n in study.nulls], "disagree": disagree(study.nulls),
        "verdict": verdict(study),
        "at_once": [{"between": [a, b], "evidence": list(e)} for a, b, e in study.at_once],
        "between": [b.as_dict(ties) for b in study.between],
        "others": [o.as_dict() for o in study.others], "open_signs": study.open_signs,
        "band": None if study.band is None else list(study.band),
        "band_exact": study.band_exact, "state": study.state or None,
        "series": study.series, "wars": [list(w) for w in study.wars],
        "sources": list(dict.fromkeys(ties.sources)),
    }


def schema() -> dict[str, Any]:
    """Return the schema of the document."""
    return schema_of(WorldDocument, "detente world --json",
                     "Indices count ties. Names are those of the file or the data.")
