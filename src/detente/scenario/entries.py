"""Entries of a list in the form ``name`` or ``{name: {...}}``: rungs and mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from detente.scenario.model import shown, wrong

__all__ = ["one_key", "read_body"]


def read_body(
    at: str, model: type[BaseModel], body: Mapping[str, Any], hidden: tuple[str, ...] = ()
) -> Any:
    """Read the settings under the single key of an entry; errors keep their place below it.

    Parameters
    ----------
    at
        The entry's key.
    model, body
        The class to read it into, and the settings.
    hidden
        Fields that the file does not write there. Error messages do not suggest them.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise PydanticCustomError(
            "nested",
            "{first}",
            {
                "first": error.errors()[0]["msg"],
                "at": [at],
                "errors": error.errors(),
                "model": model,
                "hidden": list(hidden),
            },
        ) from None


def one_key(raw: Any, what: str) -> tuple[str, dict[str, Any]]:
    """Split an entry ``name`` or ``{name: {...}}`` into its name and its settings."""
    if isinstance(raw, str):
        return raw, {}
    if not isinstance(raw, Mapping) or len(raw) != 1:
        count = f"{len(raw)} keys" if isinstance(raw, Mapping) else shown(raw)
        raise wrong(f"found {count} in place of one {what}",
                    expected="a name, or a name as the only key with its settings below it")
    ((name, body),) = raw.items()
    if body is None:
        body = {}
    if not isinstance(body, Mapping):
        raise wrong(
            f"{shown(body)} under {name!r}", at=(str(name),), expected="a mapping of settings"
        )
    return str(name), dict(body)
