"""A place in a tree: whose turn it is, the menu, and the move that a label names."""

from __future__ import annotations

from collections.abc import Mapping

from detente.errors import InputError, nearest
from detente.game.tree import JOINT, TERMINAL, PublicTree
from detente.identifiers import NO_TITLES, Act, ActionProfile, Move, spoken
from detente.scenario.labels import in_sentence

__all__ = ["act_of", "children_named", "menu", "movers"]


def movers(tree: PublicTree, node: int) -> tuple[str, ...]:
    """Return the actors who choose at ``node``: none at a chance node and at an end.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> movers(game, 0), movers(game, 1)
    (('a',), ())
    """
    mover = int(tree.mover[node])
    if mover == JOINT:
        return tuple(tree.players[i] for i in tree.joints[node].players)
    return (tree.players[mover],) if mover >= 0 else ()


def menu(tree: PublicTree, node: int) -> dict[int, Move]:
    """Return the moves at ``node`` by the child that each leads to; empty at an end.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> [str(move) for move in menu(game, 0).values()]
    ['a: fight', 'a: talk']
    """
    if int(tree.mover[node]) == TERMINAL:
        return {}
    return {child: tree.move_into(child) for child in tree.children(node)}


def children_named(
    tree: PublicTree, node: int, label: str, actor: str = "",
    titles: Mapping[str, str] = NO_TITLES,
) -> list[int]:
    """Return the children of ``node`` whose move has this label.

    There is one, or several if ``actor`` moves at the same time as others.

    Parameters
    ----------
    tree, node
        The place.
    label
        The move as the report prints it (``escalate to general alert``), or its identifier
        (``escalate general alert``). Case, punctuation, ``to`` and ``the`` do not count.
    actor
        The actor's name; empty for a result of chance.
    titles
        Actors' titles by name, which labels may contain.

    Raises
    ------
    InputError
        Another actor moves here, or the menu has no such move.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> children_named(game, 0, "Talk", "a")
    [2]
    """
    moves = menu(tree, node)
    who = movers(tree, node)
    if not moves:
        raise InputError("the crisis has ended; no move follows",
                         expected="no event after the end")
    if (actor not in who) if actor else bool(who):
        turn = " and ".join(in_sentence(titles.get(w, w)) for w in who) if who else "chance"
        whom = in_sentence(titles.get(actor, actor)) if actor else "chance"
        raise InputError(
            f"it is not the turn of {whom} here: it is the turn of {turn}",
            expected="an event of " + turn + ": " + _listed(moves, actor if actor in who else "",
                                                             titles),
        )
    wanted = spoken(label)
    found = [child for child, move in moves.items()
             if any(spoken(name) == wanted for name in _names(act_of(move, actor), titles))]
    if not found:
        names = sorted({act_of(move, actor).deed(titles) for move in moves.values()})
        raise InputError(
            f"no move here is called {label!r}",
            expected="a move of the menu: " + "; ".join(names),
            nearest=nearest(label, names),
        )
    return found


def act_of(move: Move, actor: str) -> Move:
    """Return the act of ``actor`` within a move: the move itself if it is not a profile."""
    if isinstance(move, ActionProfile):
        for act in move.acts:
            if act.actor == actor:
                return act
    return move


def _names(move: Move, titles: Mapping[str, str]) -> set[str]:
    names = {move.deed(), move.deed(titles), move.words(), move.words(titles)}
    if isinstance(move, Act):
        names.add(f"{move.verb} {move.object}")
    return names


def _listed(moves: Mapping[int, Move], actor: str, titles: Mapping[str, str]) -> str:
    return "; ".join(sorted({act_of(move, actor).deed(titles) for move in moves.values()}))
