"""The tab at which the crisis is played: persons, machines, beliefs, and the debrief."""

from __future__ import annotations

from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.play.beliefs import Question, questions
from detente.play.board import Board
from detente.play.briefing import briefing, payoffs
from detente.play.debrief import accounts
from detente.play.report import game_section
from detente.play.seats import machine, person
from detente.play.state import ladder, standing, turn
from detente.play.strategies import registry
from detente.play.table import Table
from detente.render.html import bare_table
from detente.render.numbers import percent
from detente.scenario.alternatives import single
from detente.web.aside import Aside
from detente.web.desk import Desk
from detente.web.live import check_size
from detente.web.show import check_of, html_of, problem, sections
from detente.web.tabs.base import Tab

PERSON = "a person here"


@module.ui
def _ui() -> Any:
    return ui.div(ui.output_ui("seats"), ui.output_ui("wrong"), ui.output_ui("game"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    table: reactive.Value[Table | None] = reactive.Value(None)
    step: reactive.Value[int] = reactive.Value(0)
    seen: reactive.Value[str] = reactive.Value("")
    trouble: reactive.Value[Any] = reactive.Value(None)
    asks: reactive.Value[bool] = reactive.Value(False)
    passed: reactive.Value[str] = reactive.Value("")
    begins: reactive.Value[bool] = reactive.Value(False)
    aside = Aside()

    @render.ui
    def seats() -> Any:
        crisis = desk.crisis()
        now, _ = table(), step()
        if crisis is None or (now is not None and not now.closed):
            return None
        choices = {PERSON: PERSON, **{name: f"machine: {name}" for name in registry()}}
        movers = [a for a in crisis.actors if crisis.actors[a].role == "principal"]
        return ui.div(
            ui.p("Play the crisis at the page's values. Each seat has a person here or a machine. "
                 "Other actors are machines that play the equilibrium."),
            ui.div(*(ui.input_select(
                session.ns(f"seat_{k}"), crisis.actors[name].title or name, choices,
                selected=PERSON if k == 0 else "equilibrium")
                for k, name in enumerate(movers)),
                ui.input_numeric(session.ns("seed"), "Seed", 1, min=0, step=1), class_="new"),
            ui.input_checkbox(session.ns("elicit"), "Ask the persons for their beliefs before each "
                              "move, and score them in the debrief", width="100%"),
            ui.input_action_button(session.ns("begin"), "Begin"))

    @reactive.effect
    @reactive.event(input.begin)
    def _begin() -> None:
        source, crisis = desk.source(), desk.crisis()
        if crisis is None or begins():
            return
        movers = [a for a in crisis.actors if crisis.actors[a].role == "principal"]
        chosen = {name: str(input[f"seat_{k}"]()) for k, name in enumerate(movers)}
        seed = max(0, int(input.seed() or 0))
        trouble.set(None)

        def sit() -> Table:
            check_size(source.read(), "play in the app", "`detente play` plays it in a terminal")
            board = Board(compile_scenario(single(source.crisis())))
            _ = board.profile  # solved before the first move
            _ = board.deliberate if "deliberate" in chosen.values() else None
            return Table(board, {
                name: person() if how == PERSON else machine(how) for name, how in chosen.items()
            }, seed=seed)

        def then(made: Any, error: Exception | None) -> None:
            begins.set(False)
            if error is not None:
                trouble.set(problem(error))
                return
            seen.set("")
            passed.set("")
            asks.set(elicit)
            table.set(made)
            step.set(step() + 1)

        begins.set(True)
        elicit = bool(input.elicit())
        aside.do(sit, then)

    @render.ui
    def wrong() -> Any:
        return ui.p("The game is being solved ...", class_="note",
                    role="status") if begins() else trouble()

    @reactive.effect
    @reactive.event(input.move)
    def _move() -> None:
        now = table()
        if now is None or now.over or not now.waiting:
            return
        try:
            place, _, choice = str(input.move()).partition(":")
            if place != _place(now, now.waiting[0]):  # a second click on a menu that is gone
                return
            now.act(now.waiting[0], int(choice))
        except (InputError, ValueError) as told:
            trouble.set(problem(told))
            return
        trouble.set(None)
        step.set(step() + 1)

    @reactive.effect
    @reactive.event(input.state)
    def _state() -> None:
        now = table()
        if now is None or now.over or not now.waiting:
            return
        actor = now.waiting[0]
        try:
            for k, asked in enumerate(_open(now, actor)):
                said = input[f"belief_{k}"]()
                if said is not None:
                    now.believe(actor, asked.about, asked.statement, float(said) / 100)
        except InputError as told:
            trouble.set(problem(told))
            return
        trouble.set(None)
        passed.set(_place(now, actor))

    @reactive.effect
    @reactive.event(input.skip)
    def _skip() -> None:
        now = table()
        if now is not None and now.waiting:
            passed.set(_place(now, now.waiting[0]))

    @reactive.effect
    @reactive.event(input.back)
    def _back() -> None:
        now = table()
        try:
            if now is not None:
                now.take_back()
        except InputError as told:
            trouble.set(problem(told))
        step.set(step() + 1)

    @reactive.effect
    @reactive.event(input.ready)
    def _ready() -> None:
        now = table()
        if now is not None and now.waiting:
            seen.set(now.waiting[0])

    @reactive.effect
    @reactive.event(input.stop)
    def _stop() -> None:
        now = table()
        if now is not None:
            now.close()
        step.set(step() + 1)

    @render.ui
    def game() -> Any:
        now = table()
        step()
        if now is None:
            return None
        if now.over and not now.closed:
            now.close()
        if now.closed:
            return _debrief(now)
        actor = now.waiting[0]
        if len(now.persons) > 1 and seen() != actor:
            return [_history(now), ui.div(
                ui.p(f"Hand the screen to {now.board.title(actor)}."),
                ui.input_action_button(session.ns("ready"), "I have it"), class_="question")]
        if asks() and passed() != _place(now, actor) and (asked := _open(now, actor)):
            return [_history(now), _asked(now, actor, asked, session)]
        return [_history(now), _turn(now, actor, session, beliefs=not asks())]


def _history(now: Table) -> Any:
    if not now.steps:
        return ui.p("The game has begun.", class_="note")
    titles = now.board.titles
    return ui.tags.ol(*(ui.tags.li(now.board.tree.move_into(s.child).words(titles))
                        for s in now.steps), class_="moves")


def _open(now: Table, actor: str) -> list[Question]:
    """Return the questions to an actor that it has not answered since the last move."""
    return [asked for asked in questions(now.board, actor)
            if not now.log.stated(actor, asked.about)]


def _asked(now: Table, actor: str, asked: list[Question], session: Session) -> Any:
    """Return the questions about the other sides' private information."""
    title = now.board.title
    return ui.div(
        ui.h3(f"{title(actor)}: your beliefs"),
        ui.p("How probable is each statement, in percent? Leave a box empty to say nothing."),
        *(ui.input_numeric(session.ns(f"belief_{k}"), f"{title(one.about)}: {one.statement}",
                           None, min=0, max=100, step=1)  # type: ignore[arg-type]
          for k, one in enumerate(asked)),
        ui.input_action_button(session.ns("state"), "State"),
        ui.input_action_button(session.ns("skip"), "Say nothing"), class_="question")


def _turn(now: Table, actor: str, session: Session, *, beliefs: bool) -> Any:
    """Return the turn; with ``beliefs`` those of the equilibrium, which would bias stated ones."""
    board, node = now.board, now.node
    view = now.view(actor, beliefs=True)
    told = briefing(board, actor, now.types[actor])
    rungs = ladder(board, node)
    said = " ".join(x for x in (turn(board, node), standing(board, node)) if x)
    return ui.div(
        ui.h3(f"{board.title(actor)} to move"),
        ui.p(said) if said else None,
        ui.div(ui.HTML(bare_table(rungs)), class_="detente inset findings") if rungs else None,
        ui.div(*(ui.tags.button(
            act.deed(board.titles), type="button", class_="btn btn-default",
            data_input=session.ns("move"), data_value=f"{_place(now, actor)}:{k}")
            for k, act in enumerate(view.menu)), class_="menu", role="group", aria_label="Moves"),
        ui.tags.details(ui.tags.summary("Your beliefs in the equilibrium"),
                        *_beliefs(now, view), check_of(board.equilibrium)) if beliefs else None,
        ui.tags.details(
            ui.tags.summary(f"Briefing for {board.title(actor)} (private)"),
            *(part for title, lines in told.sections for part in (
                ui.h3(title), ui.tags.ul(*map(ui.tags.li, lines)))),
            ui.div(ui.HTML(bare_table(payoffs(board, actor, now.types[actor]))),
                   class_="detente inset findings")),
        ui.input_action_button(session.ns("back"), "Take back"),
        ui.input_action_button(session.ns("stop"), "End the game"))


def _place(now: Table, actor: str) -> str:
    """Return the word for a menu: an actor's at a place."""
    return f"{actor} {now.node}"


def _beliefs(now: Table, view: Any) -> list[Any]:
    out = []
    for other, held in view.beliefs.items():
        types = now.board.tree.types[now.board.player(other)]
        if len(types) > 1:
            out.append(ui.p(f"{now.board.title(other)}: " + "; ".join(
                f"{kind} {percent(float(p))}" for kind, p in zip(types, held, strict=True))))
    return out or [ui.p("There is nothing that you do not know.")]


def _debrief(now: Table) -> Any:
    record = now.log.record(now.board)
    found = [a for a in accounts(now.board, record if isinstance(record, list) else [record])
             if a.actor in now.persons] if now.steps else []
    board, tree = now.board, now.board.tree
    end = now.terms or now.outcome
    types = "; ".join(f"{board.title(name)}: {tree.types[i][now.types[name]]}"
                      for i, name in enumerate(tree.players) if tree.n_types[i] > 1)
    return [_history(now), ui.p(ui.strong(
                f"The crisis has ended: {end.words(board.titles)}." if end is not None
                else "The game was ended before the crisis was over."), class_="headline"),
            ui.p(f"The private information was: {types}.") if types else None,
            ui.h3("Debrief"),
            sections(html_of(game_section(now.board, a) for a in found)) if found
            else ui.p("No person has moved, so there is nothing to say.", class_="note")]


TAB = Tab("play", "Play", 90, _ui, _server)
