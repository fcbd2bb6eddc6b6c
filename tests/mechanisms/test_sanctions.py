"""Sanctions: backward induction by hand, directions, neutrality, errors and commands."""

from __future__ import annotations

import numpy as np
import pytest

from detente.equilibrium import solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.mechanisms.tools import SLACK, readings, rises
from tests.support.program import outputs

IMPOSE = "aland: escalate to sanctions"


def changes(resolve=None, **numbers):
    """Aland imposes or holds, bland concedes or holds, and the deadline passes."""
    entry = {"by": "aland", "at": "sanctions", "cost": 0.05, "burden": 0.1, "bite": 0.4,
             "bitten": 0.3, **numbers}
    private = {"war_cost": {"between": [0.1, 0.5], "types": 2}}
    target = {**private, "resolve": resolve} if resolve else private
    return {
        "actors": {
            "aland": {"private": private, "will_not": ["attack", "yield"]},
            "bland": {"private": target, "will_not": ["attack"]}},
        "ladder": ["talks", {"sanctions": {"by": "aland"}}, "war"], "offers": None,
        "turns": {"each": 1}, "mechanisms": [{"sanctions": entry}]}


def test_backward_induction_by_hand():
    """In draws: logit choices of bland by resolve and of aland before them."""
    rng = np.random.default_rng(1)
    for _ in range(3):
        cost, burden, bite, more, quo, delay, r = rng.uniform(0.05, 0.4, 7).tolist()
        lam = 12.0
        low, high = 0.5 * r, 1.5 * r
        tree = compile_scenario(make_crisis(**merged(changes(
            {"low": low, "high": high, "chance_high": 0.5}, cost=cost, burden=burden, bite=bite,
            bitten=more), {"stake": {"status_quo": quo}, "delay_cost": delay}))).tree

        def yields(bill, resolve, quo=quo, delay=delay, lam=lam):
            # bland has 1 - quo less the bill and the delay of its turn if it holds, 0 if not
            return 1 / (1 + np.exp(lam * (1 - quo - bill - delay + resolve)))

        given = [0.5 * sum(yields(burden + b * more, x) for x in (low, high)) for b in (0, 1)]
        after = bite * given[1] + (1 - bite) * given[0]
        idle = yields(0.0, 0.0)
        imposing = after + (1 - after) * (quo - cost) - cost
        holding = idle + (1 - idle) * quo
        impose = 1 / (1 + np.exp(lam * (holding - imposing)))
        found = solve(tree, lam).outcomes()
        expected = impose * after + (1 - impose) * idle
        # solved to a residual of 1e-8 in probabilities
        assert found["bland concedes"] == pytest.approx(expected, abs=1e-6)


def test_neutral_is_without():
    plain = changes()
    there = make_crisis(**merged(plain, {"mechanisms": [{"sanctions": {
        "by": "aland", "at": "sanctions", "cost": 0, "burden": 0, "bite": 0, "bitten": 0.3}}]}))
    without = make_crisis(**{**plain, "mechanisms": []})
    one, two = (solve(compile_scenario(x).tree, 12.0).outcomes() for x in (there, without))
    assert one == pytest.approx(two, abs=1e-6)  # two games, each to a residual of 1e-8


RESOLVE = {"between": [0.0, 0.4], "types": 4}


def region(rng, **numbers):
    return make_crisis(**merged(changes(RESOLVE, **numbers), {
        "stake": {"status_quo": rng.uniform(0.5, 0.7)}}))


def test_a_bite_makes_the_target_concede():
    rises(lambda rng, x: region(rng, bite=x), 0.1, 0.9,
          lambda s: s.given((IMPOSE,), "bland concedes"), seed=71, strictly=0.02)


def test_a_heavier_burden_makes_the_target_concede():
    rises(lambda rng, x: region(rng, burden=x, bite=0.1), 0.05, 0.5,
          lambda s: s.given((IMPOSE,), "bland concedes"), seed=72, strictly=0.02)


def test_a_costly_sanction_is_imposed_less():
    rises(lambda rng, x: region(rng, cost=x, burden=0.2), 0.0, 0.3,
          lambda s: -s.event(IMPOSE), seed=73, strictly=0.02)


THREATEN = "aland: escalate to threat"


def threatened(rng, threat=True, **target):
    """Sanctions after a rung on which the sender threatens them, or without that rung."""
    burden = rng.uniform(0.3, 0.4)
    numbers = {"burden": burden, "cost": rng.uniform(0.005, 0.015),
               "bite": rng.uniform(0.2, 0.4), "bitten": burden * rng.uniform(1.0, 1.2)}
    quo = 1 - burden * rng.uniform(0.85, 0.95)  # the part in dispute is near the burden
    private = target or {"resolve": {"between": [0.0, 1.6 * burden], "types": 4}}
    case = merged(changes(**numbers), {
        "stake": {"status_quo": quo}, "delay_cost": 0.005, "turns": {"each": 2 if threat else 1},
        "ladder": ["talks", *([{"threat": {"by": "aland"}}] if threat else []),
                   {"sanctions": {"by": "aland"}}, "war"]})
    case["actors"]["bland"]["private"] = {"war_cost": {"between": [0.1, 0.5], "types": 2},
                                          **private}
    return make_crisis(**case)


def successes(x):
    """How often a threat works before sanctions, and how often sanctions after it do."""
    both = x.event(THREATEN, IMPOSE) / x.event(THREATEN)
    imposed = x.given((THREATEN, IMPOSE), "bland concedes")
    return x.given((THREATEN,), "bland concedes") - both * imposed, imposed


@pytest.mark.parametrize("target", [
    {}, {"stake_weight": {"between": [0.5, 4.0], "types": 4}}], ids=["resolve", "weight"])
def test_threats_select_the_resolute(target):
    """Drezner 2003, Lacy & Niou 2004: imposed sanctions are the hard cases."""
    compared = {"fallible": [], "deliberate": []}
    for k in range(6):
        one, two = (readings(threatened(np.random.default_rng([74, k]), x, **target))
                    for x in (True, False))
        for reading in one.keys() & two.keys():
            threat, imposed = successes(one[reading])
            alone = two[reading].given((IMPOSE,), "bland concedes")
            assert threat >= imposed - SLACK[reading], (reading, k, threat, imposed)
            assert alone >= imposed - SLACK[reading], (reading, k, alone, imposed)
            compared[reading].append((threat - imposed, alone - imposed))
    for reading, found in compared.items():
        assert len(found) >= 3, (reading, "too few comparisons")
        assert np.mean(found, axis=0).min() > 0.02, (reading, found)


def test_derivatives_reach_every_number():
    compiled = compile_scenario(make_crisis(**changes(RESOLVE)))
    base = compiled.game().payoff
    for path in ("sanctions.cost", "sanctions.burden", "sanctions.bitten",
                 "actors.bland.private.resolve.between.1"):
        moved = compiled.game({path: 0.45}).payoff
        assert any(np.abs(a - b).max() > 1e-3 for a, b in zip(base, moved, strict=True)), path


def test_a_wrong_rung_says_what_is_allowed():
    with pytest.raises(InputError, match="is an outcome; sanctions need a rung below war"):
        make_crisis(**merged(changes(at="war"), {"ladder": ["talks", "sanctions", "war"]}))
    with pytest.raises(InputError, match="is a rung of bland"):
        make_crisis(**merged(changes(), {"ladder": ["talks", {"sanctions": {"by": "bland"}},
                                                    "war"]}))


def detente(*words, into=None):
    return outputs(*words, timeout=120, stdin=(into or "").encode())


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sanctions") / "case.yaml"
    path.write_text(text_of(merged(PLAIN, {**changes(RESOLVE), "claims": [
        {"id": "work", "says": "Sanctions work.",
         "holds_if": "P(bland concedes | aland.reaches(sanctions)) > 0.2"}]})).replace(
             "offers: null", ""))
    return path


def test_check_claims_and_explain_know_it(file):
    checked = detente("check", str(file))
    assert checked.returncode == 0, checked.stderr
    assert "the sanctions of aland bite" in " ".join(checked.stdout.split())
    asked = detente("claims", str(file))
    assert asked.returncode == 0 and "work" in asked.stdout, asked.stderr
    told = detente("explain", "sanctions.bite")
    assert told.returncode == 0 and "Chance per turn" in told.stdout


def test_the_briefing_and_the_ladder_show_them(file):
    import detente as dt
    from detente.findings import ladder
    from detente.play.board import Board
    from detente.play.briefing import briefing

    for who in ("aland", "bland"):
        told = briefing(Board(compile_scenario(dt.load(file))), who, 0)
        words = " ".join(x for _, said in told.sections for x in said)
        assert "burden: 0.1." in words, words
    rows = ladder.rows(dt.analyse(dt.load(file), samples=8))
    row = next(r for r in rows if r["name"] == "sanctions")
    assert set(row["by"]) == {"aland"}  # bland passes over the rung
    assert row["notes"][0] == "rung of aland alone"
    assert any("chance to bite" in note for note in row["notes"])


def test_it_can_be_played(file):
    found = detente("play", str(file), "--as", "aland", into="2\n1\n1\n1\n1\n")
    assert found.returncode == 0, found.stderr
    assert "sanctions" in found.stdout


def test_events_can_follow_the_bite(file, tmp_path):
    events = tmp_path / "case.events.yaml"
    events.write_text("""follows: plain
title: Sanctions
sources: [{id: press, cite: The press}]
events:
  - {id: a, date: 2020-01-01, says: Imposed., source: press, actor: aland,
     move: escalate to sanctions}
  - {id: b, date: 2020-02-01, says: Felt., source: press, chance: the sanctions of aland bite}
""")
    found = detente("follow", str(file), str(events), "--samples", "128")
    assert found.returncode == 0, found.stderr + found.stdout
    assert "2 of 2" in found.stdout  # both events have a place in the game
