"""Structural alternatives that a crisis file lists with weights.

The section ``structures`` names them. ``turns: {each: [1, 2, 3]}`` and ``offers: {each: [1, 2]}``
are short for alternatives of equal weight; the file as written then has the middle number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.errors import nearest, one_of
from detente.scenario.paths import canonical
from detente.scenario.problems import Problem
from detente.scenario.structural import Setting, fault, held, settings

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["MOST", "Alternative", "alternatives", "check", "single"]

MOST = 12
"""Structural alternatives of a file, at most; each is a game of its own."""


@dataclass(frozen=True)
class Alternative:
    """A structure that the file lists beside its own.

    Attributes
    ----------
    label : str
        Its name in print.
    changes : dict of str to value
        The structure that differs from the file as written, by path.
    weight : float
        Its weight relative to the file as written, which has weight 1.
    why : str
        The reason that the file gives.
    place : tuple of str
        Its place in the file.
    """

    label: str
    changes: dict[str, Any]
    weight: float = 1.0
    why: str = ""
    place: tuple[str | int, ...] = ()


def alternatives(scenario: Scenario) -> list[Alternative]:
    """Return the structural alternatives of a crisis, in the order of the file.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... stake: {name: the strait, first: aland, status_quo: 0.5}
    ... turns: {first: aland, each: [1, 2, 3]}
    ... delay_cost: 0.02
    ... structures: {bland first: {set: {turns.first: bland}, weight: 0.5}}
    ... ''')
    >>> [(a.label, a.weight) for a in alternatives(crisis)]
    [('1 turn for each side', 1.0), ('3 turns for each side', 1.0), ('bland first', 0.5)]
    >>> crisis.turns.each
    2
    """
    found = []
    for part, what, by in ((scenario.turns, "turn", "for"), (scenario.offers, "offer", "by")):
        each = getattr(part, "each", 1)
        found += [
            Alternative(f"{n} {what}{'' if n == 1 else 's'} {by} each side", {f"{what}s.each": n},
                        place=(f"{what}s", "each"))
            for n in getattr(each, "listed", ()) if n != each
        ]
    found += [
        Alternative(one.title or name, {canonical(p): v for p, v in one.changes.items()},
                    one.weight, one.why, ("structures", name))
        for name, one in scenario.structures.items()
    ]
    return found


def single(scenario: Scenario) -> Scenario:
    """Return the crisis with its own structure only, without the alternatives."""
    if not alternatives(scenario):
        return scenario
    update: dict[str, Any] = {"structures": {}}
    for part in ("turns", "offers"):
        held_part = getattr(scenario, part)
        if held_part is not None:
            update[part] = held_part.model_copy(update={"each": int(held_part.each)})
    return scenario.model_copy(update=update)


def check(s: Scenario) -> Iterator[Problem]:
    """Yield every fault of the alternatives: paths, values, doubles, and their number."""
    known = settings(s)
    own = {path: held(s, path) for path in known}
    seen = [("the file as written", own)]
    listed = alternatives(s)
    for one in listed:
        wrong = list(_faults(one, known))
        yield from wrong
        if wrong:
            continue
        here = {**own, **{p: _plain(v) for p, v in one.changes.items()}}
        twin = next((name for name, other in seen if other == here), None)
        if twin is not None:
            yield Problem(one.place, f"{one.label} is the same structure as {twin}",
                          "a structure of its own; remove it, or add its weight to the other",
                          at_key=one.place[0] == "structures")
        seen.append((one.label, here))
    if len(listed) > MOST:
        yield Problem(listed[MOST].place, f"the file lists {len(listed)} structural alternatives",
                      f"at most {MOST}; remove those with the least weight",
                      at_key=listed[MOST].place[0] == "structures")
    titles = {"the file as written": Alternative("the file as written", {})}
    for one in listed:
        if one.label in titles and one.place[0] == "structures":
            yield Problem(one.place, f"two structures are shown as {one.label!r}",
                          "a name or title of its own for each", at_key=True)
        titles.setdefault(one.label, one)


def _faults(one: Alternative, known: dict[str, Setting]) -> Iterator[Problem]:
    if one.place[0] != "structures":  # the numbers of a list are checked as they are read
        return
    for path, value in one.changes.items():
        place = (*one.place, "set", path)
        if path not in known:
            yield Problem(place, f"there is no structure {path} to set",
                          one_of(path, known, 6) or "a file with turns or offers",
                          nearest(path, known), at_key=True)
            continue
        allowed = fault(known[path], value)
        if allowed is not None:
            shown = f"{value:g}" if isinstance(value, float) else repr(value)
            yield Problem(place, f"{path} cannot be {shown}", allowed)


def _plain(value: Any) -> Any:
    """Return a value such that equal structures compare equal: the order of shares is no matter."""
    return sorted({float(x) for x in value}) if isinstance(value, (list, tuple)) else value
