"""Check the actors, moves, types and numbers that a claim names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from detente.claims import syntax as s
from detente.claims.names import Names, matching, same
from detente.errors import MOST_NAMED, InputError, nearest, one_of
from detente.identifiers import Act, Attribute
from detente.scenario.paths import below
from detente.scenario.private import levels

__all__ = ["CheckNames", "deeds", "fail", "few"]


def fail(
    node: s.Part, message: str, expected: str | None = None, near: str | None = None
) -> NoReturn:
    """Raise an error at the place of a part of the claim."""
    raise InputError(message, line=node.at[0], column=node.at[1], expected=expected, nearest=near)


def deeds(acts: Iterable[Act]) -> tuple[str, ...]:
    """Return the words for the deeds of some acts."""
    return tuple(act.deed() for act in acts)


def few(known: Iterable[str]) -> str | None:
    """Return the first names in words, and how many there are; None if there are none."""
    listed = list(known)
    if not listed:
        return None
    return "one of " + ", ".join(listed[:MOST_NAMED]) + (
        f", ... ({len(listed)} in all)" if len(listed) > MOST_NAMED else "")


class CheckNames:
    """Resolves names by the names of one crisis."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def actor(self, name: str, node: s.Part) -> str:
        if name not in self.names.actors:
            fail(node, f"there is no actor {name!r}", one_of(name, self.names.actors),
                 nearest(name, self.names.actors))
        return name

    def player(self, name: str, node: s.Part) -> str:
        self.actor(name, node)
        if name not in self.names.players:
            fail(node, f"{name} has no move and no private information in this game",
                 few(self.names.players))
        return name

    def moves(self, actor: str, asked: str, node: s.Part) -> tuple[Act, ...]:
        known = self.names.moves.get(actor, ())
        found = matching(asked, known)
        if not found:
            fail(node, f"{actor} has no move {asked!r}", one_of(asked, deeds(known)),
                 nearest(asked, deeds(known)))
        return tuple(found)

    def path(self, path: str, node: s.Part) -> str:
        names = self.names
        if path in names.numbers:
            return path
        if path in names.structure:
            parts = below(path, names.numbers)
            what = "a group of numbers" if parts else "not a number"
            fail(node, f"{path} is {what}", few(parts))
        if path in names.actors or matching(path, map(str, names.outcomes)):
            fail(node, f"{path} is not a number", "P(...) of an event, or value(...) of an actor")
        fail(node, f"the file has no number {path!r}", one_of(path, names.numbers, 6),
             nearest(path, names.numbers))

    def types(self, node: s.Types) -> s.Types:
        actor = self.player(node.actor, node)
        if node.level is None:
            return node
        known = self.names.types.get(actor, {})
        if not known:
            fail(node, f"{actor} has no private information, so only one type", f"{actor} alone")
        quantity = node.quantity
        if quantity is None and len(known) > 1:
            fail(node, f"{actor} has {len(known)} private quantities",
                 few(f"{actor}.{q}" for q in known))
        if quantity is None:
            quantity = next(iter(known))
        elif quantity not in known:
            short = [q for q, parts in known.items() if parts[0].name == quantity]
            if len(short) != 1:
                fail(node, f"{actor} has no private quantity {quantity!r}",
                     few(known), nearest(quantity, known))
            quantity = short[0]
        if isinstance(node.level, s.Level):
            return replace(node, quantity=quantity,
                           level=self.level(node.level, known[quantity]))
        elif not self.names.numbers:
            fail(node.level, "types of a game built by hand have no numbers",
                 few(x.label for x in known[quantity]))
        elif node.level.sign in ("==", "!="):
            fail(node.level, "types cannot be selected by == or !=",
                 "one of < <= > >=, such as > 0.3")
        return replace(node, quantity=quantity)

    def level(self, level: s.Level, known: tuple[Attribute, ...]) -> s.Level:
        """Return the level with the types it means; a label comes before low, middle and high."""
        asked = [x.position for x in known if same(level.word, x.label)] or [
            x.position for x in known if x.level == level.word]
        if not asked:
            options = tuple(dict.fromkeys((*levels(len(known)), *(x.label for x in known))))
            fail(level, f"there is no type {level.word!r}", few(options),
                 nearest(level.word, options))
        return replace(level, positions=frozenset(asked))
