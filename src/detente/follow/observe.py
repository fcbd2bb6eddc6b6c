"""One tree at many samples, followed through lists of events.

For sample s with numbers theta_s, the likelihood of the first k events is

    L_s = sum over n in F of reach_s[n] E[n],

F being the nodes at which the crisis may stand after them, and E[n] the evidence of the reports on
the path to n. Types are integrated out exactly, because the public odds average over them. All
results are sums over nodes for each sample, so that any weights of the samples can be used later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from detente.arrays import Bools, Floats, Ints
from detente.equilibrium.batch.strategies import fallible_play
from detente.equilibrium.batch.work import Desk, compiles
from detente.equilibrium.profile import reach_of
from detente.follow.entry import Choice, Place, Trail
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree

if TYPE_CHECKING:
    from detente.equilibrium import BatchResult
    from detente.game.numbers import Numbers

__all__ = ["Observed", "Seen", "observe"]


@dataclass(frozen=True)
class Seen:
    """A choice at S samples: the mass of its nodes and of its ways.

    Attributes
    ----------
    at : (S,) array
        Likelihood of the events before it, times the probability that it is reached.
    labels : tuple of str
    ways : (S, M) array
        The same for each way.
    outcomes : (S, M, O) array or None
        The same for each way and each outcome after it.
    """

    at: Floats
    labels: tuple[str, ...]
    ways: Floats
    outcomes: Floats | None = None


@dataclass(frozen=True)
class Observed:
    """A list of K events at S samples of one tree.

    Attributes
    ----------
    likelihood, blind : (K + 1, S) arrays
        Likelihood of the first k events; and that of governments that follow their habits only.
    outcomes : (K + 1, S, O) array
        Likelihood of the events times the probability of each outcome after them.
    terms : (K + 1, S, R) array
        The same for each of the terms; no column if the game has none.
    types : tuple of (K + 1, S, T_i) arrays
        Likelihood of the events and of each type of each player, by the analyst's prior; empty
        if payoffs depend on both types.
    beliefs : dict of (observer, player) to (K + 1, S, T_i) arrays
        The same by the observer's own prior, where priors are unlike.
    choices : tuple of Seen or None
        What each event resolved.
    ahead : Seen
        What may come next.
    certified : (S,) bool array
        Whether the solution of each sample passed its check.
    """

    likelihood: Floats
    blind: Floats
    outcomes: Floats
    terms: Floats
    types: tuple[Floats, ...]
    choices: tuple[Seen | None, ...]
    ahead: Seen
    certified: Bools
    beliefs: Mapping[tuple[str, str], Floats] = field(default_factory=dict)

    @classmethod
    def join(cls, parts: Sequence[Observed]) -> Observed:
        """Put chunks of samples together, in the order given."""
        def all_of(get: Callable[[Observed], Floats], axis: int = 1) -> Floats:
            return np.concatenate([get(p) for p in parts], axis=axis)

        def seen(get: Callable[[Observed], Seen]) -> Seen:
            one = get(parts[0])
            rest = None if one.outcomes is None else np.concatenate(
                [np.asarray(get(p).outcomes) for p in parts])
            return Seen(np.concatenate([get(p).at for p in parts]), one.labels,
                        np.concatenate([get(p).ways for p in parts]), rest)

        first = parts[0]
        return cls(
            all_of(lambda p: p.likelihood), all_of(lambda p: p.blind),
            all_of(lambda p: p.outcomes), all_of(lambda p: p.terms),
            tuple(all_of(lambda p, i=i: p.types[i]) for i in range(len(first.types))),  # type: ignore[misc]
            tuple(None if c is None else seen(lambda p, k=k: p.choices[k])  # type: ignore[misc]
                  for k, c in enumerate(first.choices)),
            seen(lambda p: p.ahead), all_of(lambda p: np.asarray(p.certified), 0).astype(bool),
            {key: all_of(lambda p, key=key: p.beliefs[key]) for key in first.beliefs},  # type: ignore[misc]
        )

    def times(self, factor: Floats) -> Observed:
        """Return the same with factors (K + 1, S) of the likelihood after each number of events."""
        def seen(one: Seen | None, f: Floats) -> Seen | None:
            if one is None:
                return None
            return Seen(one.at * f, one.labels, one.ways * f[:, None],
                        None if one.outcomes is None else one.outcomes * f[:, None, None])

        wide = factor[:, :, None]
        ahead = seen(self.ahead, factor[-1])
        assert ahead is not None
        return Observed(
            self.likelihood * factor, self.blind * factor, self.outcomes * wide, self.terms * wide,
            tuple(t * wide for t in self.types),
            tuple(seen(c, factor[k]) for k, c in enumerate(self.choices)), ahead, self.certified,
            {key: b * wide for key, b in self.beliefs.items()},
        )


def observe(
    tree: PublicTree, numbers: Callable[[slice], Numbers], parts: Sequence[BatchResult],
    trails: Sequence[Trail], ways: Sequence[Choice], *, workers: int = 1,
) -> list[Observed]:
    """Follow solved samples of one tree through lists of events.

    Parameters
    ----------
    tree
    numbers
        Returns the numbers of the samples in a slice.
    parts
        Chunks of the fallible solutions, in order. If payoffs depend on both types they must keep
        their public odds.
    trails
        The lists of events, entered into the tree.
    ways
        What may come after each list.
    workers
        Threads.
    """
    plans = [_Plan.of(tree, t, w) for t, w in zip(trails, ways, strict=True)]
    desk = Desk(tree)
    job = partial(_chunk, tree, desk, plans)
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[Any] = []
        found: list[list[Observed]] = []
        for part in parts:
            here = numbers(slice(part.first, part.first + part.size))
            waiting.append(pool.submit(job, here, part))
            if len(waiting) > workers:
                found.append(waiting.pop(0).result())
        found += [w.result() for w in waiting]
    return [Observed.join([chunk[k] for chunk in found]) for k in range(len(plans))]


@dataclass(frozen=True)
class _Plan:
    """Everything of one list of events that depends on the tree alone."""

    trail: Trail
    ways: Choice
    places: list[Place]
    """The places of the trail, each once."""
    at: list[int]
    """Per number of events, its position among the places. Only moves and chance lead to others."""
    outcomes: list[csr_array]
    """Per place, (O, m): the evidence of each leaf by its outcome."""
    terms: list[csr_array]
    after: list[csr_array]
    """Per way ahead, the same as ``outcomes``."""
    path: Ints
    """The nodes on the way, a parent before its children."""
    rows: Ints
    """The rows of the strategies that hold the choices on the way."""

    @classmethod
    def of(cls, tree: PublicTree, trail: Trail, ways: Choice) -> _Plan:
        places = list({id(place): place for place in trail.places}.values())
        number = {id(place): k for k, place in enumerate(places)}
        below = [_leaf_evidence(tree, place) for place in places]
        outcomes, terms = len(tree.outcome_kinds), len(tree.term_kinds)
        return cls(
            trail, ways, places, [number[id(place)] for place in trail.places],
            [_by_kind(tree.outcome, outcomes, e) for e in below],
            [] if tree.terms is None else [_by_kind(tree.terms, terms, e) for e in below],
            [_by_kind(tree.outcome, len(tree.outcome_kinds), _leaf_evidence(tree, w))
             for w in ways.ways.values()],
            trail.nodes, _rows_on(tree, trail.nodes),
        )


def _rows_on(tree: PublicTree, path: Ints) -> Ints:
    """Return the rows of the strategies, as a batch lays them out, of the choices on a path."""
    joints = _rows_of_joints(tree)
    rows: list[int] = []
    for c in path[path > 0].tolist():
        up = int(tree.parent[c])
        if int(tree.mover[up]) == JOINT:
            rows.extend(range(joints[up], joints[up] + sum(tree.joints[up].sizes)))
        elif int(tree.mover[up]) >= 0:
            rows.append(c)
    return np.unique(np.array(rows, dtype=np.int64))


def _leaf_evidence(tree: PublicTree, place: Place) -> Floats:
    """Return, for each leaf, the evidence of the node of the place above it; 0 if none is."""
    e = np.zeros(tree.n_nodes)
    e[place.nodes] = place.evidence
    for d in range(1, len(tree.level) - 1):
        here = np.arange(tree.level[d], tree.level[d + 1])
        e[here] += e[tree.parent[here]]
    return e[tree.leaves]


def _by_kind(kind: Ints, count: int, value: Floats) -> csr_array:
    rows = np.flatnonzero(value)
    return csr_array((value[rows], (kind[rows], rows)), shape=(count, len(kind)))


def _chunk(
    tree: PublicTree, desk: Desk, plans: Sequence[_Plan], numbers: Numbers, part: BatchResult
) -> list[Observed]:
    mixes = None
    if compiles(tree):
        rows = np.unique(np.concatenate([plan.rows for plan in plans]))
        pi, q = fallible_play(desk, numbers, part, 0, rows)
        mixes = dict(zip(rows.tolist(), pi, strict=True))
    else:
        assert part.q is not None
        q = part.q
    reach = reach_of(tree, np.where(np.isnan(q), 0.0, q))
    return [_observed(tree, plan, numbers, mixes, reach, part.certified) for plan in plans]


def _observed(
    tree: PublicTree, plan: _Plan, numbers: Numbers, mixes: Mapping[int, Floats] | None,
    reach: Floats, certified: Bools,
) -> Observed:
    leaf = reach[tree.leaves]
    size = reach.shape[1]

    def mass(place: Place, of: Floats = reach) -> Floats:
        return np.asarray(place.evidence @ of[place.nodes])

    def seen(choice: Choice, outcomes: list[csr_array] | None) -> Seen:
        ways = [mass(w) for w in choice.ways.values()]
        after = None if outcomes is None else [(m @ leaf).T for m in outcomes]
        return Seen(
            mass(choice.at), tuple(choice.ways),
            np.stack(ways, axis=1) if ways else np.empty((size, 0)),
            after if after is None else np.stack(after, axis=1) if after
            else np.empty((size, 0, 0)))  # no way: the tree cannot hold the events

    def sums(rows: list[csr_array]) -> Floats:
        if not rows:
            return np.empty((len(plan.at), size, 0))
        return by_event([(m @ leaf).T for m in rows])

    def by_event(found: list[Floats]) -> Floats:
        return np.stack([found[k] for k in plan.at])

    told = _Told(tree, plan.path, numbers, mixes)
    habits = _Told(tree, plan.path, numbers, None, habits=True)
    habit = habits.reach
    types: tuple[Floats, ...] = ()
    beliefs: dict[tuple[str, str], Floats] = {}
    if mixes is not None:
        types = tuple(
            by_event([told.types(i, p, reach, numbers.prior[i]) for p in plan.places])
            for i in range(tree.n_players))
        for k, held in enumerate(numbers.observer_prior or ()):
            for i in range(tree.n_players):
                if i != k:
                    beliefs[tree.players[k], tree.players[i]] = by_event(
                        [told.types(i, p, reach, held[i]) for p in plan.places])
    return Observed(
        by_event([mass(p) for p in plan.places]), by_event([mass(p, habit) for p in plan.places]),
        sums(plan.outcomes), sums(plan.terms), types,
        tuple(None if c is None else seen(c, None) for c in plan.trail.choices),
        seen(plan.ways, plan.after), certified, beliefs)


class _Told:
    """Evidence about types of the nodes on the way: per player, the likelihood of each type.

    ``mixes`` holds the strategies (T, S) by row; with ``habits``, every type follows the base
    weights.
    """

    def __init__(
        self, tree: PublicTree, path: Ints, numbers: Numbers, mixes: Mapping[int, Floats] | None, *,
        habits: bool = False,
    ) -> None:
        self.tree = tree
        self.place = {int(n): k for k, n in enumerate(path)}
        size, n = numbers.size, len(path)
        self.told = [np.ones((n, t, size)) for t in tree.n_types]
        public = np.ones((n, size))
        first_row = _rows_of_joints(tree)
        for k, c in enumerate(path.tolist()):
            if c == 0:
                continue
            up = int(tree.parent[c])
            before = self.place[up]
            for told in self.told:
                told[k] = told[before]
            public[k] = public[before]
            m = int(tree.mover[up])
            if m == CHANCE:
                public[k] *= numbers.weight[c]
            elif m <= TYPE_CHANCE:
                i = TYPE_CHANCE - m
                self.told[i][k] *= numbers.type_prob[tree.type_row[c], : tree.n_types[i]]
            elif m == JOINT:
                joint = tree.joints[up]
                own = np.unravel_index(c - int(tree.first[up]), joint.sizes)
                row = first_row[up]
                for seat, i in enumerate(joint.players):
                    if habits:
                        self.told[i][k] *= joint.weights[seat][own[seat]]
                    elif mixes is not None:
                        self.told[i][k] *= mixes[row + int(own[seat])][: tree.n_types[i]]
                    row += joint.sizes[seat]
            elif habits:
                public[k] *= numbers.weight[c]
            elif mixes is not None:
                self.told[m][k] *= mixes[c][: tree.n_types[m]]
        self.path, self.public, self.numbers = path, public, numbers

    @property
    def reach(self) -> Floats:
        """Probability of each node on the way, by node, (n, S) with zeros elsewhere."""
        found = np.zeros((self.tree.n_nodes, self.numbers.size))
        odds = self.public.copy()
        for told, prior in zip(self.told, self.numbers.prior, strict=True):
            odds *= (told * prior).sum(axis=1)
        found[self.path] = odds
        return found

    def types(self, player: int, place: Place, reach: Floats, prior: Floats) -> Floats:
        """Return the likelihood of a place times the belief about a player's type there, (S, T)."""
        out = np.zeros((self.numbers.size, self.tree.n_types[player]))
        for node, e in zip(place.nodes.tolist(), place.evidence.tolist(), strict=True):
            b = self.told[player][self.place[node]] * prior
            total = b.sum(axis=0)
            b = np.divide(b, total, out=np.zeros_like(b), where=total > 0)
            out += (e * reach[node] * b).T
        return out


def _rows_of_joints(tree: PublicTree) -> dict[int, int]:
    rows, at = {}, tree.n_nodes
    for node in sorted(tree.joints):
        rows[node] = at
        at += sum(tree.joints[node].sizes)
    return rows
