"""The reference forecast of two states, in a process of its own because it takes some seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.web.progress import Progress

__all__ = ["forecast", "shown"]


def forecast(challenger: int, target: int, year: int) -> Iterator[Any]:
    """Yield progress, then the section with the forecasts; see `detente.casebook.forecast`."""
    from detente.casebook.forecast import reference, states
    from detente.web.show import html_of

    yield Progress(0, 0, "estimating on past crises")
    made, names = reference(challenger, target, year), states()
    notes = [f"Estimated on {made.crises} crises of other pairs of states (International Crisis "
             f"Behavior), for {names[challenger]} against {names[target]}, {year}."]
    if made.filled:
        notes.append("No source covers these features of the pair, so their medians stand for "
                     f"them: {', '.join(made.filled)}.")
    yield html_of([shown(made.forecasts, notes)])


def shown(forecasts: Mapping[str, Mapping[str, float]], notes: list[str]) -> Any:
    """Return forecasts as a section."""
    from detente.render import Section, Table
    from detente.render.table import Column

    outcomes = list(next(iter(forecasts.values())))
    return Section(
        "reference", "Reference forecast",
        "How crises with such features ended, without a game. It does not know the demands, the "
        "offers and the private information of this file.",
        tables=[Table("Probability of each outcome", [
            "outcome", *(Column(name, format="percent") for name in forecasts)],
            [(one, *(forecasts[name][one] for name in forecasts)) for one in outcomes])],
        notes=["Base rates: the shares of the outcomes. Time: a logit on the year. Logit: also on "
               "the features of the states that were known before the crisis.", *notes])
