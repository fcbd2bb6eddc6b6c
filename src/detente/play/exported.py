"""The table that oTree exported for the app of a crisis, read back as games."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from detente.errors import InputError
from detente.play.beliefs import questions
from detente.play.board import Board
from detente.play.record import Record, event_of

__all__ = ["header_of_table", "read_table"]

A_TABLE = "the table that oTree exported for the app"
_Row = tuple[int, tuple[str, ...]]


def read_table(path: str | os.PathLike[str], board: Board) -> list[Record]:
    """Read the games in the table that oTree exported for the app.

    Parameters
    ----------
    path
        ``crisis.csv``, from ``otree test crisis --export`` or from oTree's page of data.
    board
        The game.

    Raises
    ------
    InputError
        The file is not such a table, or a game does not fit the tree.
    """
    from detente.tables.text import read_table as table_of

    table = table_of(path)
    where = {name: k for k, name in enumerate(table.names)}
    wanted = ("participant.code", "session.code", "player.actor", "group.path", "group.types",
              "group.over", "group.seed", "group.id_in_subsession", "subsession.file_sha256")
    for name in wanted:
        if name not in where:
            raise InputError(f"the table has no column {name!r}", file=str(path), line=1,
                             expected=A_TABLE)
    games: dict[tuple[str, str], list[_Row]] = {}
    stated: dict[tuple[str, str], list[_Row]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        key = (row[where["session.code"]], row[where["group.id_in_subsession"]])
        if row[where["group.over"]] in ("1", "True", "true"):
            games.setdefault(key, []).append((line, row))
        stated.setdefault(key, []).append((line, row))
    return [_record(board, str(path), where, rows, stated[key]) for key, rows in games.items()]


def header_of_table(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the case, the hash and the model that an exported table names.

    Raises
    ------
    InputError
        The file is not such a table, or it has no row.
    """
    from detente.tables.text import read_table as table_of

    table = table_of(path)
    parts = ("case", "file_sha256", "reading", "precision")
    where = {name: k for k, name in enumerate(table.names)}
    if not table.rows or any(f"subsession.{p}" not in where for p in parts):
        raise InputError("the table is not one of the app", file=str(path), line=1,
                         expected=A_TABLE)
    found: dict[str, Any] = {p: table.rows[0][where[f"subsession.{p}"]] for p in parts}
    try:
        found["lambda"] = float(found.pop("precision"))
    except ValueError:
        raise InputError("the table states no precision", file=str(path),
                         expected=A_TABLE) from None
    return found


def _stated(
    board: Board, file: str, where: Mapping[str, int], rows: Sequence[_Row],
    places: Collection[int],
) -> list[dict[str, Any]]:
    """Return the beliefs that were stated at the places of a game, as events of a log."""
    out = []
    for line, row in rows:
        actor = row[where["player.actor"]]
        for k, asked in enumerate(questions(board, actor), 1):
            said = row[where[f"player.belief_{k}"]] if f"player.belief_{k}" in where else ""
            if not said:
                continue
            try:
                node, p = int(row[where["player.node"]]), float(said) / 100
            except (KeyError, ValueError):
                node, p = -1, -1.0
            if node not in places and p >= 0:
                continue  # the game stopped before the move
            if not 0 <= p <= 1:
                raise InputError(f"{said!r} is not a percentage", file=file, line=line,
                                 expected="a number from 0 to 100, as oTree exported it")
            out.append({"event": "belief", "node": node, "actor": actor, "about": asked.about,
                        "statement": asked.statement, "probability": p})
    return out


def _record(
    board: Board, file: str, where: Mapping[str, int], rows: Sequence[_Row],
    all_rows: Sequence[_Row],
) -> Record:
    tree, (line, first) = board.tree, rows[0]
    try:
        path = _whole(first[where["group.path"]])
        types = _whole(first[where["group.types"]] or "[]")
        seed = int(first[where["group.seed"]])
    except (ValueError, RecursionError):
        raise InputError("the path or the types are not readable", file=file, line=line,
                         expected=A_TABLE) from None
    seats = {row[where["player.actor"]]: {"by": "person", "name": row[where["participant.code"]]}
             for _, row in rows}
    fits = len(types) == tree.n_players and len(seats) == len(rows) and (
        set(seats) <= set(tree.players)) and all(
        0 <= t < n for t, n in zip(types, tree.n_types, strict=True))
    node, steps, moves = 0, [], []
    for child in path:
        if not (0 < child < tree.n_nodes and int(tree.parent[child]) == node):
            fits = False
        if not fits:
            break
        who = board.movers(node)
        by = {n: "person" if n in seats else "machine" for n in who} or {"": "chance"}
        steps.append((node, child, by))
        moves.append(event_of(board.tree, node, child, by))
        node = child
    if not fits:
        raise InputError("the game does not exist in this case", file=file, line=line,
                         expected="the table of this case; name the file with --case")
    seats |= {n: {"by": "machine", "strategy": board.reading} for n in tree.players
              if n not in seats}
    header = {"case": board.case, "file_sha256": board.sha256, "seats": seats,
              "reading": board.reading, "lambda": board.lam}
    said = _stated(board, file, where, all_rows, {0, *path})
    return Record(file, header, tuple(steps), dict(zip(tree.players, types, strict=True)), seed,
                  tuple(said), board.over(node), tuple(moves))


def _whole(text: str) -> list[int]:
    """Return a list of whole numbers; a ValueError if the text is none."""
    found = json.loads(text)
    if not isinstance(found, list) or any(type(n) is not int for n in found):
        raise ValueError
    return found
