"""Write the shipped JSON Schema of crisis files: ``python -m detente.cases.jsonschema``."""

from __future__ import annotations

import json
import os

from detente.cases.library import library
from detente.scenario.jsonschema import SHIPPED, crisis_schema

__all__ = ["main", "text"]


def text() -> str:
    """Return the text of the schema with every mechanism of detente."""
    return json.dumps(crisis_schema(library()), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Rewrite the shipped schema."""
    partial = SHIPPED.with_suffix(".tmp")
    partial.write_text(text(), encoding="utf-8")
    os.replace(partial, SHIPPED)


if __name__ == "__main__":
    main()
