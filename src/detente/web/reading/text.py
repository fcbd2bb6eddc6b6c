"""The pane of the text: turn by turn, confirmed passages marked, flagged sentences folded."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import DetenteError
from detente.web.reading.place import Desk, texts
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.reading.records import Turn
    from detente.reading.store import Session

__all__ = ["choice", "pane", "serve"]

FOLDED = "[folded]"


def choice() -> Any:
    """Return the choice of a text; it stands above both panes, also on a narrow screen."""
    return ui.div(ui.output_ui("choose_file"), ui.output_ui("choose_document"), class_="new")


def pane() -> Any:
    """Return the pane."""
    return ui.tags.section(
        ui.output_ui("reading_text"), class_="pane left", aria_label="The text", tabindex="0")


def serve(input: Inputs, desk: Desk) -> None:
    """Serve it."""
    @render.ui
    def choose_file() -> Any:
        found = texts(desk.folder)
        if not found:
            return ui.p("Put a text (.txt, .md, .html, .pdf, .eml) into the app's folder.",
                        class_="note")
        return ui.div(ui.input_select("file", "A text of the folder", found),
                      ui.input_action_button("read_file", "Read it"), class_="new",
                      style="margin: 0")

    @reactive.effect
    @reactive.event(input.read_file)
    def _read() -> None:
        name = str(input.file())

        def work(session: Session) -> Any:
            from detente.reading.ingest import read_into

            if name not in texts(desk.folder):
                return ui.p("This text is not in the folder any more.", class_="bad")
            made = read_into(session, desk.folder.path / name)
            return ui.p(f"{name}: {made.state}, {made.turns} turns, {made.sentences} sentences.",
                        class_="fine", role="status")

        desk.do(work)

    @render.ui
    def choose_document() -> Any:
        with desk.open() as session:
            found = {str(d.id): d.name for d in session.documents()}
        if not found:
            return None
        with reactive.isolate():
            chosen = str(input.document()) if input.document.is_set() else None
        return ui.input_select("document", "Document", found, selected=chosen)

    @render.ui
    def reading_text() -> Any:
        if not input.document.is_set() or not input.document():
            return None
        try:
            with desk.open() as session:
                return shown(session, int(input.document()))
        except (DetenteError, ValueError) as wrong:
            return problem(wrong) if isinstance(wrong, DetenteError) else None


def shown(session: Session, number: int) -> Any:
    """Return a document with its turns; flagged sentences that no one confirmed are folded."""
    from detente.reading.flags import flags_of, units
    from detente.reading.order import reading_order

    document = session.document(number)
    folded = [(c.start, c.end) for c in reading_order(session)
              if c.document == number and c.flags]
    marked = []
    for p in session.passages(document=number):
        if p.status in ("confirmed", "to confirm again") and p.usable:
            marked.append((p.start, p.end))
        elif p.flagged or p.status == "refused":
            folded.append((p.start, p.end))
    turns = session.turns(number)
    for t in turns:  # also what is no sentence, such as code
        folded += [(a, b) for a, b in units(document.text, t.start, t.end)
                   if flags_of(document.text[a:b])]
    names = {t.id: FOLDED if flags_of(t.author) else t.author for t in turns}
    if not turns:
        return ui.div(*_pieces(document.text, 0, len(document.text), marked, folded),
                      class_="reading")
    return ui.div(*(
        ui.tags.article(ui.tags.h2(_head(t, names)),
                        ui.p(*_pieces(document.text, t.start, t.end, marked, folded)))
        for t in turns), class_="reading")


def _head(turn: Turn, names: dict[int, str]) -> str:
    answered = names.get(turn.reply_to) if turn.reply_to is not None else None
    return (names[turn.id] or "–") + (f" to {answered}" if answered else "")


def _pieces(
    text: str, start: int, end: int, marked: list[tuple[int, int]], folded: list[tuple[int, int]]
) -> list[Any]:
    """Return the parts of a span: plain, marked, or the sign of a folded one."""
    cuts = sorted({start, end, *(x for pair in (*marked, *folded) for x in pair
                                 if start < x < end)})
    out: list[Any] = []
    for a, b in pairwise(cuts):
        if any(s <= a and b <= e for s, e in marked):
            out.append(ui.tags.mark(text[a:b]))
        elif any(s < b and a < e for s, e in folded):
            if not out or out[-1] != FOLDED:
                out.append(FOLDED)
        else:
            out.append(text[a:b])
    return out
