"""Words of a crisis or events file are never markup: in the form, the findings, the tabs."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from detente.cases.names import shipped
from detente.scenario.yamlfile import parse_yaml
from detente.web.changed import panel
from detente.web.desk import Source, check
from detente.web.form import form
from detente.web.work import ask
from detente.web.work import report as job
from tests.conftest import text_of
from tests.web.test_library_page import INJECTIONS

WORDS = " ".join(INJECTIONS)
FREE = {"title", "summary", "because", "cite", "says", "name_of_source", "note", "excluded"}
"""Keys whose values are free text."""


class Parts(HTMLParser):
    """The elements of a page that could run something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "base", "form", "meta", "link"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in ("href", "src", "xlink:href", "action")
                                         and (value or "").strip().startswith("javascript")):
                self.found.append(f"{tag} {name}={value}")


def hostile(data: Any) -> Any:
    """Return data with the injections in every free text."""
    if isinstance(data, dict):
        return {key: f"{WORDS} {value}" if key in FREE and isinstance(value, str)
                else hostile(value) for key, value in data.items()}
    return [hostile(x) for x in data] if isinstance(data, list) else data


def test_the_test_can_fail() -> None:
    for words in (INJECTIONS[0], INJECTIONS[2], INJECTIONS[3], "<iframe srcdoc=x>",
                  "<a href=' javascript:x'>", "<p onclick=x>"):
        assert Parts(f"<p>{words}</p>".replace('"><svg', "<svg")).found


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_form_and_the_changes_of_a_shipped_case(name: str) -> None:
    place = shipped()[name]
    text = text_of(hostile(parse_yaml(place.read_text(encoding="utf-8")).data))
    found = check(text, name, place)
    assert found.crisis is not None, found.errors
    before = check(place.read_text(encoding="utf-8"), name, place)
    html = str(form(found.crisis, {})) + str(
        panel(before.text, text, before.crisis, found.crisis))
    assert "window.owned" in html and Parts(html).found == []


def test_the_findings_and_the_answers_of_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (job, ask):
        monkeypatch.setattr(module, "SAMPLES", 4)
        monkeypatch.setattr(module, "DELIBERATE", 2)
    monkeypatch.setattr(job, "STARTS", 0)
    monkeypatch.setattr(ask, "POINTS", 3)
    data = parse_yaml((Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8")).data
    data |= {"summary": "x", "sources": [{"id": "one", "cite": "x", "date": "1999"}],
             "levers": {"war.win_chance": {"from": 0.3, "to": 0.8}},
             "variants": {"other": {"title": "x", "set": {"war.win_chance": 0.5}}},
             "claims": [{"id": "a", "says": "x", "holds_if": "P(war) < 0.5", "source": "one"}]}
    data["war"]["win_chance"] = {"value": "0.5 to 0.7", "because": "x", "source": "one"}
    source = Source("mine", text_of(hostile(data)))
    events = text_of({"follows": "mine", "sources": [{"id": "one", "cite": WORDS}], "events": [
        {"date": "2026-01-01", "says": WORDS, "source": "one", "actor": "aland", "move": "hold"}]})
    html = ""
    for item in job.analyse(source):
        html += "".join(item.html.values()) if isinstance(item, job.Part) else ""
    *_, claims = ask.claim(source, WORDS, "P(war) < 0.2")
    *_, compared = ask.compare(source, "variants", source)
    *_, ramps = ask.offramps(source, "P(war) < 0.010000", ["war.win_chance"])
    *_, followed = ask.followed(source, events)
    for part in (html, claims, compared, ramps, followed.html):
        assert part and Parts(part).found == []
    assert "window.owned" in html
