"""Claims at structural neighbours: the same numbers as a claim's own variant of structure."""

from __future__ import annotations

import pytest

from detente.analysis.claims.facts import verdict
from detente.analysis.claims.solving import Point
from detente.analysis.claims.structure import over_structure
from detente.analysis.structure import examine
from detente.cases import loads
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import Lab
from detente.equilibrium import solve, solve_deliberate
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of


def test_a_neighbour_gives_the_verdict_of_the_variant_with_its_structure():
    compiled = compile_scenario(loads(text_of(merged(SMALL, {"precision": 10}))))
    fallible = solve(compiled.tree, compiled.lam)
    deliberate = solve_deliberate(compiled.tree, fallible, epsilon=0.01)
    found = examine(compiled.scenario, fallible, deliberate)
    point = Point(Lab(compiled), fallible, compiled.centre)
    names = Names.of_graph(compiled.graph)
    for label, change in (("one turn more for each side", "turns.each = 2"),
                          ("the other side moves first", "turns.first = bland")):
        text = f"P(war, with: {change}) < 0.5"
        said = verdict(check(parse(text), names), text, point, "fallible").sides[0].value
        here = next(n for n in found.others if n.label == label)
        assert said == pytest.approx(here.fallible["war"], abs=1e-7)
        # A threshold on each side of the neighbour's own probability: one claim holds, one fails.
        (low,), (high,) = (
            [a for a in row if a.label == label] for row in over_structure(
                [f"P(war) < {here.fallible['war'] + d}" for d in (-1e-3, 1e-3)], found))
        assert (low.fallible, high.fallible) == (False, True) and low.certified
