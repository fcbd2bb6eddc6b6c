"""Off-ramps reach their target, cannot be had for less, and are confirmed afresh."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from detente.analysis.offramps import offramps, parse_target
from detente.equilibrium import solve
from detente.errors import InputError
from tests.conftest import make_crisis

LEVERS = {
    "stake.status_quo": {"from": 0.3, "to": 0.6, "difficulty": 1, "who": "bland"},
    "ladder.mobilisation.risk": {"from": 0.0, "to": 0.2, "difficulty": 2},
}


def case():
    return make_crisis(
        turns={"each": 1}, stake={"status_quo": 0.45},
        start={"rung": "mobilisation"}, war={"win_chance": "0.55 to 0.7"},
        ladder=["talks", {"mobilisation": {"risk": 0.1}}, "war"], levers=LEVERS)


def war(compiled, moves, x, start=None, lam=20.0):
    eq = solve(compiled.game(moves.theta(compiled.centre, x)), lam, start=start)
    return eq.outcomes()["war"]


@pytest.fixture(scope="module")
def found():
    return offramps(case(), "0.25", lam=20.0, samples=16, starts=1)


@pytest.fixture(scope="module")
def pieces():
    from detente.analysis.offramps.levers import levers_of
    from detente.game.compile import compile_scenario

    compiled = compile_scenario(case())
    return compiled, levers_of(compiled)


def test_each_proposal_meets_the_target_and_less_does_not(found, pieces):
    compiled, moves = pieces
    assert found.now > 0.25
    some = [p for p in found.singles.values() if p is not None]
    assert some
    for p in some:
        (path, (start, end)), = p.changes.items()
        k = moves.paths.index(path)
        x = moves.now.copy()
        x[k] = end
        assert war(compiled, moves, x) <= 0.25 + 1e-9
        x[k] = start + 0.98 * (end - start)
        assert war(compiled, moves, x) > 0.25
        assert p.holds and p.certified


def test_the_combination_is_no_dearer_than_a_grid_finds(found, pieces):
    """Brute force over a 13 by 13 grid of both levers."""
    compiled, moves = pieces
    axes = [np.linspace(a, b, 13) for a, b in zip(moves.low, moves.high, strict=True)]
    costs = [
        moves.cost(np.array(x)) for x in itertools.product(*axes)
        if war(compiled, moves, np.array(x)) <= 0.25
    ]
    assert found.combination is not None
    singles = [p.cost for p in found.singles.values() if p is not None]
    assert found.combination.cost <= min(min(costs), *singles) + 0.01
    assert found.combination.fallible <= 0.25 + 1e-9


def test_out_of_reach_says_how_near(pieces):
    compiled, moves = pieces
    far = offramps(case(), "0.0001", lam=20.0, samples=4, starts=0)
    assert far.combination is None and not any(far.singles.values())
    lowest = min(
        war(compiled, moves, np.array(x))
        for x in itertools.product(*zip(moves.low, moves.high, strict=True)))
    assert 0.0001 < far.best <= far.now
    assert far.best <= lowest + 0.02


def test_document_is_json_and_says_who(found):
    doc = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert doc["target"] == "P(war) at most 0.25"
    one = {row["lever"]: row["proposal"] for row in doc["one_lever"]}
    assert set(one) == set(LEVERS)
    assert one["stake.status_quo"]["who"] == ["bland"]


def test_section_shows(found):
    from detente.findings.offramps import section

    made = section(found)
    assert len(made.charts) == len(LEVERS) and made.tables


@pytest.mark.parametrize(("text", "wrong"), [
    ("2", "not a probability"), ("peace >= 0.5", "no outcome"), ("war =< 1", "not a target")])
def test_bad_targets(text, wrong):
    with pytest.raises(InputError, match=wrong):
        parse_target(text, ("war", "settlement"))


def test_no_levers():
    with pytest.raises(InputError, match="no levers"):
        offramps(make_crisis(), "0.1")


def test_levers_and_actors_are_called_by_their_names(found):
    from detente.findings.offramps import section

    made = section(found)
    said = " ".join(str(row) for table in made.tables for row in table.rows) + made.lead
    assert "stake: status quo" in said and "stake.status_quo" not in said


def test_levers_that_do_not_reach_it_are_told_apart(found):
    """Names hold commas themselves; what is nearest is not written as the target is."""
    from detente.findings.offramps import section

    names = {path: f"{name}, worth" for path, name in found.named.items()}
    level = found.target.level
    none = replace(found, named=names, singles=dict.fromkeys(found.singles), combination=None,
                   now=level + 0.2, best=level + 0.0004)
    made = section(none)
    assert "; ".join(names[p] for p in found.singles) + "." in made.notes[0]
    nearest = made.lead.split("nearest value found is ")[1].removesuffix(" %.")
    assert float(nearest) / 100 == pytest.approx(level + 0.0004, abs=5e-5)


def test_a_lever_that_stays_is_drawn_from_its_range():
    """Rounding of 1e-12 by the search is no move: the share is that of the crisis as it stands."""
    from detente.analysis.memo import Memo
    from detente.analysis.offramps.confirm import confirm
    from detente.analysis.offramps.levers import levers_of
    from detente.analysis.offramps.search import Search
    from detente.game.compile import compile_scenario

    compiled = compile_scenario(make_crisis(
        turns={"each": 1}, stake={"status_quo": "0.3 to 0.6"}, start={"rung": "mobilisation"},
        war={"win_chance": 0.6}, ladder=["talks", {"mobilisation": {"risk": 0.1}}, "war"],
        levers=LEVERS))
    moves, start = levers_of(compiled), solve(compiled.tree, 20.0)
    target = parse_target(str(start.outcomes()["war"]), compiled.tree.outcome_names)
    search = Search(Memo(compiled), moves, target, start)
    here, near = (confirm(search, moves.now + by, "combination", 16, 0, 1, 1) for by in (0, 1e-12))
    assert not near.changes and 0 < here.share < 1
    assert near.share == here.share


def test_a_share_of_no_certified_sample_is_no_share():
    from detente.analysis.offramps.confirm import Proposal
    from detente.findings.offramps import _share, _works

    nothing = Proposal(
        "lever", {}, [], 0.1, 0.2, 0.3, True, True, [], None, 0.0, 1.0, 0, 8, 0.0, 0.0
    )
    assert _share(nothing) == "no sample passed"
    assert "%" not in _works(nothing)
    some = Proposal("lever", {}, [], 0.1, 0.2, 0.3, True, True, [], 0.5, 0.2, 0.8, 6, 2, 0.0, 0.0)
    assert "2 of 8 failed the check" in _share(some)


def test_what_is_met_at_present_is_said_of_each_model_with_both_figures(found):
    """The target must be met in both models; a figure below it in one of them is not enough."""
    from detente.findings.offramps import section

    level = found.target.level
    none = {"singles": dict.fromkeys(found.singles), "combination": None}
    both = section(replace(found, now=level / 2, now_deliberate=level / 3, **none)).lead
    assert "in both models" in both and "12 %" in both and "8 %" in both
    one = replace(found, now=level / 300, now_deliberate=level * 2, **none)
    assert one.met == {"fallible": True, "deliberate": False}
    lead = section(one).lead
    assert "in the fallible model" in lead and "not in the deliberate model (50 %)" in lead
    other = section(replace(found, now=level * 2, now_deliberate=level / 2, **none)).lead
    assert "not in the fallible model (50 %)" in other and "No change" in other
    doc = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert doc["met"] == found.met and 0 <= doc["now_deliberate"] <= 1


def test_proposals_are_listed_once_and_never_change_nothing(found):
    """A combination that moves one lever to the same value is that lever's proposal."""
    from detente.findings.offramps import section

    (path, alone), = [(k, p) for k, p in found.singles.items() if p is not None][:1]
    start, end = alone.changes[path]
    width = dict(zip(found.moves.paths, found.moves.high - found.moves.low, strict=True))[path]
    same = replace(alone, kind="combination", changes={path: (start, end + 1e-3 * width)})
    twice = replace(found, combination=same)
    assert same not in twice.proposals and len(section(twice).tables[0].rows) == len(
        [p for p in found.singles.values() if p is not None])
    other = replace(same, changes={path: (start, end + 0.1 * width)})
    assert other in replace(found, combination=other).proposals
    assert len(twice.tables["proposals"]) == len(twice.proposals)
    easy = offramps(case(), "0.99", lam=20.0, samples=4, starts=0)
    assert not easy.proposals and all(easy.met.values())
    assert not section(easy).tables and "nothing" not in section(easy).lead
