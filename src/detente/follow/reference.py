"""The reference of the events file, key by key, from its JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from detente.cases.reference import Entry, described

__all__ = ["entries"]


@cache
def entries() -> dict[str, Entry]:
    """Return every key of an events file, in the order of the file.

    Examples
    --------
    >>> entries()["events.learned"].needed, entries()["follows"].needed
    (False, True)
    """
    text = files("detente.follow").joinpath("events.schema.json").read_text(encoding="utf-8")
    return described(json.loads(text))
