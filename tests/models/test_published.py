# ruff: noqa: E501 - a point a line reads as the table it is
"""Printed points of the models: tables worked out by hand or with other programs, not with this."""

from __future__ import annotations

import pytest

from detente.models import load

DIGITS = 6e-9
"""The tables carry eight digits."""

POINTS = [
    ("fearon-1995", {"p": .3, "c_A": .05, "l": 0, "h": .3}, {"demand": .425, "war": .41666667, "payoff_A": .35208333}),
    ("fearon-1995", {"p": .6, "c_A": .2, "l": .1, "h": .5}, {"demand": .75, "war": .125, "payoff_A": .70625}),
    ("fearon-1995", {"p": .5, "c_A": .1, "l": .2, "h": .45}, {"demand": .7, "war": 0, "payoff_A": .7}),
    ("fearon-1995-binary", {"q": .65}, {"war": 0, "threshold": .6}),
    ("fearon-1995-odds", {"a": .2, "b": .9, "c_A": .05, "c_B": .15}, {"war": .71428571}),
    ("powell-2006", {"p1": .7, "p2": .6, "c": .1, "d": .9}, {"margin_for_ever": .05, "war_for_ever": 1}),
    ("powell-2006", {"p1": .7, "p2": .3, "c": .1, "d": .4}, {"margin_for_ever": -.08, "war_for_ever": 0}),
    ("powell-2006", {"p1": .8, "p2": .2, "c": .2, "d": .6}, {"margin_for_ever": .2, "war_for_ever": 1}),
    ("powell-2006-gradual", {"p1": .8, "shift": .6, "c": .05, "d": .9}, {"fewest": 22}),
    ("powell-2006-gradual", {"p1": .6, "shift": .5, "d": .95}, {"fewest": 19}),
    ("smith-stam-2004", {}, {"ends": 17}), ("smith-stam-2004", {"gap": .2, "N": 5, "cost": .25}, {"ends": 0}),
    ("zagare-kilgour-2000-rudimentary", {"r": .34}, {"needed": .33333333, "deterred": 1}),
    ("zagare-kilgour-2000-rudimentary", {"r": .33}, {"deterred": 0, "war": .33}),
    ("iida-1993-alternating", {"d": .9, "r": .4}, {"share": .52631579, "bites": 0}),
    ("iida-1993-alternating", {"d": .8, "r": .7}, {"share": .76, "bites": 1}),
    ("fearon-1995-first-strike", {"p_f": .6, "p_s": .5, "c_A": .1, "c_B": .1}, {"low": .5, "high": .6, "war": 0}),
    ("carlsson-van-damme-1993", {"mu": .45, "sigma": .3}, {"cutoff_1": .2022019401, "equilibria": 1}),
    ("carlsson-van-damme-1993", {"mu": .45, "sigma": .3, "rho": .5}, {"cutoff_1": .2892677499}),
    ("carlsson-van-damme-1993", {"mu": .45, "sigma": .3, "rho": .9}, {"cutoff_1": .3320291828}),
    ("carlsson-van-damme-1993", {"mu": .45, "sigma": .3, "rho": .99}, {"cutoff_1": .3450540054}),
    ("carlsson-van-damme-1993", {"mu": .45, "sigma": .3, "rho": .9999}, {"cutoff_1": .3495276097}),
    ("carlsson-van-damme-1993", {"rho": .9}, {"cutoff_1": .35, "equilibria": 1}),
    ("fearon-1994", {"a1": 1, "a2": 1, "W1": 1, "W2": 1},
     {"horizon": .61803399, "k_1": 1, "k_2": 1, "war": .38196601, "concedes_1": .30901699}),
    ("fearon-1994", {"a1": 1, "a2": 1, "W1": 2, "W2": 2}, {"horizon": 1, "war": .25, "concedes_2": .375}),
    ("fearon-1994", {"a1": 5, "a2": 5, "W1": 3, "W2": 3}, {"war": .18858048}),
    ("schultz-2001", {"a": .2, "W_A": 1, "W_B": 1},
     {"challenge": .36666667, "resist": .83333333, "fight": .54545455, "war": .16666667,
          "back_down": .13888889, "concede": .06111111}),
    ("schultz-2001", {"a": .3, "W_A": 2, "W_B": 1},
     {"challenge": .26538462, "resist": .76923077, "fight": .56521739, "war": .11538462,
          "back_down": .08875740, "concede": .06124260}),
    ("schultz-2001", {"a": .9, "W_A": 1, "W_B": 1},
     {"challenge": 1, "resist": .11111111, "war": .1, "back_down": .01111111}),
    ("lewis-schultz-2003", {}, {
        "equilibria": 3, "resist_1": .25110462, "challenge_1": .99478947, "fight_1": .30969510,
        "war_1": .07736067, "resist_2": .59472283, "challenge_2": .37986783, "fight_2": .24156276,
        "war_2": .05457291, "resist_3": .81332172, "challenge_3": .20545184, "fight_3": .20875939,
        "war_3": .03488337}),
    ("lewis-schultz-2003", {"W_B": -2.6}, {
        "equilibria": 1, "resist_1": .93074522, "challenge_1": .15970496, "fight_1": .19679755,
        "war_1": .02925290}),
    ("schelling-1966", {"p": .7}, {"most": .16071429, "made": 0}),
    ("powell-1988", {"r_C": .1, "r_D": .3, "d_C": 2, "d_D": 3, "f1": .05, "f2": .1},
     {"mu_star": .16666667, "r_star": .74561404, "escalate_C": .55555556, "escalate_D": .63659148,
          "challenge": .6, "disaster": .13625}),
    ("powell-1988", {"r_C": .3, "r_D": .1, "d_C": 1.5, "d_D": 1, "f1": .1, "f2": .2},
     {"mu_star": .375, "r_star": .64102564, "escalate_C": .71428571, "escalate_D": .60113960,
          "challenge": .8, "disaster": .31076923}),
    ("powell-1988", {"r_C": .2, "r_D": .6, "d_C": 1, "d_D": 1, "f1": .2, "f2": .2},
     {"escalate_C": .41666667, "escalate_D": .0625, "challenge": .53333333, "disaster": .24}),
    ("fearon-1997-tied", {"p": .6, "c": .4, "eps": .1},
     {"cutoff": .04166667, "cost": .375, "utility": .44083333, "war": .09583333}),
    ("fearon-1997-sunk", {}, {"cutoff": .6, "cost": .48, "utility": .072, "war": .08}),
    ("fearon-1997-bluff", {}, {"cutoff": .33333333, "cost": .26666667, "signals": .66666667, "bluffs": .4}),
    ("fearon-1997-types", {}, {"least": .4, "most": .7, "separates": 1}),
    ("kydd-walter-2002", {"s": .4}, {"trust_after_violence": .58333333,
     "trust_after_none": .91477273, "success": 0, "comes_off": .648}),
    ("kydd-walter-2002", {"t": .8, "s": .7, "alpha": .5, "b": 1, "l": 2}, {
        "t_bar": .66666667, "trust_after_violence": .54545455, "trust_after_none": .87179487, "s_bar": .5,
        "success": 1, "comes_off": .22}),
    ("kydd-walter-2002", {"t": .6, "s": .9}, {"trust_after_violence": .13043478,
     "trust_after_none": .93174061, "s_bar": .33333333, "comes_off": .414}),
    ("kydd-2003", {"e": .1}, {"b_min": .55769231}),
    ("kydd-2003", {"gamma": 0, "e": .1}, {"b_min": .51923077}),
    ("kydd-2003", {"gamma": 1, "e": .2}, {"b_min": 1}),
    ("bishop-cannings-1978", {"v": .9, "c": .5}, {"time_prize": 1.402585093, "time_cost": 1,
     "payoff_cost": .15342641}),
    ("powell-2004", {"q": .7}, {"rounds": 0, "battle": 0, "offer_1": .33333333}),
    ("powell-2004", {"q": .5}, {"rounds": 1, "battle": .5, "offer_1": .18333333}),
    ("powell-2004", {"q": .35}, {"battle": .35}),
    ("kydd-2005", {"R": 3, "T": 2, "P": 1, "S": 0}, {"least_trust": .5}),
    ("kreps-wilson-1982", {"N": 20, "b": .7, "a": 3, "delta": .05}, {
        "n_star": 8, "entry_9": 0, "entry_8": 1}),
    ("kreps-wilson-1982", {"N": 10, "b": .4, "a": 1.5, "delta": .02}, {"n_star": 4}),
    ("iida-1993", {"R": .3}, {"offer": .3, "ratify": 1, "home_share": .3}),
    ("iida-1993", {"R": 1}, {"offer": .5, "ratify": .5, "home_share": .25}),
    ("zagare-kilgour-2000", {"r_C": .3, "r_D": .55}, {"war": .165}),
    ("zagare-kilgour-2000", {"r_C": .3, "r_D": .7}, {"war": 0, "demand": 0}),
    ("zagare-kilgour-2000", {"r_C": .7, "r_D": .2}, {"war": .14}),
    ("zagare-kilgour-2000", {"r_C": .1, "r_D": .3, "s": .4, "h_C": .1, "k_D": 2},
     {"demand_soft": .22222222, "deny_soft": .42857143, "war": .06}),
    ("signorino-tarar-2006", {"u11": .2, "u13": 1, "u14": -2, "u24": -.3},
     {"defend": .41600201, "status_quo": .62429781, "capitulation": .21940932, "war": .15629287}),
    ("signorino-tarar-2006-private", {"u11": .2, "u13": 1, "u14": -2, "u24": -.3},
     {"status_quo": .64210341, "capitulation": .20901089, "war": .14888570}),
    ("richardson-1960", {"a": 1.2, "b": 1, "m": 1, "n": 1}, {"stable": 0, "eigenvalue": .09544512}),
    ("richardson-1960", {"a": .5, "b": .4, "m": .8, "n": .7, "g": .1, "h": .1}, {
        "x": 1 / 3, "y": 1 / 3, "eigenvalue": -.3}),
]  # fmt: skip

QUANTAL = [
    ("mckelvey-palfrey-1998", .1, {"enter": .502491679239311, "fight": .450166002687522}),
    ("mckelvey-palfrey-1998", 2, {"enter": .8730339992228, "fight": .0179862099620916}),
    ("centipede", .5, {"take_1": .296256574927, "take_2": .277980285574, "take_3": .464883649356,
                           "take_4": .832018385134}),
    ("centipede", 5, {"take_1": .851436104018, "take_2": .981847186831, "take_3": .999664647757,
                          "take_4": .999999887465}),
    ("quantal-2x2", 2, {"row_1": .772676607122, "column_1": .6117434792}),
    ("quantal-2x2", 3, {"row_1": .859536709589, "column_1": .603815785962}),
    ("stripped-poker", 2, {"bet_king": .995177813609, "bet_queen": .502729476651, "call": .66484699749}),
    ("stripped-poker", 5, {"bet_king": .999998567383, "bet_queen": .409019809555, "call": .69120126061}),
    ("schultz-2001-quantal", .5, {"resist": .530491406536, "challenge_tough": .548237624519,
                                      "challenge_weak": .500497601058, "fight": .419869825329}),
    ("schultz-2001-quantal", 5, {"resist": .795208635169, "challenge_tough": .787248770233,
                                     "challenge_weak": .270778609634, "fight": .404820801552}),
    ("schultz-2001-quantal", 10, {"resist": .742348330403, "challenge_tough": .964697191538,
                                      "challenge_weak": .243136120871, "fight": .496766109659}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "expected"), POINTS)
def test_printed_points(name, given, expected):
    found = load(name).closed_form(**given)
    assert {k: found[k] for k in expected} == pytest.approx(expected, abs=DIGITS, rel=0)


@pytest.mark.parametrize(("name", "lam", "expected"), QUANTAL)
def test_printed_quantal_responses_and_the_solver(name, lam, expected):
    """Twelve digits are printed; the solver has to give the same ones."""
    model = load(name)
    for found in (model.closed_form(lam=lam), model.solver(lam=lam).values):
        assert {k: found[k] for k in expected} == pytest.approx(expected, abs=1e-11, rel=0)


def test_ochs_matching_pennies_and_its_likelihood():
    """Gambit's tutorial on Ochs (1995): data .527 and .366 of 128 plays; see 14d."""
    from detente.models.ochs import fitted

    model = load("ochs-1995")
    for lam, row, column in ((1, .586784036664, .45180703139), (2, .617521945926, .371981664218),
                             (3, .616896850099, .314016361812)):
        for found in (model.closed_form(lam=lam), model.solver(lam=lam).values):
            assert found["row_1"] == pytest.approx(row, abs=1e-11)
            assert found["column_1"] == pytest.approx(column, abs=1e-11)
    lam, likelihood = fitted()
    assert lam == pytest.approx(1.845610, abs=2e-5)
    assert likelihood == pytest.approx(-174.764532, abs=1e-5)
    found = model.solver(lam=lam).values
    assert found["row_1"] == pytest.approx(.615651, abs=1e-6)
    assert found["column_1"] == pytest.approx(.383291, abs=1e-6)


def test_the_chain_store_path_of_twenty():
    found = load("kreps-wilson-1982").closed_form(N=20, b=.7, a=3, delta=.05)
    assert [found[f"entry_{n}"] for n in range(8, 0, -1)] == pytest.approx(
        [1, .797622, .905557, .922872, .948581, .963407, .974525, .982135], abs=6e-7)


def test_screening_thresholds():
    from detente.models.screening import thresholds

    qs = [1 / (1 + m) for m in thresholds(.05, .05, .2, .3)[:4]]
    assert qs == pytest.approx([.6, .30731707, .11556748, .02866390], abs=DIGITS)


def test_the_variant_of_sunk_costs_with_bluffers():
    from detente.models.signals import cheapest_sunk, separating_costs

    found = cheapest_sunk(1, .5, .3, .2, .6)
    assert [found[k] for k in ("cutoff", "cost", "utility")] == pytest.approx(
        [.33333333, .26666667, .185778], abs=6e-7)
    low, high = separating_costs(.5, .5, .3, .1)  # equal values, war better than nothing: none
    assert not low < high
