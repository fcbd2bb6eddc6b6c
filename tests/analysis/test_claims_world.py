"""Claims about the world: verdicts by hand, definitions that disagree, and data that is missing."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from scipy.stats import beta

from detente.analysis.claims.evaluate import evaluate
from detente.cases import load
from detente.equilibrium import solve, solve_deliberate
from detente.findings.claims.section import show
from detente.findings.claims.wording import answer, short
from detente.game.compile import compile_scenario
from detente.world import asked
from detente.world.number import Number
from tests.analysis.crisis import SMALL
from tests.conftest import merged, text_of
from tests.support.program import detente
from tests.world.test_asked import TIES

CLAIMS = {
    # aligned(gaul, aland) is 3/4 by treaties and 1 by conduct; see tests/world/test_asked.py
    "both": "aligned(gaul, aland) > 0.5",
    "split": "aligned(gaul, aland) > 0.9",
    "none": "aligned(gaul, island) > 0.5",
    "on-the-edge": "abs(aligned(gaul, aland) - 0.75) < 0.001 or aligned(gaul, aland) > 0.99",
    "shock": "returns(gone) > 0.9",
    "rate": "rate(icb-war) < 0.25",
    "rates": "rate(icb-war) < rate(mid-war)",
    "mixed": "P(war) < rate(icb-war)",
    "below": "P(war) < 0.3",
    "above": "P(war) > 0.45",
    "mixed-ties": "P(war) < aligned(gaul, aland) - 0.6",
}
RATE = Number(0.35, 0.3, 0.45, 60.0, "21 of 60")
OTHER = Number(0.4, 0.35, 0.5, 60.0, "24 of 60")


def put(folder, claims=CLAIMS):
    """Write a case with a ties file beside it, and return its path."""
    place = folder / "small.yaml"
    place.write_text(text_of(merged(SMALL, {"claims": [
        {"id": name, "says": f"{name}.", "holds_if": text} for name, text in claims.items()]})))
    (folder / "small.ties.yaml").write_text(TIES)
    return place


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the results, with base rates that need no data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "needs", lambda name: [])
        patch.setattr(asked, "rate", lambda name: RATE if name == "icb-war" else OTHER)
        compiled = compile_scenario(load(put(tmp_path_factory.mktemp("case"))))
        one = solve(compiled.tree, 40.0)
        made = evaluate(compiled, one, solve_deliberate(compiled.tree, one), samples=64, points=0)
    return made


def of(found, name):
    return next(f for f in found.found if f.id == name)


def verdicts(found, name):
    return {v.definition: (v.holds, v.close) for v in of(found, name).outside.verdicts}


def test_one_verdict_if_the_definitions_agree(found):
    assert verdicts(found, "both") == {"treaties": (True, False), "conduct": (True, False)}
    assert short(of(found, "both")) == "holds (outside the game, by treaties and conduct)"
    said = answer(of(found, "both"))
    assert "judged outside the game" in said and "by every definition of a tie" in said
    assert "of 256 draws" in said and "95 % interval" in said


def test_no_headline_if_the_definitions_disagree(found):
    """3/4 is below 0.9 by far more than its interval of 256 draws, and 1 is above it."""
    assert verdicts(found, "split") == {"treaties": (False, False), "conduct": (True, False)}
    assert short(of(found, "split")) == "the definitions disagree (outside the game)"
    said = answer(of(found, "split"))
    assert "no single verdict" in said
    assert "by treaties it does not hold" in said and "by conduct it holds" in said


def test_a_claim_that_turns_within_the_interval_is_too_close_to_call(found):
    assert verdicts(found, "on-the-edge")["treaties"][1]


def test_states_without_ties_leave_no_answer(found):
    assert verdicts(found, "none") == {"treaties": (None, False), "conduct": (None, False)}
    assert "has no answer" in answer(of(found, "none"))


def test_a_shock_is_judged_without_ties(found):
    """It is 0.666, below 0.9."""
    assert verdicts(found, "shock") == {"": (False, False)}
    assert short(of(found, "shock")) == "does not hold (outside the game)"


def test_a_rate_is_drawn_from_its_posterior(found):
    (one,) = of(found, "rate").outside.verdicts
    assert (one.holds, one.close) == (False, False)  # 0.25 is below the interval 0.3 to 0.45
    assert one.share.share == pytest.approx(beta.cdf(0.25, 21.5, 39.5), abs=2 / 1024)


def test_two_rates_are_drawn_apart(found):
    """P(x < y) by its integral."""
    (one,) = of(found, "rates").outside.verdicts
    assert one.holds and one.close
    wanted = beta(24.5, 36.5).expect(lambda y: beta.cdf(y, 21.5, 39.5))
    # 1,024 Sobol' points in two dimensions: the error of a smooth border is below 1 %
    assert one.share.share == pytest.approx(wanted, abs=0.01)


def test_a_rate_beside_the_game_leaves_samples_within_its_interval_open(found):
    """A sample holds below the interval, fails above it, and is too close to call within."""
    mixed, below, above = (of(found, name).share for name in ("mixed", "below", "above"))
    assert below.held > 0 and above.held > 0
    assert (mixed.held, mixed.failed) == (below.held, above.held)
    assert mixed.close == 64 - below.held - above.held
    v = of(found, "mixed").verdict("fallible")
    assert [t.value for t in v.sides][1] == 0.35
    assert "Judged outside the game: rate(icb-war) is 35 % (21 of 60" in answer(of(found, "mixed"))


def test_ties_beside_the_game_decide_only_if_all_definitions_agree(found):
    """P(war) below 0.15 - 0.02 holds by both definitions, above 0.4 it fails by both."""
    share = of(found, "mixed-ties").share
    assert share.close and not of(found, "mixed-ties").outside.verdicts
    assert {n.definition for n in of(found, "mixed-ties").outside.numbers} == {
        "treaties", "conduct"}


def test_only_claims_about_the_game_are_solved(found):
    for f in found.found:
        assert bool(f.verdicts) == f.in_game == (f.id in (
            "mixed", "below", "above", "mixed-ties")), f.id
    assert not any({"both", "rate"} & {p.first, p.second} for p in found.pairs)


def test_the_section_says_where_each_number_comes_from(found):
    made = show(found)
    assert "The model can test 4 of them. 7 more are judged outside the game." in made.lead
    (by,) = (t for t in made.tables if t.title.startswith("Verdicts outside the game"))
    assert ("split", "conduct", "holds") in by.rows
    (each,) = (t for t in made.tables if t.title == "Definitions of a tie")
    assert [r[:2] for r in each.rows] == [("treaties", "A treaty or a state of war in force"),
                                          ("conduct", "Trade and closed borders")]
    # A triangle with one enmity is frustrated by one tie, however the signs are dealt out.
    assert "break 1 of 3 ties; 1.0 ± 0.0" in each.rows[0][2]
    assert any("do not depend on its moves" in note for note in made.notes)


def test_without_the_data_a_claim_is_marked_and_not_an_error(tmp_path):
    place = put(tmp_path, {k: CLAIMS[k] for k in ("rate", "mixed", "both")})
    done = detente("claims", place, "--json", "--samples", "8", "--points", "0", "--starts", "0",
                   DETENTE_DATA_CACHE=str(tmp_path / "empty"))
    assert done.returncode == 0, done.stderr
    rows = {c["id"]: c for c in json.loads(done.stdout)["claims"]}
    for name in ("rate", "mixed"):
        assert rows[name]["outside"]["missing"] == "detente data fetch icb-system"
        assert not rows[name]["verdicts"]
    assert rows["both"]["outside"]["verdicts"][0]["holds"] is True
    checked = detente("check", place, DETENTE_DATA_CACHE=str(tmp_path / "empty"))
    assert checked.returncode == 0


def test_a_wrong_name_is_refused_when_the_case_is_checked(tmp_path):
    done = detente("check", put(tmp_path, {"a": "aligned(gaul, alnd) > 0.5"}))
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "no state 'alnd' in the ties file" in said and "did you mean 'aland'" in said


def test_a_comparison_shows_the_verdict_of_each_case(tmp_path):
    """The second case has a ties file in which the third state is a friend of neither."""
    from detente.analysis.compare import compare
    from detente.findings.compare import claims_section

    place = put(tmp_path, {k: CLAIMS[k] for k in ("both", "below")})
    other = tmp_path / "other.yaml"
    other.write_text(place.read_text().replace("crisis: small", "crisis: other"))
    (tmp_path / "other.ties.yaml").write_text(TIES.replace("0.2 to 0.5", "-0.5 to -0.2"))
    made = compare([place, other], samples=8)
    rows = {(r["claim"], r["variant"]): r for r in made.claims()}
    for case, holds in (("small", True), ("other", False)):
        row = rows["both", case]
        assert row["fallible"] is row["share"] is None
        assert [v.holds for v in row["outside"].verdicts] == [holds, holds]
    assert rows["below", "small"]["outside"] is None
    (said, apart, compared) = claims_section(made).tables
    assert ("both", "other", *["does not hold (outside the game, by treaties and conduct)"] * 2,
            "–") in said.rows
    assert {r[0] for t in (apart, compared) for r in t.rows} == {"below"}


def test_events_leave_a_claim_about_the_world_as_it_is(tmp_path):
    from detente.follow.begin import begin
    from detente.follow.file import loads_events
    from detente.follow.here import claims_here
    from detente.follow.learnt import claims as claims_section

    crisis = load(put(tmp_path, {k: CLAIMS[k] for k in ("below", "both")}))
    events = loads_events("""
        follows: small
        sources: [{id: paper, cite: A newspaper}]
        events:
        - {date: 2001-05-02, says: It mobilises., source: paper, actor: aland,
           move: escalate to mobilisation}
    """, crisis)
    below, both = claims_here(begin(crisis, events, samples=32, seed=1))
    assert below.before is not None and below.outside is None
    assert both.before is both.after is both.here is None
    assert [v.holds for v in both.outside.verdicts] == [True, True]
    assert "no event of the crisis changes" in both.why

    (table,) = claims_section(SimpleNamespace(claims=[below, both])).tables
    assert table.rows[1][2:4] == ("holds (outside the game, by treaties and conduct)",) * 2
