"""Cases or variants side by side, with differences over the same samples of the numbers they share.

A number that is open in both cases has the same samples in both (common random numbers), so that a
difference is due to the cases and not to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.comparison import VISIBLE, Comparison, Side
from detente.analysis.memo import Memo
from detente.arrays import Floats
from detente.defaults import EPSILON, SEED, WORKERS
from detente.errors import InputError
from detente.limits import MOST_WORKERS, check_count

if TYPE_CHECKING:
    from detente.analysis.compare_claims import Put
    from detente.game.compile import Compiled

__all__ = ["VISIBLE", "Comparison", "Side", "compare"]

Named = list[tuple[str, Any]]
Tell = Callable[[int, int, str], None]


def compare(
    cases: Sequence[str | Path | Any],
    *,
    samples: int = 512,
    seed: int = SEED,
    lam: float | None = None,
    epsilon: float = EPSILON,
    workers: int = WORKERS,
    tell: Tell | None = None,
) -> Comparison:
    """Compare cases; with one case, the variants its file names with the case itself.

    Parameters
    ----------
    cases : sequence of str, Path or Scenario
        Files, shipped cases' names, or scenarios; the first is the base.
    samples : int
        Sobol' samples of all the cases' ranges together.
    lam : float or None
        Precision of choice; None takes each file's own, with its range.
    epsilon : float
        Tremble probability of the deliberate model.

    Raises
    ------
    InputError
        One case without variants, or a file that is not valid.
    """
    from detente.analysis.compare_claims import put
    from detente.analysis.precision import fixed
    from detente.analysis.question import question_of
    from detente.game.compile import compile_scenario

    check_count(samples, field="samples")
    check_count(workers, "workers", field="workers", most=MOST_WORKERS)
    say = tell or (lambda done, total, what: None)
    named, owners = _named(cases)
    asked_of = put(owners)
    made = []
    for k, (name, scenario) in enumerate(named):
        say(k, len(named), f"compiling {name}")
        made.append((name, compile_scenario(fixed(scenario, lam))))
    endings = list(dict.fromkeys(n for _, c in made for n in c.tree.outcome_names))
    memos = [Memo(c) for _, c in made]
    wars = frozenset[str]().union(*(c.tree.wars for _, c in made))
    question = "war"
    if wars.isdisjoint(endings):
        question = question_of(memos[0].fallible(memos[0].compiled.lam))
    check_count(samples, field="samples", each=sum(16 * len(c.paths) + 64 for _, c in made))
    drawn = _common([c for _, c in made], samples, seed)
    sides = []
    for k, ((name, _), memo, theta) in enumerate(zip(made, memos, drawn, strict=True)):
        say(k, len(made), f"solving {name}")
        sides.append(_side(name, memo, memo.compiled.lam, theta, question, asked_of, epsilon,
                           workers))
    numbers = {p: q for _, c in made for p, q in c.graph.rules.numbers.items()}
    return Comparison(sides, question, samples, seed, made[0][1].lam, asked_of, numbers,
                      overruled(named, lam))


def overruled(named: Named, lam: float | None) -> dict[str, str]:
    """Return each case's own precision if they differ and ``lam`` replaces them; else nothing.

    Without this difference the cases differ in less than their files do.
    """
    if lam is None:
        return {}
    given = {name: scenario.precision for name, scenario in named}
    own = {name: f"{float(q.low):g} to {float(q.high):g}" if q.is_range else f"{float(q.centre):g}"
           for name, q in given.items()}
    return own if len({(text, float(given[name].centre)) for name, text in own.items()}) > 1 else {}


def _named(cases: Sequence[str | Path | Any]) -> tuple[Named, Named]:
    """Return the crises to compare, each under its own name, and those with claims."""
    from detente.cases import find, load
    from detente.cases.change import variant
    from detente.claims import check_claims

    loaded: list[Any] = []
    for case in cases:
        path = find(case) if isinstance(case, (str, Path)) else None
        loaded.append(load(path) if path is not None else case)
        check_claims(loaded[-1], path)  # refuse a malformed claim in its own file
    if len(loaded) == 1:
        (base,) = loaded
        if not base.variants:
            raise InputError(
                "there is one case, and it has no variants to compare with", field="variants",
                expected="a second case, or `variants:` in the file",
            )
        titles = [one.title or name for name, one in base.variants.items()]
        names = distinct(["as it is", *titles])
        made = [base, *(variant(base, name) for name in base.variants)]
        return list(zip(names, made, strict=True)), [(names[0], base)]
    done = list(zip(distinct([x.crisis for x in loaded]), loaded, strict=True))
    return done, done


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names with a number after each that occurs again.

    Examples
    --------
    >>> distinct(["cuba", "iran", "cuba", "cuba"])
    ['cuba', 'iran', 'cuba (2)', 'cuba (3)']
    """
    out: list[str] = []
    for name in names:
        tried, k = name, 1
        while tried in out:
            k += 1
            tried = f"{name} ({k})"
        out.append(tried)
    return out


def _common(made: list[Compiled], n: int, seed: int) -> list[Floats]:
    """Return samples of every case's numbers, equal in rank for the paths that cases share."""
    import warnings

    from scipy.stats import qmc

    ranges = [
        {p: q for p, q in c.graph.rules.numbers.items() if q.is_range} for c in made
    ]
    paths = list(dict.fromkeys(p for r in ranges for p in r))
    with warnings.catch_warnings():
        # scipy warns when n is not a power of 2. The caller accepts that.
        warnings.simplefilter("ignore", UserWarning)
        u = qmc.Sobol(d=max(len(paths), 1), scramble=True, seed=seed).random(n)
    out = []
    for compiled, mine in zip(made, ranges, strict=True):
        theta = np.repeat(compiled.centre[None, :], n, axis=0)
        for path, quantity in mine.items():
            theta[:, compiled.paths.index(path)] = quantity.ppf(u[:, paths.index(path)])
        out.append(theta)
    return out


def _side(
    name: str, memo: Memo, lam: float, theta: Floats, question: str,
    claims: list[Put], epsilon: float, workers: int,
) -> Side:
    from detente.analysis.compare_claims import answers
    from detente.analysis.precision import starts
    from detente.analysis.question import mask_of
    from detente.analysis.slopes import points_of, slope
    from detente.equilibrium import solve_batch, solve_deliberate

    compiled, fallible = memo.compiled, memo.fallible(lam)
    tree = compiled.tree
    batch = solve_batch(
        tree, lambda which: compiled.numbers(theta[which]), len(theta),
        lam=compiled.lam, start=starts(compiled, fallible), workers=workers, keep=bool(claims),
    )
    by = slope(compiled, fallible, mask_of(tree.outcome_names, question, tree.wars))
    numbers = compiled.graph.rules.numbers
    slopes = None if by is None else {
        p: points_of(d, numbers[p])
        for p, d in zip(compiled.paths, by, strict=True) if numbers[p].is_range
    }
    deliberate = solve_deliberate(tree, fallible, epsilon=epsilon)
    said = answers(claims, memo.lab, fallible, deliberate, batch, theta, workers=workers)
    # Public odds are large, and only the claims needed them.
    batch = replace(batch, q=None)
    return Side(name, compiled, fallible, deliberate, batch, slopes, said)
