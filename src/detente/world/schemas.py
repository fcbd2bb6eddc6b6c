"""Write the shipped JSON Schemas of this room: ``python -m detente.world.schemas``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detente.files import write_whole
from detente.world.align_document import schema as of_alignments
from detente.world.document import schema as of_document
from detente.world.schema import TiesSchema

__all__ = ["main", "schemas"]


def schemas() -> dict[str, Any]:
    """Return the schemas by the name of their file."""
    ties = TiesSchema.model_json_schema()
    ties |= {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "title": "a ties file of detente"}
    return {"ties.schema.json": ties, "world.schema.json": of_document(),
            "align.schema.json": of_alignments()}


def main() -> None:
    """Rewrite the shipped schemas."""
    for name, schema in schemas().items():
        write_whole(Path(__file__).with_name(name),
                    json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
