"""Ties files: what they hold, their samples, and messages for what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.world import schemas
from detente.world.fromdata import DEFINITIONS, from_history
from detente.world.schema import DATA
from detente.world.tiesfile import beside, loads_ties, read_ties

GOOD = """
ties: small
title: Three neighbours
year: 2020
sources: [{id: memo, cite: A memo}]
definitions:
  treaties: {says: A treaty in force}
  conduct: {says: Conduct of the year}
sizes: Share of the spending of the three
actors:
  cland: {size: {value: 0.2 to 0.4, because: budgets, source: memo}}
  aland: {title: A-land, size: 0.5}
  bland: {}
pairs:
  - {between: [aland, bland], value: -0.9 to -0.3, counts: [treaties, conduct],
     because: War, source: memo}
  - {between: [cland, aland], value: 0.5, counts: [conduct], because: Trade}
  - {between: [bland, cland], value: -0.4 to 0.1, both: true, counts: [conduct],
     because: Pact and raids}
shocks:
  storm: {precision: 1.5 to 4, pull: 0.5 to 1.5, before: 0.2 to 0.4, during: -0.6 to -0.3,
          after: 0.2 to 0.4, because: A guess, source: memo}
"""


def test_centres_by_definition():
    made = loads_ties(GOOD)
    assert list(made.definitions) == ["treaties", "conduct"]
    first, second = made.ties("treaties"), made.ties("conduct")
    assert first.actors == second.actors == ("cland", "aland", "bland")
    assert first.edges.tolist() == [[1, 2]] and first.values == pytest.approx([-0.6])
    assert second.edges.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert second.values == pytest.approx([0.5, -0.15, -0.6])
    assert second.both.tolist() == [False, True, False]
    assert second.sizes == pytest.approx([0.3, 0.5, 1])
    assert second.evidence[2] == ("War (A memo)",)
    assert (second.definition, second.words, second.year) == (
        "conduct", "Conduct of the year", 2020)
    assert made.shocks["storm"].pull.high == 1.5


def test_samples_fill_the_ranges_and_are_shared_by_definitions():
    made = loads_ties(GOOD)
    values, sizes = made.sample("conduct", 256, seed=3)
    assert values.shape == (256, 3) and sizes.shape == (256, 3)
    assert (values[:, 0] == 0.5).all() and (sizes[:, 1] == 0.5).all()
    for column, low, high in ((values[:, 1], -0.4, 0.1), (values[:, 2], -0.9, -0.3),
                              (sizes[:, 0], 0.2, 0.4)):
        # A Sobol' sequence has one of 256 points in each of 256 equal parts.
        parts = np.floor((column - low) / (high - low) * 256).astype(int)
        assert sorted(parts) == list(range(256))
    assert (made.sample("treaties", 256, seed=3)[0][:, 0] == values[:, 2]).all()


WRONG = [
    ("bland, cland]", "bland, clanb]", "there is no actor 'clanb'", "cland"),
    ("counts: [conduct], because: Trade", "counts: [conducts], because: Trade",
     "no definition is called 'conducts'", "conduct"),
    ("because: War, source: memo", "because: War, source: meno", "no source has the id 'meno'",
     "memo"),
    ("value: 0.5, counts", "value: 0, counts", "the centre of the value is 0", None),
    ("value: 0.5, counts", "value: 1.5, counts", "1.5 is out of bounds", None),
    ("value: -0.4 to 0.1", "value: 0.4", "friend and enemy at once, with a positive value", None),
    ("[cland, aland]", "[bland, aland]", "have a tie by the definition 'conduct' already", None),
    ("sizes: Share of the spending of the three\n", "", "sizes are given without their meaning",
     None),
    ("conduct: {says: Conduct of the year}", "conduct: {data: force}", "lists its own ties", None),
    ("year: 2020", "from: {year: 1938}", "are given as well as `from`", None),
    ("[cland, aland]", "[aland, aland]", "a tie joins an actor to itself", None),
    ("title: A-land", "title: BLAND", "the name 'BLAND' is that of 'bland' too", None),
    ("bland: {}", "bland: {title: a-land}", "the name 'a-land' is that of 'aland' too", None),
    ("size: 0.5}", "size: 1.0e-200}", "the size 1e-200 is too small", None),
    ("size: 0.5}", "size: 2 to 5000000}", "at most 1e6, in all of its range; write all sizes in a "
     "larger unit", None),
    ("because: Trade", "because: ' '", "the reason is empty", None),
    ("pull: 0.5 to 1.5", "pull: 0.5 to 1.5e7", "1.5e+07 is out of bounds; expected a number from 0 "
     "to 1e6", None),
    ("before: 0.2 to 0.4", "before: -3.0e6", "-3e+06 is out of bounds; expected a number from -1e6 "
     "to 1e6", None),
]


@pytest.mark.parametrize(("old", "new", "message", "near"), WRONG, ids=[x[2] for x in WRONG])
def test_what_is_wrong_is_named_with_its_place(old, new, message, near):
    assert GOOD.count(old) == 1
    with pytest.raises(InputError, match=r"small\.ties\.yaml:\d+") as caught:
        loads_ties(GOOD.replace(old, new), file="small.ties.yaml")
    assert message in str(caught.value) and "stake" not in str(caught.value)
    if near:
        assert f"did you mean '{near}'" in str(caught.value)


def test_an_unknown_definition():
    with pytest.raises(InputError, match="did you mean 'treaties'"):
        loads_ties(GOOD).ties("treaty")


def test_a_file_beside_a_case(tmp_path):
    assert beside(tmp_path / "small.yaml") is None
    (tmp_path / "small.ties.yaml").write_text(GOOD)
    assert beside(tmp_path / "small.yaml").name == "small"


def test_ties_from_data(data, tmp_path):
    place = tmp_path / "w.ties.yaml"
    place.write_text("ties: w\ntitle: The states of 1938\nfrom: {year: 1938}\n"
                     "definitions: {acts: {data: force}, feuds: {data: force+rivalry}}\n")
    made = read_ties(place, data)
    direct = from_history(1938, "force", data)
    assert made.ties("acts").actors == direct.actors
    values, _ = made.sample("acts", 4)
    assert (values == direct.values).all() and values.shape == (4, direct.m)


def test_data_that_are_absent(tmp_path):
    with pytest.raises(InputError, match="fetch cow-states atop cow-mid-directed-dyads` first"):
        from_history(1938, "force", tmp_path)


@pytest.mark.parametrize(("year", "words"), [
    (2015, "from 1816 to 2014, because the dispute data"), (1815, "the state system begins")])
def test_years_outside_the_data(year, words):
    with pytest.raises(InputError, match=words):
        from_history(year, "force")


def test_the_schema_is_the_shipped_one():
    for name, schema in schemas.schemas().items():
        shipped = Path(schemas.__file__).with_name(name).read_text(encoding="utf-8")
        assert json.loads(shipped) == schema


def test_the_definitions_from_data_are_those_of_the_schema():
    assert set(DATA.__args__) == set(DEFINITIONS)


def test_the_example_of_the_reference_page_loads():
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ties-file.md"
    text = page.read_text(encoding="utf-8")
    made = loads_ties(text.split(".ties.yaml\n")[1].split("```")[0])
    assert set(made.definitions) == {"treaties", "conduct"} and set(made.shocks) == {"closure"}
    assert [made.ties(d).m for d in made.definitions] == [2, 2]
