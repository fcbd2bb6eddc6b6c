"""An analysis in steps: the same results, cancelled early, each game solved once, weights."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.analysis import Settings, analyse, begin
from detente.analysis.claims.sampling import share
from detente.analysis.claims.solving import Over
from detente.analysis.correlation import correlation_ratio
from detente.analysis.samples import Band
from detente.analysis.spread import band, percentile
from detente.cases import find, load
from detente.equilibrium import solve_batch, solve_deliberate
from detente.errors import InputError, NotReadyError
from detente.findings.document import document
from tests.conftest import make_crisis

FEW = {"samples": 24, "deliberate_samples": 4, "starts": 2, "seed": 5}
OPEN = {"delay_cost": "0.01 to 0.03", "war": {"win_chance": "0.5 to 0.6"}}


def test_steps_give_what_a_run_gives():
    one = begin(make_crisis(**OPEN), Settings(**FEW))
    names, done = [], Counter()
    while (step := one.step()) is not None:
        names.append(step.name)
        done[step.name] = step.done
    assert list(dict.fromkeys(names)) == [
        "load", "compile", "fallible", "deliberate", "others", "structure", "samples",
        "deliberate samples"]
    assert done["samples"] == 24 and done["deliberate samples"] == 4
    two = analyse(make_crisis(**OPEN), **FEW)
    assert json.dumps(document(one)) == json.dumps(document(two))


def test_deliberate_samples_tremble_as_the_centre_does():
    """Samples of point ranges are the centre itself, so its figure lies in its band.

    Trembles of another probability would move an outcome by about that probability.
    """
    found = analyse(make_crisis(), **FEW | {"samples": 4}, structure=False)
    assert found.deliberate.epsilon < found.settings.epsilon
    assert found.deliberate_band.solved.epsilon == found.epsilon == found.deliberate.epsilon
    centre = [found.deliberate.outcomes()[name] for name in found.names]
    # Learning stops at a NashConv of 2e-5 of the stake, from two different starts.
    assert found.deliberate_band.outcomes == pytest.approx(np.tile(centre, (4, 1)), abs=1e-3)
    trembling = solve_deliberate(found.compiled.tree, found.fallible, settle=None).outcomes()
    assert max(abs(p - trembling[name]) for p, name in zip(centre, found.names, strict=True)) > 2e-3


def test_chunks_equal_one_batch_to_the_last_bit():
    found = analyse(make_crisis(**OPEN), **FEW)
    theta = found.band.theta
    whole = solve_batch(found.compiled.tree, lambda which: found.compiled.numbers(theta[which]),
                        24, lam=found.lam, start=found.fallible)
    assert np.array_equal(whole.outcomes, found.band.outcomes)


def test_a_cancelled_analysis_keeps_what_is_done():
    found = begin(make_crisis(**OPEN), Settings(**FEW | {"samples": 600}))
    with pytest.raises(NotReadyError, match="call"):
        _ = found.fallible
    while (step := found.step()) is not None and step.name != "samples":
        pass
    assert step is not None and step.done < step.total == 600
    found.cancel()
    assert found.step() is None and found.cancelled
    assert found.band.outcomes.shape[0] == found.band.theta.shape[0] == step.done
    assert found.band.outcomes.sum(axis=1) == pytest.approx(1.0)
    assert found.fallible.certificate.certified
    with pytest.raises(NotReadyError):
        _ = found.deliberate_band
    more = found.step()
    assert more is None


def test_one_compile_and_each_game_solved_once(monkeypatch):
    """Counted over a whole run of a shipped case with claims, and over its document twice."""
    import detente.analysis.memo as memo
    import detente.equilibrium as equilibrium
    import detente.game.compile as compiling

    compiled, solved = Counter(), Counter()
    compile_scenario, solve = compiling.compile_scenario, equilibrium.solve

    def counted_compile(scenario, *args, **kwargs):
        compiled[scenario.model_dump_json()] += 1
        return compile_scenario(scenario, *args, **kwargs)

    actors = set(load(find("cuba-1962")).actors)

    def counted_solve(game, lam=40.0, **kwargs):
        if not set(game.players) <= actors:  # a published model that a claim points to
            return solve(game, lam, **kwargs)
        numbers = b"".join(p.tobytes() for p in (*game.payoff, game.weight, game.type_prob))
        solved[numbers, float(lam)] += 1
        return solve(game, lam, **kwargs)

    assert not hasattr(memo, "solve")  # bound at each call, so that the count sees it
    monkeypatch.setattr(compiling, "compile_scenario", counted_compile)
    monkeypatch.setattr(equilibrium, "solve", counted_solve)
    found = analyse("cuba-1962", samples=8, deliberate_samples=2, starts=1, structure=False)
    document(found)
    once = sum(solved.values())
    document(found)
    assert solved and set(compiled.values()) == {1} and set(solved.values()) == {1}
    assert sum(solved.values()) == once


numbers = st.lists(st.floats(-5, 5, allow_subnormal=False), min_size=2, max_size=30)


@given(numbers, st.data())
def test_a_weight_of_two_is_the_sample_twice(values, data):
    x = np.array(values)
    w = np.array(data.draw(st.lists(
        st.integers(0, 3), min_size=len(x), max_size=len(x)).filter(any)), dtype=float)
    twice = np.repeat(x, w.astype(int))
    assert band(x, w) == pytest.approx(band(twice))
    for q in (0, 30, 50, 100):
        assert percentile(x, q, w) == pytest.approx(np.percentile(twice, q))
    y = np.cos(3 * x)
    rows = np.repeat(np.arange(len(x)), w.astype(int))
    assert correlation_ratio(x, y, w) == pytest.approx(
        correlation_ratio(x[rows], y[rows], np.ones(len(rows))), abs=1e-6)


def test_weighted_correlation_is_the_plain_one_at_equal_weights():
    x = np.random.default_rng(1).random(256)
    y = np.sin(7 * x)
    assert correlation_ratio(x, y, np.ones(256)) == pytest.approx(correlation_ratio(x, y))


def test_weights_in_a_band_and_in_the_share_of_a_claim():
    outcomes = np.array([[0.1, 0.9], [0.5, 0.5], [0.9, 0.1]])
    mask, ok = np.array([True, False]), np.ones(3, dtype=bool)
    weighted = Band(outcomes, ok, np.zeros((3, 1)), None, weights=np.array([2.0, 0.0, 1.0]))
    plain = Band(outcomes[[0, 0, 2]], ok, np.zeros((3, 1)), None)
    assert weighted.between(mask) == pytest.approx(plain.between(mask))
    assert weighted.mean(mask) == pytest.approx(plain.mean(mask)) == pytest.approx(1.1 / 3)
    holds = np.array([[1.0, 0.0, 0.0]])
    one = share(Over(holds, holds, ok[None]), 0, np.array([2.0, 0.0, 1.0]))
    two = share(Over(holds[:, [0, 0, 2]], holds, ok[None]), 0)
    assert (one.share, one.low, one.high) == pytest.approx((two.share, two.low, two.high))
    assert one.share == pytest.approx(2 / 3)


def test_a_failed_step_is_not_the_end_of_the_analysis():
    found = begin("no-such-case", Settings(**FEW))
    for go in (found.step, found.step, found.run):
        with pytest.raises(InputError, match="no-such-case"):
            go()


@pytest.mark.parametrize("weights", [
    np.zeros(24), -np.ones(24), np.ones(5), np.full(24, np.nan), np.ones((24, 1))])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(InputError, match="24 finite numbers"):
        begin(make_crisis(**OPEN), Settings(**FEW), weights=weights)
    assert begin(make_crisis(**OPEN), Settings(**FEW), weights=[1] * 24).weights.dtype == float


@pytest.mark.parametrize(("name", "value"), [
    ("samples", 0), ("samples", -1), ("samples", 3.5), ("deliberate_samples", 0), ("seed", -1),
    ("workers", 0), ("starts", True), ("lam", float("nan")), ("lam", -1.0), ("epsilon", 0.0)])
def test_settings_out_of_bounds_are_refused(name, value):
    with pytest.raises(InputError, match=r"expected a"):
        Settings(**{name: value})


def test_results_of_fewer_samples_do_not_stay():
    """What is read in the middle of an analysis is computed again at its end."""
    case = make_crisis(**OPEN, claims=[{"id": "c", "says": "War.", "holds_if": "P(war) > 0.1"}])
    one = begin(case, Settings(**FEW | {"samples": 600}))
    while (step := one.step()) is not None and step.name != "samples":
        pass
    with pytest.raises(NotReadyError):
        _ = one.deliberate_band
    early = one.once(lambda a: len(a.band.certified), key="n")
    assert early == step.done < 600
    one.run()
    assert one.once(lambda a: len(a.band.certified), key="n") == 600
    two = analyse(case, **FEW | {"samples": 600})
    assert json.dumps(document(one)) == json.dumps(document(two))


def test_a_copy_with_parts_leaves_the_analysis_alone():
    one = begin(make_crisis(**OPEN), Settings(**FEW))
    while (step := one.step()) is not None and step.name != "samples":
        pass
    copy = one.with_parts()
    assert copy.step() is None
    one.run()
    assert len(one.deliberate_band.certified) == 4
    with pytest.raises(NotReadyError):
        _ = copy.deliberate_band


def test_a_misspelt_part_is_refused_with_the_nearest_name():
    one = begin(make_crisis(**OPEN), Settings(**FEW))
    with pytest.raises(InputError, match=r"no result 'othrs'.*did you mean 'others'"):
        one.with_parts(othrs=[])


@pytest.mark.parametrize(("call", "given", "meant"), [
    (dt.sweep, ("cuba-1962", "never.parquet"), "samples"), (dt.compare, ("cuba-1962",), "samples"),
    (dt.offramps, ("cuba-1962", "war <= 0.1"), "samples")])
def test_a_misspelt_setting_is_refused_with_the_nearest_name(call, given, meant):
    with pytest.raises(InputError, match=f"did you mean '{meant}'"):
        call(*given, **{"sampels": 4})


# Work ahead --------------------------------------------------------------------------------------


def test_work_ahead_is_done_once_and_its_error_comes_with_the_result():
    from detente.analysis.ahead import ahead

    for workers in (1, 2):
        done = []

        def work(done=done):
            done.append(1)
            raise ValueError("no structure")

        wait = ahead(work, workers)
        with pytest.raises(ValueError, match="no structure"):
            wait()
        assert done == [1]


def test_structures_are_the_same_with_one_worker_and_with_two():
    """They are solved beside the search for other equilibria, by the same arithmetic."""
    found = []
    for workers in (1, 2):
        one = begin("kargil-1999", Settings(starts=2, workers=workers))
        while one.step().name != "structure":
            pass
        found.append(one)
    a, b = (one.structure for one in found)
    assert [n.label for n in a.others] == [n.label for n in b.others]
    assert any(n.solved for n in a.others)
    for one, two in zip(a.others, b.others, strict=True):
        assert one.fallible == two.fallible and one.deliberate == two.deliberate
    assert [o.outcomes() for o in found[0].others] == [o.outcomes() for o in found[1].others]
