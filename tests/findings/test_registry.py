"""Findings as plug-ins: one object serves the report, the terminal, JSON and the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from detente.analysis import analyse
from detente.findings.document import Head, document, schema
from detente.findings.finding import RESERVED, Finding
from detente.findings.registry import Charts, FindingTables, builtin, findings, register, unregister
from detente.findings.report import report
from detente.render import Section, charts
from tests.conftest import make_crisis

TITLE = "Turns left unused"


@pytest.fixture(scope="module")
def found() -> Any:
    return analyse(
        make_crisis(delay_cost="0.01 to 0.03", turns={"each": 1}),
        samples=8, deliberate_samples=4, starts=1)


@pytest.fixture
def added() -> Iterator[Finding]:
    """Add a finding that is written in this file only."""

    def rows(analysis: Any) -> list[dict[str, Any]]:
        return [{"parameter": "turns", "points": float(len(analysis.names))}]

    def section(analysis: Any) -> Section:
        return Section("", "", "A finding from outside.", charts=[charts.tornado(rows(analysis))])

    made = register(Finding("unused_turns", TITLE, 15, section, rows))
    yield made
    unregister(made.key)


def test_one_object_adds_a_finding_everywhere(
    found: Any, added: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(found)
    ids = [s.id for s in made.sections]
    assert ids.index("outcomes") < ids.index("unused-turns") < ids.index("drivers")
    assert TITLE in made.to_html()
    made.to_terminal()
    assert TITLE in capsys.readouterr().out
    assert document(found)["added"]["unused_turns"] == added.data(found)
    jsonschema.Draft202012Validator(schema()).validate(
        json.loads(json.dumps(document(found), allow_nan=False)))
    assert FindingTables(found)["unused_turns"]["points"][0] == len(found.names)
    assert "<svg" in Charts(found)["unused_turns"]._repr_html_()


def test_without_it_nothing_is_left(found: Any) -> None:
    assert document(found)["added"] == {}
    with pytest.raises(KeyError, match="choose one of outcomes"):
        FindingTables(found)["unused_turns"]


def test_a_key_is_used_once() -> None:
    with pytest.raises(ValueError, match="outcomes"):
        register(Finding("outcomes", "Outcomes", 1, lambda analysis: None))
    keys, orders = ([getattr(f, name) for f in findings()] for name in ("key", "order"))
    assert len(set(keys)) == len(keys) and len(set(orders)) == len(orders)


def test_a_finding_may_not_take_a_key_of_the_document() -> None:
    assert set(Head.__annotations__) | {"added"} == set(RESERVED)
    for key in RESERVED:
        with pytest.raises(ValueError, match="belongs to the document"):
            Finding(key, "Anything", 1, lambda analysis: None)


def test_every_chart_that_is_listed_is_there_and_a_table_is_a_copy(found: Any) -> None:
    charts, tables = Charts(found), FindingTables(found)
    assert {"outcomes", "drivers"} <= set(charts) and "trust" not in charts
    assert all(made.alt for made in dict(charts).values())
    changed = tables["outcomes"]
    changed.loc[0, "probability"] = 9.0
    assert tables["outcomes"]["probability"].max() <= 1.0


def test_every_number_of_a_table_is_a_number(found: Any) -> None:
    """A column holds numbers, answers or words; of words none is a formatted number."""
    tables = FindingTables(found)
    assert {"outcomes", "drivers", "paths", "equilibria", "trust", "assumptions"} <= set(tables)
    for key in tables:
        for name, column in tables[key].items():
            if column.dtype == object:
                texts = [x for x in column if x is not None and x == x]
                assert all(isinstance(x, (str, bool)) for x in texts), (key, name)
                assert not any(str(x).endswith("%") for x in texts), (key, name)
    outcomes = tables["outcomes"]
    for name in ("probability", "low", "high", "residual", "nash_conv"):
        assert outcomes[name].dtype == float
    by_model = outcomes.groupby("reading")["probability"].sum()
    assert by_model.tolist() == pytest.approx([1.0, 1.0])
    assert (outcomes["low"] <= outcomes["high"]).all()


def test_the_published_schema_is_the_one_of_the_types() -> None:
    shipped = json.loads((files("detente.findings") / "run.schema.json").read_text())
    assert shipped == json.loads(json.dumps(schema())), (
        "run: python -m detente.findings.document")


@pytest.mark.parametrize("where", ["", "certificate", "samples", "outcomes", "drivers", "trust"])
def test_a_key_more_or_less_fails_the_schema(found: Any, where: str) -> None:
    check = jsonschema.Draft202012Validator(schema())
    made = json.loads(json.dumps(document(found), allow_nan=False))
    check.validate(made)

    def part(of: dict[str, Any]) -> dict[str, Any]:
        inner = of[where] if where else of
        return inner[0] if isinstance(inner, list) else inner

    more, less = (json.loads(json.dumps(made)) for _ in range(2))
    part(more)["a_new_key"] = 1
    del part(less)[next(iter(part(less)))]
    assert not check.is_valid(more) and not check.is_valid(less)


@pytest.mark.parametrize("case", ["cuba-1962", "table-2026", "order-2020"])
def test_documents_of_shipped_cases_hold_to_the_schema(case: str) -> None:
    found = analyse(case, samples=4, deliberate_samples=2, starts=0)
    made = json.loads(json.dumps(document(found), allow_nan=False))
    jsonschema.Draft202012Validator(schema()).validate(made)
    assert set(made) == set(schema()["properties"])


def test_titles_are_nouns() -> None:
    """No relative clause, no question and no verb of saying begins a title."""
    first = {"how", "what", "who", "why", "when", "where", "which", "that", "from", "if"}
    for made in builtin():
        words = made.title.lower().replace(":", "").split()
        assert words[0] not in first and not {"says", "which", "that", "who"} & set(words)
        assert made.title[0].isupper()


def test_the_finding_of_the_page_works(found: Any) -> None:
    """The code of docs/how-to/add-a-finding.md makes a finding that every form shows."""
    page = (Path(__file__).parents[2] / "docs/how-to/add-a-finding.md").read_text()
    room: dict[str, Any] = {"__name__": "page"}
    exec(page.split("```python\n")[1].split("```")[0], room)
    made = register(room["FINDING"])
    try:
        assert document(found)["added"]["size"][0]["nodes"] == found.compiled.tree.n_nodes
        assert "Size of the game" in report(found).to_html()
        assert FindingTables(found)["size"]["nodes"].sum() > 0
    finally:
        unregister(made.key)
