"""The deliberate reading: an equilibrium of the game with a tremble floor, by regret learning.

With the floor every move has at least ``epsilon`` times its menu weight as probability. Hence every
history has positive probability, beliefs are defined everywhere, and a threat that would not be
carried out is tested. Limits of such equilibria as the floor falls are the trembling-hand
equilibria (Selten 1975). Exact Nash equilibria of the game itself are never reported, because
regret learning finds those that depend on threats that are not credible.

Learning starts from the fallible equilibrium, which selects among equilibria as a vanishing logit
error would. It is *restarted* every fifty iterations from its own average. A restart forgets the
regrets of earlier strategies. It scales regrets by the probability of each menu, so that rarely
reached menus learn as fast as the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.arrays import Floats
from detente.defaults import EPSILON, LAMBDA
from detente.equilibrium.certificates.equilibrium import equilibrium_of
from detente.equilibrium.certificates.public import NASH_CONV_LIMIT
from detente.equilibrium.deliberate.floors import halves
from detente.equilibrium.deliberate.run import Learning
from detente.equilibrium.deliberate.sequence_form import SequenceForm
from detente.equilibrium.fallible.solve import solve
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import outwards
from detente.errors import SolveError
from detente.game.exact import times_power
from detente.game.tree import PublicTree

__all__ = ["AIM", "learn", "solve_deliberate"]


AIM = 2e-5
"""NashConv at which learning stops, as a share of the stake. It is well below the limit of 1e-3,
because outcomes still change a little while NashConv falls."""


@dataclass(frozen=True)
class _Phase:
    """Restarts of `steps` iterations each, from starting regrets of these sizes (in stakes).

    Small regrets reach a vertex quickly and larger ones damp cycles, so the sizes alternate.
    """

    steps: int
    sizes: tuple[float, ...]
    current: bool = False
    """Restart from the last strategies instead of the average."""
    looks: tuple[int, ...] = ()
    """Iterations after a restart at which the last strategies are examined too."""


USUAL = _Phase(50, 2 * (0.03, 0.03, 0.03, 0.01, 0.01, 0.003, 0.01, 0.03, 0.01), looks=(10, 30))
"""Restarts every 25 iterations from smaller regrets need fewer iterations in most cases, but find
another equilibrium in up to a quarter of the samples; see docs/explanation/several-equilibria."""
FALLBACKS = (
    _Phase(100, 8 * (0.03,), current=True), _Phase(200, 6 * (0.1,)), _Phase(100, 6 * (0.01,)),
    _Phase(800, 3 * (0.03,)), _Phase(400, 4 * (0.3,)), _Phase(3200, 2 * (0.1,)),
)
"""Tried in order, each from the best point so far, if the usual phase leaves NashConv above the
limit."""


def solve_deliberate(
    game: PublicTree,
    start: Equilibrium | None = None,
    *,
    epsilon: float = EPSILON,
    settle: float | None = 0.005,
    smallest: float = 0.00125,
    stake: float | None = None,
    form: SequenceForm | None = None,
) -> Equilibrium:
    """Find a deliberate equilibrium of ``game``.

    Parameters
    ----------
    game
        Any public tree: N players, general payoffs, unlike priors, chances by type, joint nodes.
    start
        Where learning starts, usually the fallible equilibrium; found at lambda 40 per stake if
        not given. It may belong to another game of the same structure.
    epsilon
        Floor of every move, as a share of its menu weight.
    settle
        Halve the floor until no outcome's probability changes by more than this from one floor to
        the next. None keeps the first floor.
    smallest
        Lowest floor tried. If outcomes still change there, the certificate's note says so.
    stake
        Size of the stake in units of the payoffs. None: that of the game, which is 1 in a crisis
        and the largest range of a player's payoffs in other games.
    form
        The game's sequence form, to share between variants of one tree.

    Returns
    -------
    Equilibrium
        Certified in the game with the floor that it names, or marked as not certified. A failure
        to converge raises no error.

    Raises
    ------
    SolveError
        If ``epsilon`` is not in (0, 1).
    InputError
        If doubles cannot hold the differences of the payoffs.

    Examples
    --------
    An entrant enters, because the incumbent's threat to fight is not credible:

    >>> from detente.game import decide, end, tree
    >>> game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
    ...     "out": end("out", entrant=0, incumbent=2),
    ...     "in": decide("incumbent", {
    ...         "fight": end("fought", entrant=-1, incumbent=-1),
    ...         "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    >>> eq = solve_deliberate(game, settle=None)
    >>> eq.certificate.certified, round(eq.outcomes()["shared"], 6)
    (True, 0.990025)
    """
    if not 0 < epsilon < 1:
        raise SolveError(f"epsilon, the tremble floor, is {epsilon}; it must lie between 0 and 1")
    relative = game.relative
    if start is None:
        start = solve(game, relative.written_precision(LAMBDA / (relative.span or 1.0)))
    found_from = start.found_from if start.reading == "deliberate" else (
        "the fallible equilibrium" if start.lam is None
        else f"the fallible equilibrium at lambda {start.lam:g}"
    )
    learning = Learning(relative.tree, form)
    stake = (relative.span if stake is None else times_power(stake, -relative.exponent)) or 1.0
    found = _at(learning, start.pi, start.joint_pi, epsilon, stake, found_from)
    if settle is not None:
        found = _settled(learning, found, settle, smallest, stake, found_from)
    return outwards(found, game, None)


def _settled(
    learning: Learning, found: Equilibrium, settle: float, smallest: float, stake: float,
    found_from: str,
) -> Equilibrium:
    """Halve the floor until outcomes no longer change by more than ``settle``."""
    if not found.certificate.certified or found.epsilon is None:
        return found
    moved = 0.0
    for epsilon in halves(found.epsilon, smallest):
        low = _at(learning, found.pi, found.joint_pi, epsilon, stake, found_from)
        if not low.certificate.certified:
            note = f"learning fails at half the floor: {low.certificate.note}"
            return _noted(found, note)
        before, after = found.outcomes(), low.outcomes()
        moved = max(abs(after[k] - before[k]) for k in after)
        found = low
        if moved <= settle:
            return found
    if moved > settle:
        note = f"outcomes still move by {moved:.3f} if the floor is halved to {found.epsilon:g}"
        return _noted(found, note)
    return found


def _noted(eq: Equilibrium, note: str) -> Equilibrium:
    had = eq.certificate.note
    return replace(eq, certificate=replace(eq.certificate, note=f"{had}; {note}" if had else note))


def _at(
    learning: Learning, pi: Floats, joint_pi: Mapping[int, Sequence[Floats]], epsilon: float,
    stake: float, found_from: str,
) -> Equilibrium:
    """Run regret learning at one floor; keep the best point found."""
    sigma, _, used = learn(learning, pi, joint_pi, epsilon=epsilon, stake=stake)
    best_pi, best_joint = learning.strategies(sigma)
    note = f"learning cycled, so fallback {used} was used" if used else ""
    return equilibrium_of(
        learning.game, best_pi, best_joint, epsilon=epsilon, stake=stake, found_from=found_from,
        reached_by="regret learning", note=note,
    )


def learn(
    learning: Learning,
    pi: Floats,
    joint_pi: Mapping[int, Sequence[Floats]] | None = None,
    *,
    epsilon: float = EPSILON,
    stake: float = 1.0,
    aim: float = AIM,
) -> tuple[Floats, float, int]:
    """Learn from strategies ``pi`` at one floor.

    Parameters
    ----------
    learning
        The game in sequence form.
    pi : (n, max T) float array
        Where learning starts.
    joint_pi
        Mixes at simultaneous-move nodes.
    epsilon, stake
        As in `solve_deliberate`.
    aim
        NashConv, as a share of the stake, at which the usual phase stops. The fallbacks run only
        if it ends above the certificate's limit, and stop at a tenth of that.

    Returns
    -------
    sigma : float array
        The best mixes by sequence, a table for `Learning.strategies`.
    nash_conv : float
        NashConv of these, computed by the solver; the certificate recomputes it.
    fallbacks : int
        Number of fallbacks used.
    """
    learning.start(pi, joint_pi, epsilon=epsilon, size=USUAL.sizes[0] * stake)
    best = learning.current()
    least = learning.nash_conv(best)
    used = 0
    # Samples have a rougher aim at floors that are not the last one. Where learning leaves such a
    # floor decides what the next ones find, so it is not cut short there.
    usual = USUAL if aim <= AIM else replace(USUAL, looks=())
    for k, phase in enumerate((usual, *FALLBACKS)):
        enough = (NASH_CONV_LIMIT if k else aim) * stake
        if least <= enough:
            break
        used = k
        if k:
            learning.restart(best, epsilon=epsilon, size=phase.sizes[0] * stake)
        for sigma, gap in _restarts(learning, phase, stake):
            if gap < least:
                best, least = sigma, gap
            if least <= min(enough, NASH_CONV_LIMIT / 10 * stake):
                break
    return best, least, used


def _restarts(
    learning: Learning, phase: _Phase, stake: float
) -> Iterator[tuple[Floats, float]]:
    """Run a phase; yield strategies with their NashConv at each look and before each restart.

    The better of the average and the last strategies is yielded before a restart.
    """
    for size in (*phase.sizes[1:], None):
        done = 0
        for look in phase.looks:
            learning.run(look - done)
            done = look
            current = learning.current()
            yield current, learning.nash_conv(current)
        learning.run(phase.steps - done)
        average, current = learning.average(), learning.current()
        points = [(average, learning.nash_conv(average)), (current, learning.nash_conv(current))]
        yield min(points, key=lambda p: p[1])
        if size is not None:
            again = current if phase.current else average
            learning.restart(again, epsilon=learning.epsilon, size=size * stake)
