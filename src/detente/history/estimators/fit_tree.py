"""Estimate a strategic tree by maximum likelihood.

Sources: [signorino-1999]; [signorino-2003]; [kenkel-signorino-2014].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.history.estimators.columns import as_numbers, left_columns, rows_text
from detente.history.estimators.design import Design, build, split
from detente.history.estimators.dual import Array
from detente.history.estimators.finite import Choice, Direction, choice_rows, unbounded
from detente.history.estimators.maximise import (
    LogDensity,
    Maximum,
    proper,
    search,
    several,
    unidentified,
)
from detente.history.estimators.results import FitResult
from detente.history.estimators.trees import TREES, TreeModel
from detente.history.estimators.trouble import covariance, diagnose
from detente.tables.kinds import number_of

__all__ = ["fit_tree", "seen"]

RESTARTS = 4
"""Further starts if the first search does not end at a proper maximum."""


def fit_tree(
    model: str,
    formula: str,
    data: pd.DataFrame,
    *,
    link: str = "probit",
    errors: str = "agent",
    fixed: Mapping[str, float] | None = None,
    scale: str | Sequence[str] | None = None,
    cluster: str | None = None,
    robust: bool = False,
    starts: int = 0,
    seed: int = 0,
) -> FitResult:
    """Estimate egame12, egame122 or egame123.

    Parameters
    ----------
    model
        ``egame12``, ``egame122`` or ``egame123``.
    formula
        Outcome, ``~``, and one part per utility separated by ``|``; ``0`` keeps a utility at 0.
        The outcome is one column with the outcomes in order, or one 0/1 column per move.
    data
        One row per observation.
    link
        ``probit`` or ``logit``.
    errors
        ``agent`` or ``private``.
    fixed
        Utilities with a fixed value.
    scale
        Right-hand side of a log standard deviation, ``exp(x gamma)``, which replaces unit errors:
        one for all players or one per player. Its constant is identified only if utilities are
        fixed.
    cluster, robust
        Covariance: clustered by a column, or robust. The default is the inverse Hessian.
    starts, seed
        Number of further searches from random points, which can find other local maxima.

    Raises
    ------
    InputError
        The formula, the data or an option is invalid for the model.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame({"y": rng.integers(1, 4, 300), "x": rng.normal(size=300)})
    >>> result = fit_tree("egame12", "y ~ 1 | 0 | 0 | x", table)
    >>> result.names
    ['u11:const', 'u24:const', 'u24:x']
    """
    if model not in TREES:
        raise InputError(f"no tree is called {model!r}", expected=one_of(model, TREES),
                         nearest=nearest(model, TREES))
    if errors not in ("agent", "private"):
        raise InputError(f"unknown errors {errors!r}", expected="agent or private")
    tree = TREES[model]
    left, parts = split(formula, len(tree.utilities), tree.utilities)
    indices = dict(zip(tree.utilities, parts, strict=True)) | _scale_parts(tree, scale)
    data = _unreached(tree, left, data)
    design = build(left, indices, data, fixed, [cluster] if cluster else [])
    counts = seen(tree, design)
    probabilities = tree.density(design.indices, link, errors == "private")

    def density(eta: Array) -> Array:
        return np.asarray((np.log(probabilities(eta)) * counts.T).sum(axis=0))

    loose = unidentified(probabilities, design)
    best, peaks = search(density, design, _begins(design, 0 if loose else starts, seed))

    def without_maximum(best: Maximum) -> list[Direction]:
        return [] if loose else _infinite(
            tree, design, counts, density, best,
            tree.index(design.indices, link, errors == "private"),
        )

    infinite = without_maximum(best)
    if not loose and (infinite or not proper(best, design)):
        # The likelihood of a tree has several maxima; another start may reach a proper one.
        begins = [best.theta, *_begins(design, RESTARTS, seed + 1)[1:]]
        again, more = search(density, design, begins)
        if again.loglik.sum() > best.loglik.sum() + 1e-6:
            best, peaks, infinite = again, more, without_maximum(again)
    cov, definite, limits = covariance(best.hessian, design, infinite)
    words, sound = diagnose(best, design, loose, definite, infinite)
    words += several(peaks)

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        if table is None:
            return probabilities(design.eta(theta)).T
        pairs = zip(design.again(table), design.slices, design.offset, strict=True)
        return probabilities(np.stack([o + x @ theta[s] for x, s, o in pairs])).T

    variant = f"{model} ({link}, {'agent error' if errors == 'agent' else 'private information'})"
    result = FitResult(
        variant, design.parameters, best.theta, cov, "inverse Hessian", best.loglik, best.score,
        best.hessian, tree.endings, counts, design.n, design.dropped, sound, tuple(words),
        design.frame, predictor, {"formula": formula, "peaks": peaks, "limits": limits},
    )
    return result.robust(cluster) if cluster or robust else result


def _scale_parts(tree: TreeModel, scale: str | Sequence[str] | None) -> dict[str, str]:
    if scale is None:
        return {}
    if isinstance(scale, str):
        return {"scale": scale}
    if len(scale) != tree.players:
        raise InputError(f"{len(scale)} scale formulas", expected=f"one, or {tree.players}")
    return {f"scale{i + 1}": s for i, s in enumerate(scale)}


def _begins(design: Design, starts: int, seed: int) -> list[Floats | None]:
    """Return the default start and random ones."""
    rng = np.random.default_rng(seed)
    rms = np.sqrt(np.concatenate([(x * x).mean(axis=0) for x in design.X]))
    more = [rng.normal(size=len(rms)) / np.where(rms > 0, rms, 1.0) for _ in range(starts)]
    return [None, *more]


def _of(index: Callable[[Array], list[Array]], k: int, eta: Array) -> Array:
    return index(eta)[k]


def _infinite(
    tree: TreeModel, design: Design, counts: Floats, density: LogDensity, best: Maximum,
    index: Callable[[Array], list[Array]],
) -> list[Direction]:
    """Return the directions without a finite maximum, mover by mover."""
    sets = []
    for k, mover in enumerate(tree.movers):
        choice = Choice(
            mover.words, partial(_of, index, k), tree.own(mover, design.indices),
            counts[:, list(mover.yes)].sum(axis=1), counts[:, list(mover.no)].sum(axis=1),
            mover.names,
        )
        sets.append(choice_rows([choice], design, best.theta))
    return unbounded(sets, design, best.theta,
                     lambda theta: float(density(design.eta(theta)).sum()), best.score)


def _unreached(tree: TreeModel, left: str, data: pd.DataFrame) -> pd.DataFrame:
    """Fill in missing cells of moves that were not reached, which do not make a row incomplete."""
    columns = left_columns(left)
    moves = len(tree.actions[0])
    if len(columns) != moves or not set(columns) <= set(map(str, data.columns)):
        return data
    y = np.stack([as_numbers(data, c) for c in columns], axis=1)
    filled: dict[str, pd.Series[Any]] = {}
    for k, name in enumerate(columns):
        free = np.zeros(len(y), dtype=bool)
        for action in tree.actions:
            if action[k] is None:
                free |= np.all([y[:, i] == v for i, v in enumerate(action) if v is not None],
                               axis=0)
        free &= np.isnan(y[:, k])
        if free.any():
            filled[name] = pd.Series(np.where(free, 0.0, y[:, k]), index=data.index)
    return data.assign(**filled) if filled else data


def seen(tree: TreeModel, design: Design) -> Floats:
    """Return the outcome of each row, (n, J) of 0 and 1.

    Raises
    ------
    InputError
        The outcome columns do not describe the tree's outcomes, or a row has a move that its
        earlier moves make impossible.
    """
    left = design.left
    counts = np.zeros((design.n, len(tree.endings)))
    if left.shape[1] == 1:
        column = left.iloc[:, 0]
        categories = isinstance(column.dtype, pd.CategoricalDtype)
        levels = list(column.cat.categories) if categories else sorted(column.unique(), key=str)
        plain = pd.api.types.is_numeric_dtype(column.dtype) or categories
        numbers = [number_of(str(x)) for x in levels]
        if not plain and None not in numbers:
            levels = sorted(levels, key=lambda x: float(number_of(str(x)) or 0))
        elif not plain:
            if not set(map(str, levels)) <= set(tree.endings):
                raise InputError(
                    f"the outcome {left.columns[0]!r} holds names "
                    f"({', '.join(map(str, levels[:6]))}), and their order is not known",
                    expected=f"the numbers 1 to {len(tree.endings)} in the order of the outcomes "
                    f"of {tree.name}, or one 0/1 column per move",
                )
            levels = list(tree.endings)
        elif not categories:
            levels = sorted(column.unique())
        if len(levels) != len(tree.endings):
            raise InputError(
                f"the outcome {left.columns[0]!r} has {len(levels)} levels",
                expected=f"{len(tree.endings)}, in the order of the outcomes of {tree.name}",
            )
        counts[np.arange(design.n), pd.Categorical(column, categories=levels).codes] = 1.0
        return counts
    moves = len(tree.actions[0])
    if left.shape[1] != moves:
        raise InputError(
            f"{left.shape[1]} outcome columns for {tree.name}",
            expected=f"1 with the outcomes, or {moves} with a 0 or 1 for each move",
        )
    y = np.stack([design.numbers(str(c)) for c in left.columns], axis=1)
    for k, name in enumerate(left.columns):
        wrong = ~np.isin(y[:, k], (0.0, 1.0))
        if wrong.any():
            raise InputError(
                f"the outcome column {name!r} holds a value other than 0 and 1 in "
                + rows_text(design.frame, wrong), expected="0 or 1 in every row")
    for j, action in enumerate(tree.actions):
        chosen = [y[:, i] == v for i, v in enumerate(action) if v is not None]
        counts[:, j] = np.all(chosen, axis=0)
        for i, v in enumerate(action):
            wrong = (counts[:, j] > 0) & (y[:, i] == 1.0) if v is None else np.zeros(1, dtype=bool)
            if wrong.any():
                moved = ", ".join(f"{c} {v}" for c, v in zip(left.columns, action, strict=True)
                                  if v is not None)
                raise InputError(
                    f"impossible: {left.columns[i]} is 1 although {moved} ends the game, in "
                    + rows_text(design.frame, wrong),
                    expected=f"0 or a missing value in {left.columns[i]} in these rows; correct "
                    "them",
                )
    return counts
