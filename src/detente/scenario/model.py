"""The base of every part of the schema, and references to the file's own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = [
    "ActorRef",
    "FilePart",
    "MechanismRef",
    "ModelRef",
    "Name",
    "PackageRef",
    "PrincipalRef",
    "PropositionRef",
    "RateRef",
    "Ref",
    "RefKind",
    "Reference",
    "RungRef",
    "Slug",
    "SourceRef",
    "segment",
    "shown",
    "wrong",
]

RefKind = Literal[
    "actor", "principal", "rung", "source", "package", "mechanism",
    "rate", "model", "proposition",
]

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]


class FilePart(BaseModel):
    """A part of a file. It refuses unknown keys, is immutable, and converts no types silently.

    Defaults are checked like values in the file, so a field may be declared
    ``share: Probability = Field(0.5, description="...")``.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        validate_default=True,
        populate_by_name=True,
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
    )


class Reference(str):
    """A name that must exist in the file or in the library; ``kind`` says in which part.

    Rates, models and propositions are in the library. All other kinds are in the file.
    """

    kind: RefKind
    __slots__ = ("kind",)

    def __new__(cls, text: str, kind: RefKind) -> Reference:
        made = super().__new__(cls, text)
        made.kind = kind
        return made

    def __getnewargs__(self) -> tuple[str, RefKind]:  # type: ignore[override]
        return str(self), self.kind


@dataclass(frozen=True)
class Ref:
    """Mark a string as a reference: ``Annotated[str, Ref("actor")]``.

    The loader finds the reference at any depth and checks that the name exists.
    """

    kind: RefKind

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lambda text: Reference(text, self.kind), handler(source)
        )


ActorRef = Annotated[str, Ref("actor")]
PrincipalRef = Annotated[str, Ref("principal")]
RungRef = Annotated[str, Ref("rung")]
SourceRef = Annotated[str, Ref("source")]
PackageRef = Annotated[str, Ref("package")]
MechanismRef = Annotated[str, Ref("mechanism")]
RateRef = Annotated[str, Ref("rate")]
ModelRef = Annotated[str, Ref("model")]
PropositionRef = Annotated[str, Ref("proposition")]


def segment(name: str) -> str:
    """Return a name as it is written in a path: spaces become underscores.

    Examples
    --------
    >>> segment("limited strike")
    'limited_strike'
    """
    return str(name).replace(" ", "_")


def shown(value: Any) -> str:
    """Return a value of a file as an error message quotes it.

    Examples
    --------
    >>> shown(None), shown(True), shown([1, 2]), shown("abc"), shown(1.5)
    ('nothing', 'true', 'a list', "'abc'", '1.5')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    text = text if len(text) <= 40 else text[:37] + "..."
    return text if isinstance(value, int | float) else repr(text)


def wrong(
    message: str,
    *,
    at: tuple[str | int, ...] = (),
    expected: str | None = None,
    nearest: str | None = None,
    key: bool = False,
) -> PydanticCustomError:
    """Return the error that a validator raises.

    Parameters
    ----------
    message
        The fault, in one sentence.
    at
        Place of the fault below the field that is validated.
    expected, nearest
        The allowed values, and the nearest known name.
    key
        Whether the key is wrong, and not its value.
    """
    # The message goes in as a value: pydantic reads braces in a template.
    context: dict[str, Any] = {"message": message, "at": list(at), "key": key}
    if expected is not None:
        context["expected"] = expected
    if nearest is not None:
        context["nearest"] = nearest
    return PydanticCustomError("detente", "{message}", context)
