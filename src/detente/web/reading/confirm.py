"""Confirm: one candidate after the other, with the reason for its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import InputError
from detente.web.reading.place import Desk

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["panel", "serve"]


def panel() -> Any:
    """Return the part of the page."""
    return ui.div(
        ui.output_ui("candidate"),
        ui.input_text("said_by", "Who says it"),
        ui.input_text_area("paraphrase", "The claim in your own, neutral words", rows=3,
                           width="100%"),
        ui.input_checkbox("again", "Second confirmation, which a folded passage needs",
                          width="100%"),
        ui.div(ui.input_action_button("yes", "Confirm"), ui.input_action_button("no", "No claim"),
               ui.input_action_button("skip", "Skip"), class_="answers"))


def serve(input: Inputs, desk: Desk) -> None:
    """Serve it."""
    passed: reactive.Value[tuple[tuple[int, int, int], ...]] = reactive.Value(())

    @reactive.calc
    def row() -> dict[str, Any] | None:
        from detente.reading.actors import gazetteer
        from detente.reading.candidates import pending

        with desk.open() as session:
            return next((r for r in pending(session, gazetteer()) if _key(r) not in passed()),
                        None)

    @render.ui
    def candidate() -> Any:
        found = row()
        if found is None:
            return ui.p("No candidate waits for a decision.", class_="note")
        words = ui.tags.blockquote(found["exact"], id="exact")
        if found["flags"]:
            words = ui.tags.details(
                ui.tags.summary(f"Folded because of: {', '.join(found['flags'])}. Open it only to "
                                "decide."), words, class_="folded")
        return ui.div(
            words,
            ui.p(f"{found['reason']} {found['name']}, code points {found['start']} to "
                 f"{found['end']}.", class_="note"))

    @reactive.effect
    def _who() -> None:
        found = row()
        ui.update_text("said_by", value=found["author"] if found else "")
        ui.update_text_area("paraphrase", value="")
        ui.update_checkbox("again", value=False)

    def decide(answer: str) -> None:
        found = row()
        if found is None:
            return
        filled = dict(found, confirm=answer)
        if answer == "yes":
            filled |= {"confirm_again": "yes" if input.again() else "",
                       "author": str(input.said_by()), "paraphrase": str(input.paraphrase())}

        def work(session: Session) -> Any:
            from detente.reading.confirm import confirm_rows

            try:
                made = confirm_rows(session, json.dumps(filled))
            except InputError as wrong:  # the page has no file and no lines
                raise InputError(wrong.message, field=wrong.field, expected=wrong.expected,
                                 nearest=wrong.nearest, remedy=wrong.remedy) from None
            words = "Refused." if answer == "no" else (
                "The passage is flagged and needs a second confirmation." if made.waiting
                else f"Confirmed; claims: {len(session.claims())}.")
            return ui.p(words, class_="fine", role="status")

        desk.do(work)

    @reactive.effect
    @reactive.event(input.yes)
    def _yes() -> None:
        decide("yes")

    @reactive.effect
    @reactive.event(input.no)
    def _no() -> None:
        decide("no")

    @reactive.effect
    @reactive.event(input.skip)
    def _skip() -> None:
        found = row()
        if found is not None:
            passed.set((*passed(), _key(found)))


def _key(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["document"], row["start"], row["end"]
