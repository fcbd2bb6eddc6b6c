"""Estimate any public tree game whose payoffs are linear in covariates.

Maximum likelihood of its agent logit quantal response equilibrium (McKelvey & Palfrey 1998),
through the engine. The games of all rows hang under one public chance move, so one solve gives all
their equilibria, and one adjoint solve the derivative of the whole likelihood by every payoff of
every row, exactly.

A precision lambda is an error of scale 1/lambda, so only the product of lambda and payoffs is
identified: lambda is fixed. A logit tree of Signorino's kind divides differences of payoffs by
sqrt(2); it is this model at lambda = 1/sqrt(2) with equal menu weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from detente.equilibrium import gradient, solve
from detente.equilibrium.solution import Equilibrium
from detente.errors import InputError, nearest
from detente.game.tree import CHANCE, PublicTree
from detente.history.estimators.design import Design, build
from detente.history.estimators.dual import Array
from detente.history.estimators.maximise import GRADIENT, Maximum
from detente.history.estimators.results import FitResult, inverse
from detente.history.estimators.trouble import diagnose

__all__ = ["SIGNORINO", "fit_game", "side_by_side"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIGNORINO = float(1.0 / np.sqrt(2.0))
"""The lambda at which coefficients are those of an agent-error logit tree."""

DIFFERENCE = 1e-4
"""Step of central differences of the exact gradient, in scaled parameters."""


def side_by_side(game: PublicTree, copies: int) -> tuple[PublicTree, Ints, Ints]:
    """Hang copies of a game under one uniform chance move.

    Returns
    -------
    PublicTree, row, leaf
        For each leaf of the new game its copy and its leaf (index into ``leaves``) in the old.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> one = tree({"a": 1}, decide("a", {"x": end("x", a=0), "y": end("y", a=1)}))
    >>> many, row, leaf = side_by_side(one, 3)
    >>> many.n_nodes, row.tolist(), leaf.tolist()
    (10, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1])
    """
    n = game.n_nodes
    level = np.concatenate([[0], 1 + copies * game.level]).astype(np.int64)
    of = np.searchsorted(game.level, np.arange(n), side="right") - 1
    width = np.diff(game.level)
    base = 1 + copies * game.level[of] + (np.arange(n) - game.level[of])
    where = base[None, :] + np.arange(copies)[:, None] * width[of][None, :]  # (copies, n)

    def spread(old: Ints, root: int, links: bool = False) -> Ints:
        out = np.empty(1 + copies * n, dtype=np.int64)
        out[0] = root
        out[where] = np.where(old >= 0, where[:, np.maximum(old, 0)], old) if links else old
        return out

    parent = spread(game.parent, -1, links=True)
    parent[where[:, 0]] = 0
    # A terminal node's ``first`` points nowhere in particular; it is kept at 0.
    first = spread(np.where(game.count > 0, game.first, -1), 1, links=True)
    first[first < 0] = 0
    weight = np.ones(1 + copies * n)
    weight[where] = game.weight
    weight[where[:, 0]] = 1.0 / copies
    rows = len(game.type_prob)
    type_row = spread(game.type_row, -1)
    shift = np.arange(copies)[:, None] * rows
    type_row[where] = np.where(game.type_row >= 0, game.type_row + shift, -1)
    move = spread(game.move, -1)
    move[where[:, 0]] = len(game.move_names)
    leaf_at = where[:, game.leaves]
    order = np.argsort(leaf_at, axis=None, kind="stable")
    m = len(game.leaves)
    row, leaf = order // m, order % m
    many = replace(
        game,
        mover=spread(game.mover, CHANCE), parent=parent, first=first,
        count=spread(game.count, copies), level=level,
        own=spread(game.own, -1, links=True), weight=weight, type_row=type_row,
        type_prob=np.tile(game.type_prob, (copies, 1)), leaves=leaf_at.ravel()[order],
        payoff=tuple(p[leaf] for p in game.payoff), outcome=game.outcome[leaf], move=move,
        move_names=(*game.move_names, "row"),
        joints={
            int(where[r, v]): replace(
                j, own=tuple(int(where[r, o]) if o >= 0 else -1 for o in j.own)
            )
            for v, j in game.joints.items() for r in range(copies)
        },
        share=None if game.share is None else game.share[leaf],
    )
    return many, row, leaf


class _Likelihood:
    """The likelihood of all rows and its exact scores, the last equilibrium kept as a start."""

    def __init__(
        self, game: PublicTree, design: Design, places: list[tuple[int, int]], counts: Floats,
        lam: float,
    ) -> None:
        self.game, self.design, self.places, self.counts = game, design, places, counts
        self.lam = lam
        self.many, self.row, self.leaf = side_by_side(game, design.n)
        self.kind = game.outcome[self.leaf]
        self.last: Equilibrium | None = None
        self.solves = 0
        self.uncertified = 0

    def payoffs(self, eta: Floats) -> tuple[Floats, ...]:
        paid = [p.copy() for p in self.many.payoff]
        for k, (player, ending) in enumerate(self.places):
            at = self.kind == ending
            paid[player][at] += eta[k, self.row[at], None]
        return tuple(paid)

    def endings(self, theta: Floats) -> tuple[Equilibrium, Floats]:
        """Return the equilibrium, and the (n, J) probabilities of the endings."""
        eta = np.real(self.design.eta(theta))
        moved = self.many.with_numbers(payoff=self.payoffs(eta))
        start = replace(self.last, game=moved) if self.last is not None else None
        eq = solve(moved, self.lam, start=start)
        self.solves += 1
        self.last = eq
        p = np.zeros((self.design.n, len(self.game.outcome_names)))
        np.add.at(p, (self.row, self.kind), eq.leaf_reach * self.design.n)
        return eq, np.maximum(p, 1e-300)

    def rows(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the (n,) log likelihoods, the (n, p) scores, the (n, J) probabilities."""
        eq, p = self.endings(theta)
        self.uncertified += not eq.certificate.certified
        loglik = (self.counts * np.log(p)).sum(axis=1)
        weights = (self.counts / p)[self.row, self.kind] * self.design.n
        by = gradient(eq, weights)
        parts = []
        for (player, ending), x in zip(self.places, self.design.X, strict=True):
            at = self.kind == ending
            slope = np.zeros(self.design.n)
            np.add.at(slope, self.row[at], by.payoff[player][at].sum(axis=1))
            parts.append(x * slope[:, None])
        return loglik, np.concatenate(parts, axis=1), p


def fit_game(
    game: PublicTree,
    payoffs: Mapping[tuple[str, str], str],
    data: pd.DataFrame,
    outcome: str | Mapping[str, str],
    *,
    lam: float = 1.0,
    cluster: str | None = None,
    robust: bool = False,
) -> FitResult:
    """Estimate a game by maximum likelihood of its agent quantal response equilibrium.

    Parameters
    ----------
    game
        Any public tree; its own payoffs are what the estimated ones are added to.
    payoffs
        (player, ending) to the right-hand side of a formula: what that player's payoff at that
        ending adds, for each of its types. Pairs left out are not estimated.
    data
        One row per play, or per game with counts.
    outcome
        The column that names each play's ending, or ending to its column of counts.
    lam
        The precision, which sets the unit of the coefficients; `SIGNORINO` for those of a logit
        tree.
    cluster, robust
        Covariance, as in `fit_tree`.

    Raises
    ------
    InputError
        An unknown player, ending or column, or an option that does not fit.
    """
    players = {name: i for i, name in enumerate(game.players)}
    kinds = {name: j for j, name in enumerate(game.outcome_names)}
    places, indices = [], {}
    for (player, ending), part in payoffs.items():
        for name, known, what in ((player, players, "player"), (ending, kinds, "ending")):
            if name not in known:
                raise InputError(f"the game has no {what} {name!r}", nearest=nearest(name, known))
        places.append((players[player], kinds[ending]))
        indices[f"{player} at {ending}"] = part
    columns = [outcome] if isinstance(outcome, str) else list(outcome.values())
    design = build("", indices, data, None, [*columns, *([cluster] if cluster else [])])
    counts = _counts(design, outcome, kinds)
    if lam <= 0:
        raise InputError(f"lambda is {lam:g}", expected="a precision above 0")
    like = _Likelihood(game, design, places, counts, lam)
    best, loose = _maximise(like)
    cov, definite = inverse(-best.hessian)
    words, sound = diagnose(best, design, loose, definite, limit=12.0 / lam)
    if like.uncertified:
        words.append(f"{like.uncertified} of {like.solves} equilibria were not certified")
        sound = False

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        if table is None:
            other = like
        else:
            xs = design.again(table)
            moved = replace(design, X=xs, rows=list(table.index))
            other = _Likelihood(game, moved, places, np.zeros((len(table), len(kinds))), lam)
        if np.iscomplexobj(theta):
            return _dual(other, theta)
        return other.endings(theta)[1]

    result = FitResult(
        f"agent quantal response equilibrium (lambda {lam:.6g})", design.names, best.theta, cov,
        "inverse Hessian", best.loglik, best.score, best.hessian, tuple(game.outcome_names),
        counts, int(counts.sum()), design.dropped, sound, tuple(words), design.frame, predictor,
        {"lam": lam, "solves": like.solves, "certified": like.uncertified == 0},
    )
    return result.robust(cluster) if cluster or robust else result


def _counts(
    design: Design, outcome: str | Mapping[str, str], kinds: Mapping[str, int]
) -> Floats:
    counts = np.zeros((design.n, len(kinds)))
    if isinstance(outcome, str):
        for r, name in enumerate(design.frame[outcome].astype(str)):
            if name not in kinds:
                raise InputError(
                    f"the column {outcome!r} holds {name!r}, which is no ending of the game",
                    expected=", ".join(kinds),
                )
            counts[r, kinds[name]] = 1.0
        return counts
    for ending, column in outcome.items():
        if ending not in kinds:
            raise InputError(f"the game has no ending {ending!r}", nearest=nearest(ending, kinds))
        counts[:, kinds[ending]] = design.frame[column].to_numpy(dtype=float)
    return counts


def _dual(like: _Likelihood, theta: Array) -> Array:
    """Return probabilities with a derivative along the imaginary part, by central differences."""
    centre, step = np.real(theta), np.imag(theta)
    size = float(np.abs(step).max())
    direction = step / size * 1e-5
    up, down = like.endings(centre + direction)[1], like.endings(centre - direction)[1]
    return like.endings(centre)[1] + 1j * size * (up - down) / 2e-5


def _maximise(like: _Likelihood) -> tuple[Maximum, list[list[str]]]:
    x = np.concatenate(like.design.X, axis=1)
    rms = np.sqrt((x * x).mean(axis=0))
    scale = np.where(rms > 0, rms, 1.0) * like.lam

    def both(z: Floats) -> tuple[float, Floats]:
        loglik, score, _ = like.rows(z / scale)
        return -float(loglik.sum()), -score.sum(axis=0) / scale

    # Away from zero, where payoffs tie and more directions than in truth seem to change nothing.
    away = np.random.default_rng(0).normal(size=len(scale)) * 0.3
    _, score, _ = like.rows(away / scale)
    values, vectors = np.linalg.eigh((score / scale).T @ (score / scale))
    null = vectors[:, values <= 1e-10 * values[-1]]
    # The outer product of scores at the start preconditions the search.
    _, score, _ = like.rows(np.zeros(len(scale)))
    values, vectors = np.linalg.eigh((score / scale).T @ (score / scale))
    hess_inv = vectors @ np.diag(1.0 / np.maximum(values, 1e-6 * values[-1])) @ vectors.T
    found = minimize(
        both, np.zeros(len(scale)), jac=True, method="BFGS",
        options={"gtol": 1e-7 * like.design.n, "hess_inv0": 0.5 * (hess_inv + hess_inv.T)},
    )
    z, steps = found.x, int(found.nit)
    curve = _second(both, z)
    for _ in range(3):  # Newton from near: the gradient falls to the solver's accuracy
        g = both(z)[1]
        if np.abs(g).max() < 1e-2 * GRADIENT * like.design.n:
            break
        try:
            z = z - np.linalg.solve(curve, g)
        except np.linalg.LinAlgError:
            break
    curve = _second(both, z)
    theta = z / scale
    loglik, score, _ = like.rows(theta)
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
