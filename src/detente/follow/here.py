"""The game from the present point on: claims and off-ramps, over draws of the posterior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.outside import Outside, in_game, judged
from detente.analysis.claims.result import Share
from detente.analysis.claims.sampling import share
from detente.analysis.claims.solved import World
from detente.analysis.claims.solving import Over, Point, over, tells
from detente.analysis.memo import Memo
from detente.analysis.offramps.levers import LeverRanges
from detente.analysis.offramps.target import Target
from detente.analysis.precision import starts
from detente.analysis.spread import band
from detente.arrays import Bools, Floats
from detente.claims.variants import variants_in
from detente.equilibrium import solve_batch
from detente.equilibrium.batch.strategies import fallible_play
from detente.equilibrium.batch.work import Desk, compiles
from detente.equilibrium.profile import reach_of
from detente.equilibrium.profiles import Profiles
from detente.errors import InputError
from detente.follow.entry import Place
from detente.follow.following import MOSTLY, OWN
from detente.follow.goal import goal_here
from detente.follow.posterior import effective
from detente.follow.schema import AS_WRITTEN
from detente.game.numbers import Numbers
from detente.game.subtree import below
from detente.game.tree import TERMINAL, PublicTree

if TYPE_CHECKING:
    from detente.follow.following import Following
    from detente.follow.structures import Structure, Tell

__all__ = ["ClaimHere", "Ramp", "claims_here", "offramps_here", "posterior_draws"]

DRAWS = 128
POINTS = 9
"""Values of each lever."""
HALVINGS = 6
"""Steps of bisection between a value that meets the target and one that does not."""

UNMOVED = "it is judged outside the game, which no event of the crisis changes"


@dataclass(frozen=True)
class ClaimHere:
    """A claim before the events, after them, and from here.

    Attributes
    ----------
    id, says : str
    before, after : Share or None
        How often it holds over the ranges, and over what the events leave of them; None if it is
        judged outside the game.
    here : Share or None
        How often it holds for what follows from the present point.
    why : str
        Why there is no answer from here.
    outside : Outside or None
        Its part outside the game, which no event of the crisis changes.
    """

    id: str
    says: str
    before: Share | None
    after: Share | None
    here: Share | None
    why: str = ""
    outside: Outside | None = None


@dataclass(frozen=True)
class Ramp:
    """One lever from the present point.

    Attributes
    ----------
    path : str
    who : str or None
    values : (P,) array
    mean, low, high, met : (P,) arrays
        Probability of the target's outcome at each value: mean, 5th and 95th percentile over the
        draws, and the share of the draws in which the target is met.
    now : float
        The lever's mean over the draws.
    change : float or None
        The nearest value, solved itself, at which the mean meets the target; None if none does, or
        if no change is needed.
    solved, passed : int
        Solutions along the lever, and how many passed their check.
    """

    path: str
    who: str | None
    values: Floats
    mean: Floats
    low: Floats
    high: Floats
    met: Floats
    now: float
    change: float | None
    solved: int
    passed: int

    @property
    def certified(self) -> bool:
        """Whether enough solutions passed their check."""
        return self.passed > MOSTLY * self.solved


def own_structure(found: Following) -> Structure:
    """Return the crisis's own structure, solved."""
    return next(s for s in found.structures if s.label == OWN)


def posterior_draws(found: Following, n: int = DRAWS) -> Floats:
    """Return draws of the posterior of the file's own structure, (n, K), by systematic resampling.

    The events are those of the reading as written. The samples are shuffled first: every eighth
    point of a Sobol' sequence has the same first binary digits, so equal weights would otherwise
    choose points from a small part of a range. There are at most as many draws as effective
    samples, so that an interval of shares does not count a sample twice.

    Raises
    ------
    InputError
        No sample allows the events.
    """
    part = next(p for p in found.pool.parts
                if p.structure == OWN and p.reading == AS_WRITTEN)
    w = part.prior * part.found.likelihood[found.count]
    if not w.sum() > 0:
        raise InputError("no sample of the crisis file allows these events",
                         expected="events that the file can explain")
    order = np.random.default_rng(found.seed).permutation(len(w))
    n = max(1, min(n, round(effective(w))))
    places = (np.arange(n) + 0.5) / n
    upto = np.cumsum(w[order]) / w.sum()
    which = order[np.minimum(np.searchsorted(upto, places), len(w) - 1)]
    return np.asarray(own_structure(found).theta[which])


def _solved(structure: Structure, theta: Floats, workers: int) -> tuple[Numbers, Floats, Bools]:
    """Return the numbers, the strategies and the checks of draws of a structure."""
    from detente.equilibrium import solve

    compiled = structure.compiled
    numbers = compiled.numbers(theta)
    one = solve(compiled.tree, compiled.lam)
    batch = solve_batch(compiled.tree, numbers.take, len(theta), lam=compiled.lam,
                        start=starts(compiled, one), workers=workers)
    pi, _ = fallible_play(Desk(compiled.tree), numbers, batch, 0)
    return numbers, pi, batch.certified


def given(tree: PublicTree, q: Floats, place: Place) -> Floats:
    """Return public odds (n, S) given that the crisis stands at a place: Bayes' rule above it."""
    reach = reach_of(tree, q)
    mass = np.zeros_like(q)
    mass[place.nodes] = place.evidence[:, None] * reach[place.nodes]
    above = np.zeros(tree.n_nodes, dtype=bool)
    for d in range(len(tree.level) - 2, 0, -1):
        here = np.arange(tree.level[d], tree.level[d + 1])
        here = here[(mass[here] > 0).any(axis=1)]
        np.add.at(mass, tree.parent[here], mass[here])
        above[tree.parent[here]] = True
    out = q.copy()
    children = np.flatnonzero(above[np.maximum(tree.parent, 0)] & (tree.parent >= 0))
    total = mass[tree.parent[children]]
    out[children] = np.divide(mass[children], total, out=np.zeros_like(total), where=total > 0)
    return out


def claims_here(
    found: Following, n: int = DRAWS, *, tell: Tell | None = None
) -> list[ClaimHere]:
    """Return the crisis's claims before the events, after them, and from here."""
    structure = own_structure(found)
    compiled = structure.compiled
    if not compiles(compiled.tree):
        return []
    memo = Memo(compiled)
    rows, asked = [], []
    for c in compiled.scenario.claims:
        if c.id in memo.checked:
            beside = judged(memo.checked[c.id], c.holds_if or "", compiled.scenario)
            if in_game(beside):
                asked.append((c, memo.checked[c.id], beside))
            else:
                rows.append(ClaimHere(c.id, c.says, None, None, None, UNMOVED, beside))
    if not asked:
        return rows
    claims = [x for _, x, _ in asked]
    centre = Point(memo.lab, memo.fallible(compiled.lam), compiled.centre)
    plain = len(structure.theta) - sum(m for m, _, _ in structure.proposals)
    before = over(memo.lab, claims, structure.theta[: min(n, plain)], centre,
                  workers=found.workers, tell=tell)
    theta = posterior_draws(found, n)
    after = over(memo.lab, claims, theta, centre, workers=found.workers, tell=tell)
    numbers, pi, certified = _solved(structure, theta, found.workers)
    q = Profiles.of_strategies(compiled.tree, numbers, pi, certified).q
    part = structure.trail([e.step for e in found.list_of()], strict=True)
    world = World(memo.lab.crisis(()).histories, Profiles.of_public(
        compiled.tree, numbers, given(compiled.tree, q, part.places[-1]), certified), compiled,
        theta)
    for k, (c, x, beside) in enumerate(asked):
        why = ""
        if any(variants_in(x)):
            why = "it changes the game from its start"
        elif tells(x):
            why = "it asks for values or choices, which it has at the start only"
        rows.append(ClaimHere(c.id, c.says, share(before, k), share(after, k),
                              None if why else _one(x, world, certified), why, beside))
    order = [c.id for c in compiled.scenario.claims]
    return sorted(rows, key=lambda row: order.index(row.id))


def _one(claim: Any, world: World, certified: Bools) -> Share:
    truth = Meaning(claim, lambda _: world).truth()
    return share(Over(np.atleast_2d(truth.holds), np.atleast_2d(truth.margin), certified[None],
                      np.atleast_2d(truth.close)), 0)


def offramps_here(found: Following, target: str, n: int = 64) -> tuple[Target, list[Ramp], float]:
    """Return each lever's effect from the present point, over draws of the posterior.

    The beliefs of the sides at the present point are history and stay; everything after it is
    solved again at each value of the lever.

    Returns
    -------
    target, ramps, now
        The nearest changes first; the probability of the target's outcome at present.

    Raises
    ------
    InputError
        The target is not one, the file has no levers, the crisis has ended, or it may stand at too
        many places.
    """
    structure = own_structure(found)
    compiled = structure.compiled
    tree = compiled.tree
    goal, moves, places = goal_here(compiled, [e.step for e in found.list_of()], target)
    theta = posterior_draws(found, n)
    n = len(theta)
    numbers, pi, certified = _solved(structure, theta, found.workers)
    play = Profiles.of_strategies(tree, numbers, pi, certified)
    weight = np.stack([e * play.reach[a] for a, e in places])
    weight = weight / weight.sum(axis=0)
    now = np.zeros(n)
    for k, (a, _) in enumerate(places):
        inside = np.isin(tree.leaves, below(tree, a).nodes) & goal.mask[tree.outcome]
        now += weight[k] * play.reach[tree.leaves[inside]].sum(axis=0) / play.reach[a]
    grid = [np.unique(np.linspace(lo, hi, POINTS)) for lo, hi in
            zip(moves.low, moves.high, strict=True)]
    ramps = []
    for k, values in enumerate(grid):
        def solved(x: Floats, k: int = k) -> tuple[Floats, Bools]:
            return _along(compiled, theta, int(moves.column[k]), x, places, weight, play, goal,
                          found.workers)

        ramps.append(_ramp(moves, k, values, solved, goal,
                           float(theta[:, moves.column[k]].mean()),
                           needed=bool(goal.miss(float(now.mean())) > 0)))
    return goal, sorted(ramps, key=lambda r: (r.change is None, abs(
        (r.change if r.change is not None else 0.0) - r.now) * float(
            moves.price[moves.paths.index(r.path)]))), float(now.mean())


def _along(
    compiled: Any, theta: Floats, column: int, values: Floats,
    places: Sequence[tuple[int, float]], weight: Floats, play: Profiles, goal: Target, workers: int,
) -> tuple[Floats, Bools]:
    """Return the target outcome's probability (P, n) along a lever, and whether all are checked."""
    tree, n = compiled.tree, len(theta)
    many = np.repeat(theta[None], len(values), axis=0)
    many[:, :, column] = values[:, None]
    whole = compiled.numbers(many.reshape(-1, theta.shape[1]))
    total, ok = np.zeros(len(values) * n), np.ones(len(values) * n, dtype=bool)
    for k, (a, _) in enumerate(places):
        w = np.tile(weight[k], len(values))
        if tree.mover[a] == TERMINAL:
            leaf = int(np.searchsorted(tree.leaves, a))
            total += w * float(goal.mask[tree.outcome[leaf]])
            continue
        part = below(tree, a)
        held = tuple(np.tile(play.posterior(i, np.array([a]))[0], (1, len(values)))
                     for i in range(tree.n_players))
        seen = None if play.seen is None else tuple(
            tuple(np.tile(play.belief(who, i, np.array([a]))[0], (1, len(values)))
                  for i in range(tree.n_players)) for who in tree.players)
        numbers = part.numbers(whole, held, seen)
        batch = solve_batch(part.tree, numbers.take, len(total), lam=compiled.lam,
                            workers=workers)
        total += w * batch.outcomes[:, goal.mask].sum(axis=1)
        ok &= batch.certified
    return total.reshape(len(values), n), ok.reshape(len(values), n)


def _ramp(
    moves: LeverRanges, k: int, values: Floats,
    along: Callable[[Floats], tuple[Floats, Bools]], goal: Target, now: float,
    *, needed: bool,
) -> Ramp:
    p, ok = along(values)
    solved, passed = ok.size, int(ok.sum())
    p = np.where(ok, p, np.nan)
    mean = np.nanmean(p, axis=1)
    bands = [band(row[good]) for row, good in zip(p, ok, strict=True)]
    miss = goal.miss(mean)
    reached = np.flatnonzero(miss <= 0)
    change = None
    if needed and len(reached):
        nearest = int(reached[np.argmin(np.abs(values[reached] - now))])
        change = float(values[nearest])
        back = nearest + (1 if values[nearest] < now else -1)
        if 0 <= back < len(values) and miss[back] > 0:
            short = float(values[back])
            for _ in range(HALVINGS):  # every value tried is solved
                middle = 0.5 * (short + change)
                tried, good = along(np.array([middle]))
                solved, passed = solved + good.size, passed + int(good.sum())
                if good.any() and goal.miss(float(tried[good].mean())) <= 0:
                    change = middle
                else:
                    short = middle
    return Ramp(
        moves.paths[k], moves.who[k], values, mean,
        np.array([b[0] if b[0] is not None else np.nan for b in bands]),
        np.array([b[1] if b[1] is not None else np.nan for b in bands]),
        np.nanmean(np.where(ok, goal.miss(p) <= 0, np.nan), axis=1), now, change, solved, passed)
