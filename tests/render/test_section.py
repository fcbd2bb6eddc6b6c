"""Sections, tables and their plain forms."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from detente.render import Column, Report, Section, Table
from detente.render.plain import MISSING, cell, plain
from detente.render.terminal import show, show_table

from .sample import sample_report

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.floats(width=32).map(np.float32) | st.integers(-9, 9).map(np.int64)
    | st.lists(st.floats(), max_size=3).map(np.array)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(values)
def test_plain_always_makes_valid_json_and_changes_nothing_finite(value: object) -> None:
    made = plain(value)
    assert plain(made) == made
    json.dumps(made, allow_nan=False)
    if isinstance(value, float) and math.isfinite(value):
        assert made == value


def test_plain_refuses_what_json_does_not_know() -> None:
    with pytest.raises(TypeError, match="object"):
        plain(object())
    assert plain(pd.NA) is None and plain(pd.NaT) is None


@given(st.floats(0, 1))
def test_percent_never_hides_a_possibility_nor_invents_one(p: float) -> None:
    shown = cell(p, "percent")
    number = float(shown.strip("<>% "))
    assert (shown == "0 %") == (p == 0)
    assert (shown == "100 %") == (p == 1)
    # half a unit of the last digit shown: .5 points, or .05 below one; 1 with ">", .1 with "<"
    assert abs(number - 100 * p) <= (1 if ">" in shown else 0.5 if "." not in shown else 0.1) + 1e-9


@given(st.floats(-1e6, 1e6))
def test_signed_numbers_round_trip(x: float) -> None:
    shown = cell(x, "+.1f").replace("−", "-")
    assert abs(float(shown) - x) <= 0.05 + 1e-9 * abs(x)
    assert "-0.0" not in shown


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), np.nan, pd.NaT])
def test_missing_is_a_dash(value: object) -> None:
    assert cell(value, ".2f") == cell(value) == MISSING


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False), st.integers()), max_size=5))
def test_table_survives_pandas(rows: list[tuple[str, float, int]]) -> None:
    table = Table("t", ["a", Column("b", format=".2f"), "c"], rows)
    back = Table.from_pandas(table.to_pandas(), "t", table.columns)
    assert back.as_dict() == table.as_dict()
    assert [tuple(r) for r in back.rows] == rows


def test_table_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="2 values for 1 columns"):
        Table("t", ["a"], [(1, 2)])
    with pytest.raises(ValueError, match="no column"):
        Table("t", ["a"], [{"b": 1}])
    assert Table("t", ["a", "b"], [{"b": 1}]).rows == ((None, 1),)


def test_two_sections_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="outcomes"):
        Report("t", "", "", [Section("outcomes", "a"), Section("outcomes", "b")])


def test_sections_keep_the_order_in_which_they_are_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = ["second-to-none", "mine", "trust", "outcomes"]
    report = Report("t", "", "", [Section(i, f"About {i}") for i in ids])
    report.to_terminal()
    for shown in (capsys.readouterr().out, report.to_html(), json.dumps(report.as_dict())):
        places = [shown.index(f"About {i}") for i in ids]
        assert places == sorted(places)


def test_report_is_json() -> None:
    made = json.loads(json.dumps(sample_report().as_dict(), allow_nan=False))
    assert {"outcomes", "drivers"} <= {s["id"] for s in made["sections"]}
    assert made["meta"]["lambda"] == 40.0


def printed(width: int = 100) -> tuple[Console, io.StringIO]:
    sink = io.StringIO()
    return Console(file=sink, width=width, highlight=False), sink


@pytest.mark.parametrize("width", [60, 100, 160])
def test_terminal_shows_every_section_and_number(width: int) -> None:
    console, sink = printed(width)
    report = sample_report(certified=False)
    show(report, console)
    text = sink.getvalue()
    for section in report.sections:
        assert section.title in text
    assert "18 %" in text and "[check failed]" in text
    assert max(map(len, text.splitlines())) <= width


def test_terminal_takes_brackets_for_what_they_are() -> None:
    console, sink = printed()
    show_table(Table("[bold]t", ["[red]a"], [("[/x] [link=y]z",)]), console)
    for word in ("[bold]t", "[red]a", "[/x] [link=y]z"):
        assert word in sink.getvalue()
