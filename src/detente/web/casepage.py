"""The page of a case: on the left the crisis as a form and as text, on the right the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shiny import Inputs, Outputs, Session, reactive, render, ui

from detente.errors import InputError
from detente.scenario.paths import numbers, where
from detente.scenario.yamlfile import MAX_BYTES
from detente.web import first, follows, saving, takeaway
from detente.web.address import moved_of
from detente.web.aside import Aside
from detente.web.desk import Desk, allowed, check
from detente.web.endings import with_endings
from detente.web.form import form as fields
from detente.web.found import keep_found
from detente.web.live import is_large
from detente.web.marking import with_change
from detente.web.show import problem
from detente.web.tabs import tabs

if TYPE_CHECKING:
    from pathlib import Path

    from detente.scenario.schema import Scenario
    from detente.web.files import Saved
    from detente.web.folder import Folder
    from detente.web.jobs import Jobs

__all__ = ["MOST_ERRORS", "page", "problems", "serve"]

NAMED = 3
"""Numbers of an address that are named if they are left out."""
MOST_ERRORS = 500
"""Most errors of a text that are listed and underlined. A text can have 100,000, and a list of them
would hold all windows."""


def page() -> Any:
    """Return the page; it holds nothing of the case yet."""
    return ui.div(
        ui.output_ui("trouble"),
        ui.div(
            ui.tags.section(
                saving.bar(),
                ui.navset_underline(
                    ui.nav_panel("Form", ui.output_ui("refused"), ui.output_ui("form"),
                                 value="form"),
                    ui.nav_panel(
                        "Text",
                        ui.output_ui("errors"),
                        ui.input_code_editor("text", "The crisis file", "", language="yaml",
                                             height="70vh", tab_size=2,
                                             theme_light="vs-code-light"),
                        value="text"),
                    id="side"),
                id="numbers", class_="pane left", aria_label="The crisis", tabindex="0"),
            ui.tags.section(
                first.panel(),
                follows.panel(),
                id="answer", class_="pane right", aria_label="The answer", tabindex="0"),
            class_="panes"),
    )


def serve(
    input: Inputs, output: Outputs, session: Session, folder: Folder, jobs: Jobs, name: str,
    search: str,
) -> None:
    """Serve one window with a case."""
    unread: reactive.Value[Exception | None] = reactive.Value(None)

    @render.ui
    def trouble() -> Any:
        found = unread()
        return None if found is None else problem(found)

    def work() -> tuple[Saved, Path | None]:
        kept, case = folder.read(name), folder.place(name)
        check(kept.text, name, case)
        return kept, case

    def then(made: Any, error: Exception | None) -> None:
        if error is not None:
            unread.set(error)
        else:
            kept, case = made
            _opened(input, session, search, Desk(
                name, kept.text, folder, jobs, own=kept.own, sha256=kept.sha256, case=case))

    Aside().do(work, then)


def _opened(input: Inputs, session: Session, search: str, desk: Desk) -> None:
    """Serve a case that was read."""
    _address(desk, search)

    @render.ui
    def heading() -> Any:
        crisis = desk.crisis()
        return ui.h1(crisis.title if crisis is not None else desk.name,
                     ui.span(f" {desk.name}" + ("" if desk.own else ", as shipped"), class_="note"))

    _text(input, session, desk)
    _form(input, session, desk)
    _live(desk)
    saving.serve(input, session, desk)
    keep_found(desk)
    first.serve(input, desk)
    takeaway.serve(input, session, desk)
    for tab in tabs():
        tab.server(tab.key, desk)


def _address(desk: Desk, search: str) -> None:
    """Set the sliders to the values of the address; say which values are left out."""
    asked = moved_of(search)
    with reactive.isolate():
        crisis = desk.crisis()
    if crisis is None:
        if asked:
            ui.notification_show("The address of this page sets sliders. They are left out, "
                                 "because the text has an error.", duration=None, type="warning")
        return
    found = allowed(crisis, asked)
    desk.moved.set(found)
    out = [path for path in asked if path not in found]
    if out:
        more = "" if len(out) <= NAMED else f" and {len(out) - NAMED} more"
        ui.notification_show(
            f"The address of this page sets {', '.join(p[:60] for p in out[:NAMED])}{more}, which "
            "the saved text does not have or does not allow. The answer is without these values.",
            duration=None, type="warning")


def _text(input: Inputs, session: Session, desk: Desk) -> None:
    with reactive.isolate():
        ui.update_code_editor("text", value=desk.text())

    @reactive.effect
    @reactive.event(input.typed)
    def _typed() -> None:
        text = with_endings(desk.text(), str(input.typed())[:MAX_BYTES + 1])
        if text != desk.text():
            desk.write(text)

    @reactive.effect
    @reactive.event(input.restored)
    def _restored() -> None:
        found = dict(input.restored())
        same = desk.restore(str(found.get("text", ""))[:MAX_BYTES + 1], str(found.get("of", "")))
        ui.notification_show("Text that was not saved before is here again." + (
            "" if same else " Another window or program has changed the file since then, so "
            "you are asked before it is replaced."), duration=8 if same else None)

    @reactive.effect
    async def _marked() -> None:
        found = desk.checked()
        await session.send_custom_message("marks", {"lines": [
            {"line": e.line, "words": e.message} for e in found.errors[:MOST_ERRORS] if e.line]})

    @render.ui
    def errors() -> Any:
        found = desk.checked()
        if not found.errors:
            return [ui.p("The file is valid.", class_="fine", role="status"),
                    *(ui.p(text, class_="remark") for text in found.remarks)]
        return problems(found.errors, earlier=desk.crisis() is not None)


def problems(errors: Sequence[InputError], *, earlier: bool) -> Any:
    """Return the errors of a text as a list; each leads to its line.

    Parameters
    ----------
    errors
        At least one.
    earlier
        Whether the page has an answer, which is that of an earlier text.
    """
    many = len(errors)
    answer = ("The answer is that of the last text without an error." if earlier
              else "An answer appears when the text has none.")
    return ui.div(
        ui.p(f"{many:,} error{'s' if many > 1 else ''}. {answer}", class_="bad"),
        ui.tags.ul(*(ui.tags.li(_place(e)) for e in errors[:MOST_ERRORS])),
        ui.p(f"These are the first {MOST_ERRORS}; the others follow when some of them are "
             "mended.") if many > MOST_ERRORS else None,
        class_="problem", role="alert")


def _place(wrong: InputError) -> Any:
    told = str(wrong).partition(": ")[2] if wrong.file else str(wrong)
    if not wrong.line:
        return told
    return ui.tags.button(told, type="button", class_="goto", data_line=str(wrong.line))


def _form(input: Inputs, session: Session, desk: Desk) -> None:
    refusal: reactive.Value[Exception | None] = reactive.Value(None)

    @render.ui
    def form() -> Any:
        found = desk.good().crisis
        if found is None:
            return ui.p("The form appears when the text is a valid crisis.", class_="note")
        with reactive.isolate():
            moved, opened = dict(desk.moved()), desk.opened().crisis
        if moved or found is not opened:
            return fields(found, moved, None if opened is None else numbers(opened))
        return found.once("form", lambda: fields(found, {}))  # windows with one text share it

    @render.ui
    def refused() -> Any:
        wrong = refusal()
        if wrong is not None:
            return problem(wrong)
        return ui.p("The text has an error; the form shows the last text without one.",
                    class_="bad") if desk.checked().errors and desk.crisis() is not None else None

    @reactive.effect
    @reactive.event(input.moved)
    def _moved() -> None:
        crisis = desk.crisis()
        if crisis is not None:
            desk.moved.set(allowed(crisis, {
                path: float(value) for path, value in dict(input.moved() or {}).items()}))

    @reactive.effect
    @reactive.event(input.written)
    async def _written() -> None:
        change = input.written()
        path, value = str(change["path"]), str(change["value"])
        refusal.set(None)
        await session.send_custom_message("refuse", {})

        def edit(text: str, crisis: Scenario) -> str:
            places = where(crisis)
            if path not in places:
                raise InputError(f"there is no number {path[:80]}", expected="a number of the form")
            return with_change(text, places[path], value)

        async def then(wrong: Exception | None) -> None:
            if wrong is None:
                desk.moved.set({p: v for p, v in desk.moved().items() if p != path})
                return
            bare = InputError(wrong.message, expected=wrong.expected) if isinstance(
                wrong, InputError) else wrong
            refusal.set(bare)
            await session.send_custom_message("refuse", {"path": path, "words": str(bare)})

        desk.change(edit, then)


def _live(desk: Desk) -> None:
    @reactive.effect
    def _ask() -> None:
        crisis, source = desk.crisis(), desk.source()
        if crisis is not None:
            desk.solving.ask(lambda: (
                desk.jobs.result("live:answer", source, soon=True) if is_large(crisis)
                else desk.solver.answer(crisis, source.moved)))
