"""CSV and YAML tables: what is handled is said; what is wrong is shown where it is."""

from __future__ import annotations

import hashlib
import json
import os
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from detente.cli import main
from detente.errors import InputError
from detente.lenses.positions import read
from tests.support.program import detente

GOOD = """\
actor,issue,position,salience,capability,low,high
North,tax,20,80%,2,0,100
Middle,tax,30 to 50,0.5,1,,
South,tax,90,0.4,,,
North,law,0,,2,0,10
South,law,10,1,3,,
Middle,law,,0.2,1,,
"""


def _file(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_percentages_ranges_and_missing_values(tmp_path):
    table = read(_file(tmp_path, GOOD))
    assert table.actors == ("North", "Middle", "South") and table.issues == ("tax", "law")
    assert table.position[:, 0].tolist() == [20, 40, 90]
    assert table.spread["position"][1, 0] == 10
    assert table.salience[0, 0] == pytest.approx(0.8)
    assert table.capability[2, 0] == 3  # its own on the other issue
    assert table.salience[0, 1] == 1  # the median of the issue's others
    assert np.isnan(table.position[1, 1]) and table.weight[1, 1] == 0
    assert (table.low.tolist(), table.high.tolist()) == ([0, 0], [100, 10])
    said = " ".join(table.notes)
    assert "omitted from it: Middle on law" in said
    assert "missing salience was filled in" in said and "missing capability" in said


def test_duplicates_are_averaged_and_said(tmp_path):
    text = "actor,position,salience,capability\nA,0,1,1\n a ,10,0.5,1\nB,20,1,1\n"
    table = read(_file(tmp_path, text))
    assert table.actors == ("A", "B")
    assert table.position[0, 0] == 5 and table.salience[0, 0] == 0.75
    assert any("averaged" in n and "line 2, line 3" in n for n in table.notes)
    assert any("were merged" in n for n in table.notes)


def test_saliences_to_hundred_semicolons_and_decimal_commas(tmp_path):
    text = "name;pos;sal;power\nA;0,5;80;1\nB;2;50;1,5\n"
    table = read(_file(tmp_path, text))
    assert table.salience[:, 0].tolist() == [0.8, 0.5]
    assert table.position[:, 0].tolist() == [0.5, 2] and table.capability[1, 0] == 1.5
    assert any("percentages" in n for n in table.notes)


def test_positions_in_percent(tmp_path):
    text = "actor,position,salience\nA,20%,1\nB,70%,1\n"
    table = read(_file(tmp_path, text))
    assert table.position[:, 0] == pytest.approx([20, 70])
    assert any("set to 1" in n for n in table.notes)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("actor,position,salience\nA,high,1\nB,1,1\n", 2, "'high' is not a number"),
        ("actor,position,salience\nA,1\nB,1,1\n", 2, "2 cells"),
        ("actor,position,salience\n,1,1\n", 2, "no actor"),
        ("actor,place,salience\nA,1,1\n", 1, "no column for the position"),
        ("actor,position,salience,sal\nA,1,1,1\n", 1, "two columns"),
        ("", 1, "empty"),
        ("actor,position,salience\n", 1, "no rows"),
        ("actor,position,salience\nA,1,1\nB,1,1\n", 2, "has no length"),
        ("actor,position,salience\nA,1,-1\nB,2,1\n", 2, "salience of 'A'"),
        ("actor,position,salience\nA,1,300\nB,2,1\n", 2, "salience of 'A'"),
        ("actor,position,salience\nA,1,0\nB,2,0\n", 2, "weight 0"),
        ("actor,position,salience\nA,1%,1\nB,2,1\n", 3, "mixes percentages"),
        ("actor,position,salience\nA,5 to 1,1\nB,2,1\n", 2, "the larger number"),
        ("actor,position,salience,low,high\nA,5,1,0,4\nB,2,1,,\n", 2, "outside its scale"),
        ('actor,position,salience\n"A,1,1\n', 2, "as CSV"),
        ("actor,position,salience\nA,inf,1\nB,2,1\n", 2, "not a number"),
        # The number that the file holds is wrong, not the copy that fills A's empty cell.
        ("actor,position,salience\nA,1,\nB,2,-0.5\n", 3, "salience of 'B'"),
        ("\n\nactor,place,salience\nA,1,1\n", 3, "no column for the position"),
        ("actor,issue,position,salience\nA,x,1,1\nB,X,2,1\nA,y,,1\n", 4, "on the issue 'y'"),
        ("actor,issue,position,salience\nA,x,1,1\nB,x,2,1\nA,y,1,1\nb,Y,2,7e2\n", 5, "'B' on 'y'"),
    ],
)
def test_what_is_wrong_is_shown_where_it_is(tmp_path, text, line, says):
    path = _file(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read(path)
    assert says in str(caught.value) and caught.value.file == str(path)
    assert caught.value.line == line
    assert main(["bargain", str(path)]) == 2


def test_other_files(tmp_path):
    with pytest.raises(InputError, match="extension"):
        read(_file(tmp_path, "x", "table.xlsx"))
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.csv")
    raw = tmp_path / "latin.csv"
    raw.write_bytes("actor,position,salience\nCôte,1,1\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8") as caught:
        read(raw)
    assert caught.value.line == 2


YAML = """\
positions: demo
title: Demo
actors:
  a: {name: Alpha, capability: 2}
  b: {capability: 1}
issues:
  tax:
    scale: [0, 100]
    positions:
      a: {position: 20 to 40, salience: 80%}
      b: {position: 90, salience: 0.5}
"""


def test_yaml(tmp_path):
    table = read(_file(tmp_path, YAML, "t.yaml"))
    assert table.title("a") == "Alpha" and table.position[:, 0].tolist() == [30, 90]
    assert table.capability[:, 0].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("20 to 40", "twenty", (10, 21), "'twenty' is not a number"),
        ("      b: {pos", "      c: {pos", (11, 7), "no actor 'c'"),
        ("scale: [0, 100]", "scale: [0, 50]", (11, 11), "outside its scale"),
        ("capability: 2", "capabilty: 2", (4, 20), "capabilty"),
    ],
)
def test_yaml_errors(tmp_path, old, new, place, says):
    path = _file(tmp_path, YAML.replace(old, new, 1), "t.yaml")
    with pytest.raises(InputError) as caught:
        read(path)
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column)[0] == place[0], str(caught.value)


def test_command_prints_one_document(tmp_path, capsys):
    path = _file(tmp_path, GOOD)
    assert main(["bargain", str(path), "--json", "--samples", "50", "--rounds-shown"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["default_model"] == "compromise"
    assert {"issue", "model", "forecast", "low", "median", "high"} == set(found["forecasts"][0])
    assert all(f["low"] <= f["high"] for f in found["forecasts"])
    assert {r["variant"] for r in found["expected_utility"]} == {"pair", "all"}
    assert found["notes"] and len(found["file_sha256"]) == 64


def test_command_with_target_html_and_strict(tmp_path, capsys):
    path, page = _file(tmp_path, GOOD), tmp_path / "out.html"
    command = ["bargain", str(path), "--issue", "tax", "--target", "60", "--samples", "50"]
    assert main([*command, "--html", str(page)]) == 0
    text = page.read_text()
    assert "compromise" in text and "Coalitions for a target" in text
    shown = capsys.readouterr().out
    assert "5 %" in shown and "95 %" in shown
    assert main([*command, "--strict"]) == 2
    assert main(["bargain", str(path), "--target", "60"]) == 2
    assert main(["bargain", str(path), "--issue", "tex"]) == 2
    assert "did you mean 'tax'" in capsys.readouterr().err


def test_every_forecast_table_names_its_model():
    from detente.lenses.positions.canon import eu_cars
    from detente.lenses.positions.findings import find
    from detente.lenses.positions.sections import sections

    found = find(eu_cars(), models=("compromise", "median"), samples=50, target=8.0,
                 internals=True)  # fmt: skip
    for section in sections(found):
        for table in section.tables:
            named = [c.name for c in table.heads] + [table.title]
            assert "model" in " ".join(named) or section.id == "positions-inputs"


def _shipped():
    folder = Path(str(resources.files("detente"))) / "cases"
    return sorted(folder.glob("*/*.positions.yaml"))


@pytest.mark.parametrize("path", _shipped(), ids=lambda p: p.name)
def test_shipped_tables_give_a_reason_for_each_number(path):
    from detente.lenses.positions.read import read_yaml_table

    table, written = read_yaml_table(path)
    known = {s.id for s in written.sources}
    for actor in written.actors.values():
        assert actor.reason
    for issue in written.issues.values():
        for said in issue.positions.values():
            assert said.reason and said.source in known
    assert not table.notes


@pytest.mark.skipif(os.name == "nt", reason="standard input is no file there")
@pytest.mark.parametrize("text", [
    "actor,issue,position,salience,capability\nA,x,10,50,1\nB,x,90,50,2\n",
    "positions: two\ntitle: Two\nactors: {A: {capability: 1}, B: {capability: 2}}\n"
    "issues: {x: {positions: {A: {position: 10, salience: 1}, B: {position: 90, salience: 1}}}}\n",
], ids=["CSV", "YAML"])
def test_standard_input_is_read_once_and_hashed(text):
    done = detente("bargain", "-", "--json", "--samples", "20", stdin=text.encode())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["file_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert "63.3" in done.stdout.decode()  # (10 x 1 + 90 x 2) / 3, with equal saliences
