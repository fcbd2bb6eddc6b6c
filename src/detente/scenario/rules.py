"""Checks that need more than one field of a crisis file."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from detente.errors import nearest
from detente.scenario.library import Library
from detente.scenario.model import segment
from detente.scenario.paths import numbers, references, structure
from detente.scenario.private import MAX_TYPES
from detente.scenario.problems import Problem
from detente.scenario.quantity import KEYS, ByActor, Quantity
from detente.scenario.schema import Lever, Scenario

__all__ = ["problems", "remarks"]


def problems(scenario: Scenario, library: Library | None = None) -> Iterator[Problem]:
    """Yield everything that is wrong with a crisis although each of its fields is valid by itself.

    Parameters
    ----------
    scenario
        The crisis.
    library
        Names of base rates, models and propositions; without it those are not checked.
    """
    yield from _names(scenario)
    broken = list(_references(scenario, library))
    yield from broken
    if broken:  # the rules below rely on references
        return
    for rule in (_actors, _play, _ladder, _war, _offers, _levers, _claims, _variants):
        for problem in rule(scenario):
            broken.append(problem)
            yield problem
    if not broken:  # mechanisms rely on the rules above
        yield from _mechanisms(scenario)


def remarks(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is allowed but probably not meant."""
    shares = (scenario.offers.shares if scenario.offers else None) or []
    for position, share in enumerate(shares):
        if share in shares[:position]:
            yield Problem(
                ("offers", "shares", position), f"the share {share:g} is listed twice; counted once"
            )


def _twice(names: Iterable[str], place: Any, what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, name in enumerate(names):
        if segment(name) in seen:
            yield Problem(place(position), f"two {what}s are called {name!r}")
        seen.add(segment(name))


def _names(s: Scenario) -> Iterator[Problem]:
    yield from _twice([x.id for x in s.sources], lambda k: ("sources", k, "id"), "source")
    yield from _twice([x.id for x in s.claims], lambda k: ("claims", k, "id"), "claim")
    yield from _twice([x.name for x in s.ladder], lambda k: ("ladder", k), "rung")
    packages = (s.offers.packages if s.offers else None) or []
    yield from _twice(
        [x.name for x in packages], lambda k: ("offers", "packages", k, "name"), "package"
    )
    for actor in s.actors:
        if actor in KEYS:
            yield Problem(("actors", actor), f"an actor may not be called {actor!r}", at_key=True)
    sections = {segment(name) for name in Scenario.model_fields}
    seen: dict[str, str] = {}
    for position, entry in enumerate(s.mechanisms):
        place = ("mechanisms", position, "id")
        if entry.id in seen:
            yield Problem(
                ("mechanisms", position),
                f"a second mechanism is called {entry.id!r}",
                expected="an id of its own",
            )
        elif entry.id in sections and entry.id != segment(entry.kind):
            yield Problem(place, f"{entry.id!r} names a part of the file", expected="another id")
        elif "." in entry.id:
            yield Problem(place, "an id may hold no dot")
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
            message = f"{str(reference)!r} is no principal"
        else:
            message = f"there is no {reference.kind} {str(reference)!r}"
        yield Problem(
            place,
            message,
            expected="one of " + ", ".join(names) if 0 < len(names) <= 12 else None,
            nearest=nearest(reference, names),
        )


def _actors(s: Scenario) -> Iterator[Problem]:
    if len(s.principals) < 2:
        yield Problem(("actors",), "fewer than two principals", at_key=True)
    if len(s.principals) > 2 and (s.turns is not None or s.stake is not None):
        yield Problem(
            ("actors", s.principals[2]),
            f"{s.principals[2]!r} is a third principal, but a stake and turns are between two",
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
                f"{types} types: the private quantities of an actor multiply",
                expected=f"at most {MAX_TYPES}; lower `types`",
                at_key=True,
            )
        if actor.sides_with == name:
            yield Problem(("actors", name, "sides_with"), "an actor cannot side with itself")
        quo = None if s.stake is None else s.stake.status_quo
        if quo is not None and actor.demand is not None and name in s.principals and s.stake:
            has = quo.high if name == s.stake.first else 1.0 - quo.low
            if actor.demand < has:
                yield Problem(
                    ("actors", name, "demand"),
                    f"{name} demands {actor.demand:g}, less than the {has:g} it may have already",
                    expected="a demand of at least its share in the status quo",
                )


def _play(s: Scenario) -> Iterator[Problem]:
    if s.turns is not None and s.delay_cost is None:
        yield Problem(
            ("turns",),
            "delay_cost is missing",
            expected="a delay_cost: free waiting makes waiting and acting exact ties",
            at_key=True,
        )
    if s.turns is not None and s.stake is None:
        yield Problem(("turns",), "turns without a stake", expected="a stake", at_key=True)
    for part in ("war", "offers"):
        if getattr(s, part) is not None and s.stake is None:
            yield Problem((part,), f"{part} without a stake", expected="a stake", at_key=True)
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


def _ladder(s: Scenario) -> Iterator[Problem]:
    if not s.ladder:
        return
    order = [{None: 0, "war": 1, "loss to all": 2}[r.ending] for r in s.ladder]
    counts = Counter(order)
    if not counts[1]:
        yield Problem(("ladder",), "no rung is war", expected="a rung called war", at_key=True)
    for position, kind in enumerate(order):
        if kind and counts[kind] > 1 and kind in order[:position]:
            yield Problem(("ladder", position), f"a second rung of {s.ladder[position].ending}")
        elif position and kind < order[position - 1]:
            yield Problem(
                ("ladder", position),
                f"{s.ladder[position].name!r} stands above {s.ladder[position - 1].name!r}",
                expected="rungs on which the crisis goes on, then war, then one loss to all",
            )
    if not counts[0]:
        yield Problem(("ladder",), "no rung below war", at_key=True)
    if s.war is None:
        yield Problem(("ladder",), "a ladder to war, but no war", expected="war", at_key=True)
    for position, rung in enumerate(s.ladder):
        wanted: tuple[str, ...] = ("risk", "loss") if rung.ending == "loss to all" else ()
        refused = {
            None: ("loss",),
            "war": ("audience_cost", "sunk_cost", "risk", "loss"),
            "loss to all": ("audience_cost", "sunk_cost"),
        }[rung.ending]
        for name in wanted:
            if getattr(rung, name) is None:
                yield Problem(("ladder", position, name), f"{name} is missing", absent=True)
        for name in refused:
            if getattr(rung, name) is not None:
                better = "loss belongs to the rung above war"
                if rung.ending == "war":
                    better = "what war costs stands in war.cost"
                yield Problem(
                    ("ladder", position, name),
                    f"{rung.ending or 'a rung below war'} takes no {name}; {better}",
                    at_key=True,
                )


def _war(s: Scenario) -> Iterator[Problem]:
    if s.war is None or s.stake is None:
        return
    for name in s.principals:
        public = s.war.cost is not None and s.war.cost.of(name) is not None
        if not public and "war_cost" not in s.actors[name].private:
            yield Problem(
                ("war", "cost"),
                f"{name} has no cost of war",
                expected=f"a number here, or actors.{name}.private.war_cost",
                at_key=True,
            )
    turns = s.turns.each - 1 if s.turns is not None else 0
    none = Quantity.point(0.0)
    corners = itertools.product(
        *(
            _ends(getattr(s.war, field) or none, s.levers.get(f"war.{field}"))
            for field in ("win_chance", "first_strike", "shift_per_turn")
        ),
        (0, turns),
        (-1, 1),
    )
    total, chance, strike, shift, turn = max(
        ((p + side * f + t * d, p, side * f, d, t) for p, f, d, t, side in corners),
        key=lambda corner: abs(corner[0] - 0.5),
    )
    if not -1e-12 <= total <= 1 + 1e-12:
        yield Problem(
            ("war", "win_chance"),
            f"{chance:g} becomes {total:g} with first_strike {strike:+g} and {turn} rounds of "
            f"shift_per_turn {shift:+g}",
            expected="between 0 and 1 at every corner of the ranges and levers",
        )


def _ends(quantity: Quantity, lever: Lever | None) -> tuple[float, float]:
    """Return the least and the greatest value that the number may take."""
    if lever is None:
        return quantity.low, quantity.high
    return min(quantity.low, lever.from_), max(quantity.high, lever.to)


def _offers(s: Scenario) -> Iterator[Problem]:
    if s.offers is None:
        return
    if s.offers.shares is not None and not s.offers.shares:
        yield Problem(
            ("offers", "shares"), "no share is listed", expected="shares, or no key at all"
        )
    for position, package in enumerate(s.offers.packages or []):
        side = package.side_payment
        if side is not None and side.to == package.by:
            yield Problem(
                ("offers", "packages", position, "side_payment", "to"),
                f"{side.to} would pay itself",
            )


def _levers(s: Scenario) -> Iterator[Problem]:
    if not s.levers:
        return
    known = numbers(s)
    fixed = structure(s)
    for path, lever in s.levers.items():
        place = ("levers", path)
        name = ".".join(segment(part) for part in path.split("."))
        if name not in known:
            below = [p for p in known if p.startswith(name + ".")]
            if name in fixed and not below:
                message, expected = f"{path} is structure and cannot be a lever", "a number's path"
            elif below:
                message = f"{path} is not one number"
                expected = "one of " + ", ".join(below[:8])
            elif name.rpartition(".")[0] in fixed and _could_be(s, name):
                message = f"{path} is not given in this file"
                expected = "its present value in the file, so that it can be changed"
            else:
                message, expected = f"there is no number {path}", "the path of a number"
            lost = message.startswith("there is no")
            hint = nearest(name, known) if lost else None
            yield Problem(place, message, expected, hint, at_key=True)
            continue
        if not lever.from_ < lever.to:
            yield Problem((*place, "to"), f"to {lever.to:g} is not above from {lever.from_:g}")
        least, most = known[name].least, known[name].most
        for key, end in (("from", lever.from_), ("to", lever.to)):
            if not least <= end <= most:
                yield Problem(
                    (*place, key), f"{end:g} is out of bounds", f"between {least:g} and {most:g}"
                )


def _variants(s: Scenario) -> Iterator[Problem]:
    known: dict[str, Quantity] = numbers(s) if s.variants else {}
    for key, variant in s.variants.items():
        if not variant.changes and not variant.without:
            yield Problem(("variants", key), "a variant that changes nothing",
                          "set, without, or both", at_key=True)
        for path, value in variant.changes.items():
            place = ("variants", key, "set", path)
            name = ".".join(segment(part) for part in path.split("."))
            if name not in known:
                hint = nearest(name, known)
                yield Problem(place, f"there is no number {path}", "the path of a number", hint,
                              at_key=True)
            elif not known[name].least <= value <= known[name].most:
                yield Problem(place, f"{value:g} is out of bounds",
                              f"between {known[name].least:g} and {known[name].most:g}")
            elif name.split(".")[0] in variant.without:
                yield Problem(place, f"{path} is left out and changed at once", at_key=True)


def _could_be(s: Scenario, path: str) -> bool:
    """Whether the path names an optional field that the file leaves out."""
    parent: Any = s
    *way, last = path.split(".")
    for part in way:
        if isinstance(parent, dict):
            parent = parent.get(part)
        elif isinstance(parent, list):
            parent = next((x for x in parent if segment(getattr(x, "name", "")) == part), None)
        else:
            mechanism = next((m.spec for m in s.mechanisms if m.id == part), None)
            parent = mechanism if parent is s and mechanism else getattr(parent, part, None)
    field = getattr(type(parent), "model_fields", {}).get(last)
    return field is not None and any(
        kind in (Quantity, ByActor) for kind in _kinds(field.annotation)
    )


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)


def _mechanisms(s: Scenario) -> Iterator[Problem]:
    """Ask each mechanism what is wrong with it in this crisis.

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
                "cannot beside holds_if",
                expected="one or the other",
                at_key=True,
            )
