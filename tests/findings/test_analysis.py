"""An analysis of a small crisis: its document, sentence, drivers and sections hold together."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from detente.analysis import analyse
from detente.analysis.slopes import slopes
from detente.equilibrium import solve
from detente.findings import drivers
from detente.findings.brief import disagreements, drivers_line, headline
from detente.findings.document import document
from detente.findings.report import report
from tests.conftest import make_crisis, merged, text_of
from tests.game.test_compile import RICH

SMALL = {
    "sources": [{"id": "me", "cite": "Nobody in particular"}],
    "delay_cost": {"value": "0.01 to 0.03", "because": "waiting costs", "source": "me"},
    "war": {"win_chance": "0.5 to 0.6"},
    "ladder": ["talks", {"mobilisation": {"audience_cost": "0.1 to 0.3", "risk": 0.02}}, "war"],
    "claims": [{"id": "sure", "says": "It ends in war.", "source": "me"}],
}


@pytest.fixture(scope="module")
def found():
    return analyse(make_crisis(**SMALL), samples=32, deliberate_samples=8, starts=4, seed=3)


def test_document_is_whole_and_json(found):
    text = json.dumps(document(found), allow_nan=False)
    doc = json.loads(text)
    wanted = {
        "case", "file_sha256", "version", "seed", "answer", "lambda", "epsilon", "outcomes",
        "equilibria", "certificate", "samples", "paths", "drivers", "assumptions",
    }
    assert wanted <= doc.keys()
    for row in doc["outcomes"]:
        assert {"name", "deliberate", "fallible", "low", "high"} <= row.keys()
        assert 0 <= row["low"] <= row["high"] <= 1
    for reading in ("deliberate", "fallible"):
        assert sum(r[reading] for r in doc["outcomes"]) == pytest.approx(1, abs=1e-9)
    assert {"residual", "max_regret", "regret_bound", "nash_conv", "reached_by",
            "deliberate_nash_conv"} <= doc["certificate"].keys()
    assert doc["samples"]["requested"] == 32 and doc["samples"]["certified"] == 32
    for row in doc["equilibria"]:
        assert {"outcomes", "nash_conv", "found_from"} <= row.keys()
    assert {"moves", "outcome", "probability"} <= doc["paths"][0].keys()
    assert {"parameter", "outcome", "derivative"} <= doc["drivers"][0].keys()
    rows = {r["field"]: r for r in doc["assumptions"]}
    assert rows["delay_cost"] == {
        "field": "delay_cost", "value": 0.02, "range": [0.01, 0.03], "source": "me",
        "reason": "waiting costs"}


def test_certificates_hold(found):
    assert found.certified
    cert = found.fallible.certificate
    assert cert.residual <= 1e-8 and found.deliberate.certificate.nash_conv <= 1e-3


def test_the_search_reports_its_own_settings(found):
    """At another lambda the sentence names half of it, and as many starts as were made."""
    from detente.findings.equilibria import section

    assert (found.others.starts, found.others.lambda_from) == (4, 20.0)
    at_30 = analyse(make_crisis(**SMALL), lam=30.0, samples=2, deliberate_samples=2, starts=3)
    lead = section(at_30).lead
    assert "lambda 15" in lead and "3 random starts" in lead


def test_paths_are_histories_with_their_reach(found):
    from detente.findings.finding import act_rows
    from detente.findings.paths import rows

    for row in rows(found):
        p, node = 1.0, 0
        game = found.compiled.tree
        for acts in row["acts"]:
            node = next(c for c in game.children(node)
                        if act_rows(game.move_into(c)) == acts)
            p *= found.fallible.q[node]
        assert p == pytest.approx(row["probability"], rel=1e-9)


def test_drivers_equal_differences(found):
    """The derivative by the widest range equals a central difference of re-solved games."""
    (slope,) = slopes(found.compiled, found.fallible, [found.mask])
    k = found.compiled.paths.index("ladder.mobilisation.audience_cost")
    step, ends = 1e-5, []
    for sign in (1, -1):
        theta = found.compiled.centre.copy()
        theta[k] += sign * step
        ends.append(found.probability(
            solve(found.compiled.game(theta), found.lam, start=found.fallible)))
    assert slope[k] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-4, abs=1e-6)


def test_decisions_split_the_outcome(found):
    """P(war) at a decision is the mean of P(war) after its moves."""
    from detente.findings.paths import below

    game, eq = found.compiled.tree, found.fallible
    war = below(eq, found.mask)
    assert war[0] == pytest.approx(found.probability(eq), abs=1e-12)
    for node in np.flatnonzero(game.count > 0)[:50]:
        kids = list(game.children(int(node)))
        assert war[node] == pytest.approx(float(eq.q[kids] @ war[kids]), abs=1e-12)


def test_every_section_shows_in_every_form(found, capsys):
    made = report(found)
    assert {s.id for s in made.sections} >= {
        "outcomes", "drivers", "paths", "tree", "ladder", "beliefs", "precision", "equilibria",
        "trust", "assumptions"}
    html = made.to_html()
    assert "http://" not in html.replace("http://www.w3.org/", "") and headline(found) in html
    made.to_terminal()
    assert "Most probable paths" in capsys.readouterr().out
    assert "<svg" in made._repr_html_()


class Solved:
    """An equilibrium with a probability of war and of settlement."""

    class certificate:  # noqa: N801
        certified = True

    found_from = "a random start"

    def __init__(self, war):
        self.war = war

    def outcomes(self):
        return {"war": self.war, "settlement": 1 - self.war}


class Told:
    """What the headline reads of an analysis."""

    structure, certified = None, True
    ending_words = {"war": "war", "settlement": "settlement"}  # noqa: RUF012

    def __init__(self, careful, erring, others=()):
        self.deliberate, self.fallible = Solved(careful), Solved(erring)
        self.others = [Solved(p) for p in others]

    def once(self, work):
        """Return nothing: neither terms nor ties."""
        return []


def test_one_figure_where_all_agree():
    assert headline(Told(0.80, 0.82)) == "Most probable outcome: war, 81 %."
    assert headline(Told(0.10, 0.12)) == "Most probable outcome: settlement, 89 %."


def test_no_single_figure_where_models_or_equilibria_differ():
    assert headline(Told(0.78, 0.79, others=[0.30])) == (
        "Most probable outcome: war, 78 % if governments act deliberately, 79 % if they make "
        "mistakes.")
    assert "99 % if they" in headline(Told(0.62, 0.99))
    assert headline(Told(0.02, 0.82)) == (
        "The models disagree. Most probable if governments act deliberately: settlement (98 %); "
        "if they make mistakes: war (82 %).")


def test_other_equilibria_are_told_by_their_range():
    assert disagreements(Told(0.80, 0.81, others=[0.30, 0.5, 0.4, 0.1])) == [
        "In 4 other equilibria the probability of war is 10 % to 50 %."]
    assert disagreements(Told(0.80, 0.81, others=[0.805])) == []


def test_rich_crisis_reports_its_mechanisms():
    from tests.support.reached import reached

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = analyse(make_crisis(**RICH), samples=8, deliberate_samples=2, starts=1)
    share = reached(found.compiled, found.fallible)
    assert set(share) == {"mediator", "spoiler", "ratification", "third_party_entry", "red_line",
                          "shock"}
    assert all(0 <= p <= 1 + 1e-12 for p in share.values()) and share["shock"] == pytest.approx(1)
    assert json.dumps(document(found), allow_nan=False)


def test_run_writes_whole_and_says_what_is_wrong(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from detente.cli import application, command_modules
    from tests.conftest import PLAIN

    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(text_of(merged(PLAIN, SMALL)))
    app, few = application(command_modules("run")), [
        "--samples", "4", "--deliberate-samples", "2", "--starts", "1"]
    done = CliRunner().invoke(app, ["run", "small.yaml", "--json", *few])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["case"] == "plain"
    done = CliRunner().invoke(app, ["run", "small.yaml", "--out", "r.html", *few])
    assert done.exit_code == 0 and (tmp_path / "r.html").read_text().startswith("<!")
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_same_seed_same_document():
    one, two = (
        document(analyse(make_crisis(**SMALL), samples=8, deliberate_samples=2, starts=2, seed=5,
                         workers=w)) for w in (1, 2))
    assert one == two


def test_drivers_are_named_in_words_and_drawn_against_samples(found):
    """The scatter holds the samples themselves, for the number that explains most of them."""
    from detente.analysis.correlation import correlation_ratio
    from detente.findings.drivers import scatters, section
    from detente.scenario.labels import labels

    paths = found.compiled.paths
    named = labels(found.compiled.graph.rules.numbers.values(), found.titles)
    assert len({named[p] for p in paths}) == len(paths)  # no two alike
    shown = section(found)
    (table,) = shown.tables
    assert [r[0] for r in table.rows] == [named[r[-1]] for r in table.rows]
    assert not any("_" in r[0] for r in table.rows)
    p = found.band.outcomes[:, found.mask].sum(axis=1)
    numbers = found.compiled.graph.rules.numbers
    ratio = {x: correlation_ratio(found.band.theta[:, k], p) for k, x in enumerate(paths)
             if numbers[x].is_range}
    first = scatters(found, named)[0]
    assert named[max(ratio, key=ratio.get)] in first.title
    (drawn,) = first.spec["datasets"].values()
    assert len(drawn) == len(p)
    assert sorted(r["p"] for r in drawn) == pytest.approx(sorted(p))


def test_the_certificate_of_the_answer_stands_once(found, capsys):
    made = report(found)
    assert made.certificate and all(s.certificate != made.certificate for s in made.sections)
    made.to_terminal()
    assert " ".join(capsys.readouterr().out.split()).count("fallible: residual") == 1


def test_every_panel_of_beliefs_names_its_axis(found):
    from detente.findings.beliefs import section

    (chart,) = section(found).charts
    panels = chart.spec["vconcat"]
    assert len(panels) == 2
    assert all(p["encoding"]["x"]["title"] == "probability" for p in panels)


def test_global_drivers_in_the_report_are_those_of_their_own_command(found, capsys):
    from detente.analysis.indices import global_drivers, of_game
    from detente.cli import main
    from detente.findings.indices import of_report
    from detente.game.compile import compile_scenario

    crisis = make_crisis(**{k: v for k, v in SMALL.items() if k != "ladder"}, turns={"each": 1})
    whole = {"samples": 8, "deliberate_samples": 2, "starts": 0, "seed": 3, "lam": 10.0}
    whole = analyse(crisis, **whole, indices=32)
    alone = global_drivers(crisis, samples=32, seed=3, lam=10.0)
    told = json.loads(json.dumps(document(whole), allow_nan=False))
    assert told["global_drivers"] == json.loads(json.dumps(alone.as_dict()))
    assert {r["parameter"] for r in told["global_drivers"]["indices"]} == {
        "delay_cost", "war.win_chance"}
    section = of_report(whole)
    ids = [s.id for s in report(whole).sections]
    assert ids.index("global-drivers") == ids.index("drivers") + 1
    assert section is not None and section.id == "global-drivers"
    assert document(found)["global_drivers"] is None and of_report(found) is None
    nothing = compile_scenario(make_crisis(turns={"each": 1}))
    # No range, nothing to divide.
    assert of_game(nothing, solve(nothing.tree, 10.0), samples=32, seed=3) is None
    assert main(["run", "cuba-1962", "--indices", "100"]) == 2
    assert "power of 2" in capsys.readouterr().err


def test_every_section_with_numbers_of_the_model_is_marked(found):
    """Certified where the equilibrium is; marked everywhere, not in one place, where it is not."""
    from dataclasses import replace

    def marks(analysis):
        nothing_solved = ("assumptions", "claims")  # this file's claims are not put as conditions
        return {s.id: s.certified for s in report(analysis).sections
                if s.id not in nothing_solved}

    good = marks(found)
    assert {"paths", "tree", "beliefs", "ladder", "reasons"} <= set(good) and all(good.values())
    lost = replace(found.fallible, certificate=replace(found.fallible.certificate, certified=False))
    bad = marks(found.with_parts(fallible=lost))
    assert set(bad) == set(good) and set(bad.values()) == {False}


def test_every_finding_is_worked_out_once_for_the_page_and_the_document(found, monkeypatch):
    """The page's sections and the document that goes with it share what they show."""
    from collections import Counter
    from importlib import import_module

    from detente.findings import decisions, history, outcomes, paths, reasons

    claims = import_module("detente.analysis.claims.evaluate")
    done = Counter()

    def count(room, name):
        work = getattr(room, name)

        def counted(*words, **more):
            done[room.__name__, name] += 1
            return work(*words, **more)

        monkeypatch.setattr(room, name, counted)

    rooms = [(drivers, "rows"), (reasons, "rows"), (history, "rows"), (outcomes, "rows"),
             (paths, "rows"), (decisions, "rows"), (claims, "evaluate")]
    for room, name in rooms:
        count(room, name)
    fresh = found.with_parts()
    assert report(fresh).data == document(fresh)
    assert done == {(room.__name__, name): 1 for room, name in rooms}


def test_many_other_equilibria_are_told_by_their_range(found):
    """A few are listed; of many the least and the greatest, and JSON still has each."""
    from dataclasses import replace

    from detente.findings import equilibria, outcomes

    others = [solve(found.compiled.tree, lam) for lam in (1.0, 2.0, 4.0, 6.0, 9.0)]
    few, many = (
        found.with_parts(others=replace(found.others, found=tuple(some)))
        for some in (others[:3], others))
    assert len(equilibria.section(few).tables[0].rows) == 5
    assert not equilibria.section(few).notes
    page = equilibria.section(many)
    (table,) = page.tables
    assert [r[:2] for r in table.rows[2:]] == [("fallible", "5 found by the search")]
    war = [eq.outcomes()["war"] for eq in others]
    assert max(war) - min(war) > 0.02
    heads = [c if isinstance(c, str) else c.name for c in table.columns]
    shown = table.rows[2][heads.index("war")]
    assert shown == f"{100 * min(war):.0f} % to {100 * max(war):.0f} %"
    assert "--json" in page.notes[0]
    assert len(document(many)["equilibria"]) == 7
    ends = {r[0]: r[-1] for r in outcomes.section(many).tables[0].rows}
    assert ends["war"] == f"{shown} (5 found)"
    assert "found)" not in {r[0]: r[-1] for r in outcomes.section(few).tables[0].rows}["war"]


def test_a_range_of_uncertified_equilibria_says_how_many():
    from detente.findings.equilibria import line

    rows = [{"reading": "deliberate", "nash_conv": x, "certified": ok, "outcomes": {"war": p}}
            for x, ok, p in ((-1e-17, True, 0.1), (2e-4, True, 0.3), (0.01, False, 0.2))]
    assert line(rows[:1], "a start", ["war"]) == ("deliberate", "a start", "10 %",
                                                  "NashConv 0")
    assert line(rows, "3", ["war"]) == ("deliberate", "3", "10 % to 30 %",
                                        "NashConv 1.0e-02 (1 failed the check)")


def test_without_a_range_the_first_screen_says_that_nothing_can_matter_most():
    """The plain crisis states even habits and one precision; no other number has a range."""
    fixed = analyse(make_crisis(), samples=4, deliberate_samples=2, starts=1)
    assert drivers_line(fixed).startswith("No number has a range")
