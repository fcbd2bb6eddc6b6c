"""The expected utility model of bargaining, in rounds.

Sources: [bueno-de-mesquita-1994], [bueno-de-mesquita-1997]; reconstruction
[scholz-calbert-smith-2011]. Every actor compares the challenges to every other actor. Challenges
become offers, each actor accepts one offer, and all positions move simultaneously. With
``d_ij = |x_i - x_j| / range`` and ``r`` the actor's risk exponent:

- votes of k for i's position over j's: ``v_k = c_k s_k (d_kj^r_k - d_ki^r_k)``
- ``P_ij = sum_k max(0, v_k) / D``; ``D = sum_k |v_k|`` (``pair``), or that sum over all ordered
  pairs of actors' positions (``all``); 0 if the positions are equal
- ``Us = 2 - 4 (1/2 - d/2)^r``, ``Uf = 2 - 4 (1/2 + d/2)^r``, ``Usq = 2 - 4 (1/2)^r``
- ``E_i(U_ij) = s_j [P Us + (1 - P) Uf] + (1 - s_j) Us - Usq``
- ``danger_i = sum_j E_j(U_ji)`` at ``r = 1``; ``R_i = (2 danger_i - max - min) / (max - min)``;
  ``r_i = (1 - R_i / 3) / (1 + R_i / 3)``

The model is sensitive. In the European car-emission case a noise of .05 in the saliences spreads
the ``all`` forecast over the whole scale. It is included for comparison, always with its band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.kernel_cache import njit
from detente.lenses.positions.forecasts import weighted_median
from detente.lenses.positions.positions import Positions

__all__ = ["DENOMINATORS", "RANKINGS", "Offer", "Round", "expected_utility", "play"]

DENOMINATORS = ("pair", "all")
RANKINGS = ("movement", "published")
KINDS = ("confrontation", "compromise", "capitulation")
SAME = 1e-6
"""Positions closer than this share of the scale are equal."""


@dataclass(frozen=True)
class Offer:
    """The offer that an actor accepts in a round.

    Attributes
    ----------
    to, by : int
        The actor that moves, and the actor that makes the offer.
    kind : str
        Confrontation, compromise or capitulation.
    position : float
        New position.
    """

    to: int
    by: int
    kind: str
    position: float


@dataclass(frozen=True)
class Round:
    """All quantities of one round.

    Attributes
    ----------
    position, danger, risk_exponent : (A,)
        ``risk_exponent`` is ``r``.
    win : (A, A)
        ``P_ij``.
    utility : (A, A)
        ``E_i(U_ij)``, i's expected utility of challenging j.
    feared : (A, A)
        ``E_j(U_ji)`` at i's risk exponent: i's estimate of j's expected utility of challenging i.
    offers : tuple of Offer
        Accepted offers.
    median, mean : float
        Weighted by capability times salience.
    """

    position: Floats
    danger: Floats
    risk_exponent: Floats
    win: Floats
    utility: Floats
    feared: Floats
    offers: tuple[Offer, ...]
    median: float
    mean: float


def expected_utility(
    table: Positions,
    issue: str | int = 0,
    *,
    denominator: str = "pair",
    ranking: str = "movement",
    rounds: int = 10,
) -> list[Round]:
    """Run the model on one issue and return every round.

    Parameters
    ----------
    table
        Positions. Actors without a position on the issue are omitted.
    issue
        Name or number of the issue.
    denominator
        ``"pair"`` or ``"all"``, see the module.
    ranking
        Choice among compromises. ``"movement"``: the one that moves the actor least.
        ``"published"``: the one with the least ``(|E_ij| x_i + |E_ji| x_j) / (|E_ij| + |E_ji|)``,
        as in the published code. Confrontations rank first and capitulations last, each by least
        movement.
    rounds
        Number of times that positions move; the result has one entry more.

    Raises
    ------
    InputError
        The variant does not exist, or there are fewer than two actors.

    Examples
    --------
    >>> from detente.lenses.positions.canon import eu_cars
    >>> played = expected_utility(eu_cars(), denominator="all", ranking="published", rounds=3)
    >>> [round(r.median, 4) for r in played]
    [7.0, 8.4159, 9.6109, 9.962]
    """
    one = table.issue(issue)
    if len(one.actors) < 2:
        raise InputError(f"only one actor on the issue {one.issues[0]!r}", expected="two or more")
    mode = _codes(denominator, ranking)
    x, s, c = one.position[:, 0].copy(), one.salience[:, 0], one.capability[:, 0]
    weight = one.weight
    span = float(one.range[0])
    out = []
    for k in range(rounds + 1):
        danger, r, win, utility, feared = _state(x, s, c, span, mode[0])
        moved, by, kind = _choose(x, utility, feared, span, mode[1])
        offers = tuple(
            Offer(i, int(by[i]), KINDS[kind[i]], float(moved[i]))
            for i in range(len(x))
            if by[i] >= 0 and k < rounds
        )
        middle = float(weighted_median(x[:, None], weight, one.low, one.high)[0])
        average = float((weight[:, 0] * x).sum() / weight.sum())
        out.append(Round(x, danger, r, win, utility, feared, offers, middle, average))
        x = moved
    return out


def play(
    x: Floats,
    s: Floats,
    c: Floats,
    span: float,
    *,
    denominator: str = "pair",
    ranking: str = "movement",
    rounds: int = 10,
) -> Floats:
    """Return the final positions of many tables of one issue.

    Parameters
    ----------
    x, s, c : (B, A)
        Positions, saliences and capabilities of B tables.
    span
        Length of the scale.

    Returns
    -------
    (B, A)
    """
    mode = _codes(denominator, ranking)
    tables = [np.ascontiguousarray(v, dtype=float) for v in (x, s, c)]
    return np.asarray(_play(tables[0], tables[1], tables[2], span, mode[0], mode[1], rounds))


def _codes(denominator: str, ranking: str) -> tuple[bool, bool]:
    if denominator not in DENOMINATORS:
        raise InputError(f"no denominator {denominator!r}", expected=" or ".join(DENOMINATORS))
    if ranking not in RANKINGS:
        raise InputError(f"no ranking {ranking!r}", expected=" or ".join(RANKINGS))
    return denominator == "all", ranking == "published"


@njit()
def _win(x, s, c, r, span, over_all):  # type: ignore[no-untyped-def]
    n = len(x)
    far = np.empty((n, n))
    for k in range(n):
        for j in range(n):
            far[k, j] = (abs(x[k] - x[j]) / span) ** r[k]
    win = np.zeros((n, n))
    against = np.zeros((n, n))
    for k in range(n):
        weight = c[k] * s[k]
        for i in range(n):
            for j in range(n):
                vote = weight * (far[k, j] - far[k, i])
                if vote > 0:
                    win[i, j] += vote
                else:
                    against[i, j] -= vote
    total = win.sum() + against.sum()
    for i in range(n):
        for j in range(n):
            below = total if over_all else win[i, j] + against[i, j]
            near = abs(x[i] - x[j]) < SAME * span
            win[i, j] = 0.0 if near or below == 0.0 else win[i, j] / below
    return win


@njit()
def _expect(win, x, salience, i, j, r, span):  # type: ignore[no-untyped-def]
    """Return the expected utility of a challenge; ``salience`` is that of the challenged actor."""
    d = abs(x[i] - x[j]) / span
    success = 2 - 4 * (0.5 - 0.5 * d) ** r
    failure = 2 - 4 * (0.5 + 0.5 * d) ** r
    now = 2 - 4 * 0.5**r
    return salience * (win * success + (1 - win) * failure) + (1 - salience) * success - now


@njit()
def _state(x, s, c, span, over_all):  # type: ignore[no-untyped-def]
    n = len(x)
    ones = np.ones(n)
    win = _win(x, s, c, ones, span, over_all)
    danger = np.zeros(n)
    for i in range(n):
        for j in range(n):
            if i != j:
                danger[i] += _expect(win[j, i], x, s[i], j, i, 1.0, span)
    least, most = danger.min(), danger.max()
    r = np.ones(n)
    if most - least > 1e-12:  # if dangers are equal, all are risk neutral
        risk = (2 * danger - most - least) / (most - least)
        r = (1 - risk / 3) / (1 + risk / 3)
    win = _win(x, s, c, r, span, over_all)
    utility, feared = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                utility[i, j] = _expect(win[i, j], x, s[j], i, j, r[i], span)
                feared[i, j] = _expect(win[j, i], x, s[i], j, i, r[i], span)
    return danger, r, win, utility, feared


@njit()
def _choose(x, utility, feared, span, published):  # type: ignore[no-untyped-def]
    n = len(x)
    moved, by, kinds = x.copy(), np.full(n, -1), np.full(n, 3)
    for i in range(n):
        least = np.inf
        for j in range(n):
            if i == j or abs(x[i] - x[j]) < SAME * span:
                continue
            mine, theirs = utility[i, j], feared[i, j]
            if theirs > mine > 0:
                kind, to = 0, x[j]
            elif theirs > 0 > mine and theirs > -mine:
                kind, to = 1, x[i] + (x[j] - x[i]) * abs(mine / theirs)
            elif theirs > 0 > mine and theirs < -mine:
                kind, to = 2, x[j]
            else:
                continue
            order = abs(to - x[i])
            if kind == 1 and published:
                a, b = abs(mine), abs(theirs)
                order = (a * x[i] + b * x[j]) / (a + b)
            if kind < kinds[i] or (kind == kinds[i] and order < least):
                moved[i], by[i], kinds[i], least = to, j, kind, order
    return moved, by, kinds


@njit()
def _play(x, s, c, span, over_all, published, rounds):  # type: ignore[no-untyped-def]
    out = x.copy()
    for b in range(len(x)):
        at = x[b].copy()
        for _ in range(rounds):
            _, _, _, utility, feared = _state(at, s[b], c[b], span, over_all)
            new = _choose(at, utility, feared, span, published)[0]
            if np.all(new == at):
                break
            at = new
        out[b] = at
    return out
