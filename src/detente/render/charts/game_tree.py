"""A small game drawn whole, as in a textbook: the mover, the moves and the payoffs.

The tree grows to the right. Every terminal node has its own row and every move a level line with
its label, so words cannot overlap. If probabilities are given, the thickness of a line shows the
probability of its move, and lines that are almost never reached are faint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from detente.render.chart import Chart
from detente.render.charts._svg import drawing, label, number, rect
from detente.render.palette import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, colours

__all__ = ["TreeNode", "game_tree", "wide"]

ROW, SLANT, GAP, TOP = 36.0, 26.0, 8.0, 14.0
SMALL = 10.5 / 12
"""Size of the faint notes, relative to that of the other words."""
THICK, THIN = 7.0, 1.0
NEVER = 0.005
"""A node reached with a smaller probability is drawn faint."""
HUES = (BLUE, ORANGE, PURPLE, SKY, GREEN)


@dataclass(frozen=True)
class TreeNode:
    """A node of a drawn game.

    Parameters
    ----------
    parent : int or None
        Place of its parent in the list of nodes, which comes before it; None for the root.
    mover : str
        The actor that decides at the node; empty at a terminal node.
    seat : int or None
        Number of that actor, which gives its colour; None for chance.
    above, below : str
        Words above and below the line that leads to the node.
    probability : float or None
        Probability of the move that leads to the node, given its parent.
    reach : float
        Probability that the node is reached.
    weighed : bool
        Whether the thickness of the line shows the probability.
    ending, payoffs : str
        Name of the outcome and its payoffs.
    """

    parent: int | None = None
    mover: str = ""
    seat: int | None = None
    above: str = ""
    below: str = ""
    probability: float | None = None
    reach: float = 1.0
    weighed: bool = False
    ending: str = ""
    payoffs: str = ""


def game_tree(
    nodes: Sequence[TreeNode], *, alt: str, types: Sequence[str] = (), title: str = "The game"
) -> Chart:
    """Draw a whole game.

    Parameters
    ----------
    nodes
        Parents before their children. A type is not a node.
    alt
        The alternative text.
    types
        Lines above the drawing about the actors' types.
    title
        Shown above the chart.

    Examples
    --------
    >>> nodes = [TreeNode(mover="entrant", seat=0), TreeNode(0, above="out", ending="no entry"),
    ...          TreeNode(0, above="in", ending="entry", payoffs="entrant 1")]
    >>> "entrant 1" in game_tree(nodes, alt="A game of 2 endings.").svg
    True
    """
    return Chart(title, None, alt, svg=_Page(tuple(nodes), tuple(types), alt).svg)


@dataclass(frozen=True)
class _Page:
    """The position of everything on the page."""

    nodes: tuple[TreeNode, ...]
    types: tuple[str, ...]
    alt: str
    below: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.below.extend([] for _ in self.nodes)
        for k, node in enumerate(self.nodes):
            if node.parent is not None:
                self.below[node.parent].append(k)

    def hue(self, node: int) -> str:
        seat = self.nodes[node].seat
        return GREY if seat is None else HUES[seat % len(HUES)]

    @cached_property
    def y(self) -> list[float]:
        """Give terminal nodes their rows, and every other node the middle of its moves."""
        found, row = [0.0] * len(self.nodes), 0

        def place(node: int) -> None:
            nonlocal row
            children = self.below[node]
            for child in children:
                place(child)
            if children:
                found[node] = (found[children[0]] + found[children[-1]]) / 2
            else:
                found[node], row = ROW * row, row + 1

        place(0)
        top = TOP + 18 * len(self.types) + ROW / 2
        return [top + y for y in found]

    def box(self, node: int) -> float:
        """Return the width of a mover's box; a terminal node has none."""
        mover = self.nodes[node].mover
        return wide(mover) + 16 if mover else 0.0

    def bend(self, node: int) -> float:
        """Return the horizontal position at which the labels of a node's moves begin."""
        return self.x[node] + self.box(node) + SLANT

    @cached_property
    def x(self) -> list[float]:
        """Return the left edge of every node: right of the widest move from its parent."""
        found = [4.0] * len(self.nodes)
        for node, menu in enumerate(self.below):
            words = [self.nodes[c] for c in menu]
            room = max((max(wide(w.above), SMALL * wide(w.below)) for w in words), default=0.0)
            for c in menu:
                found[c] = found[node] + self.box(node) + SLANT + room + GAP
        return found

    @cached_property
    def svg(self) -> str:
        x, y = self.x, self.y
        hues = colours(tuple(dict.fromkeys(n.ending for n in self.nodes if n.ending)))
        lines, parts, width = [], [], 0.0
        for k, text in enumerate(self.types):
            parts.append(label(4, TOP + 18 * k, text, faint=True))
            width = max(width, 4 + wide(text))
        for k, (node, here) in enumerate(zip(self.nodes, x, strict=True)):
            if node.parent is not None:
                lines.append(self._line(k, node.parent))
            if node.mover:
                parts.append(self._box(k))
                width = max(width, here + self.box(k))
            else:
                parts += [rect(here, y[k] - 4.5, 9, 9, hues[node.ending]),
                          label(here + 14, y[k] - 2, node.ending, weight="bold"),
                          label(here + 14, y[k] + 12, node.payoffs, size=10.5)]
                room = max(1.08 * wide(node.ending), SMALL * wide(node.payoffs))
                width = max(width, here + 14 + room)
        height = max(y) + ROW / 2 + 6
        return drawing(width + 4, height, lines + parts, self.alt)

    def _line(self, child: int, at: int) -> str:
        """Draw the move into a node: down or up to its row, then along it."""
        node = self.nodes[child]
        odds = node.probability
        start, bend, y = self.x[at] + self.box(at), self.bend(at), self.y[child]
        weight = THIN + (THICK - THIN) * odds if node.weighed and odds is not None else 1.5
        seen = not node.weighed or node.reach >= NEVER
        lift = 4 + weight / 2
        drawn = (
            f'<path d="M{number(start)},{number(self.y[at])}L{number(bend - 8)},{number(y)}'
            f'H{number(self.x[child])}" fill="none" stroke="{INK}" stroke-linejoin="round" '
            f'stroke-width="{number(weight)}" opacity="{0.4 if seen else 0.15}"/>'
        )
        words = label(bend, y - lift, node.above)
        if node.below:
            words += label(bend, y + lift + 7, node.below, size=10.5, faint=True)
        told = "" if odds is None else f' data-probability="{odds:.6f}"'
        return f'<g class="move" data-into="{child}" data-from="{at}"{told}>{drawn}{words}</g>'

    def _box(self, node: int) -> str:
        x, y, room, name = self.x[node], self.y[node], self.box(node), self.nodes[node].mover
        return (
            f'<g class="mover" data-node="{node}" data-mover="{escape(name)}">'
            f'<rect x="{number(x)}" y="{number(y - 11)}" width="{number(room)}" height="22" '
            f'rx="11" fill="{self.hue(node)}" fill-opacity="0.18" stroke="{self.hue(node)}" '
            f'stroke-width="1.5"/>{label(x + room / 2, y + 4, name, anchor="middle")}</g>'
        )


def wide(text: str) -> float:
    """Return an upper estimate of the width in pixels of a text in 12 pixel Helvetica.

    Examples
    --------
    >>> wide("ill") < wide("mom"), wide("")
    (True, 0.0)
    """
    ems = ((0.24, "ijl'|"), (0.35, "ft,.:;!()- r/"), (0.84, "mMG&OQ"), (0.95, "wW%"))
    known = {c: em for em, letters in ems for c in letters}
    return sum((12 * known.get(c, 0.73 if c.isupper() else 0.59) for c in text), 0.0)
