"""Results at the prompt and in a notebook: frozen, in one line, with numbers in their tables.

The figures in a table are those of the result, and a probability is a float and never a text.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

import detente as dt
from tests.conftest import make_crisis

CASE = {
    "turns": {"each": 1}, "delay_cost": "0.01 to 0.05", "war": {"win_chance": "0.5 to 0.6"},
    "levers": {"delay_cost": {"from": 0.0, "to": 0.1, "difficulty": 1}},
    "variants": {"slow": {"title": "Slow & late", "set": {"delay_cost": 0.04}}},
    "claims": [{"id": "rare", "says": "War is rare.", "holds_if": "P(war) < 0.2"}],
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return one result of each kind."""
    from detente.analysis.indices import global_drivers

    case = make_crisis(**CASE)
    out = tmp_path_factory.mktemp("sweep") / "one.parquet"
    return {
        "found": dt.analyse(case, samples=4, deliberate_samples=1, starts=0),
        "drivers": global_drivers(case, samples=8),
        "sweep": dt.sweep(case, out, samples=8),
        "claims": dt.claims(case, samples=4, starts=0, points=3),
        "compare": dt.compare(case, samples=4),
        "offramps": dt.offramps(case, "settlement >= 0.2", samples=4, starts=0),
    }


def test_each_is_one_line_with_its_certificate(results):
    for name, one in results.items():
        said = repr(one)
        assert said.startswith("<") and "\n" not in said and len(said) < 200, name
        assert "checked" in said, name


def test_an_uncertified_result_says_so(results):
    from dataclasses import replace

    sweep = replace(results["sweep"], certified=5)
    assert repr(sweep).endswith("5 of 8 samples checked>")
    assert "not all checked" in repr(replace(results["offramps"], certified=False))


def test_results_are_frozen(results):
    for name in ("drivers", "sweep", "claims", "compare", "offramps"):
        with pytest.raises(FrozenInstanceError):
            results[name].lam = 3.0


@pytest.mark.parametrize(("kind", "table", "columns"), [
    ("found", "outcomes", ["probability", "low", "high"]),
    ("drivers", "indices", ["first", "total", "first_low", "total_high", "points"]),
    ("sweep", "outcomes", ["mean", "low", "high"]),
    ("sweep", "samples", ["sample", "delay_cost", "war.win_chance", "P(war)", "residual"]),
    ("claims", "claims", ["share", "low", "high"]),
    ("compare", "outcomes", ["deliberate", "fallible", "low", "high", "difference_mean"]),
    ("offramps", "lines", ["value", "probability"]),
])
def test_numbers_are_numbers(results, kind, table, columns):
    frame = results[kind].tables[table]
    assert len(frame)
    for column in columns:
        assert pd.api.types.is_numeric_dtype(frame[column]), column


def test_the_tables_of_a_sweep_agree_with_each_other(results):
    sweep = results["sweep"]
    samples, outcomes = sweep.tables["samples"], sweep.tables["outcomes"]
    assert len(samples) == sweep.n and samples["certified"].all()
    for row in outcomes.to_dict("records"):
        assert samples[f"P({row['outcome']})"].mean() == pytest.approx(row["mean"], rel=1e-12)
    assert outcomes["mean"].sum() == pytest.approx(1.0)


def test_the_table_of_drivers_holds_its_indices(results):
    """A total index is at least the first-order index, up to the error of few samples."""
    drivers = results["drivers"]
    table = drivers.tables["indices"].set_index("parameter")
    assert set(table.index) == {"delay_cost", "war.win_chance"}
    assert table["total"].to_dict() == {r["parameter"]: r["total"] for r in drivers.rows()}
    assert f"P({drivers.question}) {drivers.indices.mean:.3f}" in repr(drivers)


def test_each_has_charts_and_a_notebook_shows_it(results):
    for name, one in results.items():
        for chart in one.charts.values():
            assert chart.to_svg().startswith("<svg"), name
        shown = one._repr_html_()
        assert "<table" in shown, name
    assert list(results["drivers"].charts) == ["indices"]
    assert list(results["offramps"].charts) == ["delay_cost"]
    assert "Slow &amp; late" in results["compare"]._repr_html_()
    with pytest.raises(KeyError, match="choose one of outcomes"):
        _ = results["sweep"].charts["lines"]
