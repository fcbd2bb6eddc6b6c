"""Crises with random numbers, realistic in shape: the solvers are tried on these.

Two principals alternate over a ladder of rungs and a grid of offers; the rungs carry autonomous
risk, waiting costs, escalating commits (audience costs) and sinks costs, and each principal's cost
of war is private. The seed draws the numbers only, never the structure, so that draws with the same
options are variants of one tree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.game.build import Payoff, Spec, chance, chance_by_type, decide, end, tree
from detente.game.tree import PublicTree

__all__ = ["random_crisis"]

FIRST, SECOND, THIRD = "aland", "bland", "cland"


@dataclass(frozen=True)
class _Numbers:
    """One draw of everything a crisis file would state."""

    status_quo: float
    win_chance: float
    first_strike: float
    delay_cost: float
    no_deal: float
    audience: NDArray[np.float64]
    sunk: NDArray[np.float64]
    risk: NDArray[np.float64]
    war_cost: tuple[NDArray[np.float64], NDArray[np.float64]]
    ratified: NDArray[np.float64]
    third_shift: float
    third_stake: float
    third_cost: float


@dataclass(frozen=True)
class _State:
    """What is public at a turn."""

    turn: int = 0
    rung: int = 0
    pending: int = -1
    made: tuple[int, int] = (-1, -1)
    left: tuple[int, int] = (0, 0)
    audience: tuple[float, float] = (0.0, 0.0)
    sunk: tuple[float, float] = (0.0, 0.0)


def _draw(seed: int, rungs: int, types: int) -> _Numbers:
    rng = np.random.default_rng(seed)

    def costs() -> NDArray[np.float64]:
        low, high = rng.uniform(0.03, 0.15), rng.uniform(0.3, 0.6)
        return low + (high - low) * (np.arange(types) + 0.5) / types

    ladder = np.arange(rungs + 1) / max(rungs, 1)
    return _Numbers(
        status_quo=rng.uniform(0.35, 0.65), win_chance=rng.uniform(0.4, 0.7),
        first_strike=rng.uniform(0.0, 0.08), delay_cost=rng.uniform(0.01, 0.03),
        no_deal=rng.uniform(0.01, 0.04), audience=rng.uniform(0.05, 0.25) * ladder,
        sunk=rng.uniform(0.01, 0.06) * ladder, risk=rng.uniform(0.01, 0.1) * ladder,
        war_cost=(costs(), costs()), ratified=np.linspace(0.95, rng.uniform(0.5, 0.8), types),
        third_shift=rng.uniform(0.05, 0.2), third_stake=rng.uniform(0.2, 0.5),
        third_cost=rng.uniform(0.02, 0.15),
    )


class _Writer:
    """Writes the tree below a state; the recursion is the order of play."""

    def __init__(self, numbers: _Numbers, grid: NDArray[np.float64], last: int, rungs: int,
                 third: int, ratification: bool) -> None:
        self.numbers, self.grid, self.last, self.rungs = numbers, grid, last, rungs
        self.third, self.ratification = third, ratification

    def ending(self, kind: str, share: float, state: _State, peace: bool = True,
               war: tuple[list[float], list[float]] | None = None, **more: Payoff) -> Spec:
        """Pay the share less delay, sunk costs and, in peace, the cost of retreat."""
        x = self.numbers
        waited = x.delay_cost * state.turn
        paid: dict[str, Payoff] = {}
        for i, (name, own) in enumerate(((FIRST, share), (SECOND, 1 - share))):
            value = own - waited - state.sunk[i]
            if peace:
                value -= state.audience[i] * max(1.0 - own, 0.0)
            paid[name] = value if war is None else [value - c for c in war[i]]
        paid.update(more)
        return end(kind, **paid)

    def war(self, state: _State, attacker: int, label: str = "war") -> Spec:
        """Fight, the third party joining or staying out where there is one."""
        x = self.numbers
        edge = {0: x.first_strike, 1: -x.first_strike}.get(attacker, 0.0)
        cost = (list(x.war_cost[0]), list(x.war_cost[1]))

        def fought(p: float, **more: Payoff) -> Spec:
            return self.ending(label, float(np.clip(p, 0, 1)), state, False, cost, **more)

        p = x.win_chance + edge
        if not self.third:
            return fought(p)
        scale = np.linspace(0.5, 1.5, self.third)
        joined = [float(x.third_stake * (1 - p + x.third_shift) - x.third_cost * s) for s in scale]
        return decide(THIRD, {
            "join": fought(p - x.third_shift, **{THIRD: joined}),
            "stay out": fought(p, **{THIRD: float(x.third_stake * (1 - p))}),
        })

    def settle(self, share: float, state: _State) -> Spec:
        """Settle, if the deal is ratified at home."""
        deal = self.ending("settlement", share, state)
        if not self.ratification:
            return deal
        odds = [float(r) for r in self.numbers.ratified]
        return chance_by_type(SECOND, {
            "ratified": (odds, deal),
            "refused": ([1 - r for r in odds],
                        self.ending("no deal", self.numbers.status_quo - 0.02, state)),
        })

    def onward(self, state: _State) -> Spec:
        """Draw the autonomous risk of the rung, then play the next turn."""
        state = replace(state, turn=state.turn + 1)
        after = self.play(state)
        risk = float(self.numbers.risk[state.rung])
        if state.rung == 0:
            return after
        return chance({
            "holds": (1 - risk, after),
            "slips": (risk, self.war(state, -1, "war by accident")),
        })

    def play(self, state: _State) -> Spec:
        """Lay out the menu of the principal whose turn it is."""
        x = self.numbers
        if state.turn >= self.last:
            lapsed = replace(state, turn=state.turn)
            return self.ending("status quo", x.status_quo - x.no_deal, lapsed)
        me = state.turn % 2
        name = (FIRST, SECOND)[me]
        moves: dict[str, Spec] = {"hold": self.onward(replace(state, pending=-1))}
        if state.rung < self.rungs:
            rung = state.rung + 1

            def add(pair: tuple[float, float], by: float) -> tuple[float, float]:
                return (pair[0] + by, pair[1]) if me == 0 else (pair[0], pair[1] + by)

            moves["escalate"] = self.onward(replace(
                state, rung=rung, pending=-1, audience=add(state.audience, x.audience[rung]),
                sunk=add(state.sunk, x.sunk[rung])))
        offers = []
        if state.left[me] > 0 and state.turn < self.last - 1:
            shares = self.grid if me == 0 else self.grid[::-1]
            for k in range(state.made[me] + 1, len(shares)):
                made = (k, state.made[1]) if me == 0 else (state.made[0], k)
                left = (state.left[0] - (me == 0), state.left[1] - (me == 1))
                index = k if me == 0 else len(shares) - 1 - k
                label = f"offer {self.grid[index]:.3f}"
                moves[label] = self.onward(replace(state, pending=index, made=made, left=left))
                offers.append(label)
        if state.pending >= 0:
            moves["accept"] = self.settle(float(self.grid[state.pending]), state)
        moves["yield"] = self.ending(f"{name} yields", float(me == 1), state)
        moves["attack"] = self.war(state, me)
        weights = dict.fromkeys(moves, 1.0)
        weights.update(dict.fromkeys(offers, 1.0 / max(len(offers), 1)))
        return decide(name, moves, weights)


def random_crisis(
    seed: int = 0,
    *,
    offers: int = 4,
    turns: int = 2,
    types: int = 9,
    rungs: int = 2,
    offers_each: int = 1,
    third: int = 0,
    ratification: bool = False,
    unlike: bool = False,
) -> PublicTree:
    """Return a crisis with random numbers.

    Parameters
    ----------
    seed
        Draws the numbers; the structure depends on the other arguments only.
    offers
        Shares on the grid (the first principal's share, descending from its own best).
    turns
        Turns of each principal.
    types
        Types of each principal: its private cost of war, evenly spaced.
    rungs
        Rungs above talks.
    offers_each
        How many offers each principal may make; later ones must improve on earlier ones.
    third
        Types of a third party that joins or stays out of a war; 0 leaves it out.
    ratification
        Whether deals need the second principal's domestic consent (a chance by its type).
    unlike
        Whether the principals hold unlike priors (each thinks the other's war dearer).

    Examples
    --------
    >>> from tests.support.random_crisis import random_crisis
    >>> game = random_crisis(1, offers=2, turns=1, types=3)
    >>> game.players, game.n_types
    (('aland', 'bland'), (3, 3))
    """
    x = _draw(seed, rungs, types)
    rng = np.random.default_rng([seed, 1])
    low, high = x.win_chance - 0.3, x.win_chance + 0.3
    # Offers keep off the grid of reservation values: exact ties mislead limits.
    grid = np.clip(np.linspace(high, low, offers) + rng.uniform(-0.01, 0.01, offers), 0.01, 0.99)
    prior = {f"cost {k + 1}": 1.0 / types for k in range(types)}
    players: dict[str, dict[str, float] | int] = {FIRST: prior, SECOND: dict(prior)}
    if third:
        players[THIRD] = {f"cost {k + 1}": 1.0 / third for k in range(third)}
    writer = _Writer(x, np.asarray(np.sort(grid)[::-1]), 2 * turns, rungs, third, ratification)
    root = writer.play(_State(left=(offers_each, offers_each)))
    seen = None
    if unlike:
        tilt = np.linspace(0.5, 1.5, types)
        tilt = (tilt / tilt.sum()).tolist()
        seen = {FIRST: {SECOND: tilt}, SECOND: {FIRST: tilt}}
    # As in a compiled crisis, payoffs are in units of the stake.
    return replace(tree(players, root, seen), stake=1.0)  # type: ignore[arg-type]
