"""The search for other equilibria of a crisis, which often has several.

The search does not prove that its list is complete. Each model starts from random strategies
(mixed, by type or equal for all types; pure; with a threshold in the type), from the fallible
equilibrium at half the precision, and from the equilibria of the other model. A certified
equilibrium is kept if its outcomes differ from those already known.

Learning is also repeated from starts that differ from the fallible equilibrium by a millionth. If
it then ends elsewhere, rounding decides which equilibrium is reported, and another processor may
report another one. `OtherEquilibria.nearby` holds these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from detente.arrays import Floats
from detente.defaults import EPSILON, LAMBDA, STARTS, WORKERS
from detente.equilibrium.deliberate.floors import floors
from detente.equilibrium.deliberate.sequence_form import SequenceForm, behaviour
from detente.equilibrium.deliberate.solve import solve_deliberate
from detente.equilibrium.fallible.assemble import assemble, public_log_q
from detente.equilibrium.fallible.solve import solve
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import system
from detente.equilibrium.methods.anneal import smooth
from detente.equilibrium.methods.newton import Point, Work, newton
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import inwards, outwards
from detente.game.tree import PublicTree

__all__ = ["DISTANCE", "OtherEquilibria", "distance", "find_others", "random_play", "starts_for"]


DISTANCE = 0.01
"""Two equilibria of one model are distinct if the total variation distance of their outcomes,
half the sum of the absolute differences, exceeds this."""
AFFORDABLE = 200_000
"""Most information sets times starts of a search; small trees get all their starts."""
FEWEST = 6
"""Least number of starts, in the largest trees."""
SMALL = 2_000
"""Information sets up to which random starts try Newton's method first."""
KINDS = ("mixed by type", "mixed", "pure", "threshold")
NEARBY, MILLIONTH = 6, 1e-6
"""Starts of learning that differ a little from the fallible equilibrium, and how much."""
NEAR = "a start changed by a millionth"


@dataclass(frozen=True)
class OtherEquilibria(Sequence[Equilibrium]):
    """The result of a search for other equilibria: those found, and the work done.

    It is a sequence of the equilibria found.

    Attributes
    ----------
    found : tuple of Equilibrium
        Checked equilibria, distinct in outcomes from the two known ones and from each other.
    starts : int
        Random starts made for each model.
    starts_asked : int
        Random starts requested; a large tree gets fewer (see `starts_for`).
    lam : float
        Precision at which fallible equilibria were sought.
    lambda_from : float
        Precision of the fallible equilibrium from which the search continued to ``lam``.
    epsilon : float
        Tremble floor at which deliberate equilibria were sought, as a share of each menu.
    seed : int
        Seed of the random starts.
    """

    found: tuple[Equilibrium, ...]
    starts: int
    starts_asked: int
    lam: float
    lambda_from: float
    epsilon: float
    seed: int

    def __len__(self) -> int:
        return len(self.found)

    @property
    def nearby(self) -> tuple[Equilibrium, ...]:
        """Deliberate equilibria that starts changed by a millionth lead to, instead of the known.

        If there are any, rounding decides which equilibrium learning finds.
        """
        return tuple(eq for eq in self.found if NEAR in eq.found_from)

    @overload
    def __getitem__(self, key: int) -> Equilibrium: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Equilibrium, ...]: ...
    def __getitem__(self, key: int | slice) -> Equilibrium | tuple[Equilibrium, ...]:
        return self.found[key]

    def __repr__(self) -> str:
        return (f"OtherEquilibria(found={len(self.found)}, starts={self.starts}, lam={self.lam:g}, "
                f"lambda_from={self.lambda_from:g}, epsilon={self.epsilon:g}, seed={self.seed})")


def distance(a: Equilibrium, b: Equilibrium) -> float:
    """Total variation distance between two equilibria's outcome distributions, in [0, 1]."""
    p, q = a.outcomes(), b.outcomes()
    return 0.5 * sum(abs(p[k] - q[k]) for k in p)


def starts_for(game: PublicTree, starts: int) -> int:
    """Return the number of starts for a tree of this size: all, or fewer if it is large."""
    return min(starts, max(FEWEST, AFFORDABLE // max(game.n_information_sets, 1)))


def random_play(
    game: PublicTree, form: SequenceForm, rng: np.random.Generator, kind: str
) -> tuple[Floats, dict[int, tuple[Floats, ...]]]:
    """Draw a strategy profile.

    Parameters
    ----------
    game, form
        The game and its sequence form.
    rng
        The random number generator.
    kind
        "mixed by type": every menu and type its own mix; "mixed": all types alike; "pure": one move
        per menu for all types; "threshold": one move below a type, another from it on. Every move
        keeps 2 % of its weight.

    Returns
    -------
    pi : (n, max T) float array
    joint_pi : dict from joint node to tuple of (size, T) arrays
    """
    sigma = []
    for i, p in enumerate(form.player):
        types, k = game.n_types[i], p.n_sequences
        score = np.ones((k, types))
        if kind == "mixed by type":
            score = rng.exponential(size=(k, types))
        elif kind == "mixed":
            score = np.repeat(rng.exponential(size=(k, 1)), types, axis=1)
        else:
            low, high = rng.random(k), rng.random(k)
            cut = rng.integers(0, types + 1, size=len(p.node)) if kind == "threshold" else None
            for g in range(len(p.node)):
                rows = slice(int(p.first[g]), int(p.first[g] + p.count[g]))
                score[rows] = 0.0
                upto = types if cut is None else int(cut[g])
                score[p.first[g] + np.argmax(low[rows]), :upto] = 1.0
                score[p.first[g] + np.argmax(high[rows]), upto:] = 1.0
        mix = np.ones_like(score)
        if len(p.node):
            w = np.ones(k)
            there = p.child >= 0
            w[there] = game.weight[p.child[there]]
            for g in np.flatnonzero(p.seat >= 0).tolist():
                rows = slice(int(p.first[g]), int(p.first[g] + p.count[g]))
                w[rows] = game.joints[int(p.node[g])].weights[int(p.seat[g])]
            score = score * w[:, None]
            total = np.add.reduceat(score[1:], p.first - 1, axis=0)[p.menu[1:]]
            mix[1:] = 0.98 * score[1:] / total + 0.02 * w[1:, None]
            luck = np.flatnonzero(p.fixed[p.menu[1:]]) + 1
            mix[luck] = game.type_prob[game.type_row[p.child[luck]], :types]
        sigma.append(mix)
    return behaviour(form, game, sigma)


def _settled(start: Equilibrium, lam: float) -> Equilibrium | None:
    """Solve at one precision from distant strategies, with bounded effort; None if it fails.

    In small games Newton's method comes first, because it also finds equilibria that are unstable
    under iteration. In large games it costs ten times as much as iteration far from a solution. A
    start that does not converge is dropped, because `solve` would return a known equilibrium.
    """
    game = start.game
    if game.joint_payoff is not None:
        return solve(game, lam, start=start)
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game)
        equations = system(sweeps)
        if equations.size == 0:
            return None
        x = equations.pack(public_log_q(sweeps, start))
        work = Work()
        point = Point(x, np.inf, False)
        if game.n_information_sets <= SMALL:
            point = newton(equations, x, lam, limit=10, krylov=60, work=work)
        if not point.ok:
            near = smooth(equations, x, lam, 1e-4, 300, work)
            point = newton(equations, near.x, lam, limit=10, krylov=60, work=work)
        if not point.ok:
            return None
        equations.evaluate(point.x, lam)
        return assemble(sweeps, equations.y, lam, found_from=start.found_from,
                        reached_by="random start")


def _in_units(
    game: PublicTree, others: OtherEquilibria, lam: float | None
) -> OtherEquilibria:
    """Return the result for ``game.relative.tree`` as one for ``game``."""
    found = tuple(outwards(eq, game, None if eq.lam is None else lam) for eq in others.found)
    written = game.relative.written_precision
    return replace(others, found=found, lam=written(others.lam),
                   lambda_from=written(others.lambda_from))


@dataclass
class _Kept:
    """An equilibrium that is kept, and the starts that led to it."""

    eq: Equilibrium
    how: list[str]
    draws: int = 0


def find_others(
    game: PublicTree,
    fallible: Equilibrium,
    deliberate: Equilibrium,
    *,
    starts: int = STARTS,
    seed: int = 0,
    apart: float = DISTANCE,
    workers: int = WORKERS,
    progress: Callable[[int, int], None] | None = None,
    half: Equilibrium | None = None,
) -> OtherEquilibria:
    """Search for equilibria other than the two given.

    Parameters
    ----------
    game
        The game.
    fallible, deliberate
        The equilibria already known; searches use their precision and their floor.
    starts
        Random starts for each model. Trees of more than some 6,000 information sets get fewer
        (see `starts_for`). The result holds their number.
    seed
        Seed of the random starts; the result depends on no other random numbers.
    apart
        Least total variation distance between the outcomes of distinct equilibria of one model.
    workers
        Threads; they change neither the result nor its order.
    progress
        Called with (starts done, starts in all).
    half
        The fallible equilibrium at half the precision; solved here if not given.

    Returns
    -------
    OtherEquilibria
        Checked equilibria that are distinct from those given and from each other, with the
        settings of the search. Fallible ones come before deliberate ones. Within a model the
        order is: those continued from half the precision; those reached by more random starts;
        those started from the other model. ``found_from`` says how each was reached.

    Examples
    --------
    Two players who prefer to meet have three equilibria; the given one is symmetric:

    >>> from detente.equilibrium import solve, solve_deliberate
    >>> from detente.game import end, together, tree
    >>> game = tree({"a": 1, "b": 1}, together({"a": ["bridge", "gate"], "b": ["bridge", "gate"]}, {
    ...     ("bridge", "bridge"): end("bridge", a=1, b=1), ("bridge", "gate"): end("missed"),
    ...     ("gate", "bridge"): end("missed"), ("gate", "gate"): end("gate", a=1, b=1)}))
    >>> known = solve(game, 10.0)
    >>> others = find_others(game, known, solve_deliberate(game, known, settle=None), starts=8)
    >>> sorted({max(o.outcomes(), key=o.outcomes().get) for o in others})
    ['bridge', 'gate']
    >>> others.starts, others.lambda_from
    (8, 5.0)
    """
    if game.relative.tree is not game:
        return _in_units(game, find_others(
            game.relative.tree, inwards(fallible), inwards(deliberate), starts=starts, seed=seed,
            apart=apart, workers=workers, progress=progress,
            half=None if half is None else inwards(half),
        ), fallible.lam)
    form = SequenceForm.of(game)
    made = starts_for(game, starts)
    lam = LAMBDA if fallible.lam is None else fallible.lam
    floor = EPSILON if deliberate.epsilon is None else deliberate.epsilon
    lambda_from = lam / 2
    kept: dict[str, list[_Kept]] = {"fallible": [], "deliberate": []}
    known = {"fallible": [fallible], "deliberate": [deliberate]}

    def learn(start: Equilibrium) -> Equilibrium:
        return solve_deliberate(game, start, epsilon=floor, settle=None, form=form)

    def take(found: Equilibrium, how: str, draw: bool = False) -> _Kept | None:
        """Keep a certified equilibrium that is new; count one that is known."""
        if not found.certificate.certified:
            return None
        room = kept[found.reading]
        if any(distance(found, k) <= apart for k in known[found.reading]):
            return None
        for k in room:
            if distance(found, k.eq) <= apart:
                k.draws += draw
                if not draw and how not in k.how:
                    k.how.append(how)
                return None
        room.append(_Kept(found, [] if draw else [how], int(draw)))
        return room[-1]

    if half is None:
        half = solve(game, lambda_from)
    said = f"lambda {game.written_precision(lambda_from):g}"
    take(solve(game, lam, start=half), said)
    take(learn(half), f"the fallible equilibrium at {said}")

    def relearn(k: int) -> Equilibrium:
        """Learn along the usual path of floors from a start that differs by a millionth."""
        noise = np.random.default_rng([seed, NEARBY, k])

        def changed(mix: Floats) -> Floats:
            return np.asarray(mix * (1 + MILLIONTH * noise.standard_normal(mix.shape)))

        found = replace(fallible, pi=changed(fallible.pi), joint_pi={
            node: tuple(map(changed, mixes)) for node, mixes in fallible.joint_pi.items()})
        for at in floors(max(EPSILON, floor), floor):
            found = solve_deliberate(game, found, epsilon=at, settle=None, form=form)
        return found

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        for again in pool.map(relearn, range(NEARBY)):
            take(again, NEAR)

    def attempt(k: int) -> tuple[Equilibrium | None, Equilibrium]:
        rng = np.random.default_rng([seed, k])
        pi, joint_pi = random_play(game, form, rng, KINDS[k % len(KINDS)])
        start = replace(fallible, pi=pi, joint_pi=joint_pi, found_from=f"random start {k + 1}")
        first = (lam, lambda_from)[k // len(KINDS) % 2]
        found = _settled(start, first)
        if found is not None and first != lam:
            found = _settled(found, lam)
        return found, learn(start)

    def gather(pairs: Sequence[int]) -> None:
        with ThreadPoolExecutor(max(workers, 1)) as pool:
            for done, (one, two) in enumerate(pool.map(attempt, pairs), 1):
                if one is not None:
                    take(one, "", draw=True)
                take(two, "", draw=True)
                if progress is not None:
                    progress(done, len(pairs))

    gather(range(made))
    for new in list(kept["deliberate"]):
        sharp = _settled(new.eq, 4 * lam)
        found = None if sharp is None else _settled(sharp, lam)
        if found is not None:
            take(found, "another deliberate equilibrium")
    for new in list(kept["fallible"]):
        take(learn(new.eq), "another fallible equilibrium")

    out = []
    for reading in ("fallible", "deliberate"):
        ranked = sorted(kept[reading], key=lambda k: (not any("lambda" in h for h in k.how),
                                                      -k.draws))
        for k in ranked:
            how = [*k.how, *([f"{k.draws} of {made} random starts"] if k.draws else [])]
            out.append(replace(k.eq, found_from=" and ".join(how)))
    return OtherEquilibria(tuple(out), made, starts, lam, lambda_from, floor, seed)
