"""Charts of signed networks: every tie is drawn, at its place and with its kind."""

import json

import pytest

from detente.render.charts import (
    frustration_series,
    neighbourhood,
    null_models,
    signed_matrix,
)

TIES = [{"first": "a", "second": "b", "kind": "friendly", "broken": False},
        {"first": "a", "second": "c", "kind": "hostile", "broken": True},
        {"first": "b", "second": "c", "kind": "both at once", "broken": False}]
YEARS = [{"year": y, "two": y - 1900, "shuffled_mean": 9.0, "shuffled_sd": 2.0,
          "rewired_mean": 4.0, "rewired_sd": 1.0} for y in range(1901, 1906)]


def made():
    return {
        "matrix": signed_matrix(TIES, ["c", "a", "b"], [1, 2]),
        "nulls": null_models(3, {"signs shuffled": [9, 9, 8], "enmities rewired": [2, 3, 3]}),
        "series": frustration_series(YEARS, [(1902, 1903)], highlight=1904),
        "state": neighbourhood("a", ["b", "c"], TIES),
    }


def rows_of(spec):
    """Return all rows of data of a layered chart, a list for each layer."""
    return list(spec["datasets"].values())


@pytest.mark.parametrize("name", made())
@pytest.mark.parametrize("narrow", [False, True])
def test_charts_are_valid_and_can_be_drawn(name, narrow):
    import altair as alt

    chart = made()[name]
    alt.Chart.from_dict(chart.narrow if narrow else chart.spec).to_dict()  # validates
    assert chart.to_svg(narrow=narrow).startswith("<svg") and chart.alt


def test_the_matrix_holds_each_tie_twice_in_the_order_of_the_blocs():
    cells = next(r for r in rows_of(made()["matrix"].spec) if r and "kind" in r[0])
    place = {"c": 0, "a": 1, "b": 2}
    expected = {(place[x], place[y], t["kind"]) for t in TIES
                for x, y in ((t["first"], t["second"]), (t["second"], t["first"]))}
    assert {(r["x"], r["y"], r["kind"]) for r in cells} == expected


def test_the_dots_of_the_null_models_count_every_draw():
    cells = next(r for r in rows_of(made()["nulls"].spec) if r and "draws" in r[0])
    assert {(r["model"], r["index"]): r["draws"] for r in cells} == {
        ("signs shuffled", 8): 1, ("signs shuffled", 9): 2,
        ("enmities rewired", 2): 1, ("enmities rewired", 3): 2}


def test_the_series_has_a_line_for_the_states_and_for_each_null_model():
    lines = next(r for r in rows_of(made()["series"].spec)
                 if r and "series" in r[0] and any(x["low"] is None for x in r))
    own = {r["year"]: r["value"] for r in lines if r["series"] == "the states"}
    assert own == {y["year"]: y["two"] for y in YEARS} and len(lines) == 3 * len(YEARS)


def test_kinds_of_ties_differ_without_colour():
    """Shapes in the matrix and dashes in the neighbourhood tell the kinds apart in print."""
    points = [x for x in made()["matrix"].spec["layer"] if "shape" in x.get("encoding", {})]
    shapes = points[0]["encoding"]["shape"]["scale"]["range"]
    lines = [x for x in made()["state"].spec["layer"] if "strokeDash" in x.get("encoding", {})]
    dashes = lines[0]["encoding"]["strokeDash"]["scale"]["range"]
    assert len(set(shapes)) == 3 and len({tuple(d) for d in dashes}) == 3


def test_ties_are_counted_in_whole_numbers():
    """A network of few ties had labels of half a tie, and a legend for no network at all."""
    text = json.dumps(null_models(1, {"signs shuffled": [0, 1, 1, 2]}).spec)
    assert '"values": [0, 1, 2]' in text and '"legend": {"values": [1, 2]}' in text
