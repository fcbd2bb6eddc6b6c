"""The tab that follows the crisis: events from the menu with their dates, and what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.errors import DetenteError, InputError
from detente.follow.menu import Way
from detente.render.numbers import percent
from detente.scenario.labels import titles_of
from detente.web.aside import Aside
from detente.web.desk import Desk
from detente.web.editing import OWN, with_event, without_last_event
from detente.web.endings import with_endings
from detente.web.folder import ChangedError
from detente.web.later import Later
from detente.web.live import is_large
from detente.web.moves import Moves, moves_after
from detente.web.running import Running
from detente.web.show import badge, problem, question, sections
from detente.web.stale import as_of
from detente.web.tabs.base import Tab
from detente.web.work.ask import Followed

NEW = "no file"
"""In the place of the hash of a file, if there was none: one that appears is another window's."""
START = (f"follows: {{}}\nsources:\n  - {{{{id: {OWN}, cite: Entered by hand}}}}\n"
         "events: []\n")


@module.ui
def _ui() -> Any:
    return ui.div(
        ui.p("Enter what has happened, one move after the other: Follow lists the moves that may "
             "come next. Each move says something about the governments and about your "
             "assumptions."),
        ui.input_text_area("events", "Events file", "", rows=8, width="100%", spellcheck="false"),
        ui.output_ui("wrong"),
        ui.div(ui.input_action_button("follow", "Follow"),
               ui.input_action_button("take_back", "Take back the last event"),
               ui.input_action_button("empty", "Begin without events"),
               ui.input_action_button("reload", "Back to the file's events"),
               ui.input_action_button("save", "Save the events"), class_="answers"),
        ui.output_ui("next"),
        ui.output_ui("stale"),
        ui.output_ui("found"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    running = Running(desk.jobs)
    listed: reactive.Value[Any] = reactive.Value(None)
    later, aside = Later(listed), Aside()
    trouble: reactive.Value[Any] = reactive.Value(None)
    day: reactive.Value[str] = reactive.Value("")
    opened: reactive.Value[str] = reactive.Value(NEW)
    before: reactive.Value[str] = reactive.Value("")
    """The text of the file, whose line breaks are kept."""

    def load(text: str | None = None) -> None:
        """Put a text into the box, or the events of the file; an empty one if there is no file."""
        with reactive.isolate():
            crisis = desk.crisis()
            try:
                kept = None if text is not None else desk.folder.read_events(desk.name)
            except DetenteError as told:
                trouble.set(problem(told))
                return
            if kept is not None:
                text = kept.text
                opened.set(kept.sha256)
                before.set(kept.text)
            elif text is None and crisis is not None:
                text = START.format(crisis.crisis)
            if text is not None:
                ui.update_text_area("events", value=text)

    @reactive.effect
    def _load() -> None:
        load()

    @reactive.effect
    @reactive.event(input.follow)
    def _follow() -> None:
        begin(str(input.events()))

    def begin(text: str) -> None:
        trouble.set(None)
        if desk.crisis() is not None:
            source = desk.source()
            later.ask(lambda: (
                desk.jobs.result("live:moves", source, text, soon=True) if is_large(source.read())
                else moves_after(desk.solver, source, text)))
            running.begin("ask:followed", source, text, about=(source, text))

    @reactive.effect
    @reactive.event(input.take_back)
    def _take_back() -> None:
        edit(without_last_event)

    def edit(change: Callable[[str], str]) -> None:
        """Change the text in the box by a function of it, which works in a thread, and follow."""
        text = str(input.events())

        def then(made: Any, told: Exception | None) -> None:
            if told is not None:
                trouble.set(problem(told))
            elif str(input.events()) != text:  # a person has typed meanwhile
                edit(change)
            else:
                ui.update_text_area("events", value=made, session=session)
                begin(made)

        aside.do(lambda: change(text), then)

    @reactive.effect
    @reactive.event(input.empty)
    def _empty() -> None:
        crisis = desk.crisis()
        if crisis is not None:
            text = START.format(crisis.crisis)
            load(text)
            begin(text)

    @reactive.effect
    @reactive.event(input.reload)
    def _reload() -> None:
        trouble.set(None)
        load()

    @reactive.effect
    @reactive.event(input.add)
    def _add() -> None:
        try:
            given = input.add()
            actor, move = json.loads(str(given["value"]))
            beside = str(given["beside"])
        except (KeyError, TypeError, ValueError) as told:
            trouble.set(problem(told))
            return
        title = titles_of(desk.crisis()).get(str(actor), "")
        day.set(beside)
        edit(lambda text: with_event(text, beside, str(actor), str(move), title))

    @reactive.effect
    @reactive.event(input.save)
    def _save() -> None:
        try:
            if not desk.own:
                raise InputError("a shipped case is not changed", expected="a copy of it in your "
                                 "folder; duplicate it in the library")
            store(opened())
        except ChangedError:
            trouble.set(question(
                "Another window or program has changed the events since they were opened here.",
                ui.input_action_button("overwrite", "Replace them by these"),
                ui.input_action_button("take_other", "Take the others")))
        except DetenteError as told:
            trouble.set(problem(told))

    def store(expected: str | None) -> None:
        text = with_endings(before(), str(input.events()))
        kept = desk.folder.save_events(desk.name, text, expected)
        opened.set(kept.sha256)
        before.set(kept.text)
        trouble.set(ui.p("Saved beside the crisis.", class_="fine", role="status"))

    @reactive.effect
    @reactive.event(input.overwrite)
    def _overwrite() -> None:
        try:
            store(None)
        except DetenteError as told:
            trouble.set(problem(told))

    @reactive.effect
    @reactive.event(input.take_other)
    def _take_other() -> None:
        try:
            kept = desk.folder.read_events(desk.name)
        except DetenteError as told:
            trouble.set(problem(told))
            return
        if kept is not None:
            opened.set(kept.sha256)
            before.set(kept.text)
            trouble.set(None)
            ui.update_text_area("events", value=kept.text)

    @reactive.effect
    @reactive.event(input.stop)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def wrong() -> Any:
        return trouble()

    @render.ui
    def next() -> Any:
        made = listed()
        if isinstance(made, Exception):
            return problem(made)
        if not isinstance(made, Moves):
            return None
        if not made.ways:
            return ui.p("The crisis has ended: no move can follow.", class_="note")
        with reactive.isolate():  # drawn once, or a day that is being typed would be lost
            crisis = desk.crisis()
            began = max(day(), made.day) or str(getattr(crisis, "date", ""))
            titles = titles_of(crisis)

        def menu(ways: list[Way], label: str) -> Any:
            return ui.div(*(ui.tags.button(
                f"{f'{titles.get(way.actor, way.actor)}: ' if way.actor else ''}{way.move} "
                f"({percent(way.probability)})", type="button", class_="btn btn-default",
                data_input=session.ns("add"), data_beside=session.ns("day"),
                data_value=json.dumps([way.actor, way.move])) for way in ways),
                class_="menu", role="group", aria_label=label)

        chance = [way for way in made.ways if not way.actor]
        return ui.div(
            ui.h3("The next event"),
            ui.tags.label("Day", for_=session.ns("day")),
            ui.tags.input(type="date", id=session.ns("day"), value=began[:10],
                          class_="form-control day"),
            menu([way for way in made.ways if way.actor], "Moves that may come next"),
            [ui.p("Or a result of chance, which may be left out:"),
             menu(chance, "Results of chance that may come next")] if chance else None,
            badge(made.checked, "The probabilities are those at the page's values in the fallible "
                  "model.", made.check))

    @render.ui
    def stale() -> Any:
        about = running.about()
        if about is None:
            return None
        source, text = about
        return [as_of(source, desk.source(), follows=False),
                ui.p("The events were changed since.", class_="stale")
                if text != str(input.events()) else None]

    @render.ui
    def found() -> Any:
        now = running.state()
        if now.wrong is not None and isinstance(listed(), Exception):
            return None  # the events do not fit, which is said above
        shown = running.shown(ui.input_action_button(session.ns("stop"), "Cancel", class_="small"))
        made = now.items[-1] if now.items else None
        if not isinstance(made, Followed):
            return shown
        return [shown, ui.p(made.answer, class_="headline"),
                sections(made.html) if made.html else None]


TAB = Tab("follow", "Follow", 85, _ui, _server)
