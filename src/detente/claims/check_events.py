"""Check the events of a claim: moves, rungs, results of chance, outcomes and their terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from detente.claims import syntax as s
from detente.claims.check_names import CheckNames, deeds, fail, few
from detente.claims.names import matching, same
from detente.errors import nearest, one_of
from detente.identifiers import Act, Outcome, Terms, share_text, spoken

__all__ = ["CheckEvents"]


class CheckEvents(CheckNames):
    """Resolves the events of one crisis."""

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
                known = deeds(self.names.chances)
                fail(node, f"there is no chance event {node.name!r}", few(known),
                     nearest(node.name, known))
            return replace(node, acts=tuple(found))
        return self.deed(node) if isinstance(node, s.Deed) else self.ending(node)

    def sequence(self, node: s.Sequence) -> s.Event:
        events = tuple(self.event(x) for x in node.events)
        for earlier in events[:-1]:
            for x in s.walk(earlier):
                if isinstance(x, s.Never):
                    fail(x, "no event can follow an event with 'not'",
                         "'not' last, or without 'then'")
                if isinstance(x, s.EndsIn) and x.outcomes:
                    fail(x, "no event follows an outcome", "the outcome last")
        for later in events[1:]:
            for x in s.walk(later):
                if isinstance(x, s.AllOf | s.Never | s.Sequence):
                    fail(x, "this cannot follow 'then'",
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
            fail(node, f"{actor} has no move in this game", few(names.players))
        options = (*deeds(known), *(names.rungs if actor in names.start else ()))
        fail(node, f"{actor} has no move {asked!r}", few(options), nearest(asked, options))

    def rung(self, node: s.Deed, asked: str) -> s.Event:
        names = self.names
        if node.actor not in names.start:
            fail(node, f"{node.actor} is not on the ladder", few(names.start))
        place = next((k for k, r in enumerate(names.rungs) if same(asked, r)), None)
        if place is None:
            fail(node, f"there is no rung {asked!r} to reach", few(names.rungs),
                 nearest(asked, names.rungs))
        owner = names.owners[place] if names.owners else None
        if owner not in (None, node.actor):
            fail(node, f"{names.rungs[place]!r} is a rung of {owner}, which {node.actor} passes "
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
            fail(node, f"{node.name} is a mechanism and has no terms", "an outcome before the ':'")
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
            fail(node, f"{node.name} has no terms in this game", "the outcome without terms")
        fail(node, f"{node.name} has no terms {asked!r}", one_of(asked, options),
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
                fail(node, f"{mechanism} has no move or event of its own", "a move or an outcome")
            return replace(node, mechanism=mechanism)
        if node.name in names.actors:
            fail(node, f"{node.name} is an actor", f"a move of it, such as {node.name}."
                 + next((act.verb for act in names.moves.get(node.name, ())), "..."))
        known = (*map(str, names.outcomes), *(m for m in names.mechanisms if m in names.acting))
        near = nearest(node.name.replace("_", " "), known)
        fail(node, f"there is no outcome and no mechanism {node.name!r}",
             one_of(node.name, known), near)


def _result(terms: Terms) -> list[str]:
    """Return the names of the result of a war: with its winner, and without."""
    if not terms.result:
        return []
    return [f"{terms.result} of {terms.winner}"] if terms.winner else [terms.result]
