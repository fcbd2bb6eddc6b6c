"""Claims over samples: a batch's strategies say what each solution by itself says."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.solved import World
from detente.analysis.claims.solving import Point, over
from detente.cases import loads
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import Lab
from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.profiles import Profiles
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL as CRISIS
from tests.conftest import merged, text_of

SMALL = merged(CRISIS, {"precision": 10})
UNLIKE = {"mechanisms": [{"unlike_beliefs": {
    "of": "bland", "about": "aland", "quantity": "war_cost", "optimism": "0.2 to 1.0"}}]}
SAID = (
    "value(aland, attack) > best_other(aland, attack)",
    "value(bland, attack) > value(aland.war_cost high) after aland.mobilisation",
    "belief(bland, aland.war_cost > 0.45 | aland.attack or aland.offer) > 0.3",
    "choice(bland.war_cost low, attack | aland.escalate) > 0.1",
    "P(war, without: offers) > P(war, with: war.cost = 2 * war.cost) + 0.1",
)


def agree(compiled, lab, claims, theta, found):
    """Compare claims over samples with each sample solved by itself."""
    for k, numbers in enumerate(theta):
        single = Point(lab, solve(compiled.game(numbers), 10.0), numbers)
        for c, claim in enumerate(claims):
            alone = Meaning(claim, single.world).truth()
            assert alone.margin[0] == pytest.approx(found.margin[c, k], abs=1e-7), (c, k)
            assert alone.holds[0] == found.holds[c, k]


def test_samples_agree_with_single_solutions():
    """Values and beliefs recovered from public odds are those of the solver, in every sample."""
    compiled = compile_scenario(loads(text_of(SMALL)))
    eq = solve(compiled.tree, 10.0)
    names, lab = Names.of_graph(compiled.graph), Lab(compiled)
    centre = Point(lab, eq, compiled.centre)
    claims = [check(parse(t), names) for t in SAID]
    theta = np.repeat(compiled.centre[None], 3, axis=0)
    paths = list(compiled.paths)
    theta[1, paths.index("war.win_chance")], theta[1, paths.index("war.cost")] = 0.68, 0.01
    theta[2, paths.index("actors.aland.private.war_cost.high")] = 0.44
    found = over(lab, claims, theta, centre)
    assert found.certified.all()
    agree(compiled, lab, claims, theta, found)


def test_samples_of_simultaneous_moves_agree_too():
    case = {
        "crisis": "blocs", "title": "Two blocs", "precision": 5, "habits": "even",
        "actors": {a: {"role": "principal", "private": {"new_value": {
            "between": [-0.1, 0.3], "types": 3}}} for a in ("east", "west")},
        "mechanisms": [{"coordination": {
            "blocs": ["east", "west"], "rounds": 2, "old_value": "0.1 to 0.3", "new_value": 0.1,
            "same": 0.2, "leaving": 0.1, "returning": 0.1}}],
    }
    compiled = compile_scenario(loads(text_of(case)))
    eq = solve(compiled.tree, 5.0)
    lab, names = Lab(compiled), Names.of_graph(compiled.graph)
    centre = Point(lab, eq, compiled.centre)
    claims = [check(parse(t), names) for t in (
        "value(east, closed) > best_other(east, closed) after west.closed",
        "belief(west, east.new_value high | east.closed) > 0.5",
        "P(both_closed | east.closed) > 0.5",
    )]
    found = over(lab, claims, np.repeat(compiled.centre[None], 2, axis=0), centre)
    tree = compiled.tree
    # Strategies as a batch lays them out: moves, then the choices at simultaneous nodes.
    rows = [eq.pi, *(m for node in sorted(tree.joints) for m in eq.joint_pi[node])]
    play = Profiles.of_strategies(
        tree, compiled.numbers(compiled.centre[None]), np.concatenate(rows)[..., None],
        np.array([True]))
    assert play.reach[:, 0] == pytest.approx(eq.reach, abs=1e-12)
    for i, values in enumerate(eq.value):
        assert play.told(i)[0][..., 0] == pytest.approx(values, abs=1e-9)
    world = centre.world(())
    played = World(world.histories, play, world.compiled, world.theta)
    for c, claim in enumerate(claims):
        alone = Meaning(claim, centre.world).truth()
        assert found.margin[c] == pytest.approx(np.repeat(alone.margin, 2), abs=1e-7)
        again = Meaning(claim, lambda v: played).truth()
        assert again.margin == pytest.approx(alone.margin, abs=1e-9)
    from detente.analysis.claims.careful import over_deliberate
    from detente.analysis.samples import Samples, draws

    theta = draws(compiled, 2, 1)
    strict = over_deliberate(lab, claims, Samples(theta), centre, 2)
    assert strict.certified.all()
    for k, numbers in enumerate(theta):
        begin = solve(compiled.game(numbers), 5.0)
        careful = Point(lab, solve_deliberate(begin.game, begin, epsilon=0.01, settle=None),
                        numbers)
        for c, claim in enumerate(claims):
            alone = Meaning(claim, careful.world).truth()
            # Starts differ in the ninth digit; learning stops at a NashConv of about 1e-4.
            assert alone.margin[0] == pytest.approx(strict.margin[c, k], abs=2e-3)


def sampled(compiled, n):
    from detente.analysis.samples import draws

    names, lab = Names.of_graph(compiled.graph), Lab(compiled)
    claims = [check(parse(t), names) for t in SAID]
    return lab, claims, draws(compiled, n, 5)


def test_samples_under_unlike_beliefs_agree_with_single_solutions():
    """Values by each side's own prior, recovered from a batch's strategies."""
    compiled = compile_scenario(loads(text_of(merged(SMALL, UNLIKE))))
    assert compiled.tree.observer_prior is not None
    lab, claims, theta = sampled(compiled, 5)
    centre = Point(lab, solve(compiled.tree, 10.0), compiled.centre)
    found = over(lab, claims, theta, centre)
    assert found.certified.all()
    agree(compiled, lab, claims, theta, found)


@pytest.mark.parametrize("changes", [{}, UNLIKE])
def test_deliberate_samples_are_those_of_single_solutions(changes):
    """The same learning from the same start, whether in a batch or alone."""
    from detente.analysis.claims.careful import over_deliberate
    from detente.analysis.samples import Samples

    compiled = compile_scenario(loads(text_of(merged(SMALL, changes))))
    lab, claims, theta = sampled(compiled, 3)
    centre = Point(lab, solve(compiled.tree, 10.0), compiled.centre)
    found = over_deliberate(lab, claims, Samples(theta), centre, 3)
    assert found.certified.all()
    for k, numbers in enumerate(theta):
        begin = solve(compiled.game(numbers), 10.0)
        eq = solve_deliberate(begin.game, begin, epsilon=0.01, settle=None)
        single = Point(lab, eq, numbers, start=Point(lab, begin, numbers))
        for c, claim in enumerate(claims):
            alone = Meaning(claim, single.world).truth()
            # Starts differ in the ninth digit; learning stops at a NashConv of about 1e-4.
            assert alone.margin[0] == pytest.approx(found.margin[c, k], abs=2e-3), (c, k)


def test_a_prior_by_itself_is_the_observers_own_in_both_readings():
    """Nothing else in the claim asks for strategies; the own prior is .4 tilted by optimism."""
    from detente.analysis.claims.careful import over_deliberate
    from detente.analysis.samples import Samples

    compiled = compile_scenario(loads(text_of(merged(SMALL, UNLIKE))))
    lab, _, theta = sampled(compiled, 3)
    claim = check(parse("prior(bland, aland.war_cost high) > 0"), Names.of_graph(compiled.graph))
    centre = Point(lab, solve(compiled.tree, 10.0), compiled.centre)
    own = compiled.numbers(theta).observer_prior[1][0][1]
    assert (abs(own - 0.4) > 0.01).all()
    erring = over(lab, [claim], theta, centre)
    careful = over_deliberate(lab, [claim], Samples(theta), centre, 3)
    for found in (erring, careful):
        assert found.margin[0] == pytest.approx(own, abs=1e-12)


# Numbers of samples -------------------------------------------------------------------------------


class Sized:
    """A compiled crisis with so many information sets; nothing else is read."""

    def __init__(self, sets):
        self.tree = self
        self.n_information_sets = sets


def test_claims_about_variants_of_large_games_get_fewer_samples():
    from detente.analysis.claims.counts import FEWER, LARGE, LOOKS, careful_counts, counts_of
    from detente.claims.parse import parse

    claims = [parse("P(war) > 0.5"), parse("P(war) > P(war, with: delay_cost = 0.1)")]
    assert counts_of(Sized(LARGE), claims, 512) == [512, 512]
    assert counts_of(Sized(LARGE + 1), claims, 512) == [512, FEWER]
    assert counts_of(Sized(LARGE + 1), claims, 100) == [100, 100]
    assert careful_counts(Sized(LARGE), claims, None, 512, 128) == [(128,), (128,)]
    assert careful_counts(Sized(LARGE + 1), claims, None, 512, 128) == [(128,), LOOKS]
    assert careful_counts(Sized(LARGE + 1), claims, None, 512, 8) == [(8,), (8,)]
    assert careful_counts(Sized(LARGE + 1), claims, 40, 512, 128) == [(40,), (40,)]


def test_a_second_look_adds_the_samples_that_follow(monkeypatch):
    """A claim whose interval contains 1/2 gets more; the joined samples are those of one look."""
    from detente.analysis.claims import counts
    from detente.analysis.claims.solving import Over

    holds = np.array([np.arange(32) % 2, np.ones(32), np.arange(32) % 2], dtype=float)
    asked = []

    def over_deliberate(lab, claims, drawn, centre, n, *, first=0, **settings):
        asked.append((list(claims), first, n))
        these = holds[np.array(claims), first : first + n]
        return Over(these, these - 0.5, np.ones(these.shape, dtype=bool))

    class Drawn:
        weights = None

    monkeypatch.setattr(counts, "over_deliberate", over_deliberate)
    found = counts.careful_shares(None, [0, 1, 2], Drawn, None, [(16, 32), (16, 32), (32,)])
    assert asked == [([0, 1], 0, 16), ([2], 0, 32), ([0], 16, 16)]
    assert [(s.requested, s.held) for s in found.values()] == [(32, 16), (16, 16), (32, 16)]


def test_later_samples_in_the_deliberate_model_are_those_of_the_whole():
    from detente.analysis.claims.careful import over_deliberate
    from detente.analysis.claims.solving import Over
    from detente.analysis.samples import Samples
    from detente.equilibrium import deliberate_batch, solve_batch

    compiled = compile_scenario(loads(text_of(SMALL)))
    lab, claims, theta = sampled(compiled, 6)
    centre = Point(lab, solve(compiled.tree, 10.0), compiled.centre)

    def numbers(which):
        return compiled.numbers(theta[which])

    one = solve_batch(compiled.tree, numbers, 6, lam=10.0, start=centre.base, keep=True)
    two = deliberate_batch(compiled.tree, numbers, 6, starts=one, keep=True)
    for drawn in (Samples(theta), Samples(theta, one, two)):
        whole = over_deliberate(lab, claims, drawn, centre, 6)
        parts = [over_deliberate(lab, claims, drawn, centre, 2),
                 over_deliberate(lab, claims, drawn, centre, 4, first=2)]
        joined = Over.join(parts)
        assert whole.certified.all() and joined.certified.all()
        np.testing.assert_array_equal(joined.holds, whole.holds)
        # Starts differ in the tenth digit; learning stops at a NashConv of about 1e-5.
        np.testing.assert_allclose(joined.margin, whole.margin, atol=2e-3)
