"""Several issues: payoffs by hand, the old game as a special case, derivatives, directions."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.game.pullback import pull_back
from tests.conftest import PLAIN, merged
from tests.mechanisms.tools import make_crisis, readings, rises

LEVELS = {"none": 0.0, "some": 0.45, "more": 0.55, "most": 0.65, "all": 1.0}
ONE = {"name": "the strait", "first": "aland", "status_quo": None,
       "issues": {"strait": {"levels": LEVELS, "status_quo": 0.4}}}
PACKAGES = [{"name": name, "levels": {"strait": name}} for name in ("some", "more", "most")]
TWO = {
    "name": "the border", "first": "aland", "status_quo": None,
    "issues": {
        "land": {"weight": {"aland": 3.0, "bland": 1.0}, "levels": {"kept": 0, "ceded": 1},
                 "status_quo": "kept"},
        "water": {"weight": {"aland": 1.0, "bland": 1.0}, "levels": {"kept": 0, "ceded": 1},
                  "status_quo": 0.5},
    },
}
TRADE = {"name": "land for water", "levels": {"land": "ceded", "water": "kept"}}
PLAIN_TWO = merged(PLAIN, {"stake": TWO, "offers": {"shares": None, "packages": [TRADE]}})


def two(offers=(TRADE,), **changes):
    given = {"stake": TWO, "offers": {"shares": None, "packages": list(offers)}, **changes}
    return make_crisis(**given)


def payoffs(crisis, kind, package=""):
    """Return the payoffs of both principals in an outcome at the centre, without delay."""
    compiled = compile_scenario(crisis)
    tree = compiled.tree
    found = [k for k, t in enumerate(tree.term_kinds)
             if str(t.outcome) == kind and t.package == package]
    at = np.isin(tree.terms, found)
    return [float(tree.payoff[i][at].max()) for i in range(2)]


# Without delay_cost, rungs and private costs each ending pays what the stake says.
BARE = {"ladder": ["talks", "war"], "delay_cost": 0.0}


def test_a_package_is_worth_the_weighted_shares_of_its_levels():
    # aland: (3 * 1 + 1 * 0) / 4; bland: (1 * 0 + 1 * 1) / 2.
    assert payoffs(two(**BARE), "settlement", "land for water") == pytest.approx([0.75, 0.5])
    # An issue left out stays at the status quo: aland (3 + 0.5) / 4, bland (0 + 0.5) / 2.
    alone = {"name": "land alone", "levels": {"land": "ceded"}}
    assert payoffs(two([alone], **BARE), "settlement", "land alone") == pytest.approx([0.875, 0.25])
    # The status quo: aland (0 + 0.5) / 4, bland (1 + 0.5) / 2.
    assert payoffs(two(**BARE), "status quo") == pytest.approx([0.125, 0.75])


def test_yielding_concedes_the_levels_that_the_other_demands():
    crisis = two(**BARE, actors={"aland": {"demand": {"land": "ceded"}}})
    # Bland yields: land goes to aland and water stays at the status quo.
    tree = compile_scenario(crisis).tree
    at = np.array([str(t.outcome) == "bland concedes" for t in tree.term_kinds])[tree.terms]
    assert np.unique(tree.payoff[0][at].round(12)).tolist() == [0.875]
    assert np.unique(tree.payoff[1][at].round(12)).tolist() == [0.25]
    # Aland yields: bland demands its best level of every issue.
    at = np.array([str(t.outcome) == "aland concedes" for t in tree.term_kinds])[tree.terms]
    assert np.unique(tree.payoff[0][at].round(12)).tolist() == [0.0]


def test_the_audience_cost_follows_the_shortfall_in_the_own_value():
    bare = two(**BARE)
    paid = two(**BARE, start={"rung": "talks", "commitments": {"aland": 0.4, "bland": 0.4}})
    before, after = (payoffs(c, "settlement", "land for water") for c in (bare, paid))
    # The shortfall of aland from 1 is 0.25 of its demand, that of bland 0.5.
    assert np.subtract(before, after) == pytest.approx([0.4 * 0.25, 0.4 * 0.5])


def test_one_issue_whose_levels_are_the_shares_is_the_old_game():
    """The two games agree in every number, so only rounding differs."""
    more = {"start": {"rung": "talks", "commitments": 0.2},
            "mechanisms": [{"ratification": {"of": "bland", "share_known": 0.4,
                                             "softness": 0.05}}]}
    old = readings(make_crisis(**more))
    new = readings(make_crisis(stake=ONE, offers={"shares": None, "packages": PACKAGES}, **more))
    for reading in old:
        a, b = old[reading].eq, new[reading].eq
        assert a.game.n_nodes == b.game.n_nodes
        assert a.outcomes() == pytest.approx(b.outcomes(), abs=1e-12)
        assert np.abs(a.leaf_reach - b.leaf_reach).max() < 1e-12


def test_an_ally_of_one_issue_is_paid_as_in_the_old_game():
    more = {"actors": {"cland": {"role": "third party", "sides_with": "bland",
                                 "stake_weight": 0.3}},
            "mechanisms": [{"spoiler": {"actor": "cland", "wrecks": 0.3, "gains": 0.1}}]}
    old = compile_scenario(make_crisis(**more)).tree
    new = compile_scenario(
        make_crisis(stake=ONE, offers={"shares": None, "packages": PACKAGES}, **more)).tree
    for one, two in zip(old.payoff, new.payoff, strict=True):
        assert np.abs(one - two).max() < 1e-12


def test_a_mediator_proposes_packages_and_its_bias_reads_the_part_of_the_first():
    union = {"union": {"role": "mediator", "stake_weight": 0.5}}
    entry = {"mediator": {"actor": "union", "proposes": "land for water", "at_turns": [1],
                          "bias": 1.0}}
    crisis = two(**BARE, actors=union, mechanisms=[entry])
    tree = compile_scenario(crisis).tree
    assert any(str(m) == "union: propose land for water" for m in tree.moves)
    i = tree.players.index("union")
    at = np.array([str(t) == "settlement: land for water" for t in tree.term_kinds])[tree.terms]
    # 0.5 * (1 for a settlement + bias * the part of aland), by even weights: (1 + 0) / 2.
    assert np.unique(tree.payoff[i][at].round(12)).tolist() == [0.75]
    with pytest.raises(InputError, match="name packages"):
        two(**BARE, actors=union, mechanisms=[{"mediator": {"actor": "union", "proposes": 0.5}}])


def test_an_ally_weighs_the_issues_itself_or_as_its_principal_does():
    ally = {"cland": {"role": "third party", "sides_with": "bland", "stake_weight": 1.0}}
    entry = {"spoiler": {"actor": "cland", "wrecks": 0.3, "gains": 0.0}}

    def worth(**weights):
        stake = {**TWO, "issues": {
            name: {**issue, "weight": {**issue["weight"],
                                       **({"cland": weights[name]} if weights else {})}}
            for name, issue in TWO["issues"].items()}}
        tree = compile_scenario(two(**BARE, stake=stake, actors=ally, mechanisms=[entry])).tree
        at = np.array([str(t) == "settlement: land for water" for t in tree.term_kinds])
        return float(tree.payoff[tree.players.index("cland")][at[tree.terms]].max())

    assert worth() == pytest.approx(0.5)
    assert worth(land=1.0, water=4.0) == pytest.approx(0.8)


def private(**kept):
    issues = {**TWO["issues"], "land": {**TWO["issues"]["land"], "weight": {"aland": 3.0}}}
    spec = {"weight_of_land": {"low": 0.5, "high": 4.0, "chance_high": 0.3}}
    return two(stake={**TWO, "issues": issues}, actors={"bland": {"private": spec}}, **kept)


def test_private_weights_count_by_type():
    tree = compile_scenario(private(**BARE)).tree
    at = np.array([t.package == "land for water" for t in tree.term_kinds])[tree.terms]
    worth = np.unique(tree.payoff[1][at].round(12))
    # water is worth 1 / (1 + 0.5) of the stake to the low type, 1 / (1 + 4) to the high one.
    assert worth.tolist() == pytest.approx([1 / 5, 2 / 3])
    vote = [{"ratification": {"of": "bland", "share_known": 0.5, "softness": 0.1}}]
    game = compile_scenario(private(**BARE, mechanisms=vote)).tree
    passes = np.unique(game.type_prob.round(12))
    expected = [1 / (1 + np.exp(-(x - 0.5) / 0.1)) for x in (1 / 5, 2 / 3)]
    assert all(np.abs(passes - p).min() < 1e-9 for p in expected)


def test_derivatives_reach_weights_levels_and_the_status_quo():
    """The chain rule against central differences (error of order step squared, 1e-8)."""
    compiled = compile_scenario(private(
        start={"rung": "talks", "commitments": 0.3},
        mechanisms=[{"ratification": {"of": "bland", "share_known": 0.4, "softness": 0.1}}]))
    rng = np.random.default_rng(0)
    tree, theta = compiled.tree, compiled.centre

    class By:
        lam = 0.0
        payoff = tuple(rng.normal(size=u.shape) for u in tree.payoff)
        weight = rng.normal(size=tree.weight.shape) * 0
        type_prob = rng.normal(size=tree.type_prob.shape)
        prior = tuple(np.zeros(p.shape) for p in tree.prior)
        observer_prior = None

    def total(values):
        n = compiled.numbers(values)
        return sum((b * u[..., 0]).sum() for b, u in zip(By.payoff, n.payoff, strict=True)) + (
            By.type_prob[:, : n.type_prob.shape[1]] * n.type_prob[..., 0]).sum()

    exact = pull_back(compiled.polynomials, theta, By)
    checked = 0
    for k, path in enumerate(compiled.paths):
        if "issues" not in path and "weight_of" not in path:
            continue
        step = np.zeros_like(theta)
        step[k] = 1e-4
        numeric = (total(theta + step) - total(theta - step)) / 2e-4
        if path.endswith("chance_high"):
            continue
        assert exact[k] == pytest.approx(numeric, abs=1e-5 * max(1, abs(numeric))), path
        checked += abs(numeric) > 1e-3
    assert checked >= 6


def test_generated_packages_are_the_efficient_ones():
    crisis = make_crisis(stake=TWO, offers={"shares": None, "efficient": 3})
    names = [t.package for t in compile_scenario(crisis).graph.term_kinds if t.package]
    # Of four combinations, "water alone" is worse for both than "land for water".
    assert sorted(set(names)) == ["land ceded water ceded", "land ceded water kept",
                                  "water kept"]


WRONG = [
    ({"stake": {**TWO, "status_quo": 0.4}}, "stake.status_quo"),
    ({"offers": {"packages": [TRADE], "shares": [0.5]}}, "offers.shares"),
    ({"offers": {"packages": [{"name": "a", "share": 0.5}]}}, "share"),
    ({"offers": {"packages": [{"name": "a", "levels": {"lnd": "ceded"}}]}}, "'land'"),
    ({"offers": {"packages": [{"name": "a", "levels": {"land": "cede"}}]}}, "'ceded'"),
    ({"actors": {"aland": {"demand": 0.7}}}, "levels of issues"),
    ({"actors": {"bland": {"demand": {"water": "ceded"}}}}, "worse for it"),
    ({"actors": {"bland": {"private": {"weight_of_lnd": {"low": 1, "high": 2,
                                                         "chance_high": 0.5}}}}},
     "weight_of_land"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG)
def test_faults_are_named(changes, said):
    given = {"stake": TWO, "offers": {"shares": None, "packages": [TRADE]}}
    with pytest.raises(InputError) as wrong:
        make_crisis(**{**given, **{
            k: ({"shares": None, **v} if k == "offers" else v) for k, v in changes.items()}})
    assert said in str(wrong.value)


@pytest.mark.parametrize(("changes", "said"), [
    ({"offers": {"packages": [{"name": "a", "levels": {"x": "y"}}]}}, "has no issues"),
    ({"offers": {"efficient": 2}}, "efficient set needs"),
    ({"actors": {"aland": {"demand": {"x": "y"}}}}, "has no issues"),
    ({"stake": {"status_quo": None}}, "status_quo is missing"),
])
def test_levels_need_issues(changes, said):
    with pytest.raises(InputError) as wrong:
        make_crisis(**changes)
    assert said in str(wrong.value)


def drawn(rng, spread):
    """Weights 1/2 + spread on opposite issues; costs of war that leave room for a settlement."""
    a = 0.5 + spread
    issues = {
        name: {"weight": {"aland": wa, "bland": 1 - wa}, "levels": {"kept": 0, "ceded": 1},
               "status_quo": 0.5}
        for name, wa in (("land", a), ("water", 1 - a))
    }
    costs = {name: {"private": {"war_cost": {"between": [0.02, float(rng.uniform(0.1, 0.3))],
                                             "types": 3}}} for name in ("aland", "bland")}
    return make_crisis(
        stake={**TWO, "issues": issues}, actors=costs, ladder=["talks", "war"],
        war={"win_chance": float(rng.uniform(0.45, 0.55))},
        offers={"shares": None, "packages": [TRADE]})


def test_a_package_that_is_better_for_both_raises_settlement():
    """At spread 0 the trade equals the status quo; above it both sides gain from it."""
    rises(drawn, 0.0, 0.25, lambda s: s.p("settlement"), seed=11, strictly=0.05)
