"""A small game drawn whole, as in a text-book: who moves, what may be done, what it pays.

The tree grows to the right. Every ending has a row of its own and every move a level stretch of
line to write on, so that words cannot meet whatever the game. With an equilibrium the lines are
as thick as their moves are likely, and faint where play never comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import SizeError
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE
from detente.render.charts._svg import drawing, label, number, rect
from detente.render.palette import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, colours
from detente.render.plain import cell
from detente.render.section import Chart

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game import PublicTree

__all__ = ["MOST", "game_tree"]

MOST = 64
"""Nodes of the largest game that is drawn: a page's worth."""
ROW, SLANT, GAP, TOP = 36.0, 26.0, 8.0, 14.0
SMALL = 10.5 / 12
"""Size of the faint notes, in that of the other words."""
THICK, THIN = 7.0, 1.0
NEVER, SURE = 0.005, 0.0005
"""A node reached less often than NEVER is drawn faint; within SURE of 0 or 1 a type is certain."""
MANY = 4
"""Types that are listed one by one; of more only the range is given."""
HUES = (BLUE, ORANGE, PURPLE, SKY, GREEN)


def game_tree(
    game: PublicTree, eq: Equilibrium | None = None, *, title: str = "The game", most: int = MOST
) -> Chart:
    """Draw a whole game, with its equilibrium where one is given.

    Parameters
    ----------
    game
        At most ``most`` nodes. A type is not a node: the players' types stand above the drawing.
    eq
        An equilibrium of it: moves then carry their probabilities (seen from outside, and below
        the line by the mover's type), and lines their thickness.
    title
        What stands above the chart.

    Raises
    ------
    SizeError
        The game has more nodes.
    ValueError
        The equilibrium is of another game.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game import decide, end, tree
    >>> game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
    ...     "out": end("out", entrant=0, incumbent=2),
    ...     "in": decide("incumbent", {
    ...         "fight": end("fought", entrant=-1, incumbent=-1),
    ...         "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    >>> game_tree(game, solve(game, 10.0)).alt
    'A game of 3 endings. Moving in turn: entrant, incumbent. The likeliest course: entrant: in,
    incumbent: acquiesce; ends in shared.'
    """
    if game.n_nodes > most:
        raise SizeError(f"a tree of {game.n_nodes} nodes is too large to be drawn",
                        expected=f"at most {most} nodes: fewer types, offers or rounds")
    if eq is not None and eq.game.n_nodes != game.n_nodes:
        raise ValueError("the equilibrium is of another game")
    page = _Page(game, eq)
    return Chart(title, None, page.words, svg=page.svg)


@dataclass(frozen=True)
class _Page:
    """Where everything stands."""

    game: PublicTree
    eq: Equilibrium | None

    def mover(self, node: int) -> str:
        """Return who moves at a node, as it is written there."""
        who = int(self.game.mover[node])
        if who == CHANCE:
            return "chance"
        if who == JOINT:
            return " & ".join(self.game.players[i] for i in self.game.joints[node].players)
        if who <= TYPE_CHANCE:
            return f"{self.game.players[TYPE_CHANCE - who]}'s type"
        return self.game.players[who]

    def hue(self, node: int) -> str:
        who = int(self.game.mover[node])
        return HUES[who % len(HUES)] if who >= 0 else GREY

    def odds(self, child: int) -> float | None:
        """Return the probability of the move into a node, where it is known."""
        if self.eq is not None:
            return float(self.eq.q[child])
        at = int(self.game.parent[child])
        return float(self.game.weight[child]) if self.game.mover[at] == CHANCE else None

    def move(self, child: int) -> tuple[str, str]:
        """Return what is written above and below the line into a node."""
        game, at = self.game, int(self.game.parent[child])
        name, odds = game.move_names[game.move[child]], self.odds(child)
        above = name if odds is None else f"{name}: {cell(odds, 'percent')}"
        who = int(game.mover[at])
        of = TYPE_CHANCE - who if who <= TYPE_CHANCE else who
        if of < 0 or not 1 < len(game.prior[of]) <= MANY:
            return above, ""
        if who <= TYPE_CHANCE:
            by_type = game.type_prob[game.type_row[child]]
        elif self.eq is not None:
            by_type = self.eq.pi[child]
        else:
            return above, ""
        types = list(zip(game.type_labels[of], map(float, by_type), strict=False))
        sure = [t for t, p in types if p > 1 - SURE]
        if len(sure) + sum(p < SURE for _, p in types) == len(types):
            return above, "none" if not sure else (
                "all types" if len(sure) == len(types) else f"{', '.join(sure)} only")
        return above, ", ".join(f"{t} {cell(p, 'percent')}" for t, p in types)

    @cached_property
    def paid(self) -> list[int]:
        """Players who have something at stake; a pure source of information has not."""
        return [i for i in range(self.game.n_players)
                if self.game.joint_payoff is not None or np.abs(self.game.payoff[i]).max() > 0]

    def ending(self, node: int) -> tuple[str, str]:
        """Return an ending's name and payoffs."""
        k = int(np.searchsorted(self.game.leaves, node))
        parts = []
        for i in self.paid:
            table = self.game.payoff if self.game.joint_payoff is None else self.game.joint_payoff
            sums = [float(v) for v in np.ravel(table[i][k])]
            same = max(sums) - min(sums) < 1e-12
            if same:
                text = _short(sums[0])
            elif len(sums) <= MANY:
                text = " / ".join(map(_short, sums))
            else:
                text = f"{_short(min(sums))} to {_short(max(sums))}"
            parts.append(f"{self.game.players[i]} {text}")
        return self.game.outcome_names[self.game.outcome[k]], ", ".join(parts)

    @cached_property
    def y(self) -> list[float]:
        """Give endings their rows, and every other node the middle of its moves."""
        found, row = [0.0] * self.game.n_nodes, 0

        def place(node: int) -> None:
            nonlocal row
            children = self.game.children(node)
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
        """Return how wide a mover's box is; an ending has none."""
        return 0.0 if self.game.mover[node] == TERMINAL else wide(self.mover(node)) + 16

    def bend(self, node: int) -> float:
        """Return where the moves from a node are level and their words begin."""
        return self.x[node] + self.box(node) + SLANT

    @cached_property
    def x(self) -> list[float]:
        """Return where every node begins: after the widest of the moves from its parent."""
        found = [4.0] * self.game.n_nodes
        for node in range(self.game.n_nodes):
            menu = self.game.children(node)
            words = [self.move(c) for c in menu]
            room = max((max(wide(a), SMALL * wide(b)) for a, b in words), default=0.0)
            for c in menu:
                found[c] = found[node] + self.box(node) + SLANT + room + GAP
        return found

    @cached_property
    def types(self) -> list[str]:
        """Say who knows what about itself."""
        game, lines = self.game, []
        for i, name in enumerate(game.players):
            if (count := len(game.prior[i])) < 2:
                continue
            if count <= MANY:
                parts = (f"{t} ({cell(float(p), 'percent')})"
                         for t, p in zip(game.type_labels[i], game.prior[i], strict=True))
                lines.append(f"{name}'s type: {', '.join(parts)}")
            else:
                lines.append(f"{name}'s type: one of {count}")
        return lines

    @cached_property
    def words(self) -> str:
        game = self.game
        movers = dict.fromkeys(self.mover(k) for k in range(game.n_nodes) if game.count[k])
        text = f"A game of {len(game.leaves)} endings. Moving in turn: {', '.join(movers)}."
        if self.eq is None or game.n_nodes == 1:
            return text
        node, course = 0, []
        while game.count[node]:
            best = max(game.children(node), key=lambda c: float(self.eq.q[c]))  # type: ignore[union-attr]
            course.append(f"{self.mover(node)}: {game.move_names[game.move[best]]}")
            node = best
        return f"{text} The likeliest course: {', '.join(course)}; ends in {self.ending(node)[0]}."

    @cached_property
    def svg(self) -> str:
        game, x, y = self.game, self.x, self.y
        hues = colours(game.outcome_names)
        lines, parts, width = [], [], 0.0
        for k, text in enumerate(self.types):
            parts.append(label(4, TOP + 18 * k, text, faint=True))
            width = max(width, 4 + wide(text))
        for node, here in enumerate(x):
            if node:
                lines.append(self._line(node))
            if game.mover[node] == TERMINAL:
                name, payoffs = self.ending(node)
                parts += [rect(here, y[node] - 4.5, 9, 9, hues[name]),
                          label(here + 14, y[node] - 2, name, weight="bold"),
                          label(here + 14, y[node] + 12, payoffs, size=10.5)]
                room = max(1.08 * wide(name), SMALL * wide(payoffs))
                width = max(width, here + 14 + room)
            else:
                parts.append(self._box(node))
                width = max(width, here + self.box(node))
        height = max(y) + ROW / 2 + 6
        return drawing(width + 4, height, lines + parts, self.words)

    def _line(self, child: int) -> str:
        """Draw the move into a node: down or up to its row, then along it."""
        at, odds = int(self.game.parent[child]), self.odds(child)
        start, bend, y = self.x[at] + self.box(at), self.bend(at), self.y[child]
        weight = THIN + (THICK - THIN) * odds if self.eq is not None and odds is not None else 1.5
        seen = self.eq is None or float(self.eq.reach[child]) >= NEVER
        above, below = self.move(child)
        lift = 4 + weight / 2
        drawn = (
            f'<path d="M{number(start)},{number(self.y[at])}L{number(bend - 8)},{number(y)}'
            f'H{number(self.x[child])}" fill="none" stroke="{INK}" stroke-linejoin="round" '
            f'stroke-width="{number(weight)}" opacity="{0.4 if seen else 0.15}"/>'
        )
        words = label(bend, y - lift, above)
        if below:
            words += label(bend, y + lift + 7, below, size=10.5, faint=True)
        told = "" if odds is None else f' data-probability="{odds:.6f}"'
        return f'<g class="move" data-into="{child}" data-from="{at}"{told}>{drawn}{words}</g>'

    def _box(self, node: int) -> str:
        x, y, room, name = self.x[node], self.y[node], self.box(node), self.mover(node)
        return (
            f'<g class="mover" data-node="{node}" data-mover="{escape(name)}">'
            f'<rect x="{number(x)}" y="{number(y - 11)}" width="{number(room)}" height="22" '
            f'rx="11" fill="{self.hue(node)}" fill-opacity="0.18" stroke="{self.hue(node)}" '
            f'stroke-width="1.5"/>{label(x + room / 2, y + 4, name, anchor="middle")}</g>'
        )


def wide(text: str) -> float:
    """Return the width in pixels of 12 pixel Helvetica, near enough and never too little.

    Examples
    --------
    >>> wide("ill") < wide("mom"), wide("")
    (True, 0.0)
    """
    ems = ((0.24, "ijl'|"), (0.35, "ft,.:;!()- r/"), (0.84, "mMG&OQ"), (0.95, "wW%"))
    known = {c: em for em, letters in ems for c in letters}
    return sum((12 * known.get(c, 0.73 if c.isupper() else 0.59) for c in text), 0.0)


def _short(value: float) -> str:
    """Write a payoff.

    Examples
    --------
    >>> _short(0.65), _short(-1.0), _short(2 / 3), _short(-0.0)
    ('0.65', '−1', '0.667', '0')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")
