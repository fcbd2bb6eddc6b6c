"""The table at which a crisis is played: seats, moves, chance, pause and take-back.

It prints nothing. Every draw of chance and of a machine is a function of the seed and of the place,
so that the same seed and the same moves give the same game, and a move that is taken back and made
again leads to the same results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest
from detente.game.place import children_named
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE
from detente.identifiers import Act, spoken
from detente.play.board import Board
from detente.play.draws import DRAW, MEMORY, TYPES, drawn, generator
from detente.play.log import Log
from detente.play.record import event_of
from detente.play.seats import (
    BY_CHANCE,
    FACILITATOR,
    MACHINE,
    PERSON,
    Seat,
    Step,
    machine,
)
from detente.play.standing import Standing
from detente.play.strategies import load
from detente.play.strategies.base import Turn, ready

if TYPE_CHECKING:
    from detente.arrays import Floats
    from detente.play.strategies.base import Strategy

__all__ = ["Table"]


class Table(Standing):
    """A game in progress.

    Parameters
    ----------
    board
        The game.
    seats
        Who plays for each actor. A machine that plays the fallible equilibrium has every seat that
        is left out.
    seed
        Decides the types that are not given, chance, and the draws of machines.
    types
        The types that are given, by actor, as positions among the actor's types.
    paused
        Chance and machines wait for `step`, so that a facilitator can put another result.
    log
        Receives every event; see `detente.play.log`.
    steps
        Steps that were made already, as in the log of a stopped game; see `detente.play.resume`.

    Raises
    ------
    InputError
        An actor, a strategy or a type does not exist; or a step does not follow from the seed.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1, "b": 1}, decide("a", {"out": end("out", b=2), "in": decide("b", {
    ...     "fight": end("war", a=-1, b=-1), "share": end("shared", a=1, b=1)})}))
    >>> from detente.play.seats import person
    >>> table = Table(Board(game), {"a": person()}, seed=3)
    >>> [act.deed() for act in table.view("a").menu]
    ['out', 'in']
    >>> table.act("a", "in")
    >>> table.over, str(table.outcome), table.payoff("a")
    (True, 'shared', 1.0)
    """

    def __init__(
        self, board: Board, seats: Mapping[str, Seat], *, seed: int = 0,
        types: Mapping[str, int] | None = None, paused: bool = False, log: Log | None = None,
        steps: Sequence[Step] = (),
    ) -> None:
        self.board, self.seed, self.paused = board, seed, paused
        players = board.tree.players
        given = {players[board.player(name)]: seat for name, seat in seats.items()}
        self.seats = {name: given.get(name, machine()) for name in players}
        stated = {players[board.player(k)]: v for k, v in (types or {}).items()}
        self.types = self._types(stated)
        self.steps: list[Step] = []
        self.closed = False
        self._pending: dict[str, tuple[int, str]] = {}
        self._machines: dict[str, Strategy] = {}
        self._begin_machines()
        for step in steps:
            self._repeat(step)
        self.log = log if log is not None else Log()
        if not self.log.events:
            self.log.begin(board, {k: s.as_dict() for k, s in self.seats.items()}, seed,
                           self.types, drawn=[k for k in players if k not in stated],
                           paused=paused)
        self.advance()

    def __repr__(self) -> str:
        state = f"ended: {self.outcome}" if self.over else f"turn of {', '.join(self.movers)}"
        return f"<Table {self.board.case or 'by hand'}: {len(self.steps)} steps, {state}>"

    # Moves -----------------------------------------------------------------------------------

    def act(self, actor: str, move: int | str | Act) -> None:
        """Make a person's move, then let chance and machines go on.

        Parameters
        ----------
        actor
            Whose move.
        move
            The position on its menu, the move itself, or its name.

        Raises
        ------
        InputError
            The seat is a machine's, it is not its turn, or the menu has no such move.
        """
        name = self.board.tree.players[self.board.player(actor)]
        if self.seats[name].strategy is not None:
            raise InputError(
                f"a machine plays {self.board.title(name)}",
                expected="a move of " + (" or ".join(map(self.board.title, self.persons)) or
                                         "no one; take a seat with --as"))
        self._choose(name, self._position(name, move), PERSON)
        self.advance()

    def put(self, move: str, actor: str = "") -> None:
        """Put a move or a result of chance, as a facilitator does, in the place of what would come.

        Parameters
        ----------
        move
            The name of a move at this place.
        actor
            Whose move; empty for chance.

        Raises
        ------
        InputError
            It is not its turn, or the menu has no such move.
        """
        self._open()
        if actor:
            name = self.board.tree.players[self.board.player(actor)]
            self._choose(name, self._position(name, move), FACILITATOR)
        else:
            child = children_named(self.board.tree, self.node, move, "", self.board.titles)[0]
            self._go(child, {"": FACILITATOR})
        if not self.paused:
            self.advance()

    def advance(self) -> None:
        """Let chance and machines go on until a person must choose or the crisis ends."""
        while not self.paused and self.step():
            pass

    def step(self) -> bool:
        """Let chance or machines make one step; return whether there was one to make."""
        if self.over or self.closed or self.waiting:
            return False
        board, node = self.board, self.node
        mover = int(board.tree.mover[node])
        if mover == CHANCE or mover <= TYPE_CHANCE:
            self._go(self._chance(node), {"": BY_CHANCE})
            return True
        for name in self.movers:
            if name not in self._pending:
                i = board.player(name)
                self._pending[name] = (self._draw(self._mix(name, node), node, i), MACHINE)
        self._finish()
        return True

    def resume(self) -> None:
        """End a facilitator's pause, and go on."""
        self.paused = False
        self.log.tell({"event": "resume"})
        self.advance()

    def pause(self) -> None:
        """Make chance and machines wait for `step`, so that a facilitator can use `put`."""
        self.paused = True
        self.log.tell({"event": "pause"})

    def take_back(self) -> None:
        """Go back to the last place where a person or the facilitator chose.

        A choice that waits for others is withdrawn first. If there are no persons, one step is
        taken back.

        Raises
        ------
        InputError
            There is nothing to take back, or the types have been revealed.
        """
        self._open()
        if self._pending:
            self._pending.clear()
            return
        by_hand = [k for k, step in enumerate(self.steps)
                   if {PERSON, FACILITATOR} & set(step.by.values())]
        if not by_hand and (self.persons or not self.steps):
            raise InputError("no move has been made", expected="a move first, then a take-back")
        del self.steps[by_hand[-1] if by_hand else -1:]
        self.log.tell({"event": "take back", "to": self.node})
        self._begin_machines()

    def believe(self, actor: str, about: str, statement: str, probability: float) -> None:
        """Note the probability that a person gives to a statement about another actor's type.

        Raises
        ------
        InputError
            It is not a probability.
        """
        if not 0 <= probability <= 1:
            raise InputError(f"{probability} is not a probability",
                             expected="a number from 0 to 1, or a percentage such as 40 %")
        self.log.tell({"event": "belief", "node": self.node, "actor": actor, "about": about,
                       "statement": statement, "probability": probability})

    def close(self) -> None:
        """End the game, finished or not, and reveal the types in the log."""
        if not self.closed:
            self.closed = True
            self.log.finish(self.board, self.node)

    def leave(self) -> None:
        """Stop the game so that `detente.play.resume.resume` can go on with it from its log.

        A game that has ended, or has no file for its log, is closed.
        """
        if self.over or self.log.path is None:
            self.close()
        elif not self.closed:
            self.closed = True
            self.log.leave(self.node)

    @property
    def revealed(self) -> bool:
        """Whether the types may be shown: the game was closed."""
        return self.log.revealed

    # Inside ----------------------------------------------------------------------------------

    def _open(self) -> None:
        if self.closed:
            raise InputError("the game is closed, and its types are revealed",
                             expected="a move before the game is closed; start another game")

    def _position(self, name: str, move: int | str | Act) -> int:
        self._open()
        legal = self.legal(name)
        if not legal:
            turn = " and ".join(map(self.board.title, self.waiting or self.movers)) or "chance"
            state = "the crisis has ended" if self.over else f"it is the turn of {turn}"
            raise InputError(f"{self.board.title(name)} cannot move now: {state}",
                             expected="a move of the actor whose turn it is")
        if isinstance(move, Act) and move in legal:
            return legal.index(move)
        if isinstance(move, int):
            if 0 <= move < len(legal):
                return move
            raise InputError(f"there is no move {move + 1}",
                             expected=f"a number from 1 to {len(legal)}")
        names = [act.deed(self.board.titles) for act in legal]
        wanted = spoken(str(move))
        found = [k for k, act in enumerate(legal) if wanted and wanted in (
            spoken(names[k]), spoken(act.deed()), spoken(f"{act.verb} {act.object}"))]
        if len(found) != 1:
            raise InputError(f"no move here is called {str(move)!r}",
                             expected="a move of the menu: " + "; ".join(names),
                             nearest=nearest(str(move), names))
        return found[0]

    def _choose(self, name: str, position: int, by: str) -> None:
        self._pending[name] = (position, by)
        if set(self.movers) <= set(self._pending):
            self._finish()

    def _finish(self) -> None:
        """Make the step, now that everyone who chooses here has chosen."""
        board, tree = self.board, self.board.tree
        chosen = {board.player(k): position for k, (position, _) in self._pending.items()}
        by = {k: self._pending[k][1] for k in self.movers}
        self._pending = {}
        child = board.child(self.node, chosen) if int(tree.mover[self.node]) == JOINT else (
            int(tree.first[self.node]) + next(iter(chosen.values())))
        self._go(child, by)

    def _go(self, child: int, by: Mapping[str, str]) -> None:
        node = self.node
        self.steps.append(Step(node, child, dict(by)))
        self.log.tell(event_of(self.board.tree, node, child, by))

    def _repeat(self, step: Step) -> None:
        """Make a step of the log again, if chance and machines make it with this seed."""
        board, node, child = self.board, step.node, step.child
        same = node == self.node and int(board.tree.parent[child]) == node
        for name, by in step.by.items() if same else ():
            if name in self._machines:
                i = board.player(name)
                mix = self._mix(name, node)
                same &= by != MACHINE or self._draw(mix, node, i) == board.choice(child, i)
            elif by == BY_CHANCE:
                same &= self._chance(node) == child
            else:
                same &= by != MACHINE
        if not same:
            move = board.tree.move_into(child).words(board.titles)
            raise InputError(f"chance or a machine makes another step than {move!r} here",
                             expected="the log as `detente play` wrote it, and the version of "
                             "detente that wrote it")
        self.steps.append(step)

    def _chance(self, node: int) -> int:
        """Return the node after a chance node."""
        tree = self.board.tree
        types = {i: self.types[name] for i, name in enumerate(tree.players)}
        odds = self.board.chances(node, types)
        return int(tree.first[node]) + self._draw(odds, node, len(tree.players))

    def _types(self, given: Mapping[str, int]) -> dict[str, int]:
        tree, out = self.board.tree, {}
        for i, name in enumerate(tree.players):
            drawn = int(generator(self.seed, TYPES, i).choice(tree.n_types[i], p=tree.prior[i]))
            out[name] = given.get(name, drawn)
            if not 0 <= out[name] < tree.n_types[i]:
                raise InputError(
                    f"{self.board.title(name)} has no type {out[name]}",
                    expected=f"a number from 0 to {tree.n_types[i] - 1}")
        return out

    def _begin_machines(self) -> None:
        """Let each machine begin, and see the past choices that it made, as after a take-back."""
        for i, (name, seat) in enumerate(self.seats.items()):
            if seat.strategy is not None:
                self._machines[name] = ready(
                    load(seat.strategy), generator(self.seed, MEMORY, i))
        for step in self.steps:
            for name in step.by:
                if name in self._machines and self._machines[name].memory:
                    self._mix(name, step.node)

    def _mix(self, name: str, node: int) -> Floats:
        i = self.board.player(name)
        turn = Turn(self.board, node, i, self.types[name], self.board.acts(node, i))
        return self._machines[name].probabilities(turn)

    def _draw(self, odds: Floats, node: int, player: int) -> int:
        """Draw from probabilities; the same place and player always draw the same number."""
        point = generator(self.seed, DRAW, node, player).random()
        return drawn(odds, point)
