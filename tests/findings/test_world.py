"""The world beside a case: what the report says of its networks, and where it says nothing."""

from __future__ import annotations

import json

import pytest

from detente.analysis import analyse
from detente.cases import load, loads
from detente.errors import InputError
from detente.findings.document import document
from detente.findings.world import FINDING, MISSING, rows
from detente.render.numbers import percent
from tests.analysis.crisis import SMALL
from tests.conftest import text_of
from tests.support.program import detente

SIZE = {"samples": 4, "deliberate_samples": 2, "starts": 0}
TIES = """
ties: five
title: Five states
sizes: number of ships
definitions:
  treaties: {says: A treaty or a state of war in force}
  conduct: {says: Trade and closed borders}
actors: {aland: {size: 5, title: Aland}, bland: {size: 5}, cland: {}, dland: {}, eland: {}}
pairs:
- {between: [aland, bland], value: -0.9, counts: [treaties, conduct], because: War}
- {between: [aland, cland], value: 0.5, counts: [treaties], because: A pact}
- {between: [bland, cland], value: -0.2 to 0.6, counts: [treaties], because: A pact}
- {between: [bland, dland], value: 0.4, counts: [treaties, conduct], because: A pact}
- {between: [aland, dland], value: -0.3, both: true, counts: [conduct], because: A pact and a raid}
shocks:
  gone: {precision: 2, pull: 1, before: 0.4, during: -0.4 to 0, after: 0.2, because: Trade}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    (folder / "small.yaml").write_text(text_of(SMALL))
    (folder / "small.ties.yaml").write_text(TIES)
    return folder / "small.yaml"


@pytest.fixture(scope="module")
def found(place):
    return analyse(place, **SIZE)


def test_the_networks_by_hand(found):
    """One triangle with one enmity by treaties; a path and a pair at once by conduct.

    cland is a friend of aland and of bland, which are at war: one tie of the triangle is broken in
    two blocs and in any number.
    """
    treaties, conduct = rows(found)["networks"]
    assert (treaties["actors"], treaties["ties"], treaties["hostile"]) == (5, 4, 1)
    assert treaties["two_blocs"]["index"] == treaties["many_blocs"]["index"] == 1
    assert [b["actor"] for b in treaties["between"]] == ["cland"]
    assert treaties["between"][0]["enemies"] == ["aland", "bland"]
    assert conduct["two_blocs"]["index"] == 0 and conduct["between"] == []
    assert conduct["at_once"] == [["aland", "dland"]]
    # With one enmity on any of its ties a triangle is frustrated, and off it, it is not.
    shuffled = treaties["nulls"][0]
    assert shuffled["mean"] == pytest.approx(3 / 4, abs=4 * (3 / 16 / shuffled["draws"]) ** 0.5)


def test_the_alignment_and_the_shock_are_those_that_claims_are_judged_by(found):
    """cland joins aland unless its tie with bland, uniform on -0.2..0.6, is above 0.5: 7 of 8."""
    world = found.scenario.outside
    number = world.numbers(("aligned", "aland", "cland"))["treaties"]
    assert number.value == pytest.approx(7 / 8, abs=2 / 256)
    network, alignment, shock = FINDING.sections(found)
    said = json.dumps(alignment.as_dict(), ensure_ascii=False)
    assert percent(number.value) in said and percent(number.low) in said
    assert "everyone with the majority" in said
    stayed = 1 - world.numbers(("returns", "gone"))[""].value
    assert percent(stayed) in shock.lead
    assert "judged outside the game" in network.lead
    assert all(s.certified for s in (network, alignment, shock))


def test_every_definition_is_named_with_its_sentence_and_null_models(found):
    network = FINDING.sections(found)[0]
    for name, says in (("treaties", "A treaty or a state of war in force"),
                       ("conduct", "Trade and closed borders")):
        assert f"By {name}: {says}." in network.notes
    nulls = next(t for t in network.tables if "random networks" in t.title)
    assert [r[0] for r in nulls.rows] == ["treaties"] * 2 + ["conduct"] * 2
    assert len(network.charts) == 2


def test_the_document_has_the_world(found):
    import jsonschema

    from detente.findings.document import schema

    made = json.loads(json.dumps(document(found)))
    assert made["world"]["alignment"]["file"] == "five"
    jsonschema.validate(made, schema())


def test_a_case_without_a_ties_file_shows_nothing(place):
    alone = analyse(loads(place.read_text()), **SIZE)
    assert FINDING.sections(alone) == [] and FINDING.data(alone) is None
    assert FINDING.frame(alone).empty
    assert "NAME.ties.yaml" in MISSING


def test_a_wrong_ties_file_is_an_error_of_the_case(tmp_path):
    (tmp_path / "small.yaml").write_text(text_of(SMALL))
    (tmp_path / "small.ties.yaml").write_text(TIES.replace("[aland, cland]", "[aland, clnd]"))
    with pytest.raises(InputError, match=r"small\.ties\.yaml:\d+:\d+: .*did you mean 'cland'"):
        load(tmp_path / "small.yaml")


def test_ties_from_data_that_is_missing_say_what_to_do(tmp_path):
    (tmp_path / "small.yaml").write_text(text_of({**SMALL, "claims": [
        {"id": "a", "says": "A.", "holds_if": "aligned(France, 'United Kingdom') > 0.5"}]}))
    (tmp_path / "small.ties.yaml").write_text(
        "ties: y1938\ntitle: The world of 1938\nfrom: {year: 1938}\n"
        "definitions: {force: {data: force}}\n")
    done = detente("run", tmp_path / "small.yaml", "--json", "--samples", "4", "--starts", "0",
                   "--deliberate-samples", "2", DETENTE_DATA_CACHE=str(tmp_path / "empty"))
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    wanted = "detente data fetch cow-states atop cow-mid-directed-dyads cow-nmc"
    assert made["world"] == {"fetch": wanted, "networks": [], "alignment": None}
    assert made["claims"]["claims"][0]["outside"]["missing"] == wanted
