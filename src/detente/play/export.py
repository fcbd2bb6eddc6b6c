"""A crisis as an oTree app, and the table that oTree exports read back as games.

The app is a folder that needs oTree and nothing of detente. It holds the tree, the payoffs, the
strategies of the machines and the values for the debrief in one file, ``game.json``.
Source: [chen-schonger-wickens-2016], on oTree.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.files import write_whole
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE
from detente.play.beliefs import Question, questions
from detente.play.board import Board
from detente.play.briefing import briefing
from detente.play.replies import others_odds
from detente.play.state import rungs, standing, turn
from detente.printable import printable

__all__ = ["export", "game_document", "rounds"]

APP = "crisis"
DIGITS = 12
"""Significant digits of the numbers in ``game.json``."""
PAGES = ("Briefing", "Beliefs", "Decide", "Results")
SCORES = ("bayes", "brier", "bayes_brier", "excess")
"""The columns of a stated belief besides itself and ``true``."""


def export(
    board: Board, folder: str | os.PathLike[str], actors: Sequence[str] = (), *,
    elicit: bool = False,
) -> list[Path]:
    """Write an oTree project.

    Parameters
    ----------
    board
        The game.
    folder
        The folder of the project; it is made.
    actors
        The actors that persons play, at least two; the principals unless given. The fallible or
        the deliberate equilibrium plays for all others, as the board's model says.
    elicit
        Ask for beliefs before each move of a person, unless a session is set otherwise.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        Fewer than two actors, or payoffs that depend on both types.
    OutputError
        A file cannot be written.
    """
    tree = board.tree
    names = [tree.players[board.player(a)] for a in actors or board.principals]
    if len(set(names)) < 2:
        raise InputError("an oTree group needs at least two persons",
                         expected="two actors, such as --as united_states,soviet_union")
    if tree.joint_payoff is not None:
        raise InputError("payoffs that depend on both types have no oTree form",
                         expected="a case in which each payoff depends on one type")
    names = list(dict.fromkeys(names))
    title = "A crisis" if board.scenario is None else board.scenario.title
    document = game_document(board, names)
    asked = max(len(q) for q in document["questions"].values())
    # The code of the app holds numbers only; the words of the crisis file are data of game.json.
    fill = {
        "title": printable(" ".join(title.split())), "case": printable(board.case or "by hand"),
        "sha256": board.sha256 or "none", "seats": str(len(names)),
        "rounds": str(rounds(board, names)), "ask": str(elicit), "questions": str(asked),
        "secret": secrets.token_hex(16),
        "roles": "\n".join(f'    SEAT_{k}_ROLE = GAME["roles"][{k - 1}]'
                           for k in range(1, len(names) + 1)),
        "beliefs": "\n".join(
            line for k in range(1, asked + 1) for line in (
                f"    belief_{k} = models.FloatField(min=0, max=100)",
                f"    true_{k} = models.BooleanField()",
                *(f"    {name}_{k} = models.FloatField()" for name in SCORES))),
    }
    place = Path(folder)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    made = [
        write_whole(place / "settings.py", _filled("settings.py.txt", fill)),
        write_whole(place / "README.md", _filled("README.md.txt", fill)),
        write_whole(place / APP / "__init__.py", _filled("app.py.txt", fill)),
        write_whole(place / APP / "tests.py", _filled("tests.py.txt", fill)),
        write_whole(place / APP / "game.json", text),
        write_whole(place / "_static" / "empty.txt", "oTree expects this folder.\n"),
    ]
    return made + [write_whole(place / APP / f"{page}.html", _text(f"{page}.html"))
                   for page in PAGES]


def _text(name: str) -> str:
    return files("detente.play").joinpath("otree", name).read_text(encoding="utf-8")


def _filled(name: str, fill: Mapping[str, str]) -> str:
    return Template(_text(name)).substitute(fill)


def rounds(board: Board, names: Sequence[str]) -> int:
    """Return the greatest number of places on a path at which one of the actors chooses."""
    tree = board.tree
    persons = {board.player(n) for n in names}
    chooses = np.array([bool(persons & set(_players(board, n))) for n in range(tree.n_nodes)])
    seen = chooses.astype(np.int64)
    for d in range(1, len(tree.level) - 1):
        a, b = tree.level[d], tree.level[d + 1]
        seen[a:b] += seen[tree.parent[a:b]]
    return int(seen[tree.leaves].max())


def _players(board: Board, node: int) -> tuple[int, ...]:
    mover = int(board.tree.mover[node])
    if mover == JOINT:
        return board.tree.joints[node].players
    return (mover,) if mover >= 0 else ()


def game_document(board: Board, names: Sequence[str]) -> dict[str, Any]:
    """Return the contents of ``game.json``: everything that the app must know."""
    tree, found = board.tree, board.equilibrium
    persons = {board.player(n): n for n in names}
    words: dict[str, int] = {"": 0}

    def word(text: str) -> int:
        return words.setdefault(text, len(words))

    moves = [None, *(tree.move_into(n) for n in range(1, tree.n_nodes))]
    deeds = [0 if m is None else word(m.deed(board.titles)) for m in moves]
    story = [0 if m is None else word(m.words(board.titles)) for m in moves]
    by = np.where(tree.parent >= 0, tree.mover[tree.parent], CHANCE)
    mixed: dict[str, dict[str, list[float]]] = {str(i): {} for i in range(tree.n_players)}
    odds: dict[str, Any] = {}
    for child in range(1, tree.n_nodes):
        if by[child] >= 0:
            i = int(by[child])
            mixed[str(i)][str(child)] = _short(found.pi[child, :tree.n_types[i]])
        elif by[child] == CHANCE:
            odds[str(child)] = float(tree.weight[child])
        elif by[child] <= TYPE_CHANCE:
            types = tree.n_types[TYPE_CHANCE - int(by[child])]
            odds[str(child)] = tree.type_prob[tree.type_row[child], :types].tolist()
    return {
        "case": board.case, "file_sha256": board.sha256, "reading": board.reading,
        "precision": board.lam,
        "title": "" if board.scenario is None else board.scenario.title,
        "players": list(tree.players), "persons": {str(i): n for i, n in persons.items()},
        "seats": [board.player(n) for n in names], "roles": _roles(board, names),
        "types": [[str(t) for t in ts] for ts in tree.types],
        "prior": [p.tolist() for p in tree.prior],
        "mover": tree.mover.tolist(), "parent": tree.parent.tolist(),
        "first": tree.first.tolist(), "count": tree.count.tolist(),
        "words": list(words), "deed": deeds, "story": story, "mix": mixed, "odds": odds,
        "joints": {str(n): _joint(board, n) for n in tree.joints},
        "value": {str(i): [_short(v) for v in board.profile.value[i]] for i in persons},
        "payoff": {str(n): {str(i): _short(tree.payoff[i][z]) for i in persons}
                   for z, n in enumerate(tree.leaves.tolist())},
        "outcomes": {str(n): _ending(board, z) for z, n in enumerate(tree.leaves.tolist())},
        "states": {str(n): _state(board, n) for n in range(tree.n_nodes)
                   if set(_players(board, n)) & set(persons)},
        "questions": {str(i): [_asked(board, q) for q in questions(board, n)]
                      for i, n in persons.items()},
        "bayes": {str(i): {str(node): [_held(board, i, q, node) for q in questions(board, n)]
                           for node in range(tree.n_nodes) if i in _players(board, node)}
                  for i, n in persons.items()},
        "briefings": {str(i): [briefing(board, n, t).as_dict()["sections"]
                               for t in range(tree.n_types[i])] for i, n in persons.items()},
    }


def _roles(board: Board, names: Sequence[str]) -> list[str]:
    """Return the titles of the seats; oTree tells roles apart by them, so no two are the same."""
    titles = [board.title(n) for n in names]
    return [t if titles.count(t) == 1 else f"{t} ({n})" for t, n in zip(titles, names, strict=True)]


def _asked(board: Board, asked: Question) -> dict[str, Any]:
    return {"who": board.player(asked.about), "holds": asked.holds.tolist(),
            "text": f"{board.title(asked.about)}: how probable is it that its {asked.statement}? "
            "(0 to 100 %)"}


def _held(board: Board, player: int, asked: Question, node: int) -> float:
    """Return the probability of a statement by Bayes' rule."""
    held = board.profile.posterior(player, board.player(asked.about))[0][node]
    return float(held[asked.holds].sum())


def _short(values: Floats) -> list[float]:
    return [float(f"{v:.{DIGITS}g}") for v in values.tolist()]


def _ending(board: Board, leaf: int) -> str:
    tree = board.tree
    if tree.terms is not None:
        return tree.term_kinds[int(tree.terms[leaf])].words(board.titles)
    return tree.outcome_kinds[int(tree.outcome[leaf])].words(board.titles)


def _state(board: Board, node: int) -> list[str]:
    at = rungs(board, node)
    said = [", ".join(f"{board.title(p)}: {rung}" for p, rung in at.items())] if at else []
    return [line for line in (*said, turn(board, node), standing(board, node)) if line]


def _joint(board: Board, node: int) -> dict[str, Any]:
    """Return a place where several choose at once: menus, mixes, and the worth of each move."""
    tree, found = board.tree, board.equilibrium
    at, kids = tree.joints[node], tree.children(node)
    worth = []
    for seat, i in enumerate(at.players):
        by_type = []
        for t in range(tree.n_types[i]):
            # The others' strategies and the beliefs about them do not depend on the own type here.
            odds = board.once(("odds", i, t), partial(others_odds, board, i, t))
            block = odds[kids.start:kids.stop] * board.profile.value[i][kids.start:kids.stop, t]
            split = np.moveaxis(block.reshape(at.sizes), seat, 0).reshape(at.sizes[seat], -1)
            by_type.append(split.sum(axis=1))
        worth.append([_short(row) for row in np.stack(by_type, axis=1)])
    return {
        "players": list(at.players), "sizes": list(at.sizes),
        "acts": [[a.deed(board.titles) for a in board.acts(node, i)] for i in at.players],
        "mix": [[_short(row) for row in m] for m in found.joint_pi[node]], "worth": worth,
    }
