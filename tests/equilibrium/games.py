"""Small games that several tests of equilibria share, and strategies drawn at random."""

from __future__ import annotations

import itertools

import numpy as np

from detente.game import JOINT, PublicTree, chance, chance_by_type, decide, end, together, tree


def entry() -> PublicTree:
    return tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "out": end("out", entrant=0, incumbent=2),
        "in": decide("incumbent", {"fight": end("fought", entrant=-1, incumbent=-1),
                                   "acquiesce": end("shared", entrant=1, incumbent=1)})}))


def signalling() -> PublicTree:
    """Crisis signalling: tough prior .2 with war payoff .1, weak -1.5; a = .5, k = .8."""
    return tree({"A": {"tough": 0.2, "weak": 0.8}, "B": 1}, decide("A", {
        "keep": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": decide("A", {
                "fight": end("war", A={"tough": 0.1, "weak": -1.5}, B=-0.8),
                "back down": end("backed down", A=-0.5, B=1)})})}))


def signalling_play(resist: float, tough: float, weak: float, fight: tuple[float, float]) -> (
        np.ndarray):
    pi = np.ones((7, 2))
    pi[1], pi[2] = [1 - tough, 1 - weak], [tough, weak]
    pi[3], pi[4] = 1 - resist, resist
    pi[5], pi[6] = fight, [1 - f for f in fight]
    return pi


def poker() -> PublicTree:
    """Stripped-down poker: a King or a Queen bets or folds, the other calls or passes."""
    return tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "fold": end("folded", one=-1, two=1),
        "bet": decide("two", {
            "pass": end("passed", one=1, two=-1),
            "call": chance_by_type("one", {
                "wins": ([1, 0], end("won", one=2, two=-2)),
                "loses": ([0, 1], end("lost", one=-2, two=2))})})}))


def poker_play(king: float, queen: float, call: float) -> np.ndarray:
    pi = np.ones((7, 2))
    pi[1], pi[2] = [1 - king, 1 - queen], [king, queen]
    pi[3], pi[4] = 1 - call, call
    return pi


def random_tree(seed: int, *, joint: bool = True, unlike: bool = False) -> PublicTree:
    """Two players with two types, every kind of node, payoffs 3 N(0, 1)."""
    rng = np.random.default_rng(seed)

    def pay() -> list[float]:
        return list(3 * rng.standard_normal(2))

    def leaf():
        return end("end", a=pay(), b=pay())

    def grow(depth: int):
        kind = rng.integers(0, 6)
        if depth == 0:
            return leaf()
        if kind == 0:
            p = float(rng.uniform(0.1, 0.9))
            return chance({"x": (p, grow(depth - 1)), "y": (1 - p, grow(depth - 1))})
        if kind == 1:
            who, p = "ab"[rng.integers(2)], rng.uniform(0.1, 0.9, 2)
            return chance_by_type(who, {"x": (list(p), grow(depth - 1)),
                                        "y": (list(1 - p), grow(depth - 1))})
        if kind == 2 and joint:
            moves = list(itertools.product("rs", "uvw"))
            return together({"a": "rs", "b": "uvw"},
                            {m: grow(depth - 2) if depth > 1 else leaf() for m in moves})
        moves = {m: grow(depth - 1) for m in "lmr"[: 2 + int(rng.integers(2))]}
        w = {m: float(rng.uniform(0.2, 1)) for m in moves}
        return decide("ab"[rng.integers(2)], moves, w)

    def prior() -> dict[str, float]:
        p = float(rng.uniform(0.2, 0.8))
        return {"s": p, "t": 1 - p}

    seen = {"a": {"b": [0.3, 0.7], "a": [0.6, 0.4]}, "b": {"a": [0.8, 0.2]}} if unlike else None
    root = decide("a", {"go": grow(2), "on": decide("b", {"x": grow(2), "y": grow(1)})})
    return tree({"a": prior(), "b": prior()}, root, seen)


def random_mix(game: PublicTree, rng: np.random.Generator, floor: float = 0.0):
    """Strategies drawn at random; every move keeps ``floor`` times its menu weight."""
    def mix(w, types):
        p = rng.exponential(size=(len(w), types))
        return (1 - floor) * p / p.sum(axis=0) + floor * w[:, None]

    pi = np.ones((game.n_nodes, max(game.n_types)))
    joint = {}
    for n in range(game.n_nodes):
        c = slice(int(game.first[n]), int(game.first[n] + game.count[n]))
        if game.mover[n] >= 0:
            types = game.n_types[game.mover[n]]
            pi[c, :types] = mix(game.weight[c], types)
        elif game.mover[n] == JOINT:
            j = game.joints[n]
            joint[n] = tuple(mix(w, game.n_types[i])
                             for i, w in zip(j.players, j.weights, strict=True))
    return pi, joint
