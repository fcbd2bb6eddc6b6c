"""Deliberate play against closed forms of floored games, and on realistic draws."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.equilibrium.games import entry, poker, random_mix, random_tree, signalling
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.certificates.best_response import BestResponse
from detente.equilibrium.certificates.public import nash_conv
from detente.equilibrium.deliberate.run import Learning
from detente.equilibrium.deliberate.sequence_form import SequenceForm, by_sequence
from detente.errors import SolveError
from detente.game import PublicTree, chance_by_type, decide, end, together, tree


def floored(best: float, epsilon: float) -> float:
    """Probability of the better of two equally weighted moves within the floor."""
    return (1 - epsilon) * best + epsilon / 2


# Closed forms ------------------------------------------------------------------------------------


def test_entry_is_not_deterred():
    eq = solve_deliberate(entry(), epsilon=0.02, settle=None)
    # Strict preferences: regret matching drops the worse move altogether after a few steps.
    assert eq.pi[:, 0] == pytest.approx([1, 0.01, 0.99, 0.01, 0.99], abs=1e-12)


def test_an_incredible_threat_is_given_up_even_when_learning_starts_there():
    game = entry()
    known = solve(game)
    threat = np.array([[1.0], [0.99], [0.01], [0.99], [0.01]])
    eq = solve_deliberate(game, replace(known, pi=threat), settle=None)
    assert eq.outcomes()["shared"] == pytest.approx(0.995**2, abs=1e-12)


@pytest.mark.parametrize("epsilon", [0.02, 0.001])
def test_signalling_within_the_floor(epsilon):
    """Weak and target mix; both indifferences solve by hand with the floors put in."""
    eq = solve_deliberate(signalling(), epsilon=epsilon, settle=None)
    h = epsilon / 2
    # Target: P(fight | challenge) must be 1 / (1 + k); tough challenges and fights with 1 - h,
    # weak fights with h.
    tough, want = 1 - h, 1 / 1.8
    weak = 0.2 * tough * ((1 - h) - want) / (0.8 * (want - h))
    # Weak: (1 - r) + r v = 0 with v its worth when resisted.
    resist = 1 / (1 - (h * -1.5 + (1 - h) * -0.5))
    # NashConv below 2e-5 leaves an indifferent player's mix free by about that over the slope of
    # the other's gain, which is of order one here.
    assert eq.certificate.certified
    found = [eq.pi[4, 0], eq.pi[2, 0], eq.pi[2, 1], eq.pi[5, 0], eq.pi[5, 1]]
    assert found == pytest.approx([resist, tough, weak, 1 - h, h], abs=2e-3)


def test_poker_tends_to_its_limit():
    eq = solve_deliberate(poker(), epsilon=1e-4, settle=None)
    # The floor moves the mixes by its own order, the remaining NashConv by a few thousandths.
    assert [eq.pi[2, 0], eq.pi[2, 1], eq.pi[4, 0]] == pytest.approx([1, 1 / 3, 2 / 3], abs=5e-3)
    king = eq.belief[2, 0]
    assert king == pytest.approx(eq.pi[2, 0] / (eq.pi[2, 0] + eq.pi[2, 1]), abs=1e-12)


def test_interdependent_payoffs_give_the_showdown():
    shown = tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "fold": end("folded"), "bet": decide("two", {"pass": end("passed"), "call": end("met")})}))
    one = np.array([[[-1.0], [-1]], [[1], [1]], [[2], [-2]]])
    both = replace(shown, joint_payoff=(one, -one))
    pi = np.full((5, 2), 0.5)
    pi[0] = 1
    start = replace(solve(poker()), game=both, pi=pi)
    eq = solve_deliberate(both, start, epsilon=1e-3, settle=None)
    same = solve_deliberate(poker(), replace(solve(poker()), pi=np.vstack([pi, pi[:2]])),
                            epsilon=1e-3, settle=None)
    assert eq.certificate.certified
    # The same sums in another order, over some hundred iterations.
    assert eq.pi == pytest.approx(same.pi[:5], abs=1e-9)


def test_simultaneous_moves():
    """Matching pennies with a prize of 2 for heads: both show heads with probability 2/5."""
    def pay(x):
        return end("played", a=x, b=-x)

    game = tree({"a": 1, "b": 1}, together({"a": "ht", "b": "ht"}, {
        ("h", "h"): pay(2), ("h", "t"): pay(-1), ("t", "h"): pay(-1), ("t", "t"): pay(1)}))
    eq = solve_deliberate(game, settle=None)
    # Value slopes are 5 per unit of probability; NashConv 2e-5 leaves far less than this.
    for mix in eq.joint_pi[0]:
        assert mix[:, 0] == pytest.approx([0.4, 0.6], abs=2e-3)
    assert eq.q[1:] == pytest.approx(np.outer(*[m[:, 0] for m in eq.joint_pi[0]]).ravel())
    assert eq.reach[1:].sum() == pytest.approx(1)


def test_unlike_priors_are_each_players_own():
    """The target thinks the challenger tough, who knows it; the analyst does not."""
    game = signalling()
    sure = (np.array([0.2, 0.8]), np.array([1.0]))
    seen = replace(game, observer_prior=(sure, (np.array([0.9, 0.1]), np.array([1.0]))))
    eq = solve_deliberate(seen, settle=None)
    # A target who expects a fight concedes, so every type challenges.
    assert eq.certificate.certified
    assert eq.q[3] > 0.98
    assert eq.q[2] > 0.98
    assert eq.belief[2] == pytest.approx([0.2, 0.8], abs=0.01)


# Invariants --------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), unlike=st.booleans(), interdependent=st.booleans())
def test_the_solvers_nash_conv_is_the_certificates(seed, unlike, interdependent):
    game = random_tree(seed, unlike=unlike)
    rng = np.random.default_rng(seed)
    if interdependent:
        m = len(game.leaves)
        game = replace(game, joint_payoff=(rng.standard_normal((m, 2, 2)),
                                           rng.standard_normal((m, 2, 2))))
    pi, joint = random_mix(game, rng, 0.05)
    learning = Learning(game)
    learning.start(pi, joint, epsilon=0.05)
    sigma = by_sequence(learning.form, game, pi, joint)
    assert learning.nash_conv(sigma) == pytest.approx(
        nash_conv(game, pi, 0.05, joint), abs=1e-12)  # sums of order ten
    again, mixes = learning.strategies(sigma)
    kids = np.flatnonzero((game.parent >= 0) & (game.mover[game.parent] >= 0))
    assert np.array_equal(again[kids], pi[kids])
    assert all(np.array_equal(a, b) for n in joint for a, b in zip(joint[n], mixes[n], strict=True))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), unlike=st.booleans(), steps=st.integers(1, 4))
def test_iterations_are_those_of_the_definition(seed, unlike, steps):
    """Predictive CFR+ written down plainly for each type, over all deals of types."""
    game = random_tree(seed, unlike=unlike)
    pi, joint = random_mix(game, np.random.default_rng(seed), 0.05)
    learning = Learning(game)
    learning.start(pi, joint, epsilon=0.05, size=0.1)
    plain = Plain(learning)
    learning.run(steps)
    plain.run(steps)
    for got, want in zip(learning._split(learning.current()), plain.current(), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-9)
    for got, want in zip(learning._split(learning.average()), plain.average(), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-9)


class Plain:
    """Regret learning with loops over menus and types, from the state in which a run starts."""

    def __init__(self, learning):
        self.run_, self.form, self.numbers = learning, learning.form, learning.numbers
        self.d = [x.copy() for x in learning._split(learning.d)]
        self.z = [x.copy() for x in learning._split(learning.z)]
        self.total = [np.zeros_like(x) for x in self.d]
        self.step = 1

    def plan(self, i):
        p, x = self.form.player[i], np.ones_like(self.d[i])
        sigma = self.current()[i]
        for s in range(1, p.n_sequences):
            x[s] = x[p.parent[p.menu[s]]] * sigma[s]
        return x

    def current(self):
        out = []
        for d, w, p in zip(self.d, self.numbers.weight, self.form.player, strict=True):
            sigma = 0.95 * d + 0.05 * w[:, None]
            luck = (p.menu >= 0) & p.fixed[p.menu] if len(p.node) else np.zeros(len(d), bool)
            sigma[luck] = d[luck]
            sigma[0] = 1.0
            out.append(sigma)
        return out

    def average(self):
        out = []
        for total, p in zip(self.total, self.form.player, strict=True):
            sigma = np.ones_like(total)
            for first, count in zip(p.first, p.count, strict=True):
                rows = slice(first, first + count)
                sigma[rows] = total[rows] / total[rows].sum(axis=0)
            out.append(sigma)
        return out

    def run(self, steps):
        players = range(len(self.d))
        for n in range(self.step, self.step + steps):
            for i in players:
                self.learn(i)
                self.total[i][1:] += n**2 * self.plan(i)[1:]
        self.step += steps

    def learn(self, i):
        p, form = self.form.player[i], self.form
        seen = self.numbers.prior[i]
        public = [self.plan(j) @ seen[j] for j in range(len(self.d))]
        value = np.zeros_like(self.d[i])
        for s in range(p.n_sequences):
            for at in range(p.cell_start[s], p.cell_start[s + 1]):
                last = form.cell_last[p.cells[at]]
                odds = np.prod([public[j][last[j]] for j in range(len(public)) if j != i])
                value[s] += odds * self.numbers.payoff[i][at]
        for g in reversed(range(len(p.node))):
            rows = slice(p.first[g], p.first[g] + p.count[g])
            v, w = value[rows], self.numbers.weight[i][rows, None]
            mean = (self.d[i][rows] * v).sum(axis=0)
            if p.fixed[g]:
                value[p.parent[g]] += mean
                continue
            value[p.parent[g]] += 0.95 * mean + 0.05 * (w * v).sum(axis=0)
            gain = v - mean
            self.z[i][rows] = np.maximum(self.z[i][rows] + gain, 0.0)
            y = w * np.maximum(self.z[i][rows] + gain, 0.0)
            mass = y.sum(axis=0)
            self.d[i][rows] = np.where(mass > 0, y / np.where(mass > 0, mass, 1.0), w)


def test_a_move_listed_twice_changes_nothing():
    def game(names):
        offers = {n: decide("b", {"accept": end("deal", a=0.6, b=[0.4, 0.4]),
                                  "refuse": end("war", a=[0.5, 0.2], b=[0.45, 0.1])})
                  for n in names}
        weights = {n: 1 / len(names) for n in names}
        return tree({"a": {"u": 0.5, "v": 0.5}, "b": {"x": 0.4, "y": 0.6}},
                    decide("a", {"hold": end("quiet", a=0.4, b=0.6), **offers,
                                 "attack": end("war", a=[0.47, 0.2], b=[0.45, 0.1])},
                           {"hold": 1.0, **weights, "attack": 1.0}))

    one = solve_deliberate(game(["offer"]), settle=None)
    four = solve_deliberate(game(["o", "p", "q", "r"]), settle=None)
    # The algorithm itself does not notice; a few hundred iterations of rounding.
    assert one.outcomes() == pytest.approx(four.outcomes(), abs=1e-9)


def test_probabilities_beliefs_and_values_hang_together():
    game = random_crisis(3, offers=2, turns=1, types=3, third=2, ratification=True, unlike=True)
    eq = solve_deliberate(game, settle=None)
    assert eq.certificate.certified
    assert eq.leaf_reach.sum() == pytest.approx(1, abs=1e-12)
    # Reach by recursion for every deal of types.
    total = np.zeros(game.n_nodes)
    for deal in itertools.product(*map(range, game.n_types)):
        p = np.ones(game.n_nodes)
        for c in range(1, game.n_nodes):
            n = int(game.parent[c])
            mover = int(game.mover[n])
            who = mover if mover >= 0 else (-10 - mover if mover <= -10 else 0)
            p[c] = p[n] * eq.pi[c, deal[who]]
        total += p * np.prod([game.prior[i][t] for i, t in enumerate(deal)])
    assert eq.reach == pytest.approx(total, abs=1e-12)
    play = BestResponse(game, eq.pi)
    assert all(np.array_equal(a, b) for a, b in zip(eq.value, play.value, strict=True))


# Floors ------------------------------------------------------------------------------------------


def test_the_floor_is_lowered_until_outcomes_settle():
    game = signalling()
    first = solve_deliberate(game, settle=None)
    settled = solve_deliberate(game, settle=0.005)
    assert first.epsilon == 0.01
    assert settled.epsilon < 0.01
    assert settled.certificate.certified
    half = solve_deliberate(game, settled, epsilon=settled.epsilon / 2, settle=None)
    moved = max(abs(half.outcomes()[k] - p) for k, p in settled.outcomes().items())
    # Effects of the floor are of first order in it: the next halving moves outcomes by less.
    assert moved < 0.005


def test_outcomes_that_do_not_settle_are_noted():
    eq = solve_deliberate(signalling(), epsilon=0.01, settle=1e-9, smallest=0.005)
    assert "still move" in eq.certificate.note
    assert eq.certificate.certified


def test_what_cannot_be_reached_is_marked(monkeypatch):
    """Cut learning short: the result says so instead of passing for an equilibrium."""
    from detente.equilibrium.deliberate import solve as deliberate

    monkeypatch.setattr(deliberate, "USUAL", deliberate._Phase(1, (0.03,)))
    monkeypatch.setattr(deliberate, "FALLBACKS", ())
    game = random_crisis(0, offers=2, turns=1, types=3)
    eq = solve_deliberate(game, solve(game, 1.0))
    assert not eq.certificate.certified
    assert "NashConv" in eq.certificate.note


def test_a_floor_outside_its_range_is_refused():
    with pytest.raises(SolveError, match="floor"):
        solve_deliberate(entry(), epsilon=0.0)


# Realistic draws ---------------------------------------------------------------------------------


def certified_share(count: int, **shape) -> float:
    reached = 0
    for seed in range(count):
        game = random_crisis(seed, **shape)
        reached += solve_deliberate(game, solve(game), settle=None).certificate.certified
    return reached / count


def test_small_crises_are_certified():
    assert certified_share(10, offers=3, turns=1, types=5) == 1.0


def test_crises_with_three_actors_and_unlike_priors_are_certified():
    assert certified_share(5, offers=2, turns=1, types=3, third=2, ratification=True,
                           unlike=True) == 1.0


@pytest.mark.slow
def test_realistic_draws_are_certified():
    assert certified_share(100, offers=9, turns=2, types=9) >= 0.95


# Sequence form -----------------------------------------------------------------------------------


def test_sequence_form_of_a_small_game():
    game: PublicTree = tree({"a": {"x": 0.5, "y": 0.5}, "b": 1}, decide("a", {
        "in": chance_by_type("a", {"l": ([0.2, 0.8], decide("b", {"u": end("e"), "d": end("e")})),
                                   "r": ([0.8, 0.2], end("e"))}),
        "out": end("e")}))
    form = SequenceForm.of(game)
    a, b = form.player
    # a: nothing, in, out, l, r; b: nothing, u, d.
    assert a.n_sequences == 5
    assert list(a.parent) == [0, 1]
    assert list(a.fixed) == [False, True]
    assert b.n_sequences == 3
    assert list(b.parent) == [0]
    assert len(form.cell_last) == 4
