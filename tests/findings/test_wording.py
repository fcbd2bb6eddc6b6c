"""What a page says is what its figures say: names that matter, both readings, both ends."""

from __future__ import annotations

import pytest

from detente.analysis import analyse
from detente.analysis.claims.result import ClaimResult, Share, Verdict
from detente.equilibrium import solve
from detente.findings import assumptions, drivers, paths
from detente.findings.claims.section import counted
from detente.findings.claims.wording import answer, short
from detente.render import charts
from detente.render.numbers import percent
from detente.scenario.quantity import Kind
from tests.conftest import make_crisis


@pytest.fixture(scope="module")
def found():
    return analyse(
        make_crisis(delay_cost="0.01 to 0.03", war={"win_chance": "0.5 to 0.6"}, actors={
            "aland": {"title": "Republic of Aland"}}),
        samples=8, deliberate_samples=4, starts=0)


def test_only_numbers_that_move_the_answer_are_said_to_be_unknowable(found, monkeypatch):
    """The same slopes, then a thousandth of a thousandth of them."""
    monkeypatch.setattr(drivers, "LUCK", (Kind.ODDS,))
    said = " ".join(drivers.section(found).notes)
    assert "chances of events (war: win chance)" in said
    true = drivers.rows

    def faint(analysis):
        return [{**r, "points": 1e-6 * r["points"]} for r in true(analysis)]

    monkeypatch.setattr(drivers, "rows", faint)
    section = drivers.section(found.with_parts())
    assert "chances of events" not in " ".join(section.notes)
    assert section.lead == "No input changes P(war) by even 0.01 points."


def test_assumptions_are_called_as_the_drivers_are(found):
    (table, *_) = assumptions.section(found).tables
    called = {r[-1]: r[0] for r in table.rows}
    driving = {r[-1]: r[0] for r in drivers.section(found).tables[0].rows}
    assert driving and all(called[path] == name for path, name in driving.items())
    assert called["war.win_chance"] == "war: win chance"
    assert any(name.startswith("Republic of Aland: ") for name in called.values())


def test_the_likeliest_history_of_each_reading(found):
    """One history where the readings agree, each its own where they do not."""
    same = found.with_parts(deliberate=found.fallible)
    top = max(found.fallible.leaf_reach)
    lead = paths.section(same).lead
    assert f"the same most probable path ({percent(top)} fallible, {percent(top)} delib" in lead
    blind = solve(found.compiled.tree, 0.0)
    apart = found.with_parts(deliberate=blind)
    assert blind.leaf_reach.argmax() != found.fallible.leaf_reach.argmax()
    lead = paths.section(apart).lead
    assert "differs between the two models" in lead
    assert f"Fallible: {percent(top)}, ends in" in lead
    assert f"Deliberate: {percent(blind.leaf_reach.max())}, ends in" in lead


@pytest.mark.parametrize(("fallible", "deliberate", "words"), [
    (False, False, "it holds in neither model."), (True, True, "it holds in both models."),
    (True, False, "it holds in the fallible model, and does not hold in the deliberate"),
])
def test_a_verdict_in_both_readings(fallible, deliberate, words):
    verdicts = [Verdict(reading, holds, 0.2 if holds else -0.2, True, [])
                for reading, holds in (("fallible", fallible), ("deliberate", deliberate))]
    assert words in answer(ClaimResult("a", "It is so.", "", "1 > 0", verdicts=verdicts))


def test_a_share_is_rounded_alike_wherever_it_stands():
    share = Share(128, 128, 2, 126, 0, 0.0156, 0.0043, 0.0553)
    assert counted(share) == "2 % (0.4 % to 6 %) of 128"


@pytest.mark.parametrize(("careful", "held", "words"), [
    (True, 32, "holds in both models; in 25 % of samples"),  # most samples say no in both models
    (True, 96, "holds in both models; in 25 % (deliberate: 75 %) of samples"),
    (False, 96, "holds (fallible), fails (deliberate); holds in 25 % / 75 % of samples"),
    (False, 34, "holds (fallible), fails (deliberate); holds in 25 % of samples"),
])
def test_the_share_of_each_model_is_told_if_they_differ(careful, held, words):
    def of(n: int) -> Share:
        return Share(128, 128, n, 128 - n, 0, n / 128, 0.0, 1.0)

    verdicts = [Verdict(reading, holds, 0.2 if holds else -0.2, True, [])
                for reading, holds in (("fallible", True), ("deliberate", careful))]
    assert short(ClaimResult("a", "It is so.", "", "1 > 0", verdicts=verdicts, share=of(32),
                             deliberate_share=of(held))) == words


def test_no_bar_without_length():
    """Of five numbers two move the answer by a hundredth of a point; of none, three stand."""
    points = (0.5, -0.02, 0.004, -0.001, 0.0)
    rows = [{"parameter": f"n{k}", "points": p} for k, p in enumerate(points)]
    assert charts.tornado(rows).alt == "Per tenth of its range: n0 +0.50 points, n1 −0.02 points."
    faint = [{**r, "points": r["points"] / 1000} for r in rows]
    words = charts.tornado(faint).alt
    assert words == ("Per tenth of its range: n0 +0.50 thousandths of a point, n1 −0.02 "
                     "thousandths of a point, n2 0.00 thousandths of a point.")
