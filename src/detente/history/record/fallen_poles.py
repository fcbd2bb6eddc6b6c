"""Sentence: "no new pole is accepted by default". Clients of major powers that fell."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

POLES = ((300, 1866), (220, 1870), (365, 1917), (255, 1918), (300, 1918), (325, 1943),
         (255, 1945), (740, 1945), (365, 1989))
"""COW number and year of Austria, France, Russia, Germany, Austria-Hungary, Italy, Germany, Japan
and the USSR. France in 1940 is left out, because it was restored within the same war."""


def _new(panel: Panel, state: int, year: int, span: int, without: int | None = None) -> bool:
    """Return whether a state has a pact in years 1 to span with a power it had none with."""
    from detente.history.panel import FIRST

    t = year - FIRST
    pact = panel.defence[:, state, :] & panel.major
    pact[:, state] = False
    if without is not None:
        pact[:, without] = False
    before = panel.defence[t - 1, state] | panel.defence[t, state]
    return bool((pact[t + 1: t + span + 1] & ~before).any())


def _clients(panel: Panel) -> tuple[list[tuple[int, int, int]], int]:
    """Return pole, year and client as indices, and the clients that ceased to exist."""
    from detente.history.panel import FIRST

    rows, gone = [], 0
    for code, year in POLES:
        at = np.flatnonzero(panel.codes == code)
        for pole in at.tolist():
            for client in np.flatnonzero(panel.defence[year - 1 - FIRST, pole]).tolist():
                if panel.member[year + 1 - FIRST, client]:
                    rows.append((pole, year, client))
                else:
                    gone += 1
    return rows, gone


def _found(panel: Panel, event: list[bool], rows: list[tuple[int, int, int]], gone: int,
           rival: list[tuple[int, int, bool]], words: str) -> Found:
    years, counts = np.unique([r[1] for r in rows], return_counts=True)
    return Found(
        share_of(np.array(event, bool), [f"{p} {y}" for p, y, _ in rows]),
        share_of(np.array([r[2] for r in rival], bool), [r[1] for r in rival], words),
        dict(zip(years.astype(int).tolist(), counts.tolist(), strict=True)),
        {"the client was not a member in the year after the fall": gone} if gone else {},
    )


def _count_new(panel: Panel, span: int) -> Found:
    from detente.history.panel import FIRST, LAST

    rows, gone = _clients(panel)
    event = [_new(panel, c, y, span, p) for p, y, c in rows]
    rival = []
    for t in range(1, LAST - FIRST - span + 1):
        pact = panel.defence[t + 1: t + span + 1] & panel.major[t + 1: t + span + 1, None, :]
        had = panel.defence[t - 1] | panel.defence[t]
        new = (pact & ~had).any(axis=(0, 2))
        small = panel.member[t] & panel.member[t + 1] & ~panel.major[t]
        rival += [(FIRST + t, int(k), bool(new[k])) for k in np.flatnonzero(small)]
    return _found(panel, event, rows, gone, rival, "any other state and year")


CLIENTS = (
    "The nine fallen poles are Austria 1866, France 1870, Russia 1917, Germany 1918, "
    "Austria-Hungary 1918, Italy 1943, Germany 1945, Japan 1945 and the USSR 1989. A client is a "
    "state with a pact of defence with the pole (ATOP) in the year before the fall that is a "
    "member of the state system in the year after it; major powers count as clients too.")


def new_in_5(panel: Panel) -> Found:
    """Count clients of a fallen pole that conclude a pact with another major power in five years.

    {rows} The event is a pact of defence, in years 1 to 5 after the fall, with a major power
    other than the pole with which the client had none in the year of the fall or the year
    before. The base rate takes every state that is not a major power, in every year.

    References
    ----------
    [leeds-et-al-2002], [cow-2017]
    """
    return _count_new(panel, 5)


def new_in_10(panel: Panel) -> Found:
    """Count clients of a fallen pole that conclude a pact with another major power in ten years.

    {rows} The event is a pact of defence, in years 1 to 10 after the fall, with a major power
    other than the pole with which the client had none in the year of the fall or the year
    before. The base rate takes every state that is not a major power, in every year.

    References
    ----------
    [leeds-et-al-2002], [cow-2017]
    """
    return _count_new(panel, 10)


def old_in_5(panel: Panel) -> Found:
    """Count clients of a fallen pole that have a pact with it two to five years after the fall.

    {rows} The event is a pact of defence with the pole in any of years 2 to 5 after the fall.
    The base rate takes every pact of a state that is not a major power with a major power in a
    year, and asks for the pact in any of years 3 to 6 after it.

    References
    ----------
    [leeds-et-al-2002], [cow-2017]
    """
    from detente.history.panel import FIRST, LAST, after

    rows, gone = _clients(panel)
    later = after(panel.defence, 3, 6)
    event = [bool(later[y - 1 - FIRST, c, p]) for p, y, c in rows]
    small = panel.member & ~panel.major
    held = panel.defence & panel.major[:, None, :] & small[:, :, None]
    held &= after(panel.member, 2, 2)[:, :, None]
    held[LAST - FIRST - 5:] = False
    t, state, power = np.nonzero(held)
    n = len(panel.codes)
    rival = [(int(y), int(a * n + b), bool(x))
             for y, a, b, x in zip(t, state, power, later[t, state, power], strict=True)]
    return _found(panel, event, rows, gone, rival, "any pact with a major power")


make = partial(
    RecordRate, needs=("atop", "cow-majors", "cow-states"), rows=CLIENTS,
    clusters="fallen pole (the base rate by state, or by pair for pacts kept)",
    warning="The list of fallen poles is a choice. Two of the nine had no such client, and seven "
    "poles are few. All pacts kept with the old pole are those of the USSR, which were in force "
    "until 1991 or later. A pact of defence is one form of alignment; trade, bases and votes are "
    "others.")

NEW_5 = make("new-pole-5", "no new pole is accepted by default",
             "Clients of a fallen pole with a new major-power pact within five years:", new_in_5)
NEW_10 = make("new-pole-10", "no new pole is accepted by default",
              "Clients of a fallen pole with a new major-power pact within ten years:", new_in_10)
OLD_5 = make("old-pole-5", "no new pole is accepted by default",
             "Clients of a fallen pole with a pact with it two to five years later:", old_in_5)
