"""The entries of `mechanisms`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, SerializeAsAny, ValidationInfo

from detente.errors import nearest, one_of
from detente.scenario.entries import one_key, read_body
from detente.scenario.library import LIBRARY, Library
from detente.scenario.model import FilePart, segment, wrong

__all__ = ["MechanismEntry", "read_mechanism"]


class MechanismEntry(FilePart):
    """One entry of `mechanisms`: its kind, the name of its numbers in paths, and its settings."""

    kind: str = Field(description="The kind of mechanism.")
    id: str = Field(description="Its name in paths: its id, or its kind.")
    spec: SerializeAsAny[BaseModel] = Field(description="Its settings.")


def read_mechanism(raw: Any, info: ValidationInfo) -> Any:
    if isinstance(raw, MechanismEntry):
        return raw
    kind, body = one_key(raw, "mechanism")
    library: Library = (info.context or {}).get(LIBRARY, Library())
    known = library.mechanisms
    found = next((k for k in known if segment(k) == segment(kind)), None)
    if found is None:
        raise wrong(
            f"unknown mechanism {kind!r}",
            at=(kind,),
            expected=one_of(kind, sorted(known)) or "no mechanism",
            nearest=nearest(kind, known),
            key=True,
        )
    spec: Any = read_body(kind, known[found], body)
    return MechanismEntry(kind=found, id=segment(spec.id or found), spec=spec)
