"""The signalling game against the R package sigInt 0.2.0, with its printed slip put right."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from detente.errors import InputError
from detente.history.estimators.dual import STEP
from detente.history.estimators.fit_signalling import fit_signalling
from detente.history.estimators.signalling import (
    best_reply,
    challenge,
    endings,
    equilibria,
    implicit,
    resist,
)

from .conftest import SANCTIONS

NPL = """-.21808 .03407 .05469 -.17024 1.60284 -.04814 -2.13677 2.33514 .11718 .12151 -.02553
    -2.41838 .01408 .03526 .02650 -.90838 -.00264 .11993 -2.63816 .02008"""


def game(w_b):
    return np.array([0.0, 1.0, 0.0, -1.9, w_b, -1.2, 1.0])[:, None]


def test_three_equilibria_and_one():
    three, one = equilibria(game(-2.9))[0], equilibria(game(-2.6))[0]
    assert np.abs(three - [0.25110462, 0.59472283, 0.81332172]).max() < 5e-9
    assert len(one) == 1 and abs(one[0] - 0.93074522) < 5e-9


def test_equilibria_are_fixed_points_and_none_is_missed():
    rng = np.random.default_rng(5)
    eta = rng.normal(size=(7, 60)) * 1.5
    fine = 1 / (1 + np.exp(-np.linspace(-13, 13, 20011)))
    for k, found in enumerate(equilibria(eta)):
        own = np.repeat(eta[:, [k]], len(found), axis=1)
        assert np.abs(best_reply(own, found) - found).max() < 1e-9
        many = np.repeat(eta[:, [k]], len(fine), axis=1)
        signs = np.sign(best_reply(many, fine) - fine)
        inner = (found > fine[0]) & (found < fine[-1])
        assert (np.diff(signs) != 0).sum() == inner.sum()


def test_simulated_play_has_these_frequencies():
    """Types drawn a million times play the cutoffs; 5e-3 is ten standard errors."""
    rng = np.random.default_rng(0)
    S, V, C, W, B, a, Y = game(-2.6)[:, 0]
    p_r = equilibria(game(-2.6))[0][0]
    e, f = rng.normal(size=(2, 1_000_000))
    fight = np.maximum(W + e, a + f)
    go = (1 - p_r) * V + p_r * fight > S
    firm = W + e > a + f
    p_c, p_f = challenge(game(-2.6), np.array([p_r]))
    assert abs(go.mean() - p_c[0]) < 5e-3
    assert abs(firm[go].mean() - p_f[0]) < 5e-3
    p_f = p_f[0]
    assert abs(resist(game(-2.6), np.array([p_f]))[0] - p_r) < 1e-9
    gain = p_f * B + (1 - p_f) * Y - C
    assert abs((p_f * rng.normal(size=1_000_000) + gain > 0).mean() - p_r) < 5e-3


def test_an_equilibrium_derives_by_its_payoffs():
    p = equilibria(game(-2.9))[0][[0]]
    for k in range(7):
        dual = game(-2.9).astype(complex)
        dual[k] += 1j * STEP
        up, down = game(-2.9), game(-2.9)
        up[k] += 1e-5
        down[k] -= 1e-5
        slope = (equilibria(up)[0][0] - equilibria(down)[0][0]) / 2e-5
        assert abs(implicit(dual, p)[0].imag / STEP - slope) < 1e-6  # the quotient's own error


def test_endings_sum_to_one():
    p_c, p_f = challenge(game(-2.9), np.array([0.4]))
    assert abs(endings(p_c, np.array([0.4]), p_f).sum() - 1) < 1e-14


def test_nested_pseudo_likelihood(npl):
    assert npl.counts.sum(axis=0).tolist() == [49071, 144, 349, 140]
    assert abs(npl.loglik + 3932.44738) < 1e-4
    assert np.abs(npl.params - np.array(NPL.split(), dtype=float)).max() < 1.5e-5
    assert abs(npl.se[npl.names.index("S_A:ally")] - 0.08123) < 1.5e-5
    assert npl.converged and npl.extra["violation"] < 1e-6
    assert {len(r) for r in npl.extra["equilibria"]} == {1}


def test_the_fixed_point_does_not_depend_on_the_first_stage(load, npl):
    own = fit_signalling(SANCTIONS, load("sanctions"))
    assert np.abs(own.params - npl.params).max() < 1e-4
    assert abs(own.loglik - npl.loglik) < 1e-4


def test_predictions_are_the_likelihood(npl):
    p = npl.predict().to_numpy()
    assert np.allclose(p.sum(axis=1), 1, atol=1e-9)
    assert abs((npl.counts * np.log(p)).sum() - npl.loglik) < 1e-3
    assert np.allclose(npl.predict(npl.frame.head(3)), p[:3], atol=1e-6)


def test_pseudo_likelihood_at_the_published_plug_ins(load):
    result = fit_signalling(SANCTIONS, load("sanctions"), method="pl",
                            first_stage=("PRhat", "PFhat"))
    assert any("ignore the error of the first stage" in w for w in result.warnings)
    n = len(result.loglik_obs)
    wider = fit_signalling(SANCTIONS, load("sanctions"), method="pl",
                           first_stage=("PRhat", "PFhat"), first_stage_cov=1e-4 * np.eye(2 * n))
    assert (wider.se > result.se).all()


SMALL = "sq+cd+sf+bd ~ 0+x | 1 | 0 | 1 | z | 1 | 0"
TRUTH = np.array([0.3, 0.8, -1.9, -1.4, 0.4, -1.2])


def indices(theta, x, z):
    """The seven indices of `SMALL`, written out: S_A, V_A, C_B, W_A, W_B, a, V_B."""
    s, v, w, b, slope, a = theta
    one = np.ones(len(x))
    return np.stack([s * x, v * one, 0 * one, w * one, b + slope * z, a * one, 0 * one])


def reduced(theta, table):
    """The log likelihood with every game at its likeliest equilibrium, all of them searched."""
    eta = indices(theta, table.x.to_numpy(), table.z.to_numpy())
    counts = table[["sq", "cd", "sf", "bd"]].to_numpy()
    total = 0.0
    for k, roots in enumerate(equilibria(eta)):
        own = np.repeat(eta[:, [k]], len(roots), axis=1)
        p_c, firm = challenge(own, roots)
        total += (counts[k] @ np.log(endings(p_c, roots, firm))).max()
    return total


def test_constrained_maximum_likelihood_of_a_small_sample():
    """Zero score by differences of a likelihood that knows nothing of the constrained search."""
    rng = np.random.default_rng(11)
    x, z = rng.normal(size=(2, 40))
    eta = indices(TRUTH, x, z)
    roots = equilibria(eta)
    assert {len(r) for r in roots} == {1}
    p_r = np.array([r[0] for r in roots])
    p_c, firm = challenge(eta, p_r)
    chances = endings(p_c, p_r, firm).T
    drawn = np.array([rng.multinomial(400, p / p.sum()) for p in chances])
    table = pd.DataFrame(drawn, columns=["sq", "cd", "sf", "bd"]).assign(x=x, z=z)
    fit = fit_signalling(SMALL, table, method="cmle")
    assert fit.converged and not fit.warnings
    assert fit.extra["violation"] <= 1e-8
    eta = indices(fit.params, x, z)
    assert np.abs(best_reply(eta, fit.extra["p_r"]) - fit.extra["p_r"]).max() <= 1e-8
    assert abs(reduced(fit.params, table) - fit.loglik) < 1e-7
    # Differences of step 1e-4 in a sum of order 1e4 are good to some 1e-6; scores there are of
    # order 1e2, so that 1e-3 is zero.
    for k in range(6):
        step = np.eye(6)[k] * 1e-4
        slope = (reduced(fit.params + step, table) - reduced(fit.params - step, table)) / 2e-4
        assert abs(slope) < 1e-3
        off = np.eye(6)[k] * fit.se[k]
        for away in (reduced(fit.params + off, table), reduced(fit.params - off, table)):
            # One standard error away costs half a unit or more, as a normal likelihood does.
            assert fit.loglik - away > 0.4
    assert fit.loglik >= reduced(TRUTH, table)
    assert (np.abs(fit.params - TRUTH) < 3 * fit.se).all()
    nested = fit_signalling(SMALL, table)
    assert fit.loglik >= reduced(nested.params, table) - 1e-9


@pytest.mark.slow
def test_constrained_maximum_likelihood(load):
    result = fit_signalling(SANCTIONS, load("sanctions"), method="cmle",
                            first_stage=("PRhat", "PFhat"))
    assert abs(result.loglik + 3927.91) < 0.005  # as printed
    assert result.extra["violation"] < 1e-12 and result.converged
    assert {len(r) for r in result.extra["equilibria"]} == {1}


@pytest.mark.parametrize(
    "formula, options, words",
    [
        ("sq ~ 0 | 1 | 1 | 1 | 1 | 1 | 0", {}, "1 outcome columns"),
        (SANCTIONS, {"method": "ml"}, "unknown method"),
        (SANCTIONS, {"first_stage": ("PRhat", "nothing")}, "no column 'nothing'"),
        (SANCTIONS, {"first_stage": ("PRhat", "contig")}, "is not a probability"),
        (SANCTIONS.replace("sq+cd", "ally+cd"), {}, "is not a count"),
    ],
)
def test_bad_input(load, formula, options, words):
    with pytest.raises(InputError, match=words):
        fit_signalling(formula, load("sanctions"), **options)


@pytest.mark.parametrize("x, gap", [(4.1, 0.5), (4.1, -2.0), (6.0, -5.0), (6.0, 3.0), (4.5, -9.0)])
def test_rare_challenges_keep_their_digits(x, gap):
    """Adaptive quadrature of the same ratio; the difference of two cdfs loses it altogether."""
    def tilted(t):
        return np.exp(-x * t - t * t / 2) * norm.cdf(x + t + gap)

    firm = quad(tilted, 0, 40, epsabs=0, epsrel=1e-13, limit=200)[0] * norm.pdf(x)
    exact = firm / (norm.sf(x) + norm.cdf(x) * norm.sf(x + gap))
    # W_A = 0, a = -gap, and S_A / p_R = c = x with V_A = 0.
    eta = np.array([0.5 * x, 0, 0, 0, 0, -gap, 0])[:, None]
    assert abs(challenge(eta, np.array([0.5]))[1][0] / exact - 1) < 1e-11
