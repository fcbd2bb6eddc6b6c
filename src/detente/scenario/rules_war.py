"""Checks of the ladder, the war and the offers, which need more than one field."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from detente.scenario.beside import Lever
from detente.scenario.problems import Problem
from detente.scenario.quantity import Quantity
from detente.scenario.schema import Scenario

__all__ = ["ladder", "offers", "war"]


def ladder(s: Scenario) -> Iterator[Problem]:
    if not s.ladder:
        return
    for position, rung in enumerate(s.ladder):
        if rung.by is not None and rung.ending is not None:
            yield Problem(("ladder", position, "by"), f"{rung.ending} is a rung of both",
                          expected="no `by` here; remove it", at_key=True)
    if all(rung.by is not None for rung in s.rungs[:1]):
        yield Problem(("ladder", 0, "by"), "the lowest rung belongs to one principal",
                      expected="a lowest rung of both; add one below it", at_key=True)
    order = [{None: 0, "war": 1, "loss to all": 2}[r.ending] for r in s.ladder]
    counts = Counter(order)
    if not counts[1]:
        yield Problem(
            ("ladder",),
            "no rung is war",
            expected="a rung called war above the others",
            at_key=True,
        )
    for position, kind in enumerate(order):
        if kind and counts[kind] > 1 and kind in order[:position]:
            yield Problem(("ladder", position), f"a second rung of {s.ladder[position].ending}",
                          expected="one such rung")
        elif position and kind < order[position - 1]:
            yield Problem(
                ("ladder", position),
                f"{s.ladder[position].name!r} is listed above {s.ladder[position - 1].name!r}",
                expected="rungs on which the crisis goes on, then war, then one loss to all",
            )
    if not counts[0]:
        yield Problem(
            ("ladder",), "there is no rung below war", expected="one or more", at_key=True
        )
    if s.war is None:
        yield Problem(("ladder",), "the ladder leads to war, but `war` is missing",
                      expected="war with its win_chance", at_key=True)
    for position, rung in enumerate(s.ladder):
        wanted: tuple[str, ...] = ("risk", "loss") if rung.ending == "loss to all" else ()
        refused = {
            None: ("loss",),
            "war": ("audience_cost", "sunk_cost", "risk", "loss"),
            "loss to all": ("audience_cost", "sunk_cost"),
        }[rung.ending]
        for name in wanted:
            if getattr(rung, name) is None:
                yield Problem(
                    ("ladder", position, name),
                    f"{name} is missing",
                    expected="a number",
                    absent=True,
                )
        for name in refused:
            if getattr(rung, name) is not None:
                better = "this key on the rung above war; move it there"
                if rung.ending == "war":
                    better = "the cost of war in war.cost; state it there"
                yield Problem(
                    ("ladder", position, name),
                    f"{rung.ending or 'a rung below war'} takes no {name}",
                    better,
                    at_key=True,
                )


def war(s: Scenario) -> Iterator[Problem]:
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
    turns = s.turns.each if s.turns is not None else 0  # the closing reply comes after the last
    none = Quantity.point(0.0)
    chances: dict[tuple[str, ...], Quantity] = {("win_chance",): s.war.win_chance}
    for name in s.principals:
        seen = None if s.war.seen_by is None else s.war.seen_by.of(name)
        if seen is not None:
            chances["seen_by", name] = seen
    for place, given in chances.items():
        corners = itertools.product(
            _ends(given, s.levers.get(".".join(("war", *place)))),
            *(
                _ends(getattr(s.war, field) or none, s.levers.get(f"war.{field}"))
                for field in ("first_strike", "shift_per_turn")
            ),
            (0, turns),
            (-1, 1),
        )
        total, chance, strike, shift, turn = max(
            ((p + side * f + t * d, p, side * f, d, t) for p, f, d, t, side in corners),
            key=lambda corner: abs(corner[0] - 0.5),
        )
        if -1e-12 <= total <= 1 + 1e-12:
            continue
        yield Problem(
            ("war", *place),
            f"{chance:g} becomes {total:g} with first_strike {strike:+g} and {turn} rounds of "
            f"shift_per_turn {shift:+g}",
            expected="between 0 and 1 at every corner of the ranges and levers",
        )


def _ends(quantity: Quantity, lever: Lever | None) -> tuple[float, float]:
    """Return the least and the greatest value that the number may take."""
    if lever is None:
        return quantity.low, quantity.high
    return min(quantity.low, lever.from_), max(quantity.high, lever.to)


def offers(s: Scenario) -> Iterator[Problem]:
    if s.offers is None:
        return
    if s.offers.shares is not None and not s.offers.shares:
        yield Problem(
            ("offers", "shares"),
            "no share is listed",
            expected="at least one share; or leave the key out",
        )
    for name, shares in (s.offers.shares_by or {}).items():
        if not shares:
            yield Problem(("offers", "shares_by", name), "no share is listed",
                          expected="at least one share; or leave the key out")
    if s.offers.shares is not None and set(s.offers.shares_by or {}) >= set(s.principals):
        yield Problem(("offers", "shares"), "both principals have shares of their own in shares_by",
                      expected="one of both; remove `shares`", at_key=True)
    if s.principals and all("offer" in s.actors[p].will_not for p in s.principals):
        yield Problem(("offers",), "no principal makes offers, as `will_not` says",
                      expected="no `offers`; remove it, or remove `offer` from a `will_not`",
                      at_key=True)
    for position, package in enumerate(s.offers.packages or []):
        if package.by is not None and s.actors[package.by].role == "third party":
            yield Problem(("offers", "packages", position, "by"),
                          f"{str(package.by)!r} is not a principal or a mediator",
                          expected="an actor that makes offers")
        side = package.side_payment
        if side is not None and side.to == package.by:
            yield Problem(
                ("offers", "packages", position, "side_payment", "to"),
                f"{side.to} would pay itself",
                expected="the other principal",
            )
