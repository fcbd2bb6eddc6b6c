"""The documents of `--json`: each has every key of its published schema, and no other."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from detente.play.document import schemas
from tests.support.program import detente


def strict(schema: Any) -> Any:
    """The schema without leave for keys that it does not name."""
    if isinstance(schema, list):
        return [strict(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    made = {k: strict(v) for k, v in schema.items()}
    return {**made, "additionalProperties": False} if "properties" in schema else made


def check(name: str, document: Any) -> None:
    shipped = json.loads((files("detente.play") / f"play-{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(shipped)
    jsonschema.Draft202012Validator(strict(shipped)).validate(document)


def test_the_shipped_schemas_are_those_of_the_types() -> None:
    for name, made in schemas().items():
        shipped = json.loads((files("detente.play") / name).read_text())
        assert shipped == json.loads(json.dumps(made)), "run: python -m detente.play.document"


def test_a_game_its_debrief_and_its_events_keep_to_their_schemas(tmp_path) -> None:
    log = tmp_path / "game.jsonl"
    words = ("play", "cuba-1962", "--as", "united_states", "--seed", "4", "--elicit", "--json")
    stopped = json.loads(detente(*words, stdin=b"30\nhold\n").stdout)
    check("game", stopped)
    assert stopped["outcome"] is None and stopped["lambda"] > 0
    said = b"30\noffer withdrawal alone\n30\nyield\n"
    ended = json.loads(detente(*words, "--log", log, stdin=said).stdout)
    check("game", ended)
    debrief = json.loads(detente("play", "debrief", log, "--json").stdout)
    check("debrief", debrief)
    assert debrief["games"][0]["stated"] and debrief["persons"][0]["precision"] is None
    events = json.loads(detente("play", "events", log, "--json").stdout)
    jsonschema.Draft202012Validator(json.loads(
        (files("detente.follow") / "events.schema.json").read_text())).validate(events)
    with pytest.raises(jsonschema.ValidationError):
        check("game", {**ended, "more": 1})


def test_a_tournament_keeps_to_its_schema() -> None:
    done = detente("play", "tournament", "fashoda-1898", "--strategies", "hawk,bluffer",
                   "--games", "20", "--json")
    check("tournament", json.loads(done.stdout))
