"""Write the shipped JSON Schema of crisis files: ``python -m detente.cases.jsonschema``."""

from __future__ import annotations

import json

from detente.cases.library import library
from detente.files import write_whole
from detente.scenario.jsonschema import SHIPPED, crisis_schema

__all__ = ["main", "text"]


def text() -> str:
    """Return the text of the schema with every mechanism of detente."""
    return json.dumps(crisis_schema(library()), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Rewrite the shipped schema."""
    write_whole(SHIPPED, text())


if __name__ == "__main__":
    main()
