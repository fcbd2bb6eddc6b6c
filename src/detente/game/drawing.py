"""A game as a drawing: the words and probabilities of every node, for a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from detente.errors import SizeError
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree
from detente.render.plain import cell

if TYPE_CHECKING:
    from detente.render.chart import Chart

__all__ = ["MOST", "Solved", "draw"]

MOST = 64
"""Number of nodes of the largest game that is drawn."""
SURE = 0.0005
"""Within this distance of 0 or 1 a type's probability of a move is written as certain."""
MANY = 4
"""Number of types up to which types are listed; for more only the range is given."""


class Solved(Protocol):
    """The part of an equilibrium that is drawn."""

    @property
    def game(self) -> PublicTree: ...
    @property
    def q(self) -> Any: ...
    @property
    def pi(self) -> Any: ...
    @property
    def reach(self) -> Any: ...


def draw(
    game: PublicTree, eq: Solved | None = None, *, title: str = "The game", most: int = MOST
) -> Chart:
    """Draw a whole game, with its equilibrium if one is given.

    Parameters
    ----------
    game : PublicTree
        At most ``most`` nodes. A type is not a node: the types are listed above the drawing.
    eq : Solved, optional
        An equilibrium of the game. Moves then carry their probabilities: above the line the
        observer's, below the line by the mover's type. Probable moves have thick lines.
    title : str
        Shown above the chart.
    most : int
        Largest number of nodes.

    Raises
    ------
    SizeError
        The game has more nodes.
    ValueError
        The equilibrium belongs to another game.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game import decide, end, tree
    >>> game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
    ...     "out": end("out", entrant=0, incumbent=2),
    ...     "in": decide("incumbent", {
    ...         "fight": end("fought", entrant=-1, incumbent=-1),
    ...         "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    >>> draw(game, solve(game, 10.0)).alt
    'A game with 3 terminal nodes. Movers: entrant, incumbent. The most probable path: entrant: in,
    incumbent: acquiesce; it ends in shared.'
    """
    from detente.render.charts.game_tree import TreeNode, game_tree

    if game.n_nodes > most:
        raise SizeError(f"a tree of {game.n_nodes} nodes is too large to be drawn",
                        expected=f"at most {most} nodes; use fewer types, offers or rounds")
    if eq is not None and eq.game.n_nodes != game.n_nodes:
        raise ValueError("the equilibrium belongs to another game; draw it with its own game")
    told = _Told(game, eq)
    nodes = []
    for k in range(game.n_nodes):
        above, below = told.move(k) if k else ("", "")
        last = game.mover[k] == TERMINAL
        ending, payoffs = told.ending(k) if last else ("", "")
        who = int(game.mover[k])
        nodes.append(TreeNode(
            parent=int(game.parent[k]) if k else None, mover="" if last else told.mover(k),
            seat=who if who >= 0 else None, above=above, below=below,
            probability=told.odds(k) if k else None,
            reach=1.0 if eq is None else float(eq.reach[k]), weighed=eq is not None,
            ending=ending, payoffs=payoffs,
        ))
    return game_tree(nodes, alt=told.words, types=told.types, title=title)


@dataclass(frozen=True)
class _Told:
    """The words of a drawing."""

    game: PublicTree
    eq: Solved | None

    def mover(self, node: int) -> str:
        """Return the mover at a node in words."""
        who = int(self.game.mover[node])
        if who == CHANCE:
            return "chance"
        if who == JOINT:
            return " & ".join(self.game.players[i] for i in self.game.joints[node].players)
        if who <= TYPE_CHANCE:
            return f"{self.game.players[TYPE_CHANCE - who]}'s type"
        return self.game.players[who]

    def odds(self, child: int) -> float | None:
        """Return the probability of the move into a node, if it is known."""
        if self.eq is not None:
            return float(self.eq.q[child])
        at = int(self.game.parent[child])
        return float(self.game.weight[child]) if self.game.mover[at] == CHANCE else None

    def move(self, child: int) -> tuple[str, str]:
        """Return the words above and below the line into a node."""
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
        types = list(zip(map(str, game.types[of]), map(float, by_type), strict=False))
        sure = [t for t, p in types if p > 1 - SURE]
        if len(sure) + sum(p < SURE for _, p in types) == len(types):
            return above, "none" if not sure else (
                "all types" if len(sure) == len(types) else f"{', '.join(sure)} only")
        return above, ", ".join(f"{t} {cell(p, 'percent')}" for t, p in types)

    @cached_property
    def paid(self) -> list[int]:
        """Players with payoffs; a pure source of information has none."""
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
    def types(self) -> list[str]:
        """Lines about what the players know of themselves."""
        game, lines = self.game, []
        for i, name in enumerate(game.players):
            if (count := len(game.prior[i])) < 2:
                continue
            if count <= MANY:
                parts = (f"{t} ({cell(float(p), 'percent')})"
                         for t, p in zip(game.types[i], game.prior[i], strict=True))
                lines.append(f"{name}'s type: {', '.join(parts)}")
            else:
                lines.append(f"{name}'s type: one of {count}")
        return lines

    @cached_property
    def words(self) -> str:
        game = self.game
        movers = dict.fromkeys(self.mover(k) for k in range(game.n_nodes) if game.count[k])
        text = f"A game with {len(game.leaves)} terminal nodes. Movers: {', '.join(movers)}."
        if self.eq is None or game.n_nodes == 1:
            return text
        node, course = 0, []
        while game.count[node]:
            best = max(game.children(node), key=lambda c: float(self.eq.q[c]))  # type: ignore[union-attr]
            course.append(f"{self.mover(node)}: {game.move_into(best).deed()}")
            node = best
        return (f"{text} The most probable path: {', '.join(course)}; it ends in "
                f"{self.ending(node)[0]}.")


def _short(value: float) -> str:
    """Write a payoff.

    Examples
    --------
    >>> _short(0.65), _short(-1.0), _short(2 / 3), _short(-0.0)
    ('0.65', '−1', '0.667', '0')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")
