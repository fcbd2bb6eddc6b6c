"""Batches against solving one by one, against the other certificate, and against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.random_crisis import random_crisis

from detente.equilibrium import certify, solve
from detente.equilibrium.batch.solve import BatchResult, iter_batch, solve_batch
from detente.equilibrium.batch.work import flatten
from detente.equilibrium.fallible.solve import solve_close
from detente.errors import InputError, SolveError
from detente.game import CHANCE, chance, chance_by_type, decide, end, tree
from detente.game.numbers import Numbers

AGREE = 1e-8
"""Outcomes of two solutions whose residuals are below 1e-9 differ by less than this unless the
equilibrium is nearly singular; the draws here are not."""

SHAPES = {
    "two principals": {"offers": 2, "turns": 2, "types": 3, "rungs": 1},
    "third party with types": {"offers": 2, "turns": 1, "types": 3, "third": 2},
    "third party without": {"offers": 2, "turns": 1, "types": 3, "third": 1},
    "ratification": {"offers": 2, "turns": 1, "types": 4, "ratification": True},
    "unlike priors": {"offers": 2, "turns": 2, "types": 3, "rungs": 1, "unlike": True},
    "unlike priors, three movers": {
        "offers": 2, "turns": 1, "types": 3, "third": 2, "unlike": True, "ratification": True},
    "no private information": {"offers": 2, "turns": 2, "types": 1},
}


def draws(shape: str, n: int):
    games = [random_crisis(seed, **SHAPES[shape]) for seed in range(n)]
    everything = Numbers.stack(games)
    return games, lambda which: everything.take(which)


def one_by_one(games, names, lam):
    return np.array([[solve(g, lam).outcomes()[name] for name in names] for g in games])


@pytest.mark.parametrize("shape", SHAPES)
def test_batch_equals_single_solves(shape: str) -> None:
    games, numbers = draws(shape, 20)
    found = solve_batch(games[0], numbers, 20, lam=10.0)
    assert found.certified.all()
    assert np.isfinite(found.residual).all() and (found.max_regret_excess <= 1e-9).all()
    alone = one_by_one(games, found.outcome_names, 10.0)
    np.testing.assert_allclose(found.outcomes, alone, rtol=0, atol=AGREE)
    np.testing.assert_allclose(found.outcomes.sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_from_a_neighbour(shape: str) -> None:
    games, numbers = draws(shape, 20)
    centre = solve(games[3], 10.0)
    found = solve_batch(games[0], numbers, 20, lam=10.0, start=centre)
    assert found.certified.all()
    assert (found.reached_by == "neighbour").any()
    cold = solve_batch(games[0], numbers, 20, lam=10.0)
    np.testing.assert_allclose(found.outcomes, cold.outcomes, rtol=0, atol=AGREE)


@pytest.mark.parametrize("shape", ["two principals", "unlike priors, three movers"])
def test_certificate_equals_the_single_one(shape: str) -> None:
    """Strategies from the batch, judged by `certify`, must get the verdict of the batch."""
    games, numbers = draws(shape, 6)
    found = solve_batch(games[0], numbers, 6, lam=40.0, keep=True, nash_conv=True)
    for k, game in enumerate(games):
        eq = solve(game, 40.0)
        if abs(eq.outcomes()[found.outcome_names[0]] - found.outcomes[k, 0]) > AGREE:
            continue  # another equilibrium
        own = eq.certificate
        assert found.certified[k] and own.certified
        assert own.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-8)
        worst = own.max_regret - own.regret_bound
        assert worst == pytest.approx(found.max_regret_excess[k], abs=1e-8)
        np.testing.assert_allclose(found.q[:, k], eq.q, rtol=0, atol=1e-7)


def test_examination_equals_certify_on_arbitrary_strategies() -> None:
    """Random mixes, nowhere near equilibrium: every figure of the two certificates agrees."""
    from detente.equilibrium.batch.work import flatten
    from detente.equilibrium.certificates.batch import examine, structure, verdict, working
    from detente.equilibrium.kernels.lanes import LANES

    rng = np.random.default_rng(3)
    for shape in ("ratification", "unlike priors, three movers", "no private information"):
        game = random_crisis(1, **SHAPES[shape])
        flat = flatten(Numbers.stack([game] * LANES), game)
        w, found = working(game), verdict(LANES, len(game.outcome_names))
        mixes = rng.random((game.n_nodes, max(game.n_types), LANES)) ** 3
        for a in np.flatnonzero(game.mover >= 0):
            c = slice(game.first[a], game.first[a] + game.count[a])
            mixes[c] /= mixes[c].sum(axis=0)
        w.pi[:] = mixes.reshape(w.pi.shape)
        odds = np.empty((game.n_nodes, LANES))
        for lam, epsilon in [(5.0, 0.0), (-1.0, 0.01)]:
            examine(structure(game), w, flat.payoff, flat.weight, flat.type_prob, flat.prior,
                    np.empty(0), lam, epsilon, np.arange(LANES), LANES, True, found, odds)
            for k in (0, LANES - 1):
                pi = np.ascontiguousarray(mixes[:, :, k])
                if lam > 0:
                    own = certify(game, pi, reading="fallible", lam=lam)
                    assert own.residual == pytest.approx(found.residual[k], abs=1e-12)
                    worst = own.max_regret - own.regret_bound
                    assert worst == pytest.approx(found.excess[k], abs=1e-12)
                else:
                    own = certify(game, pi, reading="deliberate", epsilon=epsilon)
                    assert own.max_regret == pytest.approx(found.regret[k], abs=1e-12)
                assert own.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-12)


def test_broken_strategies_are_caught() -> None:
    from detente.equilibrium.batch.work import flatten
    from detente.equilibrium.certificates.batch import examine, structure, verdict, working
    from detente.equilibrium.kernels.lanes import LANES

    game = random_crisis(1, offers=2, turns=1, types=2)
    eq = solve(game, 5.0)
    flat = flatten(Numbers.stack([game] * LANES), game)
    w, found = working(game), verdict(LANES, len(game.outcome_names))
    w.pi[:] = eq.pi.reshape(-1, 1)
    w.pi[1 * max(game.n_types), 1] += 1e-6
    w.pi[1 * max(game.n_types), 2] = np.nan
    examine(structure(game), w, flat.payoff, flat.weight, flat.type_prob, flat.prior, np.empty(0),
            5.0, 0.0, np.arange(LANES), LANES, False, found, np.empty((0, LANES)))
    assert found.residual[0] < 1e-8 and found.unsound[0] < 1e-12
    assert found.unsound[1] == pytest.approx(1e-6, rel=1e-6)
    assert not found.unsound[2] <= 1 and not found.residual[2] <= 1


def test_workers_and_chunks_change_nothing() -> None:
    games, numbers = draws("two principals", 70)
    centre = solve(games[0], 40.0)
    one = solve_batch(games[0], numbers, 70, start=centre, workers=1, chunk=32)
    two = solve_batch(games[0], numbers, 70, start=centre, workers=2, chunk=32)
    for name in ("outcomes", "residual", "certified", "reached_by", "state"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_impossible_numbers_are_marked_and_spare_their_neighbours() -> None:
    games, _ = draws("two principals", 20)
    good = Numbers.stack(games)
    payoff = tuple(u.copy() for u in good.payoff)
    payoff[0][3, 0, 5] = np.nan
    payoff[1][2, 1, 6] = np.inf
    payoff[0][:, :, 7] *= 1e6
    bad = replace(good, payoff=payoff)
    found = solve_batch(games[0], bad.take, 20, lam=40.0)
    clean = solve_batch(games[0], good.take, 20, lam=40.0)
    assert not found.certified[[5, 6]].any()
    assert set(found.reached_by[[5, 6]]) == {"not solved"}
    if found.certified[7]:  # huge stakes: right, or marked
        game = games[0].with_numbers(**bad.at(7))
        assert solve(game, 40.0).certificate.certified
    rest = np.setdiff1d(np.arange(20), [5, 6, 7])
    np.testing.assert_allclose(found.outcomes[rest], clean.outcomes[rest], rtol=0, atol=AGREE)
    assert found.record(5)["certificate"]["residual"] is None


def test_finished_chunks_survive_an_interrupt() -> None:
    games, numbers = draws("third party without", 64)
    seen: list[tuple[int, int]] = []

    def interrupted(which: slice) -> Numbers:
        if which.start >= 48:
            raise KeyboardInterrupt
        return numbers(which)

    parts: list[BatchResult] = []
    with pytest.raises(KeyboardInterrupt):
        for part in iter_batch(games[0], interrupted, 64, lam=5.0, workers=1, chunk=16,
                               progress=lambda done, n: seen.append((done, n))):
            parts.append(part)
    assert [p.first for p in parts] == [0, 16][: len(parts)] and parts
    assert seen == [(16 * (k + 1), 64) for k in range(len(seen))]
    whole = solve_batch(games[0], numbers, 64, lam=5.0, chunk=16)
    np.testing.assert_array_equal(parts[0].outcomes, whole.outcomes[:16])


def test_numbers_are_asked_for_a_chunk_at_a_time() -> None:
    games, numbers = draws("third party without", 40)
    asked: list[int] = []

    def counted(which: slice) -> Numbers:
        asked.append(which.stop - which.start)
        return numbers(which)

    solve_batch(games[0], counted, 40, lam=1.0, chunk=16)
    assert asked == [16, 16, 8]


def test_lambda_zero_is_choice_by_weights() -> None:
    game = tree({"a": 1}, decide("a", {"x": end("x", a=3), "y": end("y")}, {"x": 1, "y": 3}))
    found = solve_batch(game, Numbers.stack([game] * 3).take, 3, lam=0.0)
    np.testing.assert_allclose(found.outcomes, [[0.25, 0.75]] * 3, atol=1e-15)
    assert found.certified.all()


def test_chance_alone_and_chance_by_type() -> None:
    """P(war) = 0.3 + 0.7 (prior . odds) without decisions: arithmetic by hand."""
    moods = chance_by_type("a", {
        "flare": ([0.9, 0.2], end("war")), "calm": ([0.1, 0.8], end("no"))})
    root = chance({"slip": (0.3, end("war")), "on": (0.7, moods)})
    game = tree({"a": {"hi": 0.25, "lo": 0.75}}, root)
    assert (game.mover[0] == CHANCE) and game.n_information_sets == 0
    found = solve_batch(game, Numbers.stack([game]).take, 1, lam=40.0)
    expected = 0.3 + 0.7 * (0.25 * 0.9 + 0.75 * 0.2)
    assert found.outcome("war")[0] == pytest.approx(expected, abs=1e-15)


def test_share_is_the_expected_division() -> None:
    game = tree({"a": 1}, decide("a", {"x": end("deal"), "y": end("deal"), "z": end("war")}))
    game = replace(game, share=np.array([0.4, 0.7, np.nan]))
    found = solve_batch(game, Numbers.stack([game]).take, 1, lam=1.0)
    assert found.share[0] == pytest.approx(0.55, abs=1e-15)


def test_arguments_are_checked() -> None:
    games, numbers = draws("third party without", 2)
    with pytest.raises(SolveError, match="lambda"):
        solve_batch(games[0], numbers, 2, lam=-1.0)
    with pytest.raises(SolveError, match="at least one variant"):
        solve_batch(games[0], numbers, 0)
    with pytest.raises(SolveError, match="worker"):
        solve_batch(games[0], numbers, 2, workers=0)
    with pytest.raises(SolveError, match="variants given; 2 are needed"):
        solve_batch(games[0], lambda which: numbers(slice(0, 1)), 2)
    other = solve(random_crisis(0, offers=2, turns=1, types=2), 1.0)
    with pytest.raises(SolveError, match="neighbour belongs to a tree"):
        solve_batch(games[0], numbers, 2, start=other)
    wrong = Numbers.stack([random_crisis(0, offers=2, turns=1, types=2)])
    with pytest.raises(InputError, match="expected 3 players"):
        solve_batch(games[0], lambda which: wrong, 1)


# Precision by variant -----------------------------------------------------------------------------


def test_variants_of_mixed_precision_keep_their_places() -> None:
    """They are solved in the order of their precision; each result is that of its own variant."""
    games, numbers = draws("two principals", 24)
    precision = np.random.default_rng(5).permutation(np.geomspace(2.0, 12.0, 24))
    centre = solve(games[3], 6.0)
    found = solve_batch(games[0], lambda which: replace(numbers(which), precision=precision[which]),
                        24, lam=6.0, start=centre, keep=True)
    assert found.certified.all()
    for k in range(24):
        alone = solve(games[k], float(precision[k]), start=centre)
        np.testing.assert_allclose(
            found.outcomes[k], [alone.outcomes()[n] for n in found.outcome_names], atol=AGREE)
        np.testing.assert_allclose(found.q[:, k], alone.q, atol=AGREE)


def test_a_solution_close_to_a_neighbour_is_that_of_continuation() -> None:
    """A variant by itself, without continuation in the precision: the same, or none."""
    reached = 0
    for seed in range(8):
        game = random_crisis(seed, **SHAPES["third party with types"])
        near = solve(random_crisis(seed + 50, **SHAPES["third party with types"]), 6.0)
        one = solve_close(game, 10.0, near)
        if one is None:
            continue
        reached += 1
        full = solve(game, 10.0)
        assert one.lam == 10.0 and one.certificate.certified
        assert one.outcomes() == pytest.approx(full.outcomes(), abs=AGREE)
    assert reached >= 6


def test_tables_of_a_chunk_are_those_of_the_scaled_numbers() -> None:
    games, numbers = draws("unlike priors", 6)
    order = np.array([4, 2, 0, 5, 1, 3])
    part = replace(numbers(slice(0, 6)), precision=np.linspace(5.0, 30.0, 6))
    want = flatten(part.scaled(10.0).take(order), games[0])
    got = flatten(part, games[0], lam=10.0, order=order)
    for name in ("payoff", "weight", "type_prob", "prior", "seen", "finite"):
        np.testing.assert_array_equal(getattr(got, name), getattr(want, name))
