"""Batches of games with simultaneous moves, against single solutions, equations and `certify`."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from detente.equilibrium import certify, solve, solve_deliberate
from detente.equilibrium.batch.fixed import FEW
from detente.equilibrium.batch.solve import deliberate_batch, solve_batch
from detente.equilibrium.batch.strategies import Strategies, fallible_play
from detente.equilibrium.batch.work import Desk, mixes_of
from detente.errors import SolveError
from detente.game import PublicTree, chance, chance_by_type, decide, end, together, tree
from detente.game.numbers import Numbers

AGREE = 1e-8
"""Residuals below 1e-9 leave outcomes this close, away from singular equilibria."""
LAM = 1.5
"""Low enough, for payoffs of about one, that each of these games has one equilibrium."""

SHAPES = {
    "two types each": {"types": 2},
    "types on one side": {"types": 1},
    "unlike priors": {"types": 2, "unlike": True},
    "a third player": {"types": 2, "third": True},
    "a third player, unlike priors": {"types": 2, "third": True, "unlike": True},
    "no private information": {"types": 0},
}


def crisis(shape: int, seed: int, *, types: int, third: bool = False,
           unlike: bool = False) -> PublicTree:
    """Return a random tree with simultaneous moves; ``shape`` fixes all but the numbers."""
    form, rng = np.random.default_rng(shape), np.random.default_rng((shape, seed))
    names = "abc" if third else "ab"
    size = {"a": 2 if types else 1, "b": 3 if types > 1 else 1, "c": 1}

    def leaf():
        return end("xyz"[form.integers(3)], **{i: list(rng.standard_normal(size[i]))
                                               for i in names})

    def both(who: str, depth: int):
        moves = {i: "rst"[: 2 + int(form.integers(2))] for i in who}
        return together(moves, {m: grow(depth - 1) for m in itertools.product(*moves.values())})

    def grow(depth: int):
        if depth <= 0:
            return leaf()
        kind = form.integers(6)
        if kind == 0:
            p = float(rng.uniform(0.1, 0.9))
            return chance({"x": (p, grow(depth - 1)), "y": (1 - p, grow(depth - 1))})
        if kind == 1:
            who = names[form.integers(len(names))]
            p = rng.uniform(0.1, 0.9, size[who])
            return chance_by_type(who, {"x": (list(p), grow(depth - 1)),
                                        "y": (list(1 - p), grow(depth - 1))})
        if kind < 4:
            return both(["ab", "ba", names][form.integers(3)], depth - 1)
        moves = {m: grow(depth - 1) for m in "lmr"[: 2 + int(form.integers(2))]}
        return decide(names[form.integers(len(names))], moves,
                      {m: float(rng.uniform(0.2, 1)) for m in moves})

    def prior(k: int):
        return list(rng.dirichlet(np.full(k, 4.0)))

    seen = {i: {j: prior(size[j]) for j in names} for i in names} if unlike else None
    root = decide("a", {"go": both("ab", 2), "on": both(names, 1), "x": grow(2)})
    game = tree({i: dict(zip("uvw", prior(size[i]), strict=False)) for i in names}, root, seen)
    mild = {}
    for node, joint in game.joints.items():  # menu weights of the tree, alike in all variants
        weights = tuple(form.dirichlet(np.full(k, 5.0)) for k in joint.sizes)
        mild[node] = replace(joint, weights=weights)
    return replace(game, joints=mild, stake=1.0)


def crises(shape: str, n: int, form: int = 0) -> tuple[list[PublicTree], Numbers]:
    games = [crisis(form, seed, **SHAPES[shape]) for seed in range(n)]
    return games, Numbers.stack(games)


def single(game: PublicTree, lam: float, names: tuple[str, ...]):
    eq = solve(game, lam)
    assert eq.certificate.certified
    return eq, [eq.outcomes()[name] for name in names]


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_equals_single_solves(shape: str, form: int) -> None:
    games, numbers = crises(shape, 18, form)
    found = solve_batch(games[0], numbers.take, 18, lam=LAM, keep=True, nash_conv=True)
    assert found.certified.all() and set(found.reached_by) == {"annealed"}
    assert (found.residual <= 1e-8).all() and (found.max_regret_excess <= 1e-9).all()
    for k, game in enumerate(games):
        eq, outcomes = single(game, LAM, found.outcome_names)
        np.testing.assert_allclose(found.outcomes[k], outcomes, rtol=0, atol=AGREE)
        np.testing.assert_allclose(found.q[:, k], eq.q, rtol=0, atol=AGREE)
        assert found.nash_conv[k] == pytest.approx(eq.certificate.nash_conv, abs=AGREE)
    near = solve_batch(games[0], numbers.take, 18, lam=LAM, start=solve(games[3], LAM))
    assert near.certified.all() and (near.reached_by == "neighbour").any()
    np.testing.assert_allclose(near.outcomes, found.outcomes, rtol=0, atol=AGREE)


@pytest.mark.parametrize("shape", ["two types each", "a third player, unlike priors"])
def test_recovered_strategies_are_those_of_single_solves(shape: str) -> None:
    games, numbers = crises(shape, 8)
    found = solve_batch(games[0], numbers.take, 8, lam=LAM)
    rows = Strategies(games[0]).of(numbers, found)
    for k, game in enumerate(games):
        eq = solve(game, LAM)
        by = game.mover[np.maximum(game.parent, 0)]
        by[0] = -1
        np.testing.assert_allclose(rows[: game.n_nodes, :, k][by >= 0], eq.pi[by >= 0],
                                   rtol=0, atol=AGREE)
        mixes = mixes_of(game, rows[:, :, k])
        assert set(mixes) == set(eq.joint_pi)
        for node, mix in mixes.items():
            for mine, theirs in zip(mix, eq.joint_pi[node], strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=0, atol=AGREE)


def test_asymmetric_matching_pennies_solves_its_two_equations() -> None:
    """p = F(lam (x q - (1 - q))) and q = F(-2 lam (2 p - 1)), F logistic: one root."""
    def pennies(x: float) -> PublicTree:
        pay = {("H", "H"): (x, -1), ("H", "T"): (0, 1), ("T", "H"): (0, 1), ("T", "T"): (1, -1)}
        return tree({"a": 1, "b": 1}, together({"a": "HT", "b": "HT"}, {
            k: end("".join(k), a=u, b=v) for k, (u, v) in pay.items()}))

    stakes, lam = np.linspace(1.0, 9.0, 20), 2.0
    games = [pennies(float(x)) for x in stakes]
    found = solve_batch(games[0], Numbers.stack(games).take, 20, lam=lam)
    assert found.certified.all() and set(found.reached_by) == {"annealed"}

    def logistic(z: float) -> float:
        return float(1 / (1 + np.exp(-z)))

    for k, x in enumerate(stakes):
        def reply(p: float) -> float:
            return logistic(-lam * 2 * (2 * p - 1))

        p = brentq(lambda p, x=x: p - logistic(lam * (x * reply(p) - (1 - reply(p)))), 0, 1,
                   xtol=1e-14)
        assert found.outcome("HT")[k] == pytest.approx(p * (1 - reply(p)), abs=AGREE)
        assert found.outcome("TH")[k] == pytest.approx((1 - p) * reply(p), abs=AGREE)


@pytest.mark.parametrize("lam", [0.0, 2.0])
def test_one_participant_is_an_ordinary_choice(lam: float) -> None:
    """The same game, its second move written both ways; a's type shows in the first move."""
    def both(way: str, seed: int) -> PublicTree:
        rng = np.random.default_rng(seed)

        def leaf(name: str):
            return end(name, a=list(rng.standard_normal(2)), b=list(rng.standard_normal(2)))

        def move(who: str, kids):
            if way == "decide":
                return decide(who, kids)
            return together({who: list(kids)}, {(k,): v for k, v in kids.items()})

        answer = {k: move("b", {"yes": move("a", {"keep": leaf("kept"), "break": leaf("broken")}),
                                "no": leaf("war")}) for k in ("ask", "press")}
        return tree({"a": {"s": 0.3, "t": 0.7}, "b": {"s": 0.6, "t": 0.4}}, decide("a", answer))

    plain, joint = ([both(way, seed) for seed in range(10)] for way in ("decide", "together"))
    one = solve_batch(plain[0], Numbers.stack(plain).take, 10, lam=lam, nash_conv=True)
    two = solve_batch(joint[0], Numbers.stack(joint).take, 10, lam=lam, nash_conv=True)
    assert one.certified.all() and two.certified.all()
    assert one.outcome_names == two.outcome_names
    np.testing.assert_allclose(one.outcomes, two.outcomes, rtol=0, atol=AGREE)
    np.testing.assert_allclose(one.nash_conv, two.nash_conv, rtol=0, atol=AGREE)


def examined(game: PublicTree, rows, lam: float, epsilon: float):
    """Return the compiled examination of strategies (rows, T, LANES), and the odds of moves."""
    from detente.equilibrium.batch.work import flatten
    from detente.equilibrium.certificates.batch import examine, structure, verdict, working
    from detente.equilibrium.kernels.lanes import LANES

    flat = flatten(Numbers.stack([game] * LANES), game)
    w, found = working(game), verdict(LANES, len(game.outcome_names))
    w.pi[:] = rows.reshape(w.pi.shape)
    odds = np.empty((game.n_nodes, LANES))
    examine(structure(game), w, flat.payoff, flat.weight, flat.type_prob, flat.prior, np.empty(0),
            lam, epsilon, np.arange(LANES), LANES, True, found, odds)
    return found, odds


def random_rows(game: PublicTree, rng: np.random.Generator):
    """Return arbitrary mixes for every lane, choices at simultaneous nodes after the moves."""
    from detente.equilibrium.kernels.lanes import LANES

    menus = [slice(int(game.first[a]), int(game.first[a] + game.count[a]))
             for a in np.flatnonzero(game.mover >= 0)]
    total = game.n_nodes
    for node in sorted(game.joints):
        for size in game.joints[node].sizes:
            menus.append(slice(total, total + size))
            total += size
    rows = rng.random((total, max(game.n_types), LANES)) ** 3
    for menu in menus:
        rows[menu] /= rows[menu].sum(axis=0)
    return rows


@pytest.mark.parametrize("shape", SHAPES)
def test_examination_equals_certify_on_arbitrary_strategies(shape: str) -> None:
    """Mixes nowhere near equilibrium: every figure of the two certificates agrees."""
    rng = np.random.default_rng(5)
    for form in range(2):
        game = crisis(form, 0, **SHAPES[shape])
        rows = random_rows(game, rng)
        for lam, epsilon in [(5.0, 0.0), (-1.0, 0.01)]:
            found, _ = examined(game, rows, lam, epsilon)
            for k in (0, 7):
                pi = np.ascontiguousarray(rows[: game.n_nodes, :, k])
                mixes = mixes_of(game, rows[:, :, k])
                if lam > 0:
                    own = certify(game, pi, reading="fallible", lam=lam, joint_pi=mixes)
                    assert own.residual == pytest.approx(found.residual[k], abs=1e-12)
                    worst = own.max_regret - own.regret_bound
                    assert worst == pytest.approx(found.excess[k], abs=1e-12)
                else:
                    own = certify(game, pi, reading="deliberate", epsilon=epsilon, joint_pi=mixes)
                    assert own.max_regret == pytest.approx(found.regret[k], abs=1e-12)
                assert own.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-12)


def test_corrupted_choices_at_simultaneous_nodes_are_caught() -> None:
    from detente.equilibrium.batch.work import loosened
    from detente.equilibrium.kernels.lanes import LANES

    game = crisis(0, 0, **SHAPES["two types each"])
    eq = solve(game, LAM)
    rows = np.repeat(loosened(game, eq.pi, eq.joint_pi)[:, :, None], LANES, axis=2)
    at = game.n_nodes  # the first choice of the first participant, by its first type
    rows[at, 0, 1] += 1e-6
    rows[at, 0, 2] += 1e-6
    rows[at + 1, 0, 2] -= 1e-6
    rows[at, 0, 3] = np.nan
    found, odds = examined(game, rows, LAM, 0.0)
    assert found.residual[0] <= 1e-9 and found.unsound[0] <= 1e-12
    assert found.unsound[1] == pytest.approx(1e-6, rel=1e-6)
    # A mix that still sums to one is no longer the logit choice.
    assert found.unsound[2] <= 1e-12 and found.residual[2] > 1e-7
    assert not found.unsound[3] <= 1 and not found.residual[3] <= 1
    np.testing.assert_allclose(odds[:, 0], eq.q, rtol=0, atol=1e-12)


def test_workers_and_chunks_change_nothing() -> None:
    games, numbers = crises("two types each", 40)
    centre = solve(games[0], LAM)
    one, two = (solve_batch(games[0], numbers.take, 40, lam=LAM, start=centre, workers=w, chunk=16,
                            keep=True) for w in (1, 2))
    for name in ("outcomes", "residual", "certified", "reached_by", "state", "q"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_impossible_numbers_are_marked_and_spare_their_neighbours() -> None:
    games, good = crises("types on one side", 16)
    payoff = tuple(u.copy() for u in good.payoff)
    payoff[0][1, 0, 5] = np.nan
    bad = replace(good, payoff=payoff)
    found = solve_batch(games[0], bad.take, 16, lam=LAM)
    clean = solve_batch(games[0], good.take, 16, lam=LAM)
    assert not found.certified[5] and found.reached_by[5] == "not solved"
    # A block with a gap and an idle lane at its end is still loaded variant by variant.
    assert set(found.reached_by[:5]) | set(found.reached_by[6:]) == {"annealed"}
    rest = np.setdiff1d(np.arange(16), [5])
    np.testing.assert_array_equal(found.outcomes[rest], clean.outcomes[rest])


@pytest.mark.parametrize("shape", ["types on one side", "a third player, unlike priors"])
def test_deliberate_batch_equals_single_learning(shape: str) -> None:
    games, numbers = crises(shape, 4)
    start = solve(games[0], LAM)
    found = deliberate_batch(games[0], numbers.take, 4, starts=start, keep=True)
    for k, game in enumerate(games):
        # The very same start and arithmetic, but another certificate.
        own = solve_deliberate(game, start, settle=None)
        assert found.reached_by[k] == "regret learning"
        assert found.certified[k] == own.certificate.certified
        assert own.certificate.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-10)
        np.testing.assert_allclose(found.q[:, k], own.q, rtol=0, atol=1e-8)
        rows = found.loose[k]
        again = certify(game, rows[: game.n_nodes], reading="deliberate", epsilon=0.01,
                        joint_pi=mixes_of(game, rows))
        assert again.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-10)


def test_deliberate_batch_starts_from_fallible_results() -> None:
    games, numbers = crises("two types each", 4)
    fallible = solve_batch(games[0], numbers.take, 4, lam=LAM)
    found = deliberate_batch(games[0], numbers.take, 4, starts=fallible)
    compared = 0
    for k, game in enumerate(games):
        own = solve_deliberate(game, solve(game, LAM), settle=None)
        if abs(own.certificate.nash_conv - found.nash_conv[k]) > 1e-9:
            # Learning is a chaotic map of its start: then only the certificate must agree.
            assert own.certificate.certified == found.certified[k]
            continue
        mine = [own.outcomes()[name] for name in found.outcome_names]
        np.testing.assert_allclose(found.outcomes[k], mine, rtol=0, atol=1e-6)
        compared += 1
    assert compared >= 2  # so that outcomes, too, are compared


@pytest.mark.parametrize("shape", ["two types each", "a third player, unlike priors"])
def test_recovered_odds_are_those_of_the_examined_strategies(shape: str) -> None:
    """Some rows of the strategies are those of all; the odds are those the certificate used."""
    games, numbers = crises(shape, 11)
    found = solve_batch(games[0], numbers.take, 11, lam=LAM, keep=True)
    desk = Desk(games[0])
    every, odds = fallible_play(desk, numbers, found, 0)
    np.testing.assert_array_equal(odds, found.q)
    rows = np.arange(1, len(every), 3)
    some, same = fallible_play(desk, numbers, found, 0, rows)
    np.testing.assert_array_equal(some, every[rows])
    np.testing.assert_array_equal(same, odds)
    # A variant that was solved by itself brings its own strategies.
    own = replace(found, loose={4: every[:, :, 4]})
    alone, beside = fallible_play(desk, numbers, own, 0, rows)
    np.testing.assert_array_equal(alone, some)
    np.testing.assert_allclose(beside, odds, rtol=0, atol=1e-15)


def test_interdependent_payoffs_are_still_solved_one_by_one() -> None:
    game = tree({"a": {"s": 0.5, "t": 0.5}, "b": {"s": 0.5, "t": 0.5}},
                decide("a", {"x": end("x"), "y": decide("b", {"z": end("z"), "w": end("w")})}))
    rng = np.random.default_rng(0)
    game = replace(game, joint_payoff=(rng.random((3, 2, 2)), rng.random((3, 2, 2))))
    found = solve_batch(game, Numbers.stack([game] * 2).take, 2, lam=2.0)
    assert found.certified.all()
    assert all(str(r).startswith("one by one") for r in found.reached_by)
    with pytest.raises(SolveError, match="depend on both types"):
        Strategies(game)


def test_shipped_case_with_simultaneous_moves_is_solved_together() -> None:
    """Samples of order-2020 at lambda 40, some of which need more than the accelerator."""
    from detente.analysis.precision import fixed
    from detente.analysis.samples import draws as samples
    from detente.cases import load
    from detente.game.compile import compile_scenario

    case = compile_scenario(fixed(load("order-2020"), 40.0))
    theta, n = samples(case, 64, 1962), 64
    numbers = case.numbers(theta)
    centre = solve(case.tree, 40.0)
    found = solve_batch(case.tree, numbers.take, n, start=centre)
    assert found.certified.all()
    # Fewer than FEW of a chunk are left over, because a block of them costs as much as a full one.
    left = [how for how in found.reached_by if how not in ("neighbour", "annealed")]
    assert len(left) < FEW
    rows = Strategies(case.tree).of(numbers, found)
    for k in range(n):
        game = case.tree.with_numbers(**numbers.at(k))
        own = certify(game, np.ascontiguousarray(rows[: game.n_nodes, :, k]), reading="fallible",
                      lam=40.0, joint_pi=mixes_of(game, rows[:, :, k]))
        assert own.certified and own.residual == pytest.approx(found.residual[k], abs=1e-12)
    for k in range(0, n, 8):
        eq = solve(case.tree.with_numbers(**numbers.at(k)), 40.0, start=centre)
        outcomes = [eq.outcomes()[name] for name in found.outcome_names]
        np.testing.assert_allclose(found.outcomes[k], outcomes, rtol=0, atol=AGREE)


def test_extragradient_steps_alone_reach_the_root_where_replies_overshoot() -> None:
    """Matching pennies at lambda 30: each reply overturns the other, plain iteration cycles."""
    from detente.equilibrium.batch.extragradient import extragradient
    from detente.equilibrium.batch.kernels import load, once
    from detente.equilibrium.batch.work import Desk, flatten
    from detente.equilibrium.kernels.lanes import LANES

    games, lam = [], 30.0
    stakes = np.linspace(1.0, 4.0, LANES)
    for x in stakes:
        pay = {("H", "H"): (x, -1), ("H", "T"): (0, 1), ("T", "H"): (0, 1), ("T", "T"): (1, -1)}
        games.append(tree({"a": 1, "b": 1}, together({"a": "HT", "b": "HT"}, {
            k: end("".join(k), a=float(u), b=v) for k, (u, v) in pay.items()})))
    flat, desk = flatten(Numbers.stack(games), games[0]), Desk(games[0])
    plan, live = desk.plan, np.ones(LANES, dtype=bool)
    live[3] = False
    precision = np.full((1, LANES), lam)
    with desk.tools() as (s, m, _):
        load(plan, s, flat.payoff, flat.weight, flat.type_prob, flat.seen, np.arange(LANES))
        once(plan.once, plan.sizes[4], s.value, s.strategy, s.odds, s.weight, precision)
        m.state[:] = [[0.9], [0.1]]
        extragradient(plan, s, m, precision, 1e-9, 2000, live)
        # The state is b's odds: p = F(lam (x q - (1 - q))), q = F(-2 lam (2 p - 1)).
        assert m.state[:, 3].tolist() == [0.9, 0.1]
        for k in np.flatnonzero(live):
            def reply(q: float, x: float = stakes[k]) -> float:
                p = 1 / (1 + np.exp(-lam * (x * q - (1 - q))))
                return float(1 / (1 + np.exp(2 * lam * (2 * p - 1))))

            root = brentq(lambda q: q - reply(q), 0, 1, xtol=1e-14)
            # The step is 1e-9 and the slope of the reply below -1: the root is nearer than that.
            assert m.state[0, k] == pytest.approx(root, abs=1e-8)
