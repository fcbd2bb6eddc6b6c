"""A log read back: every line is checked against the game before anything is computed from it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import InputError
from detente.game.place import movers
from detente.game.tree import TERMINAL, PublicTree
from detente.identifiers import ActionProfile

if TYPE_CHECKING:
    from detente.play.board import Board

__all__ = [
    "BY", "FORMAT", "Record", "event_of", "header_of", "lines_of", "model_of",
    "read_log", "record_of", "seal",
]

FORMAT = 1
"""The version of the form of a log."""
BY = ("person", "machine", "facilitator", "chance")
"""Who may make a step."""
A_LOG = "a log that `detente play --log` wrote"
MOST_LINES = 100_000
"""A game has some dozens of steps; with take-backs and stated beliefs some hundreds of lines."""
MOST_NUMBER = 2**63
"""Numbers of a log lie below it."""


def seal(salt: str, secret: int) -> str:
    """Return the seal of a secret.

    Examples
    --------
    >>> seal("salt", 1) == seal("salt", 1), seal("salt", 1) == seal("other", 1)
    (True, False)
    """
    return hashlib.sha256(f"{salt}:{secret}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Record:
    """A game that was logged.

    Attributes
    ----------
    file : str
        The log's name.
    header : dict
        Its first line.
    path : tuple of (node, child, by)
        The steps that count, those taken back left out.
    types : dict of str to int, or None
        The types; None while they are sealed.
    seed : int or None
    beliefs : tuple of dict
        Probabilities that persons stated, at places that the game kept; at each place the last
        one about each statement.
    ended : bool
        Whether the crisis ended, rather than the game being stopped.
    paused : bool
        Whether the facilitator's pause is on.
    """

    file: str
    header: Mapping[str, Any]
    path: tuple[tuple[int, int, Mapping[str, str]], ...]
    types: Mapping[str, int] | None
    seed: int | None
    beliefs: tuple[Mapping[str, Any], ...] = ()
    ended: bool = False
    moves: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    paused: bool = False

    @property
    def node(self) -> int:
        """The last place."""
        return self.path[-1][1] if self.path else 0

    @property
    def persons(self) -> dict[str, str]:
        """The actors that persons play, and the persons' names."""
        return {k: str(s.get("name", "")) for k, s in self.header["seats"].items()
                if s.get("by") == "person"}

    def as_events(self, board: Board, start: str = "2000-01-01") -> dict[str, Any]:
        """Return the game as the contents of an events file, which ``detente follow`` reads.

        Each step is an event of the day after the one before.

        Parameters
        ----------
        board
            The game.
        start
            The day of the first event.
        """
        day = datetime.date.fromisoformat(start)
        listed: list[dict[str, Any]] = []
        for k, move in enumerate(self.moves):
            date = (day + datetime.timedelta(days=k)).isoformat()
            if move["event"] == "chance":
                listed.append({"date": date, "says": f"Chance: {move['result']}.",
                               "source": "log", "chance": str(move["result"])})
            else:
                listed += [{"date": date, "says": f"{board.title(who)}: {deed}.",
                            "source": "log", "actor": who, "move": deed}
                           for who, deed in move["acts"].items()]
        crisis = self.header["case"] if board.scenario is None else board.scenario.crisis
        return {"follows": crisis,
                "sources": [{"id": "log", "cite": f"The log of a game, {Path(self.file).name}"}],
                "events": listed}


def event_of(tree: PublicTree, node: int, child: int, by: Mapping[str, str]) -> dict[str, Any]:
    """Return the line of the log for a step."""
    move = tree.move_into(child)
    if "" in by:
        return {"event": "chance", "node": node, "to": child, "result": move.deed(),
                "by": by[""]}
    acts = move.acts if isinstance(move, ActionProfile) else (move,)
    return {"event": "move", "node": node, "to": child,
            "acts": {str(act.actor): act.deed() for act in acts}, "by": dict(by)}


def header_of(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return the first line of a log, which names the case.

    Raises
    ------
    InputError
        The file cannot be read, or it is not a log.
    """
    return _header(lines_of(path, 1), str(path))


def read_log(path: str | os.PathLike[str], tree: PublicTree) -> Record:
    """Read a log, and check it against its game.

    Raises
    ------
    InputError
        The file is not a log, a step does not exist in the game, or a seal is broken.
    """
    return record_of(lines_of(path), str(path), tree)


def lines_of(
    path: str | os.PathLike[str], most: int | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """Return the events of a log with the numbers of their lines, from 1.

    Parameters
    ----------
    path
        The log.
    most
        Return so many events at most; all of them by default.

    Raises
    ------
    InputError
        The file cannot be read, has too many lines, or a line is no event.
    """
    from detente.tables.text import read_bytes

    try:
        text = read_bytes(path).decode("utf-8-sig")
    except InputError as wrong:
        raise InputError(wrong.message, file=str(path), expected=A_LOG) from None
    except UnicodeDecodeError:
        raise InputError("the file is not text in UTF-8", file=str(path), expected=A_LOG) from None
    if text.count("\n") > MOST_LINES:
        raise InputError(f"the file has more than {MOST_LINES:,} lines", file=str(path),
                         expected=A_LOG)
    out: list[tuple[int, dict[str, Any]]] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(out) == most:
            break
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            last = number > 1 and not any(rest.strip() for rest in lines[number:])
            raise InputError(
                "the line is not JSON", file=str(path), line=number,
                expected=f"{A_LOG}; if its last line was cut off, remove that line"
                if last else A_LOG) from None
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            raise InputError("the line is not an event", file=str(path), line=number,
                             expected=A_LOG)
        out.append((number, event))
    return out


def _header(lines: Sequence[tuple[int, dict[str, Any]]], file: str) -> Mapping[str, Any]:
    first = lines[0][1] if lines else {}
    if first.get("event") != "game":
        raise InputError("the file is not the log of a game", file=file, line=1, expected=A_LOG)
    if first.get("log") != FORMAT:
        raise InputError(f"the log has the form {first.get('log')!r}", file=file, line=1,
                         expected=f"the form {FORMAT}; read it with the version that wrote it")
    for key, kind in (("case", str), ("file_sha256", str), ("seats", dict), ("sealed", dict)):
        if not isinstance(first.get(key), kind):
            raise InputError(f"the first line lacks {key!r}", file=file, line=1, expected=A_LOG)
    for name, seat in first["seats"].items():
        known = isinstance(seat, dict) and (
            (seat.get("by") == "person" and isinstance(seat.get("name", ""), str))
            or (seat.get("by") == "machine" and isinstance(seat.get("strategy"), str)))
        if not known:
            raise InputError(f"the first line does not say who plays {name!r}", file=file, line=1,
                             expected=A_LOG)
    return first


class _Reading:
    """The state of a game while the lines of its log are read in order."""

    def __init__(self, header: Mapping[str, Any], tree: PublicTree) -> None:
        self.header, self.tree = header, tree
        self.steps: list[tuple[int, int, Mapping[str, str]]] = []
        self.moves: list[dict[str, Any]] = []
        self.beliefs: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.types: dict[str, int] | None = None
        self.seed: int | None = None
        self.ended = False
        self.paused = header.get("paused") is True

    @property
    def here(self) -> int:
        return self.steps[-1][1] if self.steps else 0

    def take(self, event: dict[str, Any]) -> None:
        """Take one event; a ValueError says what is wrong with it."""
        kind = event["event"]
        if self.types is not None:
            raise ValueError("the log goes on after its end")
        if kind == "game":
            raise ValueError("another game begins here, and a file holds one game")
        if kind in ("move", "chance"):
            self._step(event)
        elif kind == "take back":
            to = _whole(event["to"])
            if to != 0 and to not in [child for _, child, _ in self.steps]:
                raise ValueError("the step does not exist in the game")
            while self.here != to:
                self.steps.pop()
                self.moves.pop()
        elif kind == "belief":
            self._belief(event)
        elif kind in ("pause", "resume"):
            self.paused = kind == "pause"
        elif kind == "end":
            if int(self.tree.mover[self.here]) != TERMINAL:
                raise ValueError("the step does not exist in the game")
            leaf = int(self.tree.leaves.searchsorted(self.here))
            outcome = str(self.tree.outcome_kinds[int(self.tree.outcome[leaf])])
            if event["outcome"] != outcome:
                raise ValueError(f"the moves end in {outcome!r}, and the line says otherwise")
            self.ended = True
        elif kind == "reveal":
            self._reveal(event)

    def _step(self, event: Mapping[str, Any]) -> None:
        tree, node, child = self.tree, _whole(event["node"]), _whole(event["to"])
        by = event["by"]
        if event["event"] == "chance":
            by = {"": by}
        if not isinstance(by, dict) or not all(b in BY for b in by.values()):
            raise ValueError("the line does not say who made the step")
        fits = node == self.here and 0 < child < tree.n_nodes and int(tree.parent[child]) == node
        if not fits or set(by) != set(movers(tree, node) or ("",)):
            raise ValueError("the step does not exist in the game")
        made = event_of(tree, node, child, by)
        if any(made[key] != event[key] for key in ("acts", "result") if key in made):
            raise ValueError("the step does not exist in the game")
        self.steps.append((node, child, by))
        self.moves.append(made)

    def _belief(self, event: dict[str, Any]) -> None:
        players, p = self.tree.players, event["probability"]
        if event["actor"] not in players or event["about"] not in players or not (
                isinstance(p, (int, float)) and not isinstance(p, bool) and 0 <= p <= 1):
            raise ValueError("the stated belief is not a probability about an actor")
        key = (_whole(event["node"]), event["actor"], event["about"], str(event["statement"]))
        self.beliefs.pop(key, None)  # at one place the last word counts
        self.beliefs[key] = event

    def _reveal(self, event: Mapping[str, Any]) -> None:
        """Take the types and the seed, if they are those that were sealed."""
        sealed = self.header["sealed"]
        types = {k: _whole(one["type"]) for k, one in event["types"].items()}
        if set(types) != set(self.tree.players) or any(
                not 0 <= types[k] < n for k, n in zip(self.tree.players, self.tree.n_types,
                                                      strict=True)):
            raise ValueError("the revealed types do not exist in the game")
        seed = _whole(event["seed"])
        if seal(event["salt"], seed) != sealed["seed"] or any(
                seal(event["types"][k]["salt"], t) != sealed["types"][k]
                for k, t in types.items()):
            raise ValueError("the revealed types or seed are not those that were sealed")
        self.types, self.seed = types, seed


def _whole(x: Any) -> int:
    if isinstance(x, bool) or not isinstance(x, int) or not -MOST_NUMBER < x < MOST_NUMBER:
        raise TypeError
    return x


def record_of(
    lines: Sequence[tuple[int, dict[str, Any]]], file: str, tree: PublicTree
) -> Record:
    """Return the game that the events of a log tell, checked against its tree.

    Raises
    ------
    InputError
        The first line is not that of a log, a step does not exist in the game, an event lacks
        something, or a seal is broken.
    """
    header = _header(lines, file)
    if set(header["seats"]) != set(tree.players):
        raise InputError("the actors differ from those of the case", file=file, line=1,
                         expected="a log of this case; name the file with --case")
    state = _Reading(header, tree)
    for number, event in lines[1:]:
        try:
            state.take(event)
        except (KeyError, TypeError, AttributeError):
            raise InputError(f"the event {event['event']!r} is incomplete", file=file,
                             line=number, expected=A_LOG) from None
        except ValueError as wrong:
            raise InputError(str(wrong), file=file, line=number,
                             expected="the log of this case, as `detente play` wrote it") from None
    kept = {0, *(child for _, child, _ in state.steps)}
    said = tuple(b for b in state.beliefs.values() if b["node"] in kept)
    return Record(file, header, tuple(state.steps), state.types, state.seed, said, state.ended,
                  tuple(state.moves), state.paused)


def model_of(header: Mapping[str, Any], file: str) -> tuple[float, str]:
    """Return the precision and the model that the first line of a log, or a table, names.

    Raises
    ------
    InputError
        It names none.
    """
    lam, reading = header.get("lambda"), header.get("reading", "fallible")
    if not isinstance(lam, (int, float)) or isinstance(lam, bool) or not isfinite(lam) or (
            not 0 <= lam <= 1e6) or reading not in ("fallible", "deliberate"):
        raise InputError("the first line states no precision or no model", file=file, line=1,
                         expected=A_LOG)
    return float(lam), reading
