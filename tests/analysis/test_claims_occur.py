"""How probable the events of a claim are over the samples, and what is said of rare ones."""

from __future__ import annotations

import pytest

from detente.analysis.claims.evaluate import evaluate
from detente.analysis.samples import draws
from detente.cases import loads
from detente.defaults import SEED
from detente.equilibrium import solve, solve_batch, solve_deliberate
from detente.findings.claims.wording import short
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of


@pytest.fixture(scope="module")
def wide():
    """A war that is far too costly at the centre of the ranges, and pays at their low end."""
    compiled = compile_scenario(loads(text_of(merged(SMALL, {
        "actors": {"aland": {"private": None}, "bland": {"private": None}},
        "ladder": ["talks", "war"], "war": {"cost": "0.02 to 2"}, "turns": {"each": 1},
        "claims": [
            {"id": "war", "says": "War is likely.", "holds_if": "P(war) > 0.2"},
            {"id": "whose", "says": "Aland attacks.", "holds_if": "P(aland.attack | war) > 0.4"},
            {"id": "both", "says": "War, and peace.",
             "holds_if": "P(aland.attack | war) > P(aland.attack | not war)"}]}))))
    eq = solve(compiled.tree, compiled.lam)
    return compiled, eq, evaluate(compiled, eq, solve_deliberate(compiled.tree, eq), samples=64,
                                  points=0, nearest=False)


def test_the_mean_probability_is_that_of_the_samples(wide):
    compiled, _, found = wide
    theta = draws(compiled, 64, SEED)
    batch = solve_batch(compiled.tree, lambda k: compiled.numbers(theta[k]), 64, lam=compiled.lam)
    chance = batch.outcome("war")
    war, whose, both = (c.share.occurs for c in found.found)
    assert batch.certified.all()
    # Solved from another start: both solutions are within 1e-8 of the equilibrium.
    assert war == pytest.approx(chance.mean(), abs=1e-7)
    assert whose == war
    assert both < war  # the rarer condition of each sample


def test_an_event_that_occurs_within_the_ranges_is_there_to_be_explained(wide):
    _, eq, found = wide
    assert eq.outcomes()["war"] < 1e-3  # at the centre alone it would not be
    war, whose, _ = found.found
    assert war.share.occurs > 0.01
    assert "to explain" not in short(war) and "to explain" not in short(whose)
