"""The strategic trees against the published estimates of the R package games 1.1.2."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from detente.errors import InputError
from detente.history.estimators.dual import STEP, bivariate_normal, logistic, normal
from detente.history.estimators.fit_tree import fit_tree
from detente.history.estimators.trees import TREES
from detente.history.estimators.ultimatum import accept_probability, fit_ultimatum, offer_cdf

from .conftest import WAR

# Coefficients and standard errors as printed; the reference program stops a little before the
# maximum, so the last printed digit may differ by one: tolerance 1.5 units of it.
PRINTED = 1.5e-4
TABLES = {
    ("probit", "agent"): (-286.12375, """-.4954 .5987 -.7400 .2797 .4272 .2638 .2219 1.2170
        -1.9022 .6644 -.5841 .5499 .4991 .4414 -.0420 .5687 -1.5436 .4526 -.6168 .3208"""),
    ("probit", "private"): (-286.11817, """-.4442 .5437 -.6447 .2444 .3760 .2312 .1772 1.1071
        -1.6659 .5796 -.5118 .4811 .4898 .4478 -.0381 .5777 -1.5399 .4515 -.6106 .3222"""),
    ("logit", "agent"): (-286.18279, """-.8458 .9747 -1.1882 .4543 .6791 .4294 .2549 1.9702
        -3.0849 1.0882 -.9576 .8992 .7612 .7132 -.0080 .9049 -2.5052 .7662 -.9788 .5173"""),
}


@pytest.mark.parametrize("link, errors", TABLES)
def test_egame12_on_war1800(load, link, errors):
    loglik, numbers = TABLES[link, errors]
    table = np.array(numbers.split(), dtype=float).reshape(-1, 2)
    result = fit_tree("egame12", WAR, load("war1800"), link=link, errors=errors)
    assert result.n_plays == 282 and result.dropped == 31
    assert result.counts.sum(axis=0).tolist() == [124, 83, 75]
    assert abs(result.loglik - loglik) < 1e-4
    assert np.abs(result.params - table[:, 0]).max() < PRINTED
    assert np.abs(result.se - table[:, 1]).max() < PRINTED
    assert result.converged and not result.warnings


def test_egame122(load):
    formula = "~ x1 + x2 | x3 + f1 | 0 | x4 + x5 | z1 + z2 | z3 + f2"
    by_ending = fit_tree("egame122", "y " + formula, load("data-122"))
    by_move = fit_tree("egame122", "a1 + a2 " + formula, load("data-122"))
    assert abs(by_ending.loglik + 1239.23400) < 1e-4
    assert abs(by_move.loglik - by_ending.loglik) < 1e-9  # the same outcomes, told otherwise


def test_egame123(load):
    formula = "y ~ x1 + x2 | 0 | x3 | x4 + x5 | 0 | x6 | x7 | x8"
    assert abs(fit_tree("egame123", formula, load("data-123")).loglik + 559.25750) < 1e-4


def test_ultimatum(load):
    result = fit_ultimatum(
        "offer + accept ~ x1 + x2 + x3 + x4 + w1 + w2 | z1 + z2 + z3 + z4 + w1 + w2",
        load("data-ult"), max_offer=15,
    )
    assert abs(result.loglik + 3717.67923) < 1e-4
    assert result.converged


def test_the_offer_distribution_is_its_density_and_its_ends():
    """Simpson's rule over the density the likelihood uses, plus the two masses, makes 1."""
    Q, R1, R2, s1, s2 = 10.0, 1.0, 4.0, 2.0, 1.5
    y = np.linspace(0, Q, 20001)
    G = offer_cdf(y, Q, R1, R2, s1, s2)
    slope = np.gradient(G, y)
    x = (y - R2) / s2
    A = (Q - y - R1 - s2 * (1 + np.exp(x))) / s1
    density = np.exp(-A) * (1 + np.exp(x)) / (s1 * (1 + np.exp(-A)) ** 2)
    assert np.abs(slope - density)[1:-1].max() < 1e-5  # the difference quotient's own error
    assert abs(G[0] + np.trapezoid(density, y) + (1 - G[-1]) - 1) < 1e-6
    assert accept_probability(np.array([R2]), np.array([R2]), np.array([s2]))[0] == 0.5


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("link, private", [("probit", False), ("probit", True), ("logit", False)])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_probabilities_sum_to_one_and_derive_exactly(name, link, private, data):
    tree = TREES[name]
    u = np.array(data.draw(st.lists(st.floats(-2, 2), min_size=len(tree.utilities),
                                    max_size=len(tree.utilities))))[:, None]
    p = tree.density(tree.utilities, link, private)
    assert abs(p(u).sum() - 1) < 1e-12
    for k in range(len(u)):
        dual = u.astype(complex)
        dual[k] += 1j * STEP
        up, down = u.copy(), u.copy()
        up[k] += 1e-5
        down[k] -= 1e-5
        # A central difference of step 1e-5 errs by about 1e-10.
        assert np.abs(p(dual).imag / STEP - (p(up) - p(down)) / 2e-5).max() < 1e-8


def test_a_player_indifferent_everywhere_flips_coins():
    zero = np.zeros((4, 1))
    p = TREES["egame12"].density(TREES["egame12"].utilities, "probit", True)(zero)[:, 0]
    assert np.allclose(p, [0.5, 0.25, 0.25], atol=1e-15)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-0.95, 0.95))
@settings(max_examples=60, deadline=None)
def test_bivariate_normal(h, k, rho):
    ours = bivariate_normal(np.array([h]), np.array([k]), rho)[0]
    theirs = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([h, k])
    assert abs(ours - theirs) < 1e-9
    dual = bivariate_normal(np.array([h + 1j * STEP]), np.array([k + 0j]), rho)[0]
    slope = norm.pdf(h) * norm.cdf((k - rho * h) / np.sqrt(1 - rho**2))
    assert abs(dual.imag / STEP - slope) < 1e-12


def test_cdfs_carry_derivatives():
    x = np.linspace(-30, 30, 61)
    assert np.allclose(normal(x + 1j * STEP).imag / STEP, norm.pdf(x), atol=1e-15)
    p = logistic(x)
    assert np.allclose(logistic(x + 1j * STEP).imag / STEP, p * (1 - p), atol=1e-15)
    assert np.isfinite(logistic(np.array([-1e4, 1e4]))).all()


def simulated(n=20_000, seed=0):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    u11, u14, u24 = 0.3 * x, 0.5 + 0 * x, -0.2 + 0.6 * z
    second = u24 + np.sqrt(2) * rng.normal(size=n) > 0
    p4 = norm.cdf(u24 / np.sqrt(2))
    first = p4 * u14 - u11 + np.sqrt(2) * rng.normal(size=n) > 0
    y = np.where(~first, 1, np.where(second, 3, 2))
    return pd.DataFrame({"y": y, "x": x, "z": z})


def test_recovers_what_was_simulated():
    """True parameters within four standard errors: by chance outside once in 4,000 times."""
    result = fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", simulated())
    truth = np.array([0.3, 0.5, -0.2, 0.6])
    assert (np.abs(result.params - truth) < 4 * result.se).all()
    robust = result.robust()
    assert np.allclose(robust.se, result.se, rtol=0.05)  # the model is true, so both agree


def test_copies_in_clusters_change_nothing_but_the_formula():
    """Each row four times, clustered: the sandwich of the single rows."""
    one = simulated(800)
    many = pd.concat([one.assign(id=np.arange(len(one)))] * 4, ignore_index=True)
    alone = fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", one, robust=True)
    grouped = fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", many, cluster="id")
    assert np.allclose(alone.params, grouped.params, atol=1e-8)
    assert np.allclose(alone.se, grouped.se, rtol=1e-7)


def test_scales_are_what_they_say():
    """Errors twice as large everywhere and utilities twice as large: the same probabilities."""
    tree = TREES["egame12"]
    u = np.array([[0.3], [0.1], [-0.4], [0.7]])
    plain = tree.density(tree.utilities, "probit", True)(u)
    wide = tree.density((*tree.utilities, "scale"), "probit", True)(
        np.vstack([2 * u, [[np.log(2)]]])
    )
    each = tree.density((*tree.utilities, "scale1", "scale2"), "probit", True)(
        np.vstack([2 * u, [[np.log(2)], [np.log(2)]]])
    )
    assert np.allclose(plain, wide, atol=1e-15) and np.allclose(plain, each, atol=1e-15)


def test_fixed_utilities():
    table = simulated(500)
    fixed = fit_tree("egame12", "y ~ 0 + x | 0 | 0 | z", table, fixed={"u14": 0.5})
    assert [n for n in fixed.names if n.startswith("u14")] == []
    assert fixed.loglik < fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", table).loglik


def test_words_for_what_is_wrong(load):
    war = load("war1800")
    loose = fit_tree("egame12", "esc+war ~ balanc | balanc | balanc | regime2", war)
    assert not loose.converged and np.isnan(loose.se).all()
    assert any("u11:balanc, u13:balanc, u14:balanc" in w for w in loose.warnings)
    perfect = fit_tree("egame12", "esc+war ~ 1 | 0 | 1 | copy", war.assign(copy=war.war * 1.0))
    assert not perfect.converged
    assert any("separation" in w and "u24:copy" in w for w in perfect.warnings)


@pytest.mark.parametrize(
    "model, formula, words",
    [
        ("egame21", "y ~ 1 | 0 | 1 | z", "no tree is called"),
        ("egame12", "y ~ 1 | 0 | 1", "3 parts"),
        ("egame12", "y = 1", "0 parts"),
        ("egame12", "y ~ 1 | 0 | 1 | zz", "no column 'zz'"),
        ("egame12", "x ~ 1 | 0 | 1 | z", "levels"),
        ("egame12", "y + y ~ 1 | 0 | 1 | z", "other than 0 and 1"),
        ("egame12", "y ~ 1 | 0 | 1 | z +", "cannot read the formula"),
    ],
)
def test_bad_input_is_one_message(model, formula, words):
    with pytest.raises(InputError, match=words) as caught:
        fit_tree(model, formula, simulated(50))
    assert "\n" not in str(caught.value)


def test_logit_of_private_payoffs_is_refused():
    with pytest.raises(InputError, match="not logistic"):
        fit_tree("egame12", "y ~ 1 | 0 | 1 | z", simulated(50), link="logit", errors="private")


def test_tables(load):
    result = fit_tree("egame12", WAR, load("war1800"))
    tidy = result.tidy()
    assert list(tidy.estimate) == list(result.params) and len(tidy) == 10
    assert abs(result.aic - (2 * 10 + 2 * 286.12375)) < 1e-3
    assert abs(result.bic - (10 * np.log(282) + 2 * 286.12375)) < 1e-3
    assert "log-likelihood -286.12375" in result.summary()
    assert result.to_latex().count(r"\\") == 13 and "regime1[T.dem]" in result.to_latex()
    p = result.predict()
    assert np.allclose(p.sum(axis=1), 1) and len(p) == 282
    again = result.predict(result.frame.iloc[:5])
    assert np.allclose(again, p.iloc[:5], atol=1e-14)
    # A maximum with constants for the last choice reproduces the shares it is fitted to.
    assert abs(p["1"].mean() - 124 / 282) < 0.01
