"""The most probable part of the game tree, drawn as a trunk with branches.

The vertical trunk has the most probable move at every node. The other moves branch to the right
above the trunk's next node. Every row is one move, so labels cannot overlap. The width of a line is
the probability of reaching its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from detente.render.charts._base import NARROW, WIDE, Records, records, wrap
from detente.render.charts._svg import LETTER, circle, drawing, label, path, rect
from detente.render.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, colours
from detente.render.plain import cell
from detente.render.section import Chart

__all__ = ["tree"]

THICK = 12.0
BOLD = 1.1
"""Width of a bold letter, relative to one that is not."""
ACTORS = (BLUE, ORANGE, PURPLE, SKY, GREEN)


@dataclass
class _Branch:
    """A node of the drawing."""

    row: dict[str, Any]
    goes_on: bool = False
    children: list[_Branch] = field(default_factory=list)
    rest: float = 0.0
    column: int = 0
    y: float = 0.0


def tree(
    rows: Records, *, most: int = 32, title: str = "Most probable part of the game tree"
) -> Chart:
    """Draw the most probable nodes of a game.

    Parameters
    ----------
    rows
        One per node: ``id``; ``parent`` (its id; None or -1 at the start); ``mover`` (an actor or
        ``chance``, which made the move into it); ``move`` (its label); ``probability`` (of the
        move, given that its parent is reached); ``reach`` (of reaching the node); ``outcome`` (the
        ending's name at an end, else None). Nodes whose parent is not given are left out.
    most
        Largest number of nodes drawn; the other moves of a node are added up.

    Raises
    ------
    ValueError
        There is no start or more than one.

    Examples
    --------
    >>> chart = tree([
    ...     {"id": 0, "parent": None, "reach": 1.0},
    ...     {"id": 1, "parent": 0, "mover": "aland", "move": "hold", "probability": 0.7,
    ...      "reach": 0.7, "outcome": "status quo"},
    ...     {"id": 2, "parent": 0, "mover": "aland", "move": "attack", "probability": 0.3,
    ...      "reach": 0.3, "outcome": "war"}])
    >>> chart.alt
    'The most probable path: aland: hold; ends in status quo. It is followed with probability 70 %.'
    """
    given = records(rows)
    root = _grow(given, most)
    words = _words(root)
    return Chart(title, None, words, svg=_draw(root, WIDE, words),
                 narrow=_draw(root, NARROW, words))


def _grow(given: list[dict[str, Any]], most: int) -> _Branch:
    """Link the nodes into a tree, the most probable child first, and add up the others."""
    ids = {row["id"] for row in given}
    starts = [row for row in given if row.get("parent") is None or row["parent"] == -1]
    if len(starts) != 1:
        raise ValueError(f"{len(starts)} nodes have no parent; exactly one must; set parent")
    offspring: dict[Any, list[dict[str, Any]]] = {}
    for row in given:
        if row is not starts[0] and row["parent"] in ids:
            offspring.setdefault(row["parent"], []).append(row)
    root = _Branch(starts[0])
    edge, kept = [root], 1
    while edge and kept < most:  # draw all moves of the most probable node: menus stay complete
        edge.sort(key=lambda b: -b.row["reach"])
        branch = edge.pop(0)
        menu = sorted(offspring.get(branch.row["id"], []), key=lambda r: -r["reach"])
        worth = [r for k, r in enumerate(menu) if k == 0 or r["probability"] >= 0.02]
        shown = worth[: max(most - kept, 1)]
        branch.children = [_Branch(row, row["id"] in offspring) for row in shown]
        if menu:
            branch.rest = max(0.0, 1.0 - sum(row["probability"] for row in shown))
        edge += branch.children
        kept += len(shown)
    return root


def _words(root: _Branch) -> str:
    moves, branch = [], root
    while branch.children:
        branch = branch.children[0]
        moves.append(_name(branch.row))
    if not moves:
        return "The tree has a single node and no moves."
    end = branch.row.get("outcome")
    text = "The most probable path: " + ", ".join(moves)
    text += f"; ends in {end}." if end else "; and so on."
    return text + f" It is followed with probability {cell(branch.row['reach'], 'percent')}."


def _name(row: dict[str, Any]) -> str:
    mover, move = row.get("mover"), str(row.get("move") or "")
    return f"{mover}: {move}" if mover else move


def _draw(root: _Branch, width: int, alt: str) -> str:
    columns = ("this move", "reached") if width > NARROW else ("reached",)
    each = 62.0 if width > NARROW else 48.0
    right = each * len(columns) + 12
    indent = 20.0 if width > NARROW else 13.0
    movers = _movers(root)
    acting = [name for name in movers if name != "chance"]
    hue = {name: ACTORS[k % len(ACTORS)] for k, name in enumerate(acting)}
    ends = colours(dict.fromkeys(_ends(root)))
    thick: list[str] = []
    parts: list[str] = []
    x = 8.0
    y = 10.0
    for name in movers:
        room = 18 + LETTER * len(name) + 16
        if x + room > width and x > 8:
            x, y = 8.0, y + 18
        parts += [circle(x + 5, y, 5, hue.get(name, GREY)), label(x + 15, y + 4, name)]
        x += room
    y += 24
    for k, name in enumerate(columns):
        at = width - each * (len(columns) - 1 - k) - 2
        parts.append(label(at, y + 4, name, anchor="end", size=11, faint=True))

    def place(branch: _Branch, column: int, parent: _Branch | None) -> None:
        nonlocal y
        branch.column, at = column, 12 + indent * column
        row, end = branch.row, branch.row.get("outcome")
        text = _name(row) if parent else "the crisis begins"
        letters = max(int((width - right - at - 14) / LETTER), 10)
        name = wrap(text, letters) + (" …" if branch.goes_on and not branch.children else "")
        ending = wrap(f"ends: {end}", letters) if end else ""
        last = name.rpartition("\n")[2]
        beside = len(last) + BOLD * len(ending) + 4 <= letters
        branch.y = y
        if parent is not None:
            weight = max(1.0, THICK * row["reach"])
            px = 12 + indent * parent.column
            if parent.column == column:
                thick.append(path(f"M{px:.1f},{parent.y:.1f}V{y:.1f}", weight, 0.35))
            else:
                thick.append(
                    path(f"M{px:.1f},{y - 16:.1f}Q{px:.1f},{y:.1f} {at:.1f},{y:.1f}", weight, 0.35)
                )
            values = [row["reach"]] if len(columns) == 1 else [row["probability"], row["reach"]]
            for k, value in enumerate(values):
                to = width - each * (len(columns) - 1 - k) - 2
                parts.append(label(to, y + 4, cell(value, "percent"), anchor="end", size=11.5,
                                   faint=len(columns) > 1 and k == 0))
        parts.append(_of(row, circle(at, y, 5, hue.get(row.get("mover") or "", GREY))))
        parts.append(_of(row, label(at + 11, y + 4, name)))
        y += 15 * (name.count("\n") + 1)
        if ending:
            x = at + 11 + (LETTER * (len(last) + 1) if beside else 0)
            at_y = y - 15 if beside else y
            parts.append(rect(x, at_y - 5, 9, 9, ends[str(end)]))
            parts.append(label(x + 14, at_y + 4, ending, weight="bold"))
            y += 0 if beside else 15 * (ending.count("\n") + 1)
        y += 6
        for other in branch.children[1:]:
            place(other, column + 1, branch)
        if branch.rest >= 0.005:
            px, at = 12 + indent * column, 12 + indent * (column + 1)
            thick.append(path(f"M{px:.1f},{y - 16:.1f}Q{px:.1f},{y:.1f} {at:.1f},{y:.1f}", 1, 0.35))
            parts.append(label(at + 3, y + 4, "other moves", size=11, faint=True))
            for k, value in enumerate([branch.rest, branch.rest * row["reach"]][-len(columns):]):
                to = width - each * (len(columns) - 1 - k) - 2
                parts.append(label(to, y + 4, cell(value, "percent"), anchor="end", size=11,
                                   faint=True))
            y += 20
        if branch.children:
            place(branch.children[0], column, branch)

    y += 22
    place(root, 0, None)
    return drawing(width, y, thick + parts, alt)


def _of(row: dict[str, Any], part: str) -> str:
    """Return a part of the drawing that says which node it is of; a page can lead from it there."""
    node = row["id"]
    return re.sub(r"<(circle|text) ", rf'<\1 data-node="{node}" ', part) if isinstance(
        node, int) else part


def _movers(root: _Branch) -> list[str]:
    found = dict.fromkeys(
        str(b.row["mover"]) for b in _walk(root) if b.row.get("mover") is not None
    )
    return list(found)


def _ends(root: _Branch) -> list[str]:
    return [str(b.row["outcome"]) for b in _walk(root) if b.row.get("outcome")]


def _walk(branch: _Branch) -> list[_Branch]:
    return [branch, *(b for child in branch.children for b in _walk(child))]
