"""Samples over the structural alternatives of a file, pooled with their weights."""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.analysis import analyse
from detente.analysis.alternatives import LEAST, Odds, Pool, Sampled, shares
from detente.analysis.samples import Band
from detente.analysis.structure import neighbours
from detente.errors import InputError
from detente.findings import brief, drivers, outcomes, structure, terms
from detente.findings.document import document
from detente.findings.registry import builtin
from detente.scenario.alternatives import alternatives, single
from detente.scenario.structural import restructured
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.support.program import outputs

FEW = {"samples": 64, "deliberate_samples": 24, "starts": 0, "seed": 5}
CRISIS = {
    "delay_cost": "0.01 to 0.03", "war": {"win_chance": "0.5 to 0.6", "cost": 0.1},
    "turns": {"each": 2, "first": "aland"}, "offers": {"shares": [0.45, 0.6], "each": 1},
    "actors": {n: {"private": {"war_cost": {"between": [0.1, 0.4], "types": 2}}}
               for n in ("aland", "bland")},
    "claims": [{"id": "peace", "says": "They settle.", "holds_if": "P(settlement) > 0.3"}],
}
LISTED = merged(CRISIS, {"turns": {"each": [1, 2]}, "structures": {
    "bland first": {"set": {"turns.first": "bland"}, "weight": 0.5, "why": "as in 1910"}}})
MODELS = ("fallible", "deliberate")


@pytest.fixture(scope="module")
def found():
    return analyse(make_crisis(**LISTED), **FEW, structure=False)


def band(*columns: list[float], weights: list[float] | None = None) -> Band:
    p = np.array(columns).T
    w = None if weights is None else np.array(weights)
    return Band(p, np.ones(len(p), dtype=bool), np.zeros((len(p), 0)), None, None, w)


def part(label: str, weight: float, *columns: list[float], names=("war", "deal")) -> Sampled:
    odds = Odds(band(*columns), {})
    return Sampled(label, weight, names, {"war"}, odds, odds)


# The pool, on numbers written by hand.


def test_the_law_of_total_variance_on_a_constructed_case():
    """Weights 1 and 3, values {0.2, 0.4} and {0.6, 0.8}: variance 0.03 between and 0.01 within."""
    pool = Pool((part("a", 1.0, [0.2, 0.4], [0.8, 0.6]), part("b", 3.0, [0.6, 0.8], [0.4, 0.2])))
    found = pool.variance("fallible", "war")
    assert pool.mean("fallible", "war") == pytest.approx(0.25 * 0.3 + 0.75 * 0.7)
    assert found.between == pytest.approx(0.25 * 0.75 * (0.7 - 0.3) ** 2)
    assert found.within == pytest.approx(0.01)
    assert found.share == pytest.approx(0.03 / 0.04)


@pytest.mark.parametrize("seed", range(5))
def test_between_and_within_add_up_to_the_variance_of_the_pooled_samples(seed):
    """Against numpy's variance of all samples, each repeated by its whole weight in the pool."""
    rng = np.random.default_rng(seed)
    sizes, weights = (4, 8, 2), (1.0, 2.0, 3.0)
    columns = [rng.random(n) for n in sizes]
    pool = Pool(tuple(part(str(k), w, x.tolist(), (1 - x).tolist())
                      for k, (x, w) in enumerate(zip(columns, weights, strict=True))))
    # Weight per sample: 1/4, 2/8, 3/2; times 4 these are whole numbers.
    every = np.concatenate([np.repeat(x, int(4 * w / n))
                            for x, w, n in zip(columns, weights, sizes, strict=True)])
    found = pool.variance("fallible", "war")
    assert found.between + found.within == pytest.approx(every.var())
    assert pool.mean("fallible", "war") == pytest.approx(every.mean())


def test_percentiles_of_the_pool_count_each_structure_by_its_weight():
    """A structure of weight 0.02 lies outside the 5 to 95 %, one of weight 0.2 inside."""
    low, high = [0.1] * 200, [0.9] * 200
    rest = [0.0] * 200
    rare = Pool((part("a", 0.98, low, rest), part("b", 0.02, high, rest)))
    often = Pool((part("a", 0.8, low, rest), part("b", 0.2, high, rest)))
    assert rare.between("fallible", "war") == (0.1, 0.1)
    assert often.between("fallible", "war") == (0.1, 0.9)


def test_outcomes_are_pooled_by_name():
    """An outcome that a structure lacks has probability 0 there; columns may be in any order."""
    pool = Pool((part("a", 1.0, [0.2], [0.8]), part("b", 1.0, [0.5], [0.3], [0.2],
                                                    names=("deal", "war", "siege"))))
    assert pool.names() == ["war", "deal", "siege"]
    assert pool.mean("fallible", "war") == pytest.approx(0.25)
    assert pool.mean("fallible", "deal") == pytest.approx(0.65)
    assert pool.mean("fallible", "siege") == pytest.approx(0.1)


def test_war_adds_up_all_wars_of_each_structure():
    one = part("a", 1.0, [0.2], [0.8])
    two = Sampled("b", 1.0, ("war", "siege"), {"war", "siege"}, *[Odds(band([0.3], [0.2]), {})] * 2)
    assert Pool((one, two)).mean("fallible", "war") == pytest.approx((0.2 + 0.5) / 2)
    assert Pool((one, two)).mean("fallible", "war", exact=True) == pytest.approx((0.2 + 0.3) / 2)


def test_a_structure_without_a_checked_sample_drops_out():
    failed = Odds(Band(np.array([[0.9, 0.1]]), np.array([False]), np.zeros((1, 0)), None), {})
    pool = Pool((part("a", 1.0, [0.2, 0.2], [0.8, 0.8]),
                 Sampled("b", 1.0, ("war", "deal"), {"war"}, failed, failed)))
    assert pool.between("fallible", "war") == (0.2, 0.2)
    assert pool.mean("fallible", "war") == pytest.approx(0.2)
    assert pool.passed("fallible") == (2, 3)


def test_shares_of_the_samples():
    assert shares([1, 1, 1], 1024) == [342, 341, 341]  # the largest remainders first
    assert sum(shares([1, 0.3, 0.7, 2], 1000)) == 1000
    assert shares([1, 0.001], 1024)[1] == LEAST and shares([1, 0.001], 8) == [8, 8]


# An analysis of a file with alternatives.


def test_each_structure_is_its_own_analysis_and_the_pool_their_weighted_mean(found):
    """Against separate analyses of the three structures, to the last digit of each sample."""
    crisis = make_crisis(**LISTED)
    own = single(crisis)
    stated = alternatives(crisis)
    several, few = shares([1, 1, 0.5], 64), shares([1, 1, 0.5], 24)
    alone = [analyse(own, **FEW, structure=False)]
    for k, one in enumerate(stated, 1):
        alone.append(analyse(restructured(own, one.changes), structure=False, **FEW | {
            "samples": several[k], "deliberate_samples": few[k]}))
    assert [p.label for p in found.pooled.parts] == ["as it is", *(a.label for a in stated)]
    for here, other in zip(found.pooled.parts, alone, strict=True):
        assert np.array_equal(here.fallible.band.outcomes, other.band.outcomes)
        assert np.array_equal(here.deliberate.band.outcomes, other.deliberate_band.outcomes)
        assert here.certified.all()
    weights = np.array([1, 1, 0.5]) / 2.5
    for model in MODELS:
        for name in found.pooled.names():
            means = []
            for other in alone:
                mask = np.array([n == name for n in other.names])
                here = other.band if model == "fallible" else other.deliberate_band
                means.append(here.mean(mask))
            assert found.pooled.mean(model, name, exact=True) == pytest.approx(
                weights @ means, abs=1e-14)


def test_the_structure_as_written_keeps_its_own_results(found):
    """Band, drivers and claims' shares are those of the file without alternatives."""
    alone = analyse(make_crisis(**CRISIS), **FEW, structure=False)
    assert np.array_equal(found.band.outcomes, alone.band.outcomes)
    assert np.array_equal(found.deliberate_band.outcomes, alone.deliberate_band.outcomes)
    assert drivers.rows(found) == drivers.rows(alone)
    assert found.claims.found[0].share == alone.claims.found[0].share
    assert outcomes.rows(found) != outcomes.rows(alone)  # the ranges are wider by structure


def test_a_file_without_alternatives_has_the_bands_of_its_samples():
    """To the last digit: the percentiles of numpy over the certified samples."""
    alone = analyse(make_crisis(**CRISIS), **FEW, structure=False)
    assert alone.pooled.count == 1 and not alone.alternatives
    for row in outcomes.rows(alone):
        p = alone.band.outcomes[alone.band.certified][:, alone.names.index(row["name"])]
        assert (row["low"], row["high"]) == tuple(np.percentile(p, [5, 95]))
    assert "structures" not in json.dumps(document(alone)["brief"])


def test_terms_of_the_pool_add_up_to_its_outcomes(found):
    for part in found.pooled.parts:
        for odds in (part.fallible, part.deliberate):
            total = np.zeros_like(odds.band.outcomes)
            for one, p in odds.terms.items():
                total[:, part.names.index(str(one.outcome))] += p
            assert total == pytest.approx(odds.band.outcomes, abs=1e-12)
    rows = terms.rows(found)
    for r in rows:
        if r["outcome"] in ("war", "status quo"):  # one set of terms makes up the outcome
            other = next(o for o in outcomes.rows(found) if o["name"] == r["outcome"])
            assert r["low"] == pytest.approx(other["low"], abs=1e-12)


def test_the_samples_of_a_cancelled_analysis_are_a_pool_of_what_is_done():
    from detente.analysis import Settings, begin

    found = begin(make_crisis(**LISTED), Settings(**FEW, structure=False))
    steps = []
    while (step := found.step()) is not None:
        steps.append(step.name)
        if step.name == "structures":
            break
    found.cancel()
    assert (step.done, step.total) == (1, 2) and steps.count("structures") == 1
    assert found.pooled.count == 2


def test_weights_of_the_samples_hold_in_every_structure():
    """Weight on the first sample alone: each structure's mean is its first sample."""
    from detente.analysis import Settings, begin

    weights = np.zeros(64)
    weights[0] = 1.0
    found = begin(make_crisis(**LISTED), Settings(**FEW, structure=False), weights=weights).run()
    first = [p.fallible.band.outcomes[0, p.names.index("war")] for p in found.pooled.parts]
    assert found.pooled.mean("fallible", "war") == pytest.approx(
        np.average(first, weights=[1, 1, 0.5]))


def test_claims_are_told_at_each_alternative(found):
    """The share over the structures is the weighted mean; each from an analysis of its own."""
    claim = found.claims.found[0]
    assert [(a.label, a.weight) for a in claim.structure] == [
        ("1 turn for each side", 1.0), ("bland first", 0.5)]
    crisis = make_crisis(**CRISIS)
    for at, change in zip(claim.structure, ({"turns": {"each": 1}}, {"turns": {"first": "bland"}}),
                          strict=True):
        alone = analyse(make_crisis(**merged(CRISIS, change)), **FEW, structure=False)
        other = alone.claims.found[0]
        assert at.share == other.share
        assert at.fallible == other.verdict("fallible").holds
    p = [claim.share.share, *(a.share.share for a in claim.structure)]
    assert claim.pooled() == pytest.approx(np.average(p, weights=[1, 1, 0.5]))
    assert crisis.turns.each == 2


def test_a_neighbour_that_the_file_lists_is_told_once():
    crisis = make_crisis(**LISTED)
    found = analyse(crisis, **FEW | {"samples": 16, "deliberate_samples": 16}, structure=True)
    labels = [n.label for n in found.structure.others]
    assert labels[:2] == ["1 turn for each side", "bland first"]
    near = [label for label, _ in neighbours(single(crisis))]
    assert labels[2:] == [n for n in near if n not in (
        "one turn fewer for each side", "the other side moves first")]
    rows = structure.rows(found)
    assert [r["weight"] for r in rows[:3]] == pytest.approx([0.4, 0.4, 0.2])
    assert all(r["weight"] is None and r["over"] is None for r in rows[3:])


def test_texts_name_the_structures_and_the_variance_between_them(found):
    share = found.pooled.variance("fallible", found.question).share
    row = structure.rows(found)[0]
    assert row["over"]["between"] == share and row["over"]["samples"] == 64
    assert any("its precision and its 3 structures" in s for s in brief.sentences(found))
    made = drivers.section(found)
    assert any("law of total variance" in note for note in made.notes)
    assert made.tables[0].rows[0][0] == "the structure"
    told = structure.section(found)
    assert any("as in 1910" in note for note in told.notes)
    assert [row[0] for row in told.tables[1].rows] == [
        "as it is", "1 turn for each side", "bland first", "all, by weight"]


def test_every_finding_has_a_section_and_rows(found):
    for finding in builtin():
        finding.sections(found)
        finding.data(found)


def test_an_alternative_whose_game_is_too_large_is_named(monkeypatch):
    """The crisis as written is compiled with the budget of the program, the alternative with 9."""
    monkeypatch.setattr("detente.game.compile.BUDGET", 9)
    with pytest.raises(InputError, match="the structure 'bland first' is not solved") as caught:
        analyse(make_crisis(**merged(CRISIS, {"structures": LISTED["structures"]})), **FEW)
    assert caught.value.field == "structures.bland first"
    assert str(caught.value).count("; expected") == 1


def test_run_and_check_as_a_user_types_them(tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(text_of(merged(PLAIN, LISTED)))

    def told(*words: str) -> dict:
        done = outputs(*words, "--json", cwd=tmp_path)
        return json.loads(done.stdout)

    size = told("check", str(path))
    assert [(x["structure"], x["weight"]) for x in size["structures"]] == [
        ("1 turn for each side", 0.4), ("bland first", 0.2)]
    run = told("run", str(path), "--samples", "64", "--deliberate-samples", "24", "--seed", "5",
               "--starts", "0")
    stated = [r for r in run["structure"] if r["weight"] is not None]
    assert [r["structure"] for r in stated] == ["as it is", "1 turn for each side", "bland first"]
    assert sum(r["weight"] for r in stated) == pytest.approx(1)
    mean = sum(r["weight"] * r["over"]["fallible"]["settlement"] for r in stated)
    low, high = next((r["low"], r["high"]) for r in run["outcomes"] if r["name"] == "settlement")
    assert low < mean < high
    path.write_text(path.read_text().replace("weight: 0.5", "weight: 0"))
    wrong = outputs("check", str(path), cwd=tmp_path)
    assert wrong.returncode != 0 and "structures.bland first.weight" in wrong.stderr
