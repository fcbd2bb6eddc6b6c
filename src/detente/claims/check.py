"""Check a claim against a crisis: every name must exist, every part must be of its kind."""

from __future__ import annotations

import math
from dataclasses import replace

from detente.claims import syntax as s
from detente.claims.check_events import CheckEvents
from detente.claims.check_names import fail, few
from detente.claims.names import Names, matching, same
from detente.claims.world import resolved
from detente.errors import nearest
from detente.identifiers import Act
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
        fail(claim, "this is a number, but a claim is a condition",
             "a comparison such as P(war) < 0.2")
    return _Checker(names).condition(claim, None)


class _Checker(CheckEvents):

    # conditions and numbers -------------------------------------------------------------------

    def condition(self, node: s.Expr, after: s.Event | None) -> s.Expr:
        if isinstance(node, s.After):
            if after is not None:
                fail(node.event, "a second 'after' around the first",
                     "one 'after', such as 'after (A then B)'")
            if s.alone(node.item):
                fail(node.event, "this condition is judged outside the game, so nothing in it "
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
                fail(node, f"no part of this condition depends on {node.actor}'s type",
                     f"a value or a choice of {node.actor}")
            return replace(node, item=item)
        if isinstance(node, s.Compare):
            if "==" in node.signs or "!=" in node.signs:
                fail(node, "computed numbers are never exactly equal", "such as abs(a - b) < 0.01")
            terms = tuple(self.number(x, after) for x in node.terms)
            return _offering(replace(node, terms=terms))
        fail(node, "this is a number, but a condition is needed",
             "a comparison such as P(war) < 0.2")

    def number(self, node: s.Expr, after: s.Event | None) -> s.Expr:
        if isinstance(node, s.Number):
            if not math.isfinite(node.value):
                fail(node, "the number is not finite", "a number that a computer can hold")
            return node
        if isinstance(node, s.Path):
            return replace(node, path=self.path(node.path, node))
        if isinstance(node, s.Binary):
            if node.sign == "/" and isinstance(node.right, s.Number) and node.right.value == 0:
                fail(node.right, "division by 0", "a divisor other than 0")
            return replace(
                node, left=self.number(node.left, after), right=self.number(node.right, after)
            )
        if isinstance(node, s.Function):
            if node.name == "abs" and len(node.args) != 1:
                fail(node, f"abs of {len(node.args)} numbers", "one number")
            return replace(node, args=tuple(self.number(x, after) for x in node.args))
        if isinstance(node, s.Probability):
            event = self.event(node.event)
            return replace(node, event=event, given=self.given(node, after, never=True),
                           variants=self.variants(node.variants))
        if isinstance(node, s.Share):
            if all(t.share is None for t in self.names.terms):
                fail(node, "no outcome of this game has a share of the stake",
                     "P(...), value(...) or gain(...)")
            given = self.given(node, after, never=True)
            assert given is not None
            return replace(node, given=given, variants=self.variants(node.variants))
        if isinstance(node, s.Gain):
            return self.gain(node, after)
        if isinstance(node, s.Value | s.Choice):
            return self.valued(node, after)
        if isinstance(node, s.Belief):
            return self.belief(node, after)
        if isinstance(node, s.Asked):
            return resolved(node, self.names.outside)
        fail(node, "this is a condition, but a number is needed",
             "such as 0.2, P(...) or value(...)")

    def given(
        self, node: s.Probability | s.Share | s.Value | s.Choice | s.Belief,
        after: s.Event | None, never: bool = False,
    ) -> s.Event | None:
        """Return the event a number is conditional on: its own, or that of the scope."""
        if node.given is not None and after is not None:
            fail(node.given, "both '|' and 'after' give a condition",
                 "one of them, such as 'after (A then B)'")
        event = after if node.given is None else self.event(node.given)
        if event is not None and not never:
            found = next((x for x in s.walk(event) if isinstance(x, s.Never)), None)
            if found is not None:
                fail(found, "an event with 'not' has no first moment", "'not' only inside P(...)")
        return event

    def gain(self, node: s.Gain, after: s.Event | None) -> s.Gain:
        if after is not None:
            fail(node, "a gain is valued at the start, so it cannot come after an event",
                 "the condition without 'after'")
        self.actor(node.actor, node)
        sides = self.names.principals
        if node.actor not in sides:
            fail(node, f"{node.actor} is not a principal, and only principals have gains from an "
                 "agreement", few(sides) or "a crisis with a stake")
        node = replace(node, variants=self.variants(node.variants))
        terms = node.terms
        if isinstance(terms, s.EndsIn) and terms.detail is None and same(terms.name, "split"):
            return replace(node, terms=None, split=True)
        if terms is None:
            return node
        terms = self.event(terms)
        if not isinstance(terms, s.EndsIn) or not terms.terms or any(
                t.outcome.kind != "settlement" for t in terms.terms):
            fail(terms, "this is not a settlement on terms",
                 "'settlement: ' and a package or a share, or 'split'")
        return replace(node, terms=terms)

    def valued(self, node: s.Value | s.Choice, after: s.Event | None) -> s.Expr:
        who = self.types(node.who)
        event = self.given(node, after)
        found = next(
            (x for x in s.walk(event) if isinstance(x, s.EndsIn) and x.outcomes), None
        ) if event is not None else None
        if found is not None:
            fail(found, "no decision follows an outcome", "a move, a rung or a mechanism")
        acts: tuple[Act, ...] = ()
        if node.move is not None:
            acts = self.moves(who.actor, node.move, node.who)
        return replace(node, who=who, given=event, acts=acts,
                       variants=self.variants(node.variants))

    def belief(self, node: s.Belief, after: s.Event | None) -> s.Expr:
        self.actor(node.observer, node)
        about = self.types(node.about)
        if about.level is None:
            fail(node.about, "the types that the belief is about are missing",
                 f"such as {about.actor}.{next(iter(self.names.types[about.actor]), 'type')} high"
                 if self.names.types.get(about.actor) else "an actor with private information")
        if node.observer == about.actor:
            fail(node, f"{node.observer} knows its own type", "a belief about another actor")
        return replace(node, about=about, given=None if node.prior else self.given(node, after),
                       variants=self.variants(node.variants))

    # variants ---------------------------------------------------------------------------------

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
                    fail(bad, f"this number is {whose}", "numbers of the file")
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
            fail(v.value, f"{v.path} cannot be {shown}", wrong or "a whole number")
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
        hint = f"with: {v.path} = 0" if v.path in names.numbers else few(known)
        fail(v, f"the file has no part {v.path!r} to leave out", hint, nearest(v.path, known))


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
