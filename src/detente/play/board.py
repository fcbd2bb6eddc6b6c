"""The game that is played: its tree, its words, and its equilibria, solved if they are needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from detente.defaults import LAMBDA
from detente.errors import InputError, nearest, one_of
from detente.game.place import movers
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree
from detente.identifiers import Act, ActionProfile
from detente.scenario.labels import titles_of

if TYPE_CHECKING:
    from detente.arrays import Floats
    from detente.equilibrium.profile import StrategyProfile
    from detente.equilibrium.solution import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["Board", "Reading"]

T = TypeVar("T")
Reading = Literal["fallible", "deliberate"]


class Board:
    """A game with everything that a table, a strategy or a debrief must know of it.

    Parameters
    ----------
    game
        A compiled crisis, or a tree built by hand.
    case
        The word by which the case was named: a file or a shipped case.
    sha256
        The hash of the case's file; empty for a tree built by hand.
    lam
        Precision of the fallible model, per unit of the payoffs. Unless given: the centre of the
        crisis's range, or 40 over the largest difference in one player's payoffs.
    reading
        The model whose values and beliefs advise and debrief.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war", a=-1), "talk": end("peace")}))
    >>> board = Board(game)
    >>> [act.deed() for act in board.acts(0, 0)], board.lam
    (['fight', 'talk'], 40.0)
    """

    def __init__(
        self, game: Compiled | PublicTree, *, case: str = "", sha256: str = "",
        lam: float | None = None, reading: Reading = "fallible",
    ) -> None:
        if isinstance(game, PublicTree):
            self.tree, self.compiled, self.scenario = game, None, None
            self.titles: Mapping[str, str] = {}
            span = _stake(game)
            self.lam = (LAMBDA / span if span > 0 else LAMBDA) if lam is None else lam
        else:
            self.tree, self.compiled, self.scenario = game.tree, game, game.scenario
            self.titles = titles_of(game.scenario)
            self.lam = game.lam if lam is None else lam
        self.case, self.sha256 = case, sha256
        if reading not in ("fallible", "deliberate"):
            raise InputError(f"there is no model {reading!r}", expected="fallible or deliberate",
                             nearest=nearest(reading, ("fallible", "deliberate")))
        self.reading: Reading = reading
        self._kept: dict[object, Any] = {}

    @classmethod
    def of_case(
        cls, case: str | Path, *, lam: float | None = None, reading: Reading = "fallible",
    ) -> Board:
        """Read a crisis file or a shipped case, and compile it.

        Raises
        ------
        InputError
            The file does not exist or is not a valid crisis, or the game is too large.
        """
        from detente.cases.load import read
        from detente.game.compile import compile_scenario

        file = read(case)
        return cls(compile_scenario(file.scenario), case=str(case), sha256=file.sha256, lam=lam,
                   reading=reading)

    def __repr__(self) -> str:
        return f"<Board {self.case or 'by hand'}: {self.tree!r}>"

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return ``make()``, computed at the first call with this key and then kept."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    # Words -----------------------------------------------------------------------------------

    def title(self, actor: str) -> str:
        """Return an actor's title; its name if it has none."""
        return self.titles.get(actor, actor.replace("_", " "))

    def player(self, name: str) -> int:
        """Return a player's position, by its name or its title.

        Raises
        ------
        InputError
            No player has that name.
        """
        names = self.tree.players
        if name in names:
            return names.index(name)
        wanted = name.strip().lower().replace("_", " ")
        for k, one in enumerate(names):
            if wanted in (one.lower().replace("_", " "), self.title(one).lower()):
                return k
        raise InputError(f"there is no player {name!r}", expected=one_of(name, names),
                         nearest=nearest(name, names))

    @cached_property
    def principals(self) -> tuple[str, ...]:
        """The principals; in a game built by hand, everyone with a choice."""
        if self.scenario is not None and self.scenario.principals:
            return tuple(p for p in self.scenario.principals if p in self.tree.players)
        return tuple(self.tree.players[i] for i in self.tree.strategic_players)

    def others(self, name: str) -> tuple[str, ...]:
        """Return the other principals."""
        return tuple(p for p in self.principals if p != name)

    @property
    def stake(self) -> float:
        """The stake in units of the payoffs."""
        return _stake(self.tree) or 1.0

    # Places ----------------------------------------------------------------------------------

    def movers(self, node: int) -> tuple[str, ...]:
        """Return who chooses at a node: no one at chance nodes and at the end."""
        return movers(self.tree, node)

    def over(self, node: int) -> bool:
        """Whether the crisis has ended."""
        return int(self.tree.mover[node]) == TERMINAL

    def acts(self, node: int, player: int) -> tuple[Act, ...]:
        """Return the menu of one player at a node; empty if it does not choose there."""
        return self.once(("acts", node, player), lambda: self._acts(node, player))

    def _acts(self, node: int, player: int) -> tuple[Act, ...]:
        tree, mover = self.tree, int(self.tree.mover[node])
        if mover == player:
            return tuple(_act(tree.move_into(c), tree.players[player]) for c in tree.children(node))
        if mover == JOINT and player in tree.joints[node].players:
            joint = tree.joints[node]
            seat = joint.players.index(player)
            kids = [self.child(node, {p: a if k == seat else 0
                                      for k, p in enumerate(joint.players)})
                    for a in range(joint.sizes[seat])]
            return tuple(_act(tree.move_into(c), tree.players[player]) for c in kids)
        return ()

    def child(self, node: int, choices: Mapping[int, int]) -> int:
        """Return the node after these choices, by player, at a node where players choose."""
        tree, mover = self.tree, int(self.tree.mover[node])
        if mover == JOINT:
            joint = tree.joints[node]
            at = np.ravel_multi_index([choices[p] for p in joint.players], joint.sizes)
            return int(tree.first[node]) + int(at)
        return int(tree.first[node]) + choices[mover]

    def choice(self, child: int, player: int) -> int:
        """Return the position of a player's own choice on its menu, in the move into a node."""
        tree, node = self.tree, int(self.tree.parent[child])
        at = child - int(tree.first[node])
        if int(tree.mover[node]) == JOINT:
            joint = tree.joints[node]
            digits = np.unravel_index(at, joint.sizes)
            return int(digits[joint.players.index(player)])
        return at

    def habits(self, node: int, player: int) -> Floats:
        """Return the base weights of a player's menu at a node, which sum to 1."""
        tree = self.tree
        if int(tree.mover[node]) == JOINT:
            joint = tree.joints[node]
            return joint.weights[joint.players.index(player)]
        kids = tree.children(node)
        return tree.weight[kids.start:kids.stop]

    def chances(self, node: int, types: Mapping[int, int]) -> Floats:
        """Return the probabilities of the results at a chance node, given the types of players."""
        tree, mover = self.tree, int(self.tree.mover[node])
        kids = tree.children(node)
        if mover == CHANCE:
            return tree.weight[kids.start:kids.stop]
        rows = tree.type_row[kids.start:kids.stop]
        return np.asarray(tree.type_prob[rows, types[TYPE_CHANCE - mover]])

    # Equilibria ------------------------------------------------------------------------------

    @cached_property
    def fallible(self) -> Equilibrium:
        """The fallible equilibrium at the board's precision."""
        from detente.equilibrium import solve

        found: Equilibrium = solve(self.tree, self.lam)
        return found

    @cached_property
    def deliberate(self) -> Equilibrium:
        """The deliberate equilibrium."""
        from detente.equilibrium import solve_deliberate

        return solve_deliberate(self.tree, self.fallible)

    @property
    def equilibrium(self) -> Equilibrium:
        """The equilibrium of the board's model."""
        return self.fallible if self.reading == "fallible" else self.deliberate

    @property
    def profile(self) -> StrategyProfile:
        """The strategies of the board's model, with the values and beliefs that follow."""
        return self.equilibrium.profile

    def strategy_of(self, reading: Reading, node: int, player: int, type: int) -> Floats:
        """Return the probability that an equilibrium gives each move of a player's menu."""
        tree, found = self.tree, self.fallible if reading == "fallible" else self.deliberate
        if int(tree.mover[node]) == JOINT:
            joint = tree.joints[node]
            return np.asarray(found.joint_pi[node][joint.players.index(player)][:, type])
        kids = tree.children(node)
        return np.asarray(found.pi[kids.start:kids.stop, type])

    def advice(self, node: int, player: int, type: int) -> Floats:
        """Return the probability that the board's equilibrium gives each move of a menu."""
        return self.strategy_of(self.reading, node, player, type)


def _act(move: Act | ActionProfile, actor: str) -> Act:
    if isinstance(move, ActionProfile):
        return next(act for act in move.acts if act.actor == actor)
    return move


def _stake(tree: PublicTree) -> float:
    """Return the stake of a tree: its own, or the largest difference in one player's payoffs."""
    if tree.stake is not None:
        return float(tree.stake)
    tables = tree.payoff if tree.joint_payoff is None else tree.joint_payoff
    return max((float(np.ptp(u)) for u in tables if u.size), default=0.0)


