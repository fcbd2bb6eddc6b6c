"""Private information: a prior over the types of an actor, as numbers of the file.

Every form is a finite list of types with values and a prior. A continuous prior is cut into
cells of equal probability. Each type has the mean of its cell, so the mean of the prior is exact
for any number of types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Union

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from detente.errors import nearest
from detente.scenario.model import shown, wrong
from detente.scenario.private_base import (
    MAX_TYPES,
    PrivateSpec,
    TypeTable,
    Values,
    even,
    grid,
    levels,
    pair,
    rising,
)
from detente.scenario.quantity import Is, Kind, Number, Positive, Probability, Quantity

__all__ = [
    "BetaTypes",
    "ListedTypes",
    "Private",
    "PrivateSpec",
    "TriangularTypes",
    "TwoTypes",
    "TypeTable",
    "UniformTypes",
    "levels",
]

_Types = Annotated[int, Field(ge=2, le=MAX_TYPES)]
PrivateNumber = Annotated[Number, Is(Kind.PRIVATE)]
_Ends = Annotated[list[PrivateNumber], Field(min_length=2, max_length=2)]
_TYPES = "Number of types that stand for the prior (2 to 64)."


class TwoTypes(PrivateSpec):
    """Two types: a low value, and a high value with probability `chance_high`.

    Examples
    --------
    >>> spec = TwoTypes(low=0.1, high=0.4, chance_high=0.25)
    >>> [v.tolist() for v in spec.values_prior({"low": 0.1, "high": 0.4, "chance_high": 0.25})]
    [[0.1, 0.4], [0.75, 0.25]]
    """

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "low": "if low", "high": "if high", "chance_high": "chance that it is high",
    }

    low: PrivateNumber = Field(description="The value of the low type.")
    high: PrivateNumber = Field(description="The value of the high type.")
    chance_high: Annotated[Probability, Is(Kind.BELIEF)] = Field(
        description="The others' prior that the type is high."
    )

    @property
    def numbers(self) -> dict[str, Quantity]:
        return {"low": self.low, "high": self.high, "chance_high": self.chance_high}

    @property
    def n_types(self) -> int:
        return 2

    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        chance = np.asarray(numbers["chance_high"])
        values = np.stack(np.broadcast_arrays(numbers["low"], numbers["high"]))
        return values, np.stack(np.broadcast_arrays(1 - chance, chance))

    def discretise(self) -> TypeTable:
        # The file says which type is the low one, whatever their values.
        words = levels(2)
        return TypeTable(words, self._centre(), words, self.numbers, self.values_prior)


class UniformTypes(PrivateSpec):
    """A uniform prior between two values, cut into `types` types of equal probability."""

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {"between": ("least", "greatest")}

    between: _Ends = Field(description="The least and the greatest value.")
    types: _Types = Field(9, description=_TYPES)

    @model_validator(mode="after")
    def _ends(self) -> UniformTypes:
        rising(self.between[0], self.between[1], "between")
        return self

    @property
    def numbers(self) -> dict[str, Quantity]:
        return pair("between", self.between)

    @property
    def n_types(self) -> int:
        return self.types

    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        edge = grid(numbers, self.types)
        middle = (edge[1:] + edge[:-1]) / 2
        low, high = np.asarray(numbers["between.0"]), np.asarray(numbers["between.1"])
        return even(low * (1 - middle) + high * middle)


class TriangularTypes(PrivateSpec):
    """A triangular prior, cut into `types` types of equal probability."""

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "triangular": ("least", "most probable", "greatest"),
    }

    triangular: list[PrivateNumber] = Field(
        description="The least, the most probable and the greatest value.",
        min_length=3,
        max_length=3,
    )
    types: _Types = Field(9, description=_TYPES)

    @model_validator(mode="after")
    def _ends(self) -> TriangularTypes:
        low, mode, high = self.triangular
        if not (low.high <= mode.low and mode.high <= high.low and low.high < high.low):
            raise wrong(f"{low}, {mode}, {high} do not rise", at=("triangular",),
                expected="three values in rising order")
        return self

    @property
    def numbers(self) -> dict[str, Quantity]:
        return pair("triangular", self.triangular)

    @property
    def n_types(self) -> int:
        return self.types

    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        u = grid(numbers, self.types)
        low, mode, high = (np.asarray(numbers[f"triangular.{k}"]) for k in range(3))
        width, rising, falling = high - low, mode - low, high - mode
        # The quantile function integrated from 0 to u, in its two branches.
        left = low * u + 2 / 3 * u**1.5 * np.sqrt(width * rising)
        mean = (low + mode + high) / 3
        right = mean - high * (1 - u) + 2 / 3 * (1 - u) ** 1.5 * np.sqrt(width * falling)
        whole = np.where(u * np.real(width) <= np.real(rising), left, right)
        return even(self.types * np.diff(whole, axis=0))


class BetaTypes(PrivateSpec):
    """A beta prior between two values, cut into `types` types of equal probability."""

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "beta": ("first shape", "second shape"), "between": ("least", "greatest"),
    }

    beta: list[Annotated[Positive, Is(Kind.BELIEF)]] = Field(
        description="The two shapes a and b.", min_length=2, max_length=2
    )
    between: _Ends = Field(description="The least and the greatest value.")
    types: _Types = Field(9, description=_TYPES)

    @model_validator(mode="after")
    def _ends(self) -> BetaTypes:
        rising(self.between[0], self.between[1], "between")
        return self

    @property
    def numbers(self) -> dict[str, Quantity]:
        return {**pair("beta", self.beta), **pair("between", self.between)}

    @property
    def n_types(self) -> int:
        return self.types

    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        u = grid(numbers, self.types)
        unit = _beta_means(u, np.asarray(numbers["beta.0"]), np.asarray(numbers["beta.1"]))
        low, high = np.asarray(numbers["between.0"]), np.asarray(numbers["between.1"])
        return even(low + (high - low) * unit)


def _beta_means(u: NDArray[np.float64], a: Values, b: Values) -> Values:
    """Means of the cells of a beta distribution between its quantiles ``u``.

    The special functions take no complex numbers. For a complex step, central differences give
    the imaginary part with an error of about 1e-9.
    """
    from scipy.special import betainc, betaincinv

    def real(a: Values, b: Values) -> Values:
        edge = betaincinv(a, b, u)
        # x f(x; a, b) is a/(a+b) times the density of beta(a+1, b).
        part = np.asarray(betainc(a + 1, b, edge) * a / (a + b))
        return np.asarray((len(u) - 1) * np.diff(part, axis=0))

    if not (np.iscomplexobj(a) or np.iscomplexobj(b)):
        return real(a, b)
    x, y, step = np.real(a), np.real(b), 1e-5
    slope_a = (real(x * (1 + step), y) - real(x * (1 - step), y)) / (2 * step * x)
    slope_b = (real(x, y * (1 + step)) - real(x, y * (1 - step))) / (2 * step * y)
    return np.asarray(real(x, y) + 1j * (slope_a * np.imag(a) + slope_b * np.imag(b)))


class ListedTypes(PrivateSpec):
    """Types listed one by one, with their prior, which takes no range."""

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {"values": "value {}"}

    values: Annotated[list[PrivateNumber], Field(min_length=2, max_length=MAX_TYPES)] = Field(
        description="The value of each type."
    )
    prior: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        description="The others' prior over the types; sums to 1."
    )

    @field_validator("prior", mode="after")
    @classmethod
    def _sums_to_one(cls, prior: list[float]) -> list[float]:
        if abs(sum(prior) - 1) > 1e-9:
            raise wrong(f"the prior sums to {sum(prior):.10g}", expected="a sum of 1")
        return prior

    @model_validator(mode="after")
    def _as_many(self) -> ListedTypes:
        if len(self.values) != len(self.prior):
            raise wrong(
                f"{len(self.prior)} probabilities for {len(self.values)} values",
                at=("prior",),
                expected="one for each value",
            )
        return self

    @property
    def numbers(self) -> dict[str, Quantity]:
        return pair("values", self.values)

    @property
    def n_types(self) -> int:
        return len(self.values)

    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        values = np.stack(np.broadcast_arrays(*(numbers[k] for k in self.numbers)))
        prior = np.array(self.prior).reshape((-1,) + (1,) * (values.ndim - 1))
        return values, np.broadcast_to(prior, values.shape).copy()


_FORMS = "{low, high, chance_high}, {between}, {triangular}, {beta, between} or {values, prior}"


_FORM_OF = {
    "triangular": "TriangularTypes",
    "beta": "BetaTypes",
    "between": "UniformTypes",
    "values": "ListedTypes",
    "prior": "ListedTypes",
    "chance_high": "TwoTypes",
    "low": "TwoTypes",
    "high": "TwoTypes",
}


def _form(raw: Any) -> str | None:
    if isinstance(raw, PrivateSpec):
        return type(raw).__name__
    return next((form for key, form in _FORM_OF.items() if key in raw), None)


def _has_form(raw: Any) -> Any:
    if isinstance(raw, PrivateSpec):
        return raw
    if not isinstance(raw, Mapping):
        raise wrong(
            f"{shown(raw)} is not a prior over types (private information of an actor)",
            expected=f"{_FORMS}; a value that all actors know stands in the public key",
        )
    if _form(raw) is None:
        hint = next((n for n in (nearest(str(k), _FORM_OF) for k in raw) if n), None)
        raise wrong(
            "the keys fit none of the forms of a prior over types", expected=_FORMS, nearest=hint
        )
    return raw


Private = Annotated[
    Union[  # noqa: UP007 - a tagged union needs its members spelt out
        Annotated[TwoTypes, Tag("TwoTypes")],
        Annotated[UniformTypes, Tag("UniformTypes")],
        Annotated[TriangularTypes, Tag("TriangularTypes")],
        Annotated[BetaTypes, Tag("BetaTypes")],
        Annotated[ListedTypes, Tag("ListedTypes")],
    ],
    Discriminator(_form),
    BeforeValidator(_has_form),
]
