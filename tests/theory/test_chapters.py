"""The chapters on the models: each is complete, and what it draws is what its model says."""

from __future__ import annotations

import re
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.equilibrium import solve
from detente.game.drawing import draw
from detente.theory import TABLE, load
from detente.theory._tools import chance_of

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "models").glob("[0-9]*.md"))
TREE = re.compile(r"^```\{game-tree\}\n((?::[^\n]*\n)*)\n(.*?)^```", re.M | re.S)
CHART = re.compile(r"^```\{model-chart\} (\S+)\n(?::set: (.*)\n)?```", re.M)
PROCESSES = ("15-richardson", "16-balance")  # no players and no moves
LAMBDA = 1000.0
"""Precision of a drawing that states no other: that of docs/pictures.py."""


def trees(page: Path) -> list[tuple[str, float]]:
    """Return the Python of every drawing of a page, and the precision it is solved at."""
    found = []
    for options, text in TREE.findall(page.read_text()):
        stated = re.search(r"^:lambda: (.*)$", options, re.M)
        found.append((text, float(stated[1]) if stated else LAMBDA))
    return found


@cache
def drawn(stem: str, which: int = 0) -> tuple[Any, Any, dict[str, Any]]:
    """Return a drawing's game, its equilibrium and the names it defines."""
    text, lam = trees(next(p for p in PAGES if p.stem == stem))[which]
    names: dict[str, Any] = {}
    exec(text, names)
    return names["game"], names.get("play") or solve(names["game"], lam), names


def test_every_number_has_its_chapter():
    numbers = {int(re.match(r"\d+", load(name).number)[0]) for name in TABLE}
    assert numbers == {int(page.stem[:2]) for page in PAGES}


@pytest.mark.parametrize("name", list(TABLE))
def test_every_model_is_named_in_its_chapter(name):
    number = int(re.match(r"\d+", load(name).number)[0])
    page = next(page for page in PAGES if int(page.stem[:2]) == number)
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_chapter_is_complete(page):
    text = page.read_text()
    assert text.startswith("# ")
    assert re.search(r"^\$\$", text, re.M), "no equation"
    assert CHART.search(text), "no chart"
    assert bool(trees(page)) == (page.stem not in PROCESSES)
    exercises = text.partition("\n## Exercises\n")[2]
    assert re.findall(r"^\*\*(\d)\.\*\*", exercises, re.M) == ["1", "2", "3"]
    answers = exercises.split("\n**")[1:]
    assert all("```python\n>>> " in answer for answer in answers)
    assert re.search(r"\b(1[89]|20)\d\d\b", text), "no source"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_its_charts_are_of_known_models_within_their_domains(page):
    for name, given in CHART.findall(page.read_text()):
        pairs = (pair.split("=") for pair in given.split())
        assert load(name).closed_form(**{k: float(v) for k, v in pairs})


@pytest.mark.parametrize(
    ("stem", "which"), [(p.stem, k) for p in PAGES for k in range(len(trees(p)))])
def test_its_drawings_are_certified(stem, which):
    game, play, _ = drawn(stem, which)
    assert play.certificate.certified, play.certificate.note
    assert draw(game, play).svg


# What a drawing says against the model's closed form at the numbers of its caption. The trembles at
# its precision are below .002; the two-person games are the models' own, not discretised.
SAME = [
    ("01-ultimatum", 0, "war", "fearon-1995-binary", {"q": 0.55}, "war"),
    ("02-shifting-power", 0, "preventive war", "powell-2006", {"T": 2}, "war"),
    ("03-first-strike", 0, "A strikes first", "fearon-1995-first-strike", {}, "war"),
    ("03-first-strike", 1, "war", "schelling-1960", {}, "attack"),
    ("04-audience-costs", 0, "war", "schultz-2001-types", {}, "war"),
    ("05-brinkmanship", 0, "disaster", "powell-1988", {}, "disaster"),
    ("07-spoilers", 0, "stopped", "kydd-walter-2002", {}, "violence"),
    ("08-mediator", 0, "war", "kydd-2003", {}, "war"),
    ("09-attrition", 1, "decided", "powell-2004", {"q": 0.5}, "decisive"),
    ("13-deterrence", 0, "conflict", "zagare-kilgour-2000", {}, "war"),
]


@pytest.mark.parametrize(("stem", "which", "ending", "name", "given", "key"), SAME)
def test_a_drawing_says_what_its_model_says(stem, which, ending, name, given, key):
    _, play, _ = drawn(stem, which)
    assert play.outcomes()[ending] == pytest.approx(load(name).closed_form(**given)[key], abs=2e-3)


def test_tied_and_separated_types():
    """6: only the type that would fight pays; 10: only seekers make the gesture, and are met."""
    _, play, names = drawn("06-signals")
    assert play.pi[1, :2] == pytest.approx([0, 1], abs=2e-3)
    assert [0.5 * v - 0.3 > 0 for v in names["values"]] == [False, True]
    _, play, _ = drawn("10-trust")
    assert play.pi[1, :2] == pytest.approx([1, 0], abs=2e-3)
    assert play.outcomes()["peace"] == pytest.approx(0.4, abs=2e-3)


def test_the_chain_store_as_drawn():
    form = load("kreps-wilson-1982").closed_form(N=2, b=0.5, a=2, delta=0.2)
    _, play, _ = drawn("11-chain-store")
    assert chance_of(play, "in") == pytest.approx(form["entry_2"], abs=5e-3)
    assert chance_of(play, "in", "fight") == pytest.approx(form["fought_2"], abs=5e-3)


def test_the_offer_drawn_is_the_best_of_the_three():
    """12: brute force over the offers, each ratified by those who need no more."""
    _, play, names = drawn("12-two-level")
    worth = {x: (1 - x) * sum(r <= x for r in names["needs"]) / 4 for x in (0.31, 0.51, 0.71)}
    best = max(worth, key=worth.__getitem__)
    assert chance_of(play, f"offer {best}") > 0.99
    assert play.outcomes()["deal"] == pytest.approx(worth[best] / (1 - best), abs=2e-3)


def test_the_first_mover_of_entry_deterrence_errs_as_printed():
    _, play, _ = drawn("14-quantal-response")
    form = load("mckelvey-palfrey-1998").closed_form(lam=1)
    assert chance_of(play, "in") == pytest.approx(form["enter"], abs=1e-9)
    assert chance_of(play, "in", "fight") == pytest.approx(form["fight"], abs=1e-9)


def test_the_fear_drawn_has_another_equilibrium_where_nobody_strikes():
    from dataclasses import replace

    game, play, _ = drawn("03-first-strike", 1)
    mix = np.array([[0.02], [0.98]])
    other = solve(game, 100.0, start=replace(solve(game, 100.0), joint_pi={0: (mix, mix)}))
    assert other.certificate.certified
    assert play.outcomes()["war"] > 0.999 > 0.001 > other.outcomes()["war"]


def test_low_prizes_quit_first_as_drawn():
    _, play, _ = drawn("09-attrition", 0)
    quits = play.joint_pi[0][0][0]
    assert quits[0] > 0.8 > 0.2 > quits[1]


@pytest.mark.parametrize("lam", [500.0, 2000.0, 8000.0])
def test_why_screening_differed_from_its_formula(lam):
    """Chapter 9's note: the weak take the first offer with the odds that r times the margin gives.

    The margin is what .185 is above y_1 = .18333; the pooling offer stands as far above y_0.
    """
    game, _, _ = drawn("09-attrition", 1)
    play = solve(game, lam)
    margin = 0.185 - (1 - 0.5 - 0.2 / 0.3 + 0.7 * (0.2 - 0.05) / 0.3)
    taken = float(play.pi[game.first[1], 1])
    # less than .01 is lost to the chance that the pooling offer is refused by mistake
    assert taken == pytest.approx(1 / (1 + exp(-lam * 0.3 * margin)), abs=0.01)
