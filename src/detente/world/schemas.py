"""Write the shipped JSON Schemas of this room: ``python -m detente.world.schemas``."""

from __future__ import annotations

from typing import Any

from detente.publish import DIALECT, rewrite
from detente.world.align_document import schema as of_alignments
from detente.world.document import schema as of_document
from detente.world.schema import TiesSchema
from detente.world.years import schema as of_years

__all__ = ["main", "schemas"]


def schemas() -> dict[str, Any]:
    """Return the schemas by the name of their file."""
    ties = TiesSchema.model_json_schema()
    ties |= {"$schema": DIALECT,
             "title": "a ties file of detente"}
    return {"ties.schema.json": ties, "world.schema.json": of_document(),
            "years.schema.json": of_years(),
            "align.schema.json": of_alignments()}


def main() -> None:
    """Rewrite the shipped schemas."""
    rewrite(__file__, schemas())


if __name__ == "__main__":
    main()
