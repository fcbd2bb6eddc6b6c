"""Games, debriefs and tournaments as JSON documents, with published schemas.

The schemas are in ``play-game.schema.json``, ``play-debrief.schema.json`` and
``play-tournament.schema.json`` beside this file; ``python -m detente.play.document`` rewrites them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from detente.play.beliefs import Scored
from detente.play.board import Board
from detente.play.debrief import Account, Standing
from detente.play.table import Table
from detente.publish import rewrite, schema_of

__all__ = ["debrief_document", "game", "main", "schemas"]

By = Literal["person", "machine", "facilitator", "chance"]


class SeatRow(TypedDict):
    """Who plays for an actor: a person with a name, or a machine with a strategy."""

    by: Literal["person", "machine"]
    name: NotRequired[str]
    strategy: NotRequired[str]


class MoveRow(TypedDict):
    """A step of a game, and who made it; the empty name stands for chance."""

    move: str
    by: dict[str, By]


GameDocument = TypedDict("GameDocument", {
    "case": str, "file_sha256": str, "lambda": float,
    "reading": Literal["fallible", "deliberate"], "seed": int | None, "finished": bool,
    "seats": dict[str, SeatRow], "types": dict[str, str] | None, "moves": list[MoveRow],
    "outcome": str | None, "terms": str | None, "payoffs": dict[str, float] | None,
})
"""The document of ``detente play CASE --json``.

The seed and the types are null if the game was stopped and can be resumed. The outcome, the terms
and the payoffs are null if the crisis has not ended.
"""


class MomentRow(TypedDict):
    """One part of the difference between the payoff and the expected payoff.

    ``cost``, ``best``, ``made`` and ``advised`` are about the player's own moves.
    """

    node: int
    child: int
    part: Literal["own", "others", "chance", "types"]
    words: str
    before: float
    after: float
    cost: float
    best: str
    made: str
    advised: dict[str, float]


class AccountRow(TypedDict):
    """One player's debrief of one game; ``outcome`` is empty if the game was stopped."""

    file: str
    actor: str
    person: str
    type: str
    payoff: float
    expected: float
    outcome: str
    case: str
    decision: float
    others: float
    chance: float
    types: float
    cost: float
    moments: list[MomentRow]
    beliefs: dict[str, list[float]]
    stated: list[Scored]


class DebriefDocument(TypedDict):
    """The document of ``detente play debrief --json``."""

    games: list[AccountRow]
    persons: list[Standing]


class StrategyRow(TypedDict):
    """A strategy of a tournament, with its means over all opponents in each seat."""

    name: str
    about: str
    mean_first: float
    mean_second: float
    war_first: float
    war_second: float


class PairRow(TypedDict):
    """A pair of strategies; an error is half the width of a 90 % interval, 0 if exact."""

    first: str
    second: str
    payoff_first: float
    payoff_second: float
    war: float
    exact: bool
    error_first: float
    error_second: float


class TournamentDocument(TypedDict):
    """The document of ``detente play tournament --json``."""

    case: str
    seats: list[str]
    games: int
    seed: int
    certified: bool
    strategies: list[StrategyRow]
    pairs: list[PairRow]


def game(board: Board, table: Table, *, finished: bool) -> dict[str, Any]:
    """Return a game as a document.

    Parameters
    ----------
    board, table
        The game.
    finished
        Whether the crisis ended, rather than the input.
    """
    tree, shown = board.tree, table.revealed
    return {
        "case": board.case, "file_sha256": board.sha256, "lambda": board.lam,
        "reading": board.reading, "seed": table.seed if shown else None, "finished": finished,
        "seats": {k: s.as_dict() for k, s in table.seats.items()},
        "types": {k: str(tree.types[i][table.types[k]]) for i, k in enumerate(tree.players)}
        if shown else None,
        "moves": [{"move": tree.move_into(s.child).words(), "by": dict(s.by)}
                  for s in table.steps],
        "outcome": str(table.outcome) if table.over else None,
        "terms": str(table.terms) if table.terms is not None else None,
        "payoffs": {k: table.payoff(k) for k in tree.players} if table.over else None,
    }


def debrief_document(
    boards: Sequence[Board], found: Sequence[Sequence[Account]], persons: Sequence[Standing]
) -> dict[str, Any]:
    """Return debriefs, and the statistics of the persons, as a document.

    Parameters
    ----------
    boards
        One per case.
    found
        The debriefs of each case, in the same order.
    persons
        The statistics.
    """
    kept = ("moments", "beliefs", "scored")
    return {
        "games": [
            {**{k: v for k, v in asdict(a).items() if k not in kept},
             "case": board.case, "type": str(board.tree.types[board.player(a.actor)][a.type]),
             "decision": a.decision, "others": a.total("others"), "chance": a.total("chance"),
             "types": a.total("types"), "cost": a.cost,
             "moments": [{**asdict(m), "advised": dict(m.advised)} for m in a.moments],
             "beliefs": {who: list(p) for who, p in a.beliefs},
             "stated": [asdict(s) for s in a.scored]}
            for board, each in zip(boards, found, strict=True) for a in each],
        "persons": [asdict(s) for s in persons],
    }


def schemas() -> dict[str, Any]:
    """Return the schemas by the name of their file.

    Examples
    --------
    >>> sorted(schemas())
    ['play-debrief.schema.json', 'play-game.schema.json', 'play-tournament.schema.json']
    """
    forms: tuple[tuple[str, str, Any], ...] = (
        ("game", "play CASE", GameDocument), ("debrief", "play debrief", DebriefDocument),
        ("tournament", "play tournament", TournamentDocument))
    return {f"play-{name}.schema.json": schema_of(
        form, f"detente {command} --json", "Probabilities are shares of 1; payoffs are in stakes.")
        for name, command, form in forms}


def main() -> None:
    """Rewrite the shipped schemas."""
    rewrite(__file__, schemas())


if __name__ == "__main__":
    main()
