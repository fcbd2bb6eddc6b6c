"""Comparisons: nothing differs from itself, and variants equal the files they stand for."""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.analysis.compare import compare
from detente.cases import loads
from detente.errors import InputError
from detente.render.numbers import percent, quoted
from tests.analysis.crisis import SMALL
from tests.conftest import PLAIN, make_crisis, merged, text_of

MEDIATED = {
    "actors": {"union": {"role": "mediator"}},
    "turns": {"each": 1},
    "mechanisms": [{"mediator": {"actor": "union", "proposes": 0.5, "attention": "0.3 to 0.9"}}],
    "war": {"win_chance": "0.5 to 0.6"},
}
FEW = {"samples": 16, "seed": 3, "lam": 10.0}


def test_a_case_does_not_differ_from_itself():
    found = compare([make_crisis(**MEDIATED), make_crisis(**MEDIATED)], **FEW)
    assert [s.name for s in found.sides] == ["plain", "plain (2)"] and found.certified
    for row in found.rows():
        assert all(row[k] == 0.0 for k in row if k.startswith("difference")), row
    for row in found.drivers():
        one, two = row["points"].values()
        assert one == two


def test_variants_equal_the_files_they_stand_for():
    variants = {"alone": {"title": "no mediator", "without": ["mediator"]},
                "even": {"set": {"war.win_chance": 0.5}}}
    found = compare([make_crisis(**MEDIATED, variants=variants)], **FEW)
    assert [s.name for s in found.sides] == ["as it is", "no mediator", "even"]
    alone = {k: v for k, v in MEDIATED.items() if k != "mechanisms"}
    even = merged(MEDIATED, {"war": {"win_chance": 0.5}})
    files = compare([make_crisis(**x) for x in (MEDIATED, alone, even)], **FEW)
    for one, two in zip(found.sides, files.sides, strict=True):
        assert one.fallible.outcomes() == two.fallible.outcomes()
        assert one.deliberate.outcomes() == two.deliberate.outcomes()
        assert (one.batch.outcomes == two.batch.outcomes).all()
        assert one.slopes == two.slopes
    assert found.sides[0].batch.outcomes.shape[0] == 16
    assert any(abs(r["difference_fallible"]) > 1e-4 for r in found.rows())


def test_precisions_that_differ_and_are_replaced_are_said():
    from detente.findings.compare import report

    variants = {"sure": {"set": {"precision": 30}}, "even": {"set": {"war.win_chance": 0.5}}}
    case = make_crisis(**MEDIATED, precision="20 to 40", variants=variants)
    fixed = compare([case], **FEW)
    assert fixed.overruled == {"as it is": "20 to 40", "sure": "30", "even": "20 to 40"}
    assert fixed.as_dict()["precision_replaced"] == fixed.overruled
    assert [r["fallible"] for r in fixed.rows() if r["variant"] == "sure"] == [
        r["fallible"] for r in fixed.rows() if r["variant"] == "as it is"]
    said = "The precisions of the cases differ (as it is: 20 to 40, even: 20 to 40, sure: 30)."
    assert said in " ".join(report(fixed).sections[0].notes)
    for same in (compare([case], samples=4, seed=3),
                 compare([make_crisis(**MEDIATED, precision=30)] * 2, **FEW)):
        assert same.overruled == {}
        assert "precisions" not in " ".join(report(same).sections[0].notes)


def test_the_first_file_may_be_the_one_with_another_precision():
    """The second file states the very lambda that is asked for; the first one's is replaced."""
    both = [make_crisis(**MEDIATED, precision=p) for p in (40, 30)]
    found = compare(both, samples=16, seed=3, lam=30.0)
    assert found.overruled == {"plain": "40", "plain (2)": "30"}


def test_a_comparison_names_the_most_probable_outcome_before_war():
    """The chance of winning and the precision differ between the cases."""
    from detente.findings.compare import report

    variants = {"sure": {"set": {"war.win_chance": 0.95, "precision": 30}}}
    found = compare([make_crisis(**MEDIATED, variants=variants)], samples=4, seed=3)
    text = report(found).answer
    first = text.split(". ")[0]
    for side in found.sides:
        for eq in (side.deliberate, side.fallible):
            odds = eq.outcomes()
            assert quoted(found.ending_words[max(odds, key=odds.get)]) in first
    assert "most probable outcome" in first.lower() and "P(war)" in text
    assert "lambda 40 (as it is), 30 (sure), seed 3" in report(found).certificate


def test_what_is_shared_is_drawn_alike():
    """The second case adds a range and narrows another: ranks of shared numbers are the same."""
    from detente.analysis.compare import _common
    from detente.game.compile import compile_scenario

    one = compile_scenario(make_crisis(war={"win_chance": "0.4 to 0.6"}, delay_cost="0 to 0.1"))
    two = compile_scenario(make_crisis(
        war={"win_chance": "0.5 to 0.6"}, stake={"status_quo": "0.3 to 0.5"}))
    a, b = _common([one, two], 64, 0)
    rank = (a[:, one.paths.index("war.win_chance")] - 0.4) / 0.2
    other = (b[:, two.paths.index("war.win_chance")] - 0.5) / 0.1
    assert np.allclose(rank, other, atol=1e-12) and rank.std() > 0.2


def test_common_draws_narrow_the_difference():
    """Differences of shared draws vary less than differences of draws of their own."""
    found = compare([make_crisis(**MEDIATED), make_crisis(**merged(
        MEDIATED, {"delay_cost": 0.03}))], samples=64, seed=3, lam=10.0)
    one, two = (s.samples_of("war") for s in found.sides)
    assert (one - two).std() < 0.5 * (one - two[::-1]).std()


def test_a_sign_that_differs_between_the_models_is_flagged():
    """The deliberate solutions of the two sides exchanged: one difference changes its sign."""
    from dataclasses import replace

    from detente.findings.compare import sections

    found = compare([make_crisis(**MEDIATED), make_crisis(**merged(
        MEDIATED, {"delay_cost": 0.08}))], **FEW)
    one, two = found.sides
    turned = replace(found, sides=[replace(one, deliberate=two.deliberate),
                                   replace(two, deliberate=one.deliberate)])
    large = [r["outcome"] for r in found.rows() if r["variant"] == two.name
             and min(abs(r["difference_fallible"]), abs(r["difference_deliberate"])) > 1e-3]
    agree = {r["outcome"]: r["signs_differ"] for r in found.rows() if r["variant"] == two.name}
    differ = {r["outcome"]: r["signs_differ"] for r in turned.rows() if r["variant"] == two.name}
    assert large and all(agree[name] != differ[name] for name in large)
    flagged = next(name for name in large if differ[name])
    said = sections(turned)[0]
    assert any("disagree about the direction" in note and flagged in note for note in said.notes)
    row = next(r for r in said.tables[1].rows if r[0] == flagged)
    assert "no" in row


def test_one_case_without_variants():
    with pytest.raises(InputError, match="no variants to compare"):
        compare([make_crisis()])


def test_command(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(text_of(merged(SMALL, {
        "claims": CLAIMED[:1], "variants": {"costly": {"set": {"delay_cost": 0.1}}}})))
    app = application(command_modules("compare"))
    done = CliRunner().invoke(
        app, ["compare", "s.yaml", "--samples", "8", "--json", "--out", "c.html"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["cases"] == ["as it is", "costly"] and told["certified"]
    assert [r["variant"] for r in told["claims"]] == ["as it is", "costly"]
    page = (tmp_path / "c.html").read_text()
    assert page.startswith("<!") and "Claims by case" in page
    done = CliRunner().invoke(app, ["compare", "s.yaml", "--samples", "8"])
    assert done.exit_code == 0 and "Differences from as it is" in done.output
    assert "Change of the margin from as it is" in done.output


CLAIMED = [
    {"id": "calm", "says": "War is unlikely.", "holds_if": "P(war) < 0.3"},
    {"id": "help", "says": "The mediator helps.",
     "holds_if": "P(war, without: mediator) > P(war) + 0.01"},
    {"id": "strike", "says": "It must strike.",
     "holds_if": "value(aland, attack) > best_other(aland, attack)"},
]


def margins(scenario, seed=3, n=16):
    """Ask the claims of one file by themselves: at the centre and over the file's own samples."""
    from detente.analysis.claims.facts import verdict
    from detente.analysis.claims.solving import Point, over
    from detente.analysis.compare import _common
    from detente.analysis.precision import fixed
    from detente.claims import check_claims
    from detente.claims.variants import Lab
    from detente.equilibrium import solve
    from detente.game.compile import compile_scenario

    compiled = compile_scenario(fixed(scenario, 10.0))
    checked = check_claims(scenario, graph=compiled.graph)
    centre = Point(Lab(compiled), solve(compiled.tree, 10.0), compiled.centre)
    (theta,) = _common([compiled], n, seed)
    found = over(centre.lab, list(checked.values()), theta, centre)
    held = {c.id: verdict(checked[c.id], c.holds_if, centre, "fallible") for c in scenario.claims}
    return held, dict(zip(checked, found.margin, strict=True))


def test_claims_differ_by_what_separate_runs_say():
    """A variant that silences the mediator: its claims are those of the file edited so."""
    silent = {"title": "silent", "set": {"mediator.attention": 0.0}}
    found = compare([make_crisis(**MEDIATED, claims=CLAIMED, variants={"silent": silent})], **FEW)
    assert found.certified
    rows = {(r["claim"], r["variant"]): r for r in found.claims()}
    assert len(rows) == 6
    edited = merged(MEDIATED, {"mechanisms": None}) | {"mechanisms": [
        {"mediator": {"actor": "union", "proposes": 0.5, "attention": 0.0}}]}
    one, first = margins(make_crisis(**MEDIATED, claims=CLAIMED))
    two, second = margins(make_crisis(**edited, claims=CLAIMED))
    for claim in one:
        row = rows[claim, "silent"]
        # Two solutions of one equilibrium agree to the residual limit, 1e-8, over lambda's scale.
        assert rows[claim, "as it is"]["margin"] == pytest.approx(one[claim].margin, abs=1e-7)
        assert row["margin"] == pytest.approx(two[claim].margin, abs=1e-7)
        assert row["difference_fallible"] == pytest.approx(
            two[claim].margin - one[claim].margin, abs=1e-7)
        assert rows[claim, "as it is"]["difference_mean"] == 0.0
        assert found.sides[0].answers[claim].margin == pytest.approx(first[claim], abs=1e-7)
    # A mediator who attends nothing cannot help: the claim's margin is its threshold, negative.
    assert rows["help", "silent"]["margin"] == pytest.approx(-0.01, abs=1e-7)
    assert rows["help", "silent"]["fallible"] is False and rows["help", "silent"]["share"] == 0.0
    assert len(second["help"]) == 16 and np.allclose(second["help"], -0.01, atol=1e-7)


def test_claims_of_equal_cases_do_not_differ():
    found = compare([make_crisis(**MEDIATED, claims=CLAIMED)] * 2, **FEW)
    assert [c.id for c in found.asked] == ["calm", "help", "strike"]  # asked once
    for row in found.claims():
        assert all(row[k] == 0.0 for k in row if k.startswith("difference")), row
        assert row["gained"] == row["lost"] == 0 and row["samples"] == 16


def test_a_claim_that_does_not_fit_a_case_says_why():
    alone = {"title": "alone", "without": ["mediator"]}
    other = [{"id": "calm", "says": "War is rare.", "holds_if": "P(war) < 0.1"}]
    found = compare([make_crisis(**MEDIATED, claims=CLAIMED, variants={"alone": alone})], **FEW)
    rows = {(r["claim"], r["variant"]): r for r in found.claims()}
    assert "mediator" in rows["help", "alone"]["cannot"] and found.certified
    assert rows["help", "alone"]["share"] is None
    assert rows["help", "alone"]["difference_fallible"] is None
    # The mediator's absence is what the claim in the full case compares with.
    helped = {x.text: x.value for x in rows["help", "as it is"]["numbers"]}
    told = {x.text: x.value for x in rows["calm", "alone"]["numbers"]}
    assert told["P(war)"] == pytest.approx(helped["P(war, without: mediator)"], abs=1e-7)
    two = compare([make_crisis(**MEDIATED, claims=CLAIMED[:1]), make_crisis(claims=other)], **FEW)
    assert [c.id for c in two.asked] == ["calm", "calm (plain (2))"]


def test_without_war_the_likeliest_ending_of_the_first_case_is_asked_about():
    """Two blocs never fight: the question is not just the ending that the game names first."""
    from detente.equilibrium import solve
    from detente.game.compile import compile_scenario

    def blocs(worth):
        return loads(text_of({
            "crisis": "blocs", "title": "Two blocs", "habits": "even",
            "actors": {a: {"role": "principal"} for a in ("east", "west")},
            "mechanisms": [{"coordination": {
                "blocs": ["east", "west"], "rounds": 1, "old_value": "0.1 to 0.3",
                "new_value": worth, "same": 0.2, "leaving": 0.1, "returning": 0.1}}]}))

    asked = set()
    for first, second in ((0.9, 0.0), (0.0, 0.9)):
        game = compile_scenario(blocs(first)).tree
        likely = solve(game, FEW["lam"]).outcomes()
        found = compare([blocs(first), blocs(second)], **FEW)
        assert found.question == max(likely, key=likely.get)
        asked.add(found.question)
        # Slopes are those of that ending: by hand from two solutions near the centre.
        side, step = found.sides[0], 1e-5
        (path,) = side.slopes
        move = step * (np.array(side.compiled.paths) == path)
        down, up = (solve(side.compiled.game(side.compiled.centre + by), FEW["lam"])
                    .outcomes()[found.question] for by in (-move, move))
        # A tenth of a range of .2, in points; the difference's own error is of order step squared.
        assert side.slopes[path] == pytest.approx(10 * (up - down) / (2 * step) * 0.2, abs=1e-4)
    assert len(asked) == 2


def test_actors_go_by_their_names_in_every_case():
    """Titles of the second case too; what a case cannot end in is no chance of nought."""
    from detente.findings.compare import report, sections

    first = make_crisis(**merged(MEDIATED, {"actors": {"aland": {"title": "Republic of Aland"}}}))
    far = text_of(merged(PLAIN, {"crisis": "far", "actors": {
        "aland": {"title": "Kingdom of Far"}}, "turns": {"each": 1}}))
    far = far.replace("aland", "cland").replace("bland", "dland")
    found = compare([first, loads(far)], **FEW)
    made = sections(found)
    shown = [cell for s in made for t in s.tables for row in t.rows for cell in row]
    words = " ".join(str(c) for c in shown)
    assert "Republic of Aland concedes" in words and "Kingdom of Far concedes" in words
    assert "aland concedes" not in words and "cland concedes" not in words
    assert "aland concedes" in {r["outcome"] for r in found.as_dict()["outcomes"]}
    table = made[0].tables[0]
    (absent,) = [r for r in table.rows if r[:2] == ("Republic of Aland concedes", "far")]
    assert absent[2:] == (None, None, "not possible")
    drawn = made[0].charts[0].alt
    assert "Kingdom of Far concedes: far" in drawn
    assert [s.id for s in report(found).sections][:2] == ["comparison", "drivers"]


def test_a_comparison_prints_no_signed_nought():
    """Nothing is said to move where nothing does; a band without width is one figure."""
    from detente.findings.compare import sections

    found = compare([make_crisis(**MEDIATED, claims=CLAIMED)] * 2, **FEW)
    made = {s.id: s for s in sections(found)}
    apart = made["comparison"].tables[1].rows
    # If nothing moves, the models cannot agree about a direction: that cell is a dash.
    assert {row[4] for row in apart} == {"–"}
    assert {cell for row in apart for cell in (*row[2:4], *row[5:])} == {"0"}
    assert {row[5] for row in made["claims"].tables[1].rows} == {"0.000"}
    strong = {r["parameter"] for r in found.drivers() if max(map(abs, r["points"].values())) > 0.01}
    assert 0 < len(strong) == len(made["drivers"].tables[0].rows)
    faint = {f"-{0:.2f}", f"+{0:.2f}", f"−{0:.2f}"}
    assert not faint & {cell for row in made["drivers"].tables[0].rows for cell in row}


def test_war_alone_is_called_so_if_there_are_other_wars():
    """P(war) counts every kind of war, so the row of the single outcome has another name."""
    from detente.findings.compare import sections

    found = compare(["cuba-1962"], samples=2)
    table = sections(found)[0].tables[0]
    assert {"war alone", "loss to all"} <= {row[0] for row in table.rows}
    assert "war" not in {row[0] for row in table.rows}
    lead = sections(found)[0].lead
    one = found.sides[0].fallible.outcomes()
    assert percent(one["war"] + one["loss to all"]) in lead


def test_the_largest_difference_is_named_if_it_is_not_that_of_war():
    """From one turn to two hardly any war arises, but settlements do."""
    from detente.findings.compare import sections

    found = compare([make_crisis(variants={"short": {"set": {"turns.each": 1}}})], samples=2)
    base, short = (s.fallible.outcomes() for s in found.sides)
    careful = [s.deliberate.outcomes() for s in found.sides]
    apart = {name: max(abs(base[name] - short[name]), abs(careful[0][name] - careful[1][name]))
             for name in base}
    top = max(apart, key=lambda name: apart[name])
    assert top != "war" and apart[top] > apart["war"]
    assert f"The largest difference is that of {quoted(top)} in the" in sections(found)[0].lead
