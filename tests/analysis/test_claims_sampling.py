"""Claims over the plausible inputs: shares, flips and boundaries that are known beforehand."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.analysis.claims import evaluate
from detente.analysis.claims.chart import boundary_map
from detente.analysis.claims.facts import facts
from detente.analysis.claims.sampling import matters, pairs
from detente.analysis.claims.solving import Over, Point
from detente.cases import loads
from detente.claims import check_claims
from detente.claims.variants import Lab
from detente.cli import application, command_modules, main
from detente.equilibrium import solve, solve_deliberate
from detente.findings.claims.section import show
from detente.findings.claims.wording import answer, lambda_words
from detente.game.compile import compile_scenario
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of

CLAIMS = [
    {"id": "odds-high", "says": "The odds are above .6.", "holds_if": "war.win_chance > 0.55"},
    {"id": "odds-low", "says": "They are not.", "holds_if": "not war.win_chance > 0.55"},
    {"id": "triangle", "says": "Their sum is small.",
     "holds_if": "(war.win_chance - 0.5) / 0.2 + war.cost / 0.1 < 0.6"},
    {"id": "cost-high", "says": "War is dear.", "holds_if": "war.cost > 0.08"},
    {"id": "war-likely", "says": "War is likely.", "holds_if": "P(war) > 0.35"},
    {"id": "odd", "says": "After a strike by nobody.",
     "holds_if": "P(war | aland.yield then bland.attack) > 0.5"},
    {"id": "tie", "says": "Nothing changes.",
     "holds_if": "P(war) > P(war, with: delay_cost = delay_cost)"},
    {"id": "strike", "says": "It must strike.",
     "holds_if": "value(aland, attack) > best_other(aland, attack)"},
    {"id": "mute", "says": "It is unjust.", "cannot": "Justice is no number of the model."},
]


@pytest.fixture(scope="module")
def asked():
    compiled = compile_scenario(loads(text_of(merged(SMALL, {"claims": CLAIMS, "precision": 10}))))
    fallible = solve(compiled.tree, 10.0)
    deliberate = solve_deliberate(compiled.tree, fallible)
    return compiled, fallible, evaluate(
        compiled, fallible, deliberate, samples=256, seed=3, points=7
    )


def test_shares_are_those_of_the_ranges(asked):
    """Uniform inputs: an input is above .55 of [.5, .7] in 3/4; a triangle of side .6 is .18."""
    found = {f.id: f for f in asked[2].found}
    for name, expected in (("odds-high", 0.75), ("odds-low", 0.25), ("triangle", 0.18)):
        share = found[name].share
        assert share.requested == share.certified == 256
        # A scrambled Sobol' sample of 256 is far closer than independent draws (s.d. .027).
        assert share.share == pytest.approx(expected, abs=0.02)
        assert share.low < expected < share.high
    assert found["odd"].share.share is None and found["odd"].share.never == 256


def test_flips_are_found_where_they_are(asked):
    found = {f.id: f for f in asked[2].found}
    (flip,) = found["odds-high"].flips
    assert (flip.path, flip.becomes) == ("war.win_chance", False)
    assert flip.at == pytest.approx(0.55, abs=1.01 * flip.within) and flip.within < 2e-4
    assert flip.span == pytest.approx(0.5, abs=0.002)
    # At the centre the sum is 1: it falls below .6 when either is a tenth of its range.
    at = {f.path: f.at for f in found["triangle"].flips}
    assert at == pytest.approx({"war.win_chance": 0.52, "war.cost": 0.01}, abs=2e-4)


def test_a_flip_of_the_model_is_solved_again(asked):
    """On either side of the place the answer differs, by solving the crisis there alone."""
    compiled, _, claims = asked
    finding = next(f for f in claims.found if f.id == "war-likely")
    assert finding.flips, "the case is chosen so that some input flips it"
    claim = check_claims(compiled.scenario, graph=compiled.graph)["war-likely"]
    for flip in finding.flips:
        sides = []
        for at in (flip.at - 1.01 * flip.within, flip.at + 1.01 * flip.within):
            theta = compiled.centre.copy()
            theta[compiled.paths.index(flip.path)] = at
            point = Point(Lab(compiled), solve(compiled.game(theta), 10.0), theta)
            sides.append(facts(claim, finding.holds_if, point)[0].pooled > 0.35)
        assert sides[0] != sides[1], flip


def test_the_boundary_is_drawn_where_it_is(asked):
    finding = next(f for f in asked[2].found if f.id == "triangle")
    assert {finding.grid.x, finding.grid.y} == {"war.win_chance", "war.cost"}
    for y, row in zip(finding.grid.ys, finding.grid.holds, strict=True):
        for x, holds in zip(finding.grid.xs, row, strict=True):
            at = {finding.grid.x: x, finding.grid.y: y}
            total = (at["war.win_chance"] - 0.5) / 0.2 + at["war.cost"] / 0.1
            if abs(total - 0.6) > 1e-9:
                assert holds == (total < 0.6)
    chart = boundary_map(finding.grid, "Where it holds")
    held = sum(h is True for row in finding.grid.holds for h in row)
    assert f"holds in {held} of 49 cells" in chart.alt and chart.to_svg().startswith("<svg")


def test_contradictions(asked):
    found = {(p.first, p.second): p for p in asked[2].pairs}
    assert found["odds-high", "odds-low"].opposite
    # .8 of a range leaves nothing of .6: never both, yet both fail somewhere.
    pair = found["triangle", "cost-high"]
    assert not pair.opposite and pair.both == 0 and pair.neither > 0
    assert ("odds-high", "cost-high") not in found


def test_never_both_needs_each_to_hold_somewhere():
    yes, no = np.ones(50), np.zeros(50)
    half = (np.arange(50) < 25).astype(float)
    over = Over(np.stack([yes, no, half, 1 - half]), np.zeros((4, 50)), np.ones((4, 50), bool))
    over.margin[0], over.margin[1] = 0.3, -0.2
    got = {(p.first, p.second) for p in pairs(over, ["yes", "no", "half", "other"])}
    assert got == {("half", "other")}


def test_two_rare_claims_that_never_meet_do_not_contradict_each_other():
    """Two in fifty each: unrelated they would meet in .08 samples, so not meeting says nothing."""
    holds = np.zeros((2, 50))
    holds[0, :2] = holds[1, 2:4] = 1
    assert not pairs(Over(holds, holds - 0.5, np.ones((2, 50), bool)), ["a", "b"])


def test_what_matters_most_is_what_decides():
    """A verdict decided by one input has ratio 1 in it and about none in the others."""
    theta = np.random.default_rng(1).random((4000, 3))
    holds = (theta[:, 1] > 0.5).astype(float)[None]
    found = Over(holds, holds - 0.5, np.ones((1, 4000), bool))
    ranked = matters(found, 0, theta, [0, 1, 2])
    assert ranked[0] == (1, pytest.approx(1.0, abs=0.02)) and ranked[1][1] < 0.01


@pytest.mark.parametrize("n", [256, 1024])
def test_no_input_gets_the_share_of_the_one_that_decides(n):
    """Columns of a Sobol' sequence are related: each by itself another one has up to .66 here."""
    from scipy.stats import qmc

    theta = qmc.Sobol(34, seed=1962).random(n)
    for k in range(0, 34, 3):
        holds = (theta[:, k] > 0.6).astype(float)[None]
        ranked = matters(Over(holds, holds - 0.5, np.ones((1, n), bool)), 0, theta, range(34))
        # 50 draws of pairs under independence have a share below .05 at 256 samples
        assert ranked[0][0] == k and ranked[1][1] < 0.05


def test_readings_and_words(asked):
    compiled, fallible, claims = asked
    finding = next(f for f in claims.found if f.id == "war-likely")
    assert [v.reading for v in finding.verdicts] == ["fallible", "deliberate"]
    war = fallible.outcomes()["war"]
    assert finding.verdicts[0].sides[0] == ("P(war)", pytest.approx(war, abs=1e-12), False)
    assert finding.verdicts[0].holds == (war > 0.35)
    assert finding.verdicts[0].margin == pytest.approx(war - 0.35, abs=1e-12)
    for row in finding.precision:
        at = solve(compiled.tree, row["lambda"]).outcomes()["war"]
        assert row["holds"] == (at > 0.35) and row["margin"] == pytest.approx(at - 0.35, abs=1e-7)
    assert lambda_words(finding)
    assert "model" in answer(finding) and "256 samples" in answer(finding)
    odd = next(f for f in claims.found if f.id == "odd")
    assert odd.verdicts[0].holds is None and "probability 0" in answer(odd)
    assert any("off the equilibrium path" in w for w in odd.warnings)
    mute = next(f for f in claims.found if f.id == "mute")
    assert answer(mute) == "Not tested: Justice is no number of the model."


def test_a_difference_within_rounding_is_called_so(asked):
    tie = next(f for f in asked[2].found if f.id == "tie")
    assert all(v.close for v in tie.verdicts)
    assert "too close to call in both models" in answer(tie)
    sharp = next(f for f in asked[2].found if f.id == "odds-high")
    assert not any(v.close for v in sharp.verdicts)


def test_types_for_which_a_claim_holds(asked):
    """The two numbers compared, type by type, decide; a claim without an actor has no types."""
    strike = next(f for f in asked[2].found if f.id == "strike")
    attack, other = (f.types for f in strike.facts)
    expected = [a > b for (_, a, _), (_, b, _) in zip(attack, other, strict=True)]
    assert [held for *_, held in strike.types] == expected and len(expected) == 2
    assert f"for {sum(expected)} of 2 types of aland" in answer(strike)
    assert strike.verdicts[0].holds == all(expected)
    assert not next(f for f in asked[2].found if f.id == "war-likely").types


def test_the_section_and_the_document(asked):
    section = show(asked[2])
    json.dumps(section.as_dict(), allow_nan=False)
    json.dumps(asked[2].as_dict(), allow_nan=False)
    tables = {t.title: t for t in section.tables}
    assert len(tables["Verdicts"].rows) == len(CLAIMS)
    assert any("odds" in str(row) for row in tables["Claims that contradict each other"].rows)
    assert section.charts and section.certified
    assert "seed 3" in section.notes[0]


def test_the_same_seed_gives_the_same_answer(asked):
    compiled, fallible, claims = asked
    again = evaluate(compiled, fallible, samples=256, seed=3, points=0, workers=1)
    for one, two in zip(claims.found, again.found, strict=True):
        assert one.share == two.share and one.flips == two.flips


# The command ------------------------------------------------------------------------------------


@pytest.fixture
def case(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(text_of(merged(SMALL, {"claims": CLAIMS[:2]})))
    return file


def test_command_json(case):
    app = application(command_modules("claims"))
    result = CliRunner().invoke(app, [
        "claims", str(case), "--json", "--samples", "16", "--points", "0", "--starts", "1"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert [c["id"] for c in document["claims"]] == ["odds-high", "odds-low"]
    assert document["claims"][0]["verdicts"][0]["holds"] is True
    assert document["contradictions"][0]["opposite"] is True and document["samples"] == 16


def test_command_refuses_a_malformed_claim_in_one_line(case, capsys):
    case.write_text(case.read_text().replace("not war.win_chance", "nt war.win_chance"))
    assert main(["claims", str(case)]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1
    line = next(k for k, row in enumerate(case.read_text().splitlines(), 1) if "nt war" in row)
    assert f"{case}:{line}:" in shown.err and "odds-low" in shown.err


def test_command_without_claims(tmp_path, capsys):
    file = tmp_path / "none.yaml"
    file.write_text(text_of(SMALL))
    assert main(["claims", str(file)]) == 2
    assert "makes no claims" in capsys.readouterr().err


def test_the_deliberate_reading_has_its_own_share(asked):
    """Claims about inputs hold as often in either reading; the model's own hold where it says."""
    compiled, _, claims = asked
    found = {f.id: f for f in claims.found}
    for name, expected in (("odds-high", 0.75), ("triangle", 0.18)):
        share = found[name].deliberate_share
        assert share.requested == share.certified == 128
        assert share.share == pytest.approx(expected, abs=0.04)  # half the samples of the others
    likely = found["war-likely"]
    paths = compiled.paths
    from detente.analysis.samples import draws

    held = []
    for numbers in draws(compiled, 256, 3)[:4]:
        eq = solve(compiled.game(dict(zip(paths, numbers, strict=True))), 10.0)
        careful = solve_deliberate(eq.game, eq, epsilon=0.01, settle=None)
        held.append(careful.outcomes()["war"] > 0.35)
    few = evaluate(compiled, solve(compiled.tree, 10.0), solve_deliberate(
        compiled.tree, solve(compiled.tree, 10.0)), samples=4, seed=3, points=0)
    one = next(f for f in few.found if f.id == "war-likely").deliberate_share
    assert one.requested == 4 and one.held == sum(held)
    assert "In the deliberate model: over the stated ranges" in answer(likely)
    (table,) = (t for t in show(claims).tables if t.title.startswith("Share of the samples"))
    row = next(r for r in table.rows if r[0] == "war-likely")
    assert row[1].endswith("of 256") and row[2].endswith("of 128")
    assert row[2].startswith(f"{100 * likely.deliberate_share.share:.0f}")


def test_what_is_solved_already_is_not_solved_again(asked, monkeypatch):
    """The report's samples give the same shares, and no game of the case itself is solved."""
    import detente.equilibrium as rooms
    from detente.analysis.claims.careful import over_deliberate
    from detente.analysis.claims.solving import over
    from detente.analysis.samples import Samples, draws
    from detente.equilibrium import deliberate_batch, solve_batch

    compiled, fallible, _ = asked
    checked = check_claims(compiled.scenario, graph=compiled.graph)
    claims = [checked["war-likely"], checked["strike"]]
    lab = Lab(compiled)
    centre = Point(lab, fallible, compiled.centre)
    theta = draws(compiled, 8, 1)

    def numbers(which):
        return compiled.numbers(theta[which])

    one = solve_batch(compiled.tree, numbers, 8, lam=10.0, start=fallible, keep=True)
    two = deliberate_batch(compiled.tree, numbers, 8, starts=one, keep=True)
    anew = over(lab, claims, theta, centre), over_deliberate(
        lab, claims, Samples(theta), centre, 8)

    def never(*args, **options):
        raise AssertionError("solved again")

    for name in ("solve_batch", "deliberate_batch", "solve", "solve_deliberate"):
        monkeypatch.setattr(rooms, name, never)
    monkeypatch.setattr("detente.equilibrium.batch.solve.iter_batch", never)
    drawn = Samples(theta, one, two)
    known = over(lab, claims, theta, centre, known=one), over_deliberate(
        lab, claims, drawn, centre, 8)
    for a, b in zip(anew, known, strict=True):
        assert np.array_equal(a.holds, b.holds) and a.certified.all() and b.certified.all()
        # Chunks differ, the arithmetic of a sample does not.
        assert np.allclose(a.margin, b.margin, rtol=0, atol=1e-12)


TIES = [
    ("P(war) > P(war, with: delay_cost = delay_cost)", True),
    ("P(war) <= P(war, with: delay_cost = delay_cost)", True),
    ("not P(war) < P(war, with: delay_cost = delay_cost)", True),
    # a difference that is far below any solution's accuracy: 8.8e-16 against 9.2e-16
    ("P(war) - P(war) + 8.8e-16 < 9.2e-16", True),
    # a quotient of two numbers that are zero up to accuracy
    ("(P(war) - P(war)) / (P(war) * 1e-12) < 1", True),
    # a tie decides nothing if another part does
    ("P(war) > P(war, with: delay_cost = delay_cost) or P(war) > 0.0001", False),
    ("P(war) > P(war, with: delay_cost = delay_cost) and P(war) > 2", False),
    # numbers of the file are exact
    ("war.cost > war.cost", False), ("war.cost >= war.cost", False),
    ("P(war) > 0.0001", False),
]


@pytest.fixture(scope="module")
def tied():
    compiled = compile_scenario(loads(text_of(merged(SMALL, {"claims": [
        {"id": f"c{k}", "says": "A claim.", "holds_if": text}
        for k, (text, _) in enumerate(TIES)]}))))
    fallible = solve(compiled.tree, 10.0)
    deliberate = solve_deliberate(compiled.tree, fallible)
    return evaluate(compiled, fallible, deliberate, samples=64, deliberate_samples=16, points=3)


@pytest.mark.parametrize("k", range(len(TIES)))
def test_too_close_to_call_is_decided_alike_at_the_centre_and_in_samples(tied, k):
    """By construction both sides are equal, or differ by less than any solution's error."""
    text, close = TIES[k]
    found = next(f for f in tied.found if f.id == f"c{k}")
    for v in found.verdicts:
        assert v.close == close, text
        assert (v.decided is None) == close
    for share in (found.share, found.deliberate_share):
        assert share.close == (share.certified if close else 0), text
        assert share.held + share.failed + share.close + share.never == share.certified
        if close:
            assert share.share is None
    assert all(row["close"] == close for row in found.precision if row["lambda"] > 0)
    said = answer(found)
    assert ("too close to call" in said) == close
    if close:
        assert not found.flips and "holds in" not in said and lambda_words(found) == "none tried"


def test_ties_count_neither_way_in_a_comparison(tied):
    """Samples too close to call are neither gained nor lost."""
    from detente.analysis.compare_claims import Answer, difference, sampled

    holds, margin = np.array([[1.0, 0.0, 1.0, 0.0]]), np.array([[1e-16, -1e-16, 0.2, -0.2]])
    ok, close = np.ones((1, 4), bool), np.array([[True, True, False, False]])
    one = Answer("", None, None, None, *sampled(Over(holds, margin, ok, close), 0))
    two = Answer("", None, None, None, *sampled(Over(1 - holds, -margin, ok, close), 0))
    row = difference(one, two)
    assert (row["gained"], row["lost"], row["samples"]) == (1, 1, 4)


def test_a_tie_at_the_centre_has_no_verdict_in_a_comparison():
    """The same condition twice is a tie in every case; the two sides are equal by construction."""
    from detente.analysis.compare import compare
    from detente.findings.compare import claims_section
    from tests.conftest import make_crisis

    claims = [{"id": "tie", "says": "A tie.", "holds_if": "P(war) > P(war)"},
              {"id": "clear", "says": "War is possible.", "holds_if": "P(war) > 0"}]
    case = make_crisis(claims=claims, war={"win_chance": "0.5 to 0.6"})
    found = compare([case, case], samples=4, seed=1, lam=10.0)
    for row in found.claims():
        tie = row["claim"] == "tie"
        assert row["close_fallible"] is row["close_deliberate"] is tie
        assert (row["fallible"], row["deliberate"]) == ((None, None) if tie else (True, True))
    cells = {(row[0], row[2], row[3]) for row in claims_section(found).tables[0].rows}
    assert cells == {("tie", "too close to call", "too close to call"),
                     ("clear", "holds", "holds")}


def test_a_claim_about_a_war_that_hardly_occurs_has_no_share():
    """War costs each side ten stakes, so attacks are errors of odds e^-40: nothing to explain."""
    from detente.findings.claims.section import show
    from detente.findings.claims.wording import short

    compiled = compile_scenario(loads(text_of(merged(SMALL, {
        "actors": {"aland": {"private": None}, "bland": {"private": None}},
        "ladder": ["talks", "war"], "war": {"cost": 10.0}, "turns": {"each": 1}, "claims": [
            {"id": "war", "says": "War is likely.", "holds_if": "P(war) > 0.2"},
            {"id": "calm", "says": "War is unlikely.", "holds_if": "P(war) < 0.2"}]}))))
    eq = solve(compiled.tree, compiled.lam)
    found = evaluate(compiled, eq, solve_deliberate(compiled.tree, eq), samples=8, points=0)
    war, calm = found.found
    assert eq.outcomes()["war"] < 1e-9
    assert short(war).startswith("the model has no war to explain")
    assert answer(war).startswith("The model has no war to explain")
    assert "holds in both models" in short(calm)  # it is true, so it needs no explanation
    table = next(t for t in show(found).tables if t.title.startswith("Share of the samples"))
    assert table.rows[0][1:3] == ("–", "–") and "100 %" in table.rows[1][1]


@pytest.fixture(scope="module")
def careless():
    """A crisis in which war is the equilibrium, but a habit that hardly any government has."""
    cheap = {"private": None}
    crisis = loads(text_of(merged(SMALL, {
        "actors": {"aland": cheap, "bland": cheap}, "ladder": ["talks", "war"],
        "stake": {"status_quo": 0.1}, "war": {"win_chance": "0.85 to 0.95", "cost": 0.02},
        "offers": None, "turns": {"each": 1}, "precision": 10,
        "habits": {"attack": 3e-6, "yield": 3e-6}, "claims": [
            {"id": "chosen", "says": "War is chosen.", "holds_if": "P(aland.attack | war) > 0.5"},
            {"id": "war", "says": "War is likely.", "holds_if": "P(war) > 0.5"},
            {"id": "low", "says": "a", "holds_if": "share | bland concedes > 0.5"},
            {"id": "high", "says": "b", "holds_if": "share | bland concedes < 0.5"},
            {"id": "time", "says": "c", "holds_if": "P(war, with: turns.each = 2) < P(war)"}]})))
    compiled = compile_scenario(crisis)
    eq = solve(compiled.tree, compiled.lam)
    return compiled, eq, solve_deliberate(compiled.tree, eq)


def test_a_war_of_one_model_is_there_to_be_explained(careless):
    """War is rarer than 1 in 1000 in the fallible model and nearly certain in the other one."""
    from detente.findings.claims.wording import short

    compiled, eq, careful = careless
    assert eq.outcomes()["war"] < 1e-3 and careful.outcomes()["war"] > 0.9
    found = evaluate(compiled, eq, careful, samples=8, points=0, nearest=False)
    chosen, war, low, high, _ = found.found
    assert "to explain" not in short(chosen) and "holds in both models" in short(chosen)
    assert short(war) == "fails (fallible), holds (deliberate); holds in 0 % / 100 % of samples"
    # A concession hardly occurs in either model. Neither claim has a share, so none contradicts.
    for claim in (low, high):
        assert short(claim).startswith("the model has no “bland concedes” to explain")
    assert found.pairs == []


def test_a_claim_with_a_huge_variant_is_not_searched_and_says_so(careless, monkeypatch):
    from detente.analysis.claims import counts

    compiled, eq, careful = careless
    for most, searched in ((1, False), (10**6, True)):
        monkeypatch.setattr(counts, "MOST_NODES", most)
        done: list[str] = []
        found = evaluate(compiled, eq, careful, samples=8, points=3,
                         tell=lambda n, of, what, done=done: done.append(what))
        time = found.found[-1]
        assert any("not searched" in w for w in time.warnings) is not searched
        assert not any("not searched" in w for w in found.found[0].warnings)
        assert "claims, samples" in done and "claims, changes of single numbers" in done


@pytest.mark.parametrize(("xs", "written"), [
    ([13.0, 48.0, 84.0], {"20", "40", "60", "80"}), ([0.021, 0.03, 0.045], {"0.03", "0.04"}),
    ([120.0, 500.0, 1010.0], {"200", "1000"}),
])
def test_labels_of_the_axes_are_plain_numbers(xs: list[float], written: set[str]) -> None:
    from detente.analysis.claims.result import Grid

    grid = Grid("a", "b", xs, xs, [[True] * 3] * 3, (xs[1], xs[1]))
    labels = set(re.findall(r">([-+\d.e]+)<", boundary_map(grid, "Where it holds").to_svg()))
    assert written <= labels and not any("e" in label for label in labels)
