# ruff: noqa: E501 - a point a line reads as the table it is
"""The rest of the printed points: those at the models' defaults, and those of the plain functions."""

from __future__ import annotations

import pytest

from detente.models import load

DIGITS = 6e-9
"""The tables carry eight digits."""

POINTS = [
    ("fearon-1995", {"p": .5, "c_A": .1, "l": 0, "h": .4}, {"demand": .65, "war": .375, "payoff_A": .55625}),
    ("fearon-1995-binary", {"c_L": .1, "c_H": .4, "c_A": .1, "q": .55}, {"threshold": .6, "war": .55}),
    ("fearon-1995-two-sided", {"C": .4, "K": .4}, {"war": .25}),
    ("fearon-1995-two-sided", {"C": .4, "K": .2}, {"war": .375}),
    ("fearon-1995-two-sided", {"C": .3, "K": .6}, {"war": .125}),
    ("fearon-1995-odds", {"a": .3, "b": .8, "c_A": .1, "c_B": .1}, {"war": .6}),
    ("fearon-1995-odds", {"a": .4, "b": .5, "c_A": .1, "c_B": .1}, {"war": 0}),
    ("powell-2006", {"p1": .7, "p2": .3, "c": .1, "d": .9},
     {"margin_for_ever": .32, "war_for_ever": 1, "p2_star": .6555555556, "d_star": .5}),
    *[("powell-2006", {"p1": .7, "p2": .3, "c": .1, "d": .9, "T": T}, {"margin": margin, "war": float(margin > 0)})
      for T, margin in ((2, -.04), (3, .284), (5, .83804), (10, 1.80528624), (50, 3.17938490))],
    ("powell-2006-gradual", {"p1": .7, "shift": .4, "c": .1, "d": .9}, {"fewest": 9}),
    ("fearon-1995-first-strike", {"p_f": .7, "p_s": .4, "c_A": .1, "c_B": .1}, {"width": -.1, "war": 1}),
    ("fearon-1995-first-strike", {"p_f": .62, "p_s": .45, "c_A": .1, "c_B": .05}, {"width": -.02, "war": 1}),
    ("schelling-1960", {"d": .3, "s": 1, "w": .6}, {"q_star": .42857143, "attack": 1}),
    ("schelling-1960", {"d": .5, "s": 1, "w": .6}, {"q_star": .55555556, "attack": 0}),
    ("schelling-1960", {"d": .2, "s": .8, "w": .5}, {"q_star": .4}),
    ("carlsson-van-damme-1993", {"mu": .35, "sigma": .1},
     {"equilibria": 3, "cutoff_1": .10341745, "cutoff_2": .35, "cutoff_3": .59658255}),
    ("baliga-sjostrom-2004", {"mu": .1, "d": .5, "C": 1}, {"build": .16666667}),
    ("baliga-sjostrom-2004", {"mu": .2, "d": .6, "C": 1}, {"build": .33333333}),
    ("baliga-sjostrom-2004", {"mu": .01, "d": .9, "C": 1}, {"build": .09090909}),
    ("baliga-sjostrom-2004", {"mu": .1, "d": 1.2, "C": 1}, {"build": 1}),
    ("fearon-1994", {"a1": 2, "a2": 1, "W1": 1, "W2": 1},
     {"horizon": .366025403784, "k_1": 1, "k_2": .633974596216, "war": .267949192431,
      "concedes_1": .13113915, "concedes_2": .60091165}),
    ("schultz-2001", {"a": .5, "W_A": 1, "W_B": .5},
     {"challenge": .66666667, "resist": .66666667, "fight": .75, "war": .33333333, "back_down": .11111111, "concede": .22222222}),
    ("schultz-2001-types", {"phi": .2, "a": .5, "k": .8}, {"bluff": .2, "resist": .66666667, "fight": .55555556}),
    ("schelling-1966", {"p": .5}, {"least": .2, "most": .375, "hardest": .65217391}),
    ("powell-1988", {"r_C": .2, "r_D": .2, "d_C": 1, "d_D": 1, "f1": .1, "f2": .1},
     {"mu_star": .44444444, "r_star": .80808081, "escalate_C": .3125, "escalate_D": .76010101,
      "challenge": .45, "disaster": .20863636}),
    ("fearon-1997-tied", {"V": 1, "p": .5, "c": .3, "eps": .2},
     {"cutoff": .06666667, "cost": .26666667, "utility": .392, "war": .18666667}),
    ("fearon-1997-sunk", {"V": 1, "p": .6, "c": .4, "eps": .1},
     {"cutoff": .66666667, "cost": .6, "utility": .05333333, "war": .03333333}),
    ("kydd-walter-2002", {"t": .7, "s": .8, "alpha": .9, "b": 1, "l": 1},
     {"t_bar": .5, "trust_after_violence": .31818182, "trust_after_none": .95033113, "s_bar": .57142857, "success": 1, "comes_off": .396}),
    ("kydd-2003", {"e": .05, "gamma": .2}, {"b_min": .52678571, "war": .025, "war_without": .5}),
    ("kydd-2003", {"c_L": .1, "c_H": .3, "c_1": .2, "gamma": .5, "e": .05}, {"b_min": .58904110}),
    ("bishop-cannings-1978", {"v": .5, "c": .25, "V": 1},
     {"time_prize": .1931471806, "payoff_prize": .125, "time_cost": 3, "payoff_cost": .40342641}),
    ("powell-2004", {"q": .2}, {"accept_1": .66666667, "accept_2": .4, "battle": .33333333, "two_battles": .14,
                                "decisive": .142, "offer_1": .07833333, "offer_2": .18333333, "offer_3": .33333333}),
    ("powell-2004", {"q": .1}, {"offer_1": .00483333}),
    ("smith-stam-2004", {"gap": .3, "N": 20, "cost": .1}, {"ends": 40}),
    ("kydd-2005", {"R": 4, "T": 3, "P": 2, "S": 0}, {"least_trust": .66666667}),
    ("kydd-2005", {"R": 1, "T": .5, "P": 0, "S": -1}, {"least_trust": .66666667}),
    ("kydd-2000", {"alpha": .45}, {"least": .4, "most": .5, "separates": 1}),
    ("kydd-2000", {"alpha": .38}, {"separates": 0}), ("kydd-2000", {"alpha": .52}, {"separates": 0}),
    ("kreps-wilson-1982", {"N": 10, "b": .5, "a": 2, "delta": .1},
     {"n_star": 3, "entry_3": 1, "entry_2": .8, "entry_1": .95, "fought_3": .4, "fought_2": .1, "fought_1": .075}),
    ("iida-1993", {"R": .5}, {"offer": .5, "ratify": 1, "home_share": .5}),
    ("iida-1993", {"R": .8}, {"offer": .5, "ratify": .625, "home_share": .3125}),
    ("iida-1993", {"R": .6, "d_F": .2}, {"offer": .4, "ratify": .66666667, "home_share": .26666667}),
    ("iida-1993-alternating", {"d": .9, "r": .6}, {"share": .64}),
    ("iida-1993-alternating", {"d": .8, "r": .5}, {"share": .6}),
    ("zagare-kilgour-2000", {"r_C": .2, "r_D": .2, "s": .5, "h_C": .2, "k_D": 1},
     {"demand_soft": .25, "deny_soft": .375, "demand": .4, "war": .1}),
    ("signorino-tarar-2006", {"u11": 0, "u13": 1, "u14": -1, "u24": .5},
     {"defend": .63816320, "status_quo": .57745706, "capitulation": .15289159, "war": .26965135}),
    ("signorino-tarar-2006-private", {"u11": 0, "u13": 1, "u14": -1, "u24": .5},
     {"defend": .63816320, "status_quo": .58815519, "capitulation": .14902061, "war": .26282420}),
    ("richardson-1960", {"a": .9, "b": 1, "m": 1, "n": 1, "g": .2, "h": .3},
     {"determinant": .1, "stable": 1, "x": 4.7, "y": 5, "eigenvalue": -.05131670}),
]  # fmt: skip

QUANTAL = [
    ("mckelvey-palfrey-1998", .5, {"enter": .557509014107461, "fight": .268941421369995}),
    ("mckelvey-palfrey-1998", 1, {"enter": .681699742194526, "fight": .119202922022118}),
    ("centipede", 1, {"take_1": .23619296553, "take_2": .376298744171, "take_3": .761576823558, "take_4": .960834277203}),
    ("centipede", 2, {"take_1": .372846306791, "take_2": .758750803711, "take_3": .959411794214, "take_4": .99834119892}),
    ("quantal-2x2", 1, {"row_1": .64297935896, "column_1": .588319024425}),
    ("stripped-poker", 1, {"bet_king": .931785430088, "bet_queen": .539086796141, "call": .614444385853}),
    ("schultz-2001-quantal", 1, {"resist": .589005362746, "challenge_tough": .585324224356,
                                 "challenge_weak": .489522538094, "fight": .355636043292}),
    ("schultz-2001-quantal", 2, {"resist": .718421470491, "challenge_tough": .624169854779,
                                 "challenge_weak": .419082661597, "fight": .29537638157}),
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


def test_the_centipedes_first_node_is_not_monotone_and_scale_is_precision():
    model = load("centipede")
    first = [model.closed_form(lam=x)["take_1"] for x in (.1, .25, .5, 1, 2, 5)]
    assert first == pytest.approx([.448, .374, .296, .236, .373, .851], abs=6e-4)
    assert model.closed_form(lam=2, scale=.5) == pytest.approx(model.closed_form(lam=1, scale=1), abs=1e-15)


def test_no_protocol_keeps_the_peace():
    from detente.models.shifting_power import any_protocol, preventive_war

    assert any_protocol(.7, .3, .1, .1, .9) == pytest.approx(.14, abs=1e-12)
    # the riser's chances and a lump-sum cost k say the same: d P2 - P1 > k (1 - d)^2
    P1, P2, k, d = .3, .7, 1, .9
    margin, war = preventive_war(1 - P1, 1 - P2, k * (1 - d), d)
    assert margin == pytest.approx(d * P2 - P1 - k * (1 - d) ** 2) == pytest.approx(.32)
    assert war


def test_cutoffs_of_costs_nearly_in_common():
    from detente.models.pre_emption import global_cutoff

    assert global_cutoff(.1, 1, .4) == pytest.approx(.35)


def test_holding_out_over_a_range_of_costs():
    from detente.models.attrition import cost_range, hazards

    assert cost_range(1, 1, .5, 1.5) == pytest.approx(.5753641449, abs=6e-11)
    assert load("bishop-cannings-1978").closed_form(c=.5)["payoff_cost"] == pytest.approx(.153426, abs=6e-7)
    assert hazards(.2, .5, 2) == pytest.approx((.25, .1))  # the other's cost over the prize


def test_holding_out_among_exponential_prizes_is_a_best_response():
    """Whoever values the prize at v gains v times the chance that the other quits by t, and pays
    for the time that both stay: tried at every time on a fine grid."""
    import numpy as np

    from detente.models.attrition import exponential

    rate = .7
    v = np.linspace(0, 8, 8001)
    times = np.array([exponential(float(x), rate) for x in v])
    dies = rate * np.exp(-rate * v)  # density of the other's prize
    for own in (.5, 1.5, 3.0):
        won = np.cumsum((own - times) * dies) * (v[1] - v[0])
        payoff = won - times * np.exp(-rate * v)
        assert v[int(payoff.argmax())] == pytest.approx(own, abs=.02)  # as if its prize were own


def test_costs_that_separate_two_types():
    from detente.models.signals import separating_costs

    assert separating_costs(.4, 1, .6, .3) == pytest.approx((.4, .7))


def test_the_slower_root_of_a_stable_race():
    import numpy as np

    for (a, b, m, n), roots in (((.9, 1, 1, 1), (-1.94868330, -.05131670)), ((.5, .4, .8, .7), (-1.2, -.3))):
        assert np.sort(np.linalg.eigvals([[-m, a], [b, -n]])) == pytest.approx(roots, abs=DIGITS)
        assert load("richardson-1960").closed_form(a=a, b=b, m=m, n=n)["eigenvalue"] == pytest.approx(roots[1], abs=DIGITS)
