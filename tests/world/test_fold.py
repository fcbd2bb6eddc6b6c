"""Coordination under a shock: the fold's closed form, brute-force iteration, and directions."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenario.ranges import Quantity
from detente.world.fold import (
    CAME_BACK,
    NEVER_LEFT,
    STAYED,
    branches,
    cases,
    fold,
    follow,
    loop,
    roots,
    turning_point,
    undone,
    way_back,
)

SOME = st.floats(0.3, 6), st.floats(0.1, 3)


def settle(beta, pull, h, m):
    """Iterate the map: it rises in m, so it converges to the next root without passing it."""
    for _ in range(20000):
        m = np.tanh(beta * (h + pull * m))
    return m


def shock(**given):
    numbers = {"precision": 2.0, "pull": 1.0, "before": 0.4, "during": -0.4, "after": 0.4} | given
    return SimpleNamespace(**{
        k: v if isinstance(v, Quantity) else Quantity.point(v) for k, v in numbers.items()})


@pytest.mark.parametrize(("beta", "pull", "h"), [
    (2, 1, 0.266419987677), (3, 1, 0.434424636001), (1, 1, 0), (0.5, 1, 0), (2, 0, 0)])
def test_the_fold_has_its_closed_form(beta, pull, h):
    assert fold(beta, pull) == pytest.approx(h, abs=1e-12)  # the truth has twelve digits


@given(*SOME, st.floats(-2, 2))
@settings(max_examples=60, deadline=None)
def test_roots_solve_the_equation_and_their_number_changes_at_the_fold(beta, pull, h):
    found = roots(beta, pull, h)
    for x in found:
        assert np.tanh(beta * (h + pull * x.m)) == pytest.approx(x.m, abs=1e-11)
    apart = abs(abs(h) - float(fold(beta, pull)))
    if apart > 1e-6 and abs(beta * pull - 1) > 1e-6:  # at the fold itself two roots are one
        assert len(found) == (3 if abs(h) < fold(beta, pull) else 1)
        assert [x.stable for x in found] == ([True, False, True] if len(found) == 3 else [True])


@pytest.mark.parametrize(("beta", "pull"), [(2, 1), (3, 1), (1.2, 1.5)])
def test_at_the_fold_two_roots_meet_at_the_turning_point(beta, pull):
    r, h = float(turning_point(beta, pull)), float(fold(beta, pull))
    double = min(roots(beta, pull, h), key=lambda x: x.m)
    assert double.m == pytest.approx(-r, abs=1e-6)  # m moves with the root of an error of h
    assert not double.stable and double.slope == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("beta", "pull"), [(2, 1), (3, 1), (1.5, 2)])
def test_the_numeric_loop_turns_at_the_closed_form(beta, pull):
    h, steps = float(fold(beta, pull)), 2001
    way = loop(beta, pull, 2 * h, steps)
    down, up = way[:steps], way[steps:]
    step = 4 * h / (steps - 1)
    assert down[down[:, 1] < 0, 0].max() == pytest.approx(-h, abs=step)  # between two steps
    assert up[up[:, 1] > 0, 0].min() == pytest.approx(h, abs=step)
    assert way_back(beta, pull).width == pytest.approx(2 * h)
    assert np.abs(way[0] - way[-1]).max() < 1e-9


def test_a_case_is_that_of_the_iterated_map():
    """The map is followed in 200 steps, and compared with the closed form."""
    rng = np.random.default_rng(11)
    beta, pull = rng.uniform(0.3, 6, 4000), rng.uniform(0.1, 3, 4000)
    h = rng.uniform(-1, 1, (3, 4000))
    known = fold(beta, pull)
    # the iteration converges slowly near a fold
    clear = (np.abs(np.abs(h) - known) > 1e-2).all(axis=0) & (np.abs(beta * pull - 1) > 0.05)
    beta, pull, h, known = beta[clear], pull[clear], h[:, clear], known[clear]
    assert len(beta) > 2000
    side = np.sign(h[0])
    r = turning_point(beta, pull)  # the old branch lies above r
    m, on_old = side.copy(), []
    for one, two in ((0, 1), (1, 2)):
        for share in np.linspace(0, 1, 100):
            for _ in range(40 if share < 1 else 2000):
                m = np.tanh(beta * ((1 - share) * h[one] + share * h[two] + pull * m))
        on_old.append((side * m > r) | (beta * pull <= 1))
    expected = np.where(on_old[0] & on_old[1], NEVER_LEFT,
                        np.where(on_old[1], CAME_BACK, STAYED))
    found = cases(beta, pull, *h)
    assert set(found) == {NEVER_LEFT, CAME_BACK, STAYED}
    assert (found == expected).all()


@given(*SOME, st.floats(-1, 1), st.floats(-1, 1))
@settings(max_examples=25, deadline=None)
def test_following_ends_where_the_iterated_map_ends(beta, pull, h, start):
    if abs(abs(h) - float(fold(beta, pull))) < 1e-3 or abs(beta * pull - 1) < 1e-2:
        return
    middle = [x.m for x in roots(beta, pull, h) if not x.stable]
    if middle and abs(middle[0] - start) < 1e-3:
        return  # at the unstable root rounding decides
    assert follow(beta, pull, [h], start)[0] == pytest.approx(
        settle(beta, pull, h, start), abs=1e-8)


@given(st.floats(0.6, 5), st.floats(0.6, 2), st.floats(0.05, 1))
@settings(deadline=None)
def test_more_pull_or_precision_widens_the_loop(beta, pull, more):
    assert fold(beta + more, pull) >= fold(beta, pull)
    assert fold(beta, pull + more) >= fold(beta, pull)


def test_sides_are_symmetric():
    rng = np.random.default_rng(4)
    beta, pull = rng.uniform(0.5, 4, (2, 500))
    h = rng.uniform(-1, 1, (3, 500))
    assert (cases(beta, pull, *h) == cases(beta, pull, *-h)).all()


def test_the_share_is_that_of_the_ranges():
    """during is uniform over 0 to -0.5 and after is 0.2 < h_c: stayed if during < -h_c."""
    h = 0.266419987677
    found = undone(shock(during=Quantity.uniform(-0.5, 0), after=0.2), 1024, 3)
    share, low, high = found.share(STAYED)
    assert share == pytest.approx((0.5 - h) / 0.5, abs=2 / 1024)  # Sobol' points, one dimension
    assert low < share < high
    assert found.restored == (found.case == STAYED).sum()  # the old branch exists at 0.2
    assert found.short.max() == pytest.approx(h - 0.2)
    assert found.returns.mean() == pytest.approx(1 - share)
    back = undone(shock(during=Quantity.uniform(-0.5, 0), after=0.3), 64)
    assert back.share(STAYED)[0] == 0 and back.share(CAME_BACK)[0] > 0


def test_conditions_that_are_not_restored_are_no_hysteresis():
    found = undone(shock(after=-0.5), 8)
    assert found.share(STAYED)[0] == 1 and found.restored == 0


def test_without_a_fold_the_state_follows_the_field():
    found = undone(shock(precision=0.5), 16)
    assert found.no_fold == 16 and found.share(NEVER_LEFT)[0] == 1
    assert {row["branch"] for row in branches(0.5, 1)} == {"new course", "old course"}
    path = np.linspace(1, -1, 21)
    there, back = follow(0.5, 1, path, 1.0), follow(0.5, 1, path[::-1], -1.0)
    assert np.abs(there - back[::-1]).max() < 1e-12


def test_the_curve_of_the_chart_holds_roots():
    assert max(row["h"] for row in branches(2, 1, reach=3)) >= 3
    for row in branches(2, 1, 9):
        assert np.tanh(2 * (row["h"] + row["m"])) == pytest.approx(row["m"], abs=1e-12)
