"""11. Reputation: the chain store (Kreps & Wilson 1982).

Story
    One incumbent faces N entrants in turn. Fighting an entrant is costly now and deters later ones,
    because a strong incumbent always fights and a weak one can imitate it. How long does the
    imitation last?
Players, moves, payoffs
    Entrant: stay out 0; enter and be fought ``b - 1``; enter and be accommodated b. Weak incumbent:
    a if the entrant stays out, -1 if it fights, 0 if it acquiesces. The strong type always fights;
    its prior is delta. Stages are counted down: n = N, ..., 1.
Equilibrium
    With p the belief that the incumbent is strong: the entrant stays out if ``p > b^n``, enters if
    ``p < b^n``, and at equality stays out with 1/a. The weak incumbent acquiesces at n = 1, fights
    for sure if ``p >= b^(n-1)``, and else fights with ``(1 - b^(n-1)) p / ((1 - p) b^(n-1))``, so
    that a fight raises p to ``b^(n-1)``. After acquiescing p = 0. The first challenge comes at::

        n* = #{n >= 1 : b^n > delta},  at most N

    and the N - n* entrants before it are deterred. n* grows as ln(delta) / ln(b) and does not
    depend on N. Reputation is lost after the first acquiescence.
Source
    [kreps-wilson-1982].
Note
    The tree has 3^N outcomes. The solver accepts N up to 8; the closed form accepts up to 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.errors import SizeError
from detente.game import decide, end, tree
from detente.theory._tools import curves, run
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "chain_store", "enters", "first_challenge", "weak_fights"]

MOST = 8
"""Largest number of entrants for which a tree is built."""


def first_challenge(N: int, b: float, delta: float) -> int:
    """Return n*, the number of stages left at the first entry.

    Examples
    --------
    >>> first_challenge(10, 0.5, 0.1), first_challenge(20, 0.7, 0.05), first_challenge(10, 0.4, .02)
    (3, 8, 4)
    """
    return sum(b ** n > delta for n in range(1, N + 1))


def weak_fights(p: float, n: int, b: float) -> float:
    """Return the probability that a weak incumbent of reputation p fights with n stages left.

    Examples
    --------
    >>> round(weak_fights(0.1, 3, 0.5), 6)
    0.333333
    """
    bar = b ** (n - 1)
    if n == 1:
        return 0.0
    return 1.0 if p >= bar else (1 - bar) * p / ((1 - p) * bar)


def enters(p: float, n: int, b: float, a: float) -> float:
    """Return the probability of entry. At a belief of exactly b^n the entrant is indifferent."""
    if abs(p - b ** n) < 1e-12:
        return 1 - 1 / a
    return 0.0 if p > b ** n else 1.0


def chain_store(N: float, b: float, a: float, delta: float) -> dict[str, float]:
    """Return n*, and per stage the probabilities of entry and of entry that is fought.

    Raises
    ------
    InputError
        Unless N is a whole number from 1 to 200, ``0 < b < 1, a > 1, 0 < delta < 1``, and delta is
        not a power of b (a tie at which the game has a continuum of equilibria).

    Examples
    --------
    >>> found = chain_store(3, 0.5, 2, 0.1)
    >>> [round(found[f"entry_{n}"], 6) for n in (3, 2, 1)]
    [1.0, 0.8, 0.95]
    >>> [round(found[f"fought_{n}"], 6) for n in (3, 2, 1)]
    [0.4, 0.1, 0.075]
    """
    need(1 <= N <= 200 and int(N) == N, "N a whole number from 1 to 200", N=N)
    need(0 < b < 1, "0 < b < 1", b=b)
    need(a > 1, "a > 1", a=a)
    need(0 < delta < 1, "0 < delta < 1", delta=delta)
    stages = int(N)
    need(all(abs(b ** n - delta) > 1e-12 for n in range(stages + 1)),
         "delta is no power of b", b=b, delta=delta)
    found = {"n_star": float(first_challenge(stages, b, delta))}
    reputations = {delta: 1.0}  # belief: probability, over public histories
    for n in range(stages, 0, -1):
        after: dict[float, float] = {}
        entry = fought = 0.0

        def put(p: float, weight: float, store: dict[float, float] = after) -> None:
            same = next((q for q in store if abs(q - p) < 1e-12), p)
            store[same] = store.get(same, 0.0) + weight

        for p, weight in reputations.items():
            come = enters(p, n, b, a)
            fight = p + (1 - p) * weak_fights(p, n, b)
            entry += weight * come
            fought += weight * come * fight
            put(p, weight * (1 - come))
            put(max(p, b ** (n - 1)), weight * come * fight)
            put(0.0, weight * come * (1 - fight))
        found |= {f"entry_{n}": entry, f"fought_{n}": fought}
        reputations = {p: w for p, w in after.items() if w > 0}
    return found


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    N, b, a = int(v["N"]), v["b"], v["a"]
    if N > MOST:
        raise SizeError(f"{N} entrants make a tree of {3 ** N} terminal nodes",
                         expected=f"at most {MOST} for the solver (the closed form has no such "
                         "limit)")
    strong_fights = 3.0  # at every stage, more than the value of all later stages
    entrants = [f"entrant {n}" for n in range(N, 0, -1)]

    def stage(n: int, weak: float, strong: float, got: dict[str, float]) -> Spec:
        if n == 0:
            return end("over", incumbent={"weak": weak, "strong": strong}, **got)
        who = f"entrant {n}"
        return decide(who, {
            "out": stage(n - 1, weak + a, strong + a, got),
            "in": decide("incumbent", {
                "fight": stage(n - 1, weak - 1, strong + strong_fights * N * a,
                               {**got, who: b - 1}),
                "acquiesce": stage(n - 1, weak, strong, {**got, who: b})})})

    game = tree(
        {**dict.fromkeys(entrants, 1), "incumbent": {"weak": 1 - v["delta"], "strong": v["delta"]}},
        stage(N, 0.0, 0.0, {}))

    def read(eq: Equilibrium) -> dict[str, float]:
        found: dict[str, float] = {}
        for n in range(N, 0, -1):
            mine = game.mover == entrants.index(f"entrant {n}")
            came = [int(game.first[k]) + 1 for k in mine.nonzero()[0]]
            fought = [int(game.first[c]) for c in came]
            found |= {f"entry_{n}": float(eq.reach[came].sum()),
                      f"fought_{n}": float(eq.reach[fought].sum())}
        return found

    return run(game, lam, read)


def _chart(v: Mapping[str, float]) -> Chart:
    series = {}
    stages = int(v["N"])
    for label, key in (("entry", "entry"), ("entry that is fought", "fought")):
        found = chain_store(**v)
        series[label] = (list(range(stages, 0, -1)),
                         [found[f"{key}_{n}"] for n in range(stages, 0, -1)])
    return curves(
        "Entry and fighting by stage",
        "No entrant enters until n* stages are left. Then entry is frequent and fighting becomes "
        "less frequent from stage to stage.", "stages left", "probability", series,
        at=float(first_challenge(stages, v["b"], v["delta"])))


MODEL = Model(
    "kreps-wilson-1982", "11", "Reputation: the chain store",
    "Kreps & Wilson (1982), Journal of Economic Theory 27:253-279",
    "a small probability of a strong type deters all but the last few of N entrants",
    (Parameter("N", 4.0, "number of entrants", "a whole number from 1 to 200"),
     Parameter("b", 0.5, "an entrant's gain if the incumbent acquiesces", "0 < b < 1"),
     Parameter("a", 2.0, "the weak incumbent's gain from an entrant that stays out", "a > 1"),
     Parameter("delta", 0.1, "prior that the incumbent is strong", "0 < delta < 1, no power of b")),
    chain_store, _game, _chart, grid=2, lam=400.0, accuracy=0.001,
    rate=power(1, (2, 50.0), (2, 100.0), (2, 200.0), (2, 400.0)))
