"""Write any extensive game as a Gambit ``.efg`` file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from detente.errors import InputError
from detente.files import write_whole
from detente.game.exact import exact, nearest_double
from detente.game.extensive import ExtensiveGame

__all__ = ["format_efg", "write_efg"]

EVEN = 1e-9
"""Largest relative difference of weights that count as equal."""


def format_efg(game: ExtensiveGame, *, even: bool = False) -> str:
    """Return the text of the ``.efg`` file.

    Numbers read from a file are written as in that file (``1/3`` stays ``1/3``); others with
    all their digits. Chances that do not add up to exactly 1, which Gambit demands, become
    fractions that do.

    Parameters
    ----------
    game
    even
        Write a game with unequal menu weights without them. The format has none, so its reader
        solves another game, in which every move of a menu has the same weight.

    Raises
    ------
    InputError
        A menu has unequal weights, as habits and offers that share a weight give it, and ``even``
        is false.

    Examples
    --------
    >>> from detente.game.efg import parse_efg
    >>> print(format_efg(parse_efg('EFG 2 R "a game" {"A"} "" t "over" 1 "won" {1/3}')))
    EFG 2 R "a game" { "A" }
    ""
    <BLANKLINE>
    t "over" 1 "won" { 1/3 }
    <BLANKLINE>
    """
    if not even:
        _check_weights(game)
    chances = _chances(game)
    payoffs = [_payoffs(game, k) for k in range(len(game.outcome_label))]
    names = " ".join(_quoted(p) for p in game.players)
    lines = [f"EFG 2 R {_quoted(game.title)} {{ {names} }}", _quoted(game.comment), ""]
    menus = []
    for h, player in enumerate(game.set_player):
        moves = range(int(game.set_first[h]), int(game.set_first[h + 1]))
        if player < 0:
            menus.append(" ".join(f"{_quoted(game.move_label[a])} {chances[a]}" for a in moves))
        else:
            menus.append(" ".join(_quoted(game.move_label[a]) for a in moves))
    for k in range(game.n_nodes):
        label = _quoted(game.node_label[k] if game.node_label else "")
        h, o = int(game.infoset[k]), int(game.outcome[k])
        if h < 0:
            text = f"t {label}"
        else:
            player = int(game.set_player[h])
            who = "c" if player < 0 else "p"
            number = f"{game.set_number[h]}" if player < 0 else f"{player + 1} {game.set_number[h]}"
            text = f"{who} {label} {number} {_quoted(game.set_label[h])} {{ {menus[h]} }}"
        if o < 0:
            text += " 0"
        else:
            text += f" {game.outcome_number[o]} {_quoted(game.outcome_label[o])} {payoffs[o]}"
        lines.append(text)
    return "\n".join(lines) + "\n"


def write_efg(game: ExtensiveGame, path: str | Path, *, even: bool = False) -> None:
    """Write the game to a file, whole or not at all; see `format_efg`."""
    write_whole(path, format_efg(game, even=even))


def _check_weights(game: ExtensiveGame) -> None:
    """Refuse menus with unequal weights."""
    for h, player in enumerate(game.set_player):
        menu = game.weight[game.set_first[h] : game.set_first[h + 1]]
        if player >= 0 and menu.max() - menu.min() > EVEN * menu.max():
            raise InputError(
                f"the menu {game.set_name(h)!r} has unequal weights, which the .efg format cannot "
                "hold", expected="equal weights, or even=True, which leaves the weights out; the "
                "file is then another game")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> float:
    return nearest_double(exact(text))


def _number(value: float) -> str:
    whole = value == int(value) and abs(value) < 1e15
    return _unsigned(str(int(value)) if whole else repr(float(value)))


def _unsigned(text: str) -> str:
    """Drop plus signs, which Gambit does not read."""
    return text.replace("+", "")


def _payoffs(game: ExtensiveGame, k: int) -> str:
    row = game.outcome_payoff[k]
    written = game.payoff_text[k] if game.payoff_text is not None else (None,) * len(row)
    return "{ " + ", ".join(
        _unsigned(w) if w is not None and _value(w) == v else _number(float(v))
        for v, w in zip(row, written, strict=True)
    ) + " }"


def _chances(game: ExtensiveGame) -> list[str]:
    texts = [""] * len(game.chance)
    for h, player in enumerate(game.set_player):
        if player >= 0:
            continue
        moves = range(int(game.set_first[h]), int(game.set_first[h + 1]))
        if game.chance_text is not None:
            written = [game.chance_text[a] for a in moves]
            same = all(_value(w) == game.chance[a] for w, a in zip(written, moves, strict=True))
            if same and sum(map(exact, written)) == 1:
                for a, w in zip(moves, written, strict=True):
                    texts[a] = _unsigned(w)
                continue
        given = [Fraction(float(game.chance[a])) for a in moves]
        near = [f.limit_denominator(10**15) for f in given]
        if sum(near) != 1:  # the largest absorbs the rounding error
            k = max(range(len(near)), key=near.__getitem__)
            near[k] += 1 - sum(near)
        for a, f in zip(moves, near, strict=True):
            texts[a] = str(f)
    return texts
