"""Read Gambit ``.efg`` files.

The grammar is Gambit's (EFG 2): a head with title, players and an optional comment, then the nodes
depth first, each ``c`` (chance), ``p`` (a player's) or ``t`` (the end). White space is not
significant. An information set or outcome is described at its first use. A later use repeats the
description or gives only the number. Errors name the line and the column.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from detente.errors import InputError, SizeError
from detente.game.efg_tokens import Reader
from detente.game.exact import nearest_double
from detente.game.extensive import MAX_NODES, ExtensiveGame

__all__ = ["MAX_BYTES", "parse_efg", "read_efg"]

MAX_BYTES = 64 * 2**20
"""Largest file read."""
MAX_CELLS = 5_000_000
"""Most nodes times players accepted. A small file can repeat one outcome of many players at many
nodes, and the arrays of a game have a number for each node and player."""
MAX_PLAYERS = 1_000
"""Most players accepted."""
CHANCE_SLACK = 1e-5
"""Tolerance on a sum of chances (thirds written as 0.333333), which are then rescaled."""
LEAST_CHANCE = 1e-300
"""Smallest chance above 0."""


class _Builder:
    """The part of the game that has been read."""

    def __init__(self, reader: Reader, players: tuple[str, ...]) -> None:
        self.r, self.players = reader, players
        self.parent: list[int] = []
        self.move: list[int] = []
        self.infoset: list[int] = []
        self.outcome: list[int] = []
        self.node_label: list[str] = []
        self.node_at: list[int] = []
        self.sets: dict[tuple[int, int], int] = {}
        self.set_label: list[str] = []
        self.set_first: list[int] = [0]
        self.move_label: list[str] = []
        self.chance: list[Fraction] = []
        self.chance_text: list[str] = []
        self.outcomes: dict[int, int] = {}
        self.outcome_label: list[str] = []
        self.payoff: list[tuple[Fraction, ...]] = []
        self.payoff_text: list[tuple[str, ...]] = []

    def node(self, parent: int, move: int) -> int:
        """Read one node; return how many children must follow it."""
        r = self.r
        kind = r.take("word", "a node, which starts with c, p or t")
        if kind.text not in ("c", "p", "t"):
            raise r.error(f"found {kind.text[:30]}", kind.at, "a node, which starts with c, p or t")
        k = len(self.parent)
        if k >= MAX_NODES or (k + 1) * len(self.players) > MAX_CELLS:
            raise self.too_large(kind.at)
        self.parent.append(parent)
        self.move.append(move)
        self.node_at.append(kind.at)
        self.node_label.append(r.text("the node's name in quotes"))
        h = -1
        if kind.text == "c":
            h = self.information_set(-1)
        elif kind.text == "p":
            who = r.whole(f"a player's number, 1 to {len(self.players)}", 1)
            if who > len(self.players):
                raise r.error(
                    f"player {who} of a game with {len(self.players)}", kind.at,
                    f"a number from 1 to {len(self.players)}",
                )
            h = self.information_set(who - 1)
        self.infoset.append(h)
        self.outcome.append(self.attached())
        return 0 if h < 0 else self.set_first[h + 1] - self.set_first[h]

    def too_large(self, at: int) -> SizeError:
        where = self.r.error("", at)
        return SizeError(
            f"more than {len(self.parent):,} nodes", file=where.file, line=where.line,
            column=where.column,
            expected=f"at most {MAX_NODES:,} nodes, and {MAX_CELLS:,} nodes times players",
        )

    def information_set(self, player: int) -> int:
        r = self.r
        number = r.whole("the number of the information set, 1 or more", 1)
        at = r.now.at
        key = (player, number)
        h = self.sets.get(key)
        if not r.at("text") and not r.at("brace", "{"):
            if h is None:
                whose = f"of player {player + 1}" if player >= 0 else "of chance"
                raise r.error(
                    f"information set {number} {whose} has not been described yet",
                    expected="its name and moves, which its first node must give",
                )
            return h
        label = r.text("the information set's name") if r.at("text") else None
        if not r.at("brace", "{") and h is not None:
            if label != self.set_label[h]:
                raise self.unlike(number, "name", at)
            return h
        moves, chances, written = self.moves(player < 0)
        if h is None:
            h = self.sets[key] = len(self.set_label)
            self.set_label.append(label or "")
            self.move_label += moves
            self.chance += chances
            self.chance_text += written
            self.set_first.append(len(self.move_label))
            return h
        old = slice(self.set_first[h], self.set_first[h + 1])
        if label is not None and label != self.set_label[h]:
            raise self.unlike(number, "name", at)
        if len(moves) != old.stop - old.start:
            raise self.unlike(number, "number of moves", at)
        if moves != self.move_label[old]:
            raise self.unlike(number, "moves", at)
        if chances != self.chance[old]:
            raise self.unlike(number, "chances", at)
        return h

    def unlike(self, number: int, what: str, at: int) -> InputError:
        return self.r.error(
            f"information set {number} was described before with another {what}"
            if what != "moves" and what != "chances"
            else f"information set {number} was described before with other {what}",
            at, "the same again, or the number alone",
        )

    def moves(self, chance: bool) -> tuple[list[str], list[Fraction], list[str]]:
        r = self.r
        opened = r.take("brace", "the moves in braces", "{").at
        labels: list[str] = []
        chances: list[Fraction] = []
        written: list[str] = []
        while not r.at("brace", "}"):
            labels.append(r.text("a move's name in quotes, or }"))
            value, text = Fraction(0), "0"
            if chance:
                value, text, at = r.number("the move's probability")
                if not 0 <= value <= 1 or 0 < value < LEAST_CHANCE:
                    raise r.error(f"a probability of {text[:30]}", at,
                                  f"0, or a number from {LEAST_CHANCE:g} to 1")
            chances.append(value)
            written.append(text)
            if r.at("comma"):
                r.take("comma", ",")
        r.take("brace", "}", "}")
        if not labels:
            raise r.error("a set without moves", opened, "at least one move")
        if not chance:
            return labels, chances, written
        total = sum(chances, Fraction(0))
        if not abs(total - 1) <= CHANCE_SLACK:
            raise r.error(f"the chances add up to {nearest_double(total):.10g}", opened,
                          "a total of 1")
        if total != 1:
            chances = [c / total for c in chances]
        return labels, chances, written

    def attached(self) -> int:
        """Read the outcome at the end of a node's entry."""
        r = self.r
        at = r.now.at
        number = r.whole("the outcome's number, 0 for none", 0)
        label = r.text("the outcome's name") if r.at("text") else None
        if not r.at("brace", "{"):
            if number == 0 and label is None:
                return -1
            k = self.outcomes.get(number)
            if k is None:
                raise r.error(
                    f"outcome {number} has not been described yet", at if label is None else None,
                    "its payoffs, which its first use must give",
                )
            if label is not None and label != self.outcome_label[k]:
                raise r.error(f"outcome {number} had another name before", at, "the same name")
            return k
        if number == 0:
            raise r.error("outcome 0 means none and has no payoffs", at, "a number from 1")
        values, written = self.payoffs()
        k = self.outcomes.get(number)
        if k is None:
            k = self.outcomes[number] = len(self.payoff)
            self.outcome_label.append(label or "")
            self.payoff.append(values)
            self.payoff_text.append(written)
        elif values != self.payoff[k]:
            raise r.error(f"outcome {number} had other payoffs before", at, "the same payoffs")
        elif label is not None and label != self.outcome_label[k]:
            raise r.error(f"outcome {number} had another name before", at, "the same name")
        return k

    def payoffs(self) -> tuple[tuple[Fraction, ...], tuple[str, ...]]:
        r, n = self.r, len(self.players)
        expected = f"{n} in all, one for each player"
        r.take("brace", "the payoffs in braces", "{")
        values, written = [], []
        for _ in range(n):
            if r.at("brace", "}"):
                raise r.error("fewer payoffs than players", expected=expected)
            value, text, _ = r.number(expected)
            values.append(value)
            written.append(text)
            if r.at("comma"):
                r.take("comma", ",")
        if r.at("number"):
            raise r.error("more payoffs than players", expected=expected)
        r.take("brace", "} after the payoffs", "}")
        return tuple(values), tuple(written)


def parse_efg(text: str, file: str | None = None) -> ExtensiveGame:
    """Read a game from the text of an ``.efg`` file.

    Parameters
    ----------
    text
        The whole file.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        Anything malformed, inconsistent or without perfect recall, with line and column.
    SizeError
        More nodes than `MAX_NODES`.

    Examples
    --------
    >>> parse_efg('EFG 2 R "t" { "A" } t "" 1 "" { 1 2 }', "t.efg")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: t.efg:1:35: more payoffs than players; expected 1 in all, ...
    """
    r = Reader(text.removeprefix("\ufeff"), file)
    head = "a Gambit extensive game, which starts with EFG 2 R"
    r.take("word", head, "EFG")
    r.take("number", head, "2")
    if not (r.at("word", "R") or r.at("word", "D")):
        raise r.error(r.shown(), expected="R or D after EFG 2")
    r.take("word", head)
    title = r.text("the game's title in quotes")
    opened = r.take("brace", "the players' names in braces", "{").at
    players = []
    while r.at("text"):
        players.append(r.text("a player's name"))
        if len(players) > MAX_PLAYERS:
            raise r.error(f"more than {MAX_PLAYERS:,} players", expected="fewer players")
    r.take("brace", "a player's name in quotes, or }", "}")
    if not players:
        raise r.error("a game without players", opened, "at least one name")
    comment = r.text("a comment") if r.at("text") else ""

    built = _Builder(r, tuple(players))
    open_nodes: list[tuple[int, int, int]] = []  # node, next move, one past its last move
    count = built.node(-1, -1)
    if count:
        h = built.infoset[0]
        open_nodes.append((0, built.set_first[h], built.set_first[h + 1]))
    while open_nodes:
        node, move, stop = open_nodes.pop()
        if r.at("end"):
            raise r.error(
                f"the file ends after {len(built.parent)} nodes while node {node + 1} still lacks "
                f"{stop - move} of its {stop - built.set_first[built.infoset[node]]} moves",
                expected="the nodes that follow those moves",
            )
        if move + 1 < stop:
            open_nodes.append((node, move + 1, stop))
        k = len(built.parent)
        if built.node(node, move):
            h = built.infoset[k]
            open_nodes.append((k, built.set_first[h], built.set_first[h + 1]))
    if not r.at("end"):
        raise r.error(f"{r.shown()} after the last node", expected="the end of the file")
    return _finish(built, title, comment)


def _finish(b: _Builder, title: str, comment: str) -> ExtensiveGame:
    keys = list(b.sets)
    player = np.array([k[0] for k in keys], dtype=np.int64)
    first = np.array(b.set_first, dtype=np.int64)
    sizes = np.diff(first)
    chance = np.array([nearest_double(c) for c in b.chance], dtype=float)
    weight = np.where(np.repeat(player, sizes) >= 0, 1.0 / np.repeat(sizes, sizes), 1.0)
    game = ExtensiveGame(
        title=title, comment=comment, players=b.players,
        parent=np.array(b.parent, dtype=np.int64), move=np.array(b.move, dtype=np.int64),
        infoset=np.array(b.infoset, dtype=np.int64), set_player=player, set_first=first,
        set_label=tuple(b.set_label), set_number=np.array([k[1] for k in keys], dtype=np.int64),
        move_label=tuple(b.move_label), chance=chance, weight=weight,
        outcome=np.array(b.outcome, dtype=np.int64), outcome_label=tuple(b.outcome_label),
        outcome_number=np.array(list(b.outcomes), dtype=np.int64),
        outcome_payoff=np.array([[nearest_double(u) for u in row] for row in b.payoff],
                                dtype=float).reshape(-1, len(b.players)),
        node_label=tuple(b.node_label), chance_text=tuple(b.chance_text),
        payoff_text=tuple(b.payoff_text),
    )
    forgotten = game.forgetful_set()
    if forgotten is not None:
        h, one, other = forgotten
        first_line = b.r.error("", b.node_at[one])
        raise b.r.error(
            f"no perfect recall: at information set {game.set_name(h)!r} player "
            f"{game.players[player[h]]!r} cannot tell apart this node and the one at line "
            f"{first_line.line}, although its own earlier moves differ",
            b.node_at[other], "a game in which every player remembers its own moves",
        )
    try:
        _ = game.relative
    except InputError as wrong:
        raise replace(wrong, file=b.r.file) from None
    return game


def read_efg(path: str | Path) -> ExtensiveGame:
    """Read a Gambit ``.efg`` file.

    Raises
    ------
    InputError
        The file is missing, too large or malformed (with file, line and column), or its game has
        no perfect recall.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError("is a directory", file=str(path), expected="a Gambit .efg file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        reason = (problem.strerror or "cannot be read").lower()
        raise InputError(reason, file=str(path), expected="a Gambit .efg file") from None
    if len(raw) > MAX_BYTES:
        raise SizeError(
            f"larger than {MAX_BYTES // 2**20} MiB", file=str(path), expected="a smaller game"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # the encoding of old Gambit versions
    return parse_efg(text.replace("\r\n", "\n"), str(path))
