"""The library: the crises of the folder, and those that detente ships."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shiny import Inputs, Outputs, Session, reactive, render, ui

from detente.cases.names import casebook
from detente.errors import DetenteError
from detente.web import drafts
from detente.web.aside import Aside
from detente.web.facts import facts_of
from detente.web.later import Later
from detente.web.reading import shelf
from detente.web.show import problem, question

if TYPE_CHECKING:
    from detente.web.folder import Entry, Folder
    from detente.web.jobs import Jobs

__all__ = ["FEW", "matching", "page", "serve"]

FEW = 12
"""Most crises without a field to search them."""


def page() -> Any:
    """Return the page."""
    return ui.div(
        ui.p("Open a crisis, move its assumptions, and see the answer move. The app sends nothing "
             "to other sites."),
        ui.div(ui.output_ui("told"), ui.output_ui("not_copied"), aria_live="polite"),
        ui.output_ui("search"),
        ui.h2("Your folder"),
        ui.output_ui("own"),
        ui.output_ui("left_out"),
        ui.div(
            ui.input_text("new_name", "New crisis", placeholder="my-crisis"),
            ui.input_action_button("create", "Write it from the template"), class_="new"),
        drafts.part(),
        shelf.part(),
        ui.h2("Shipped cases"),
        ui.output_ui("shipped"),
        ui.tags.details(ui.tags.summary(f"Casebook: {len(casebook())} past crises coded by rules"),
                        ui.output_ui("book")),
        class_="library")


def serve(
    input: Inputs, output: Outputs, session: Session, folder: Folder, jobs: Jobs
) -> None:
    """Serve the library to one window."""
    changed: reactive.Value[int] = reactive.Value(0)
    note: reactive.Value[Any] = reactive.Value(None)
    doomed: reactive.Value[str] = reactive.Value("")
    token: reactive.Value[str] = reactive.Value("")
    model: reactive.Value[str] = reactive.Value("")
    refused: reactive.Value[Any] = reactive.Value(None)
    read: reactive.Value[Any] = reactive.Value(None)
    book_read: reactive.Value[Any] = reactive.Value(None)
    reading, book_reading, aside = Later(read), Later(book_read), Aside()

    def told_of(work: Callable[[], Any]) -> None:
        refused.set(None)
        try:
            note.set(work())
        except DetenteError as wrong:
            note.set(problem(wrong))
        changed.set(changed() + 1)

    @render.ui
    def heading() -> Any:
        return ui.h1("Crises")

    @render.ui
    def told() -> Any:
        return note()

    @render.ui
    def not_copied() -> Any:
        return refused()

    @reactive.effect
    def _read() -> None:
        changed()
        reading.ask(folder.entries)

    @reactive.calc
    def entries() -> list[Entry]:
        found = read()
        return found if isinstance(found, list) else []

    @reactive.calc
    def many() -> bool:
        return len(entries()) > FEW

    @reactive.calc
    def sought() -> str:
        return str(input.find()) if many() and input.find.is_set() else ""

    @render.ui
    def search() -> Any:
        if not many():
            return None
        return ui.input_text("find", "Search", placeholder="title, name or year")

    @render.ui
    def own() -> Any:
        if isinstance(read(), Exception):
            return problem(read())
        if read() is None:
            return ui.p("The files are being read.", class_="note")
        found = [e for e in entries() if e.own]
        if not found:
            return ui.p("No crisis file is here yet. Write one from the template, or duplicate a "
                        "shipped case.", class_="note")
        return table(matching(found, sought()))

    @render.ui
    def left_out() -> Any:
        changed()  # and not the search, which would close it again
        return _hidden(folder.left_out())

    @render.ui
    def shipped() -> Any:
        if read() is None:
            return None
        return table(matching([e for e in entries() if not e.own], sought()))

    @render.ui
    def book() -> Any:
        if book_read() is None:  # it is shown for the first time
            book_reading.ask(folder.book)
            return ui.p("The files are being read.", class_="note")
        return table(matching(book_read(), sought()))

    def written(name: str) -> None:
        told_of(lambda: ui.p("Drafted: ", _link(name), ". It is a starting point, not a forecast.",
                             class_="fine", role="status"))

    drafts.serve(input, folder, jobs, written)
    shelf.serve(input, folder)

    @reactive.effect
    @reactive.event(input.create)
    def _create() -> None:
        name = str(input.new_name()).strip()
        told_of(lambda: ui.p("Written: ", _link(folder.create(name).name), class_="fine",
                             role="status"))

    @reactive.effect
    @reactive.event(input.duplicate)
    def _duplicate() -> None:
        name = str(input.duplicate())

        def work() -> tuple[str, str]:
            return facts_of(folder.read(name).text, folder.place(name))[0], folder.free(name)

        def then(made: Any, wrong: Exception | None) -> None:
            refused.set(None)
            if wrong is not None:
                note.set(problem(wrong))
                return
            title, free = made
            model.set(name)
            note.set(question(
                f"Copy {name} into your folder?",
                ui.input_text("copy_name", "Name of the copy", free),
                ui.input_text("copy_title", "Its title", f"{title or name}, copy"),
                ui.input_action_button("copy", "Copy"), ui.input_action_button("keep", "Cancel")))

        aside.do(work, then)

    @reactive.effect
    @reactive.event(input.copy)
    def _copy() -> None:
        of = model()
        to, title = (str(one()).strip() for one in (input.copy_name, input.copy_title))

        def then(made: Any, wrong: Exception | None) -> None:
            if wrong is not None:  # beside the question, so that the names stay
                refused.set(problem(wrong))
                return
            told_of(lambda: ui.p("Copied as ", _link(made), class_="fine", role="status"))

        aside.do(lambda: folder.duplicate(of, to, title or None), then)

    @reactive.effect
    @reactive.event(input.delete)
    def _delete() -> None:
        doomed.set(str(input.delete()))
        refused.set(None)
        note.set(question(
            f"Delete {doomed()}? Undo brings it back at once. Later its file can be found in the "
            "folder .detente/bin.", ui.input_action_button("really", "Delete"),
            ui.input_action_button("keep", "Keep")))

    @reactive.effect
    @reactive.event(input.keep)
    def _keep() -> None:
        refused.set(None)
        note.set(None)

    @reactive.effect
    @reactive.event(input.really)
    def _really() -> None:
        def work() -> Any:
            token.set(folder.delete(doomed()))
            return ui.p(f"{doomed()} is deleted. ",
                        ui.input_action_button("undo", "Undo", class_="small"), role="status")

        told_of(work)

    @reactive.effect
    @reactive.event(input.undo)
    def _undo() -> None:
        try:
            back = folder.undo(token())
        except DetenteError as wrong:  # beside the button, which can be used again
            refused.set(problem(wrong))
            return
        told_of(lambda: ui.p("Back again: ", _link(back), class_="fine", role="status"))


def _link(name: str) -> Any:
    return ui.tags.a(name, href=f"./?case={name}")


def matching(found: list[Entry], words: str) -> list[Entry]:
    """Return the entries whose name, title or date holds every word.

    Examples
    --------
    >>> from detente.web.folder import Entry
    >>> known = [Entry("a", "Missiles in Cuba", "1962-10-22", False),
    ...          Entry("b", "Kargil", "", True)]
    >>> [e.name for e in matching(known, "CUBA 1962")], len(matching(known, " "))
    (['a'], 2)
    """
    asked = words.casefold().split()
    return [e for e in found
            if all(w in f"{e.name} {e.title} {e.date}".casefold() for w in asked)]


def _hidden(files: list[tuple[str, str]]) -> Any:
    """Return the files that are not shown, with the reasons, behind a fold."""
    if not files:
        return None
    words = "1 YAML file is" if len(files) == 1 else f"{len(files)} YAML files are"
    return ui.tags.details(
        ui.tags.summary(f"{words} not shown"),
        ui.tags.ul(*(ui.tags.li(f"{name}: {why}" if name else why) for name, why in files)),
        class_="note")


def table(found: list[Entry]) -> Any:
    """Return entries as a table."""
    if not found:
        return ui.p("No crisis matches the search.", class_="note")
    heads = ("crisis", "date", "state", "actions")
    return ui.tags.table(
        ui.tags.thead(ui.tags.tr(*(ui.tags.th(h, scope="col") for h in heads))),
        ui.tags.tbody(*map(_row, found)), class_="entries")


def _row(entry: Entry) -> Any:
    state = (ui.span(f"{entry.errors} error{'s' if entry.errors > 1 else ''}", class_="bad")
             if entry.errors else ui.span("valid", class_="fine"))
    buttons = [_button("duplicate", "Duplicate", entry)]
    if entry.own:
        buttons.append(_button("delete", "Delete", entry))
    return ui.tags.tr(
        ui.tags.th(ui.tags.a(entry.title, href=f"./?case={entry.name}"),
                   ui.span(f" {entry.name}", class_="note"),
                   ui.p(entry.answer, class_="answer-line") if entry.answer else None, scope="row"),
        ui.tags.td(entry.date), ui.tags.td(state), ui.tags.td(*buttons))


def _button(kind: str, words: str, entry: Entry) -> Any:
    return ui.tags.button(words, type="button", class_="act btn btn-default", data_kind=kind,
                          data_name=entry.name, aria_label=f"{words} {entry.title}")
