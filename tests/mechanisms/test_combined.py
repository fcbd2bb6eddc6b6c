"""Allies, sanctions, attrition, audience costs and offers in one file, against a second reading.

The evaluator below reads only the story of an end, in words, and the numbers of the file. It knows
the docstrings of the mechanisms and none of their code.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.game.compile import compile_scenario
from tests.mechanisms.test_alliance import actor, ally, tiny

RUNGS = ("talks", "sanctions", "limited war")
OFFER = 0.55
KEYS = ("quo", "delay", "cost", "burden", "bitten", "fight_aland", "fight_bland", "first_rung",
        "second_rung", "join", "commitment", "pledge", "restraint", "mobilise", "readiness",
        "decline", "d_join", "d_decline")


def crisis(n: dict[str, float], turns: int, two: bool, offers: bool) -> Any:
    """Return the crisis with the numbers of a draw."""
    late = [2] if turns > 1 else [1]
    entries = [
        ally(cost=n["join"], commitment=n["commitment"], pledges_at=[1], pledge=n["pledge"],
             restrains_at=late, restraint=n["restraint"], mobilises_at=late,
             mobilise_cost=n["mobilise"], readiness=n["readiness"], decline=n["decline"],
             shift=0.2),
        {"sanctions": {"by": "aland", "at": "sanctions", "cost": n["cost"], "burden": n["burden"],
                       "bite": 0.4, "bitten": n["bitten"]}},
        {"attrition": {"at": "limited war", "decision": 0.3,
                       "cost": {"aland": n["fight_aland"], "bland": n["fight_bland"]}}}]
    more = {}
    if two:
        more["dland"] = actor("aland", 0.3)
        entries.append(ally("dland", "aland", shift=0.1, cost=n["d_join"], decline=n["d_decline"],
                            rival="cland"))
    return tiny(
        *entries, actors=more, turns={"each": turns}, delay_cost=n["delay"],
        stake={"status_quo": n["quo"]},
        ladder=["talks", {"sanctions": {"by": "aland", "audience_cost": n["first_rung"]}},
                {"limited war": {"audience_cost": n["second_rung"]}}, "war"],
        **({"offers": {"each": 1, "shares": [OFFER]}} if offers else {}))


def payoffs(story: list[str], n: dict[str, float], turns: int, two: bool) -> dict[str, float]:
    """Return the payoffs of an end from its story."""
    pay = dict.fromkeys(("aland", "bland", "cland", *(["dland"] if two else [])), 0.0)
    rung = {"aland": 0, "bland": 0}
    made = {"aland": 0, "bland": 0}
    bites, stance, mobilised, striker, joined, stayed = False, "", False, "", set(), set()

    def sanctioned() -> None:
        if rung["aland"] >= 1:
            pay["aland"] -= n["cost"]
            pay["bland"] -= n["burden"] + bites * n["bitten"]

    for said in story:
        who, _, deed = said.partition(": ")
        if who in rung and (deed == "hold" or deed.startswith(("escalate to", "offer"))):
            if deed.startswith("escalate to"):
                rung[who] = RUNGS.index(deed.removeprefix("escalate to "))
            made[who] += 1
            pay[who] -= n["delay"]
            if who == "aland":
                sanctioned()
            if who == "bland" and made[who] < turns and max(rung.values()) == 2:
                pay["aland"] -= n["fight_aland"]  # the next round begins with fighting
                pay["bland"] -= n["fight_bland"]
        elif said == "the sanctions of aland bite":
            bites = True
        elif deed == "attack":
            striker = who
        elif deed == "mobilise":
            mobilised = True
            pay["cland"] -= n["mobilise"]
        elif deed.startswith("pledge"):
            stance = "pledged"
        elif deed.startswith("restrain"):
            pay["cland"] -= n["pledge"] * (stance == "pledged")
            stance = "restrained"
        elif deed.startswith("join"):
            joined.add(who)
        elif deed == "stay out":
            stayed.add(who)

    last, war = story[-1], bool(striker) or "the fighting is decided" in story
    if war:
        share = 0.6 + 0.1 * ("dland" in joined) - (
            0.2 + n["readiness"] * mobilised) * ("cland" in joined)
    elif last.endswith("yield"):
        share = 0.0 if last.startswith("aland") else 1.0
    elif last == "aland: let the deadline pass":
        share = n["quo"]
        sanctioned()
    else:
        assert "accept" in last, last
        share = OFFER
    pay["aland"] += share
    pay["bland"] += 1 - share
    pay["cland"] += 0.5 * (1 - share)
    if two:
        pay["dland"] += 0.3 * share
    if war:
        pay["aland"] -= 0.2
        pay["bland"] -= 0.2
    else:
        bound = {"aland": n["first_rung"] * (rung["aland"] >= 1)
                 + n["second_rung"] * (rung["aland"] >= 2),
                 "bland": n["second_rung"] * (rung["bland"] >= 2)}
        pay["aland"] -= bound["aland"] * (1 - share)  # each demands the whole stake
        pay["bland"] -= bound["bland"] * share
    free = stance == "restrained" and striker == "bland"
    if "cland" in joined:
        pay["cland"] -= n["join"] + n["restraint"] * free
    else:
        pay["cland"] -= n["decline"]
        if war and not free:
            pay["cland"] -= n["commitment"] + n["pledge"] * (stance == "pledged")
    if two:
        pay["dland"] -= n["d_join"] * ("dland" in joined)
        pay["dland"] -= n["d_decline"] * (not {"cland", "dland"} <= joined)
    return pay


@settings(max_examples=12, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({key: st.floats(0.0, 0.2) for key in KEYS}),
       st.sampled_from([(1, True, True), (1, False, True), (2, False, False), (1, True, False)]))
def test_every_end_pays_what_the_words_of_its_story_say(
    n: dict[str, float], form: tuple[int, bool, bool]
) -> None:
    turns, two, offers = form
    n = {key: round(value, 6) for key, value in n.items()}
    game = compile_scenario(crisis(n, turns, two, offers)).tree
    for z, node in enumerate(game.leaves):
        story = game.story(int(node))
        told = payoffs(story, n, turns, two)
        for i, player in enumerate(game.players):
            # sums of at most 20 doubles below 2
            assert game.payoff[i][z][0] == pytest.approx(told[player], abs=1e-12), (story, player)
