"""The public interface: light to import, complete, and its results in tables and reports."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import detente as dt
from tests.conftest import make_crisis

HEAVY = ("numpy", "numba", "scipy", "pandas", "pydantic", "altair", "typer", "rich", "lark")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_is_light():
    loaded = run("import sys, detente; print(*sorted(m for m in sys.modules))").split()
    assert "detente" in loaded and not set(HEAVY) & set(loaded)
    assert {m for m in loaded if m.startswith("detente")} == {"detente", "detente.version"}


def test_every_public_name_is_there_and_listed():
    assert set(dt.__all__) == set(dir(dt))
    for name in dt.__all__:
        assert getattr(dt, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'solves'"):
        _ = dt.solves


def test_claims_is_the_function_though_a_room_has_the_name():
    out = run("import detente.claims; from detente.claims import check_claims; import detente; "
              "print(callable(detente.claims), callable(check_claims))")
    assert out == "True True"


def test_play_is_the_function_though_a_room_has_the_name():
    out = run("import detente.play.board; import detente; table = detente.play('fashoda-1898', "
              "['britain'], seed=3); table.act('britain', 'yield'); "
              "print(table.over, str(table.outcome))")
    assert out == "True britain concedes"


def test_solve_takes_a_case_a_game_and_a_tree():
    case = make_crisis()
    compiled = dt.compile(case)
    first = dt.solve(case, 5.0)
    for game in (compiled, compiled.tree):
        assert np.array_equal(dt.solve(game, 5.0).q, first.q)
    careful = dt.solve(compiled, reading="deliberate", epsilon=0.02)
    assert careful.reading == "deliberate" and careful.certificate.certified
    with pytest.raises(dt.InputError, match="does not exist"):
        dt.solve(compiled, reading="careful")


def test_load_and_loads_agree(tmp_path):
    from detente.cases import find

    text = find("cuba-1962").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert dt.loads(text) == dt.load(tmp_path / "mine.yaml") == dt.load("cuba-1962")


def test_compare_and_report():
    one = make_crisis(delay_cost="0.01 to 0.03")
    found = dt.compare(one, make_crisis(delay_cost=0.05), samples=8)
    assert dt.report(found).data == found.as_dict()
    table = found.tables["outcomes"]
    for name in ("deliberate", "fallible", "low", "high", "difference_mean"):
        assert table[name].dtype == float
    assert table.groupby("variant")["fallible"].sum().to_numpy() == pytest.approx(1.0)
    assert len(repr(found)) < 200 and list(found.tables) == ["outcomes", "drivers", "claims"]
    with pytest.raises(dt.InputError, match="no report"):
        dt.report(3)


def test_a_run_has_tables_with_numbers_an_answer_and_a_report():
    found = dt.analyse(make_crisis(delay_cost="0.01 to 0.03"), samples=8, deliberate_samples=2,
                       starts=1)
    table = found.tables["outcomes"]
    assert isinstance(table, pd.DataFrame)
    for column in ("probability", "low", "high", "residual", "nash_conv"):
        assert pd.api.types.is_numeric_dtype(table[column])
    total = table[table["reading"].isin(["fallible", "deliberate"])].groupby("reading")
    assert total["probability"].sum().to_numpy() == pytest.approx(1.0)
    assert "drivers" in found.charts
    assert len(repr(found)) < 200 and "\n" not in repr(found)
    assert dt.report(found).answer == found.answer


def test_results_are_short_at_the_prompt():
    """A result at the prompt must not fill the screen."""
    import detente as dt

    case = dt.load("order-2020")
    found = dt.analyse(case, samples=4, deliberate_samples=2, starts=0)
    shown = [case, dt.compile(case), found, found.fallible, found.band, found.samples, found.claims,
             found.settings, dt.report(found), found.charts["outcomes"]]
    for made in shown:
        assert len(repr(made)) < 400 and repr(made).count("\n") < 5, type(made)


def test_misspelt_names_get_the_nearest_one():
    """Every name that a caller gives in Python is spelt out, as on the command line."""
    case = make_crisis(delay_cost="0.01 to 0.03")
    with pytest.raises(dt.InputError, match="did you mean 'samples'"):
        dt.analyse(case, sampels=8)
    with pytest.raises(dt.InputError, match="did you mean 'deliberate'"):
        dt.solve(case, reading="deliberat")
    with pytest.raises(dt.InputError, match=r"did you mean 'war\.win_chance'"):
        dt.compile(case).game({"war.win_chanc": 0.3})
    found = dt.analyse(case, samples=2, deliberate_samples=1, starts=0)
    for named in (found.tables, found.charts):
        with pytest.raises(KeyError, match="did you mean 'outcomes'"):
            named["outcoms"]


def test_an_analysis_that_has_not_begun_is_short_in_print():
    assert repr(dt.begin(make_crisis())) == "<Analysis of plain: not started>"
