"""Evaluate the claims of a case: at the centre in every model, and over the ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from detente.analysis.claims.counts import (
    MOST_NODES,
    careful_counts,
    careful_shares,
    common,
    counts_of,
    evaluated,
    large_variants,
)
from detente.analysis.claims.facts import OFF_PATH, facts, types_held, verdict
from detente.analysis.claims.outside import in_game, judged
from detente.analysis.claims.published import published
from detente.analysis.claims.result import ClaimResult, Claims, Fact, Verdict
from detente.analysis.claims.sampling import flips, grid, matters, pairs, share
from detente.analysis.claims.solving import Point, over, wanted
from detente.analysis.claims.structure import over_structure
from detente.analysis.memo import Memo
from detente.analysis.samples import Samples
from detente.claims import syntax as s
from detente.claims.variants import Key
from detente.defaults import EPSILON, SEED, WORKERS
from detente.scenario.labels import labels, titles_of

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.structure import Structure
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["evaluate", "of_analysis"]

MOST_SAMPLES = 512
"""Samples at which the claims of an analysis are evaluated."""
RARE = 0.01
"""Below this probability a condition counts as rare."""
Tell = Callable[[int, int, str], None]


def evaluate(
    compiled: Compiled,
    fallible: Equilibrium,
    deliberate: Equilibrium | None = None,
    others: Sequence[Equilibrium] = (),
    *,
    samples: int = 512,
    deliberate_samples: int | None = None,
    seed: int = SEED,
    drawn: Samples | None = None,
    points: int = 9,
    epsilon: float = EPSILON,
    memo: Memo | None = None,
    workers: int = WORKERS,
    structure: Structure | None = None,
    nearest: bool = True,
    tell: Tell | None = None,
) -> Claims:
    """Evaluate every claim of a case.

    Parameters
    ----------
    compiled : Compiled
        The crisis; its scenario holds the claims.
    fallible, deliberate : Equilibrium
        Both models at the centre of the ranges.
    others : sequence of Equilibrium
        Other equilibria at the centre.
    samples : int
        Sobol' samples of the ranges in the fallible model.
    deliberate_samples : int, optional
        How many of them in the deliberate model too (0 none); see
        `detente.analysis.claims.counts.careful_counts` for the default.
    seed : int
        Of the samples.
    drawn : Samples, optional
        Samples drawn before, as many at least, and the crisis solved at them; drawn and solved
        here if not given.
    points : int
        Points along each side of a boundary's grid (0 none).
    epsilon : float
        Tremble probability of the deliberate samples.
    memo : Memo, optional
        Games of this crisis that are solved already.
    workers : int
        Threads.
    structure : Structure, optional
        The structural neighbours, at which the claims are evaluated too.
    nearest : bool
        Whether the nearest changes of single inputs that change a verdict are searched.
    tell : callable, optional
        Called with (done, total, what).

    Raises
    ------
    InputError
        A claim is malformed, or a variant that it names is invalid.
    """
    scenario = compiled.scenario
    say = tell or (lambda done, total, what: None)
    memo = memo or Memo(compiled)
    checked = memo.checked
    beside = {c.id: judged(checked[c.id], c.holds_if or "", scenario)
              for c in scenario.claims if c.id in checked}
    asked = [(c, checked[c.id]) for c in scenario.claims
             if c.id in checked and in_game(beside[c.id])]
    claims = [claim for _, claim in asked]
    memo.keep(fallible)
    lab = memo.lab
    centre = Point(lab, fallible, compiled.centre)
    keys, _ = wanted(claims)
    centre.prepare(keys, workers)
    verdicts = [[verdict(x, c.holds_if, centre, "fallible")] for c, x in asked]
    careful = None
    if deliberate is not None:
        say(0, 0, "claims, deliberate model")
        careful = Point(lab, deliberate, compiled.centre, start=centre)
        careful.prepare(keys, workers)
        for (c, x), row in zip(asked, verdicts, strict=True):
            row.append(verdict(x, c.holds_if, careful, "deliberate"))
    for k, eq in enumerate(others):
        point = Point(lab, eq, compiled.centre)
        point.prepare(keys, workers)
        for (c, x), row in zip(asked, verdicts, strict=True):
            row.append(verdict(x, c.holds_if, point, f"another {eq.reading} {k + 1}"))
    say(0, 0, "claims, other precisions")
    lambdas = precision(memo, asked, centre, keys, workers)
    say(0, 0, "claims, structural neighbours")
    elsewhere = over_structure(
        [c.holds_if for c, _ in asked], structure, samples=samples, seed=seed,
        weights=drawn.weights if drawn is not None else None, workers=workers)
    large = large_variants(lab, claims)
    numbers = compiled.graph.rules.numbers
    columns = {
        k: (q.low, q.high) for k, q in enumerate(numbers.values()) if q.is_range
    }
    sampled: list[dict[str, Any]] = [{} for _ in claims]
    contrary = []
    if claims and columns and samples > 0:
        from detente.analysis.samples import draws

        if drawn is None:
            drawn = Samples(draws(compiled, samples, seed))
        theta = drawn.theta[:samples]
        counts = counts_of(compiled, claims, samples)
        found = evaluated(counts, lambda these, n: over(
            lab, [claims[k] for k in these], theta[:n], centre, workers=workers,
            known=drawn.fallible, tell=lambda done, total: say(done, total, "claims, samples")))
        if deliberate is not None:
            ready = 0 if drawn.deliberate is None else drawn.deliberate.size
            looks = careful_counts(compiled, claims, deliberate_samples, samples, ready)
            strict = careful_shares(
                lab, claims, drawn, centre, looks, epsilon=epsilon, workers=workers,
                tell=lambda done, total: say(done, total, "claims, deliberate samples"))
            for k, one in strict.items():
                sampled[k] = {"deliberate_share": one}
        contrary = pairs(common(found), [c.id for c, _ in asked])
        near = [k for k, claim in enumerate(claims) if k not in large] if nearest else []
        flipped: list[Any] = [[] for _ in claims]
        for k, turns in zip(near, flips(
            lab, [claims[k] for k in near], centre, columns, workers=workers,
            tell=lambda done, total: say(done, total, "claims, changes of single numbers"),
        ), strict=True):
            flipped[k] = turns
        for k, claim in enumerate(claims):
            say(k, len(claims), "claims, boundaries")
            ranked = matters(found[k], 0, theta[: counts[k]], list(columns), drawn.weights)
            boundary = None
            counted = share(found[k], 0, drawn.weights)
            if (points > 1 and len(ranked) > 1 and counted.held and counted.failed
                    and k not in large):
                boundary = grid(lab, claim, centre, ranked[0][0], ranked[1][0], columns,
                             points=points, workers=workers)
            sampled[k] |= {
                "share": counted, "flips": flipped[k], "grid": boundary,
                "matters": [(compiled.paths[i], r) for i, r in ranked[:5]],
            }
    done = {}
    for k, (c, x) in enumerate(asked):
        known = facts(x, c.holds_if, centre, careful)
        done[c.id] = ClaimResult(
            c.id, c.says, c.source or "", c.holds_if, None, c.note, verdicts[k],
            types_held(x, centre), known, structure=elsewhere[k],
            precision=lambdas[k], warnings=remarks(known, verdicts[k]) + [
                "changes of single numbers and the boundary are not searched, because a variant of "
                f"the claim has more than {MOST_NODES:,} nodes"] * (k in large), **sampled[k],
        )
    # Where nothing is to be explained, no share is given, so none contradicts another.
    contrary = [p for p in contrary if not any(done[k].unexplained() for k in (p.first, p.second))]
    everything = [
        replace(
            done.get(c.id) or ClaimResult(
                c.id, c.says, c.source or "", c.holds_if, c.cannot, c.note),
            outside=beside.get(c.id), rate=c.rate and str(c.rate), published=published(c),
        )
        for c in scenario.claims
    ]
    return Claims(
        everything, contrary, model_line(scenario, fallible, deliberate, samples, seed),
        labels(compiled.graph.rules.numbers.values(), titles_of(scenario)),
    )


def of_analysis(analysis: Analysis) -> Claims:
    """Return the results for the claims of an analysis, from what it has solved."""
    drawn = analysis.samples
    return evaluate(
        analysis.compiled, analysis.fallible, analysis.deliberate, analysis.others,
        samples=min(MOST_SAMPLES, len(drawn.theta)), seed=analysis.seed, drawn=drawn,
        memo=analysis.memo, workers=analysis.settings.workers, structure=analysis.structure,
        tell=analysis.tell,
    )


def precision(
    memo: Memo, asked: Sequence[tuple[Any, s.Expr]], centre: Point, keys: Sequence[Key],
    workers: int,
) -> list[list[dict[str, Any]]]:
    """Return the verdict of each claim at each lambda."""
    out: list[list[dict[str, Any]]] = [[] for _ in asked]
    near: Point | None = None
    if not asked:
        return out
    assert centre.base.lam is not None
    for lam, eq in memo.path(centre.base.lam):
        point = centre if lam == centre.base.lam else Point(
            memo.lab, eq, centre.theta, start=near)
        point.prepare(keys, workers)
        for (c, x), rows in zip(asked, out, strict=True):
            here = verdict(x, c.holds_if, point, "fallible")
            rows.append({"lambda": lam, "holds": here.holds, "margin": here.margin,
                         "close": here.close, "certified": here.certified})
        if point.base.certificate.certified:
            near = point
    return out


def remarks(known: Sequence[Fact], verdicts: Sequence[Verdict]) -> list[str]:
    """Return the warnings that belong to a verdict."""
    out = []
    for fact in known:
        if fact.condition < OFF_PATH:
            out.append(f"{fact.text} is conditional on an event off the equilibrium path "
                       f"(probability {fact.condition:.1e})")
        elif fact.condition < RARE:
            out.append(f"{fact.text} is conditional on a rare event "
                       f"(probability {fact.condition:.2g})")
        if fact.arises is not None and fact.condition >= OFF_PATH and fact.arises < RARE:
            out.append(f"the decision behind {fact.text} arises with probability "
                       f"{fact.arises:.2g} only")
    if not all(v.certified for v in verdicts):
        lost = ", ".join(v.reading for v in verdicts if not v.certified)
        out.append(f"not certified: {lost}")
    return out


def model_line(
    scenario: Any, fallible: Equilibrium, deliberate: Equilibrium | None, samples: int, seed: int
) -> str:
    """Return the conditions of the verdicts."""
    parts = [f"the crisis {scenario.crisis} as described in its file",
             f"fallible model at lambda {fallible.lam:g}"]
    if deliberate is not None:
        parts.append(f"deliberate model with tremble probability {deliberate.epsilon:g}")
    if samples:
        parts.append(f"{samples} samples of the stated ranges (seed {seed}, fallible model)")
    return "; ".join(parts)
