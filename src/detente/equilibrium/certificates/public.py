"""Certificates: the errors of a computed equilibrium, measured from its strategies alone.

The solvers' arithmetic is not used. Beliefs are recomputed from the strategies by Bayes' rule,
payoffs at every information set are conditional on those beliefs, and best responses are exact.

Types are drawn independently and everything else is public. Hence player i's beliefs about the
others at a node do not depend on i's own type or on i's own moves. Player i's value is an
expectation over *public* odds, and its best response is one backward pass with a maximum at its own
nodes. Payoffs that depend on both players' types enter as their expectation, at each leaf, over the
other's posterior there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from detente.arrays import Floats
from detente.equilibrium.certificates.best_response import BestResponse
from detente.errors import SolveError
from detente.game.exact import times_power
from detente.game.tree import PublicTree

__all__ = ["NASH_CONV_LIMIT", "RESIDUAL_LIMIT", "Certificate", "certificate_of", "certify",
           "nash_conv", "negative_gain"]


RESIDUAL_LIMIT = 1e-8
"""Largest residual of a certified fallible equilibrium (a probability)."""
NASH_CONV_LIMIT = 1e-3
"""Largest NashConv of a certified deliberate equilibrium, as a share of the stake."""
REGRET_SLACK = 1e-9
"""Rounding error allowed above the exact regret bound of a logit choice."""
SUM_SLACK = 1e-9
"""Rounding error allowed in the sum of a mix and in its floor."""
GAIN_SLACK = 1e-9
"""Most by which the gain from a best response may be negative, as a share of the stake. It is never
negative in exact arithmetic."""


@dataclass(frozen=True)
class Certificate:
    """The checks of one equilibrium.

    Attributes
    ----------
    reading : {"fallible", "deliberate"}
        Logit choice with precision `lam`, or a best response within the floor `epsilon`.
    lam, epsilon : float or None
        Precision of a fallible equilibrium; floor of a deliberate one.
    residual : float or None
        Fallible: the largest difference, over all information sets and moves, between the
        probability given and the logit choice at the payoffs the strategies imply.
    max_regret, regret_bound : float or None
        Fallible: gain from the best move at the information set that comes nearest to breaking its
        bound (or exceeds it by most), and that bound, ln(1/w)/lambda with w the smallest menu
        weight there; the bound is None at lambda 0. Deliberate: the largest gain at any information
        set within the floor, even if the set is almost never reached; there is no bound.
    nash_conv : float
        Sum over players of the gain from a best strategy, in units of the payoffs:
        in the game itself (fallible) or in the floored game (deliberate).
    reached_by : str
        The method: "annealed", "neighbour", "traced" (a point of the branch), "settled" (a point
        near a continuation that failed), "continuation stopped", "regret learning", ...
    folds : tuple of float
        Precisions of the folds of a traced branch.
    certified : bool
        Whether every requirement is met.
    note : str
        The requirements that failed, and remarks of the solver; may be empty.
    """

    reading: Literal["fallible", "deliberate"]
    lam: float | None
    epsilon: float | None
    residual: float | None
    max_regret: float | None
    regret_bound: float | None
    nash_conv: float
    reached_by: str
    folds: tuple[float, ...]
    certified: bool
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the fields ready for JSON: None if a number is not finite."""
        fields = asdict(self)
        fields["folds"] = list(self.folds)
        for key, value in fields.items():
            if isinstance(value, float):
                fields[key] = float(value) if math.isfinite(value) else None
        return fields


def negative_gain(gain: float, stake: float) -> str:
    """Return the problem if NashConv is negative by more than rounding, or not finite.

    Examples
    --------
    >>> negative_gain(-1e-12, 1.0), negative_gain(-6.0, 1.0)
    ('', 'NashConv -6.0e+00 is negative beyond rounding')
    """
    if not math.isfinite(gain):
        return f"NashConv is {gain}"
    if not gain >= -GAIN_SLACK * stake:
        return f"NashConv {gain:.1e} is negative beyond rounding"
    return ""


def nash_conv(
    game: PublicTree,
    pi: Floats,
    epsilon: float = 0.0,
    joint_pi: Mapping[int, Sequence[Floats]] | None = None,
) -> float:
    """Sum over players of the gain from an exact best response.

    Parameters
    ----------
    game
        The game.
    pi : (n, max T)
        Probability of the move into each node by the mover's type.
    epsilon
        Floor: deviations, like the strategies, keep ``epsilon`` times its menu weight on every
        move.
    joint_pi
        Mixes at the simultaneous-move nodes, per player ``(moves, T)``.

    Returns
    -------
    float
        In units of the payoffs; each player's gain is by its own beliefs.

    Examples
    --------
    >>> import numpy as np
    >>> from detente.game import decide, end, tree
    >>> game = tree({"one": 1}, decide("one", {"left": end("l", one=1), "right": end("r", one=3)}))
    >>> nash_conv(game, np.array([[1.0], [0.5], [0.5]]))
    1.0
    """
    relative = game.relative
    gain = float(sum(BestResponse(relative.tree, pi, joint_pi).gains(epsilon)))
    return times_power(gain, relative.exponent)


def certify(
    game: PublicTree,
    pi: Floats,
    *,
    reading: Literal["fallible", "deliberate"],
    lam: float | None = None,
    epsilon: float | None = None,
    joint_pi: Mapping[int, Sequence[Floats]] | None = None,
    reached_by: str = "",
    folds: Sequence[float] = (),
    note: str = "",
    stake: float | None = None,
) -> Certificate:
    """Check a strategy profile against the conditions of its model.

    Parameters
    ----------
    game
        The game.
    pi : (n, max T)
        Probability of the move into each node by the mover's type; only children of decision nodes
        are read.
    reading
        "fallible" needs `lam`, "deliberate" needs `epsilon`.
    lam, epsilon
        Precision; floor of every move, times its menu weight.
    joint_pi
        Mixes at simultaneous-move nodes, per player ``(moves, T)``.
    reached_by, folds, note
        Copied into the certificate.
    stake
        Size of the stake in units of the payoffs; scales the tolerances. None: that of the game,
        which is 1 in a crisis and the largest range of a player's payoffs in other games.

    Raises
    ------
    SolveError
        Arrays of the wrong shape, or a model without its parameter.
    InputError
        Doubles cannot hold the differences of the payoffs.

    Examples
    --------
    >>> import numpy as np
    >>> from detente.game import decide, end, tree
    >>> game = tree({"one": 1}, decide("one", {"left": end("l", one=0), "right": end("r", one=1)}))
    >>> p = 1 / (1 + np.exp(-2.0))
    >>> c = certify(game, np.array([[1.0], [1 - p], [p]]), reading="fallible", lam=2.0)
    >>> c.certified, round(c.max_regret, 6), round(c.regret_bound, 6)
    (True, 0.119203, 0.346574)
    """
    relative = game.relative
    return certificate_of(
        BestResponse(relative.tree, pi, joint_pi), reading=reading,
        lam=None if lam is None else relative.precision(lam), epsilon=epsilon,
        reached_by=reached_by, folds=[relative.precision(f) for f in folds], note=note,
        stake=None if stake is None else times_power(stake, -relative.exponent),
    )


def certificate_of(
    profile: BestResponse,
    *,
    reading: Literal["fallible", "deliberate"],
    lam: float | None = None,
    epsilon: float | None = None,
    reached_by: str = "",
    folds: Sequence[float] = (),
    note: str = "",
    stake: float | None = None,
) -> Certificate:
    """Check a profile whose beliefs and values are computed; arguments as in `certify`.

    The game of ``profile`` is the one that the solvers see (`PublicTree.relative`). ``lam``,
    ``folds`` and ``stake`` are in its units, the certificate is in those of the original game.
    """
    if reading == "fallible":
        if lam is None or not lam >= 0:
            raise SolveError(f"lambda is {lam}; a fallible certificate needs a number of at "
                             "least 0")
    elif epsilon is None or not 0 <= epsilon <= 1:
        raise SolveError(f"epsilon is {epsilon}; a deliberate certificate needs a floor from 0 "
                         "to 1")
    game = profile.game
    if stake is None:
        stake = game.relative.span
    problems = []

    def written(payoff: float) -> float:
        return times_power(float(payoff), game.scaled)

    if not profile.proper(SUM_SLACK):
        problems.append("the strategies are not probability distributions")
    residual: float | None = None
    bound: float | None = None
    if reading == "fallible":
        assert lam is not None
        gain = sum(profile.gains(0.0))
        residual = profile.logit_residual(lam)
        regret, bound = profile.worst_regret(lam)
        if not residual <= RESIDUAL_LIMIT:
            problems.append(f"residual {residual:.1e} above {RESIDUAL_LIMIT:.0e}")
        rounding = profile.rounding(lam)
        if not rounding <= RESIDUAL_LIMIT:
            problems.append(f"at this lambda rounding errors can change a probability by "
                            f"{rounding:.1e}, above {RESIDUAL_LIMIT:.0e}; choose a smaller lambda")
        if bound is not None and not regret <= bound + REGRET_SLACK * stake:
            problems.append(f"regret {written(regret):.2e} above its bound {written(bound):.2e}")
        epsilon = None
    else:
        assert epsilon is not None
        gain = sum(profile.gains(epsilon))
        regret = profile.largest_gain(epsilon)
        if not gain <= NASH_CONV_LIMIT * stake:
            problems.append(f"NashConv {written(gain):.1e} above "
                            f"{written(NASH_CONV_LIMIT * stake):.0e}")
        if not profile.below_floor(epsilon) <= SUM_SLACK:
            problems.append("a move lies below its floor")
        lam = None
    if problem := negative_gain(written(gain), written(stake)):
        problems.append(problem)
    return Certificate(
        reading=reading, lam=None if lam is None else game.written_precision(lam),
        epsilon=epsilon, residual=residual, max_regret=written(regret),
        regret_bound=None if bound is None else written(bound), nash_conv=written(gain),
        reached_by=reached_by, folds=tuple(game.written_precision(float(f)) for f in folds),
        certified=not problems,
        note="; ".join(p for p in [note, *problems] if p),
    )
