"""JSON Schemas that detente publishes: made from types, and written beside the module that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.files import write_whole

__all__ = ["DIALECT", "rewrite", "schema_of"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(form: Any, title: str, description: str) -> dict[str, Any]:
    """Return the schema of a type, with the title and the description of its document.

    Parameters
    ----------
    form
        A type that pydantic knows, such as a ``TypedDict``.
    title
        The command that prints the document.
    description
        Units and other facts that hold for the whole document.

    Examples
    --------
    >>> schema_of(dict[str, float], "detente example --json", "Shares of 1.")["title"]
    'detente example --json'
    """
    from pydantic import TypeAdapter

    made: dict[str, Any] = TypeAdapter(form).json_schema()
    return made | {"$schema": DIALECT, "title": title, "description": description}


def rewrite(module: str, schemas: Mapping[str, Any]) -> None:
    """Write schemas, by the name of their file, into the folder of a module's file."""
    for name, schema in schemas.items():
        write_whole(Path(module).with_name(name),
                    json.dumps(schema, indent=1, ensure_ascii=False) + "\n")
