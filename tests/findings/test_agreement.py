"""The zone of agreement against values computed by hand, and its section."""

from __future__ import annotations

import json
import time

import pytest

from detente.analysis import analyse
from detente.analysis.agreement import agreement
from detente.findings.agreement import FINDING, rows
from tests.conftest import make_crisis, merged, text_of
from tests.mechanisms.test_issues import PLAIN_TWO, TRADE, TWO
from tests.support.program import outputs

FEW = {"samples": 32, "deliberate_samples": 2, "starts": 1, "structure": False}


@pytest.fixture(scope="module")
def found():
    """Known war costs of 0.1 and odds of 1/2; land is worth 3/4 to aland and 1/2 to bland."""
    costs = {name: {"private": None} for name in ("aland", "bland")}
    return analyse(make_crisis(
        stake=TWO, actors=costs, war={"win_chance": 0.5, "cost": 0.1}, delay_cost=0.01,
        ladder=["talks", "war"], offers={"shares": None, "packages": [TRADE]}), **FEW)


def test_gains_and_points_by_hand(found):
    made = agreement(found)
    assert "may join a war" not in FINDING.sections(found)[0].lead
    # War is worth 0.4 to each. The status quo is worth 0.125 and 0.75, so aland attacks if talks
    # fail, and both expect war.
    assert made.war[0] == pytest.approx([0.4, 0.4])
    assert made.no_deal[0] == pytest.approx([0.125, 0.75])
    assert made.by_war[0] == pytest.approx(1.0)
    assert made.disagreement[0] == pytest.approx([0.4, 0.4])
    # The trade gives 0.75 and 0.5. Nash: on the frontier from (0.75, 0.5) to (1, 0) the product
    # (0.35 + 0.25 t) (0.1 - 0.5 t) falls; on that from (0, 1) to (0.75, 0.5), with gains
    # (0.35 - 0.75 t, 0.1 + 0.5 t), it is largest at t = 0.1 / 0.75.
    by = {p.name: p for p in made.proposals}
    assert by["land for water"].gain[0] == pytest.approx([0.35, 0.1])
    t = 0.1 / 0.75
    assert made.nash.gain[0] == pytest.approx([0.35 - 0.75 * t, 0.1 + 0.5 * t])
    assert made.nash.shares[0] == pytest.approx([1 - t, 0.0])


def test_types_count_with_their_prior():
    """Half of the types of bland have a cost of 0.1, half one of 0.3; both need 0.5 less it."""
    costs = {"aland": {"private": None},
             "bland": {"private": {"war_cost": {"between": None, "types": None, "low": 0.05,
                                                "high": 0.3, "chance_high": 0.25}}}}
    # 0.75 to aland, which attacks without a deal; bland gets 0.25 from the share 0.75.
    one = analyse(make_crisis(
        actors=costs, war={"win_chance": 0.5, "cost": {"aland": 0.05, "bland": 0.0}},
        offers={"shares": [0.75]}), **FEW)
    made = agreement(one)
    offer = next(p for p in made.proposals if p.name == "0.75")
    assert offer.accepts[0] == pytest.approx([1.0, 0.25])


def test_rows_and_section(found):
    data = rows(found)
    assert data["zone"] == 1.0
    assert [p["point"] for p in data["points"]] == [
        "Nash", "Kalai-Smorodinsky", "each issue in the same proportion"]
    shown = FINDING.sections(found)[0]
    assert shown.charts
    assert shown.certified
    assert any("does not say that the parties reach" in note for note in shown.notes)
    table = FINDING.frame(found)
    assert table.loc[table.package == "land for water", "both_accept"].item() == 1.0


def test_the_lead_names_those_who_may_join():
    from tests.mechanisms.test_alliance import actor, ally, tiny

    entry = {"third_party_entry": {"actor": "dland", "joins": "aland", "at_turns": [1],
                                   "shift": 0.1, "cost": 0.1}}
    made = analyse(tiny(ally(pledges_at=[1], pledge=0.1), entry, offers={"shares": [0.5]},
                        actors={"dland": actor("aland"), "cland": actor() | {"title": "Cland"}}),
                   **FEW)
    lead = FINDING.sections(made)[0].lead
    assert "leaves out that Cland and dland may join a war" in lead


def test_no_stake_no_zone():
    assert rows(analyse("order-2020", **FEW)) is None


def test_fast(found):
    began = time.perf_counter()
    agreement(found)
    assert time.perf_counter() - began < 1.0


def test_a_run_prints_the_zone(tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(text_of(PLAIN_TWO))
    done = outputs("run", str(path), "--json", "--samples", "16", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["agreement"]["proposals"][0]["package"] == "land for water"


WIDER = merged(PLAIN_TWO, {
    "stake": {"issues": {"land": {"weight": {"aland": "2 to 4"}}}},
    "levers": {"stake.issues.land.weight.bland": {"from": 0.5, "to": 2.0, "difficulty": 1}},
    "variants": {"even": {"set": {"stake.issues.land.weight.aland": 1.0}}},
})


@pytest.mark.parametrize("command", [
    ["check"], ["drivers", "--samples", "16"],
    ["offramps", "--target", "P(war) <= 0.5", "--samples", "8", "--starts", "1"],
    pytest.param(["compare", "--samples", "8"], marks=pytest.mark.slow),
    pytest.param(["sweep", "--samples", "16", "--out", "swept"], marks=pytest.mark.slow)])
def test_other_commands_take_a_case_with_issues(tmp_path, command):
    path = tmp_path / "two.yaml"
    path.write_text(text_of(WIDER))
    done = outputs(command[0], str(path), *command[1:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
