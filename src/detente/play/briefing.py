"""The briefing of a seat: its aims, its knowledge and its risks, in the words of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.identifiers import share_text
from detente.mechanisms.rules import rules_of
from detente.play.board import Board
from detente.play.issues import issues_of
from detente.render.numbers import number, percent
from detente.render.table import Column, Table
from detente.scenario.labels import in_sentence, label
from detente.scenario.paths import numbers
from detente.scenario.quantity import Kind, Quantity

__all__ = ["Briefing", "briefing", "payoffs"]

CHANCES = (Kind.ACCIDENT, Kind.ODDS, Kind.CHANCE, Kind.RESPONSE, Kind.BELIEF)
FEARED = ("war", "ladder", "no_deal", "delay_cost", "start")
"""Parts of a crisis file that hold the costs and the risks of the principals."""


@dataclass(frozen=True)
class Briefing:
    """The text of a briefing: headings with their sentences, in order."""

    actor: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        return {"actor": self.actor, "sections": [
            {"title": title, "sentences": list(said)} for title, said in self.sections]}


def briefing(board: Board, actor: str, type: int) -> Briefing:
    """Return the briefing of a seat, given its own type.

    Examples
    --------
    >>> found = briefing(Board.of_case("cuba-1962"), "united_states", 0)
    >>> [title for title, _ in found.sections]
    ['The crisis', 'Your aims', 'Your private information', 'Your costs and risks',
    "The others' private information", 'Not in the game']
    """
    i = board.player(actor)
    name = board.tree.players[i]
    case = board.scenario
    parts: list[tuple[str, list[str]]] = []
    if case is not None:
        parts += [("The crisis", [f"{case.title}. {case.summary}".strip()]),
                  ("Your aims", list(_aims(board, name)))]
    parts.append(("Your private information", list(_knowledge(board, name, i, type))))
    if case is not None:
        parts.append(("Your costs and risks", list(_fears(board, name))))
        parts.append(("Your moves", [
            said for m in rules_of(case).mechanisms for said in m.briefing(name)]))
    parts.append(("The others' private information", list(_hidden(board, i))))
    if case is not None and case.cannot:
        parts.append(("Not in the game", list(case.cannot)))
    return Briefing(name, tuple((title, tuple(said)) for title, said in parts if said))


def payoffs(board: Board, actor: str, type: int) -> Table:
    """Return what each outcome is worth to a seat: its least and its greatest payoff.

    Examples
    --------
    >>> payoffs(Board.of_case("cuba-1962"), "united_states", 0).as_dict()["rows"][0]["outcome"]
    'Soviet Union concedes'
    """
    tree, i = board.tree, board.player(actor)
    if tree.joint_payoff is not None:
        own = np.moveaxis(tree.joint_payoff[i], 1 + i, 1)[:, type]
        low, high = own.min(axis=1), own.max(axis=1)
    else:
        low = high = tree.payoff[i][:, type]
    rows: list[tuple[str, float, float]] = []
    for k, kind in enumerate(tree.outcome_kinds):
        here = tree.outcome == k
        if here.any():
            rows.append((kind.words(board.titles), float(low[here].min()),
                         float(high[here].max())))
    rows.sort(key=_most, reverse=True)
    unit = "stakes" if board.scenario is not None else "payoff"
    return Table("", ["outcome", Column("least for you", unit, ".2f"),
                      Column("most for you", unit, ".2f")], rows)


def _most(row: tuple[str, float, float]) -> float:
    return row[2]


def _aims(board: Board, name: str) -> Iterator[str]:
    case = board.scenario
    assert case is not None
    actor = case.actors[name]
    if case.stake is not None and name in case.principals:
        first = name == case.stake.first
        yield f"You divide the stake with the other side: {case.stake.name}."
        if not first and not case.stake.issues:
            yield (f"Shares count for {in_sentence(board.title(case.stake.first))}, so a share of "
                   "0 is everything for you.")
        if isinstance(actor.demand, float):
            yield f"You publicly demand {share_text(actor.demand)} of the stake for yourself."
        quo = case.stake.status_quo
        if quo is not None:
            mine = quo.centre if first else 1 - quo.centre
            yield (f"In the status quo you have {number(mine)} of the stake"
                   f"{_because(quo)}.")
        yield from issues_of(case, name)
    if actor.sides_with is not None:
        yield (f"You share the payoff of {in_sentence(board.title(actor.sides_with))}, with the "
               f"weight {number(actor.stake_weight.centre)}{_because(actor.stake_weight)}.")
    for entry in case.mechanisms:
        if getattr(entry.spec, "actor", None) == name or name in (
                getattr(entry.spec, "blocs", None) or ()):
            yield from _said(board, name, _below(entry.id))


def _below(part: str) -> Callable[[str], bool]:
    return lambda path: path.startswith(f"{part}.")


def _knowledge(board: Board, name: str, i: int, type: int) -> Iterator[str]:
    own = board.tree.types[i][type]
    if not own.attributes or board.tree.n_types[i] == 1:
        yield "You have no private information."
        return
    case = board.scenario
    for one in own.attributes:
        line = (f"Only you know this: your {one.words}" if one.value is None else
                f"Only you know this: your {one.quantity_words} is {number(one.value)}, "
                f"{one.level} among its possible values")
        if case is not None:
            base = f"actors.{name}.private.{one.quantity}."
            reasons = [q.because for path, q in numbers(case).items()
                       if path == base + one.level and q.because]
            line += f" ({reasons[0].rstrip('.')})" if reasons else ""
        yield f"{line}."


def _hidden(board: Board, i: int) -> Iterator[str]:
    tree = board.tree
    for j, name in enumerate(tree.players):
        types = tree.types[j]
        if j == i or len(types) < 2:
            continue
        prior = tree.prior[j] if tree.observer_prior is None else tree.observer_prior[i][j]
        seen: dict[str, dict[str, float]] = {}
        for one, p in zip(types, prior, strict=True):
            for a in one.attributes:
                part = seen.setdefault(a.quantity_words, {})
                value = a.label if a.value is None else number(a.value)
                part[value] = part.get(value, 0.0) + float(p)
        for quantity, values in seen.items():
            listed = ", ".join(f"{v} ({percent(p)})" for v, p in values.items())
            yield f"You do not know the {quantity} of {in_sentence(board.title(name))}: {listed}."


def _fears(board: Board, name: str) -> Iterator[str]:
    case = board.scenario
    assert case is not None
    if name not in case.principals:
        return
    first = case.stake is None or name == case.stake.first
    if case.war is not None:
        seen = None if case.war.seen_by is None else case.war.seen_by.of(name)
        odds = case.war.win_chance if seen is None else seen
        mine = odds.centre if first else 1 - odds.centre
        ends = case.war.endings
        unless = "" if ends is None else ", unless it stops at a line,"
        yield f"If war comes, your chance to win it{unless} is {percent(mine)}{_because(odds)}."
        if ends is not None:
            line = ends.stalemate.share
            mine = line.centre if first else 1 - line.centre
            yield f"If it stops at a line, you have {number(mine)} of the stake{_because(line)}."
    against = {entry.id for entry in case.mechanisms
               if getattr(entry.spec, "by", None) in case.principals}
    yield from _said(board, name, lambda path: path.split(".")[0] in {*FEARED, *against}
                     and path != "war.win_chance" and path != "war.endings.stalemate.share"
                     and not path.startswith("war.seen_by"))


def _said(board: Board, name: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield a sentence for each number of the file that is about this actor or about all."""
    case = board.scenario
    assert case is not None
    for path, q in numbers(case, defaults=False).items():
        if wanted(path) and q.by in ("", name) and q.owner in ("", name):
            value = percent(q.centre) if q.kind in CHANCES else number(q.centre)
            words = label(_general(q, name), board.titles)
            if path.startswith("war.cost") and "war_cost" in case.actors[name].private:
                value += ", besides your private war cost"
            yield f"{words[0].upper()}{words[1:]}: {value}{_because(q)}."


def _general(q: Quantity, name: str) -> Quantity:
    return replace(q, by="" if q.by == name else q.by)


def _because(q: Quantity) -> str:
    return f" ({q.because.rstrip('.')})" if q.because else ""

