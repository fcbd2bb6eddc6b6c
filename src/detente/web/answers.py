"""Answers that are known, by the hash of the text that they are for."""

from __future__ import annotations

import json
from contextlib import suppress

from detente.errors import InputError, OutputError
from detente.files import write_whole
from detente.scenario.yamlfile import MAX_BYTES
from detente.web.facts import bytes_of
from detente.web.files import OWN, Files

__all__ = ["keep", "known_answers"]

MOST_ANSWERS = 1000


def known_answers(files: Files) -> dict[str, str]:
    """Return the answers; none if the file is missing or damaged."""
    try:
        place = files.path / OWN / "answers.json"
        found = json.loads(bytes_of(place, MAX_BYTES).decode("utf-8"))
    except (OSError, ValueError, InputError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def keep(files: Files, sha256: str, answer: str) -> None:
    """Keep the answer that was found for a text, for the library; failures are ignored."""
    with suppress(OSError, OutputError, InputError):
        known = {**known_answers(files), sha256: answer[:400]}
        latest = dict(list(known.items())[-MOST_ANSWERS:])
        write_whole(files.inside("") / "answers.json", json.dumps(latest))
