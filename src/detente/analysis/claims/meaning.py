"""Meaning of a claim on a solved game: numbers, and conditions that hold or fail.

A history is a path from the root. ``after E`` takes the first points at which E has happened (the
cut C), weighed by reach; ``P(X | E)`` is the reach of X and E over the reach of E. ``value(i, m)``
is taken at i's first decision at or after C that offers the moves the comparison names, per type of
i, weighed by reach and posterior. A condition on an actor's values must hold for each of its types
unless one is named. A condition of probability zero is neither true nor false (nan here).

Every number of the model has an error (`World.error`), which arithmetic carries on. A comparison is
too close to call if its margin is smaller than the error of its two sides. A condition is too close
to call if its truth depends on such comparisons. `Truth.close` says so, at the centre and over
samples alike; nothing else decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.analysis.claims.asked import Values, values_of
from detente.analysis.claims.gains import gain
from detente.analysis.claims.solved import World, path_of
from detente.analysis.claims.truth import Truth, either, join, over_types
from detente.arrays import Floats
from detente.claims import syntax as s
from detente.claims.histories import Decisions
from detente.claims.types import members
from detente.equilibrium.profiles import Profiles
from detente.identifiers import Act

__all__ = ["Meaning", "actors_of"]


ROUNDING = 8 * float(np.finfo(float).eps)
"""Relative rounding error of arithmetic in a claim; a number of the file alone is exact."""


def actors_of(claim: s.Expr) -> tuple[str, ...]:
    """Return the actors whose types a condition runs over, in the order in which they occur."""
    found = [
        x.who.actor for x in s.walk(claim)
        if isinstance(x, s.Value | s.Choice) and x.who.level is None
    ]
    return tuple(dict.fromkeys(found))


class Meaning:
    """Evaluate one checked claim.

    Parameters
    ----------
    claim
        From `check`.
    worlds
        Returns the solved crisis, or a variant of it.
    outside
        Values of the numbers from outside the game: the central ones first, then the ends of their
        intervals under each definition. By default those of the crisis.
    """

    def __init__(
        self, claim: s.Expr, worlds: Callable[[tuple[s.Variant, ...]], World],
        outside: Sequence[Values] | None = None,
    ) -> None:
        self.claim, self.worlds = claim, worlds
        self.actors = actors_of(claim)
        if outside is None and s.asked_in(claim):
            compiled = worlds(()).compiled
            assert compiled is not None
            outside = values_of(claim, compiled.scenario)
        self.outside: Sequence[Values] = outside or ({},)
        self.here: Values = self.outside[0]

    def truth(self) -> Truth:
        """Return whether the claim holds, for all types, (S,)."""
        found = self.by_type()
        for axis in range(len(self.actors)):
            found = over_types(found, axis, some=False)
        return found.each(lambda x: x.reshape(x.shape[-1]))

    def by_type(self) -> Truth:
        """Return whether the claim holds by the types of `actors`, (T_1, ..., S)."""
        found: Truth | None = None
        for values in self.outside:
            self.here = values
            made = self.condition(self.claim)
            found = made if found is None else either(found, made)
        self.here = self.outside[0]
        assert found is not None
        return found

    # conditions -------------------------------------------------------------------------------

    def condition(self, node: s.Expr) -> Truth:
        if isinstance(node, s.Compare):
            return self._compare(node)
        if isinstance(node, s.All | s.Any_):
            found = [self.condition(x) for x in node.items]
            out = found[0]
            for other in found[1:]:
                out = join(out, other, some=isinstance(node, s.Any_))
            return out
        if isinstance(node, s.Not):
            inner = self.condition(node.item)
            return Truth(1 - inner.holds, -inner.margin, 1 - inner.most, 1 - inner.least)
        if isinstance(node, s.Every):
            return over_types(self.condition(node.item), self.actors.index(node.actor), node.some)
        raise AssertionError(f"{type(node).__name__} is not a checked condition")

    def _compare(self, node: s.Compare) -> Truth:
        terms = [(self.number(x), self.error(x)) for x in node.terms]
        out: Truth | None = None
        for (left, e), sign, (right, f) in zip(terms, node.signs, terms[1:], strict=False):
            margin = right - left if sign[0] == "<" else left - right
            held = margin >= 0 if sign.endswith("=") else margin > 0
            none, close = np.isnan(margin), np.abs(margin) < e + f
            sure = np.where(none, np.nan, held.astype(float))
            none, close = np.broadcast_arrays(none, close)
            one = Truth(sure, margin, np.where(close & ~none, 0.0, sure),
                        np.where(close & ~none, 1.0, sure))
            out = one if out is None else join(out, one, some=False)
        assert out is not None
        return out

    # numbers ----------------------------------------------------------------------------------

    def number(self, node: s.Expr) -> Floats:
        """Return a number by types and sample; axes of types that do not matter have length 1."""
        if isinstance(node, s.Number):
            return self._flat(np.array([node.value]))
        if isinstance(node, s.Path):
            return self._flat(path_of(self.worlds(()), node.path))
        if isinstance(node, s.Asked):
            return self._flat(np.atleast_1d(np.asarray(self.here[node.key], dtype=float)))
        if isinstance(node, s.Binary):
            left, right = self.number(node.left), self.number(node.right)
            if node.sign == "/":
                out = np.full(np.broadcast_shapes(left.shape, right.shape), np.nan)
                return np.asarray(np.divide(left, right, out=out, where=right != 0))
            done = {"+": np.add, "-": np.subtract, "*": np.multiply}[node.sign]
            return np.asarray(done(left, right))
        if isinstance(node, s.Function):
            args = [self.number(x) for x in node.args]
            if node.name == "abs":
                return np.asarray(np.abs(args[0]))
            pick = np.minimum if node.name == "min" else np.maximum
            out = args[0]
            for other in args[1:]:
                out = pick(out, other)
            return out
        if isinstance(node, s.Probability):
            return self._flat(self.probability(node))
        if isinstance(node, s.Share):
            return self._flat(self.share(node))
        if isinstance(node, s.Gain):
            return self._flat(gain(node, self.worlds(node.variants).zone))
        if isinstance(node, s.Belief):
            return self._flat(self.belief(node))
        assert isinstance(node, s.Value | s.Choice)
        return self._valued(node)

    def error(self, node: s.Expr) -> Floats:
        """Return the error of a number, in the shape of `number` or one that fits it.

        Errors of the two sides of a sum, a product or a quotient are added to first order. It is
        infinite for a quotient whose divisor may be zero.
        """
        if isinstance(node, s.Number | s.Path | s.Asked | s.Gain):
            return np.zeros(1)
        if isinstance(node, s.Binary):
            a, b = self.number(node.left), self.number(node.right)
            e, f = self.error(node.left), self.error(node.right)
            if node.sign in "+-":
                return np.asarray(e + f + ROUNDING * np.maximum(np.abs(a), np.abs(b)))
            with np.errstate(all="ignore"):
                if node.sign == "*":
                    return np.asarray(np.abs(a) * f + np.abs(b) * e + ROUNDING * np.abs(a * b))
                room = np.abs(b) - f
                found = (e + np.abs(a / b) * f) / room + ROUNDING * np.abs(a / b)
                return np.asarray(np.where(room > 0, found, np.inf))
        if isinstance(node, s.Function):
            out = self.error(node.args[0])
            for other in node.args[1:]:
                out = np.maximum(out, self.error(other))
            return out
        assert isinstance(node, s.Probability | s.Share | s.Belief | s.Value | s.Choice)
        return np.atleast_1d(np.asarray(self.worlds(node.variants).error, dtype=float))

    def _flat(self, x: Floats) -> Floats:
        return x.reshape((1,) * len(self.actors) + (-1,))

    def probability(self, node: s.Probability) -> Floats:
        """Return P(X | E), (S,); nan if E has probability zero."""
        world = self.worlds(node.variants)
        if node.given is None:
            return world.chance(node.event)
        happens, given = map(world.histories.happened, (node.event, node.given))
        total = world.chance(node.given)
        both = world.leaf[given & happens].sum(axis=0)
        none = np.full_like(total, np.nan)
        return np.asarray(np.divide(both, total, out=none, where=total > 0))

    def share(self, node: s.Share) -> Floats:
        """Return the expected share of `stake.first` given E, (S,).

        Only outcomes that divide the stake count: settlements and concessions. The number is nan if
        E and such an outcome never occur together.
        """
        world = self.worlds(node.variants)
        shares = world.histories.shares
        here = world.histories.happened(node.given) & ~np.isnan(shares)
        leaf = world.leaf[here]
        total = leaf.sum(axis=0)
        none = np.full_like(total, np.nan)
        return np.asarray(np.divide(shares[here] @ leaf, total, out=none, where=total > 0))

    def belief(self, node: s.Belief) -> Floats:
        """Return the reach-weighted posterior of some types over the cut, (S,)."""
        world = self.worlds(node.variants)
        tree, play = world.play.tree, world.play
        i = tree.players.index(node.about.actor)
        at = world.histories.cut(node.given)
        reach = play.reach[at]
        which = members(world.compiled, tree, world.theta, node.about, play.size)
        held = (play.belief(node.observer, i, at) * which[None]).sum(axis=1)
        total = reach.sum(axis=0)
        none = np.full_like(total, np.nan)
        return np.asarray(np.divide((reach * held).sum(axis=0), total, out=none, where=total > 0))

    def _valued(self, node: s.Value | s.Choice) -> Floats:
        world = self.worlds(node.variants)
        value, weight = self.at_decisions(node, world)
        if node.who.level is not None:
            which = members(world.compiled, world.play.tree, world.theta, node.who, world.play.size)
            weight = weight * which[None]
            return self._flat(_mean(value, weight, axis=(0, 1)))
        by_type = _mean(value, weight, axis=0)
        axis = self.actors.index(node.who.actor)
        shape = [1] * len(self.actors) + [by_type.shape[-1]]
        shape[axis] = len(by_type)
        return by_type.reshape(shape)

    def at_decisions(self, node: s.Value | s.Choice, world: World) -> tuple[Floats, Floats]:
        """Return the number at each decision (or point of the cut) by type, and its weight.

        Returns
        -------
        value, weight : (k, T, S) arrays
            The weight is reach times posterior.
        """
        play, actor = world.play, node.who.actor
        i = play.tree.players.index(actor)
        if not node.acts:
            at = world.histories.cut(node.given)
            weight = play.reach[at][:, None, :] * play.posterior(i, at)
            return play.value(i, at), weight
        found = world.histories.decisions(actor, node.given, node.offers or (node.acts,))
        weight = play.reach[found.nodes][:, None, :] * play.posterior(i, found.nodes)
        if isinstance(node, s.Choice):
            return _chosen(play, i, found, node.acts), weight
        return _worth(play, i, found, node.acts, node.best), weight


def _worth(
    play: Profiles, i: int, found: Decisions, acts: tuple[Act, ...], others: bool
) -> Floats:
    """Return the best of the named moves, or of the others, at each decision, (k, T, S)."""
    types, size = play.tree.n_types[i], play.size
    out = np.full((len(found.nodes), types, size), np.nan)
    for d, (known, rows) in enumerate(zip(found.acts, found.rows, strict=True)):
        for act, kids in zip(known, rows, strict=True):
            if (act in acts) == others:
                continue
            worth = play.value(i, kids)
            if len(kids) > 1:
                worth = (_others_odds(play, found.nodes[d], kids)[:, None, :] * worth).sum(axis=0)
            else:
                worth = worth[0]
            out[d] = np.fmax(out[d], worth)
    return out


def _others_odds(play: Profiles, node: int, kids: NDArray[np.int64]) -> Floats:
    """Return the public odds of the others' choices at a joint node, for one own choice."""
    tree = play.tree
    joint = tree.joints[int(node)]
    everything = np.array(tree.children(int(node)))
    q = play.q[everything].reshape((*joint.sizes, play.size))
    own = np.unravel_index(kids - everything[0], joint.sizes)
    seat = next(k for k in range(len(joint.sizes)) if len(set(own[k].tolist())) == 1
                and len(kids) * joint.sizes[k] == len(everything))
    others = np.broadcast_to(q.sum(axis=seat, keepdims=True), q.shape)
    return np.asarray(others.reshape(len(everything), -1)[kids - everything[0]])


def _chosen(play: Profiles, i: int, found: Decisions, acts: tuple[Act, ...]) -> Floats:
    """Return the chance that the named moves are chosen at each decision, (k, T, S)."""
    out = np.zeros((len(found.nodes), play.tree.n_types[i], play.size))
    mix = play.told(i)[1]
    for d, (known, rows) in enumerate(zip(found.acts, found.rows, strict=True)):
        for act, kids in zip(known, rows, strict=True):
            if act in acts:
                out[d] += mix[kids[0]]
    return out


def _mean(value: Floats, weight: Floats, axis: int | tuple[int, ...]) -> Floats:
    total = weight.sum(axis=axis)
    summed = np.where(weight > 0, value, 0.0) * weight
    none = np.full_like(total, np.nan)
    return np.asarray(np.divide(summed.sum(axis=axis), total, out=none, where=total > 0))
