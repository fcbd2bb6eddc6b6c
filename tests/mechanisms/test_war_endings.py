"""Wars that end in victory, defeat or stalemate: values, directions, terms and commands."""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.claims.names import Names
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.game.tree import CHANCE
from detente.mechanisms.reservation import reservations
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.mechanisms.tools import rises
from tests.support.program import outputs

TIGHT = 1e-12
"""Sums of a dozen products of numbers below 1."""


def ending(chance, share=0.4, **costs):
    stalemate = {"chance": chance, "share": share}
    if "stalemate" in costs:
        stalemate["cost"] = costs.pop("stalemate")
    return {"stalemate": stalemate, **{k: {"cost": v} for k, v in costs.items()}}


def worth_of_war(**war):
    """Return the worth of an attack by aland in turn 1 to each principal, by type."""
    tree = compile_scenario(make_crisis(delay_cost=0.0, war=war)).tree
    leaf = {int(node): k for k, node in enumerate(tree.leaves)}
    child = next(c for c in range(1, tree.n_nodes)
                 if tree.parent[c] == 0 and str(tree.move_into(c)) == "aland: attack")

    def below(node, i):
        if node in leaf:
            return tree.payoff[i][leaf[node]]
        first, n = int(tree.first[node]), int(tree.count[node])
        return sum(tree.weight[c] * below(c, i) for c in range(first, first + n))

    return [below(child, i) for i in range(2)]


def test_without_a_stalemate_war_is_the_plain_lottery():
    plain, divided = worth_of_war(), worth_of_war(endings=ending(0.0))
    for a, b in zip(plain, divided, strict=True):
        assert b == pytest.approx(a, abs=TIGHT)


def test_the_worth_of_war_is_the_mean_over_its_endings():
    """In draws: (1 - s) p + s x less the costs of each ending in its proportion."""
    rng = np.random.default_rng(3)
    private = compile_scenario(make_crisis()).graph.rules
    costs = [np.array([a.value for a in private.attributes(p, "war_cost")])
             for p in ("aland", "bland")]
    for _ in range(4):
        s, x, p, c1, c2, c3, seen = rng.uniform(0.1, 0.9, 7).tolist()
        extra = {"stalemate": c1, "victory": c2, "defeat": c3}
        found = worth_of_war(win_chance=p, seen_by={"bland": seen}, endings=ending(s, x, **extra))
        first = (1 - s) * (p * (1 - c2) - (1 - p) * c3) + s * (x - c1) - costs[0]
        assert found[0] == pytest.approx(first, abs=TIGHT)
        # bland's estimate moves its worth of winning, not the costs of the endings
        second = ((1 - s) * (1 - seen - p * c3 - (1 - p) * c2) + s * (1 - x - c1) - costs[1])
        assert found[1] == pytest.approx(second, abs=TIGHT)


def test_the_reservations_are_the_worths_of_war():
    war = {"endings": ending(0.3, 0.2, stalemate=0.05, defeat=0.1)}
    low, high = reservations(compile_scenario(make_crisis(war=war)).graph.rules)
    first, second = worth_of_war(**war)
    assert low == pytest.approx(first, abs=TIGHT)
    assert 1 - high == pytest.approx(second, abs=TIGHT)


def test_the_chance_may_depend_on_the_attacker_and_an_accident_has_the_mean():
    made = compile_scenario(make_crisis(
        ladder=["talks", {"mobilisation": {"risk": 0.1}}, "war"],
        war={"endings": ending({"aland": 0.2, "bland": 0.6})}))
    tree = made.tree
    found = {}
    for c in range(1, tree.n_nodes):
        if str(tree.move_into(c)) == "the war stops at a line":
            found[str(tree.move_into(int(tree.parent[c])))] = float(tree.weight[c])
    assert found == pytest.approx({"aland: attack": 0.2, "bland: attack": 0.6,
                                   "slips into war": 0.4}, abs=TIGHT)


def strong(rng, chance, **changes):
    """Aland alone may attack, and would win more than it has; the line is at the status quo."""
    quo = rng.uniform(0.2, 0.35)
    private = {"private": {"war_cost": {"between": [0.1, 0.5], "types": 5}}}
    return make_crisis(
        actors={"aland": {**private, "will_not": ["yield"]},
                "bland": {**private, "will_not": ["attack", "yield"]}},
        stake={"status_quo": round(quo, 3)}, offers=None, ladder=["talks", "war"],
        war={"win_chance": rng.uniform(0.6, 0.75), "endings": ending(chance, round(quo, 3))},
        **changes)


def test_a_likelier_stalemate_at_the_status_quo_keeps_the_stronger_side_from_war():
    rises(lambda rng, x: strong(rng, x), 0.0, 0.5, lambda s: -s.war, seed=61, strictly=0.02)


def test_a_likelier_stalemate_invites_the_side_that_the_line_favours():
    """Bland alone may attack, and the line gives it more than the odds do."""

    def make(rng, chance):
        private = {"private": {"war_cost": {"between": [0.05, 0.4], "types": 5}}}
        return make_crisis(
            actors={"aland": {**private, "will_not": ["attack", "yield"]},
                    "bland": {**private, "will_not": ["yield"]}},
            stake={"status_quo": 0.8}, offers=None, ladder=["talks", "war"],
            war={"win_chance": rng.uniform(0.6, 0.75), "endings": ending(chance, 0.4)})

    rises(make, 0.0, 0.5, lambda s: s.war, seed=62, strictly=0.02)


def test_allies_and_a_loss_to_all_and_fighting_use_the_same_words():
    crisis = make_crisis(
        actors={"cland": {"role": "third party", "sides_with": "bland", "stake_weight": 0.3}},
        turns={"each": 2}, offers=None,
        ladder=["talks", "mobilisation", "war", {"abyss": {"risk": 0.1, "loss": 3}}],
        war={"first_strike": 0.05, "endings": ending(0.3)},
        mechanisms=[
            {"third_party_entry": {"actor": "cland", "joins": "bland", "shift": 0.2,
                                   "cost": 0.01}},
            {"attrition": {"at": "mobilisation", "cost": 0.02, "decision": 0.1, "strength": {
                "of": "aland", "advance": {"low": 0.4, "high": 0.7, "chance_high": 0.5}}}}])
    made = compile_scenario(crisis)
    names = Names.of_graph(made.graph)
    said = {str(t) for t in names.terms}
    for war in ("war: ", "wider war: cland, "):  # the terms name who joined, then the ending
        assert {f"{war}stalemate", f"{war}victory of aland", f"{war}victory of bland"} <= said
    assert {o.kind for o in names.wars} == {"war", "wider war", "loss to all"}
    sums = np.add.reduceat(made.tree.weight[1:], np.flatnonzero(np.diff(made.tree.parent[1:],
                                                                        prepend=-1)))
    chance = made.tree.mover[np.unique(made.tree.parent[1:])] == CHANCE
    assert sums[chance] == pytest.approx(np.ones(chance.sum()), abs=TIGHT)


def test_a_wrong_ending_says_what_is_wrong():
    with pytest.raises(InputError, match="share"):
        make_crisis(war={"endings": {"stalemate": {"chance": 0.2}}})
    with pytest.raises(InputError, match="out of bounds"):
        make_crisis(war={"endings": ending(1.2)})


CLAIMS = [
    {"id": "line", "says": "A line.", "holds_if": "P(war: stalemate | war) > 0.29"},
    {"id": "beaten", "says": "Aland loses.",
     "holds_if": "P(war: defeat of aland) > P(war: victory of aland)"},
]


def detente(*words, into=None):
    return outputs(*words, timeout=120, stdin=(into or "").encode())


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("line") / "line.yaml"
    path.write_text(text_of(merged(PLAIN, {
        "war": {"win_chance": 0.4, "endings": ending(0.3)}, "claims": CLAIMS,
        "turns": {"each": 1}, "offers": {"shares": [0.5]}})))
    return path


def test_claims_know_the_endings(file):
    found = detente("claims", str(file), "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["claims"]
    plain = detente("claims", str(file)).stdout  # 0.3 of all wars; aland loses 0.6 of the rest
    assert plain.count("holds in both models") >= 2, plain


def test_check_and_the_briefing_name_the_line(file):
    checked = detente("check", str(file))
    assert checked.returncode == 0 and "the war stops at a" in checked.stdout
    from detente.cases import load
    from detente.play.board import Board
    from detente.play.briefing import briefing

    told = briefing(Board(compile_scenario(load(file))), "bland", 0)
    words = " ".join(x for _, said in told.sections for x in said)
    assert "If it stops at a line, you have 0.6 of the stake." in words


def test_events_can_follow_the_ending(file, tmp_path):
    events = tmp_path / "line.events.yaml"
    events.write_text("""follows: plain
title: The line
sources: [{id: press, cite: The press}]
events:
  - {id: a, date: 2020-01-01, says: An attack., source: press, actor: aland, move: attack}
  - {id: b, date: 2020-02-01, says: A line., source: press, chance: the war stops at a line}
""")
    found = detente("follow", str(file), str(events), "--samples", "128")
    assert found.returncode == 0, found.stderr + found.stdout
    assert "2 of 2" in found.stdout  # both events have a place in the game
