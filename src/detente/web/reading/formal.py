"""Formalise: a claim, a case, a template, and its slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.cases.names import shipped
from detente.web.desk import crisis_of
from detente.web.later import Later
from detente.web.reading.desk import Desk
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.reading.store import Session
    from detente.reading.templates import Case

__all__ = ["panel", "serve"]


def panel() -> Any:
    """Return the part of the page."""
    return ui.div(
        ui.output_ui("formal_claim"), ui.output_ui("formal_case"), ui.output_ui("formal_template"),
        ui.output_ui("formal_slots"),
        ui.input_text("formal_note", "Your other decisions"),
        ui.div(ui.input_action_button("formalise", "Give it this form"),
               ui.input_action_button("withdraw", "Withdraw the claim"), class_="answers"),
        ui.output_ui("formal_now"))


def serve(input: Inputs, desk: Desk) -> None:
    """Serve it."""
    fit: reactive.Value[Any] = reactive.Value(None)
    later = Later(fit)

    @render.ui
    def formal_claim() -> Any:
        found = desk.named()
        if not found:
            return ui.p("No claim is confirmed yet.", class_="note")
        with reactive.isolate():
            chosen = str(input.one_claim()) if input.one_claim.is_set() else None
        return ui.input_select("one_claim", "Claim", found, selected=chosen, width="100%")

    @render.ui
    def formal_case() -> Any:
        return ui.input_select("one_case", "Case", ["", *names()])

    @reactive.calc
    def names() -> list[str]:
        return cases(desk)

    @reactive.effect
    def _fit() -> None:
        claim = str(input.one_claim()) if input.one_claim.is_set() else ""
        name = str(input.one_case()) if input.one_case.is_set() else ""
        if not claim or not name:
            fit.set(None)
        else:
            later.ask(lambda: fitting(desk, int(claim), name))

    @reactive.calc
    def case() -> Case | None:
        found = fit()
        return None if found is None or isinstance(found, Exception) else found[0]

    @render.ui
    def formal_template() -> Any:
        found = fit()
        if found is None:
            return ui.p("Choose a claim and a case.", class_="note")
        if isinstance(found, Exception):
            return problem(found)
        return ui.input_select("template", "Template; those with cues come first", {
            t.id: f"{t.id}{' *' if cues else ''}" for t, cues in found[1]})

    @render.ui
    def formal_slots() -> Any:
        from detente.reading.templates import template

        found = case()
        if found is None or not input.template.is_set() or not input.template():
            return None
        one = template(str(input.template()))
        masters = {s.of for s in one.slots if s.of}
        made: list[Any] = [ui.p(one.says, class_="note")]
        chosen: dict[str, str] = {}
        for slot in one.slots:
            key = f"slot_{slot.name}"
            if slot.kind == "number":
                made.append(ui.input_text(key, slot.asks, slot.default))
                continue
            options = {o.value: o.words for o in one.offers(found, chosen)[slot.name]}
            value = next(iter(options), "")
            if slot.name in masters and input[key].is_set() and input[key]() in options:
                value = str(input[key]())
            chosen[slot.name] = value
            made.append(ui.input_select(key, slot.asks, options, selected=value))
        return made

    @reactive.effect
    @reactive.event(input.formalise)
    def _formalise() -> None:
        from detente.reading.formalise import formalise
        from detente.reading.templates import template

        found = case()
        if found is None or not input.template.is_set():
            return
        one = template(str(input.template()))
        slots = {s.name: str(input[f"slot_{s.name}"]()) for s in one.slots
                 if input[f"slot_{s.name}"].is_set()}
        claim, note = int(input.one_claim()), str(input.formal_note())
        desk.do(lambda session: ui.p(
            f"c{claim} holds if {formalise(session, claim, found, one.id, slots, note)[0].formal}.",
            class_="fine", role="status"))

    @reactive.effect
    @reactive.event(input.withdraw)
    def _withdraw() -> None:
        if not input.one_claim.is_set():
            return
        claim = int(input.one_claim())

        def work(session: Session) -> Any:
            from detente.reading.withdraw import withdraw

            withdraw(session, claim)
            return ui.p(f"c{claim} is withdrawn, and its passage is a candidate again.",
                        class_="fine", role="status")

        desk.do(work, desk.no_candidate)

    @render.ui
    def formal_now() -> Any:
        rows = [(f"c{c.id}", c.paraphrase, c.formal or "–", c.note) for c in desk.claims() or ()]
        if not rows:
            return None
        return ui.tags.table(
            ui.tags.thead(ui.tags.tr(*(ui.tags.th(h, scope="col") for h in (
                "claim", "says", "holds if", "decided")))),
            ui.tags.tbody(*(ui.tags.tr(*(ui.tags.td(x) for x in row)) for row in rows)))


def fitting(desk: Desk, claim: int, name: str) -> tuple[Case, list[tuple[Any, Any]]]:
    """Return a case, and the templates for a claim with their cues; those with cues come first."""
    from detente.reading.formalise import offered
    from detente.reading.templates import Case

    case = Case.of(crisis_of(desk.folder.read(name).text, {}))
    return case, desk.read(lambda session: offered(session, claim, case))


def cases(desk: Desk) -> list[str]:
    """Return the names of the folder's cases and of the shipped ones, without reading them."""
    own = desk.folder.names()
    return [*own, *(name for name in sorted(shipped()) if name not in own)]
