"""Map, ledger and draft of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import DetenteError, InputError
from detente.web.reading.desk import Desk
from detente.web.reading.formal import cases
from detente.web.running import Running
from detente.web.show import problem, sections

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["draft_panel", "ledger_panel", "map_panel", "serve"]


def map_panel() -> Any:
    """Return the map."""
    return ui.div(
        ui.output_ui("relate_form"), ui.output_ui("mapped"))


def ledger_panel() -> Any:
    """Return the ledger."""
    return ui.div(ui.output_ui("ledger_form"), ui.output_ui("ledger_found"))


def draft_panel() -> Any:
    """Return the form of a draft."""
    from detente.reading.archetypes import ARCHETYPES

    return ui.div(
        ui.input_text("draft_name", "Name of the crisis", placeholder="my-crisis"),
        ui.input_select("archetype", "Archetype", {a.id: a.title for a in ARCHETYPES.values()}),
        ui.output_ui("draft_roles"),
        ui.input_text("stake", "In dispute, in neutral words"),
        ui.input_action_button("write_draft", "Write the draft"))


def serve(input: Inputs, desk: Desk) -> None:
    """Serve the three."""
    _map(input, desk)
    _ledger(input, desk)
    _draft(input, desk)


def _map(input: Inputs, desk: Desk) -> None:
    @render.ui
    def relate_form() -> Any:
        found = desk.named()
        if len(found) < 2:
            return None
        return ui.div(
            ui.input_select("from_claim", "Claim", found),
            ui.input_select("relation", "Relation", {
                "attack": "attacks", "support": "supports", "none": "has no relation to"}),
            ui.input_select("to_claim", "Other claim", found),
            ui.input_action_button("relate", "Enter it"), class_="new")

    @reactive.effect
    @reactive.event(input.relate)
    def _relate() -> None:
        from detente.reading.map import enter

        one, other = int(input.from_claim()), int(input.to_claim())
        kind = str(input.relation())

        def work(session: Session) -> Any:
            enter(session, one, kind, other)
            return ui.p("Entered.", class_="fine", role="status")

        desk.do(work)

    @render.ui
    def mapped() -> Any:
        found = desk.map()
        if isinstance(found, Exception):
            return problem(found)
        return ui.p("No claim is confirmed yet.", class_="note") if not found else sections(found)


def _ledger(input: Inputs, desk: Desk) -> None:
    running = Running(desk.jobs)

    @render.ui
    def ledger_form() -> Any:
        found = desk.named()
        return ui.div(
            ui.input_text("asks", "A question, in neutral words"),
            ui.input_checkbox_group("asked_claims", "Its claims", found, width="100%"),
            ui.input_action_button("ask_question", "Make it a table"),
            ui.input_select("ledger_case", "Case", ["", *cases(desk)]),
            ui.input_action_button("judge", "Solve the case for the claims"))

    @reactive.effect
    @reactive.event(input.ask_question)
    def _ask() -> None:
        from detente.reading.questions import ask

        words, claims = str(input.asks()), [int(c) for c in input.asked_claims()]

        def work(session: Session) -> Any:
            ask(session, words, claims)
            return ui.p("The ledger has this table.", class_="fine", role="status")

        desk.do(work)

    @reactive.effect
    @reactive.event(input.judge)
    def _judge() -> None:
        try:
            if not input.ledger_case():
                raise InputError("no case is chosen", expected="a case of the list")
            kept = desk.folder.read(str(input.ledger_case()))
        except DetenteError as wrong:
            desk.note.set(problem(wrong))
            return
        running.begin("reading:ledger", str(desk.place), kept.text, about=desk.changes())

    @reactive.effect
    @reactive.event(input.stop_judge)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def ledger_found() -> Any:
        now = running.state()
        shown = running.shown(ui.input_action_button("stop_judge", "Cancel"))
        if now.items:
            old = now.about != desk.changes()
            return [shown, ui.p("The session has changed since.", class_="stale") if old else None,
                    sections(now.items[-1])]
        found = desk.ledger()
        if isinstance(found, Exception):
            return [shown, problem(found)]
        return [shown, sections(found) if found else ui.p("No claim is confirmed yet.",
                                                          class_="note")]


def _draft(input: Inputs, desk: Desk) -> None:
    @render.ui
    def draft_roles() -> Any:
        from detente.reading.archetypes import archetype

        of = archetype(str(input.archetype()))
        return [ui.p(of.says, class_="note"), *(
            ui.input_text(f"role_{role}", asks + (" (optional)" if role in of.optional else ""))
            for role, asks in {**of.roles, **of.optional}.items())]

    @reactive.effect
    @reactive.event(input.write_draft)
    def _write() -> None:
        from detente.follow.begin import misfit
        from detente.reading.archetypes import archetype
        from detente.reading.draft import draft
        from detente.reading.events import events, events_text, misfit_words

        of = archetype(str(input.archetype()))
        roles = {role: str(input[f"role_{role}"]()) for role in (*of.roles, *of.optional)}
        name, stake = str(input.draft_name()).strip(), str(input.stake())

        def work(session: Session) -> Any:
            made = draft(session, name, of.id, {r: t for r, t in roles.items() if t.strip()},
                         stake=stake)
            dated = events_text(session, name) if events(session) else None
            found = None if dated is None else misfit(made.scenario(), dated)
            desk.folder.begin(name, made.text, dated)
            return ui.p("Written: ", ui.tags.a(name, href=f"?case={name}"),
                        "" if dated is None else " with its events",
                        ". It is a starting point, not a forecast. Every number is unconfirmed.",
                        "" if found is None else f" {misfit_words(session, found)}",
                        class_="fine", role="status")

        desk.do(work)
