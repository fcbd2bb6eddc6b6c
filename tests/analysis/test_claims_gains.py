"""Gains from agreements in claims: the closed form of two linear issues, samples, errors."""

from __future__ import annotations

import numpy as np
import pytest

from detente.analysis.claims.meaning import Meaning
from detente.analysis.claims.solving import Point, over
from detente.cases import loads
from detente.claims.check import check
from detente.claims.names import Names
from detente.claims.parse import parse
from detente.claims.variants import Lab
from detente.equilibrium import solve
from detente.errors import InputError
from detente.game.compile import compile_scenario

EXACT = 1e-9  # arithmetic only


def crisis(weight, cost):
    """Two issues, of which each side cares for one; Aland prefers war to the status quo."""
    return loads(f"""
crisis: two
title: Two
actors:
  aland: {{role: principal, title: Aland}}
  bland: {{role: principal, title: Bland}}
  cland: {{role: third party, sides_with: bland}}
stake:
  name: two issues
  first: aland
  issues:
    x:
      weight: {{aland: {weight}, bland: {1 - weight}}}
      levels: {{none: 0, all: 1}}
      status_quo: none
    y:
      weight: {{aland: {1 - weight}, bland: {weight}}}
      levels: {{none: 0, all: 1}}
      status_quo: 0.5
turns: {{first: aland, each: 1}}
delay_cost: 0
ladder: [talks, war]
war: {{win_chance: 0.5, cost: {cost}}}
offers:
  packages:
    - {{name: trade, levels: {{x: all, y: none}}}}
    - {{name: x alone, levels: {{x: all}}}}
""")


def asking(case):
    compiled = compile_scenario(case)
    names, lab = Names.of_graph(compiled.graph), Lab(compiled)
    point = Point(lab, solve(compiled.tree, 10.0), compiled.centre)

    def number(text):
        claim = check(parse(f"{text} > 0"), names)
        return float(Meaning(claim, point.world).number(claim.terms[0]).ravel()[0])

    return number


def test_two_linear_issues_in_closed_form():
    """Both have 1/2 - c without agreement; trading gives each w, splitting 1/2 (Raiffa 1982)."""
    rng = np.random.default_rng(3)
    for _ in range(4):
        w, c = rng.uniform(0.6, 0.9), rng.uniform(0.02, 0.3)
        number = asking(crisis(w, c))
        for side in ("aland", "bland"):
            assert number(f"gain({side})") == pytest.approx(w - 0.5 + c, abs=EXACT)
            assert number(f"gain({side}, settlement: trade)") == pytest.approx(
                w - 0.5 + c, abs=EXACT)
            assert number(f"gain({side}, split)") == pytest.approx(c, abs=EXACT)
        # x alone: Aland has w + (1 - w) / 2, Bland w / 2.
        assert number("gain(aland, settlement: x alone)") == pytest.approx(w / 2 + c, abs=EXACT)
        assert number("gain(bland, settlement: x alone)") == pytest.approx(
            w / 2 - 0.5 + c, abs=EXACT)
        # A surer victory of Aland moves what both have without agreement.
        assert number("gain(aland, settlement: trade, with: war.win_chance = 0.6)") \
            == pytest.approx(w - 0.6 + c, abs=EXACT)
        assert np.isnan(number("gain(aland, settlement: trade, without: offers.trade)"))


def test_samples_have_gains_of_their_own():
    """In each sample the gain is that of a file with the sample's cost of war."""
    compiled = compile_scenario(crisis(0.8, "0.05 to 0.25"))
    names, lab = Names.of_graph(compiled.graph), Lab(compiled)
    centre = Point(lab, solve(compiled.tree, 10.0), compiled.centre)
    claim = check(parse("gain(aland, settlement: trade) > 0.4"), names)
    theta = np.repeat(compiled.centre[None], 3, axis=0)
    costs = np.array([0.07, 0.1, 0.2])
    theta[:, compiled.paths.index("war.cost")] = costs
    found = over(lab, [claim], theta, centre, workers=1)
    assert found.margin[0] == pytest.approx(0.8 - 0.5 + costs - 0.4, abs=EXACT)


@pytest.mark.parametrize(("text", "says"), [
    ("gain(cland) > 0", "cland is not a principal"),
    ("gain(dland) > 0", "there is no actor 'dland'"),
    ("gain(aland, war) > 0", "this is not a settlement on terms"),
    ("gain(aland, settlement) > 0", "this is not a settlement on terms"),
    ("gain(aland, settlement: trde) > 0", "did you mean 'trade'"),
    ("gain(aland) > 0 after aland.attack", "cannot come after an event"),
    ("gains(aland) > 0", "did you mean 'gain'"),
])
def test_errors_say_what_is_allowed(text, says):
    names = Names.of_graph(compile_scenario(crisis(0.8, 0.1)).graph)
    with pytest.raises(InputError, match=says):
        check(parse(text), names)
