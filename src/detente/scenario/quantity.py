"""Numbers of a file: known to the analyst, or given as a range, with their reason.

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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from detente.errors import nearest
from detente.scenario.model import Reference, shown, wrong

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


class Kind(StrEnum):
    """The kind of a number of the file; each field of the schema declares it."""

    COST = "cost"
    VALUE = "value"
    WEIGHT = "weight"
    SHARE = "share of the stake"
    PART = "part of a cost"
    ODDS = "odds of war"
    SHIFT = "change of the odds of war"
    ACCIDENT = "chance of an accident"
    CHANCE = "chance of an event"
    RESPONSE = "chance of a response"
    BELIEF = "belief"
    PRIVATE = "private information"
    DURATION = "duration"
    HABIT = "habitual weight of a move"
    PRECISION = "precision of choice"
    OTHER = "number"


@dataclass(frozen=True)
class Quantity:
    """A number that the analyst knows or gives as a range.

    Parameters
    ----------
    low, mode, high
        The least, most probable and greatest value; all equal for a known number. For a uniform
        range the mode is the midpoint, for a log-uniform one the median.
    dist
        How the analyst's uncertainty is spread: ``point``, ``uniform``, ``triangular`` or
        ``log-uniform``.
    because, source
        The reason, and the id of the source.
    least, most, above
        The values that make sense here (0 and 1 for a probability), as the schema says; with
        ``above`` the least itself is excluded.
    kind : Kind
        What the number is, as the field of the schema that holds it declares.
    path : str
        Its path in the file; set by `detente.scenario.paths.numbers`.
    owner : str
        The actor below whose name it stands in the file; empty if there is none.
    words : tuple of str
        Its name in words, without the actor.
    by : str
        The actor for whom it is given, if the file gives one number for each actor.

    Examples
    --------
    >>> Quantity.uniform(0.2, 0.6).centre
    0.4
    >>> Quantity.point(0.3).is_range
    False
    """

    low: float
    mode: float
    high: float
    dist: Literal["point", "uniform", "triangular", "log-uniform"] = "point"
    because: str = ""
    source: str = ""
    least: float = field(default=-math.inf, compare=False)
    most: float = field(default=math.inf, compare=False)
    above: bool = field(default=False, compare=False)
    kind: Kind = field(default=Kind.OTHER, compare=False)
    path: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    words: tuple[str, ...] = field(default=(), compare=False)
    by: str = field(default="", compare=False)

    @classmethod
    def point(cls, value: float, because: str = "") -> Quantity:
        """Return a known number."""
        return cls(float(value), float(value), float(value), because=because)

    @classmethod
    def uniform(cls, low: float, high: float, because: str = "") -> Quantity:
        """Return a range in which all values are equally plausible."""
        return cls(float(low), (low + high) / 2, float(high), "uniform", because)

    @classmethod
    def log_uniform(
        cls, low: float, high: float, because: str = "", middle: float | None = None
    ) -> Quantity:
        """Return a range in which equal ratios are equally plausible; both ends are positive.

        Half of the plausible values lie below ``middle``, in equal ratios, and half above it. It
        is the geometric mean of the ends if not given.

        Examples
        --------
        >>> Quantity.log_uniform(5, 45).centre
        15.0
        """
        centre = math.sqrt(low * high) if middle is None else middle
        return cls(float(low), float(centre), float(high), "log-uniform", because)

    @classmethod
    def triangular(cls, low: float, mode: float, high: float, because: str = "") -> Quantity:
        """Return a range with a most probable value."""
        return cls(float(low), float(mode), float(high), "triangular", because)

    @property
    def is_range(self) -> bool:
        """Whether the number is a range."""
        return self.dist != "point"

    @property
    def centre(self) -> float:
        """The median of the range.

        It is the midpoint of a uniform range, and the geometric mean of the ends of a log-uniform
        one unless that names another. Of a triangular range it lies between the mode and the
        midpoint.
        """
        if self.dist == "triangular":
            return float(self.ppf(0.5))
        if self.dist == "log-uniform":
            return self.mode
        return self.low if self.dist == "point" else (self.low + self.high) / 2

    def allows(self, value: ArrayLike) -> bool:
        """Whether all values are numbers that make sense here.

        Examples
        --------
        >>> from dataclasses import replace
        >>> odds = replace(Quantity.point(0.5), least=0.0, most=1.0)
        >>> odds.allows([0.0, 1.0]), odds.allows(7), odds.allowed
        (True, False, 'between 0 and 1')
        """
        return bool(self.each_allowed(value).all())

    def each_allowed(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Return which values are numbers that make sense here, in the shape of ``value``."""
        x = np.asarray(value, dtype=float)
        low = x > self.least if self.above else x >= self.least
        return np.asarray(low & (x <= self.most))

    @property
    def allowed(self) -> str:
        """The numbers that make sense here, in words."""
        if self.above:
            return f"above {self.least:g} and at most {self.most:g}"
        return f"between {self.least:g} and {self.most:g}"

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the value below which a share ``u`` of the plausible values lies.

        Parameters
        ----------
        u
            Shares in [0, 1], of any shape.

        Returns
        -------
        ndarray
            Values, in the shape of ``u``.

        Examples
        --------
        >>> Quantity.uniform(0.2, 0.6).ppf([0, 0.25, 1]).round(3).tolist()
        [0.2, 0.3, 0.6]
        """
        share = np.asarray(u, dtype=float)
        width = self.high - self.low
        if self.dist == "triangular":
            rising, falling = self.mode - self.low, self.high - self.mode
            left = self.low + np.sqrt(share * width * rising)
            right = self.high - np.sqrt((1 - share) * width * falling)
            value = np.where(share * width <= rising, left, right)
        elif self.dist == "log-uniform":
            below = self.low * (self.mode / self.low) ** (2 * share)
            above = self.mode * (self.high / self.mode) ** (2 * share - 1)
            value = np.where(share < 0.5, below, above)
        else:
            value = self.low + share * width
        # Rounding must not leave the range: a probability stays one.
        return np.clip(value, self.low, self.high)

    def __str__(self) -> str:
        if self.dist == "point":
            return f"{self.low:g}"
        if self.dist == "uniform":
            return f"{self.low:g} to {self.high:g}"
        if self.dist == "log-uniform":
            return f"{self.low:g} to {self.high:g}, in equal ratios"
        return f"{self.low:g} to {self.high:g}, most probable {self.mode:g}"


@dataclass(frozen=True)
class ByActor:
    """One number for all, or one for each of some actors (an actor left out has none).

    Examples
    --------
    >>> cost = ByActor(each={"aland": Quantity.point(0.2)})
    >>> cost.of("aland").centre, cost.of("bland")
    (0.2, None)
    """

    common: Quantity | None = None
    each: Mapping[str, Quantity] = field(default_factory=dict)

    def of(self, actor: str) -> Quantity | None:
        """Return the actor's number, or None if the file gives it none."""
        return self.common if self.common is not None else self.each.get(actor)

    def path(self, base: str, actor: str) -> str | None:
        """Return the path of the actor's number, ``base`` being the path of the whole."""
        if self.common is not None:
            return base
        return f"{base}.{actor}" if actor in self.each else None

    def items(self) -> Iterator[tuple[str, Quantity]]:
        """Yield (suffix of the path, number): the suffix is empty for a common number."""
        if self.common is not None:
            yield "", self.common
        yield from self.each.items()


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
