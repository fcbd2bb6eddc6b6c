"""Allies in the commands as a user runs them, each in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import PLAIN, merged, text_of
from tests.support.program import detente

CASE = {
    "actors": {
        "cland": {"role": "third party", "title": "Cland", "sides_with": "bland",
                  "stake_weight": 0.6,
                  "private": {"join_cost": {"low": 0, "high": 0.3, "chance_high": 0.5}}},
        "dland": {"role": "third party", "sides_with": "aland", "stake_weight": 0.5},
    },
    "offers": {"shares": [0.55], "each": 1}, "turns": {"each": 1},
    "sources": [{"id": "author", "cite": "The author"}],
    "mechanisms": [
        {"alliance": {"id": "promise", "actor": "cland", "joins": "bland", "shift": 0.25,
                      "cost": 0.15, "pledges_at": [1], "pledge": 0.2,
                      "red_lines": ["aland reaches mobilisation"], "at_line": ["mobilise"],
                      "mobilise_cost": 0.03, "readiness": 0.05}},
        {"alliance": {"id": "answer", "actor": "dland", "joins": "aland", "shift": 0.2,
                      "cost": 0.1, "red_lines": ["cland mobilises", "cland joins"],
                      "at_line": ["attack"]}},
    ],
    "claims": [
        {"id": "near", "says": "War is near.", "source": "author",
         "holds_if": "P(war | cland.mobilise) > P(war | not cland.mobilise)"},
        {"id": "both", "says": "Both join.", "source": "author",
         "holds_if": "P(wider war: 'cland and dland' | cland.join then dland.join) > 0.999"},
    ],
}
EVENTS = {
    "follows": "plain", "title": "What happened", "sources": CASE["sources"],
    "events": [
        {"id": "one", "date": "2026-01-01", "says": "Cland pledges.", "source": "author",
         "actor": "cland", "move": "pledge support to bland"},
        {"id": "two", "date": "2026-01-02", "says": "Aland mobilises.", "source": "author",
         "actor": "aland", "move": "escalate to mobilisation"},
        {"id": "three", "date": "2026-01-03", "says": "Cland mobilises.", "source": "author",
         "actor": "cland", "move": "mobilise"},
        {"id": "four", "date": "2026-01-04", "says": "Dland attacks.", "source": "author",
         "actor": "dland", "move": "attack"},
        {"id": "five", "date": "2026-01-05", "says": "Cland joins.", "source": "author",
         "actor": "cland", "move": "join bland"},
    ],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("allies")
    (place / "plain.yaml").write_text(text_of(merged(PLAIN, CASE)))
    (place / "plain.events.yaml").write_text(text_of(EVENTS))
    return place / "plain.yaml"


def document(*words: object) -> dict:
    done = detente(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_check_lists_the_moves_and_explain_the_keys(case) -> None:
    text = " ".join(detente("check", case).stdout.decode().split())
    assert "pledge support to bland, stand aside, mobilise, join bland, stay out" in text
    said = detente("explain", "alliance").stdout.decode()
    assert "Snyder" in said and "Neutral value" in said
    assert "stakes" in detente("explain", "alliance.restraint").stdout.decode()


def test_claims_know_the_moves_and_the_parties(case) -> None:
    """A war that both have joined is a war of both; so the second claim holds in any game."""
    found = document("claims", case, "--samples", "0", "--starts", "0", "--points", "0")
    told = {one["id"]: one for one in found["claims"]}
    assert [v["holds"] for v in told["both"]["verdicts"]] == [True, True]
    assert [v["holds"] is not None for v in told["near"]["verdicts"]] == [True, True]


def test_follow_enters_the_moves_of_allies(case) -> None:
    found = document("follow", case, case.with_name("plain.events.yaml"), "--samples", "128")
    assert [s["way"] for s in found["steps"]] == ["", *["move"] * 5]
    last = {row["name"]: row["probability"] for row in found["steps"][-1]["outcomes"]}
    assert last["wider war"] == pytest.approx(1.0, abs=1e-9)


def test_an_ally_can_be_a_seat(case) -> None:
    done = detente("play", case, "--as", "cland", "--seed", "1", stdin=b"1\n" * 9)
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 0, done.stderr
    for words in ("Briefing for Cland", "Your moves", "you may pledge support",
                  "Your red lines are: aland reaches mobilisation", "your join cost is"):
        assert words in text, words


def test_run_draws_the_rung_of_an_ally(case) -> None:
    found = document("run", case, "--samples", "4", "--deliberate-samples", "2", "--starts", "1")
    rungs = [row["name"] for row in found["ladder"]]
    assert rungs == ["talks", "mobilisation", "mobilisation of Cland", "war"]
    assert "wider war: Cland and dland" in [row["terms"] for row in found["terms"]]
