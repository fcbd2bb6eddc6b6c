"""The JSON Schema of crisis files, for editors: generated from the schema and the mechanisms.

``python -m detente.cases.jsonschema`` rewrites the shipped ``crisis.schema.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.publish import DIALECT
from detente.scenario.library import Library
from detente.scenario.parts.ladder import Rung
from detente.scenario.quantity import (
    Limits,
    NonNegative,
    NonNegativeBy,
    Number,
    NumberBy,
    Positive,
    Probability,
    ProbabilityBy,
)
from detente.scenario.schema import Scenario

__all__ = ["SHIPPED", "crisis_schema"]

SHIPPED = Path(__file__).with_name("crisis.schema.json")
_REF = "#/$defs/{model}"


def crisis_schema(library: Library) -> dict[str, Any]:
    """Return the JSON Schema of a crisis file.

    Parameters
    ----------
    library
        The kinds of mechanism that a file may list.

    Examples
    --------
    >>> schema = crisis_schema(Library())
    >>> sorted(schema["required"])
    ['actors', 'crisis', 'title']
    """
    from pydantic.json_schema import models_json_schema

    specs = library.mechanisms
    inputs: list[Any] = [(Scenario, "validation"), (Rung, "validation")]
    inputs += [(spec, "validation") for spec in specs.values()]
    names, whole = models_json_schema(inputs, ref_template=_REF)
    defs: dict[str, Any] = whole["$defs"]
    crisis: dict[str, Any] = defs.pop(_called(names[(Scenario, "validation")]))

    rung = dict(defs.pop("Rung"))
    rung["properties"] = {k: v for k, v in rung["properties"].items() if k != "name"}
    rung["required"] = [k for k in rung.get("required", []) if k != "name"]
    defs["Rung"] = {
        "description": "A rung: its bare name, or its name with its numbers.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": {"anyOf": [rung, {"type": "null"}]},
            },
        ],
    }
    settings = {_called(names[(spec, "validation")]): kind for kind, spec in specs.items()}
    defs["MechanismEntry"] = {
        "description": "A mechanism: its kind with its settings.",
        "type": "object",
        "properties": {
            kind: {"$ref": _REF.format(model=name), "description": _says(specs[kind], kind)}
            for name, kind in settings.items()
        },
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    defs.pop("BaseModel", None)  # the settings of a mechanism whose kind is not known
    shared = {name: _number(limits) for name, limits in _NUMBERS.items()}
    tidy = _Tidy(settings, {json.dumps(v["anyOf"]): k for k, v in shared.items()})
    parts = {settings.get(name, name): tidy(part) for name, part in defs.items()}
    return {
        "$schema": DIALECT,
        **tidy(crisis),
        "title": "A crisis file",
        "$defs": dict(sorted({**parts, **shared}.items())),
    }


_NUMBERS = {
    "Number": Number,
    "Probability": Probability,
    "NonNegative": NonNegative,
    "Positive": Positive,
    "NumberBy": NumberBy,
    "ProbabilityBy": ProbabilityBy,
    "NonNegativeBy": NonNegativeBy,
}


def _number(annotation: Any) -> dict[str, Any]:
    from pydantic import TypeAdapter

    limits = next(x for x in annotation.__metadata__ if isinstance(x, Limits))
    what = limits.name[0].upper() + limits.name[1:]
    who = "; or one for each actor" if limits.by_actor else ""
    return {**TypeAdapter(annotation).json_schema(), "description": f"{what}{who}."}


def _called(reference: Any) -> str:
    return str(reference["$ref"]).rsplit("/", 1)[-1]


def _says(spec: type[Any], kind: str) -> str:
    first = (spec.__doc__ or "").strip().splitlines()
    return first[0] if first else f"Settings of {kind}."


class _Tidy:
    """Shorten the names of a generated schema, and write the schema of each number once."""

    def __init__(self, renamed: Mapping[str, str], shared: Mapping[str, str]) -> None:
        self.renamed, self.shared = renamed, shared

    def __call__(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self(x) for x in part]
        if not isinstance(part, dict):
            return part
        kept: dict[str, Any] = {}
        for key, value in part.items():
            if key == "properties":
                kept[key] = {name: self(p) for name, p in value.items()}
            elif key == "$ref":
                name = _called(part)
                kept[key] = _REF.format(model=self.renamed.get(name, name))
            elif key == "description":
                kept[key] = value.split("\n\n")[0].replace("\n", " ")
            elif key != "title":
                kept[key] = self(value)
        return self._share(kept)

    def _share(self, part: dict[str, Any]) -> dict[str, Any]:
        options = part.get("anyOf")
        if not isinstance(options, list):
            return part
        nothing = {"type": "null"}
        number = self.shared.get(json.dumps([x for x in options if x != nothing]))
        if number is None:
            return part
        rest = {k: v for k, v in part.items() if k != "anyOf"}
        if isinstance(rest.get("default"), str):  # a quantity prints as text
            rest["default"] = float(rest["default"])
        reference = {"$ref": _REF.format(model=number)}
        return (
            {**rest, "anyOf": [reference, nothing]}
            if nothing in options
            else {
                **reference,
                **rest,
            }
        )
