"""The debrief: decisions apart from luck, in an identity that is exact.

Let V(n) be a player's value at a node, given its type, in the equilibrium. Along the path of a
game its payoff minus V(root) is the sum of V(child) - V(node) over the steps. A player's own steps
are its decisions, and the steps of the others and of chance are its luck. So is a step that a
facilitator put in the place of its own. If several choose at
once, the step is divided: first the own choice, with the others' choices still in expectation, then
the rest. If payoffs depend on another's type, the last part is what the end reveals of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.game.tree import JOINT
from detente.play.beliefs import Scored, question, score
from detente.play.board import Board
from detente.play.record import Record
from detente.play.replies import Precision, grid, interval, likelihood, others_odds, reply
from detente.play.seats import FACILITATOR

__all__ = ["Account", "Moment", "Standing", "account", "accounts", "standings"]

Part = Literal["own", "others", "chance", "types"]


@dataclass(frozen=True)
class Moment:
    """One part of the way from V(root) to the payoff.

    Attributes
    ----------
    node, child : int
        The places before and after.
    part : {"own", "others", "chance", "types"}
        Who changed the value: the player, others (a facilitator too), chance, or what the end
        reveals of types.
    words : str
        The move in words.
    before, after : float
        The player's value.
    cost : float
        For an own move: the value of the best move minus that of the move made, from 0.
    best : str
        For an own move: the best move in words, without the actor.
    made : str
        For an own move: the move in words, without the actor.
    advised : tuple of (str, float)
        For an own move: the probability that the equilibrium gives each move, largest first.
    """

    node: int
    child: int
    part: Part
    words: str
    before: float
    after: float
    cost: float = 0.0
    best: str = ""
    made: str = ""
    advised: tuple[tuple[str, float], ...] = ()

    @property
    def change(self) -> float:
        """The change of the value."""
        return self.after - self.before


@dataclass(frozen=True)
class Account:
    """One player's debrief of one game.

    Attributes
    ----------
    file : str
        The log.
    actor : str
        The player.
    person : str
        The person's name; the actor's title if it was not given.
    type : int
        The player's type.
    payoff : float
        Its payoff; its value at the last place if the game was stopped.
    expected : float
        V(root): its expected payoff before the game.
    moments : tuple of Moment
        The parts, in their order.
    beliefs : tuple of (str, tuple of float)
        Per other player with types: its name, and the probability that the question about it is
        true, before the game and after each step.
    scored : tuple of Scored
        The person's stated beliefs about the statements of `detente.play.beliefs.question`; others
        are not scored.
    outcome : str
        How the game ended; empty if it was stopped.
    """

    file: str
    actor: str
    person: str
    type: int
    payoff: float
    expected: float
    moments: tuple[Moment, ...]
    beliefs: tuple[tuple[str, tuple[float, ...]], ...]
    scored: tuple[Scored, ...]
    outcome: str

    def total(self, part: Part) -> float:
        """Return the sum of the changes of one part."""
        return float(sum(m.change for m in self.moments if m.part == part))

    @property
    def decision(self) -> float:
        """The sum over its own moves."""
        return self.total("own")

    @property
    def luck(self) -> float:
        """The sum over the others' moves, chance and types."""
        return self.total("others") + self.total("chance") + self.total("types")

    @property
    def cost(self) -> float:
        """The sum of the costs of its moves."""
        return float(sum(m.cost for m in self.moments))

    @property
    def own(self) -> tuple[Moment, ...]:
        """Its own moves."""
        return tuple(m for m in self.moments if m.part == "own")


@dataclass(frozen=True)
class Standing:
    """One person over several games; means are per game.

    Attributes
    ----------
    person : str
    games : int
    moves : int
        Number of its own moves.
    payoff, expected, decision, others, chance, types : float
        Means over the games: the payoff, V(root), and the parts of the difference.
    cost : float
        Mean cost of its moves per game.
    followed : float
        Mean probability that the equilibrium gave to its moves.
    outcomes : dict of str to int
    precision : Precision or None
        Its lambda with a 90 % interval; None after fewer than five games in which it chose.
    excess : float or None
        Mean excess Brier score of its stated beliefs over Bayes' rule; None if it stated none.
    """

    person: str
    games: int
    moves: int
    payoff: float
    expected: float
    decision: float
    others: float
    chance: float
    types: float
    cost: float
    followed: float | None
    outcomes: dict[str, int]
    precision: Precision | None
    excess: float | None


def account(board: Board, record: Record, actor: str) -> Account:
    """Return one player's debrief of one game.

    Raises
    ------
    InputError
        The types are still sealed, because the game has not been closed.
    """
    tree = board.tree
    if record.types is None:
        raise InputError("the types are sealed, so there is no debrief yet", file=record.file,
                         expected="the log of a game that was closed; to end this game, answer "
                         f"quit in: detente play --resume {shlex.quote(record.file)}")
    if set(record.types) != set(tree.players):
        raise InputError("the actors differ from those of the case", file=record.file,
                         expected="a log of this case; name the file with --case")
    i = board.player(actor)
    name, t = tree.players[i], record.types[tree.players[i]]
    value = board.profile.value[i][:, t]
    odds = others_odds(board, i, t)
    moments: list[Moment] = []
    for node, child, by in record.path:
        chose = by.get(name) != FACILITATOR
        moments += _moments(board, i, t, node, child, value, odds, chose=chose)
    last, outcome = float(value[record.node]), ""
    if board.over(record.node):
        leaf = int(tree.leaves.searchsorted(record.node))
        outcome = tree.outcome_kinds[int(tree.outcome[leaf])].words(board.titles)
        if tree.joint_payoff is not None:
            one, two = (record.types[p] for p in tree.players)
            true = float(tree.joint_payoff[i][leaf, one, two])
            moments.append(
                Moment(record.node, record.node, "types", "the other's type", last, true))
            last = true
    asked = [(other, question(board, other)) for other in tree.players if other != name]
    places = [0, *(child for _, child, _ in record.path)]
    held = tuple(
        (other, tuple(
            float(board.profile.posterior(i, board.player(other))[0][n][q.holds].sum())
            for n in places))
        for other, q in asked if q is not None)
    questions = {other: q for other, q in asked if q is not None}
    scored = tuple(
        score(board, questions[b["about"]], name, int(b["node"]), float(b["probability"]),
              record.types[b["about"]])
        for b in record.beliefs if b["actor"] == name and b["about"] in questions
        and b["statement"] == questions[b["about"]].statement)
    return Account(record.file, name, record.persons.get(name) or board.title(name), t, last,
                   float(value[0]), tuple(moments), held, scored, outcome)


def _moments(
    board: Board, i: int, t: int, node: int, child: int, value: Floats, odds: Floats, *,
    chose: bool,
) -> list[Moment]:
    """Return the parts of one step; ``chose``: the player made its own move in it, if any."""
    tree = board.tree
    before, after = float(value[node]), float(value[child])
    mover = int(tree.mover[node])
    words = tree.move_into(child).words(board.titles)
    joint = mover == JOINT and i in tree.joints[node].players
    if not chose or (mover != i and not joint):
        part: Part = "others" if mover >= 0 or mover == JOINT else "chance"
        return [Moment(node, child, part, words, before, after)]
    kids = tree.children(node)
    worth = value[kids.start:kids.stop]
    if joint:
        at = tree.joints[node]
        seat = at.players.index(i)
        block = (odds[kids.start:kids.stop] * worth).reshape(at.sizes)
        worth = np.moveaxis(block, seat, 0).reshape(at.sizes[seat], -1).sum(axis=1)
    acts, made = board.acts(node, i), board.choice(child, i)
    best = int(np.argmax(worth))
    mix = board.advice(node, i, t)
    ranked = sorted(zip((a.deed(board.titles) for a in acts), mix.tolist(), strict=True),
                    key=lambda x: -x[1])
    own = Moment(
        node, child, "own", acts[made].words(board.titles), before, float(worth[made]),
        float(worth[best] - worth[made]), acts[best].deed(board.titles),
        acts[made].deed(board.titles), tuple(ranked))
    if not joint:
        return [own]
    return [own, Moment(node, child, "others", words, float(worth[made]), after)]


def accounts(board: Board, records: Iterable[Record]) -> list[Account]:
    """Return the debriefs of every person in several games; of everyone if no person played."""
    out = []
    for record in records:
        out += [account(board, record, actor)
                for actor in (record.persons or dict.fromkeys(board.principals, ""))]
    return out


def standings(boards: Sequence[Board], found: Sequence[Sequence[Account]]) -> list[Standing]:
    """Return the statistics of each person over the games of one or several cases.

    Parameters
    ----------
    boards
        One per case.
    found
        The debriefs of each case, in the same order.
    """
    people = list(dict.fromkeys(a.person for each in found for a in each))
    return [_standing(person, boards, found) for person in people]


def _standing(
    person: str, boards: Sequence[Board], found: Sequence[Sequence[Account]]
) -> Standing:
    mine = [a for each in found for a in each if a.person == person]

    def mean(values: Iterable[float]) -> float:
        return float(np.mean(list(values)))

    own = [m for a in mine for m in a.own]
    made = [dict(m.advised)[m.made] for m in own]
    outcomes: dict[str, int] = {}
    for a in mine:
        outcomes[a.outcome or "stopped"] = outcomes.get(a.outcome or "stopped", 0) + 1
    excess = [s.excess for a in mine for s in a.scored]
    return Standing(
        person, len(mine), len(own), mean(a.payoff for a in mine), mean(a.expected for a in mine),
        mean(a.decision for a in mine), mean(a.total("others") for a in mine),
        mean(a.total("chance") for a in mine), mean(a.total("types") for a in mine),
        mean(a.cost for a in mine), mean(made) if made else None, outcomes,
        _precision(person, boards, found), mean(excess) if excess else None)


def _precision(
    person: str, boards: Sequence[Board], found: Sequence[Sequence[Account]]
) -> Precision | None:
    """Return a person's precision from all of its games, per unit of the stake."""
    games, total = 0, np.zeros(1)
    lambdas = np.zeros(1)
    for board, each in zip(boards, found, strict=True):
        lambdas = grid(board)
        known = {}
        for a in each:
            if a.person == person:
                i = board.player(a.actor)
                if (i, a.type) not in known:
                    known[i, a.type] = reply(board, i, a.type, lambdas)
                total = total + likelihood(board, i, a.type, [m.child for m in a.own], lambdas,
                                           known[i, a.type])
                games += bool(a.own)
        lambdas = lambdas * board.stake
    return interval(lambdas, total, games)
