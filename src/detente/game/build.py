"""Build a public tree by hand, in a few readable lines.

Examples
--------
One-shot entry deterrence:

>>> from detente.game import decide, end, tree
>>> game = tree(
...     {"entrant": 1, "incumbent": 1},
...     decide("entrant", {
...         "out": end("out", entrant=0, incumbent=2),
...         "in": decide("incumbent", {
...             "fight": end("fought", entrant=-1, incumbent=-1),
...             "acquiesce": end("shared", entrant=1, incumbent=1)})}))
>>> game.n_nodes, game.n_information_sets
(5, 2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import InputError, nearest, one_of
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, Joint, PublicTree
from detente.identifiers import (
    CHANCE_ACTOR,
    Act,
    ActionProfile,
    Attribute,
    Move,
    Outcome,
    Type,
)
from detente.scenario.private import levels

__all__ = ["Spec", "chance", "chance_by_type", "decide", "end", "together", "tree"]

Payoff = float | Mapping[str, float] | Sequence[float]


@dataclass(frozen=True)
class Spec:
    """A node under construction; made by the functions of this module."""

    kind: str
    who: tuple[str, ...] = ()
    moves: tuple[tuple[Move, Spec], ...] = ()
    weights: tuple[object, ...] = ()
    outcome: str = ""
    payoffs: Mapping[str, Payoff] | None = None
    sizes: tuple[int, ...] = ()


def end(outcome: str, **payoffs: Payoff) -> Spec:
    """Return a terminal node; a payoff is a number, or one per type (by name or in order)."""
    return Spec("end", outcome=outcome, payoffs=payoffs)


def decide(
    player: str, moves: Mapping[str, Spec], weights: Mapping[str, float] | None = None
) -> Spec:
    """Return a decision of ``player`` between ``moves``; weights default to equal."""
    w = tuple((weights or dict.fromkeys(moves, 1.0))[m] for m in moves)
    return Spec("decide", (player,), tuple((Act(player, m), s) for m, s in moves.items()), w)


def chance(moves: Mapping[str, tuple[float, Spec]]) -> Spec:
    """Return a public chance event: label to (probability, next node)."""
    return Spec(
        "chance", (), tuple((Act(CHANCE_ACTOR, k), s) for k, (_, s) in moves.items()),
        tuple(p for p, _ in moves.values()),
    )


def chance_by_type(player: str, moves: Mapping[str, tuple[Payoff, Spec]]) -> Spec:
    """Return a public chance event whose odds depend on ``player``'s type."""
    return Spec(
        "type chance", (player,),
        tuple((Act(CHANCE_ACTOR, k), s) for k, (_, s) in moves.items()),
        tuple(p for p, _ in moves.values()),
    )


def together(players: Mapping[str, Sequence[str]], ends: Mapping[tuple[str, ...], Spec]) -> Spec:
    """Return a simultaneous choice: each player's moves, and the node after each profile."""
    profiles: list[tuple[str, ...]] = [()]
    for moves in players.values():
        profiles = [(*p, m) for p in profiles for m in moves]
    return Spec(
        "together", tuple(players),
        tuple((ActionProfile(tuple(map(Act, players, p))), ends[p]) for p in profiles),
        sizes=tuple(len(m) for m in players.values()),
    )


def _double(value: float) -> float:
    """Return a number as a double; a whole number must not lose digits."""
    try:
        found = float(value)
    except OverflowError:
        found = float("inf")
    if isinstance(value, int) and found != value:
        raise InputError(
            f"the whole number {str(value)[:30]} is no double",
            expected="whole numbers up to 2**53; subtract a constant from the player's payoffs",
        )
    return found


def tree(
    players: Mapping[str, int | Mapping[str, float]],
    root: Spec,
    observer_prior: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
) -> PublicTree:
    """Lay the game out as arrays.

    Parameters
    ----------
    players
        Name to its types with their prior (``{"tough": .2, "weak": .8}``), or 1 for none.
    root
        The first node, from `decide`, `chance`, `chance_by_type`, `together` or `end`.
    observer_prior
        Optional unlike beliefs: observer to {player: prior over its types}.

    Raises
    ------
    InputError
        An unknown player or type, or probabilities that do not sum to 1.
    """
    names = tuple(players)
    types = [dict(p) if isinstance(p, Mapping) else {"": 1.0} for p in players.values()]
    index = {name: i for i, name in enumerate(names)}

    def player(name: str) -> int:
        if name not in index:
            raise InputError(f"unknown player {name!r}", expected=one_of(name, names),
                             nearest=nearest(name, names))
        return index[name]

    def by_type(value: Payoff, i: int) -> list[float]:
        labels = list(types[i])
        if isinstance(value, Mapping):
            if set(value) != set(labels):
                raise InputError(
                    f"numbers by type for {names[i]} name {sorted(value)}",
                    expected=f"exactly {sorted(labels)}",
                )
            return [_double(value[t]) for t in labels]
        if isinstance(value, (int, float)):
            return [_double(value)] * len(labels)
        if len(value) != len(labels):
            raise InputError(
                f"{len(value)} numbers for {len(labels)} types of {names[i]}",
                expected="one number per type",
            )
        return [_double(v) for v in value]

    for name, prior in zip(names, types, strict=True):
        if abs(sum(prior.values()) - 1) > 1e-9 or min(prior.values()) < 0:
            raise InputError(
                f"the prior of {name} is not a distribution: {prior}",
                expected="numbers of at least 0 that sum to 1",
            )

    n = 1
    specs: list[Spec] = [root]
    parent, mover, first, count, move, own = [-1], [0], [0], [0], [-1], [-1]
    weight, type_row = [1.0], [-1]
    rows: list[list[float]] = []
    last: list[dict[int, int]] = [{}]
    moves: dict[Move, int] = {}
    outcomes: dict[Outcome, int] = {}
    joints: dict[int, Joint] = {}
    leaves: list[int] = []
    leaf_outcome: list[int] = []
    payoff: list[list[list[float]]] = [[] for _ in names]
    level = [0]
    depth_end = 1
    node = 0
    width = max(len(t) for t in types)
    while node < n:
        if node == depth_end:
            level.append(node)
            depth_end = n
        spec = specs[node]
        first[node] = n
        if spec.kind == "end":
            mover[node], first[node] = TERMINAL, 0
            leaves.append(node)
            leaf_outcome.append(outcomes.setdefault(Outcome(spec.outcome), len(outcomes)))
            given = dict(spec.payoffs or {})
            for name in given:
                player(name)
            for i, name in enumerate(names):
                payoff[i].append(by_type(given.get(name, 0.0), i))
            node += 1
            continue
        if not spec.moves:
            raise InputError("a node without moves", expected="at least one move, or an end")
        count[node] = len(spec.moves)
        after = last[node]
        if spec.kind == "decide":
            i = player(spec.who[0])
            mover[node], own[node] = i, after.get(i, -1)
            raw = [float(w) for w in spec.weights]  # type: ignore[arg-type]
            child_weight = [w / sum(raw) for w in raw]
            informs = [i]
        elif spec.kind == "chance":
            mover[node] = CHANCE
            child_weight = [float(w) for w in spec.weights]  # type: ignore[arg-type]
            if abs(sum(child_weight) - 1) > 1e-9 or min(child_weight) < 0:
                raise InputError(
                    f"chances {child_weight} are not a distribution",
                    expected="numbers of at least 0 that sum to 1",
                )
            informs = []
        elif spec.kind == "type chance":
            i = player(spec.who[0])
            mover[node], own[node] = TYPE_CHANCE - i, after.get(i, -1)
            child_weight = [1.0] * len(spec.moves)
            table = np.array([by_type(p, i) for p in spec.weights])  # type: ignore[arg-type]
            if np.abs(table.sum(axis=0) - 1).max() > 1e-9 or table.min() < 0:
                raise InputError(
                    f"chances by type of {names[i]} are not distributions",
                    expected="for each type numbers of at least 0 that sum to 1",
                )
            informs = [i]
        else:
            informs = [player(w) for w in spec.who]
            mover[node] = JOINT
            joints[node] = Joint(
                tuple(informs), spec.sizes, tuple(np.full(k, 1.0 / k) for k in spec.sizes),
                tuple(after.get(i, -1) for i in informs),
            )
            child_weight = [1.0] * len(spec.moves)
        for k, (made, child) in enumerate(spec.moves):
            specs.append(child)
            parent.append(node)
            mover.append(0)
            first.append(0)
            count.append(0)
            own.append(-1)
            move.append(moves.setdefault(made, len(moves)))
            weight.append(child_weight[k])
            if spec.kind == "type chance":
                type_row.append(len(rows))
                rows.append([*table[k], *[0.0] * (width - table.shape[1])])
            else:
                type_row.append(-1)
            last.append({**after, **dict.fromkeys(informs, n)})
            n += 1
        node += 1
    level.append(n)

    def ints(x: Sequence[int]) -> np.ndarray:
        return np.asarray(x, dtype=np.int64)

    priors = tuple(np.array(list(t.values()), dtype=float) for t in types)
    seen = None
    if observer_prior is not None:
        seen = tuple(
            tuple(
                np.asarray(observer_prior.get(k, {}).get(i, priors[j]), dtype=float)
                for j, i in enumerate(names)
            )
            for k in names
        )
    return PublicTree(
        players=names, types=tuple(map(_types, names, types)), prior=priors,
        mover=ints(mover), parent=ints(parent), first=ints(first), count=ints(count),
        level=ints(level), own=ints(own), weight=np.array(weight), type_row=ints(type_row),
        type_prob=np.array(rows, dtype=float).reshape(len(rows), width), leaves=ints(leaves),
        payoff=tuple(np.array(p, dtype=float).reshape(len(leaves), -1) for p in payoff),
        outcome=ints(leaf_outcome), outcome_kinds=tuple(outcomes), move=ints(move),
        moves=tuple(moves), observer_prior=seen, joints=joints,
    )


def _types(player: str, prior: Mapping[str, float]) -> tuple[Type, ...]:
    """Return the types that a prior lists, as values of one quantity called ``type``."""
    if tuple(prior) == ("",):
        return (Type(player, 0),)
    return tuple(
        Type(player, k, (Attribute("type", k, level, label),))
        for k, (label, level) in enumerate(zip(prior, levels(len(prior)), strict=True))
    )
