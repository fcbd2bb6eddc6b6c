"""The tab with the claims of the file, and a claim of one's own."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.errors import InputError
from detente.game.explore import graph_of
from detente.web.desk import Desk
from detente.web.editing import with_claim_added
from detente.web.later import Later
from detente.web.running import Running
from detente.web.show import problem, sections
from detente.web.stale import HALTED, as_of
from detente.web.tabs.base import Tab
from detente.web.work.ask import with_claim

EXAMPLES = ("P(war) < 0.1", "P(settlement) > 2 * P(war)")
MOST_NAMES = 400


@module.ui
def _ui() -> Any:
    return ui.div(
        ui.h3("A claim of your own"),
        ui.input_text("says", "In words", placeholder="War is unlikely.", width="100%"),
        ui.tags.div(
            ui.input_text("holds", "Holds if", placeholder=EXAMPLES[0], width="100%"),
            class_="complete", data_names=module.resolve_id("names")),
        ui.output_ui("completion"),
        ui.output_ui("judged"),
        ui.input_action_button("ask", "Ask"),
        ui.input_action_button("add", "Add it to the text"),
        ui.output_ui("stale"),
        ui.output_ui("asked"),
        ui.h3("Claims of the file"),
        ui.output_ui("own_stale"),
        ui.output_ui("own"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    running = Running(desk.jobs)
    refused: reactive.Value[Any] = reactive.Value(None)

    @render.ui
    def completion() -> Any:
        crisis = desk.crisis()
        return None if crisis is None else ui.tags.datalist(
            *(ui.tags.option(value=name) for name in names_of(crisis)),
            id=session.ns("names"))

    judgement: reactive.Value[Any] = reactive.Value(None)
    later = Later(judgement)

    @reactive.effect
    def _judge() -> None:
        text, crisis = str(input.holds()).strip(), desk.crisis()
        if text and crisis is not None:
            says = str(input.says())
            later.ask(lambda: (text, with_claim(crisis, says, text)))

    @render.ui
    def judged() -> Any:
        text, crisis, found = str(input.holds()).strip(), desk.crisis(), judgement()
        if refused() is not None:
            return refused()
        if not text or crisis is None:
            return ui.p("Examples: ", ui.tags.code(EXAMPLES[0]), " and ",
                        ui.tags.code(EXAMPLES[1]), ". Names of moves, outcomes and packages are "
                        "offered while you type.", class_="note")
        if isinstance(found, InputError):  # its place is this box, or the one above
            return problem(InputError(
                found.message, field="In words" if found.field == "says" else None,
                expected=found.expected, nearest=found.nearest))
        if isinstance(found, Exception):
            return problem(found)
        return ui.p("The claim can be tested.", class_="fine",
                    role="status") if found is not None and found[0] == text else None

    @reactive.effect
    @reactive.event(input.holds)
    def _typed() -> None:
        refused.set(None)

    @reactive.effect
    @reactive.event(input.ask)
    def _ask() -> None:
        if not str(input.holds()).strip():
            refused.set(problem(InputError("the claim has no condition yet",
                                           expected="a condition in the box Holds if, such as "
                                           f"{EXAMPLES[0]}")))
        elif desk.crisis() is not None:
            running.begin("ask:claim", desk.source(), str(input.says()), str(input.holds()),
                          about=desk.source())

    @reactive.effect
    @reactive.event(input.add)
    def _add() -> None:
        says, holds = str(input.says()), str(input.holds())

        def edit(text: str, crisis: Any) -> str:
            with_claim(crisis, says, holds)
            return with_claim_added(text, [c.id for c in crisis.claims], says, holds)

        def then(wrong: Exception | None) -> None:
            refused.set(ui.p("Added to the text; save it to keep it.", class_="fine",
                             role="status") if wrong is None else problem(wrong))

        desk.change(edit, then)

    @reactive.effect
    @reactive.event(input.stop)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def stale() -> Any:
        return as_of(running.about(), desk.source(), follows=False)

    @render.ui
    def own_stale() -> Any:
        source, html = desk.found().html.get("claims", (None, ""))
        return as_of(source, desk.source(), halted=desk.halted()) if html else None

    @render.ui
    def asked() -> Any:
        return running.result(
            ui.input_action_button(session.ns("stop"), "Cancel", class_="small"))

    @render.ui
    def own() -> Any:
        found = desk.found()
        html = found.html.get("claims", (None, ""))[1]
        if html:
            return sections(html)
        if found.whole:
            return ui.p("The file makes no claims.", class_="note")
        return ui.p(HALTED if desk.halted() else "The claims follow when the samples are solved.",
                    class_="note")


def names_of(crisis: Any) -> list[str]:
    """Return the names that a claim may use."""
    from detente.claims.names import Names

    def made() -> list[str]:
        known = Names.of_graph(graph_of(crisis))
        acts = [f"{actor}: {act.deed()}" for actor, acts in known.moves.items() for act in acts]
        found = dict.fromkeys([*map(str, known.outcomes), *known.actors, *known.rungs,
                               *known.packages, *acts, *known.mechanisms, *known.numbers])
        return list(dict.fromkeys([*list(found)[:MOST_NAMES], *outside_of(crisis)]))

    names: list[str] = crisis.once("names for the page", made)
    return names


def outside_of(crisis: Any) -> list[str]:
    """Return the names outside the game: states and shocks of the ties file, and base rates."""
    world = crisis.outside
    if world is None:
        return []
    found = ["rate(", *world.rates()]
    with suppress(InputError):  # there is no ties file
        found += ["aligned(", "between(", *list(world.states() or ())[:MOST_NAMES]]
        found += ["returns(", *world.shocks()]
    return list(dict.fromkeys(found))


TAB = Tab("claims", "Claims", 60, _ui, _server, ("claims",))
