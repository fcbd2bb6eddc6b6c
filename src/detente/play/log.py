"""The log of a game: one JSON document a line, the types sealed until the end.

The first line names the case with the hash of its file, the version, the seats, and the seals. A
seal is the SHA-256 hash of a random word (the salt) with the secret. The secret cannot be computed
from it without the salt, and the salt is written only when the game ends. The seed is sealed too,
because the types are drawn from it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from detente.errors import InputError, OutputError
from detente.game.tree import PublicTree
from detente.play.board import Board
from detente.version import __version__

__all__ = ["Log", "Record", "read_log", "seal"]

FORMAT = 1
"""The version of the form of a log."""


def seal(salt: str, secret: int) -> str:
    """Return the seal of a secret.

    Examples
    --------
    >>> seal("salt", 1) == seal("salt", 1), seal("salt", 1) == seal("other", 1)
    (True, False)
    """
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


class Log:
    """Collects the events of a game, and writes each to a file at once if there is one.

    Parameters
    ----------
    path
        The file; None keeps the events in `events` only.

    Raises
    ------
    OutputError
        The file cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path)
        self.events: list[dict[str, Any]] = []
        self._stream: TextIO | None = None
        self._secrets: dict[str, Any] = {}
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._stream = self.path.open("w", encoding="utf-8")
            except OSError as wrong:
                raise self._failed(wrong) from wrong

    def begin(
        self, board: Board, seats: Mapping[str, Mapping[str, str]], seed: int,
        types: Mapping[str, int], drawn: Sequence[str] = (),
    ) -> None:
        """Write the first line: the game, the seats, and the seals of the seed and the types."""
        salts = {name: secrets.token_hex(16) for name in ("", *types)}
        self._secrets = {
            "seed": seed, "salt": salts[""],
            "types": {k: {"type": t, "salt": salts[k]} for k, t in types.items()},
        }
        self.tell({
            "event": "game", "log": FORMAT, "detente": __version__, "case": board.case,
            "title": "" if board.scenario is None else board.scenario.title,
            "file_sha256": board.sha256, "reading": board.reading, "lambda": board.lam,
            "seats": {k: dict(v) for k, v in seats.items()}, "drawn": list(drawn),
            "sealed": {"seed": seal(salts[""], seed),
                       "types": {k: seal(salts[k], t) for k, t in types.items()}},
        })

    def tell(self, event: Mapping[str, Any]) -> None:
        """Add an event."""
        self.events.append(dict(event))
        if self._stream is not None:
            try:
                self._stream.write(json.dumps(event, ensure_ascii=False) + "\n")
                self._stream.flush()
            except OSError as wrong:
                raise self._failed(wrong) from wrong

    def finish(self, board: Board, node: int) -> None:
        """Write how the game ended, reveal the types and the seed, and close the file."""
        if board.over(node):
            tree = board.tree
            leaf = int(tree.leaves.searchsorted(node))
            terms = None if tree.terms is None else tree.term_kinds[int(tree.terms[leaf])]
            self.tell({"event": "end", "node": node, "outcome": str(
                tree.outcome_kinds[int(tree.outcome[leaf])]), "terms": str(terms or "")})
        else:
            self.tell({"event": "stopped", "node": node})
        kinds = {name: str(board.tree.types[k][self._secrets["types"][name]["type"]])
                 for k, name in enumerate(board.tree.players)}
        self.tell({
            "event": "reveal", "seed": self._secrets["seed"], "salt": self._secrets["salt"],
            "types": {k: {**v, "words": kinds[k]} for k, v in self._secrets["types"].items()},
        })
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def record(self, board: Board) -> Record:
        """Return the game as `read_log` would read it."""
        return _record([(k + 1, e) for k, e in enumerate(self.events)], str(self.path or "the log"),
                       board.tree)

    def _failed(self, wrong: OSError) -> OutputError:
        return OutputError(
            f"cannot write: {(wrong.strerror or str(wrong)).lower()}", file=str(self.path),
            expected="a file in a folder that you may write to, with space on its disk")


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
        Probabilities that persons stated, at places that the game kept.
    ended : bool
        Whether the crisis ended, rather than the game being stopped.
    """

    file: str
    header: Mapping[str, Any]
    path: tuple[tuple[int, int, Mapping[str, str]], ...]
    types: Mapping[str, int] | None
    seed: int | None
    beliefs: tuple[Mapping[str, Any], ...] = ()
    ended: bool = False
    moves: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def node(self) -> int:
        """The last place."""
        return self.path[-1][1] if self.path else 0

    @property
    def persons(self) -> dict[str, str]:
        """The actors that persons play, and the persons' names."""
        return {k: str(s.get("name", "")) for k, s in self.header["seats"].items()
                if s.get("by") == "person"}

    def as_events(self, start: str = "2000-01-01") -> dict[str, Any]:
        """Return the game as the contents of an events file, which ``detente follow`` reads.

        Each step is an event of the day after the one before.

        Parameters
        ----------
        start
            The day of the first event.
        """
        day = datetime.date.fromisoformat(start)
        listed: list[dict[str, Any]] = []
        for k, move in enumerate(self.moves):
            about = {"date": (day + datetime.timedelta(days=k)).isoformat(), "source": "log"}
            if move["event"] == "chance":
                listed.append({**about, "says": f"Chance: {move['result']}.",
                               "chance": str(move["result"])})
            else:
                listed += [{**about, "says": f"{who}: {deed}.", "actor": who, "move": deed}
                           for who, deed in move["acts"].items()]
        return {"follows": self.header["case"], "events": listed,
                "sources": [{"id": "log", "cite": f"The log of a game, {Path(self.file).name}"}]}


def header_of(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return the first line of a log, which names the case.

    Raises
    ------
    InputError
        The file cannot be read, or it is not a log.
    """
    lines = _lines(path)
    return _header(lines, str(path))


def read_log(path: str | os.PathLike[str], board: Board) -> Record:
    """Read a log, and check it against its game.

    Raises
    ------
    InputError
        The file is not a log, a step does not exist in the game, or a seal is broken.
    """
    return _record(_lines(path), str(path), board.tree)


def _lines(path: str | os.PathLike[str]) -> list[tuple[int, dict[str, Any]]]:
    from detente.tables.text import read_bytes

    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("the file is not text in UTF-8", file=str(path),
                         expected="a log that `detente play --log` wrote") from None
    out = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError("the line is not JSON", file=str(path), line=number,
                             expected="a log that `detente play --log` wrote") from None
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            raise InputError("the line is not an event", file=str(path), line=number,
                             expected="a log that `detente play --log` wrote")
        out.append((number, event))
    return out


def _header(lines: Sequence[tuple[int, dict[str, Any]]], file: str) -> Mapping[str, Any]:
    first = lines[0][1] if lines else {}
    if first.get("event") != "game":
        raise InputError("the file is not the log of a game", file=file, line=1,
                         expected="a log that `detente play --log` wrote")
    if first.get("log") != FORMAT:
        raise InputError(f"the log has the form {first.get('log')!r}", file=file, line=1,
                         expected=f"the form {FORMAT}; read it with the version that wrote it")
    for key, kind in (("case", str), ("file_sha256", str), ("seats", dict), ("sealed", dict)):
        if not isinstance(first.get(key), kind):
            raise InputError(f"the first line lacks {key!r}", file=file, line=1,
                             expected="a log that `detente play --log` wrote")
    return first


def _record(
    lines: Sequence[tuple[int, dict[str, Any]]], file: str, tree: PublicTree
) -> Record:
    header = _header(lines, file)
    steps: list[tuple[int, int, Mapping[str, str]]] = []
    moves: list[dict[str, Any]] = []
    beliefs: list[dict[str, Any]] = []
    types: dict[str, int] | None = None
    seed: int | None = None
    ended = False
    for number, event in lines[1:]:
        kind, here = event["event"], steps[-1][1] if steps else 0
        try:
            if kind in ("move", "chance"):
                node, child = int(event["node"]), int(event["to"])
                if node != here or not 0 < child < tree.n_nodes or int(tree.parent[child]) != node:
                    raise InputError("the step does not exist in the game", file=file, line=number,
                                     expected="a log of this case; name the file with --case")
                by = {"": str(event["by"])} if kind == "chance" else dict(event["by"])
                steps.append((node, child, by))
                moves.append(event)
            elif kind == "take back":
                while steps and steps[-1][1] != int(event["to"]):
                    steps.pop()
                    moves.pop()
            elif kind == "belief":
                beliefs.append(event)
            elif kind == "end":
                ended = True
            elif kind == "reveal":
                types, seed = _revealed(event, header["sealed"], file, number), int(event["seed"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError(f"the event {kind!r} is incomplete", file=file, line=number,
                             expected="a log that `detente play --log` wrote") from None
    kept = {0, *(child for _, child, _ in steps)}
    said = tuple(b for b in beliefs if b.get("node") in kept)
    return Record(file, header, tuple(steps), types, seed, said, ended, tuple(moves))


def _revealed(
    event: Mapping[str, Any], sealed: Mapping[str, Any], file: str, line: int
) -> dict[str, int]:
    """Return the types that are revealed, if they are those that were sealed."""
    types = {k: int(one["type"]) for k, one in event["types"].items()}
    broken = [k for k, t in types.items() if seal(event["types"][k]["salt"], t)
              != sealed["types"][k]]
    if broken or seal(event["salt"], int(event["seed"])) != sealed["seed"]:
        raise InputError("what is revealed is not what was sealed", file=file, line=line,
                         expected="the log as `detente play` wrote it")
    return types
