"""Variants of a crisis that claims compare with: without a part, or with another number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Floats
from detente.claims import syntax as s
from detente.claims.histories import Histories
from detente.errors import InputError
from detente.scenario.efficient import packages_of

if TYPE_CHECKING:
    from detente.game.compile import Compiled
    from detente.scenario.quantity import Quantity

__all__ = ["Crisis", "Lab", "key_of", "left_out", "rebuilt", "reduced", "refuse_changes",
           "variants_in", "words"]

MOST_ENDS = 8
"""Ranges in one changed number whose ends are combined."""

ROUNDS, MOST_BOXES = 60, 4096
"""Halvings, and boxes at one time, of the search within the ranges."""

Key = tuple[s.Variant, ...]


def key_of(variants: tuple[s.Variant, ...]) -> Key:
    """Return a variant's key; the order of its changes does not matter."""
    return tuple(sorted(variants, key=repr_of))


def repr_of(variant: s.Variant) -> str:
    return f"{type(variant).__name__} {variant.path}"


def variants_in(claim: s.Expr) -> list[Key]:
    """Return the variants that a claim needs, the crisis itself first if it does."""
    found = {key_of(x.variants) for x in s.walk(claim) if isinstance(x, s.MODELLED)}
    return sorted(found, key=lambda key: [repr_of(v) for v in key])


def reduced(scenario: Any, without: tuple[str, ...]) -> Any:
    """Return the crisis without some mechanisms, packages or all offers.

    It is made once and kept with the scenario, so that its rules and its graph are made once too.

    Raises
    ------
    InputError
        The remaining crisis is not valid.
    """
    parts = tuple(sorted(without))
    return scenario.once(f"without {parts!r}", lambda: _reduced(scenario, parts))


def rebuilt(scenario: Any, key: Key) -> Any:
    """Return the crisis of a variant: without its parts, and with its structure.

    The numbers that the variant changes are not changed here, because they differ by sample.

    Raises
    ------
    InputError
        The crisis of the variant is not valid.
    """
    from detente.scenario.structural import restructured

    without = tuple(v.path for v in key if isinstance(v, s.Without))
    values = tuple((v.path, v.value) for v in key if isinstance(v, s.Restructure))
    made = reduced(scenario, without) if without else scenario
    if not values:
        return made

    def build() -> Any:
        bare = made.model_copy(update={
            "levers": {}, "claims": [], "variants": {}, "structures": {}})
        return _valid(restructured(bare, dict(values)), key)

    return made.once(f"with {values!r}", build)


def _valid(scenario: Any, key: Key) -> Any:
    from detente.mechanisms.checks import unread
    from detente.scenario.rules import problems

    wrong = next(chain(problems(scenario), unread(scenario)), None)
    if wrong is not None:
        raise InputError(
            f"the crisis {words(key)} is not valid: {wrong.message}", expected="another variant")
    return scenario


def words(key: Key) -> str:
    """Return the structure of a variant in words."""
    return " and ".join(
        f"without {v.path}" if isinstance(v, s.Without) else f"with {v.path} = {v.value}"
        for v in key if not isinstance(v, s.Change))


def _reduced(scenario: Any, without: tuple[str, ...]) -> Any:
    offers = scenario.offers
    if "offers" in without:
        offers = None
    elif offers is not None and packages_of(scenario):
        packages = [p for p in packages_of(scenario) if f"offers.{p.name}" not in without]
        # An empty list would bring in the default grid of shares.
        bare = not packages and offers.shares is None
        offers = None if bare else offers.model_copy(
            update={"packages": packages or None, "efficient": None})
    left = [m for m in scenario.mechanisms if m.id not in without]
    out = scenario.model_copy(
        update={
            "offers": offers, "mechanisms": left, "levers": {}, "claims": [], "variants": {},
            "structures": {},
        }
    )
    return _valid(out, tuple(s.Without((1, 1, 0, 0), part) for part in without))


@dataclass(frozen=True)
class Crisis:
    """A compiled variant of the structure, with the histories of its tree."""

    compiled: Compiled
    histories: Histories

    @classmethod
    def of(cls, compiled: Compiled) -> Crisis:
        """Take a compiled crisis."""
        graph = compiled.graph
        names = [m.key for m in graph.rules.mechanisms]
        owner = [names[k] if k >= 0 else None for k in graph.owner[compiled.state]]
        return cls(compiled, Histories(compiled.tree, owner))


@dataclass
class Lab:
    """A crisis and its variants, each structure compiled once.

    Parameters
    ----------
    base
        The crisis itself.
    """

    base: Compiled
    _made: dict[Key, Crisis] = field(default_factory=dict)

    def crisis(self, key: Key) -> Crisis:
        """Return the structure of a variant."""
        from detente.game.compile import compile_scenario

        parts = tuple(v for v in key if not isinstance(v, s.Change))
        if parts not in self._made:
            made = self.base
            if parts:
                made = compile_scenario(rebuilt(self.base.scenario, parts))
            self._made[parts] = Crisis.of(made)
        return self._made[parts]

    def theta(self, key: Key, theta: Floats) -> Floats:
        """Return a variant's numbers for samples of the crisis' own numbers, (S, K').

        Raises
        ------
        InputError
            A changed number is out of its bounds, or the same variant leaves it out.
        """
        compiled = self.crisis(key).compiled
        at = {path: k for k, path in enumerate(self.base.paths)}
        out = np.empty((len(theta), len(compiled.paths)))
        for k, path in enumerate(compiled.paths):
            out[:, k] = theta[:, at[path]] if path in at else compiled.centre[k]
        for v in key:
            if not isinstance(v, s.Change):
                continue
            if v.path not in compiled.paths:
                raise left_out(v)
            value = arithmetic(v.value, at, theta)
            quantity = compiled.graph.rules.numbers[v.path]
            if not quantity.allows(value):
                raise InputError(becomes(v.path, value), line=v.at[0], column=v.at[1],
                                 expected=quantity.allowed)
            out[:, compiled.paths.index(v.path)] = value
        return out


def left_out(change: s.Change) -> InputError:
    """Return the error of a variant that removes a part and changes a number of it."""
    return InputError(
        f"the variant leaves out {change.path} and also changes it", line=change.at[0],
        column=change.at[1], expected="one of both: without or with",
    )


def becomes(path: str, value: Floats) -> str:
    """Return the values of a changed number in words.

    Examples
    --------
    >>> becomes("war.cost", np.array([-1.0, 0.5])), becomes("war.cost", np.array([7.0]))
    ('war.cost becomes -1 to 0.5', 'war.cost becomes 7')
    """
    if np.isnan(value).any():
        return f"{path} becomes a number divided by zero"
    low, high = value.min(), value.max()
    return f"{path} becomes {low:g}" + ("" if low == high else f" to {high:g}")


def refuse_changes(claim: s.Expr, numbers: Mapping[str, Quantity]) -> None:
    """Refuse a variant that sets a number to a value that it cannot have.

    The value is computed at the centre of the file's ranges, at all combinations of the ends of
    those that it reads (up to `MOST_ENDS` of them), and within the ranges by `_inside`.

    Parameters
    ----------
    numbers
        The file's numbers by path.

    Raises
    ------
    InputError
        With line and column within the claim, the value and what is allowed.
    """
    for key in variants_in(claim):
        for v in key:
            if not isinstance(v, s.Change):
                continue
            read = sorted({x.path for x in s.walk(v.value) if isinstance(x, s.Path)})
            spread = [p for p in read if numbers[p].is_range][:MOST_ENDS]
            centre = [numbers[p].centre for p in read]
            points = [centre]
            for ends in product(*((numbers[p].low, numbers[p].high) for p in spread)):
                end = dict(zip(spread, ends, strict=True))
                points.append([end.get(p, c) for p, c in zip(read, centre, strict=True)])
            theta = np.asarray(points, dtype=float).reshape(len(points), len(read))
            at = {p: k for k, p in enumerate(read)}
            value = arithmetic(v.value, at, theta)
            if numbers[v.path].allows(value) and spread:
                low, high = np.array([(numbers[p].low, numbers[p].high) for p in read]).T
                value = _inside(v.value, at, low, high, numbers[v.path])
            if not numbers[v.path].allows(value):
                raise InputError(becomes(v.path, value), line=v.at[0], column=v.at[1],
                                 expected=numbers[v.path].allowed)


def _inside(
    node: s.Expr, at: dict[str, int], low: Floats, high: Floats, quantity: Quantity
) -> Floats:
    """Return values of a changed number within a box of the numbers that it reads.

    Branch and bound: a box is dropped if interval arithmetic shows that all its values are allowed,
    and halved otherwise, until the value at the centre of a box is not allowed. After `ROUNDS`
    halvings, or with more than `MOST_BOXES` boxes, the rest is not examined.
    """
    lows, highs = low[None, :], high[None, :]
    middle = np.zeros(0)
    for _ in range(ROUNDS):
        least, most = bounds(node, at, lows, highs)
        open_ = ~(quantity.each_allowed(least) & quantity.each_allowed(most))
        lows, highs = lows[open_], highs[open_]
        if not len(lows) or len(lows) > MOST_BOXES:
            break
        middle = arithmetic(node, at, (lows + highs) / 2)
        if not quantity.allows(middle):
            return middle[~quantity.each_allowed(middle)][:1]
        width = (highs - lows) / np.where(high > low, high - low, 1.0)
        rows, widest = np.arange(len(lows)), width.argmax(axis=1)
        cut = (lows[rows, widest] + highs[rows, widest]) / 2
        left, right = highs.copy(), lows.copy()
        left[rows, widest] = right[rows, widest] = cut
        lows, highs = np.concatenate([lows, right]), np.concatenate([left, highs])
    return middle


def bounds(
    node: s.Expr, at: dict[str, int], low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Return limits of arithmetic over boxes of the file's numbers, each (S,).

    Examples
    --------
    >>> from detente.claims.parse import parse
    >>> claim = parse("P(war, with: a = abs(b - 0.5)) < 1")
    >>> node = next(x.value for x in s.walk(claim) if isinstance(x, s.Change))
    >>> least, most = bounds(node, {"b": 0}, np.array([[0.25]]), np.array([[0.625]]))
    >>> least.tolist(), most.tolist()
    ([0.0], [0.25])
    """
    if isinstance(node, s.Number):
        both = np.full(len(low), node.value)
        return both, both
    if isinstance(node, s.Path):
        return np.asarray(low[:, at[node.path]]), np.asarray(high[:, at[node.path]])
    if isinstance(node, s.Function):
        made = [bounds(x, at, low, high) for x in node.args]
        if node.name == "abs":
            (a, b), = made
            far = np.maximum(np.abs(a), np.abs(b))
            return np.where((a <= 0) & (b >= 0), 0.0, np.minimum(np.abs(a), np.abs(b))), far
        pick = np.min if node.name == "min" else np.max
        return (np.asarray(pick([a for a, _ in made], axis=0)),
                np.asarray(pick([b for _, b in made], axis=0)))
    assert isinstance(node, s.Binary)
    (a, b), (c, d) = bounds(node.left, at, low, high), bounds(node.right, at, low, high)
    with np.errstate(all="ignore"):
        if node.sign == "+":
            return a + c, b + d
        if node.sign == "-":
            return a - d, b - c
        done = np.multiply if node.sign == "*" else np.divide
        ends = np.stack([done(x, y) for x in (a, b) for y in (c, d)])
        least, most = ends.min(axis=0), ends.max(axis=0)
    # A divisor that may be 0, or infinite limits, say nothing about the quotient or product.
    vague = np.isnan(ends).any(axis=0)
    if node.sign == "/":
        vague |= (c <= 0) & (d >= 0)
    return np.where(vague, -np.inf, least), np.where(vague, np.inf, most)


def arithmetic(node: s.Expr, at: dict[str, int], theta: Floats) -> Floats:
    """Evaluate arithmetic over the file's numbers, (S,)."""
    if isinstance(node, s.Number):
        return np.full(len(theta), node.value)
    if isinstance(node, s.Path):
        return np.asarray(theta[:, at[node.path]])
    if isinstance(node, s.Function):
        args = [arithmetic(x, at, theta) for x in node.args]
        if node.name == "abs":
            return np.abs(args[0])
        stacked = np.stack(args)
        return np.asarray(stacked.min(axis=0) if node.name == "min" else stacked.max(axis=0))
    assert isinstance(node, s.Binary)
    left, right = arithmetic(node.left, at, theta), arithmetic(node.right, at, theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        done = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[node.sign]
        return np.asarray(done(left, right))
