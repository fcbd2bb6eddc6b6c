"""The JSON document of ``detente align`` and its schema."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from detente.publish import schema_of
from detente.render.plain import plain
from detente.world.align_study import Study
from detente.world.alignment import Alignment, Share
from detente.world.fold import CASES
from detente.world.poles import Removal
from detente.world.wars import RECORD, line

__all__ = ["Document", "document", "schema"]


class ShareRow(TypedDict):
    """A share of the draws with its 95 % interval."""

    share: float
    low: float
    high: float


class ActorRow(TypedDict):
    """One actor: share of draws with each pole, and open to the first pole."""

    name: str
    title: str
    size: float
    poles: dict[str, ShareRow]
    open: ShareRow


class PairRow(TypedDict):
    """Two actors: shares of draws on one side and on different sides."""

    between: list[str]
    together: float
    apart: float


class MinimumRow(TypedDict):
    """A minimum at the centre of the ranges. The basin is a share of all alignments."""

    blocs: list[list[str]]
    energy: float
    basin: float | None


class MoveRow(TypedDict):
    """One actor when the pole goes and returns, and the draws in which that is open."""

    name: str
    moved: ShareRow
    moved_open: ShareRow
    stayed: ShareRow
    stayed_open: ShareRow


class RemovalRow(TypedDict):
    """A pole removed and put back.

    A draw is open if it depends on which of several equally good alignments or changes is taken.
    If ``complete`` is false, these are too many to follow all, and more may be open.
    """

    pole: str
    actors: list[MoveRow]
    any_moved: ShareRow
    any_moved_open: ShareRow
    any_stayed: ShareRow
    any_stayed_open: ShareRow
    other_order: ShareRow
    complete: bool


class DefinitionRow(TypedDict):
    """The alignment by one definition of ties."""

    name: str
    says: str
    ties: int
    draws: int
    exact: bool
    proof: str
    actors: list[ActorRow]
    pairs: list[PairRow]
    minima: list[list[MinimumRow]]
    other_minima: ShareRow | None
    removal: RemovalRow | None


class ShockRow(TypedDict):
    """Cases of a shock over the draws."""

    name: str
    title: str
    cases: dict[str, ShareRow]
    no_fold: int
    restored: int


class RecordRow(TypedDict):
    """The record of the method over wars, by one definition of ties."""

    wars: int
    decided: int
    errors: float
    majority: int
    low: float
    high: float


class Document(TypedDict):
    """The document of ``detente align --json``.

    ``headline`` is null if definitions clearly contradict one another about the ``disputed``
    actors. ``undecided`` actors are not clearly placed by at least one definition, by ``rule``.
    """

    file: str
    title: str
    version: str
    sha256: str
    year: int | None
    samples: int
    seed: int
    headline: str | None
    rule: str
    disputed: list[str]
    undecided: list[str]
    poles: list[str]
    definitions: list[DefinitionRow]
    shocks: list[ShockRow]
    record: dict[str, RecordRow]
    record_words: str


def document(made: Study) -> dict[str, Any]:
    """Return the study as valid JSON. The headline is null if the definitions disagree."""
    from detente.version import __version__

    out: dict[str, Any] = plain({
        "file": made.file.name, "title": made.file.title, "version": __version__,
        "sha256": made.file.sha256, "year": made.file.file.year, "samples": made.samples,
        "seed": made.seed, "headline": made.headline if made.poles and not made.disputed else None,
        "rule": made.rule() if made.poles else "", "disputed": list(made.disputed),
        "undecided": list(made.undecided), "poles": list(made.poles),
        "definitions": [_definition(made, name) for name in made.alignments],
        "shocks": [{
            "name": name, "title": made.file.shocks[name].title or name,
            "cases": {case: _share(Share(*found.share(k))) for k, case in enumerate(CASES)},
            "no_fold": found.no_fold, "restored": found.restored,
        } for name, found in made.shocks.items()],
        "record": {name: vars(record) for name, record in RECORD.items()},
        "record_words": line(),
    })
    return out


def _share(share: Share) -> dict[str, float]:
    return {"share": share.share, "low": share.low, "high": share.high}


def _definition(made: Study, name: str) -> dict[str, Any]:
    found = made.alignments[name]
    ties, poles = found.ties, [p for p in made.poles if p in found.ties.actors]
    tied = [k for group in found.groups for k in group]
    return {
        "name": name, "says": ties.words, "ties": ties.m, "draws": found.draws,
        "exact": found.exact, "proof": found.proof,
        "actors": [{
            "name": ties.actors[k], "title": made.title(ties.actors[k]), "size": ties.sizes[k],
            "poles": {p: _share(found.with_pole(ties.actors[k], p)) for p in poles},
            "open": _share(found.open(ties.actors[k], poles[0])),
        } for k in sorted(tied)] if poles else [],
        "pairs": [{
            "between": [ties.actors[i], ties.actors[j]],
            "together": found.together[:, i, j].mean(), "apart": found.apart[:, i, j].mean(),
        } for i in sorted(tied) for j in sorted(tied) if i < j],
        "minima": _minima(found), "other_minima": _share(found.others) if found.others else None,
        "removal": _removal(made.removals[name]) if name in made.removals else None,
    }


def _minima(found: Alignment) -> list[list[dict[str, Any]]]:
    return [[{
        "blocs": [[found.ties.actors[k] for k, s in zip(group, m.sides, strict=True) if s == side]
                  for side in (1, -1)],
        "energy": m.energy, "basin": m.basin,
    } for m in minima] for group, minima in zip(found.groups, found.centre, strict=True)]


def _removal(found: Removal) -> dict[str, Any]:
    return {
        "pole": found.pole,
        "actors": [{"name": a, **_steps(found, a)} for a in found.ties.actors],
        **{f"any_{key}": x for key, x in _steps(found, None).items()},
        "other_order": _share(found.other_order), "complete": found.complete,
    }


def _steps(found: Removal, actor: str | None) -> dict[str, dict[str, float]]:
    return {f"{step}{end}": _share(count(step, actor)) for step in ("moved", "stayed")
            for end, count in (("", found.share), ("_open", found.open))}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `document`."""
    return schema_of(
        Document, "detente align --json",
        "Shares are of the draws from the file's ranges, of 1, with 95 % intervals; energies are "
        "in size squared times propensity.")
