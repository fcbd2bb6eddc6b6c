"""What a solver does after its first attempt, and when it stops."""

from __future__ import annotations

import numpy as np
import pytest

from detente.equilibrium import solve
from detente.equilibrium.deliberate.run import Learning
from detente.equilibrium.deliberate.solve import AIM, USUAL, learn
from detente.equilibrium.methods import anneal
from detente.equilibrium.methods.newton import Point, Work
from detente.game import decide, end, tree

ENTRY = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
    "out": end("out", entrant=0, incumbent=2),
    "in": decide("incumbent", {
        "fight": end("fought", entrant=-1, incumbent=-1),
        "acquiesce": end("shared", entrant=1, incumbent=1)})}))


@pytest.mark.parametrize("implicit", [True, False])
def test_implicit_steps_are_the_last_attempt(monkeypatch, implicit):
    tried = []

    def fails(system, x, *rest, **options):
        return Point(x, np.inf, False)

    def relax(system, x, *rest, **options):
        tried.append(x)
        return Point(x, np.inf, False)

    monkeypatch.setattr(anneal, "newton", fails)
    monkeypatch.setattr(anneal, "smooth", fails)
    monkeypatch.setattr(anneal, "relax", relax)
    found = anneal.settle(None, np.zeros(2), 1.0, Work(), implicit=implicit)
    assert not found.ok and len(tried) == implicit


def test_a_start_that_leads_nowhere_gives_way_to_one_from_lambda_0(monkeypatch):
    """The attempt at the neighbour's lambda fails; the answer is that of a cold start."""
    cold = solve(ENTRY, 5.0)
    real = anneal.settle
    failed = []

    def settle(system, x, lam, work, *, implicit=True, **options):
        if implicit:
            return real(system, x, lam, work, **options)
        failed.append(lam)
        return Point(x, np.inf, False)

    monkeypatch.setattr("detente.equilibrium.fallible.solve.settle", settle)
    found = solve(ENTRY, 5.0, start=solve(ENTRY, 3.0))
    assert len(failed) == 1 and found.certificate.certified
    assert found.found_from == "lambda 0" and found.outcomes() == cold.outcomes()


def test_learning_stops_at_a_look_at_which_its_aim_holds():
    learning = Learning(ENTRY)
    start = solve(ENTRY, 5.0)
    _, gap, used = learn(learning, start.pi, epsilon=0.01)
    assert gap <= AIM and used == 0
    assert learning.step - 1 == USUAL.looks[0] < USUAL.steps
