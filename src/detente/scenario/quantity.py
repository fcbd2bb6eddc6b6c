"""How numbers are written in a file, and which ones a field takes.

A number is written in one of these forms::

    0.3                                                 known
    0.2 to 0.6                                          uniform over a range
    {low: 0.2, high: 0.6}                               the same
    {low: 0.2, mode: 0.3, high: 0.6}                    triangular
    {value: 0.2 to 0.6, because: "...", source: essay}  any of the first two, with its reason

``because`` and ``source`` may also stand beside ``low`` and ``high``. Where a number may differ
by actor, a mapping from actors to numbers is accepted too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from detente.errors import nearest
from detente.scenario.model import Reference, shown, wrong
from detente.scenario.ranges import ByActor, Kind, Quantity

__all__ = [
    "ByActor",
    "Cost",
    "CostBy",
    "Is",
    "Kind",
    "NonNegative",
    "NonNegativeBy",
    "Number",
    "NumberBy",
    "Positive",
    "Probability",
    "ProbabilityBy",
    "Quantity",
    "Ratio",
]

LARGEST = 1e6
"""Largest absolute value of a number of a file. Numbers are probabilities, or values in stakes. A
double keeps 16 digits, so payoffs far above the stake would round differences of the stake away."""
KEYS = ("low", "mode", "high", "value", "because", "source")
_RANGE = re.compile(r"^\s*(\S+)\s+to\s+(\S+)\s*$")
_EXPECTED = "a number, a range such as 0.2 to 0.6, or {low, high}, {low, mode, high}, {value}"


def _plain(value: Any, at: tuple[str, ...] = ()) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(
            f"{shown(value)} is not a number", at=at, expected="a number" if at else _EXPECTED
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise wrong("the number is not finite", at=at, expected="a finite number")
    return number


def _scalar(value: Any, at: tuple[str, ...] = ()) -> Quantity:
    if isinstance(value, str):
        found = _RANGE.match(value)
        if found is None:
            raise wrong(f"{shown(value)} is not a number or a range", at=at, expected=_EXPECTED)
        try:
            low, high = float(found[1]), float(found[2])
        except ValueError:
            raise wrong(f"{shown(value)} is not a range", at=at, expected=_EXPECTED) from None
        if not (math.isfinite(low) and math.isfinite(high)):
            raise wrong("the range is not finite", at=at, expected="finite ends")
        if not low < high:
            raise wrong(f"the range {value!r} does not rise", at=at, expected="the lower end first")
        return Quantity.uniform(low, high)
    return Quantity.point(_plain(value, at))


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise wrong(f"{key} is not text", at=(key,), expected="text")
    return Reference(value, "source") if key == "source" and value else value


def _mapping(raw: Mapping[str, Any]) -> Quantity:
    for key in raw:
        if key not in KEYS:
            raise wrong(
                f"unknown key {key!r}",
                at=(key,),
                expected=f"{_EXPECTED}; keys: {', '.join(KEYS)}",
                nearest=nearest(key, KEYS),
                key=True,
            )
    because, source = _text(raw, "because"), _text(raw, "source")
    if "value" in raw:
        for key in ("low", "mode", "high"):
            if key in raw:
                raise wrong(
                    f"{key} is given as well as value", at=(key,), expected="one of them", key=True
                )
        quantity = _scalar(raw["value"], ("value",))
    else:
        for key in ("low", "high"):
            if key not in raw:
                raise wrong(f"{key} is missing", expected=_EXPECTED)
        low, high = _plain(raw["low"], ("low",)), _plain(raw["high"], ("high",))
        if not low < high:
            raise wrong(f"high {high:g} is not above low {low:g}", at=("high",),
                        expected=f"a number above {low:g}")
        if "mode" in raw:
            mode = _plain(raw["mode"], ("mode",))
            if not low <= mode <= high:
                raise wrong(f"mode {mode:g} is outside {low:g} to {high:g}", at=("mode",),
                            expected="a number from low to high")
            quantity = Quantity.triangular(low, mode, high)
        else:
            quantity = Quantity.uniform(low, high)
    return replace(quantity, because=because, source=source)


@dataclass(frozen=True)
class Limits:
    """The values that a number may take: the annotation in `Number` and similar types."""

    least: float = -math.inf
    most: float = math.inf
    name: str = "a finite number"
    open_below: bool = False
    by_actor: bool = False
    log: bool = False
    """Whether a range without a mode is log-uniform."""

    def quantity(self, raw: Any) -> Quantity:
        """Read one number from plain data."""
        if isinstance(raw, Quantity):
            made = raw
        elif isinstance(raw, Mapping):
            made = _mapping(raw)
        else:
            made = _scalar(raw)
        for end, value in (("low", made.low), ("high", made.high)):
            below = value <= self.least if self.open_below else value < self.least
            if below or value > self.most:
                at: tuple[str, ...] = ()
                if isinstance(raw, Mapping):
                    at = ("value",) if "value" in raw else (end,)
                raise wrong(f"{value:g} is out of bounds", at=at, expected=self.name)
            if abs(value) > LARGEST:
                at = (("value",) if "value" in raw else (end,)) if isinstance(raw, Mapping) else ()
                raise wrong(f"{value:g} is too large", at=at,
                            expected=f"a number from {-LARGEST:g} to {LARGEST:g}; costs and values "
                            "are in units of the stake")
        if self.log and made.dist == "uniform":
            made = replace(made, dist="log-uniform", mode=math.sqrt(made.low * made.high))
        return replace(made, least=max(self.least, -LARGEST), most=min(self.most, LARGEST),
                       above=self.open_below)

    def read(self, raw: Any) -> Quantity | ByActor:
        """Read a number, or numbers by actor."""
        if not self.by_actor:
            return self.quantity(raw)
        if isinstance(raw, ByActor):
            return raw
        if isinstance(raw, Mapping) and not (raw and set(raw) <= set(KEYS)):
            return self._each(raw)
        return ByActor(common=self.quantity(raw))

    def _each(self, raw: Mapping[str, Any]) -> ByActor:
        if not raw:
            raise wrong("no number is given", expected=_EXPECTED)
        each: dict[str, Quantity] = {}
        for actor, value in raw.items():
            if actor in KEYS:
                other = next(str(k) for k in raw if k not in KEYS)
                hint = nearest(other, KEYS)
                raise wrong(
                    f"unknown key {other!r}" if hint else f"{actor!r} stands beside {other!r}",
                    at=(other if hint else actor,),
                    expected=_EXPECTED if hint else "one number, or a mapping from actors",
                    nearest=hint,
                    key=True,
                )
            each[Reference(actor, "actor")] = below((actor,), self.quantity, value)
        return ByActor(each=each)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number"}
        if math.isfinite(self.least):
            number["exclusiveMinimum" if self.open_below else "minimum"] = self.least
        if math.isfinite(self.most):
            number["maximum"] = self.most
        span = {"type": "string", "pattern": r"^\s*\S+\s+to\s+\S+\s*$"}
        reasons = {
            "because": {"type": "string", "description": "The reason for the number."},
            "source": {"type": "string", "description": "The id of its source."},
        }
        ends = {
            "low": {**number, "description": "The least plausible value."},
            "mode": {**number, "description": "The most probable value (triangular range)."},
            "high": {**number, "description": "The greatest plausible value."},
        }
        value = {"anyOf": [number, span], "description": "The number, or a range."}
        one = [
            number,
            span,
            {
                "type": "object",
                "properties": {**ends, **reasons},
                "required": ["low", "high"],
                "additionalProperties": False,
            },
            {
                "type": "object",
                "properties": {"value": value, **reasons},
                "required": ["value"],
                "additionalProperties": False,
            },
        ]
        if not self.by_actor:
            return {"anyOf": one}
        each = {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"not": {"enum": list(KEYS)}},
            "additionalProperties": {"anyOf": one},
        }
        return {"anyOf": [*one, each]}


def below(at: tuple[str | int, ...], read: Callable[[Any], Any], raw: Any) -> Any:
    """Call ``read(raw)`` and report its errors below ``at``."""
    from pydantic_core import PydanticCustomError

    try:
        return read(raw)
    except PydanticCustomError as error:
        told = dict(error.context or {})
        raise wrong(
            told.get("message", str(error)),
            at=(*at, *told.get("at", ())),
            expected=told.get("expected"),
            nearest=told.get("nearest"),
            key=bool(told.get("key")),
        ) from None


_SHARE = "a probability: all of it between 0 and 1"
_NONNEGATIVE = "a number of at least 0, in all of its range"
_POSITIVE = "a number above 0, in all of its range"

@dataclass(frozen=True)
class Is:
    """The annotation that declares what kind of number a field holds.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(Annotated[Probability, Is(Kind.ACCIDENT)]).validate_python("0.1 to 0.2").kind
    <Kind.ACCIDENT: 'chance of an accident'>
    """

    kind: Kind

    def stamp(self, made: Quantity | ByActor) -> Quantity | ByActor:
        """Return the number, or the numbers by actor, with their kind."""
        if isinstance(made, Quantity):
            return replace(made, kind=self.kind)
        each = {actor: replace(q, kind=self.kind) for actor, q in made.each.items()}
        common = made.common and replace(made.common, kind=self.kind)
        return replace(made, common=common, each=each)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.stamp, handler(source))


Number = Annotated[Quantity, Limits()]
Probability = Annotated[Quantity, Limits(0.0, 1.0, _SHARE)]
NonNegative = Annotated[Quantity, Limits(0.0, name=_NONNEGATIVE)]
Positive = Annotated[Quantity, Limits(0.0, name=_POSITIVE, open_below=True)]
Ratio = Annotated[
    Quantity,
    Limits(0.0, 1e6, "a number above 0 and at most 1e6, in all of its range", open_below=True,
           log=True),
]
"""A positive number whose ranges are log-uniform."""
NumberBy = Annotated[ByActor, Limits(by_actor=True)]
ProbabilityBy = Annotated[ByActor, Limits(0.0, 1.0, _SHARE, by_actor=True)]
NonNegativeBy = Annotated[ByActor, Limits(0.0, name=_NONNEGATIVE, by_actor=True)]
Cost = Annotated[NonNegative, Is(Kind.COST)]
CostBy = Annotated[NonNegativeBy, Is(Kind.COST)]
