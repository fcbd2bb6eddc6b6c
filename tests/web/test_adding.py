"""An entry added to a list of a file: the data has one more, and the rest stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.cases import find, load
from detente.cases.names import shipped
from detente.errors import InputError
from detente.follow.file import loads_events
from detente.scenario.yamlfile import parse_yaml
from detente.web.editing import OWN, with_claim_added, with_event, without_last_event

EVENTS = sorted(shipped(".events.yaml"))


def data(text: str) -> Any:
    return parse_yaml(text).data


def is_only_longer(before: str, after: str) -> bool:
    """Whether every line of a text is in another one, in its order."""
    lines = iter(after.splitlines())
    return all(line in lines for line in before.splitlines())


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_follows_the_last_one_of_a_shipped_file(name: str) -> None:
    # All of them have readings after the events, and none has a source of that name.
    text = shipped(".events.yaml")[name].read_text(encoding="utf-8")
    before = data(text)
    last = str(before["events"][-1]["date"]).rpartition(" to ")[2]
    actor = next(iter(load(find(name)).actors))
    after_text = with_event(text, last, actor, "hold: or \"not\"")
    after = data(after_text)
    assert after["events"][:-1] == before["events"]
    assert after["events"][-1]["move"] == "hold: or \"not\""
    assert after["sources"] == [*before["sources"], {"id": OWN, "cite": "Entered by hand"}]
    assert {k: v for k, v in after.items() if k not in ("events", "sources")} == {
        k: v for k, v in before.items() if k not in ("events", "sources")}
    assert is_only_longer(text, after_text)
    made = loads_events(after_text, load(find(name)))
    assert made.file.events[-1].actor == actor
    twice = data(with_event(after_text, last, actor, "hold"))
    assert len(twice["events"]) == len(before["events"]) + 2
    assert twice["sources"] == after["sources"]  # its source is there already
    back = without_last_event(after_text)
    assert data(back) == {**before, "sources": after["sources"]} and is_only_longer(text, back)


@pytest.mark.parametrize("name", EVENTS)
def test_the_last_event_of_a_shipped_file_is_taken_back_and_nothing_else(name: str) -> None:
    text = shipped(".events.yaml")[name].read_text(encoding="utf-8")
    before, back = data(text), without_last_event(text)
    assert data(back) == {**before, "events": before["events"][:-1]}
    assert is_only_longer(back, text)
    assert [x for x in back.splitlines() if x.strip().startswith("#")] == [
        x for x in text.splitlines() if x.strip().startswith("#")]


@pytest.mark.parametrize(("text", "left"), [
    ("events:\n- date: 2026-01-01\n  says: |\n    # words\n\n# below\nnotes: a\n",
     "events: []\n\n# below\nnotes: a\n"),
    ("events:\n  -\n    date: 2026-01-01\n  - {a: 1}  # last",
     "events:\n  -\n    date: 2026-01-01\n"),
    ("events:\n  - a-b: 1\n    c: 2\n    # of it\n  # below\n", "events: []\n  # below\n"),
])
def test_what_stands_behind_an_event_stays(text: str, left: str) -> None:
    assert without_last_event(text) == left


@pytest.mark.parametrize("text", ["events: []\n", "notes: a\n", "events: [{a: 1}]\n"])
def test_without_an_event_nothing_is_taken_back(text: str) -> None:
    with pytest.raises(InputError):
        without_last_event(text)


def test_every_move_of_the_menu_can_be_added_at_values_of_sliders() -> None:
    from detente.cases.load import loads
    from detente.web.live import Live
    from detente.web.moves import moves_after
    from detente.web.source import Source

    text = (Path(__file__).parent / "mine.yaml").read_text(encoding="utf-8")
    crisis, live, source = loads(text), Live(), Source("mine", text, {"war.win_chance": 0.55})
    events = "follows: mine\nsources: []\nevents: []\n"
    for k in range(4):
        made = moves_after(live, source, events)
        assert made.checked and made.day == (f"2026-01-0{k}" if k else "")
        for way in made.ways:
            loads_events(with_event(events, "2026-01-09", way.actor, way.move), crisis)
        if not made.ways:
            break
        actor, move = made.ways[0].actor, made.ways[0].move
        events = with_event(events, f"2026-01-0{k + 1}", actor, move, "Someone")
        assert data(events)["events"][-1]["says"] == (f"Someone: {move}" if actor else move)
    assert k > 1


@pytest.mark.parametrize("text", [
    "crisis: a\n", "crisis: a", "crisis: a\nclaims: []\nturns: {each: 2}\n",
    "crisis: a\nclaims: []  # none yet", "crisis: a\nclaims:\nturns: {each: 2}\n",
    "claims:  # none\nturns: 1\n", "claims: null\n",
    "claims:\n  - {id: x, says: y}\n", "claims:\n- id: x\n  says: y\nturns: 1\n",
    "claims:\n  - id: x\n    says: y", "claims:\n  - {id: x}  # why\n\n# turns\nturns: 1\n",
    "claims:\n  - id: x\n    rate: [a, b]\n\nturns: 1\n",
    "claims:\n  - id: x\n    note: |\n      one\n      two\n\nturns: 1\n",
])
def test_a_claim_follows_the_last_one(text: str) -> None:
    before = data(text)
    after = data(with_claim_added(text, ["x"], "War: \"rare\".", "P(war) < 0.1"))
    old = before.get("claims") or []
    assert after.pop("claims") == [
        *old, {"id": "claim-1", "says": "War: \"rare\".", "holds_if": "P(war) < 0.1"}]
    assert after == {k: v for k, v in before.items() if k != "claims"}


@pytest.mark.parametrize(("text", "said"), [
    ("claims: [{id: x}]\n", "in brackets"), ("claims: none\n", "no list"),
])
def test_other_forms_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        with_claim_added(text, [], "", "P(war) < 0.1")


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30"])
def test_an_event_needs_a_day(day: str) -> None:
    with pytest.raises(InputError, match="no day"):
        with_event("events: []\n", day, "a", "hold")
