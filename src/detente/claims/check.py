"""Check a claim against a crisis: every name must exist, every part must be of its kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NoReturn

from detente.claims import syntax as s
from detente.claims.names import Names, matching, same
from detente.claims.world import resolved
from detente.errors import MOST_NAMED, InputError, nearest, one_of
from detente.identifiers import Act, Attribute, Outcome, Terms, share_text, spoken
from detente.scenario.paths import below
from detente.scenario.private import levels
from detente.scenario.structural import fault

__all__ = ["check"]

CONDITIONS = (s.Compare, s.All, s.Any_, s.Not, s.After, s.Every)


def check(claim: s.Expr, names: Names) -> s.Expr:
    """Return the claim with every name resolved.

    ``after`` is passed down to its condition. Values in one comparison get the moves that their
    decision must offer.

    Raises
    ------
    InputError
        With line and column within the claim, what was expected and the nearest name.

    Examples
    --------
    >>> from detente.claims.parse import parse
    >>> from detente.game import decide, end, tree
    >>> game = tree({"aland": 1}, decide("aland", {"attack": end("war"), "talk": end("peace")}))
    >>> check(parse("P(aland.atack) > 0.5"), Names.of_tree(game))
    Traceback (most recent call last):
    ...
    detente.errors.InputError: 1:3: aland has no move 'atack'; expected one of attack, talk (did you
    mean 'attack'?)
    """
    if not isinstance(claim, CONDITIONS):
        _fail(claim, "this is a number, but a claim is a condition",
              "a comparison such as P(war) < 0.2")
    return _Checker(names).condition(claim, None)


def _fail(
    node: s.Part, message: str, expected: str | None = None, near: str | None = None
) -> NoReturn:
    raise InputError(message, line=node.at[0], column=node.at[1], expected=expected, nearest=near)


def _deeds(acts: Iterable[Act]) -> tuple[str, ...]:
    return tuple(act.deed() for act in acts)


def _few(known: Iterable[str]) -> str | None:
    listed = list(known)
    if not listed:
        return None
    return "one of " + ", ".join(listed[:MOST_NAMED]) + (
        f", ... ({len(listed)} in all)" if len(listed) > MOST_NAMED else "")


class _Checker:
    def __init__(self, names: Names) -> None:
        self.names = names

    # conditions and numbers -------------------------------------------------------------------

    def condition(self, node: s.Expr, after: s.Event | None) -> s.Expr:
        if isinstance(node, s.After):
            if after is not None:
                _fail(node.event, "a second 'after' around the first",
                      "one 'after', such as 'after (A then B)'")
            if s.alone(node.item):
                _fail(node.event, "this condition is judged outside the game, so nothing in it "
                      "can come after an event", "the condition without 'after'")
            return self.condition(node.item, self.event(node.event))
        if isinstance(node, s.All | s.Any_):
            return replace(node, items=tuple(self.condition(x, after) for x in node.items))
        if isinstance(node, s.Not):
            return replace(node, item=self.condition(node.item, after))
        if isinstance(node, s.Every):
            self.player(node.actor, node)
            item = self.condition(node.item, after)
            if not any(
                isinstance(x, s.Value | s.Choice) and x.who.actor == node.actor
                and x.who.level is None for x in s.walk(item)
            ):
                _fail(node, f"no part of this condition depends on {node.actor}'s type",
                      f"a value or a choice of {node.actor}")
            return replace(node, item=item)
        if isinstance(node, s.Compare):
            if "==" in node.signs or "!=" in node.signs:
                _fail(node, "computed numbers are never exactly equal", "such as abs(a - b) < 0.01")
            terms = tuple(self.number(x, after) for x in node.terms)
            return _offering(replace(node, terms=terms))
        _fail(node, "this is a number, but a condition is needed",
              "a comparison such as P(war) < 0.2")

    def number(self, node: s.Expr, after: s.Event | None) -> s.Expr:
        if isinstance(node, s.Number):
            if not math.isfinite(node.value):
                _fail(node, "the number is not finite", "a number that a computer can hold")
            return node
        if isinstance(node, s.Path):
            return replace(node, path=self.path(node.path, node))
        if isinstance(node, s.Binary):
            if node.sign == "/" and isinstance(node.right, s.Number) and node.right.value == 0:
                _fail(node.right, "division by 0", "a divisor other than 0")
            return replace(
                node, left=self.number(node.left, after), right=self.number(node.right, after)
            )
        if isinstance(node, s.Function):
            if node.name == "abs" and len(node.args) != 1:
                _fail(node, f"abs of {len(node.args)} numbers", "one number")
            return replace(node, args=tuple(self.number(x, after) for x in node.args))
        if isinstance(node, s.Probability):
            event = self.event(node.event)
            return replace(node, event=event, given=self.given(node, after, never=True),
                           variants=self.variants(node.variants))
        if isinstance(node, s.Share):
            if all(t.share is None for t in self.names.terms):
                _fail(node, "no outcome of this game divides the stake", "P(...) or value(...)")
            given = self.given(node, after, never=True)
            assert given is not None
            return replace(node, given=given, variants=self.variants(node.variants))
        if isinstance(node, s.Value | s.Choice):
            return self.valued(node, after)
        if isinstance(node, s.Belief):
            return self.belief(node, after)
        if isinstance(node, s.Asked):
            return resolved(node, self.names.outside)
        _fail(node, "this is a condition, but a number is needed",
              "such as 0.2, P(...) or value(...)")

    def given(
        self, node: s.Probability | s.Share | s.Value | s.Choice | s.Belief,
        after: s.Event | None, never: bool = False,
    ) -> s.Event | None:
        """Return the event a number is conditional on: its own, or that of the scope."""
        if node.given is not None and after is not None:
            _fail(node.given, "both '|' and 'after' give a condition",
                  "one of them, such as 'after (A then B)'")
        event = after if node.given is None else self.event(node.given)
        if event is not None and not never:
            found = next((x for x in s.walk(event) if isinstance(x, s.Never)), None)
            if found is not None:
                _fail(found, "an event with 'not' has no first moment", "'not' only inside P(...)")
        return event

    def valued(self, node: s.Value | s.Choice, after: s.Event | None) -> s.Expr:
        who = self.types(node.who)
        event = self.given(node, after)
        found = next(
            (x for x in s.walk(event) if isinstance(x, s.EndsIn) and x.outcomes), None
        ) if event is not None else None
        if found is not None:
            _fail(found, "no decision follows an outcome", "a move, a rung or a mechanism")
        acts: tuple[Act, ...] = ()
        if node.move is not None:
            acts = self.moves(who.actor, node.move, node.who)
        return replace(node, who=who, given=event, acts=acts,
                       variants=self.variants(node.variants))

    def belief(self, node: s.Belief, after: s.Event | None) -> s.Expr:
        self.actor(node.observer, node)
        about = self.types(node.about)
        if about.level is None:
            _fail(node.about, "the types that the belief is about are missing",
                  f"such as {about.actor}.{next(iter(self.names.types[about.actor]), 'type')} high"
                  if self.names.types.get(about.actor) else "an actor with private information")
        if node.observer == about.actor:
            _fail(node, f"{node.observer} knows its own type", "a belief about another actor")
        return replace(node, about=about, given=None if node.prior else self.given(node, after),
                       variants=self.variants(node.variants))

    # names ------------------------------------------------------------------------------------

    def actor(self, name: str, node: s.Part) -> str:
        if name not in self.names.actors:
            _fail(node, f"there is no actor {name!r}", one_of(name, self.names.actors),
                  nearest(name, self.names.actors))
        return name

    def player(self, name: str, node: s.Part) -> str:
        self.actor(name, node)
        if name not in self.names.players:
            _fail(node, f"{name} has no move and no private information in this game",
                  _few(self.names.players))
        return name

    def moves(self, actor: str, asked: str, node: s.Part) -> tuple[Act, ...]:
        known = self.names.moves.get(actor, ())
        found = matching(asked, known)
        if not found:
            _fail(node, f"{actor} has no move {asked!r}", one_of(asked, _deeds(known)),
                  nearest(asked, _deeds(known)))
        return tuple(found)

    def path(self, path: str, node: s.Part) -> str:
        names = self.names
        if path in names.numbers:
            return path
        if path in names.structure:
            parts = below(path, names.numbers)
            what = "a group of numbers" if parts else "not a number"
            _fail(node, f"{path} is {what}", _few(parts))
        if path in names.actors or matching(path, map(str, names.outcomes)):
            _fail(node, f"{path} is not a number", "P(...) of an event, or value(...) of an actor")
        _fail(node, f"the file has no number {path!r}", one_of(path, names.numbers, 6),
              nearest(path, names.numbers))

    def types(self, node: s.Types) -> s.Types:
        actor = self.player(node.actor, node)
        if node.level is None:
            return node
        known = self.names.types.get(actor, {})
        if not known:
            _fail(node, f"{actor} has no private information, so only one type", f"{actor} alone")
        quantity = node.quantity
        if quantity is None and len(known) > 1:
            _fail(node, f"{actor} has {len(known)} private quantities",
                  _few(f"{actor}.{q}" for q in known))
        if quantity is None:
            quantity = next(iter(known))
        elif quantity not in known:
            short = [q for q, parts in known.items() if parts[0].name == quantity]
            if len(short) != 1:
                _fail(node, f"{actor} has no private quantity {quantity!r}",
                      _few(known), nearest(quantity, known))
            quantity = short[0]
        if isinstance(node.level, s.Level):
            return replace(node, quantity=quantity,
                           level=self.level(node.level, known[quantity]))
        elif not self.names.numbers:
            _fail(node.level, "types of a game built by hand have no numbers",
                  _few(x.label for x in known[quantity]))
        elif node.level.sign in ("==", "!="):
            _fail(node.level, "types cannot be selected by == or !=",
                  "one of < <= > >=, such as > 0.3")
        return replace(node, quantity=quantity)

    def level(self, level: s.Level, known: tuple[Attribute, ...]) -> s.Level:
        """Return the level with the types it means; a label comes before low, middle and high."""
        asked = [x.position for x in known if same(level.word, x.label)] or [
            x.position for x in known if x.level == level.word]
        if not asked:
            options = tuple(dict.fromkeys((*levels(len(known)), *(x.label for x in known))))
            _fail(level, f"there is no type {level.word!r}", _few(options),
                  nearest(level.word, options))
        return replace(level, positions=frozenset(asked))

    def variants(self, given: tuple[s.Variant, ...]) -> tuple[s.Variant, ...]:
        out: list[s.Variant] = []
        for v in given:
            if isinstance(v, s.Change) and v.path in self.names.settings:
                out.append(self.restructure(v))
            elif isinstance(v, s.Change):
                value = self.number(v.value, None)
                bad = next((x for x in s.walk(value)
                            if isinstance(x, (*s.MODELLED, s.Asked))), None)
                if bad is not None:
                    whose = ("from outside the game" if isinstance(bad, s.Asked)
                             else "a result of the variant")
                    _fail(bad, f"this number is {whose}", "numbers of the file")
                out.append(replace(v, path=self.path(v.path, v), value=value))
            elif isinstance(v, s.Without):
                out.append(replace(v, path=self.part(v)))
            else:
                out.append(v)
        return tuple(out)

    def restructure(self, v: s.Change) -> s.Restructure:
        """Return the variant that sets structure: a whole number or a name, never a formula."""
        asked: object = None
        if isinstance(v.value, s.Number):
            asked = v.value.value
            if asked == int(asked) and abs(asked) < 1e15:  # above, it is printed as written
                asked = int(asked)
        elif isinstance(v.value, s.Path):
            asked = v.value.path
        wrong = fault(self.names.settings[v.path], asked)
        if wrong is not None or not isinstance(asked, int | str):
            shown = "a formula" if asked is None else f"{asked!r}"
            _fail(v.value, f"{v.path} cannot be {shown}", wrong or "a whole number")
        return s.Restructure(v.at, v.path, asked)

    def part(self, v: s.Without) -> str:
        """Return the part that ``without`` removes, by its name in the file."""
        names = self.names
        known = (*names.mechanisms, *(f"offers.{p}" for p in names.packages))
        if names.moves and any(matching("offer", m) for m in names.moves.values()):
            known = (*known, "offers")
        found = next((k for k in known if same(k, v.path)), None)
        if found is not None:
            return found
        hint = f"with: {v.path} = 0" if v.path in names.numbers else _few(known)
        _fail(v, f"the file has no part {v.path!r} to leave out", hint, nearest(v.path, known))

    # events -----------------------------------------------------------------------------------

    def event(self, node: s.Event) -> s.Event:
        if isinstance(node, s.AllOf | s.Either):
            events = tuple(self.event(x) for x in self.whole(node))
            return replace(node, events=events) if len(events) > 1 else events[0]
        if isinstance(node, s.Never):
            return replace(node, event=self.event(node.event))
        if isinstance(node, s.Sequence):
            return self.sequence(node)
        if isinstance(node, s.ChanceEvent):
            found = matching(node.name, self.names.chances)
            if not found:
                known = _deeds(self.names.chances)
                _fail(node, f"there is no chance event {node.name!r}", _few(known),
                      nearest(node.name, known))
            return replace(node, acts=tuple(found))
        return self.deed(node) if isinstance(node, s.Deed) else self.ending(node)

    def sequence(self, node: s.Sequence) -> s.Event:
        events = tuple(self.event(x) for x in node.events)
        for earlier in events[:-1]:
            for x in s.walk(earlier):
                if isinstance(x, s.Never):
                    _fail(x, "no event can follow an event with 'not'",
                          "'not' last, or without 'then'")
                if isinstance(x, s.EndsIn) and x.outcomes:
                    _fail(x, "no event follows an outcome", "the outcome last")
        for later in events[1:]:
            for x in s.walk(later):
                if isinstance(x, s.AllOf | s.Never | s.Sequence):
                    _fail(x, "this cannot follow 'then'",
                          "one event, or several joined by 'or'")
        return replace(node, events=events)

    def deed(self, node: s.Deed) -> s.Event:
        names, actor = self.names, self.actor(node.actor, node)
        known = names.moves.get(actor, ())
        if node.name == "reaches" and node.detail is not None:
            return self.rung(node, node.detail)
        asked = node.name if node.detail is None else f"{node.name} {node.detail}"
        found = matching(asked, known)
        if found:
            return replace(node, acts=tuple(found))
        if node.detail is None and any(same(node.name, r) for r in names.rungs):
            return self.rung(node, node.name)
        if not known:
            _fail(node, f"{actor} has no move in this game", _few(names.players))
        options = (*_deeds(known), *(names.rungs if actor in names.start else ()))
        _fail(node, f"{actor} has no move {asked!r}", _few(options), nearest(asked, options))

    def rung(self, node: s.Deed, asked: str) -> s.Event:
        names = self.names
        if node.actor not in names.start:
            _fail(node, f"{node.actor} is not on the ladder", _few(names.start))
        place = next((k for k, r in enumerate(names.rungs) if same(asked, r)), None)
        if place is None:
            _fail(node, f"there is no rung {asked!r} to reach", _few(names.rungs),
                  nearest(asked, names.rungs))
        owner = names.owners[place] if names.owners else None
        if owner not in (None, node.actor):
            _fail(node, f"{names.rungs[place]!r} is a rung of {owner}, which {node.actor} passes "
                  "over", "a rung of its own")
        if place <= names.start[node.actor]:
            return replace(node, name="reaches", detail=names.rungs[place], from_start=True)
        act = Act(node.actor, "escalate", names.rungs[place])
        return replace(node, name="reaches", detail=names.rungs[place], acts=(act,))

    def whole(self, node: s.AllOf | s.Either) -> tuple[s.Event, ...]:
        """Return the events, those joined that together name a package.

        ``settlement: pledge and trade`` is read as two events joined by ``and``. If the file has a
        package "pledge and trade", it is one. The longest name counts.
        """
        word = "and" if isinstance(node, s.AllOf) else "or"
        left, out = list(node.events), []
        while left:
            first, taken = left[0], 1
            head: s.Event = first
            if isinstance(first, s.EndsIn) and first.detail is not None:
                said = first.detail
                for k, x in enumerate(left[1:], 2):
                    if not isinstance(x, s.EndsIn) or x.detail is not None:
                        break
                    said = f"{said} {word} {x.name}"
                    if any(same(said, t.detail) for t in self.names.terms):
                        place = (*first.at[:3], x.at[3])
                        head, taken = replace(first, detail=said, at=place), k
            out.append(head)
            left = left[taken:]
        return tuple(out)

    def on_terms(self, node: s.EndsIn, asked: str) -> s.Event:
        """Return an outcome with its terms: those with this package, or with this share."""
        ending = self.ending(replace(node, detail=None))
        assert isinstance(ending, s.EndsIn)
        if not ending.outcomes:
            _fail(node, f"{node.name} is a mechanism and has no terms", "an outcome before the ':'")
        known = [t for t in self.names.terms if t.outcome in ending.outcomes]
        shares = [t for t in known if t.share is not None]
        number = re.fullmatch(r"(?:share )?([0-9.]+(?:[eE][+-]?[0-9]+)?)(%?)", asked.strip())
        if number is not None:
            share = float(number[1]) / (100 if number[2] else 1)
            found = [t for t in shares if t.share is not None and abs(t.share - share) < 1e-9]
        else:
            found = [t for t in known if t.detail and same(t.detail, asked)]
            found += self.results(known, asked)
        if found:
            return replace(ending, detail=asked, terms=tuple(found))
        options = list(dict.fromkeys(
            [t.detail for t in known if t.detail]
            + [said for t in known if t.result for said in _result(t)]
            + [share_text(t.share) for t in sorted(shares, key=lambda t: t.share or 0.0)
               if t.share is not None]))
        if not options:
            _fail(node, f"{node.name} has no terms in this game", "the outcome without terms")
        _fail(node, f"{node.name} has no terms {asked!r}", one_of(asked, options),
              nearest(" ".join(spoken(asked)), options))

    def results(self, known: Sequence[Terms], asked: str) -> list[Terms]:
        """Return the terms of war with this result, such as ``victory of aland``."""
        found = [t for t in known if any(same(asked, said) for said in _result(t))]
        winners = {t.winner for t in known if t.winner}
        lost = [actor for actor in self.names.actors if same(asked, f"defeat of {actor}")]
        return found or [t for t in known if t.winner and lost and lost[0] in winners
                         and t.winner != lost[0]]

    def ending(self, node: s.EndsIn) -> s.Event:
        names = self.names
        if node.detail is not None:
            return self.on_terms(node, node.detail)
        if same(node.name, "war") and names.wars:
            return replace(node, outcomes=names.wars)
        if same(node.name, "war alone") and Outcome("war") in names.outcomes:
            return replace(node, outcomes=(Outcome("war"),))
        conceding = tuple(o for o in names.outcomes if o.kind == "concession")
        if same(node.name, "concession") and conceding:
            return replace(node, outcomes=conceding)
        found = [o for o in names.outcomes if same(str(o), node.name)]
        if found:
            return replace(node, outcomes=tuple(found))
        mechanism = next((m for m in names.mechanisms if same(m, node.name)), None)
        if mechanism is not None:
            if mechanism not in names.acting:
                _fail(node, f"{mechanism} has no move or event of its own", "a move or an outcome")
            return replace(node, mechanism=mechanism)
        if node.name in names.actors:
            _fail(node, f"{node.name} is an actor", f"a move of it, such as {node.name}."
                  + next((act.verb for act in names.moves.get(node.name, ())), "..."))
        known = (*map(str, names.outcomes), *(m for m in names.mechanisms if m in names.acting))
        near = nearest(node.name.replace("_", " "), known)
        _fail(node, f"there is no outcome and no mechanism {node.name!r}",
              one_of(node.name, known), near)


def _result(terms: Terms) -> list[str]:
    """Return the names of the result of a war: with its winner, and without."""
    if not terms.result:
        return []
    return [f"{terms.result} of {terms.winner}"] if terms.winner else [terms.result]


def _offering(node: s.Compare) -> s.Compare:
    """Enter in the values and choices of each actor the moves that the comparison names."""
    named: dict[str, list[tuple[Act, ...]]] = {}
    for x in s.walk(node):
        if isinstance(x, s.Value | s.Choice) and x.acts:
            asked = named.setdefault(x.who.actor, [])
            if x.acts not in asked:
                asked.append(x.acts)

    def told(x: s.Expr) -> s.Expr:
        if isinstance(x, s.Value | s.Choice) and x.acts:
            return replace(x, offers=tuple(named[x.who.actor]))
        if isinstance(x, s.Binary):
            return replace(x, left=told(x.left), right=told(x.right))
        if isinstance(x, s.Function):
            return replace(x, args=tuple(map(told, x.args)))
        return x

    return replace(node, terms=tuple(map(told, node.terms)))
