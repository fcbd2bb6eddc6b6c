"""Numbers about the world: shares of draws by hand, intervals by their own equations."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from detente.errors import InputError
from detente.intervals import wilson
from detente.world.asked import DRAWS, World
from detente.world.number import Number, effective, rate_draws, share

TIES = """
ties: three
title: Three states
definitions:
  treaties: {says: A treaty or a state of war in force}
  conduct: {says: Trade and closed borders}
actors: {gaul: {}, aland: {}, bland: {}, island: {}}
pairs:
- {between: [gaul, aland], value: 0.2 to 0.5, counts: [treaties, conduct], because: A treaty}
- {between: [gaul, bland], value: -0.1 to 0.5, counts: [treaties], because: A treaty}
- {between: [aland, bland], value: -0.9 to -0.6, counts: [treaties, conduct], because: War}
shocks:
  gone: {precision: 2, pull: 1, before: 0.4, during: -0.4 to 0, after: 0.2, because: Closed borders}
  mild: {precision: 2, pull: 1, before: 0.4, during: -0.2 to 0, after: 0.2, because: Closed borders}
"""
NEAR = 2 / DRAWS
"""A Sobol' count of a half space in two dimensions errs by about one draw in each."""


@pytest.fixture
def world(tmp_path):
    (tmp_path / "three.ties.yaml").write_text(TIES)
    return World(tmp_path / "three.yaml")


def test_a_state_joins_the_one_of_two_enemies_to_which_its_tie_is_stronger(world):
    """The enemies are apart in every draw. gaul is with aland if its tie with it is the stronger.

    P(v2 < v1) for v1 uniform on 0.2..0.5 and v2 on -0.1..0.5 is E[(v1 + 0.1) / 0.6] = 3/4.
    """
    found = world.numbers(("aligned", "gaul", "aland"))
    assert found["treaties"].value == pytest.approx(0.75, abs=NEAR)
    assert found["conduct"].value == 1  # no tie pulls it to the other side
    assert world.numbers(("aligned", "bland", "gaul"))["treaties"].value == pytest.approx(
        0.25, abs=NEAR)
    assert world.numbers(("aligned", "aland", "bland"))["treaties"].value == 0


def test_a_friend_of_two_enemies(world):
    """The tie of gaul and bland is friendly in 5 of 6 parts of its range."""
    found = world.numbers(("between", "gaul", "aland", "bland"))
    assert found["treaties"].value == pytest.approx(5 / 6, abs=NEAR)
    assert found["conduct"].value == 0  # it has no tie with bland
    assert world.numbers(("between", "aland", "gaul", "bland"))["treaties"].value == 0


def test_states_without_a_chain_of_ties_have_no_answer(world):
    found = world.numbers(("aligned", "gaul", "island"))
    assert np.isnan(found["treaties"].value) and "no chain of ties" in found["treaties"].why


def test_a_shock_returns_if_it_does_not_pass_the_fold(world):
    """h_c(2, 1) = 0.26642; `during` is uniform on -0.4..0, and `after` is below h_c."""
    found = world.numbers(("returns", "gone"))
    assert set(found) == {""}
    assert found[""].value == pytest.approx(0.266419987677 / 0.4, abs=NEAR)
    assert world.numbers(("returns", "mild"))[""].value == 1


def test_intervals_are_those_of_wilson(world):
    one = world.numbers(("aligned", "gaul", "aland"))["treaties"]
    assert (one.low, one.high) == wilson(one.value * DRAWS, DRAWS)
    assert one.counted == f"{one.value * DRAWS:g} of {DRAWS} draws"


def test_ties_without_a_range_are_one_draw():
    assert share(np.array([1.0])) == Number(1, 1, 1, 1, "no range in the ties")


def test_it_is_pickled_without_what_it_has_read(world):
    world.numbers(("returns", "gone"))
    again = pickle.loads(pickle.dumps(world))
    assert again.case == world.case and "_kept" not in vars(again)
    assert again.numbers(("returns", "gone")) == world.numbers(("returns", "gone"))


@given(st.integers(1, 5000), st.data())
def test_the_effective_number_undoes_wilson(n, data):
    hits = data.draw(st.integers(0, n))
    # the equation loses digits where its two roots meet, near p = 1/2 and n = 1
    assert effective(hits / n, *wilson(hits, n)) == pytest.approx(n, rel=1e-6)


def test_draws_of_a_rate_have_the_jeffreys_posterior():
    number = Number(0.2, *wilson(8, 40), 40, "8 of 40")
    u = (np.arange(1000) + 0.5) / 1000
    drawn = rate_draws(number, u)
    assert np.allclose(beta.cdf(drawn, 8.5, 32.5), u)
    # Brown, Cai and DasGupta 2001: the Jeffreys and Wilson intervals nearly agree.
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(wilson(8, 40), abs=0.01)


def test_without_a_ties_file_it_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"no file other\.ties\.yaml"):
        World(tmp_path / "other.yaml").states()
    with pytest.raises(InputError, match="text without a file"):
        World(None).states()
