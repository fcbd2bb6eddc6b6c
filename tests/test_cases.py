"""The shipped cases: within budget, every mechanism in play, every number with its reason."""

from __future__ import annotations

import pytest

from detente.cases import find, load, shipped
from detente.equilibrium import solve
from detente.findings.assumptions import reason
from detente.game.compile import compile_scenario
from detente.scenario.paths import numbers
from tests.support.reached import reached

CASES = sorted(shipped())
MOST_NODES = 8_500
"""The budget of a shipped case, in public nodes."""


def test_nine_cases_are_shipped():
    assert len(CASES) == 9


@pytest.fixture(scope="module", params=CASES)
def case(request):
    scenario = load(find(request.param))
    compiled = compile_scenario(scenario)
    return scenario, compiled, solve(compiled.tree, 40.0)


def test_budget(case):
    scenario, compiled, eq = case
    assert compiled.tree.n_nodes <= MOST_NODES
    assert eq.certificate.certified
    rounds = [m.spec.rounds for m in scenario.mechanisms if m.kind == "coordination"]
    assert (scenario.turns.each if scenario.turns else rounds[0]) >= 2


def test_every_mechanism_comes_into_play(case):
    _, compiled, eq = case
    for name, p in reached(compiled, eq).items():
        assert p > 0.01, name


def test_every_number_has_a_reason_and_every_claim_a_source(case):
    scenario, _, _ = case
    known = {s.id for s in scenario.sources}
    for path, q in numbers(scenario).items():
        end_of_scale = ".levels." in path and q.centre in (0.0, 1.0)
        assert reason(q) or end_of_scale, path
        assert not q.source or q.source in known
    assert len(scenario.claims) >= 2
    assert all(c.source in known for c in scenario.claims)
    assert scenario.levers


def test_outcomes_do_not_hang_on_trembles(case):
    """No case owes half of any ending to what the deliberate reading calls a tremble."""
    from detente.equilibrium import solve_deliberate

    _, compiled, eq = case
    deliberate = solve_deliberate(compiled.tree, eq)
    assert deliberate.certificate.certified
    erring, careful = eq.outcomes(), deliberate.outcomes()
    assert max(abs(erring[k] - careful[k]) for k in erring) < 0.5
