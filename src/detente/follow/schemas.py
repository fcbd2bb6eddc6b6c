"""Write the shipped JSON Schemas of following: ``python -m detente.follow.schemas``."""

from __future__ import annotations

from typing import Any

from detente.follow.rows import schema as of_document
from detente.follow.schema import EventsFile
from detente.publish import DIALECT, rewrite

__all__ = ["main", "schemas"]


def schemas() -> dict[str, Any]:
    """Return the schemas by the name of their file."""
    events = EventsFile.model_json_schema()
    for part in ("Entry", "Event"):
        for way in ("move", "chance"):  # one label is short for a mapping of labels
            listed = events["$defs"][part]["properties"][way]["anyOf"]
            listed[0]["minProperties"] = listed[0].pop("minLength")
            listed.insert(0, {"type": "string"})
    events |= {"$schema": DIALECT,
               "title": "an events file of detente"}
    return {"follow.schema.json": of_document(), "events.schema.json": events}


def main() -> None:
    """Rewrite the shipped schemas."""
    rewrite(__file__, schemas())


if __name__ == "__main__":
    main()
