"""Checks that need more than one field of a crisis file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from detente.errors import nearest, one_of
from detente.identifiers import spoken
from detente.scenario import alternatives
from detente.scenario.labels import titles_of
from detente.scenario.library import Library
from detente.scenario.model import segment
from detente.scenario.paths import references
from detente.scenario.private_base import MAX_TYPES
from detente.scenario.problems import Problem
from detente.scenario.quantity import KEYS
from detente.scenario.rules_changes import levers, variants
from detente.scenario.rules_issues import issues
from detente.scenario.rules_war import ladder, offers, war
from detente.scenario.schema import Scenario

__all__ = ["problems", "remarks"]


def problems(scenario: Scenario, library: Library | None = None) -> Iterator[Problem]:
    """Yield every fault of a crisis that only shows if several fields are compared.

    Parameters
    ----------
    scenario
        The crisis.
    library
        Names of base rates, models and propositions. If it is None, these are not checked.
    """
    yield from _names(scenario)
    broken = list(_references(scenario, library))
    yield from broken
    if broken:  # the rules below rely on references
        return
    for rule in (_actors, _play, ladder, war, offers, issues, levers, _claims, variants,
                 alternatives.check):
        for problem in rule(scenario):
            broken.append(problem)
            yield problem
    if not broken:  # mechanisms rely on the rules above
        yield from _mechanisms(scenario)


def remarks(scenario: Scenario) -> Iterator[Problem]:
    """Yield parts that are allowed but are probably mistakes."""
    shares = (scenario.offers.shares if scenario.offers else None) or []
    before: set[float] = set()
    for position, share in enumerate(shares):
        if share in before:
            yield Problem(
                ("offers", "shares", position),
                f"the share {share:g} is listed twice and is used once",
                "each share once; remove one",
            )
        before.add(share)


def _twice(
    names: Iterable[str], place: Any, what: str, in_claims: bool = False
) -> Iterator[Problem]:
    """Yield a problem for each name given twice, or that claims cannot tell from an earlier one."""
    seen: set[str] = set()
    first: dict[tuple[str, ...], str] = {}  # by how claims read a name; looked up once per name
    for position, name in enumerate(names):
        alike = first.get(tuple(spoken(name)))
        if segment(name) in seen:
            yield Problem(
                place(position), f"two {what}s are called {name!r}", expected="different names"
            )
        elif in_claims and alike is not None:
            yield Problem(
                place(position), f"claims cannot tell the {what}s {alike!r} and {name!r} apart",
                expected="names that differ in more than case, hyphens, spaces, 'to' and 'the'",
            )
        if segment(name) not in seen:
            first.setdefault(tuple(spoken(name)), name)
        seen.add(segment(name))


def _names(s: Scenario) -> Iterator[Problem]:
    yield from _twice([x.id for x in s.sources], lambda k: ("sources", k, "id"), "source")
    yield from _twice([x.id for x in s.claims], lambda k: ("claims", k, "id"), "claim")
    yield from _twice([x.name for x in s.ladder], lambda k: ("ladder", k), "rung", True)
    shown: dict[str, str] = {}
    for name, title in titles_of(s).items():
        if title in shown:
            yield Problem(
                ("actors", name, "title") if s.actors[name].title else ("actors", name),
                f"{shown[title]} and {name} are both shown as {title!r}",
                expected="a title of its own for each actor", at_key=not s.actors[name].title,
            )
        shown.setdefault(title, name)
    packages = (s.offers.packages if s.offers else None) or []
    yield from _twice(
        [x.name for x in packages], lambda k: ("offers", "packages", k, "name"), "package", True
    )
    for actor in s.actors:
        if actor in KEYS:
            yield Problem(("actors", actor), f"an actor cannot be called {actor!r}",
                          expected=f"a name other than {', '.join(KEYS)}", at_key=True)
    sections = {segment(name) for name in Scenario.model_fields}
    seen: dict[str, str] = {}
    for position, entry in enumerate(s.mechanisms):
        place = ("mechanisms", position, "id")
        if entry.id in seen:
            yield Problem(
                ("mechanisms", position),
                f"a second mechanism is called {entry.id!r}",
                expected="different names; give one an `id`",
            )
        elif entry.id in sections and entry.id != segment(entry.kind):
            yield Problem(place, f"{entry.id!r} names a part of the file", expected="another id")
        elif "." in entry.id:
            yield Problem(place, "the id holds a dot", expected="letters, digits, - and _")
        seen[entry.id] = entry.kind


def _references(s: Scenario, library: Library | None) -> Iterator[Problem]:
    packages = (s.offers.packages if s.offers else None) or []
    known: dict[str, list[str]] = {
        "actor": list(s.actors),
        "principal": list(s.principals),
        "rung": [r.name for r in s.ladder],
        "source": [x.id for x in s.sources],
        "package": [p.name for p in packages],
        "mechanism": [m.id for m in s.mechanisms],
    }
    for place, reference in references(s):
        if reference.kind not in known:
            yield from library.unknown(place, reference) if library is not None else ()
            continue
        names = known[reference.kind]
        if reference in names:
            continue
        if reference.kind == "principal" and reference in s.actors:
            message = f"{str(reference)!r} is not a principal"
        else:
            message = f"there is no {reference.kind} {str(reference)!r}"
        yield Problem(
            place,
            message,
            expected=one_of(reference, names) or f"a {reference.kind} that the file defines",
            nearest=nearest(reference, names),
        )


def _actors(s: Scenario) -> Iterator[Problem]:
    if len(s.principals) < 2:
        yield Problem(("actors",), "there are fewer than two principals",
                      expected="two actors with role: principal", at_key=True)
    if len(s.principals) > 2 and (s.turns is not None or s.stake is not None):
        yield Problem(
            ("actors", s.principals[2]),
            f"{s.principals[2]!r} is a third principal, but a stake and turns need exactly two",
            expected="role: third party",
            at_key=True,
        )
    for name, actor in s.actors.items():
        types = 1
        for spec in actor.private.values():
            types *= spec.n_types
        if types > MAX_TYPES:
            yield Problem(
                ("actors", name, "private"),
                f"the private quantities of {name} make {types} types together",
                expected=f"at most {MAX_TYPES}; lower `types`",
                at_key=True,
            )
        if actor.will_not and actor.role != "principal":
            yield Problem(("actors", name, "will_not"), f"{name} is not a principal",
                          expected="no `will_not`; its moves are those of a mechanism", at_key=True)
        if actor.sides_with == name:
            yield Problem(("actors", name, "sides_with"), "an actor cannot side with itself",
                          expected="a principal other than itself")
        quo = None if s.stake is None else s.stake.status_quo
        if quo is not None and isinstance(actor.demand, float) and name in s.principals and s.stake:
            has = quo.high if name == s.stake.first else 1.0 - quo.low
            if actor.demand < has:
                yield Problem(
                    ("actors", name, "demand"),
                    f"the demand of {name} ({actor.demand:g}) is below its share in the status quo "
                    f"({has:g})",
                    expected=f"at least {has:g}",
                )


def _play(s: Scenario) -> Iterator[Problem]:
    if s.turns is not None and s.delay_cost is None:
        yield Problem(
            ("turns",),
            "delay_cost is missing",
            expected="a delay_cost, because without one waiting and acting give equal payoffs",
            at_key=True,
        )
    if s.turns is not None and s.stake is None:
        yield Problem(("turns",), "turns need a stake", expected="a stake in the file", at_key=True)
    for part in ("war", "offers"):
        if getattr(s, part) is not None and s.stake is None:
            yield Problem(
                (part,), f"{part} needs a stake", expected="a stake in the file", at_key=True
            )
    if s.start is None:
        return
    at = s.start.rung
    chosen = (
        {("start", "rung"): at}
        if isinstance(at, str)
        else {("start", "rung", p): r for p, r in at.items()}
    )
    for place, rung in chosen.items():
        if s.rung(rung).ending is not None:
            yield Problem(
                place,
                f"the crisis is over on {str(rung)!r}",
                expected="one of " + ", ".join(r.name for r in s.rungs),
            )
            continue
        owner = s.rung(rung).by
        stands = s.principals if isinstance(at, str) else (place[-1],)
        if owner is not None and set(stands) - {owner}:
            yield Problem(place, f"{str(rung)!r} is a rung of {owner} alone",
                          expected="a rung of its own for each principal")


def _mechanisms(s: Scenario) -> Iterator[Problem]:
    """Yield the faults that each mechanism finds in this crisis.

    A mechanism's settings may have a method ``problems(scenario)`` that returns pairs of a place
    below the entry (a field, or ``field.key``) and a message.
    """
    for position, entry in enumerate(s.mechanisms):
        hook: Any = getattr(entry.spec, "problems", None)
        for place, message in hook(s) if callable(hook) else ():
            at = place.split(".", 1) if isinstance(place, str) else place
            yield Problem(("mechanisms", position, *(p for p in at if p != "")), message)


def _claims(s: Scenario) -> Iterator[Problem]:
    for position, claim in enumerate(s.claims):
        if claim.holds_if is not None and claim.cannot is not None:
            yield Problem(
                ("claims", position, "cannot"),
                "cannot is given as well as holds_if",
                expected="one of them",
                at_key=True,
            )
