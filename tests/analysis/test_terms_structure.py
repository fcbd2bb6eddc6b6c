"""Terms of settlements, near-ties between them, and structural neighbours."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from detente.analysis.structure import MOVED, Neighbour, Structure, examine, neighbours
from detente.analysis.terms import near_ties, probabilities
from detente.equilibrium import solve, solve_deliberate
from detente.findings import outcomes, structure
from detente.game.compile import compile_scenario
from tests.conftest import make_crisis

SMALL = {
    "turns": {"each": 1}, "offers": {"shares": [0.45, 0.6], "each": 1},
    "actors": {n: {"private": {"war_cost": {"between": [0.1, 0.5], "types": 2}}}
               for n in ("aland", "bland")},
}
PACKAGES = {"shares": [0.6], "each": 1, "packages": [
    {"name": "one text", "share": 0.5}, {"name": "another text", "share": 0.5},
    {"name": "a better text", "share": 0.5, "side_payment": {"to": "bland", "worth": 0.2}}]}


@pytest.fixture(scope="module")
def packages():
    compiled = compile_scenario(make_crisis(**{**SMALL, "offers": PACKAGES}))
    return compiled, solve(compiled.tree, 15.0)


def test_terms_add_up_to_their_outcomes(packages):
    compiled, eq = packages
    tree = compiled.tree
    p = probabilities(tree, eq.leaf_reach)
    total = {}
    for terms, x in zip(tree.term_kinds, p, strict=True):
        name = str(terms.outcome)
        total[name] = total.get(name, 0.0) + float(x)
    assert total == pytest.approx(eq.outcomes(), abs=1e-12)
    assert p.sum() == pytest.approx(1)


def test_a_settlement_is_told_by_its_package_or_its_share(packages):
    compiled, _ = packages
    words = {str(t) for t in compiled.tree.term_kinds if t.outcome.kind == "settlement"}
    assert words == {"settlement: one text", "settlement: another text",
                     "settlement: a better text", "settlement: share 0.6"}


def test_two_texts_of_equal_worth_are_a_near_tie(packages):
    """They pay the same in every way, so nothing in the file explains the choice between them."""
    compiled, eq = packages
    found = near_ties(compiled, eq)
    pairs = {frozenset((t.one.package, t.two.package)) for t in found}
    assert frozenset(("one text", "another text")) in pairs
    equal = next(t for t in found if {t.one.package, t.two.package} == {"one text", "another text"})
    assert equal.difference == pytest.approx(0, abs=1e-9)


def test_a_text_worth_a_fifth_more_to_the_other_side_is_no_tie(packages):
    compiled, eq = packages
    found = near_ties(compiled, eq)
    assert not any(t.actor == "aland" and "share 0.6" in {str(t.one), str(t.two)} for t in found)
    for tie in found:
        assert tie.difference < 0.01


def test_a_near_tie_is_less_than_a_hundredth_of_the_stake():
    """At lambda 0 the values of two offers differ by P(accept) times the difference of shares."""
    compiled = compile_scenario(make_crisis(**{
        **SMALL, "offers": {"shares": [0.45, 0.47, 0.55], "each": 1},
        "habits": {"offer": 8, "accept": 2, **dict.fromkeys(
            ("hold", "escalate", "yield", "attack", "lapse"), 1)}}))
    tree, eq = compiled.tree, solve(compiled.tree, 0.0)
    node = next(c for c in tree.children(0) if tree.move_into(c).verb == "offer")
    accept = next(float(eq.q[c]) for c in tree.children(node)
                  if tree.move_into(c).verb == "accept")
    assert 0.02 * accept < 0.01 < 0.08 * accept
    found = {frozenset((t.one.share, t.two.share)): t.difference
             for t in near_ties(compiled, eq) if t.actor == "aland"}
    # The pairs with 0.55 differ by at least 0.08 P(accept), which is above the bound.
    assert found == {frozenset((0.45, 0.47)): pytest.approx(0.02 * accept, abs=1e-12)}


def test_labels_of_the_neighbours():
    labels = [label for label, _ in neighbours(make_crisis())]
    assert labels == [
        "one turn fewer for each side", "one turn more for each side", "the other side moves first",
        "offers halfway between the present ones added", "twice as many types"]


def test_a_neighbour_changes_one_part_and_keeps_every_number():
    crisis = make_crisis(**{**SMALL, "turns": {"each": 2}})
    base = compile_scenario(crisis)
    for label, one in neighbours(crisis):
        compiled = compile_scenario(one)
        assert compiled.paths == base.paths, label
        np.testing.assert_array_equal(compiled.centre, base.centre)
        assert compiled.tree.n_nodes != base.tree.n_nodes or "first" in label or "types" in label
    found = dict(neighbours(crisis))
    assert found["one turn fewer for each side"].turns.each == 1
    assert found["one turn more for each side"].turns.each == 3
    assert found["the other side moves first"].turns.first == "bland"
    finer = found["offers halfway between the present ones added"].offers.shares
    assert [float(s) for s in finer] == [0.45, 0.525, 0.6]
    more = compile_scenario(found["twice as many types"])
    assert [len(t) for t in more.tree.types] == [4, 4]


def test_no_neighbour_where_there_is_no_such_structure():
    """One turn cannot become none, and one offer has no midpoint."""
    crisis = make_crisis(turns={"each": 1}, offers={"shares": [0.5]},
                         actors={n: {"private": None} for n in ("aland", "bland")},
                         war={"cost": 0.2})
    labels = [label for label, _ in neighbours(crisis)]
    assert labels == ["one turn more for each side", "the other side moves first"]


def entry(label: str, war: float, peace: float, certified: bool = True) -> Neighbour:
    odds = {"war": war, "settlement": peace, "status quo": 1 - war - peace}
    return Neighbour(label, odds, odds, certified=certified)


def test_structure_decides_if_the_likeliest_outcome_changes_or_moves():
    base = entry("as it is", 0.10, 0.60)
    same = entry("same", 0.12, 0.60 - MOVED + 0.005)
    moved = entry("moved", 0.05, 0.60 - MOVED - 0.005)
    other = entry("other", 0.55, 0.45)
    failed = entry("failed", 0.9, 0.1, certified=False)
    unsolved = Neighbour("unsolved", note="not solved: too large")
    found = Structure(base, (same, moved, other, failed, unsolved))
    assert [n.label for n in found.solved] == ["same", "moved", "other"]
    assert [n.label for n in found.deciding] == ["moved", "other"]


def told(base: Neighbour, *others: Neighbour) -> SimpleNamespace:
    return SimpleNamespace(structure=Structure(base, others), ending_words={},
                           pooled=SimpleNamespace(count=1))


def test_structure_is_not_judged_if_a_side_of_the_comparison_failed_its_check():
    good, bad = entry("as it is", 0.1, 0.6), entry("as it is", 0.1, 0.6, certified=False)
    near, far = entry("one turn more", 0.1, 0.6), entry("twice as many types", 0.9, 0.1)
    failed = entry("one turn more", 0.9, 0.1, certified=False)
    assert "Structure does not decide" in structure.sentence(told(good, near))
    assert Structure(bad, (far,)).deciding == []
    for analysis, why in (
        (told(bad, near), "the solution at the centre of the ranges failed its check"),
        (told(bad, far), "the solution at the centre of the ranges failed its check"),
        (told(good, failed), "no solution of another structure passed its check"),
    ):
        assert "decide" not in structure.sentence(analysis) and why in structure.sentence(analysis)
    assert structure.sentence(told(good)) == ""  # no other structure was tried
    for base, decides in ((good, [False, True, None]), (bad, [None, None, None])):
        assert [r["decides"] for r in structure.rows(told(base, far, failed))] == decides


def test_structure_decides_if_the_likeliest_outcome_of_one_model_changes():
    """By the mean of both models the settlement stays first, and nothing moves by more than .1."""
    base = Neighbour("as it is", {"settlement": 0.48, "status quo": 0.52},
                     {"settlement": 0.9, "status quo": 0.1}, certified=True)
    near = Neighbour("near", {"settlement": 0.52, "status quo": 0.48},
                     {"settlement": 0.9, "status quo": 0.1}, certified=True)
    found = Structure(base, (near,))
    assert base.most_probable() == near.most_probable() and found.moved(near) < MOVED
    assert found.turned(near) == ["fallible"] and found.deciding == [near]


def test_structure_counts_the_top_outcome_of_each_model():
    """War moves by .3 in the model in which it comes first; by the mean another outcome is first.
    """
    base = Neighbour("as it is", {"status quo": 0.95, "war": 0.05}, {"war": 0.9, "status quo": 0.1},
                     certified=True)
    near = Neighbour("near", {"status quo": 0.94, "war": 0.06},
                     {"war": 0.6, "status quo": 0.1, "settlement": 0.3}, certified=True)
    found = Structure(base, (near,))
    assert base.most_probable() == "status quo" and found.turned(near) == []
    assert found.moves(near)["war"] == pytest.approx(0.3) and found.deciding == [near]
    assert "the probability of war moves by more than 10 points" in structure.sentence(
        told(base, near))


def test_structure_that_does_not_decide_names_the_outcome_of_each_model():
    odds = {"status quo": 0.95, "war": 0.05}, {"war": 0.9, "status quo": 0.1}
    base, near = (Neighbour(name, *odds, certified=True) for name in ("as it is", "one turn more"))
    large = Neighbour("twice as many types", note="not solved: too large")
    text = structure.sentence(told(base, near, large))
    assert "war in the deliberate one (90 %)" in text and "in the fallible one (95 %)" in text
    assert text.endswith("Not included: twice as many types (no checked solution).")


def test_neighbours_are_solved_as_crises_of_their_own():
    """One of them against the crisis that a file with that structure gives."""
    crisis = make_crisis(**SMALL)
    compiled = compile_scenario(crisis)
    eq = solve(compiled.tree, compiled.lam)
    found = examine(crisis, eq, solve_deliberate(compiled.tree, eq))
    swapped = next(n for n in found.others if "first" in n.label)
    alone = compile_scenario(make_crisis(**{**SMALL, "turns": {"each": 1, "first": "bland"}}))
    assert swapped.certified
    assert swapped.fallible == pytest.approx(solve(alone.tree, alone.lam).outcomes(), abs=1e-9)


def test_a_centre_outside_its_range_is_told():
    """By hand: 0.7 is above 0.6; 0.303 differs from 0.3 by less than a percentage shows."""
    row = {"others": [], "name": "deal", "deliberate": 0.7, "deliberate_low": 0.1,
           "deliberate_high": 0.6, "fallible": 0.303, "low": 0.1, "high": 0.3}
    told = SimpleNamespace(
        once=lambda _: [row], ending_words={"deal": "a deal"},
        pooled=SimpleNamespace(count=1, passed=lambda model: (8, 8)))
    assert outcomes.outside([row]) == [("deal", "deliberate")]
    (note,) = outcomes.outside_note(told)
    assert "for: a deal (deliberate)" in note and "only 8 samples" in note
    row["deliberate"] = 0.5
    assert outcomes.outside_note(told) == []
