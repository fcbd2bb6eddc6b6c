"""The form of a crisis: its numbers in the groups of the file, with reasons and sources.

A number with a range has a slider, which changes nothing in the file: it says which value is looked
at. The box beside it holds what the file says, and a change of it changes the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from htmltools import Tag
from shiny import ui

from detente.scenario.labels import labels, titles_in_sentence, titles_of
from detente.scenario.paths import numbers, where

if TYPE_CHECKING:
    from detente.scenario.quantity import Quantity
    from detente.scenario.schema import Scenario

__all__ = ["form", "written"]

GROUPS = {
    "actors": "Actors and what they know", "stake": "Stake", "start": "Where it begins",
    "delay_cost": "Time", "no_deal": "No agreement", "ladder": "Ladder", "war": "War",
    "offers": "Offers", "mechanisms": "Other parts", "precision": "Precision of choice",
    "habits": "Habits of choice",
}
"""Keys of the file and the headings of the form, in its order."""
CLOSED = ("habits",)
STEPS = 200
"""Steps of a slider."""
MOST_ROWS = 1000
"""Most numbers of a form; drawing more would hold all windows for seconds."""


def written(number: Quantity) -> str:
    """Return a number as a file writes it.

    Examples
    --------
    >>> from detente.scenario.quantity import Quantity
    >>> written(Quantity.uniform(0.2, 0.6)), written(Quantity.point(3))
    ('0.2 to 0.6', '3')
    """
    return f"{number.low:g}" if not number.is_range else f"{number.low:g} to {number.high:g}"


def form(
    crisis: Scenario, moved: Mapping[str, float], before: Mapping[str, Quantity] | None = None
) -> Any:
    """Return the form of a crisis, its sliders where they were moved to.

    A number that differs from the one ``before`` and still has its reason and source is marked.
    """
    before = before or {}
    every, places = numbers(crisis), where(crisis)
    named = labels(every.values(), titles_of(crisis))
    cites = {s.id: s.cite for s in crisis.sources}
    given = numbers(crisis, defaults=False)
    groups: dict[str, list[Tag]] = {key: [] for key in GROUPS}
    shown = dict(list(every.items())[:MOST_ROWS])
    for path, number in shown.items():
        group = str(places[path][0])
        groups.setdefault(group, []).append(
            _row(path, named[path], number, moved.get(path), cites, path in given,
                 before.get(path, number)))
    more = None if len(shown) == len(every) else ui.p(
        f"The form shows {MOST_ROWS:,} of {len(every):,} numbers; the text has the others.",
        class_="remark")
    return ui.div(*_facts(crisis), more, *(
        ui.tags.details(
            ui.tags.summary(GROUPS.get(key, key.replace("_", " ")),
                            ui.span(f" {len(rows)}", class_="count")),
            *rows, open=None if key in CLOSED else "", class_="group")
        for key, rows in groups.items() if rows
    ), class_="form")


def _facts(crisis: Scenario) -> Iterator[Tag]:
    titles = titles_in_sentence(titles_of(crisis))
    yield ui.p(str(crisis.summary), class_="summary")
    if crisis.stake is not None:
        yield ui.p(ui.strong("Stake: "), crisis.stake.name, ". A share of 1 gives all of it to ",
                   titles.get(crisis.stake.first, crisis.stake.first), ".")
    if crisis.turns is not None:
        yield ui.p(ui.strong("Order: "), titles.get(crisis.turns.first, crisis.turns.first),
                   f" moves first; {crisis.turns.each} turn{'s' if crisis.turns.each != 1 else ''} "
                   "each, then a closing reply. The text holds this, the rungs and the offers.")


def _row(
    path: str, name: str, number: Quantity, moved: float | None, cites: Mapping[str, str],
    given: bool, before: Quantity,
) -> Tag:
    key = "n-" + path.replace(".", "-")
    parts: list[Any] = [ui.tags.label(name, for_=key)]
    if number.is_range:
        log = number.dist == "log-uniform"
        low, high, at = number.low, number.high, number.centre if moved is None else moved
        scale = (lambda x: math.log(x)) if log else float
        parts += [
            ui.tags.input(
                type="range", id=key, class_="slider", min=f"{scale(low):.10g}",
                max=f"{scale(high):.10g}", step=f"{(scale(high) - scale(low)) / STEPS:.10g}",
                value=f"{scale(at):.10g}", data_path=path, data_centre=f"{number.centre:.10g}",
                data_scale="log" if log else "even", aria_describedby=f"{key}-why"),
            ui.tags.output(f"{at:.3g}", for_=key),
            ui.tags.button("back", type="button", class_="back", data_path=path,
                           aria_label=f"{name}: back to the centre",
                           hidden=None if moved is not None else ""),
        ]
    parts.append(ui.tags.input(
        type="text", class_="written", id=f"{key}-text" if number.is_range else key,
        value=written(number), data_path=path, spellcheck="false", autocomplete="off",
        aria_label=f"{name}, in the file"))
    why = [text for text in (number.because, cites.get(str(number.source), str(number.source)))
           if text]
    cited = (number.because, number.source) == (before.because, before.source)
    if why and cited and written(before) != written(number):
        why.insert(0, f"Changed by you, was {written(before)}; the reason and the source are of "
                   "that value")
    parts.append(ui.p(". ".join(why) if why else "No reason is given." if given else
                      "The file leaves this number at its default.", id=f"{key}-why",
                      class_="why" if why else "why none"))
    return ui.div(*parts, class_="quantity" + (" moved" if moved is not None else ""))
