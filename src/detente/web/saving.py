"""The bar above the crisis: what differs from the saved file, save, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shiny import Inputs, Session, reactive, render, ui

from detente.errors import DetenteError, InputError
from detente.scenario.labels import labels, titles_of
from detente.scenario.paths import numbers, where
from detente.web import changed
from detente.web.address import query
from detente.web.desk import check
from detente.web.editing import with_title
from detente.web.facts import facts_of
from detente.web.lines import changed_lines
from detente.web.marking import with_change
from detente.web.show import problem, question

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario
    from detente.web.desk import Desk
    from detente.web.files import Saved

__all__ = ["bar", "serve"]


def bar() -> Any:
    """Return the part of the page."""
    return ui.div(ui.output_ui("changes"), class_="changes")


def titled(before: str, after: str) -> str:
    r"""Return the text of a copy; if its title is still the first one, it says that it is a copy.

    Examples
    --------
    >>> titled("title: Cuba\n", "title: Cuba\nturns: 3\n")
    'title: "Cuba, copy"\nturns: 3\n'
    >>> titled("title: Cuba\n", "title: Mine\n")
    'title: Mine\n'
    """
    title = facts_of(after)[0]
    if not title or title != facts_of(before)[0]:
        return after
    try:
        return with_title(after, f"{title}, copy")
    except InputError:
        return after


def serve(input: Inputs, session: Session, desk: Desk) -> None:
    """Serve the bar."""
    trouble: reactive.Value[Any] = reactive.Value(None)

    @render.ui
    def changes() -> Any:
        lines = changed_lines(desk.saved(), desk.text()) if desk.text() != desk.saved() else 0
        parts: list[Any] = []
        if lines:
            parts.append(ui.div(
                ui.span(f"Text: {lines} line{'s' if lines > 1 else ''} changed, not saved."),
                ui.input_action_button("save", "Save" if desk.own else "Save a copy"),
                ui.input_action_button("discard", "Back to the saved text"), class_="change"))
        parts += _sliders(desk)
        if trouble() is not None:
            parts.append(trouble())
        if not parts:
            parts.append(ui.span("As saved." if desk.own else "A shipped case, unchanged. "
                                 "Move a slider, and the answer moves. The tab Drivers under "
                                 "Reasons has the numbers that matter most. Or change a number "
                                 "in its box and save a copy.", class_="note"))
        first, good = desk.opened(), desk.good()
        if desk.text() == good.text or not desk.checked().errors:
            parts.append(changed.panel(first.text, desk.text(), first.crisis, good.crisis))
        else:
            parts.append(changed.panel(first.text, desk.text(), None, None))
        return parts

    @reactive.effect
    async def _kept() -> None:
        # The browser keeps text that is not saved, so that it survives a reload.
        await session.send_custom_message("keep", {
            "key": f"detente:text:{desk.folder.id}:{desk.name}", "of": desk.sha256,
            "text": desk.text() if desk.text() != desk.saved() else None})

    @reactive.effect
    async def _placed() -> None:
        # A reload or a bookmark opens the sliders where they are.
        await session.send_custom_message("address", {"query": query(desk.name, desk.moved())})

    @reactive.effect
    @reactive.event(input.save)
    def _save() -> None:
        # A number that was entered a moment ago is still being put into the text.
        desk.aside.do(lambda: None, lambda made, wrong: save(False) if desk.own else copy())

    @reactive.effect
    @reactive.event(input.overwrite)
    def _overwrite() -> None:
        trouble.set(None)
        save(True)

    @reactive.effect
    @reactive.event(input.write_sliders)
    def _write_sliders() -> None:
        write(lambda: None)

    @reactive.effect
    @reactive.event(input.save_sliders)
    def _save_sliders() -> None:
        write(copy)

    def write(after: Callable[[], None]) -> None:
        """Write the values of the sliders into the text, then go on."""
        moved = dict(desk.moved())
        trouble.set(None)

        def edit(text: str, crisis: Scenario) -> str:
            places = where(crisis)
            for path, value in moved.items():
                if path in places:
                    text = with_change(text, places[path], f"{value:.4g}")
            return text

        async def then(wrong: Exception | None) -> None:
            if wrong is not None:
                trouble.set(problem(InputError(wrong.message, expected=wrong.expected)
                                    if isinstance(wrong, InputError) else wrong))
                return
            desk.moved.set({})
            await session.send_custom_message("centre", {})
            after()

        desk.change(edit, then)

    @reactive.effect
    @reactive.event(input.take_other)
    def _take_other() -> None:
        trouble.set(None)

        def work() -> Saved:
            kept = desk.folder.read(desk.name)
            check(kept.text, desk.name, desk.case)
            return kept

        def then(kept: Any, wrong: Exception | None) -> None:
            if wrong is not None:
                trouble.set(problem(wrong))
                return
            desk.sha256 = desk.on_disk = kept.sha256
            desk.saved.set(kept.text)
            desk.opened.set(check(kept.text, desk.name, desk.case))
            desk.replace(kept.text)

        desk.aside.do(work, then)

    @reactive.effect
    @reactive.event(input.leave)
    def _leave() -> None:
        trouble.set(None)

    @reactive.effect
    @reactive.event(input.discard)
    def _discard() -> None:
        desk.sha256 = desk.on_disk
        desk.replace(desk.saved())

    @reactive.effect
    @reactive.event(input.all_back)
    async def _all_back() -> None:
        desk.moved.set({})
        await session.send_custom_message("centre", {})

    def copy() -> None:
        """Write the text of a shipped case into the folder, and open it there."""
        trouble.set(None)
        before, after = desk.saved(), desk.text()

        async def then(name: Any, wrong: Exception | None) -> None:
            if wrong is not None:
                trouble.set(problem(wrong))
                return
            await session.send_custom_message(
                "open", {"query": query(name, desk.moved())})

        desk.aside.do(lambda: desk.folder.copy_as(desk.name, titled(before, after)), then)

    def save(force: bool) -> None:
        from detente.web.folder import ChangedError

        trouble.set(None)
        text = desk.text()
        try:
            kept = desk.folder.save(desk.name, text, None if force else desk.sha256)
        except ChangedError:
            trouble.set(question(
                "Another window or program has changed this file since it was opened here.",
                ui.input_action_button("overwrite", "Replace it by this text"),
                ui.input_action_button("take_other", "Take the other text"),
                ui.input_action_button("leave", "Do nothing")))
            return
        except DetenteError as wrong:
            trouble.set(problem(wrong))
            return
        desk.sha256 = desk.on_disk = kept.sha256
        desk.saved.set(text)
        if desk.checked().text == text and desk.checked().errors:
            trouble.set(problem(InputError(
                "the text is saved, and it has errors",
                remedy="mend the lines that the tab Text marks")))


def _sliders(desk: Desk) -> list[Any]:
    moved, crisis = desk.moved(), desk.crisis()
    if not moved or crisis is None:
        return []
    every = numbers(crisis)
    named = labels(every.values(), titles_of(crisis))
    told = [f"{named[path]}: {value:.3g} (centre {every[path].centre:.3g})"
            for path, value in moved.items() if path in every]
    return [ui.div(
        ui.span(f"{len(told)} slider{'s' if len(told) > 1 else ''} moved: " + "; ".join(told)),
        ui.input_action_button("all_back", "All back to the centre"),
        ui.input_action_button("write_sliders", "Write into the text"),
        None if desk.own else ui.input_action_button(
            "save_sliders", "Save a copy with these values"), class_="change")]
