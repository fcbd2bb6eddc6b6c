"""Whole numbers that may be lists of alternatives."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator

from detente.scenario.model import wrong
from detente.scenario.structural import OneOf

__all__ = ["or_list"]


def or_list(most: int, word: str) -> Any:
    """Return the marks of a whole number that may be a list of alternatives, from 1 to ``most``."""
    one = {"type": "integer", "minimum": 1, "maximum": most}
    many: TypeAdapter[list[int]] = TypeAdapter(
        Annotated[list[Annotated[int, Field(ge=1, le=most, strict=True)]], Field(strict=True)])

    def read(raw: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        if not isinstance(raw, list):
            return handler(raw)
        values = many.validate_python(raw)
        if len(values) < 2:
            raise wrong("a list of alternatives has at least two numbers",
                        expected=f"a number of {word}, or a list of several such as [1, 2]")
        for k, value in enumerate(values):
            if value in values[:k]:
                raise wrong(f"{value} is listed twice", at=(k,),
                            expected="each number once; remove one")
        return OneOf(values)

    return WrapValidator(read), WithJsonSchema({"anyOf": [
        one, {"type": "array", "items": one, "minItems": 2, "maxItems": most,
              "uniqueItems": True}]}, mode="validation")
