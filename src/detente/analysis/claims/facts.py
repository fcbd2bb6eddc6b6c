"""A claim's numbers at one point: both sides and their parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.result import Fact, Term, Verdict
from detente.analysis.claims.solved import World
from detente.analysis.claims.solving import Point
from detente.claims import syntax as s

__all__ = ["OFF_PATH", "facts", "types_held", "verdict"]

OFF_PATH = 1e-6
"""Below this probability a condition counts as off the equilibrium path."""


def number(x: object) -> float | None:
    """Return a float, None if it is not finite."""
    value = float(x)  # type: ignore[arg-type]
    return value if np.isfinite(value) else None


def verdict(claim: s.Expr, text: str, point: Point, reading: str) -> Verdict:
    """Return a claim's verdict at one point."""
    meaning = Meaning(claim, point.world)
    found = meaning.truth()
    held = found.holds[0]
    sides = []
    for node in s.walk(claim):
        if isinstance(node, s.Compare):
            sides += [Term(words(x, text), number(pooled(x, meaning)), isinstance(x, s.Number))
                      for x in node.terms]
    margin = number(found.margin[0])
    return Verdict(
        reading, None if np.isnan(held) else bool(held), margin, point.certified(claim), sides,
        close=bool(found.close[0]),
    )


def types_held(claim: s.Expr, point: Point) -> list[tuple[str, str, bool | None]]:
    """Return the types for which a claim about one actor holds; empty for other claims."""
    meaning = Meaning(claim, point.world)
    if len(meaning.actors) != 1:
        return []
    held = meaning.by_type().decided[:, 0]
    (actor,) = meaning.actors
    tree = point.world(()).play.tree
    types = tree.types[tree.players.index(actor)]
    if len(types) != len(held) or len(types) == 1:
        return []
    return [(actor, str(one), None if np.isnan(x) else bool(x))
            for one, x in zip(types, held, strict=True)]


def words(node: s.Part, text: str) -> str:
    """Return the text of a node of a claim, on one line."""
    return " ".join(text[node.at[2] : node.at[3]].split())


def pooled(node: s.Expr, meaning: Meaning) -> float:
    """Return a number, averaged over the types that reach the decision."""
    if isinstance(node, s.Value | s.Choice):
        value, weight = meaning.at_decisions(node, meaning.worlds(node.variants))
        if node.who.level is not None:
            return float(meaning.number(node).ravel()[0])
        total = weight.sum()
        return float((np.where(weight > 0, value, 0.0) * weight).sum() / total) if total else np.nan
    if isinstance(node, s.Binary):
        a, b = pooled(node.left, meaning), pooled(node.right, meaning)
        if node.sign == "/":
            return a / b if b else np.nan
        return a + b if node.sign == "+" else a - b if node.sign == "-" else a * b
    if isinstance(node, s.Function):
        args = [pooled(x, meaning) for x in node.args]
        return abs(args[0]) if node.name == "abs" else (min if node.name == "min" else max)(args)
    return float(meaning.number(node).ravel()[0])


def facts(claim: s.Expr, text: str, point: Point, careful: Point | None = None) -> list[Fact]:
    """Return every number of the model in a claim, with its condition's probability.

    ``careful`` is the same point in the deliberate model.
    """
    meaning = Meaning(claim, point.world)
    found: dict[str, Fact] = {}
    for node in s.walk(claim):
        if not isinstance(node, s.MODELLED):
            continue
        shown = words(node, text)
        if shown in found:
            continue
        world = point.world(node.variants)
        if isinstance(node, s.Value | s.Choice):
            found[shown] = valued(node, shown, meaning, world)
        else:
            value = number(meaning.number(node).ravel()[0])
            chance = condition(node.given, world)
            found[shown] = Fact(shown, value, None, None, chance)
        about = node.given
        if about is None and isinstance(node, s.Probability):
            about = node.event
        if about is not None:
            found[shown] = replace(
                found[shown], event=words(about, text), conditional=node.given is not None,
                deliberate=None if careful is None
                else condition(about, careful.world(node.variants)))
    return list(found.values())


def condition(event: s.Event | None, world: World) -> float:
    """Return P(E) at one point."""
    if event is None:
        return 1.0
    return float(world.chance(event).sum())


def valued(node: s.Value | s.Choice, text: str, meaning: Meaning, world: World) -> Fact:
    """Return the parts of a value: by type, over histories, and its probability."""
    value, weight = (x[..., 0] for x in meaning.at_decisions(node, world))
    chance = condition(node.given, world)
    if not len(value):
        return Fact(text, None, None, None, chance, 0.0)
    each = weight.sum(axis=1)
    by_history = np.divide((value * weight).sum(axis=1), each, out=np.full_like(each, np.nan),
                           where=each > 0)
    seen = by_history[each >= OFF_PATH]
    total = weight.sum(axis=0)
    by_type = np.divide((np.where(weight > 0, value, 0.0) * weight).sum(axis=0), total,
                        out=np.full_like(total, np.nan), where=total > 0)
    types = world.play.tree.types[world.play.tree.players.index(node.who.actor)]
    share = total / total.sum() if total.sum() > 0 else total
    return Fact(
        text, number((np.nan_to_num(by_type) * share).sum()) if total.sum() > 0 else None,
        number(seen.min()) if len(seen) else None, number(seen.max()) if len(seen) else None,
        chance, float(each.sum() / chance) if chance > 0 else None,
        [(str(one), number(v), float(w)) for one, v, w in zip(types, by_type, share, strict=True)]
        if len(types) > 1 else [],
    )
