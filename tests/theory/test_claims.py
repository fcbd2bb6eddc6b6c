"""Claims as propositions: exact shares known by integration, points on either side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from detente.errors import InputError
from detente.theory import TABLE, load
from detente.theory.claims import CLAIMS, proposition, share_of_sabotage

SHARES = {
    "shoot-or-lose": 1 / 4, "strike-or-be-struck": 1 / 4, "strike-or-be-struck-risk": 3 / 8,
    "no-deal-holds": 7 / 24, "talks-pointless": 1 / 2, "shock-irreversible": 1 / 2,
    "generosity-is-weakness": 1 / 2, "empty-threats": 3 / 4,
}


@pytest.mark.parametrize(("name", "exact"), SHARES.items())
def test_known_shares_lie_in_the_interval(name, exact):
    share = proposition(name).share(200_000, seed=3)
    assert share.exact == pytest.approx(exact, abs=1e-15)
    assert share.low <= exact <= share.high
    assert share.high - share.low < 0.006  # 5.2 standard errors of a half


def test_the_share_of_sabotage_by_integration():
    """Over t and t_bar the chance that s is above its bar, over the chance of t >= t_bar, 1/2."""
    from scipy.integrate import dblquad

    def above(t, bar):
        return min(1.0, bar / (1 - bar) * (1 - t) / t)

    found = 2 * dblquad(above, 0, 1, lambda bar: bar, lambda bar: 1)[0]
    assert share_of_sabotage() == pytest.approx(found, abs=1e-6)
    share = proposition("spoilers-succeed").share(200_000)
    assert share.agrees


def test_the_range_of_deals_by_integration():
    """Costs together have a triangular density, the advantage the density 2(1 - x)."""
    def density(x):
        return 4 * x if x < 0.5 else 4 * (1 - x)

    found = quad(lambda x: density(x) * (1 - x) ** 2, 0, 1, points=[0.5])[0]
    assert CLAIMS["no-deal-holds"].exact == pytest.approx(found, abs=1e-12)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_names_its_model_and_varies(claim):
    assert claim.model in TABLE
    assert claim.says and claim.inequality
    share = claim.share(2_000)
    assert 0.05 < share.estimate < 0.95


def test_points_on_either_side():
    assert proposition("shoot-or-lose").holds(a=0.9, W_A=0.5)
    assert not proposition("shoot-or-lose").holds(a=0.4, W_A=0.5)
    assert proposition("spoilers-succeed").holds(t=0.7, t_bar=0.5, s=0.6)
    assert not proposition("spoilers-succeed").holds(t=0.7, t_bar=0.5, s=0.5)
    assert proposition("partial-mediator").holds(b=0.52, gamma=0.2, e=0.05)
    assert not proposition("partial-mediator").holds(b=0.54, gamma=0.2, e=0.05)


def beyond(name, given):
    """Whether a claim holds by the closed form of the model it names."""
    form = load(CLAIMS[name].model).closed_form
    if name == "partial-mediator":
        return given["b"] < form(**given)["b_min"]
    if name == "shock-irreversible":
        return form(**given)["stable"] == 0
    if name == "no-deal-holds":
        low, high = sorted((given["p_f"], given["p_s"]))
        return form(**{**given, "p_f": high, "p_s": low})["war"] == 1
    t, bar = given["t"], given["t_bar"]
    return form(t=t, s=given["s"], b=1.0, l=bar / (1 - bar))["success"] == 1


@pytest.mark.parametrize(
    "name", ["partial-mediator", "shock-irreversible", "no-deal-holds", "spoilers-succeed"])
def test_a_claim_says_what_its_models_closed_form_says(name):
    claim, rng = CLAIMS[name], np.random.default_rng(5)
    held = 0
    for _ in range(300):
        given = {k: float(rng.uniform(a, b)) for k, (a, b) in claim.box.items()}
        assert claim.holds(**given) == beyond(name, given), given
        held += claim.holds(**given)
    assert 0 < held < 300


def test_mistakes_are_answered():
    with pytest.raises(InputError, match="shoot-or-lose"):
        proposition("shoot-or-loose")
    with pytest.raises(InputError, match="needs W_A"):
        proposition("shoot-or-lose").holds(a=0.5)
    with pytest.raises(InputError, match="no parameter"):
        proposition("shoot-or-lose").holds(a=0.5, W=1)


def test_a_conditional_claim_counts_only_points_that_meet_its_condition():
    """By the closed form of the model: of the points with t >= t_bar, those that succeed.

    The unconditional share, half of it, counts points at which there is no peace to sabotage.
    """
    form, rng = load("kydd-walter-2002").closed_form, np.random.default_rng(8)
    inside = held = 0
    for t, bar, s in rng.uniform(0.001, 0.999, (20_000, 3)):
        if t >= bar:
            inside += 1
            held += form(t=t, s=s, b=1.0, l=bar / (1 - bar))["success"] == 1
    share = proposition("spoilers-succeed").share(100_000)
    assert share.exact == pytest.approx(np.pi**2 / 3 - 3, abs=1e-12)
    assert held / inside == pytest.approx(share.exact, abs=4.5 * (0.2 / inside) ** 0.5)
    assert share.samples == pytest.approx(50_000, abs=1000) and share.agrees
    assert [c for c in CLAIMS.values() if c.condition is not None] == [CLAIMS["spoilers-succeed"]]
