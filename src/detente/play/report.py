"""The debrief and the tournament in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.beliefs import question
from detente.play.board import Board
from detente.play.debrief import Account, Standing
from detente.play.replies import FEWEST
from detente.play.strategies import registry
from detente.play.tournament import Tournament
from detente.render.numbers import number, percent, signed
from detente.render.section import Report, Section
from detente.render.table import Column, Table
from detente.scenario.labels import in_sentence

__all__ = ["class_sections", "game_section", "tournament_report"]

MOST_COLUMNS = 5
"""Columns of a table of pairs; further ones go to another table, so that 80 letters hold it."""


def game_section(board: Board, found: Account) -> Section:
    """Return the debrief of one game for one seat."""
    unit = "stakes" if board.scenario is not None else None
    title = board.title(found.actor)
    end = f"ended with: {found.outcome}" if found.outcome else "was stopped before its end"
    rows = []
    for m in found.moments:
        who = {"own": "decision", "others": "luck: others", "chance": "luck: chance",
               "types": "luck: the other's type"}[m.part]
        own, advised = m.part == "own", dict(m.advised)
        rows.append((m.words, who, m.change, m.cost if own else None,
                     f"{m.best} ({percent(advised[m.best])})" if own else "",
                     percent(advised[m.made]) if own else ""))
    sums = Table("From the expected payoff to the payoff", [
        "part", Column("change", unit, "+.3f")], [
        ("expected before the game", found.expected), ("own decisions", found.decision),
        ("luck: others' moves", found.total("others")), ("luck: chance", found.total("chance")),
        *([("luck: the other's type", found.total("types"))] if found.total("types") else []),
        ("payoff" if found.outcome else "value where it stopped", found.payoff)])
    tables = [sums, Table("Moves", [
        "move", "part", Column("change", unit, "+.3f"), Column("cost", unit, ".3f"),
        "best move", "advised"], rows), *_beliefs(board, found)]
    if found.scored:
        tables.append(Table("Stated beliefs", [
            "statement", Column("stated", format="percent"),
            Column("by Bayes' rule", format="percent"), "true",
            Column("Brier score", format=".3f"), Column("excess over Bayes", format=".3f")],
            [(f"{board.title(s.about)}: {s.statement}", s.stated, s.bayes,
              "yes" if s.true else "no", s.brier, s.excess) for s in found.scored]))
    kind = str(board.tree.types[board.player(found.actor)][found.type])
    return Section(
        "game", f"Debrief of {title}" + (f" ({found.person})" if found.person != title else ""),
        f"The game {end}. {title}{f' ({kind})' if kind else ''} had the payoff "
        f"{number(found.payoff)}, and {number(found.expected)} was expected before the game. Its "
        f"decisions changed that by {signed(found.decision, 3)}, luck by {signed(found.luck, 3)}.",
        tables=tables,
        notes=["Change: of the player's value in the equilibrium. The changes add up exactly. "
               "Cost: the value of the best move minus that of the move made. Advised: how often "
               "the equilibrium makes the move that was made; in brackets, the best move."])


def _beliefs(board: Board, found: Account) -> list[Table]:
    """Return a table per statement: the beliefs by Bayes' rule before the game and along the way.

    A move is a row if it changes the percentage that is shown.
    """
    after = {m.child: m.words for m in found.moments if m.node != m.child}
    places = list(after)
    tables = []
    for who, p in found.beliefs:
        asked = question(board, who)
        if asked is None:
            continue
        rows = [("before the game", p[0])]
        for child, before, now in zip(places, p, p[1:], strict=False):
            if percent(before) != percent(now):
                rows.append((f"after {after[child]}", now))
        rows.append(("at the end", p[-1]))
        tables.append(Table(f"Beliefs by Bayes' rule. {board.title(who)}: {asked.statement}", [
            "when", Column("probability", format="percent")], rows))
    return tables


def class_sections(found: Sequence[Standing], games: int) -> list[Section]:
    """Return the statistics of persons over several games."""
    rows = [(s.person, s.games, s.payoff, s.expected, s.decision, s.others + s.types, s.chance)
            for s in found]
    moves = [(s.person, s.moves, s.cost, s.followed,
              f"{number(s.precision.low)} to {number(s.precision.high)}" if s.precision else "")
             for s in found]
    outcomes = list(dict.fromkeys(o for s in found for o in s.outcomes))
    notes = [
        "Means per game, in stakes. Payoff = expected + decisions + others + chance. Cost: by how "
        "much the moves were worse than the best ones. Followed: mean probability that the "
        "equilibrium gives to the moves made.",
        "Precision (lambda): how strongly the moves follow the payoffs, as a 90 % interval; 0 is "
        f"choice by habit. It needs {FEWEST} games."]
    excess = [(s.person, s.excess) for s in found if s.excess is not None]
    tables = [
        Table("Persons", [
            "person", Column("games", format=","), Column("payoff", format=".3f"),
            Column("expected", format=".3f"), Column("decisions", format="+.3f"),
            Column("others", format="+.3f"), Column("chance", format="+.3f")], rows),
        Table("Moves of the persons", [
            "person", Column("moves", format=","), Column("cost", format=".3f"),
            Column("followed", format="percent"), "lambda"], moves),
        Table("Outcomes", ["person", *(Column(o, format=",") for o in outcomes)],
              [(s.person, *(s.outcomes.get(o, 0) for o in outcomes)) for s in found])]
    if excess:
        tables.append(Table("Stated beliefs", [
            "person", Column("excess Brier score over Bayes", format=".3f")], excess))
    return [Section("class", "Statistics of the games",
                    f"{games} {'game' if games == 1 else 'games'} of "
                    f"{len(found)} {'person' if len(found) == 1 else 'persons'}.",
                    tables=tables, notes=notes)]


def tournament_report(board: Board, found: Tournament) -> Report:
    """Return the report of a tournament: the strategies, and every pair, for both seats."""
    from detente.play.chart import pairs_chart

    known, (one, two) = registry(), found.titles
    unit = "stakes" if board.scenario is not None else None
    order = sorted(range(len(found.names)), key=lambda k: -float(found.means(0)[k]))
    table = Table("Strategies, by the mean over all opponents", [
        "strategy", Column(f"payoff as {one}", unit, ".3f"),
        Column(f"payoff as {two}", unit, ".3f"),
        Column("war", format="percent")], [
        (found.names[k], float(found.means(0)[k]), float(found.means(1)[k]),
         float(found.wars(0)[k] + found.wars(1)[k]) / 2) for k in order])
    rules = Table("Rules", ["strategy", "rule"],
                  [(found.names[k], known[found.names[k]].about) for k in order])
    best = [found.names[int(found.means(seat).argmax())] for seat in (0, 1)]
    simulated = int((~found.exact).sum())
    notes = ["Payoffs are means over the types, which are drawn from the priors, and over chance. "
             "War: probability of a war of any kind, mean over both seats."]
    if len(board.principals) > 2 or board.tree.n_players > 2:
        notes.append("Every other actor plays the fallible equilibrium.")
    if simulated:
        widest = float(found.error.max())
        notes.append(f"{simulated} of {found.exact.size} pairs are simulated, with "
                     f"{found.games:,} games each, because a strategy has a memory. Their 90 % "
                     f"intervals reach at most {widest:.3f} to each side. The others are exact.")
    answer = (f"The best strategy of {in_sentence(one)} on average is “{best[0]}”, that of "
              f"{in_sentence(two)} is “{best[1]}”.")
    sections = [Section(
        "strategies", "Strategies", tables=[table, rules], notes=notes,
        certified=found.certified)]
    for seat, (name, key) in enumerate(((one, "payoff_first"), (two, "payoff_second"))):
        rows, size = found.rows(), len(found.names)
        width = size if size <= MOST_COLUMNS + 1 else MOST_COLUMNS
        matrices = []
        for first in range(0, size, width):
            some = range(first, min(first + width, size))
            matrices.append(Table(
                "", ["strategy", *(Column(found.names[j], format=".2f") for j in some)],
                [(n, *(float(found.payoff[seat, i, j]) for j in some))
                 for i, n in enumerate(found.names)]))
        sections.append(Section(
            f"pairs_{seat + 1}", f"Payoffs of {in_sentence(name)}",
            f"The rows are the strategies of {in_sentence(one)}, the columns those of "
            f"{in_sentence(two)}.",
            tables=matrices,
            charts=[pairs_chart(rows, title=f"Mean payoff of {in_sentence(name)}", first=one,
                                second=two, key=key)]))
    title = board.scenario.title if board.scenario is not None else "A game built by hand"
    return Report(title, "Tournament of strategies", answer, sections, meta={
        "case": found.case, "file hash": board.sha256, "lambda": board.lam, "seed": found.seed,
        "games of each simulated pair": found.games})
