"""Estimate a game or a crisis file whose payoffs are linear in covariates.

The method is maximum likelihood of the agent logit quantal response equilibrium. The games of all
rows are copies under one public chance move, so that one solve gives all equilibria. Adjoint solves
give the exact derivative of the likelihood by every payoff of every row.

The precision lambda is an error of scale 1/lambda. If every payoff is estimated, only the product
of lambda and payoffs is identified, and lambda must be fixed. A crisis file gives most payoffs in
units of the stake, so that lambda can be estimated too. A logit tree of Signorino's kind divides
differences of payoffs by sqrt(2). It is this model at lambda = 1/sqrt(2) with equal menu weights.
Sources: [mckelvey-palfrey-1998]; [signorino-1999].
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.game.compile import Compiled, compile_scenario
from detente.game.extensive import ExtensiveGame
from detente.game.tree import PublicTree
from detente.history.estimators.copies import copies_of, side_by_side
from detente.history.estimators.crisis import CrisisPayoffs
from detente.history.estimators.design import build
from detente.history.estimators.dual import Array
from detente.history.estimators.finite import Direction, unbounded
from detente.history.estimators.likelihood import LAMBDA, Likelihood
from detente.history.estimators.maximise import GRADIENT, Maximum
from detente.history.estimators.observed import Observed, observed
from detente.history.estimators.results import FitResult
from detente.history.estimators.trouble import covariance, diagnose
from detente.history.modelfiles.model import ModelFile
from detente.history.modelfiles.result import fit_model
from detente.scenario.schema import Scenario

__all__ = ["SIGNORINO", "fit_game", "side_by_side"]


SIGNORINO = float(1.0 / np.sqrt(2.0))
"""The lambda for which coefficients equal those of an agent-error logit tree."""

IN_A_CRISIS = 40.0
"""The default precision of a crisis file's fallible model, per unit of the stake."""

DIFFERENCE = 1e-4
"""Step of central differences of the exact gradient, in scaled parameters."""


def fit_game(
    game: PublicTree | ExtensiveGame | Compiled | Scenario | ModelFile,
    payoffs: Mapping[tuple[str, str] | str, str] | None = None,
    data: pd.DataFrame | None = None,
    outcome: str | Mapping[str, str] = "ending",
    *,
    lam: float | Literal["estimate"] | None = None,
    cluster: str | None = None,
    robust: bool = False,
) -> FitResult:
    """Estimate a game by maximum likelihood of its agent quantal response equilibrium.

    Parameters
    ----------
    game
        Any game, or a crisis. Or a model file, which holds the links from covariates to payoffs,
        the precision and the priors; of the other arguments it takes ``data``, whose column
        ``ending`` names each row's ending, and ``cluster``.
    payoffs
        Payoffs to estimate, each with the right-hand side of a formula. The key (player, outcome)
        adds an estimated term to that player's payoff at that outcome, for each of its types. The
        key of a number of the crisis file, such as ``war.cost.aland``, replaces that number. Other
        payoffs stay as in the game.
    data
        One row per observation, or per game with counts.
    outcome
        Column with each observation's outcome or history (moves joined by ``;``, possibly
        incomplete), or a mapping of outcomes to columns of counts.
    lam
        The precision. The default is 40 for a crisis and 1 for a game. For a game it only sets the
        unit of the coefficients (`SIGNORINO`: the unit of a logit tree). ``"estimate"`` makes its
        log a parameter, which is identified only if some payoffs are not estimated.
    cluster, robust
        Covariance, as in `fit_tree`.

    Raises
    ------
    InputError
        A player, outcome, number or column is unknown, or an option is invalid.
    """
    if data is None:
        raise InputError("no data was given", expected="a table with one row per observation")
    if isinstance(game, ModelFile):
        return fit_model(game, data, payoffs, outcome, lam, cluster)
    if not payoffs:
        raise InputError("no payoff is to be estimated", expected="a payoff and its covariates")
    if isinstance(game, Scenario):
        game = compile_scenario(game)
    compiled = game if isinstance(game, Compiled) else None
    plain: Any = compiled.tree if compiled is not None else game
    if lam is None:
        lam = 1.0 if compiled is None else IN_A_CRISIS
    estimated = lam == "estimate"
    start_lam = IN_A_CRISIS if compiled is not None else 1.0
    if not isinstance(lam, str):
        start_lam = float(lam)
        if not 0 < start_lam < np.inf:
            raise InputError(f"lambda is {start_lam:g}", expected="a precision above 0")
    elif not estimated:
        raise InputError(f"lambda is {lam!r}", expected="a number above 0, or estimate")
    places, crisis, parts = _parts(plain, compiled, payoffs)
    if estimated:
        parts[LAMBDA] = "1"
    columns = [outcome] if isinstance(outcome, str) else list(outcome.values())
    design = build("", parts, data, None, [*columns, *([cluster] if cluster else [])])
    like = Likelihood(plain, design, places, crisis, start_lam)
    seen = observed(like.copies, design, outcome)
    unit = np.array([1.0 if one.index == LAMBDA else start_lam for one in design.parameters])
    best, loose = _maximise(like, seen, _start(like, start_lam), unit)
    infinite = [] if loose else _infinite(like, seen, best, unit)
    cov, definite, limits = covariance(best.hessian, design, infinite)
    words, sound = diagnose(best, design, loose, definite, infinite)
    words += _outside(like, best.theta)
    if like.uncertified:
        words.append(f"{like.uncertified} of {like.solves} equilibria were not certified")
        sound = False
    lam_found = like.precision(like.eta(best.theta))
    title = "estimated" if estimated else f"{lam_found:.6g}"
    result = FitResult(
        f"agent quantal response equilibrium (lambda {title})", design.parameters, best.theta,
        cov, "inverse Hessian", best.loglik, best.score, best.hessian, seen.names, seen.counts,
        int(seen.counts.sum()), design.dropped, sound, tuple(words), design.frame,
        _predictor(like, seen),
        {"lam": lam_found, "solves": like.solves, "certified": like.uncertified == 0,
         "games": like.cells, "limits": limits},
    )
    return result.robust(cluster) if cluster or robust else result


def _parts(
    game: Any, compiled: Compiled | None, payoffs: Mapping[tuple[str, str] | str, str]
) -> tuple[list[tuple[int, int]], CrisisPayoffs | None, dict[str, str]]:
    """Return (player, outcome) pairs, the crisis's numbers, and the formula of each index."""
    one = copies_of(game, 1)
    players = {name: i for i, name in enumerate(one.players)}
    kinds = {name: j for j, name in enumerate(one.endings)}
    places, added, paths = [], dict[str, str](), dict[str, str]()
    for key, formula in payoffs.items():
        if isinstance(key, str):
            paths[key] = formula
            continue
        player, ending = key
        for name, known, what in ((player, players, "player"), (ending, kinds, "outcome")):
            if name not in known:
                raise InputError(f"the game has no {what} {name!r}", nearest=nearest(name, known),
                                 expected=one_of(name, known))
        places.append((players[player], kinds[ending]))
        label = f"{player} at {ending}"
        # Names may hold the word "at", so two pairs may read alike.
        added[f"{player!r} at {ending!r}" if label in added else label] = formula
    if not added and not paths:
        raise InputError("no payoff is to be estimated", expected="a payoff and its covariates")
    if paths and compiled is None:
        raise InputError(
            f"the game has no number {next(iter(paths))!r}, because it is not a crisis file",
            expected="a player and an outcome",
        )
    crisis = CrisisPayoffs(compiled, list(paths)) if compiled is not None and paths else None
    return places, crisis, {**added, **paths}


def _start(like: Likelihood, lam: float) -> Floats:
    """Return the starting values: the numbers of the file, and 0 for added payoffs."""
    design = like.design
    want = np.zeros(len(design.indices))
    if like.crisis is not None:
        first = len(like.places)
        want[first:first + len(like.crisis.paths)] = like.crisis.centre
    if like.estimates_lambda:
        want[-1] = np.log(lam)
    parts = [
        np.linalg.lstsq(x, np.full(design.n, w), rcond=None)[0] if x.shape[1] else np.zeros(0)
        for x, w in zip(design.X, want, strict=True)
    ]
    return np.concatenate(parts)


def _infinite(
    like: Likelihood, seen: Observed, best: Maximum, unit: Floats
) -> list[Direction]:
    """Return the directions without a finite maximum, sought among the scores.

    They are sought at the estimate and, since scores of decided rows fade there, at coefficients
    that are scaled down.
    """
    scale = _scale(like, unit)
    for factor in (1.0, min(1.0, 3.0 / float(np.abs(best.theta * scale).max(initial=1e-9)))):
        score = best.score if factor == 1.0 else like.rows(best.theta * factor, seen)[1]
        found = unbounded(
            [], like.design, best.theta,
            lambda theta: float(like.rows(theta, seen)[0].sum()), score,
            1.0 / like.precision(like.eta(best.theta)),
        )
        if found:
            return found
    return []


def _outside(like: Likelihood, theta: Floats) -> list[str]:
    """Return warnings for numbers of the crisis outside the bounds of the file format."""
    if like.crisis is None:
        return []
    words = []
    values = like.numbers_of(like.eta(theta))
    for path, row, (least, most) in zip(
        like.crisis.paths, values, like.crisis.bounds, strict=True
    ):
        beyond = int(((row < least) | (row > most))[like.cell].sum())
        if beyond:
            words.append(
                f"{path} is estimated between {row.min():.3g} and {row.max():.3g}; in {beyond} "
                f"rows it is outside its allowed range ({least:g} to {most:g})"
            )
    return words


def _predictor(like: Likelihood, seen: Observed) -> Callable[[Array, Any], Array]:
    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        other = like
        if table is not None:
            moved = replace(like.design, X=like.design.again(table), rows=list(table.index))
            other = Likelihood(like.game, moved, like.places, like.crisis, like.lam)
        before = other.uncertified
        p = (_dual(other, seen, theta) if np.iscomplexobj(theta)
             else other.probabilities(theta, seen.masks))
        if other.uncertified > before:
            warnings.warn("the equilibrium of the prediction was not certified",
                          stacklevel=3)
        return p

    return predictor


def _dual(like: Likelihood, seen: Observed, theta: Array) -> Array:
    """Return probabilities whose imaginary part is a derivative, by central differences."""
    centre, step = np.real(theta), np.imag(theta)
    size = float(np.abs(step).max())
    direction = step / size * 1e-5
    up = like.probabilities(centre + direction, seen.masks)
    down = like.probabilities(centre - direction, seen.masks)
    return like.probabilities(centre, seen.masks) + 1j * size * (up - down) / 2e-5


def _scale(like: Likelihood, unit: Floats) -> Floats:
    """Return the size of each column in units of the error."""
    x = np.concatenate(like.design.X, axis=1)
    rms = np.sqrt((x * x).mean(axis=0))
    return np.where(rms > 0, rms, 1.0) * unit


def _maximise(
    like: Likelihood, seen: Observed, start: Floats, unit: Floats
) -> tuple[Maximum, list[list[str]]]:
    scale = _scale(like, unit)

    def both(z: Floats) -> tuple[float, Floats]:
        loglik, score = like.rows(z / scale, seen)
        return -float(loglik.sum()), -score.sum(axis=0) / scale

    def outer(z: Floats) -> tuple[Floats, Floats]:
        score = like.rows(z / scale, seen)[1] / scale
        values, vectors = np.linalg.eigh(score.T @ score)
        return values, vectors

    begin = start * scale
    # Not at the start, because payoffs are equal there and hide identified directions.
    values, vectors = outer(begin + np.random.default_rng(0).normal(size=len(scale)) * 0.3)
    null = vectors[:, values <= 1e-10 * values[-1]]
    # The outer product of scores at the start preconditions the search.
    values, vectors = outer(begin)
    hess_inv = vectors @ np.diag(1.0 / np.maximum(values, 1e-6 * values[-1])) @ vectors.T
    found = minimize(
        both, begin, jac=True, method="BFGS",
        options={"gtol": 1e-7 * like.design.n, "hess_inv0": 0.5 * (hess_inv + hess_inv.T)},
    )
    z, steps = found.x, int(found.nit)
    curve = _second(both, z)
    for _ in range(3):  # Newton steps reduce the gradient to the solver's accuracy
        g = both(z)[1]
        if np.abs(g).max() < 1e-2 * GRADIENT * like.design.n:
            break
        try:
            z = z - np.linalg.solve(curve, g)
        except np.linalg.LinAlgError:
            break
    curve = _second(both, z)
    theta = z / scale
    loglik, score = like.rows(theta, seen)
    largest = float(np.abs(score.sum(axis=0) / scale).max(initial=0.0))
    loose = [[n for n, v in zip(like.design.names, column, strict=True) if abs(v) > 1e-3]
             for column in null.T]
    hessian = -curve * np.outer(scale, scale)
    return Maximum(theta, loglik, score, hessian, largest, steps), loose


def _second(both: Callable[[Floats], tuple[float, Floats]], z: Floats) -> Floats:
    out = np.empty((len(z), len(z)))
    for k in range(len(z)):
        up, down = z.copy(), z.copy()
        up[k] += DIFFERENCE
        down[k] -= DIFFERENCE
        out[k] = (both(up)[1] - both(down)[1]) / (2.0 * DIFFERENCE)
    return 0.5 * (out + out.T)
