"""What the deciding actor must believe: payoffs by both types are the equilibrium's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.analysis import analyse
from detente.cases import from_document, load
from detente.equilibrium import solve
from detente.findings import decisions, drivers, reasons
from detente.findings.document import document
from detente.game.compile import compile_scenario
from detente.scenario.quantity import Kind
from detente.scenario.yamlfile import parse_yaml
from tests.analysis.crisis import SMALL
from tests.conftest import text_of


@pytest.fixture(scope="module")
def found():
    return analyse(from_document(parse_yaml(text_of(SMALL))), samples=8, deliberate_samples=4,
                   starts=0)


@pytest.mark.parametrize("case", ["caucasus-2025", "istanbul-2025"])
def test_payoffs_weighed_by_beliefs_are_the_values(case):
    """The solver's values come from its own backward sweep over one type at a time.

    Third parties with types of their own, votes by type and unlike beliefs are among the cases.
    """
    game = compile_scenario(load(case)).tree
    eq = solve(game, 20.0)
    for n in np.flatnonzero((game.mover >= 0) & (eq.reach > 1e-4))[:30]:
        mover = int(game.mover[n])
        expected = np.array([eq.value[mover][c] for c in game.children(int(n))])
        for other in range(game.n_players):
            if other != mover and game.n_types[other] > 1:
                worth = reasons.payoffs(eq, int(n), mover, other)
                held = reasons.believed(eq, int(n), mover, other)
                assert worth @ held == pytest.approx(expected, abs=1e-9)


def test_payoffs_where_both_choose_at_once():
    """A mix over one's own choices gives the value of the node itself."""
    game = compile_scenario(load("order-2020")).tree
    eq = solve(game, 20.0)
    for n, joint in list(game.joints.items())[:6]:
        for seat, mover in enumerate(joint.players):
            other = joint.players[1 - seat]
            worth = reasons.payoffs(eq, n, mover, other) @ reasons.believed(eq, n, mover, other)
            mixed = (np.asarray(eq.joint_pi[n][seat]) * worth).sum(axis=0)
            assert mixed == pytest.approx(eq.value[mover][n], abs=1e-9)


moves = st.lists(st.tuples(*[st.floats(-1, 1)] * 2), min_size=1, max_size=5)


@given(moves, st.floats(0, 1))
def test_the_best_move_is_the_best_within_its_beliefs_and_not_beyond(ends, p):
    low, high = np.array(ends).T

    def worth(q):
        return (1 - q) * low + q * high

    move, least, most, before, after = reasons.best_while(low, high, p)
    assert least <= p <= most
    for q in (least, p, most, (least + most) / 2):
        assert worth(q)[move] >= worth(q).max() - 1e-9
    # One at a time: past the edge the move named is better than the one that was best.
    if before is not None:
        assert worth(0.0)[before] > worth(0.0)[move]
    else:
        assert worth(0.0)[move] >= worth(0.0).max() - 1e-9
    if after is not None:
        assert worth(1.0)[after] > worth(1.0)[move]
    else:
        assert worth(1.0)[move] >= worth(1.0).max() - 1e-9


def test_rows_and_section(found):
    rows = reasons.rows(found)
    assert rows and document(found)["reasons"]
    first = decisions.rows(found)[0]
    assert [rows[0]["actor"]] == first["actors"] and rows[0]["after"] == first["after"]
    for r in rows:
        assert r["least"] <= r["belief"] <= r["most"]
        if r["whatever"]:
            assert r["below"] is None and r["above"] is None
    section = reasons.section(found)
    assert section is not None
    assert section.lead.startswith("The most influential decision is") and section.tables


def test_decisions_taken_at_once_are_ranked_too():
    a = analyse("order-2020", samples=4, deliberate_samples=2, starts=0)
    found = decisions.rows(a)
    assert found and found[0]["actors"] == ["west_bloc", "east_bloc"]
    assert sum(m["probability"] for m in found[0]["moves"]) == pytest.approx(1, abs=1e-9)
    told = reasons.rows(a)
    assert {r["actor"] for r in told} == {"west_bloc", "east_bloc"}
    # Each row has the actor's own act, not the acts of both.
    assert all(r["best_act"]["actor"] == r["actor"] for r in told)
    assert all(":" not in r["best"] for r in told)


def test_what_nobody_can_know_is_said(found):
    numbers = found.compiled.graph.rules.numbers
    # The odds of war can be studied; the chance of an accident cannot.
    assert drivers.unknowable([numbers["war.win_chance"]], {}) == []
    accident = replace(numbers["war.win_chance"], kind=Kind.ACCIDENT)
    (note,) = drivers.unknowable([accident], {})
    assert "chances of events (war: win chance)" in note
    secret = [q for p, q in numbers.items() if q.kind is Kind.PRIVATE]
    said = drivers.unknowable(secret, found.titles)
    assert len(said) == 1 and "private information" in said[0]
    costs = [q for q in numbers.values() if q.kind is Kind.COST]
    assert costs and drivers.unknowable(costs, found.titles) == []


def test_one_move_for_every_type_is_said_once(found, monkeypatch):
    row = {"actor": "aland", "after": (), "reach": 1.0, "about": "bland", "that": "high war cost",
           "belief": 0.3, "least": 0.0, "most": 1.0, "whatever": True, "below": None, "above": None}
    for best, words in (
        (("hold", "hold"), "does not change its best move, "
                           "and neither does its own type: the best move is to hold."),
        (("hold", "yield"), "but its own type does: with low war cost the best move is to hold; "
                            "with high war cost the best move is to yield."),
    ):
        told = [{**row, "type": f"{kind} war cost", "best": move}
                for kind, move in zip(("low", "high"), best, strict=True)]
        monkeypatch.setattr(reasons, "rows", lambda analysis, told=told: told)
        assert reasons.section(found.with_parts()).lead.endswith(words)
