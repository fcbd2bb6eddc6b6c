"""Estimate a strategic tree by maximum likelihood.

Sources: [signorino-1999]; [signorino-2003]; [kenkel-signorino-2014].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.history.estimators.design import Design, build, split
from detente.history.estimators.dual import Array
from detente.history.estimators.maximise import LogDensity, Maximum, maximise, unidentified
from detente.history.estimators.results import FitResult, inverse
from detente.history.estimators.trees import TREES, TreeModel
from detente.history.estimators.trouble import diagnose

__all__ = ["fit_tree", "seen"]


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
    design = build(left, indices, data, fixed, [cluster] if cluster else [])
    counts = seen(tree, design)
    probabilities = tree.density(design.indices, link, errors == "private")

    def density(eta: Array) -> Array:
        return np.asarray((np.log(probabilities(eta)) * counts.T).sum(axis=0))

    loose = unidentified(probabilities, design)
    best, peaks = _search(density, design, 0 if loose else starts, seed)
    cov, definite = inverse(-best.hessian)
    words, sound = diagnose(best, design, loose, definite, counts, tree.last)
    if len(peaks) > 1:
        words.append(
            "several local maxima, at log-likelihoods " + ", ".join(f"{p:.4f}" for p in peaks)
        )

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        if table is None:
            return probabilities(design.eta(theta)).T
        pairs = zip(design.again(table), design.slices, design.offset, strict=True)
        return probabilities(np.stack([o + x @ theta[s] for x, s, o in pairs])).T

    variant = f"{model} ({link}, {'agent error' if errors == 'agent' else 'private information'})"
    result = FitResult(
        variant, design.names, best.theta, cov, "inverse Hessian", best.loglik, best.score,
        best.hessian, tree.endings, counts, design.n, design.dropped, sound, tuple(words),
        design.frame, predictor, {"formula": formula, "peaks": peaks},
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


def _search(
    density: LogDensity, design: Design, starts: int, seed: int
) -> tuple[Maximum, list[float]]:
    rng = np.random.default_rng(seed)
    rms = np.sqrt(np.concatenate([(x * x).mean(axis=0) for x in design.X]))
    found = [maximise(density, design)]
    for _ in range(starts):
        start = rng.normal(size=len(rms)) / np.where(rms > 0, rms, 1.0)
        found.append(maximise(density, design, start, 100))
    best = max(found, key=lambda m: float(m.loglik.sum()))
    peaks: list[float] = []
    for one in sorted(found, key=lambda m: -float(m.loglik.sum())):
        level = float(one.loglik.sum())
        if one.gradient < 1e-6 * design.n and all(abs(level - p) > 1e-4 for p in peaks):
            peaks.append(level)
    return best, peaks


def seen(tree: TreeModel, design: Design) -> Floats:
    """Return the outcome of each row, (n, J) of 0 and 1.

    Raises
    ------
    InputError
        The outcome columns do not describe the tree's outcomes.
    """
    left = design.left
    counts = np.zeros((design.n, len(tree.endings)))
    if left.shape[1] == 1:
        column = left.iloc[:, 0]
        levels = (
            list(column.cat.categories)
            if isinstance(column.dtype, pd.CategoricalDtype)
            else sorted(column.unique())
        )
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
    y = left.to_numpy(dtype=float)
    if not np.isin(y, (0.0, 1.0)).all():
        raise InputError("an outcome column holds a value other than 0 and 1",
                         expected="0 or 1 in every row")
    for j, action in enumerate(tree.actions):
        chosen = [y[:, i] == v for i, v in enumerate(action) if v is not None]
        counts[:, j] = np.all(chosen, axis=0)
    return counts
