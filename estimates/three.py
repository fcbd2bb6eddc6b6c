"""Three principals in one bargain: does a rule of order exist under which trees stay small?

``python -m estimates.three`` prints, for several rules and numbers of rounds, the nodes of the game
and its outcomes in both models. Each round a proposer names one of three divisions, attacks, or
waits; the others vote; all must agree. The rules differ in who proposes, in how votes are cast, and
in whether everybody has a closing reply.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.equilibrium import solve, solve_deliberate
from detente.errors import DetenteError
from detente.game import decide, end, tree
from detente.game.build import Spec, chance, together
from detente.scenario.habits import DEFAULTS

ACTORS = ("a", "b", "c")
ODDS = {"a": 0.4, "b": 0.35, "c": 0.25}
"""Chance of each to win a war of all against all."""
QUO = {"a": 0.3, "b": 0.4, "c": 0.3}
COSTS = (0.05, 0.3)
"""Private cost of war, low or high with even odds."""
DELAY, MOVED = 0.02, 0.08
WEIGHT = {kind: middle for kind, (_, middle, _) in DEFAULTS.items()}


@dataclass(frozen=True)
class Rule:
    """A rule of order."""

    random: bool
    """Whether chance names the proposer of each round; else the order is fixed."""
    at_once: bool
    """Whether votes are simultaneous; else the second voter sees the first vote."""
    closing: bool
    """Whether each side may attack once more after the last round."""


RULES = {
    "fixed order, votes in turn": Rule(False, False, False),
    "fixed order, votes in turn, closing reply": Rule(False, False, True),
    "random proposer, votes at once": Rule(True, True, False),
    "random proposer, votes at once, closing reply": Rule(True, True, True),
    "random proposer, votes in turn, closing reply": Rule(True, False, True),
}


def ending(name: str, share: Mapping[str, float], rounds: int, war: bool = False) -> Spec:
    """Return a terminal node; waiting has cost every side `DELAY` per round gone by."""
    return end(name, **{
        p: [share[p] - rounds * DELAY - (cost if war else 0.0) for cost in COSTS] for p in ACTORS})


def divisions(proposer: str) -> dict[str, dict[str, float]]:
    """Return three divisions: by the odds, a little more for the proposer, and a little less."""
    out = {}
    for name, more in (("even", 0.0), ("own", MOVED), ("generous", -MOVED)):
        out[name] = {p: ODDS[p] + (more if p == proposer else -more / 2) for p in ACTORS}
    return out


def last(rounds: int, rule: Rule, still: tuple[str, ...] = ACTORS) -> Spec:
    """Return the end without agreement: the status quo, or a closing reply of each side."""
    if not rule.closing or not still:
        return ending("status quo", QUO, rounds)
    return decide(still[0], {
        "lapse": last(rounds, rule, still[1:]), "attack": ending("war", ODDS, rounds, True),
    }, {"lapse": WEIGHT["lapse"], "attack": WEIGHT["attack"]})


def voting(voters: list[str], share: Mapping[str, float], at: int, total: int, rule: Rule,
           first: int) -> Spec:
    """Return the vote on a division."""
    agreed, failed = ending("settlement", share, at), play(at + 1, total, rule, first)
    if rule.at_once:
        return together(
            {v: ["accept", "refuse"] for v in voters},
            {votes: agreed if set(votes) == {"accept"} else play(at + 1, total, rule, first)
             for votes in itertools.product(("accept", "refuse"), repeat=len(voters))})
    weights = {"accept": WEIGHT["accept"], "refuse": WEIGHT["hold"]}
    one, two = voters
    return decide(one, {
        "accept": decide(two, {"accept": agreed, "refuse": failed}, weights),
        "refuse": play(at + 1, total, rule, first)}, weights)


def proposing(p: str, at: int, total: int, rule: Rule, first: int) -> Spec:
    """Return the menu of a proposer."""
    voters = [x for x in ACTORS if x != p]
    moves = {f"offer {name}": voting(voters, share, at, total, rule, first)
             for name, share in divisions(p).items()}
    weights = dict.fromkeys(moves, WEIGHT["offer"] / len(moves))
    moves |= {"hold": play(at + 1, total, rule, first), "attack": ending("war", ODDS, at, True)}
    return decide(p, moves, weights | {k: WEIGHT[k] for k in ("hold", "attack")})


def play(at: int, total: int, rule: Rule, first: int) -> Spec:
    """Return the game from round ``at`` on."""
    if at == total:
        return last(at, rule)
    if rule.random:
        return chance({p: (1 / 3, proposing(p, at, total, rule, first)) for p in ACTORS})
    return proposing(ACTORS[(first + at) % 3], at, total, rule, first)


def nodes(spec: Spec) -> int:
    """Return the size of the tree."""
    return 1 + sum(nodes(s) for _, s in spec.moves)


def main() -> None:
    """Print the trials."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--lambda", dest="lam", type=float, default=15.0)
    parser.add_argument("--largest", type=int, default=20_000)
    asked = parser.parse_args()
    names = ("war", "settlement", "status quo")
    for title, rule in RULES.items():
        print(title)
        found = []
        for total in asked.rounds:
            for first in range(1 if rule.random else 3):
                spec = play(0, total, rule, first)
                size = nodes(spec)
                label = f"  {total} rounds" + ("" if rule.random else f", {ACTORS[first]} first")
                if size > asked.largest:
                    print(f"{label:18} {size:9,}  not solved")
                    continue
                began = time.perf_counter()
                game = tree({p: {"low": 0.5, "high": 0.5} for p in ACTORS}, spec)
                try:
                    fallible = solve(game, asked.lam)
                    deliberate = solve_deliberate(game, fallible)
                except DetenteError as error:
                    print(f"{label:18} {size:9,}  {error}")
                    continue
                odds = [[eq.outcomes().get(k, 0.0) for k in names]
                        for eq in (fallible, deliberate)]
                found.append(odds)
                both = " / ".join(" ".join(f"{p:.3f}" for p in o) for o in odds)
                mark = "" if (fallible.certificate.certified
                              and deliberate.certificate.certified) else "  (not checked)"
                print(f"{label:18} {size:9,}  {both}  {time.perf_counter() - began:.1f} s{mark}",
                      flush=True)
        if len(found) > 1:
            at = np.array(found)
            print("  largest distance of outcomes between two of these: "
                  + " / ".join(f"{apart(at[:, k]):.3f}" for k in (0, 1)))


def apart(odds: np.ndarray) -> float:
    """Return the largest total variation between two rows."""
    return float((0.5 * np.abs(odds[:, None] - odds[None]).sum(axis=2)).max())


if __name__ == "__main__":
    main()
