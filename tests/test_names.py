"""Names are only for display: a crisis with awkward names has the same results as a plain one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from detente.analysis.claims import evaluate
from detente.analysis.compare import compare
from detente.analysis.sweep import sweep
from detente.cases import loads
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.types import members
from detente.equilibrium import solve, solve_deliberate
from detente.errors import InputError
from detente.findings import beliefs
from detente.game import chance, decide, end, tree
from detente.game.compile import compile_scenario
from detente.scenario.labels import titles_of
from tests.conftest import make_crisis, text_of

FEW = {"samples": 8, "seed": 3, "lam": 10.0}
LEAST = 1e-9
"""Awkward names change no arithmetic, but may change the order of a sum."""


def crisis(a="aland", b="bland", rungs=("talks", "alert", "strike"), package="swap",
           titles=("Aland", "Bland"), variants=("no swap", "even")):
    """Return the text of a crisis with two private quantities and these names."""
    first, second, third = rungs
    said = {"rung": second.replace(" ", "_").replace("-", "_"),
            "package": package.replace(" ", "_").replace("-", "_")}
    return text_of({
        "crisis": "names", "title": "Names",
        "actors": {
            a: {"role": "principal", "title": titles[0], "private": {
                "war_cost": {"low": 0.1, "high": 0.45, "chance_high": 0.4},
                "stake_weight": {"values": [0.9, 1.1], "prior": [0.5, 0.5]}}},
            b: {"role": "principal", "title": titles[1], "private": {
                "war_cost": {"between": [0.1, 0.5], "types": 3}}},
        },
        "stake": {"name": "the strait", "first": a, "status_quo": 0.4},
        "turns": {"first": a, "each": 1}, "delay_cost": {a: 0.02, b: 0.03},
        "ladder": [first, {second: {"audience_cost": 0.2, "risk": "0.02 to 0.1"}},
                   {third: {"sunk_cost": 0.03, "risk": 0.1}}, "war"],
        "war": {"win_chance": "0.5 to 0.7"},
        "offers": {"shares": [0.5], "each": 1, "packages": [{"name": package, "share": 0.55}]},
        "mechanisms": [{"ratification": {"of": b, "share_needed": {
            "between": [0.2, 0.5], "types": 2}}}],
        "variants": {
            "one": {"title": variants[0], "set": {f"ladder.{second}.risk": 0.02}},
            "two": {"title": variants[1], "set": {"war.win_chance": 0.5}}},
        "claims": [
            {"id": "climb", "says": "A climbs.", "holds_if": f"P({a}.escalate_{said['rung']}) > 0"},
            {"id": "reach", "says": "B reaches.", "holds_if": f"P({b}.{said['rung']}) < 0.5"},
            {"id": "offer", "says": "A offers.", "holds_if": f"P({a}.offer_{said['package']}) > 0"},
            {"id": "belief", "says": "B learns.",
             "holds_if": f"belief({b}, {a}.war_cost high) > 0.3"},
            {"id": "type", "says": "B knows.",
             "holds_if": f"belief({a}, {b}.share_needed high) > 0.4"},
            {"id": "cedes", "says": "B concedes.", "holds_if": f"P({b}_concedes) < 0.9"},
        ],
    })


def solved(scenario):
    """Return the crisis in both models, as far as the table of beliefs needs an analysis."""
    compiled = compile_scenario(scenario)
    fallible = solve(compiled.tree, FEW["lam"])
    return SimpleNamespace(compiled=compiled, fallible=fallible, titles=titles_of(scenario),
                           deliberate=solve_deliberate(compiled.tree, fallible))


def found(text, folder):
    """Return every number of the results, in their order, without names."""
    scenario = loads(text)
    one = solved(scenario)
    claims = evaluate(one.compiled, one.fallible, one.deliberate, samples=8, points=0).found
    compared = compare([scenario], **FEW)
    out = {
        "fallible": list(one.fallible.outcomes().values()),
        "deliberate": list(one.deliberate.outcomes().values()),
        "beliefs": [(r["step"], r["probability"]) for r in beliefs.rows(one)],
        "claims": [(v.margin, v.holds) for f in claims for v in f.verdicts],
        "types": [(v, w) for f in claims for fact in f.facts for _, v, w in fact.types],
        "shares": [(f.share.held, f.share.failed) for f in claims],
        "rows": [[r["fallible"], r["deliberate"], r["low"], r["high"]] for r in compared.rows()],
        "compared": [(r["margin"], r["difference_fallible"]) for r in compared.claims()],
    }
    pytest.importorskip("pyarrow")
    swept = sweep(scenario, folder / "all.parquet", **FEW).outcomes
    return out | {"sweep": [list(x.values()) for x in swept.values()]}


PARTS = ("at", "in", "and", "of", "war", "low", "2", "07", "P", "x_y", "type", "offer", "types",
         "holds", "risk", "each", "stays")
words = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)
actors = words.map(lambda parts: "n_" + "_".join(parts))
rungs = st.tuples(words, st.sampled_from(" -_")).map(lambda x: "r" + x[1] + x[1].join(x[0]))
marks = st.lists(st.sampled_from((*PARTS, ":", "=", ",", ";", "→", " in the ", "P(", ")", " (2)")),
                 min_size=1, max_size=4).map("".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("names")


@pytest.fixture(scope="module")
def plainly(folder):
    return found(crisis(), folder)


@settings(max_examples=3, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                                 HealthCheck.filter_too_much])
@given(two=st.lists(actors, min_size=2, max_size=2, unique=True),
       three=st.lists(rungs, min_size=3, max_size=3, unique_by=lambda x: tuple(
           x.lower().replace("-", " ").replace("_", " ").split())),
       package=rungs, titles=st.lists(marks, min_size=2, max_size=2, unique=True),
       variants=st.lists(marks, min_size=2, max_size=2))
def test_names_change_no_result(folder, plainly, tmp_path_factory, two, three, package, titles,
                                variants):
    text = crisis(*two, three, package, titles, variants)
    try:
        loads(text)
    except InputError as refused:  # two names that are one name in a claim, or in a path
        assert "apart" in str(refused) or "called" in str(refused) or "shown" in str(refused)
        reject()
    got = found(text, tmp_path_factory.mktemp("awkward"))
    for part, expected in plainly.items():
        assert len(got[part]) == len(expected), part
        assert np.allclose(np.array(got[part], dtype=float), np.array(expected, dtype=float),
                           atol=LEAST, equal_nan=True), part


AWKWARD = ("a: b", "a = b", "low, high", "low; high", "x → y", " in the ", "at 2 and 3", "", "type")


@given(st.lists(st.sampled_from(AWKWARD), min_size=3, max_size=3, unique=True),
       st.sampled_from(("East: a, b", "P(west)", "low")))
@settings(max_examples=20, deadline=None)
def test_types_of_any_name_are_the_same_types(names, player):
    """A claim's level means places among the types, whatever the types and actors are called."""
    def game(called, who):
        prior = dict(zip(called, (0.2, 0.3, 0.5), strict=True))
        return tree({who: prior, "west": 1}, decide(who, {
            "stay": end("peace", **{who: [0.1, 0.4, 0.6], "west": 0.5}),
            "go": chance({"slip": (0.3, end("war", **{who: -1.0, "west": -1.0})),
                          "hold": (0.7, end("deal", **{who: 1.0, "west": 0.0}))})}))

    plain, awkward = game(("one", "two", "three"), "east"), game(names, player)
    assert (solve(plain, 3.0).q == solve(awkward, 3.0).q).all()
    known = Names.of_tree(awkward).types[player]["type"]
    assert [x.label for x in known] == names
    assert [x.level for x in known] == ["low", "middle", "high"]
    for level, which in (("middle", [False, True, False]), ("high", [False, False, True])):
        claim = check(parse(f"belief(west, east.type {level}) > 0"), Names.of_tree(plain))
        who = claim.terms[0].about
        assert members(None, plain, None, who, 1)[:, 0].tolist() == which


def test_the_file_says_which_of_two_types_is_low():
    """The report's table and a claim mean the same type, even if its value is the greater one."""
    private = {"war_cost": {"low": 0.5, "high": 0.1, "chance_high": 0.25}}
    text = text_of({
        "crisis": "turned", "title": "Turned",
        "actors": {"aland": {"role": "principal", "private": private},
                   "bland": {"role": "principal"}},
        "stake": {"name": "the strait", "first": "aland", "status_quo": 0.4},
        "turns": {"first": "aland", "each": 1}, "delay_cost": 0.02,
        "ladder": ["talks", "war"], "war": {"win_chance": 0.55, "cost": 0.2},
        "offers": {"shares": [0.5]},
    })
    scenario = loads(text)
    analysis = solved(scenario)
    at_start = {r["type"]: r["probability"] for r in beliefs.rows(analysis) if r["step"] == 0}
    assert at_start == pytest.approx({"low war cost": 0.75, "high war cost": 0.25})
    compiled = analysis.compiled
    claim = check(parse("prior(bland, aland.war_cost high) > 0"), Names.of_graph(compiled.graph))
    held = members(compiled, compiled.tree, None, claim.terms[0].about, 1)[:, 0]
    assert compiled.tree.prior[0][held].sum() == pytest.approx(0.25)


def test_names_that_claims_cannot_tell_apart_are_refused():
    for ladder in (["talks", "limited strike", "limited-strike", "war"],
                   ["talks", "alert", "the Alert", "war"]):
        with pytest.raises(InputError, match="apart"):
            make_crisis(ladder=ladder)


def test_two_actors_of_one_title_are_refused():
    """Tables and charts of the report show actors by their titles."""
    with pytest.raises(InputError, match="both shown as 'Union'"):
        make_crisis(actors={"aland": {"title": "Union"}, "bland": {"title": "Union"}})
