"""The desk of a window: sliders of numbers that the text no longer has do not stay."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from shiny import reactive

from detente.cases.names import shipped
from detente.web.desk import Desk, allowed, check
from detente.web.folder import Folder
from detente.web.jobs import Jobs

CUBA = shipped()["cuba-1962"].read_text(encoding="utf-8")


def test_values_that_a_crisis_lacks_or_forbids_are_left_out() -> None:
    crisis = check(CUBA, "mine").crisis
    assert crisis is not None
    moved = {"war.win_chance": 0.6, "war.gone": 0.5, "delay_cost": float("inf")}
    assert allowed(crisis, moved | {"actors.nobody.x": 1.0}) == {"war.win_chance": 0.6}


def test_a_slider_goes_with_its_number_and_the_others_stay(tmp_path: Path) -> None:
    """Otherwise no value could be solved until the window is opened again."""
    with reactive.isolate():
        desk = Desk("mine", CUBA, Folder(tmp_path), Jobs(1), own=True)
        desk.moved.set({"actors.united_states.private.war_cost.low": 0.3, "war.win_chance": 0.6})
        desk._newest = CUBA.replace("united_states", "usa")
        desk._read(check(desk._newest, "mine"))
        assert desk.crisis() is not None and "usa" in desk.crisis().actors
        assert desk.moved() == {"war.win_chance": 0.6}
        assert desk.source().crisis().actors  # every value can be set
