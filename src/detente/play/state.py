"""The public state of a crisis in words and as a drawing: turn, ladder, standing offer."""

from __future__ import annotations

from detente.identifiers import Act, ActionProfile, share_text
from detente.play.board import Board
from detente.render.table import Table
from detente.scenario.efficient import levels_in_words, packages_of
from detente.scenario.labels import in_sentence

__all__ = ["acts_before", "ladder", "rungs", "standing", "turn"]

SPENDS = ("hold", "escalate", "offer", "turn gone")
"""Acts that use up a turn of a principal and leave the crisis open."""
HERE = "●"


def acts_before(board: Board, node: int) -> list[Act]:
    """Return all acts before a node, those of chance included."""
    return [act for move in board.tree.history(node)
            for act in (move.acts if isinstance(move, ActionProfile) else (move,))]


def rungs(board: Board, node: int) -> dict[str, str]:
    """Return the rung on which each principal stands; empty without a ladder."""
    case = board.scenario
    if case is None or not case.ladder:
        return {}
    at = {p: str(case.start_rung(p)) for p in board.principals}
    for act in acts_before(board, node):
        if act.verb == "escalate" and act.actor in at:
            at[act.actor] = act.object
    return at


def ladder(board: Board, node: int) -> Table | None:
    """Return the drawing of the ladder, the highest rung first; None without a ladder.

    Examples
    --------
    >>> drawn = ladder(Board.of_case("cuba-1962"), 0)
    >>> [row[0] for row in drawn.rows]
    ['nuclear use', 'war', 'general alert', 'quarantine', 'private warning']
    """
    case, at = board.scenario, rungs(board, node)
    if case is None or not at:
        return None
    rows = [(rung.name, *(HERE if at[p] == rung.name else "" for p in at))
            for rung in reversed(case.ladder)]
    return Table("", ["rung", *(board.title(p) for p in at)], rows)


def turn(board: Board, node: int) -> str:
    """Return which turn it is, in words; empty in a game without turns."""
    case = board.scenario
    if case is None or case.turns is None:
        return ""
    spent = sum(act.verb in SPENDS and act.actor in (*board.principals, "")
                for act in acts_before(board, node))
    last = 2 * case.turns.each
    if spent >= last:
        return "The turns are over. One closing reply is left."
    return f"Turn {spent + 1} of {last}, before the closing reply."


def standing(board: Board, node: int) -> str:
    """Return the offer that may be accepted now, in words; empty if there is none."""
    case = board.scenario
    if case is None or case.offers is None:
        return ""
    offer = None
    for act in acts_before(board, node):
        if act.actor in board.principals:
            offer = act if act.verb == "offer" else None
    if offer is None:
        return ""
    packages = {p.name: p for p in packages_of(case)}
    terms = f"“{offer.object}”"
    package = packages.get(offer.object)
    if package is None and case.stake is not None and offer.object[:1].isdigit():
        terms = f"{offer.object} of the stake for {in_sentence(board.title(case.stake.first))}"
    if package is not None and package.levels is not None:
        terms += f", which means {levels_in_words(case, package.levels)}"
    elif package is not None and package.share is not None and case.stake is not None:
        terms += (f", which gives {in_sentence(board.title(case.stake.first))} "
                  f"{share_text(package.share)} of the stake")
    who = in_sentence(board.title(offer.actor))
    return f"{who[0].upper()}{who[1:]} has offered {terms}."
