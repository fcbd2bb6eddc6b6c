"""The same game in other units, or with constants added, has the same equilibria.

The truth is an invariance: a logit choice depends on lambda times differences of payoffs only, so
the probabilities at lambda per stake do not depend on the unit or on a constant for each player.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.equilibrium.games import random_tree
from tests.equilibrium.test_extensive import random_game

from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.batch.solve import deliberate_batch, solve_batch
from detente.equilibrium.certificates.extensive import certify_extensive
from detente.equilibrium.certificates.public import certify
from detente.equilibrium.dispatch import gradient
from detente.equilibrium.fallible.branch import branches_at
from detente.equilibrium.general.derivatives import gradient_extensive
from detente.equilibrium.general.solve import solve_extensive
from detente.equilibrium.search.others import find_others
from detente.equilibrium.search.precision import trace_path
from detente.errors import InputError, SolveError
from detente.game.build import decide, end, together, tree
from detente.game.efg import parse_efg
from detente.game.efg_write import format_efg
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree

UNITS = (5e-12, 1e-200, 3e7, 1e250)


def in_unit(game: PublicTree, unit: float, offsets: tuple[float, ...] = ()) -> PublicTree:
    """Return the game with payoffs in another unit, and constants of so many stakes added."""
    stake = stake_of(game)
    shift = offsets or (0.0,) * game.n_players
    return replace(game, payoff=tuple(
        unit * (u + o * stake) for u, o in zip(game.payoff, shift, strict=True)))


def stake_of(game: PublicTree) -> float:
    return max(float(np.ptp(u)) for u in game.payoff)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_both_models_of_a_tree_in_any_unit(unit: float, joint: bool) -> None:
    game = random_tree(3 if joint else 1, joint=joint)
    other = in_unit(game, unit)
    lam = 40.0 / stake_of(game)
    one, two = solve(game, lam), solve(other, lam / unit)
    assert one.certificate.certified and two.certificate.certified
    assert two.pi == pytest.approx(one.pi, abs=1e-9)
    assert two.certificate.nash_conv / unit == pytest.approx(one.certificate.nash_conv, abs=1e-9)
    assert two.certificate.lam == lam / unit == two.lam
    for u, v in zip(one.value, two.value, strict=True):
        assert v / unit == pytest.approx(u, abs=1e-9)
    three, four = (solve_deliberate(g, e, settle=None) for g, e in ((game, one), (other, two)))
    assert three.certificate.certified == four.certificate.certified
    # Regret learning amplifies the difference of 1e-16 of the starts.
    assert list(four.outcomes().values()) == pytest.approx(list(three.outcomes().values()),
                                                           abs=1e-3)
    assert three.certificate.nash_conv <= 1e-3 * stake_of(game)
    assert four.certificate.nash_conv <= 1e-3 * stake_of(other)


@pytest.mark.parametrize("unit", [1.0, 5e-12, 2.0**40])
def test_offsets_change_nothing(unit: float) -> None:
    """Constants of up to 4,096 stakes cost 12 of the 53 bits of the payoffs given."""
    game = random_tree(1, joint=False)
    other = in_unit(game, unit, (4096.0, -100.0))
    lam = 40.0 / stake_of(game)
    one, two = solve(game, lam), solve(other, lam / unit)
    assert two.certificate.certified and two.pi == pytest.approx(one.pi, abs=1e-9)
    assert two.value[0][0] == pytest.approx(
        unit * (one.value[0][0] + 4096.0 * stake_of(game)), rel=1e-12)


@pytest.mark.parametrize("unit", UNITS)
def test_derivatives_traces_and_searches_in_any_unit(unit: float) -> None:
    game = random_tree(2, joint=False)
    other = in_unit(game, unit)
    lam = 10.0 / stake_of(game)
    one, two = solve(game, lam, trace=True), solve(other, lam / unit, trace=True)
    assert two.certificate.reached_by == "traced"
    assert np.array(two.trace.lam)[-1] * unit >= lam * (1 - 1e-12) and two.trace.game is other
    assert two.certificate.folds == pytest.approx(np.array(one.certificate.folds) / unit, rel=1e-4)
    again = branches_at(two.trace, 0.5 * lam / unit)
    assert again[0].pi == pytest.approx(solve(game, 0.5 * lam).pi, abs=1e-8)
    assert again[0].lam == 0.5 * lam / unit
    weights = (game.outcome == 0).astype(float)
    a, b = gradient(one, weights), gradient(two, weights)
    assert b.lam / unit == pytest.approx(a.lam, rel=1e-6, abs=1e-12)
    for u, v in zip(a.payoff, b.payoff, strict=True):
        assert v * unit == pytest.approx(u, rel=1e-6, abs=1e-9)
    path = trace_path(other, lam / unit, lambdas=[0.0, lam / unit])
    assert path[-1][0] == lam / unit and path[-1][1].certificate.certified
    assert list(path[-1][1].outcomes.values()) == pytest.approx(list(one.outcomes().values()),
                                                                abs=1e-8)


@pytest.mark.parametrize("unit", [1.0, 5e-12, 3e200])
def test_other_equilibria_in_any_unit(unit: float) -> None:
    """Two players who prefer to meet: the mixed equilibrium is given, both pure ones are found."""
    game = tree({"a": 1, "b": 1}, together({"a": ["bridge", "gate"], "b": ["bridge", "gate"]}, {
        ("bridge", "bridge"): end("bridge", a=unit, b=unit), ("bridge", "gate"): end("missed"),
        ("gate", "bridge"): end("missed"), ("gate", "gate"): end("gate", a=unit, b=unit)}))
    known = solve(game, 10.0 / unit)
    others = find_others(game, known, solve_deliberate(game, known, settle=None), starts=8)
    fallible = [o for o in others if o.reading == "fallible"]
    assert {max(o.outcomes(), key=o.outcomes().get) for o in fallible} == {"bridge", "gate"}
    assert others.lam == pytest.approx(10.0 / unit) and all(o.lam == known.lam for o in fallible)
    assert all(o.certificate.certified for o in others)


@pytest.mark.parametrize("unit", [5e-12, 1e100])
def test_batches_in_any_unit(unit: float) -> None:
    games = [in_unit(random_tree(1, joint=False), unit * (1 + 0.1 * k)) for k in range(4)]
    lam = 20.0 / stake_of(games[0])
    numbers = Numbers.stack(games)
    found = solve_batch(games[0], numbers.take, 4, lam=lam, nash_conv=True)
    deliberate = deliberate_batch(games[0], numbers.take, 4, starts=found)
    assert found.certified.all() and found.lam == lam and deliberate.certified.all()
    for k, game in enumerate(games):
        one = solve(game, lam)
        assert list(found.outcomes[k]) == pytest.approx(list(one.outcomes().values()), abs=1e-8)
        share = one.certificate.nash_conv / unit
        assert found.nash_conv[k] / unit == pytest.approx(share, abs=1e-7)


@given(st.integers(0, 30), st.integers(-280, 280), st.integers(-(10**20), 10**20))
@settings(max_examples=15, deadline=None)
def test_files_in_any_unit(seed: int, power: int, offset: int) -> None:
    """The text of the file holds the offset and the unit exactly, so the probabilities agree."""
    game = random_game(seed)
    payoff = np.round(game.outcome_payoff, 3)
    game = game.with_numbers(outcome_payoff=payoff)
    whole = np.rint(payoff * 1000).astype(int).tolist()
    plain = replace(game, payoff_text=tuple(tuple(f"{u}e-3" for u in row) for row in whole))
    moved_text = tuple(tuple(f"{u + offset * (i + 1)}e{power}" for i, u in enumerate(row))
                       for row in whole)
    moved = parse_efg(format_efg(replace(
        game, payoff_text=moved_text,
        outcome_payoff=np.array([[float(t) for t in row] for row in moved_text]))))
    lam = 20.0 / plain.stake
    one, two = solve_extensive(plain, lam), solve_extensive(moved, 20.0 / moved.stake)
    assert two.certificate.certified == one.certificate.certified
    assert two.prob == pytest.approx(one.prob, abs=1e-8)
    weights = np.arange(len(game.leaves), dtype=float)
    a, b = gradient_extensive(one, weights), gradient_extensive(two, weights)
    assert b.lam / a.lam == pytest.approx(moved.stake / plain.stake, rel=1e-5)


# --- certificates --------------------------------------------------------------------------------


def pennies(unit: float) -> PublicTree:
    """Asymmetric pennies; by indifference a mixes 3/7, 4/7 and b mixes 2/7, 5/7."""
    pay = {("H", "h"): 3, ("H", "t"): -1, ("T", "h"): -2, ("T", "t"): 1}
    return tree({"a": 1, "b": 1}, together({"a": ["H", "T"], "b": ["h", "t"]}, {
        m: end("/".join(m), a=unit * u, b=-unit * u) for m, u in pay.items()}))


@pytest.mark.parametrize("unit", [10.0**k for k in range(-12, 16, 3)])
def test_tampered_strategies_are_not_certified_in_any_unit(unit: float) -> None:
    game = pennies(unit)
    joint = next(iter(game.joints))
    pi = np.ones((game.n_nodes, 1))
    uniform = {joint: (np.full((2, 1), 0.5), np.full((2, 1), 0.5))}
    exact = {joint: (np.array([[3 / 7], [4 / 7]]), np.array([[2 / 7], [5 / 7]]))}
    for mixes, good in ((uniform, False), (exact, True)):
        found = certify(game, pi, reading="deliberate", epsilon=0.01, joint_pi=mixes)
        assert found.certified == good, found
        # Against uniform mixes a gains .75 by H and b .25 by t: a fifth of the stake of 5 units,
        # where the limit is a thousandth.
        sharp = certify(game, pi, reading="fallible", lam=40.0 / (5 * unit), joint_pi=mixes)
        assert not sharp.certified
    solved = solve(game, 40.0 / (5 * unit))
    assert solved.certificate.certified
    off = {joint: tuple(m + np.array([[1e-6], [-1e-6]]) for m in solved.joint_pi[joint])}
    assert not certify(game, pi, reading="fallible", lam=solved.lam, joint_pi=off).certified


PENNIES = """EFG 2 R "pennies" {{ "A" "B" }}
p "" 1 1 "" {{ "H" "T" }} 0
p "" 2 1 "" {{ "h" "t" }} 0 t "" 1 "" {{ {0} {4} }} t "" 2 "" {{ {1} {5} }}
p "" 2 1 0 t "" 3 "" {{ {2} {6} }} t "" 4 "" {{ {3} {7} }}"""
PAID = (3, -1, -2, 1, -3, 1, 2, -1)


@pytest.mark.parametrize("offset", [0, 10**9, 10**17, -(10**250)])
@pytest.mark.parametrize("power", [-12, 0, 15, -299])
def test_tampered_profiles_of_files_are_not_certified(offset: int, power: int) -> None:
    if offset == -(10**250) and power > 0:
        return  # above the largest number of a file
    numbers = [f"{u + (offset if k < 4 else 0)}e{power}" for k, u in enumerate(PAID)]
    game = parse_efg(PENNIES.format(*numbers))
    lam = 40.0 / game.stake
    solved = solve_extensive(game, lam)
    assert solved.certificate.certified
    # Four-digit figures of the same game without an offset, from the two logit equations.
    assert solved.prob == pytest.approx(logit_pennies(8.0), abs=1e-9)
    uniform = np.log(np.full(4, 0.5))
    assert not certify_extensive(game, uniform, lam).certified
    assert not certify_extensive(game, solved.log_prob, 1.01 * lam).certified


def logit_pennies(lam: float) -> np.ndarray:
    """Solve p = logit(lam (7 q - 2)), q = logit(-lam (7 p - 3)) by bisection of p."""
    def reply(p: float) -> tuple[float, float]:
        q = 1 / (1 + math.exp(lam * (7 * p - 3)))
        x = -lam * (7 * q - 2)
        return (1 / (1 + math.exp(x)) if x < 700 else 0.0), q

    low, high = 0.0, 1.0
    for _ in range(200):
        p = 0.5 * (low + high)
        low, high = (p, high) if reply(p)[0] > p else (low, p)
    return np.array([p, 1 - p, reply(p)[1], 1 - reply(p)[1]])


def test_a_negative_nash_conv_is_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding may make it negative by 1e-9 of the stake, not more."""
    from detente.equilibrium.certificates.best_response import BestResponse
    from detente.equilibrium.certificates.extensive import ExtensiveProfile

    game = pennies(1.0)
    solved = solve(game, 8.0)
    pi, mixes = solved.pi, solved.joint_pi
    spelt = parse_efg(PENNIES.format(*PAID))
    general = solve_extensive(spelt, 8.0)
    for loss, good in ((1e-11, True), (1e-6, False)):
        monkeypatch.setattr(BestResponse, "gains", lambda self, epsilon, loss=loss: [-loss, 0.0])
        monkeypatch.setattr(ExtensiveProfile, "_gains", lambda self, loss=loss: np.array([-loss]))
        one = certify(game, pi, reading="fallible", lam=8.0, joint_pi=mixes)
        two = certify_extensive(spelt, general.log_prob, 8.0)
        for found in (one, two):
            assert found.certified == good
            assert good or "negative beyond rounding" in found.note


def test_a_lambda_at_which_rounding_decides_is_not_certified() -> None:
    """Both moves are worth 1/3; one rounding of a worth moves the log-odds by 1e-6 at 1e10."""
    spelt = parse_efg("""EFG 2 R "" { "A" } p "" 1 1 "" { "safe" "risky" "bad" } 0
    t "" 1 "" { 1/3 } c "" 1 "" { "a" 1/3 "b" 2/3 } 0 t "" 2 "" { 1 } t "" 3 "" { 0 }
    t "" 3""")
    found = solve_extensive(spelt, 1e10).certificate
    assert not found.certified and "rounding errors" in found.note
    assert solve_extensive(spelt, 1e6).certificate.certified
    with pytest.raises(SolveError, match="lambda"):
        solve_extensive(spelt, 1e13)
    with pytest.raises(SolveError, match="lambda"):
        solve(pennies(1e6), 1e7)
    with pytest.raises(InputError, match="doubles"):
        solve(tree({"a": 1}, decide("a", {"l": end("l", a=1e16), "r": end("r", a=1e16 + 4)})), 1.0)
