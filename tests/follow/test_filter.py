"""The filter against brute force over the leaves, exact identities and closed forms."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

from detente.analysis.samples import draws, solved_samples
from detente.equilibrium import solve
from detente.equilibrium.batch.solve import solve_batch
from detente.equilibrium.batch.strategies import fallible_play
from detente.equilibrium.batch.work import Desk
from detente.equilibrium.profile import reach_of
from detente.follow.entry import EventError, ahead, trail
from detente.follow.observe import observe
from detente.follow.posterior import Component, Pool, entropy
from detente.game import decide, end, together, tree
from detente.game.build import chance
from detente.game.compile import compile_scenario
from detente.game.numbers import Numbers
from tests.conftest import make_crisis

SAMPLES = 16
WHO = ("aland", "bland")
SIZE = {
    "turns": {"each": 1}, "offers": {"shares": [0.45, 0.65]}, "precision": None,
    "ladder": ["talks", {"mobilisation": {"risk": "0.02 to 0.1", "sunk_cost": 0.02}}, "war"],
    "delay_cost": "0.01 to 0.05", "war": {"win_chance": "0.4 to 0.7"},
    "actors": {name: {"private": {"war_cost": {"between": [0.1, 0.5], "types": 3}}}
               for name in WHO},
}
HISTORY = [("aland", {"escalate to mobilisation": 1.0}),
           ("bland", {"hold": 0.7, "offer 0.45": 0.2, "offer 0.65": 0.4})]


class Solved:
    """A crisis solved at a few samples, with everything the tests compare."""

    def __init__(self, crisis, samples=SAMPLES, seed=3):
        self.compiled = compile_scenario(crisis)
        self.tree = self.compiled.tree
        self.theta = draws(self.compiled, samples, seed)
        centre = solve(self.tree, self.compiled.lam)
        self.parts = list(solved_samples(
            self.compiled, self.theta, 0, samples, lam=self.compiled.lam, start=centre))
        self.numbers = self.compiled.numbers(self.theta)
        play = [fallible_play(Desk(self.tree), self.at(p), p, 0) for p in self.parts]
        self.pi = np.concatenate([pi for pi, _ in play], axis=-1)
        self.q = np.concatenate([q for _, q in play], axis=1)
        self.reach = reach_of(self.tree, self.q)

    def at(self, part):
        return self.compiled.numbers(self.theta[part.first : part.first + part.size])

    def follow(self, *histories):
        trails = [trail(self.tree, h, WHO) for h in histories]
        ways = [ahead(self.tree, t.places[-1], WHO) for t in trails]
        return observe(self.tree, lambda w: self.compiled.numbers(self.theta[w]), self.parts,
                       trails, ways)

    def pool(self, found):
        return Pool((Component("", "", 1.0, found, self.tree.outcome_names,
                               tuple(map(str, self.tree.term_kinds))),))


@pytest.fixture(scope="module")
def solved():
    return Solved(make_crisis(**SIZE))


def evidence_of(game, leaf, history):
    """P(reports | the path to a leaf): principals' moves are matched with the events in order."""
    reports, found = list(history), 1.0
    for move in game.history(leaf):
        if not reports or not move.actor:
            continue
        actor, labels = reports.pop(0)
        found *= labels.get(str(move.deed()), 0.0) if move.actor == actor else 0.0
    return 0.0 if reports else found


def test_likelihood_and_forecast_equal_brute_force_over_leaves(solved):
    found, = solved.follow(HISTORY)
    game = solved.tree
    for k in range(len(HISTORY) + 1):
        e = np.array([evidence_of(game, z, HISTORY[:k]) for z in game.leaves])
        mass = e[:, None] * solved.reach[game.leaves]
        assert np.abs(found.likelihood[k] - mass.sum(axis=0)).max() < 1e-13
        for o in range(len(game.outcome_names)):
            assert np.abs(found.outcomes[k][:, o] - mass[game.outcome == o].sum(axis=0)
                          ).max() < 1e-13
        for r in range(len(game.term_kinds)):
            assert np.abs(found.terms[k][:, r] - mass[game.terms == r].sum(axis=0)).max() < 1e-13
    assert 0.01 < found.likelihood[-1].min() < found.likelihood[-1].max() < 0.9  # it says something


def test_public_odds_are_those_that_the_batch_keeps(solved):
    kept = solve_batch(solved.tree, lambda w: solved.compiled.numbers(solved.theta[w]), SAMPLES,
                       lam=solved.compiled.lam, start=solve(solved.tree, solved.compiled.lam),
                       keep=True)
    assert np.abs(kept.q - solved.q).max() < 1e-12


def test_types_equal_brute_force_over_both_sides_types(solved):
    """P(types, history) is a product over the path; one side's marginal is summed by hand."""
    game, numbers = solved.tree, solved.numbers
    found, = solved.follow(HISTORY)
    by_hand = [np.zeros((SAMPLES, t)) for t in game.n_types]
    for z in game.leaves:
        e = evidence_of(game, z, HISTORY)
        if not e:
            continue
        path = []
        while z > 0:
            path.append(int(z))
            z = game.parent[z]
        for types in itertools.product(*map(range, game.n_types)):
            p = e * np.prod([numbers.prior[i][t] for i, t in enumerate(types)], axis=0)
            for c in path:
                m = int(game.mover[game.parent[c]])
                p = p * (solved.pi[c, types[m]] if m >= 0 else numbers.weight[c])
            for i, t in enumerate(types):
                by_hand[i][:, t] += p
    for i in range(2):
        assert np.abs(found.types[i][-1] - by_hand[i]).max() < 1e-12
        assert np.abs(found.types[i][-1].sum(axis=1) - found.likelihood[-1]).max() < 1e-13


def test_blind_play_is_the_game_at_precision_zero(solved):
    """Habits only: the same events in the tree solved at lambda 0, where pi is the base weight."""
    found, = solved.follow(HISTORY)
    game = solved.tree
    for s in range(0, SAMPLES, 5):
        one = game.with_numbers(**solved.numbers.at(s))
        reach = solve(one, 0.0).leaf_reach
        e = np.array([evidence_of(game, z, HISTORY) for z in game.leaves])
        assert abs(found.blind[-1][s] - e @ reach) < 1e-12


def test_an_ending_that_came_is_certain_whatever_the_weights(solved):
    """The mean of ones is 1, also where the sum of their weights is rounded."""
    pool = solved.pool(solved.follow([("aland", {"attack": 1.0})])[0])
    for seed in range(50):
        base = np.random.default_rng(seed).random(SAMPLES)
        weighted = Pool((replace(pool.parts[0], base=base),))
        assert weighted.forecast(1, "war") == 1.0
        assert weighted.forecast(1, "status quo") == 0.0


@pytest.mark.parametrize("k", [0, 1, 2])
def test_the_forecast_is_a_martingale(solved, k):
    """Sum over what may come next of P(next) forecast(after it) is the forecast; value >= 0."""
    pool = solved.pool(solved.follow(HISTORY[:k])[0])
    odds, after = pool.ahead(), pool.after()
    assert abs(sum(odds[label] for label in after) - 1) < 1e-12
    for name in pool.names():
        mean = sum(odds[label] * after[label][name] for label in after)
        assert abs(mean - pool.forecast(k, name)) < 1e-14
    assert pool.value_of_next() >= -1e-12


def test_the_posterior_is_a_martingale_over_the_moves(solved):
    """Also for the ranges' means and for the weights: sum of P(m) w(m) is w."""
    head = HISTORY[:1]
    now, = solved.follow(head)
    pool = solved.pool(now)
    labels = [label for label in pool.ahead() if label]
    rows = solved.follow(*([*head, ("bland", {label.removeprefix("bland: "): 1.0})]
                           for label in labels if label.startswith("bland")))
    # What is left are ways on which the accident of the alert ended the crisis.
    ended = [label for label in labels if label.startswith("the end")]
    total = sum(r.likelihood[-1] for r in rows) + sum(
        now.ahead.ways[:, now.ahead.labels.index(label)] for label in ended)
    assert np.abs(total - now.likelihood[-1]).max() < 1e-13
    assert len(rows) == len(labels) - len(ended) and rows


def entries(history):
    """The moves and results of chance of a history as sure reports."""
    return [(m.actor, {m.deed(): 1.0}) for m in history]


@pytest.fixture(scope="module")
def plays(solved):
    """Every leaf's whole history, chance included, followed."""
    return solved.follow(*(entries(solved.tree.history(z)) for z in solved.tree.leaves))


def test_over_all_leaves_the_expected_weight_of_a_sample_is_one_of_s(solved, plays):
    """Sum over z of P(z) w_s(z) = 1 / S."""
    expected = np.zeros(SAMPLES)
    for found, z in zip(plays, solved.tree.leaves, strict=True):
        assert np.abs(found.likelihood[-1] - solved.reach[z]).max() < 1e-14
        pool, k = solved.pool(found), len(found.likelihood) - 1
        expected += pool.evidence(k) * (pool.weights(k) / pool.evidence(k))
    assert np.abs(expected - 1 / SAMPLES).max() < 1e-13


def test_forecasts_are_calibrated_at_stopping_times_only(solved, plays):
    """Optional stopping: the mean forecast of war equals P(war), exactly over all plays.

    The rule stops at the first event after which war is less probable than a bound that was fixed
    beforehand, or at the end. The day of the lowest forecast is known only afterwards: there the
    mean forecast is too low.
    """
    game = solved.tree
    for bound in (0.1, 0.16, 0.2):
        stopped = picked = war = 0.0
        early = set()
        for found, z in zip(plays, game.leaves, strict=True):
            pool, last = solved.pool(found), len(found.likelihood) - 1
            p = pool.evidence(last)
            if p <= 0:
                continue
            told = [pool.forecast(k, "war") for k in range(last + 1)]
            k = next((k for k, x in enumerate(told) if x < bound), last)
            early.add(0 < k < last)
            stopped += p * told[k]
            picked += p * min(told[:-1])
            war += p * (game.outcome_names[game.outcome[game.leaves.searchsorted(z)]] == "war")
        assert early == {True, False}  # some plays stop on the way
        assert abs(stopped - war) < 1e-13
        assert war - picked > 0.02


@pytest.mark.parametrize("head", [[], HISTORY])
def test_types_and_ranges_are_martingales_over_the_moves(solved, head):
    """Sum over the moves of P(m) times the posterior after m is the posterior before it.

    ``HISTORY`` ends with an ambiguous report. No chance is between it and the next move.
    """
    actor = "aland"
    now, = solved.follow(head)
    pool, k = solved.pool(now), len(head)
    labels = [label for label in pool.ahead() if label]
    assert labels and all(label.startswith(f"{actor}: ") for label in labels)
    rows = solved.follow(*([*head, (actor, {label.removeprefix(f"{actor}: "): 1.0})]
                           for label in labels))
    odds = [pool.ahead()[label] for label in labels]
    w = [solved.pool(r).weights(k + 1) / solved.pool(r).evidence(k + 1) for r in rows]
    before = pool.weights(k) / pool.evidence(k)
    mean = sum(p * (after @ solved.theta) for p, after in zip(odds, w, strict=True))
    assert np.abs(mean - before @ solved.theta).max() < 1e-12
    for i in range(2):
        held = [r.types[i][-1] / r.likelihood[-1][:, None] for r in rows]
        mixed = sum(p * (after @ b) for p, after, b in zip(odds, w, held, strict=True))
        belief = before @ (now.types[i][-1] / now.likelihood[-1][:, None])
        assert np.abs(mixed - belief).max() < 1e-11


def stories(game):
    """The leaves by what is observed: two moves of principals, or a whole history that is shorter.

    Returns
    -------
    kinds : list of histories
    members : (K, m) bool array
        Which leaves belong to each.
    """
    of = []
    for z in game.leaves:
        history = game.history(z)
        own = [m for m in history if m.actor]
        of.append(tuple(own[:2]) if len(own) > 1 else tuple(history))
    kinds = list(dict.fromkeys(of))
    return kinds, np.array([[story == kind for story in of] for kind in kinds])


def masses(solved):
    """The likelihood of each story at each sample, (K, S), by the filter and by the leaves."""
    kinds, members = stories(solved.tree)
    mass = np.stack([f.likelihood[-1] for f in solved.follow(*map(entries, kinds))])
    assert np.abs(mass - members @ solved.reach[solved.tree.leaves]).max() < 1e-13
    assert np.abs(mass.sum(axis=0) - 1).max() < 1e-12  # exactly one of them happens
    return mass


def test_index_calibration():
    """Truths from the samples themselves: the weights are then the exact posterior at any S.

    Ranks of every range and of the likelihood are uniform (Kolmogorov-Smirnov, 1 in 1,000 each
    would fail a correct filter; the seed is fixed). Returning the prior fails by the likelihood.
    """
    size = 64
    solved = Solved(make_crisis(**SIZE), samples=size, seed=8)
    mass = masses(solved)
    rng = np.random.default_rng(11)
    columns = [k for k in range(solved.theta.shape[1]) if np.ptp(solved.theta[:, k]) > 0]
    ranks = {k: [] for k in [*columns, "likelihood"]}
    prior_rank = []
    for _ in range(600):
        s = int(rng.integers(size))
        h = int(rng.choice(len(mass), p=mass[:, s] / mass[:, s].sum()))
        w = mass[h] / mass[h].sum()
        for key in ranks:
            x = mass[h] if key == "likelihood" else solved.theta[:, key]
            below, same = w[x < x[s]].sum(), w[x == x[s]].sum()
            ranks[key].append(below + rng.random() * same)
        x = mass[h]
        prior_rank.append(((x < x[s]).sum() + rng.random() * (x == x[s]).sum()) / size)
    for key, found in ranks.items():
        assert kstest(found, "uniform").pvalue > 1e-3, key
    assert kstest(prior_rank, "uniform").pvalue < 1e-3  # the prior returned is seen


def numbers_of(game, precisions):
    one = Numbers.stack([game] * len(precisions))
    return lambda w: Numbers(one.payoff, one.weight, one.type_prob, one.prior, None,
                             np.array(precisions, dtype=float)).take(w)


def followed(game, precisions, history, principals):
    numbers = numbers_of(game, precisions)
    found = solve_batch(game, numbers, len(precisions), lam=precisions[0])
    t = trail(game, history, principals)
    kept, = observe(game, numbers, [found], [t], [ahead(game, t.places[-1], principals)])
    return Pool((Component("", "", 1.0, kept, game.outcome_names, ()),)), kept


def test_entry_deterrence_with_two_precisions_by_hand():
    """lambda is 1 or 5 with even odds; logit by hand, from the last choice upwards."""
    game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "stay out": end("out", incumbent=2.0),
        "enter": decide("incumbent", {
            "fight": end("fight", entrant=-1.0, incumbent=0.0),
            "share": end("share", entrant=1.0, incumbent=1.0)})}))
    pool, found = followed(game, [1.0, 5.0], [("entrant", {"enter": 1.0}),
                                              ("incumbent", {"share": 1.0})], game.players)
    enters, shares_ = [], []
    for lam in (1.0, 5.0):
        share = 1 / (1 + np.exp(-lam))
        enter = 1 / (1 + np.exp(-lam * (2 * share - 1)))
        enters.append(enter)
        shares_.append(share)
    enters, shares_ = np.array(enters), np.array(shares_)
    assert np.abs(found.likelihood[1] - enters).max() < 1e-12
    assert abs(pool.evidence(1) - enters.mean()) < 1e-12
    w = enters / enters.sum()
    assert abs(pool.forecast(1, "share") - w @ shares_) < 1e-12
    assert abs(pool.resolved(1)["share"] - w @ shares_) < 1e-12
    both = enters * shares_ / (enters * shares_).sum()
    assert np.abs(pool.weights(2) / pool.evidence(2) - both).max() < 1e-12
    assert pool.forecast(2, "share") == 1.0


def test_unreported_chance_and_third_parties_are_summed_over():
    """A mediator speaks or not, chance decides, then b moves: P(b's move) is the mean."""
    after = {w: decide("b", {"yes": end("peace", b=v), "no": end("war")})
             for w, v in (("good", 1.0), ("bad", -1.0))}
    game = tree({"a": 1, "m": 1, "b": 1}, decide("a", {
        "quit": end("quit"),
        "wait": decide("m", {
            "speak": chance({"luck": (0.25, after["good"]), "none": (0.75, after["bad"])}),
            "rest": after["bad"]})}))
    _, found = followed(game, [2.0], [("a", {"wait": 1.0}), ("b", {"yes": 1.0})], ("a", "b"))
    # a and m are indifferent: even odds each. b says yes with the logistic of 2 v.
    good, bad = 1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2))
    yes = 0.5 * (0.25 * good + 0.75 * bad) + 0.5 * bad
    assert abs(found.likelihood[2][0] - 0.5 * yes) < 1e-12
    pool2, reported = followed(game, [2.0], [
        ("a", {"wait": 1.0}), ("m", {"speak": 1.0}), ("", {"luck": 1.0}), ("b", {"yes": 1.0})],
        ("a", "b"))
    assert abs(reported.likelihood[4][0] - 0.5 * 0.5 * 0.25 * good) < 1e-12
    assert abs(pool2.resolved(2)["luck"] - 0.25) < 1e-12
    _, late = followed(game, [2.0], [("a", {"wait": 1.0}), ("", {"luck": 1.0})], ("a", "b"))
    assert abs(late.likelihood[2][0] - 0.5 * 0.5 * 0.25) < 1e-12  # the mediator is summed over


def test_simultaneous_moves_are_entered_one_by_one():
    pays = {("l", "l"): 1.0, ("l", "r"): 0.0, ("r", "l"): 0.0, ("r", "r"): 1.0}
    game = tree({"a": 1, "b": 1}, together({"a": ["l", "r"], "b": ["l", "r"]}, {
        key: end("same" if v else "other", a=v, b=v) for key, v in pays.items()}))
    pool, found = followed(game, [0.5], [("b", {"l": 1.0}), ("a", {"r": 1.0})], game.players)
    eq = solve(game, 0.5)
    a, b = eq.joint_pi[0]
    assert abs(found.likelihood[1][0] - b[0, 0]) < 1e-9
    assert abs(found.likelihood[2][0] - b[0, 0] * a[1, 0]) < 1e-9
    assert pool.forecast(2, "other") == 1.0
    assert abs(pool.resolved(1)["r"] - a[1, 0]) < 1e-9
    with pytest.raises(EventError, match="has ended"):
        trail(game, [("b", {"l": 1.0}), ("a", {"r": 1.0}), ("a", {"r": 1.0})], game.players)


def test_entropy_in_bits():
    assert entropy(np.array([0.25] * 4)) == 2.0 and entropy(np.array([1.0, 0.0])) == 0.0


@pytest.mark.slow
def test_fresh_truth_calibration():
    """Truths from another scrambled Sobol' sequence; the posterior from 1,024 samples.

    Ranks are uniform up to the error of 1,024 samples. 512 truths: Kolmogorov-Smirnov fails 1 time
    in 1,000 for each range.
    """
    size, truths = 1024, 512
    solved = Solved(make_crisis(**SIZE), samples=size, seed=8)
    true = Solved(make_crisis(**SIZE), samples=truths, seed=9)
    mass, chances = masses(solved), masses(true)
    rng = np.random.default_rng(4)
    columns = [k for k in range(solved.theta.shape[1]) if np.ptp(solved.theta[:, k]) > 0]
    ranks = {k: [] for k in columns}
    for s in range(truths):
        h = int(rng.choice(len(mass), p=chances[:, s] / chances[:, s].sum()))
        w = mass[h] / mass[h].sum()
        for k in columns:
            ranks[k].append(w[solved.theta[:, k] < true.theta[s, k]].sum())
    for k, found in ranks.items():
        assert kstest(found, "uniform").pvalue > 1e-3, solved.compiled.paths[k]
