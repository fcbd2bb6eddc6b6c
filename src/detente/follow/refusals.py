"""Messages for events that do not fit the tree: whose turn it is, and the menus.

The crisis may stand at several nodes, because chance and third parties may be left out of the
events. A message lists the moves at all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from detente.arrays import Ints
from detente.errors import InputError, nearest
from detente.game.place import act_of, menu, movers
from detente.game.tree import TERMINAL, PublicTree
from detente.scenario.labels import in_sentence

__all__ = ["no_place", "unknown_move"]


def unknown_move(
    tree: PublicTree, nodes: Sequence[int], label: str, actor: str, titles: Mapping[str, str],
) -> InputError:
    """Return the error for a label that no menu of the actor has.

    Parameters
    ----------
    tree
    nodes
        Nodes at which the actor moves; chance nodes if ``actor`` is empty.
    label, actor, titles

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.1)}))
    >>> print(unknown_move(game, [0], "talks", "a", {}))
    no move here is called 'talks'; it is the turn of a; ... (did you mean 'talk'?)
    """
    names = _deeds(tree, nodes, actor, titles)
    who = in_sentence(titles.get(actor, actor)) if actor else "chance"
    return InputError(f"no move here is called {label!r}; it is the turn of {who}",
                      expected="a move of the menu: " + "; ".join(names),
                      nearest=nearest(label, names))


def no_place(
    tree: PublicTree, nodes: Ints, others: Sequence[int], actor: str,
    reports: Mapping[str, float], principals: Collection[str], titles: Mapping[str, str],
) -> InputError:
    """Return the error for an event that fits nowhere.

    Parameters
    ----------
    tree
    nodes
        Where the crisis may stand.
    others
        The nodes of principals and the ends that follow first.
    actor, reports, principals, titles
    """
    left = [n for n in others if int(tree.mover[n]) != TERMINAL]
    if not left:
        return InputError("the crisis has ended before this event",
                          expected="no move after the end; enter it with `cannot`")
    who = list(dict.fromkeys(" and ".join(in_sentence(titles.get(a, a)) for a in movers(tree, n))
                             for n in left))
    turn, deeds = " or ".join(who), "; ".join(_deeds(tree, left, "", titles))
    if actor:
        return InputError(
            f"it is not the turn of {in_sentence(titles.get(actor, actor))} here: it is the turn "
            f"of {turn}",
            expected=f"an event of {turn}: {deeds}")
    label = next(iter(reports))
    results = _results(tree, nodes, principals, titles)
    if results:
        return InputError(f"no result of chance here is called {label!r}",
                          expected="one of the results of chance here: " + "; ".join(results),
                          nearest=nearest(label, results))
    return InputError(f"no chance here has a result called {label!r}",
                      expected=f"a move of {turn}, whose turn it is: {deeds}")


def _deeds(
    tree: PublicTree, nodes: Sequence[int], actor: str, titles: Mapping[str, str]
) -> list[str]:
    return sorted({act_of(m, actor).deed(titles) for n in nodes for m in menu(tree, n).values()})


def _results(
    tree: PublicTree, nodes: Ints, principals: Collection[str], titles: Mapping[str, str]
) -> list[str]:
    """Return the results of chance that may come before the next move of a principal."""
    found: set[str] = set()
    stack = nodes.tolist()
    while stack:
        node = stack.pop()
        if int(tree.mover[node]) == TERMINAL or any(a in principals for a in movers(tree, node)):
            continue
        if not movers(tree, node):
            found |= {m.deed(titles) for m in menu(tree, node).values()}
        stack += tree.children(node)
    return sorted(found)
