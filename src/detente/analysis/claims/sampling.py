"""Claims over the plausible inputs: shares, the most important inputs, flips and boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.analysis.claims.result import Flip, Grid, Pair, Share
from detente.analysis.claims.solving import Over, Point, over
from detente.analysis.given import first_order
from detente.arrays import Bools, Floats
from detente.claims import syntax as s
from detente.claims.variants import Lab, variants_in
from detente.defaults import WORKERS
from detente.intervals import wilson

__all__ = ["flips", "grid", "matters", "pairs", "share"]

Tell = Callable[[int, int], None]
FEW = 6
"""Flips located and shown for each claim."""
ENOUGH = 5.0
"""Expected number of samples in which two independent claims hold; none has odds of exp(-5)."""
MOVED = 0.5
"""A margin that differs by more than this share from the centre's may have changed its sign between
two points. The shipped cases except table-2026 have 89 first turns, and all are found with .5, and
with .75; 12 to 48 % of the points are left out with .5."""
HALVINGS = 8
"""Steps of bisection; the value of a flip is then known to 1/1000 of the half range."""


def share(found: Over, c: int, weights: Floats | None = None) -> Share:
    """Return how often claim ``c`` holds; weights say how many samples each one counts for."""
    good = found.certified[c]
    holds = found.decided[c][good]
    close = 0 if found.close is None else int(found.close[c][good].sum())
    held, failed = int((holds == 1).sum()), int((holds == 0).sum())
    n = held + failed
    part, of = float(held), float(n)
    if weights is not None:
        w = weights[: len(good)][good]
        part = float(w[holds == 1].sum())
        of = part + float(w[holds == 0].sum())
    low, high = wilson(part, of) if of else (None, None)
    return Share(
        len(good), int(good.sum()), held, failed, int(np.isnan(holds).sum()) - close,
        part / of if of else None, low, high, close,
        None if found.occurs is None else _average(found.occurs[c], good, weights),
    )


def matters(
    found: Over, c: int, theta: Floats, ranges: Sequence[int], weights: Floats | None = None
) -> list[tuple[int, float]]:
    """Rank the inputs by the share of a claim's verdict that each explains.

    The shares are first-order indices of the verdict (`detente.analysis.given.first_order`), which
    removes the effects in turn; of the margin if the verdict is nearly constant. Each input by
    itself would not do: if one of 34 inputs decides the verdict, the share of another one in a
    Sobol' sequence is up to .66 with 256 samples, because their columns are related there.

    Returns
    -------
    list of (column of ``theta``, share), largest first
    """
    good = found.certified[c] & ~np.isnan(found.decided[c])
    y = found.decided[c][good]
    if not len(y):
        return [(k, 0.0) for k in ranges]
    mean = y.mean() if weights is None else _mean(y, weights[: len(good)][good])
    if not 0.02 < mean < 0.98:
        y = found.margin[c][good]
    w = None if weights is None else weights[: len(good)][good]
    shares = np.nan_to_num(first_order(theta[good][:, list(ranges)], y, w).share)
    return sorted(zip(ranges, map(float, shares), strict=True), key=lambda kr: -kr[1])


def _average(occurs: Floats, good: Bools, weights: Floats | None) -> float | None:
    """Return the mean probability over the certified samples, None if it is not known."""
    kept = good & ~np.isnan(occurs)
    if not kept.any():
        return None
    return _mean(occurs[kept], np.ones(len(good))[kept] if weights is None
                 else weights[: len(good)][kept])


def _mean(y: Floats, weights: Floats) -> float:
    return float((weights * y).sum() / max(weights.sum(), 1e-300))


def pairs(found: Over, names: Sequence[str]) -> list[Pair]:
    """Return the pairs of claims that are never both true, although each is true often enough.

    "Often enough" means that at least `ENOUGH` samples would have both if the claims were
    independent. Pairs of which one is true exactly if the other is false are included.
    """
    out = []
    for a in range(len(names)):
        for b in range(a + 1, len(names)):
            good = found.certified[a] & found.certified[b]
            good &= ~np.isnan(found.decided[a]) & ~np.isnan(found.decided[b])
            x, y = found.decided[a][good] == 1, found.decided[b][good] == 1
            both, neither = int((x & y).sum()), int((~x & ~y).sum())
            opposite = bool(len(x)) and not both and not neither
            # Opposite claims have mirrored margins; claims that differ by accident do not.
            if opposite and (x.all() or y.all()):
                opposite = bool(np.allclose(found.margin[a][good], -found.margin[b][good]))
            by_chance = x.sum() * y.sum() / max(len(x), 1)
            if not both and (opposite or by_chance >= ENOUGH):
                out.append(Pair(names[a], names[b], opposite, both, neither, len(x)))
    return out


def flips(
    lab: Lab, claims: Sequence[s.Expr], centre: Point, ends: dict[int, tuple[float, float]],
    *, steps: int = 4, workers: int = WORKERS, tell: Tell | None = None,
) -> list[list[Flip]]:
    """Find, for each claim, the nearest values of single inputs at which its answer changes.

    Each input is changed from its centre to both ends of its range in ``steps``. If the answer
    changes, bisection finds the value. Every point is solved again. An odd step before the last
    one is solved only if, at a point beside it, a claim's answer differs from the centre's or is
    not certain, or its margin differs by more than `MOVED`.

    Parameters
    ----------
    ends
        Column of the numbers to the ends of its range.
    """
    base = centre.theta
    rays = [(k, end) for k, both in ends.items() for end in both if end != base[k]]
    if not rays:
        return [[] for _ in claims]
    walk = np.repeat(base[None], 1 + len(rays) * steps, axis=0)
    for r, (k, end) in enumerate(rays):
        walk[1 + r * steps : 1 + (r + 1) * steps, k] = base[k] + (end - base[k]) * (
            np.arange(1, steps + 1) / steps
        )
    found = walked(walk, steps, lambda theta: over(
        lab, claims, theta, centre, workers=workers, tell=tell))
    jobs = []
    for c in range(len(claims)):
        at_centre = found.decided[c, 0]
        if np.isnan(at_centre) or not found.certified[c, 0]:
            continue
        mine = []
        for r in range(len(rays)):
            here = slice(1 + r * steps, 1 + (r + 1) * steps)
            other = changed(found, c, at_centre)[here]
            if other.any():
                step = int(np.argmax(other))
                mine.append([c, r, step / steps, (step + 1) / steps, at_centre,
                             found.holds[c, here][step]])
        jobs += sorted(mine, key=lambda job: job[3])[:FEW]
    close_in(lab, claims, centre, rays, jobs, workers)
    out: list[list[Flip]] = [[] for _ in claims]
    for c, r, near, far, _, becomes in sorted(jobs, key=lambda job: job[2] + job[3]):
        k, end = rays[r]
        length = end - base[k]
        out[c].append(Flip(
            lab.base.paths[k], float(base[k]), float(base[k] + length * (near + far) / 2),
            float((near + far) / 2), None if np.isnan(becomes) else bool(becomes),
            float(abs(length) * (far - near) / 2),
        ))
    return out


def walked(walk: Floats, steps: int, work: Callable[[Floats], Over]) -> Over:
    """Evaluate the centre and the steps of all rays; a step left out has the answers before it."""
    step = np.concatenate([[0], np.tile(np.arange(1, steps + 1), (len(walk) - 1) // steps)])
    ready = (step % 2 == 0) | (step == steps)
    found = work(walk[ready])
    place = np.cumsum(ready) - 1
    needed = np.zeros(len(walk), dtype=bool)
    for i in np.flatnonzero(~ready):
        before = place[i - 1] if step[i] > 1 else 0
        needed[i] = _moved(found, before, place[i + 1])
    place[~ready] = np.where(step == 1, 0, np.roll(place, 1))[~ready]
    if needed.any():
        place[needed] = int(ready.sum()) + np.arange(int(needed.sum()))
        found = Over.join([found, work(walk[needed])])
    return found.of_samples(place)


def _moved(found: Over, before: int, after: int) -> bool:
    """Whether a claim with an answer at the centre may turn between two steps of a ray.

    A claim that has turned at the first of them is not asked, because its first turn is known.
    """
    for c in range(len(found.holds)):
        answer, centre = found.decided[c, 0], found.margin[c, 0]
        if np.isnan(answer) or not found.certified[c, 0] or changed(found, c, answer)[before]:
            continue
        at = [before, after]
        with np.errstate(invalid="ignore"):  # margins may be infinite
            still = np.abs(found.margin[c, at] - centre) <= MOVED * abs(centre)
        same = found.certified[c, at] & (found.decided[c, at] == answer)
        if not (still & same).all():
            return True
    return False


def changed(found: Over, c: int, answer: float) -> Bools:
    """Return in which samples claim ``c`` certainly has another answer than ``answer``."""
    close = np.zeros_like(found.certified[c]) if found.close is None else found.close[c]
    return np.asarray(found.certified[c] & ~close & (found.holds[c] != answer))


def close_in(
    lab: Lab, claims: Sequence[s.Expr], centre: Point, rays: Sequence[tuple[int, float]],
    jobs: list[list[float]], workers: int,
) -> None:
    """Bisect all jobs ``[claim, ray, near, far, at the centre, beyond]`` together, in place."""
    groups: dict[tuple[object, ...], list[list[float]]] = {}
    for job in jobs:
        groups.setdefault(tuple(variants_in(claims[int(job[0])])), []).append(job)
    for group in groups.values():
        used = sorted({int(job[0]) for job in group})
        for _ in range(HALVINGS):
            theta = np.repeat(centre.theta[None], len(group), axis=0)
            for row, job in enumerate(group):
                k, end = rays[int(job[1])]
                theta[row, k] += (end - theta[row, k]) * (job[2] + job[3]) / 2
            found = over(lab, [claims[c] for c in used], theta, centre, workers=workers)
            for row, job in enumerate(group):
                c = used.index(int(job[0]))
                middle = (job[2] + job[3]) / 2
                if not changed(found, c, job[4])[row]:
                    job[2] = middle
                else:
                    job[3], job[5] = middle, found.holds[c, row]


def grid(
    lab: Lab, claim: s.Expr, centre: Point, x: int, y: int, ends: dict[int, tuple[float, float]],
    *, points: int = 9, workers: int = WORKERS,
) -> Grid:
    """Return whether a claim holds over a grid of two inputs, all others at their centre."""
    xs, ys = (np.linspace(*ends[k], points) for k in (x, y))
    theta = np.repeat(centre.theta[None], points * points, axis=0)
    theta[:, x] = np.tile(xs, points)
    theta[:, y] = np.repeat(ys, points)
    found = over(lab, [claim], theta, centre, workers=workers)
    rows = np.where(found.certified[0], found.decided[0], np.nan).reshape(points, points)
    return Grid(
        lab.base.paths[x], lab.base.paths[y], xs.tolist(), ys.tolist(),
        [[None if np.isnan(v) else bool(v) for v in row] for row in rows],
        (float(centre.theta[x]), float(centre.theta[y])), int(found.certified.sum()),
    )
