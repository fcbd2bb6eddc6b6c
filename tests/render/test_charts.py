"""Charts: what is drawn stands where its number says, and no words overlap."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.render import Chart, charts
from detente.render.charts._base import wrap
from detente.render.palette import CYCLE, GREY, colours

from .sample import outcome_rows, sample_report, tree_rows

OKABE_ITO = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#000000"}
"""Okabe and Ito (2008), "Color Universal Design", the eight colours in their published values."""


def items(chart: Chart, mark: str, narrow: bool = False) -> list[dict[str, Any]]:
    """Return the drawn items of a kind of mark, as Vega places them."""
    import vl_convert

    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any], inside: bool, axis: bool) -> None:
        role = str(node.get("role", ""))
        axis = axis or role.startswith(("axis", "legend", "title"))
        inside = node.get("marktype") == mark and not axis
        for item in node.get("items", []):
            if inside:
                found.append(item)
            walk(item, inside, axis)

    drawn = chart.narrow if narrow else chart.spec
    assert isinstance(drawn, dict)
    walk(vl_convert.vegalite_to_scenegraph(drawn)["scenegraph"], False, False)
    return found


def texts(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Return (left, top, right, bottom, words) of the text in a hand-made drawing."""
    boxes = []
    for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        size = float(node.get("font-size", "12"))
        words = node.text or ""
        wide = 0.5 * size * len(words)  # Helvetica's mean advance is about half its size
        x, y = float(node.get("x", "0")), float(node.get("y", "0"))
        x -= wide if node.get("text-anchor") == "end" else 0
        boxes.append((x, y - 0.75 * size, x + wide, y + 0.2 * size, words))
    return boxes


def overlaps(boxes: list[tuple[float, float, float, float, str]]) -> list[tuple[str, str]]:
    return [
        (a[4], b[4])
        for k, a in enumerate(boxes)
        for b in boxes[k + 1:]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_every_specification_is_valid_vega_lite() -> None:
    import altair as alt
    from jsonschema import Draft7Validator

    version = alt.SCHEMA_VERSION.partition(".")[0]
    schema = files("altair") / "vegalite" / version / "schema" / "vega-lite-schema.json"
    vega_lite = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert not vega_lite.is_valid({"mark": {"type": "point", "colour": "red"}, "encoding": {}})

    def short(part: Any) -> Any:
        """Keep three rows of all data: rows may hold anything, and checking them is slow."""
        if isinstance(part, dict):
            return {k: v[:3] if k == "values" else short(v) for k, v in part.items()}
        return [short(v) for v in part] if isinstance(part, list) else part

    for section in sample_report().sections:
        for chart in section.charts:
            for spec in (chart.spec, chart.narrow):
                if isinstance(spec, dict):
                    assert vega_lite.is_valid(short(spec)), chart.title


def test_palette_is_okabe_and_ito_s_but_for_grey() -> None:
    assert set(CYCLE) - {GREY} <= OKABE_ITO


@given(st.lists(st.text(min_size=1), unique=True, max_size=7))
def test_up_to_seven_names_have_colours_of_their_own(names: list[str]) -> None:
    given_ = colours(names)
    assert list(given_) == names and len(set(given_.values())) == len(names)


@pytest.mark.parametrize("narrow", [False, True])
def test_outcome_dots_stand_at_their_probability(narrow: bool) -> None:
    rows = [{"name": "war", "deliberate": 0.0, "fallible": 0.25, "low": 0.1, "high": 0.6},
            {"name": "peace", "deliberate": 1.0, "fallible": 0.75, "others": [0.5]}]
    chart = charts.outcomes(rows)
    x = sorted(item["x"] for item in items(chart, "symbol", narrow))
    whole = x[-1] - x[0]
    # positions are exact up to the renderer's rounding, well under a tenth of a pixel
    assert [(v - x[0]) / whole for v in x] == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-3)
    (band,) = items(chart, "rect", narrow)
    assert (band["x"] - x[0]) / whole == pytest.approx(0.1, abs=1e-3)
    assert band["width"] / whole == pytest.approx(0.5, abs=1e-3)


def test_outcomes_take_a_frame_and_missing_numbers() -> None:
    frame = pd.DataFrame([{"name": "war", "deliberate": 0.2, "fallible": float("nan"),
                           "low": float("nan"), "high": float("nan")}])
    chart = charts.outcomes(frame)
    assert len(items(chart, "symbol")) == 1
    assert chart.alt == "war: 20 % deliberate."


def test_tornado_is_longest_first_and_bars_are_in_proportion() -> None:
    chart = charts.tornado([{"parameter": f"p{k}", "points": v}
                            for k, v in enumerate([0.5, -2.0, 1.0])], most=2)
    bars = sorted(items(chart, "rect"), key=lambda item: item["y"])
    assert len(bars) == 2
    assert bars[0]["width"] / bars[1]["width"] == pytest.approx(2.0, rel=1e-3)
    assert bars[0]["x"] < bars[1]["x"]  # what lowers goes to the left


def test_paths_bars_are_in_proportion_and_words_do_not_meet() -> None:
    rows = [{"moves": ["aland: escalate to mobilisation"] * n, "outcome": "war", "probability": p}
            for n, p in [(2, 0.4), (9, 0.2), (1, 0.1)]]
    chart = charts.paths(rows)
    bars = sorted(items(chart, "rect"), key=lambda item: item["y"])
    assert [b["width"] / bars[0]["width"] for b in bars] == pytest.approx([1, 0.5, 0.25], rel=1e-3)
    lines = sorted((t for t in items(chart, "text") if isinstance(t["text"], list)),
                   key=lambda t: t["y"])
    for words, bar in zip(lines, bars, strict=True):
        assert words["y"] + 15 * len(words["text"]) <= bar["y"] + 2.5  # 15 pixels a line
    for bar, words in zip(bars, lines[1:], strict=False):
        assert bar["y"] + bar["height"] <= words["y"]


def test_precision_lines_end_where_the_numbers_do() -> None:
    chart = charts.precision([0, 10, 40], {"war": [1.0, 0.5, 0.0]}, deliberate={"war": 0.5}, at=40)
    points = items(chart, "line")
    y = [p["y"] for p in points]
    assert y[1] == pytest.approx((y[0] + y[2]) / 2, abs=0.1)
    (end,) = items(chart, "symbol")
    assert end["y"] == pytest.approx(y[1], abs=0.1)
    with pytest.raises(ValueError, match="2 values; give one for each of 3"):
        charts.precision([0, 1, 2], {"war": [0.1, 0.2]})


def test_beliefs_bars_fill_the_whole_and_keep_the_order_of_types() -> None:
    rows = [{"step": k, "move": f"m{k}", "about": "aland", "type": t, "probability": p}
            for k, p2 in enumerate([0.5, 0.1]) for t, p in [("low", 1 - p2), ("high", p2)]]
    bars = items(charts.beliefs(rows, types=["low", "high"]), "rect")
    by_row: dict[float, list[dict[str, Any]]] = {}
    for bar in bars:
        by_row.setdefault(round(bar["y"], 3), []).append(bar)
    whole = {round(sum(b["width"] for b in row), 2) for row in by_row.values()}
    assert len(by_row) == 2 and len(whole) == 1
    first, second = (sorted(by_row[y], key=lambda b: b["x"]) for y in sorted(by_row))
    assert first[0]["width"] == pytest.approx(first[1]["width"], rel=1e-3)
    assert second[0]["width"] / second[1]["width"] == pytest.approx(9, rel=1e-3)


def test_histogram_counts_every_sample_once() -> None:
    values = [0.0, 0.012, 0.5, 0.999, 1.0, float("nan")]
    chart = charts.histogram(values, marks={"deliberate": 0.5})
    assert chart.spec is not None
    bars = items(chart, "rect")
    tallest = max(b["height"] for b in bars)
    # 0 and .012 fall in the first bin of twenty, .999 and 1 in the last, .5 alone
    assert sorted(round(b["height"] / tallest, 3) for b in bars if b["height"] > 0) == [0.5, 1, 1]


def test_histogram_looks_closer_where_all_is_small() -> None:
    near = items(charts.histogram([0.01, 0.09]), "rect")
    far = items(charts.histogram([0.01, 0.99]), "rect")
    left, right = (sorted(b["x"] for b in bars if b["height"] > 0) for bars in (near, far))
    whole = max(b["x"] + b["width"] for b in far)
    # .09 of .1 stands in the last tenth of the axis but one bin; .99 of 1 in the last bin
    assert left[1] / whole == pytest.approx(0.9, abs=0.06)
    assert right[1] / whole == pytest.approx(0.95, abs=0.01)


def test_tornado_leaves_out_what_moves_nothing_but_never_all() -> None:
    tiny = charts.tornado([{"parameter": f"p{k}", "points": 1e-4} for k in range(9)])
    assert len(items(tiny, "rect")) == 3
    mixed = charts.tornado([{"parameter": f"p{k}", "points": 1.0 if k < 5 else 1e-4}
                            for k in range(9)])
    assert len(items(mixed, "rect")) == 5


def test_ladder_shows_anyone_s_reach_where_actors_have_none() -> None:
    svg = charts.ladder([{"name": "talks", "reach": 1.0, "by": {"aland": 1.0}},
                         {"name": "war", "reach": 0.25}]).svg
    assert svg is not None
    assert {"25 %", "anyone", "aland"} <= {box[4] for box in texts(svg)}


def test_scatter_draws_at_most_so_many_and_gives_the_correlation() -> None:
    rows = [{"x": k / 100, "p": 1 - k / 100} for k in range(100)]
    chart = charts.scatter(rows, parameter="cost", most=40)
    assert len(items(chart, "symbol")) == 34  # every third of a hundred
    assert "correlation −1.00" in chart.alt
    flat = charts.scatter([{"x": 1, "p": 0.1}, {"x": 1, "p": 0.2}], parameter="cost")
    assert "correlation" not in flat.alt


def test_scatter_keeps_every_sample_that_failed() -> None:
    rows = [{"x": k, "p": 0.5, "certified": k % 50 != 7} for k in range(500)]
    chart = charts.scatter(rows, parameter="cost", most=10)
    assert chart.spec is not None
    sizes = [item["size"] for item in items(chart, "symbol")]
    assert sizes.count(max(sizes)) == 10 and len(sizes) == 20


def test_indices_bars_and_intervals_are_in_proportion() -> None:
    chart = charts.indices([{"parameter": "a", "first": 0.2, "total": 0.4, "total_low": 0.3,
                             "total_high": 0.5},
                            {"parameter": "b", "first": 0.1, "total": 0.8}])
    bars = sorted(items(chart, "rect"), key=lambda item: item["y"])
    wide = [bar["width"] / bars[0]["width"] for bar in bars]
    assert wide == pytest.approx([1, 1 / 8, 1 / 2, 1 / 4], rel=1e-3)  # b first, totals first
    (interval,) = items(chart, "rule")
    assert interval["x"] == pytest.approx(bars[0]["width"] * 3 / 8, abs=0.1)


def test_lever_curve_turns_where_the_numbers_do() -> None:
    rows = [{"x": x, "fallible": (x - 0.2) ** 2 + 0.1} for x in (0.4, 0.0, 0.1, 0.2, 0.3)]
    chart = charts.lever(rows, name="offer", target=0.12, now=0.0, found=0.2)
    line = items(chart, "line")
    assert [p["x"] for p in line] == sorted(p["x"] for p in line)
    assert max(range(5), key=lambda k: line[k]["y"]) == 2  # lowest on the page is least likely
    words = {item["text"] for item in items(chart, "text")}
    assert words == {"target", "now", "proposed"}


def test_a_small_chance_along_a_lever_is_no_flat_line() -> None:
    """From one to two in a hundred: half the height of the drawing and all of it."""
    rows = [{"x": x, "fallible": p} for x, p in ((0.0, 0.01), (1.0, 0.02))]
    low, high = (item["y"] for item in items(charts.lever(rows, name="offer"), "line"))
    assert (low, high) == pytest.approx((120, 0))  # pixels from the top of 240
    seen = items(charts.lever([*rows, {"x": 2.0, "fallible": 0.9}], name="offer"), "line")
    assert seen[0]["y"] == pytest.approx(240 * 0.99)


def test_boundary_leaves_out_what_never_arises() -> None:
    rows = [{"x": 0.1 * k, "y": 0.5, "holds": h} for k, h in enumerate([True, False, None, True])]
    chart = charts.boundary(rows, x="a", y="b")
    fills = sorted(item["fill"] for item in items(chart, "symbol"))
    assert len(fills) == 3 and fills.count("transparent") == 1
    assert "67 % of 3 samples" in chart.alt
    assert "none of 0" in charts.boundary([], x="a", y="b").alt


def test_comparison_puts_the_same_probability_at_the_same_place() -> None:
    rows = [{"variant": v, "outcome": o, "p": p, "low": 0.1, "high": 0.3}
            for v in ("one", "two") for o, p in (("war", 0.2), ("peace", 0.8))]
    chart = charts.comparison(rows)
    x = sorted(round(item["x"], 3) for item in items(chart, "symbol"))
    assert len(x) == 4 and x[0] == x[1] and x[2] == x[3]
    bands = items(chart, "rect")
    assert {round(b["x"] + b["width"] / 2, 2) for b in bands} == {round(x[0], 2)}


def test_ladder_bars_are_in_proportion_and_words_do_not_overlap() -> None:
    rows = [{"name": f"rung {k} with a name of some length", "reach": 0.5 ** k, "start": k == 0,
             "notes": ["audience cost .1", "sunk cost .03", "risk of war .01 a turn"]}
            for k in range(6)]
    chart = charts.ladder(rows)
    for svg in (chart.svg, chart.narrow):
        assert isinstance(svg, str)
        root = ET.fromstring(svg)
        widths = [float(r.get("width", "0")) for r in root.iter("{http://www.w3.org/2000/svg}rect")]
        # top rung first; coordinates are written to a tenth of a pixel
        assert widths == pytest.approx([widths[-1] * 0.5 ** k for k in range(5, -1, -1)], abs=0.1)
        assert overlaps(texts(svg)) == []


@pytest.mark.parametrize("seed", range(5))
def test_tree_words_do_not_overlap_and_stay_inside(seed: int) -> None:
    chart = charts.tree(tree_rows(seed))
    for svg in (chart.svg, chart.narrow):
        assert isinstance(svg, str)
        boxes = texts(svg)
        assert overlaps(boxes) == []
        width = float(ET.fromstring(svg).attrib["width"])
        assert all(box[0] >= 0 and box[2] <= width for box in boxes)


def test_beliefs_about_one_side_fill_the_width_of_a_telephone() -> None:
    rows = [{"step": k, "move": move, "about": "aland", "type": kind, "probability": 0.5}
            for k, move in enumerate(["at the start", "bland: escalate to blockade"])
            for kind in ("low war cost", "high war cost")]
    svg = charts.beliefs(rows).to_svg(narrow=True)
    root = ET.fromstring(svg)
    assert float(root.attrib["width"]) == pytest.approx(320, abs=5)


def test_tree_lines_are_as_wide_as_their_reach() -> None:
    rows = [{"id": 0, "parent": -1, "reach": 1.0}] + [
        {"id": k, "parent": 0, "mover": "aland", "move": f"m{k}", "probability": p, "reach": p,
         "outcome": "war"} for k, p in [(1, 0.5), (2, 0.25), (3, 0.25)]
    ]
    svg = charts.tree(rows).svg
    assert svg is not None
    widths = sorted(float(w) for w in re.findall(r'<path [^>]*stroke-width="([\d.]+)"', svg))
    assert widths == [3.0, 3.0, 6.0]


def test_tree_adds_up_what_it_leaves_out() -> None:
    rows = [{"id": 0, "parent": -1, "reach": 1.0}] + [
        {"id": k, "parent": 0, "mover": "aland", "move": f"m{k}", "probability": p, "reach": p}
        for k, p in [(1, 0.9), (2, 0.085), (3, 0.01), (4, 0.005)]
    ]
    svg = charts.tree(rows).svg
    assert svg is not None
    words = [box[4] for box in texts(svg)]
    assert "other moves" in words and "m3" not in " ".join(words)
    assert words[words.index("other moves") + 1] == "2 %"  # .01 and .005 are 1.5 %, shown as 2 %


def test_tree_needs_one_start() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        charts.tree([{"id": 0, "parent": 7, "reach": 1.0}])


@given(st.text(st.characters(exclude_categories=["C"]), max_size=80), st.integers(8, 40))
def test_wrapped_labels_fit_and_keep_every_letter(text: str, letters: int) -> None:
    lines = wrap(text, letters).split("\n")
    if text.strip():
        assert max(map(len, lines)) <= letters
        assert "".join("".join(lines).split()) == "".join(text.split())


@settings(max_examples=8, deadline=None)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30))
def test_any_label_can_be_drawn(text: str) -> None:
    rows = [{**row, "name": f"{text}{k}"} for k, row in enumerate(outcome_rows())]
    ET.fromstring(charts.outcomes(rows).to_svg())
    ET.fromstring(charts.ladder([{"name": text, "reach": 0.5, "notes": text}]).to_svg())
    ET.fromstring(charts.tree([{"id": 0, "parent": None, "reach": 1.0},
                               {"id": 1, "parent": 0, "mover": text, "move": text, "reach": 0.5,
                                "probability": 0.5, "outcome": text}]).to_svg())


@pytest.mark.parametrize("narrow", [False, True])
def test_axes_of_probabilities_are_labelled_at_their_end(narrow: bool) -> None:
    rows = [{"step": k, "label": f"{k} May", "name": "war", "p": p, "low": 0.0, "high": 1.0}
            for k, p in enumerate((0.1, 0.7))]
    svg = charts.timeline(rows).to_svg(narrow=narrow)
    assert ">100 %<" in svg and ">0 %<" in svg


def test_timeline_points_stand_at_their_probability() -> None:
    rows = [{"step": k, "label": f"{k} May", "name": name, "p": p, "low": p / 2, "high": 1.0}
            for name, ps in (("war", (0.1, 0.7, 0.4)), ("settlement", (0.9, 0.3, 0.6)))
            for k, p in enumerate(ps)]
    seen = [item["y"] for item in items(charts.timeline(rows), "symbol")]
    heights = sorted(seen)
    at = sorted(260 * (1 - r["p"]) for r in rows)
    assert len(heights) == 6
    assert all(abs(a - b) < 1e-6 for a, b in zip(heights, at, strict=True))
    bands = items(charts.timeline(rows), "area")
    assert len(bands) == 6  # two bands of three points


def test_surprise_bars_and_marks_are_in_proportion() -> None:
    rows = [{"label": "a", "bits": 1.0, "expected": 2.0}, {"label": "b", "bits": 4.0,
                                                          "expected": 1.0}]
    bars = items(charts.surprise(rows), "rect")
    assert abs(bars[1]["width"] / bars[0]["width"] - 4) < 1e-6


def test_shifts_stand_on_their_side_of_zero() -> None:
    rows = [{"parameter": "cost", "series": s, "shift": x, "error": 0.1}
            for s, x in (("free", 0.5), ("fixed", -0.5))]
    points = items(charts.shifts(rows), "symbol")
    zero = items(charts.shifts(rows), "rule")[0]["x"]
    assert abs((points[0]["x"] - zero) + (points[1]["x"] - zero)) < 1e-6
    assert points[0]["x"] > zero > points[1]["x"]


def test_a_hysteresis_loop_turns_at_its_fields() -> None:
    rows = [{"h": h, "m": m, "branch": b} for h, m, b in (
        (-0.5, -1, "new course"), (0.25, -0.7, "new course"), (0.25, -0.7, "not stable"),
        (-0.25, 0.7, "not stable"), (-0.25, 0.7, "old course"), (0.5, 1, "old course"))]
    chart = charts.hysteresis(rows, turns=(-0.25, 0.25, 0.7), marks={"during": -0.4})
    points = [i for i in items(chart, "symbol") if i.get("shape") in (None, "circle")]
    lines = items(chart, "line")
    ends = {round(i["x"]) for i in points}
    assert ends < {round(i["x"]) for i in lines}  # the points lie on the curve
    said = [i["text"] for i in items(chart, "text")]
    assert said == ["leave at −0.25", "return at 0.25", "during"]
