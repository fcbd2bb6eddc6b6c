"""Game, graph model and positions of one case, side by side."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.findings.lenses import files, lenses
from detente.lenses.graph_model.file import loads

CASES = Path(str(resources.files("detente"))) / "cases"
CUBA = CASES / "cuba-1962" / "cuba-1962.yaml"


def test_which_lenses_a_case_has():
    assert set(files(CUBA)) == {"graph"}
    assert set(files(CASES / "caucasus-2025" / "caucasus-2025.yaml")) == {"graph", "positions"}
    assert files("elsewhere.yaml") == {} and lenses("elsewhere.yaml") == []


def _row(name, p):
    return {"name": name, "deliberate": p, "fallible": p, "low": None, "high": None}


def test_disagreement_is_said_and_nothing_is_averaged():
    rows = [_row("settlement", 0.6), _row("status quo", 0.01), _row("war", 0.1)]
    first, *rest = lenses(CUBA, rows)
    remarks = {r[0]: r[-1] for r in first.tables[0].rows}
    assert "no party of the graph model gains from the first step" in remarks["settlement"]
    assert "rare in the game" in remarks["status quo"] and remarks["war"] == ""
    assert [r[1] for r in first.tables[0].rows] == [0.6, 0.01, 0.1]
    assert {s.id for s in rest} >= {"graph-equilibria", "graph-coalitions"}


def test_agreement_is_said_too():
    first, *_ = lenses(CUBA, [_row("war", 0.1), _row("no such ending", 0.9)])
    assert "do not disagree" in first.lead


def test_all_three():
    case = CASES / "caucasus-2025" / "caucasus-2025.yaml"
    made = lenses(case, [_row("settlement", 0.3)], samples=50)
    assert {"lenses", "graph-equilibria", "positions-forecasts"} <= {s.id for s in made}
    assert any("compromise model" in note for note in made[0].notes)


def test_an_ending_must_be_a_state():
    text = """\
graph: one
title: One
decision_makers:
  a: {options: {x: X}, preferences: [x]}
endings: {war: x and not x}
"""
    with pytest.raises(InputError, match="no state matches") as caught:
        loads(text)
    assert (caught.value.line, caught.value.column) == (5, 16)


def test_endings_and_bands_in_words():
    row = {"name": "soviet_union concedes", "deliberate": 0.1, "fallible": 0.2, "low": 0.0004,
           "high": 0.62}
    first, *_ = lenses(CUBA, [row], words={row["name"]: "Soviet Union concedes"})
    (shown,) = first.tables[0].rows
    assert shown[0] == "Soviet Union concedes" and shown[3] == "<0.1 % to 62 %"
    assert shown[4].startswith("stable")  # the ending's own name still finds the states


def test_no_state_goes_by_its_letters_or_identifier():
    """Of 13 states of the shipped model 6 have names, the others are called by their options."""
    _, *rest = lenses(CUBA, [])
    shown = [str(c) for s in rest for t in s.tables for row in t.rows for c in row]
    shown += [w for s in rest for w in (s.title, s.lead, *s.notes)]
    words = " ".join(shown)
    assert not re.search(r"\b[YN]+\|[YN]+\b", words) and "_" not in words
    assert "unpaid withdrawal" in words and "quarantine + pledge + trade" in words
    (drawn,) = [s.html for s in rest if s.html]
    style = drawn.split("</style>")[0]
    # One rule after another; only the rules for paper stand within other braces.
    assert style.count("{") == style.count("}") and "{{" not in style
    assert "}}" not in re.sub(r"@media print\{.*?\}\}", "", style)
    assert "Letters:" not in drawn  # words need no key
    assert not re.search(r">[YN]+\|[YN]+<", drawn) and ">quarantine + pledge<" in drawn


def test_options_of_one_name_are_told_apart_by_their_owners():
    case = loads("""\
graph: two
title: Two
decision_makers:
  a: {name: Ada, options: {go: Go, stay_on: Stay}, preferences: [a.go]}
  b: {options: {go: Go as well}, preferences: [b.go]}
""")
    model = case.model
    told = {model.states[s]: case.title(s) for s in range(model.size)}
    assert told["NN|N"] == "nothing" and told["YY|Y"] == "Ada: go + stay on + b: go"
    assert len(set(told.values())) == model.size == 8


def test_a_crowded_drawing_keeps_the_letters():
    """Six options with long names: 64 labels in words would cover the drawing."""
    from detente.lenses.graph_model.draw import drawing
    from detente.lenses.graph_model.study import study

    options = ", ".join(f"a_rather_long_option_{k}: Do {k}" for k in range(5))
    case = loads(f"graph: g\ntitle: G\ndecision_makers:\n  a: {{options: {{{options}}}, "
                 "preferences: [a_rather_long_option_0]}\n")
    page = drawing(study(case, robust=False))
    assert "Order: a: “a rather long option 0” “a rather long option 1”" in page
    assert ">YNNNN</label>" in page and "<h4>a rather long option 0</h4>" in page
