"""A mechanism from outside the package works in a case, a claim and a report.

The mechanism is `cooling_off.py` beside this file; the page "Add a mechanism" shows its code.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente import mechanisms
from detente.equilibrium import gradient, solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.game.pullback import pull_back
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.mechanisms.cooling_off import CoolingOff

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-mechanism.md"
RISKY = {"ladder": ["talks", {"mobilisation": {"risk": 0.1}}, "war"]}
PAUSE = {"of": "bland", "at_turns": [1, 2], "heard": 0.6, "relief": "0.4 to 0.8"}
CLAIMS = [
    {"id": "calls", "says": "Bland asks for a pause.", "source": "me",
     "holds_if": "P(bland.call_for_calm) > 0.05"},
    {"id": "calm", "says": "A pause settles it.", "source": "me",
     "holds_if": "P(calm_settlement) > 0.01"},
]


@pytest.fixture(autouse=True)
def known():
    mechanisms.register(CoolingOff)
    yield
    mechanisms.forget("cooling_off")


def crisis(**changes):
    return make_crisis(**RISKY, mechanisms=[{"cooling_off": {**PAUSE, **changes}}])


def test_a_kind_names_one_mechanism():
    mechanisms.register(CoolingOff)  # once more is harmless

    class Mediator(CoolingOff):
        kind = "mediator"

    with pytest.raises(ValueError, match="choose another kind"):
        mechanisms.register(Mediator)


def test_an_unknown_kind_stays_an_error():
    mechanisms.forget("cooling_off")
    with pytest.raises(InputError, match="cooling_off"):
        crisis()


def test_its_check_is_made_at_loading():
    with pytest.raises(InputError, match="no rung has a risk"):
        make_crisis(mechanisms=[{"cooling_off": PAUSE}])


def test_its_numbers_moves_and_endings_are_in_the_game():
    compiled = compile_scenario(crisis())
    assert {"cooling_off.heard", "cooling_off.relief"} <= set(compiled.paths)
    assert "calm settlement" in compiled.tree.outcome_names


def risk_of_slipping(compiled, **numbers):
    """Return the greatest and the smallest chance that a rung slips into war."""
    game = compiled.game(numbers or None)
    here = game.move == [*map(str, game.moves)].index("slips into war")
    return game.weight[here].max(), game.weight[here].min()


def test_the_pause_removes_its_part_of_the_risk():
    compiled = compile_scenario(crisis())
    high, low = risk_of_slipping(compiled, **{"cooling_off.relief": 0.75})
    assert high == pytest.approx(0.1) and low == pytest.approx(0.1 * 0.25)


def test_at_its_neutral_value_it_changes_no_probability_of_war():
    with_it = solve(compile_scenario(crisis(relief=0.0)).tree, 40.0)
    without = solve(compile_scenario(make_crisis(**RISKY)).tree, 40.0)
    assert with_it.certificate.certified and without.certificate.certified
    assert with_it.outcomes()["war"] == pytest.approx(without.outcomes()["war"], abs=1e-6)


def test_derivatives_reach_its_numbers():
    """The exact derivative is the slope between two equilibria nearby."""
    compiled = compile_scenario(crisis())
    war = np.array([name == "war" for name in compiled.tree.outcome_names])
    by = gradient(solve(compiled.tree, 40.0), war[compiled.tree.outcome].astype(float))
    exact = dict(zip(compiled.paths, pull_back(compiled.polynomials, compiled.centre, by),
                     strict=True))
    for path, centre in (("cooling_off.relief", 0.6), ("cooling_off.heard", 0.6)):
        ends = [solve(compiled.game({path: centre + step}), 40.0).outcomes()["war"]
                for step in (1e-3, -1e-3)]
        slope = (ends[0] - ends[1]) / 2e-3
        assert abs(slope) > 1e-4
        assert exact[path] == pytest.approx(slope, rel=1e-2)


def test_the_page_shows_this_mechanism():
    shown = re.search(r"```python\n(\"\"\"Cooling off.*?)```", PAGE.read_text(), re.S)
    assert shown is not None
    assert shown[1] == (Path(__file__).parent / "cooling_off.py").read_text()


def test_a_case_a_claim_and_a_report_use_it(tmp_path):
    """Run the command line in a process of its own, with the mechanism as an installed plug-in."""
    plugin = tmp_path / "cooling_plugin-1.dist-info"
    plugin.mkdir()
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: cooling-plugin\nVersion: 1\n")
    (plugin / "entry_points.txt").write_text(
        "[detente.mechanisms]\ncooling_off = cooling_off:CoolingOff\n")
    source = Path(__file__).parent / "cooling_off.py"
    (tmp_path / "cooling_off.py").write_text(source.read_text())
    case = tmp_path / "pause.yaml"
    case.write_text(text_of(merged(PLAIN, {
        **RISKY, "crisis": "pause", "sources": [{"id": "me", "cite": "An example"}],
        "mechanisms": [{"cooling_off": PAUSE}], "claims": CLAIMS,
    })))
    page = tmp_path / "pause.html"
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "detente", "run", str(case), "--full", "--samples", "16",
         "--deliberate-samples", "4", "--starts", "2", "--out", str(page)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False,
    )
    assert done.returncode == 0, done.stderr
    html = page.read_text()
    assert "calm settlement" in done.stdout and "calm settlement" in html.lower()
    assert "call for calm" in html
    assert "Bland asks for a pause." in html
