"""The numbers of one crisis as symbols: public ones by path, private ones by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from math import prod
from typing import Any

import numpy as np

from detente.errors import UnknownNumberError, nearest
from detente.identifiers import Attribute, Type
from detente.mechanisms.base import Mechanism, State
from detente.mechanisms.expr import ONE, ZERO, Expr, Symbol, Symbols
from detente.scenario.habits import EVEN
from detente.scenario.model import segment

__all__ = ["Numbers", "matches"]


def matches(pattern: str, path: str) -> bool:
    """Whether a path follows a pattern, in which ``*`` stands for one part.

    Examples
    --------
    >>> matches("ladder.*.risk", "ladder.blockade.risk"), matches("ladder.*.risk", "ladder.risk")
    (True, False)
    """
    parts, wanted = path.split("."), pattern.split(".")
    return len(parts) == len(wanted) and all(
        w in ("*", p) for w, p in zip(wanted, parts, strict=True)
    )


class Numbers:
    """The numbers that the mechanisms of a crisis read; `Rules` fills the attributes."""

    scenario: Any
    numbers: Mapping[str, Any]
    symbols: Symbols
    private: dict[str, dict[str, Any]]
    private_read: Mapping[str, Any]
    mechanisms: list[Mechanism]
    optional: dict[str, float]
    _num: dict[tuple[str, str | None], tuple[str, Expr]]
    _private_path: dict[tuple[str, str], str]
    _private_name: dict[tuple[str, str], str]

    # numbers ----------------------------------------------------------------------------------

    def has(self, path: str, actor: str | None = None) -> bool:
        """Whether the file gives the number, for all or for ``actor``."""
        return path in self.numbers or f"{path}.{actor}" in self.numbers

    def num(self, path: str, actor: str | None = None, state: State | None = None) -> Expr:
        """Return a number of the file as a polynomial.

        A number that the file leaves out has the value that a mechanism's `optional` declares. A
        number that is given by actor is 0 for an actor that is left out.

        Parameters
        ----------
        path
            The number's path in the file, without the actor.
        actor
            The actor whose number it is, if the file may give it by actor.
        state
            If given, the changes that mechanisms make in this public state are added.

        Raises
        ------
        UnknownNumberError
            The path is neither given nor declared optional.
        """
        found = self._num.get((path, actor))
        if found is None:
            found = self._num[path, actor] = self._look_up(path, actor)
        at, out = found
        if state is not None:
            for m in self.mechanisms:
                if at in m.shifts:
                    out = out + m.shift_of(at, state)
        return out

    def _look_up(self, path: str, actor: str | None) -> tuple[str, Expr]:
        at = path if path in self.numbers or actor is None else f"{path}.{actor}"
        if at in self.numbers:
            return at, self.symbols.add(Symbol(at, reads=(at,)))
        if actor is not None and any(f"{path}.{a}" in self.numbers for a in self.scenario.actors):
            return at, ZERO
        for pattern, value in self.optional.items():
            if matches(pattern, path):
                return at, Expr.const(value)
        near = nearest(path, [*self.numbers, *self.optional])
        raise UnknownNumberError(
            f"no number {path!r} is given, and no mechanism declares it optional; "
            f"correct the path or declare it in the mechanism's `optional`"
            + (f" (did you mean {near!r}?)" if near else "")
        )

    def derived(
        self,
        name: str,
        value: Callable[[Mapping[str, complex]], Any],
        reads: tuple[str, ...],
        actor: str | None = None,
    ) -> Expr:
        """Return a smooth function of the file's numbers, by type of ``actor``, as a symbol."""
        return self.symbols.add(Symbol(name, actor, value, reads))

    def bounded(self, chance: Expr) -> Expr:
        """Return a sum of the file's public numbers as a chance: 0 below 0 and 1 above 1.

        The derivative beyond a bound is 0. A sum that contains a private number stays as it is.

        Examples
        --------
        >>> from detente.cases import load
        >>> from detente.mechanisms.rules import Rules
        >>> rules = Rules(load("cuba-1962"))
        >>> odds = rules.bounded(rules.num("war.win_chance") + 0.9)
        >>> symbol = rules.symbols.table[next(iter(odds.terms))[0]]
        >>> [float(symbol.value({"war.win_chance": p})) for p in (-1.0, -0.4, 0.5)]
        [0.0, 0.5, 1.0]
        """
        table = self.symbols.table
        used = {s for symbols in chance.terms for s in symbols}
        if len(chance.terms) < 2 or any(table[s].value is not None for s in used):
            return chance
        parts = [(factor, [table[s].name for s in symbols])
                 for symbols, factor in sorted(chance.terms.items())]

        def value(numbers: Mapping[str, complex]) -> Any:
            total: Any = sum(factor * prod(numbers[path] for path in paths)
                             for factor, paths in parts)
            real = np.real(total)
            return np.where(real > 1.0, 1.0, np.where(real < 0.0, 0.0, total))

        name = " + ".join(" ".join(map(str, (factor, *paths))) for factor, paths in parts)
        return self.derived(f"chance:{name}", value, tuple(table[s].name for s in sorted(used)))

    def habit(self, actor: str, kind: str) -> Expr:
        """Return the base weight of a kind of move in the menus of an actor.

        Kinds to which the file gives none have the weight that their mechanism declares in
        `habit_defaults`, or else 1.
        """
        own = self.scenario.actors[actor].habits
        for given, path in ((own, f"actors.{actor}.habits"), (self.scenario.habits, "habits")):
            if given == EVEN:
                return ONE
            if given and kind in given:
                return self.num(f"{path}.{segment(kind)}")
        declared = (m.habit_defaults[kind] for m in self.mechanisms if kind in m.habit_defaults)
        return Expr.const(next(declared, 1.0))

    # private information ----------------------------------------------------------------------

    def quantities(self, actor: str) -> dict[str, Any]:
        """Return the private quantities of ``actor``: name to PrivateSpec."""
        return self.private.get(actor, {})

    def n_types(self, actor: str) -> int:
        """Return the number of types: the product over private quantities."""
        return int(np.prod([p.n_types for p in self.quantities(actor).values()] or [1]))

    def _reads(self, actor: str, quantity: str) -> dict[str, str]:
        base = self._private_path[actor, quantity]
        return {sub: f"{base}.{sub}" for sub in self.quantities(actor)[quantity].numbers}

    def _table(self, actor: str, quantity: str, numbers: Mapping[str, complex]) -> tuple[Any, Any]:
        spec = self.quantities(actor)[quantity]
        reads = self._reads(actor, quantity)
        values, prior = spec.values_prior({s: numbers[p] for s, p in reads.items()})
        return values, prior

    def _spread(self, actor: str, quantity: str, one: Any) -> Any:
        """Spread an array (T, ...) over one quantity's types over the product of all of them."""
        shape = [p.n_types for p in self.quantities(actor).values()]
        at = list(self.quantities(actor)).index(quantity)
        one = np.asarray(one)
        rest = one.shape[1:]
        view = one.reshape(*(-1 if k == at else 1 for k in range(len(shape))), *rest)
        return np.broadcast_to(view, (*shape, *rest)).reshape(-1, *rest)

    def known(self, actor: str, quantity: str) -> Expr:
        """Return a private quantity as a polynomial, or zero if the file gives the actor none.

        Raises
        ------
        UnknownNumberError
            No mechanism's `reads` or `private` declares the quantity.
        """
        if quantity not in self.quantities(actor):
            if not any(quantity in names for names in self.private_read.values()):
                raise UnknownNumberError(
                    f"no mechanism declares that it reads a private quantity {quantity!r}; "
                    f"correct the name or declare it in the mechanism's `reads`"
                )
            return ZERO
        reads = tuple(self._reads(actor, quantity).values())

        def value(numbers: Mapping[str, complex]) -> Any:
            return self._spread(actor, quantity, self._table(actor, quantity, numbers)[0])

        return self.derived(f"type:{actor}:{quantity}", value, reads, actor)

    def by_type(
        self, actor: str, quantity: str, name: str, function: Callable[[Any], Any]
    ) -> Expr:
        """Return a smooth function of one private quantity as a symbol, by type of ``actor``."""
        reads = tuple(self._reads(actor, quantity).values())

        def value(numbers: Mapping[str, complex]) -> Any:
            values = self._table(actor, quantity, numbers)[0]
            return self._spread(actor, quantity, function(values))

        return self.derived(f"{name}|{actor}:{quantity}", value, reads, actor)

    @cache  # noqa: B019 - one Rules lives as long as its game
    def attributes(self, actor: str, quantity: str) -> tuple[Attribute, ...]:
        """Return the values that a private quantity of ``actor`` may have, in their order."""
        table = self.quantities(actor)[quantity].discretise()
        name = self._private_name[actor, quantity]
        return tuple(
            Attribute(quantity, k, level, label, name, value)
            for k, (level, label, value)
            in enumerate(zip(table.levels, table.labels, table.centre, strict=True))
        )

    @cache  # noqa: B019 - one Rules lives as long as its game
    def types(self, actor: str) -> tuple[Type, ...]:
        """Return the types of ``actor``: the product over its private quantities."""
        each = [self.attributes(actor, quantity) for quantity in self.quantities(actor)]
        return tuple(Type(actor, k, parts) for k, parts in enumerate(product(*each)))
