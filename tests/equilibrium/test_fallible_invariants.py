"""Properties every fallible equilibrium has, tried on random crises."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve
from detente.game import PublicTree, chance_by_type, decide, end, tree
from detente.game.build import Spec
from detente.identifiers import Type

SAME = 1e-9
"""Two solves of one game agree to their residual (1e-11) times a condition number."""

few = settings(max_examples=12, deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)
precisions = st.sampled_from([0.5, 3.0, 10.0, 25.0])


def crisis(seed: int, third: int = 0) -> PublicTree:
    return random_crisis(seed, offers=2, turns=1, types=3, third=third, ratification=seed % 2 == 0)


@few
@given(seeds, precisions, st.floats(0.1, 10.0), st.sampled_from([0, 2]))
def test_rescaled_payoffs_are_a_rescaled_lambda(
    seed: int, lam: float, scale: float, third: int
) -> None:
    game = crisis(seed, third)
    scaled = replace(game, payoff=tuple(scale * u for u in game.payoff))
    np.testing.assert_allclose(solve(scaled, lam / scale).pi, solve(game, lam).pi, atol=SAME)


@few
@given(seeds, precisions)
def test_a_constant_added_to_a_players_payoffs_changes_nothing(seed: int, lam: float) -> None:
    game = crisis(seed)
    shifted = replace(game, payoff=tuple(u + 3.0 * i - 1.0 for i, u in enumerate(game.payoff)))
    np.testing.assert_allclose(solve(shifted, lam).pi, solve(game, lam).pi, atol=SAME)


@few
@given(seeds, precisions)
def test_the_order_of_players_changes_nothing(seed: int, lam: float) -> None:
    game = crisis(seed, third=2)
    order = [2, 0, 1]  # new player k is old player order[k]
    new = {old: k for k, old in enumerate(order)}
    mover = np.array([new[int(m)] if m >= 0 else -10 - new[-10 - int(m)] if m <= -10 else int(m)
                      for m in game.mover])
    swapped = replace(
        game, mover=mover, players=tuple(game.players[o] for o in order),
        types=tuple(game.types[o] for o in order),
        prior=tuple(game.prior[o] for o in order), payoff=tuple(game.payoff[o] for o in order))
    np.testing.assert_allclose(solve(swapped, lam).pi, solve(game, lam).pi, atol=SAME)


@few
@given(seeds, precisions)
def test_the_order_of_types_changes_nothing(seed: int, lam: float) -> None:
    game = crisis(seed)
    flipped = replace(
        game, prior=(game.prior[0][::-1].copy(), game.prior[1]),
        payoff=(game.payoff[0][:, ::-1].copy(), game.payoff[1]))
    a, b = solve(game, lam), solve(flipped, lam)
    np.testing.assert_allclose(b.q, a.q, atol=SAME)
    np.testing.assert_allclose(b.value[0], a.value[0][:, ::-1], atol=SAME)


def named(seed: int, order: int) -> PublicTree:
    """A tree whose numbers belong to histories, so that ``order`` shuffles menus and no more."""
    def draw(path: str) -> np.random.Generator:
        return np.random.default_rng([seed, *path.encode()])

    def node(path: str) -> Spec:
        if len(path) == 3:
            a, b = draw(path).normal(size=(2, 2)).tolist()
            return end(path, A=a, B=b)
        moves = [m for m in "xyz" if len(path) < 2 or m != "z"]
        shuffled = np.random.default_rng([order, len(path)]).permutation(moves) if order else moves
        weights = dict(zip(moves, draw(path + "w").uniform(0.2, 1.0, len(moves)), strict=True))
        if path == "x":
            odds = draw(path).dirichlet(np.ones(len(moves)), size=2).T
            by_type = dict(zip(moves, odds.tolist(), strict=True))
            return chance_by_type("B", {m: (by_type[m], node(path + m)) for m in shuffled})
        return decide("AB"[len(path) % 2], {m: node(path + m) for m in shuffled},
                      {m: float(weights[m]) for m in shuffled})

    return tree({"A": {"s": 0.3, "t": 0.7}, "B": {"s": 0.6, "t": 0.4}}, node(""))


@few
@given(seeds, st.sampled_from([0.5, 2.0, 6.0]), st.integers(1, 100))
def test_the_order_of_moves_changes_nothing(seed: int, lam: float, order: int) -> None:
    one, other = solve(named(seed, 0), lam), solve(named(seed, order), lam)
    assert one.certificate.certified
    assert other.outcomes() == pytest.approx(one.outcomes(), abs=SAME)


@few
@given(seeds, precisions, st.sampled_from([0, 2]))
def test_regret_is_within_what_the_mix_says_about_it(seed: int, lam: float, third: int) -> None:
    """At most (ln(1/w) - KL)/lambda: with equal weights, the entropy of the mix over lambda."""
    game = crisis(seed, third)
    eq = solve(game, lam)
    for n in np.flatnonzero(game.mover >= 0):
        c, i = list(game.children(int(n))), int(game.mover[n])
        w = game.weight[c]
        for t in range(game.n_types[i]):
            p, v = eq.pi[c, t], eq.value[i][c, t]
            best = int(v.argmax())
            kl = float(p @ np.log(np.maximum(p, 1e-300) / w))
            # An equality up to the other moves' part in the normaliser; rounding of sums near 1.
            assert v[best] - p @ v <= (-np.log(w[best]) - kl) / lam + 1e-12


@few
@given(seeds, precisions)
def test_a_type_listed_twice_with_half_the_prior_changes_nothing(seed: int, lam: float) -> None:
    game = crisis(seed)
    keep = [0, 1, 2, 2]
    share = np.array([1, 1, 0.5, 0.5])
    split = replace(
        game, types=((*game.types[0], Type("aland", 3)), game.types[1]),
        prior=(game.prior[0][keep] * share, game.prior[1]),
        payoff=(game.payoff[0][:, keep], game.payoff[1]),
        type_prob=np.hstack([game.type_prob, np.zeros((len(game.type_prob), 1))]))
    np.testing.assert_allclose(solve(split, lam).q, solve(game, lam).q, atol=SAME)


def duplicated(times: int, weight: float, lam: float) -> float:
    """Return P(war) where one offer is listed ``times`` times with its class's weight shared."""
    def offer() -> object:
        return decide("B", {"accept": end("deal", A=0.6, B=0.4),
                            "refuse": end("war", A=0.3, B={"tough": 0.35, "soft": 0.1})})

    moves = {f"offer {k}": offer() for k in range(times)}
    moves["attack"] = end("war", A=0.3, B={"tough": 0.35, "soft": 0.1})
    weights = {**dict.fromkeys(moves, weight / times), "attack": 1.0}
    game = tree({"A": 1, "B": {"tough": 0.5, "soft": 0.5}},
                decide("A", moves, weights))  # type: ignore[arg-type]
    return solve(game, lam).outcomes()["war"]


@pytest.mark.parametrize("lam", [1.0, 10.0, 40.0])
def test_an_offer_listed_four_times_changes_nothing(lam: float) -> None:
    assert duplicated(4, 1.0, lam) == pytest.approx(duplicated(1, 1.0, lam), abs=1e-12)
    # Without shared weights it does change the answer: the test can fail.
    assert abs(duplicated(4, 4.0, 1.0) - duplicated(1, 1.0, 1.0)) > 0.01


@few
@given(seeds, st.sampled_from([5.0, 40.0]), st.sampled_from([0, 2]))
def test_regret_is_below_its_bound_and_the_certificate_holds(
    seed: int, lam: float, third: int
) -> None:
    certificate = solve(crisis(seed, third), lam).certificate
    assert certificate.certified, certificate
    assert certificate.max_regret is not None and certificate.regret_bound is not None
    assert certificate.max_regret <= certificate.regret_bound


@few
@given(seeds, precisions)
def test_probabilities_and_beliefs_are_distributions(seed: int, lam: float) -> None:
    game = crisis(seed, third=2)
    eq = solve(game, lam)
    inner = np.flatnonzero(game.count > 0)
    sums = np.array([eq.q[list(game.children(int(n)))].sum() for n in inner])
    np.testing.assert_allclose(sums, 1.0, atol=1e-12)
    assert sum(eq.outcomes().values()) == pytest.approx(1.0, abs=1e-12)
    # Bayes: beliefs after the moves average to the belief before (the martingale property).
    node = next(int(n) for n in inner if game.mover[n] == 0)
    c = list(game.children(node))
    np.testing.assert_allclose(eq.q[c] @ eq.belief[c, :3], eq.belief_at(node, 0), atol=1e-12)


def test_a_dominated_move_fades_as_lambda_rises() -> None:
    """Yielding outright is dominated for the first mover here; its probability falls."""
    game = tree({"A": 1, "B": 1}, decide("A", {
        "yield": end("yield", A=0.0, B=1.0),
        "demand": decide("B", {"accept": end("deal", A=0.7, B=0.3),
                               "refuse": end("stalemate", A=0.2, B=0.2)})}))
    shares = [solve(game, lam).pi[1, 0] for lam in (0.0, 1.0, 2.0, 5.0, 10.0, 40.0)]
    assert all(a > b for a, b in pairwise(shares))


@few
@given(seeds)
def test_starting_from_a_neighbour_or_another_lambda(seed: int) -> None:
    game, near = crisis(seed), crisis(seed + 2)
    there = solve(near, 10.0)
    from_near = solve(game, 10.0, start=there)
    cold = solve(game, 10.0)
    assert from_near.certificate.certified
    # One equilibrium at moderate lambda: folds start above 20 in crises of this kind.
    np.testing.assert_allclose(from_near.pi, cold.pi, atol=SAME)
    np.testing.assert_allclose(solve(game, 10.0, start=solve(game, 25.0)).pi, cold.pi, atol=SAME)


@pytest.mark.parametrize("options", [
    {"third": 2}, {"unlike": True}, {"unlike": True, "third": 2}, {"ratification": True},
    {"third": 1, "ratification": True, "unlike": True},
])
def test_linear_and_log_domains_agree(options: dict[str, int]) -> None:
    from detente.equilibrium.fallible.sweeps import Sweeps
    from detente.equilibrium.fallible.systems import Block

    game = random_crisis(3, offers=2, turns=1, types=5, **options)  # type: ignore[arg-type]
    linear, log = Block(Sweeps(game)), Block(Sweeps(game))
    for p in log.sweeps.players:
        p.log_domain = True
    x = linear.pack(linear.sweeps.uniform())
    rng = np.random.default_rng(0)
    for lam in (1.0, 40.0):
        y = np.minimum(x + 0.3 * rng.normal(size=len(x)), 0)
        # 2e-12: forty times the stake, times rounding of values near 1, in log probability.
        np.testing.assert_allclose(linear.evaluate(y, lam), log.evaluate(y, lam), atol=2e-12)
        v = rng.normal(size=len(x))
        np.testing.assert_allclose(linear.tangent(v, 0.1), log.tangent(v, 0.1), atol=1e-9)


def test_log_domain_takes_over_where_probabilities_underflow() -> None:
    game = random_crisis(1, offers=2, turns=2, types=3)
    eq = solve(game, 2000.0)
    assert np.isfinite(eq.pi).all() and np.isfinite(eq.reach).all()
    assert sum(eq.outcomes().values()) == pytest.approx(1.0, abs=1e-9)


def test_lambda_zero_is_choice_by_weights() -> None:
    game = random_crisis(1, offers=3, turns=1, types=3)
    eq = solve(game, 0.0)
    came = game.mover[np.maximum(game.parent, 0)]
    moves = np.flatnonzero((came >= 0) & (game.parent >= 0))
    np.testing.assert_allclose(eq.pi[moves], np.repeat(game.weight[moves, None], 3, 1), rtol=1e-14)
    assert eq.certificate.regret_bound is None


def test_interdependent_payoffs_reduce_to_private_values() -> None:
    game = random_crisis(1, offers=2, turns=1, types=3, ratification=True)
    a, b = (np.repeat(u[:, :, None], 3, 2) for u in game.payoff)
    both = replace(game, joint_payoff=(a, b.transpose(0, 2, 1)))
    one, other = solve(game, 8.0), solve(both, 8.0)
    assert other.certificate.certified
    np.testing.assert_allclose(other.pi, one.pi, atol=SAME)
    np.testing.assert_allclose(other.belief, one.belief, atol=SAME)


def test_unlike_priors_that_agree_change_nothing() -> None:
    game = random_crisis(2, offers=2, turns=1, types=3, third=2, ratification=True)
    same = replace(game, observer_prior=tuple(game.prior for _ in game.players))
    np.testing.assert_allclose(solve(same, 10.0).pi, solve(game, 10.0).pi, atol=SAME)
