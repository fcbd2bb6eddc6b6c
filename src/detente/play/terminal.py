"""A game in the terminal: it shows each seat its view, and reads moves line by line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from detente.errors import InputError
from detente.identifiers import spoken
from detente.play.beliefs import question, questions
from detente.play.briefing import briefing, payoffs
from detente.play.state import ladder, standing, turn
from detente.play.table import Table
from detente.render.numbers import percent
from detente.render.terminal import say, show_plain
from detente.scenario.labels import in_sentence

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["HELP", "Terminal", "lines"]

HELP = (
    "Answer with the number of a move or with its name. Other words: state, briefing, history, "
    "beliefs (yours by Bayes' rule), back (take the last move back), put MOVE (a facilitator's "
    "result, in a pause), quit, help."
)
LONGEST = 1000
"""Bytes of one line of input that are read; the rest of the line is left out."""


def lines() -> Callable[[], str | None]:
    """Return a function that reads the next line of standard input; None at its end."""
    raw = None if sys.stdin is None else getattr(sys.stdin, "buffer", None)

    def read() -> str | None:
        if raw is None:
            return None
        line: bytes = raw.readline(LONGEST)
        rest = line
        while len(rest) == LONGEST and not rest.endswith(b"\n"):
            rest = raw.readline(LONGEST)
        return line.decode("utf-8", "replace").strip() if line else None

    return read


class _Ended(Exception):  # noqa: N818 - it is no error
    """The input has ended, or the player leaves."""


class Terminal:
    """Plays a table's game with the persons at one terminal.

    Parameters
    ----------
    table
        The game.
    out
        Where text goes.
    read
        Returns the next line; None at the end of the input.
    elicit
        Ask for a belief about each other principal's type before each own move.
    hot
        Whether persons share the screen, so that it is handed over between their turns.
    """

    def __init__(
        self, table: Table, out: Console, read: Callable[[], str | None], *, elicit: bool = False,
        hot: bool = False,
    ) -> None:
        self.table, self.board, self.out, self.read = table, table.board, out, read
        self.elicit, self.hot = elicit, hot
        self._told = 0
        self._at: str = ""
        self._briefed: set[str] = set()
        self.left = False
        """Whether the player ended the game with ``quit``."""

    def say(self, text: str = "", style: str = "", indent: str = "") -> None:
        """Print a text."""
        say(text, style, indent=indent, console=self.out)

    def play(self) -> bool:
        """Play until the crisis ends; return False if the input ended before."""
        try:
            while not self.table.over:
                self._news()
                if self.table.waiting:
                    self._turn(self.table.waiting[0])
                else:
                    self._pause()
            self._news()
        except _Ended:
            return False
        return True

    # Parts of the screen ---------------------------------------------------------------------

    def _news(self) -> None:
        """Print the moves since the last print."""
        steps = self.table.steps
        self._told = min(self._told, len(steps))
        for step in steps[self._told:]:
            move = self.board.tree.move_into(step.child)
            self.say(f"  > {move.words(self.board.titles)}", indent="    ")
        self._told = len(steps)

    def _state(self) -> None:
        node = self.table.node
        drawn = ladder(self.board, node)
        if drawn is not None:
            self.say()
            show_plain(drawn, self.out)
        said = " ".join(x for x in (turn(self.board, node), standing(self.board, node)) if x)
        if said:
            self.say(said)

    def _briefing(self, actor: str) -> None:
        made = briefing(self.board, actor, self.table.types[actor])
        self.say()
        self.say(f"Briefing for {in_sentence(self.board.title(actor))}", "bold")
        for title, sentences in made.sections:
            self.say()
            self.say(title, "underline")
            for sentence in sentences:
                self.say(f"- {sentence}", indent="  ")
        self.say()
        show_plain(payoffs(self.board, actor, self.table.types[actor]), self.out)

    def _turn(self, actor: str) -> None:
        if self.hot and actor != self._at and self._at:
            self.say()
            self.say(f"Hand the screen to {in_sentence(self.board.title(actor))}, then press "
                     "Enter.")
            self._line("")
        self._at = actor
        if actor not in self._briefed:
            self._briefed.add(actor)
            self._briefing(actor)
        self._state()
        at = self._place
        if self.elicit:
            self._ask(actor)
        if self._place == at:
            self._menu(actor)
        while self._place == at and actor in self.table.waiting:
            self._answer(actor)

    @property
    def _place(self) -> tuple[int, int]:
        """The node and the number of steps; ``back`` changes it as a move does."""
        return self.table.node, len(self.table.steps)

    def _menu(self, actor: str) -> None:
        self.say()
        self.say(f"{self.board.title(actor)}, choose:", "bold")
        for k, act in enumerate(self.table.legal(actor), 1):
            self.say(f"  {k:>2}  {act.deed(self.board.titles)}", indent="      ")

    def _answer(self, actor: str) -> None:
        line = self._line(f"{self.board.title(actor)}> ")
        word, _, rest = line.partition(" ")
        try:
            if line.lower() in ("", "help", "?"):
                self.say(HELP)
            elif line.isascii() and line.isdigit():
                self.table.act(actor, int(line[:6]) - 1)
            elif any(spoken(act.deed(self.board.titles)) == spoken(line)
                     for act in self.table.legal(actor)):
                self.table.act(actor, line)
            elif self._obeys(line.lower(), actor):
                if line.lower() in ("state", "briefing"):
                    self._menu(actor)
            elif line.lower() == "beliefs":
                self._beliefs(actor)
            elif word.lower() == "put":
                if not self.table.paused:
                    raise InputError("put is a facilitator's word, and the game has no pause",
                                     expected="the move alone")
                self.table.put(rest, actor)
            else:
                self.table.act(actor, line)
        except InputError as wrong:
            self.say(str(wrong))

    def _obeys(self, word: str, actor: str) -> bool:
        """Obey a word that every question to a player takes; return False if it is another."""
        if word == "state":
            self._state()
        elif word == "briefing":
            self._briefing(actor)
        elif word == "history":
            self._history()
        elif word == "back":
            self._back()
        elif word == "quit":
            self.left = True
            raise _Ended
        else:
            return False
        return True

    def _pause(self) -> None:
        """Let the facilitator decide on what chance or machines do next."""
        table = self.table
        who = " and ".join(map(self.board.title, table.movers)) or "chance"
        self.say()
        self.say(f"Pause. Next: {who}. Enter lets it happen; put MOVE puts another result; "
                 "go ends the pause.")
        shown = [act.deed(self.board.titles) for name in table.movers
                 for act in table.legal(name)] or [
            self.board.tree.move_into(c).deed(self.board.titles)
            for c in self.board.tree.children(table.node)]
        self.say(f"Possible: {'; '.join(shown)}.")
        line = self._line("Facilitator> ")
        word, _, rest = line.partition(" ")
        try:
            if line == "":
                table.step()
            elif line.lower() == "go":
                table.resume()
            elif line.lower() == "back":
                self._back()
            elif line.lower() == "quit":
                self.left = True
                raise _Ended
            elif word.lower() == "put":
                table.put(rest, self._mover_of(rest))
            else:
                self.say("This is a pause. Answer with Enter, put MOVE, go, back or quit.")
        except InputError as wrong:
            self.say(str(wrong))

    def _mover_of(self, move: str) -> str:
        """Return the actor on whose menu a move stands; the first mover if none has it."""
        for name in self.table.movers:
            if any(spoken(act.deed(self.board.titles)) == spoken(move)
                   for act in self.table.legal(name)):
                return name
        return self.table.movers[0] if self.table.movers else ""

    def _back(self) -> None:
        self.table.take_back()
        self._told = len(self.table.steps)
        self.say("The last move is taken back.")

    def _history(self) -> None:
        said = self.board.tree.story(self.table.node, self.board.titles)
        for line in said or ["Nothing has happened yet."]:
            self.say(f"  {line}", indent="    ")

    def _beliefs(self, actor: str) -> None:
        seen = self.table.view(actor, beliefs=True).beliefs
        for other, belief in seen.items():
            asked = question(self.board, other)
            if asked is not None:
                self.say(f"{self.board.title(other)}, {asked.statement}: "
                         f"{percent(float(belief[asked.holds].sum()))}.")
        if not seen:
            self.say("No other actor has private information.")

    def _ask(self, actor: str) -> None:
        """Ask for the probability of a statement about each other principal."""
        at = self._place
        for asked in questions(self.board, actor):
            other = asked.about
            if self.table.log.stated(actor, other):
                continue
            while True:
                line = self._line(f"{self.board.title(other)}: how probable is it that its "
                                  f"{asked.statement}? (0 to 100 %) ")
                try:
                    if self._obeys(line.lower(), actor):
                        if self._place != at:
                            return
                        continue
                    self.table.believe(actor, other, asked.statement, _percentage(line))
                    break
                except InputError as wrong:
                    self.say(str(wrong))

    def _line(self, prompt: str) -> str:
        if prompt:
            self.out.file.write(prompt)
            self.out.file.flush()
        line = self.read()
        if line is None:
            if prompt:
                self.say()
            raise _Ended
        if not sys.stdin.isatty() and prompt:
            self.say(line)
        return line


def _percentage(line: str) -> float:
    """Return the probability that a line states in percent.

    Examples
    --------
    >>> _percentage("40 %"), _percentage("0.5 %")
    (0.4, 0.005)
    """
    try:
        value = float(line.replace("%", "").strip())
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise InputError(f"{line!r} is not a percentage",
                         expected="a number from 0 to 100, or a word: state, briefing, history, "
                         "back or quit")
    if 0 < value < 1 and "%" not in line:
        raise InputError(f"{line!r} may be a share or a percentage",
                         expected=f"the percentage: {100 * value:g} % or {value:g} %")
    return value / 100
