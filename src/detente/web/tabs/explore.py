"""The tab that walks through the game: whose move it is, the menu, beliefs and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.game.compile import compile_scenario
from detente.play.board import Board
from detente.play.state import ladder, standing, turn
from detente.render.html import bare_table
from detente.render.numbers import number, percent
from detente.render.table import Column, Table
from detente.scenario.alternatives import single
from detente.web.desk import Desk, Source
from detente.web.later import Later
from detente.web.live import check_size
from detente.web.show import check_of, problem
from detente.web.stale import as_of
from detente.web.tabs.base import Tab

WORKING = "working"
"""In the place of the solved game while it is being solved."""


@dataclass(frozen=True)
class Solved:
    """The game at some values in both models."""

    source: Source
    fallible: Board
    deliberate: Board


@module.ui
def _ui() -> Any:
    return ui.div(
        ui.p("Walk through the game, from its start or from a move in the drawing under Paths. "
             "Every number is of the solutions at the page's values."),
        ui.output_ui("start"), ui.output_ui("place"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    solved: reactive.Value[Any] = reactive.Value(None)
    node: reactive.Value[int] = reactive.Value(0)
    later = Later(solved)

    def walk(source: Source, at: int) -> None:
        node.set(at)
        solved.set(WORKING)
        later.ask(lambda: _solve(source))

    @reactive.effect
    @reactive.event(input.solve)
    def _asked() -> None:
        if desk.crisis() is not None:
            walk(desk.source(), 0)

    @reactive.effect
    @reactive.event(input.open)
    def _opened() -> None:
        """Go to a node of the drawing, in the game of which it is."""
        wanted, found = str(input.open()), solved()
        source = desk.found().html.get("tree", (None, ""))[0]
        if source is None or not (wanted.isascii() and wanted.isdigit()):
            return
        if isinstance(found, Solved) and found.source == source:
            node.set(int(wanted))
        else:
            walk(source, int(wanted))

    @reactive.effect
    @reactive.event(input.go)
    def _go() -> None:
        found, wanted = solved(), int(input.go())
        if isinstance(found, Solved) and wanted >= 0:
            node.set(wanted)

    @render.ui
    def start() -> Any:
        found = solved()
        if found == WORKING:
            return ui.p("The game is being solved ...", class_="note", role="status")
        again = ui.input_action_button(session.ns("solve"), "Solve and begin at the start"
                                       if found is None else "Solve again at the page's values")
        if found is None:
            return again
        if not isinstance(found, Solved):
            return [problem(found), again]
        stale = as_of(found.source, desk.source(), follows=False)
        return None if stale is None else [stale, again]

    @render.ui
    def place() -> Any:
        found = solved()
        if not isinstance(found, Solved) or node() >= found.fallible.tree.n_nodes:
            return None
        return _place(found, node(), session)


def _solve(source: Source) -> Solved:
    check_size(source.read(), "the walk through it")
    compiled = compile_scenario(single(source.crisis()))
    boards = (Board(compiled), Board(compiled, reading="deliberate"))
    for board in boards:
        _ = board.profile
    return Solved(source, *boards)


def _place(found: Solved, node: int, session: Session) -> Any:
    board = found.fallible
    tree, titles = board.tree, board.titles
    path = [node]
    while path[0] > 0:
        path.insert(0, int(tree.parent[path[0]]))
    crumbs = [ui.tags.li(_button(
        session, at, "Start" if at == 0 else tree.move_into(at).words(titles), current=at == node))
        for at in path]
    rungs = ladder(board, node)
    said = " ".join(x for x in (turn(board, node), standing(board, node)) if x)
    head = ui.tags.nav(ui.tags.ol(*crumbs, class_="crumbs"), aria_label="The course so far")
    reach = float(board.profile.reach[node]), float(found.deliberate.profile.reach[node])
    parts = [head, check_of(board.fallible, found.deliberate.deliberate),
             ui.p(said) if said else None,
             ui.p(f"The course comes here with {percent(reach[0])} (fallible) and "
                  f"{percent(reach[1])} (deliberate).")]
    if rungs is not None:
        parts.append(ui.div(ui.HTML(bare_table(rungs)), class_="detente inset findings"))
    if board.over(node):
        leaf = int(tree.leaves.searchsorted(node))
        end = tree.outcome_kinds[int(tree.outcome[leaf])].words(titles)
        terms = "" if tree.terms is None else tree.term_kinds[int(tree.terms[leaf])].words(titles)
        parts.append(ui.p(ui.strong(f"The crisis ends: {terms or end}."), class_="headline"))
    else:
        parts.append(_menu(found, node, session))
    return [*parts, *_beliefs(board, node), _values(found, node)]


def _menu(found: Solved, node: int, session: Session) -> Any:
    board = found.fallible
    tree = board.tree
    movers = board.movers(node)
    who = " and ".join(map(board.title, movers)) if movers else "Chance"
    players = [board.player(p) for p in board.principals]
    rows = []
    for child in tree.children(node):
        rows.append(ui.tags.tr(
            ui.tags.th(_button(session, child, tree.move_into(child).deed(board.titles)),
                       scope="row"),
            *(ui.tags.td(percent(float(b.profile.q[child])), class_="num")
              for b in (found.fallible, found.deliberate)),
            *(ui.tags.td(number(_value(board, child, i)), class_="num") for i in players)))
    heads = ("move", "fallible", "deliberate",
             *(f"value then for {board.title(board.tree.players[i])}" for i in players))
    parts: list[Any] = [
        ui.h3(f"{who} to move" if movers else "Chance decides"),
        ui.tags.table(ui.tags.thead(ui.tags.tr(*(ui.tags.th(h, scope="col") for h in heads))),
                      ui.tags.tbody(*rows), class_="bars")]
    for name in movers:
        i = board.player(name)
        if len(tree.types[i]) > 1:
            parts.append(ui.div(ui.HTML(bare_table(_by_type(board, node, i))),
                                class_="detente inset findings"))
    return ui.div(*parts)


def _by_type(board: Board, node: int, player: int) -> Table:
    tree = board.tree
    acts = [act.deed(board.titles) for act in board.acts(node, player)]
    return Table(
        f"{board.title(tree.players[player])} by type, fallible model",
        ["move", *(Column(str(t), format="percent") for t in tree.types[player])],
        [(act, *(float(board.strategy_of("fallible", node, player, t)[k])
                 for t in range(len(tree.types[player])))) for k, act in enumerate(acts)])


def _value(board: Board, node: int, player: int) -> float:
    """Return a player's expected payoff at a node, over its types as an observer sees them."""
    belief = np.asarray(board.profile.belief_at(node, player))
    value = np.asarray(board.profile.value[player][node])
    return float((belief * value).sum() / max(float(belief.sum()), 1e-300))


def _beliefs(board: Board, node: int) -> list[Any]:
    tree = board.tree
    told = []
    for i, name in enumerate(tree.players):
        if len(tree.types[i]) > 1:
            held = board.profile.belief_at(node, i)
            told.append(ui.tags.li(f"{board.title(name)}: " + "; ".join(
                f"{kind} {percent(float(p))}"
                for kind, p in zip(tree.types[i], held, strict=True))))
    return [ui.h3("Beliefs about the types after these moves (fallible model)"),
            ui.tags.ul(*told)] if told else []


def _values(found: Solved, node: int) -> Any:
    board = found.fallible
    words = "; ".join(f"{board.title(p)} {number(_value(board, node, board.player(p)))}"
                      for p in board.principals)
    return ui.p(f"Expected payoff here, in stakes, fallible model: {words}.", class_="note")


def _button(session: Session, node: int, words: str, *, current: bool = False) -> Any:
    return ui.tags.button(words, type="button", class_="btn btn-default",
                          data_input=session.ns("go"), data_value=str(node),
                          aria_current="step" if current else None)


TAB = Tab("tree", "Game tree", 40, _ui, _server)
