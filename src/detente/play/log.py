"""The log of a game: one JSON document per line, the types sealed until the end.

The first line names the case with the hash of its file, the version, the seats, and the seals. A
seal is the SHA-256 hash of a random word (the salt) with the secret. The secret cannot be computed
from it without the salt, and the salt is written only when the game ends. The seed is sealed too,
because the types are drawn from it.

The seed, the types and the salts of a game that has not ended stand in a file beside the log, the
key. A stopped game is resumed with it. It is removed at the end of the game.
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from detente.errors import InputError, OutputError
from detente.lock import taken
from detente.play.board import Board
from detente.play.record import FORMAT, Record, record_of, seal
from detente.version import __version__

__all__ = ["Log", "key_of", "read_key"]

END = ".key"


def key_of(path: str | os.PathLike[str]) -> Path:
    """Return the name of the key of a log.

    Examples
    --------
    >>> key_of("games/one.jsonl").name
    'one.jsonl.key'
    """
    return Path(f"{os.fspath(path)}{END}")


class Log:
    """Collects the events of a game, and writes each to a file at once if there is one.

    Parameters
    ----------
    path
        The file; None keeps the events in `events` only.
    events
        The events that the file holds already, if its game is resumed.
    key
        The secrets of that game.
    about
        More entries of the first line.

    Raises
    ------
    InputError
        Another game is writing to the file.
    OutputError
        The file cannot be written.
    """

    def __init__(
        self, path: str | os.PathLike[str] | None = None, *,
        events: Sequence[Mapping[str, Any]] = (), key: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = None if path is None else Path(path)
        self.events: list[dict[str, Any]] = [dict(e) for e in events]
        self.about = dict(about or {})
        self.revealed = False
        self._stream: io.FileIO | None = None
        self._secrets: dict[str, Any] = dict(key or {})
        if self.path is not None:
            self._open(self.path)

    def _open(self, path: Path) -> None:
        try:
            if not self.events:
                path.parent.mkdir(parents=True, exist_ok=True)
            stream = io.FileIO(path, "a")
        except OSError as wrong:
            self._fail(wrong)
        if not taken(stream.fileno()):
            stream.close()
            raise InputError("another game is writing to this log", file=str(path),
                             expected="another name; or end the other game first")
        self._stream = stream
        if not self.events:
            stream.truncate(0)

    def begin(
        self, board: Board, seats: Mapping[str, Mapping[str, str]], seed: int,
        types: Mapping[str, int], drawn: Sequence[str] = (), *, paused: bool = False,
    ) -> None:
        """Write the key, then the first line: the game, the seats, and the seals."""
        salts = {name: secrets.token_hex(16) for name in ("", *types)}
        self._secrets = {
            "seed": seed, "salt": salts[""],
            "types": {k: {"type": t, "salt": salts[k]} for k, t in types.items()},
        }
        if self.path is not None:
            self._write_key(self.path)
        self.tell({
            "event": "game", "log": FORMAT, "detente": __version__, "case": board.case,
            "title": "" if board.scenario is None else board.scenario.title,
            "file_sha256": board.sha256, "reading": board.reading, "lambda": board.lam,
            "seats": {k: dict(v) for k, v in seats.items()}, "drawn": list(drawn),
            "paused": paused, **self.about,
            "sealed": {"seed": seal(salts[""], seed),
                       "types": {k: seal(salts[k], t) for k, t in types.items()}},
        })

    def tell(self, event: Mapping[str, Any]) -> None:
        """Add an event.

        Raises
        ------
        OutputError
            It cannot be written. The file keeps its other lines whole.
        """
        self.events.append(dict(event))
        if self._stream is None:
            return
        line = (json.dumps(event, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape")
        before = os.fstat(self._stream.fileno()).st_size
        try:
            while line:
                line = line[self._stream.write(line):]
        except OSError as wrong:
            with suppress(OSError):
                self._stream.truncate(before)
            self._fail(wrong)

    def stated(self, actor: str, about: str) -> bool:
        """Return whether an actor stated a belief about another one since the last step."""
        for event in reversed(self.events):
            if event["event"] == "belief" and (event["actor"], event["about"]) == (actor, about):
                return True
            if event["event"] in ("move", "chance", "take back"):
                return False
        return False

    def leave(self, node: int) -> None:
        """Note that the game was stopped, and close the file; the key stays beside it."""
        self.tell({"event": "stopped", "node": node})
        self.shut()

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
        self.revealed = True
        self.shut()
        if self.path is not None:
            with suppress(OSError):
                key_of(self.path).unlink()

    def record(self, board: Board) -> Record:
        """Return the game as `read_log` would read it."""
        return record_of([(k + 1, e) for k, e in enumerate(self.events)],
                         str(self.path or "the log"), board.tree)

    def shut(self) -> None:
        """Close the file without an event."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _write_key(self, path: Path) -> None:
        """Write the secrets in base64, so that a glance at the file does not show a type."""
        data = base64.b64encode(json.dumps(self._secrets).encode()) + b"\n"
        try:
            handle = os.open(key_of(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                os.write(handle, data)
            finally:
                os.close(handle)
        except OSError as wrong:
            self._fail(wrong)

    def _fail(self, wrong: OSError) -> NoReturn:
        raise OutputError(
            f"cannot write: {(wrong.strerror or str(wrong)).lower()}", file=str(self.path),
            expected="a file in a folder that you may write to, with space on its disk",
        ) from wrong


def read_key(path: str | os.PathLike[str], header: Mapping[str, Any]) -> dict[str, Any]:
    """Return the secrets of a game that has not ended, from the key of its log.

    Parameters
    ----------
    path
        The log.
    header
        Its first line.

    Raises
    ------
    InputError
        There is no key, or it is not that of this log.
    """
    place = key_of(path)
    expected = f"the file {place.name} that `detente play --log` wrote beside the log"
    try:
        with place.open("rb") as stream:
            found = json.loads(base64.b64decode(stream.read(1_000_000), validate=False))
    except OSError:
        raise InputError("the key of the log is not there, so its game cannot be resumed",
                         file=str(place), expected=expected) from None
    except (ValueError, RecursionError):
        raise InputError("the file is not the key of a log", file=str(place),
                         expected=expected) from None
    sealed = header["sealed"]
    try:
        fits = seal(found["salt"], found["seed"]) == sealed["seed"] and (
            {k: seal(v["salt"], v["type"]) for k, v in found["types"].items()} == sealed["types"])
    except (KeyError, TypeError, AttributeError):
        fits = False
    if not fits or not isinstance(found, dict):
        raise InputError("the key is that of another game", file=str(place), expected=expected)
    return found
