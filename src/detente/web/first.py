"""The answer at the top of a case: live at the sliders' values, then in both models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.render.numbers import percent, signed
from detente.render.wrap import tie
from detente.web.live import LiveAnswer
from detente.web.show import badge, problem
from detente.web.stale import as_of

if TYPE_CHECKING:
    from detente.web.desk import Desk

__all__ = ["bars", "panel", "serve"]

SEEN = 0.005
"""Outcomes less probable than this everywhere are not listed."""


def panel() -> Any:
    """Return the part of the page."""
    return ui.tags.section(
        ui.h2("The answer"), ui.tags.a("To the numbers", href="#numbers", class_="jump"),
        ui.output_ui("solving"), ui.output_ui("live"), ui.output_ui("both"),
        ui.output_ui("progress"),
        class_="first", aria_live="polite")


def serve(input: Inputs, desk: Desk) -> None:
    """Serve the first screen."""

    @render.ui
    def solving() -> Any:
        if not desk.solving.slow():
            return None
        with reactive.isolate():
            before = desk.live()
        return ui.p("The page's values are being solved. The bars are those of earlier values.",
                    class_="stale", role="status") if isinstance(before, LiveAnswer) else None

    @render.ui
    def live() -> Any:
        found = desk.live()
        if found is None:
            return ui.p("The game is being solved ..." if desk.crisis() is not None else
                        "An answer appears when the text is a valid crisis.", class_="note")
        if not isinstance(found, LiveAnswer):
            return problem(found)
        return live_answer(found)

    @render.ui
    def both() -> Any:
        found = desk.found()
        if found.answer is None:
            return None
        stale = as_of(found.source, desk.source(), halted=desk.halted())
        if not found.answer.checked:
            return [stale, ui.p(
                "A solution did not pass its check, so no answer is stated.", class_="bad")]
        return [stale,
                ui.p(tie(found.headline) or f"{tie(found.answer.words)} Terms, ranges and other "
                     "structures follow.", class_="headline"),
                badge(found.checked, found.check, "" if found.check else found.answer.check)]

    @render.ui
    def progress() -> Any:
        return [desk.running.shown(ui.input_action_button("cancel", "Cancel", class_="small")),
                ui.input_action_button("again", "Solve again", class_="small")
                if desk.halted() else None]

    @reactive.effect
    @reactive.event(input.cancel)
    def _cancel() -> None:
        desk.running.cancel()

    @reactive.effect
    @reactive.event(input.again)
    def _again() -> None:
        if desk.crisis() is not None:
            source = desk.source()
            desk.running.begin("report:analyse", source, about=source)


def live_answer(found: LiveAnswer) -> Any:
    """Return the live answer as bars, beside the centre if a slider was moved."""
    return ui.div(
        mini(found) if found.moved else None,
        bars(found.outcomes, found.centre, bool(found.moved)),
        badge(found.checked, "These bars assume that each number is known. The ranges follow "
              "below.", f"At the values shown: {found.error}. Solved in {found.milliseconds:.0f} "
              f"ms; the game has {found.nodes:,} nodes."),
        class_="live" + ("" if found.checked else " unchecked"))


def mini(found: LiveAnswer) -> Any:
    """Return the most probable outcomes in a line, for a screen without room for two panes.

    It stands at the lower edge while the sliders are in view, and repeats the bars.
    """
    most = sorted(found.outcomes, key=lambda k: -max(found.outcomes[k], found.centre[k]))[:2]
    words = "; ".join(f"{name[:1].upper()}{name[1:]} {percent(found.outcomes[name])}, was "
                      f"{percent(found.centre[name])}" for name in most)
    return ui.p(tie(words), class_="mini", aria_hidden="true")


def bars(outcomes: Mapping[str, float], centre: Mapping[str, float], moved: bool) -> Any:
    """Return outcomes with their probability as bars in a table.

    Their order is that at the centre, so that no row jumps while a slider moves.
    """
    shown = [k for k in sorted(outcomes, key=lambda k: -centre[k])
             if max(outcomes[k], centre[k]) >= SEEN]
    heads = ["outcome", "probability", *(["at the centre", "change"] if moved else [])]
    return ui.tags.table(
        ui.tags.caption("Outcomes at the values of the sliders"),
        ui.tags.thead(ui.tags.tr(*(ui.tags.th(h, scope="col") for h in heads))),
        ui.tags.tbody(*(_bar(name, outcomes[name], centre[name] if moved else None)
                        for name in shown)),
        class_="bars")


def _bar(name: str, p: float, before: float | None) -> Any:
    cells = [
        ui.tags.th(name[:1].upper() + name[1:], scope="row"),
        ui.tags.td(ui.div(
            ui.span(ui.span(style=f"width:{100 * p:.1f}%", class_="fill"),
                    None if before is None else ui.span(style=f"left:{100 * before:.1f}%",
                                                        class_="was"),
                    class_="track", aria_hidden="true"),
            ui.span(percent(p), class_="num"), class_="amount")),
    ]
    if before is not None:
        points = 100 * (p - before)
        cells += [ui.tags.td(percent(before), class_="num"),
                  ui.tags.td(f"{signed(points, 1)} points" if abs(points) >= 0.05 else "none",
                             class_="num")]
    return ui.tags.tr(*cells)
