"""The printed points: the closed forms reproduce them to the digits given."""

from __future__ import annotations

import numpy as np
import pytest

from detente.theory import load
from detente.theory.attrition import cost_range, exponential, hazards
from detente.theory.ochs import fitted
from detente.theory.pre_emption import global_cutoff
from detente.theory.screening import thresholds
from detente.theory.shifting_power import any_protocol, preventive_war
from detente.theory.signals import cheapest_sunk, separating_costs
from tests.theory.printed import DIGITS, POINTS, QUANTAL


@pytest.mark.parametrize(("name", "given", "expected"), POINTS)
def test_printed_points(name, given, expected):
    found = load(name).closed_form(**given)
    assert {k: found[k] for k in expected} == pytest.approx(expected, abs=DIGITS, rel=0)


@pytest.mark.parametrize(("name", "lam", "expected"), QUANTAL)
def test_printed_quantal_responses_and_the_solver(name, lam, expected):
    """Twelve digits are printed; the solver has to give the same ones."""
    model = load(name)
    solved = model.solver(lam=lam)
    assert solved.certified
    for found in (model.closed_form(lam=lam), solved.values):
        assert {k: found[k] for k in expected} == pytest.approx(expected, abs=1e-11, rel=0)


def test_ochs_matching_pennies_and_its_likelihood():
    """Gambit's tutorial on Ochs (1995): data .527 and .366 of 128 plays; see 14d."""
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
    qs = [1 / (1 + m) for m in thresholds(.05, .05, .2, .3)[:4]]
    assert qs == pytest.approx([.6, .30731707, .11556748, .02866390], abs=DIGITS)


def test_the_variant_of_sunk_costs_with_bluffers():
    found = cheapest_sunk(1, .5, .3, .2, .6)
    assert [found[k] for k in ("cutoff", "cost", "utility")] == pytest.approx(
        [.33333333, .26666667, .185778], abs=6e-7)
    low, high = separating_costs(.5, .5, .3, .1)  # equal values, war better than nothing: none
    assert not low < high


def test_the_centipedes_first_node_is_not_monotone_and_scale_is_precision():
    model = load("centipede")
    first = [model.closed_form(lam=x)["take_1"] for x in (.1, .25, .5, 1, 2, 5)]
    assert first == pytest.approx([.448, .374, .296, .236, .373, .851], abs=6e-4)
    half, whole = model.closed_form(lam=2, scale=.5), model.closed_form(lam=1, scale=1)
    assert half == pytest.approx(whole, abs=1e-15)


def test_no_protocol_keeps_the_peace():
    assert any_protocol(.7, .3, .1, .1, .9) == pytest.approx(.14, abs=1e-12)
    # the riser's chances and a lump-sum cost k say the same: d P2 - P1 > k (1 - d)^2
    P1, P2, k, d = .3, .7, 1, .9
    margin, war = preventive_war(1 - P1, 1 - P2, k * (1 - d), d)
    assert margin == pytest.approx(d * P2 - P1 - k * (1 - d) ** 2) == pytest.approx(.32)
    assert war


def test_cutoffs_of_costs_nearly_in_common():
    assert global_cutoff(.1, 1, .4) == pytest.approx(.35)


def test_holding_out_over_a_range_of_costs():
    assert cost_range(1, 1, .5, 1.5) == pytest.approx(.5753641449, abs=6e-11)
    payoff = load("bishop-cannings-1978").closed_form(c=.5)["payoff_cost"]
    assert payoff == pytest.approx(.153426, abs=6e-7)
    assert hazards(.2, .5, 2) == pytest.approx((.25, .1))  # the other's cost over the prize


def test_holding_out_among_exponential_prizes_is_a_best_response():
    """Whoever values the prize at v gains v times the chance that the other quits by t, and pays
    for the time that both stay: tried at every time on a fine grid."""
    rate = .7
    v = np.linspace(0, 8, 8001)
    times = np.array([exponential(float(x), rate) for x in v])
    dies = rate * np.exp(-rate * v)  # density of the other's prize
    for own in (.5, 1.5, 3.0):
        won = np.cumsum((own - times) * dies) * (v[1] - v[0])
        payoff = won - times * np.exp(-rate * v)
        assert v[int(payoff.argmax())] == pytest.approx(own, abs=.02)  # as if its prize were own


def test_costs_that_separate_two_types():
    assert separating_costs(.4, 1, .6, .3) == pytest.approx((.4, .7))


@pytest.mark.parametrize(("a", "b", "m", "n", "roots"), [
    (.9, 1, 1, 1, (-1.94868330, -.05131670)), (.5, .4, .8, .7, (-1.2, -.3))])
def test_the_slower_root_of_a_stable_race(a, b, m, n, roots):
    assert np.sort(np.linalg.eigvals([[-m, a], [b, -n]])) == pytest.approx(roots, abs=DIGITS)
    slower = load("richardson-1960").closed_form(a=a, b=b, m=m, n=n)["eigenvalue"]
    assert slower == pytest.approx(roots[1], abs=DIGITS)
