"""Confirm: one candidate after the other, with the reason for its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import InputError
from detente.web.reading.desk import Desk
from detente.web.reading.view import Key, key_of

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["panel", "serve"]

STATUS = {
    "to confirm again": "You confirmed this passage before, and its source has changed since, or "
    "you withdrew its claim. Leave the claim empty to keep an earlier one as it is.",
    "to confirm twice": "This passage is flagged and lacks its second confirmation.",
}
"""The notes on a passage that was confirmed before."""


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
    shown: dict[str, Any] = {"row": None}
    decided: set[Key] = set()  # these are still in the candidates until the session is read again

    @reactive.effect
    def _again() -> None:
        found = desk.candidates()
        decided.clear()
        if found is not None:
            with reactive.isolate():
                now = desk.candidate()
            keep = None if now is None else next(
                (row for row in found.rows if key_of(row) == key_of(now)), None)
            choose(keep)  # the one that a person reads stays, at any place of the order

    def choose(row: Mapping[str, Any] | None = None) -> None:
        with reactive.isolate():
            found, now = desk.candidates(), desk.candidate()
        row = found.first(desk.passed | decided) if row is None else row
        if row != now:
            desk.candidate.set(row)
        if row is None and found.more:
            desk.look()

    @render.ui
    def candidate() -> Any:
        found = desk.candidate()
        if found is None:
            every = desk.candidates()
            waits = every is None or every.more or desk.running.state().working
            return ui.p("The sentences are being put in order." if waits
                        else "No candidate waits for a decision.", class_="note")
        words = ui.tags.blockquote(found["exact"], id="exact")
        if found["flags"]:
            words = ui.tags.details(
                ui.tags.summary(f"Folded because of: {', '.join(found['flags'])}. Open it only to "
                                "decide."), words, class_="folded")
        return ui.div(
            words,
            ui.p(STATUS[found["status"]], class_="note") if found["status"] in STATUS else None,
            ui.p(f"{found['reason']} {found['name']}, code points {found['start']} to "
                 f"{found['end']}.", class_="note"))

    @reactive.effect
    def _who() -> None:
        found = desk.candidate()
        before, shown["row"] = shown["row"], found
        if found and before and (key_of(found), found["status"]) == (
                key_of(before), before["status"]):
            return  # only the reason for its place is new; what a person typed stays
        ui.update_text("said_by", value=found["author"] if found else "")
        ui.update_text_area("paraphrase", value="")
        ui.update_checkbox("again", value=False)

    def decide(answer: str) -> None:
        found = desk.candidate()
        if found is None:
            return
        filled = dict(found, confirm=answer)
        if answer == "yes":
            filled |= {"confirm_again": "yes" if input.again() else "",
                       "author": str(input.said_by()), "paraphrase": str(input.paraphrase())}
        waits = False

        def work(session: Session) -> Any:
            from detente.reading.confirm import confirm_rows

            nonlocal waits
            try:
                made = confirm_rows(session, json.dumps(filled))
            except InputError as wrong:  # the page has no file and no lines
                raise InputError(wrong.message, field=wrong.field, expected=wrong.expected,
                                 nearest=wrong.nearest, remedy=wrong.remedy) from None
            waits = bool(made.waiting)
            words = "Refused." if answer == "no" else (
                "The passage is flagged and needs a second confirmation." if waits
                else f"Confirmed; claims: {len(session.claims())}.")
            return ui.p(words, class_="fine", role="status")

        def after() -> None:
            if not waits:
                decided.add(key_of(found))
                choose()

        desk.do(work, after)

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
        found = desk.candidate()
        if found is not None:
            desk.passed.add(key_of(found))
            choose()
